//! The verbs against a real database: who has a place, who hears of it, and what else is free.

use std::collections::BTreeSet;
use std::sync::Barrier;

use chrono::NaiveDate;
use kernel::{Code, Coded, Paging};

use super::*;
use crate::testing::Centre;

fn wish(centre: &Centre, day: &str, from: &str, to: &str) -> BookInput {
    BookInput {
        place_id: centre.room.to_string().into(),
        day: day.into(),
        from: from.into(),
        to: to.into(),
        ..BookInput::default()
    }
}

#[test]
fn a_place_is_booked_seen_and_freed_again() {
    let centre = Centre::new();
    let input = wish(&centre, "2026-11-27", "9:00", "11:30");
    let booking = centre.as_worker(|tx| book(tx, &input)).unwrap();
    assert_eq!((booking.kind, booking.person_id), (BookingKind::Person, Some(centre.worker)));
    let again = centre.as_other(|tx| book(tx, &wish(&centre, "2026-11-27", "11:00", "12:00")));
    assert_eq!(again.unwrap_err().code(), Code::SlotTaken);
    // Right after it is no overlap.
    centre.as_other(|tx| book(tx, &wish(&centre, "2026-11-27", "11:30", "12:00"))).unwrap();
    let own = centre.as_worker(|tx| upcoming(tx, Some(centre.worker), &Paging::first(9))).unwrap();
    assert_eq!(own.items, std::slice::from_ref(&booking));
    centre.as_worker(|tx| cancel(tx, booking.id)).unwrap();
    assert_eq!(centre.as_worker(|tx| cancel(tx, booking.id)).unwrap_err().code(), Code::Conflict);
    centre.as_other(|tx| book(tx, &input)).unwrap();
    assert!(centre.told::<BookingCancelled>().is_empty() && centre.told::<BookingMade>().is_empty());
}

#[test]
fn outside_of_its_hours_a_place_is_closed() {
    let centre = Centre::new();
    let refused = |day: &str, from: &str, to: &str| {
        let input = wish(&centre, day, from, to);
        let error = centre.as_worker(|tx| book(tx, &input)).unwrap_err();
        (error.fields()[0].field.clone(), error.fields()[0].code)
    };
    assert_eq!(refused("2026-11-28", "9:00", "10:00"), ("day".to_owned(), Code::CentreClosed), "a Saturday");
    assert_eq!(refused("2026-11-27", "8:45", "10:00"), ("from".to_owned(), Code::CentreClosed));
    assert_eq!(refused("2026-11-27", "16:00", "17:15"), ("to".to_owned(), Code::CentreClosed));
    let nowhere = BookInput { place_id: "999".into(), ..wish(&centre, "2026-11-27", "9:00", "10:00") };
    let error = centre.as_worker(|tx| book(tx, &nowhere)).unwrap_err();
    assert_eq!((error.fields()[0].field.as_str(), error.fields()[0].code), ("place_id", Code::UnknownChoice));
}

#[test]
fn of_two_people_who_want_one_time_exactly_one_has_it_a_hundred_times() {
    let centre = Centre::new();
    let days: Vec<NaiveDate> =
        (0..100).map(|step| "2026-11-30".parse::<NaiveDate>().unwrap() + Days::new(step % 5)).collect();
    let gate = Barrier::new(2);
    let race = |person: PersonId| {
        let mut won = BTreeSet::new();
        for (turn, day) in days.iter().enumerate() {
            let hour = 9 + turn / 5 % 8;
            let quarter = turn / 40 * 15;
            let from = format!("{hour}:{quarter:02}");
            let to = if quarter == 45 {
                format!("{}:00", hour + 1)
            } else {
                format!("{hour}:{:02}", quarter + 15)
            };
            let input = wish(&centre, &day.to_string(), &from, &to);
            gate.wait();
            match centre.as_person(person, |tx| book(tx, &input)) {
                Ok(_booking) => drop(won.insert(turn)),
                Err(error) => assert_eq!(error.code(), Code::SlotTaken, "turn {turn}: {error}"),
            }
        }
        won
    };
    let (first, second) = std::thread::scope(|scope| {
        let other = scope.spawn(|| race(centre.other));
        (race(centre.worker), other.join().unwrap())
    });
    assert!(first.is_disjoint(&second));
    assert_eq!(first.union(&second).count(), 100, "{first:?} {second:?}");
}

#[test]
fn who_did_not_book_or_cancel_it_themselves_is_told() {
    let centre = Centre::new();
    let own = wish(&centre, "2026-11-27", "9:00", "10:00");
    let input = BookInput { person_id: centre.worker.to_string().into(), ..own };
    let booking = centre.as_coordinator(|tx| book(tx, &input)).unwrap();
    centre.as_coordinator(|tx| cancel(tx, booking.id)).unwrap();
    let made = centre.told::<BookingMade>();
    assert_eq!(made, [BookingMade { booking: booking.id, person: centre.worker, by: centre.coordinator }]);
    let cancelled: Vec<_> = centre.told::<BookingCancelled>().into_iter().map(|fact| fact.person).collect();
    assert_eq!(cancelled, [centre.worker]);
}

