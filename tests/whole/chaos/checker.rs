//! What must be true after any run, whatever happened: read from the database and from the relay's disk by somebody who
//! knows nothing of how tasks are worked and mails are sent.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::load::{Committed, KINDS};
use crate::whole::mail_audit::{self, Audit};

/// What the checker found.
pub(super) struct Report {
    tasks: usize,
    dead: usize,
    audit: Audit,
    known_mails: usize,
}

impl Report {
    /// A run in which nothing was asked for proves nothing.
    pub(super) fn is_worth_something(&self) -> bool {
        self.tasks > 100 && self.audit.intents > 50
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} tasks known to be committed, each ended once ({} dead with a reason); {} mails asked for, {} of them known \
             to be committed, {} waiting for a person, {} listed as unknown, {} copies too many, 0 lost",
            self.tasks,
            self.dead,
            self.audit.intents,
            self.known_mails,
            self.audit.kept,
            self.audit.unknown.len(),
            self.audit.too_many
        )
    }
}

#[derive(QueryableByName)]
struct One {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

fn ids(owner: &mut PgConnection, sql: &str) -> Vec<i64> {
    let rows: Vec<One> = diesel::sql_query(sql).load(owner).unwrap();
    rows.into_iter().map(|row| row.id).collect()
}

/// Checks everything; panics at what must not be.
pub(super) fn check(owner_url: &str, log: &Path, committed: &Committed) -> Report {
    let owner = &mut PgConnection::establish(owner_url).unwrap();
    let kinds = KINDS.map(|kind| format!("'{kind}'")).join(", ");
    let ended = ids(owner, &format!("SELECT id FROM task_history WHERE kind IN ({kinds}) ORDER BY id"));
    let once: BTreeSet<i64> = ended.iter().copied().collect();
    assert_eq!(once.len(), ended.len(), "a task ended twice");
    let living = ids(owner, &format!("SELECT id FROM tasks WHERE state <> 'dead' AND kind IN ({kinds})"));
    assert!(living.is_empty(), "tasks that have not ended: {living:?}");
    let dead: BTreeSet<i64> = ids(owner, "SELECT id FROM tasks WHERE state = 'dead'").into_iter().collect();
    assert!(once.is_disjoint(&dead), "a task that ended and is dead as well");
    let silent = ids(
        owner,
        "SELECT t.id FROM tasks t WHERE t.state = 'dead' \
         AND NOT EXISTS (SELECT FROM task_failures f WHERE f.task_id = t.id)",
    );
    assert!(silent.is_empty(), "dead without a reason: {silent:?}");
    let lost: Vec<i64> =
        committed.tasks.iter().map(|id| id.0).filter(|id| !once.contains(id) && !dead.contains(id)).collect();
    assert!(lost.is_empty(), "committed and lost: {lost:?}");
    let there: BTreeSet<i64> = ids(owner, "SELECT id FROM messages").into_iter().collect();
    let lost: Vec<i64> = committed.mails.iter().map(|id| id.0).filter(|id| !there.contains(id)).collect();
    assert!(lost.is_empty(), "mails committed and gone: {lost:?}");
    every_attempt_has_ended(owner);
    Report {
        tasks: committed.tasks.len(),
        dead: dead.len(),
        audit: mail_audit::audit(owner, log),
        known_mails: committed.mails.len(),
    }
}

/// Nothing is still believed to be under way by anybody.
fn every_attempt_has_ended(owner: &mut PgConnection) {
    #[derive(QueryableByName, Debug)]
    struct Open {
        #[diesel(sql_type = Text)]
        #[expect(dead_code, reason = "shown where the check fails")]
        state: String,
        #[diesel(sql_type = BigInt)]
        #[expect(dead_code, reason = "shown where the check fails")]
        count: i64,
    }
    let open: Vec<Open> = diesel::sql_query(
        "SELECT m.state, count(*) AS count FROM message_attempts a JOIN messages m \
         ON m.organization_id = a.organization_id AND m.id = a.message_id WHERE a.ended_at IS NULL GROUP BY m.state",
    )
    .load(owner)
    .unwrap();
    assert!(open.is_empty(), "attempts that never ended: {open:?}");
}
