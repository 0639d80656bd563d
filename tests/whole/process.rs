//! Starting, stopping and killing.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use db::private_postgres::{self, Role};
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::world::{PATIENCE, Person, Process, Scratch, SignIn, World, command};

/// `postmaster.pid` of every cluster in `data`, whatever its major version.
fn pid_files(data: &Path) -> Vec<PathBuf> {
    let Ok(clusters) = std::fs::read_dir(data.join("pg")) else { return Vec::new() };
    let files = clusters.map(|cluster| cluster.unwrap().path().join("postmaster.pid"));
    files.filter(|file| file.exists()).collect()
}

fn is_alive(process_id: &str) -> bool {
    Command::new("kill").args(["-0", process_id]).stderr(Stdio::null()).status().unwrap().success()
}

/// What it starts with was filled from nothing and stopped cleanly before.
#[test]
fn up_stops_cleanly_and_starts_again_with_everything_there() {
    let scratch = Scratch::with_demo("twice");
    assert_eq!(pid_files(&scratch.0), Vec::<PathBuf>::new());
    let first = Process::start(&["up", "--demo"], &scratch.0);
    first.wait_for("Ctrl-C stops everything");
    assert_eq!(pid_files(&scratch.0).len(), 1);
    first.stop();
    assert_eq!(pid_files(&scratch.0), Vec::<PathBuf>::new());
    let again = Process::start(&["up", "--demo"], &scratch.0);
    again.wait_for("Ctrl-C stops everything");
    again.stop();
}

/// Kills it, and waits until the server it had started has gone too.
fn killed(mut process: Process, data: &Path) {
    let files = pid_files(data);
    let server = std::fs::read_to_string(&files[0]).unwrap().lines().next().unwrap().trim().to_owned();
    assert!(is_alive(&server), "process {server} of {files:?}");
    process.signal("KILL");
    process.child.wait().unwrap();
    let end = Instant::now() + PATIENCE;
    while is_alive(&server) {
        assert!(Instant::now() < end, "the server {server} outlived its yui");
        crate::whole::world::a_moment();
    }
}

#[test]
fn a_killed_yui_leaves_no_server_and_the_next_one_carries_on() {
    let scratch = Scratch::migrated("killed");
    let process = Process::start(&["up"], &scratch.0);
    process.wait_for("is ready");
    killed(process, &scratch.0);
    let next = Process::start(&["up"], &scratch.0);
    next.wait_for("is ready");
    next.stop();
}

#[test]
fn the_demo_is_not_filled_beside_a_real_town_unless_somebody_says_so() {
    let scratch = Scratch::migrated("beside");
    let town = ["organization", "create", "tateshina", "立科町", "--admin-name", "田中", "--admin-email"];
    command(&scratch.0, &[&town[..], &["tanaka@example.jp"]].concat());
    let towns = || command(&scratch.0, &["organization", "list"]);
    let before = towns();
    for arguments in [&["demo"][..], &["up", "--demo"]] {
        let mut refused = Process::start(arguments, &scratch.0);
        // Waiting for a child closes its input, and that would ask it to stop before it has ended by itself.
        let held = refused.child.stdin.take();
        let told = refused.wait_for("yui: ");
        assert!(told.contains("`tateshina`") && told.contains("--beside-real-towns"), "{told}");
        assert_eq!(refused.child.wait().unwrap().code(), Some(2), "{arguments:?}");
        drop(held);
        assert_eq!(towns(), before, "{arguments:?} has made a town");
    }
    let told_to = Process::start(&["demo", "--beside-real-towns"], &scratch.0);
    told_to.wait_for("filling the demo town");
    killed(told_to, &scratch.0);
    assert!(towns().contains("demo"), "it was begun");
}

