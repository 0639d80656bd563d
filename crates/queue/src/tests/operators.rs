//! What operators do: cancel, pause, redrive; progress, batches, time limits, unknown kinds.

use super::*;
use crate::tasks::{Deed, Redrive, enqueue_batch};
use crate::testing::TestTasks;

#[derive(Debug, Serialize, Deserialize)]
struct After {
    times: usize,
}

impl Task for After {
    const KIND: &'static str = "test.after";
}

#[derive(Debug, Serialize, Deserialize)]
struct Slow {}

impl Task for Slow {
    const KIND: &'static str = "test.slow";
    const TIME_LIMIT: Duration = Duration::from_millis(1);
    const BACKOFF: crate::Backoff =
        crate::Backoff { attempts: 5, first: Duration::ZERO, most: Duration::ZERO };
}

impl Bench {
    /// Counts how often the bell was rung.
    fn listening(&self) -> Registry {
        let mut registry = Registry::new();
        let counted = self.counted.clone();
        registry.subscribe::<Rung>("ear", move |_tx, delivered| {
            counted.fetch_add(delivered.fact.times, Ordering::SeqCst);
            Ok(())
        });
        registry
    }
}

#[test]
fn a_paused_kind_is_put_aside_and_comes_back() {
    let bench = Bench::new();
    bench.db.arrange(bench.town, |tx| tasks::pause(tx, Count::KIND));
    bench.enqueue(&Count { by: 1 });
    let other = bench.db.town("shiojiri");
    bench.db.arrange(other, |tx| enqueue(tx, &Count { by: 10 }));
    let runner = bench.runner(bench.counting());
    assert_eq!(runner.run_all().unwrap(), 1, "another town's pause is its own");
    assert_eq!(bench.states(), ["parked"]);
    let pauses = bench.db.arrange(bench.town, tasks::pauses);
    assert_eq!(pauses.iter().map(|pause| pause.kind.as_str()).collect::<Vec<_>>(), [Count::KIND]);
    assert!(bench.db.arrange(bench.town, |tx| tasks::resume(tx, Count::KIND)));
    assert_eq!(runner.run_all().unwrap(), 1);
    assert_eq!(bench.count(), 11);
}

#[test]
fn a_kind_nobody_knows_waits_aside_for_a_process_that_does() {
    let bench = Bench::new();
    bench.enqueue(&Count { by: 1 });
    let ignorant = bench.runner(Registry::new());
    assert_eq!(ignorant.run_all().unwrap(), 0);
    ignorant.promote().unwrap();
    assert_eq!(bench.states(), ["parked"]);
    assert_eq!(bench.runner(bench.counting()).run_all().unwrap(), 1);
}

#[test]
fn an_event_nobody_here_knows_waits_aside_for_a_process_that_does() {
    let bench = Bench::new();
    bench.db.arrange(bench.town, |tx| record(tx, &Rung { times: 3 }));
    let ignorant = bench.runner(Registry::new());
    assert_eq!(ignorant.run_all().unwrap(), 0);
    ignorant.promote().unwrap();
    assert_eq!(bench.states(), ["parked"], "as in a process of the version before the event was invented");
    assert_eq!(bench.runner(bench.listening()).run_all().unwrap(), 2);
    assert_eq!(bench.count(), 3);
}

#[test]
fn what_a_version_before_wrote_for_an_event_reaches_its_subscribers() {
    let bench = Bench::new();
    bench.db.arrange(bench.town, |tx| record(tx, &Rung { times: 3 }));
    bench.sql("UPDATE tasks SET kind = 'dispatch'");
    bench.runner(Registry::new()).run_all().unwrap();
    assert_eq!(bench.states(), ["parked"], "addressed, and waiting for somebody who knows the event");
    bench.runner(bench.listening()).run_all().unwrap();
    assert_eq!((bench.count(), bench.left_over()), (3, 0));
}

#[test]
fn events_that_are_ignored_knowingly_leave_nothing_behind() {
    let bench = Bench::new();
    bench.db.arrange(bench.town, |tx| record(tx, &Rung { times: 3 }));
    let mut silent = Registry::new();
    silent.ignore_other_events_of(&bench.listening());
    assert_eq!(bench.runner(silent).run_all().unwrap(), 1);
    assert_eq!((bench.count(), bench.left_over()), (0, 0));
}

