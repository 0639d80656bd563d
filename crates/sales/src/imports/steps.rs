//! The background work of an import: reading its file, looking at its rows, doing what they ask for, taking that back.
//! Each works chunk by chunk, every chunk in a transaction of its own that also says how far it came: whoever dies leaves
//! nothing half done, and the next attempt goes on where it stopped.

use db::{Db, DbError, Tx};
use files::rows::{self, Layout, Row, RowsProblem};
use files::{FileError, Store};
use kernel::{Actor, OrganizationId, RequestId, Scope, date_in_japan};
use queue::{Attempt, Backoff, Gate, Limits, Task, TaskError};
use serde::{Deserialize, Serialize};

use super::beside::Beside;
use super::companies::Companies;
use super::fields;
use super::judge;
use super::memory;
use super::model::{FileProblem, Import, ImportId, ImportKind, ImportState, MOST_ROWS};
use super::store::{self, NewRow};
use super::target::Target;
use super::undo;

/// Among how many first rows the one is looked for that names the columns.
const TOP: usize = 10;
/// Rows of one transaction.
const CHUNK: usize = 1000;
/// Bytes after which fewer rows are enough.
const CHUNK_BYTES: usize = 4 * 1024 * 1024;
/// Deeds taken back in one transaction.
const UNDO_CHUNK: i64 = 500;

/// Brings an import to where a person is asked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunImport {
    /// Which one.
    pub import: ImportId,
}

impl Task for RunImport {
    const KIND: &'static str = "sales.import";
    const BACKOFF: Backoff = Backoff::STEADY;
    const LIMITS: Limits = Limits::SERIAL;

    /// One after another in each town: two files that say the same would not see each other's rows.
    fn gate(&self) -> Gate {
        Gate::InTown(Self::KIND.to_owned())
    }
}

