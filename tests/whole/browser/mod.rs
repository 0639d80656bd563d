//! People in front of a real browser (Debian's Chromium, steered through chromedriver), and what they do there.

mod advice;
mod axe;
mod board;
mod chain;
mod driver;
mod hand;
mod keys;
mod month_end;
mod phone;
mod reference;
pub(super) mod register;
mod relay;
mod salesday;
mod side_by_side;

/// A day from today on, as a date field has it.
fn day(from_today: i64) -> String {
    let today = kernel::date_in_japan(kernel::clock::machine_time());
    (today + chrono::TimeDelta::days(from_today)).to_string()
}
