//! Every fact the product states either becomes a mail or stands here with the reason why nobody needs one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use ::accounts::LinkKey;
use notifier::{KeepsHours, MailSettings, Outbox};
use queue::Registry;

use super::Notices;

/// Facts without a mail, each with its reason. Reviewed: a new fact needs a subscriber or a line here.
const NOBODY_NEEDS_A_MAIL: [(&str, &str); 5] = [
    ("lead.entered", "whoever enters a lead sees it; the town has no public form yet"),
    ("quote.issued", "a salesperson hands a quote over in person until clients have a page for it"),
    ("unit.submitted", "checkers work through their queue; a mail for each version would be noise"),
    ("unit.passed", "the worker sees it at home, and the statement tells the pay"),
    (
        "mail.call_needed",
        "the call list is on the coordinator's screen; a mail about mails that fail helps nobody",
    ),
];

/// The kinds of all events, from the sources: `impl Event for X { const KIND: &'static str = "…"; }`.
fn stated() -> BTreeSet<String> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut kinds = BTreeSet::new();
    let mut folders = vec![crates];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let (path, name) = (entry.path(), entry.file_name().into_string().unwrap());
            if path.is_dir() {
                if !["assets", "tests", "target"].contains(&name.as_str()) {
                    folders.push(path);
                }
            } else if name.ends_with(".rs") && !["tests.rs", "fixture.rs"].contains(&name.as_str()) {
                kinds.extend(kinds_in(&std::fs::read_to_string(path).unwrap()));
            }
        }
    }
    kinds
}

fn kinds_in(source: &str) -> impl Iterator<Item = String> + use<'_> {
    let own = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    own.split("impl Event for ").skip(1).filter_map(|block| {
        let (_, kind) = block.split_once("const KIND: &'static str = \"")?;
        kind.split('"').next().map(str::to_owned)
    })
}

/// The kinds of those that some notice listens to.
fn mailed() -> BTreeSet<String> {
    let settings = MailSettings::new("yui@demo.example", "http://127.0.0.1:8080").unwrap();
    let key = LinkKey::generate();
    let outbox = Arc::new(Outbox::new(settings, key.clone(), KeepsHours::Never).unwrap());
    let mut registry = Registry::new();
    super::register(&mut registry, &Arc::new(Notices { outbox, key }));
    let handled = format!("{registry:?}");
    handled.split('"').filter_map(|kind| kind.strip_suffix("/mail")).map(str::to_owned).collect()
}

#[test]
fn every_fact_is_mailed_or_has_a_reason_not_to_be() {
    let (stated, mailed) = (stated(), mailed());
    assert!(stated.len() > 15, "the sources were not found: {stated:?}");
    let reasons: BTreeMap<&str, &str> = NOBODY_NEEDS_A_MAIL.into_iter().collect();
    let silent: Vec<&String> = stated
        .iter()
        .filter(|kind| !mailed.contains(*kind) && !reasons.contains_key(kind.as_str()))
        .collect();
    assert!(silent.is_empty(), "nobody hears of {silent:?}");
    let needless: Vec<&&str> =
        reasons.keys().filter(|kind| mailed.contains(**kind) || !stated.contains(**kind)).collect();
    assert!(needless.is_empty(), "no reason is needed for {needless:?}");
    let unknown: Vec<&String> = mailed.iter().filter(|kind| !stated.contains(*kind)).collect();
    assert!(unknown.is_empty(), "{unknown:?} is no fact of ours");
}
