//! The hot path: fairness, priorities, marks, large payloads, history, plans.

use diesel::sql_types::{BigInt, Text};

use super::*;
use crate::Priority;
use crate::tasks::enqueue_many;
use crate::tasks::hot::Settlement;
use crate::tasks::{self as operators};

#[derive(Debug, Serialize, Deserialize)]
struct Urgent {}

impl Task for Urgent {
    const KIND: &'static str = "test.urgent";
    const PRIORITY: Priority = Priority::Urgent;
}

#[derive(Debug, Serialize, Deserialize)]
struct Idle {}

impl Task for Idle {
    const KIND: &'static str = "test.idle";
    const PRIORITY: Priority = Priority::Idle;
}

#[derive(Debug, Serialize, Deserialize)]
struct Letter {
    text: String,
}
impl Task for Letter {
    const KIND: &'static str = "test.letter";
}

#[derive(QueryableByName)]
struct Scans {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    scans: i64,
}

#[derive(QueryableByName)]
struct Prepared {
    #[diesel(sql_type = Text)]
    statement: String,
    #[diesel(sql_type = BigInt)]
    calls: i64,
}

/// How many statements of this role wait for somebody else's lock.
pub(super) fn blocked() -> diesel::expression::SqlLiteral<BigInt> {
    diesel::dsl::sql(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = current_user \
         AND wait_event_type = 'Lock'",
    )
}

impl Bench {
    fn knowing_all(&self) -> Runner {
        let mut registry = self.counting();
        registry.detached(|_, _, _, _: Urgent| Ok(()));
        registry.detached(|_, _, _, _: Idle| Ok(()));
        self.runner(registry)
    }
}

#[test]
fn towns_take_turns_within_one_claim() {
    let bench = Bench::new();
    let other = bench.db.town("shiojiri");
    let many: Vec<Count> = (0..100).map(|by| Count { by }).collect();
    bench.db.arrange(bench.town, |tx| enqueue_many(tx, &many));
    bench.db.arrange(other, |tx| enqueue_many(tx, &many[..3]));
    let claimed = bench.knowing_all().claim(10, &mut Marks::new()).unwrap().tasks;
    let of_other = claimed.iter().filter(|task| task.organization_id == other).count();
    assert_eq!(
        (claimed.len(), of_other),
        (10, 3),
        "the small town is served whole, the large one fills the rest"
    );
}

#[test]
fn a_claim_smaller_than_the_number_of_towns_begins_where_the_last_one_ended() {
    let bench = Bench::new();
    let towns = [bench.town, bench.db.town("shiojiri"), bench.db.town("hakuba")];
    let many: Vec<Count> = (0..10).map(|by| Count { by }).collect();
    for town in towns {
        bench.db.arrange(town, |tx| enqueue_many(tx, &many));
    }
    let (runner, mut marks) = (bench.knowing_all(), Marks::new());
    let served: Vec<OrganizationId> =
        (0..6).map(|_| runner.claim(1, &mut marks).unwrap().tasks[0].organization_id).collect();
    assert_eq!(served, [towns, towns].concat());
}

#[test]
fn the_urgent_goes_first_until_the_idle_has_waited_long_enough() {
    let bench = Bench::new();
    let idle = bench.enqueue(&Idle {});
    let urgent = bench.enqueue(&Urgent {});
    let runner = bench.knowing_all();
    let first = |marks: &mut Marks| runner.claim(1, marks).unwrap().tasks[0].id;
    assert_eq!(first(&mut Marks::new()), urgent);
    bench.enqueue(&Urgent {});
    bench.sql("UPDATE tasks SET run_at = run_at - interval '1 hour' WHERE kind = 'test.idle'");
    assert_eq!(first(&mut Marks::new()), idle);
}

