//! The server goes down without a goodbye and comes back.

use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Duration, Instant};

use db::private_postgres::{PrivatePostgres, Settings};
use diesel::prelude::*;
use kernel::OrganizationId;
use serde_json::json;

use super::stage::{Stage, Urls, in_full, took_at_most, wait_until};
use crate::whole::world::Scratch;

#[derive(QueryableByName)]
struct Opened {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    id: i64,
}

#[test]
fn fault_7_the_server_restarts_at_once_under_load() {
    let scratch = Scratch::migrated("restart");
    let mut server = PrivatePostgres::start(Settings::durable(scratch.0.clone(), 60)).unwrap();
    server.supervise(|_state| {});
    let urls = Urls { owner: server.owner_url(), app: server.app_url(), queue: server.queue_url() };
    let opened: Opened =
        diesel::sql_query("SELECT open_organization('tateshina', '蓼科', 'real', NULL, 'ja', 'x') AS id")
            .get_result(&mut PgConnection::establish(&urls.owner).unwrap())
            .unwrap();
    let stage = Stage::set(urls, OrganizationId(opened.id), None);
    let worker = stage.worker_with("worker", &["--listen", &stage.urls.queue]);
    let (committed, over) = (AtomicI64::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        scope.spawn(|| produce(&stage, &committed, &over));
        for round in 1..=3 {
            let before = committed.load(Ordering::SeqCst);
            wait_until("tasks flow", || committed.load(Ordering::SeqCst) > before + 50);
            let usual = in_full().then(|| done_within(&stage, USUAL));
            kill_at_once(&server, round);
            if let Some(usual) = usual {
                assert!(usual > 0.0, "nothing is done before restart {round}");
                is_back_at(&stage, usual);
            }
        }
        let before = committed.load(Ordering::SeqCst);
        wait_until("tasks flow again", || committed.load(Ordering::SeqCst) > before + 50);
        over.store(true, Ordering::SeqCst);
    });
    wait_until("everything is done", || stage.live() == 0);
    worker.stop();
    let known = committed.load(Ordering::SeqCst);
    let lost = format!(
        "SELECT count(*) AS count FROM generate_series(1, {known}) AS made (key) \
         WHERE NOT EXISTS (SELECT FROM effects e WHERE e.key = made.key)"
    );
    assert_eq!(stage.count(&lost), 0, "no committed task is lost");
    assert_eq!(stage.count("SELECT count(*) AS count FROM tasks"), 0);
    server.stop().unwrap();
}

/// For so long it is looked at how fast tasks are done, before a restart and after it.
const USUAL: Duration = Duration::from_secs(4);
const AFTERWARDS: Duration = Duration::from_secs(1);
/// As a share of the usual, what is full again: one second differs from the next by so much without any restart.
const FULL: f64 = 0.8;

/// The tasks done within a time, each second; nothing while the server is away.
fn done_within(stage: &Stage, time: Duration) -> f64 {
    let before = done(stage);
    queue::Wake::default().wait(time);
    match (before, done(stage)) {
        (Some(before), Some(after)) => f64::from(after - before) / time.as_secs_f64(),
        _ => 0.0,
    }
}

fn done(stage: &Stage) -> Option<i32> {
    let mut conn = PgConnection::establish(&stage.urls.owner).ok()?;
    let done: Done =
        diesel::sql_query("SELECT count(*)::integer AS count FROM effects").get_result(&mut conn).ok()?;
    Some(done.count)
}

#[derive(QueryableByName)]
struct Done {
    #[diesel(sql_type = diesel::sql_types::Integer)]
    count: i32,
}

/// Within ten seconds tasks are done as fast as before: their second is the last one that is looked at.
fn is_back_at(stage: &Stage, usual: f64) {
    let since = Instant::now();
    wait_until("work goes on as fast as before", || done_within(stage, AFTERWARDS) >= FULL * usual);
    took_at_most(Duration::from_secs(10), since, &format!("{usual:.0} tasks a second were done again"));
}

/// Commits tasks as fast as it can; counts a key only once its COMMIT has been answered. A key whose answer was lost is
/// offered again: its effect is one all the same.
fn produce(stage: &Stage, committed: &AtomicI64, over: &AtomicBool) {
    let bell = queue::Wake::default();
    let mut connection = None;
    while !over.load(Ordering::SeqCst) {
        let key = committed.load(Ordering::SeqCst) + 1;
        let conn = match connection.take() {
            Some(conn) => Some(conn),
            None => PgConnection::establish(&stage.urls.owner).ok(),
        };
        let Some(mut conn) = conn else {
            bell.wait(Duration::from_millis(20));
            continue;
        };
        let added = diesel::sql_query(
            "INSERT INTO tasks (organization_id, kind, max_attempts, payload) VALUES ($1, 'fault.transactional', 20, $2)",
        )
        .bind::<diesel::sql_types::BigInt, _>(stage.town)
        .bind::<diesel::sql_types::Jsonb, _>(json!({ "key": key }))
        .execute(&mut conn);
        if added.is_ok() {
            committed.store(key, Ordering::SeqCst);
            connection = Some(conn);
        }
    }
}

/// SIGQUIT to the server: no checkpoint, recovery at the next start.
fn kill_at_once(server: &PrivatePostgres, round: i32) {
    let clusters = server.connection().socket_directory().parent().unwrap().join("pg");
    let mut files =
        std::fs::read_dir(clusters).unwrap().map(|entry| entry.unwrap().path().join("postmaster.pid"));
    let text = files.find_map(|file| std::fs::read_to_string(file).ok());
    let text = text.unwrap_or_else(|| panic!("round {round}: the server is not up"));
    let process_id = text.lines().next().unwrap();
    assert!(Command::new("kill").args(["-QUIT", process_id]).status().unwrap().success());
}
