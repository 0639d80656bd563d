//! The cluster directory: which one, made by which version, and who may come in.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc;

use super::binaries::{Binaries, install_hint};
use super::connection::{Role, SUPERUSER};
use super::error::PostgresError;
use super::guard::{Event, Guard, Task};
use super::identity::{Identity, name_of};
use super::server_log::ServerLog;
use super::{Durability, Settings};

/// A cluster and the programs that fit it.
#[derive(Debug, Clone)]
pub(super) struct Cluster {
    pub(super) directory: PathBuf,
    pub(super) binaries: Binaries,
}

impl Cluster {
    /// The existing cluster with the programs of its own major version, or a new one for the preferred programs.
    pub(super) fn choose(clusters: &Path, candidates: &[Binaries]) -> Result<Cluster, PostgresError> {
        let Some(directory) = newest(clusters)? else {
            let hint = install_hint(None);
            let first = candidates.first().cloned();
            let binaries = first.ok_or(PostgresError::BinariesMissing { searched: String::new(), hint })?;
            return Ok(Cluster { directory: clusters.join(binaries.major.to_string()), binaries });
        };
        let written_by = match std::fs::read_to_string(directory.join("PG_VERSION")) {
            Ok(text) => text.trim().to_owned(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(PostgresError::ClusterDamaged { cluster: directory });
            }
            Err(error) => return Err(PostgresError::system("read the version of", &directory)(error)),
        };
        match candidates.iter().find(|binaries| binaries.major.to_string() == written_by) {
            Some(binaries) => Ok(Cluster { directory, binaries: binaries.clone() }),
            None => Err(major_missing(directory, written_by, candidates)),
        }
    }

    /// Runs `initdb` once. It works beside the final place and is renamed when whole, so an interrupted one never looks
    /// finished; what it left is removed by the next. The name is our own, because an interrupted `initdb` may still be
    /// busy removing its directory.
    pub(super) fn initialise(
        &self,
        identity: &Identity,
        settings: &Settings,
        log: &ServerLog,
    ) -> Result<(), PostgresError> {
        if self.directory.exists() {
            return self.check_owner(identity);
        }
        remove_leftovers(&self.directory);
        let unfinished = self.directory.with_extension(format!("{}.tmp", std::process::id()));
        if let Some(model) = &settings.copy_of {
            copy(model, &unfinished)?;
            std::fs::rename(&unfinished, &self.directory)
                .map_err(PostgresError::system("rename", &unfinished))?;
            return self.check_owner(identity);
        }
        let mark = log.mark();
        // Code-point order, the same on every system and after every upgrade of one; macOS may lack it.
        for locale in ["--locale=C.UTF-8", "--locale=C"] {
            if self.run_initdb(&unfinished, locale, identity, settings.durability, log)? {
                std::fs::rename(&unfinished, &self.directory)
                    .map_err(PostgresError::system("rename", &unfinished))?;
                return sync_parent(&self.directory);
            }
            let said = log.since(mark);
            if !said.contains("locale") {
                return Err(PostgresError::InitFailed { cluster: self.directory.clone(), log: said });
            }
        }
        Err(PostgresError::InitFailed { cluster: self.directory.clone(), log: log.since(mark) })
    }

    /// Guarded like the server: if we die now, `initdb` is interrupted and cleans up.
    fn run_initdb(
        &self,
        directory: &Path,
        locale: &str,
        identity: &Identity,
        durability: Durability,
        log: &ServerLog,
    ) -> Result<bool, PostgresError> {
        let mut arguments: Vec<&OsStr> = vec![OsStr::new("-D"), directory.as_os_str()];
        for argument in
            ["-U", SUPERUSER, locale, "-E", "UTF8", "--data-checksums", "-A", "peer", "--no-instructions"]
        {
            arguments.push(OsStr::new(argument));
        }
        if durability == Durability::Throwaway {
            arguments.push(OsStr::new("--no-sync"));
        }
        let program = self.binaries.program("initdb");
        let task =
            Task { identity, program, arguments, log: log.writer()?, environment: Vec::new(), remove: None };
        let (sender, events) = mpsc::channel();
        let guard = Guard::start(task, sender)?;
        let outcome = events.recv();
        drop(guard);
        Ok(matches!(outcome, Ok(Event::Exited(status)) if status.success()))
    }

    fn check_owner(&self, identity: &Identity) -> Result<(), PostgresError> {
        let metadata =
            self.directory.metadata().map_err(PostgresError::system("look at", &self.directory))?;
        if metadata.uid() == identity.server_uid {
            return Ok(());
        }
        Err(PostgresError::WrongOwner {
            path: self.directory.clone(),
            owner: name_of(metadata.uid()),
            expected: identity.server.clone(),
        })
    }

