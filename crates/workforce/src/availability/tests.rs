//! What people offer, against a real database; and that the reason for it is nowhere.

use std::collections::BTreeSet;

use db::testing::TestDb;
use diesel::prelude::*;
use diesel::sql_types::Text;
use kernel::OrganizationId;

use super::*;
use crate::skills::{self, Fitness, Needs};
use crate::testing::Clock;
use crate::workers::{RegisterInput, StepInput};

struct Town {
    db: TestDb,
    id: OrganizationId,
    lead: PersonId,
    clock: Clock,
}

impl Town {
    fn new() -> Self {
        let db = TestDb::new();
        let id = db.town("tateshina");
        let lead = db.person(id, "Coordinator", &["coordinator"]);
        let clock = Clock::of(&db, "2026-11-26T03:00:00Z");
        Self { db, id, lead, clock }
    }

    fn on(&self, now: &str) {
        self.clock.set(now);
    }

    fn act<T, E: From<DbError> + std::fmt::Debug>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> T {
        self.db.acting(self.id, self.lead, work).unwrap()
    }

    fn active(&self, name: &str) -> WorkerId {
        let person = self.db.person(self.id, name, &["worker"]);
        let worker = self.act(|tx| workers::register(tx, person, RegisterInput::default())).id;
        self.act(|tx| workers::activate(tx, worker, StepInput::default()));
        worker
    }

    fn fitness(&self, worker: WorkerId, needs: Needs) -> Fitness {
        let all = self.act(|tx| skills::fitness(tx, needs, date_in_japan(tx.now())));
        let able = self.act(|tx| skills::eligible(tx, needs, date_in_japan(tx.now())));
        let found = all.iter().find(|one| one.who.worker == worker).unwrap().fitness;
        assert_eq!(found == Fitness::Fits, able.iter().any(|one| one.worker == worker), "both say the same");
        found
    }
}

fn day_off(day: &str) -> DayInput {
    DayInput { day: day.into(), ..DayInput::default() }
}

#[test]
fn today_off_is_one_tap_told_once_and_undone_in_one() {
    let town = Town::new();
    let worker = town.active("Aoki");
    let today: NaiveDate = "2026-11-26".parse().unwrap();
    town.act(|tx| set_day(tx, worker, &DayInput { day: "2026-11-26".into(), hours: "9-11".into() }));
    let told = || {
        town.db.arrange(town.id, |tx| {
            let count = diesel::sql_query(
                "SELECT count(*)::text AS text FROM events WHERE kind = 'worker.off_today'",
            );
            Ok(count.load::<Found>(tx.conn())?.remove(0).text)
        })
    };
    assert!(town.act(|tx| off_today(tx, worker)).is_off(today));
    assert!(town.act(|tx| off_today(tx, worker)).is_off(today));
    assert_eq!(told(), "1");
    assert_eq!(town.fitness(worker, Needs::NOTHING), Fitness::OffToday);
    assert_eq!(town.act(|tx| told_off_today(tx, 10)).len(), 1);
    let back = town.act(|tx| back_today(tx, worker));
    assert_eq!(
        (back.is_off(today), back.minutes_on(today)),
        (false, 120),
        "the hours of the day are there again"
    );
    assert_eq!(town.fitness(worker, Needs::NOTHING), Fitness::Fits);
    // Without hours of its own the day is simply like any other again.
    town.act(|tx| clear_day(tx, worker, today));
    town.act(|tx| off_today(tx, worker));
    assert!(town.act(|tx| back_today(tx, worker)).days.is_empty());
    town.act(|tx| back_today(tx, worker));
    let back = town.db.arrange(town.id, |tx| {
        let count =
            diesel::sql_query("SELECT count(*)::text AS text FROM events WHERE kind = 'worker.back_today'");
        Ok(count.load::<Found>(tx.conn())?.remove(0).text)
    });
    assert_eq!(back, "2", "once for each day taken off, and no more");
    town.act(|tx| off_today(tx, worker));
    let (so_far, resting) = (told(), town.active("Baba"));
    let is_off = |worker| town.act(|tx| is_off_today(tx, worker));
    assert!(is_off(worker) && !is_off(resting), "one person's day off is theirs alone");
    town.act(|tx| workers::pause(tx, resting, StepInput::default()));
    town.act(|tx| off_today(tx, resting));
    assert_eq!(
        (town.act(|tx| told_off_today(tx, 10)).len(), told()),
        (1, so_far),
        "nobody counts on who rests"
    );
    town.on("2026-11-26T15:00:00Z");
    assert_eq!(town.fitness(worker, Needs::NOTHING), Fitness::Fits, "tomorrow is another day");
    assert!(!is_off(worker));
}