fn closing(place: &str, first: &str, last: &str, cancels: &str) -> CloseInput {
    CloseInput {
        place_id: place.into(),
        first_day: first.into(),
        last_day: last.into(),
        note: "清掃".into(),
        cancels: cancels.into(),
    }
}

#[test]
fn closing_the_centre_says_what_is_in_the_way_and_then_tells_everybody() {
    let centre = Centre::new();
    let input = wish(&centre, "2026-12-01", "9:00", "10:00");
    centre.as_worker(|tx| book(tx, &input)).unwrap();
    let all = |cancels: &str| closing("", "2026-11-30", "2026-12-01", cancels);
    let refused = centre.as_coordinator(|tx| close(tx, &all(""))).unwrap_err();
    assert!(matches!(refused, BookingError::InTheWay(1)) && refused.code() == Code::BookingsInTheWay);
    let closed = centre.as_coordinator(|tx| close(tx, &all("yes"))).unwrap();
    assert_eq!(closed.len(), 2, "one for each place");
    let told: Vec<_> =
        centre.told::<BookingCancelled>().into_iter().map(|fact| (fact.person, fact.note)).collect();
    assert_eq!(told, [(centre.worker, "清掃".to_owned())]);
    let late = centre.as_worker(|tx| book(tx, &input)).unwrap_err();
    assert_eq!(late.code(), Code::SlotTaken);
    // One place opens again.
    let of_room = closed.iter().find(|one| one.place_id == centre.room).unwrap();
    centre.as_coordinator(|tx| cancel(tx, of_room.id)).unwrap();
    centre.as_worker(|tx| book(tx, &input)).unwrap();
}

/// The first and last day of each closing of the room that holds, in their order.
fn closed_days(centre: &Centre) -> Vec<(String, String)> {
    let all = centre.as_coordinator(|tx| upcoming(tx, None, &Paging::first(20))).unwrap().items;
    let of_room = all.iter().filter(|one| one.kind == BookingKind::Closed && one.place_id == centre.room);
    let last = |one: &Booking| date_in_japan(one.ends_at).pred_opt().unwrap();
    of_room.map(|one| (one.slot().day.to_string(), last(one).to_string())).collect()
}

#[test]
fn whatever_is_closed_already_the_days_of_a_closing_are_all_closed() {
    let span = |first: &str, last: &str| (first.to_owned(), last.to_owned());
    // New Year, and what the room was closed for before: some of those days, all of them, more at an end, more at both.
    for (before, after) in [
        (vec![("2026-12-29", "2026-12-29")], vec![span("2026-12-29", "2027-01-03")]),
        (
            vec![("2026-12-30", "2026-12-30"), ("2027-01-02", "2027-01-03")],
            vec![span("2026-12-29", "2027-01-03")],
        ),
        (vec![("2026-12-29", "2027-01-03")], vec![span("2026-12-29", "2027-01-03")]),
        (
            vec![("2026-12-21", "2026-12-30")],
            vec![span("2026-12-21", "2026-12-30"), span("2026-12-31", "2027-01-03")],
        ),
        (
            vec![("2026-12-30", "2026-12-30"), ("2027-01-03", "2027-01-10")],
            vec![span("2026-12-29", "2027-01-02"), span("2027-01-03", "2027-01-10")],
        ),
        (vec![("2026-12-01", "2027-01-31")], vec![span("2026-12-01", "2027-01-31")]),
        (
            vec![("2026-12-01", "2026-12-31"), ("2027-01-01", "2027-01-31")],
            vec![span("2026-12-01", "2026-12-31"), span("2027-01-01", "2027-01-31")],
        ),
    ] {
        let centre = Centre::new();
        for (first, last) in &before {
            let room = closing(&centre.room.to_string(), first, last, "");
            centre.as_coordinator(|tx| close(tx, &room)).unwrap();
        }
        let new_year = closing("", "2026-12-29", "2027-01-03", "");
        let closed = centre.as_coordinator(|tx| close(tx, &new_year)).unwrap();
        assert_eq!(closed.len(), 2, "one for each place");
        assert_eq!(closed_days(&centre), after, "{before:?}");
        let of_room = closed.iter().find(|one| one.place_id == centre.room).unwrap();
        assert_eq!(of_room.cancelled_at, None, "it keeps the room closed");
        // The same once more takes the place of the first, day for day.
        let again = centre.as_coordinator(|tx| close(tx, &new_year)).unwrap();
        assert_eq!((again.len(), closed_days(&centre)), (2, after));
    }
}

#[test]
fn a_yes_is_read_however_a_program_says_it() {
    let centre = Centre::new();
    let input = wish(&centre, "2026-12-01", "9:00", "10:00");
    for (yes, day) in
        ["yes", "true", "on", "1"].iter().zip(["2026-12-01", "2026-12-02", "2026-12-03", "2026-12-04"])
    {
        centre.as_worker(|tx| book(tx, &BookInput { day: day.into(), ..input.clone() })).unwrap();
        for no in ["", "no", "false"] {
            let refused = centre.as_coordinator(|tx| close(tx, &closing("", day, "", no))).unwrap_err();
            assert_eq!(refused.code(), Code::BookingsInTheWay, "{no}");
        }
        centre.as_coordinator(|tx| close(tx, &closing("", day, "", yes))).unwrap();
    }
}

