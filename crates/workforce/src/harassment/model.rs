//! What a report to the desk is, and what may be entered. No database here.

use chrono::{DateTime, Utc};
use kernel::{Checks, Code, Invalid, PersonId, Typed, text_enum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

kernel::id!(
    /// Somebody one turns to about harassment.
    DeskContactId
);
kernel::id!(
    /// A report to the desk.
    ReportId
);

text_enum!(
    /// Where a report stands.
    ReportState {
        /// Nobody has answered.
        Sent = "sent",
        /// Somebody of those named has answered.
        Handled = "handled",
        /// It is settled.
        Closed = "closed",
    }
);

/// Somebody one turns to: a person of the town, who reads reports here, or somebody outside, who is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DeskContact {
    /// Its id.
    pub id: DeskContactId,
    /// The person of the town; null for somebody outside.
    pub person_id: Option<PersonId>,
    /// What somebody outside is called; empty for a person of the town.
    pub name: String,
    /// How they are reached.
    pub reach: String,
}

/// A report as one of its readers or its reporter sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Report {
    /// Its id.
    pub id: ReportId,
    /// Who reported; null where they do not want to be named and the reader is not they.
    pub reporter_id: Option<PersonId>,
    /// Whether it is the reader's own.
    pub is_own: bool,
    /// Whether the readers are told who reports.
    pub shows_name: bool,
    /// Where it stands.
    pub state: ReportState,
    /// When it was sent.
    pub created_at: DateTime<Utc>,
    /// When it was settled.
    pub closed_at: Option<DateTime<Utc>>,
}

/// What was said about a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReportMessage {
    /// Its place in the order.
    pub id: i64,
    /// Who said it; null for the words of a reporter who does not want to be named.
    pub person_id: Option<PersonId>,
    /// Whether the reporter said it.
    pub from_reporter: bool,
    /// The words.
    pub body: String,
    /// When.
    pub written_at: DateTime<Utc>,
}

/// Somebody to turn to, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "name": "みほん法律相談", "reach": "0000-00-0000" }]))]
pub struct DeskContactInput {
    /// A person of the town; empty for somebody outside.
    pub person_id: Typed,
    /// What somebody outside is called; required there.
    pub name: Typed,
    /// How they are reached; required for somebody outside.
    pub reach: Typed,
}

/// Input that passed every rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct ContactFields {
    pub(super) person: Option<PersonId>,
    pub(super) name: String,
    pub(super) reach: String,
}

impl DeskContactInput {
    /// Checks every field and reports all problems at once.
    pub(super) fn checked(&self) -> Result<ContactFields, Invalid> {
        let mut checks = Checks::new();
        if self.person_id.as_str().trim().is_empty() {
            let name = checks.required_line("name", &self.name, 120);
            let reach = checks.required_line("reach", &self.reach, 200);
            return checks.done(ContactFields { person: None, name, reach });
        }
        let person = checks.choice("person_id", &self.person_id);
        let reach = checks.line("reach", &self.reach, 200);
        checks.done(ContactFields { person, name: String::new(), reach })
    }
}

/// A report as typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "body": "打ち合わせで、人前でどなられました", "readers": ["5"], "shows_name": "" }]))]
pub struct ReportInput {
    /// What happened; required.
    pub body: Typed,
    /// Who reads it: people of the desk, one at least.
    pub readers: Vec<Typed>,
    /// `yes`: they are told who reports.
    pub shows_name: Typed,
}

impl std::fmt::Debug for ReportInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ReportInput(…)")
    }
}

/// Input that passed every rule.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct ReportFields {
    pub(super) body: String,
    pub(super) readers: Vec<PersonId>,
    pub(super) shows_name: bool,
}

impl ReportInput {
    /// Checks every field and reports all problems at once; `desk` are those who can be named.
    pub(super) fn checked(&self, desk: &[PersonId]) -> Result<ReportFields, Invalid> {
        let mut checks = Checks::new();
        let body = checks.required_lines("body", &self.body, 4000);
        let named: Vec<Option<PersonId>> =
            self.readers.iter().map(|typed| typed.as_str().trim().parse().ok()).collect();
        let mut readers: Vec<PersonId> = named.iter().copied().flatten().collect();
        readers.sort_unstable();
        readers.dedup();
        if named.is_empty() {
            checks.problem("readers", Code::Required);
        } else if named.contains(&None) || readers.iter().any(|reader| !desk.contains(reader)) {
            checks.problem("readers", Code::UnknownChoice);
        }
        checks.done(ReportFields { body, readers, shows_name: self.shows_name.is_yes() })
    }
}

/// An answer or a further word, as typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "body": "話を聞かせてください。いつがよいですか", "closes": "" }]))]
pub struct ReportMessageInput {
    /// The words; required.
    pub body: Typed,
    /// `yes`: with this it is settled. Only those named say so.
    pub closes: Typed,
}

impl std::fmt::Debug for ReportMessageInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ReportMessageInput(…)")
    }
}

impl ReportMessageInput {
    /// Checks every field and reports all problems at once.
    pub(super) fn checked(&self) -> Result<(String, bool), Invalid> {
        let mut checks = Checks::new();
        let body = checks.required_lines("body", &self.body, 4000);
        checks.done((body, self.closes.is_yes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_says_yes_in_any_way_is_named_and_whoever_says_anything_else_is_not() {
        let desk = [PersonId(5)];
        let report = |typed: &str| ReportInput {
            body: "どなられました".into(),
            readers: vec!["5".into()],
            shows_name: typed.into(),
        };
        let answer =
            |typed: &str| ReportMessageInput { body: "落ち着きました".into(), closes: typed.into() };
        for (typed, is_yes) in [
            ("yes", true),
            ("true", true),
            ("on", true),
            ("1", true),
            ("", false),
            ("no", false),
            ("false", false),
        ] {
            assert_eq!(report(typed).checked(&desk).map(|fields| fields.shows_name), Ok(is_yes), "{typed}");
            assert_eq!(answer(typed).checked().map(|(_, closes)| closes), Ok(is_yes), "{typed}");
        }
    }
}
