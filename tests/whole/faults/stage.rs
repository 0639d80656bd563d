//! A database with tasks for worker processes, and the processes.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use db::private_postgres::Role;
use db::testing::TestDb;
use db::{Db, PoolSettings};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Jsonb, Text};
use kernel::{OrganizationId, TaskId};
use serde_json::json;

use crate::whole::world::PATIENCE;

/// The lease of the workers, so that a test need not wait for the product's minute.
pub(super) const LEASE: Duration = Duration::from_secs(1);

/// Waits for `condition`; panics when it does not come true in a time that only a failure takes.
pub(super) fn wait_until(what: &str, condition: impl Fn() -> bool) {
    let (bell, deadline) = (queue::Wake::default(), Instant::now() + PATIENCE);
    while !condition() {
        assert!(Instant::now() < deadline, "never: {what}");
        bell.wait(Duration::from_millis(20));
    }
}

/// Says that something took no longer than `bound`, where times are asked for: in `make chaos`. Elsewhere a busy machine would
/// make it fail.
pub(super) fn took_at_most(bound: Duration, since: Instant, what: &str) {
    if yui::config::environment("YUI_CHAOS_SECONDS").is_some() {
        let took = since.elapsed();
        assert!(took <= bound, "{what} after {took:?}");
    }
}

/// Whether faults come in the number their rows say: in `make chaos`, which takes ten minutes and more.
pub(super) fn in_full() -> bool {
    let seconds = yui::config::environment("YUI_CHAOS_SECONDS").and_then(|text| text.parse::<u64>().ok());
    seconds.is_some_and(|seconds| seconds >= 600)
}

/// Where a database is reached.
#[derive(Debug, Clone)]
pub(super) struct Urls {
    pub(super) owner: String,
    pub(super) app: String,
    pub(super) queue: String,
}

/// A database with a town, and tables for what handlers do.
pub(super) struct Stage {
    pub(super) urls: Urls,
    pub(super) town: OrganizationId,
    _db: Option<TestDb>,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

impl Stage {
    /// On the server that all tests share.
    pub(super) fn new() -> Self {
        let db = TestDb::new();
        let urls = Urls { owner: db.url(Role::Owner), app: db.url(Role::App), queue: db.url(Role::Queue) };
        let town = db.town("tateshina");
        Self::set(urls, town, Some(db))
    }

    /// On a server of the test's own.
    pub(super) fn set(urls: Urls, town: OrganizationId, db: Option<TestDb>) -> Self {
        let stage = Self { urls, town, _db: db };
        for sql in [
            "CREATE TABLE effects (key bigint PRIMARY KEY)",
            "CREATE TABLE runs (key bigint NOT NULL, attempt smallint NOT NULL, \
                at timestamptz NOT NULL DEFAULT clock_timestamp())",
            "CREATE TABLE permits (key bigint NOT NULL, process text NOT NULL)",
            "GRANT SELECT, INSERT ON effects, runs, permits TO yui_app",
        ] {
            stage.sql(sql);
        }
        stage
    }

    pub(super) fn owner(&self) -> PgConnection {
        PgConnection::establish(&self.urls.owner).unwrap()
    }

    pub(super) fn sql(&self, sql: &str) {
        diesel::sql_query(sql).execute(&mut self.owner()).unwrap();
    }

    pub(super) fn count(&self, sql: &str) -> i64 {
        diesel::sql_query(sql).get_result::<Count>(&mut self.owner()).unwrap().count
    }

    /// How many connections listen. Only their own role sees what they last said.
    pub(super) fn listening(&self) -> i64 {
        let sql = "SELECT count(*) AS count FROM pg_stat_activity WHERE datname = current_database() \
            AND usename = current_user AND pid <> pg_backend_pid() AND (query LIKE 'LISTEN %' OR query = 'SELECT 1')";
        let mut same_role = PgConnection::establish(&self.urls.queue).unwrap();
        diesel::sql_query(sql).get_result::<Count>(&mut same_role).unwrap().count
    }

    pub(super) fn app(&self) -> Db {
        Db::connect(&self.urls.app, &PoolSettings::default())
    }

    pub(super) fn queue(&self) -> Db {
        Db::connect(&self.urls.queue, &PoolSettings::default())
    }

    /// Ends one connection of the role that `url` connects as; which one, `turn` chooses.
    pub(super) fn end_a_connection_of(&self, url: &str, turn: i32) {
        let sql = format!(
            "SELECT pg_terminate_backend(pid) FROM (SELECT pid, row_number() OVER (ORDER BY pid) - 1 AS place, \
                 count(*) OVER () AS all FROM pg_stat_activity WHERE datname = current_database() \
                 AND usename = current_user AND pid <> pg_backend_pid()) a WHERE place = {turn} % a.all"
        );
        let mut same_role = PgConnection::establish(url).unwrap();
        diesel::sql_query(sql).execute(&mut same_role).unwrap();
    }

    /// Enqueues as another process would: it commits and then notifies.
    pub(super) fn tell_by_another_process(&self, key: i64) {
        self.enqueue(key, "Effect");
        self.sql("SELECT pg_notify('yui_tasks', 'another process')");
    }

    /// Adds a task whose handler behaves like `conduct`.
    pub(super) fn enqueue(&self, key: i64, conduct: &str) -> TaskId {
        enqueue_with(
            &mut self.owner(),
            self.town,
            "fault.detached",
            &json!({ "key": key, "conduct": conduct }),
        )
    }

    pub(super) fn enqueue_transactional(&self, key: i64) -> TaskId {
        enqueue_with(&mut self.owner(), self.town, "fault.transactional", &json!({ "key": key }))
    }

