//! Being asked to stop under load, steering under load, and a schema that is already the next version's.

use std::time::{Duration, Instant};

use diesel::prelude::*;
use kernel::Scope;

use super::stage::{Stage, in_full, wait_until};
use crate::whole::world::{Process, Scratch};

/// How long a stop may take: what `WorkerSettings` and the senders wait for what runs, and a little.
const GRACE: Duration = Duration::from_secs(40);
/// More tasks than are done before one has asked for a stop.
const MANY: i64 = 10_000;
/// Tasks of a backlog, where nobody says for how long faults should go on.
const USUAL_BACKLOG: i64 = 4_000;

/// Enough tasks of the product's own that do nothing in this town.
fn many(stage: &Stage, kind: &str, count: i64) {
    stage.sql(&format!(
        "INSERT INTO tasks (organization_id, kind, max_attempts, payload) \
         SELECT o.id, '{kind}', 12, '{{}}' FROM organizations o, generate_series(1, {count})"
    ));
}

fn ended(stage: &Stage) -> i64 {
    stage.count("SELECT count(*) AS count FROM task_history")
}

/// A real `yui work` on the stage's database. Nothing listens where its mails would go; there are none.
fn work(stage: &Stage, scratch: &Scratch) -> Process {
    let process = Process::start_with(
        &["work"],
        &scratch.0,
        &[
            ("DATABASE_URL", &stage.urls.app),
            ("DATABASE_OWNER_URL", &stage.urls.owner),
            ("DATABASE_QUEUE_URL", &stage.urls.queue),
            ("YUI_SMTP_HOST", "127.0.0.1"),
            ("YUI_SMTP_PORT", "9"),
            ("YUI_SMTP_SECURITY", "plain"),
            ("YUI_MAIL_FROM", "yui@town.example"),
        ],
    );
    process.wait_for("working");
    process
}

#[test]
fn fault_23_asked_twice_to_stop_under_load_it_ends_what_runs_gives_the_rest_back_and_claims_no_more() {
    let (stage, scratch) = (Stage::new(), Scratch::new("stop under load"));
    many(&stage, "sandbox.sweep", MANY);
    let mut process = work(&stage, &scratch);
    wait_until("tasks flow", || ended(&stage) > 50);
    let asked = Instant::now();
    process.signal("TERM");
    process.signal("TERM");
    assert!(process.child.wait().unwrap().success());
    assert!(asked.elapsed() < GRACE, "it took {:?}", asked.elapsed());
    let (done, left) =
        (ended(&stage), stage.count("SELECT count(*) AS count FROM tasks WHERE state = 'ready'"));
    assert!(left > 0, "nothing was left to be claimed");
    assert_eq!(stage.running(), 0, "everything that was claimed has ended or was given back");
    let twice = "SELECT count(*) AS count FROM (SELECT FROM task_history GROUP BY id HAVING count(*) > 1) t";
    assert_eq!(stage.count(twice), 0);
    let others = "SELECT count(*) AS count FROM tasks WHERE state <> 'ready' AND kind = 'sandbox.sweep'";
    assert_eq!((stage.count(others), stage.count("SELECT count(*) AS count FROM task_failures")), (0, 0));
    assert!(done + left >= MANY, "{done} ended, {left} left");
}

/// The next version widens the tables before the last process of this one has gone.
#[test]
fn fault_23_a_worker_goes_on_while_the_next_version_widens_its_tables() {
    let stage = Stage::new();
    let worker = stage.worker_with("worker", &["--listen", &stage.urls.queue]);
    for key in 1..=20 {
        stage.enqueue(key, "Effect");
    }
    wait_until("the first are done, and every statement is prepared", || stage.live() == 0);
    for table in ["tasks", "task_history", "task_failures"] {
        stage.sql(&format!("ALTER TABLE {table} ADD COLUMN of_the_next_version text NOT NULL DEFAULT 'new'"));
    }
    for key in 21..=40 {
        stage.enqueue(key, "Effect");
        stage.enqueue_transactional(key + 20);
    }
    stage.enqueue(61, "HangFirst");
    stage.enqueue(62, "Panic");
    worker.wait_for("began 61 attempt 1");
    worker.kill();
    let next = stage.worker("next");
    wait_until("all are done", || stage.live() == 0);
    next.stop();
    assert_eq!((stage.effects(), stage.dead_of("the handler panicked; see the log")), (61, 1));
    stage.sql("DELETE FROM tasks");
    stage.assert_all_done(61);
}

