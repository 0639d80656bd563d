//! Every fact the product states either becomes a mail or stands here with the reason why nobody needs one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use ::accounts::{LinkKey, Role, persons};
use ::fulfillment::events::{JobOffered, PoolStands, StandsBecause, UnitHandedBack};
use ::workforce::availability;
use ::workforce::courses::{self, CourseDayInput, CourseInput};
use ::workforce::interviews::{self, InterviewInput};
use ::workforce::skills::{self, GrantInput, SkillInput};
use ::workforce::workers::{self, RegisterInput, StepInput};
use db::testing::TestDb;
use diesel::prelude::*;
use diesel::sql_types::Text;
use kernel::{ContactId, EmailAddress, JobId, Language, OrderId, Paging, Scope, UnitId, WorkerId, Yen};
use notifier::calls::{self, CallReason};
use notifier::mails::{DealWon, DeliverySent, Mail as _, QuoteAsked, TermsNotice, UnitReturned};
use notifier::suppressions::{self, SuppressionError, SuppressionInput};
use notifier::{Category, KeepsHours, MailSettings, Outbox, Party, Recipient, feed};
use queue::testing::TestTasks;
use queue::{Event, Registry, TaskError};
use serde::{Deserialize, Serialize};

use super::{Cause, Notices, mail_person, mail_role, mail_seller, send};

/// Facts without a mail, each with its reason. Reviewed: a new fact needs a subscriber or a line here.
const NOBODY_NEEDS_A_MAIL: [(&str, &str); 7] = [
    ("lead.entered", "whoever enters a lead sees it; the town has no public form yet"),
    ("invitations.refused", "whoever imports a file brought them; who refuses mail is sent none about it"),
    ("quote.issued", "whoever issues it sees it; the client hears of it when it is sent"),
    (
        "deal.reopened",
        "whoever opens it again sees it; whoever was told of its order hears that it is taken back",
    ),
    ("unit.submitted", "checkers work through their queue; a mail for each version would be noise"),
    ("unit.passed", "the worker sees it at home, and the statement tells the pay"),
    (
        "mail.call_needed",
        "the call list is on the coordinator's screen; a mail about mails that fail helps nobody",
    ),
];

/// The kinds of all events, from the sources: `impl Event for X { const KIND: &'static str = "…"; }`.
fn stated() -> BTreeSet<String> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut kinds = BTreeSet::new();
    let mut folders = vec![crates];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let (path, name) = (entry.path(), entry.file_name().into_string().unwrap());
            if path.is_dir() {
                if !["assets", "tests", "target"].contains(&name.as_str()) {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|end| end == "rs")
                && !["tests.rs", "fixture.rs"].contains(&name.as_str())
            {
                kinds.extend(kinds_in(&std::fs::read_to_string(path).unwrap()));
            }
        }
    }
    kinds
}

fn kinds_in(source: &str) -> impl Iterator<Item = String> + use<'_> {
    let own = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    own.split("impl Event for ").skip(1).filter_map(|block| {
        let (_, kind) = block.split_once("const KIND: &'static str = \"")?;
        kind.split('"').next().map(str::to_owned)
    })
}

fn notices() -> Notices {
    let settings = MailSettings::new("yui@demo.example", "http://127.0.0.1:8080").unwrap();
    let key = LinkKey::generate();
    let outbox = Arc::new(Outbox::new(settings, key.clone(), KeepsHours::Never).unwrap());
    Notices { outbox, key }
}

/// The kinds of those that some notice listens to.
fn mailed() -> BTreeSet<String> {
    let mut registry = Registry::new();
    super::register(&mut registry, &Arc::new(notices()));
    let handled = format!("{registry:?}");
    handled.split('"').filter_map(|kind| kind.strip_suffix("/mail")).map(str::to_owned).collect()
}

#[test]
fn every_fact_is_mailed_or_has_a_reason_not_to_be() {
    let (stated, mailed) = (stated(), mailed());
    assert!(stated.len() > 15, "the sources were not found: {stated:?}");
    let reasons: BTreeMap<&str, &str> = NOBODY_NEEDS_A_MAIL.into_iter().collect();
    let silent: Vec<&String> = stated
        .iter()
        .filter(|kind| !mailed.contains(*kind) && !reasons.contains_key(kind.as_str()))
        .collect();
    assert!(silent.is_empty(), "nobody hears of {silent:?}");
    let needless: Vec<&&str> =
        reasons.keys().filter(|kind| mailed.contains(**kind) || !stated.contains(**kind)).collect();
    assert!(needless.is_empty(), "no reason is needed for {needless:?}");
    let unknown: Vec<&String> = mailed.iter().filter(|kind| !stated.contains(*kind)).collect();
    assert!(unknown.is_empty(), "{unknown:?} is no fact of ours");
}

