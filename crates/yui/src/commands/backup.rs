//! `backup` and `restore`: database, files and keys in one directory with a manifest of hashes. A backup that
//! cannot be proven whole is not restored, and a restore never writes over anything.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::fs;
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use db::private_postgres::Binaries;
use diesel::{Connection as _, PgConnection, RunQueryDsl as _};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::pg_program;
use crate::Stop;
use crate::config::Config;
use crate::data_dir::{DataDir, SEALING_KEYS};
use crate::servers;

const DATABASE: &str = "database.dump";
const MANIFEST: &str = "manifest.json";
const FILES: &str = "files";
const KEY: &str = "link.key";

/// What a backup holds.
#[derive(Debug, Serialize, Deserialize)]
struct Manifest {
    /// The program that wrote it.
    yui: String,
    /// When, in UTC.
    written_at: String,
    /// Every file of the backup, in order.
    entries: Vec<Entry>,
}

impl Manifest {
    /// The uploaded files, by their paths below the store's directory.
    fn files(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().filter_map(|entry| entry.path.strip_prefix(FILES)?.strip_prefix('/'))
    }
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    path: String,
    bytes: u64,
    sha256: String,
}

/// Writes a backup into `target`, which must not exist yet. Under a running `yui up` too: the dump is one snapshot, and
/// the bytes of a file that has a row stay. Bytes without a row (an upload that is refused) may go at any time, so they
/// are copied where they can be, and what the rows need is looked for afterwards. Nobody else can read the backup: it
/// holds the key and everybody's data.
pub(super) fn backup(config: &Config, target: &Path) -> Result<(), Stop> {
    if target.exists() {
        return Err(Stop::bad_input(format!("{} exists already; name a new directory", target.display())));
    }
    let mut beside = target.as_os_str().to_owned();
    beside.push(".unfinished");
    let beside = PathBuf::from(beside);
    let parent = beside.parent().map_or(Ok(()), fs::create_dir_all);
    parent.and_then(|()| private_directory(&beside)).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => Stop::bad_input(format!(
            "{} is left from a backup that was interrupted; remove it first",
            beside.display()
        )),
        _ => Stop::failed(format!("cannot make {}: {error}", beside.display())),
    })?;
    let outcome = written(config, &beside).and_then(|missing| {
        fs::rename(&beside, target)
            .map(|()| missing)
            .map_err(|error| Stop::failed(format!("cannot finish {}: {error}", target.display())))
    });
    if outcome.is_err()
        && let Err(error) = fs::remove_dir_all(&beside)
    {
        log::warn!("{} is of no use and stays: {error}", beside.display());
    }
    let missing = outcome?;
    super::say(&format!("backup written to {}", target.display()));
    if let Some(first) = missing.first() {
        super::say(&format!(
            "{} files that people uploaded were not in the store any more and are not in the backup: {first}, …",
            missing.len()
        ));
    }
    Ok(())
}

/// Gives back the files that have a row and no bytes: what else there is must be kept all the same.
fn written(config: &Config, target: &Path) -> Result<Vec<String>, Stop> {
    let data = DataDir::open(&config.data).map_err(Stop::failed)?;
    let server = servers::attach_or_start(config, &data)?;
    let outcome = server.binaries().and_then(|programs| write(&data, &programs, &server.urls.owner, target));
    server.stop()?;
    outcome
}

