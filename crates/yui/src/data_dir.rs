//! Yui's own directory: keys and passwords are readable by nobody else, and what is written is written whole.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use accounts::secrets::{LinkKey, Secret};

/// A problem with the data directory, with what to do.
#[derive(Debug, thiserror::Error)]
#[error("cannot {what} {path}: {cause}")]
pub(crate) struct DataError {
    what: &'static str,
    path: PathBuf,
    cause: io::Error,
}

/// Stands in the directory while a restore into it is under way, with a line for each file that it puts there.
const UNFINISHED_RESTORE: &str = "restore.unfinished";

/// The directory and what lies in it.
#[derive(Debug, Clone)]
pub(crate) struct DataDir {
    root: PathBuf,
}

impl DataDir {
    /// Opens the directory, making it if it is missing. One that a restore left half-way is for the next restore alone:
    /// whatever were written there meanwhile would be mixed up with what was restored.
    pub(crate) fn open(root: &Path) -> Result<Self, DataError> {
        let dir = Self::open_to_restore(root)?;
        if dir.unfinished_restore()?.is_none() {
            return Ok(dir);
        }
        let cause = io::Error::other(
            "a restore into it did not finish; run `yui restore` again, or choose another place with --data",
        );
        Err(DataError { what: "use", path: dir.root, cause })
    }

    /// [`DataDir::open`] for a restore, which may find what an earlier one has left.
    pub(crate) fn open_to_restore(root: &Path) -> Result<Self, DataError> {
        let dir = Self { root: root.to_owned() };
        if dir.root.exists() && !dir.root.is_dir() {
            let cause = io::Error::new(
                io::ErrorKind::NotADirectory,
                "a file is in the way; choose another place with --data",
            );
            return Err(DataError { what: "use", path: dir.root, cause });
        }
        for path in [dir.root.clone(), dir.files()] {
            // The database server may run as another user, so the root itself can be passed through; what is in it
            // protects itself.
            let mode = if path == dir.root { 0o711 } else { 0o700 };
            fs::DirBuilder::new().recursive(true).mode(mode).create(&path).map_err(|cause| DataError {
                what: "make the directory",
                path: path.clone(),
                cause,
            })?;
        }
        Ok(dir)
    }

    /// The directory itself.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Where uploaded files are kept.
    pub(crate) fn files(&self) -> PathBuf {
        self.root.join("files")
    }

    /// The file that says that a restore has begun and not ended.
    pub(crate) fn restore_marker(&self) -> PathBuf {
        self.root.join(UNFINISHED_RESTORE)
    }

    /// The files, below [`DataDir::files`], that a restore puts here; `None` where none is under way.
    pub(crate) fn unfinished_restore(&self) -> Result<Option<BTreeSet<String>>, DataError> {
        let path = self.restore_marker();
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text.lines().map(str::to_owned).collect())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(DataError { what: "read", path, cause }),
        }
    }

    /// Notes that a restore of these files begins.
    pub(crate) fn begin_restore(&self, files: &[&str]) -> Result<(), DataError> {
        self.write_private(UNFINISHED_RESTORE, files.join("\n").as_bytes())?;
        Ok(())
    }

    /// Notes that everything is restored.
    pub(crate) fn end_restore(&self) -> Result<(), DataError> {
        let path = self.restore_marker();
        fs::remove_file(&path).map_err(|cause| DataError { what: "remove", path, cause })
    }

    /// Where the demo town's passwords are kept.
    pub(crate) fn demo_passwords(&self) -> PathBuf {
        self.root.join("demo-passwords.txt")
    }

    /// The key that links and form tokens are derived from; made at the first start.
    pub(crate) fn link_key(&self) -> Result<LinkKey, DataError> {
        let path = self.root.join("link.key");
        match fs::read_to_string(&path) {
            Ok(text) => LinkKey::parse(&text).ok_or_else(|| DataError {
                what: "use the key in",
                path,
                cause: io::Error::new(io::ErrorKind::InvalidData, "it is damaged; restore it from a backup"),
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let key = LinkKey::generate();
                self.write_private("link.key", key.text().as_bytes())?;
                Ok(key)
            }
            Err(cause) => Err(DataError { what: "read", path, cause }),
        }
    }

    /// The code the first-run page asks for; made once.
    pub(crate) fn setup_code(&self) -> Result<String, DataError> {
        let path = self.root.join("setup-code.txt");
        if let Ok(code) = fs::read_to_string(&path) {
            return Ok(code.trim().to_owned());
        }
        let code: String =
            Secret::generate().text().chars().filter(char::is_ascii_alphanumeric).take(12).collect();
        self.write_private("setup-code.txt", code.as_bytes())?;
        Ok(code)
    }

    /// Writes a file that only this user can read: beside its place first, then renamed, so that it is there whole
    /// or not at all.
    pub(crate) fn write_private(&self, name: &str, bytes: &[u8]) -> Result<PathBuf, DataError> {
        let path = self.root.join(name);
        let beside = self.root.join(format!("{name}.new"));
        let written = fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&beside)
            .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
            .and_then(|()| fs::rename(&beside, &path));
        written.map(|()| path.clone()).map_err(|cause| DataError { what: "write", path, cause })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_restore_left_half_way_is_opened_by_a_restore_alone() {
        let scratch = tempfile::tempdir().unwrap();
        let data = DataDir::open(scratch.path()).unwrap();
        assert_eq!(data.unfinished_restore().unwrap(), None);
        data.begin_restore(&["1/ab/abcd", "1/ab/abce"]).unwrap();
        let refused = DataDir::open(scratch.path()).unwrap_err().to_string();
        assert!(refused.contains("run `yui restore` again"), "{refused}");
        let again = DataDir::open_to_restore(scratch.path()).unwrap();
        let put = again.unfinished_restore().unwrap().unwrap();
        assert_eq!(put.into_iter().collect::<Vec<_>>(), ["1/ab/abcd", "1/ab/abce"]);
        again.end_restore().unwrap();
        DataDir::open(scratch.path()).unwrap();
    }
}
