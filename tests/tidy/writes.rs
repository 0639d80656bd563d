//! Who writes into tables: each aggregate's `store.rs`, and the few other files that are named here.

use std::collections::BTreeSet;

use super::owners::{sql_texts, test_modules};
use super::rust_text::RustText;
use super::sources::{crates, root, rust_of};

/// The files beside `store.rs` that write, each with the reason. It only gets shorter: whoever moves the writes of one into
/// its `store.rs` takes its row away, and a row that is not needed any more fails.
const BESIDE: &[(&str, &str)] = &[
    ("clients/src/invented.rs", "companies by the thousand, to measure with; nothing else calls it"),
    ("fulfillment/src/invented.rs", "orders by the thousand, to measure with; nothing else calls it"),
    ("sales/src/invented.rs", "deals by the thousand, to measure with; nothing else calls it"),
    ("db/src/idempotency.rs", "no aggregate: a key and its answer, read and written in one place"),
    ("queue/src/events.rs", "no aggregate: facts are recorded here and nowhere else"),
    ("queue/src/periodic/mod.rs", "no aggregate: whose row is first adds the task"),
    ("queue/src/tasks/batches.rs", "no aggregate: a row and its tasks"),
    ("queue/src/tasks/decisions.rs", "no aggregate: one row in the transaction of what was decided"),
    ("queue/src/tasks/hot.rs", "no aggregate: the hot path, measured statement by statement"),
    ("fulfillment/src/claims/spans.rs", "the store of a second table, claim_spans, and nothing else"),
    ("fulfillment/src/earnings/year.rs", "one number that its owner typed, beside the only reading of it"),
    ("fulfillment/src/orders/due.rs", "a move of the day and its line of history are one write"),
    ("fulfillment/src/orders/re_entrusted.rs", "one guarded update beside the law it follows"),
    ("fulfillment/src/units/counts.rs", "folds sums that a trigger keeps; states no fact"),
    ("fulfillment/src/units/materials.rs", "one statement that pairs units and files"),
    ("notifier/src/messages/events.rs", "the store of a second table, message_events, with its reading"),
    ("sales/src/costs/promises.rs", "the store of a second table, quote_promises, with its reading"),
    ("sales/src/imports/memory.rs", "the store of two more tables: what imports leave for the next ones"),
    ("sales/src/reminders.rs", "one row that says that a day was told; no aggregate"),
];

/// What of a source text changes rows: diesel's verbs, and statements in its string literals.
fn writes(source: &str) -> Vec<String> {
    let text = RustText::of(source);
    let verbs = ["insert_into(", "insert_or_ignore_into(", "replace_into(", "copy_from("];
    let qualified = ["diesel::update(", "diesel::delete("];
    let used = verbs.iter().chain(&qualified).filter(|verb| text.code.contains(**verb));
    let mut found: Vec<String> = used.map(|verb| (*verb).to_owned()).collect();
    // Their names are too common to be looked for alone, so nobody may import them.
    let imports = text.code.split("use diesel::").skip(1).filter_map(|rest| rest.split(';').next());
    let names = imports.flat_map(|names| names.split(|one: char| !(one.is_alphanumeric() || one == '_')));
    found.extend(
        names.filter(|name| matches!(*name, "update" | "delete")).map(|name| format!("use diesel::{name}")),
    );
    found.extend(sql_texts(source).iter().filter(|sql| changes_rows(sql)).cloned());
    found
}

/// Whether a statement inserts, updates or deletes. `FOR UPDATE` locks, and `DO UPDATE` belongs to an insert.
fn changes_rows(sql: &str) -> bool {
    let words: Vec<&str> = sql.split_whitespace().map(|word| word.trim_start_matches('(')).collect();
    let updates = words.windows(3).any(|three| {
        let [before, verb, table] = three else { return false };
        *verb == "UPDATE" && !matches!(*before, "FOR" | "DO" | "KEY" | "ON") && is_name(table)
    });
    let first = words.first() == Some(&"UPDATE") && words.get(1).is_some_and(|table| is_name(table));
    updates
        || first
        || words.windows(2).any(|two| matches!(two, ["INSERT" | "MERGE", "INTO"] | ["DELETE", "FROM"]))
}

fn is_name(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_lowercase() || matches!(first, '{' | '"'))
}

#[test]
fn an_aggregates_rows_are_written_in_its_store_and_nowhere_else() {
    let src = root().join("crates");
    let mut beside = BTreeSet::new();
    for krate in crates() {
        let sources = rust_of(&krate);
        let only_for_tests = test_modules(&sources);
        for (path, text) in &sources {
            let within = path.strip_prefix(&src).unwrap().to_string_lossy().into_owned();
            let parts: Vec<&str> = within.split('/').map(|part| part.trim_end_matches(".rs")).collect();
            let is_a_test = parts.iter().any(|part| *part == "testing" || only_for_tests.contains(*part));
            let production = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
            if parts.last() == Some(&"store") || is_a_test || writes(production).is_empty() {
                continue;
            }
            beside.insert(within);
        }
    }
    let named: BTreeSet<String> = BESIDE.iter().map(|(file, _reason)| (*file).to_owned()).collect();
    let strangers: Vec<&String> = beside.difference(&named).collect();
    assert_eq!(strangers, [] as [&String; 0], "these write, and are neither a store.rs nor named here");
    let done: Vec<&String> = named.difference(&beside).collect();
    assert_eq!(done, [] as [&String; 0], "these write nothing any more: take their rows away");
}

#[cfg(test)]
mod tests {
    use super::{changes_rows, writes};

    #[test]
    fn a_write_is_seen_and_a_lock_is_none() {
        for sql in [
            "INSERT INTO units (id) SELECT 1",
            "WITH gone AS (DELETE FROM unit_counts WHERE order_id = $1 RETURNING *) SELECT 1",
            "UPDATE deals SET rank = 'V'",
            "WITH x AS (UPDATE import_keys k SET target_id = 1 RETURNING 1) SELECT * FROM x",
            "DELETE FROM {table} WHERE id = 1",
        ] {
            assert!(changes_rows(sql), "{sql}");
        }
        for sql in [
            "SELECT id FROM units FOR UPDATE",
            "SELECT id FROM units u FOR NO KEY UPDATE OF u SKIP LOCKED",
            "SELECT 1 FROM units WHERE state = 'UPDATE'",
            "nobody may INSERT or DELETE here",
        ] {
            assert!(!changes_rows(sql), "{sql}");
        }
    }

    #[test]
    fn diesels_verbs_are_seen_however_they_are_named() {
        assert_eq!(writes("diesel::insert_into(units::table)"), ["insert_into("]);
        assert_eq!(writes("let n = diesel::update(units::table.find(id));"), ["diesel::update("]);
        assert_eq!(writes("use diesel::{prelude::*, delete};"), ["use diesel::delete"]);
        assert_eq!(
            writes("use diesel::prelude::*;\nfn update(x: u8) { delete(x) } // diesel::update("),
            [] as [&str; 0]
        );
    }
}
