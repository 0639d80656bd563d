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
    let (valid, person) = active(&db, town, "Aoki");
    let (expired, _) = active(&db, town, "Baba");
    let (unskilled, _) = active(&db, town, "Chiba");
    let (no_hours, _) = active(&db, town, "Doi");
    let (resting, _) = active(&db, town, "Endo");
    let typing = db.acting(town, person, |tx| add(tx, SkillInput { name: "入力".into() })).unwrap();
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    for (worker, until) in [(valid, "2027-03-31"), (expired, "2026-12-01"), (no_hours, ""), (resting, "")] {
        let input = GrantInput { expires_on: until.into(), ..GrantInput::default() };
        db.acting(town, person, |tx| grant(tx, worker, typing.id, input)).unwrap();
    }
    let hours = HoursInput { weekly_minutes: "0".into() };
    db.acting(town, person, |tx| workers::set_weekly_minutes(tx, no_hours, 2, hours)).unwrap();
    db.acting(town, person, |tx| workers::pause(tx, resting, StepInput::default())).unwrap();
    let who = |skill, on: &str| -> Vec<_> {
        let found = db.acting(town, person, |tx| eligible(tx, skill, day(on))).unwrap();
        found.into_iter().map(|brief| brief.worker).collect()
    };
    assert_eq!(who(Some(typing.id), "2026-12-01"), [valid, expired]);
    assert_eq!(who(Some(typing.id), "2026-12-02"), [valid]);
    assert_eq!(who(None, "2026-12-02"), [valid, expired, unskilled]);
    let one =
        db.acting(town, person, |tx| eligible_worker(tx, unskilled, Some(typing.id), day("2026-12-01")));
    assert_eq!(one.unwrap(), None);
}

#[test]
fn a_grant_is_renewed_in_place_and_revoked_once() {
    let db = TestDb::new();
    let town = db.town("tateshina");
    let (worker, person) = active(&db, town, "Aoki");
    let skill = db.acting(town, person, |tx| add(tx, SkillInput { name: "校正".into() })).unwrap();
    let taken = db.acting(town, person, |tx| add(tx, SkillInput { name: "校正".into() })).unwrap_err();
    assert_eq!(taken.code(), Code::Taken);
    for level in ["1", "3"] {
        let input = GrantInput { level: level.into(), ..GrantInput::default() };
        db.acting(town, person, |tx| grant(tx, worker, skill.id, input)).unwrap();
    }
    db.acting(town, person, |tx| rename(tx, skill.id, SkillInput { name: "校正・校閲".into() })).unwrap();
    let skills = db.acting(town, person, |tx| of_worker(tx, worker)).unwrap();
    assert_eq!((skills.len(), skills[0].level, skills[0].name.as_str()), (1, 3, "校正・校閲"));
    db.acting(town, person, |tx| revoke(tx, worker, skill.id)).unwrap();
    let gone = db.acting(town, person, |tx| revoke(tx, worker, skill.id)).unwrap_err();
    assert_eq!(gone.code(), Code::NotFound);
    assert_eq!(db.acting(town, person, list).unwrap().len(), 1);
}
