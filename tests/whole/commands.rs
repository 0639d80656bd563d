//! The other commands: what they print, and how they refuse.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use db::private_postgres::{PrivatePostgres, Settings};
use diesel::prelude::*;
use diesel::sql_types::Text;
use encoding_rs::{EUC_JP, SHIFT_JIS};

use super::browser::register::row;
use super::world::{Person, Process, Scratch, command, yui};

pub(super) fn run(data: &Path, arguments: &[&str]) -> Output {
    Command::new(yui()).args(arguments).env("YUI_DATA", data).env_remove("DATABASE_URL").output().unwrap()
}

pub(super) fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

fn lines(owner: &mut PgConnection, sql: &str) -> Vec<String> {
    let rows: Vec<Line> = diesel::sql_query(sql).load(owner).unwrap();
    rows.into_iter().map(|row| row.line).collect()
}

/// Every table with how many rows it has and a digest of them, and where every sequence stands.
fn rows(data: &Path) -> Vec<String> {
    let server = PrivatePostgres::start(Settings::durable(data.to_owned(), 20)).unwrap();
    let mut owner = PgConnection::establish(&server.owner_url()).unwrap();
    let tables = lines(
        &mut owner,
        "SELECT quote_ident(tablename)::text AS line FROM pg_tables WHERE schemaname = 'public' ORDER BY 1",
    );
    let mut found: Vec<String> = tables
        .iter()
        .flat_map(|table| {
            let digest = format!(
                "SELECT format('{table} %s %s', count(*), md5(string_agg(t::text, E'\\n' ORDER BY t::text))) AS line \
                 FROM {table} t"
            );
            lines(&mut owner, &digest)
        })
        .collect();
    found.extend(lines(
        &mut owner,
        "SELECT format('%s %s', sequencename, last_value) AS line FROM pg_sequences ORDER BY 1",
    ));
    drop(owner);
    server.stop().unwrap();
    found
}

