//! What an import is, the states it goes through, and what is found about a row. No database here.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use files::rows::{Encoding, Separator};
use kernel::{Bound, Checks, Code, CompanyId, FieldProblem, FileId, Invalid, PersonId, Typed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ImportError;
use super::beside::Beside;
use super::changes::RowChange;
use super::fields::Field;

kernel::id!(
    /// A file of rows on its way into the town's lists (取込).
    ImportId
);

/// The last line that may name the columns: far below any title.
const MOST_HEADER_LINE: i64 = 1000;

/// The most rows one file may have.
pub const MOST_ROWS: i32 = 100_000;

kernel::text_enum!(
    /// What the rows of a file become.
    ImportKind {
        /// Companies (企業).
        Companies = "companies",
        /// Contacts (担当者).
        Contacts = "contacts",
        /// Leads (見込み).
        Leads = "leads",
        /// Deals (商談).
        Deals = "deals",
    }
);

kernel::text_enum!(
    /// How far an import has come.
    ImportState {
        /// Its file is being read into the staging area.
        Reading = "reading",
        /// Somebody has to say what its columns are.
        Columns = "columns",
        /// Its rows are being looked at; nothing is changed.
        Checking = "checking",
        /// Every row has been looked at; nothing is changed until somebody says so.
        Checked = "checked",
        /// Its good rows are being taken over.
        Applying = "applying",
        /// They are.
        Applied = "applied",
        /// What it did is being taken back.
        Undoing = "undoing",
        /// It is.
        Undone = "undone",
        /// Somebody stopped it; what it had done by then can be taken back.
        Cancelled = "cancelled",
        /// Its file cannot be read.
        Refused = "refused",
    }
);

impl ImportState {
    /// Whether a background task is at work on it.
    pub const fn is_running(self) -> bool {
        matches!(self, Self::Reading | Self::Checking | Self::Applying | Self::Undoing)
    }
}

kernel::text_enum!(
    /// Why a file cannot be read.
    #[schemars(rename = "ImportFileProblem")]
    FileProblem {
        /// It has no row below its first one.
        Empty = "empty",
        /// A row is longer than any real one: mostly a quotation mark that nothing closes.
        RowTooLong = "row_too_long",
        /// More than 200 columns.
        TooManyColumns = "too_many_columns",
        /// More than 100,000 rows.
        TooManyRows = "too_many_rows",
        /// The workbook is damaged.
        Damaged = "damaged",
        /// The workbook unpacks to far more than it is.
        Bomb = "bomb",
    }
);

kernel::text_enum!(
    /// What a row would do.
    #[schemars(rename = "ImportVerdict")]
    Verdict {
        /// It makes something new.
        New = "new",
        /// It changes something that is there.
        Changed = "changed",
        /// Everything in it is there already.
        Same = "same",
        /// It cannot be taken over; it does nothing.
        Bad = "bad",
    }
);

kernel::text_enum!(
    /// What a row did.
    #[schemars(rename = "ImportOutcome")]
    Outcome {
        /// It made something new.
        Created = "created",
        /// It changed something.
        Updated = "updated",
        /// What it did was taken back.
        Undone = "undone",
        /// What it did stays, because somebody has worked with it since.
        Kept = "kept",
    }
);

/// An import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Import {
    /// Its id.
    pub id: ImportId,
    /// What its rows become.
    pub kind: ImportKind,
    /// The file as it was uploaded.
    pub file_id: FileId,
    /// How far it has come.
    pub state: ImportState,
    /// Who imports; what it makes is theirs.
    pub person_id: PersonId,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// How the file's characters are written, once that is known.
    #[schemars(with = "Option<String>")]
    pub encoding: Option<Encoding>,
    /// What stands between its columns, once that is known.
    #[schemars(with = "Option<String>")]
    pub separator: Option<Separator>,
    /// The row that names the file's columns.
    pub headers: Vec<String>,
    /// The line of that row, once it is known; what stands above it is no row of the import.
    pub header_line: Option<i64>,
    /// What each column is: the name of a field, or nothing for a column that is left out.
    pub columns: Vec<String>,
    /// What was said of its rows beside.
    pub beside: Beside,
    /// How many rows it has.
    pub rows_read: i32,
    /// How many of them the running step has done.
    pub rows_done: i32,
    /// How many make something new.
    pub rows_new: i32,
    /// How many change something.
    pub rows_changed: i32,
    /// How many say what is there already.
    pub rows_same: i32,
    /// How many cannot be taken over.
    pub rows_bad: i32,
    /// How many of the new ones look like something that is there, or like a row above them.
    pub rows_alike: i32,
    /// How many have made something.
    pub rows_created: i32,
    /// How many have changed something.
    pub rows_updated: i32,
    /// What of that was taken back.
    pub rows_undone: i32,
    /// What of that stays, because somebody has worked with it since.
    pub rows_kept: i32,
    /// Why its file cannot be read.
    pub problem: Option<FileProblem>,
    /// The line that shows it.
    pub problem_line: Option<i64>,
    /// When its rows were forgotten; its counts stay.
    pub forgotten_at: Option<DateTime<Utc>>,
    /// Who had it taken back.
    pub undone_by: Option<PersonId>,
}

