//! Whom a notice did not reach is called.

use std::time::Duration;

use kernel::{Language, Paging};

use super::*;
use crate::fixture::{Bench, Post, to};
use crate::mails::{Mail, OrderOpened, TermsNotice};
use crate::messages::{self, MessageState, NewMessage, Party, Queued, Recipient};
use crate::sending::run_once;
use crate::suppressions;

fn list_of(bench: &Bench) -> Vec<Call> {
    bench.db.arrange(bench.town, |tx| list(tx, &Paging::first(10))).items
}

fn terms(bench: &Bench, recipient: Recipient) -> MessageId {
    let message = NewMessage::new(TermsNotice::sample(Language::Ja), recipient).concerning("terms:31");
    bench.run(|tx| messages::queue(tx, &bench.outbox, message)).unwrap().id().unwrap()
}

fn events(bench: &Bench) -> i64 {
    #[derive(diesel::QueryableByName)]
    struct Count {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        count: i64,
    }
    use diesel::RunQueryDsl as _;
    let sql = "SELECT count(*) AS count FROM events WHERE kind = 'mail.call_needed'";
    diesel::sql_query(sql).get_result::<Count>(&mut bench.db.owner()).unwrap().count
}

#[test]
fn a_legal_notice_that_does_not_arrive_becomes_a_call() {
    let bench = Bench::new();
    let (post, _mailbox) = Post::scripted();
    let gone = terms(&bench, to("r550-5.1.1"));
    let fine = terms(&bench, to("a"));
    let spam = terms(&bench, to("f554-5.7.1"));
    let work = bench.queue(to("f552-5.2.2"));
    for _ in 0..3 {
        run_once(&bench.depot(), &post.relay()).unwrap();
    }
    let calls = list_of(&bench);
    let messages: Vec<_> = calls.iter().map(|call| (call.message.unwrap(), call.category)).collect();
    let legal = messages::Category::Legal;
    assert_eq!(messages, [(gone, legal), (spam, legal)], "what a relay finds to be spam is held for ever");
    assert_eq!(events(&bench), 2, "each is told once");
    assert_ne!(bench.state(work), MessageState::Rejected);

    bench.run(|tx| messages::bounce(tx, fine, "550 5.1.1 unknown")).unwrap();
    assert_eq!(bench.state(fine), MessageState::Bounced);
    let reasons: Vec<_> = list_of(&bench).iter().map(|call| call.reason).collect();
    assert_eq!(reasons[2..], [CallReason::Bounced]);
}

#[test]
fn whom_no_mail_can_reach_is_called() {
    let bench = Bench::new();
    let person = bench.db.person(bench.town, "Yamada", &["worker"]);
    let notice = TermsNotice::sample(Language::Ja);
    let event = bench.event();
    let tell = |thing: &str| {
        let who = Unmailable {
            event,
            person,
            name: "山田 太郎".to_owned(),
            language: Language::Ja,
            concerns: Some(thing.to_owned()),
        };
        bench.run(|tx| instead_of_mail(tx, &bench.outbox, who, &notice)).unwrap();
    };
    tell("terms:31");
    tell("terms:31");
    tell("terms:32");
    let calls = list_of(&bench);
    assert_eq!(calls.len(), 2, "one for each thing: {calls:?}");
    assert_eq!((calls[0].message, &calls[0].address), (None, &None));
    assert_eq!((calls[0].party, calls[0].name.as_str()), (Party::Person(person), "山田 太郎"));
    assert!(calls[0].subject.contains("取引条件"), "{}", calls[0].subject);
    assert_eq!((calls[0].reason, events(&bench)), (CallReason::Unmailable, 2));
}

#[test]
fn a_legal_notice_that_nobody_opens_becomes_a_call() {
    let bench = Bench::new();
    let (post, _mailbox) = Post::scripted();
    let person = bench.db.person(bench.town, "Yamada", &["worker"]);
    let unread = terms(&bench, to("a"));
    let read = terms(&bench, Recipient { party: Party::Person(person), ..to("yamada") });
    run_once(&bench.depot(), &post.relay()).unwrap();
    bench.run(|tx| Ok(messages::opened(tx, person, "terms:31")?)).unwrap();
    bench.pass(Duration::from_hours(71));
    run_once(&bench.depot(), &post.relay()).unwrap();
    assert!(list_of(&bench).is_empty());
    bench.pass(Duration::from_hours(1));
    run_once(&bench.depot(), &post.relay()).unwrap();
    let calls: Vec<_> = list_of(&bench).iter().map(|call| (call.message, call.reason)).collect();
    assert_eq!(calls, [(Some(unread), CallReason::NotRead)]);
    assert_eq!(bench.state(read), MessageState::Accepted);

    let call = list_of(&bench)[0].id;
    let by = bench.db.person(bench.town, "Kato", &["coordinator"]);
    let empty = bench.db.acting(bench.town, by, |tx| close(tx, call, &CallInput::default()));
    assert!(matches!(empty, Err(CallError::Invalid(_))), "what came of it is the proof");
    let told = CallInput { note: "電話で伝えた".into() };
    bench.db.acting(bench.town, by, |tx| close(tx, call, &told)).unwrap();
    let twice = bench.db.acting(bench.town, by, |tx| close(tx, call, &told));
    assert!(matches!(twice, Err(CallError::Done)));
    run_once(&bench.depot(), &post.relay()).unwrap();
    assert!(list_of(&bench).is_empty(), "who was called is not called again");
}

/// T13: the address is dead for all that is not owed, until somebody knows better.
#[test]
fn t13_a_dead_address_gets_only_what_is_owed_until_it_is_lifted() {
    let bench = Bench::new();
    let (post, _mailbox) = Post::scripted();
    bench.queue(to("r550-5.1.1"));
    run_once(&bench.depot(), &post.relay()).unwrap();
    assert_eq!(list_of(&bench)[0].reason, CallReason::AddressDead);
    let ask = || {
        let message = NewMessage::new(OrderOpened::sample(Language::Ja), to("R550-5.1.1"));
        bench.run(|tx| messages::queue(tx, &bench.outbox, message)).unwrap()
    };
    assert_eq!(ask(), Queued::AddressDead);
    terms(&bench, to("r550-5.1.1"));
    let address = to("r550-5.1.1").address;
    bench.db.arrange(bench.town, |tx| {
        suppressions::lift(tx, &address, &"本人に確認".into()).unwrap();
        Ok(())
    });
    assert!(matches!(ask(), Queued::Message(_)));
}
