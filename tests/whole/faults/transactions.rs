//! Enqueueing transactions that roll back or take their time.

use diesel::prelude::*;
use serde_json::json;

use super::stage::{Stage, enqueue_with, wait_until};

#[test]
fn fault_10_rolled_back_never_runs_and_committed_late_runs_all_the_same() {
    let stage = Stage::new();
    let worker = stage.worker("worker");
    let (mut late, mut never) = (stage.owner(), stage.owner());
    for conn in [&mut late, &mut never] {
        diesel::sql_query("BEGIN").execute(conn).unwrap();
    }
    let early_id = enqueue_with(&mut late, stage.town, "fault.transactional", &json!({ "key": 1 }));
    enqueue_with(&mut never, stage.town, "fault.transactional", &json!({ "key": 2 }));
    for key in 3..=50 {
        let id = stage.enqueue_transactional(key);
        assert!(id > early_id);
    }
    wait_until("the later ones are done", || stage.effects() == 48);
    // As if it had been open for ten minutes: behind every mark.
    diesel::sql_query("UPDATE tasks SET run_at = run_at - interval '10 minutes'").execute(&mut late).unwrap();
    diesel::sql_query("COMMIT").execute(&mut late).unwrap();
    diesel::sql_query("ROLLBACK").execute(&mut never).unwrap();
    wait_until("the late one is done", || stage.effects() == 49);
    assert_eq!(worker.stop(), (49, 0));
    stage.assert_all_done(49);
    assert_eq!(stage.count("SELECT count(*) AS count FROM effects WHERE key = 2"), 0);
}
