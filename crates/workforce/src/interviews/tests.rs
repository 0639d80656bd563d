//! Interviews against a real database.

use db::testing::TestDb;
use kernel::{Code, Coded, OrganizationId, PersonId};

use super::*;
use crate::workers::{RegisterInput, StepInput, WithdrawInput, Worker};

struct Town {
    db: TestDb,
    id: OrganizationId,
    coordinator: PersonId,
    worker: Worker,
}

impl Town {
    fn new() -> Self {
        let db = TestDb::new();
        db.freeze("2026-11-26T00:00:00Z".parse().unwrap());
        let id = db.town("tateshina");
        let coordinator = db.person(id, "Coordinator", &["coordinator"]);
        let person = db.person(id, "Aoki", &["worker"]);
        let worker =
            db.acting(id, coordinator, |tx| workers::apply(tx, person, RegisterInput::default())).unwrap();
        Self { db, id, coordinator, worker }
    }

    fn act<T>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, InterviewError>,
    ) -> Result<T, InterviewError> {
        self.db.acting(self.id, self.coordinator, work)
    }

    fn at(&self, day: &str) -> InterviewInput {
        InterviewInput {
            day: day.into(),
            time: "10:00".into(),
            way: "online".into(),
            interviewer_id: self.coordinator.to_string().into(),
            join_at: "https://meet.example/yui".into(),
        }
    }
}

fn outcome(word: &str) -> OutcomeInput {
    OutcomeInput { outcome: word.into() }
}

#[test]
fn one_interview_is_before_somebody_at_a_time_and_it_ends_once() {
    let town = Town::new();
    let worker = town.worker.id;
    let first = town.act(|tx| plan(tx, worker, &town.at("2026-12-01"))).unwrap();
    let second = town.act(|tx| plan(tx, worker, &town.at("2026-12-02"))).unwrap_err();
    assert_eq!(second.code(), Code::Conflict);
    let moved = town.act(|tx| move_to(tx, first.id, first.version, &town.at("2026-11-25"))).unwrap();
    assert_eq!(moved.day(), "2026-11-25".parse().unwrap());
    assert_eq!(moved.join_at, "https://meet.example/yui");
    let stale = town.act(|tx| call_off(tx, first.id, first.version)).unwrap_err();
    assert_eq!(stale.code(), Code::Stale);
    let over = town.act(|tx| tell_again(tx, first.id, moved.version)).unwrap_err();
    assert_eq!(over.code(), Code::Stale, "nobody is told of what has been");
    let wordless = town.act(|tx| conclude(tx, first.id, moved.version, &outcome(""))).unwrap_err();
    assert_eq!(wordless.fields()[0].code, Code::Required);
    let held = town.act(|tx| conclude(tx, first.id, moved.version, &outcome("go_on"))).unwrap();
    assert_eq!((held.state, held.outcome), (InterviewState::Held, Some(Outcome::GoOn)));
    let twice = town.act(|tx| call_off(tx, first.id, held.version)).unwrap_err();
    assert_eq!(twice.code(), Code::Stale, "what was held stays held");
    let ahead = town.act(|tx| plan(tx, worker, &town.at("2026-12-02"))).unwrap();
    let told = town.act(|tx| tell_again(tx, ahead.id, ahead.version)).unwrap();
    assert_eq!((told.id, told.version), (ahead.id, ahead.version), "nothing changes but that a mail goes");
    let all = town.act(|tx| Ok(of_worker(tx, worker)?)).unwrap();
    assert_eq!(all.len(), 2);
    assert_eq!(town.act(|tx| Ok(planned(tx, worker)?)).unwrap().map(|one| one.id), Some(all[0].id));
}

#[test]
fn nothing_comes_of_what_has_not_begun_and_nobody_unknown_leads_one() {
    let town = Town::new();
    let worker = town.worker.id;
    let ahead = town.act(|tx| plan(tx, worker, &town.at("2026-12-01"))).unwrap();
    let early = town.act(|tx| conclude(tx, ahead.id, ahead.version, &outcome("later"))).unwrap_err();
    assert!(matches!(early, InterviewError::NotYet));
    town.act(|tx| call_off(tx, ahead.id, ahead.version)).unwrap();
    let stranger = InterviewInput { interviewer_id: "999999".into(), ..town.at("2026-12-03") };
    let refused = town.act(|tx| plan(tx, worker, &stranger)).unwrap_err();
    assert_eq!((refused.code(), refused.fields()[0].field.as_str()), (Code::Invalid, "interviewer_id"));
}

#[test]
fn whoever_has_left_is_registered_again_before_they_are_asked() {
    let town = Town::new();
    let worker = town.worker.id;
    town.db
        .acting(town.id, town.coordinator, |tx| -> Result<_, workers::WorkerError> {
            workers::register(tx, town.worker.person_id, RegisterInput::default())?;
            workers::withdraw(
                tx,
                worker,
                WithdrawInput { reason: "other".into(), ..WithdrawInput::default() },
            )
        })
        .unwrap();
    let left = town.act(|tx| plan(tx, worker, &town.at("2026-12-01"))).unwrap_err();
    assert!(matches!(left, InterviewError::Left));
    town.db
        .acting(town.id, town.coordinator, |tx| workers::return_(tx, worker, StepInput::default()))
        .unwrap();
    town.act(|tx| plan(tx, worker, &town.at("2026-12-01"))).unwrap();
}
