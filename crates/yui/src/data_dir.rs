//! Yui's own directory: keys and passwords are readable by nobody else, and what is written is written whole.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use accounts::secrets::{LinkKey, Secret};
use workforce::bank_accounts::Banks;
use workforce::sealing::SealingKeys;

/// A problem with the data directory, with what to do.
#[derive(Debug, thiserror::Error)]
#[error("cannot {what} {path}: {cause}{}", advice(.cause))]
pub(crate) struct DataError {
    what: &'static str,
    path: PathBuf,
    cause: io::Error,
}

/// What to do about what the system says; errors of our own say it themselves.
fn advice(cause: &io::Error) -> &'static str {
    if cause.raw_os_error().is_none() {
        return "";
    }
    match cause.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "; free some space, or choose another disk with --data"
        }
        io::ErrorKind::PermissionDenied => {
            "; run yui as the user whom it belongs to, or choose another place with --data"
        }
        _ => "; choose another place with --data",
    }
}

/// Stands in the directory while a restore into it is under way, with a line for each file that it puts there.
const UNFINISHED_RESTORE: &str = "restore.unfinished";

/// The keys that bank details are sealed under.
pub(crate) const SEALING_KEYS: &str = "sealing.keys";

/// Banks and branches by their codes.
pub(crate) const BANKS: &str = "banks.tsv";

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
        // The database server may run as another user, so the root itself can be passed through; what is in it protects
        // itself. Nothing is made in one that is there already: it may be somebody else's.
        make(&dir.root, 0o711)?;
        Ok(dir)
    }

    /// The directory itself.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Where uploaded files are kept, once there are any.
    pub(crate) fn files(&self) -> PathBuf {
        self.root.join("files")
    }

    /// Makes [`DataDir::files`] where there are none yet.
    pub(crate) fn make_files(&self) -> Result<PathBuf, DataError> {
        make(&self.files(), 0o700)?;
        Ok(self.files())
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

    /// The keys that bank details are sealed under, the newest first; made at the first start. The file is read whenever
    /// something is sealed or opened, so a new key counts at once, in every process.
    pub(crate) fn sealing_keys(&self) -> Result<SealingKeys, DataError> {
        self.sealing_text()?;
        let path = self.root.join(SEALING_KEYS);
        Ok(SealingKeys::from_source(move || {
            fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))
        }))
    }

    /// The file with these keys as it is, for a backup.
    pub(crate) fn sealing_text(&self) -> Result<String, DataError> {
        let path = self.root.join(SEALING_KEYS);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let line = new_sealing_line(&path)?;
                self.write_private(SEALING_KEYS, line.as_bytes())?;
                Ok(line)
            }
            Err(cause) => Err(DataError { what: "read", path, cause }),
        }
    }

    /// Puts a new key before the others: from now on it seals, and the others open.
    pub(crate) fn add_sealing_key(&self) -> Result<(), DataError> {
        let older = self.sealing_text()?;
        let line = new_sealing_line(&self.root.join(SEALING_KEYS))?;
        self.write_private(SEALING_KEYS, format!("{line}{older}").as_bytes())?;
        Ok(())
    }

    /// Banks and branches by their codes, where somebody has read them in.
    pub(crate) fn banks(&self) -> Result<Banks, DataError> {
        let path = self.root.join(BANKS);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Banks::default()),
            Err(cause) => return Err(DataError { what: "read", path, cause }),
        };
        Banks::read(&text).map_err(|line| DataError {
            what: "use the list in",
            path,
            cause: io::Error::new(
                io::ErrorKind::InvalidData,
                format!("line {line} is damaged; run `yui import banks` again"),
            ),
        })
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

fn make(path: &Path, mode: u32) -> Result<(), DataError> {
    let outcome = fs::DirBuilder::new().recursive(true).mode(mode).create(path);
    outcome.map_err(|cause| DataError { what: "make the directory", path: path.to_owned(), cause })
}

fn new_sealing_line(path: &Path) -> Result<String, DataError> {
    SealingKeys::new_line().map_err(|error| DataError {
        what: "make a key for",
        path: path.to_owned(),
        cause: io::Error::other(error),
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn sealing_keys_are_made_once_read_by_nobody_else_and_replaced_without_a_restart() {
        let scratch = tempfile::tempdir().unwrap();
        let data = DataDir::open(scratch.path()).unwrap();
        let keys = data.sealing_keys().unwrap();
        let sealed = keys.seal("x", b"abc").unwrap();
        assert_eq!(data.sealing_keys().unwrap().open("x", &sealed).unwrap(), b"abc");
        let mode = fs::metadata(scratch.path().join(SEALING_KEYS)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        data.add_sealing_key().unwrap();
        assert_ne!(keys.current().unwrap(), sealed.key_id);
        assert_eq!(keys.open("x", &sealed).unwrap(), b"abc");
    }

    #[test]
    fn a_damaged_list_of_banks_is_no_list() {
        let scratch = tempfile::tempdir().unwrap();
        let data = DataDir::open(scratch.path()).unwrap();
        assert!(data.banks().unwrap().is_empty());
        data.write_private(BANKS, b"0143\tBank\n?\n").unwrap();
        let refused = data.banks().unwrap_err().to_string();
        assert!(refused.contains("line 2") && refused.contains("yui import banks"), "{refused}");
    }

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