#[test]
fn what_has_waited_in_line_is_not_overtaken_for_ever() {
    let bench = Bench::new();
    bench.enqueue(&Idle {});
    bench.sql("UPDATE tasks SET run_at = run_at - interval '11 minutes'");
    let runner = bench.knowing_all();
    let aged = runner.claim(10, &mut Marks::new()).unwrap().tasks.remove(0);
    let now = std::time::Instant::now();
    let claimed = || runner.claim(10, &mut Marks::new()).unwrap().tasks.remove(0);
    bench.enqueue(&Count { by: 1 });
    let usual = claimed();
    assert_eq!((aged.rank(now), usual.rank(now)), (2, 2), "equals, and equals keep their order");
    bench.enqueue(&Idle {});
    let idle = claimed();
    assert_eq!(idle.rank(now), 4);
    assert_eq!(idle.rank(now + Duration::from_mins(11)), 2, "waiting in line counts too");
}

#[test]
fn what_commits_late_with_an_earlier_time_is_hidden_by_no_mark_for_long() {
    let bench = Bench::new();
    bench.enqueue(&Count { by: 1 });
    let runner = bench.runner(bench.counting());
    let mut marks = Marks::new();
    assert_eq!(runner.claim(10, &mut marks).unwrap().len(), 1);
    let late = bench.enqueue(&Count { by: 2 });
    bench.sql("UPDATE tasks SET run_at = run_at - interval '10 minutes' WHERE state = 'ready'");
    let mut lasting = Marks::lasting();
    let now = bench.db.arrange(bench.town, |tx| Ok::<_, DbError>(tx.now()));
    lasting.advance([(2, bench.town, now)].into_iter());
    assert_eq!(runner.claim(10, &mut lasting).unwrap().len(), 0, "a mark that is never dropped hides it");
    let marks = std::cell::RefCell::new(marks);
    wait_until("the claimer has dropped its marks", || {
        // It looks again, as it does when it is rung or has slept.
        let claimed = runner.claim(10, &mut marks.borrow_mut()).unwrap();
        claimed.tasks.iter().any(|task| task.id == late)
    });
}

#[test]
fn a_claim_behind_its_mark_reads_only_what_is_left() {
    let bench = Bench::new();
    let many: Vec<Count> = (0..5000).map(|by| Count { by }).collect();
    bench.db.arrange(bench.town, |tx| enqueue_many(tx, &many));
    // Spread in time, as they would be: a mark stays 200 ms behind.
    bench.sql("UPDATE tasks SET run_at = run_at + id * interval '10 milliseconds' - interval '1 hour'");
    let (runner, mut marks) = (bench.runner(bench.counting()), Marks::lasting());
    // An old snapshot keeps every finished row visible to somebody.
    let mut reader = bench.db.owner();
    diesel::sql_query("BEGIN ISOLATION LEVEL REPEATABLE READ").execute(&mut reader).unwrap();
    diesel::sql_query("SELECT count(*) FROM tasks").execute(&mut reader).unwrap();
    for _ in 0..8 {
        let keys: Vec<_> =
            runner.claim(500, &mut marks).unwrap().tasks.iter().map(statements::Claimed::key).collect();
        runner.finish(&keys).unwrap();
    }
    let kinds = [Count::KIND.to_owned()];
    let ask = || statements::Ask {
        most: 100,
        last_priority: Priority::Idle,
        lease: Duration::from_mins(1),
        only_town: None,
    };
    let read = |marks: &mut Marks| {
        index_entries_read(&bench, "tasks_claim", |conn| {
            assert_eq!(statements::claim(conn, &kinds, ask(), marks).unwrap().len(), 100);
        })
    };
    let (behind, without) = (read(&mut marks), read(&mut Marks::new()));
    assert!(behind < 500, "{behind} entries for 100 tasks");
    assert!(without > 4000, "{without} entries: the finished ones are still there");
}

#[test]
fn a_large_payload_leaves_the_hot_row_and_goes_with_its_task() {
    let bench = Bench::new();
    let mut registry = Registry::new();
    let counted = bench.counted.clone();
    registry.detached(move |_, _, _, letter: Letter| {
        counted.fetch_add(letter.text.len(), Ordering::SeqCst);
        Ok(())
    });
    let letters: Vec<Letter> = [10, 5000, 20].map(|length| Letter { text: "あ".repeat(length) }).into();
    bench.db.arrange(bench.town, |tx| enqueue_many(tx, &letters));
    let aside =
        || -> i64 { crate::schema::task_payloads::table.count().get_result(&mut bench.db.owner()).unwrap() };
    assert_eq!(aside(), 1);
    assert_eq!(bench.runner(registry).run_all().unwrap(), 3);
    assert_eq!(bench.count(), 3 * 5030);
    assert_eq!(aside(), 0);
}

