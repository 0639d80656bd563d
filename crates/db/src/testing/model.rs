//! The model of every test's server: a cluster whose databases hold every migration and nothing else. The first test program
//! that needs it prepares it beside the build, and all others of the same migrations copy it; making a new one for each took
//! each of them several seconds.
//!
//! Invariant: a model is that of the migrations as they are (its name is their fingerprint), whole (it gets that name when it
//! is), and of a server that was stopped cleanly.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use super::{TEMPLATE, migrate, migrations_folder};
use crate::private_postgres::{DATABASE, PrivatePostgres, Role, Search, Settings, copy, find_binaries};

/// The cluster that a test's server begins as a copy of. It stays as long as this process lives: whoever prepares another
/// waits until then.
pub(super) fn cluster() -> PathBuf {
    static HELD: OnceLock<(PathBuf, File)> = OnceLock::new();
    HELD.get_or_init(held).0.clone()
}

/// Makes `data`, in which nothing of a server is yet, begin like a Yui that has migrated and has no town.
pub fn begin_migrated(data: &Path) {
    let cluster = cluster();
    let clusters = data.join("pg");
    std::fs::create_dir_all(&clusters).expect("a test's place can be written to");
    let name = cluster.file_name().expect("a cluster has a name");
    copy(&cluster, &clusters.join(name)).expect("a test's place can be written to");
}

fn held() -> (PathBuf, File) {
    let found = find_binaries(&Search::system()).expect("PostgreSQL is installed");
    let major = found.first().expect("PostgreSQL is installed").major;
    let models = beside_the_build().join("server-models");
    std::fs::create_dir_all(&models).expect("the build's folder can be written to");
    let lock = File::create(models.join("lock")).expect("the build's folder can be written to");
    let model = models.join(format!("{:016x}-{}", fingerprint(), rustix::process::getuid().as_raw()));
    let cluster = model.join(major.to_string());
    lock.lock_shared().expect("a file can be locked");
    if !cluster.exists() {
        // Others may have begun to wait for the same.
        lock.unlock().and_then(|()| lock.lock()).expect("a file can be locked");
        if !cluster.exists() {
            remove_others(&models);
            std::fs::create_dir_all(&model).expect("the build's folder can be written to");
            prepare(&cluster, major);
        }
        lock.unlock().and_then(|()| lock.lock_shared()).expect("a file can be locked");
    }
    (cluster, lock)
}

/// `target/debug` of `target/debug/deps/sales-0123456789abcdef`.
fn beside_the_build() -> PathBuf {
    let program = std::env::current_exe().expect("a program knows where it lies");
    program.ancestors().nth(2).expect("a test program lies two folders deep").to_owned()
}

/// Models of migrations that have changed since are of no use to anybody.
fn remove_others(models: &Path) {
    let entries = std::fs::read_dir(models).expect("the build's folder can be read");
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()).filter(|path| path.is_dir()) {
        std::fs::remove_dir_all(&path).expect("the build's folder can be written to");
    }
}

fn prepare(cluster: &Path, major: u16) {
    let place = std::env::temp_dir().join(format!("yui-test-model-{}", std::process::id()));
    let quick = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"].map(str::to_owned).to_vec();
    let settings = Settings { options: quick, ..Settings::durable(place.clone(), 20) };
    let postgres = PrivatePostgres::start(settings).expect("a PostgreSQL starts");
    migrate(&postgres.owner_url());
    let elsewhere = postgres.connection().url_of(Role::Owner, "template1");
    PgConnection::establish(&elsewhere)
        .expect("the server answers")
        .batch_execute(&format!("CREATE DATABASE {TEMPLATE} TEMPLATE {DATABASE}"))
        .expect("the owner may create databases");
    postgres.stop().expect("the server stops");
    let unfinished = cluster.with_extension("unfinished");
    copy(&place.join("pg").join(major.to_string()), &unfinished)
        .expect("the build's folder can be written to");
    std::fs::rename(&unfinished, cluster).expect("the build's folder can be written to");
    std::fs::remove_dir_all(&place).expect("a test's place can be removed");
}

/// FNV-1a of every migration's name and text.
fn fingerprint() -> u64 {
    let mut folders: Vec<PathBuf> = std::fs::read_dir(migrations_folder())
        .expect("migrations/ is at the top of the workspace")
        .map(|entry| entry.expect("migrations/ can be read").path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    let texts = folders.iter().flat_map(|folder| {
        let name = folder.file_name().unwrap_or_default().as_encoded_bytes().to_owned();
        let read = |file| std::fs::read(folder.join(file)).unwrap_or_default();
        [name, read("up.sql"), read("metadata.toml")]
    });
    texts
        .flatten()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
