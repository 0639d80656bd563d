//! The verbs against a real database.

use diesel::prelude::*;
use kernel::{Code, Coded, Paging};

use super::*;
use crate::testing::Centre;
use crate::workers::RegisterInput;

fn wish(words: &str) -> CareInput {
    CareInput { kind: "day".into(), work: "名刺の入力".into(), wish: words.into() }
}

fn said(decision: &str, words: &str) -> CareAnswerInput {
    CareAnswerInput { decision: decision.into(), answer: words.into() }
}

fn registered(centre: &Centre) -> WorkerId {
    centre.as_coordinator(|tx| workers::register(tx, centre.worker, RegisterInput::default())).unwrap().id
}

#[test]
fn a_request_is_told_to_coordination_and_its_answer_to_the_worker() {
    let centre = Centre::new();
    let worker = registered(&centre);
    let asked = centre.as_worker(|tx| ask(tx, worker, &wish("3日のばしてほしい"))).unwrap();
    // Asked on Sunday the 22nd; Monday is a holiday.
    assert_eq!((asked.state, asked.answer_by.to_string().as_str()), (CareState::Asked, "2026-11-26"));
    let own = centre.as_worker(|tx| answer(tx, asked.id, 1, &said("agreed", ""))).unwrap_err();
    assert_eq!(own.code(), Code::Forbidden, "nobody answers themselves");
    let refused = said("refused", "納品日が決まっているため");
    let answered = centre.as_coordinator(|tx| answer(tx, asked.id, 1, &refused)).unwrap();
    assert_eq!((answered.state, answered.answered_by), (CareState::Refused, Some(centre.coordinator)));
    assert_eq!(centre.told::<CareAsked>(), [CareAsked { request: asked.id, worker }]);
    assert_eq!(centre.told::<CareAnswered>(), [CareAnswered { request: asked.id, person: centre.worker }]);
}

#[test]
fn what_was_answered_stays_as_it_was() {
    let centre = Centre::new();
    let worker = registered(&centre);
    let asked = centre.as_worker(|tx| ask(tx, worker, &wish("3日のばしてほしい"))).unwrap();
    let answered = centre.as_coordinator(|tx| answer(tx, asked.id, 1, &said("agreed", ""))).unwrap();
    let twice =
        centre.as_coordinator(|tx| answer(tx, asked.id, 2, &said("refused", "別の理由"))).unwrap_err();
    assert_eq!(twice.code(), Code::Conflict);
    assert_eq!(centre.as_worker(|tx| withdraw(tx, asked.id, 2)).unwrap_err().code(), Code::Conflict);
    // Nor by a statement of the application's own role.
    let changed = centre.as_coordinator(|tx| -> Result<_, DbError> {
        Ok(diesel::sql_query("UPDATE care_requests SET answer = 'x'").execute(tx.conn())?)
    });
    assert_eq!(changed.unwrap(), 0);
    assert_eq!(centre.as_worker(|tx| find(tx, asked.id)).unwrap(), answered);
}

#[test]
fn what_waits_is_listed_by_its_day_and_a_withdrawn_one_waits_no_longer() {
    let centre = Centre::new();
    let worker = registered(&centre);
    let first = centre.as_worker(|tx| ask(tx, worker, &wish("一"))).unwrap();
    centre.at("2026-11-25T03:00:00Z");
    let second = centre.as_worker(|tx| ask(tx, worker, &wish("二"))).unwrap();
    let ids = |after| {
        let page = centre.as_coordinator(|tx| waiting(tx, &Paging { after, limit: 1 })).unwrap();
        (page.items.iter().map(|one| one.id).collect::<Vec<_>>(), page.next)
    };
    let (top, next) = ids(None);
    assert_eq!((top, ids(next).0), (vec![first.id], vec![second.id]));
    assert_eq!(centre.as_coordinator(waiting_count).unwrap(), 2);
    centre.as_worker(|tx| withdraw(tx, first.id, 1)).unwrap();
    assert_eq!(ids(None).0, [second.id]);
    let own = centre.as_worker(|tx| list(tx, Some(worker), &Paging::first(9))).unwrap().items;
    let states: Vec<_> = own.iter().map(|one| one.state).collect();
    assert_eq!(states, [CareState::Asked, CareState::Withdrawn]);
}
