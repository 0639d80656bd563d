//! Gates: at once, in a row, so often.

use super::*;
use crate::{Gate, Limits, Rate, enqueue_many};

#[derive(Debug, Serialize, Deserialize)]
struct Write {
    file: String,
}

impl Task for Write {
    const KIND: &'static str = "test.write";
    const LIMITS: Limits = Limits::SERIAL;

    fn gate(&self) -> Gate {
        Gate::InTown(self.file.clone())
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct Send {}

impl Task for Send {
    const KIND: &'static str = "test.send";
    const LIMITS: Limits =
        Limits::at_once(10).and_rate(Rate { passes: 60, per: Duration::from_hours(1), burst: 3 });
}

fn write(file: &str) -> Write {
    Write { file: file.to_owned() }
}

fn runner(bench: &Bench) -> Runner {
    let mut registry = Registry::new();
    registry.detached(|_, _, _, _: Write| Ok(()));
    registry.detached(|_, _, _, _: Send| Ok(()));
    bench.runner(registry)
}

#[test]
fn tasks_of_one_key_run_one_after_another_and_others_beside_them() {
    let bench = Bench::new();
    let other = bench.db.town("shiojiri");
    let ids: Vec<TaskId> = ["a", "a", "b"].map(|file| bench.enqueue(&write(file))).into();
    bench.db.arrange(other, |tx| enqueue(tx, &write("a")));
    let runner = runner(&bench);
    runner.promote().unwrap();
    let first = runner.claim(10, &mut Marks::new()).unwrap().tasks;
    assert_eq!(first.len(), 3, "a and b of one town, a of the other");
    assert!(first.iter().all(|task| task.id != ids[1]));
    runner.promote().unwrap();
    assert_eq!(runner.claim(10, &mut Marks::new()).unwrap().len(), 0, "a is still running");
    let held = first.iter().find(|task| task.id == ids[0]).unwrap();
    runner.finish(&[held.key()]).unwrap();
    runner.promote().unwrap();
    assert_eq!(runner.claim(10, &mut Marks::new()).unwrap().tasks[0].id, ids[1]);
}

#[test]
fn two_processes_together_keep_one_limit() {
    let bench = Bench::new();
    let many: Vec<Write> = (0..40).map(|_| write("same")).collect();
    bench.db.arrange(bench.town, |tx| enqueue_many(tx, &many));
    let (inside, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let started: Vec<Workers> = (0..2)
        .map(|_| {
            let mut registry = Registry::new();
            let (inside, most) = (inside.clone(), most.clone());
            registry.detached(move |_, _, _, _: Write| {
                most.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                std::thread::yield_now();
                inside.fetch_sub(1, Ordering::SeqCst);
                Ok(())
            });
            let settings = WorkerSettings { poll: Duration::from_millis(20), ..WorkerSettings::default() };
            Workers::start(Arc::new(bench.runner(registry)), &Wakes::default(), settings, |_run| {})
        })
        .collect();
    wait_until("all are done", || bench.left_over() == 0);
    started.into_iter().for_each(Workers::stop);
    assert_eq!(most.load(Ordering::SeqCst), 1);
}

/// The next one is let in by the end of the one before, and not by the keeper's next round.
#[test]
fn the_gate_opens_when_the_end_is_written() {
    let bench = Bench::new();
    let many: Vec<Write> = (0..2).map(|_| write("same")).collect();
    bench.db.arrange(bench.town, |tx| enqueue_many(tx, &many));
    let mut registry = Registry::new();
    let counted = bench.counted.clone();
    registry.detached(move |_, _, _, _: Write| {
        counted.fetch_add(1, Ordering::SeqCst);
        Ok(())
    });
    // No round comes by itself while this test has patience.
    let runner = bench.runner(registry).with_lease(Duration::from_hours(24));
    let settings = WorkerSettings { poll: Duration::from_hours(1), ..WorkerSettings::default() };
    let mut holder = bench.db.owner();
    for sql in ["BEGIN", "LOCK TABLE task_history IN EXCLUSIVE MODE"] {
        diesel::sql_query(sql).execute(&mut holder).unwrap();
    }
    let workers = Workers::start(Arc::new(runner), &Wakes::default(), settings, |_run| {});
    wait_until("the first one's end waits to be written", || {
        let blocked: i64 = bench.db.queue.single_blocking(|conn| hot::blocked().get_result(conn)).unwrap();
        bench.count() == 1 && blocked >= 1
    });
    diesel::sql_query("COMMIT").execute(&mut holder).unwrap();
    wait_until("the second has run too", || bench.count() == 2);
    workers.stop();
}

#[test]
fn a_round_looks_at_gates_and_not_at_all_that_waits_before_them() {
    let bench = Bench::new();
    let many: Vec<Write> = (0..3000).map(|number| write(if number % 2 == 0 { "a" } else { "b" })).collect();
    bench.db.arrange(bench.town, |tx| enqueue_many(tx, &many));
    let runner = runner(&bench);
    runner.promote().unwrap();
    assert_eq!(runner.claim(10, &mut Marks::new()).unwrap().len(), 2);
    let read = index_entries_read(&bench, "tasks_gated", |conn| {
        statements::tend(conn, &[Write::KIND.to_owned()], statements::Due::Promote).unwrap();
        statements::admit(conn, &statements::LimitTable::of([(Write::KIND, Write::LIMITS)].into_iter()))
            .unwrap();
    });
    assert!(read < 20, "{read} entries read");
}

#[test]
fn a_round_passes_over_what_a_pause_holds_back() {
    let bench = Bench::new();
    bench.db.arrange(bench.town, |tx| tasks::pause(tx, Count::KIND));
    let many: Vec<Count> = (0..3000).map(|by| Count { by }).collect();
    bench.db.arrange(bench.town, |tx| enqueue_many(tx, &many));
    let runner = bench.runner(bench.counting());
    assert_eq!(runner.claim(5000, &mut Marks::new()).unwrap().parked.len(), 3000);
    let read = index_entries_read(&bench, "tasks_parked", |conn| {
        let tended = statements::tend(conn, &[Count::KIND.to_owned()], statements::Due::Promote).unwrap();
        assert_eq!(tended.moved, 0);
    });
    assert!(read < 20, "{read} entries read");
}

#[test]
fn a_rate_lets_its_burst_through_and_then_one_by_one() {
    let bench = Bench::new();
    let many: Vec<Send> = (0..8).map(|_| Send {}).collect();
    bench.db.arrange(bench.town, |tx| enqueue_many(tx, &many));
    let runner = runner(&bench);
    let admitted = || {
        runner.promote().unwrap();
        bench.states().iter().filter(|state| *state == "ready").count()
    };
    assert_eq!(admitted(), 3);
    assert_eq!(admitted(), 3, "not before a minute has passed");
    bench.sql("UPDATE task_gates SET next_at = next_at - interval '2 minutes'");
    assert_eq!(admitted(), 5);
    bench.sql("UPDATE task_gates SET next_at = next_at - interval '1 day'");
    assert_eq!(admitted(), 8, "a day's rest is worth a burst, and three were left");
}

#[test]
fn a_gated_task_that_fails_gives_its_place_up_until_its_next_attempt() {
    let bench = Bench::new();
    let mut registry = Registry::new();
    registry.detached(|_, _, attempt: Attempt, _: Write| match attempt.number {
        1 => Err(TaskError::retry("first time")),
        _ => Ok(()),
    });
    bench.enqueue(&write("a"));
    bench.enqueue(&write("a"));
    let runner = bench.runner(registry);
    assert_eq!(runner.run_all().unwrap(), 2, "the second did not wait for the first one's next attempt");
    assert_eq!(bench.states(), ["scheduled", "scheduled"]);
    make_due(&bench);
    runner.promote().unwrap();
    assert_eq!(runner.run_all().unwrap(), 2);
    assert_eq!(bench.left_over(), 0);
}
