//! Files of rows on their way into the town's lists (取込): companies, contacts, leads, deals.
//!
//! A file is read into a staging area; a person says what its columns are; every row is looked at and nothing is changed;
//! then the good rows go in, chunk by chunk, by the rules of what they become; and all of it can be taken back by the
//! import's id.
//!
//! Invariants: a row with a problem never makes or changes anything (`a_bad_row_does_nothing_and_is_named`); the same
//! file once more changes nothing (`the_same_file_once_more_changes_nothing`); what looks like a row above it is shown before it
//! goes in (`rows_of_one_file_that_look_alike_are_shown_before_they_go_in`); what was looked at is what is done, by one
//! and the same judgement (`judge`).

mod apart;
mod beside;
mod cells;
mod changes;
mod companies;
mod contacts;
mod days;
mod deals;
mod decided;
mod exported;
mod fields;
mod idle;
mod judge;
mod known;
mod leads;
mod lists;
mod looks;
mod memory;
mod model;
mod names;
mod refs;
mod said;
mod steps;
mod store;
mod target;
#[cfg(test)]
mod tests;
mod undo;
mod words;

use chrono::TimeDelta;
use db::{DbError, Tx};
use files::MediaType;
use kernel::{Code, Coded, FieldProblem, FileId, Invalid, date_in_japan};

use model::KEPT_DAYS;

pub use beside::Beside;
pub use changes::RowChange;
pub use days::DayOrder;
pub use exported::{Exported, Next, page};
pub use fields::{Field, is_reason, reason_header};
pub use idle::would_do_anything;
pub use lists::{RowFilter, at_lines, external_ids, find, list, rows};
pub use looks::called;
pub use model::{
    ColumnsInput, FileProblem, Import, ImportId, ImportKind, ImportRow, ImportState, MOST_ROWS, Outcome,
    RowBound, RowProblem, Verdict,
};
pub use names::{Names, Ours, unknown_names};
pub use steps::{RunImport, run};

/// Why an import did not take its next step.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Input that cannot be accepted; nothing was changed.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// No column is the field that no row can do without.
    #[error("no column holds {0}")]
    ColumnMissing(&'static str),
    /// Two columns are the same field.
    #[error("two columns hold {0}")]
    ColumnTwice(&'static str),
    /// The import is in another state than the step asks for.
    #[error("the import is {0}")]
    NotNow(ImportState),
    /// The database failed, or this town has no such import.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for ImportError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::ColumnMissing(_) => Code::ColumnMissing,
            Self::ColumnTwice(_) => Code::ColumnTwice,
            Self::NotNow(_) => Code::Conflict,
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            _ => &[],
        }
    }
}

/// Begins to read a file that the acting person has uploaded.
pub fn begin(tx: &mut Tx<'_>, kind: ImportKind, file: FileId) -> Result<Import, ImportError> {
    let person = tx.actor().person().ok_or(DbError::NotFound)?;
    let file = files::find(tx, file)?;
    if file.person != Some(person) {
        return Err(DbError::NotFound.into());
    }
    if !matches!(file.media_type, MediaType::Csv | MediaType::PlainText | MediaType::Xlsx) {
        return Err(Invalid::field("file", Code::FileKind).into());
    }
    let import = store::insert(tx, kind, file.id, person)?;
    queue::enqueue(tx, &RunImport { import: import.id })?;
    Ok(import)
}

/// Says what the columns are, and begins to look at every row; may be said again until the import is applied. It is
/// remembered for files with the same headers. Where it says only which line the headers are, the file is read again from there.
pub fn choose_columns(tx: &mut Tx<'_>, id: ImportId, input: &ColumnsInput) -> Result<Import, ImportError> {
    let import = store::locked(tx, id)?;
    import.must_be(&[ImportState::Columns, ImportState::Checked])?;
    if let Some(line) = input.header_line()? {
        return read_from(tx, import, line);
    }
    let columns = input.checked(import.kind, import.headers.len())?;
    let beside = Beside::checked(input, date_in_japan(tx.now()))?;
    let own = fields::without_reasons(&import.headers, &columns);
    memory::remember(tx, import.kind, &fields::shape(&import.headers), &own, &beside)?;
    store::forget_findings(tx, id)?;
    let mut import = Import { columns, beside, ..import.unlooked() };
    import.beside.days = days::orders(tx, &import)?;
    step(tx, import, ImportState::Checking)
}

/// Reads the file again, with the headers in another line.
fn read_from(tx: &mut Tx<'_>, import: Import, line: i64) -> Result<Import, ImportError> {
    store::forget_rows(tx, import.id)?;
    let import = Import { header_line: Some(line), rows_read: 0, ..import.unlooked() };
    step(tx, import, ImportState::Reading)
}

/// Begins to take the good rows over.
pub fn apply(tx: &mut Tx<'_>, id: ImportId) -> Result<Import, ImportError> {
    let import = store::locked(tx, id)?;
    import.must_be(&[ImportState::Checked])?;
    step(tx, import, ImportState::Applying)
}

/// Stops an import. A chunk that is being written is finished; what was done by then can be taken back.
pub fn cancel(tx: &mut Tx<'_>, id: ImportId) -> Result<Import, ImportError> {
    let import = store::locked(tx, id)?;
    if !import.can_be_cancelled() {
        return Err(ImportError::NotNow(import.state));
    }
    let import = Import { state: ImportState::Cancelled, ..import };
    store::update(tx, &import)?;
    Ok(import)
}

/// Begins to take back what an import did.
pub fn undo(tx: &mut Tx<'_>, id: ImportId) -> Result<Import, ImportError> {
    let import = store::locked(tx, id)?;
    if !import.can_be_undone() {
        return Err(ImportError::NotNow(import.state));
    }
    let undone_by = tx.actor().person();
    step(tx, Import { undone_by, ..import }, ImportState::Undoing)
}

/// Forgets the rows of imports that began more than half a year ago, and stops those nobody went on with; a number of
/// imports at a time. Gives back how many rows went.
pub fn sweep(tx: &mut Tx<'_>) -> Result<usize, DbError> {
    const AT_A_TIME: usize = 5;
    let now = tx.now();
    let mut forgotten = 0;
    for _ in 0..AT_A_TIME {
        let Some(import) = store::oldest_remembered(tx, now - TimeDelta::days(KEPT_DAYS))? else { break };
        forgotten += store::forget_rows(tx, import.id)?;
        let state = if import.can_be_cancelled() { ImportState::Cancelled } else { import.state };
        store::update(tx, &Import { state, forgotten_at: Some(now), ..import })?;
    }
    Ok(forgotten)
}

fn step(tx: &mut Tx<'_>, import: Import, state: ImportState) -> Result<Import, ImportError> {
    let import = Import { state, rows_done: 0, ..import };
    store::update(tx, &import)?;
    queue::enqueue(tx, &RunImport { import: import.id })?;
    Ok(import)
}
