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
fn what_cannot_be_meant_is_told_field_by_field() {
    let bench = Bench::new();
    let wrong =
        SuppressionInput { address: "x".into(), category: "legal".into(), days: "0".into(), note: "".into() };
    let Err(SuppressionError::Invalid(invalid)) = put(&bench, &wrong) else { panic!("refused") };
    let fields: Vec<_> = invalid.fields().iter().map(|problem| problem.field.as_str()).collect();
    assert_eq!(fields, ["address", "category", "days", "note"]);
}
