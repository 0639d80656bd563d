//! Conditions that people put together: a tree of "and" and "or" over the fields that one kind of thing has.
//!
//! A crate says which fields its things have and where they stand ([`Field`], constants of the program); a person says
//! what they ask of them ([`Test`], typed by the field's kind). [`passes`] makes the tree one expression in which every
//! value of a person's is a bound parameter. Invariant: a condition all of whose choices are gone passes nothing
//! (`a_condition_whose_choices_are_gone_passes_nothing`), so that a view never grows by something being deleted.

mod model;
mod sorting;
mod sql;
#[cfg(test)]
mod tests;

pub use model::{
    Condition, DEEPEST, Field, Finder, Gone, Group, Joined, Kind, MOST_CONDITIONS, Node, Of, Operator, Test,
};
pub use sorting::{RowKey, Sort, SortBy, SortKey};
pub use sql::{Asked, beyond, in_order, passes};
