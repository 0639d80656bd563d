//! The board: its page, moving a card, and its stages as JSON.

pub(crate) mod api;
pub(crate) mod live;
pub(crate) mod moves;
pub(crate) mod pages;
