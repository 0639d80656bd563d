//! The data directory: made, checked and locked before anything of Postgres is started in it.
//!
//! ```text
//! <data>/yui.lock       held by the one running yui (root:postgres 0710 around it when root)
//! <data>/postgres.log   what the server says
//! <data>/pg/<major>/    the cluster, of the server's user, 0700
//! <data>/run/           the unix socket, of the server's user, 0700
//! ```
//! Only these are ever created, chowned or removed here.

use std::fs::{DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::FlockOperation;

use super::Durability;
use super::error::PostgresError;
use super::identity::{Identity, name_of};

/// Less free space than this and the server is not started: a full disk stops it in the middle of work.
const NEEDED_BYTES: u64 = 200_000_000;
/// Postgres's own limit is 1024 bytes for the longest file name below.
const LONGEST_PATH_BYTES: usize = 700;
/// The kernel's limit is 103 bytes on macOS and 107 on Linux.
const LONGEST_SOCKET_BYTES: usize = 100;
/// What Postgres appends to the socket directory.
const SOCKET_NAME: &str = "/.s.PGSQL.5432";

/// A data directory that this process owns until it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    /// Absolute, without symbolic links.
    pub(super) data: PathBuf,
    _lock: File,
}

impl Place {
    /// Makes, checks and locks the directory.
    pub(super) fn take(
        data: &Path,
        durability: Durability,
        identity: &Identity,
    ) -> Result<Place, PostgresError> {
        let data = usable(data)?;
        create(&data)?;
        let data = data.canonicalize().map_err(PostgresError::system("resolve", &data))?;
        check_owner(&data, &[identity.client_uid, identity.server_uid], identity)?;
        if durability == Durability::Throwaway {
            check_empty(&data)?;
        }
        let_server_in(&data, durability, identity)?;
        check_space(&data, NEEDED_BYTES)?;
        let lock = lock(&data)?;
        Ok(Place { data, _lock: lock })
    }

    /// The directory of the clusters, one per major version, made if need be.
    pub(super) fn clusters(&self, identity: &Identity) -> Result<PathBuf, PostgresError> {
        let directory = self.data.join("pg");
        make_private(&directory, identity)?;
        Ok(directory)
    }

    /// The directory of the socket, made if need be: inside the data directory, or a short one under `/tmp`.
    ///
    /// Only root and the server's user can enter it (0700), and that is the first of two doors; the second is `peer`
    /// authentication, which asks the kernel who is calling (see `cluster::authentication`).
    pub(super) fn sockets(&self, identity: &Identity) -> Result<PathBuf, PostgresError> {
        let inside = self.data.join("run");
        let bytes = inside.as_os_str().as_bytes();
        // libpq reads a comma as "another host", PostgreSQL as "another directory".
        if bytes.len() + SOCKET_NAME.len() <= LONGEST_SOCKET_BYTES
            && !bytes.contains(&b',')
            && !bytes.contains(&b'"')
        {
            make_private(&inside, identity)?;
            return Ok(inside);
        }
        let short = PathBuf::from(format!("/tmp/yui-{:016x}", fingerprint(self.data.as_os_str().as_bytes())));
        make_in_public(&short, identity)?;
        Ok(short)
    }
}

/// Refuses what Postgres or its files could not express.
fn usable(data: &Path) -> Result<PathBuf, PostgresError> {
    let data = std::path::absolute(data).map_err(PostgresError::system("resolve", data))?;
    let refuse = |reason| Err(PostgresError::PathUnusable { path: data.clone(), reason });
    match data.to_str() {
        None => refuse("its name is not valid UTF-8"),
        Some(text) if text.chars().any(char::is_control) => refuse("its name holds control characters"),
        Some(text) if text.len() > LONGEST_PATH_BYTES => refuse("its path is longer than 700 bytes"),
        Some(_) => Ok(data),
    }
}

fn create(data: &Path) -> Result<(), PostgresError> {
    if data.is_dir() {
        return Ok(());
    }
    let made = data.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| private_directory(data));
    made.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory => {
            PostgresError::NotADirectory { path: data.to_path_buf() }
        }
        io::ErrorKind::InvalidFilename => {
            PostgresError::PathUnusable { path: data.to_path_buf(), reason: "its name is too long" }
        }
        _ => PostgresError::system("create", data)(error),
    })
}

fn private_directory(path: &Path) -> io::Result<()> {
    DirBuilder::new().mode(0o700).create(path)
}

fn check_owner(path: &Path, accepted: &[u32], identity: &Identity) -> Result<(), PostgresError> {
    let metadata = path.symlink_metadata().map_err(PostgresError::system("look at", path))?;
    if accepted.contains(&metadata.uid()) {
        return Ok(());
    }
    let expected = accepted.first().map_or_else(|| identity.server.clone(), |user_id| name_of(*user_id));
    Err(PostgresError::WrongOwner { path: path.to_path_buf(), owner: name_of(metadata.uid()), expected })
}

fn check_empty(data: &Path) -> Result<(), PostgresError> {
    let mut entries = std::fs::read_dir(data).map_err(PostgresError::system("list", data))?;
    match entries.next() {
        None => Ok(()),
        Some(_) => Err(PostgresError::ThrowawayNotEmpty { path: data.to_path_buf() }),
    }
}