/// How many days an import keeps its rows: that long it can be looked at in full and taken back.
pub(super) const KEPT_DAYS: i64 = 180;

impl Import {
    /// Until when its rows are kept.
    pub fn kept_until(&self) -> DateTime<Utc> {
        self.created_at + TimeDelta::days(KEPT_DAYS)
    }

    /// Whether it has done anything that can be taken back.
    pub fn can_be_undone(&self) -> bool {
        self.forgotten_at.is_none()
            && matches!(self.state, ImportState::Applied | ImportState::Cancelled)
            && self.rows_created + self.rows_updated > 0
    }

    /// What is left of it to stop.
    pub fn can_be_cancelled(&self) -> bool {
        matches!(
            self.state,
            ImportState::Reading
                | ImportState::Columns
                | ImportState::Checking
                | ImportState::Checked
                | ImportState::Applying
        )
    }

    /// The same before any row was looked at.
    pub(super) fn unlooked(self) -> Self {
        Self { rows_new: 0, rows_changed: 0, rows_same: 0, rows_bad: 0, rows_alike: 0, ..self }
    }

    /// Where the column that is `field` stands among a row's cells, from 1 as PostgreSQL counts them; nothing where no column is.
    pub(super) fn place_of(&self, field: &str) -> Option<i32> {
        let column = self.columns.iter().position(|column| column == field)?;
        i32::try_from(column + 1).ok()
    }

    pub(super) fn must_be(&self, states: &[ImportState]) -> Result<(), ImportError> {
        if states.contains(&self.state) { Ok(()) } else { Err(ImportError::NotNow(self.state)) }
    }
}

/// What is wrong with one value of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ImportRowProblem")]
pub struct RowProblem {
    /// The field; nothing where the row as a whole is wrong.
    pub field: String,
    /// What stands there.
    pub value: String,
    /// What is wrong with it.
    pub code: String,
    /// The smallest or largest number, the longest length or the day it overstepped; or the line of this file that said
    /// the same thing before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bound: Option<RowBound>,
    /// Ids of the companies that the value could mean, where it could mean several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub among: Vec<CompanyId>,
}

/// What a value overstepped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "ImportRowBound")]
pub enum RowBound {
    /// The longest length or the largest number.
    Most(i64),
    /// The smallest number.
    Least(i64),
    /// The first or last day.
    Day(chrono::NaiveDate),
    /// A line of the same file.
    Line(i64),
}

impl From<Bound> for RowBound {
    fn from(bound: Bound) -> Self {
        match bound {
            Bound::Number(most) => Self::Most(most),
            Bound::Least(least) => Self::Least(least),
            Bound::Day(day) => Self::Day(day),
        }
    }
}

impl RowProblem {
    /// How many characters of a wrong value are kept.
    const MOST_SHOWN: usize = 80;
    /// How many of the companies that it could mean are named.
    const MOST_AMONG: usize = 5;

    /// Something wrong with a field's value.
    pub(super) fn new(field: &str, value: &str, code: Code) -> Self {
        let mut shown: String = value.chars().take(Self::MOST_SHOWN).collect();
        if shown.len() < value.len() {
            shown.push('…');
        }
        Self {
            field: field.to_owned(),
            value: shown,
            code: code.as_str().to_owned(),
            bound: None,
            among: Vec::new(),
        }
    }

