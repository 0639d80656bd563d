//! The top of the repository, and the commands that its pages name.

use std::collections::BTreeSet;
use std::process::Command;

use super::sources::root;

/// Everything at the top that is not a dotfile.
const TOP: [&str; 9] = [
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "Makefile",
    "README.md",
    "crates",
    "diesel.toml",
    "migrations",
    "tests",
];

/// What is at the top: as git has it, and in a copy without git as the folder has it, but for what is built.
fn top() -> BTreeSet<String> {
    let listed = Command::new("git").arg("-C").arg(root()).args(["ls-files", "-z"]).output();
    let listed = listed.ok().filter(|output| output.status.success() && !output.stdout.is_empty());
    let names: Vec<String> = listed.map_or_else(
        || {
            let entries = std::fs::read_dir(root()).unwrap();
            let names = entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
            names.filter(|name| name != "target").collect()
        },
        |output| {
            let paths = String::from_utf8(output.stdout).unwrap();
            let names = paths.split('\0').filter_map(|path| path.split('/').next());
            names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
        },
    );
    names.into_iter().filter(|name| !name.starts_with('.')).collect()
}

#[test]
fn nothing_more_lies_at_the_top_than_what_belongs_there() {
    let names: Vec<String> = top().into_iter().collect();
    assert_eq!(names, TOP);
}

fn makefile() -> String {
    std::fs::read_to_string(root().join("Makefile")).unwrap()
}

/// The targets that are commands: what `.PHONY` names.
fn targets() -> BTreeSet<String> {
    let text = makefile();
    let phony = text.lines().find_map(|line| line.strip_prefix(".PHONY:")).unwrap();
    phony.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn make_help_lists_every_target_with_what_it_does() {
    let mut make = Command::new("make");
    make.arg("-C").arg(root()).args(["-s", "--no-print-directory", "help"]);
    // What runs these tests may be a make itself.
    let make = make.env_remove("MAKEFLAGS").env_remove("MAKELEVEL").env_remove("MFLAGS").output();
    let Ok(output) = make else {
        println!("SKIPPED: make is not installed, so nobody has seen what `make help` lists");
        return;
    };
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let rows: Vec<Vec<&str>> = said.lines().map(|line| line.split_whitespace().collect()).collect();
    assert!(rows.iter().all(|row| row.len() > 3 && row[0] == "make"), "a line without what it does:\n{said}");
    let listed: BTreeSet<String> = rows.iter().map(|row| row[1].to_owned()).collect();
    assert_eq!((listed, rows.len()), (targets(), targets().len()), "\n{said}");
}

/// The targets that a text names in code: `make TARGET` after a backtick or at the beginning of a line.
fn named(text: &str) -> BTreeSet<String> {
    let calls = text.match_indices("make ").filter(|(at, _)| {
        let before = &text[..*at];
        // Settings may stand before it: `YUI_CHAOS_SEED=1 make chaos`.
        before.is_empty()
            || before.ends_with(['`', '\n'])
            || before.trim_end().rsplit([' ', '`', '\n']).next().is_some_and(|word| word.contains('='))
    });
    let words = calls.filter_map(|(at, make)| {
        text[at + make.len()..].split(|one: char| !(one.is_ascii_lowercase() || one == '-')).next()
    });
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[test]
fn every_page_names_only_targets_that_there_are() {
    let pages = ["README.md", "crates/README.md", ".ci/run", ".ci/install", "tests/whole/faults/README.md"];
    let mut all = BTreeSet::new();
    for page in pages {
        let text = std::fs::read_to_string(root().join(page)).unwrap();
        let strangers: Vec<String> = named(&text).difference(&targets()).cloned().collect();
        assert_eq!(strangers, [] as [&str; 0], "{page} names targets that do not exist");
        all.extend(named(&text));
    }
    for needed in ["run", "test", "check", "bench", "help"] {
        assert!(all.contains(needed), "no page names `make {needed}`");
    }
}

#[test]
fn what_a_page_names_is_read_out_of_its_code() {
    let text = "make run  # starts\nOne may make do. `make test`, `YUI_CHAOS_SEED=1 make chaos`; `make bench ARGS=\"x\"`.";
    let read: Vec<String> = named(text).into_iter().collect();
    assert_eq!(read, ["bench", "chaos", "run", "test"]);
}
