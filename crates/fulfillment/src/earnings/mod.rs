//! Earnings: what workers are owed, written down the moment it is certain.
//!
//! Invariants: work that was received and not sent back through its maker's own fault is paid in full, whatever becomes
//! of the unit afterwards: mended, offered to others, called off (Freelance Act art. 5; test
//! `what_was_received_stays_earned_whatever_becomes_of_the_unit`). The day of payment counts from that receipt and no
//! later event moves it (art. 4; test `a_mended_version_sent_back_moves_no_pay_day`). Nothing is earned twice, by the
//! unique index `earnings_once`, and nothing is taken back: the application may only insert.

mod appealed;
mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;
mod unchecked;
mod year;

use db::{DbError, Tx};
use kernel::{SubmissionId, Yen};

pub(crate) use lists::{PaidFix, count_of_acting, of_person, paid_fixes, received_on};
pub use lists::{days_from, days_of, lines, of_unit, paid_on, pay_days};
pub use model::{DayOfPay, Earning, EarningKind, PaidPerson, PaidTotal, PayDays, PayLine, PayLineKey};
pub use unchecked::{UncheckedDay, unchecked_days};
pub use year::{MonthOfPay, WatchError, WatchInput, YearOfPay, watch, year};

use crate::hand_overs::HandOver;
use crate::units::store::Which;

/// Earns what the holders of `which` have handed in without being sent back through their own fault. Called when a
/// version passes, when it is refused through no fault of its maker's, and before a unit leaves its holder's hands.
pub(crate) fn settle(tx: &mut Tx<'_>, which: Which<'_>) -> Result<(), DbError> {
    store::units(tx, which)?;
    store::fixes(tx, which)
}

/// Earns what is owed for units under way that are about to be called off: `percent` of what their holders have not
/// earned yet.
pub(crate) fn compensate(tx: &mut Tx<'_>, which: Which<'_>, percent: u8) -> Result<(), DbError> {
    store::compensations(tx, which, percent)
}

/// Earns what a version whose refusal an appeal overturned gives, for whoever made it and counted from its receipt, whoever has the unit by
/// now: the pay of the unit, and what the fixes that it was made for pay beside (`a_fix_that_was_refused_is_paid_when_its_appeal_is_won`).
pub(crate) fn appealed(tx: &mut Tx<'_>, version: SubmissionId) -> Result<(), DbError> {
    store::appealed(tx, version)?;
    store::appealed_fixes(tx, version)?;
    store::owe_called_off(tx, version)
}

/// Earns the share of a part that was handed over, under the terms it was made under and counted from its receipt.
pub(crate) fn share(tx: &mut Tx<'_>, part: &HandOver, amount: Yen) -> Result<(), DbError> {
    store::share(tx, part, amount)
}