fn write(data: &DataDir, programs: &Binaries, owner_url: &str, target: &Path) -> Result<Vec<String>, Stop> {
    let fail = |what: &str, error: &dyn std::fmt::Display| Stop::failed(format!("cannot {what}: {error}"));
    // Before the dump, which has these rows too: their bytes were on the disk before them.
    let mut owner = PgConnection::establish(owner_url).map_err(Stop::failed)?;
    let needed = if tables(&mut owner)? == 0 { Vec::new() } else { needed_files(&mut owner)? };
    drop(owner);
    // Made here, because pg_dump would let the group and everybody read it.
    private_file(&target.join(DATABASE)).map_err(|error| fail("make the dump", &error))?;
    let mut dump = Command::new(programs.program("pg_dump"));
    dump.args(["--format=custom", "--no-password", "--file"]).arg(target.join(DATABASE));
    pg_program::run(dump, owner_url)?;
    let files = data.make_files().map_err(Stop::failed)?;
    copy_tree(&files, &target.join(FILES)).map_err(|error| fail("copy the files", &error))?;
    let key = data.link_key().map_err(Stop::failed)?;
    write_private(&target.join(KEY), key.text().as_bytes()).map_err(|error| fail("copy the key", &error))?;
    let keys = data.sealing_text().map_err(Stop::failed)?;
    write_private(&target.join(SEALING_KEYS), keys.as_bytes())
        .map_err(|error| fail("copy the sealing keys", &error))?;
    let manifest = Manifest {
        yui: env!("CARGO_PKG_VERSION").to_owned(),
        written_at: kernel::clock::machine_time().to_rfc3339(),
        entries: entries(target).map_err(|error| fail("read the backup back", &error))?,
    };
    let text = serde_json::to_string_pretty(&manifest).map_err(|error| fail("write the manifest", &error))?;
    write_private(&target.join(MANIFEST), text.as_bytes())
        .map_err(|error| fail("write the manifest", &error))?;
    let copied: HashSet<&str> = manifest.files().collect();
    Ok(needed.into_iter().filter(|path| !copied.contains(path.as_str())).collect())
}

fn needed_files(owner: &mut PgConnection) -> Result<Vec<String>, Stop> {
    files::paths(owner).map_err(Stop::failed)
}

/// Restores `source` into an empty place; says what stands in the way otherwise.
///
/// Everything that can be taken back comes first, the database last, in one transaction. Until it is there, a marker
/// names the files that a restore puts there, so that the next one may take these away, and no other command works in
/// the place.
pub(super) fn restore(config: &Config, source: &Path) -> Result<(), Stop> {
    let manifest = verified(source)?;
    let data = DataDir::open_to_restore(&config.data).map_err(Stop::failed)?;
    let server = servers::attach_or_start(config, &data)?;
    let outcome =
        server.binaries().and_then(|programs| read(&data, &programs, &server.urls.owner, source, &manifest));
    server.stop()?;
    outcome?;
    super::say(&format!("restored {} files written at {}", manifest.entries.len(), manifest.written_at));
    Ok(())
}

fn read(
    data: &DataDir,
    programs: &Binaries,
    owner_url: &str,
    source: &Path,
    manifest: &Manifest,
) -> Result<(), Stop> {
    let fail = |what: &str, error: &dyn std::fmt::Display| Stop::failed(format!("cannot {what}: {error}"));
    let mut owner = PgConnection::establish(owner_url).map_err(Stop::failed)?;
    if tables(&mut owner)? > 0 {
        return Err(database_is_taken(data));
    }
    drop(owner);
    empty_files(data)?;
    let listed: Vec<&str> = manifest.files().collect();
    data.begin_restore(&listed).map_err(Stop::failed)?;
    for below in listed {
        let (from, to) = (source.join(FILES).join(below), data.files().join(below));
        copy_private(&from, &to).map_err(|error| fail("copy the files", &error))?;
    }
    let key = fs::read(source.join(KEY)).map_err(|error| fail("read the key", &error))?;
    data.write_private(KEY, &key).map_err(Stop::failed)?;
    // A backup from before bank details were kept has none.
    let keys = source.join(SEALING_KEYS);
    if keys.exists() {
        let keys = fs::read(keys).map_err(|error| fail("read the sealing keys", &error))?;
        data.write_private(SEALING_KEYS, &keys).map_err(Stop::failed)?;
    }
    let mut reader = Command::new(programs.program("pg_restore"));
    reader.args(["--no-password", "--exit-on-error", "--single-transaction"]).arg(source.join(DATABASE));
    pg_program::run(reader, owner_url)?;
    data.end_restore().map_err(Stop::failed)
}

