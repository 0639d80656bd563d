//! What a coaching is. No database here.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Checks, Code, Invalid, OrderId, PersonId, ReviewId, Typed, UnitId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

kernel::id!(
    /// One coaching.
    CoachingId
);

/// Somebody is to sit down with whoever made a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Coaching {
    /// Its id.
    pub id: CoachingId,
    /// The return it began with.
    pub review_id: ReviewId,
    /// The unit.
    pub unit_id: UnitId,
    /// Whom it is with.
    pub person_id: PersonId,
    /// Since when.
    pub opened_at: DateTime<Utc>,
    /// What was agreed; empty until it is closed.
    pub note: String,
    /// Who sat down with them.
    pub coach_id: Option<PersonId>,
    /// On which day.
    pub held_on: Option<NaiveDate>,
    /// When that was noted.
    pub closed_at: Option<DateTime<Utc>>,
}

/// A coaching that nobody has held yet, with what it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OpenCoaching {
    /// The coaching.
    #[serde(flatten)]
    pub coaching: Coaching,
    /// What the unit is called.
    pub label: String,
    /// What its job is called.
    pub job_title: String,
    /// Its order.
    pub order_id: OrderId,
    /// What the reviewer wrote.
    pub comment: String,
}

/// Where a page of coachings ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoachingKey(pub CoachingId);

/// What is noted of one that was held, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "held_on": "2026-11-26", "note": "見本の2枚目を並べて、いっしょに1件を直しました" }]))]
pub struct HeldInput {
    /// The day; empty means today, and none to come.
    pub held_on: Typed,
    /// What was agreed, for both to read; required.
    pub note: Typed,
}

impl HeldInput {
    pub(super) fn checked(&self, today: NaiveDate) -> Result<(NaiveDate, String), Invalid> {
        let mut checks = Checks::new();
        let held_on = checks.optional_date("held_on", &self.held_on).unwrap_or(today);
        if held_on > today {
            checks.bounded("held_on", Code::TooLate, today);
        }
        let note = checks.required_lines("note", &self.note, 4000);
        checks.done((held_on, note))
    }
}