#[test]
fn the_history_says_how_a_task_ended_and_lies_in_its_month() {
    let bench = Bench::new();
    let done = bench.enqueue(&Count { by: 1 });
    bench.runner(bench.counting()).run_all().unwrap();
    let cancelled = bench.enqueue(&Count { by: 1 });
    bench.db.arrange(bench.town, |tx| operators::cancel(tx, cancelled));
    let outcome = |id| match bench.db.arrange(bench.town, |tx| operators::state(tx, id)) {
        Some(operators::TaskState::Ended(ended)) => ended.outcome,
        other => panic!("{other:?}"),
    };
    assert_eq!((outcome(done).as_str(), outcome(cancelled).as_str()), ("done", "cancelled"));
    let rest: i64 = diesel::dsl::sql::<BigInt>("SELECT count(*) FROM task_history_rest")
        .get_result(&mut bench.db.owner())
        .unwrap();
    assert_eq!(rest, 0, "this month has a partition of its own");
}

#[test]
fn months_are_made_ahead_and_dropped_when_they_are_old() {
    let bench = Bench::new();
    let partitions = || -> i64 {
        diesel::dsl::sql::<BigInt>(
            "SELECT count(*) FROM pg_inherits WHERE inhparent = 'task_history'::regclass",
        )
        .get_result(&mut bench.db.owner())
        .unwrap()
    };
    let runner = bench.runner(Registry::new());
    assert_eq!(partitions(), 5, "this month, three more, and the rest");
    bench.sql(
        "CREATE TABLE task_history_2020_01 PARTITION OF task_history \
        FOR VALUES FROM ('2020-01-01') TO ('2020-02-01')",
    );
    bench.sql(
        "INSERT INTO task_history (organization_id, id, kind, attempt, outcome, finished_at) \
        VALUES (1, 1, 'old', 1, 'done', '2020-01-15')",
    );
    assert_eq!(runner.keep_history(12).unwrap(), 1);
    assert_eq!(partitions(), 5);
    assert_eq!(runner.keep_history(12).unwrap(), 0);
}

#[test]
fn a_batch_of_ends_refuses_exactly_the_lost_leases() {
    let bench = Bench::new();
    let many: Vec<Count> = (0..6).map(|by| Count { by }).collect();
    bench.db.arrange(bench.town, |tx| enqueue_many(tx, &many));
    let runner = bench.runner(bench.counting());
    let tasks = runner.claim(10, &mut Marks::new()).unwrap().tasks;
    steal(&bench.db.queue, tasks[0].id);
    steal(&bench.db.queue, tasks[3].id);
    let keys: Vec<_> = tasks.iter().map(statements::Claimed::key).collect();
    assert_eq!(runner.prolong(&keys).unwrap().len(), 4);
    runner.finish(&keys[..3]).unwrap();
    let bad = |key: &statements::Key| Settlement {
        key: *key,
        fate: statements::Fate::Dead,
        error: "no".to_owned(),
    };
    runner.settle(&keys[3..].iter().map(bad).collect::<Vec<_>>()).unwrap();
    assert_eq!((runner.finished(), runner.lost_leases()), (2, 2));
    assert_eq!(bench.states(), ["ready", "ready", "dead", "dead"]);
}

