//! The verbs against a real database: what becomes of a visit, and of the room kept for it.

use kernel::{Code, Coded, Paging};

use super::*;
use crate::bookings::BookInput;
use crate::testing::Centre;

fn visit(body: &str, day: &str) -> VisitInput {
    VisitInput {
        body_name: body.into(),
        people: "6".into(),
        day: day.into(),
        from: "13:30".into(),
        to: "15:00".into(),
        ..VisitInput::default()
    }
}

fn accepted(centre: &Centre, place: Option<PlaceId>) -> VisitAnswerInput {
    VisitAnswerInput {
        decision: "accepted".into(),
        guide_id: centre.coordinator.to_string().into(),
        place_id: place.map(|id| id.to_string()).unwrap_or_default().into(),
        ..VisitAnswerInput::default()
    }
}

#[test]
fn a_visit_takes_its_room_up_and_frees_it_again() {
    let centre = Centre::new();
    let asked = centre.as_coordinator(|tx| ask(tx, &visit("みほん市", "2026-11-27"))).unwrap();
    let input = accepted(&centre, Some(centre.room));
    let expected = centre.as_coordinator(|tx| answer(tx, asked.id, asked.version, &input)).unwrap();
    assert_eq!((expected.state, expected.place_id), (VisitState::Accepted, Some(centre.room)));
    let wish = BookInput {
        place_id: centre.room.to_string().into(),
        day: "2026-11-27".into(),
        from: "14:00".into(),
        to: "16:00".into(),
        ..BookInput::default()
    };
    let late = centre.as_worker(|tx| bookings::book(tx, &wish)).unwrap_err();
    assert_eq!(late.code(), Code::SlotTaken);
    let twice = centre.as_coordinator(|tx| answer(tx, asked.id, expected.version, &input)).unwrap_err();
    assert_eq!(twice.code(), Code::Conflict);
    centre.as_coordinator(|tx| cancel(tx, asked.id, expected.version)).unwrap();
    centre.as_worker(|tx| bookings::book(tx, &wish)).unwrap();
}

#[test]
fn a_visit_is_not_accepted_into_a_room_that_somebody_has_or_that_is_closed_then() {
    let centre = Centre::new();
    let wish = BookInput {
        place_id: centre.room.to_string().into(),
        day: "2026-11-27".into(),
        from: "14:00".into(),
        to: "16:00".into(),
        ..BookInput::default()
    };
    centre.as_worker(|tx| bookings::book(tx, &wish)).unwrap();
    let asked = centre.as_coordinator(|tx| ask(tx, &visit("みほん市", "2026-11-27"))).unwrap();
    let input = accepted(&centre, Some(centre.room));
    let refused = centre.as_coordinator(|tx| answer(tx, asked.id, 1, &input)).unwrap_err();
    assert_eq!(refused.code(), Code::SlotTaken);
    let saturday = centre.as_coordinator(|tx| ask(tx, &visit("みほん市", "2026-11-28"))).unwrap();
    let closed = centre.as_coordinator(|tx| answer(tx, saturday.id, 1, &input)).unwrap_err();
    assert_eq!(
        (closed.fields()[0].field.as_str(), closed.fields()[0].code),
        ("place_id", Code::CentreClosed)
    );
    // Without a room they may come all the same.
    let outside = accepted(&centre, None);
    centre.as_coordinator(|tx| answer(tx, saturday.id, 1, &outside)).unwrap();
}

#[test]
fn visits_to_come_are_listed_by_their_day_and_all_of_them_the_latest_first() {
    let centre = Centre::new();
    let enter = |body: &str, day: &str| centre.as_coordinator(|tx| ask(tx, &visit(body, day))).unwrap();
    let (second, first) = (enter("乙", "2026-12-01"), enter("甲", "2026-11-27"));
    let declined = enter("丙", "2026-11-30");
    let no = VisitAnswerInput {
        decision: "declined".into(),
        answer: "休館です".into(),
        ..VisitAnswerInput::default()
    };
    centre.as_coordinator(|tx| answer(tx, declined.id, 1, &no)).unwrap();
    let ids = |listed, limit, after| {
        let page = centre.as_coordinator(|tx| list(tx, listed, &Paging { after, limit })).unwrap();
        (page.items.iter().map(|one| one.id).collect::<Vec<_>>(), page.next)
    };
    assert_eq!(ids(Listed::ToCome, 9, None).0, [first.id, second.id]);
    let (newest, next) = ids(Listed::All, 2, None);
    assert_eq!((newest, ids(Listed::All, 2, next).0), (vec![second.id, declined.id], vec![first.id]));
    let late = VisitInput { people: "8".into(), ..visit("甲", "2026-11-27") };
    assert_eq!(centre.as_coordinator(|tx| change(tx, first.id, 1, &late)).unwrap().people, 8);
    assert_eq!(centre.as_coordinator(|tx| change(tx, first.id, 1, &late)).unwrap_err().code(), Code::Stale);
}