/// The database comes last and in one transaction: where an interrupted restore has filled it, nothing is missing.
fn database_is_taken(data: &DataDir) -> Stop {
    let taken = "the database already holds tables; restore into an empty one (another YUI_DATA)";
    let marker = data.restore_marker();
    if !marker.exists() {
        return Stop::bad_input(taken);
    }
    Stop::bad_input(format!(
        "{taken}; or, if they are those of the restore that was interrupted here, everything is there: remove {}",
        marker.display()
    ))
}

/// Makes sure that no files lie in the place: those that a restore which failed has put there go, anything else is
/// somebody's and stays.
fn empty_files(data: &DataDir) -> Result<(), Stop> {
    let files = data.make_files().map_err(Stop::failed)?;
    let fail = |error: io::Error| Stop::failed(format!("cannot empty {}: {error}", files.display()));
    let found = paths(&files).map_err(fail)?;
    let put = data.unfinished_restore().map_err(Stop::failed)?.unwrap_or_default();
    if let Some(strange) = found.iter().find(|path| !put.contains(path.to_string_lossy().as_ref())) {
        return Err(Stop::bad_input(format!(
            "{} already holds files that no restore put there ({}); restore into an empty place",
            files.display(),
            strange.display()
        )));
    }
    if found.is_empty() {
        return Ok(());
    }
    log::info!("taking away what an unfinished restore left in {}", files.display());
    fs::remove_dir_all(&files).and_then(|()| private_directory(&files)).map_err(fail)
}

fn tables(owner: &mut PgConnection) -> Result<i64, Stop> {
    #[derive(diesel::QueryableByName)]
    struct Count {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        count: i64,
    }
    let count: Count =
        diesel::sql_query("SELECT count(*) AS count FROM pg_tables WHERE schemaname = 'public'")
            .get_result(owner)
            .map_err(Stop::failed)?;
    Ok(count.count)
}

/// The manifest, after every file has been compared with it.
fn verified(source: &Path) -> Result<Manifest, Stop> {
    let path = source.join(MANIFEST);
    let text = fs::read_to_string(&path)
        .map_err(|error| Stop::bad_input(format!("cannot read {}: {error}", path.display())))?;
    let manifest: Manifest = serde_json::from_str(&text)
        .map_err(|error| Stop::bad_input(format!("{} is damaged: {error}", path.display())))?;
    let found = entries(source)
        .map_err(|error| Stop::bad_input(format!("cannot read {}: {error}", source.display())))?;
    match difference(&manifest.entries, &found) {
        Some(problem) => Err(Stop::bad_input(problem)),
        None => Ok(manifest),
    }
}

/// What keeps the files that were found from being exactly those of the manifest.
fn difference(listed: &[Entry], found: &[Entry]) -> Option<String> {
    for needed in [DATABASE, KEY] {
        if !listed.iter().any(|entry| entry.path == needed) {
            return Some(format!("the manifest does not list {needed}; this is no whole backup"));
        }
    }
    let by_path: HashMap<&str, &Entry> = found.iter().map(|one| (one.path.as_str(), one)).collect();
    for entry in listed {
        match by_path.get(entry.path.as_str()) {
            None => return Some(format!("{} is missing from the backup", entry.path)),
            Some(one) if *one != entry => {
                return Some(format!("{} differs from the manifest; the backup is damaged", entry.path));
            }
            Some(_) => {}
        }
    }
    let known: HashSet<&str> = listed.iter().map(|entry| entry.path.as_str()).collect();
    let strange = found.iter().find(|one| !known.contains(one.path.as_str()));
    strange.map(|one| format!("{} is not in the manifest; somebody changed the backup", one.path))
}

/// Copies what is complete and still there: the store writes into a staging file (`KEY#1`) that may vanish at any time,
/// and takes away what gets no row.
fn copy_tree(from: &Path, to: &Path) -> io::Result<()> {
    private_directory(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        if entry.file_name().as_encoded_bytes().contains(&b'#') {
            continue;
        }
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_tree(&entry.path(), &target)?;
        } else {
            copy_if_there(&entry.path(), &target)?;
        }
    }
    Ok(())
}

