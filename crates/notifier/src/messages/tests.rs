//! Queueing, freezing, taking back and sending once more, against a real database.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use kernel::{Language, Paging, PersonId, Scope};
use mail_parser::MessageParser;

use super::*;
use crate::fixture::{Bench, to};
use crate::mails::{
    DeliveryReminded, DeliverySent, Invitation, InvoiceSent, OrderOpened, QuoteSent, ReportWaits, TermsNotice,
};

fn order(title: &str) -> OrderOpened {
    OrderOpened { order_title: title.to_owned(), ..OrderOpened::sample(Language::Ja) }
}

#[test]
fn a_queued_mail_is_whole_and_its_bytes_are_its_own() {
    let bench = Bench::new();
    let person = bench.db.person(bench.town, "Yamada", &["coordinator"]);
    let recipient = Recipient { party: Party::Person(person), ..to("yamada") };
    let id = bench.queue_mail(order("写真の切り抜き"), recipient);

    let message = bench.find(id);
    assert_eq!(message.summary.subject, "新しい受注（納期 2026年12月7日(月)）：写真の切り抜き");
    assert_eq!((message.summary.state, message.summary.party), (MessageState::Queued, Party::Person(person)));
    assert_eq!(message.expires_at, bench.now() + TimeDelta::days(3));
    assert_eq!(message.asked_by, "system");

    let bytes = bench.frozen(id);
    let parsed = MessageParser::default().parse(&bytes).unwrap();
    assert_eq!(format!("<{}>", parsed.message_id().unwrap()), message.message_id);
    assert_eq!(parsed.date().unwrap().to_timestamp(), bench.now().timestamp());
    assert!(parsed.body_text(0).unwrap().contains("山田 太郎 さん"));
    assert!(parsed.body_html(0).unwrap().contains("<html lang=\"ja\">"));
    let digest = <sha2::Sha256 as sha2::Digest>::digest(&bytes);
    assert_eq!(message.sha256, compose::hex(&digest));
}

#[test]
fn lists_show_the_newest_first_and_only_what_was_asked_for() {
    let bench = Bench::new();
    let person = bench.db.person(bench.town, "Yamada", &["coordinator"]);
    let first = bench.queue(Recipient { party: Party::Person(person), ..to("a") });
    let second = bench.queue(to("b"));
    bench.run(|tx| hold(tx, second)).unwrap();
    let ids = |filter: MessageFilter, paging: Paging<MessageId>| -> Vec<MessageId> {
        let page = bench.db.arrange(bench.town, |tx| recent(tx, &filter, &paging));
        page.items.into_iter().map(|row| row.id).collect()
    };
    assert_eq!(ids(MessageFilter::default(), Paging::first(10)), [second, first]);
    assert_eq!(ids(MessageFilter::default(), Paging { after: Some(second), limit: 10 }), [first]);
    let held = MessageFilter { state: Some(MessageState::Held), ..MessageFilter::default() };
    assert_eq!(ids(held, Paging::first(10)), [second]);
    let theirs = MessageFilter { person: Some(person), ..MessageFilter::default() };
    assert_eq!(ids(theirs, Paging::first(10)), [first]);
    let depths = bench.db.arrange(bench.town, depths);
    let depths: Vec<_> = depths.iter().map(|depth| (depth.state, depth.count)).collect();
    assert_eq!(depths, [(MessageState::Held, 1), (MessageState::Queued, 1)]);
}

#[test]
fn a_rolled_back_transaction_leaves_no_message() {
    let bench = Bench::new();
    let failed: Result<(), MessageError> = bench.run(|tx| {
        queue(tx, &bench.outbox, NewMessage::new(order("x"), to("a")))?;
        Err(MessageError::TooLate)
    });
    assert!(failed.is_err());
    assert_eq!(bench.count(), 0);
}

