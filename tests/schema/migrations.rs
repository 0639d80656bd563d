//! Each migration goes up, down and up again and leaves the same schema behind.

use std::process::Command;

use db::private_postgres::Role;
use db::testing::{TestDb, migrations_folder, test_server};
use diesel_migrations::{FileBasedMigrations, MigrationHarness};

/// The schema as `pg_dump` writes it, without the lines that differ from run to run.
fn dump(db: &TestDb) -> String {
    let (connection, binaries) = test_server();
    let output = Command::new(binaries.program("pg_dump"))
        .arg("--schema-only")
        .arg("--host")
        .arg(connection.socket_directory())
        .args(["--port", "5432", "--username", Role::Owner.name(), db.name()])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let mut lines: Vec<String> = text
        .lines()
        .filter(|line| !line.starts_with("\\restrict") && !line.starts_with("\\unrestrict"))
        .map(without_number)
        .collect();
    lines.chunk_by_mut(|one, next| is_constraint(one) && is_constraint(next)).for_each(<[String]>::sort);
    lines.join("\n")
}

/// The rule of a table that nobody named gets the first free number, which depends on what was there before.
fn without_number(line: &str) -> String {
    match line.strip_prefix("    CONSTRAINT ").and_then(|rest| rest.split_once(" CHECK ")) {
        Some((name, rule)) => {
            let name = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
            format!("    CONSTRAINT {name} CHECK {}", rule.trim_end_matches(','))
        }
        None => line.to_owned(),
    }
}

fn is_constraint(line: &str) -> bool {
    line.starts_with("    CONSTRAINT ")
}

/// The lines that one schema has and the other has not.
fn difference(was: &str, is: &str) -> Vec<String> {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<std::collections::BTreeSet<_>>();
    let (was, is) = (lines(was), lines(is));
    let gone = was.difference(&is).map(|line| format!("- {line}"));
    gone.chain(is.difference(&was).map(|line| format!("+ {line}"))).collect()
}

/// One step at a time: what each takes back and puts on again is the schema it was, so any number of steps is.
#[test]
fn each_migration_goes_down_and_up_again_without_a_trace() {
    let db = TestDb::new();
    let mut owner = db.owner();
    let migrations = || FileBasedMigrations::from_path(migrations_folder()).unwrap();
    let mut with_it = dump(&db);
    for version in owner.applied_migrations().unwrap() {
        owner.revert_last_migration(migrations()).unwrap();
        let without_it = dump(&db);
        owner.run_next_migration(migrations()).unwrap();
        let differs = difference(&with_it, &dump(&db));
        assert!(differs.is_empty(), "taking {version} back and putting it on again: {differs:#?}");
        owner.revert_last_migration(migrations()).unwrap();
        with_it = without_it;
    }
    assert!(owner.applied_migrations().unwrap().is_empty(), "every migration was taken back");
}

#[test]
fn each_migration_says_why_and_never_waits_long_for_a_lock() {
    for entry in std::fs::read_dir(migrations_folder()).unwrap() {
        let folder = entry.unwrap().path();
        let up = std::fs::read_to_string(folder.join("up.sql")).unwrap();
        assert!(up.starts_with("-- Why: "), "{}", folder.display());
        assert!(up.contains("SET LOCAL lock_timeout"), "{}", folder.display());
        assert!(folder.join("down.sql").exists(), "{}", folder.display());
    }
}

#[test]
fn no_two_migrations_share_a_version() {
    // diesel tells them apart by what stands before the first `_` alone, and would pass over the second in silence.
    let mut versions = std::collections::BTreeSet::new();
    for entry in std::fs::read_dir(migrations_folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let version = name.split('_').next().unwrap().to_owned();
        assert!(versions.insert(version), "{name} has another's version");
    }
}
