//! The verbs against a real database: what a place is called, when it can be booked, and what giving it up does.

use kernel::Paging;

use super::*;
use crate::bookings::{BookInput, CloseInput};
use crate::testing::Centre;

fn desk(name: &str) -> PlaceInput {
    PlaceInput {
        name: name.into(),
        kind: "desk".into(),
        opens_at: "10:00".into(),
        closes_at: "16:00".into(),
        weekdays: vec!["sat".into()],
        access_note: "入口に段差はありません".into(),
    }
}

fn names(centre: &Centre) -> Vec<String> {
    let page = centre.as_worker(|tx| list(tx, &Paging::first(9))).unwrap();
    page.items.into_iter().map(|place| place.name).collect()
}

fn problem(refused: &PlaceError) -> (&str, Code) {
    let first = refused.fields().first().unwrap();
    (first.field.as_str(), first.code)
}

#[test]
fn a_place_is_entered_found_and_listed_in_the_order_places_came() {
    let centre = Centre::new();
    let refused = centre.as_coordinator(|tx| open(tx, &PlaceInput::default())).unwrap_err();
    assert_eq!((refused.code(), refused.fields().len()), (Code::Invalid, 5));
    let place = centre.as_coordinator(|tx| open(tx, &desk("席2"))).unwrap();
    assert_eq!((place.kind, place.version, place.retired_at), (PlaceKind::Desk, 1, None));
    assert_eq!(centre.as_worker(|tx| find(tx, place.id)).unwrap(), place);
    assert_eq!(names(&centre), ["個室A", "席1", "席2"]);
    let first = centre.as_worker(|tx| list(tx, &Paging::first(2))).unwrap();
    let rest = centre.as_worker(|tx| list(tx, &Paging { after: first.next, limit: 2 })).unwrap();
    assert_eq!((first.items.len(), rest.items, rest.next), (2, vec![place.clone()], None));
    let elsewhere = centre.db.town("shiojiri");
    let stranger = centre.db.person(elsewhere, "Stranger", &["coordinator"]);
    let nothing = centre.db.acting(elsewhere, stranger, |tx| find(tx, place.id)).unwrap_err();
    assert_eq!(nothing.code(), Code::NotFound);
    centre.db.acting(elsewhere, stranger, |tx| open(tx, &desk("席2"))).unwrap();
}

#[test]
fn no_two_open_places_are_called_the_same() {
    let centre = Centre::new();
    let taken = centre.as_coordinator(|tx| open(tx, &desk("個室A"))).unwrap_err();
    assert_eq!(problem(&taken), ("name", Code::Taken));
    let place = centre.as_coordinator(|tx| open(tx, &desk("席2"))).unwrap();
    let taken = centre.as_coordinator(|tx| change(tx, place.id, 1, &desk("個室A"))).unwrap_err();
    assert_eq!(problem(&taken), ("name", Code::Taken));
    // One that was given up leaves its name to another, and comes back only under a name that is free.
    centre.as_coordinator(|tx| retire(tx, centre.room, 1)).unwrap();
    let renamed = centre.as_coordinator(|tx| change(tx, place.id, 1, &desk("個室A"))).unwrap();
    assert_eq!((renamed.name.as_str(), renamed.version), ("個室A", 2));
    let taken = centre.as_coordinator(|tx| reopen(tx, centre.room, 2)).unwrap_err();
    assert_eq!(problem(&taken), ("name", Code::Taken));
    centre.as_coordinator(|tx| change(tx, centre.room, 2, &desk("個室A（旧）"))).unwrap();
    centre.as_coordinator(|tx| reopen(tx, centre.room, 3)).unwrap();
    assert_eq!(names(&centre), ["個室A（旧）", "席1", "個室A"]);
}

