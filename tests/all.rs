//! What spans crates: the rules of the house, the schema, isolation of towns.

mod schema;
mod tidy;
mod whole;
