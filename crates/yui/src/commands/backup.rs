//! `backup` and `restore`: database, files and keys in one directory with a manifest of hashes. A backup that
//! cannot be proven whole is not restored, and a restore never writes over anything.

use std::fmt::Write as _;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use db::private_postgres::Binaries;
use diesel::{Connection as _, PgConnection, RunQueryDsl as _};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::Stop;
use crate::config::Config;
use crate::data_dir::DataDir;
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

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    path: String,
    bytes: u64,
    sha256: String,
}

/// Writes a backup into `target`, which must not exist yet. Under a running `yui up` too: the dump is one snapshot,
/// and files are only ever added.
pub(super) fn backup(config: &Config, target: &Path) -> Result<(), Stop> {
    if target.exists() {
        return Err(Stop::bad_input(format!("{} exists already; name a new directory", target.display())));
    }
    let data = DataDir::open(&config.data).map_err(Stop::failed)?;
    let server = servers::attach_or_start(config, &data)?;
    let beside = target.with_extension("unfinished");
    let outcome = write(&data, &server.binaries()?, &server.urls.owner, &beside).and_then(|()| {
        fs::rename(&beside, target)
            .map_err(|error| Stop::failed(format!("cannot finish {}: {error}", target.display())))
    });
    server.stop()?;
    outcome?;
    super::say(&format!("backup written to {}", target.display()));
    Ok(())
}

fn write(data: &DataDir, programs: &Binaries, owner_url: &str, target: &Path) -> Result<(), Stop> {
    let fail = |what: &str, error: &dyn std::fmt::Display| Stop::failed(format!("cannot {what}: {error}"));
    fs::create_dir_all(target.join(FILES)).map_err(|error| fail("make the backup directory", &error))?;
    run(Command::new(programs.program("pg_dump"))
        .args(["--format=custom", "--no-password", "--file"])
        .arg(target.join(DATABASE))
        .arg(owner_url))?;
    copy_tree(&data.files(), &target.join(FILES)).map_err(|error| fail("copy the files", &error))?;
    let key = data.link_key().map_err(Stop::failed)?;
    fs::write(target.join(KEY), key.text()).map_err(|error| fail("copy the key", &error))?;
    let manifest = Manifest {
        yui: env!("CARGO_PKG_VERSION").to_owned(),
        written_at: kernel::clock::machine_time().to_rfc3339(),
        entries: entries(target).map_err(|error| fail("read the backup back", &error))?,
    };
    let text = serde_json::to_string_pretty(&manifest).map_err(|error| fail("write the manifest", &error))?;
    fs::write(target.join(MANIFEST), text).map_err(|error| fail("write the manifest", &error))
}

/// Restores `source` into an empty place; says what stands in the way otherwise.
pub(super) fn restore(config: &Config, source: &Path) -> Result<(), Stop> {
    let manifest = verified(source)?;
    let data = DataDir::open(&config.data).map_err(Stop::failed)?;
    if fs::read_dir(data.files()).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Stop::bad_input(format!(
            "{} already holds files; restore into an empty place",
            data.files().display()
        )));
    }
    let server = servers::attach_or_start(config, &data)?;
    let outcome = read(&data, &server.binaries()?, &server.urls.owner, source);
    server.stop()?;
    outcome?;
    super::say(&format!("restored {} files written at {}", manifest.entries.len(), manifest.written_at));
    Ok(())
}

fn read(data: &DataDir, programs: &Binaries, owner_url: &str, source: &Path) -> Result<(), Stop> {
    let mut owner = PgConnection::establish(owner_url).map_err(Stop::failed)?;
    if tables(&mut owner)? > 0 {
        return Err(Stop::bad_input(
            "the database already holds tables; restore into an empty one (another YUI_DATA)",
        ));
    }
    drop(owner);
    run(Command::new(programs.program("pg_restore"))
        .args(["--no-password", "--exit-on-error", "--single-transaction", "--dbname"])
        .arg(owner_url)
        .arg(source.join(DATABASE)))?;
    copy_tree(&source.join(FILES), &data.files())
        .map_err(|error| Stop::failed(format!("cannot copy the files: {error}")))?;
    let key =
        fs::read(source.join(KEY)).map_err(|error| Stop::failed(format!("cannot read the key: {error}")))?;
    data.write_private(KEY, &key).map_err(Stop::failed)?;
    Ok(())
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
    for entry in &manifest.entries {
        match found.iter().find(|one| one.path == entry.path) {
            None => return Err(Stop::bad_input(format!("{} is missing from the backup", entry.path))),
            Some(one) if one != entry => {
                return Err(Stop::bad_input(format!(
                    "{} differs from the manifest; the backup is damaged",
                    entry.path
                )));
            }
            Some(_) => {}
        }
    }
    Ok(manifest)
}

fn run(command: &mut Command) -> Result<(), Stop> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output =
        command.output().map_err(|error| Stop::not_ready(format!("cannot run {program}: {error}")))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Stop::failed(format!("{program}: {}", said.lines().next().unwrap_or("failed without a word"))))
}

fn copy_tree(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_tree(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// Every file below `root` but the manifest, with its size and hash, ordered by path.
fn entries(root: &Path) -> std::io::Result<Vec<Entry>> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root.join(&folder))? {
            let entry = entry?;
            let path = folder.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                folders.push(path);
            } else if path != Path::new(MANIFEST) {
                let (bytes, sha256) = hash(&entry.path())?;
                found.push(Entry { path: path.to_string_lossy().into_owned(), bytes, sha256 });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

fn hash(path: &Path) -> std::io::Result<(u64, String)> {
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