/// A fact that no registration names would wait for ever, for a process that knows it.
#[test]
fn every_fact_is_known() {
    let mut registry = Registry::new();
    crate::subscriptions::register(&mut registry, Arc::new(notices()));
    let known: BTreeSet<String> = registry.events().map(str::to_owned).collect();
    assert_eq!(known, stated());
}

#[derive(Debug, Serialize, Deserialize)]
struct Agreed;

impl Event for Agreed {
    const KIND: &'static str = "test.agreed";
}

#[test]
fn somebody_without_an_address_is_called_about_terms_and_about_their_own_work() {
    let (db, notices) = (TestDb::new(), notices());
    let town = db.town("tateshina");
    let person = db.person(town, "Yamada", &["worker"]);
    RunQueryDsl::execute(
        diesel::sql_query("UPDATE persons SET email = NULL, email_key = NULL, password_hash = NULL"),
        &mut db.owner(),
    )
    .unwrap();
    let event = db.arrange(town, |tx| queue::record(tx, &Agreed));
    let told: Result<(), TaskError> = db.app.run_blocking(Scope::system(town), |tx| {
        mail_person(tx, &notices, Cause::about(event, "terms", 31), person, TermsNotice::sample)?;
        mail_person(tx, &notices, Cause::about(event, "unit", 3), person, UnitReturned::sample)?;
        mail_person(tx, &notices, event, person, DealWon::sample)
    });
    assert!(told.is_ok(), "{told:?}");
    let calls = db.arrange(town, |tx| calls::list(tx, &Paging::first(10))).items;
    let told: Vec<_> = calls.iter().map(|call| (call.reason, call.message, call.category)).collect();
    let of = |category| (CallReason::Unmailable, None, category);
    assert_eq!(told, [of(Category::Legal), of(Category::Work)], "what is not owed is found on the pages");
}

/// Whom mail does not reach any more is called like somebody without an address, and finds the rest on their pages.
#[test]
fn somebody_whose_address_is_left_alone_is_called_about_their_own_work() {
    let (db, notices) = (TestDb::new(), notices());
    let town = db.town("tateshina");
    let person = db.person(town, "Yamada", &["worker"]);
    let address = db.arrange(town, |tx| persons::find(tx, person)).email.unwrap();
    let alone = SuppressionInput {
        address: address.as_str().into(),
        note: "届かないと電話があった".into(),
        ..SuppressionInput::default()
    };
    let added: Result<_, SuppressionError> =
        db.app.run_blocking(Scope::system(town), |tx| suppressions::add(tx, &alone));
    assert!(added.is_ok(), "{added:?}");
    let event = db.arrange(town, |tx| queue::record(tx, &Agreed));
    let told: Result<(), TaskError> = db.app.run_blocking(Scope::system(town), |tx| {
        mail_person(tx, &notices, Cause::about(event, "unit", 3), person, UnitReturned::sample)?;
        mail_person(tx, &notices, event, person, DealWon::sample)
    });
    assert!(told.is_ok(), "{told:?}");
    let calls = db.arrange(town, |tx| calls::list(tx, &Paging::first(10))).items;
    let told: Vec<_> = calls.iter().map(|call| (call.reason, call.category)).collect();
    assert_eq!(told, [(CallReason::Unmailable, Category::Work)]);
    let found = db.arrange(town, |tx| feed::list(tx, person, &Paging::first(10))).items;
    assert_eq!(found.len(), 2, "both stand on their page");
}