/// What operators do while workers are busy with a long backlog beside a long history. `YUI_CHAOS_SECONDS` of ten minutes
/// and more: with a million of each.
#[test]
fn fault_25_operators_steer_a_long_backlog_at_once_and_nothing_blocks_anything() {
    let backlog = if in_full() { 1_000_000 } else { USUAL_BACKLOG };
    let (stage, scratch) = (Stage::new(), Scratch::new("steer"));
    stage.sql(&format!(
        "INSERT INTO task_history (organization_id, id, kind, attempt, outcome, finished_at) \
         SELECT o.id, -key, 'files.sweep', 1, 'done', clock_timestamp() FROM organizations o, generate_series(1, {backlog}) AS key"
    ));
    many(&stage, "sandbox.sweep", backlog);
    many(&stage, "files.sweep", backlog / 10);
    let deadlocks = "SELECT deadlocks AS count FROM pg_stat_database WHERE datname = current_database()";
    let (before, app, scope) = (stage.count(deadlocks), stage.app(), Scope::system(stage.town));
    let workers = [work(&stage, &scratch), work(&stage, &scratch)];
    let mut took = Vec::new();
    let mut steer = |verb: &'static str, what: &dyn Fn(&mut db::Tx<'_>) -> Result<(), db::DbError>| {
        let began = Instant::now();
        app.run_blocking(scope, |tx| what(tx)).unwrap();
        took.push((began.elapsed(), verb));
    };
    for _ in 0..5 {
        for kind in ["sandbox.sweep", "files.sweep"] {
            steer("pause", &|tx| queue::tasks::pause(tx, kind));
            let waiting: Vec<kernel::TaskId> = waiting(&stage, kind);
            for id in waiting {
                steer("cancel", &|tx| queue::tasks::cancel(tx, id).map(|_was_there| ()));
            }
            steer("cancel some", &|tx| queue::tasks::cancel_kind(tx, kind, 200).map(|_taken| ()));
            steer("depths", &|tx| queue::tasks::depths(tx).map(|_depths| ()));
            steer("resume", &|tx| queue::tasks::resume(tx, kind).map(|_was_paused| ()));
        }
    }
    took.sort();
    // Of a machine that runs other tests besides, one in twenty is allowed to stand still.
    let slowest = &took[took.len() * 19 / 20..];
    assert!(slowest[0].0 <= Duration::from_secs(1), "one in twenty took that long: {slowest:?}");
    for process in &workers {
        process.signal("TERM");
    }
    for mut process in workers {
        assert!(process.child.wait().unwrap().success());
    }
    assert_eq!(stage.running(), 0, "nothing is held any more");
    assert_eq!(stage.count(deadlocks) - before, 0);
    let twice = "SELECT count(*) AS count FROM (SELECT FROM task_history WHERE id > 0 GROUP BY id HAVING count(*) > 1) t";
    assert_eq!(stage.count(twice), 0, "no task ended twice");
    let both = "SELECT count(*) AS count FROM task_history h JOIN tasks t ON t.id = h.id";
    assert_eq!(stage.count(both), 0, "none ended and is there all the same");
}

/// A few tasks of a kind that have not begun.
fn waiting(stage: &Stage, kind: &str) -> Vec<kernel::TaskId> {
    #[derive(QueryableByName)]
    struct One {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        id: i64,
    }
    let sql = format!(
        "SELECT id FROM tasks WHERE kind = '{kind}' AND state IN ('ready', 'parked') ORDER BY id DESC LIMIT 10"
    );
    let rows: Vec<One> = diesel::sql_query(sql).load(&mut stage.owner()).unwrap();
    rows.into_iter().map(|row| kernel::TaskId(row.id)).collect()
}