    /// A value that could mean any of these companies.
    pub(super) fn several(field: &str, value: &str, among: impl IntoIterator<Item = CompanyId>) -> Self {
        let among = among.into_iter().take(Self::MOST_AMONG).collect();
        Self { among, ..Self::new(field, value, Code::SeveralMatch) }
    }

    pub(super) fn of(problem: &FieldProblem, value: &str) -> Self {
        Self { bound: problem.bound.map(RowBound::from), ..Self::new(&problem.field, value, problem.code) }
    }

    /// The code, where this program knows it still.
    pub fn known_code(&self) -> Option<Code> {
        Code::ALL.iter().copied().find(|code| code.as_str() == self.code)
    }
}

/// A row of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ImportRow {
    /// Its number among the rows, from 1.
    pub number: i32,
    /// Its row in the file as a spreadsheet numbers them, from 1.
    pub line: i64,
    /// Its values as they stand there.
    pub cells: Vec<String>,
    /// What it would do; nothing before it was looked at.
    pub verdict: Option<Verdict>,
    /// What is wrong with it.
    pub problems: Vec<RowProblem>,
    /// Ids of things it looks like and is not taken for.
    pub alike: Vec<i64>,
    /// Lines of this file that it looks like and is not taken for.
    pub alike_lines: Vec<i64>,
    /// What it would change of what is there, or has changed.
    pub changes: Vec<RowChange>,
    /// The line before it that says all that it says, so that nothing more is done about it.
    pub repeats_line: Option<i64>,
    /// What it did.
    pub outcome: Option<Outcome>,
    /// The id of what it made or would change.
    pub target_id: Option<i64>,
}

/// What the columns of a file are, as posted: for each column in order a field's name, or nothing to leave it out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "columns": ["name", "phone"] }]))]
pub struct ColumnsInput {
    /// One for each column of the file.
    pub columns: Vec<Typed>,
    /// Another line that names the columns: the file is read again from there, and all else that is said here does not count.
    pub header_line: Typed,
    /// What the stages of deals that the file names are called here, by the file's own names; one without an answer is refused.
    pub stages: BTreeMap<String, Typed>,
    /// What its pipelines are called here, in the same way.
    pub pipelines: BTreeMap<String, Typed>,
    /// Who here stands for those whom it names as owners: `#` and a person's id, or how else a file may name one.
    pub owners: BTreeMap<String, Typed>,
    /// The next action of new open deals whose rows name none.
    pub next_action: Typed,
    /// The day of that.
    pub next_action_on: Typed,
}

impl ColumnsInput {
    /// The line that names the columns, where that is what is said.
    pub(super) fn header_line(&self) -> Result<Option<i64>, Invalid> {
        let mut checks = Checks::new();
        let line = checks.optional_number("header_line", &self.header_line, 1..=MOST_HEADER_LINE);
        checks.done(line)
    }

    /// As many known fields as the file has columns, none twice, and none missing that a row cannot do without.
    pub(super) fn checked(&self, kind: ImportKind, headers: usize) -> Result<Vec<String>, ImportError> {
        let columns: Vec<String> = self.columns.iter().map(|name| name.as_str().trim().to_owned()).collect();
        let known = |name: &String| name.is_empty() || Field::find(kind, name).is_some();
        if columns.len() != headers || !columns.iter().all(known) {
            return Err(Invalid::field("columns", Code::UnknownChoice).into());
        }
        if let Some(twice) = Field::of(kind).iter().find(|field| named(&columns, field.name) > 1) {
            return Err(ImportError::ColumnTwice(twice.name));
        }
        let missing = Field::of(kind).iter().find(|field| {
            let instead = field.instead.iter().any(|name| named(&columns, name) > 0);
            field.is_required && named(&columns, field.name) == 0 && !instead
        });
        missing.map_or(Ok(columns), |field| Err(ImportError::ColumnMissing(field.name)))
    }
}

fn named(columns: &[String], name: &str) -> usize {
    columns.iter().filter(|column| *column == name).count()
}