/// Whoever was only invited hears of what is owed and of their own days, and of nothing that the town says among itself.
#[test]
fn whoever_has_not_joined_is_mailed_what_is_owed_and_nothing_of_the_town() {
    let (db, notices) = (TestDb::new(), notices());
    let town = db.town("tateshina");
    let invited = db.invited(town, "Yamada", &["sales", "worker", "coordinator"]);
    let joined = db.person(town, "Tanaka", &["sales"]);
    let event = db.arrange(town, |tx| queue::record(tx, &Agreed));
    let told: Result<(), TaskError> = db.app.run_blocking(Scope::system(town), |tx| {
        mail_person(tx, &notices, Cause::about(event, "terms", 31), invited, TermsNotice::sample)?;
        mail_person(tx, &notices, Cause::about(event, "unit", 3), invited, UnitReturned::sample)?;
        mail_person(tx, &notices, event, invited, DealWon::sample)?;
        mail_role(tx, &notices, event, Role::Sales, DealWon::sample)
    });
    assert!(told.is_ok(), "{told:?}");
    let mailed: Vec<Mailed> =
        diesel::sql_query("SELECT person_id || ' ' || template AS line FROM messages ORDER BY id")
            .load(&mut db.owner())
            .unwrap();
    let mailed: Vec<String> = mailed.into_iter().map(|row| row.line).collect();
    let owed = [format!("{invited} terms_notice"), format!("{invited} unit_returned")];
    assert_eq!(mailed, [owed.as_slice(), &[format!("{joined} deal_won")]].concat());
    assert_eq!(db.arrange(town, super::partners::readers), Role::Admin, "nobody who coordinates has joined");
    assert!(db.arrange(town, |tx| calls::list(tx, &Paging::first(10))).items.is_empty());
}

#[test]
fn a_contact_whom_no_mail_reaches_is_named_with_what_they_should_have_been_told() {
    let (db, notices) = (TestDb::new(), notices());
    let town = db.town("tateshina");
    let to = Recipient {
        party: Party::Contact(ContactId(14)),
        name: "佐藤".to_owned(),
        address: EmailAddress::parse("sato@example.jp").unwrap(),
        language: Language::Ja,
    };
    let alone = SuppressionInput {
        address: "sato@example.jp".into(),
        note: "戻ってきた".into(),
        ..SuppressionInput::default()
    };
    let added: Result<_, SuppressionError> =
        db.app.run_blocking(Scope::system(town), |tx| suppressions::add(tx, &alone));
    assert!(added.is_ok(), "{added:?}");
    let event = db.arrange(town, |tx| queue::record(tx, &Agreed));
    let cause = Cause::about(event, "delivery", 3);
    let told: Result<(), TaskError> = db.app.run_blocking(Scope::system(town), |tx| {
        send(tx, &notices, cause, to, DeliverySent::sample(Language::Ja))
    });
    let told = format!("{:?}", told.unwrap_err());
    assert!(told.contains("the mail address of contact 14 is dead (delivery:3)"), "{told}");
}

#[test]
fn what_a_client_says_reaches_somebody_whoever_looks_after_the_deal() {
    let (db, notices) = (TestDb::new(), notices());
    let town = db.town("tateshina");
    let (owner, seller) = (db.person(town, "Tanaka", &["sales"]), db.person(town, "Suzuki", &["sales"]));
    let admin = db.person(town, "Baba", &["admin"]);
    let told = || {
        let event = db.arrange(town, |tx| queue::record(tx, &Agreed));
        let told: Result<(), TaskError> = db.app.run_blocking(Scope::system(town), |tx| {
            mail_seller(tx, &notices, event, owner, QuoteAsked::sample)
        });
        assert!(told.is_ok(), "{told:?}");
        let mailed: Vec<Mailed> = diesel::sql_query(format!(
            "SELECT person_id::text AS line FROM messages WHERE event_id = {event} ORDER BY id"
        ))
        .load(&mut db.owner())
        .unwrap();
        mailed.into_iter().map(|row| row.line).collect::<Vec<_>>()
    };
    let roles = |person, roles: &[Role]| {
        let roles = roles.iter().copied().collect();
        db.app
            .run_blocking(Scope::system(town), |tx| persons::set_roles(tx, person, &roles))
            .map(|_changed| ())
            .unwrap();
    };
    assert_eq!(told(), [owner.to_string()]);
    roles(owner, &[Role::Worker]);
    assert_eq!(told(), [seller.to_string()], "who no longer sells is not asked");
    db.app.run_blocking(Scope::system(town), |tx| persons::disable(tx, owner)).map(|_gone| ()).unwrap();
    assert_eq!(told(), [seller.to_string()]);
    roles(seller, &[Role::Coordinator]);
    assert_eq!(told(), [admin.to_string()], "where nobody sells");
}