/// Whichever of the two comes first, the other waits and holds nothing the first one wants.
#[test]
fn a_heartbeat_and_an_end_of_the_same_tasks_never_wait_for_each_other() {
    let bench = Bench::new();
    let many: Vec<Count> = (0..2).map(|by| Count { by }).collect();
    bench.db.arrange(bench.town, |tx| enqueue_many(tx, &many));
    let runner = bench.runner(bench.counting());
    let mut keys: Vec<_> =
        runner.claim(10, &mut Marks::new()).unwrap().tasks.iter().map(statements::Claimed::key).collect();
    keys.sort_unstable();
    let backwards: Vec<_> = keys.iter().rev().copied().collect();
    let waiting = |count: i64| {
        wait_until("they wait for the first row", || {
            let waiting: i64 = bench.db.queue.single_blocking(|conn| blocked().get_result(conn)).unwrap();
            waiting >= count
        });
    };
    let mut holder = bench.db.owner();
    diesel::sql_query("BEGIN").execute(&mut holder).unwrap();
    // Locked and not changed: who waits for a row keeps its turn only while the row stays the same version.
    diesel::sql_query("SELECT FROM tasks WHERE id = (SELECT min(id) FROM tasks) FOR UPDATE")
        .execute(&mut holder)
        .unwrap();
    std::thread::scope(|scope| {
        let ending = scope.spawn(|| runner.finish(&keys));
        waiting(1);
        let beating = scope.spawn(|| runner.prolong(&backwards));
        waiting(2);
        diesel::sql_query("COMMIT").execute(&mut holder).unwrap();
        ending.join().unwrap().unwrap();
        assert_eq!(beating.join().unwrap().unwrap(), [], "the end came first");
    });
    assert_eq!((runner.finished(), runner.lost_leases()), (2, 0));
}

/// The plan that a batch finish gets with a table that the planner believes to be empty.
#[test]
fn five_thousand_finishes_walk_the_primary_key_whatever_the_statistics_say() {
    let bench = Bench::new();
    let many: Vec<Count> = (0..5000).map(|by| Count { by }).collect();
    bench.sql("ANALYZE tasks");
    bench.db.arrange(bench.town, |tx| enqueue_many(tx, &many));
    let runner = bench.runner(bench.counting());
    let keys: Vec<_> =
        runner.claim(5000, &mut Marks::new()).unwrap().tasks.iter().map(statements::Claimed::key).collect();
    runner.finish(&keys).unwrap();
    assert_eq!(bench.left_over(), 0);
    let read = || -> Vec<Scans> {
        diesel::sql_query(
            "SELECT indexrelname::text AS name, idx_scan AS scans FROM pg_stat_user_indexes WHERE relname = 'tasks' \
             AND idx_scan > 0 ORDER BY 1",
        )
        .load(&mut bench.db.owner())
        .unwrap()
    };
    // Once for the claim's update and once for the finish.
    wait_until("the server's counters arrive", || read().iter().any(|index| index.scans >= 10_000));
    let used: Vec<String> = read().into_iter().map(|index| index.name).collect();
    assert_eq!(used, ["tasks_claim", "tasks_pkey"], "and never the small index of running tasks");
}

#[test]
fn the_hot_statements_are_prepared_once() {
    let bench = Bench::new();
    let mut registry = Registry::new();
    registry.detached(|_, _, _, _: Count| Ok(()));
    let settings = db::PoolSettings { size: 1, ..db::PoolSettings::default() };
    let queue = db::Db::connect(&bench.db.url(db::private_postgres::Role::Queue), &settings);
    let runner = Runner::new(bench.db.app.clone(), queue.clone(), registry);
    for _ in 0..20 {
        bench.enqueue(&Count { by: 1 });
        assert_eq!(runner.run_all().unwrap(), 1);
    }
    let prepared: Vec<Prepared> = queue
        .single_blocking(|conn| {
            diesel::sql_query(
                "SELECT substring(statement FROM '(claim|finish|tend)_tasks') AS statement, \
                     generic_plans + custom_plans AS calls FROM pg_prepared_statements \
                 WHERE statement ~ '(claim|finish|tend)_tasks' ORDER BY 1",
            )
            .load(conn)
        })
        .unwrap();
    let calls: Vec<(&str, i64)> = prepared.iter().map(|one| (one.statement.as_str(), one.calls)).collect();
    assert_eq!(
        calls,
        [("claim", 40), ("finish", 20), ("tend", 20)],
        "one statement each, used by every call"
    );
}
