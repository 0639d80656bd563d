//! The list of faults (`README.md` here) names a test for each, and each test of a fault stands in it.

use std::collections::{BTreeMap, BTreeSet};

use crate::tidy::sources::{files, root};

/// Faults of the queue, and of mails.
const QUEUE: usize = 25;
const MAIL: usize = 32;

/// Fault → the tests its row names.
fn listed() -> BTreeMap<String, Vec<String>> {
    let text = std::fs::read_to_string(root().join("tests/whole/faults/README.md")).unwrap();
    let mut rows = BTreeMap::new();
    for line in text.lines().filter(|line| line.starts_with("| Q") || line.starts_with("| T")) {
        let cells: Vec<&str> = line.split(" | ").collect();
        let fault = cells[0].trim_start_matches("| ").to_owned();
        let names = cells[2].split('`').skip(1).step_by(2).map(str::to_owned).collect();
        assert_eq!(rows.insert(fault.clone(), names), None, "{fault} has two rows");
    }
    rows
}

/// Every test of the workspace.
fn tests() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for path in ["crates", "tests"].iter().flat_map(|folder| files(&root().join(folder), "rs")) {
        let text = std::fs::read_to_string(path).unwrap();
        let mut lines = text.lines().map(str::trim);
        while let Some(line) = lines.next() {
            let attribute = line.strip_prefix("#[").and_then(|rest| rest.split(['(', ']']).next());
            if !attribute.is_some_and(|name| name == "test" || name.ends_with("::test")) {
                continue;
            }
            let head = lines.by_ref().find(|line| line.contains("fn ")).unwrap();
            let name = head.split("fn ").nth(1).and_then(|rest| rest.split('(').next()).unwrap();
            found.insert(name.to_owned());
        }
    }
    found
}

/// Which fault a test's name says that it is about: `fault_7_…`, `t07_…`.
fn named_in(test: &str) -> Option<String> {
    let (kind, rest) = match test.strip_prefix("fault_") {
        Some(rest) => ('Q', rest),
        None => ('T', test.strip_prefix('t')?),
    };
    let number: usize = rest.split('_').next()?.parse().ok()?;
    Some(format!("{kind}{number}"))
}

#[test]
fn every_fault_has_its_test_and_every_test_of_a_fault_its_row() {
    let (listed, tests) = (listed(), tests());
    let all =
        (1..=QUEUE).map(|number| format!("Q{number}")).chain((1..=MAIL).map(|number| format!("T{number}")));
    assert_eq!(listed.keys().cloned().collect::<BTreeSet<_>>(), all.collect::<BTreeSet<_>>());
    for (fault, names) in &listed {
        assert!(!names.is_empty(), "nothing proves {fault}");
        let missing: Vec<&String> = names.iter().filter(|name| !tests.contains(*name)).collect();
        assert!(missing.is_empty(), "{fault} names tests that do not exist: {missing:?}");
    }
    for test in &tests {
        let Some(fault) = named_in(test) else { continue };
        let row =
            listed.get(&fault).unwrap_or_else(|| panic!("{test} is about {fault}, which is on no list"));
        assert!(row.contains(test), "{test} is missing in the row of {fault}");
    }
}
