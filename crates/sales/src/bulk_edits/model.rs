//! What a bulk edit is, the states it goes through, and what may be entered for one. No database here.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Bound, Checks, Code, FieldProblem, Invalid, Language, PersonId, Typed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::BulkEditError;
use crate::views::ViewId;

kernel::id!(
    /// One change to many things.
    BulkEditId
);

/// The longest words: with what is put before them when they are taken back, a line of a contact's record.
const MOST_WORDS: usize = 380;
/// The most things one edit may be about.
pub const MOST_ROWS: i64 = 10_000;

kernel::text_enum!(
    /// What an edit changes.
    #[schemars(rename = "BulkEditKind")]
    EditKind {
        /// Deals (商談).
        Deals = "deals",
        /// Companies (企業).
        Companies = "companies",
        /// Contacts (担当者).
        Contacts = "contacts",
        /// Leads (見込み).
        Leads = "leads",
    }
);

kernel::text_enum!(
    /// What of them it changes.
    #[schemars(rename = "BulkEditField")]
    EditField {
        /// Who works on it.
        Owner = "owner",
        /// Its stage.
        Stage = "stage",
        /// The day of its next action.
        NextActionOn = "next_action_on",
        /// One more tag.
        TagAdd = "tag_add",
        /// One tag less.
        TagRemove = "tag_remove",
        /// That they do not want to be called; the value says how we know.
        CallsRefused = "calls_refused",
        /// The language they are written to in.
        Language = "language",
    }
);

impl EditKind {
    /// What of such things may be changed.
    pub const fn fields(self) -> &'static [EditField] {
        match self {
            Self::Deals => &[EditField::Owner, EditField::Stage, EditField::NextActionOn],
            Self::Companies => &[EditField::TagAdd, EditField::TagRemove],
            Self::Contacts => &[EditField::CallsRefused, EditField::Language],
            Self::Leads => &[EditField::Owner],
        }
    }
}

kernel::text_enum!(
    /// How far an edit has come.
    #[schemars(rename = "BulkEditState")]
    EditState {
        /// Every chosen thing is being looked at; nothing is changed.
        Checking = "checking",
        /// All have been looked at; nothing is changed until somebody says so.
        Checked = "checked",
        /// They are being changed.
        Applying = "applying",
        /// They are.
        Applied = "applied",
        /// What it did is being taken back.
        Undoing = "undoing",
        /// It is.
        Undone = "undone",
        /// Somebody stopped it; what it had done by then can be taken back.
        Cancelled = "cancelled",
    }
);

impl EditState {
    /// Whether a background task is at work on it.
    pub const fn is_running(self) -> bool {
        matches!(self, Self::Checking | Self::Applying | Self::Undoing)
    }
}

kernel::text_enum!(
    /// What the change would do to one thing.
    #[schemars(rename = "BulkEditVerdict")]
    EditVerdict {
        /// It would change it.
        Change = "change",
        /// It is so already.
        Same = "same",
        /// A rule refuses it.
        Refused = "refused",
    }
);

kernel::text_enum!(
    /// What the change did to one thing.
    #[schemars(rename = "BulkEditOutcome")]
    EditOutcome {
        /// It changed it.
        Changed = "changed",
        /// It left it alone: somebody has changed it since it was looked at, or a rule refuses it by now.
        Left = "left",
        /// What it changed was taken back.
        Undone = "undone",
        /// It stays changed: somebody has worked with it since, or a rule refuses the way back.
        Kept = "kept",
    }
);

/// One change to many things.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BulkEdit {
    /// Its id.
    pub id: BulkEditId,
    /// What it changes.
    pub kind: EditKind,
    /// What of them.
    pub field: EditField,
    /// To what: the id of a person, a stage or a tag, a day, a language, or how we know that they refuse calls.
    pub value: String,
    /// What that was called when it was chosen.
    pub label: String,
    /// How far it has come.
    pub state: EditState,
    /// Who edits.
    pub person_id: PersonId,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// How many things were chosen.
    pub rows_total: i32,
    /// How many of them the running step has done.
    pub rows_done: i32,
    /// How many it would change.
    pub rows_change: i32,
    /// How many are so already.
    pub rows_same: i32,
    /// How many a rule refuses.
    pub rows_refused: i32,
    /// How many it changed.
    pub rows_changed: i32,
    /// How many it left alone, because they are no longer as they were looked at.
    pub rows_left: i32,
    /// Of how many it was taken back.
    pub rows_undone: i32,
    /// How many stay changed although it was taken back.
    pub rows_kept: i32,
}

