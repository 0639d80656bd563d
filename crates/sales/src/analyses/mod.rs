//! How selling goes (分析): the funnel with conversion and days in each stage, the part that is won by where deals come from,
//! why deals are lost, and how much of the orders the top clients have.
//!
//! Invariants: each figure equals a plain count over the tables (`every_analysis_equals_a_plain_recount`); of few deals no
//! share is said (`a_share_is_said_of_ten_and_silent_of_nine`).

mod lists;
mod model;
#[cfg(test)]
mod tests;

pub use lists::{Analyses, Funnel, see};
pub use model::{AbcClass, Dimension, LEAST, Lost, Outcome, Rate, Share, Step};
