//! The other commands: what they print, and how they refuse.

use std::path::Path;
use std::process::{Command, Output};

use super::world::{Process, Scratch, yui};

pub(super) fn run(data: &Path, arguments: &[&str]) -> Output {
    Command::new(yui()).args(arguments).env("YUI_DATA", data).env_remove("DATABASE_URL").output().unwrap()
}

pub(super) fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn a_backup_restores_into_an_empty_place_and_nowhere_else() {
    let (source, target) = (Scratch::new("backup"), Scratch::new("restore"));
    let process = Process::start(&["up", "--demo"], &source.0);
    process.wait_for("Ctrl-C stops everything");
    let folder = source.0.join("a backup");
    let written = run(&source.0, &["backup", folder.to_str().unwrap()]);
    assert!(written.status.success(), "{}", said(&written));
    process.stop();

    let restored = run(&target.0, &["restore", folder.to_str().unwrap()]);
    assert!(restored.status.success(), "{}", said(&restored));
    let listed = run(&target.0, &["organization", "list"]);
    assert!(said(&listed).contains("demo"), "{}", said(&listed));
    assert_eq!(
        std::fs::read(source.0.join("link.key")).unwrap(),
        std::fs::read(target.0.join("link.key")).unwrap()
    );

    let refused = run(&target.0, &["restore", folder.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
    std::fs::write(folder.join("link.key"), "another").unwrap();
    let damaged = run(&Scratch::new("damaged").0, &["restore", folder.to_str().unwrap()]);
    assert!(said(&damaged).contains("link.key differs from the manifest"), "{}", said(&damaged));
}

#[test]
fn a_file_that_is_no_register_is_refused_with_a_reason() {
    let scratch = Scratch::new("import");
    let file = scratch.0.join("x.csv");
    for (bytes, expected) in [(&b""[..], "empty"), (&b"a,b,c\n"[..], "line 1")] {
        std::fs::write(&file, bytes).unwrap();
        let output = run(&scratch.0, &["import", "registry", file.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        assert!(said(&output).contains(expected), "{}", said(&output));
    }
    let directory = run(&scratch.0, &["import", "registry", scratch.0.to_str().unwrap()]);
    assert_eq!(directory.status.code(), Some(2), "{}", said(&directory));
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
}

#[test]
fn the_readme_lists_every_setting() {
    let readme = std::fs::read_to_string(crate::tidy::sources::root().join("README.md")).unwrap();
    for setting in yui::config::SETTINGS {
        let secret = if setting.secret { " (secret)" } else { "" };
        let row = format!("| `{}` | {} | {}{secret} |", setting.name, setting.default, setting.meaning);
        assert!(readme.contains(&row), "README lacks: {row}");
    }
}
