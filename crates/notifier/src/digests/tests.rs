//! Gathering offers for the day's mail.

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
    let things = bench.db.app.run_blocking::<_, DbError, _>(Scope::system(bench.town), |tx| take(tx, person));
    assert_eq!(things.unwrap(), ["job:1", "job:2"]);
    assert!(bench.db.arrange(bench.town, |tx| waiting(tx, person)).is_empty());
    gather("job:3");
    assert_eq!(tasks(&bench), 2, "what comes afterwards has its own");
    wants(&bench, person, 1, "off");
    assert!(bench.db.arrange(bench.town, |tx| waiting(tx, person)).is_empty());
    assert_eq!(gather("job:4"), Gathered::Unwanted);
}
