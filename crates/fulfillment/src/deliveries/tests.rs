//! Deliveries against a real database.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use clients::companies::CompanyInput;
use clients::contacts::ContactInput;
use diesel::connection::InstrumentationEvent;
use diesel::prelude::*;
use kernel::{Code, Coded, Paging};

use super::*;
use crate::acceptance::{self, AccessKind};
use crate::testing::Town;

#[test]
fn a_delivery_holds_passed_units_and_goes_out_with_a_link_that_stands_nowhere() {
    let town = Town::new();
    let (worker, _) = town.worker("Aoki");
    let order = town.order(1000);
    let job = town.job(order.id, 3);
    let units = town.finishes(worker, job.id, 2);
    let (delivery, secret) = town.delivers(order.id, &[]);
    assert_eq!((delivery.number, delivery.inspect_until), (1, town.day(12)));
    let held: Vec<_> = town
        .act(town.director, |tx| super::units(tx, delivery.id))
        .into_iter()
        .map(|unit| unit.unit)
        .collect();
    assert_eq!(held, units);
    let sent = town.facts::<DeliverySent>().remove(0);
    assert_eq!((sent.count, sent.contact), (2, town.contact));
    let hashes: Vec<Vec<u8>> = crate::schema::delivery_links::table
        .select(crate::schema::delivery_links::secret_hash)
        .load(&mut town.db.owner())
        .unwrap();
    assert_eq!(hashes, [secret.hash().to_vec()]);
    let nothing =
        town.attempt(town.director, |tx| assemble(tx, &town.key, order.id, DeliverInput::default()));
    assert_eq!(nothing.unwrap_err().code(), Code::Conflict, "the third unit is not ready");
}

#[test]
fn no_unreviewed_and_no_foreign_unit_is_delivered() {
    let town = Town::new();
    let (worker, _) = town.worker("Aoki");
    let (order, other) = (town.order(1000), town.order(1000));
    let job = town.job(order.id, 2);
    let passed = town.finishes(worker, job.id, 1)[0];
    let open = town.claims(worker, job.id, 1).units[0];
    town.hands_in(worker, open);
    let foreign = town.finishes(worker, town.job(other.id, 1).id, 1)[0];
    let code = |unit_ids: Vec<UnitId>| {
        let input = DeliverInput { unit_ids, ..DeliverInput::default() };
        town.attempt(town.director, |tx| assemble(tx, &town.key, order.id, input)).unwrap_err().code()
    };
    assert_eq!(code(vec![passed, open]), Code::UnreviewedUnit);
    assert_eq!(code(vec![passed, foreign]), Code::NotOfThisOrder);
    let (delivery, _) = town.delivers(order.id, &[passed]);
    let forced = town.attempt(town.director, |tx| {
        let sql = format!(
            "INSERT INTO delivery_units (delivery_id, unit_id, submission_id) SELECT {}, {open}, id \
             FROM submissions WHERE unit_id = {open}",
            delivery.id
        );
        diesel::sql_query(sql).execute(tx.conn()).map_err(DbError::from)
    });
    assert!(forced.unwrap_err().violates("delivery_units_reviewed"), "the database refuses it as well");
}

#[test]
fn mail_goes_to_somebody_of_the_client_whom_it_can_reach() {
    let town = Town::new();
    let (worker, _) = town.worker("Aoki");
    let order = town.order(1000);
    town.finishes(worker, town.job(order.id, 1).id, 1);
    let contact = |name: &str, company: kernel::CompanyId, email: &str| {
        let input = ContactInput { family_name: name.into(), email: email.into(), ..ContactInput::default() };
        town.act(town.director, |tx| clients::contacts::add(tx, company, input)).id
    };
    let elsewhere = town.act(town.director, |tx| {
        clients::companies::enter(tx, CompanyInput { name: "別会社".into(), ..CompanyInput::default() })
    });
    let unreachable = contact("鈴木", town.company, "");
    let foreign = contact("佐藤", elsewhere.id, "sato@example.com");
    let send = |contact: String| {
        let input = DeliverInput { contact_id: contact.into(), ..DeliverInput::default() };
        town.attempt(town.director, |tx| assemble(tx, &town.key, order.id, input))
    };
    let code = |contact: String| send(contact).unwrap_err().fields()[0].code;
    assert_eq!(code(unreachable.to_string()), Code::NotAnEmail);
    assert_eq!(code(foreign.to_string()), Code::UnknownChoice);
    assert_eq!(code("9999".to_owned()), Code::UnknownChoice);
    assert_eq!(send(String::new()).unwrap().contact_id, town.contact);
}