#[test]
fn a_runner_of_one_town_leaves_all_others_alone() {
    let bench = Bench::new();
    let others = [bench.db.town("shiojiri"), bench.db.town("hakuba")];
    for town in [others[0], bench.town, others[1]] {
        bench.db.arrange(town, |tx| enqueue(tx, &Count { by: 1 }));
    }
    let middle = bench.runner(bench.counting()).of_town(others[0]);
    assert_eq!(middle.run_all().unwrap(), 1);
    assert_eq!(bench.states(), ["ready", "ready"]);
    assert_eq!(bench.runner(bench.counting()).run_all().unwrap(), 2);
}

#[test]
fn a_cancelled_task_never_runs_and_a_running_one_cannot_commit() {
    let bench = Bench::new();
    let waiting = bench.enqueue(&Count { by: 1 });
    assert!(bench.db.arrange(bench.town, |tx| tasks::cancel(tx, waiting)));
    assert!(!bench.db.arrange(bench.town, |tx| tasks::cancel(tx, waiting)));
    bench.enqueue(&Count { by: 1 });
    let mut registry = Registry::new();
    let (app, counted) = (bench.db.app.clone(), bench.counted.clone());
    registry.in_transaction(move |tx: &mut Tx<'_>, attempt: Attempt, _: Count| {
        enqueue_at(tx, &Count { by: 9 }, tx.now() + chrono::Duration::days(1))?;
        counted.fetch_add(1, Ordering::SeqCst);
        let scope = Scope::system(tx.organization());
        app.run_blocking(scope, |other| tasks::cancel(other, attempt.task))?;
        Ok(())
    });
    let runner = bench.runner(registry);
    assert_eq!(runner.run_all().unwrap(), 1);
    assert_eq!((bench.count(), runner.lost_leases()), (1, 1));
    assert_eq!(bench.left_over(), 0, "what the handler wrote is undone");
}

#[test]
fn what_has_not_begun_of_a_kind_is_taken_back_together_and_nothing_else() {
    let bench = Bench::new();
    let tried = bench.enqueue(&Count { by: 7 });
    bench.sql("UPDATE tasks SET attempt = 1, state = 'scheduled', run_at = now() + interval '1 day'");
    for by in 1..=3 {
        bench.enqueue(&Count { by });
    }
    let clear = |kind: &str, most| {
        let taken = bench.db.arrange(bench.town, |tx| tasks::cancel_kind(tx, kind, most));
        let mut taken: Vec<Option<i64>> = taken.iter().map(|one| one["by"].as_i64()).collect();
        taken.sort_unstable();
        taken
    };
    assert!(clear("of.another/kind", 10).is_empty());
    assert_eq!(clear(Count::KIND, 2), [Some(1), Some(2)]);
    assert_eq!(clear(Count::KIND, 2), [Some(3)]);
    assert!(clear(Count::KIND, 2).is_empty());
    assert_eq!((bench.runner(bench.counting()).run_all().unwrap(), bench.left_over()), (0, 1));
    let decided = bench.db.arrange(bench.town, tasks::decisions);
    let decided: Vec<_> = decided.iter().map(|one| (one.deed, one.tasks)).collect();
    assert_eq!(decided, [(Deed::Cleared, 1), (Deed::Cleared, 2)], "one decision for each press");
    assert!(bench.db.arrange(bench.town, |tx| tasks::cancel(tx, tried)), "what was tried before stays");
}

#[test]
fn progress_is_shown_and_tells_a_cancelled_handler_to_stop() {
    let bench = Bench::new();
    let mut registry = Registry::new();
    registry.detached(|db: &db::Db, town, attempt: Attempt, _: Count| {
        let report = |done| db.run_blocking(Scope::system(town), |tx| tasks::report(tx, attempt, done, 3));
        report(1)?;
        let seen = db.run_blocking(Scope::system(town), |tx| tasks::progress(tx, attempt.task))?;
        assert_eq!(seen.as_ref().map(|seen| (seen.done, seen.total)), Some((1, 3)));
        let all = db.run_blocking(Scope::system(town), tasks::reports)?;
        assert_eq!(all.into_iter().map(|report| report.progress).collect::<Vec<_>>(), Vec::from_iter(seen));
        db.run_blocking(Scope::system(town), |tx| tasks::cancel(tx, attempt.task))?;
        report(2)
    });
    let id = bench.enqueue(&Count { by: 1 });
    let runner = bench.runner(registry);
    assert_eq!(runner.run_all().unwrap(), 1);
    assert_eq!(runner.lost_leases(), 1);
    assert_eq!(bench.db.arrange(bench.town, |tx| tasks::progress(tx, id)), None);
}

