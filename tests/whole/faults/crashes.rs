//! Workers that die, stop for a while, or come back too late.

use queue::Runner;

use super::stage::{Stage, wait_until};

#[test]
fn fault_1_killed_between_claim_and_handler() {
    let stage = Stage::new();
    stage.enqueue(1, "HangFirst");
    for key in 2..=4 {
        stage.enqueue(key, "Effect");
    }
    let first = stage.worker_with("first", &["--threads", "1"]);
    first.wait_for("began 1 attempt 1");
    wait_until("all four are claimed", || stage.running() == 4);
    assert_eq!(stage.effects(), 0, "three of them have not been begun");
    first.kill();
    let second = stage.worker("second");
    wait_until("the second worker has done all", || stage.live() == 0);
    assert_eq!(second.stop(), (4, 0));
    stage.assert_all_done(4);
}

#[test]
fn fault_2_killed_after_the_effect_and_before_the_end() {
    let stage = Stage::new();
    stage.enqueue(1, "EffectThenHangFirst");
    let first = stage.worker("first");
    first.wait_for("left effect 1");
    first.kill();
    let second = stage.worker("second");
    wait_until("the task has ended", || stage.live() == 0);
    second.stop();
    stage.assert_all_done(1);
    assert_eq!(stage.count("SELECT count(*) AS count FROM runs WHERE key = 1"), 2, "run twice, one effect");
}

#[test]
fn fault_3_killed_while_five_hundred_ends_wait_to_be_written() {
    let stage = Stage::new();
    for key in 1..=500 {
        stage.enqueue(key, "Effect");
    }
    let mut blocker = stage.owner();
    for sql in ["BEGIN", "LOCK TABLE task_history IN EXCLUSIVE MODE"] {
        diesel::RunQueryDsl::execute(diesel::sql_query(sql), &mut blocker).unwrap();
    }
    let first = stage.worker("first");
    wait_until("all effects are there", || stage.effects() == 500);
    assert_eq!(stage.count("SELECT count(*) AS count FROM tasks"), 500, "and no end is written");
    first.kill();
    drop(blocker);
    let second = stage.worker("second");
    wait_until("everything ran again", || stage.live() == 0);
    second.stop();
    stage.assert_all_done(500);
}

#[test]
fn fault_4_stopped_beyond_its_lease_and_continued() {
    let stage = Stage::new();
    stage.enqueue(1, "EffectWhenPermitted");
    let first = stage.worker("first");
    first.wait_for("began 1 attempt 1");
    first.signal("STOP");
    let second = stage.worker("second");
    second.wait_for("began 1 attempt 2");
    stage.permit(1, "second");
    wait_until("the second worker has ended it", || stage.live() == 0);
    stage.permit(1, "first");
    first.signal("CONT");
    wait_until("the first has come to its end", || {
        stage.count("SELECT count(*) AS count FROM runs WHERE key = 1") == 2
    });
    assert_eq!(first.stop(), (0, 1), "its end is refused and counted");
    assert_eq!(second.stop(), (1, 0));
    stage.assert_all_done(1);
}

#[test]
fn fault_5_retried_by_an_operator_while_the_old_attempt_still_runs() {
    let stage = Stage::new();
    let id = stage.enqueue(1, "EffectWhenPermitted");
    // A suspect on its last attempt: the first time a worker stops answering kills nothing.
    stage.sql("UPDATE tasks SET max_attempts = 1, rescued = 1");
    let first = stage.worker("first");
    first.wait_for("began 1 attempt 1");
    first.signal("STOP");
    let rescuer = Runner::new(stage.app(), stage.queue(), queue::Registry::new());
    wait_until("it counts as dead", || {
        rescuer.promote().unwrap();
        stage.count("SELECT count(*) AS count FROM tasks WHERE state = 'dead'") == 1
    });
    let retried = stage.app().run_blocking::<_, db::DbError, _>(kernel::Scope::system(stage.town), |tx| {
        queue::tasks::retry(tx, id)
    });
    assert!(retried.unwrap());
    let second = stage.worker("second");
    second.wait_for("began 1 attempt 1");
    stage.permit(1, "first");
    first.signal("CONT");
    wait_until("the first has come to its end", || {
        stage.count("SELECT count(*) AS count FROM runs WHERE key = 1") == 1
    });
    assert_eq!(first.stop(), (0, 1), "the same attempt number, another lease");
    assert_eq!(stage.running(), 1, "the second still holds it");
    stage.permit(1, "second");
    wait_until("the second has ended it", || stage.live() == 0);
    assert_eq!(second.stop(), (1, 0));
    stage.assert_all_done(1);
}

#[test]
fn fault_11_a_task_that_brings_its_process_down_is_dead_after_its_last_attempt() {
    let stage = Stage::new();
    stage.enqueue(1, "Abort");
    for key in 2..=20 {
        stage.enqueue(key, "Effect");
    }
    // The first of them claim the poison together with its neighbours.
    for _ in 0..3 {
        let mut worker = stage.worker_with("victim", &["--threads", "1"]);
        assert!(!worker.wait_for_end().success());
    }
    let survivor = stage.worker("survivor");
    wait_until("the others are done", || stage.live() == 0);
    survivor.stop();
    assert_eq!(stage.effects(), 19);
    let done = "SELECT count(*) AS count FROM task_history WHERE outcome = 'done'";
    assert_eq!(stage.count(done), 19, "none of its neighbours died of it");
    assert_eq!(stage.count("SELECT count(*) AS count FROM tasks"), 1, "only the poison is left");
    let dead = "SELECT count(*) AS count FROM tasks WHERE state = 'dead' AND attempt = 3 \
        AND cause = 'the worker stopped answering'";
    assert_eq!(stage.count(dead), 1);
    let reasons = "SELECT count(*) AS count FROM task_failures f JOIN tasks t ON t.id = f.task_id";
    assert_eq!(stage.count(reasons), 3, "each attempt has its reason");
}

#[test]
fn fault_12_what_cannot_be_understood_is_put_aside_with_its_reason() {
    let stage = Stage::new();
    let put = |kind: &str, payload: serde_json::Value| {
        super::stage::enqueue_with(&mut stage.owner(), stage.town, kind, &payload);
    };
    put("from.another.version", serde_json::json!({}));
    put("fault.detached", serde_json::json!({ "key": "one", "conduct": "Effect" }));
    put("fault.detached", serde_json::json!({ "key": 1, "conduct": "Levitate" }));
    put("fault.detached", serde_json::json!([1, 2, 3]));
    stage.enqueue(2, "Effect");
    let worker = stage.worker("worker");
    let states =
        |state: &str| stage.count(&format!("SELECT count(*) AS count FROM tasks WHERE state = '{state}'"));
    wait_until("each has its place", || states("parked") == 1 && states("dead") == 3 && stage.effects() == 1);
    assert_eq!(worker.stop(), (1, 0));
    let reasons = "SELECT count(*) AS count FROM task_failures WHERE error LIKE 'fault.detached: payload does not fit%'";
    assert_eq!(stage.count(reasons), 3, "one attempt each, and no loop");
}