#[test]
fn a_link_sent_again_ends_the_one_before() {
    let town = Town::new();
    let (worker, _) = town.worker("Aoki");
    let order = town.order(1000);
    town.finishes(worker, town.job(order.id, 1).id, 1);
    let (delivery, first) = town.delivers(order.id, &[]);
    town.act(town.director, |tx| send_again(tx, &town.key, delivery.id));
    let second = town.link();
    let gone = town.outside(|tx| acceptance::open_link(tx, &first)).unwrap_err();
    assert_eq!(gone.code(), Code::LinkGone);
    assert!(town.outside(|tx| acceptance::open_link(tx, &second)).is_ok());
    assert_eq!(town.act(town.director, |tx| of_order(tx, order.id)).len(), 1);
}

#[test]
fn a_withdrawn_link_is_gone_until_a_new_one_is_sent() {
    let town = Town::new();
    let (worker, _) = town.worker("Aoki");
    let order = town.order(1000);
    town.finishes(worker, town.job(order.id, 1).id, 1);
    let (delivery, first) = town.delivers(order.id, &[]);
    let open = |tx: &mut Tx<'_>| acceptance::opens_until(tx, delivery.id);
    assert!(town.act(town.director, open).is_some());
    town.act(town.director, |tx| withdraw_link(tx, delivery.id));
    let gone = town.outside(|tx| acceptance::open_link(tx, &first)).unwrap_err();
    assert_eq!((gone.code(), town.act(town.director, open)), (Code::LinkGone, None));
    let twice = town.attempt(town.director, |tx| withdraw_link(tx, delivery.id)).unwrap_err();
    assert_eq!(twice.code(), Code::Conflict);
    let log = town.act(town.director, |tx| acceptance::accesses(tx, delivery.id, &Paging::first(10)));
    assert_eq!(log.items.iter().map(|access| access.kind).collect::<Vec<_>>(), [AccessKind::Withdrawn]);
    town.act(town.director, |tx| send_again(tx, &town.key, delivery.id));
    assert!(town.outside(|tx| acceptance::open_link(tx, &town.link())).is_ok());
    assert!(town.outside(|tx| acceptance::open_link(tx, &first)).is_err(), "the withdrawn one stays gone");
}

#[test]
fn who_withdrew_a_link_stands_in_the_audit_trail_and_no_digest_does() {
    let town = Town::new();
    let (worker, _) = town.worker("Aoki");
    let order = town.order(1000);
    town.finishes(worker, town.job(order.id, 1).id, 1);
    let (delivery, _) = town.delivers(order.id, &[]);
    town.act(town.checker, |tx| withdraw_link(tx, delivery.id));
    let entries: Vec<String> = diesel::sql_query(
        "SELECT actor || ' ' || operation || ' ' || array_to_string(changed, ',') || ' ' || kept::text AS line \
         FROM audit_entries WHERE table_name = 'delivery_links' ORDER BY id",
    )
    .load::<Line>(&mut town.db.owner())
    .unwrap()
    .into_iter()
    .map(|entry| entry.line)
    .collect();
    assert_eq!(entries.len(), 2, "{entries:?}");
    assert!(entries[1].starts_with(&format!("person:{} update revoked_at ", town.checker)), "{entries:?}");
    assert!(!entries.concat().contains("hash\""), "{entries:?}");
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = diesel::sql_types::Text)]
    line: String,
}