#[test]
fn the_dead_are_grouped_by_cause_and_redriven_together() {
    let bench = Bench::new();
    let mut registry = Registry::new();
    registry.detached(|_, _, _, task: Count| match task.by {
        0..10 => Err(TaskError::dead(format!("order {} is not there", task.by))),
        _ => Err(TaskError::dead("refused")),
    });
    for by in [1, 2, 3, 50] {
        bench.enqueue(&Count { by });
    }
    bench.runner(registry).run_all().unwrap();
    let causes = bench.db.arrange(bench.town, tasks::causes);
    let groups: Vec<(&str, i64)> = causes.iter().map(|one| (one.cause.as_str(), one.count)).collect();
    assert_eq!(groups, [("order # is not there", 3), ("refused", 1)]);
    let which = Redrive::Cause { kind: Count::KIND.to_owned(), cause: causes[0].cause.clone() };
    let redrive = |which: &Redrive, most| bench.db.arrange(bench.town, |tx| tasks::redrive(tx, which, most));
    assert_eq!(redrive(&which, 2), 2, "never more than asked for");
    assert_eq!(redrive(&which, 10), 1);
    assert_eq!(bench.runner(bench.counting()).run_all().unwrap(), 3);
    assert_eq!(redrive(&Redrive::Kind(Count::KIND.to_owned()), 10), 1);
    assert_eq!(bench.runner(bench.counting()).run_all().unwrap(), 1);
    assert_eq!(bench.count(), 56);
}

#[test]
fn a_batch_calls_back_once_when_its_last_member_has_ended() {
    let bench = Bench::new();
    let mut registry = Registry::new();
    let counted = bench.counted.clone();
    registry.detached(|_, _, _, task: Count| match task.by {
        13 => Err(TaskError::dead("unlucky")),
        _ => Ok(()),
    });
    registry.detached(move |_, _, _, after: After| {
        counted.fetch_add(after.times, Ordering::SeqCst);
        Ok(())
    });
    let members = [1, 13, 2].map(|by| Count { by });
    let id = bench.db.arrange(bench.town, |tx| enqueue_batch(tx, &members, &After { times: 7 }));
    let before = bench.db.arrange(bench.town, |tx| tasks::batch(tx, id));
    assert_eq!(bench.db.arrange(bench.town, tasks::open_batches), std::slice::from_ref(&before));
    assert_eq!((before.size, before.waiting, before.ended), (3, 3, false));
    let runner = bench.runner(registry);
    assert_eq!(runner.run_all().unwrap(), 4);
    assert_eq!(bench.count(), 7);
    let after = bench.db.arrange(bench.town, |tx| tasks::batch(tx, id));
    assert_eq!(bench.db.arrange(bench.town, tasks::open_batches), []);
    assert_eq!((after.waiting, after.dead, after.ended), (0, 1, true));
    bench.db.arrange(bench.town, |tx| tasks::redrive(tx, &Redrive::Kind(Count::KIND.to_owned()), 1));
    runner.run_all().unwrap();
    assert_eq!(bench.count(), 7, "no second call");
}

#[test]
fn an_empty_batch_calls_back_too() {
    let bench = Bench::new();
    let mut registry = bench.counting();
    registry.detached(|_, _, _, _: After| Ok(()));
    bench.db.arrange(bench.town, |tx| enqueue_batch::<Count, _>(tx, &[], &After { times: 1 }));
    assert_eq!(bench.runner(registry).run_all().unwrap(), 1);
}

