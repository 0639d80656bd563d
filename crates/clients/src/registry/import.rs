//! Filling the register from a published file: one transaction, all or nothing.
//!
//! The register is reference data without a town, and no role that serves people may write it. So this is the one
//! verb that takes no `Tx`: it runs on a connection of the database's owner, which only the command line opens.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{Datelike, NaiveDate};
use db::DbError;
use diesel::Connection;
use diesel::pg::PgConnection;
use kernel::{Code, Coded};
use sha2::{Digest, Sha256};

use super::model::{CompanyKind, RegistryRecord, StoredRecord, Verdict, judge};
use super::problem::Fault;
use super::reader::{Edition, FileProblem, RegisterReader, Row, RowProblem, RowReason};
use super::store::{self, ImportValues};

/// Rows written and looked up at once; also how often progress is told and the cancel flag is looked at.
const BATCH: u64 = 1000;

/// The place of 法人番号, for reporting a number that stands twice.
const NUMBER_COLUMN: usize = 2;

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file as a whole is not acceptable.
    #[error(transparent)]
    File(#[from] FileProblem),
    /// The caller's flag was raised.
    #[error("the import was cancelled: nothing was changed")]
    Cancelled,
    /// Another import is running.
    #[error("another import of the register is running: wait for it to end and try again")]
    Busy,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<diesel::result::Error> for ImportError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Db(error.into())
    }
}

impl Coded for ImportError {
    fn code(&self) -> Code {
        match self {
            Self::File(_) => Code::FileKind,
            Self::Cancelled | Self::Busy => Code::Conflict,
            Self::Db(error) => error.code(),
        }
    }
}

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes read so far.
    pub bytes_read: u64,
    /// Bytes of the whole file when it was opened; 0 for a pipe.
    pub bytes_total: u64,
    /// Rows read so far.
    pub rows: u64,
}

/// What an import came to. `new + changed + same + older + history + rows_rejected` is `rows_read`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportSummary {
    /// Which published edition the file was.
    pub edition: Edition,
    /// The day whose state the file has: from its published name (`31_tottori_all_20260731.csv`), else the latest
    /// update inside; `None` for a file without a usable row.
    pub as_of: Option<NaiveDate>,
    /// Rows in the file.
    pub rows_read: u64,
    /// Corporations that were not known before.
    pub new: u64,
    /// Corporations that differ from what was stored, closures included; each got a new version.
    pub changed: u64,
    /// Corporations that are stored exactly so.
    pub same: u64,
    /// Rows older than what is stored; nothing was written for them.
    pub older: u64,
    /// Earlier states (最新履歴 0), passed over.
    pub history: u64,
    /// Rows that were refused.
    pub rows_rejected: u64,
    /// The refused rows, at most the first [`ImportSummary::MOST_REPORTED`].
    pub rejected: Vec<RowProblem>,
    /// How many usable rows there are of each kind of corporation.
    pub by_kind: BTreeMap<CompanyKind, u64>,
    /// How many of the usable rows have a closed record.
    pub closed: u64,
}

impl ImportSummary {
    /// How many refused rows are kept to be shown.
    pub const MOST_REPORTED: usize = 1000;

    /// Whether the register is exactly as it was before.
    pub const fn is_unchanged(&self) -> bool {
        self.new == 0 && self.changed == 0
    }

    fn new(edition: Edition, as_of: Option<NaiveDate>) -> Self {
        Self {
            edition,
            as_of,
            rows_read: 0,
            new: 0,
            changed: 0,
            same: 0,
            older: 0,
            history: 0,
            rows_rejected: 0,
            rejected: Vec::new(),
            by_kind: BTreeMap::new(),
            closed: 0,
        }
    }

    fn reject(&mut self, problem: RowProblem) {
        self.rows_rejected += 1;
        if self.rejected.len() < Self::MOST_REPORTED {
            self.rejected.push(problem);
        }
    }

    fn count(&mut self, record: &RegistryRecord, verdict: Verdict) {
        *self.by_kind.entry(record.kind).or_default() += 1;
        self.closed += u64::from(record.closure.is_some());
        match verdict {
            Verdict::New => self.new += 1,
            Verdict::Changed(_) => self.changed += 1,
            Verdict::Same => self.same += 1,
            Verdict::Older => self.older += 1,
        }
    }

    fn values<'f>(&self, file_name: &'f str, file_sha256: Vec<u8>) -> ImportValues<'f> {
        let counted = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        ImportValues {
            file_name,
            file_sha256,
            as_of: self.as_of,
            rows_read: counted(self.rows_read),
            rows_new: counted(self.new),
            rows_changed: counted(self.changed),
            rows_same: counted(self.same),
            rows_older: counted(self.older),
            rows_history: counted(self.history),
            rows_rejected: counted(self.rows_rejected),
        }
    }
}

