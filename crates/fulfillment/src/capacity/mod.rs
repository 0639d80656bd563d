//! The hours there are, against the hours that are wanted.

mod feasible;
mod held;
mod hours;
mod lists;
mod weeks;

pub use held::Overfull;
pub(crate) use hours::{minutes_ahead, standing_week};
pub use lists::{Asked, Capacity, WEEKS, ahead};
pub use weeks::{Demand, LINE_PERCENT, Source, Supply, Week, WeekStrain, weeks};
