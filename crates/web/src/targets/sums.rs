//! What targets are called, and whether the parts of each add up: on the page of the year and on that of a version.

use std::collections::BTreeMap;

use accounts::Person;
use chrono::NaiveDate;
use kernel::PersonId;
use sales::targets::{RollUp, Target};
use serde::Serialize;

use super::words;
use crate::call::Call;
use crate::phrases::counted;

/// A target and what its parts come to.
#[derive(Serialize)]
pub(super) struct RollUpRow {
    name: String,
    over: String,
    target: String,
    sum: String,
    difference: String,
    pub(super) is_off: bool,
    missing: String,
}

/// Targets of one version in the reader's words.
pub(super) struct Naming<'a> {
    pub(super) call: &'a Call,
    /// Whose targets they are.
    pub(super) people: &'a BTreeMap<PersonId, Person>,
    /// The first day of the version's year.
    pub(super) starts_on: NaiveDate,
}

impl Naming<'_> {
    fn joined(&self, target: &Target, period: String) -> String {
        let language = self.call.language;
        let of = words::scope(language, target, target.person_id.and_then(|id| self.people.get(&id)));
        [words::metric(language, target.metric), of, period].join(" · ")
    }

    /// What a target counts, of whom and when.
    pub(super) fn full(&self, target: &Target) -> String {
        self.joined(target, words::period(self.call.language, self.starts_on, target.period))
    }

    /// The same where room is short: without the months of a longer period.
    pub(super) fn short(&self, target: &Target) -> String {
        self.joined(target, words::short_period(self.call.language, self.starts_on, target.period))
    }

    /// Each roll-up of `targets` as a row.
    pub(super) fn roll_ups<'t>(
        &self,
        targets: impl Iterator<Item = &'t Target> + Clone,
        roll_ups: &[RollUp],
    ) -> Vec<RollUpRow> {
        let whole = |one: &RollUp| targets.clone().find(|target| target.id == one.target);
        roll_ups.iter().filter_map(|one| Some(self.roll_up(whole(one)?, one))).collect()
    }

    fn roll_up(&self, whole: &Target, one: &RollUp) -> RollUpRow {
        let language = self.call.language;
        let value = |number: i64| words::value(language, whole.metric, number);
        RollUpRow {
            name: self.full(whole),
            over: words::over(language, one.over),
            target: value(whole.value),
            sum: value(one.sum),
            difference: words::signed(language, whole.metric, one.difference),
            is_off: one.difference != 0,
            missing: if one.missing > 0 {
                counted(self.call, "target-missing", "count", one.missing)
            } else {
                String::new()
            },
        }
    }
}
