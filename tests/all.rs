//! What spans crates: the rules of the house, the schema, isolation of towns.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod checker;
mod schema;
mod tidy;
mod whole;
