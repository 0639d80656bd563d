//! The promises of the queue, kept against a real database.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use db::testing::TestDb;
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{OrganizationId, Paging, Scope, TaskId};
use serde::{Deserialize, Serialize};

mod hot;
mod limits;
mod model;
mod operators;
mod periodic;
mod signals;
mod workers;

use crate::tasks::hot as statements;
use crate::tasks::lanes::Marks;
use crate::{
    Attempt, Event, Registry, Runner, Task, TaskError, Unique, Wakes, WorkerSettings, Workers, enqueue,
    enqueue_at, enqueue_unique, enqueue_unique_at, record, tasks,
};

#[derive(Debug, Serialize, Deserialize)]
struct Count {
    by: usize,
}

impl Task for Count {
    const KIND: &'static str = "test.count";
}

#[derive(Debug, Serialize, Deserialize)]
struct Rung {
    times: usize,
}

impl Event for Rung {
    const KIND: &'static str = "bell.rung";
}

struct Bench {
    db: TestDb,
    town: OrganizationId,
    counted: Arc<AtomicUsize>,
}

impl Bench {
    fn new() -> Self {
        let db = TestDb::new();
        let town = db.town("tateshina");
        Self { db, town, counted: Arc::default() }
    }

    fn counting(&self) -> Registry {
        let mut registry = Registry::new();
        let counted = self.counted.clone();
        registry.in_transaction(move |_tx: &mut Tx<'_>, _attempt: Attempt, task: Count| {
            counted.fetch_add(task.by, Ordering::SeqCst);
            Ok(())
        });
        registry
    }

    fn runner(&self, registry: Registry) -> Runner {
        Runner::new(self.db.app.clone(), self.db.queue.clone(), registry)
    }

    fn count(&self) -> usize {
        self.counted.load(Ordering::SeqCst)
    }

    fn enqueue<T: Task>(&self, task: &T) -> TaskId {
        self.db.arrange(self.town, |tx| enqueue(tx, task))
    }

    /// The states of all tasks, in the order of their ids.
    fn states(&self) -> Vec<String> {
        use crate::schema::tasks;
        tasks::table.order(tasks::id).select(tasks::state).load(&mut self.db.owner()).unwrap()
    }

    fn sql(&self, statement: &str) {
        diesel::sql_query(statement).execute(&mut self.db.owner()).unwrap();
    }

    /// What one column of the tasks holds, in the order of their ids.
    fn attempts(&self) -> Vec<i16> {
        use crate::schema::tasks;
        tasks::table.order(tasks::id).select(tasks::attempt).load(&mut self.db.owner()).unwrap()
    }

    fn left_over(&self) -> i64 {
        crate::schema::tasks::table.count().get_result(&mut self.db.owner()).unwrap()
    }
}

#[test]
fn a_task_of_a_rolled_back_transaction_never_runs() {
    let bench = Bench::new();
    let refused: Result<(), DbError> = bench.db.app.run_blocking(Scope::system(bench.town), |tx| {
        enqueue(tx, &Count { by: 1 })?;
        Err(DbError::NotFound)
    });
    assert!(refused.is_err());
    assert_eq!(bench.runner(bench.counting()).run_all().unwrap(), 0);
}

#[test]
fn each_subscriber_of_an_event_reacts_exactly_once() {
    let bench = Bench::new();
    let mut registry = Registry::new();
    for (subscriber, weight) in [("ones", 1), ("tens", 10)] {
        let counted = bench.counted.clone();
        registry.subscribe::<Rung>(subscriber, move |_tx, delivered| {
            counted.fetch_add(delivered.fact.times * weight, Ordering::SeqCst);
            Ok(())
        });
    }
    bench.db.arrange(bench.town, |tx| record(tx, &Rung { times: 3 }));
    let runner = bench.runner(registry);
    assert_eq!(runner.run_all().unwrap(), 3, "one dispatch, two deliveries");
    assert_eq!(bench.count(), 33);
    assert_eq!(runner.run_all().unwrap(), 0);
    assert_eq!(bench.left_over(), 0);
}