impl BulkEdit {
    pub(super) fn must_be(&self, states: &[EditState]) -> Result<(), BulkEditError> {
        if states.contains(&self.state) { Ok(()) } else { Err(BulkEditError::NotNow(self.state)) }
    }

    /// Whether it can be stopped.
    pub const fn can_be_cancelled(&self) -> bool {
        matches!(self.state, EditState::Checking | EditState::Checked | EditState::Applying)
    }

    /// Whether there is something to take back.
    pub const fn can_be_undone(&self) -> bool {
        matches!(self.state, EditState::Applied | EditState::Cancelled) && self.rows_changed > 0
    }
}

/// One thing that was chosen, with what the change would do, did, and why not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BulkEditRow {
    /// Its place in the edit.
    pub number: i32,
    /// The id of the deal, company, contact or lead.
    pub target_id: i64,
    /// What it was called when it was looked at.
    pub name: String,
    /// What the change would do; null until it has been looked at.
    pub verdict: Option<EditVerdict>,
    /// What it did; null until then.
    pub outcome: Option<EditOutcome>,
    /// The error code that says why it is refused, was left alone or stays changed.
    pub reason: Option<String>,
}

/// A change to many things as typed or sent to the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "kind": "deals", "field": "next_action_on", "value": "2027-01-15", "ids": [1] }]))]
pub struct BulkEditInput {
    /// What is changed; required.
    #[schemars(with = "EditKind")]
    pub kind: Typed,
    /// What of them; required.
    #[schemars(with = "EditField")]
    pub field: Typed,
    /// To what: the id of a person, a stage or a tag, a day, a language, or how we know that they refuse calls; required.
    pub value: Typed,
    /// Which: their ids, or else `view_id`.
    pub ids: Vec<Typed>,
    /// Everything this view lists; says nothing where `ids` are given.
    pub view_id: Typed,
}

/// Which things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Chosen {
    /// These.
    Ids(Vec<i64>),
    /// Everything a view lists.
    View(ViewId),
}

/// To what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// A person, a stage or a tag.
    Id(i64),
    /// A day.
    Day(NaiveDate),
    /// The language of mails.
    Language(Language),
    /// Somebody's words.
    Words(String),
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Day(day) => day.fmt(f),
            Self::Language(language) => language.fmt(f),
            Self::Words(words) => words.fmt(f),
        }
    }
}

/// Input that passed every rule that needs no database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct EditFields {
    pub(super) kind: EditKind,
    pub(super) field: EditField,
    pub(super) value: Value,
    pub(super) chosen: Chosen,
}

impl BulkEditInput {
    /// `today` is the first day a next action may be put to.
    pub(super) fn checked(&self, today: NaiveDate) -> Result<EditFields, Invalid> {
        let mut checks = Checks::new();
        let kind: Option<EditKind> = checks.choice("kind", &self.kind);
        let field: Option<EditField> = checks.choice("field", &self.field);
        if let (Some(kind), Some(field)) = (kind, field)
            && !kind.fields().contains(&field)
        {
            checks.problem("field", Code::UnknownChoice);
        }
        let value = match field {
            Some(EditField::NextActionOn) => {
                let day = checks.optional_date("value", &self.value);
                if day.is_some_and(|day| day < today) {
                    checks.problem("value", Code::InThePast);
                }
                day.map(Value::Day)
            }
            _ if self.value.as_str().trim().is_empty() => None,
            Some(EditField::CallsRefused) => {
                Some(Value::Words(checks.line("value", &self.value, MOST_WORDS)))
            }
            Some(EditField::Language) => checks.choice("value", &self.value).map(Value::Language),
            _ => checks.choice("value", &self.value).map(Value::Id),
        };
        if value.is_none() && self.value.as_str().trim().is_empty() {
            checks.problem("value", Code::Required);
        }
        let chosen = self.chosen(&mut checks);
        match (kind, field, value, chosen) {
            (Some(kind), Some(field), Some(value), Some(chosen)) => {
                checks.done(EditFields { kind, field, value, chosen })
            }
            _ => Err(checks.done(()).err().unwrap_or_else(|| Invalid::field("ids", Code::Required))),
        }
    }

