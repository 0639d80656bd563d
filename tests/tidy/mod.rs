//! The rules of the house, read from `cargo metadata` and the sources.

mod arrows;
pub(crate) mod owners;
mod sizes;
pub(crate) mod sources;