    /// Writes who may connect; at every start, so that it follows the user who runs Yui.
    pub(super) fn authenticate(&self, identity: &Identity) -> Result<(), PostgresError> {
        let (rules, map) = authentication(identity);
        for (name, text) in [("pg_hba.conf", rules), ("pg_ident.conf", map)] {
            let path = self.directory.join(name);
            let fresh = self.directory.join(format!("{name}.new"));
            std::fs::write(&fresh, text).map_err(PostgresError::system("write", &fresh))?;
            std::fs::set_permissions(&fresh, std::fs::Permissions::from_mode(0o600))
                .map_err(PostgresError::system("change the mode of", &fresh))?;
            identity.hand_over(&fresh)?;
            std::fs::rename(&fresh, &path).map_err(PostgresError::system("rename", &fresh))?;
        }
        Ok(())
    }
}

/// `pg_hba.conf` and `pg_ident.conf`.
///
/// `peer` rather than `trust`: the socket directory (0700) already keeps out everybody but root and the server's user,
/// but should it ever be opened, moved or shared into a container, the kernel still vouches for the caller. No password
/// exists that could leak. The same three users may take every role because each of them could read the files anyway:
/// the roles separate parts of Yui from each other, not people.
fn authentication(identity: &Identity) -> (String, String) {
    let mut users = vec![identity.client.as_str(), identity.server.as_str(), "root"];
    users.sort_unstable();
    users.dedup();
    let roles = || std::iter::once(SUPERUSER).chain(Role::ALL.map(Role::name));
    let line = |user: &str, role: &str| format!("yui \"{user}\" {role}\n");
    let map: String = users.iter().flat_map(|user| roles().map(move |role| line(user, role))).collect();
    let note = "# Written by yui at every start; changes here are lost.\n";
    (format!("{note}local all all peer map=yui\n"), format!("{note}{map}"))
}

/// The cluster of the highest major version.
fn newest(clusters: &Path) -> Result<Option<PathBuf>, PostgresError> {
    let entries = std::fs::read_dir(clusters).map_err(PostgresError::system("list", clusters))?;
    let majors =
        entries.filter_map(Result::ok).filter_map(|entry| entry.file_name().to_str()?.parse::<u16>().ok());
    Ok(majors.max().map(|major| clusters.join(major.to_string())))
}

fn major_missing(cluster: PathBuf, written_by: String, candidates: &[Binaries]) -> PostgresError {
    let mut majors: Vec<String> = candidates.iter().map(|binaries| binaries.major.to_string()).collect();
    majors.sort_unstable();
    majors.dedup();
    let hint = install_hint(Some(&written_by));
    PostgresError::MajorMissing { cluster, written_by, installed: majors.join(", "), hint }
}

/// Copies a directory with everything in it as it is, and whose it is.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<(), PostgresError> {
    let copied = Command::new("cp").arg("-a").arg(from).arg(to).status();
    let copied = copied.and_then(|status| {
        if status.success() { Ok(()) } else { Err(io::Error::other(format!("cp: {status}"))) }
    });
    copied.map_err(PostgresError::system("copy", from))
}

/// Frees the space that interrupted ones still take. Nothing depends on it.
fn remove_leftovers(cluster: &Path) {
    let entries = cluster.parent().and_then(|clusters| std::fs::read_dir(clusters).ok());
    for entry in entries.into_iter().flatten().filter_map(Result::ok) {
        let path = entry.path();
        if path.extension().is_some_and(|extension| extension == "tmp")
            && let Err(error) = std::fs::remove_dir_all(&path)
        {
            log::warn!("an unfinished {} could not be removed: {error}", path.display());
        }
    }
}

fn sync_parent(path: &Path) -> Result<(), PostgresError> {
    let parent = path.parent().unwrap_or(path);
    File::open(parent)
        .and_then(|directory| directory.sync_all())
        .map_err(PostgresError::system("sync", parent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_users_may_take_four_roles_and_nobody_comes_by_network() {
        let identity = Identity {
            client: "root".into(),
            client_uid: 0,
            server: "postgres".into(),
            server_uid: 101,
            server_gid: 104,
        };
        let (rules, map) = authentication(&identity);
        assert_eq!(rules.lines().skip(1).collect::<Vec<_>>(), ["local all all peer map=yui"]);
        assert_eq!(map.lines().skip(1).count(), 8);
        assert!(map.contains("yui \"root\" yui_app\n") && map.contains("yui \"postgres\" yui_owner\n"));
    }
}
