//! Finds the Postgres server programs: an explicit directory, then `PATH`, then the distributions' own places.
//!
//! Debian and its children keep them out of `PATH` on purpose, one directory per major version, so that several can be
//! installed side by side. Data of an older major version therefore picks its own programs, not the newest.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::error::PostgresError;

/// The oldest major version that Yui supports: `security_invoker` views need it.
pub const OLDEST_MAJOR: u16 = 15;

/// Where distributions put the programs; `*` stands for anything within one path component.
const PLACES: [&str; 10] = [
    "/usr/lib/postgresql/*/bin",                       // Debian, Ubuntu
    "/usr/pgsql-*/bin",                                // the PostgreSQL project's packages for Red Hat
    "/usr/lib/postgresql*/bin",                        // openSUSE
    "/usr/libexec/postgresql*",                        // Alpine
    "/opt/homebrew/opt/postgresql@*/bin",              // Homebrew on Apple silicon
    "/usr/local/opt/postgresql@*/bin",                 // Homebrew on Intel
    "/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin", // Homebrew on Linux
    "/opt/local/lib/postgresql*/bin",                  // MacPorts
    "/Applications/Postgres.app/Contents/Versions/*/bin",
    "/usr/local/pgsql/bin", // built from source with its defaults
];

/// Package managers by their program, and how they install Postgres; `{}` stands for the major version.
const INSTALLERS: [(&str, &str, &str); 5] = [
    ("/usr/bin/apt-get", "apt-get install postgresql", "apt-get install postgresql-{}"),
    ("/usr/bin/dnf", "dnf install postgresql-server", "dnf install postgresql{}-server"),
    ("/sbin/apk", "apk add postgresql", "apk add postgresql{}"),
    ("/opt/homebrew/bin/brew", "brew install postgresql@17", "brew install postgresql@{}"),
    ("/usr/local/bin/brew", "brew install postgresql@17", "brew install postgresql@{}"),
];

/// Where to look for the server programs.
#[derive(Debug, Clone)]
pub struct Search {
    path: Vec<PathBuf>,
    places: Vec<PathBuf>,
    searched: String,
}

impl Search {
    /// Looks in `PATH` first, then in the distributions' directories, highest major version first.
    pub fn system() -> Search {
        Search::of(&std::env::var_os("PATH").unwrap_or_default(), &PLACES)
    }

    /// Looks in one directory only: the one that the configuration names.
    pub fn only(directory: PathBuf) -> Search {
        let searched = directory.display().to_string();
        Search { path: vec![directory], places: Vec::new(), searched }
    }

    /// Looks in the directories of `path` (in the form of `PATH`) and where `patterns` match.
    pub(super) fn of(path: &OsString, patterns: &[&str]) -> Search {
        let searched = match patterns.first() {
            Some(first) => format!("PATH, {first} and the like"),
            None => "PATH".to_owned(),
        };
        let path = std::env::split_paths(path).filter(|entry| entry.is_absolute()).collect();
        let places = patterns.iter().flat_map(|pattern| matches_of(pattern)).collect();
        Search { path, places, searched }
    }
}

/// One installed server: `initdb`, `postgres` and their companions of the same major version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binaries {
    /// The directory that holds the programs.
    pub directory: PathBuf,
    /// The major version, 15 or more.
    pub major: u16,
}

impl Binaries {
    /// The full path of one of the programs, `pg_dump` for example; not all packages bring all of them.
    pub fn program(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }
}

