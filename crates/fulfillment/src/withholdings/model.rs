//! What somebody decided about a job's pay and tax. No database here.

use chrono::{DateTime, Utc};
use kernel::{Checks, Code, Invalid, JobId, PersonId, Typed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::tax::WorkKind;

/// What kind of work a job is, and whether income tax is withheld from its pay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Withholding {
    /// The job.
    pub job_id: JobId,
    /// 1 for the first decision; the newest counts.
    pub number: i32,
    /// The kind of work.
    pub kind: WorkKind,
    /// Whether tax is withheld.
    pub withheld: bool,
    /// Why, where the kind's own rule says otherwise or nothing.
    pub reason: String,
    /// Who decided.
    pub decided_by: PersonId,
    /// When.
    pub decided_at: DateTime<Utc>,
}

/// The decision as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "kind": "data_entry" }]))]
pub struct WithholdingInput {
    /// The kind of work; required.
    #[schemars(with = "Option<WorkKind>")]
    pub kind: Typed,
    /// `yes` or `no`; empty follows the kind, and is required where the published lists do not say.
    pub withheld: Typed,
    /// Why; required where the lists do not say or it differs from them, for example what the tax office answered.
    pub reason: Typed,
}

/// Input that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decision {
    pub(super) kind: WorkKind,
    pub(super) withheld: bool,
    pub(super) reason: String,
}

impl WithholdingInput {
    /// What a job has, to be decided anew.
    pub fn of(known: &Withholding) -> Self {
        let said = if known.withheld { "yes" } else { "no" };
        Self { kind: known.kind.as_str().into(), withheld: said.into(), reason: known.reason.as_str().into() }
    }

    pub(super) fn checked(&self) -> Result<Decision, Invalid> {
        let mut checks = Checks::new();
        let kind: Option<WorkKind> = checks.choice("kind", &self.kind);
        let said = match self.withheld.as_str().trim() {
            "" => None,
            "yes" | "true" => Some(true),
            "no" | "false" => Some(false),
            _ => {
                checks.problem("withheld", Code::UnknownChoice);
                None
            }
        };
        let reason = checks.lines("reason", &self.reason, 2000);
        // A kind that could not be read is reported already.
        let rule = kind.map_or(Some(false), WorkKind::is_withheld);
        let withheld = said.or(rule);
        if withheld.is_none() {
            checks.problem("withheld", Code::Required);
        }
        if reason.is_empty() && withheld.is_some() && withheld != rule {
            checks.problem("reason", Code::Required);
        }
        checks.done(Decision {
            kind: kind.unwrap_or(WorkKind::Other),
            withheld: withheld.unwrap_or(false),
            reason,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(kind: &str, withheld: &str, reason: &str) -> WithholdingInput {
        WithholdingInput { kind: kind.into(), withheld: withheld.into(), reason: reason.into() }
    }

    fn problems(input: &WithholdingInput) -> Vec<(String, Code)> {
        input.checked().unwrap_err().0.into_iter().map(|one| (one.field, one.code)).collect()
    }

    #[test]
    fn a_kind_decides_by_itself_and_whatever_differs_needs_a_reason() {
        assert!(!input("data_entry", "", "").checked().unwrap().withheld);
        assert!(input("design", "", "").checked().unwrap().withheld);
        assert_eq!(problems(&input("transcription", "", "")), [("withheld".to_owned(), Code::Required)]);
        assert_eq!(problems(&input("transcription", "yes", "")), [("reason".to_owned(), Code::Required)]);
        assert!(input("transcription", "yes", "税務署に確認済み").checked().unwrap().withheld);
        assert_eq!(problems(&input("design", "no", "")), [("reason".to_owned(), Code::Required)]);
        assert_eq!(problems(&input("design", "maybe", "")), [("withheld".to_owned(), Code::UnknownChoice)]);
        assert_eq!(problems(&input("", "", ""))[0], ("kind".to_owned(), Code::Required));
    }
}
