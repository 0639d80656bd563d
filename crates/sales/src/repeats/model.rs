//! What is asked when a client orders the same again. No database here.

use chrono::NaiveDate;
use kernel::{Checks, Code, Invalid, Typed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::deals::read_next_action;

/// A repeat as typed into the form or sent to the API. Everything else is as in the won deal.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "next_action": "見積を送る", "next_action_on": "2027-01-15", "valid_until": "2027-02-28", "deliver_on": "2027-03-31" }]))]
pub struct SameAgainInput {
    /// What it is about; as before where empty.
    pub title: Typed,
    /// When it should be decided.
    pub expected_close_on: Typed,
    /// What is to be done next; required.
    pub next_action: Typed,
    /// By when; required, today or later.
    pub next_action_on: Typed,
    /// The last day the new quote holds; required, today or later.
    pub valid_until: Typed,
    /// The day everything is delivered; required, today or later.
    pub deliver_on: Typed,
}

impl SameAgainInput {
    /// Reports every problem at once, before anything is written.
    pub(super) fn checked(&self, today: NaiveDate) -> Result<(), Invalid> {
        let mut checks = Checks::new();
        read_next_action(&mut checks, &self.next_action, &self.next_action_on, Some(today));
        for (field, typed) in [("valid_until", &self.valid_until), ("deliver_on", &self.deliver_on)] {
            let day = checks.date(field, typed);
            // A date that could not be read stands at 1970 and has its own problem already.
            if day != NaiveDate::default() && day < today {
                checks.problem(field, Code::InThePast);
            }
        }
        checks.done(())
    }
}