/// Test 14 of the list: the first attempt never ends by itself; its lease is taken, a replacement runs, and the
/// latecomer is refused.
#[test]
fn a_handler_beyond_its_time_limit_is_replaced_and_refused() {
    let bench = Bench::new();
    let release = Arc::new(crate::Wake::default());
    let mut registry = Registry::new();
    let (held, counted) = (release.clone(), bench.counted.clone());
    registry.detached(move |_, _, attempt: Attempt, _: Slow| {
        if attempt.number == 1 {
            held.wait(Duration::from_mins(1));
        }
        counted.fetch_add(1, Ordering::SeqCst);
        Ok(())
    });
    bench.enqueue(&Slow {});
    let settings =
        WorkerSettings { threads: 1, poll: Duration::from_millis(20), ..WorkerSettings::default() };
    let runner = Arc::new(bench.runner(registry));
    let workers = Workers::start(runner.clone(), &Wakes::default(), settings, |_run| {});
    wait_until("the replacement has run", || bench.left_over() == 0);
    release.ring();
    wait_until("the latecomer is refused", || runner.lost_leases() >= 1);
    workers.stop();
    assert!(bench.count() >= 2);
}

/// Four times as many as there are places may be left behind; then nothing is claimed until one comes back.
#[test]
fn when_every_thread_is_stuck_nothing_is_claimed_until_one_comes_back() {
    let bench = Bench::new();
    let (stuck, free) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let mut registry = bench.counting();
    let (holding, freed) = (stuck.clone(), free.clone());
    registry.detached(move |_, _, _, _: Slow| {
        let number = holding.fetch_add(1, Ordering::SeqCst);
        wait_until("it is let go", || freed.load(Ordering::SeqCst) > number);
        Ok(())
    });
    let many: Vec<Slow> = (0..5).map(|_| Slow {}).collect();
    bench.db.arrange(bench.town, |tx| tasks::enqueue_many(tx, &many));
    let settings =
        WorkerSettings { threads: 1, poll: Duration::from_millis(20), ..WorkerSettings::default() };
    let runs = Arc::new(AtomicUsize::new(0));
    let told = runs.clone();
    let workers = Workers::start(Arc::new(bench.runner(registry)), &Wakes::default(), settings, move |run| {
        told.store(if run { 1 } else { 2 }, Ordering::SeqCst);
    });
    wait_until("no thread is left", || runs.load(Ordering::SeqCst) == 2);
    assert_eq!(stuck.load(Ordering::SeqCst), 5);
    let waiting = bench.enqueue(&Count { by: 7 });
    wait_until("everything has gone back", || bench.states().iter().all(|state| state != "running"));
    let state = bench.db.arrange(bench.town, |tx| tasks::state(tx, waiting));
    assert_eq!(state, Some(tasks::TaskState::Live("ready".to_owned())));
    free.store(usize::MAX, Ordering::SeqCst);
    wait_until("a thread that came back has run it", || bench.count() == 7);
    wait_until("and that is told", || runs.load(Ordering::SeqCst) == 1);
    workers.stop();
}

#[test]
fn what_was_cancelled_while_it_waited_in_line_does_not_begin() {
    let bench = Bench::new();
    let release = Arc::new(crate::Wake::default());
    let mut registry = Registry::new();
    let (held, counted) = (release.clone(), bench.counted.clone());
    registry.detached(move |_, _, _, task: Count| {
        if task.by == 0 {
            held.wait(Duration::from_mins(1));
        }
        counted.fetch_add(task.by, Ordering::SeqCst);
        Ok(())
    });
    let ids: Vec<TaskId> = [0, 1, 10].map(|by| bench.enqueue(&Count { by })).into();
    let settings =
        WorkerSettings { threads: 1, poll: Duration::from_millis(20), ..WorkerSettings::default() };
    let runner = bench.runner(registry).with_lease(Duration::from_secs(3));
    let workers = Workers::start(Arc::new(runner), &Wakes::default(), settings, |_run| {});
    wait_until("all are claimed", || bench.states().iter().all(|state| state == "running"));
    assert!(bench.db.arrange(bench.town, |tx| tasks::cancel(tx, ids[1])));
    let until = || -> chrono::DateTime<chrono::Utc> {
        use crate::schema::tasks;
        let lease = tasks::table.filter(tasks::id.eq(ids[2])).select(tasks::lease_until);
        lease.first::<Option<_>>(&mut bench.db.owner()).unwrap().unwrap()
    };
    let before = until();
    wait_until("leases have been prolonged since", || until() > before);
    release.ring();
    wait_until("the others have ended", || bench.left_over() == 0);
    workers.stop();
    assert_eq!(bench.count(), 10);
}

