//! The file that the server and its tools write their messages to, and the last lines of it for errors.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::error::PostgresError;

/// A log longer than this is set aside at the next start.
const LONGEST_BYTES: u64 = 10_000_000;
/// How much of the end is read for an error.
const TAIL_BYTES: u64 = 4_000;
/// How many lines an error quotes.
const TAIL_LINES: usize = 5;

/// The log of one private server.
#[derive(Debug, Clone)]
pub(super) struct ServerLog {
    path: PathBuf,
}

impl ServerLog {
    /// In the data directory; a long one is renamed to `postgres.log.1` first.
    pub(super) fn in_directory(data: &Path) -> Result<ServerLog, PostgresError> {
        let path = data.join("postgres.log");
        if path.metadata().is_ok_and(|metadata| metadata.len() > LONGEST_BYTES) {
            std::fs::rename(&path, data.join("postgres.log.1"))
                .map_err(PostgresError::system("rename", &path))?;
        }
        Ok(ServerLog { path })
    }

    /// Open for appending; the server inherits it, so its own user needs no right to the file.
    pub(super) fn writer(&self) -> Result<File, PostgresError> {
        let options = OpenOptions::new().append(true).create(true).mode(0o600).clone();
        options.open(&self.path).map_err(PostgresError::system("open", &self.path))
    }

    /// The present end, to quote only what comes after.
    pub(super) fn mark(&self) -> u64 {
        self.path.metadata().map_or(0, |metadata| metadata.len())
    }

    /// The last lines after `mark`, as one line.
    pub(super) fn since(&self, mark: u64) -> String {
        let text = self.read_end(mark).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let mut lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        lines.drain(..lines.len().saturating_sub(TAIL_LINES));
        if lines.is_empty() { "(nothing)".to_owned() } else { lines.join(" | ") }
    }

    fn read_end(&self, mark: u64) -> std::io::Result<Vec<u8>> {
        let mut file = File::open(&self.path)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(mark.max(length.saturating_sub(TAIL_BYTES))))?;
        let mut end = Vec::new();
        file.read_to_end(&mut end)?;
        Ok(end)
    }
}
