//! What must be true after any run, whatever happened: read from the database and from the relay's disk by somebody who
//! knows nothing of how tasks are worked and mails are sent.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::load::{Committed, KINDS};
use crate::whole::mail_audit::{self, Audit};

/// Tasks of whatever kind, and mails, whose lease has ended for longer than twice as long as their keepers take between two
/// looks at such (ten seconds, and five).
pub(super) const ABANDONED: &str = "(\
    SELECT id FROM tasks WHERE state = 'running' AND lease_until < now() - interval '20 seconds' UNION ALL \
    SELECT id FROM messages WHERE state IN ('claimed', 'sending') AND lease_until < now() - interval '10 seconds') a";

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

    /// Copies beyond the first of each mail.
    pub(super) fn too_many(&self) -> usize {
        self.audit.too_many
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

/// A mail that was sent.
#[derive(QueryableByName)]
struct Sent {
    #[diesel(sql_type = Text)]
    text: String,
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
    let abandoned = ids(owner, &format!("SELECT id FROM {ABANDONED}"));
    assert!(abandoned.is_empty(), "leases that ran out: {abandoned:?}");
    Report {
        tasks: committed.tasks.len(),
        dead: dead.len(),
        audit: mail_audit::audit(owner, log),
        known_mails: committed.mails.len(),
    }
}

/// Whether the checker would have seen it: each lie is told to it after a run that it found right, the one that it looks for
/// last first, and it has to name each.
pub(super) fn sees_every_lie(owner_url: &str, log: &Path, committed: &mut Committed) {
    let owner = &mut PgConnection::establish(owner_url).unwrap();
    let mut tell =
        |sql: &str| assert!(diesel::sql_query(sql).execute(owner).unwrap() > 0, "nobody was lied to: {sql}");
    let named = |committed: &Committed, words: &str| {
        let checked = std::panic::catch_unwind(|| check(owner_url, log, committed)).map(|_report| ());
        let panic = checked.expect_err(words);
        let said = panic
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| panic.downcast_ref::<&str>().map(|said| (*said).to_owned()));
        assert!(said.as_ref().is_some_and(|said| said.contains(words)), "{words}: {said:?}");
    };
    let before = std::fs::read_to_string(log).unwrap();
    let sent: Sent = diesel::sql_query(
        "SELECT message_id AS text FROM messages WHERE state = 'accepted' AND category = 'work' LIMIT 1",
    )
    .get_result(&mut PgConnection::establish(owner_url).unwrap())
    .unwrap();
    let first = before.lines().find(|line| line.starts_with(&sent.text)).unwrap();
    let (id, digest) = first.split_once('\t').unwrap();
    let write = |text: &str| std::fs::write(log, text).unwrap();
    write(&before.replacen(digest, &digest.chars().rev().collect::<String>(), 1));
    named(committed, "changed on its way");
    write(&format!("{before}<nobody@asked.example>\t{digest}\n"));
    named(committed, "a mail that nobody asked for");
    write(&format!("{before}{}", format!("{first}\n").repeat(20)));
    named(committed, "an unlisted copy");
    let others: Vec<&str> = before.lines().filter(|line| !line.starts_with(id)).collect();
    write(&format!("{}\n", others.join("\n")));
    named(committed, "lost: ");
    tell(
        "INSERT INTO tasks (organization_id, kind, max_attempts, state, lease, lease_until, payload) \
        SELECT id, 'of.nobody/ever', 1, 'running', 1, now() - interval '1 minute', '{}' FROM organizations LIMIT 1",
    );
    named(committed, "leases that ran out");
    tell(
        "UPDATE message_attempts SET ended_at = NULL, outcome = NULL WHERE id = (SELECT max(id) FROM message_attempts)",
    );
    named(committed, "attempts that never ended");
    committed.mails.push(kernel::MessageId(i64::MAX));
    named(committed, "mails committed and gone");
    committed.tasks.push(kernel::TaskId(i64::MAX));
    named(committed, "committed and lost");
    tell(
        "INSERT INTO tasks (organization_id, kind, max_attempts, state, cause, payload) \
        SELECT organization_id, kind, 1, 'dead', 'x', '{}' FROM task_history LIMIT 1",
    );
    named(committed, "dead without a reason");
    tell(&format!("UPDATE tasks SET state = 'ready', cause = NULL, kind = '{}' WHERE cause = 'x'", KINDS[0]));
    named(committed, "tasks that have not ended");
    tell(&format!(
        "INSERT INTO task_history (organization_id, id, kind, attempt, outcome, finished_at) \
        SELECT organization_id, id, kind, attempt, outcome, finished_at + interval '1 second' FROM task_history \
        WHERE kind = '{}' LIMIT 1",
        KINDS[0]
    ));
    named(committed, "a task ended twice");
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