#[test]
fn an_answered_delivery_can_still_be_hidden_from_whoever_holds_its_link() {
    let town = Town::new();
    let (worker, _) = town.worker("Aoki");
    let order = town.order(1000);
    let units = town.finishes(worker, town.job(order.id, 1).id, 1);
    let (delivery, secret) = town.delivers(order.id, &[]);
    let code = town.code(&secret);
    town.answers(&secret, &code, &[(units[0], "accepted", "")]).unwrap();
    town.act(town.director, |tx| withdraw_link(tx, delivery.id));
    assert_eq!(town.outside(|tx| acceptance::open_link(tx, &secret)).unwrap_err().code(), Code::LinkGone);
    let again = town.attempt(town.director, |tx| send_again(tx, &town.key, delivery.id)).unwrap_err();
    assert_eq!(again.code(), Code::AlreadyAnswered);
}

#[test]
fn a_page_of_deliveries_is_one_query_however_many_orders_there_are() {
    let town = Town::new();
    let (worker, _) = town.worker("Aoki");
    let mut sent = Vec::new();
    for pieces in 1..=3 {
        let order = town.order(1000);
        let units = town.finishes(worker, town.job(order.id, pieces).id, i64::try_from(pieces).unwrap());
        let (delivery, secret) = town.delivers(order.id, &[]);
        if pieces == 2 {
            let code = town.code(&secret);
            let mixed = [(units[0], "accepted", ""), (units[1], "fix", "日付")];
            town.answers(&secret, &code, &mixed).unwrap();
        }
        town.wait(chrono::Duration::minutes(1));
        sent.push(delivery.id);
    }
    let queries = Arc::new(AtomicUsize::new(0));
    let (mut found, mut paging) = (Vec::new(), Paging::first(2));
    loop {
        let counting = queries.clone();
        let page = town.act(town.director, |tx| {
            tx.conn().set_instrumentation(move |event: InstrumentationEvent<'_>| {
                if matches!(event, InstrumentationEvent::StartQuery { .. }) {
                    counting.fetch_add(1, Ordering::SeqCst);
                }
            });
            let page = list(tx, OrderState::Running, &paging);
            tx.conn().set_instrumentation(|_: InstrumentationEvent<'_>| {});
            page
        });
        found.extend(page.items);
        match page.next {
            Some(key) => paging.after = Some(key),
            None => break,
        }
    }
    assert_eq!(queries.load(Ordering::SeqCst), 2, "two pages");
    let ids: Vec<_> = found.iter().map(|row| row.delivery.id).collect();
    assert_eq!(ids, [sent[2], sent[1], sent[0]]);
    let counts: Vec<_> =
        found.iter().map(|row| (row.units.all, row.units.accepted, row.units.fixes)).collect();
    assert_eq!(counts, [(3, 0, 0), (2, 1, 1), (1, 0, 0)]);
    assert_eq!(town.act(town.director, waiting), 2);
    let closed = town.act(town.director, |tx| list(tx, OrderState::Closed, &Paging::first(2)));
    assert!(closed.items.is_empty());
}

#[test]
fn what_can_go_out_is_counted_by_order() {
    let town = Town::new();
    let (worker, _) = town.worker("Aoki");
    let (first, second) = (town.order(1000), town.order(1000));
    town.finishes(worker, town.job(first.id, 3).id, 2);
    town.job(second.id, 1);
    let ready = town.act(town.director, orders::ready_to_deliver);
    let counts: Vec<_> = ready.iter().map(|(order, count)| (order.id, *count)).collect();
    assert_eq!(counts, [(first.id, 2)]);
}

#[test]
fn a_unit_that_brings_nothing_goes_out_only_where_that_was_said() {
    let town = Town::new();
    let (worker, _) = town.worker("Aoki");
    let order = town.order(1000).id;
    let job = town.job(order, 2).id;
    let full = town.finishes(worker, job, 1)[0];
    let bare = town.claims(worker, job, 1).units[0];
    let version = town.handed_in_nothing(worker, bare);
    town.passes(&version);
    assert_eq!(town.act(town.director, |tx| without_result(tx, order)), [bare]);
    let refused = town
        .attempt(town.director, |tx| assemble(tx, &town.key, order, DeliverInput::default()))
        .unwrap_err();
    assert_eq!(
        (refused.fields()[0].field.as_str(), refused.fields()[0].code),
        ("allow_empty", Code::EmptyUnit)
    );
    town.delivers(order, &[full]);
    let input = DeliverInput { allow_empty: "true".into(), ..DeliverInput::default() };
    let second = town.act(town.director, |tx| assemble(tx, &town.key, order, input));
    assert_eq!(town.act(town.director, |tx| units(tx, second.id))[0].unit, bare);
}

