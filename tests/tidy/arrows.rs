//! Which crate may use which: ours among themselves, and the heavy ones from outside.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use cargo_metadata::{DependencyKind, MetadataCommand, Package};

use super::licences;
use super::sources::{crates, root};

/// Each crate and everything of ours it may use.
const ALLOWED: &[(&str, &[&str])] = &[
    ("kernel", &[]),
    ("db", &["kernel"]),
    ("queue", &["kernel", "db"]),
    ("accounts", &["kernel", "db", "queue"]),
    ("files", &["kernel", "db", "queue", "accounts"]),
    ("clients", &["kernel", "db", "queue", "accounts", "files"]),
    ("workforce", &["kernel", "db", "queue", "accounts", "files"]),
    ("notifier", &["kernel", "db", "queue", "accounts"]),
    ("sales", &["kernel", "db", "queue", "accounts", "files", "clients"]),
    ("fulfillment", &["kernel", "db", "queue", "accounts", "files", "clients", "workforce"]),
    (
        "web",
        &[
            "kernel",
            "db",
            "queue",
            "accounts",
            "files",
            "clients",
            "workforce",
            "notifier",
            "sales",
            "fulfillment",
        ],
    ),
    (
        "yui",
        &[
            "kernel",
            "db",
            "queue",
            "accounts",
            "files",
            "clients",
            "workforce",
            "notifier",
            "sales",
            "fulfillment",
            "web",
        ],
    ),
];

/// Dependencies from outside that only these crates may name.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("actix", &["web", "yui"]),
    ("lettre", &["notifier"]),
    ("typst", &["documents"]),
    ("object_store", &["files"]),
];

/// Dependencies from outside that these crates may not name.
const NEVER_IN: &[(&str, &[&str])] = &[("diesel", &["web", "documents"])];

/// Crates that may not be in the graph at all: each would bring a C library that has to be installed.
const BANNED: &[&str] = &["openssl-sys", "aws-lc-sys", "native-tls"];

/// Every package that is built here. Those of other systems alone need not have been downloaded.
fn packages() -> Vec<Package> {
    let about = Command::new("rustc").arg("-vV").output().unwrap();
    let about = String::from_utf8(about.stdout).unwrap();
    let host = about.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .other_options(["--locked", "--offline", "--filter-platform", host].map(str::to_owned))
        .exec()
        .unwrap()
        .packages
}

/// Normal and build dependencies; a test may arrange with more.
fn uses(package: &Package) -> BTreeSet<String> {
    let counted =
        package.dependencies.iter().filter(|dependency| dependency.kind != DependencyKind::Development);
    counted.map(|dependency| dependency.name.clone()).collect()
}

#[test]
fn arrows_are_the_plan() {
    let allowed: BTreeMap<&str, &[&str]> = ALLOWED.iter().copied().collect();
    assert_eq!(
        crates(),
        allowed.keys().map(ToString::to_string).collect::<Vec<_>>(),
        "a new crate needs a row in ALLOWED"
    );
    for package in packages() {
        let Some(may) = allowed.get(package.name.as_str()) else { continue };
        for name in uses(&package).iter().filter(|name| allowed.contains_key(name.as_str())) {
            assert!(may.contains(&name.as_str()), "{} must not use {name}", package.name);
        }
    }
}

#[test]
fn heavy_dependencies_stay_where_they_belong() {
    for package in packages().iter().filter(|package| crates().contains(&package.name.to_string())) {
        for name in uses(package) {
            for (prefix, homes) in ONLY_IN {
                let at_home = homes.contains(&package.name.as_str());
                assert!(
                    !name.starts_with(prefix) || at_home,
                    "{name} belongs in {homes:?}, not in {}",
                    package.name
                );
            }
            for (prefix, strangers) in NEVER_IN {
                let refused = strangers.contains(&package.name.as_str());
                assert!(!name.starts_with(prefix) || !refused, "{} must not use {name}", package.name);
            }
        }
    }
}

#[test]
fn licences_are_known_and_nothing_banned_is_in_the_graph() {
    let locked = std::fs::read_to_string(root().join("Cargo.lock")).unwrap();
    for banned in BANNED {
        assert!(!locked.contains(&format!("name = \"{banned}\"")), "{banned} is banned");
    }
    for package in packages() {
        let name = package.name.to_string();
        let licence = package.license.clone().unwrap_or_default();
        assert!(licences::allowed(&licence), "{name}: the licence `{licence}` is not one of the known");
    }
}