fn copy_if_there(from: &Path, to: &Path) -> io::Result<()> {
    match fs::File::open(from) {
        Ok(file) => copy_open(file, to),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

fn private_directory(path: &Path) -> io::Result<()> {
    fs::DirBuilder::new().mode(0o700).create(path)
}

fn private_file(path: &Path) -> io::Result<fs::File> {
    fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = private_file(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Copies one file into a place that only its owner can look into, and onto the disk.
fn copy_private(from: &Path, to: &Path) -> io::Result<()> {
    copy_open(fs::File::open(from)?, to)
}

fn copy_open(mut from: fs::File, to: &Path) -> io::Result<()> {
    if let Some(folder) = to.parent() {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let mut copy = private_file(to)?;
    io::copy(&mut from, &mut copy)?;
    copy.sync_all()
}

/// Every file below `root` but the manifest, with its size and hash, ordered by path.
fn entries(root: &Path) -> io::Result<Vec<Entry>> {
    let listed = paths(root)?.into_iter().filter(|path| path != Path::new(MANIFEST));
    let mut found = Vec::new();
    for path in listed {
        let (bytes, sha256) = hash(&root.join(&path))?;
        found.push(Entry { path: path.to_string_lossy().into_owned(), bytes, sha256 });
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// Every file below `root`, by its path from there.
fn paths(root: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root.join(&folder))? {
            let entry = entry?;
            let path = folder.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    Ok(found)
}

fn hash(path: &Path) -> io::Result<(u64, String)> {
    let mut file = fs::File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    let mut bytes = 0;
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        bytes += u64::try_from(read).unwrap_or(0);
        hasher.update(buffer.get(..read).unwrap_or_default());
    }
    let hex = hasher.finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    Ok((bytes, hex))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(path: &str) -> Entry {
        Entry { path: path.to_owned(), bytes: 1, sha256: "00".to_owned() }
    }

    #[test]
    fn a_backup_holds_exactly_what_its_manifest_lists() {
        let whole = || vec![entry(DATABASE), entry("files/1/a"), entry(KEY)];
        assert_eq!(difference(&whole(), &whole()), None);
        let problem = |listed: Vec<Entry>, found: Vec<Entry>| difference(&listed, &found).unwrap();
        assert!(problem(Vec::new(), Vec::new()).contains("does not list database.dump"));
        assert!(problem(vec![entry(DATABASE)], whole()).contains("does not list link.key"));
        assert!(problem(whole(), vec![entry(DATABASE), entry(KEY)]).contains("files/1/a is missing"));
        let mut more = whole();
        more.push(entry("files/1/b"));
        assert!(problem(whole(), more).contains("files/1/b is not in the manifest"));
        let mut other = whole();
        other[1].sha256 = "01".to_owned();
        assert!(problem(whole(), other).contains("files/1/a differs"));
    }

    #[test]
    fn what_is_not_kept_stays_behind_and_copies_are_private() {
        use std::os::unix::fs::PermissionsExt as _;
        let scratch = tempfile::tempdir().unwrap();
        let (from, to) = (scratch.path().join("files"), scratch.path().join("copy"));
        fs::create_dir_all(from.join("1/ab")).unwrap();
        fs::write(from.join("1/ab/abcd"), "whole").unwrap();
        fs::write(from.join("1/ab/abcd#1"), "half").unwrap();
        // A link to nothing stands for a refused upload that is taken away between looking and copying.
        std::os::unix::fs::symlink("gone", from.join("1/ab/abce")).unwrap();
        copy_tree(&from, &to).unwrap();
        let found = entries(&to).unwrap();
        assert_eq!(found.iter().map(|entry| entry.path.as_str()).collect::<Vec<_>>(), ["1/ab/abcd"]);
        for (path, mode) in [("", 0o700), ("1", 0o700), ("1/ab", 0o700), ("1/ab/abcd", 0o600)] {
            let found = fs::metadata(to.join(path)).unwrap().permissions().mode();
            assert_eq!(found & 0o777, mode, "{path}");
        }
    }
}