/// That the first filling was killed and what it left was discarded is seen where every world's demo is filled.
#[test]
fn a_demo_that_was_filled_again_is_whole_and_missing_passwords_are_dealt_anew() {
    let scratch = Scratch::with_demo("again");
    let whole = Process::start(&["up", "--demo"], &scratch.0);
    whole.wait_for("Ctrl-C stops everything");
    let before = SignIn::of_demo(&scratch.0);
    assert_eq!(Person::at(&whole.base).tries("demo", &before[0]).status, 303);
    let door = Person::at(&whole.base).get("/").location;
    assert_eq!(door, "/t/demo/sign-in", "nobody is asked which of the two towns they mean");
    whole.stop();

    std::fs::remove_file(scratch.0.join("demo-passwords.txt")).unwrap();
    let again = Process::start(&["up", "--demo"], &scratch.0);
    again.wait_for("Ctrl-C stops everything");
    let after = SignIn::of_demo(&scratch.0);
    assert_eq!(after.len(), before.len());
    for (old, new) in before.iter().zip(&after) {
        assert_eq!(old.email, new.email);
        assert_ne!(old.password, new.password);
    }
    assert_eq!(Person::at(&again.base).tries("demo", &after[0]).status, 303);
    assert_eq!(Person::at(&again.base).tries("demo", &before[0]).status, 401);
    again.stop();
}

#[test]
fn a_second_yui_on_the_same_data_is_told_so() {
    let scratch = Scratch::migrated("second");
    let first = Process::start(&["up"], &scratch.0);
    first.wait_for("is ready");
    let mut second = Process::start(&["up"], &scratch.0);
    // Waiting for a child closes its input, and that would ask it to stop before it has ended by itself.
    let held = second.child.stdin.take();
    second.wait_for("yui: ");
    assert_eq!(second.child.wait().unwrap().code(), Some(3));
    drop(held);
    first.stop();
}

#[test]
fn health_and_readiness_are_answered() {
    let guest = World::shared().guest();
    assert_eq!(guest.get("/healthz").status, 200);
    let ready = guest.get("/readyz");
    assert_eq!(ready.status, 200, "{}", ready.body);
    let body = ready.read();
    assert_eq!((&body["database"], &body["pending_migrations"]), (&true.into(), &0.into()));
    assert_eq!((&body["mail"], &body["tasks"]), (&"ok".into(), &"ok".into()));
    assert!(body["queue_age_seconds"].is_u64(), "{}", ready.body);
}

/// A migration's record, taken away for a moment.
#[derive(QueryableByName)]
struct Taken {
    #[diesel(sql_type = Text)]
    version: String,
}

#[test]
fn readiness_says_what_is_pending_and_what_this_process_cannot_know() {
    let scratch = Scratch::migrated("ready");
    let up = Process::start(&["up"], &scratch.0);
    up.wait_for("is ready");
    let serve = Process::start(&["serve"], &scratch.0);
    serve.wait_for("serving ");
    let guest = Person::at(&serve.base);
    let ready = guest.get("/readyz");
    assert_eq!(ready.status, 200, "{}", ready.body);
    assert!(ready.read()["mail"].as_str().unwrap().starts_with("unknown"), "{}", ready.body);
    let bearer = [("authorization", "Bearer of every demo under test")];
    assert_eq!(guest.send("GET", "/metrics", &bearer, "").status, 404, "nobody set a token");

    let server = private_postgres::attach(&scratch.0).unwrap();
    let mut owner = PgConnection::establish(&server.url(Role::Owner)).unwrap();
    let taken: Taken = diesel::sql_query(
        "DELETE FROM __diesel_schema_migrations WHERE version = (SELECT max(version) FROM __diesel_schema_migrations) \
         RETURNING version::text AS version",
    )
    .get_result(&mut owner)
    .unwrap();
    let behind = guest.get("/readyz");
    assert_eq!((behind.status, &behind.read()["pending_migrations"]), (503, &1.into()), "{}", behind.body);
    diesel::sql_query("INSERT INTO __diesel_schema_migrations (version) VALUES ($1)")
        .bind::<Text, _>(taken.version)
        .execute(&mut owner)
        .unwrap();
    assert_eq!(guest.get("/readyz").status, 200);
    // Nobody works while the process that would is stopped: what is ready grows old, and is still no reason to send people away.
    up.signal("STOP");
    diesel::sql_query(
        "INSERT INTO tasks (organization_id, kind, max_attempts, payload, run_at) \
         VALUES (1, 'of.another.version', 1, '{}', now() - interval '100 seconds')",
    )
    .execute(&mut owner)
    .unwrap();
    let waiting = guest.get("/readyz");
    up.signal("CONT");
    let age = waiting.read()["queue_age_seconds"].as_u64().unwrap();
    assert_eq!(waiting.status, 200, "{}", waiting.body);
    assert!((100..100 + PATIENCE.as_secs()).contains(&age), "{}", waiting.body);
    drop(owner);
    serve.stop();
    up.stop();
}
