//! Connections that are ended, or that fall silent.

use std::sync::Barrier;
use std::time::{Duration, Instant};

use db::{DbError, PoolSettings};
use kernel::Scope;
use serde_json::json;

use super::proxy::Proxy;
use super::stage::{Stage, enqueue_lasting, in_full, took_at_most, wait_until};

/// A hundred connections are ended, and in `make chaos` a hundred of the handlers' and three hundred of the queue's own, among
/// which are claims, ends, leases and the listener in turn.
#[test]
fn fault_6_each_connection_is_ended_a_hundred_times() {
    let rounds = if in_full() { 400 } else { 100 };
    let stage = Stage::new();
    let worker = stage.worker_with("worker", &["--listen", &stage.urls.queue]);
    let mut key = 0;
    for round in 0..rounds {
        for _ in 0..3 {
            key += 1;
            let (kind, payload) = if round % 2 == 0 {
                ("fault.detached", json!({ "key": key, "conduct": "Effect" }))
            } else {
                ("fault.transactional", json!({ "key": key }))
            };
            // One that is met by it three times is no fault.
            enqueue_lasting(&mut stage.owner(), stage.town, kind, &payload, 20);
        }
        // One of them each time, in turn: claims, ends, leases, listener; handlers.
        let role = if round % 4 == 0 { &stage.urls.app } else { &stage.urls.queue };
        stage.end_a_connection_of(role, round);
    }
    wait_until("everything is done", || stage.live() == 0);
    let (finished, lost) = worker.stop();
    stage.assert_all_done(key);
    let all = u64::try_from(key).unwrap();
    assert!(finished <= all, "no end counts twice");
    assert!(
        finished + lost >= all,
        "an end whose answer was lost is refused when it is offered again, and counted"
    );
}

#[test]
fn connections_that_died_while_they_lay_idle_cost_nobody_a_request() {
    let stage = Stage::new();
    let door = stage.app();
    // As many at once as the pool lends, so that all lie idle afterwards.
    let all = usize::try_from(PoolSettings::default().size).unwrap();
    let at_once = Barrier::new(all);
    std::thread::scope(|scope| {
        for _ in 0..all {
            scope.spawn(|| {
                door.lobby_blocking(|_lobby| Ok::<_, DbError>(at_once.wait().is_leader())).unwrap()
            });
        }
    });
    assert_eq!(door.connections(), (PoolSettings::default().size, PoolSettings::default().size));
    for _ in 0..all {
        stage.end_a_connection_of(&stage.urls.app, 0);
    }
    for _ in 0..3 {
        door.run_blocking(Scope::system(stage.town), |tx| Ok::<_, DbError>(tx.now())).unwrap();
    }
    assert_eq!(door.connections().0, 1, "the dead are given up");
}

#[test]
fn fault_8_a_listening_connection_that_falls_silent_is_replaced() {
    let stage = Stage::new();
    let proxy = Proxy::before(&stage.urls.queue);
    // It polls once an hour: only a notification can wake it.
    let worker = stage.worker_with("worker", &["--listen", &proxy.url(), "--poll-ms", "3600000"]);
    wait_until("it listens", || stage.listening() >= 1);
    proxy.fall_silent();
    let (before, since) = (proxy.connections(), Instant::now());
    wait_until("it has noticed and connected again", || proxy.connections() > before);
    took_at_most(Duration::from_mins(1), since, "a silent connection was replaced");
    wait_until("it listens again", || stage.listening() >= 2);
    stage.tell_by_another_process(1);
    wait_until("it has heard", || stage.effects() == 1);
    worker.stop();
}

#[test]
fn fault_8_a_connection_that_falls_silent_while_it_begins_to_listen_is_replaced() {
    let stage = Stage::new();
    let proxy = Proxy::before(&stage.urls.queue);
    proxy.fall_silent_at(b"LISTEN ");
    let worker = stage.worker_with("worker", &["--listen", &proxy.url(), "--poll-ms", "3600000"]);
    wait_until("it has given up the first and connected again", || proxy.connections() > 1);
    wait_until("it listens", || stage.listening() >= 1);
    stage.tell_by_another_process(1);
    wait_until("it has heard", || stage.effects() == 1);
    worker.stop();
}

#[test]
fn fault_8_while_the_listener_is_deaf_polling_finds_everything() {
    let stage = Stage::new();
    let proxy = Proxy::before(&stage.urls.queue);
    let worker = stage.worker_with("worker", &["--listen", &proxy.url(), "--poll-ms", "50"]);
    wait_until("it listens", || stage.listening() >= 1);
    proxy.fall_silent();
    proxy.refuse();
    for key in 1..=20 {
        stage.enqueue(key, "Effect");
    }
    let since = Instant::now();
    wait_until("all is done", || stage.live() == 0);
    took_at_most(Duration::from_secs(5), since, "polling found what nobody heard of");
    worker.stop();
    stage.assert_all_done(20);
}

#[test]
fn fault_9_without_anybody_listening_polling_finds_everything() {
    let stage = Stage::new();
    let worker = stage.worker("worker");
    for key in 1..=20 {
        stage.enqueue(key, "Effect");
    }
    let since = Instant::now();
    wait_until("all is done", || stage.live() == 0);
    took_at_most(Duration::from_secs(10), since, "polling found everything");
    assert_eq!(worker.stop(), (20, 0));
    stage.assert_all_done(20);
}
