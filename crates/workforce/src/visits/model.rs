//! What a visit is, its states, and what may be entered. No database here.

use chrono::{DateTime, Utc};
use kernel::{Checks, Code, Invalid, PersonId, Typed, text_enum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::VisitError;
use crate::bookings::is_to_come;
use crate::places::PlaceId;
use crate::slots::Slot;

kernel::id!(
    /// A group from elsewhere that wants to see the centre (視察).
    VisitId
);

text_enum!(
    /// Where a visit stands.
    VisitState {
        /// Asked for; nobody has answered.
        Asked = "asked",
        /// They may come, and somebody guides them.
        Accepted = "accepted",
        /// They cannot come.
        Declined = "declined",
        /// Called off by them or by the town.
        Cancelled = "cancelled",
    }
);

/// A group from elsewhere that wants to see the centre.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Visit {
    /// Its id.
    pub id: VisitId,
    /// Who comes: a town, a school, a company.
    pub body_name: String,
    /// Who there is written to or called, and how; may be empty.
    pub contact: String,
    /// How many people.
    pub people: i16,
    /// When they come.
    pub begins_at: DateTime<Utc>,
    /// When they leave.
    pub ends_at: DateTime<Utc>,
    /// What they want to see or ask; may be empty.
    pub wish: String,
    /// Where it stands.
    pub state: VisitState,
    /// Who guides them, once that is known.
    pub guide_id: Option<PersonId>,
    /// The place that is kept for them, if one is.
    pub place_id: Option<PlaceId>,
    /// What they were answered; may be empty.
    pub answer: String,
    /// Who entered it.
    pub person_id: PersonId,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// When it was answered.
    pub answered_at: Option<DateTime<Utc>>,
    /// When it was called off.
    pub cancelled_at: Option<DateTime<Utc>>,
    /// Counts changes.
    pub version: i32,
}

impl Visit {
    /// Its day and hours.
    pub fn slot(&self) -> Slot {
        Slot::between(self.begins_at, self.ends_at)
    }

    pub(super) fn must_be(&self, states: &[VisitState]) -> Result<(), VisitError> {
        if states.contains(&self.state) { Ok(()) } else { Err(VisitError::Not(self.state)) }
    }
}

/// A visit as typed into the form or sent to the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{
    "body_name": "みほん市役所 企画課", "contact": "鈴木様 0000-00-0000", "people": 6,
    "day": "2026-12-08", "from": "13:30", "to": "15:00", "wish": "運営の体制について聞きたい",
}]))]
pub struct VisitInput {
    /// Who comes; required.
    pub body_name: Typed,
    /// Who there is written to or called, and how.
    pub contact: Typed,
    /// How many people, 1 to 500; required.
    pub people: Typed,
    /// The day; required, today or within the next 90 days.
    pub day: Typed,
    /// When they come, such as `13:30`; required.
    pub from: Typed,
    /// When they leave; required, later than they come.
    pub to: Typed,
    /// What they want to see or ask.
    pub wish: Typed,
}

impl From<&Visit> for VisitInput {
    /// What an edit form starts with.
    fn from(visit: &Visit) -> Self {
        let slot = visit.slot();
        Self {
            body_name: visit.body_name.as_str().into(),
            contact: visit.contact.as_str().into(),
            people: visit.people.to_string().into(),
            day: slot.day.to_string().into(),
            from: slot.from.format("%H:%M").to_string().into(),
            to: slot.to.format("%H:%M").to_string().into(),
            wish: visit.wish.as_str().into(),
        }
    }
}

/// Input that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct VisitFields {
    pub(super) body_name: String,
    pub(super) contact: String,
    pub(super) people: i16,
    pub(super) slot: Slot,
    pub(super) wish: String,
}

impl VisitInput {
    /// Checks every field and reports all problems at once.
    pub(super) fn checked(&self, now: DateTime<Utc>) -> Result<VisitFields, Invalid> {
        let mut checks = Checks::new();
        let body_name = checks.required_line("body_name", &self.body_name, 120);
        let contact = checks.line("contact", &self.contact, 200);
        let people = checks.number("people", &self.people, 1..=500);
        let slot = Slot::read(&mut checks, &self.day, &self.from, &self.to);
        let wish = checks.lines("wish", &self.wish, 1000);
        let people = i16::try_from(people).unwrap_or(i16::MAX);
        let fields = checks.done(VisitFields { body_name, contact, people, slot, wish })?;
        let mut checks = Checks::new();
        is_to_come(&mut checks, fields.slot, now);
        checks.done(fields)
    }
}

/// The answer to a visit as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "decision": "declined", "answer": "その日は全館休館です" }]))]
pub struct VisitAnswerInput {
    /// `accepted` or `declined`; required.
    pub decision: Typed,
    /// Who guides them: a person of the town; required where they may come.
    pub guide_id: Typed,
    /// The place that is kept for them; empty for none.
    pub place_id: Typed,
    /// What they are answered; required where they cannot come.
    pub answer: Typed,
}

/// Input that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Decision {
    Accept { guide: PersonId, place: Option<PlaceId>, answer: String },
    Decline { answer: String },
}

impl VisitAnswerInput {
    /// Checks every field and reports all problems at once.
    pub(super) fn checked(&self) -> Result<Decision, Invalid> {
        let mut checks = Checks::new();
        let decision = checks.choice::<VisitState>("decision", &self.decision);
        match decision {
            Some(VisitState::Accepted) => {
                let guide = checks.choice("guide_id", &self.guide_id);
                let place = match self.place_id.as_str().trim() {
                    "" => None,
                    _ => checks.choice("place_id", &self.place_id),
                };
                let answer = checks.lines("answer", &self.answer, 1000);
                checks.done(Decision::Accept { guide: guide.unwrap_or(PersonId(0)), place, answer })
            }
            other => {
                if matches!(other, Some(VisitState::Asked | VisitState::Cancelled)) {
                    checks.problem("decision", Code::UnknownChoice);
                }
                let answer = checks.required_lines("answer", &self.answer, 1000);
                checks.done(Decision::Decline { answer })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_declined_is_told_why_and_who_may_come_has_a_guide() {
        let fields = |decision: &str| {
            let input = VisitAnswerInput { decision: decision.into(), ..VisitAnswerInput::default() };
            input.checked().unwrap_err().0.into_iter().map(|one| one.field).collect::<Vec<_>>()
        };
        assert_eq!(fields("declined"), ["answer"]);
        assert_eq!(fields("accepted"), ["guide_id"]);
        assert_eq!(fields("asked"), ["decision", "answer"]);
        assert_eq!(fields(""), ["decision", "answer"]);
    }
}