    fn chosen(&self, checks: &mut Checks) -> Option<Chosen> {
        let given: Vec<&str> =
            self.ids.iter().map(|typed| typed.as_str().trim()).filter(|one| !one.is_empty()).collect();
        if !given.is_empty() {
            let ids: Result<Vec<i64>, _> = given.iter().map(|one| one.parse()).collect();
            let Ok(mut ids) = ids else {
                checks.problem("ids", Code::UnknownChoice);
                return None;
            };
            ids.sort_unstable();
            ids.dedup();
            if i64::try_from(ids.len()).unwrap_or(i64::MAX) > MOST_ROWS {
                checks.bounded("ids", Code::TooLong, Bound::Number(MOST_ROWS));
            }
            return Some(Chosen::Ids(ids));
        }
        match self.view_id.as_str().trim() {
            "" => {
                checks.problem("ids", Code::Required);
                None
            }
            id => match id.parse() {
                Ok(id) => Some(Chosen::View(id)),
                Err(_no_number) => {
                    checks.problem("view_id", Code::UnknownChoice);
                    None
                }
            },
        }
    }
}

/// That more was chosen than one edit may be about.
pub(super) fn too_many() -> Invalid {
    Invalid(vec![FieldProblem::bounded("ids", Code::TooLong, Bound::Number(MOST_ROWS))])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(kind: &str, field: &str, value: &str) -> BulkEditInput {
        BulkEditInput {
            kind: kind.into(),
            field: field.into(),
            value: value.into(),
            ids: vec!["7".into(), "3".into(), "7".into()],
            ..BulkEditInput::default()
        }
    }

    fn problems(input: &BulkEditInput) -> Vec<(String, Code)> {
        let today = "2026-11-22".parse().unwrap();
        let refused = input.checked(today).unwrap_err();
        refused.0.into_iter().map(|problem| (problem.field, problem.code)).collect()
    }

    #[test]
    fn a_change_fits_what_it_changes() {
        let today = "2026-11-22".parse().unwrap();
        let fields = input("deals", "next_action_on", "2026/11/22").checked(today).unwrap();
        assert_eq!((fields.value, fields.chosen), (Value::Day(today), Chosen::Ids(vec![3, 7])));
        assert_eq!(problems(&input("leads", "stage", "1")), [("field".into(), Code::UnknownChoice)]);
        assert_eq!(problems(&input("deals", "owner", "")), [("value".into(), Code::Required)]);
        assert_eq!(problems(&input("deals", "owner", "田中")), [("value".into(), Code::UnknownChoice)]);
        assert_eq!(
            problems(&input("deals", "next_action_on", "2026-11-21")),
            [("value".into(), Code::InThePast)]
        );
        assert_eq!(
            problems(&input("deals", "next_action_on", "2026-02-31")),
            [("value".into(), Code::NotADate)]
        );
        assert_eq!(problems(&input("contacts", "language", "fr")), [("value".into(), Code::UnknownChoice)]);
        assert_eq!(problems(&input("contacts", "calls_refused", " ")), [("value".into(), Code::Required)]);
        let said = input("contacts", "calls_refused", "10月の電話で").checked(today).unwrap();
        assert_eq!(said.value, Value::Words("10月の電話で".into()));
        let nothing = BulkEditInput { ids: Vec::new(), ..input("deals", "owner", "1") };
        assert_eq!(problems(&nothing), [("ids".into(), Code::Required)]);
    }
}