/// Why a step stopped before its end.
#[derive(Debug, thiserror::Error)]
enum StepError {
    /// Somebody cancelled the import, or another attempt is further.
    #[error("the import is no longer in this step")]
    Over,
    /// The file cannot be read on.
    #[error(transparent)]
    Rows(#[from] RowsProblem),
    /// The file store failed.
    #[error(transparent)]
    File(#[from] FileError),
    /// The worker no longer holds the task, or the database failed.
    #[error(transparent)]
    Task(#[from] TaskError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Where a step works.
struct Place<'p> {
    db: &'p Db,
    scope: Scope,
    import: ImportId,
    attempt: Attempt,
}

impl Place<'_> {
    /// One chunk in one transaction: the import is held, its progress told, and no chunk is begun for one that is no
    /// longer in `state`.
    fn chunk<T>(
        &self,
        state: ImportState,
        work: impl FnOnce(&mut Tx<'_>, &mut Import) -> Result<T, DbError>,
    ) -> Result<T, StepError> {
        self.db.run_blocking(self.scope, |tx| {
            let mut import = store::locked(tx, self.import)?;
            if import.state != state {
                return Err(StepError::Over);
            }
            let done = work(tx, &mut import)?;
            store::update(tx, &import)?;
            let count = |rows: i32| u64::try_from(rows).unwrap_or(0);
            queue::tasks::report(tx, self.attempt, count(import.rows_done), count(import.rows_read))?;
            Ok(done)
        })
    }
}

/// Runs the step an import is in. What it makes is made by the person who imports; what is taken back is taken back by the
/// person who asked for that.
pub fn run(
    db: &Db,
    files: &Store,
    town: OrganizationId,
    attempt: Attempt,
    task: RunImport,
) -> Result<(), TaskError> {
    let import = db.run_blocking(Scope::system(town), |tx| super::find(tx, task.import))?;
    let undoer = import.undone_by.filter(|_| import.state == ImportState::Undoing);
    let actor = Actor::Person(undoer.unwrap_or(import.person_id));
    let scope = Scope { organization: town, actor, request: RequestId(0) };
    let place = Place { db, scope, import: import.id, attempt };
    let ended = match import.state {
        ImportState::Reading => reading(&place, files, &import),
        ImportState::Checking => stepping(&place, ImportState::Checking),
        ImportState::Applying => stepping(&place, ImportState::Applying),
        ImportState::Undoing => stepping(&place, ImportState::Undoing),
        _ => Ok(()),
    };
    match ended {
        Ok(()) | Err(StepError::Over) => Ok(()),
        Err(StepError::Task(error)) => Err(error),
        Err(StepError::Db(error)) => Err(error.into()),
        Err(other) => Err(TaskError::retry(other)),
    }
}

fn reading(place: &Place<'_>, files: &Store, import: &Import) -> Result<(), StepError> {
    let file = place.db.run_blocking(place.scope, |tx| files::find(tx, import.file_id))?;
    let mut staging = Staging::new(place, import);
    let read = rows::read(files.open_blocking(&file)?, file.media_type, &mut |layout, row| {
        staging.take(layout, row)
    });
    match read.and_then(|()| staging.end()) {
        Err(StepError::Rows(problem)) => refused(place, &problem),
        other => other,
    }
}

/// Rows on their way into the staging area. What an attempt before this one has staged is passed over.
struct Staging<'p> {
    place: &'p Place<'p>,
    import: ImportId,
    /// How many rows are staged.
    staged: i32,
    /// How many rows have gone by, without the headers and what stands above them.
    seen: i32,
    layout: Option<Layout>,
    kind: ImportKind,
    /// The line that names the columns, where somebody said so.
    header_line: Option<u64>,
    /// The first rows, until it is known which of them names the columns.
    top: Vec<Row>,
    headers: Option<(u64, Vec<String>)>,
    waiting: Vec<NewRow>,
    /// What the waiting rows hold.
    bytes: usize,
}

impl<'p> Staging<'p> {
    fn new(place: &'p Place<'p>, import: &Import) -> Self {
        Self {
            place,
            import: import.id,
            staged: import.rows_read,
            seen: 0,
            layout: None,
            kind: import.kind,
            header_line: import.header_line.and_then(|line| u64::try_from(line).ok()),
            top: Vec::new(),
            headers: None,
            waiting: Vec::new(),
            bytes: 0,
        }
    }

    fn take(&mut self, layout: Layout, row: Row) -> Result<(), StepError> {
        self.layout = Some(layout);
        if self.headers.is_some() {
            return self.below(row);
        }
        match self.header_line {
            Some(line) if row.line >= line => self.headers = Some((row.line, row.cells)),
            Some(_) => {}
            None => {
                self.top.push(row);
                if self.top.len() == TOP {
                    return self.found_headers();
                }
            }
        }
        Ok(())
    }

    /// Takes the row that names the columns out of the first ones; what stands above it is left out.
    fn found_headers(&mut self) -> Result<(), StepError> {
        let top = std::mem::take(&mut self.top);
        let cells: Vec<&[String]> = top.iter().map(|row| row.cells.as_slice()).collect();
        let place = fields::header_row(self.kind, &cells);
        let mut rows = top.into_iter().skip(place);
        self.headers = rows.next().map(|row| (row.line, row.cells));
        for row in rows {
            self.below(row)?;
        }
        Ok(())
    }

    fn below(&mut self, row: Row) -> Result<(), StepError> {
        self.seen += 1;
        if self.seen > MOST_ROWS {
            let line = i64::try_from(row.line).ok();
            return self
                .place
                .chunk(ImportState::Reading, |_tx, import| {
                    refuse(import, FileProblem::TooManyRows, line);
                    Ok(())
                })
                .and(Err(StepError::Over));
        }
        if self.seen <= self.staged {
            return Ok(());
        }
        self.bytes += row.cells.iter().map(String::len).sum::<usize>();
        self.waiting.push(NewRow {
            import_id: self.import,
            number: self.seen,
            line: i64::try_from(row.line).unwrap_or(i64::MAX),
            // PostgreSQL's texts take no NUL; another control character is refused with its row just the same.
            cells: row.cells.into_iter().map(|cell| cell.replace('\0', "\u{1}")).collect(),
            is_unclosed: row.is_unclosed,
        });
        if self.waiting.len() == CHUNK || self.bytes >= CHUNK_BYTES { self.stage() } else { Ok(()) }
    }

    fn stage(&mut self) -> Result<(), StepError> {
        let rows = std::mem::take(&mut self.waiting);
        self.bytes = 0;
        let seen = self.seen;
        self.place.chunk(ImportState::Reading, |tx, import| {
            store::stage(tx, &rows)?;
            import.rows_read = seen;
            Ok(())
        })
    }

    fn end(mut self) -> Result<(), StepError> {
        if !self.top.is_empty() {
            self.found_headers()?;
        }
        if !self.waiting.is_empty() {
            self.stage()?;
        }
        let ((line, headers), layout, seen) = (self.headers.unwrap_or_default(), self.layout, self.seen);
        self.place.chunk(ImportState::Reading, |tx, import| {
            let Some(layout) = layout.filter(|_| seen > 0) else {
                refuse(import, FileProblem::Empty, None);
                return Ok(());
            };
            store::laid_out(import, layout);
            let shape = fields::shape(&headers);
            let fits = memory::remembered(tx, import.kind, &shape)?.and_then(|(known, beside)| {
                Some((fields::beside_reasons(&headers, known)?, beside.still(date_in_japan(tx.now()))))
            });
            (import.columns, import.beside) =
                fits.unwrap_or_else(|| (fields::guess(import.kind, &headers), Beside::default()));
            import.header_line = i64::try_from(line).ok();
            import.headers = headers.into_iter().map(|header| header.replace('\0', " ")).collect();
            import.state = ImportState::Columns;
            Ok(())
        })
    }
}

fn refuse(import: &mut Import, problem: FileProblem, line: Option<i64>) {
    import.state = ImportState::Refused;
    import.problem = Some(problem);
    import.problem_line = line;
}

fn refused(place: &Place<'_>, problem: &RowsProblem) -> Result<(), StepError> {
    let (problem, line) = match problem {
        RowsProblem::RowTooLong(line) => (FileProblem::RowTooLong, Some(*line)),
        RowsProblem::TooManyColumns(line) => (FileProblem::TooManyColumns, Some(*line)),
        RowsProblem::Damaged(_) => (FileProblem::Damaged, None),
        RowsProblem::Bomb => (FileProblem::Bomb, None),
        RowsProblem::Io(error) => return Err(TaskError::retry(error).into()),
    };
    place.chunk(ImportState::Reading, |_tx, import| {
        refuse(import, problem, line.and_then(|line| i64::try_from(line).ok()));
        Ok(())
    })
}

fn stepping(place: &Place<'_>, state: ImportState) -> Result<(), StepError> {
    while place.chunk(state, |tx, import| match state {
        ImportState::Undoing => undo_chunk(tx, import),
        _ => match import.kind {
            ImportKind::Companies => row_chunk::<Companies>(tx, import),
            ImportKind::Contacts => row_chunk::<super::contacts::Contacts>(tx, import),
            ImportKind::Leads => row_chunk::<super::leads::Leads>(tx, import),
            ImportKind::Deals => row_chunk::<super::deals::Deals>(tx, import),
        },
    })? {}
    Ok(())
}

/// Looks at the next rows, or does what they ask for; says whether there may be more.
fn row_chunk<T: Target>(tx: &mut Tx<'_>, import: &mut Import) -> Result<bool, DbError> {
    let is_check = import.state == ImportState::Checking;
    let most = i64::try_from(CHUNK).unwrap_or(i64::MAX);
    let staged = store::next_rows(tx, import.id, import.rows_done, most, !is_check)?;
    let Some(last) = staged.last().map(|row| row.number) else {
        import.rows_done = import.rows_read;
        if is_check {
            import.state = ImportState::Checked;
        } else {
            store::recount(tx, import)?;
            import.state = ImportState::Applied;
        }
        return Ok(false);
    };
    let cells = judge::read(import, staged);
    if is_check {
        judge::check::<T>(tx, import, &cells)?;
    } else {
        judge::apply::<T>(tx, import, &cells)?;
    }
    import.rows_done = last;
    Ok(true)
}

fn undo_chunk(tx: &mut Tx<'_>, import: &mut Import) -> Result<bool, DbError> {
    let deeds = store::next_deeds(tx, import.id, import.rows_done, UNDO_CHUNK)?;
    let Some(last) = deeds.last().map(|deed| deed.number) else {
        memory::release_keys(tx, import.id)?;
        import.rows_done = import.rows_read;
        import.state = ImportState::Undone;
        return Ok(false);
    };
    match import.kind {
        ImportKind::Companies => undo::take_back::<Companies>(tx, import, deeds)?,
        ImportKind::Contacts => undo::take_back::<super::contacts::Contacts>(tx, import, deeds)?,
        ImportKind::Leads => undo::take_back::<super::leads::Leads>(tx, import, deeds)?,
        ImportKind::Deals => undo::take_back::<super::deals::Deals>(tx, import, deeds)?,
    }
    import.rows_done = last;
    Ok(true)
}
