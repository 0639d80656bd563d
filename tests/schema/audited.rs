//! Which tables the audit trail says nothing of, and why.

use std::collections::BTreeSet;

use db::testing::TestDb;
use diesel::prelude::*;
use diesel::sql_types::Text;

/// The tables whose rows the program may change or take away and of whose changes no trail is kept, each with the reason.
/// A new table gets its triggers (`SELECT audited('…')` in its migration) or a row here.
const UNAUDITED: &[(&str, &[&str])] = &[
    (
        "its reader's own: where they looked, what they typed and have not sent, what they watch for themselves",
        &[
            "board_choices",
            "earning_watches",
            "notice_reads",
            "rules_readings",
            "unit_draft_files",
            "unit_drafts",
        ],
    ),
    (
        "the trail names who acts, and some reporters want to be named to nobody; its messages are only added to",
        &["harassment_reports"],
    ),
    (
        "a secret's digest, and when it was made, used and ended: its row says all of that itself",
        &["calendar_feeds", "one_time_tokens", "sessions"],
    ),
    (
        "every step of it is a line of its own, which only is added to: unit_events, message_events, sampling_switches, \
         sampling_draws, order_promises",
        &[
            "claim_spans",
            "message_attempts",
            "messages",
            "order_outlooks",
            "sampling_seeds",
            "sampling_streams",
            "units",
        ],
    ),
    (
        "the latest line counts and all stay as proof; they are deleted only with whom they are about",
        &["mail_consents"],
    ),
    (
        "the working sheet of an import or a bulk edit: what a row of it did is in the trail of what it became",
        &["bulk_edit_rows", "import_columns", "import_keys", "import_rows"],
    ),
    (
        "a part of something that has a trail, written anew together with it",
        &["client_invoice_amounts", "meeting_people", "milestone_needs", "view_rows"],
    ),
    ("sums that triggers keep of what has a history", &["unit_counts"]),
    (
        "on their way: waiting mails, leases, requests and tasks, whose end is a line of task_history or a mail",
        &[
            "idempotency_keys",
            "mail_digest_items",
            "rate_buckets",
            "review_leases",
            "sandbox_mails",
            "schedule_ticks",
            "task_batches",
            "task_failures",
            "task_gates",
            "task_pauses",
            "task_payloads",
            "task_progress",
            "tasks",
            "webhook_deliveries",
        ],
    ),
];

#[derive(QueryableByName)]
struct Table {
    #[diesel(sql_type = Text)]
    name: String,
}

/// What is only added to is a record itself; anything else changes, and then somebody may want to know who did it.
const CHANGING_WITHOUT_A_TRAIL: &str = "SELECT c.relname::text AS name FROM pg_class c WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition \
     AND c.relnamespace = 'public'::regnamespace \
     AND NOT EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal \
         AND t.tgfoid::regproc::text LIKE 'audit%') \
     AND EXISTS (SELECT 1 FROM unnest('{yui_app,yui_queue}'::text[]) role \
         WHERE has_any_column_privilege(role, c.oid, 'UPDATE') OR has_table_privilege(role, c.oid, 'DELETE'))";

fn tables(db: &TestDb, sql: &str) -> BTreeSet<String> {
    let rows: Vec<Table> = diesel::sql_query(sql).load(&mut db.owner()).unwrap();
    rows.into_iter().map(|row| row.name).collect()
}

#[test]
fn every_table_that_changes_has_a_trail_or_a_reason_to_have_none() {
    let db = TestDb::new();
    let without = tables(&db, CHANGING_WITHOUT_A_TRAIL);
    let excused: Vec<&str> = UNAUDITED.iter().flat_map(|(_reason, tables)| tables.iter().copied()).collect();
    let named: BTreeSet<String> = excused.iter().map(|table| (*table).to_owned()).collect();
    assert_eq!(named.len(), excused.len(), "a table is excused twice");
    let silent: Vec<&String> = without.difference(&named).collect();
    assert_eq!(silent, [] as [&String; 0], "these change, keep no trail, and are not excused");
    let needless: Vec<&String> = named.difference(&without).collect();
    assert_eq!(needless, [] as [&String; 0], "these need no excuse any more");
}

/// A trail that misses one of the three is worse than none: it looks whole.
#[test]
fn whoever_has_a_trail_has_all_of_it() {
    let db = TestDb::new();
    let partly = tables(
        &db,
        "SELECT c.relname::text AS name FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid \
         WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND t.tgfoid::regproc::text LIKE 'audit%' \
         GROUP BY c.relname HAVING bit_or(t.tgtype & 28) <> 28",
    );
    assert_eq!(
        partly,
        BTreeSet::from(["organizations".to_owned()]),
        "a town is opened and changed, and never deleted"
    );
}
