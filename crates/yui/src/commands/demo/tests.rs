//! The whole year on a real database, on days on which calendars like to break.

use std::sync::Arc;

use accounts::LinkKey;
use accounts::events::PasswordChanged;
use chrono::NaiveDate;
use db::testing::TestDb;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use kernel::{Language, PersonId};
use notifier::{KeepsHours, MailSettings, Outbox};
use queue::Registry;

use super::calendar::before;
use super::neighbour;
use super::open_town;
use super::players::Troupe;
use super::stage::Stage;
use crate::notices::Notices;
use crate::subscriptions;

fn played(today: NaiveDate) -> TestDb {
    let db = TestDb::new();
    let key = LinkKey::generate();
    // The rows say what is in it; nobody reads the bytes again.
    let papers = tempfile::tempdir().unwrap();
    let stage = stage(&db, files::Store::open(papers.path()).unwrap(), &key, today);
    let next_door = neighbour::open(&stage).unwrap();
    Troupe::gather((&stage, &next_door), &db.queue, mailing(key)).play(|_, _| {}).unwrap();
    db
}

fn stage(db: &TestDb, store: files::Store, key: &LinkKey, today: NaiveDate) -> Stage {
    let (stage, accounts) = open_town(db.app.clone(), store, key.clone(), today).unwrap();
    assert_eq!(accounts.len(), 13);
    stage
}

fn mailing(key: LinkKey) -> Registry {
    let settings = MailSettings::new("yui@demo.example", "http://127.0.0.1:8080").unwrap();
    let outbox = Arc::new(Outbox::new(settings, key.clone(), KeepsHours::Never).unwrap());
    let notices = Arc::new(Notices { outbox, key });
    let mut mailing = Registry::new();
    subscriptions::register(&mut mailing, notices);
    mailing
}

