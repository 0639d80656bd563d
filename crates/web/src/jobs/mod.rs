//! Jobs and their units as a coordinator handles them: splitting, offering, looking at one unit.

pub(crate) mod api;
pub(crate) mod change;
mod csv_rows;
pub(crate) mod look;
mod more;
pub(crate) mod new;
mod preview;
pub(crate) mod rounds;
pub(crate) mod show;
pub(crate) mod substitutes;
pub(crate) mod unit;
mod unit_files;
mod wage;