#[test]
fn what_a_partner_does_is_told_to_administrators_where_nobody_coordinates() {
    let db = TestDb::new();
    let town = db.town("tateshina");
    db.person(town, "Baba", &["admin"]);
    let readers = || db.arrange(town, super::partners::readers);
    assert_eq!(readers(), Role::Admin);
    let chosei = db.person(town, "Chosei", &["coordinator"]);
    assert_eq!(readers(), Role::Coordinator);
    db.app.run_blocking(Scope::system(town), |tx| persons::disable(tx, chosei)).map(|_gone| ()).unwrap();
    assert_eq!(readers(), Role::Admin);
}

#[derive(QueryableByName)]
struct Mailed {
    #[diesel(sql_type = Text)]
    line: String,
}

#[test]
fn whoever_is_asked_in_turn_is_told_their_share_and_its_time_and_coordination_of_work_nobody_takes() {
    let db = TestDb::new();
    let town = db.town("tateshina");
    let (aoki, baba) = (db.person(town, "Aoki", &["worker"]), db.person(town, "Baba", &["coordinator"]));
    let offered = JobOffered {
        job: JobId(1),
        order: OrderId(1),
        title: "入力".to_owned(),
        units: 9,
        unit_pay: Yen(300),
        unit_minutes: 20,
        work_due_on: "2026-12-20".parse().unwrap(),
        pay_on: "2027-01-25".parse().unwrap(),
        workers: vec![(WorkerId(1), aoki)],
        portions: vec![(aoki, 3)],
        answer_by: Some("2026-11-28T02:00:00Z".parse().unwrap()),
    };
    let stands = PoolStands {
        job: JobId(1),
        order: OrderId(1),
        title: "入力".to_owned(),
        units: 4,
        work_due_on: offered.work_due_on,
        because: StandsBecause::NobodyFits,
    };
    db.freeze("2026-11-26T02:00:00Z".parse().unwrap());
    db.arrange(town, |tx| queue::record(tx, &offered));
    db.arrange(town, |tx| queue::record(tx, &stands));
    let mut registry = Registry::new();
    crate::subscriptions::register(&mut registry, Arc::new(notices()));
    TestTasks::new(&db, registry).run_all();
    let mailed: Vec<Mailed> = diesel::sql_query(
        "SELECT person_id || ' ' || template || ': ' || subject AS line FROM messages ORDER BY id",
    )
    .load(&mut db.owner())
    .unwrap();
    let mailed: Vec<String> = mailed.into_iter().map(|row| row.line).collect();
    let share = "あなたの分の仕事があります（返事は2026年11月28日(土) 11:00まで）：入力";
    let stands = "引き受ける人がいない仕事（2026年12月20日(日)まで）：入力";
    assert_eq!(mailed, [format!("{aoki} work_portion: {share}"), format!("{baba} pool_stands: {stands}")]);
}

/// What somebody does in one transaction.
type Work<'w> = dyn Fn(&mut db::Tx<'_>) -> Result<(), Box<dyn std::error::Error>> + 'w;