/// T22.
#[test]
fn t22_fifty_reactions_to_one_event_make_one_mail() {
    let bench = Bench::new();
    let event = bench.event();
    let queued = Arc::new(AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..50 {
            let (bench, queued) = (&bench, queued.clone());
            scope.spawn(move || {
                let message = NewMessage::new(order("x"), to("a")).about(event);
                if bench.run(|tx| queue(tx, &bench.outbox, message)).unwrap().id().is_some() {
                    queued.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
    });
    assert_eq!((queued.load(Ordering::SeqCst), bench.count()), (1, 1));
    let other = NewMessage::new(order("x"), to("b")).about(event);
    assert!(
        bench.run(|tx| queue(tx, &bench.outbox, other)).unwrap().id().is_some(),
        "another address is another mail"
    );
}

#[test]
fn one_event_about_three_things_makes_three_mails() {
    let bench = Bench::new();
    let event = bench.event();
    for thing in ["unit:1", "unit:2", "unit:3", "unit:2"] {
        let message = NewMessage::new(order("x"), to("a")).about(event).concerning(thing);
        bench.run(|tx| queue(tx, &bench.outbox, message)).unwrap();
    }
    assert_eq!(bench.count(), 3, "each once");
}

/// T1 through the verb: names and titles are lines, whatever was typed.
#[test]
fn t01_typed_line_ends_reach_no_header() {
    let bench = Bench::new();
    let forged = "x\r\nBcc: victim@example.jp\r\n\r\nevil";
    let id = bench.queue_mail(order(forged), Recipient { name: forged.to_owned(), ..to("a") });
    let bytes = bench.frozen(id);
    let parsed = MessageParser::default().parse(&bytes).unwrap();
    assert!(parsed.bcc().is_none());
    assert_eq!(parsed.to().unwrap().first().unwrap().name().unwrap(), "x  Bcc: victim@example.jp    evil");
    assert!(parsed.subject().unwrap().ends_with("：x  Bcc: victim@example.jp    evil"));
}

/// T5: stored as the person has it; what cannot be mailed is refused before anything is written.
#[test]
fn t05_addresses_are_stored_as_they_are_and_hopeless_ones_refused() {
    let bench = Bench::new();
    let address = |text: &str| EmailAddress::parse(text).unwrap();
    let carrier = Recipient { address: address("a..b.@docomo.ne.jp"), ..to("a") };
    assert_eq!(bench.find(bench.queue(carrier)).summary.to_address.as_str(), "a..b.@docomo.ne.jp");
    let long = format!("a@{}.jp", "長".repeat(60));
    let hopeless = NewMessage::new(order("x"), Recipient { address: address(&long), ..to("a") });
    let refused = bench.run(|tx| queue(tx, &bench.outbox, hopeless)).unwrap_err();
    assert_eq!(refused.code(), Code::NotAnEmail);
}

#[test]
fn a_person_may_hold_release_and_cancel_what_is_not_sent() {
    let bench = Bench::new();
    let id = bench.queue(to("a"));
    bench.run(|tx| hold(tx, id)).unwrap();
    bench.run(|tx| release(tx, id)).unwrap();
    assert_eq!(bench.state(id), MessageState::Queued);
    bench.run(|tx| cancel(tx, id)).unwrap();
    assert_eq!(bench.state(id), MessageState::Cancelled);
    assert!(bench.find(id).summary.ended_at.is_some());
    let again = bench.run(|tx| cancel(tx, id)).unwrap_err();
    assert_eq!(again.code(), Code::Conflict);
}

#[test]
fn what_is_out_of_date_is_not_released() {
    let bench = Bench::new();
    let id = bench.queue(to("a"));
    bench.run(|tx| hold(tx, id)).unwrap();
    bench.pass(Duration::from_hours(73));
    assert!(matches!(bench.run(|tx| release(tx, id)), Err(MessageError::TooLate)));
}

#[test]
fn an_ended_message_is_sent_once_more_with_a_reason() {
    let bench = Bench::new();
    let old = bench.queue_mail(TermsNotice::sample(Language::Ja), to("a"));
    let early = bench.run(|tx| resend(tx, old, &"電話で頼まれた".into())).unwrap_err();
    assert_eq!(early.code(), Code::Conflict);
    bench.run(|tx| cancel(tx, old)).unwrap();
    let unexplained = bench.run(|tx| resend(tx, old, &"".into())).unwrap_err();
    assert_eq!(unexplained.fields()[0].field, "reason");
    bench.pass(Duration::from_hours(200));
    let new = bench.run(|tx| resend(tx, old, &"電話で頼まれた".into())).unwrap();
    let message = bench.find(new);
    assert_eq!((message.resend_of, message.resend_reason.as_deref()), (Some(old), Some("電話で頼まれた")));
    assert_eq!((message.summary.state, message.summary.category), (MessageState::Queued, Category::Legal));
    assert_eq!(message.expires_at, bench.now() + TimeDelta::days(5));
    assert_ne!(message.message_id, bench.find(old).message_id);
    let sent = String::from_utf8(bench.frozen(new)).unwrap();
    assert!(sent.contains(&message.message_id));
}

#[test]
fn secrets_for_one_use_are_neither_shown_nor_repeated() {
    let bench = Bench::new();
    let id = bench.queue_mail(Invitation::sample(Language::Ja), to("a"));
    assert_eq!(bench.db.arrange(bench.town, |tx| content(tx, id)), None);
    bench.run(|tx| cancel(tx, id)).unwrap();
    assert!(matches!(bench.run(|tx| resend(tx, id, &"x".into())), Err(MessageError::NotRepeatable)));
    let open = bench.queue(to("b"));
    let text = bench.db.arrange(bench.town, |tx| content(tx, open)).unwrap();
    assert!(text.contains("https://yui.example/orders/9"), "{text}");
}

/// A quote is accepted by whoever has its link.
#[test]
fn what_opens_a_clients_link_is_for_the_client_alone() {
    let bench = Bench::new();
    let secret = accounts::OrgSecret::generate(bench.town).text();
    let link = |page: &str| bench.outbox.link(&format!("/{page}/{secret}"));
    let shown = |id| bench.db.arrange(bench.town, |tx| content(tx, id)).unwrap();
    let (quote, bill) = (QuoteSent::sample(Language::Ja), InvoiceSent::sample(Language::Ja));
    let delivery = DeliverySent::sample(Language::Ja);
    for (page, id) in [
        ("q", bench.queue_mail(QuoteSent { link: link("q"), ..quote }, to("a"))),
        ("c", bench.queue_mail(DeliverySent { link: link("c"), ..delivery }, to("a"))),
        ("b", bench.queue_mail(InvoiceSent { link: link("b"), ..bill }, to("a"))),
    ] {
        let text = shown(id);
        assert!(text.contains(&format!("https://yui.example/{page}/…")) && !text.contains(&secret), "{text}");
        let sent = crate::reading::read(&bench.frozen(id));
        assert!(sent.links.contains(&link(page).as_str().to_owned()), "the mail itself has it");
    }
    let contact = Recipient { party: Party::Contact(ContactId(7)), ..to("a") };
    let wish = Unsubscribe::new(bench.town, contact.party, Category::Commercial).unwrap();
    let wish = wish.text(bench.outbox.key());
    let masked = lists::without_secrets(&format!("「https://yui.example/unsubscribe/{wish}」です"));
    assert_eq!(masked, "「https://yui.example/unsubscribe/…」です");
    let plain = format!("https://yui.example/orders/9?after=12#x\n{}\n", "-".repeat(60));
    assert_eq!(lists::without_secrets(&plain), plain);
}

/// Whoever is not named at the desk does not know that something is there: not that of a report, and not who wrote it.
/// Something that is done with a message.
type Verb<'a> = &'a dyn Fn(&mut Tx<'_>) -> Result<(), MessageError>;

#[test]
fn what_waits_at_the_desk_is_in_no_log_and_only_counted() {
    let bench = Bench::new();
    let reporter = bench.db.person(bench.town, "Yamada", &["worker"]);
    let admin = bench.db.person(bench.town, "Sato", &["admin", "coordinator"]);
    let recipient = Recipient { party: Party::Person(reporter), ..to("yamada") };
    let other = bench.queue(to("b"));
    let desk = bench.queue_mail(ReportWaits::sample(Language::Ja), recipient);
    let list = |filter: MessageFilter| -> Vec<MessageId> {
        let page = bench.db.acting(bench.town, admin, |tx| recent(tx, &filter, &Paging::first(9))).unwrap();
        page.items.into_iter().map(|one| one.id).collect()
    };
    let named = MessageFilter { text: Some("山田".to_owned()), ..MessageFilter::default() };
    assert_eq!((list(MessageFilter::default()), list(named)), (vec![other], vec![other]));
    assert_eq!(list(MessageFilter { person: Some(reporter), ..MessageFilter::default() }), []);
    let reason: Typed = "x".into();
    let verbs: [Verb<'_>; 8] = [
        &|tx| Ok(find(tx, desk).map(|_| ())?),
        &|tx| Ok(content(tx, desk).map(|_| ())?),
        &|tx| hold(tx, desk),
        &|tx| release(tx, desk),
        &|tx| cancel(tx, desk),
        &|tx| bounce(tx, desk, "x"),
        &|tx| seen(tx, desk),
        &|tx| resend(tx, desk, &reason).map(|_| ()),
    ];
    for state in ["queued", "dead", "accepted", "held"] {
        let ended = if ["dead", "accepted"].contains(&state) { "now()" } else { "NULL" };
        bench.sql(&format!("UPDATE messages SET state = '{state}', ended_at = {ended}"));
        for (which, verb) in verbs.iter().enumerate() {
            let answer = bench.db.acting(bench.town, admin, verb).unwrap_err();
            assert_eq!(answer.code(), Code::NotFound, "{state} {which}");
        }
    }
    bench.sql(
        "UPDATE messages SET state = 'dead', ended_at = now(); \
         INSERT INTO message_attempts (organization_id, message_id, attempt, relay, started_at, ended_at, outcome, stage, \
         reason, reply) SELECT organization_id, id, 1, 'relay', now(), now(), 'deferred', 'recipient', 'greylisted', \
         '450 ' || to_address FROM messages ORDER BY id DESC",
    );
    let found = bench.db.acting(bench.town, admin, stuck).unwrap().remove(0);
    assert_eq!(
        (found.count, found.reply.as_deref()),
        (2, Some("450 b@example.jp")),
        "that something is stuck"
    );
    assert_eq!(bench.db.acting(bench.town, admin, depths).unwrap()[0].count, 2);
    bench.sql("UPDATE message_attempts SET stage = 'data' WHERE reply LIKE '%yamada%'");
    let found = bench.db.acting(bench.town, admin, stuck).unwrap();
    assert!(found.iter().all(|one| one.reply.as_deref() != Some("450 yamada@example.jp")), "{found:?}");
    let cause = found.into_iter().find(|one| one.cause.stage == "data").unwrap().cause;
    let driven = bench.db.acting(bench.town, admin, |tx| redrive(tx, &cause, &reason, 9)).unwrap();
    assert_eq!(driven, Redriven { sent: 1, left: 0 });
    assert_eq!(list(MessageFilter::default()), [other]);
    let told = bench.db.acting(bench.town, reporter, |tx| crate::feed::list(tx, reporter, &Paging::first(9)));
    assert_eq!(told.unwrap().items.into_iter().map(|one| one.id).collect::<Vec<_>>(), [desk], "their own");
}

#[test]
fn another_towns_message_is_not_there() {
    let bench = Bench::new();
    let id = bench.queue(to("a"));
    let theirs = bench.db.town("shiojiri");
    let looked: Result<Message, MessageError> = bench.db.acting(theirs, PersonId(1), |tx| Ok(find(tx, id)?));
    assert_eq!(looked.unwrap_err().code(), Code::NotFound);
    let cancelled = bench.db.app.run_blocking(Scope::system(theirs), |tx| cancel(tx, id));
    assert_eq!(cancelled.unwrap_err().code(), Code::NotFound);
}

/// 22:00 in Japan.
fn at_night(bench: &Bench) {
    bench.pass(Duration::from_hours(5));
}

fn hour_in_japan(time: DateTime<Utc>) -> String {
    time.with_timezone(&kernel::JST).format("%d %H:%M").to_string()
}

#[test]
fn what_can_wait_waits_for_the_morning_and_what_is_owed_does_not() {
    let bench = Bench::new();
    at_night(&bench);
    let work = bench.find(bench.queue(to("a")));
    assert_eq!(hour_in_japan(work.not_before), "16 08:00");
    assert_eq!(work.expires_at, work.not_before + TimeDelta::days(3), "its life begins with its morning");
    for owed in [
        bench.queue_mail(TermsNotice::sample(Language::Ja), to("a")),
        bench.queue_mail(Invitation::sample(Language::Ja), to("a")),
    ] {
        assert_eq!(bench.find(owed).not_before, bench.now());
    }
    let asked = NewMessage::new(order("x"), to("b")).as_asked();
    let asked = bench.run(|tx| queue(tx, &bench.outbox, asked)).unwrap().id().unwrap();
    assert_eq!(bench.find(asked).not_before, bench.now());
}

#[test]
fn an_address_gets_its_share_and_the_rest_waits_its_turn() {
    let bench = Bench::new();
    let offer = |_| bench.queue_mail(crate::mails::WorkOffered::sample(Language::Ja), to("a"));
    let ids: Vec<MessageId> = (0..13).map(offer).collect();
    let due = |index: usize| bench.find(ids[index]).not_before;
    assert!((0..12).all(|index| due(index) == bench.now()));
    assert_eq!(due(12), bench.now() + TimeDelta::days(1));
    let another = bench.queue_mail(crate::mails::WorkOffered::sample(Language::Ja), to("b"));
    assert_eq!(bench.find(another).not_before, bench.now());
}

#[test]
fn a_newer_mail_about_the_same_thing_takes_the_place_of_one_that_waits() {
    let bench = Bench::new();
    let delivery = |thing: &str| {
        let mail = DeliverySent::sample(Language::Ja);
        let message = NewMessage::new(mail, to("a")).concerning(thing).instead_of_older();
        bench.run(|tx| queue(tx, &bench.outbox, message)).unwrap().id().unwrap()
    };
    let (first, other) = (delivery("delivery:14"), delivery("delivery:15"));
    let newer = delivery("delivery:14");
    assert_eq!(bench.state(first), MessageState::Cancelled);
    assert_eq!((bench.state(other), bench.state(newer)), (MessageState::Queued, MessageState::Queued));
    let events = bench.find(first).events;
    assert_eq!(
        (events[0].kind, events[0].detail.as_str()),
        (Happening::Replaced, newer.to_string().as_str())
    );
}

#[test]
fn search_finds_name_address_and_subject_and_takes_signs_literally() {
    let bench = Bench::new();
    let first = bench.queue_mail(order("写真の切り抜き 100%"), to("yamada"));
    let second = bench.queue(Recipient { name: "高橋 一郎".to_owned(), ..to("takahashi_i") });
    let found = |text: &str| -> Vec<MessageId> {
        let filter = MessageFilter { text: Some(text.to_owned()), ..MessageFilter::default() };
        let page = bench.db.arrange(bench.town, |tx| recent(tx, &filter, &Paging::first(10)));
        page.items.into_iter().map(|row| row.id).collect()
    };
    assert_eq!(found("YAMADA@"), [first]);
    assert_eq!(found("高橋"), [second]);
    assert_eq!(found("100%"), [first]);
    assert_eq!(found("i_i"), [second]);
    assert_eq!(found("%"), [first]);
    assert_eq!(found("ｼｬｼﾝ"), [first; 0], "kana are not kanji");
    assert_eq!(found("髙橋"), [second], "a name is found in any of its spellings");
    assert_eq!(found("高橋一郎"), [second], "spaces do not count");
    assert_eq!(found("Ｙａｍａｄａ"), [first], "nor does the width");
}

#[test]
fn search_goes_no_further_than_its_own_town() {
    let bench = Bench::new();
    bench.queue(to("yamada"));
    let theirs = bench.db.town("shiojiri");
    let filter = MessageFilter { text: Some("yamada".to_owned()), ..MessageFilter::default() };
    let page = bench.db.arrange(theirs, |tx| recent(tx, &filter, &Paging::first(10)));
    assert!(page.items.is_empty());
    let of_its_own = bench.db.arrange(bench.town, |tx| recent(tx, &filter, &Paging::first(10)));
    assert_eq!(of_its_own.items.len(), 1);
}

#[test]
fn who_reads_about_it_is_noted_once_and_only_where_a_relay_took_it() {
    let bench = Bench::new();
    let person = bench.db.person(bench.town, "Yamada", &["worker"]);
    let stranger = bench.db.person(bench.town, "Sato", &["worker"]);
    let recipient = Recipient { party: Party::Person(person), ..to("yamada") };
    let message = NewMessage::new(TermsNotice::sample(Language::Ja), recipient).concerning("terms:31");
    let id = bench.run(|tx| queue(tx, &bench.outbox, message)).unwrap().id().unwrap();
    let opens = || bench.find(id).events.iter().filter(|event| event.kind == Happening::Opened).count();
    bench.run(|tx| Ok(opened(tx, person, "terms:31")?)).unwrap();
    assert_eq!(opens(), 0, "not sent yet");
    let (post, _mailbox) = crate::fixture::Post::scripted();
    crate::sending::run_once(&bench.depot(), &post.relay()).unwrap();
    for reader in [stranger, person, person] {
        bench.run(|tx| Ok(opened(tx, reader, "terms:31")?)).unwrap();
    }
    assert_eq!(opens(), 1);
}

#[test]
fn what_an_address_got_lately_is_read_from_the_newest_on() {
    let bench = Bench::new();
    let address = to("a").address;
    let plan = bench.db.arrange(bench.town, |tx| lists::explaining::plan(tx, &address));
    assert!(plan.contains("messages_latest_to") && !plan.contains("Sort"), "{plan}");
}

#[test]
fn mails_about_one_thing_to_one_reader_are_one_thread() {
    let bench = Bench::new();
    let about = |thing: &str, local: &str| {
        let message = NewMessage::new(order("x"), to(local)).concerning(thing);
        bench.run(|tx| queue(tx, &bench.outbox, message)).unwrap().id().unwrap()
    };
    let thread = |id| {
        let bytes = bench.frozen(id);
        let parsed = MessageParser::default().parse(&bytes).unwrap();
        let both =
            [parsed.in_reply_to(), parsed.references()].map(|value| value.as_text().map(str::to_owned));
        assert_eq!(both[0], both[1]);
        both[0].clone().map(|id| format!("<{id}>"))
    };
    let first = about("delivery:7", "a");
    let [second, third] = [about("delivery:7", "a"), about("delivery:7", "a")];
    let root = Some(bench.find(first).message_id);
    assert_eq!([thread(first), thread(second), thread(third)], [None, root.clone(), root]);
    assert_eq!(thread(about("delivery:7", "b")), None, "another reader has a thread of their own");
    assert_eq!(thread(about("delivery:8", "a")), None);
    let secret = || NewMessage::new(Invitation::sample(Language::Ja), to("a")).concerning("delivery:7");
    let id = bench.run(|tx| queue(tx, &bench.outbox, secret())).unwrap().id().unwrap();
    assert_eq!(thread(id), None, "a mail with a secret stands alone");
}

#[test]
fn whether_a_mail_came_is_told_by_the_newest_one_of_its_kind_to_that_address() {
    let bench = Bench::new();
    let (post, _mailbox) = crate::fixture::Post::scripted();
    let began = bench.now();
    let reminder = |local: &str, thing: &str| {
        let mail = DeliveryReminded::sample(Language::Ja);
        let message = NewMessage::new(mail, to(local)).concerning(thing);
        bench.run(|tx| queue(tx, &bench.outbox, message)).unwrap().id().unwrap()
    };
    let came = |local: &str, since: DateTime<Utc>| {
        let address = to(local).address;
        let kind = DeliveryReminded::NAME;
        bench.db.arrange(bench.town, |tx| arrival(tx, kind, "delivery:7", &address, since))
    };
    reminder("a", "delivery:8");
    let sent = NewMessage::new(DeliverySent::sample(Language::Ja), to("a")).concerning("delivery:7");
    bench.run(|tx| queue(tx, &bench.outbox, sent)).unwrap();
    assert_eq!(came("a", began), Arrival::Never, "about another thing, and of another kind");
    let first = reminder("a", "delivery:7");
    assert_eq!((came("a", began), came("b", began)), (Arrival::UnderWay, Arrival::Never));
    bench.pass(Duration::from_mins(5));
    crate::sending::run_once(&bench.depot(), &post.relay()).unwrap();
    let taken = bench.now();
    assert_eq!((came("a", began), came("A", began)), (Arrival::Taken(taken), Arrival::Taken(taken)));
    assert_eq!(came("a", taken), Arrival::Never, "it was written before");
    bench.pass(Duration::from_mins(5));
    bench.run(|tx| bounce(tx, first, "550 5.7.1 not wanted here")).unwrap();
    assert_eq!(came("a", began), Arrival::Returned(bench.now()));
    let again = reminder("a", "delivery:7");
    let (state, at) = ("UPDATE messages SET lease = NULL, lease_until = NULL, state =", bench.now());
    for (is, ended, becomes) in [
        ("deferred", "NULL", Arrival::UnderWay),
        ("held", "NULL", Arrival::UnderWay),
        ("unknown", "NULL", Arrival::UnderWay),
        ("rejected", "created_at", Arrival::Returned(at)),
        ("expired", "created_at", Arrival::Never),
        ("dead", "created_at", Arrival::Never),
        ("complained", "created_at", Arrival::Never),
        ("accepted", "created_at", Arrival::Taken(at)),
    ] {
        bench.sql(&format!("{state} '{is}', ended_at = {ended} WHERE id = {again}"));
        assert_eq!(came("a", began), becomes, "{is}");
    }
    let needless = reminder("a", "delivery:7");
    assert_eq!(came("a", began), Arrival::UnderWay, "the newest one tells");
    bench.run(|tx| cancel(tx, needless)).unwrap();
    assert_eq!(came("a", began), Arrival::Taken(at), "but for one that was taken back");
}

#[test]
fn what_stopped_for_one_reason_is_sent_off_together_and_once() {
    let bench = Bench::new();
    let ids: Vec<MessageId> = ["a", "b", "c", "d"].iter().map(|local| bench.queue(to(local))).collect();
    let secret = bench.queue_mail(Invitation::sample(Language::Ja), to("e"));
    bench.sql(&format!(
        "UPDATE messages SET state = 'dead', ended_at = now() WHERE id IN ({}, {}, {secret}); \
         UPDATE messages SET state = 'held' WHERE id = {}; \
         INSERT INTO message_attempts (organization_id, message_id, attempt, relay, started_at, ended_at, outcome, stage, \
         reason, reply) SELECT organization_id, id, 1, 'relay', now(), now(), 'deferred', 'recipient', 'greylisted', \
         '450 4.2.0 not now' FROM messages WHERE state = 'dead'",
        ids[0], ids[1], ids[2]
    ));
    let stuck = |bench: &Bench| bench.db.arrange(bench.town, stuck);
    let found = stuck(&bench);
    let seen: Vec<_> =
        found.iter().map(|one| (one.cause.state, one.cause.stage.as_str(), one.count)).collect();
    assert_eq!(seen, [(MessageState::Dead, "recipient", 3), (MessageState::Held, "", 1)]);
    assert_eq!(bench.db.arrange(bench.town, stuck_count), 4);
    assert_eq!(found[0].reply.as_deref(), Some("450 4.2.0 not now"));
    let drive = |cause: &Cause, reason: &str| bench.run(|tx| redrive(tx, cause, &reason.into(), 100));
    assert!(matches!(drive(&found[0].cause, ""), Err(MessageError::Invalid(_))));
    assert_eq!(drive(&found[0].cause, "中継サーバーを直した").unwrap(), Redriven { sent: 2, left: 1 });
    assert_eq!(drive(&found[0].cause, "もう一度").unwrap(), Redriven { sent: 0, left: 1 }, "each goes once");
    assert_eq!(drive(&found[1].cause, "確認した").unwrap(), Redriven { sent: 1, left: 0 });
    assert_eq!(bench.state(ids[2]), MessageState::Queued, "the same mail with the same bytes");
    let seen: Vec<_> = stuck(&bench).iter().map(|one| (one.cause.state, one.count)).collect();
    assert_eq!(seen, [(MessageState::Dead, 1)], "the secret for one use stays");
    assert_eq!(
        (found[0].repeatable, stuck(&bench)[0].repeatable),
        (2, 0),
        "and nobody is asked to send it again"
    );
    let queued = MessageFilter { state: Some(MessageState::Queued), ..MessageFilter::default() };
    let queued = bench.db.arrange(bench.town, |tx| recent(tx, &queued, &Paging::first(10)));
    assert_eq!(queued.items.len(), 4, "two anew, one let go, one that waited");
}

#[test]
fn what_has_to_stay_does_not_stand_before_what_may_go() {
    let bench = Bench::new();
    let secrets: Vec<MessageId> = ["a", "b", "c"]
        .iter()
        .map(|local| bench.queue_mail(Invitation::sample(Language::Ja), to(local)))
        .collect();
    let later: Vec<MessageId> = ["d", "e", "f"].iter().map(|local| bench.queue(to(local))).collect();
    bench.sql("UPDATE messages SET state = 'dead', ended_at = now()");
    assert!(secrets.iter().max() < later.iter().min());
    let cause = bench.db.arrange(bench.town, stuck).remove(0).cause;
    let drive = || bench.run(|tx| redrive(tx, &cause, &"直した".into(), 2)).unwrap();
    assert_eq!(drive(), Redriven { sent: 2, left: 3 });
    assert_eq!(drive(), Redriven { sent: 1, left: 3 });
    assert_eq!(drive(), Redriven { sent: 0, left: 3 });
}

/// Held up by [`redrive`]'s own locks, the second finds what the first has sent.
#[test]
fn two_at_once_send_each_of_them_once() {
    let bench = Bench::new();
    let ids: Vec<MessageId> = ["a", "b", "c"].iter().map(|local| bench.queue(to(local))).collect();
    bench.sql("UPDATE messages SET state = 'dead', ended_at = now()");
    let cause = bench.db.arrange(bench.town, stuck).remove(0).cause;
    let drive = |tx: &mut Tx<'_>| redrive(tx, &cause, &"直した".into(), 100);
    let (first, second) = std::thread::scope(|scope| {
        let mut second = None;
        let first = bench.run(|tx| {
            let first = drive(tx)?;
            second = Some(scope.spawn(|| bench.run(drive)));
            until_somebody_waits(tx);
            Ok(first)
        });
        (first.unwrap(), second.unwrap().join().unwrap().unwrap())
    });
    assert_eq!((first, second), (Redriven { sent: 3, left: 0 }, Redriven { sent: 0, left: 0 }));
    assert_eq!(bench.count(), 6);
    bench.run(|tx| resend(tx, ids[0], &"電話で頼まれた".into())).unwrap();
    assert_eq!(bench.count(), 7, "whoever asks for one mail means it");
}

/// Until another transaction waits for what this one has locked.
fn until_somebody_waits(tx: &mut Tx<'_>) {
    use diesel::RunQueryDsl as _;
    #[derive(diesel::QueryableByName)]
    struct Waits {
        #[diesel(sql_type = diesel::sql_types::Bool)]
        waits: bool,
    }
    let asked = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND locktype = 'transactionid' \
        AND transactionid = pg_current_xact_id()::xid) AS waits";
    for _look in 0..1_000 {
        let found: Waits = diesel::sql_query(asked).get_result(tx.conn()).unwrap();
        if found.waits {
            return;
        }
        queue::Wake::default().wait(Duration::from_millis(10));
    }
    panic!("nobody waits");
}

#[test]
fn what_is_sent_off_together_keeps_its_readers_hours() {
    let bench = Bench::new();
    let [first, second] = ["a", "b"].map(|local| bench.queue(to(local)));
    bench.sql("UPDATE messages SET state = 'expired', ended_at = now()");
    // 22:00 in Japan.
    bench.pass(Duration::from_hours(5));
    let cause = bench.db.arrange(bench.town, stuck).remove(0).cause;
    let new = bench.run(|tx| resend(tx, first, &"電話で頼まれた".into())).unwrap();
    assert_eq!(bench.find(new).not_before, bench.now(), "whoever asks for one mail gets it now");
    assert_eq!(
        bench.run(|tx| redrive(tx, &cause, &"直した".into(), 100)).unwrap(),
        Redriven { sent: 1, left: 0 }
    );
    let waiting = MessageFilter { state: Some(MessageState::Queued), ..MessageFilter::default() };
    let newest = bench.db.arrange(bench.town, |tx| recent(tx, &waiting, &Paging::first(1))).items.remove(0);
    let again = bench.find(newest.id);
    assert_eq!(again.resend_of, Some(second));
    assert_eq!(again.not_before, bench.now() + TimeDelta::hours(10), "8:00 in the morning");
    assert_eq!(again.expires_at, again.not_before + TimeDelta::days(3));
}

#[test]
fn what_ended_badly_needs_a_look_until_it_is_sent_once_more_or_seen() {
    let bench = Bench::new();
    let states = ["rejected", "bounced", "complained", "dead", "expired", "held", "unknown"];
    let ids: Vec<MessageId> = states
        .iter()
        .map(|state| {
            let id = bench.queue(to(state));
            let ended = if ["held", "unknown"].contains(state) { "NULL" } else { "now()" };
            bench.sql(&format!("UPDATE messages SET state = '{state}', ended_at = {ended} WHERE id = {id}"));
            id
        })
        .collect();
    let code = bench.queue_mail(Invitation::sample(Language::Ja), to("code"));
    bench.sql(&format!("UPDATE messages SET state = 'expired', ended_at = now() WHERE id = {code}"));
    let left = || {
        (
            bench.db.arrange(bench.town, troubled_count),
            bench.db.arrange(bench.town, stuck).iter().map(|one| one.count).sum::<i64>(),
        )
    };
    assert_eq!(left(), (8, 5), "what was refused is no matter of sending it off again");
    bench.run(|tx| resend(tx, ids[1], &"アドレスを直した".into())).unwrap();
    assert_eq!(left(), (7, 5), "sent once more, it is settled");
    for _twice in 0..2 {
        bench.run(|tx| seen(tx, code)).unwrap();
    }
    assert_eq!(left(), (6, 4));
    let events: Vec<Happening> = bench.find(code).events.iter().map(|event| event.kind).collect();
    assert_eq!(events, [Happening::Seen], "once, and it stays on record");
    assert!(matches!(bench.run(|tx| seen(tx, ids[5])), Err(MessageError::NotPossible(_))), "it waits still");
    let dead = Cause { state: MessageState::Dead, stage: String::new(), reason: String::new() };
    assert_eq!(bench.run(|tx| all_seen(tx, &dead)).unwrap(), 1);
    assert_eq!(left(), (5, 3));
}

#[test]
fn what_would_come_too_late_is_not_queued() {
    let bench = Bench::new();
    let person = bench.db.person(bench.town, "Yamada", &["worker"]);
    let recipient = Recipient { party: Party::Person(person), ..to("yamada") };
    // 22:00 in Japan.
    bench.pass(Duration::from_hours(5));
    let until = |hours: i64| {
        let expires_at = Some(bench.now() + TimeDelta::hours(hours));
        let message = NewMessage { expires_at, ..NewMessage::new(order("x"), recipient.clone()) };
        bench.run(|tx| queue(tx, &bench.outbox, message)).unwrap()
    };
    assert_eq!((until(-1), bench.count()), (Queued::TooLate, 0), "nobody needs it any more");
    assert_eq!((until(9), bench.count()), (Queued::TooLate, 1), "an hour before the morning");
    let kept = bench.db.arrange(bench.town, |tx| recent(tx, &MessageFilter::default(), &Paging::first(1)));
    let kept = bench.find(kept.items[0].id);
    assert_eq!((kept.summary.state, kept.events[0].kind), (MessageState::Cancelled, Happening::TooLate));
    let found = bench.db.arrange(bench.town, |tx| crate::feed::list(tx, person, &Paging::first(5)));
    assert_eq!(found.items.iter().map(|one| one.id).collect::<Vec<_>>(), [kept.summary.id]);
    assert!(until(11).id().is_some());
    let to_nobody = NewMessage { expires_at: Some(bench.now()), ..NewMessage::new(order("x"), to("a")) };
    assert_eq!(bench.run(|tx| queue(tx, &bench.outbox, to_nobody)).unwrap(), Queued::TooLate);
    assert_eq!(bench.count(), 2, "of others nothing is kept");
}
