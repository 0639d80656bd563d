//! What two people of a town find, against a real database.

use std::time::Duration;

use kernel::{Language, Paging};

use super::*;
use crate::fixture::{Bench, to};
use crate::mails::{Invitation, Mail as _, OrderOpened};
use crate::messages::{self, Happening, MessageError, MessageState, NewMessage, Party, Queued, Recipient};
use crate::suppressions::{self, SuppressionError, SuppressionInput};

struct Readers {
    bench: Bench,
    one: PersonId,
    other: PersonId,
}

impl Readers {
    fn new() -> Self {
        let bench = Bench::new();
        let [one, other] =
            ["Yamada", "Suzuki"].map(|name| bench.db.person(bench.town, name, &["coordinator"]));
        Self { bench, one, other }
    }

    fn to(&self, person: PersonId) -> Recipient {
        Recipient { party: Party::Person(person), ..to(&format!("p{person}")) }
    }

    fn tell(&self, person: PersonId) -> MessageId {
        self.bench.queue(self.to(person))
    }

    fn run<T>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, DbError>) -> Result<T, DbError> {
        self.bench.db.app.run_blocking(kernel::Scope::system(self.bench.town), work)
    }

    /// The notices of a person, each with whether it is read.
    fn found(&self, person: PersonId) -> Vec<(MessageId, bool)> {
        let page = self.run(|tx| list(tx, person, &Paging::first(50))).unwrap();
        page.items.into_iter().map(|one| (one.id, one.is_read)).collect()
    }

    fn unread(&self, person: PersonId) -> i64 {
        self.run(|tx| unread(tx, person)).unwrap().count
    }
}

#[test]
fn everybody_finds_what_they_were_told_and_nothing_of_others_and_no_secret() {
    let readers = Readers::new();
    let (one, other) = (readers.one, readers.other);
    let [first, second] = [(), ()].map(|()| readers.tell(one));
    let theirs = readers.tell(other);
    let secret = readers.bench.queue_mail(Invitation::sample(Language::Ja), readers.to(one));
    let taken_back = readers.tell(one);
    let cancelled: Result<(), MessageError> = readers.bench.run(|tx| messages::cancel(tx, taken_back));
    cancelled.unwrap();
    assert_eq!(readers.found(one), [(second, false), (first, false)]);
    assert_eq!(readers.found(other), [(theirs, false)]);
    let text = readers.run(|tx| find(tx, one, first)).unwrap();
    assert!(!text.text.is_empty() && text.links[0].starts_with("https://yui.example/"), "{text:?}");
    for hidden in [theirs, secret, taken_back] {
        assert!(matches!(readers.run(|tx| find(tx, one, hidden)), Err(DbError::NotFound)));
        assert!(matches!(readers.run(|tx| read(tx, one, hidden)), Err(DbError::NotFound)));
    }
    let pages = readers.run(|tx| {
        let page = list(tx, one, &Paging::first(1))?;
        let after = page.next;
        Ok((page.items, list(tx, one, &Paging { after, ..Paging::first(1) })?))
    });
    let (begin, rest) = pages.unwrap();
    assert_eq!((begin[0].id, rest.items[0].id, rest.next), (second, first, None));
    readers.bench.pass(Duration::from_hours(61 * 24));
    assert_eq!((readers.found(one).len(), readers.unread(one)), (0, 0), "two months are long enough");
}

#[test]
fn it_is_read_when_its_reader_says_so_and_what_came_meanwhile_is_not() {
    let readers = Readers::new();
    let (one, other) = (readers.one, readers.other);
    let [first, second, third] = [(), (), ()].map(|()| readers.tell(one));
    readers.tell(other);
    assert_eq!((readers.unread(one), readers.unread(other)), (3, 1));
    for _twice in 0..2 {
        readers.run(|tx| read(tx, one, second)).unwrap();
    }
    assert_eq!(readers.found(one), [(third, false), (second, true), (first, false)]);
    let meanwhile = readers.tell(one);
    readers.run(|tx| read_up_to(tx, one, third)).unwrap();
    let read = [(meanwhile, false), (third, true), (second, true), (first, true)];
    assert_eq!((readers.found(one), readers.unread(one)), (read.to_vec(), 1));
    assert_eq!(readers.unread(other), 1, "nobody reads for somebody else");
    readers.bench.sql(&format!(
        "INSERT INTO message_events (organization_id, message_id, kind, at, actor) \
         SELECT organization_id, id, 'opened', created_at, 'system' FROM messages WHERE id = {meanwhile}"
    ));
    assert_eq!(readers.unread(one), 0, "whoever has looked at the thing itself knows");
}

#[test]
fn who_gets_no_mail_finds_here_what_they_were_told() {
    let readers = Readers::new();
    let (bench, one) = (&readers.bench, readers.one);
    let waiting = readers.tell(one);
    let alone = SuppressionInput {
        address: readers.to(one).address.as_str().into(),
        note: "届かないと電話があった".into(),
        ..SuppressionInput::default()
    };
    let added: Result<_, SuppressionError> =
        bench.db.app.run_blocking(kernel::Scope::system(bench.town), |tx| suppressions::add(tx, &alone));
    added.unwrap();
    let event = bench.event();
    let ask = || {
        let message = NewMessage::new(OrderOpened::sample(Language::Ja), readers.to(one)).about(event);
        bench.run(|tx| messages::queue(tx, &bench.outbox, message)).unwrap()
    };
    assert_eq!([ask(), ask()], [Queued::AddressDead; 2]);
    let found = readers.found(one);
    assert_eq!((found.len(), found[1].0, readers.unread(one)), (2, waiting, 2), "each fact once");
    let kept = bench.find(found[0].0);
    assert_eq!((kept.summary.state, kept.events[0].kind), (MessageState::Cancelled, Happening::Suppressed));
    assert!(!readers.run(|tx| find(tx, one, found[0].0)).unwrap().text.is_empty());
}

#[test]
fn nobody_counts_further_than_99() {
    let readers = Readers::new();
    readers.tell(readers.one);
    readers.bench.sql(
        "INSERT INTO messages (organization_id, category, template, language, person_id, to_name, to_address, \
         from_address, subject, state, not_before, expires_at, message_id, asked_by, created_at, ended_at, urgency) \
         SELECT organization_id, category, template, language, person_id, to_name, to_address, from_address, subject, \
         state, not_before, expires_at, message_id || number, asked_by, created_at, ended_at, urgency \
         FROM messages, generate_series(1, 150) number",
    );
    let seen = readers.run(|tx| unread(tx, readers.one)).unwrap();
    assert_eq!(seen, Unread { count: 99, more: true });
}