#[test]
fn whoever_comes_too_late_is_shown_what_is_free() {
    let centre = Centre::new();
    let take = |day: &str, from: &str, to: &str| {
        centre.as_other(|tx| book(tx, &wish(&centre, day, from, to))).unwrap();
    };
    take("2026-11-27", "9:00", "12:00");
    take("2026-11-30", "9:00", "17:00");
    let wanted =
        Slot::between("2026-11-27T01:00:00Z".parse().unwrap(), "2026-11-27T03:00:00Z".parse().unwrap());
    let found = centre.as_worker(|tx| instead(tx, centre.room, wanted)).unwrap();
    let words: Vec<String> = found
        .iter()
        .map(|one| format!("{} {} {}-{}", one.name, one.slot.day, one.slot.from, one.slot.to))
        .collect();
    assert_eq!(words, ["個室A 2026-11-27 12:00:00-14:00:00", "個室A 2026-12-01 10:00:00-12:00:00"]);
    let another = centre.another_room();
    let found = centre.as_worker(|tx| instead(tx, centre.room, wanted)).unwrap();
    assert_eq!((found[0].place_id, found[0].slot), (another, wanted), "the same time elsewhere comes first");
}

#[test]
fn a_day_shows_what_is_taken_and_what_is_left_of_it() {
    let centre = Centre::new();
    // On Tuesday at 10:05 in Japan the first hour is over.
    let input = wish(&centre, "2026-11-24", "13:00", "14:00");
    centre.as_worker(|tx| book(tx, &input)).unwrap();
    centre.at("2026-11-24T01:05:00Z");
    let room = centre.as_worker(|tx| places::find(tx, centre.room)).unwrap();
    let day = |first: &str| {
        let first = first.parse().unwrap();
        centre.as_worker(|tx| days(tx, std::slice::from_ref(&room), first, 1)).unwrap().remove(0)
    };
    let today = day("2026-11-24");
    let free: Vec<String> = today.free.iter().map(|one| format!("{}-{}", one.from, one.to)).collect();
    assert_eq!(free, ["10:00:00-13:00:00", "14:00:00-17:00:00"]);
    assert_eq!(today.taken.len(), 1);
    centre.at("2026-11-27T09:00:00Z");
    let friday = "2026-11-27".parse().unwrap();
    let next = centre.as_worker(|tx| next_free_day(tx, std::slice::from_ref(&room), friday)).unwrap();
    assert_eq!(next.to_string(), "2026-11-30", "on a Friday evening it is Monday");
    let saturday = day("2026-11-28");
    assert!(saturday.open.is_none() && saturday.free.is_empty());
    assert!(day("2026-11-20").free.is_empty(), "what is over cannot be booked");
}

#[test]
fn a_place_that_is_booked_is_not_given_up_and_one_given_up_is_not_booked() {
    let centre = Centre::new();
    let input = wish(&centre, "2026-11-27", "9:00", "10:00");
    let booking = centre.as_worker(|tx| book(tx, &input)).unwrap();
    let refused = centre.as_coordinator(|tx| places::retire(tx, centre.room, 1)).unwrap_err();
    assert_eq!(refused.code(), Code::BookingsInTheWay);
    centre.as_worker(|tx| cancel(tx, booking.id)).unwrap();
    centre.as_coordinator(|tx| places::retire(tx, centre.room, 1)).unwrap();
    let late = centre.as_worker(|tx| book(tx, &input)).unwrap_err();
    assert_eq!((late.fields()[0].field.as_str(), late.fields()[0].code), ("place_id", Code::UnknownChoice));
    centre.as_coordinator(|tx| places::reopen(tx, centre.room, 2)).unwrap();
    centre.as_worker(|tx| book(tx, &input)).unwrap();
}

#[test]
fn bookings_page_by_their_beginning_and_another_town_sees_none() {
    let centre = Centre::new();
    for day in ["2026-12-01", "2026-11-27", "2026-11-30"] {
        centre.as_worker(|tx| book(tx, &wish(&centre, day, "9:00", "10:00"))).unwrap();
    }
    let first = centre.as_worker(|tx| upcoming(tx, None, &Paging::first(2))).unwrap();
    let next = Paging { after: first.next, limit: 2 };
    let rest = centre.as_worker(|tx| upcoming(tx, None, &next)).unwrap();
    let days: Vec<String> =
        first.items.iter().chain(&rest.items).map(|one| one.slot().day.to_string()).collect();
    assert_eq!(
        (days, rest.next),
        (vec!["2026-11-27".into(), "2026-11-30".into(), "2026-12-01".into()], None)
    );
    let elsewhere = centre.db.town("shiojiri");
    let stranger = centre.db.person(elsewhere, "Stranger", &["coordinator"]);
    let none = centre.db.acting(elsewhere, stranger, |tx| find(tx, first.items[0].id)).unwrap_err();
    assert_eq!(none.code(), Code::NotFound);
}
