//! Handlers that misbehave: they panic, do not end, or keep every connection for themselves.

use serde_json::json;

use super::stage::{LEASE, Stage, enqueue_with, wait_until};

#[test]
fn fault_13_a_handler_that_panics_fails_its_attempts_and_its_worker_goes_on() {
    let stage = Stage::new();
    stage.enqueue(1, "Panic");
    for key in 2..=10 {
        stage.enqueue(key, "Effect");
    }
    // One thread: were it lost, nobody would do the rest.
    let worker = stage.worker_with("worker", &["--threads", "1"]);
    wait_until("the others are done", || stage.live() == 0);
    assert_eq!(worker.stop(), (9, 0));
    assert_eq!(stage.dead_of("the handler panicked; see the log"), 1);
    assert_eq!(stage.count("SELECT count(*) AS count FROM task_failures"), 3, "each attempt has its reason");
    assert_eq!(stage.effects(), 9);
}

#[test]
fn fault_14_a_handler_that_ignores_its_time_limit_is_left_behind_and_its_task_done_by_another_thread() {
    let stage = Stage::new();
    let hanging = json!({ "key": 1, "conduct": "HangFirst" });
    enqueue_with(&mut stage.owner(), stage.town, "fault.bounded", &hanging);
    let worker = stage.worker_with("worker", &["--threads", "1"]);
    worker.wait_for("began 1 attempt 1");
    stage.enqueue(2, "Effect");
    worker.wait_for("began 1 attempt 2");
    wait_until("both are done", || stage.live() == 0);
    let reasons = "SELECT count(*) AS count FROM task_failures WHERE error LIKE 'took longer than %'";
    assert_eq!(stage.count(reasons), 1);
    stage.assert_all_done(2);
    assert_eq!(worker.stop(), (2, 0));
}

#[test]
fn fault_15_handlers_that_hold_every_connection_do_not_cost_them_their_leases() {
    let stage = Stage::new();
    for key in [1, 2] {
        stage.enqueue(key, "EffectAndKeepConnection");
    }
    // Two handlers, one connection: one holds it, the other waits for it.
    let worker = stage.worker_with("worker", &["--threads", "2", "--pool", "1"]);
    worker.wait_for("attempt 1");
    worker.wait_for("attempt 1");
    stage.passes(LEASE * 5 / 2);
    let held = "SELECT count(*) AS count FROM tasks WHERE state = 'running' AND attempt = 1 AND lease_until > clock_timestamp()";
    assert_eq!(stage.count(held), 2, "their leases were prolonged meanwhile");
    for key in [1, 2] {
        stage.permit(key, "worker");
    }
    wait_until("both are done", || stage.live() == 0);
    assert_eq!(worker.stop(), (2, 0));
    stage.assert_all_done(2);
}