#[test]
fn a_client_is_reminded_with_the_same_link_at_most_once_a_day() {
    let town = Town::new();
    let (worker, _) = town.worker("Aoki");
    let order = town.order_of(1000, 3).id;
    town.finishes(worker, town.job(order, 3).id, 2);
    let (delivery, secret) = town.delivers(order, &[]);
    let sent = town.facts::<DeliverySent>().remove(0);
    assert_eq!((sent.count, sent.share), (2, Share { of: 3, rest: 1, due_on: town.day(60) }));
    let again = || town.attempt(town.director, |tx| remind(tx, delivery.id));
    assert_eq!(again().unwrap_err().code(), Code::TooManyTries, "it has just been sent");
    town.wait(chrono::Duration::hours(25));
    assert!(again().is_ok());
    assert_eq!(again().unwrap_err().code(), Code::TooManyTries);
    let told = town.facts::<DeliveryReminded>();
    let link = acceptance::link_secret(&town.key, town.id, told[0].link, told[0].link_issued_at);
    assert_eq!((told.len(), link.text()), (1, secret.text()), "the link that the client has stays");
    let mailed = || {
        town.act(town.director, |tx| Ok::<_, DbError>((acceptance::mailed_at(tx, delivery.id)?, tx.now())))
    };
    let (reminded, now) = mailed();
    assert_eq!(reminded, Some(now));
    town.wait(chrono::Duration::hours(1));
    town.act(town.director, |tx| send_again(tx, &town.key, delivery.id));
    let (sent_again, now) = mailed();
    assert_eq!(sent_again, Some(now), "a new link is a mail as well");
    town.wait(chrono::Duration::hours(23));
    assert_eq!(
        again().unwrap_err().code(),
        Code::TooManyTries,
        "the page names the mail that this counts from"
    );
    town.act(town.director, |tx| withdraw_link(tx, delivery.id));
    town.wait(chrono::Duration::hours(25));
    assert_eq!(again().unwrap_err().code(), Code::Conflict, "no link opens it any more");
}

#[test]
fn an_order_counts_its_deliveries_and_pages_what_its_client_wants_mended() {
    let town = Town::new();
    let (worker, _) = town.worker("Aoki");
    let order = town.order(100_000);
    let units = town.finishes(worker, town.job(order.id, 5).id, 5);
    let mut deliveries = Vec::new();
    for (sent, fixes) in [(&units[..3], 2), (&units[3..], 1)] {
        let (delivery, secret) = town.delivers(order.id, sent);
        let code = town.code(&secret);
        let answer = |(at, unit): (usize, &UnitId)| {
            if at < fixes { (*unit, "fix", "日付を直して") } else { (*unit, "accepted", "") }
        };
        let answers: Vec<_> = sent.iter().enumerate().map(answer).collect();
        town.answers(&secret, &code, &answers).unwrap();
        deliveries.push(delivery.id);
    }
    let counted = town.act(town.director, |tx| counted_of_order(tx, order.id));
    let said: Vec<_> =
        counted.iter().map(|(one, units)| (one.number, units.all, units.accepted, units.fixes)).collect();
    assert_eq!(said, [(1, 3, 1, 2), (2, 2, 1, 1)]);
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = town.act(town.director, |tx| wishes(tx, order.id, &Paging { after, ..Paging::first(1) }));
        found.extend(page.items);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let said: Vec<_> = found.iter().map(|wish| (wish.delivery, wish.unit)).collect();
    assert_eq!(said, [(deliveries[1], units[3]), (deliveries[0], units[0]), (deliveries[0], units[1])]);
    assert_eq!(
        (found[0].number, found[0].note.as_str(), found[0].state),
        (2, "日付を直して", UnitState::ClaimedBack)
    );
}