    pub(super) fn permit(&self, key: i64, process: &str) {
        self.sql(&format!("INSERT INTO permits VALUES ({key}, '{process}')"));
    }

    pub(super) fn effects(&self) -> i64 {
        self.count("SELECT count(*) AS count FROM effects")
    }

    pub(super) fn running(&self) -> i64 {
        self.count("SELECT count(*) AS count FROM tasks WHERE state = 'running'")
    }

    pub(super) fn live(&self) -> i64 {
        self.count("SELECT count(*) AS count FROM tasks WHERE state <> 'dead'")
    }

    /// How many tasks died of `cause`.
    pub(super) fn dead_of(&self, cause: &str) -> i64 {
        self.count(&format!("SELECT count(*) AS count FROM tasks WHERE state = 'dead' AND cause = '{cause}'"))
    }

    /// Waits until so much time has passed by the database's clock.
    pub(super) fn passes(&self, time: Duration) {
        let now = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS count";
        let until = self.count(now) + i64::try_from(time.as_millis()).unwrap();
        wait_until("time passes", || self.count(now) >= until);
    }

    /// Every task of `all` ended well exactly once, with one effect; nothing is left.
    pub(super) fn assert_all_done(&self, all: i64) {
        assert_eq!(self.count("SELECT count(*) AS count FROM tasks"), 0, "nothing is left");
        assert_eq!(self.effects(), all, "each key has its effect");
        let ended = "SELECT count(*) AS count FROM task_history WHERE outcome = 'done'";
        assert_eq!(self.count(ended), all, "each task ended once");
        let twice =
            "SELECT count(*) AS count FROM (SELECT FROM task_history GROUP BY id HAVING count(*) > 1) t";
        assert_eq!(self.count(twice), 0, "no task ended twice");
    }

    /// Starts a worker and waits until it works.
    pub(super) fn worker(&self, name: &str) -> Worker {
        self.worker_with(name, &[])
    }

    pub(super) fn worker_with(&self, name: &str, more: &[&str]) -> Worker {
        self.worker_told(name, more, &[])
    }

    /// The same in a process that hears something of its own from its environment.
    pub(super) fn worker_told(&self, name: &str, more: &[&str], told: &[(&str, &str)]) -> Worker {
        let worker = Worker::start(&self.urls, name, more, told);
        worker.wait_for("working");
        worker
    }
}

/// How often a task is tried.
const ATTEMPTS: i32 = 3;

/// Writes a task as a transaction of any client would.
pub(super) fn enqueue_with(
    conn: &mut PgConnection,
    town: OrganizationId,
    kind: &str,
    payload: &serde_json::Value,
) -> TaskId {
    enqueue_lasting(conn, town, kind, payload, ATTEMPTS)
}

/// The same for a task that may fail as often as it likes, up to so many times.
pub(super) fn enqueue_lasting(
    conn: &mut PgConnection,
    town: OrganizationId,
    kind: &str,
    payload: &serde_json::Value,
    attempts: i32,
) -> TaskId {
    let added: Count = diesel::sql_query(
        "INSERT INTO tasks (organization_id, kind, max_attempts, payload) VALUES ($1, $2, $3, $4) RETURNING id AS count",
    )
    .bind::<BigInt, _>(town)
    .bind::<Text, _>(kind)
    .bind::<Integer, _>(attempts)
    .bind::<Jsonb, _>(payload)
    .get_result(conn)
    .unwrap();
    TaskId(added.count)
}

/// A worker process. Dropping it kills it.
pub(super) struct Worker {
    child: Child,
    input: Option<ChildStdin>,
    lines: Receiver<String>,
}

impl Worker {
    fn start(urls: &Urls, name: &str, more: &[&str], told: &[(&str, &str)]) -> Self {
        let lease = LEASE.as_millis().to_string();
        let mut child = Command::new(env!("CARGO_BIN_EXE_task-worker-under-test"))
            .args(["--name", name, "--app", &urls.app, "--queue", &urls.queue, "--lease-ms", &lease])
            .args(more)
            .env("RUST_LOG", "warn")
            .envs(told.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (say, lines) = channel();
        let out = child.stdout.take().unwrap();
        std::thread::spawn(move || {
            BufReader::new(out).lines().map_while(Result::ok).for_each(|line| drop(say.send(line)));
        });
        Self { input: child.stdin.take(), child, lines }
    }

    /// Waits until the process has said something that contains `text`; returns the line.
    pub(super) fn wait_for(&self, text: &str) -> String {
        let until = Instant::now() + PATIENCE;
        let mut said = Vec::new();
        loop {
            match self.lines.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(line) if line.contains(text) => return line,
                Ok(line) => said.push(line),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                    panic!("never said {text:?}; it said:\n{}", said.join("\n"))
                }
            }
        }
    }

    /// Sends a signal by its name.
    pub(super) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").arg(format!("-{name}")).arg(id).status().unwrap().success());
    }

    /// Kills it without a chance to say goodbye.
    pub(super) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits until it has ended by itself.
    pub(super) fn wait_for_end(&mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }

    /// Asks it to stop; returns how many tasks it ended well and how many leases it had lost.
    pub(super) fn stop(mut self) -> (u64, u64) {
        drop(self.input.take());
        let last = self.wait_for("finished ");
        assert!(self.child.wait().unwrap().success());
        let numbers: Vec<u64> = last.split(' ').filter_map(|word| word.parse().ok()).collect();
        (numbers[0], numbers[1])
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
