//! When work will be done, reckoned from the hours there are and from what the past says. No database here: `promises` gathers
//! what is needed and keeps what comes of it.
//!
//! Invariant: of the days that are promised, between 80 and 90 of a hundred are kept over a past that this model did not draw
//! (`of_promised_days_eighty_to_ninety_of_a_hundred_are_kept`).

mod calibration;
mod chance;
mod dealing;
mod habits;
mod history;
mod play;
mod ratios;
mod remedies;
mod trust;

pub use calibration::{Calibration, HORIZON_DAYS, WARM_UP_DAYS, calibrate};
pub use dealing::{Share, Waiting, deal_out};
pub use habits::{Habit, Habits, Past, Person, Record};
pub use history::{History, HistoryError, JobRow, PartRow, PersonRow};
pub use play::{Ends, Goal, Hand, Part, Plan, play};
pub use ratios::Expected;
pub use remedies::{AT_RISK_PERMILLE, Held, Remedy, cheapest, checking_at_once_helps, in_order};
pub use trust::Trust;

#[cfg(test)]
mod tests;