#[test]
fn a_failing_task_waits_keeps_its_reasons_and_is_dead_in_the_end() {
    let bench = Bench::new();
    let mut registry = Registry::new();
    registry.in_transaction(|_tx: &mut Tx<'_>, _attempt: Attempt, _task: Count| {
        Err(TaskError::retry("the weather"))
    });
    let id = bench.db.arrange(bench.town, |tx| enqueue(tx, &Count { by: 1 }));
    let runner = bench.runner(registry);
    for _ in 0..Count::BACKOFF.attempts {
        runner.run_all().unwrap();
        make_due(&bench);
        runner.promote().unwrap();
    }
    let dead = bench.db.arrange(bench.town, |tx| tasks::dead(tx, &Paging::first(10)));
    assert_eq!(dead.items.iter().map(|row| row.id).collect::<Vec<_>>(), [id]);
    let reasons = bench.db.arrange(bench.town, |tx| tasks::failures(tx, id));
    assert_eq!(reasons.len(), usize::try_from(Count::BACKOFF.attempts).unwrap());
    assert!(reasons.iter().all(|failure| failure.error == "the weather"));

    assert!(bench.db.arrange(bench.town, |tx| tasks::retry(tx, id)));
    assert_eq!(bench.runner(bench.counting()).run_all().unwrap(), 1);
    assert_eq!(bench.count(), 1);
}

#[test]
fn a_panicking_handler_fails_its_attempt_and_nothing_else() {
    let bench = Bench::new();
    let mut registry = Registry::new();
    registry.in_transaction(|_tx: &mut Tx<'_>, _attempt: Attempt, task: Count| {
        assert!(task.by != 13, "unlucky");
        Ok(())
    });
    let unlucky = bench.db.arrange(bench.town, |tx| enqueue(tx, &Count { by: 13 }));
    bench.db.arrange(bench.town, |tx| enqueue(tx, &Count { by: 1 }));
    let runner = bench.runner(registry);
    assert_eq!(runner.run_all().unwrap(), 2);
    assert_eq!(bench.left_over(), 1);
    let reasons = bench.db.arrange(bench.town, |tx| tasks::failures(tx, unlucky));
    assert_eq!(reasons.len(), 1);
}

#[test]
fn a_worker_that_lost_its_lease_cannot_finish_and_its_writes_are_undone() {
    let bench = Bench::new();
    let mut registry = Registry::new();
    let (queue, counted) = (bench.db.queue.clone(), bench.counted.clone());
    registry.in_transaction(move |tx: &mut Tx<'_>, attempt: Attempt, _task: Count| {
        enqueue_at(tx, &Count { by: 99 }, tx.now() + chrono::Duration::days(1))?;
        if counted.fetch_add(1, Ordering::SeqCst) == 0 {
            steal(&queue, attempt.task);
        }
        Ok(())
    });
    bench.db.arrange(bench.town, |tx| enqueue(tx, &Count { by: 1 }));
    let runner = bench.runner(registry);
    runner.run_all().unwrap();
    assert_eq!(runner.lost_leases(), 1);
    assert_eq!(bench.count(), 2, "tried, refused, taken over");
    assert_eq!(bench.left_over(), 1, "only the second try's own task is there");
}

#[test]
fn a_task_whose_worker_died_is_taken_over() {
    let bench = Bench::new();
    bench.db.arrange(bench.town, |tx| enqueue(tx, &Count { by: 5 }));
    let runner = bench.runner(bench.counting());
    let abandoned = runner.claim(10, &mut Marks::new()).unwrap().tasks;
    assert_eq!(abandoned.len(), 1);
    assert_eq!(runner.run_all().unwrap(), 0, "somebody else holds it");
    diesel::sql_query("UPDATE tasks SET lease_until = now() - interval '1 second'")
        .execute(&mut bench.db.owner())
        .unwrap();
    runner.promote().unwrap();
    assert_eq!(bench.states(), ["scheduled"], "it does not come back at once");
    make_due(&bench);
    runner.promote().unwrap();
    assert_eq!(runner.run_all().unwrap(), 1);
    assert_eq!(bench.count(), 5);
    let late = bench.db.queue.single_blocking(|conn| statements::finish(conn, &[abandoned[0].key()]));
    assert_eq!(late.unwrap(), 1, "the late finisher is refused");
}

