//! Waking across processes.

use db::private_postgres::Role;
use db::{Db, PoolSettings};

use super::*;
use crate::{TASKS, connect_signals};

/// Two doors to the same database stand for two processes.
#[test]
fn a_commit_in_one_process_wakes_the_sleepers_of_another_and_a_rollback_does_not() {
    let bench = Bench::new();
    let there = Db::connect(&bench.db.url(Role::App), &PoolSettings::default());
    let (_, _teller) = connect_signals(&bench.db.app, &bench.db.url(Role::App), &[TASKS]);
    let (wakes, _listener) = connect_signals(&there, &bench.db.url(Role::App), &[TASKS]);
    let wake = wakes.on(TASKS);
    assert!(wake.wait(Duration::from_mins(1)), "a new listener looks once");
    let refused: Result<(), DbError> = bench.db.app.run_blocking(Scope::system(bench.town), |tx| {
        enqueue(tx, &Count { by: 1 })?;
        Err(DbError::NotFound)
    });
    assert!(refused.is_err());
    bench.enqueue(&Count { by: 1 });
    assert!(wake.wait(Duration::from_mins(1)));
    let ready: i64 = crate::schema::tasks::table.count().get_result(&mut bench.db.owner()).unwrap();
    assert_eq!(ready, 1, "it rang for the committed one, which is there");
}

#[test]
fn without_any_notification_polling_finds_everything() {
    let bench = Bench::new();
    let settings = WorkerSettings { poll: Duration::from_millis(20), ..WorkerSettings::default() };
    let workers = Workers::start(Arc::new(bench.runner(bench.counting())), &Wakes::default(), settings);
    bench.enqueue(&Count { by: 1 });
    wait_until("it has run", || bench.left_over() == 0);
    workers.stop();
    assert_eq!(bench.count(), 1);
}