/// As root: a throwaway directory is given to the server's user whole, so that its guard can delete it; a durable one
/// stays root's, and the server's group may pass through without looking around.
fn let_server_in(data: &Path, durability: Durability, identity: &Identity) -> Result<(), PostgresError> {
    if durability == Durability::Throwaway {
        identity.hand_over(data)?;
    }
    match identity.first_closed(data) {
        Some(blocked) if blocked == data => {
            let metadata = data.metadata().map_err(PostgresError::system("look at", data))?;
            std::os::unix::fs::chown(data, None, Some(identity.server_gid))
                .map_err(PostgresError::system("hand over", data))?;
            std::fs::set_permissions(data, Permissions::from_mode(metadata.mode() & 0o7777 | 0o010))
                .map_err(PostgresError::system("change the mode of", data))?;
        }
        _ => {}
    }
    match identity.first_closed(data) {
        None => Ok(()),
        Some(blocked) => {
            let user = identity.server.clone();
            Err(PostgresError::NotTraversable { path: data.to_path_buf(), blocked, user })
        }
    }
}

fn check_space(data: &Path, needed_bytes: u64) -> Result<(), PostgresError> {
    let system = rustix::fs::statvfs(data)
        .map_err(|error| PostgresError::system("measure the free space of", data)(error.into()))?;
    let free_bytes = system.f_bavail.saturating_mul(system.f_frsize);
    if free_bytes >= needed_bytes {
        return Ok(());
    }
    let (free_megabytes, needed_megabytes) = (free_bytes / 1_000_000, needed_bytes / 1_000_000);
    Err(PostgresError::DiskFull { path: data.to_path_buf(), free_megabytes, needed_megabytes })
}

/// The lock lives as long as the file is open, so even a `kill -9` releases it; the number inside is for people.
fn lock(data: &Path) -> Result<File, PostgresError> {
    let path = data.join("yui.lock");
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&path)
        .map_err(PostgresError::system("open", &path))?;
    match rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => {}
        Err(rustix::io::Errno::WOULDBLOCK) => {
            let mut holder = String::new();
            // Only a courtesy: an unreadable number must not hide the message.
            let _ = file.read_to_string(&mut holder);
            let process_id =
                if holder.trim().is_empty() { "unknown".to_owned() } else { holder.trim().to_owned() };
            return Err(PostgresError::AlreadyRunning { process_id, data: data.to_path_buf() });
        }
        Err(error) => return Err(PostgresError::system("lock", &path)(error.into())),
    }
    file.set_len(0)
        .and_then(|()| writeln!(file, "{}", std::process::id()))
        .map_err(PostgresError::system("write", &path))?;
    Ok(file)
}

/// A directory below the data directory that belongs to the server's user alone.
fn make_private(path: &Path, identity: &Identity) -> Result<(), PostgresError> {
    match private_directory(path) {
        Ok(()) => identity.hand_over(path),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            check_owner(path, &[identity.server_uid, identity.client_uid], identity)?;
            identity.hand_over(path)
        }
        Err(error) => Err(PostgresError::system("create", path)(error)),
    }
}

/// A directory in a place where anybody may create one: taken only if it is ours and closed to others.
fn make_in_public(path: &Path, identity: &Identity) -> Result<(), PostgresError> {
    match private_directory(path) {
        Ok(()) => return identity.hand_over(path),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(PostgresError::system("create", path)(error)),
    }
    // Not following links: a link is somebody's trick.
    let metadata = path.symlink_metadata().map_err(PostgresError::system("look at", path))?;
    let ours = [identity.server_uid, identity.client_uid].contains(&metadata.uid());
    let open_to_others = metadata.mode() & 0o077;
    if metadata.is_dir() && ours && open_to_others == 0 {
        identity.hand_over(path)
    } else {
        Err(PostgresError::SocketDirectory { path: path.to_path_buf() })
    }
}

/// FNV-1a: the same in every build, unlike the standard library's hasher.
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_little_space_names_both_figures() {
        let error = check_space(Path::new("/"), u64::MAX).unwrap_err();
        assert!(
            error.to_string().contains(" MB are free where / lives, and 18446744073709 MB are needed"),
            "{error}"
        );
    }

    #[test]
    fn unusable_paths_are_refused_before_anything_is_made() {
        let long = format!("/tmp/{}", "a".repeat(800));
        for (path, reason) in [(long.as_str(), "longer than 700 bytes"), ("/tmp/a\nb", "control characters")]
        {
            let error = usable(Path::new(path)).unwrap_err().to_string();
            assert!(error.contains(reason) && error.contains("--data"), "{error}");
        }
        let error = create(Path::new(&format!("/tmp/{}", "a".repeat(300)))).unwrap_err().to_string();
        assert!(error.contains("its name is too long"), "{error}");
        let error = create(Path::new("/etc/passwd/yui")).unwrap_err().to_string();
        assert_eq!(error, "/etc/passwd/yui is not a directory: choose another place with --data");
        assert!(create(Path::new("/etc/passwd")).unwrap_err().to_string().contains("is not a directory"));
    }

    #[test]
    fn a_link_or_an_open_directory_in_tmp_is_not_taken() {
        let identity = Identity::current().unwrap();
        let path = std::env::temp_dir().join(format!("yui-place-{}", std::process::id()));
        std::os::unix::fs::symlink("/", &path).unwrap();
        assert!(matches!(make_in_public(&path, &identity), Err(PostgresError::SocketDirectory { .. })));
        std::fs::remove_file(&path).unwrap();
        std::fs::create_dir(&path).unwrap();
        std::fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
        assert!(matches!(make_in_public(&path, &identity), Err(PostgresError::SocketDirectory { .. })));
        std::fs::set_permissions(&path, Permissions::from_mode(0o700)).unwrap();
        assert!(make_in_public(&path, &identity).is_ok());
        std::fs::remove_dir(&path).unwrap();
    }

    #[test]
    fn fingerprints_are_stable() {
        assert_eq!(fingerprint("/var/lib/yui".as_bytes()), fingerprint("/var/lib/yui".as_bytes()));
        assert_eq!(fingerprint(b"a"), 0xaf63_dc4c_8601_ec8c);
    }
}
