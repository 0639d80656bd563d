//! The rows of an import on its page: by what they would do, or did, a page at a time.

use kernel::{CompanyId, ContactId, DealId, LeadId, Paging, Typed};
use sales::imports::{Import, ImportKind, ImportRow, ImportState, Outcome, RowChange, RowFilter, Verdict};
use serde::{Deserialize, Serialize};

use super::looks::{Look, Looks};
use super::refusals::Refusals;
use super::words;
use crate::call::Call;
use crate::format;
use crate::paths;
use crate::phrases::{self, address, said};

/// How many rows a page shows.
pub(super) const ROWS: u16 = 50;
/// How many values of a row are shown at most.
const VALUES: usize = 10;
/// The longest part of a value that is shown of it, in characters.
const VALUE: usize = 40;

/// The query string of an import's page.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct RowsQuery {
    pub(super) show: Typed,
    pub(super) after: Typed,
    /// `columns` to say again what the columns are.
    pub(super) step: Typed,
}

impl RowsQuery {
    /// Whether the columns are to be said once more.
    pub(super) fn asks_columns(&self) -> bool {
        self.step.as_str() == "columns"
    }
}

/// Which rows are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    Verdict(Verdict),
    Outcome(Outcome),
    Alike,
}

impl Shown {
    /// What was asked for, or what the reader has to see first.
    pub(super) fn of(query: &RowsQuery, import: &Import) -> Self {
        let asked = query.show.as_str();
        if asked == "alike" {
            return Self::Alike;
        }
        if let Ok(verdict) = asked.parse() {
            return Self::Verdict(verdict);
        }
        if let Ok(outcome) = asked.parse() {
            return Self::Outcome(outcome);
        }
        match import.state {
            ImportState::Undone if import.rows_kept > 0 => Self::Outcome(Outcome::Kept),
            ImportState::Undone => Self::Outcome(Outcome::Undone),
            _ if import.rows_bad > 0 => Self::Verdict(Verdict::Bad),
            ImportState::Applied | ImportState::Cancelled if import.rows_created > 0 => {
                Self::Outcome(Outcome::Created)
            }
            ImportState::Applied | ImportState::Cancelled => Self::Outcome(Outcome::Updated),
            _ if import.rows_new > 0 => Self::Verdict(Verdict::New),
            _ if import.rows_changed == 0 => Self::Verdict(Verdict::Same),
            _ => Self::Verdict(Verdict::Changed),
        }
    }

    pub(super) fn filter(self) -> RowFilter {
        match self {
            Self::Verdict(verdict) => RowFilter { verdict: Some(verdict), ..RowFilter::default() },
            Self::Outcome(outcome) => RowFilter { outcome: Some(outcome), ..RowFilter::default() },
            Self::Alike => RowFilter { alike: true, ..RowFilter::default() },
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Verdict(verdict) => verdict.as_str(),
            Self::Outcome(outcome) => outcome.as_str(),
            Self::Alike => "alike",
        }
    }
}

/// A way of looking at the rows.
#[derive(Debug, Serialize)]
pub(super) struct Tab {
    label: String,
    href: String,
    current: bool,
    count: String,
}

/// The ways of looking at an import's rows: by what they did where they did anything, by what they would do before that.
pub(super) fn tabs(call: &Call, import: &Import, path: &str, shown: Shown) -> Vec<Tab> {
    let before = [
        (Shown::Verdict(Verdict::Bad), import.rows_bad),
        (Shown::Verdict(Verdict::New), import.rows_new),
        (Shown::Verdict(Verdict::Changed), import.rows_changed),
        (Shown::Alike, import.rows_alike),
        (Shown::Verdict(Verdict::Same), import.rows_same),
    ];
    let (undone, kept) = (import.rows_undone, import.rows_kept);
    let is_undone = matches!(import.state, ImportState::Undone);
    let after = [
        (Shown::Outcome(Outcome::Kept), kept),
        (Shown::Outcome(Outcome::Undone), undone),
        (Shown::Outcome(Outcome::Created), if is_undone { 0 } else { import.rows_created }),
        (Shown::Outcome(Outcome::Updated), if is_undone { 0 } else { import.rows_updated }),
        (Shown::Verdict(Verdict::Bad), import.rows_bad),
        (Shown::Verdict(Verdict::Same), import.rows_same),
    ];
    let did = import.rows_created + import.rows_updated > 0;
    let all = if did { after.to_vec() } else { before.to_vec() };
    let filled = all.into_iter().filter(|(one, count)| *count > 0 || *one == shown);
    filled
        .map(|(one, count)| Tab {
            label: phrases::word(call, "import-rows", one.word()),
            href: address(path, &[("show", one.word())]),
            current: one == shown,
            count: format::count(count.into()),
        })
        .collect()
}

