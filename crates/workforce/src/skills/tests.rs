//! Skills against a real database.

use chrono::NaiveDate;
use db::testing::TestDb;
use kernel::{Code, Coded, OrganizationId, PersonId};

use super::*;
use crate::workers::{self, HoursInput, RegisterInput, StepInput};

fn active(db: &TestDb, town: OrganizationId, name: &str) -> (WorkerId, PersonId) {
    let person = db.person(town, name, &["worker"]);
    let worker =
        db.acting(town, person, |tx| workers::register(tx, person, RegisterInput::default())).unwrap();
    db.acting(town, person, |tx| workers::activate(tx, worker.id, StepInput::default())).unwrap();
    (worker.id, person)
}

#[test]
fn only_active_workers_with_hours_and_a_valid_skill_are_eligible() {
    let db = TestDb::new();
    let town = db.town("tateshina");
    db.freeze("2026-11-26T03:00:00Z".parse().unwrap());
    let lead = db.person(town, "Coordinator", &["coordinator"]);
    let (valid, person) = active(&db, town, "Aoki");
    let (expired, _) = active(&db, town, "Baba");
    let (unskilled, _) = active(&db, town, "Chiba");
    let (no_hours, _) = active(&db, town, "Doi");
    let (resting, _) = active(&db, town, "Endo");
    let typing = db.acting(town, person, |tx| add(tx, SkillInput { name: "入力".into() })).unwrap();
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    for (worker, until) in [(valid, "2027-03-31"), (expired, "2026-12-01"), (no_hours, ""), (resting, "")] {
        let input = GrantInput { expires_on: until.into(), ..GrantInput::default() };
        db.acting(town, lead, |tx| grant(tx, worker, typing.id, input)).unwrap();
    }
    let hours = HoursInput { weekly_minutes: "0".into() };
    db.acting(town, person, |tx| workers::set_weekly_minutes(tx, no_hours, 2, hours)).unwrap();
    db.acting(town, person, |tx| workers::pause(tx, resting, StepInput::default())).unwrap();
    let who = |skill: Option<SkillId>, on: &str| -> Vec<_> {
        let needs = skill.map_or(Needs::NOTHING, Needs::skill);
        let found = db.acting(town, person, |tx| eligible(tx, needs, day(on))).unwrap();
        found.into_iter().map(|brief| brief.worker).collect()
    };
    assert_eq!(who(Some(typing.id), "2026-12-01"), [valid, expired]);
    assert_eq!(who(Some(typing.id), "2026-12-02"), [valid]);
    assert_eq!(who(None, "2026-12-02"), [valid, expired, unskilled]);
    let one = db.acting(town, person, |tx| {
        eligible_worker(tx, unskilled, Needs::skill(typing.id), day("2026-12-01"))
    });
    assert_eq!(one.unwrap(), None);
}

#[test]
fn a_grant_is_renewed_in_place_and_revoked_once() {
    let db = TestDb::new();
    let town = db.town("tateshina");
    let lead = db.person(town, "Coordinator", &["coordinator"]);
    let (worker, person) = active(&db, town, "Aoki");
    let skill = db.acting(town, person, |tx| add(tx, SkillInput { name: "校正".into() })).unwrap();
    let taken = db.acting(town, person, |tx| add(tx, SkillInput { name: "校正".into() })).unwrap_err();
    assert_eq!(taken.code(), Code::Taken);
    for level in ["1", "3"] {
        let input = GrantInput { level: level.into(), ..GrantInput::default() };
        let own = db.acting(town, person, |tx| grant(tx, worker, skill.id, input.clone())).unwrap_err();
        assert_eq!(own.code(), Code::OwnWork);
        db.acting(town, lead, |tx| grant(tx, worker, skill.id, input)).unwrap();
    }
    db.acting(town, person, |tx| rename(tx, skill.id, SkillInput { name: "校正・校閲".into() })).unwrap();
    let skills = db.acting(town, person, |tx| of_worker(tx, worker)).unwrap();
    assert_eq!((skills.len(), skills[0].level, skills[0].name.as_str()), (1, 3, "校正・校閲"));
    db.acting(town, person, |tx| revoke(tx, worker, skill.id)).unwrap();
    let gone = db.acting(town, person, |tx| revoke(tx, worker, skill.id)).unwrap_err();
    assert_eq!(gone.code(), Code::NotFound);
    assert_eq!(db.acting(town, person, list).unwrap().len(), 1);
}

