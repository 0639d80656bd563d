//! Advertising: only with a recorded consent, only with a named sender, and ended in one step.

use diesel::RunQueryDsl as _;
use kernel::Language;
use mail_parser::MessageParser;

use super::*;
use crate::fixture::{Bench, to};
use crate::mails::{Mail, ServiceNews};
use crate::messages::{MessageError, MessageState, NewMessage, Queued, Recipient, queue};
use crate::unsubscribe::{self, Unsubscribe};

/// A contact of a company; both tables are other crates'.
fn contact(bench: &Bench) -> ContactId {
    contact_at(bench, "")
}

fn contact_at(bench: &Bench, address: &str) -> ContactId {
    #[derive(diesel::QueryableByName)]
    struct Added {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        id: i64,
    }
    let added: Added = diesel::sql_query(
        "WITH c AS (INSERT INTO companies (organization_id, name) \
             VALUES ($1, 'x') RETURNING organization_id, id) \
         INSERT INTO contacts (organization_id, company_id, family_name, email) \
         SELECT organization_id, id, 'y', NULLIF($2, '') FROM c RETURNING id",
    )
    .bind::<diesel::sql_types::BigInt, _>(bench.town.0)
    .bind::<diesel::sql_types::Text, _>(address)
    .get_result(&mut bench.db.owner())
    .unwrap();
    ContactId(added.id)
}

fn name_the_sender(bench: &Bench) {
    diesel::sql_query(
        "UPDATE organizations SET postal_address = '立科町芦田', contact_phone = '0267-00-0000'",
    )
    .execute(&mut bench.db.owner())
    .unwrap();
}

fn news(bench: &Bench, contact: ContactId) -> Result<Queued, MessageError> {
    let recipient = Recipient { party: Party::Contact(contact), ..to("client") };
    let message = NewMessage::new(ServiceNews::sample(Language::Ja), recipient);
    bench.run(|tx| queue(tx, &bench.outbox, message))
}

fn told(bench: &Bench, contact: ContactId, basis: Basis) {
    let input = ConsentInput { basis: basis.to_string().into(), note: "名刺交換 11月20日".into() };
    let recorded: Result<(), ConsentError> =
        bench.db.app.run_blocking(kernel::Scope::system(bench.town), |tx| record(tx, contact, &input));
    recorded.unwrap();
}

#[test]
fn advertising_needs_a_consent_and_a_named_sender_and_can_be_ended_in_one_step() {
    let bench = Bench::new();
    let contact = contact(&bench);
    assert_eq!(news(&bench, contact).unwrap(), Queued::Unwanted, "nobody has agreed");
    told(&bench, contact, Basis::BusinessCard);
    assert!(matches!(news(&bench, contact), Err(MessageError::SenderUnnamed)));
    name_the_sender(&bench);
    let id = news(&bench, contact).unwrap().id().unwrap();

    let bytes = bench.frozen(id);
    let parsed = MessageParser::default().parse(&bytes).unwrap();
    let header = |name: &str| parsed.header_raw(name).unwrap_or_default().trim().to_owned();
    let link = header("List-Unsubscribe");
    let link = link.strip_prefix('<').and_then(|link| link.strip_suffix('>')).unwrap();
    assert_eq!(header("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
    let text = parsed.body_text(0).unwrap();
    assert!(text.contains(link) && text.contains("立科町芦田") && text.contains("広告"), "{text}");

    let token = link.strip_prefix("https://yui.example/unsubscribe/").unwrap();
    let wish = Unsubscribe::parse(bench.outbox.key(), token).unwrap();
    for _ in 0..2 {
        bench.db.arrange(bench.town, |tx| unsubscribe::apply(tx, &wish));
    }
    assert_eq!(bench.state(id), MessageState::Cancelled, "what waits is not sent any more");
    assert_eq!(news(&bench, contact).unwrap(), Queued::Unwanted);
    told(&bench, contact, Basis::BusinessCard);
    assert_eq!(news(&bench, contact).unwrap(), Queued::Unwanted, "a card does not undo a refusal");
    told(&bench, contact, Basis::AskedFor);
    assert!(news(&bench, contact).unwrap().id().is_some());
    let record: Vec<_> = bench.db.arrange(bench.town, |tx| history(tx, contact));
    let bases: Vec<_> = record.iter().map(|line| line.basis).collect();
    assert_eq!(bases, [Basis::AskedFor, Basis::BusinessCard, Basis::Refused, Basis::BusinessCard]);
}

#[test]
fn a_consent_without_its_proof_is_none() {
    let bench = Bench::new();
    let contact = contact(&bench);
    let input = ConsentInput { basis: "asked_for".into(), note: " ".into() };
    let refused =
        bench.db.app.run_blocking(kernel::Scope::system(bench.town), |tx| record(tx, contact, &input));
    assert!(matches!(refused, Err(ConsentError::Invalid(_))));
}

#[test]
fn who_of_many_refuses_is_asked_at_once_and_answered_as_for_each() {
    let bench = Bench::new();
    let wishes: [&[Basis]; 5] = [
        &[],
        &[Basis::BusinessCard],
        &[Basis::Refused],
        &[Basis::Refused, Basis::BusinessCard],
        &[Basis::Refused, Basis::AskedFor],
    ];
    let people: Vec<ContactId> = wishes
        .iter()
        .map(|wishes| {
            let contact = contact(&bench);
            for wish in *wishes {
                told(&bench, contact, *wish);
            }
            contact
        })
        .collect();
    let many = bench.db.arrange(bench.town, |tx| refusing(tx, &people));
    let each: Vec<ContactId> = people
        .iter()
        .copied()
        .filter(|contact| bench.db.arrange(bench.town, |tx| refuses(tx, *contact)))
        .collect();
    assert_eq!(many.into_iter().collect::<Vec<_>>(), each);
    assert_eq!(each, people[2..4]);
}

#[test]
fn a_refusal_holds_for_the_address() {
    let bench = Bench::new();
    name_the_sender(&bench);
    let first = contact_at(&bench, "hanako@client.example");
    let again = contact_at(&bench, "hanako@client.example");
    let another = contact_at(&bench, "jiro@client.example");
    for one in [first, again, another] {
        told(&bench, one, Basis::BusinessCard);
    }
    assert!(news(&bench, again).unwrap().id().is_some(), "nobody has refused yet");
    told(&bench, first, Basis::Refused);
    assert_eq!(news(&bench, again).unwrap(), Queued::Unwanted, "the same address from another list");
    let said = bench.db.arrange(bench.town, |tx| {
        Ok::<_, DbError>((
            refusing(tx, &[again, another])?,
            refused_by_others(tx, again)?,
            refuses(tx, another)?,
        ))
    });
    assert_eq!(said, ([again].into(), [first].into(), false));
    told(&bench, first, Basis::AskedFor);
    assert!(news(&bench, again).unwrap().id().is_some(), "they asked for it themselves");
}