/// A backup reads the history for as long as it takes, and nobody makes or drops a month meanwhile.
#[test]
fn tasks_come_due_while_the_history_cannot_be_looked_after() {
    let bench = Bench::new();
    bench.sql(
        "CREATE TABLE task_history_2020_01 PARTITION OF task_history \
         FOR VALUES FROM ('2020-01-01') TO ('2020-02-01')",
    );
    let mut backup = bench.db.owner();
    for sql in ["BEGIN", "LOCK TABLE task_history IN ACCESS SHARE MODE"] {
        diesel::sql_query(sql).execute(&mut backup).unwrap();
    }
    bench.db.arrange(bench.town, |tx| enqueue_at(tx, &Count { by: 1 }, tx.now()));
    let settings = WorkerSettings { poll: Duration::from_millis(20), ..WorkerSettings::default() };
    let runner = Arc::new(bench.runner(bench.counting()));
    let workers = Workers::start(runner, &Wakes::default(), settings, |_run| {});
    wait_until("it has run", || bench.left_over() == 0);
    workers.stop();
}

#[test]
fn an_error_that_cannot_be_recorded_keeps_no_other_task_waiting() {
    let bench = Bench::new();
    bench.sql("ALTER TABLE task_failures ADD CHECK (error NOT LIKE '%unspeakable%')");
    let mut registry = Registry::new();
    registry.detached(|_, _, _, task: Count| match task.by {
        2 => Err(TaskError::dead("unspeakable")),
        3 => Err(TaskError::dead("with a \0 in it")),
        _ => Err(TaskError::dead("plain")),
    });
    let many: Vec<Count> = (1..=5).map(|by| Count { by }).collect();
    bench.db.arrange(bench.town, |tx| tasks::enqueue_many(tx, &many));
    let settings = WorkerSettings { poll: Duration::from_millis(20), ..WorkerSettings::default() };
    let runner = Arc::new(bench.runner(registry));
    let workers = Workers::start(runner, &Wakes::default(), settings, |_run| {});
    wait_until("all are dead", || bench.states().iter().all(|state| state == "dead"));
    workers.stop();
    let causes = bench.db.arrange(bench.town, tasks::causes);
    let groups: Vec<(&str, i64)> = causes.iter().map(|one| (one.cause.as_str(), one.count)).collect();
    let unrecorded = "the error could not be recorded; see the log";
    assert_eq!(groups, [("plain", 3), (unrecorded, 1), ("with a \u{fffd} in it", 1)]);
}

#[test]
fn a_test_that_leaves_tasks_behind_fails() {
    let bench = Bench::new();
    bench.enqueue(&Count { by: 1 });
    let tasks = TestTasks::new(&bench.db, bench.counting());
    let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(tasks)));
    assert!(ended.is_err());
    let tasks = TestTasks::new(&bench.db, bench.counting());
    assert!(tasks.run_once());
    assert!(!tasks.run_once());
    bench
        .db
        .arrange(bench.town, |tx| enqueue_at(tx, &Count { by: 1 }, tx.now() + chrono::Duration::hours(1)));
    assert_eq!(tasks.run_all(), 0);
    tasks.bring_forward();
    assert_eq!(tasks.run_all(), 1);
}

#[test]
fn the_oldest_ready_task_is_found_in_any_lane() {
    let bench = Bench::new();
    let age = || bench.db.queue.lobby_blocking(tasks::oldest_ready_age).unwrap();
    assert!(age().abs() < f64::EPSILON);
    let other = bench.db.town("shiojiri");
    bench.enqueue(&Count { by: 1 });
    bench.db.arrange(other, |tx| enqueue(tx, &Count { by: 1 }));
    bench.sql(&format!(
        "UPDATE tasks SET run_at = run_at - interval '1 hour', priority = 4 WHERE organization_id = {other}"
    ));
    assert!((3600.0..7200.0).contains(&age()), "{}", age());
}

