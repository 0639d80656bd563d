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
    let workers =
        Workers::start(Arc::new(bench.runner(bench.counting())), &Wakes::default(), settings, |_run| {});
    bench.enqueue(&Count { by: 1 });
    wait_until("it has run", || bench.left_over() == 0);
    workers.stop();
    assert_eq!(bench.count(), 1);
}

#[test]
fn behind_a_pooler_nothing_is_prepared_and_everything_runs() {
    let bench = Bench::new();
    let settings = PoolSettings { size: 1, path: db::Path::Pooler, ..PoolSettings::default() };
    let open = |role| Db::connect(&bench.db.url(role), &settings);
    let (app, queue) = (open(Role::App), open(Role::Queue));
    let (wakes, _guard) = crate::signals_of_this_process(&app);
    let wake = wakes.on(TASKS);
    app.run_blocking::<_, DbError, _>(Scope::system(bench.town), |tx| enqueue(tx, &Count { by: 1 })).unwrap();
    assert!(wake.wait(Duration::ZERO), "this process' own sleepers are woken all the same");
    assert_eq!(Runner::new(app.clone(), queue.clone(), bench.counting()).run_all().unwrap(), 1);
    for door in [app, queue] {
        let prepared: i64 = door
            .single_blocking(|conn| {
                diesel::dsl::sql::<diesel::sql_types::BigInt>("SELECT count(*) FROM pg_prepared_statements")
                    .get_result(conn)
            })
            .unwrap();
        assert_eq!(prepared, 0);
    }
}