/// Imports `file` (either edition, a whole register or a prefecture's) on a connection of the database's owner.
///
/// Everything happens in one transaction of its own: an error, a refused file or a raised `cancel` leaves the
/// register as it was. Wrong rows are reported and passed over. `progress` is told every thousand rows and at the
/// end. A second import of the same file writes nothing but its own line in the log of imports.
pub fn import(
    conn: &mut PgConnection,
    file: &Path,
    cancel: &AtomicBool,
    progress: impl FnMut(Progress),
) -> Result<ImportSummary, ImportError> {
    let mut source = Source::open(file)?;
    let bytes_total = source.bytes;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    conn.transaction(|conn| {
        if !store::shut_others_out(conn)? {
            return Err(ImportError::Busy);
        }
        store::open_notes(conn)?;
        let mut reader = RegisterReader::new(&mut source)?;
        let summary = ImportSummary::new(reader.edition(), date_in_name(&name));
        let id = store::insert_import(conn, &summary.values(&name, vec![0; 32]))?;
        let (batch, latest_update) = (Vec::new(), None);
        let mut run = Run { conn, id, summary, batch, latest_update, bytes_total, cancel, progress };
        run.read_all(&mut reader)?;
        let Run { mut summary, latest_update, .. } = run;
        summary.as_of = summary.as_of.or(latest_update);
        summary.rejected.sort_by_key(|problem| problem.line);
        store::update_import(conn, id, &summary.values(&name, source.digest()))?;
        if !summary.is_unchanged() {
            store::tidy(conn)?;
        }
        Ok(summary)
    })
}

/// The date that the tax agency puts at the end of a file's name: `31_tottori_all_20260731.csv`.
fn date_in_name(name: &str) -> Option<NaiveDate> {
    let mut dates =
        name.split(|character: char| !character.is_ascii_digit()).filter(|digits| digits.len() == 8);
    let date = NaiveDate::parse_from_str(dates.next_back()?, "%Y%m%d").ok()?;
    // The register exists since 2015; anything else is some other number.
    (2015..=2999).contains(&date.year()).then_some(date)
}

/// The file, digested as it is read.
struct Source {
    file: File,
    bytes: u64,
    digest: Sha256,
}

impl Source {
    fn open(path: &Path) -> Result<Self, FileProblem> {
        let unreadable = |source| FileProblem::Unreadable { path: path.to_owned(), source };
        let metadata = std::fs::metadata(path).map_err(unreadable)?;
        if metadata.is_dir() {
            return Err(FileProblem::Directory(path.to_owned()));
        }
        let file = File::open(path).map_err(unreadable)?;
        Ok(Self { file, bytes: metadata.len(), digest: Sha256::new() })
    }

    fn digest(self) -> Vec<u8> {
        self.digest.finalize().to_vec()
    }
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.digest.update(buffer.get(..read).unwrap_or_default());
        Ok(read)
    }
}

/// An import under way.
struct Run<'c, P> {
    conn: &'c mut PgConnection,
    id: i64,
    summary: ImportSummary,
    /// Lines and records not yet written.
    batch: Vec<(u64, RegistryRecord)>,
    latest_update: Option<NaiveDate>,
    bytes_total: u64,
    cancel: &'c AtomicBool,
    progress: P,
}

impl<P: FnMut(Progress)> Run<'_, P> {
    fn read_all<R: Read>(&mut self, reader: &mut RegisterReader<R>) -> Result<(), ImportError> {
        while let Some(row) = reader.next_row()? {
            self.summary.rows_read += 1;
            match row {
                Row::Current(record) => self.batch.push((reader.line(), *record)),
                Row::History => self.summary.history += 1,
                Row::Rejected(problem) => self.summary.reject(problem),
            }
            if self.summary.rows_read.is_multiple_of(BATCH) {
                self.write_batch()?;
                self.tell(reader.bytes_read())?;
            }
        }
        self.write_batch()?;
        self.tell(reader.bytes_read())
    }

    fn tell(&mut self, bytes_read: u64) -> Result<(), ImportError> {
        (self.progress)(Progress { bytes_read, bytes_total: self.bytes_total, rows: self.summary.rows_read });
        if self.cancel.load(Ordering::Relaxed) { Err(ImportError::Cancelled) } else { Ok(()) }
    }

    fn write_batch(&mut self) -> Result<(), ImportError> {
        let batch = std::mem::take(&mut self.batch);
        let numbers: Vec<_> = batch.iter().map(|(_, record)| &record.corporate_number).collect();
        let first_time = store::note_numbers(self.conn, &numbers)?;
        let stored = store::stored(self.conn, &numbers)?;
        let mut writes = Vec::new();
        for (place, (line, record)) in batch.into_iter().enumerate() {
            if !first_time.contains(&place) {
                let number = record.corporate_number.as_str();
                let fault = Fault::new(NUMBER_COLUMN, number, RowReason::Duplicate);
                self.summary.reject(RowProblem::at(line, fault));
                continue;
            }
            let verdict = judge(stored.get(&record.corporate_number), &record);
            self.summary.count(&record, verdict);
            self.latest_update = self.latest_update.max(Some(record.updated_on));
            match verdict {
                Verdict::New => writes.push(StoredRecord { version: 1, record }),
                Verdict::Changed(version) => writes.push(StoredRecord { version, record }),
                Verdict::Same | Verdict::Older => {}
            }
        }
        Ok(store::write(self.conn, self.id, &writes)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_of_a_file_stands_in_its_name() {
        let day = |name: &str| date_in_name(name).map(|date| date.to_string());
        assert_eq!(day("31_tottori_all_20260731.csv").as_deref(), Some("2026-07-31"));
        assert_eq!(day("corporate_numbers_tottori_20260731.csv").as_deref(), Some("2026-07-31"));
        assert_eq!(day("diff_20260801 (1).csv").as_deref(), Some("2026-08-01"));
        assert_eq!(day("register.csv"), None);
        assert_eq!(day("12345678.csv"), None);
        assert_eq!(day("20260231.csv"), None);
    }
}
