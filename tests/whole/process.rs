//! Starting, stopping and killing.

use super::world::{Process, Scratch, World};

#[test]
fn up_stops_cleanly_and_starts_again_with_everything_there() {
    let scratch = Scratch::new("twice");
    let first = Process::start(&["up", "--demo"], &scratch.0);
    first.wait_for("Ctrl-C stops everything");
    first.stop();
    assert!(!scratch.0.join("pg/15/postmaster.pid").exists());
    let again = Process::start(&["up", "--demo"], &scratch.0);
    again.wait_for("Ctrl-C stops everything");
    again.stop();
}

#[test]
fn a_killed_yui_leaves_no_server_and_the_next_one_carries_on() {
    let scratch = Scratch::new("killed");
    let mut process = Process::start(&["up"], &scratch.0);
    process.wait_for("is ready");
    process.signal("KILL");
    process.child.wait().unwrap();
    let next = Process::start(&["up"], &scratch.0);
    next.wait_for("is ready");
    next.stop();
}

#[test]
fn a_second_yui_on_the_same_data_is_told_so() {
    let scratch = Scratch::new("second");
    let first = Process::start(&["up"], &scratch.0);
    first.wait_for("is ready");
    let mut second = Process::start(&["up"], &scratch.0);
    second.wait_for("yui: ");
    assert_eq!(second.child.wait().unwrap().code(), Some(3));
    first.stop();
}

#[test]
fn health_and_readiness_are_answered() {
    let guest = World::shared().guest();
    assert_eq!(guest.get("/healthz").status, 200);
    let ready = guest.get("/readyz");
    assert_eq!(ready.status, 200, "{}", ready.body);
    assert!(ready.body.contains("\"database\":true"), "{}", ready.body);
}
