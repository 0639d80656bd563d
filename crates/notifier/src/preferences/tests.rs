//! Preferences against a real database: they hold for what waits already, and zones are PostgreSQL's.

use chrono::{DateTime, Utc};
use kernel::{Language, Typed};

use super::*;
use crate::fixture::{Bench, to};
use crate::mails::{DealWon, Mail, TermsNotice, WorkOffered};
use crate::messages::{Happening, MessageState, NewMessage, Queued, Recipient, queue};

fn input(change: impl FnOnce(&mut PreferencesInput)) -> PreferencesInput {
    let mut input = PreferencesInput::of(&Preferences::default());
    change(&mut input);
    input
}

fn utc(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn what_is_switched_off_is_not_sent_any_more() {
    let bench = Bench::new();
    let person = bench.db.person(bench.town, "Yamada", &["sales"]);
    let recipient = || Recipient { party: Party::Person(person), ..to("yamada") };
    let waiting = bench.queue_mail(DealWon::sample(Language::Ja), recipient());
    let legal = bench.queue_mail(TermsNotice::sample(Language::Ja), recipient());
    let no = input(|input| input.work = "no".into());
    let saved = bench.db.acting(bench.town, person, |tx| change(tx, 0, &no)).unwrap();
    assert_eq!((saved.work, saved.version), (false, 1));
    assert_eq!((bench.state(waiting), bench.state(legal)), (MessageState::Cancelled, MessageState::Queued));
    assert_eq!(bench.find(waiting).events[0].kind, Happening::Unwanted);

    let ask = |bench: &Bench| {
        let message = NewMessage::new(DealWon::sample(Language::Ja), recipient());
        bench.run(|tx| queue(tx, &bench.outbox, message)).unwrap()
    };
    assert_eq!(ask(&bench), Queued::Unwanted);
    let stale = bench.db.acting(bench.town, person, |tx| change(tx, 0, &no));
    assert!(matches!(stale, Err(PreferencesError::Stale)));
    let yes = input(|_| {});
    bench.db.acting(bench.town, person, |tx| change(tx, 1, &yes)).unwrap();
    assert!(matches!(ask(&bench), Queued::Message(_)));
}

#[test]
fn mails_come_within_the_hours_of_the_readers_own_zone() {
    let bench = Bench::new();
    let person = bench.db.person(bench.town, "Yamada", &["worker"]);
    let london = input(|input| {
        input.zone = Typed(Zone::London.to_string());
        input.opens = "9".into();
        input.closes = "17".into();
    });
    bench.db.acting(bench.town, person, |tx| change(tx, 0, &london)).unwrap();
    // 8:00 in London, 17:00 in Japan.
    let recipient = Recipient { party: Party::Person(person), ..to("yamada") };
    let id = bench.queue_mail(WorkOffered::sample(Language::Ja), recipient);
    assert_eq!(bench.find(id).not_before, bench.now() + chrono::TimeDelta::hours(1));
}

#[test]
fn the_next_opening_is_right_over_midnight_and_summer_time() {
    let bench = Bench::new();
    let window = |opens: i16, closes: i16, zone| Window { opens: opens * 60, closes: closes * 60, zone };
    let cases = [
        // Within; at the first and after the last minute; before opening.
        ("2026-11-25T03:00:00Z", window(8, 21, Zone::Tokyo), "2026-11-25T03:00:00Z"),
        ("2026-11-24T23:00:00Z", window(8, 21, Zone::Tokyo), "2026-11-24T23:00:00Z"),
        ("2026-11-25T12:00:00Z", window(8, 21, Zone::Tokyo), "2026-11-25T23:00:00Z"),
        ("2026-11-24T22:59:59Z", window(8, 21, Zone::Tokyo), "2026-11-24T23:00:00Z"),
        // The night before clocks go back in London: 8:00 is 7:00 UTC before and 8:00 UTC after.
        ("2026-10-24T22:00:00Z", window(8, 21, Zone::London), "2026-10-25T08:00:00Z"),
        ("2026-10-23T22:00:00Z", window(8, 21, Zone::London), "2026-10-24T07:00:00Z"),
        ("2026-11-25T12:00:00Z", window(0, 24, Zone::Honolulu), "2026-11-25T12:00:00Z"),
    ];
    for (at, window, opening) in cases {
        let found = bench.db.arrange(bench.town, |tx| within(tx, utc(at), window));
        assert_eq!(found, utc(opening), "{at} {window:?}");
    }
}