#[test]
fn a_real_town_beside_the_demo_keeps_its_notices_for_its_own_workers() {
    let (db, key) = (TestDb::new(), LinkKey::generate());
    let papers = tempfile::tempdir().unwrap();
    let today = NaiveDate::from_ymd_opt(2026, 11, 26).unwrap();
    let stage = stage(&db, files::Store::open(papers.path()).unwrap(), &key, today);
    let real = db.town("shiojiri");
    let changed = PasswordChanged { organization: real, person: PersonId(1), language: Language::Ja };
    db.arrange(real, |tx| queue::record(tx, &changed));
    let next_door = neighbour::open(&stage).unwrap();
    Troupe::gather((&stage, &next_door), &db.queue, mailing(key)).react().unwrap();
    let left = format!("SELECT kind || ' ' || state AS line FROM tasks WHERE organization_id = {real}");
    assert_eq!(lines(&mut db.owner(), &left), ["dispatch/person.password_changed ready"]);
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

fn lines(owner: &mut PgConnection, sql: &str) -> Vec<String> {
    let rows: Vec<Line> = diesel::sql_query(sql).load(owner).unwrap();
    rows.into_iter().map(|row| row.line).collect()
}

/// Every business row as text: no secrets, nothing about machine work, no time that the database's own clock gave.
fn told(db: &TestDb) -> Vec<String> {
    let owner = &mut db.owner();
    let tables = lines(
        owner,
        "SELECT table_name::text AS line FROM information_schema.columns \
         WHERE table_schema = 'public' AND column_name = 'organization_id' ORDER BY 1",
    );
    // What machines note for themselves (the parts of the units’ counts, in whichever order), mails’ bytes with their
    // random boundaries, and which verdicts the database has drawn to be given once more.
    let others = ["events", "audit_entries", "message_bytes", "unit_counts", "second_looks"];
    let of_machines = |table: &str| table.starts_with("task") || table.starts_with("schedule");
    let business = |table: &&String| !others.contains(&table.as_str()) && !of_machines(table);
    let mut told = Vec::new();
    for table in tables.iter().filter(business) {
        let columns = lines(
            owner,
            &format!(
                "SELECT quote_ident(column_name)::text AS line FROM information_schema.columns \
                 WHERE table_schema = 'public' AND table_name = '{table}' AND data_type <> 'bytea' \
                   AND coalesce(column_default, '') NOT LIKE '%now()%' AND column_name NOT IN ('message_id', 'storage_key', 'password_hash') \
                 ORDER BY ordinal_position"
            ),
        );
        let columns = columns.join(", ");
        let rows = format!("SELECT ROW({columns})::text AS line FROM {table} ORDER BY 1");
        told.extend(lines(owner, &rows).into_iter().map(|row| format!("{table} {row}")));
    }
    told
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

fn number(db: &TestDb, sql: &str) -> i64 {
    diesel::sql_query(sql).get_result::<Number>(&mut db.owner()).unwrap().number
}

fn count(db: &TestDb, rows: &str) -> i64 {
    number(db, &format!("SELECT count(*) AS number FROM {rows}"))
}

const UNIT_STATES: [&str; 13] = [
    "accepted",
    "cancelled",
    "checking",
    "claimed",
    "claimed_back",
    "delivered",
    "draft",
    "offered",
    "passed",
    "paused",
    "returned",
    "submitted",
    "working",
];

/// What somebody who opens the demo on `today` should find and does not.
fn missing(db: &TestDb, today: NaiveDate) -> Vec<String> {
    let mut missing = Vec::new();
    let mut expect = |what: &str, found: i64, wanted: std::ops::RangeInclusive<i64>| {
        if !wanted.contains(&found) {
            missing.push(format!("{today}: {found} {what}, not {wanted:?}"));
        }
    };
    let million = "SELECT sum(amount)::bigint / 1000000 AS number FROM deals WHERE state = 'won'";
    expect("million yen won", number(db, million), 10..=20);
    expect("deals won", count(db, "deals WHERE state = 'won'"), 60..=100);
    for state in UNIT_STATES {
        expect(state, count(db, &format!("units WHERE state = '{state}'")), 1..=2000);
    }
    for reason in sales::deals::LostReason::ALL {
        expect(reason.as_str(), count(db, &format!("deals WHERE lost_reason = '{reason}'")), 1..=10);
    }
    for sign in ["<", "=", ">"] {
        let due = format!("deals WHERE state = 'open' AND next_action_on {sign} '{today}'");
        expect(&format!("next actions {sign} today"), count(db, &due), 1..=30);
    }
    expect(
        "orders late",
        count(db, &format!("orders WHERE state = 'running' AND due_on < '{today}'")),
        1..=5,
    );
    let kinds = |state: &str| {
        format!(
            "(SELECT DISTINCT l.job_kind FROM deal_lines l JOIN deals d ON d.id = l.deal_id WHERE d.state = '{state}') k"
        )
    };
    expect("kinds of work won", count(db, &kinds("won")), 3..=4);
    expect("kinds of work lost", count(db, &kinds("lost")), 2..=4);
    let bare = "submissions s WHERE s.result_text = '' \
                AND NOT EXISTS (SELECT FROM submission_files f WHERE f.submission_id = s.id)";
    expect("versions that bring nothing", count(db, bare), 0..=0);
    let waiting = "offer_portions WHERE state = 'open'";
    expect("shares that wait for an answer", count(db, waiting), 1..=20);
    expect("versions of rules", count(db, "work_rules WHERE number > 1"), 1..=4);
    expect("questions that wait", count(db, "job_questions WHERE answered_at IS NULL"), 1..=3);
    expect("samples", count(db, "job_samples"), 1..=4);
    let of_rule = |rule: &str| {
        format!(
            "offer_rounds o JOIN jobs j ON j.id = o.job_id WHERE o.kind = 'pool' AND j.offer_rule = '{rule}'"
        )
    };
    expect("pools of fair jobs", count(db, &of_rule("fair")), 1..=1);
    expect("jobs before everybody", count(db, &of_rule("first_come")), 60..=140);
    expect("decided fixes", count(db, "fix_decisions"), 5..=60);
    expect("deliveries with the client", count(db, "deliveries WHERE state = 'sent'"), 2..=10);
    expect("imports", count(db, "imports WHERE state = 'applied' AND rows_bad = 1"), 1..=1);
    expect("merges", count(db, "merges"), 1..=1);
    expect("pipelines, the one next door among them", count(db, "pipelines"), 3..=3);
    expect("partners who agreed", count(db, "partners WHERE ours AND theirs"), 2..=2);
    let half = "shares WHERE state = 'accepted' AND delivered BETWEEN 1 AND quantity - 1";
    expect("parts of orders half delivered, on both sides", count(db, half), 2..=2);
    let offered = "shares WHERE side = 'in' AND state = 'offered'";
    expect("offers that wait for an answer", count(db, offered), 1..=1);
    expect("appeals that wait", count(db, "review_appeals WHERE decided_at IS NULL"), 1..=1);
    expect("appeals decided", count(db, "review_appeals WHERE outcome = 'upheld'"), 1..=1);
    expect("workers looked at by lot", count(db, "sampling_streams WHERE phase = 'some'"), 1..=1);
    let second = "units u JOIN jobs j ON j.id = u.job_id WHERE j.review_levels = 2 AND u.state = 'checking'";
    expect("units before their second look", count(db, second), 2..=2);
    expect("mails", count(db, "messages"), 30..=90);
    expect("English mails", count(db, "messages WHERE language = 'en'"), 4..=30);
    expect("tasks left", count(db, "tasks"), 0..=0);
    let first_mail = before(today, super::players::MAILED_DAYS);
    expect("old mails", count(db, &format!("messages WHERE created_at < '{first_mail} 00:00+09'")), 0..=0);
    for (table, column) in
        [("deals", "moved_at"), ("unit_events", "happened_at"), ("companies", "created_at")]
    {
        let late = count(db, &format!("{table} WHERE {column} >= '{today} 00:00+09'"));
        expect(&format!("{table} of today or later"), late, 0..=0);
    }
    missing
}

fn nothing_is_missing_on(day: &str) {
    let day = day.parse().unwrap();
    assert_eq!(missing(&played(day), day), Vec::<String>::new());
}

/// The first day of a fiscal year: what has targets and closings has them from nothing.
#[test]
fn the_same_day_gives_the_same_town() {
    let first = "2027-04-01".parse().unwrap();
    let (one, other) = (played(first), played(first));
    assert_eq!(missing(&one, first), Vec::<String>::new());
    let (one, other) = (told(&one), told(&other));
    assert!(one.len() > 5000, "{} rows", one.len());
    let differing: Vec<_> = one.iter().zip(&other).filter(|(here, there)| here != there).take(5).collect();
    assert!(differing.is_empty(), "two fills of one day differ:\n{differing:#?}");
    assert_eq!(one.len(), other.len());
}

/// Weeks back, what falls on its Sunday is played on the Friday and what follows on the Monday: an answer would come too late.
#[test]
fn a_town_can_be_told_on_a_saturday() {
    nothing_is_missing_on("2026-11-28");
}

/// A Monday too: the days of mails are a weekend.
#[test]
fn a_town_can_be_told_on_new_years_day() {
    nothing_is_missing_on("2029-01-01");
}

#[test]
fn people_stand_at_every_step_of_their_way_and_learn_and_rest() {
    for day in ["2026-12-31", "2028-02-29", "2029-01-01"] {
        let today = day.parse().unwrap();
        let (db, papers) = (TestDb::new(), tempfile::tempdir().unwrap());
        let store = files::Store::open(papers.path()).unwrap();
        super::beginnings::play(&stage(&db, store, &LinkKey::generate(), today)).unwrap();
        let within_a_month = format!("worker_skills WHERE expires_on BETWEEN '{day}' AND date '{day}' + 30");
        let off = format!("offered_days WHERE is_off AND told_today AND day = '{day}'");
        let there = [
            "workers WHERE state = 'applicant'",
            "workers WHERE state = 'training'",
            "interviews WHERE state = 'planned'",
            "interviews WHERE outcome = 'go_on'",
            "enrolments WHERE state = 'enrolled'",
            "enrolments WHERE state = 'completed'",
            "worker_skills WHERE evidence = 'training'",
            "trials WHERE outcome = 'not_yet'",
            "week_windows",
            "work_conditions WHERE condition = 'no_phone'",
            "offered_days WHERE is_off AND NOT told_today",
            &within_a_month,
            &off,
        ];
        let missing: Vec<&str> = there.into_iter().filter(|rows| count(&db, rows) == 0).collect();
        assert_eq!(missing, [] as [&str; 0], "{day}");
    }
}

/// Each day of a week and odd ones. Run by hand after a change to the story: `cargo test -p yui demo -- --include-ignored`.
#[test]
#[ignore = "a town takes seconds, and a year has many days"]
fn a_town_can_be_told_on_any_day() {
    let days = [
        "2026-11-28",
        "2026-11-29",
        "2026-11-30",
        "2026-12-01",
        "2026-12-02",
        "2026-12-03",
        "2026-12-04",
        "2026-12-31",
        "2027-01-03",
        "2027-01-31",
        "2027-02-28",
        "2027-03-31",
        "2027-05-31",
        "2027-06-13",
        "2027-08-20",
        "2027-10-01",
        "2027-11-11",
        "2028-02-29",
    ];
    let found: Vec<String> = days
        .iter()
        .flat_map(|day| {
            let day = day.parse().unwrap();
            missing(&played(day), day)
        })
        .collect();
    assert!(found.is_empty(), "{found:#?}");
}