/// What was claimed with a task that kills its workers loses one attempt at most, whatever happens to them all.
#[test]
fn what_a_dead_worker_had_not_begun_is_not_worn_out_by_it() {
    let bench = Bench::new();
    let ids: Vec<TaskId> = (1..=3).map(|by| bench.enqueue(&Count { by })).collect();
    bench.sql("UPDATE tasks SET max_attempts = 2");
    let runner = bench.runner(bench.counting());
    for crash in 1..=5 {
        let claimed = runner.claim(10, &mut Marks::new()).unwrap().tasks;
        // The first of them is begun, and then the process is gone.
        for task in claimed {
            if task.id == ids[0] {
                assert!(runner.begin(task).unwrap().is_some());
            }
        }
        bench.sql("UPDATE tasks SET lease_until = now() - interval '1 second' WHERE state = 'running'");
        runner.promote().unwrap();
        let killer = if crash < 2 { "scheduled" } else { "dead" };
        assert_eq!(bench.states(), [killer, "scheduled", "scheduled"], "crash {crash}");
        make_due(&bench);
        runner.promote().unwrap();
    }
    assert_eq!(bench.attempts(), [2, 1, 1]);
    assert_eq!(runner.run_all().unwrap(), 2);
    assert_eq!(bench.count(), 5);
    assert!(bench.db.arrange(bench.town, |tx| tasks::retry(tx, ids[0])));
    assert_eq!(runner.run_all().unwrap(), 1, "redriven it is no suspect any more");
}

#[test]
fn a_suspect_that_is_given_back_unbegun_has_lost_nothing() {
    let bench = Bench::new();
    bench.enqueue(&Count { by: 1 });
    bench.sql("UPDATE tasks SET rescued = 1, attempt = 1");
    let runner = bench.runner(bench.counting());
    let key = runner.claim(1, &mut Marks::new()).unwrap().tasks[0].key();
    let back = statements::Settlement { key, fate: statements::Fate::Released, error: String::new() };
    runner.settle(&[back]).unwrap();
    assert_eq!(bench.attempts(), [1]);
}

#[test]
fn a_unique_task_is_added_once_while_it_lives() {
    let bench = Bench::new();
    let add = || bench.db.arrange(bench.town, |tx| enqueue_unique(tx, &Count { by: 1 }, "key"));
    let Unique::Added(first) = add() else { panic!("nothing was there") };
    assert_eq!(add(), Unique::Exists(first));
    bench.runner(bench.counting()).run_all().unwrap();
    assert!(matches!(add(), Unique::Added(second) if second != first));
}

#[test]
fn a_unique_task_for_later_waits_once_for_its_time() {
    let bench = Bench::new();
    let add = || {
        bench.db.arrange(bench.town, |tx| {
            let later = tx.now() + chrono::Duration::hours(1);
            enqueue_unique_at(tx, &Count { by: 1 }, "key", later)
        })
    };
    let Unique::Added(first) = add() else { panic!("nothing was there") };
    assert_eq!(add(), Unique::Exists(first));
    assert_eq!(bench.states(), ["scheduled"]);
}

