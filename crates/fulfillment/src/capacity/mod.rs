//! The hours there are, against the hours that are wanted.

mod feasible;
mod hours;
mod lists;
mod weeks;

pub use feasible::{Load, Shortfall, fewest_late, shortfall};
pub(crate) use hours::{minutes_ahead, standing_week};
pub use lists::{Asked, Capacity, WEEKS, ahead};
pub use weeks::{Demand, LINE_PERCENT, Source, Supply, Week, WeekStrain, weeks};
