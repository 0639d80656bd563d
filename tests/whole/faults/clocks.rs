//! Machines whose clocks are wrong, and step.

use std::time::Duration;

use super::lies::Lies;
use super::stage::{LEASE, Stage, Worker, wait_until};

impl Lies {
    fn worker(&self, stage: &Stage, name: &str) -> Worker {
        let told = self.environment();
        let told: Vec<(&str, &str)> = told.iter().map(|(name, value)| (*name, value.as_str())).collect();
        stage.worker_told(name, &["--listen", &stage.urls.queue], &told)
    }
}

/// By how many seconds the worker's clock was wrong when it said that line.
fn wrong_by(line: &str) -> i64 {
    let said: i64 = line.rsplit(' ').next().unwrap().parse().unwrap();
    said - kernel::clock::machine_time().timestamp()
}

#[test]
fn fault_16_clocks_that_are_wrong_and_step_start_nothing_early_twice_or_never() {
    let stage = Stage::new();
    let (fast, slow) = (Lies::new("fast"), Lies::new("slow"));
    fast.clock_is_off_by(3600);
    slow.clock_is_off_by(-3600);
    stage.sql(
        "INSERT INTO tasks (organization_id, kind, max_attempts, state, run_at, payload) \
         SELECT o.id, 'fault.detached', 3, 'scheduled', clock_timestamp() + interval '1.5 seconds' + key * interval '40 milliseconds', \
         jsonb_build_object('key', key, 'conduct', 'Effect') FROM organizations o, generate_series(1, 20) AS key",
    );
    stage.sql("CREATE TABLE planned AS SELECT (payload ->> 'key')::bigint AS key, run_at AS at FROM tasks");
    let one = fast.worker(&stage, "one");
    stage.enqueue(21, "EffectWhenPermitted");
    assert!((3500..3700).contains(&wrong_by(&one.wait_for("began 21 attempt 1"))), "it is lied to");
    let other = slow.worker(&stage, "other");
    // Both clocks step, one of them back by two hours, while the one task is under way and the others come due.
    fast.clock_is_off_by(-3600);
    slow.clock_is_off_by(86_400);
    stage.passes(LEASE * 3);
    let held = "SELECT count(*) AS count FROM tasks WHERE state = 'running' AND attempt = 1";
    assert_eq!(stage.count(held), 1, "its lease was prolonged all the same");
    stage.permit(21, "one");
    wait_until("everything is done", || stage.live() == 0);
    let (by_one, by_other) = (one.stop(), other.stop());
    assert_eq!((by_one.0 + by_other.0, by_one.1 + by_other.1), (21, 0));
    stage.assert_all_done(21);
    let runs = |which: &str| {
        stage.count(&format!(
            "SELECT count(*) AS count FROM runs r JOIN planned p ON p.key = r.key WHERE {which}"
        ))
    };
    assert_eq!(runs("true"), 20, "each once");
    assert_eq!(runs("r.at < p.at"), 0, "none early");
    assert_eq!(runs(&format!("r.at > p.at + interval '{} seconds'", Duration::from_mins(1).as_secs())), 0);
}
