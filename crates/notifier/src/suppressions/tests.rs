//! What people put on the list and take off it, against a real database.

use kernel::{Language, Paging};

use super::*;
use crate::fixture::{Bench, to};
use crate::mails::{Invitation, Mail as _, OrderOpened};
use crate::messages::{Category, Happening, MessageState, NewMessage, Queued, queue};

fn input(category: &str, days: &str) -> SuppressionInput {
    SuppressionInput {
        address: "Yamada@example.jp".into(),
        category: category.into(),
        days: days.into(),
        note: "電話で頼まれた".into(),
    }
}

fn put(bench: &Bench, input: &SuppressionInput) -> Result<SuppressionId, SuppressionError> {
    bench.db.app.run_blocking(kernel::Scope::system(bench.town), |tx| add(tx, input))
}

#[test]
fn what_is_owed_goes_to_a_suppressed_address_and_nothing_else() {
    let bench = Bench::new();
    let waiting = bench.queue(to("yamada"));
    let owed = bench.queue_mail(Invitation::sample(Language::Ja), to("yamada"));
    put(&bench, &input("", "")).unwrap();
    assert_eq!(bench.state(waiting), MessageState::Cancelled);
    assert_eq!(bench.find(waiting).events[0].kind, Happening::Suppressed);
    assert_eq!(bench.state(owed), MessageState::Queued);
    let order = NewMessage::new(OrderOpened::sample(Language::Ja), to("yamada"));
    let invitation = NewMessage::new(Invitation::sample(Language::Ja), to("yamada"));
    assert_eq!(bench.run(|tx| queue(tx, &bench.outbox, order)).unwrap(), Queued::AddressDead);
    assert!(bench.run(|tx| queue(tx, &bench.outbox, invitation)).unwrap().id().is_some());
    assert!(
        !bench.db.arrange(bench.town, |tx| is_dead(tx, &to("yamada").address)),
        "somebody decided; it works"
    );
}

#[test]
fn an_entry_holds_for_its_sort_of_mail_and_its_time_and_a_person_may_lift_it() {
    let bench = Bench::new();
    put(&bench, &input("digest", "30")).unwrap();
    assert!(matches!(put(&bench, &input("digest", "")), Err(SuppressionError::Exists)));
    let all = put(&bench, &input("", "1")).unwrap();
    let stops = |category| bench.db.arrange(bench.town, |tx| stops(tx, &to("yamada").address, category));
    assert!(stops(Category::Digest) && stops(Category::Work));
    bench.pass(std::time::Duration::from_hours(25));
    assert!(stops(Category::Digest) && !stops(Category::Work), "a day is over");
    let again = put(&bench, &input("", "")).unwrap();
    assert!(again != all && stops(Category::Work), "what is over makes room");
    let lift = |id, note: &str| -> Result<(), SuppressionError> {
        bench.db.app.run_blocking(kernel::Scope::system(bench.town), |tx| lift_one(tx, id, &note.into()))
    };
    assert!(matches!(lift(again, " "), Err(SuppressionError::Invalid(_))));
    lift(again, "本人に確認").unwrap();
    assert!(matches!(lift(again, "もう一度"), Err(SuppressionError::Over)));
    assert!(!stops(Category::Work));
    let listed = bench.db.arrange(bench.town, |tx| list(tx, &Paging::first(10))).items;
    let listed: Vec<_> = listed.iter().map(|one| (one.category, one.reason, one.note.as_deref())).collect();
    assert_eq!(listed, [(Some(Category::Digest), SuppressionReason::Manual, Some("電話で頼まれた"))]);
}

#[test]
fn what_was_stopped_for_a_while_is_known_afterwards() {
    let bench = Bench::new();
    let address = to("yamada").address;
    let since =
        |since, category| bench.db.arrange(bench.town, |tx| stopped_since(tx, &address, category, since));
    let before = bench.now();
    put(&bench, &input("work", "7")).unwrap();
    assert!(since(before, Category::Work) && !since(before, Category::Digest));
    bench.pass(std::time::Duration::from_hours(8 * 24));
    let over = bench.now();
    assert!(since(before, Category::Work), "a mail of that time may not have come");
    assert!(!since(over, Category::Work), "and one of today does");
    put(&bench, &input("", "")).unwrap();
    let lifted: Result<(), SuppressionError> = bench
        .db
        .app
        .run_blocking(kernel::Scope::system(bench.town), |tx| lift(tx, &address, &"本人に確認".into()));
    lifted.unwrap();
    bench.pass(std::time::Duration::from_hours(1));
    assert!(
        since(over - chrono::TimeDelta::hours(1), Category::Digest) && !since(bench.now(), Category::Digest)
    );
}

#[test]
fn what_a_relay_or_a_notice_says_outlasts_what_was_meant_for_a_while() {
    let bench = Bench::new();
    let message = bench.queue(to("yamada"));
    let address = to("yamada").address;
    let dead = || bench.db.arrange(bench.town, |tx| is_dead(tx, &address));
    let lift_all = || {
        let lifted: Result<(), SuppressionError> = bench
            .db
            .app
            .run_blocking(kernel::Scope::system(bench.town), |tx| lift(tx, &address, &"本人に確認".into()));
        lifted.unwrap();
    };
    let says = |grounds: &Grounds| bench.db.arrange(bench.town, |tx| learned(tx, &address, grounds));
    let full = Grounds {
        expires_at: Some(bench.now() + chrono::TimeDelta::days(FULL_DAYS)),
        ..grounds(SuppressionReason::Full, Scope::Everything, message)
    };
    for days in ["1", "30"] {
        put(&bench, &input("", days)).unwrap();
        bench.pass(std::time::Duration::from_hours(25));
        bench
            .db
            .queue
            .lobby_blocking::<_, DbError, _>(|lobby| refused(lobby, bench.town, &address, message))
            .unwrap();
        assert!(dead(), "an entry of {days} days, over or not, is one without an end now");
        let listed = bench.db.arrange(bench.town, |tx| list(tx, &Paging::first(10))).items;
        let seen: Vec<_> =
            listed.iter().map(|one| (one.reason, one.expires_at, one.note.as_deref())).collect();
        assert_eq!(seen, [(SuppressionReason::Refused, None, None)]);
        says(&full);
        assert!(dead(), "a full mailbox does not make it one with an end again");
        lift_all();
    }
    says(&full);
    says(&grounds(SuppressionReason::Bounced, Scope::Everything, message));
    assert!(dead());
    lift_all();
    put(&bench, &input("", "")).unwrap();
    says(&grounds(SuppressionReason::Bounced, Scope::Everything, message));
    assert!(!dead(), "what somebody decided for good stays their decision");
}

#[test]
fn what_cannot_be_meant_is_told_field_by_field() {
    let bench = Bench::new();
    let wrong =
        SuppressionInput { address: "x".into(), category: "legal".into(), days: "0".into(), note: "".into() };
    let Err(SuppressionError::Invalid(invalid)) = put(&bench, &wrong) else { panic!("refused") };
    let fields: Vec<_> = invalid.fields().iter().map(|problem| problem.field.as_str()).collect();
    assert_eq!(fields, ["address", "category", "days", "note"]);
}