#[test]
fn a_planned_day_off_is_kept_by_offers_and_not_undone_by_todays_tap() {
    let town = Town::new();
    let worker = town.active("Aoki");
    town.act(|tx| set_day(tx, worker, &day_off("2026-12-01")));
    let week = WeekInput { tuesday: "9-11".into(), thursday: "9-11, 13-15".into(), ..WeekInput::default() };
    let plan = town.act(|tx| set_week(tx, worker, &week));
    assert_eq!(plan.minutes_in_week("2026-11-30".parse().unwrap(), 600), 240);
    assert_eq!(WeekInput::of(&plan.week).thursday.as_str(), "9:00-11:00, 13:00-15:00");
    town.on("2026-12-01T03:00:00Z");
    assert_eq!(town.fitness(worker, Needs::NOTHING), Fitness::OffToday);
    town.act(|tx| back_today(tx, worker));
    assert_eq!(town.fitness(worker, Needs::NOTHING), Fitness::OffToday, "it was planned, not told today");
    let past = town.db.acting(town.id, town.lead, |tx| set_day(tx, worker, &day_off("2026-11-30")));
    assert_eq!(past.unwrap_err().fields()[0].code, Code::InThePast);
}

#[test]
fn work_is_put_before_those_whom_it_suits() {
    let town = Town::new();
    let (worker, other) = (town.active("Aoki"), town.active("Baba"));
    let input = ConditionsInput { conditions: vec!["no_phone".into(), "deadline_slack".into()] };
    let plan = town.act(|tx| set_conditions(tx, worker, &input));
    assert_eq!(plan.conditions, BTreeSet::from([Condition::NoPhone, Condition::DeadlineSlack]));
    let asks = |phone| Needs { asks: Asks { phone, ..Asks::default() }, ..Needs::NOTHING };
    let due = |day: &str| Needs { due_on: Some(day.parse().unwrap()), ..Needs::NOTHING };
    assert_eq!(town.fitness(worker, asks(true)), Fitness::NotTheirWay);
    assert_eq!(
        (town.fitness(worker, asks(false)), town.fitness(other, asks(true))),
        (Fitness::Fits, Fitness::Fits)
    );
    assert_eq!(town.fitness(worker, due("2026-11-28")), Fitness::NotTheirWay);
    assert_eq!(town.fitness(worker, due("2026-11-29")), Fitness::Fits);
    town.act(|tx| set_conditions(tx, worker, &ConditionsInput::default()));
    assert_eq!(town.fitness(worker, asks(true)), Fitness::Fits);
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Text)]
    text: String,
}

/// The tables that say how somebody comes to work and what they offer.
const ABOUT_PEOPLE: &str = "'workers', 'worker_events', 'interviews', 'week_windows', 'offered_days', 'day_windows', \
     'work_conditions', 'worker_skills', 'enrolments', 'trials'";

/// Places for words in them that are no code. Reviewed: none of them asks about somebody's circumstances.
const FREE_TEXTS: [&str; 5] = [
    "interviews.join_at",
    "trials.findings",
    "worker_events.actor",
    "worker_skills.evidence_note",
    "workers.phone",
];

/// What a reason would be called.
const WORDS: [&str; 17] = [
    "because",
    "cause",
    "care",
    "child",
    "circumstance",
    "diagnos",
    "disab",
    "family",
    "health",
    "hospital",
    "ill",
    "medical",
    "pregnan",
    "reason",
    "sick",
    "unwell",
    "why",
];

#[test]
fn the_reason_is_stored_nowhere() {
    let db = TestDb::new();
    let load = |sql: String| -> Vec<String> {
        let rows: Vec<Found> = diesel::sql_query(sql).load(&mut db.owner()).unwrap();
        rows.into_iter().map(|row| row.text).collect()
    };
    let names = load(format!(
        "SELECT table_name || '.' || column_name AS text FROM information_schema.columns \
         WHERE table_schema = 'public' AND table_name IN ({ABOUT_PEOPLE}) ORDER BY 1"
    ));
    assert!(names.len() > 50, "the catalogue was not read: {names:?}");
    // Why somebody left is counted by three codes and nothing else (the seed's employment, moved, other).
    let codes = ["workers.withdrawal_reason", "worker_events.reason"];
    let rules = load(format!(
        "SELECT lower(pg_get_constraintdef(c.oid)) AS text FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid \
         WHERE c.contype = 'c' AND t.relname IN ({ABOUT_PEOPLE})"
    ));
    let tells = |text: &str| {
        let words = text.split(|one: char| !one.is_ascii_alphanumeric()).collect::<Vec<_>>();
        WORDS.iter().any(|bad| words.iter().any(|word| word.starts_with(bad)))
    };
    let telling: Vec<_> =
        names.iter().filter(|name| !codes.contains(&name.as_str()) && tells(name)).collect();
    assert_eq!(telling, Vec::<&String>::new());
    let telling: Vec<_> = rules
        .iter()
        .map(|rule| rule.replace("withdrawal_reason", "").replace("(reason", "("))
        .filter(|rule| tells(rule))
        .collect();
    assert_eq!(telling, Vec::<String>::new(), "no code is a reason");
    let free = load(format!(
        "SELECT c.table_name || '.' || c.column_name AS text FROM information_schema.columns c \
         WHERE c.table_schema = 'public' AND c.table_name IN ({ABOUT_PEOPLE}) AND c.data_type IN ('text', 'jsonb') \
         AND NOT EXISTS (SELECT FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid \
             WHERE t.relname = c.table_name AND k.contype = 'c' \
             AND pg_get_constraintdef(k.oid) LIKE '%' || c.column_name || ' = ANY%') ORDER BY 1"
    ));
    assert_eq!(free, FREE_TEXTS, "every other word is one of a list");
}