#[test]
fn work_that_asks_for_a_level_is_for_those_who_have_reached_it() {
    let db = TestDb::new();
    let town = db.town("tateshina");
    db.freeze("2026-11-26T03:00:00Z".parse().unwrap());
    let lead = db.person(town, "Coordinator", &["coordinator"]);
    let (beginner, person) = active(&db, town, "Aoki");
    let (master, _) = active(&db, town, "Baba");
    let skill = db.acting(town, person, |tx| add(tx, SkillInput { name: "校正".into() })).unwrap().id;
    let day: NaiveDate = "2026-12-01".parse().unwrap();
    for (worker, level, until) in [(beginner, "1", ""), (master, "3", "2026-12-01")] {
        let input = GrantInput { level: level.into(), expires_on: until.into(), ..GrantInput::default() };
        db.acting(town, lead, |tx| grant(tx, worker, skill, input)).unwrap();
    }
    let of = |level, day| {
        let needs = Needs { level, ..Needs::skill(skill) };
        let found = db.acting(town, person, |tx| fitness(tx, needs, day)).unwrap();
        let able = db.acting(town, person, |tx| eligible(tx, needs, day)).unwrap();
        let fits: Vec<_> =
            found.iter().filter(|one| one.fitness == Fitness::Fits).map(|one| one.who.worker).collect();
        assert_eq!(fits, able.into_iter().map(|one| one.worker).collect::<Vec<_>>(), "both say the same");
        let fitness = |worker| found.iter().find(|one| one.who.worker == worker).unwrap().fitness;
        (fitness(beginner), fitness(master))
    };
    assert_eq!(of(1, day), (Fitness::Fits, Fitness::Fits));
    assert_eq!(of(2, day), (Fitness::SkillBelow, Fitness::Fits));
    assert_eq!(of(3, day.succ_opt().unwrap()), (Fitness::SkillBelow, Fitness::SkillExpired));
}

#[test]
fn whoever_grants_confirms_and_who_is_about_to_lose_a_skill_is_told_once_for_each_last_day() {
    let db = TestDb::new();
    db.freeze("2026-11-26T03:00:00Z".parse().unwrap());
    let town = db.town("tateshina");
    let lead = db.person(town, "Coordinator", &["coordinator"]);
    let (worker, _) = active(&db, town, "Aoki");
    let skill = db.acting(town, lead, |tx| add(tx, SkillInput { name: "校正".into() })).unwrap().id;
    let until = |day: &str| {
        let input = GrantInput {
            expires_on: day.into(),
            evidence_note: "見本のとおりにできた".into(),
            ..GrantInput::default()
        };
        db.acting(town, lead, |tx| grant(tx, worker, skill, input)).unwrap();
    };
    let warned = || db.acting(town, lead, warn_of_running_out).unwrap();
    until("2026-12-27");
    assert_eq!(warned(), 0, "more than a month ahead");
    until("2026-12-26");
    assert_eq!((warned(), warned()), (1, 0), "once");
    let has = db.acting(town, lead, |tx| of_worker(tx, worker)).unwrap();
    assert_eq!((has[0].confirmed_by, has[0].evidence), (Some(lead), Evidence::Note));
    assert_eq!(has[0].confirmed_on, Some("2026-11-26".parse().unwrap()));
    until("2026-12-20");
    assert_eq!(warned(), 1, "another last day");
    let days = "2026-11-01".parse().unwrap()..="2026-12-31".parse().unwrap();
    let listed = db.acting(town, lead, |tx| expiring(tx, days, &Paging::first(10))).unwrap();
    assert_eq!(listed.items.len(), 1);
    let lost = GrantInput { file_id: "999999".into(), ..GrantInput::default() };
    let refused = db.acting(town, lead, |tx| grant(tx, worker, skill, lost)).unwrap_err();
    assert_eq!(refused.fields()[0].field, "file_id");
}