#[test]
fn whoever_read_it_before_somebody_changed_it_changes_nothing() {
    let centre = Centre::new();
    let shown = centre.as_coordinator(|tx| find(tx, centre.room)).unwrap();
    let changed = centre.as_coordinator(|tx| change(tx, shown.id, shown.version, &desk("個室C"))).unwrap();
    assert_eq!(PlaceInput::from(&changed), desk("個室C"), "an edit form starts with what there is");
    let late = PlaceInput { name: "個室D".into(), ..PlaceInput::from(&shown) };
    let stale = [
        centre.as_coordinator(|tx| change(tx, shown.id, shown.version, &late)).unwrap_err(),
        centre.as_coordinator(|tx| retire(tx, shown.id, shown.version)).unwrap_err(),
        centre.as_coordinator(|tx| reopen(tx, shown.id, shown.version)).unwrap_err(),
    ];
    assert!(stale.iter().all(|refused| refused.code() == Code::Stale), "{stale:?}");
    assert_eq!(centre.as_coordinator(|tx| find(tx, shown.id)).unwrap(), changed);
    let nowhere = centre.as_coordinator(|tx| change(tx, PlaceId(999), 1, &late)).unwrap_err();
    assert_eq!(nowhere.code(), Code::NotFound);
}

fn booking(centre: &Centre, day: &str, from: &str, to: &str) -> BookInput {
    BookInput {
        place_id: centre.room.to_string().into(),
        day: day.into(),
        from: from.into(),
        to: to.into(),
        ..BookInput::default()
    }
}

#[test]
fn what_is_booked_stays_booked_outside_of_new_hours() {
    let centre = Centre::new();
    let monday = booking(&centre, "2026-11-30", "9:00", "10:00");
    let kept = centre.as_worker(|tx| bookings::book(tx, &monday)).unwrap();
    centre.as_coordinator(|tx| change(tx, centre.room, 1, &desk("個室A"))).unwrap();
    assert_eq!(centre.as_worker(|tx| bookings::find(tx, kept.id)).unwrap(), kept);
    let closed = centre.as_other(|tx| bookings::book(tx, &booking(&centre, "2026-11-30", "10:00", "11:00")));
    assert_eq!(closed.unwrap_err().fields()[0].code, Code::CentreClosed);
    centre.as_other(|tx| bookings::book(tx, &booking(&centre, "2026-11-28", "10:00", "16:00"))).unwrap();
}

#[test]
fn a_place_is_given_up_once_nobody_comes_any_more_whether_it_is_closed_or_not() {
    let centre = Centre::new();
    let monday = booking(&centre, "2026-11-30", "9:00", "10:00");
    centre.as_worker(|tx| bookings::book(tx, &monday)).unwrap();
    let refused = centre.as_coordinator(|tx| retire(tx, centre.room, 1)).unwrap_err();
    assert_eq!(refused.code(), Code::BookingsInTheWay);
    let closing = CloseInput {
        place_id: centre.room.to_string().into(),
        first_day: "2026-12-29".into(),
        last_day: "2027-01-03".into(),
        note: "年末年始".into(),
        ..CloseInput::default()
    };
    centre.as_coordinator(|tx| bookings::close(tx, &closing)).unwrap();
    // Its last booking is over, and the days on which it is closed keep nobody from giving it up.
    centre.at("2026-11-30T01:00:00Z");
    let retired = centre.as_coordinator(|tx| retire(tx, centre.room, 1)).unwrap();
    assert_eq!((retired.retired_at.is_some(), names(&centre)), (true, vec!["席1".to_owned()]));
    let known = centre.as_worker(|tx| find_many(tx, &[centre.room])).unwrap();
    assert_eq!(known.get(&centre.room), Some(&retired), "what was booked there still names it");
    let late = booking(&centre, "2026-12-01", "9:00", "10:00");
    let refused = centre.as_worker(|tx| bookings::book(tx, &late)).unwrap_err();
    assert_eq!((&*refused.fields()[0].field, refused.fields()[0].code), ("place_id", Code::UnknownChoice));
    let all =
        CloseInput { place_id: "".into(), first_day: "2026-12-07".into(), last_day: "".into(), ..closing };
    let closed = centre.as_coordinator(|tx| bookings::close(tx, &all)).unwrap();
    assert_eq!(closed.len(), 1, "what was given up is not closed with the centre");
    let back = centre.as_coordinator(|tx| reopen(tx, centre.room, retired.version)).unwrap();
    assert_eq!(back.retired_at, None);
    centre.as_worker(|tx| bookings::book(tx, &late)).unwrap();
}
