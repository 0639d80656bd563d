//! Yui's own directory: keys and passwords are readable by nobody else, and what is written is written whole.

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

/// The directory and what lies in it.
#[derive(Debug, Clone)]
pub(crate) struct DataDir {
    root: PathBuf,
}

impl DataDir {
    /// Opens the directory, making it if it is missing.
    pub(crate) fn open(root: &Path) -> Result<Self, DataError> {
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
