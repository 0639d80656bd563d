//! Counting tries against a real database.

use chrono::TimeDelta;
use kernel::Scope;

use super::*;
use crate::testing::Town;

#[test]
fn waits_grow_and_a_refused_try_is_not_counted() {
    let town = Town::new();
    let key = Key::new("sign-in", "tanaka@example.jp");
    let attempt = || town.run(|tx| charge(tx, &key, Pace::ACCOUNT));
    for _free in 0..3 {
        assert_eq!(attempt().unwrap(), Duration::ZERO);
    }
    assert_eq!(attempt().unwrap(), Duration::from_secs(1));
    for _early in 0..5 {
        let refused = attempt().unwrap_err();
        assert_eq!(refused.code(), Code::TooManyTries);
        assert!(matches!(refused, Throttled::TooManyTries { retry_after } if retry_after.as_secs() == 1));
    }
    town.pass(TimeDelta::seconds(1));
    assert_eq!(attempt().unwrap(), Duration::from_secs(2));
    town.run(|tx| clear(tx, &key)).unwrap();
    assert_eq!(attempt().unwrap(), Duration::ZERO);
}

#[test]
fn tries_at_the_same_moment_all_count() {
    let town = Town::new();
    let passed: usize = std::thread::scope(|threads| {
        let attempts: Vec<_> = (0..24)
            .map(|_| {
                threads.spawn(|| town.run(|tx| charge(tx, &Key::new("sign-in", "x"), Pace::ACCOUNT)).is_ok())
            })
            .collect();
        attempts.into_iter().map(|attempt| usize::from(attempt.join().unwrap())).sum()
    });
    assert_eq!(passed, 4, "three free ones and the one that starts the first wait");
}

#[test]
fn a_right_try_takes_back_only_itself() {
    let town = Town::new();
    let key = Key::new("sign-in-from", "192.0.2.1");
    let pace = Pace { free: 1 };
    let attempt = || town.run(|tx| charge(tx, &key, pace));
    attempt().unwrap();
    assert_eq!(attempt().unwrap(), Duration::from_secs(1));
    town.run(|tx| take_back(tx, &key)).unwrap();
    assert_eq!(attempt().unwrap(), Duration::from_secs(1), "one failure was left, so this is the second");
    town.pass(TimeDelta::days(2));
    town.run(|tx| take_back(tx, &key)).unwrap();
    assert_eq!(town.run(sweep).unwrap(), 0, "nothing is left to forget");
}

#[test]
fn towns_count_for_themselves_and_forgotten_rows_are_swept() {
    let town = Town::new();
    let (db, theirs) = (&town.db, Scope::system(town.db.town("shiojiri")));
    let key = Key::new("sign-in", "x");
    let pace = Pace { free: 0 };
    town.run(|tx| charge(tx, &key, pace)).unwrap();
    db.app.run_blocking(theirs, |tx| charge(tx, &key, pace)).unwrap();
    town.run(|tx| charge(tx, &key, pace)).unwrap_err();
    town.pass(TimeDelta::hours(24));
    assert_eq!(town.run(sweep).unwrap(), 1);
    assert_eq!(db.app.run_blocking(theirs, sweep).unwrap(), 1);
}