#[test]
fn counting_stops_at_its_bound_and_says_so() {
    let bench = Bench::new();
    let other = bench.db.town("shiojiri");
    for town in [bench.town, other] {
        let many: Vec<Count> = (0..12).map(|by| Count { by }).collect();
        bench.db.arrange(town, |tx| tasks::enqueue_many(tx, &many));
    }
    bench.sql("UPDATE tasks SET state = 'scheduled' WHERE id % 4 = 0");
    let counted = |most| {
        let depths = bench.db.arrange(bench.town, |tx| tasks::lists::depths_up_to(tx, most));
        let rows = depths.into_iter().map(|depth| (depth.state, depth.count, depth.more));
        rows.collect::<Vec<_>>()
    };
    let rows = |ready: (i64, bool), scheduled: (i64, bool)| {
        vec![("ready".to_owned(), ready.0, ready.1), ("scheduled".to_owned(), scheduled.0, scheduled.1)]
    };
    assert_eq!(counted(1000), rows((9, false), (3, false)));
    assert_eq!(counted(5), rows((5, true), (3, false)));
}

#[test]
fn what_operators_decide_is_on_record_with_who_did_it() {
    let bench = Bench::new();
    let person = bench.db.person(bench.town, "Operator", &["admin"]);
    let ids = [1, 2, 3].map(|by| bench.enqueue(&Count { by }));
    bench.sql("UPDATE tasks SET state = 'dead', cause = 'x'");
    let act = |work: fn(&mut Tx<'_>, TaskId) -> Result<bool, DbError>, id| {
        bench.db.acting(bench.town, person, |tx| work(tx, id)).unwrap()
    };
    assert!(act(tasks::retry, ids[0]) && !act(tasks::retry, ids[0]), "what is alive is not retried");
    assert!(act(tasks::discard, ids[1]) && act(tasks::cancel, ids[0]));
    let steer = |tx: &mut Tx<'_>| -> Result<usize, DbError> {
        tasks::pause(tx, Count::KIND)?;
        tasks::pause(tx, Count::KIND)?;
        tasks::resume(tx, Count::KIND)?;
        tasks::redrive(tx, &Redrive::Kind(Count::KIND.to_owned()), 10)
    };
    assert_eq!(bench.db.acting(bench.town, person, steer).unwrap(), 1);
    let decided = bench.db.arrange(bench.town, tasks::decisions);
    let deeds: Vec<_> = decided.iter().rev().map(|one| (one.deed.as_str(), one.task_id, one.tasks)).collect();
    let expected = [
        ("retried", Some(ids[0]), 1),
        ("discarded", Some(ids[1]), 1),
        ("cancelled", Some(ids[0]), 1),
        ("paused", None, 0),
        ("resumed", None, 0),
        ("redriven", None, 1),
    ];
    assert_eq!(deeds, expected);
    assert!(decided.iter().all(|one| one.actor == format!("person:{person}") && one.kind == Count::KIND));
    let other = bench.db.town("shiojiri");
    assert_eq!(bench.db.arrange(other, tasks::decisions), []);
}

