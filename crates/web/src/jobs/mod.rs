//! Jobs and their units: splitting one off an order, offering it, taking units back, and JSON.

pub(crate) mod api;
mod csv_rows;
pub(crate) mod new;
pub(crate) mod show;
pub(crate) mod unit;
