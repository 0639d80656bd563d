//! What a finding is, and the steps it takes. No database here.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Checks, Invalid, PersonId, Typed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::advice::SessionId;
use crate::deals::optional_choice;

kernel::id!(
    /// Something the team or an adviser found wanting (課題).
    FindingId
);

kernel::text_enum!(
    /// About what a finding is.
    FindingKind {
        /// Who buys, and who might.
        Market = "market",
        /// What is offered.
        Offer = "offer",
        /// Who does it.
        People = "people",
        /// How it is done.
        Process = "process",
        /// What it costs.
        Price = "price",
        /// Something else.
        Other = "other",
    }
);

kernel::text_enum!(
    /// The word for a finding's state.
    FindingStatus {
        /// Still wanting, and nothing is decided.
        Open = "open",
        /// It is decided what is done about it.
        Decided = "decided",
        /// Wanting no more.
        Settled = "settled",
    }
);

/// What was decided about a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "FindingDecision")]
pub struct Decision {
    /// In words.
    pub decision: String,
    /// When.
    pub decided_at: DateTime<Utc>,
    /// By whom it was written down.
    pub decided_by: PersonId,
}

/// Where a finding stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum FindingState {
    /// Still wanting, and nothing is decided.
    Open,
    /// It is decided what is done about it.
    Decided,
    /// Wanting no more.
    Settled {
        /// Since when.
        settled_at: DateTime<Utc>,
    },
}

/// A step of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Decide,
    Settle,
    Reopen,
}

impl FindingState {
    /// The word for it.
    pub const fn status(self) -> FindingStatus {
        match self {
            Self::Open => FindingStatus::Open,
            Self::Decided => FindingStatus::Decided,
            Self::Settled { .. } => FindingStatus::Settled,
        }
    }
}

impl FindingStatus {
    /// What a step makes of it; `None` where it cannot take that step. What is decided may be decided anew.
    pub(super) fn after(self, step: Step) -> Option<Self> {
        match (self, step) {
            (Self::Open | Self::Decided, Step::Decide) => Some(Self::Decided),
            (Self::Open | Self::Decided, Step::Settle) => Some(Self::Settled),
            (Self::Decided | Self::Settled, Step::Reopen) => Some(Self::Open),
            (Self::Settled, Step::Decide | Step::Settle) | (Self::Open, Step::Reopen) => None,
        }
    }
}

/// Something the team or an adviser found wanting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Finding {
    /// Its id.
    pub id: FindingId,
    /// What is wanting, in one line.
    pub title: String,
    /// About what it is.
    pub kind: FindingKind,
    /// What shows it: numbers, words, an address; may be empty.
    pub evidence: String,
    /// Who sees to it, where somebody does.
    pub owner_id: Option<PersonId>,
    /// By which day, where that is agreed.
    pub due_on: Option<NaiveDate>,
    /// The adviser’s session it was found in, where it was.
    pub session_id: Option<SessionId>,
    /// Open, decided or settled.
    #[serde(flatten)]
    pub state: FindingState,
    /// What was decided; null where nothing was. What is settled without a word has none.
    pub decided: Option<Decision>,
    /// Who wrote it down.
    pub person_id: PersonId,
    /// When.
    pub created_at: DateTime<Utc>,
    /// Counts its changes; a verb names the version it was based on.
    pub version: i32,
}

/// A finding as typed into the form or sent to the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "title": "見積を出すまでに3日かかる", "kind": "process", "evidence": "10月の見積12件の平均", "due_on": "2027-02-26" }]))]
pub struct FindingInput {
    /// What is wanting, in one line; required.
    pub title: Typed,
    /// About what it is; `other` where empty.
    #[schemars(with = "Option<FindingKind>")]
    pub kind: Typed,
    /// What shows it.
    pub evidence: Typed,
    /// Who sees to it.
    pub owner_id: Typed,
    /// By which day.
    pub due_on: Typed,
    /// The adviser’s session it was found in. Says nothing in a correction.
    pub session_id: Typed,
}

/// Input that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FindingFields {
    pub(super) title: String,
    pub(super) kind: FindingKind,
    pub(super) evidence: String,
    pub(super) owner_id: Option<PersonId>,
    pub(super) due_on: Option<NaiveDate>,
    pub(super) session_id: Option<SessionId>,
}

impl FindingInput {
    /// Checks every field and reports all problems at once.
    pub(super) fn checked(&self) -> Result<FindingFields, Invalid> {
        let mut checks = Checks::new();
        let title = checks.required_line("title", &self.title, 200);
        let kind = optional_choice(&mut checks, "kind", &self.kind);
        let evidence = checks.lines("evidence", &self.evidence, 4000);
        let owner_id = optional_choice(&mut checks, "owner_id", &self.owner_id);
        let due_on = checks.optional_date("due_on", &self.due_on);
        let session_id = optional_choice(&mut checks, "session_id", &self.session_id);
        let kind = kind.unwrap_or(FindingKind::Other);
        checks.done(FindingFields { title, kind, evidence, owner_id, due_on, session_id })
    }
}

impl From<&Finding> for FindingInput {
    /// What an edit form starts with.
    fn from(finding: &Finding) -> Self {
        Self {
            title: finding.title.as_str().into(),
            kind: finding.kind.to_string().into(),
            evidence: finding.evidence.as_str().into(),
            owner_id: finding.owner_id.map(|id| id.to_string()).unwrap_or_default().into(),
            due_on: finding.due_on.map(|day| day.to_string()).unwrap_or_default().into(),
            ..Self::default()
        }
    }
}

/// What is decided about a finding, as typed into the form or sent to the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "FindingDecisionInput", extend("examples" = [{ "decision": "定型の見積は当日に出す" }]))]
pub struct DecisionInput {
    /// In words; required.
    pub decision: Typed,
}

impl DecisionInput {
    pub(super) fn checked(&self) -> Result<String, Invalid> {
        let mut checks = Checks::new();
        let decision = checks.required_lines("decision", &self.decision, 4000);
        checks.done(decision)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_settled_comes_back_only_by_being_opened_again() {
        use FindingStatus::{Decided, Open, Settled};
        let after =
            |status: FindingStatus| [Step::Decide, Step::Settle, Step::Reopen].map(|step| status.after(step));
        assert_eq!(after(Open), [Some(Decided), Some(Settled), None]);
        assert_eq!(after(Decided), [Some(Decided), Some(Settled), Some(Open)]);
        assert_eq!(after(Settled), [None, None, Some(Open)]);
    }

    #[test]
    fn a_title_alone_is_a_finding_of_no_kind() {
        let fields =
            FindingInput { title: "見積が遅い".into(), ..FindingInput::default() }.checked().unwrap();
        assert_eq!((fields.kind, fields.owner_id, fields.due_on), (FindingKind::Other, None, None));
        let wrong =
            FindingInput {
                title: "見積が遅い".into(), kind: "weather".into(), ..FindingInput::default()
            };
        assert_eq!(wrong.checked().unwrap_err().0[0].field, "kind");
    }
}