#[test]
fn operators_see_how_fast_tasks_end_and_which_ones_fail() {
    let bench = Bench::new();
    for by in 1..=3 {
        bench.enqueue(&Count { by });
    }
    bench.runner(bench.counting()).run_all().unwrap();
    bench.enqueue(&Count { by: 4 });
    let mut failing = Registry::new();
    failing.in_transaction(|_tx: &mut Tx<'_>, _attempt: Attempt, _: Count| {
        Err(TaskError::retry("the relay said no"))
    });
    assert!(bench.runner(failing).run_once().unwrap());
    let (hour, now) = (chrono::Duration::hours(1), kernel::clock::machine_time());
    let paces = bench.db.arrange(bench.town, |tx| tasks::rates(tx, now - hour));
    let seen: Vec<_> = paces.iter().map(|one| (one.kind.as_str(), one.done, one.failed, one.more)).collect();
    assert_eq!(seen, [(Count::KIND, 3, 1, false)]);
    assert_eq!(bench.db.arrange(bench.town, |tx| tasks::rates(tx, now + hour)), []);
    let retrying = bench.db.arrange(bench.town, tasks::retrying);
    assert_eq!((retrying.len(), retrying[0].attempt), (1, 1));
    assert!(retrying[0].error.contains("the relay said no"));
    let lately = bench.db.queue.lobby_blocking(|lobby| tasks::ended_lately(lobby, &[bench.town], now - hour));
    let lately = lately.unwrap();
    assert_eq!((lately.len(), lately[0].outcome.as_str(), lately[0].count), (1, "done", 3));
    let gauges = bench.db.queue.lobby_blocking(tasks::gauges).unwrap();
    assert_eq!(gauges.iter().map(|one| one.count).sum::<i64>(), 1);
    bench.sql("UPDATE tasks SET run_at = '2020-01-01'");
    let depths = bench.db.arrange(bench.town, tasks::depths);
    assert_eq!(depths[0].oldest.to_rfc3339(), "2020-01-01T00:00:00+00:00");
}

#[test]
fn what_waits_for_its_next_try_is_tried_at_once_and_what_waits_for_its_day_is_not() {
    let bench = Bench::new();
    let mut registry = Registry::new();
    registry.detached(|_, _, _, _: Count| Err(TaskError::retry("their machine is away")));
    bench.enqueue(&Count { by: 1 });
    bench.runner(registry).run_all().unwrap();
    let found = bench.db.arrange(bench.town, tasks::retrying);
    let [waiting] = &found[..] else { panic!("one waits") };
    let about: Option<Count> = bench.db.arrange(bench.town, |tx| tasks::payload(tx, waiting.id));
    assert_eq!(about.map(|task| task.by), Some(1));
    let other: Option<Slow> = bench.db.arrange(bench.town, |tx| tasks::payload(tx, waiting.id));
    assert!(other.is_none(), "of another kind");
    let later = bench
        .db
        .arrange(bench.town, |tx| enqueue_at(tx, &Count { by: 10 }, tx.now() + chrono::Duration::hours(1)));
    let runner = bench.runner(bench.counting());
    assert_eq!(runner.run_all().unwrap(), 0);
    let retry = |id| bench.db.arrange(bench.town, |tx| tasks::retry(tx, id));
    assert_eq!((retry(waiting.id), retry(waiting.id), retry(later)), (true, false, false));
    assert_eq!((runner.run_all().unwrap(), bench.count()), (1, 1));
    let decided = bench.db.arrange(bench.town, tasks::decisions);
    assert_eq!(decided.iter().map(|one| one.task_id).collect::<Vec<_>>(), [Some(waiting.id)]);
}

#[test]
fn a_long_line_hides_nothing_that_is_dead_and_failures_are_counted_by_kind() {
    let bench = Bench::new();
    let mut registry = Registry::new();
    registry.detached(|_, _, _, task: Count| match task.by {
        0 => Err(TaskError::dead("lost")),
        _ => Err(TaskError::retry("not yet")),
    });
    bench.enqueue(&Count { by: 1 });
    bench.enqueue(&Count { by: 0 });
    bench.runner(registry).run_all().unwrap();
    for by in 1..6 {
        bench.enqueue(&Count { by });
    }
    let count = |most| bench.db.queue.lobby_blocking(|lobby| tasks::gauges_up_to(lobby, most)).unwrap();
    let found = count(2);
    let seen: Vec<(&str, i64)> = found.iter().map(|one| (one.state.as_str(), one.count)).collect();
    assert_eq!(seen, [("dead", 1), ("ready", 2), ("scheduled", 1)]);
    let (town, since) = (bench.town, kernel::clock::machine_time() - chrono::TimeDelta::hours(1));
    let failed =
        |since| bench.db.queue.lobby_blocking(|lobby| tasks::failed_lately(lobby, &[town], since)).unwrap();
    let found = failed(since);
    let seen: Vec<(&str, i64)> = found.iter().map(|one| (one.kind.as_str(), one.count)).collect();
    assert_eq!(seen, [(Count::KIND, 2)]);
    assert_eq!(failed(kernel::clock::machine_time() + chrono::TimeDelta::hours(1)), []);
}