/// Ten at a time, and the one that lives ends among them.
#[test]
fn a_hundred_who_ask_for_a_unique_task_while_one_ends_leave_one() {
    let bench = Bench::new();
    let ask = || bench.db.arrange(bench.town, |tx| enqueue_unique(tx, &Count { by: 1 }, "key"));
    let Unique::Added(first) = ask() else { panic!("nothing was there") };
    let runner = bench.runner(bench.counting());
    let held = runner.claim(1, &mut Marks::new()).unwrap().tasks.remove(0);
    let together = std::sync::Barrier::new(11);
    let added: usize = std::thread::scope(|scope| {
        let asking = || {
            together.wait();
            let outcomes = (0..10).map(|_| ask());
            outcomes.filter(|outcome| matches!(outcome, Unique::Added(_))).count()
        };
        let threads: Vec<_> = (0..10).map(|_| scope.spawn(asking)).collect();
        together.wait();
        runner.finish(&[held.key()]).unwrap();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert!(added <= 1, "{added} were added beside each other");
    let after = ask();
    assert!(after.id() > first, "the first one has ended");
    assert_eq!((bench.left_over(), added + usize::from(matches!(after, Unique::Added(_)))), (1, 1));
    assert_eq!(runner.run_all().unwrap(), 1);
}

/// A key belongs to its task for as long as there is a row, so what is rescued can meet no other with its key; and were
/// there one that cannot be rescued, the others would not wait for it.
#[test]
fn the_key_of_a_task_whose_worker_died_cannot_be_taken_before_it_is_rescued() {
    let bench = Bench::new();
    let ask = |key: &str| bench.db.arrange(bench.town, |tx| enqueue_unique(tx, &Count { by: 1 }, key));
    let firsts: Vec<TaskId> = ["a", "b", "c"].map(|key| ask(key).id()).into();
    let runner = bench.runner(bench.counting());
    assert_eq!(runner.claim(10, &mut Marks::new()).unwrap().len(), 3);
    bench.sql("UPDATE tasks SET lease_until = lease_until - interval '1 hour'");
    assert_eq!(ask("b"), Unique::Exists(firsts[1]), "its worker is gone, its key is not free");
    assert_eq!(runner.rescue().unwrap(), 3);
    assert_eq!(ask("b"), Unique::Exists(firsts[1]));
    make_due(&bench);
    runner.promote().unwrap();
    assert_eq!((runner.run_all().unwrap(), bench.count(), bench.left_over()), (3, 3, 0));
    assert!(matches!(ask("b"), Unique::Added(again) if again > firsts[1]), "now it is");
}

#[test]
fn a_payload_that_does_not_fit_is_dead_at_once_with_its_reason() {
    let bench = Bench::new();
    let id = bench.db.arrange(bench.town, |tx| enqueue(tx, &Count { by: 1 }));
    diesel::sql_query("UPDATE tasks SET payload = '{\"by\": \"many\"}'")
        .execute(&mut bench.db.owner())
        .unwrap();
    bench.runner(bench.counting()).run_all().unwrap();
    let dead = bench.db.arrange(bench.town, |tx| tasks::dead(tx, &Paging::first(10)));
    assert_eq!(dead.items.first().map(|row| row.id), Some(id));
    let reasons = bench.db.arrange(bench.town, |tx| tasks::failures(tx, id));
    assert!(reasons[0].error.starts_with("test.count: payload does not fit"), "{}", reasons[0].error);
}

#[test]
fn a_scheduled_task_waits_for_its_time() {
    let bench = Bench::new();
    bench
        .db
        .arrange(bench.town, |tx| enqueue_at(tx, &Count { by: 1 }, tx.now() + chrono::Duration::hours(1)));
    let runner = bench.runner(bench.counting());
    runner.promote().unwrap();
    assert_eq!(runner.run_all().unwrap(), 0);
    make_due(&bench);
    runner.promote().unwrap();
    assert_eq!(runner.run_all().unwrap(), 1);
}

#[test]
fn threads_drain_what_two_hundred_transactions_enqueue_and_stop_when_asked() {
    let bench = Bench::new();
    let wakes = Wakes::default();
    let runner = Arc::new(bench.runner(bench.counting()));
    let settings =
        WorkerSettings { threads: 4, poll: Duration::from_millis(20), ..WorkerSettings::default() };
    let workers = Workers::start(runner, &wakes, settings, |_run| {});
    for _ in 0..200 {
        bench.db.arrange(bench.town, |tx| enqueue(tx, &Count { by: 1 }));
    }
    wait_until("all are done", || bench.left_over() == 0);
    workers.stop();
    assert_eq!(bench.count(), 200);
    assert_eq!(bench.left_over(), 0);
}

/// How many entries of an index `work` makes the server read, dead ones included.
fn index_entries_read(bench: &Bench, index: &str, work: impl FnOnce(&mut PgConnection)) -> i64 {
    let read = |conn: &mut PgConnection| -> i64 {
        let sql = format!("pg_stat_get_xact_tuples_returned('{index}'::regclass)");
        diesel::select(diesel::dsl::sql::<diesel::sql_types::BigInt>(&sql)).get_result(conn).unwrap()
    };
    let counted = bench.db.queue.single_blocking(|conn| {
        conn.transaction::<i64, diesel::result::Error, _>(|conn| {
            let before = read(conn);
            work(conn);
            Ok(read(conn) - before)
        })
    });
    counted.unwrap()
}

/// Waits for `condition`; panics when it does not come true in a time that only a failure takes.
fn wait_until(what: &str, condition: impl Fn() -> bool) {
    let (bell, deadline) = (crate::Wake::default(), std::time::Instant::now() + Duration::from_mins(1));
    while !condition() {
        assert!(std::time::Instant::now() < deadline, "never: {what}");
        bell.wait(Duration::from_millis(5));
    }
}

fn make_due(bench: &Bench) {
    diesel::sql_query("UPDATE tasks SET run_at = now() - interval '1 second' WHERE state = 'scheduled'")
        .execute(&mut bench.db.owner())
        .unwrap();
}

/// Another worker rescues and claims the task while the first still believes it holds it.
fn steal(queue: &db::Db, task: TaskId) {
    queue
        .lobby_blocking::<_, DbError, _>(|lobby| {
            diesel::sql_query(
                "UPDATE tasks SET state = 'ready', lease = NULL, lease_until = NULL WHERE id = $1",
            )
            .bind::<diesel::sql_types::BigInt, _>(task)
            .execute(lobby.conn())?;
            Ok(())
        })
        .unwrap();
}
