//! Why a file was not taken in or not given out.

use std::error::Error;
use std::io;

use db::DbError;
use kernel::{Code, Coded};

use crate::ArchiveProblem;

/// Why a file was not taken in or not given out.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// More bytes than allowed here; nothing was kept.
    #[error("the file is larger than {most_bytes} bytes")]
    TooLarge {
        /// How many bytes are allowed here.
        most_bytes: u64,
    },
    /// Not a kind of file that is accepted; nothing was kept.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A file in the archive would not be accepted alone; nothing was kept.
    #[error("{name} in the archive: {problem}")]
    Inside {
        /// The file in the archive.
        name: String,
        /// What is wrong with it.
        problem: Refusal,
    },
    /// The person, or the town, has uploaded as much as a day allows; nothing was kept.
    #[error("no more than {most_bytes} bytes are taken in within a day")]
    QuotaUsedUp {
        /// How many bytes a day allows.
        most_bytes: u64,
    },
    /// The upload broke off; nothing was kept.
    #[error("the upload broke off: {0}")]
    BrokenOff(String),
    /// So many files are looked into at this moment that nobody got round to this one; nothing was kept.
    #[error("too many files are looked into at this moment")]
    Busy,
    /// The disk is full; nothing was kept.
    #[error("the disk is full")]
    StorageFull,
    /// The row is there and its bytes are not: restore them from a backup.
    #[error("the file's bytes are missing from the store")]
    Gone,
    /// The store failed.
    #[error("the file store failed: {0}")]
    Storage(String),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// What is wrong with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Its name does not end in a listed extension.
    #[error("the name does not end in an accepted extension")]
    Extension,
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Its content is not what its extension says.
    #[error("the content is not what the extension says")]
    Content,
    /// It is called a text and is none in an encoding that is read: UTF-8, CP932, EUC-JP, or UTF-16 with a byte-order mark.
    #[error("the content is no text in an encoding that is read")]
    Encoding {
        /// The line, from 1, on which something stands that is no letter; unknown in UTF-16.
        line: Option<u64>,
    },
    /// It is an archive, or an office document, that is unsafe to open.
    #[error(transparent)]
    Archive(#[from] ArchiveProblem),
}

impl Coded for FileError {
    fn code(&self) -> Code {
        match self {
            Self::TooLarge { .. } => Code::TooLarge,
            Self::QuotaUsedUp { .. } => Code::UploadLimit,
            Self::Refused(problem) => problem.code(),
            Self::Inside { .. } => Code::FileUnsafe,
            Self::BrokenOff(_) => Code::Invalid,
            Self::Busy => Code::Busy,
            Self::StorageFull => Code::StorageFull,
            Self::Gone => Code::NotFound,
            Self::Storage(_) => Code::Internal,
            Self::Db(error) => error.code(),
        }
    }
}

impl Refusal {
    const fn code(self) -> Code {
        match self {
            Self::Extension | Self::Encoding { .. } => Code::FileKind,
            Self::Empty => Code::FileEmpty,
            Self::Content | Self::Archive(ArchiveProblem::Damaged | ArchiveProblem::NotTheDocument) => {
                Code::FileBroken
            }
            Self::Archive(_) => Code::FileUnsafe,
        }
    }
}

impl From<ArchiveProblem> for FileError {
    fn from(problem: ArchiveProblem) -> Self {
        Self::Refused(problem.into())
    }
}

impl From<object_store::Error> for FileError {
    fn from(error: object_store::Error) -> Self {
        if matches!(error, object_store::Error::NotFound { .. }) {
            return Self::Gone;
        }
        if is_full(&error) { Self::StorageFull } else { Self::Storage(error.to_string()) }
    }
}

impl From<io::Error> for FileError {
    fn from(error: io::Error) -> Self {
        if is_full(&error) { Self::StorageFull } else { Self::Storage(error.to_string()) }
    }
}

fn is_full(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        let kind = error.downcast_ref::<io::Error>().map(io::Error::kind);
        if matches!(kind, Some(io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)) {
            return true;
        }
        cause = error.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_from_a_broken_one() {
        let failed = |kind: io::ErrorKind| {
            let source = Box::new(io::Error::from(kind));
            FileError::from(object_store::Error::Generic { store: "LocalFileSystem", source }).code()
        };
        assert_eq!(failed(io::ErrorKind::StorageFull), Code::StorageFull);
        assert_eq!(failed(io::ErrorKind::QuotaExceeded), Code::StorageFull);
        assert_eq!(failed(io::ErrorKind::PermissionDenied), Code::Internal);
    }
}