/// A row of the list.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    line: String,
    /// The values that are taken over, in the order of the columns.
    values: String,
    problems: Vec<Problem>,
    /// What it would change of what is there.
    changes: Vec<Change>,
    /// What it made or would change.
    target: String,
    /// What it looks like.
    alike: Vec<Look>,
    /// The lines of this file that it looks like.
    alike_lines: Vec<String>,
    /// That a line before it says all that it says.
    repeats: String,
    /// Why what it did stays.
    kept: String,
    /// That whoever is reached there has refused calls or mails.
    refusals: Vec<String>,
}

/// One thing wrong with it.
#[derive(Debug, Serialize)]
struct Problem {
    column: String,
    value: String,
    reason: String,
    /// The companies that the value could mean.
    among: Vec<Meant>,
}

/// One field that it would change, in a sentence.
#[derive(Debug, Serialize)]
struct Change {
    column: String,
    said: String,
}

impl Change {
    fn of(call: &Call, import: &Import, row: &ImportRow, change: &RowChange) -> Self {
        let place = import.columns.iter().position(|column| *column == change.field);
        let in_file = place.and_then(|place| row.cells.get(place)).map_or("", |cell| cell.trim());
        let to = if change.to.is_empty() { in_file } else { &change.to };
        let said = match (change.from.as_str(), to) {
            (from, "") => said(call, "import-change-away", [("from", from)]),
            ("", to) => said(call, "import-change-to", [("to", to)]),
            (from, to) => said(call, "import-change", [("from", from), ("to", to)]),
        };
        Self { column: words::field(call, import.kind, &change.field), said }
    }
}

/// One of several things that a value could mean.
#[derive(Debug, Serialize)]
struct Meant {
    number: String,
    href: String,
}

impl Row {
    /// Whether anything is to be said about it.
    pub(super) fn says_something(&self) -> bool {
        !(self.problems.is_empty()
            && self.changes.is_empty()
            && self.alike.is_empty()
            && self.alike_lines.is_empty()
            && self.repeats.is_empty()
            && self.kept.is_empty()
            && self.refusals.is_empty())
    }

    pub(super) fn of(
        call: &Call,
        import: &Import,
        row: &ImportRow,
        (refusals, looks): (&Refusals, &Looks),
    ) -> Self {
        let problems = row.problems.iter().map(|problem| Problem {
            column: words::column(call, import, problem),
            value: problem.value.clone(),
            reason: words::reason(call, import.kind, problem, &row.problems),
            among: problem
                .among
                .iter()
                .map(|id| Meant { number: format!("#{id}"), href: paths::company(*id) })
                .collect(),
        });
        let is_there = row.outcome != Some(Outcome::Undone);
        let target = row.target_id.filter(|_| is_there);
        Self {
            line: format::count(row.line),
            values: values(import, row),
            problems: problems.collect(),
            changes: row.changes.iter().map(|change| Change::of(call, import, row, change)).collect(),
            target: target.map(|id| place(import.kind, id)).unwrap_or_default(),
            alike: looks.things(import, row),
            alike_lines: looks.lines(call, row),
            repeats: row
                .repeats_line
                .map(|line| said(call, "import-repeats", [("line", &format::count(line))]))
                .unwrap_or_default(),
            kept: if row.outcome == Some(Outcome::Kept) {
                call.text("import-kept-why")
            } else {
                String::new()
            },
            refusals: refusals.said(call, import, row),
        }
    }
}

/// What a row says in the columns that are taken over; in any column where it says nothing there.
fn values(import: &Import, row: &ImportRow) -> String {
    let filled = |cell: &&str| !cell.is_empty();
    let all = || row.cells.iter().map(|cell| cell.trim());
    let taken = all().zip(&import.columns).filter(|(_, field)| !field.is_empty()).map(|(cell, _)| cell);
    let taken: Vec<&str> = taken.filter(filled).collect();
    let shown = if taken.is_empty() { all().filter(filled).collect() } else { taken };
    let mut said: Vec<String> = shown.iter().take(VALUES).map(|value| shortened(value)).collect();
    if shown.len() > VALUES {
        said.push("…".to_owned());
    }
    said.join(" · ")
}

/// The start of a value that is too long to be shown whole.
pub(super) fn shortened(value: &str) -> String {
    let start: String = value.chars().take(VALUE).collect();
    if start.len() < value.len() { format!("{start}…") } else { start }
}

/// Where a thing of that kind is to be seen.
pub(super) fn place(kind: ImportKind, id: i64) -> String {
    match kind {
        ImportKind::Companies => paths::company(CompanyId(id)),
        ImportKind::Contacts => format!("{}/edit", paths::contact(ContactId(id))),
        ImportKind::Leads => paths::lead(LeadId(id)),
        ImportKind::Deals => paths::deal(DealId(id)),
    }
}

/// The page of rows that was asked for.
pub(super) fn paging(query: &RowsQuery) -> Paging<i32> {
    Paging { after: query.after.as_str().parse().ok(), ..Paging::first(ROWS) }
}

/// Where the rows after `after` are.
pub(super) fn page_at(path: &str, shown: Shown, after: Option<i32>) -> String {
    let after = after.map(|after| after.to_string()).unwrap_or_default();
    address(path, &[("show", shown.word()), ("after", &after)])
}