/// All usable servers in order of preference; never an empty list.
pub fn find_binaries(search: &Search) -> Result<Vec<Binaries>, PostgresError> {
    let mut found: Vec<Binaries> = search.path.iter().filter_map(|directory| inspect(directory)).collect();
    let mut elsewhere: Vec<Binaries> =
        search.places.iter().filter_map(|directory| inspect(directory)).collect();
    elsewhere.sort_by_key(|binaries| std::cmp::Reverse(binaries.major));
    found.extend(elsewhere);
    let newest_too_old =
        found.iter().filter(|one| one.major < OLDEST_MAJOR).max_by_key(|one| one.major).cloned();
    found.retain(|one| one.major >= OLDEST_MAJOR);
    match (found.is_empty(), newest_too_old) {
        (false, _) => Ok(found),
        (true, Some(old)) => {
            let hint = install_hint(None);
            Err(PostgresError::TooOld { found: old.major, directory: old.directory, hint })
        }
        (true, None) => {
            let hint = install_hint(None);
            Err(PostgresError::BinariesMissing { searched: search.searched.clone(), hint })
        }
    }
}

/// What to type here to install Postgres, of one major version or of any.
pub(super) fn install_hint(major: Option<&str>) -> String {
    let installer = INSTALLERS.iter().find(|(program, _, _)| Path::new(program).exists());
    match (installer, major) {
        (Some((_, any, _)), None) => format!("install it with `{any}`"),
        (Some((_, _, exact)), Some(major)) => format!("install it with `{}`", exact.replace("{}", major)),
        (None, None) => "install the PostgreSQL server with this system's package manager".to_owned(),
        (None, Some(major)) => {
            format!("install the PostgreSQL {major} server with this system's package manager")
        }
    }
}

/// Reads one directory: both programs present, and a version that can be read.
fn inspect(directory: &Path) -> Option<Binaries> {
    let postgres = directory.join("postgres");
    if !postgres.is_file() || !directory.join("initdb").is_file() {
        return None;
    }
    // A link in PATH leads to the versioned directory, where pg_dump of the same version lives too.
    let real = postgres.canonicalize().ok().and_then(|program| program.parent().map(Path::to_path_buf));
    let directory =
        real.filter(|real| real.join("initdb").is_file()).unwrap_or_else(|| directory.to_path_buf());
    let output = Command::new(directory.join("postgres")).arg("--version").output().ok()?;
    let major = major_of(&String::from_utf8_lossy(&output.stdout))?;
    Some(Binaries { directory, major })
}

/// The major version out of a line such as `postgres (Postgres) 15.18 (Debian 15.18-0+deb12u1)`.
fn major_of(version: &str) -> Option<u16> {
    let (_, number) = version.split_once("(PostgreSQL) ")?;
    let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// The existing directories that a pattern with at most one `*` stands for.
fn matches_of(pattern: &str) -> Vec<PathBuf> {
    let Some((before, after)) = pattern.split_once('*') else {
        return vec![PathBuf::from(pattern)];
    };
    let Some((parent, prefix)) = before.rsplit_once('/') else { return Vec::new() };
    let Ok(entries) = std::fs::read_dir(parent) else { return Vec::new() };
    entries
        .filter_map(Result::ok)
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix))
        .map(|entry| entry.path().join(after.trim_start_matches('/')))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_major_version_of_every_spelling() {
        for (line, major) in [
            ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n", Some(15)),
            ("postgres (PostgreSQL) 17beta1\n", Some(17)),
            ("postgres (PostgreSQL) 18devel\n", Some(18)),
            ("postgres (PostgreSQL) 9.6.24\n", Some(9)),
            ("bash: postgres: not found\n", None),
            ("", None),
        ] {
            assert_eq!(major_of(line), major, "{line}");
        }
    }

    #[test]
    fn an_empty_search_says_where_it_looked() {
        let error = find_binaries(&Search::of(&OsString::new(), &["/nowhere/*/bin"])).unwrap_err();
        let text = error.to_string();
        assert!(
            text.starts_with("PostgreSQL 15 or newer is not installed (looked in PATH, /nowhere/*/bin"),
            "{text}"
        );
        let error = find_binaries(&Search::only(PathBuf::from("/nowhere"))).unwrap_err();
        assert!(error.to_string().contains("(looked in /nowhere)"), "{error}");
    }
}
