//! The rules of the house, read from `cargo metadata` and the sources.

mod arrows;
mod licences;
pub(crate) mod owners;
mod repository;
mod rust_text;
mod sizes;
pub(crate) mod sources;
mod writes;
