//! Everything that can go wrong with the private Postgres, each as one line that says what to do.
//!
//! Invariant: every variant's text is tested (`tests::texts_about_…`), so a new one needs its sentence there.

use std::io;
use std::path::{Path, PathBuf};

/// Why the private Postgres could not be found, prepared, started, kept or stopped.
///
/// The text is written for the person at the terminal: one line, what happened and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum PostgresError {
    /// No directory with both `postgres` and `initdb` was found.
    #[error(
        "PostgreSQL 15 or newer is not installed (looked in {searched}): {hint}, or set DATABASE_URL to a server you have"
    )]
    BinariesMissing {
        /// Where the search looked.
        searched: String,
        /// The command that installs it here.
        hint: String,
    },
    /// The only server found is older than Yui supports.
    #[error("PostgreSQL {found} in {} is too old, Yui needs 15 or newer: {hint}", directory.display())]
    TooOld {
        /// The major version found.
        found: u16,
        /// Where it was found.
        directory: PathBuf,
        /// The command that installs a newer one here.
        hint: String,
    },
    /// The data was written by a major version that is not installed.
    #[error(
        "the data in {} was written by PostgreSQL {written_by}, and only {installed} is installed: {hint}; nothing was changed",
        cluster.display()
    )]
    MajorMissing {
        /// The cluster directory.
        cluster: PathBuf,
        /// What its `PG_VERSION` says.
        written_by: String,
        /// The versions found, for people.
        installed: String,
        /// The command that installs the right one here.
        hint: String,
    },
    /// A cluster directory exists that `initdb` did not finish or something has emptied.
    #[error(
        "{} holds no database (its PG_VERSION is missing): restore a backup, or move the directory away to begin anew",
        cluster.display()
    )]
    ClusterDamaged {
        /// The cluster directory.
        cluster: PathBuf,
    },
    /// Another `yui` holds the data directory.
    #[error(
        "another yui (process {process_id}) is already running on {}: stop it first, or choose another place with --data",
        data.display()
    )]
    AlreadyRunning {
        /// The other process, as written in its lock file.
        process_id: String,
        /// The data directory.
        data: PathBuf,
    },
    /// A directory belongs to somebody else.
    #[error(
        "{} belongs to user {owner}, not to {expected}: run yui as {owner}, choose another place with --data, or hand it over with chown -R",
        path.display()
    )]
    WrongOwner {
        /// The directory.
        path: PathBuf,
        /// Who owns it.
        owner: String,
        /// Who should.
        expected: String,
    },
    /// Nothing can be written where the data should live.
    #[error("cannot write to {} ({source}): make it writable for this user, or choose another place with --data", path.display())]
    NotWritable {
        /// The directory or file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file stands where the data directory should be.
    #[error("{} is not a directory: choose another place with --data", path.display())]
    NotADirectory {
        /// The path in the way.
        path: PathBuf,
    },
    /// Running as root, and the server's user cannot reach the data.
    #[error(
        "as root PostgreSQL runs as user {user}, who may not enter {}, so it cannot reach {}: choose another place with --data, for example /var/lib/yui",
        blocked.display(),
        path.display()
    )]
    NotTraversable {
        /// The data directory.
        path: PathBuf,
        /// The first directory on the way that is closed.
        blocked: PathBuf,
        /// The server's user.
        user: String,
    },
    /// The path itself cannot be used.
    #[error("the data directory {} cannot be used, {reason}: choose another place with --data", path.display())]
    PathUnusable {
        /// The data directory.
        path: PathBuf,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Not enough room to start safely.
    #[error(
        "only {free_megabytes} MB are free where {} lives, and {needed_megabytes} MB are needed: free some space, or choose another disk with --data",
        path.display()
    )]
    DiskFull {
        /// The data directory.
        path: PathBuf,
        /// Free space in megabytes.
        free_megabytes: u64,
        /// The least that is accepted.
        needed_megabytes: u64,
    },
    /// Running as root without the user that the server should run as.
    #[error(
        "PostgreSQL refuses to run as root and there is no user {name} here: {hint}, run yui as an ordinary user, or set DATABASE_URL"
    )]
    NoServerUser {
        /// The user looked for.
        name: &'static str,
        /// The command that creates it along with the server.
        hint: String,
    },
    /// The numeric user has no name, which Postgres insists on.
    #[error(
        "user id {user_id} has no name in this system's user list, which PostgreSQL needs: run yui as a named user, or set DATABASE_URL"
    )]
    NoUserName {
        /// The effective user id.
        user_id: u32,
    },
    /// Somebody else made the directory that the socket should live in.
    #[error(
        "{} was made by somebody else or is open to others: remove it, or choose a shorter path with --data so that it is not needed",
        path.display()
    )]
    SocketDirectory {
        /// The directory under `/tmp`.
        path: PathBuf,
    },
    /// A throwaway server would delete what is there.
    #[error("a throwaway server deletes its directory at the end, and {} is not empty: give it a new one", path.display())]
    ThrowawayNotEmpty {
        /// The directory.
        path: PathBuf,
    },
    /// `initdb` failed.
    #[error("PostgreSQL could not create its files in {}: {log}", cluster.display())]
    InitFailed {
        /// The directory it worked in.
        cluster: PathBuf,
        /// The last lines it wrote.
        log: String,
    },
    /// The server ended instead of serving.
    #[error("PostgreSQL ended ({status}); its log says: {log}")]
    Exited {
        /// How it ended.
        status: String,
        /// The last lines of its log.
        log: String,
    },
    /// The server runs and does not answer.
    #[error("PostgreSQL did not answer within {seconds} s ({reason}); its log says: {log}")]
    NotReady {
        /// How long it was given.
        seconds: u64,
        /// The last refusal.
        reason: String,
        /// The last lines of its log.
        log: String,
    },
    /// A server left over from a crash does not end.
    #[error(
        "a PostgreSQL left over from an earlier run (process {process_id}) does not stop: end it with kill -INT {process_id} and try again"
    )]
    LeftoverStuck {
        /// The leftover postmaster.
        process_id: u32,
    },
    /// Roles or the database could not be created.
    #[error("the database or its roles could not be set up: {reason}")]
    Bootstrap {
        /// What the server said.
        reason: String,
    },
    /// No server runs on the data directory.
    #[error("no yui is running on {} ({reason}): start it with `yui up`, or set DATABASE_URL", data.display())]
    NotRunning {
        /// The data directory.
        data: PathBuf,
        /// What was tried.
        reason: String,
    },
    /// The server ignored both polite requests to end.
    #[error(
        "PostgreSQL (guarded by process {process_id}) did not stop within {seconds} s: leave it to finish its work, and do not kill it with -9"
    )]
    DoesNotStop {
        /// The guard's process.
        process_id: u32,
        /// How long it was given.
        seconds: u64,
    },
    /// Told to stop while still starting.
    #[error("stopped before PostgreSQL was ready")]
    Stopping,
    /// A system call failed in a way that has no better sentence.
    #[error("cannot {action} {} ({source})", path.display())]
    System {
        /// What was attempted, in the infinitive.
        action: &'static str,
        /// On which file or program.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl PostgresError {
    /// A closure for `map_err`: the plain system failure of doing `action` on `path`.
    pub(super) fn system(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> PostgresError {
        let path = path.to_path_buf();
        move |source| match source.kind() {
            io::ErrorKind::PermissionDenied
            | io::ErrorKind::ReadOnlyFilesystem
            | io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded => PostgresError::NotWritable { path, source },
            _ => PostgresError::System { action, path, source },
        }
    }
}
