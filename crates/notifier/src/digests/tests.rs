//! Gathering offers for the day's mail.

use std::time::Duration;

use kernel::Scope;

use super::*;
use crate::fixture::Bench;
use crate::preferences::{self as prefer, Preferences, PreferencesInput};

fn wants(bench: &Bench, person: PersonId, version: i32, offers: &str) {
    let mut input = PreferencesInput::of(&Preferences::default());
    input.offers = offers.into();
    bench.db.acting(bench.town, person, |tx| prefer::change(tx, version, &input)).unwrap();
}

fn tasks(bench: &Bench) -> i64 {
    #[derive(diesel::QueryableByName)]
    struct Count {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        count: i64,
    }
    use diesel::RunQueryDsl as _;
    let sql = "SELECT count(*) AS count FROM tasks WHERE kind = 'mail.send-digest'";
    diesel::sql_query(sql).get_result::<Count>(&mut bench.db.owner()).unwrap().count
}

fn take_all(bench: &Bench, person: PersonId) -> Vec<String> {
    bench.db.app.run_blocking::<_, DbError, _>(Scope::system(bench.town), |tx| take(tx, person)).unwrap()
}

#[test]
fn gathered_offers_wait_for_the_chosen_hour() {
    let bench = Bench::new();
    let person = bench.db.person(bench.town, "Yamada", &["worker"]);
    let gather = |thing: &str| bench.db.arrange(bench.town, |tx| gather(tx, person, thing));
    assert_eq!(gather("job:1"), Gathered::No, "at once, unless they chose otherwise");
    wants(&bench, person, 0, "daily");
    // It is 17:00 in Japan; the day's mail comes at 18:00.
    let due = bench.now() + chrono::TimeDelta::hours(1);
    for thing in ["job:1", "job:2", "job:1"] {
        assert_eq!(gather(thing), Gathered::Until(due));
    }
    assert_eq!(tasks(&bench), 1, "one task tells them all");
    assert!(take_all(&bench, person).is_empty(), "not before its time");
    bench.pass(Duration::from_hours(1));
    assert_eq!(take_all(&bench, person), ["job:1", "job:2"]);
    assert!(take_all(&bench, person).is_empty());
    gather("job:3");
    assert_eq!(tasks(&bench), 2, "what comes afterwards has its own");
    wants(&bench, person, 1, "off");
    bench.pass(Duration::from_hours(24));
    assert!(take_all(&bench, person).is_empty());
    assert_eq!(gather("job:4"), Gathered::Unwanted);
}

#[test]
fn a_daily_mail_that_failed_for_good_does_not_end_those_that_follow() {
    let bench = Bench::new();
    let person = bench.db.person(bench.town, "Yamada", &["worker"]);
    wants(&bench, person, 0, "daily");
    let gather = |thing: &str| bench.db.arrange(bench.town, |tx| gather(tx, person, thing));
    gather("job:1");
    // Its task fails for good: nothing is taken.
    bench.pass(Duration::from_hours(24));
    gather("job:2");
    assert_eq!(tasks(&bench), 2, "the next day has its own");
    bench.pass(Duration::from_hours(24));
    assert_eq!(take_all(&bench, person), ["job:1", "job:2"]);
}

#[test]
fn what_one_daily_mail_does_not_hold_comes_with_the_next() {
    let bench = Bench::new();
    let person = bench.db.person(bench.town, "Yamada", &["worker"]);
    wants(&bench, person, 0, "daily");
    for job in 10..70 {
        bench.db.arrange(bench.town, |tx| gather(tx, person, &format!("job:{job}")));
    }
    bench.pass(Duration::from_hours(1));
    assert_eq!((take_all(&bench, person).len(), tasks(&bench)), (50, 2));
    bench.pass(Duration::from_hours(24));
    assert_eq!(take_all(&bench, person).len(), 10);
}

#[test]
fn what_waits_follows_the_hour_its_reader_chooses() {
    let bench = Bench::new();
    let person = bench.db.person(bench.town, "Yamada", &["worker"]);
    wants(&bench, person, 0, "daily");
    bench.db.arrange(bench.town, |tx| gather(tx, person, "job:1"));
    let mut input = PreferencesInput::of(&Preferences::default());
    (input.offers, input.digest_hour) = ("daily".into(), "20".into());
    bench.db.acting(bench.town, person, |tx| prefer::change(tx, 1, &input)).unwrap();
    assert_eq!(tasks(&bench), 2);
    bench.pass(Duration::from_hours(1));
    assert!(take_all(&bench, person).is_empty(), "at 18:00 nothing is due any more");
    bench.pass(Duration::from_hours(2));
    assert_eq!(take_all(&bench, person), ["job:1"]);
}

/// How many transactions wait for a lock.
fn blocked(bench: &Bench) -> i64 {
    #[derive(diesel::QueryableByName)]
    struct Count {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        count: i64,
    }
    use diesel::RunQueryDsl as _;
    let sql = "SELECT count(*) AS count FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid \
         WHERE a.datname = current_database() AND NOT l.granted";
    diesel::sql_query(sql).get_result::<Count>(&mut bench.db.owner()).unwrap().count
}

#[test]
fn what_is_gathered_while_the_daily_mail_is_written_is_not_lost() {
    let bench = Bench::new();
    let person = bench.db.person(bench.town, "Yamada", &["worker"]);
    wants(&bench, person, 0, "daily");
    bench.db.arrange(bench.town, |tx| gather(tx, person, "job:1"));
    let told = std::thread::scope(|scope| {
        let written = bench.db.arrange(bench.town, |tx| {
            gather(tx, person, "job:2")?;
            // Its hour comes before this commits.
            bench.pass(Duration::from_hours(1));
            let written = scope.spawn(|| take_all(&bench, person));
            while !written.is_finished() && blocked(&bench) == 0 {
                std::thread::yield_now();
            }
            Ok(written)
        });
        written.join().unwrap()
    });
    assert_eq!(told, ["job:1", "job:2"]);
}