/// Every file below `folder` with its bytes.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path.strip_prefix(folder).unwrap().to_owned(), std::fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// Asserts that nobody but the owner can look into `folder`.
fn assert_private(folder: &Path) {
    let output = Command::new("find").arg(folder).args(["-perm", "/077"]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
}

/// A demo with an uploaded file, stopped; and a backup that was made while it ran.
fn source(scratch: &Scratch) -> PathBuf {
    let process = Process::start(&["up", "--demo"], &scratch.0);
    process.wait_for("Ctrl-C stops everything");
    let token = command(&scratch.0, &["token", "demo", "worker@demo.example", "--write"]);
    let uploaded = Person::at(&process.base).upload(&token, "one", "edge", "本文です。\n");
    assert_eq!(uploaded.status, 201, "{}", uploaded.body);
    let folder = scratch.0.join("while it ran");
    let written = run(&scratch.0, &["backup", folder.to_str().unwrap()]);
    assert!(written.status.success(), "{}", said(&written));
    assert!(!said(&written).contains("not in the store"), "{}", said(&written));
    process.stop();
    folder
}

#[test]
fn a_backup_says_which_uploads_the_store_has_lost() {
    let scratch = Scratch::with_demo("lost");
    source(&scratch);
    let kept = files(&scratch.0.join("files"));
    let uploaded = kept.iter().find(|(_, bytes)| *bytes == "本文です。\n".as_bytes()).unwrap().0;
    std::fs::remove_file(scratch.0.join("files").join(uploaded)).unwrap();
    let written = run(&scratch.0, &["backup", scratch.0.join("after").to_str().unwrap()]);
    assert!(written.status.success(), "{}", said(&written));
    assert!(
        said(&written).contains(&format!(
            "1 files that people uploaded were not in the store any more and \
         are not in the backup: {}",
            uploaded.display()
        )),
        "{}",
        said(&written)
    );
}

#[test]
fn a_backup_restores_into_an_empty_place_and_nowhere_else() {
    let (source_place, target) = (Scratch::with_demo("backup"), Scratch::new("restore"));
    let live = source(&source_place);
    assert_private(&live);
    let folder = source_place.0.join("a backup");
    command(&source_place.0, &["backup", folder.to_str().unwrap()]);
    assert_private(&folder);
    let refused = run(&source_place.0, &["backup", folder.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));

    command(&target.0, &["restore", folder.to_str().unwrap()]);
    let (here, there) = (rows(&source_place.0), rows(&target.0));
    assert!(here.len() > 40, "{here:?}");
    assert_eq!(here, there);
    let (here, there) = (files(&source_place.0.join("files")), files(&target.0.join("files")));
    assert!(here.values().any(|bytes| bytes == "本文です。\n".as_bytes()), "{:?}", here.keys());
    assert_eq!(here, there);
    assert_private(&target.0.join("files"));
    let key = |place: &Scratch| std::fs::read(place.0.join("link.key")).unwrap();
    assert_eq!(key(&source_place), key(&target));
    assert!(!target.0.join("restore.unfinished").exists());

    let refused = run(&target.0, &["restore", folder.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
    assert_eq!(files(&target.0.join("files")), there);
    what_is_not_whole_is_refused_and_a_failure_can_be_repeated(&folder, &live);
}

fn what_is_not_whole_is_refused_and_a_failure_can_be_repeated(folder: &Path, live: &Path) {
    let place = Scratch::new("repeated");
    let restore = |folder: &Path| run(&place.0, &["restore", folder.to_str().unwrap()]);
    std::fs::write(folder.join("files/more"), "smuggled").unwrap();
    let strange = restore(folder);
    assert!(said(&strange).contains("files/more is not in the manifest"), "{}", said(&strange));
    std::fs::remove_file(folder.join("files/more")).unwrap();
    std::fs::write(folder.join("link.key"), "another").unwrap();
    let damaged = restore(folder);
    assert!(said(&damaged).contains("link.key differs from the manifest"), "{}", said(&damaged));
    assert!(!place.0.exists() || files(&place.0).is_empty(), "nothing was written before");

    // Whole by its manifest, but the database does not take it: the very last step fails.
    let manifest = live.join("manifest.json");
    let (listed, dump) = (std::fs::read_to_string(&manifest).unwrap(), live.join("database.dump"));
    let bytes = std::fs::read(&dump).unwrap();
    let mut listing: serde_json::Value = serde_json::from_str(&listed).unwrap();
    let entries = listing["entries"].as_array_mut().unwrap();
    let entry = entries.iter_mut().find(|entry| entry["path"] == "database.dump").unwrap();
    entry["bytes"] = 0.into();
    entry["sha256"] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855".into();
    std::fs::write(&dump, "").unwrap();
    std::fs::write(&manifest, listing.to_string()).unwrap();
    let failed = restore(live);
    assert_eq!(failed.status.code(), Some(1), "{}", said(&failed));
    assert!(!files(&place.0.join("files")).is_empty(), "the files were there first");
    for (other, code) in [("migrate", 1), ("serve", 1), ("doctor", 3)] {
        let refused = run(&place.0, &[other]);
        assert_eq!(refused.status.code(), Some(code), "{other}: {}", said(&refused));
        assert!(said(&refused).contains("run `yui restore` again"), "{other}: {}", said(&refused));
    }
    std::fs::write(&dump, bytes).unwrap();
    std::fs::write(&manifest, listed).unwrap();
    let strange = place.0.join("files/uploaded meanwhile");
    std::fs::write(&strange, "本文").unwrap();
    let refused = restore(live);
    assert!(said(&refused).contains("uploaded meanwhile"), "{}", said(&refused));
    assert_eq!(std::fs::read_to_string(&strange).unwrap(), "本文", "what no restore put there stays");
    std::fs::remove_file(&strange).unwrap();
    let repeated = restore(live);
    assert!(repeated.status.success(), "{}", said(&repeated));
    assert_eq!(files(&place.0.join("files")), files(&live.join("files")));
}

#[test]
fn a_file_that_is_no_register_is_refused_with_a_reason_and_nothing_of_it_is_kept() {
    let scratch = Scratch::migrated("import");
    let server = PrivatePostgres::start(Settings::durable(scratch.0.clone(), 20)).unwrap();
    let whole = ["株式会社結試験一", "株式会社結試験二"].map(|name| row(name, &[]) + "\r\n").concat();
    let cp932 = SHIFT_JIS.encode(&whole).0.into_owned();
    let long = [&cp932[..], &b"1".repeat(4 << 20)[..]].concat();
    let cases = [
        ("empty", Vec::new(), "empty"),
        ("columns", b"a,b,c\n".to_vec(), "line 1"),
        (
            "utf16",
            whole.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            "line 1: the file is encoded in UTF-16LE",
        ),
        ("euc", EUC_JP.encode(&whole).0.into_owned(), "line 1: the file is encoded in EUC-JP"),
        ("cut", cp932[..cp932.len() - 20].to_vec(), "breaks off in its last line: download it again (line 2"),
        ("long", long, "line 3 is longer than"),
    ];
    let refused = |file: &Path, expected: &str| {
        let output = run(&scratch.0, &["import", "registry", file.to_str().unwrap()]);
        let told = said(&output);
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(told.contains(expected), "{told}");
        assert_eq!(told.lines().filter(|line| line.starts_with("yui: ")).count(), 1, "{told}");
    };
    for (name, bytes, expected) in cases {
        let file = scratch.0.join(format!("{name}.csv"));
        std::fs::write(&file, bytes).unwrap();
        refused(&file, expected);
    }
    refused(&scratch.0, "is a directory");
    let mut owner = PgConnection::establish(&server.owner_url()).unwrap();
    let kept = "SELECT 'import' AS line FROM registry_imports UNION ALL SELECT name AS line FROM registry_companies \
        UNION ALL SELECT 'version' AS line FROM registry_versions";
    assert_eq!(lines(&mut owner, kept), Vec::<String>::new());
    drop(owner);
    server.stop().unwrap();
}

#[test]
fn a_public_address_without_a_relay_is_refused_before_anything_starts() {
    let scratch = Scratch::new("relay");
    let output = Command::new(yui())
        .arg("up")
        .env("YUI_DATA", &scratch.0)
        .env("YUI_BASE_URL", "https://yui.example.jp")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(said(&output).contains("YUI_SMTP_HOST"), "{}", said(&output));
}

#[test]
fn the_api_description_is_the_reviewed_one() {
    let reviewed = include_str!("../openapi.json");
    assert_eq!(
        web::openapi().trim(),
        reviewed.trim(),
        "run `yui openapi > tests/openapi.json` and review the change"
    );
    let printed = run(Path::new("/nowhere"), &["openapi"]);
    assert!(printed.status.success(), "{}", said(&printed));
    assert_eq!(String::from_utf8_lossy(&printed.stdout).trim(), reviewed.trim());
}

#[test]
fn the_readme_lists_every_setting() {
    let readme = std::fs::read_to_string(crate::tidy::sources::root().join("README.md")).unwrap();
    for setting in yui::config::SETTINGS {
        let secret = if setting.secret { " (secret)" } else { "" };
        let row = format!("| `{}` | {} | {}{secret} |", setting.name, setting.default, setting.meaning);
        assert!(readme.contains(&row), "README lacks: {row}");
    }
    let table = readme.split("<!-- configuration:").nth(1).unwrap().split("\n\n").next().unwrap();
    let rows: Vec<&str> = table
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
        .map(|(name, _)| name)
        .collect();
    let settings: Vec<&str> = yui::config::SETTINGS.iter().map(|setting| setting.name).collect();
    assert_eq!(rows, settings, "a row of README's table is no setting, or stands elsewhere");
}