#[test]
fn people_are_told_of_their_dates_and_coordination_of_who_is_off_today_while_it_holds() {
    let db = TestDb::new();
    let town = db.town("tateshina");
    db.freeze("2026-11-26T02:00:00Z".parse().unwrap());
    let (aoki, lead) = (db.person(town, "Aoki", &["worker"]), db.person(town, "Lead", &["coordinator"]));
    let act = |work: &Work<'_>| {
        db.acting(town, lead, |tx| -> Result<(), Failed> {
            work(tx).map_err(|error| Failed(error.to_string()))
        })
        .unwrap();
    };
    act(&|tx| {
        let worker = workers::register(tx, aoki, RegisterInput::default())?.id;
        workers::activate(tx, worker, StepInput::default())?;
        let talk = InterviewInput {
            day: "2026-12-01".into(),
            time: "10:00".into(),
            way: "online".into(),
            interviewer_id: lead.to_string().into(),
            join_at: "https://meet.example/yui".into(),
        };
        let talk = interviews::plan(tx, worker, &talk)?;
        interviews::call_off(tx, talk.id, talk.version)?;
        let day = CourseDayInput { day: "2026-11-27".into(), from: "9:00".into(), until: "10:00".into() };
        let course = CourseInput {
            title: "校正入門".into(),
            seats: "3".into(),
            way: "online".into(),
            days: vec![day],
            ..CourseInput::default()
        };
        let course = courses::add(tx, &course)?.id;
        courses::enrol(tx, course, worker)?;
        courses::remind(tx)?;
        let skill = skills::add(tx, SkillInput { name: "校正".into() })?.id;
        let until = GrantInput { expires_on: "2026-12-10".into(), ..GrantInput::default() };
        skills::grant(tx, worker, skill, until)?;
        skills::warn_of_running_out(tx)?;
        availability::off_today(tx, worker)?;
        Ok(())
    });
    let mut registry = Registry::new();
    crate::subscriptions::register(&mut registry, Arc::new(notices()));
    TestTasks::new(&db, registry).run_all();
    let mailed: Vec<Mailed> = diesel::sql_query(
        "SELECT person_id || ' ' || template || ': ' || subject AS line FROM messages ORDER BY template",
    )
    .load(&mut db.owner())
    .unwrap();
    let mailed: Vec<String> = mailed.into_iter().map(|row| row.line).collect();
    let wanted = [
        format!("{aoki} appointment_off: 取りやめ：面談（2026年12月1日(火) 10:00）"),
        format!("{lead} away_today: 今日はお休みです：Aokiさん"),
        format!("{aoki} course_booked: 研修に申しこみました：校正入門"),
        format!("{aoki} course_soon: もうすぐ研修です：校正入門（2026年11月27日(金) 09:00）"),
        format!("{aoki} interview_date: 面談の日：2026年12月1日(火) 10:00"),
        format!("{aoki} skill_expires: スキルの期限：校正（2026年12月10日(木)まで）"),
    ];
    assert_eq!(mailed, wanted);
}

#[test]
fn units_given_back_one_after_the_other_are_one_mail_and_whoever_works_after_all_is_told_of() {
    let db = TestDb::new();
    let town = db.town("tateshina");
    db.freeze("2026-11-26T02:00:00Z".parse().unwrap());
    let (aoki, lead) = (db.person(town, "Aoki", &["worker"]), db.person(town, "Lead", &["coordinator"]));
    let back = |unit: i64| UnitHandedBack {
        unit: UnitId(unit),
        units: 1,
        job: JobId(1),
        job_title: "入力".to_owned(),
        order: OrderId(1),
        person: aoki,
        due_on: "2026-12-20".parse().unwrap(),
    };
    let run = || {
        let mut registry = Registry::new();
        crate::subscriptions::register(&mut registry, Arc::new(notices()));
        TestTasks::new(&db, registry).run_all();
    };
    for unit in 1..=3 {
        db.arrange(town, |tx| queue::record(tx, &back(unit)));
        run();
    }
    db.acting(town, lead, |tx| -> Result<(), Failed> {
        let failed = |error: &dyn std::fmt::Display| Failed(error.to_string());
        let worker =
            workers::register(tx, aoki, RegisterInput::default()).map_err(|error| failed(&error))?.id;
        workers::activate(tx, worker, StepInput::default()).map_err(|error| failed(&error))?;
        availability::off_today(tx, worker).map_err(|error| failed(&error))?;
        availability::back_today(tx, worker).map_err(|error| failed(&error))?;
        Ok(())
    })
    .unwrap();
    run();
    let waits: Vec<Mailed> = diesel::sql_query(
        "SELECT template || ' ' || person_id || ' ' || (not_before - created_at >= interval '5 minutes') AS line \
         FROM messages WHERE state = 'queued' AND template IN ('units_handed_back', 'back_today') ORDER BY template",
    )
    .load(&mut db.owner())
    .unwrap();
    let waits: Vec<String> = waits.into_iter().map(|row| row.line).collect();
    assert_eq!(waits, [format!("back_today {lead} false"), format!("units_handed_back {lead} true")]);
}

/// Whatever went wrong in an arrangement.
#[derive(Debug)]
struct Failed(#[expect(dead_code, reason = "it is read in the panic's message")] String);

impl From<db::DbError> for Failed {
    fn from(error: db::DbError) -> Self {
        Self(error.to_string())
    }
}
