//! The honest contract, against a real database and a real SMTP conversation.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::TimeDelta;
use db::private_postgres::Role;
use kernel::{EmailAddress, Language, Paging};
use queue::connect_signals;

use super::*;
use crate::fixture::{Bench, Post, to, wait_for};
use crate::mails::{Invitation, Mail, ReportWaits, TermsNotice};
use crate::messages::{self, MessageError, MessageState, NewMessage, Recipient, Step};
use crate::sandbox::{self, SandboxMailbox};
use crate::sink::Step as SmtpStep;
use crate::sink::{Act, MemoryMailbox, Moment, Script, SignIn, SinkConfig};
use crate::smtp::{Credentials, Outcome, Reply, Transcript};
use crate::suppressions;

fn tally(attempts: usize, accepted: usize) -> Tally {
    Tally { attempts, accepted }
}

fn claim(bench: &Bench, most: i64) -> Vec<store::Claimed> {
    bench.db.queue.lobby_blocking(|lobby| store::claim(lobby, most, OrganizationId(0))).unwrap()
}

fn claim_and_begin(bench: &Bench) -> (store::Claimed, i64) {
    let claimed = claim(bench, 1).remove(0);
    let attempt =
        bench.db.queue.lobby_blocking(|lobby| store::begin(lobby, &claimed, "relay:25")).unwrap().unwrap();
    (claimed, attempt)
}

fn tidy(bench: &Bench) -> store::Tidied {
    store::tidy(&bench.db.queue, None).unwrap()
}

#[test]
fn a_queued_mail_reaches_the_sandbox_mailbox() {
    let bench = Bench::new();
    let arrived = Arc::new(MemoryMailbox::default());
    let mut config =
        SinkConfig::new(Arc::new(Both(SandboxMailbox::new(bench.db.queue.clone()), arrived.clone())));
    config.name = "sandbox.localhost".to_owned();
    let post = Post::start(config);
    let (wakes, _guard) = connect_signals(&bench.db.app, &bench.db.url(Role::Queue), &[MAILS]);
    // Nobody polls within the test: the commit itself has to wake a sender.
    let settings = SenderSettings { poll: Duration::from_hours(1), ..SenderSettings::default() };
    let senders = Senders::start(bench.depot(), vec![post.relay()], settings, &wakes, |_works| {}).unwrap();
    let id = bench.queue(to("yamada"));
    wait_for(&arrived, 1);
    senders.stop();

    assert_eq!(bench.state(id), MessageState::Accepted);
    let page = bench.db.arrange(bench.town, |tx| sandbox::recent(tx, None, &Paging::first(10)));
    assert_eq!(page.items.len(), 1);
    let mail = bench.db.arrange(bench.town, |tx| sandbox::find(tx, page.items[0].id));
    assert_eq!((mail.sender.as_str(), mail.recipient.as_str()), ("yui@town.example", "yamada@example.jp"));
    assert_eq!(mail.view.subject, bench.find(id).summary.subject);
    assert_eq!(mail.view.to, "山田 太郎 <yamada@example.jp>");
    assert_eq!(mail.view.links, ["https://yui.example/orders/9"]);
    assert!(mail.view.html.unwrap().contains("</html>"));
    let nobody = bench.db.arrange(bench.town, |tx| sandbox::recent(tx, Some("x@y.jp"), &Paging::first(10)));
    assert!(nobody.items.is_empty());
    let theirs = bench.db.town("shiojiri");
    let foreign = bench.db.arrange(theirs, |tx| sandbox::recent(tx, None, &Paging::first(10)));
    assert!(foreign.items.is_empty());
}

/// Stores in the sandbox, then tells the test.
struct Both(SandboxMailbox, Arc<MemoryMailbox>);

impl crate::sink::Mailbox for Both {
    fn deliver(&self, mail: crate::sink::ReceivedMail) -> Result<(), crate::sink::Refusal> {
        self.0.deliver(mail.clone())?;
        self.1.deliver(mail)
    }
}

#[test]
fn the_sandbox_refuses_mails_that_are_not_ours() {
    use crate::sink::Mailbox as _;
    let bench = Bench::new();
    let mailbox = SandboxMailbox::new(bench.db.queue.clone());
    let mail = |header: &str| crate::sink::ReceivedMail {
        hello: "x".to_owned(),
        user: None,
        from: None,
        recipients: vec!["a@b.jp".to_owned()],
        mail_parameters: Vec::new(),
        recipient_parameters: Vec::new(),
        message: format!("{header}\r\n\r\nx\r\n").into_bytes(),
        waits: 1,
        connection: 1,
    };
    assert!(mailbox.deliver(mail("Subject: x")).is_err());
    assert!(mailbox.deliver(mail("X-Yui-Organization: 999999")).is_err());
    assert!(mailbox.deliver(mail(&format!("X-Yui-Organization: {}", bench.town))).is_ok());
}

#[test]
fn a_rolled_back_transaction_sends_nothing() {
    let bench = Bench::new();
    let (post, mailbox) = Post::scripted();
    let order = crate::mails::OrderOpened::sample(Language::Ja);
    let failed: Result<(), MessageError> = bench.run(|tx| {
        messages::queue(tx, &bench.outbox, NewMessage::new(order, to("a")))?;
        Err(MessageError::TooLate)
    });
    assert!(failed.is_err());
    assert_eq!(run_once(&bench.depot(), &post.relay()).unwrap(), tally(0, 0));
    assert_eq!(mailbox.count(), 0);
}

/// T5: the wire gets the lawful form of what people have.
#[test]
fn t05_carriers_old_addresses_and_unicode_domains_are_reached() {
    let bench = Bench::new();
    let (post, mailbox) = Post::scripted();
    for address in ["a..b.@docomo.ne.jp", "yamada@日本語.jp", "y+z@example.jp"] {
        bench.queue(Recipient { address: EmailAddress::parse(address).unwrap(), ..to("a") });
    }
    assert_eq!(run_once(&bench.depot(), &post.relay()).unwrap(), tally(3, 3));
    let mut reached: Vec<String> = mailbox.mails().into_iter().flat_map(|mail| mail.recipients).collect();
    reached.sort();
    assert_eq!(reached, ["\"a..b.\"@docomo.ne.jp", "y+z@example.jp", "yamada@xn--wgv71a119e.jp"]);
}

/// T12, and byte-identical retries.
#[test]
fn t12_a_greylisted_mail_comes_back_later_with_the_same_bytes() {
    let bench = Bench::new();
    let (post, mailbox) = Post::scripted();
    let id = bench.queue(to("r450-4.2.0x2-then-ok"));
    for accepted in [0, 0, 1] {
        assert_eq!(run_once(&bench.depot(), &post.relay()).unwrap(), tally(1, accepted));
        assert_eq!(run_once(&bench.depot(), &post.relay()).unwrap(), tally(0, 0), "not before its time");
        bench.pass(Duration::from_hours(1));
    }
    assert_eq!(bench.outcomes(id), ["deferred", "deferred", "accepted"]);
    assert_eq!(bench.find(id).attempts[0].reason.as_deref(), Some("recipient"));
    assert_eq!(mailbox.mails()[0].message, bench.frozen(id));
}

/// T13.
#[test]
fn t13_refusals_for_good_are_told_apart() {
    let bench = Bench::new();
    let (post, _mailbox) = Post::scripted();
    let (gone, spam) = (bench.queue(to("r550-5.1.1")), bench.queue(to("f554-5.7.1")));
    assert_eq!(run_once(&bench.depot(), &post.relay()).unwrap(), tally(2, 0));
    let (gone, spam) = (bench.find(gone), bench.find(spam));
    assert_eq!((gone.summary.state, gone.attempts[0].suppress), (MessageState::Rejected, true));
    assert_eq!((spam.summary.state, spam.attempts[0].suppress), (MessageState::Held, false));
    assert_eq!(spam.attempts[0].reason.as_deref(), Some("policy"));
    assert!(gone.attempts[0].transcript.as_ref().unwrap().contains("RCPT TO"));
}

#[test]
fn an_address_that_refuses_a_mail_of_the_desk_is_not_left_alone_for_it() {
    let bench = Bench::new();
    let (post, _mailbox) = Post::scripted();
    let desk = bench.queue_mail(ReportWaits::sample(Language::Ja), to("r550-5.1.1"));
    assert_eq!(run_once(&bench.depot(), &post.relay()).unwrap(), tally(1, 0));
    assert_eq!(bench.state(desk), MessageState::Rejected);
    let dead = |local: &str| bench.db.arrange(bench.town, |tx| suppressions::is_dead(tx, &to(local).address));
    assert!(!dead("r550-5.1.1"), "who would see it there would know of the mail");
    bench.queue(to("r550-5.1.1"));
    run_once(&bench.depot(), &post.relay()).unwrap();
    assert!(dead("r550-5.1.1"), "the next other mail finds out");
}

/// T7: deliveries go as links, so nothing of ours is that large; what a relay finds too large waits for a person instead
/// of being tried for ever.
#[test]
fn t07_a_mail_that_is_too_large_for_the_relay_waits_for_a_person() {
    let bench = Bench::new();
    let mailbox = Arc::new(MemoryMailbox::default());
    let mut config = SinkConfig::new(mailbox.clone());
    config.limits.message_octets = 1_000;
    let post = Post::start(config);
    let id = bench.queue(to("a"));
    assert_eq!(run_once(&bench.depot(), &post.relay()).unwrap(), tally(1, 0));
    let message = bench.find(id);
    assert_eq!((message.summary.state, mailbox.count()), (MessageState::Held, 0));
    assert_eq!(message.attempts[0].reason.as_deref(), Some("size"));
    bench.pass(Duration::from_hours(12));
    assert_eq!(run_once(&bench.depot(), &post.relay()).unwrap(), tally(0, 0));
}

#[test]
fn what_got_no_answer_after_the_dot_is_settled_by_category() {
    let bench = Bench::new();
    let (post, mailbox) = Post::scripted();
    let legal = bench.queue_mail(TermsNotice::sample(Language::Ja), to("cut-after-dot"));
    let account = bench.queue_mail(Invitation::sample(Language::Ja), to("cut-after-dot+b"));
    run_once(&bench.depot(), &post.relay()).unwrap();
    assert_eq!((bench.state(legal), bench.state(account)), (MessageState::Unknown, MessageState::Unknown));
    for _ in 0..3 {
        bench.pass(messages::DOUBT_PAUSE);
        run_once(&bench.depot(), &post.relay()).unwrap();
    }
    assert_eq!(bench.outcomes(account), ["unknown"], "a secret for one use goes out once");
    assert_eq!(bench.outcomes(legal), ["unknown"; 3], "then a person decides");
    bench.pass(messages::DOUBT_PAUSE);
    tidy(&bench);
    assert_eq!((bench.state(legal), bench.state(account)), (MessageState::Held, MessageState::Held));
    let copies: Vec<_> =
        mailbox.mails().into_iter().filter(|mail| mail.recipients == ["cut-after-dot@example.jp"]).collect();
    assert_eq!(copies.len(), 3);
    assert!(copies.iter().all(|copy| copy.message == bench.frozen(legal)), "every copy is the same");
}

#[test]
fn what_a_killed_sender_left_is_in_doubt_and_settled_by_category() {
    let bench = Bench::new();
    let (post, mailbox) = Post::scripted();
    let legal = bench.queue_mail(TermsNotice::sample(Language::Ja), to("a"));
    let (_claimed, _attempt) = claim_and_begin(&bench);
    let account = bench.queue_mail(Invitation::sample(Language::Ja), to("b"));
    let (_claimed, _attempt) = claim_and_begin(&bench);
    let untouched = bench.queue(to("c"));
    claim(&bench, 1);
    assert_eq!(tidy(&bench), store::Tidied::default(), "their leases still run");

    bench.pass(LEASE);
    let tidied = tidy(&bench);
    assert_eq!((tidied.queued, tidied.doubted, tidied.held), (1, 2, 1));
    assert_eq!(bench.state(legal), MessageState::Unknown);
    assert_eq!(bench.state(account), MessageState::Held);
    assert_eq!(bench.state(untouched), MessageState::Queued);
    bench.pass(messages::DOUBT_PAUSE);
    assert_eq!(run_once(&bench.depot(), &post.relay()).unwrap(), tally(2, 2));
    assert_eq!(bench.outcomes(legal), ["unknown", "accepted"]);
    bench.run(|tx| messages::release(tx, account)).unwrap();
    assert_eq!(run_once(&bench.depot(), &post.relay()).unwrap(), tally(1, 1));
    assert_eq!(mailbox.count(), 3);
}

#[test]
fn a_sender_that_lost_its_lease_changes_nothing() {
    let bench = Bench::new();
    let id = bench.queue(to("a"));
    let (claimed, attempt_id) = claim_and_begin(&bench);
    bench.pass(LEASE);
    tidy(&bench);
    let late = crate::smtp::Attempt {
        outcome: Outcome::Accepted { reply: Reply::new(250, "ok") },
        transcript: Transcript::default(),
        took: Duration::ZERO,
        encrypted: false,
    };
    let facts = verdict::Facts {
        category: claimed.category,
        attempt: 1,
        created_at: claimed.created_at,
        now: bench.now(),
        draw: 0.0,
    };
    let verdict = verdict::judge(&late.outcome, &facts);
    assert_eq!(verdict.step, Step::Accept);
    let settled =
        bench.db.queue.lobby_blocking(|lobby| store::settle(lobby, &claimed, attempt_id, &verdict, &late));
    assert!(!settled.unwrap());
    assert_eq!((bench.state(id), bench.outcomes(id)), (MessageState::Unknown, vec!["unknown".to_owned()]));
    let begun = bench.db.queue.lobby_blocking(|lobby| store::begin(lobby, &claimed, "relay:25")).unwrap();
    assert!(begun.is_none());
}

#[test]
fn a_sender_that_shows_life_keeps_its_message() {
    let bench = Bench::new();
    let id = bench.queue(to("a"));
    let (claimed, _attempt) = claim_and_begin(&bench);
    let held = [(claimed.organization_id, claimed.id, claimed.lease)];
    for _ in 0..5 {
        bench.pass(LEASE / 3);
        assert_eq!(bench.db.queue.lobby_blocking(|lobby| store::beat(lobby, &held)).unwrap(), 1);
        assert_eq!(tidy(&bench), store::Tidied::default());
    }
    assert_eq!(bench.state(id), MessageState::Sending);
}

#[test]
fn a_code_that_is_too_old_is_not_sent() {
    let bench = Bench::new();
    let (post, mailbox) = Post::scripted();
    let message = NewMessage::new(crate::mails::AcceptCode::sample(Language::Ja), to("a"))
        .until(bench.now() + TimeDelta::minutes(10));
    let id = bench.run(|tx| messages::queue(tx, &bench.outbox, message)).unwrap().id().unwrap();
    bench.pass(Duration::from_mins(10));
    assert_eq!(run_once(&bench.depot(), &post.relay()).unwrap(), tally(0, 0));
    assert_eq!((bench.state(id), mailbox.count()), (MessageState::Expired, 0));
}

#[test]
fn a_mail_for_later_waits() {
    let bench = Bench::new();
    let (post, _mailbox) = Post::scripted();
    let later = bench.now() + TimeDelta::hours(8);
    let message = NewMessage::new(crate::mails::WorkOffered::sample(Language::Ja), to("a"));
    let message = message.not_before(later).as_asked();
    bench.run(|tx| messages::queue(tx, &bench.outbox, message)).unwrap();
    assert_eq!(run_once(&bench.depot(), &post.relay()).unwrap(), tally(0, 0));
    bench.pass(Duration::from_hours(8));
    assert_eq!(run_once(&bench.depot(), &post.relay()).unwrap(), tally(1, 1));
}

/// Refuses every sign-in until it is mended.
struct Locked(Arc<AtomicBool>);

impl Script for Locked {
    fn act(&self, moment: &Moment<'_>) -> Act {
        if moment.step == SmtpStep::Auth && !self.0.load(Ordering::SeqCst) {
            return Act::answer("535 5.7.8 wrong password");
        }
        Act::Proceed
    }
}

/// T16.
#[test]
fn t16_a_wrong_password_ends_nothing() {
    let bench = Bench::new();
    let (mended, mailbox) = (Arc::new(AtomicBool::new(false)), Arc::new(MemoryMailbox::default()));
    let mut config = SinkConfig::new(mailbox.clone());
    config.sign_in = SignIn::Anybody;
    config.script = Arc::new(Locked(mended.clone()));
    let post = Post::start(config);
    let relay = post.relay().with_credentials(Credentials::new("yui", "secret"));
    let ids: Vec<_> = (0..20).map(|number| bench.queue(to(&format!("a{number}")))).collect();

    let (tell, told) = channel();
    let wakes = Wakes::default();
    let settings = SenderSettings { poll: Duration::from_millis(50), ..SenderSettings::default() };
    let senders = Senders::start(bench.depot(), vec![relay], settings, &wakes, move |works| {
        tell.send(works).unwrap();
    })
    .unwrap();
    assert!(!told.recv_timeout(Duration::from_mins(1)).unwrap(), "the breaker opens");
    let states: Vec<_> = ids.iter().map(|id| bench.find(*id).summary).collect();
    assert!(states.iter().all(|row| !row.state.is_ended()), "nothing is lost by a wrong password");
    mended.store(true, Ordering::SeqCst);
    assert!(told.recv_timeout(Duration::from_mins(1)).unwrap(), "the breaker closes by itself");
    wait_for(&mailbox, 20);
    senders.stop();
    for id in ids {
        let message = bench.find(id);
        assert_eq!((message.summary.state, message.summary.attempt), (MessageState::Accepted, 1));
    }
}

/// One mail meets the wrong password and opens the breaker; the others are never tried, and expire of the same thing.
#[test]
fn what_expires_while_no_relay_takes_mail_says_what_stopped_it() {
    let bench = Bench::new();
    let mut config = SinkConfig::new(Arc::new(MemoryMailbox::default()));
    config.sign_in = SignIn::Anybody;
    config.script = Arc::new(Locked(Arc::default()));
    let post = Post::start(config);
    let relay = post.relay().with_credentials(Credentials::new("yui", "secret"));
    let early: Vec<_> = (0..3).map(|number| bench.queue(to(&format!("a{number}")))).collect();
    let later = bench.queue(to("later"));
    bench.sql(&format!("UPDATE messages SET not_before = not_before + interval '9 days' WHERE id = {later}"));
    let relays = Arc::new(Relays::new(vec![relay], |_works| {}));
    let (_never, stopped) = watch::channel(false);
    let settings = SenderSettings::default();
    let mut sender =
        Sender::new(bench.depot(), relays.clone(), settings, InHand::default(), Arc::default(), stopped)
            .unwrap();
    assert_eq!((sender.drain().unwrap(), relays.trouble().is_some()), (tally(1, 0), true));
    bench.pass(Duration::from_hours(96));
    sender.drain().unwrap();
    assert!(early.iter().all(|id| bench.state(*id) == MessageState::Expired));
    let stuck = bench.db.arrange(bench.town, messages::stuck);
    let seen: Vec<_> =
        stuck.iter().map(|one| (one.cause.stage.as_str(), one.count, one.reply.as_deref())).collect();
    assert_eq!(seen, [("auth", 3, Some("535 5.7.8 wrong password")), ("", 1, None)]);
    relays.probed(0, Ok(()));
    assert_eq!(relays.trouble(), None, "a relay that works is in no trouble");
}

#[test]
fn a_dead_relay_is_passed_over_for_the_next() {
    let bench = Bench::new();
    let (post, mailbox) = Post::scripted();
    let dead = Post::scripted().0.relay();
    let wakes = Wakes::default();
    let settings =
        SenderSettings { connections: 1, poll: Duration::from_millis(20), ..SenderSettings::default() };
    let id = bench.queue(to("a"));
    let senders =
        Senders::start(bench.depot(), vec![dead, post.relay()], settings, &wakes, |_works| {}).unwrap();
    wait_for(&mailbox, 1);
    senders.stop();
    assert_eq!(bench.outcomes(id), ["relay_down", "accepted"]);
    assert_eq!(bench.find(id).summary.attempt, 1);
}

#[test]
fn a_stop_leaves_what_hangs_in_doubt_and_gives_the_rest_back() {
    let bench = Bench::new();
    let (post, mailbox) = Post::scripted();
    let hanging = bench.queue(to("hang-after-dot"));
    let waiting = bench.queue(to("b"));
    let wakes = Wakes::default();
    let settings =
        SenderSettings { connections: 1, grace: Duration::from_millis(10), ..SenderSettings::default() };
    let senders = Senders::start(bench.depot(), vec![post.relay()], settings, &wakes, |_works| {}).unwrap();
    wait_for(&mailbox, 1);
    senders.stop();
    assert_eq!(bench.state(hanging), MessageState::Unknown);
    assert_eq!(bench.state(waiting), MessageState::Queued);
}

/// A relay that takes connections and says nothing: no message is begun there.
#[test]
fn a_stop_before_the_relay_has_spoken_leaves_nothing_in_doubt() {
    let bench = Bench::new();
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let relay = Relay::new("127.0.0.1", port, crate::smtp::Security::PlainLoopback, "yui.example").unwrap();
    let id = bench.queue(to("a"));
    let settings =
        SenderSettings { connections: 1, grace: Duration::from_millis(10), ..SenderSettings::default() };
    let senders =
        Senders::start(bench.depot(), vec![relay], settings, &Wakes::default(), |_works| {}).unwrap();
    let (_held, _address) = silent.accept().unwrap();
    senders.stop();
    assert_eq!((bench.state(id), bench.outcomes(id)), (MessageState::Queued, vec!["relay_down".to_owned()]));
    assert_eq!(bench.find(id).summary.attempt, 0, "it was not tried");
}

#[test]
fn a_retry_does_not_wake_its_reader() {
    let bench = Bench::new();
    let (post, mailbox) = Post::scripted();
    // 20:58 in Japan; the greylisting opens five minutes later.
    bench.pass(Duration::from_mins(3 * 60 + 58));
    let id = bench.queue(to("r450-4.2.0x1-then-ok"));
    assert_eq!(run_once(&bench.depot(), &post.relay()).unwrap(), tally(1, 0));
    for _ in 0..10 {
        bench.pass(Duration::from_hours(1));
        assert_eq!(run_once(&bench.depot(), &post.relay()).unwrap(), tally(0, 0));
    }
    bench.pass(Duration::from_mins(62));
    assert_eq!(run_once(&bench.depot(), &post.relay()).unwrap(), tally(1, 1));
    assert_eq!(
        (bench.outcomes(id), mailbox.count()),
        (vec!["deferred".to_owned(), "accepted".to_owned()], 1)
    );
}

#[test]
fn a_code_overtakes_a_backlog() {
    let bench = Bench::new();
    for number in 0..20 {
        bench.queue(to(&format!("a{number}")));
    }
    let code = bench.queue_mail(crate::mails::AcceptCode::sample(Language::Ja), to("z"));
    let claimed = claim(&bench, 1);
    assert_eq!(claimed[0].id, code);
}

#[test]
fn the_most_urgent_of_a_batch_is_sent_first() {
    let bench = Bench::new();
    for number in 0..3 {
        bench.queue(to(&format!("a{number}")));
    }
    let legal = bench.queue_mail(TermsNotice::sample(Language::Ja), to("y"));
    let code = bench.queue_mail(crate::mails::AcceptCode::sample(Language::Ja), to("z"));
    let claimed: Vec<_> = claim(&bench, 5).iter().map(|message| message.id).collect();
    assert_eq!(claimed[..2], [code, legal]);
    assert!(claimed[2..].is_sorted(), "then as they came: {claimed:?}");
}

#[test]
fn no_towns_flood_is_claimed_before_anothers_mail() {
    let bench = Bench::new();
    flood(&bench, 20);
    let theirs = bench.db.town("shiojiri");
    let other = bench.queue_in(theirs, to("b"));
    let first = claim(&bench, 4);
    assert!(first.iter().any(|message| message.id == other), "half of a batch is theirs");
    assert_eq!(claim(&bench, 8).len(), 8, "who is alone has all of it");
}

/// More towns than a batch has places: each comes in turn.
#[test]
fn towns_are_served_in_turn() {
    let bench = Bench::new();
    let towns: Vec<_> = (0..6).map(|number| bench.db.town(&format!("town-{number}"))).collect();
    for town in &towns {
        for local in ["a", "b"] {
            bench.queue_in(*town, to(local));
        }
    }
    let mut last = OrganizationId(0);
    let mut served = Vec::new();
    for _ in 0..3 {
        let batch = bench.db.queue.lobby_blocking(|lobby| store::claim(lobby, 2, last)).unwrap();
        served.extend(batch.iter().map(|message| message.organization_id));
        last = batch.last().unwrap().organization_id;
    }
    assert_eq!(served, towns);
}

#[test]
fn a_claim_reads_the_index_of_what_is_due_and_nothing_else() {
    let bench = Bench::new();
    let plan = bench.db.queue.lobby_blocking(store::explain_claim).unwrap();
    assert!(plan.matches("messages_due").count() >= 3, "{plan}");
    assert!(!plan.contains("Seq Scan on messages"), "{plan}");
}

#[test]
fn what_no_longer_holds_is_not_sent() {
    let bench = Bench::new();
    let (post, mailbox) = Post::scripted();
    let offer = |thing: &str, local: &str| {
        let message = NewMessage::new(crate::mails::WorkOffered::sample(Language::Ja), to(local));
        let message = message.concerning(thing);
        bench.run(|tx| messages::queue(tx, &bench.outbox, message)).unwrap().id().unwrap()
    };
    let (taken, open) = (offer("job:1", "a"), offer("job:2", "b"));
    let other_kind = bench.queue(to("c"));
    let checks = Checks::new().before("work_offered", |_tx, due| Ok(due.concerns != "job:1"));
    assert_eq!(run_once(&bench.depot_asking(checks), &post.relay()).unwrap(), tally(2, 2));
    assert_eq!(bench.state(taken), MessageState::Cancelled);
    assert_eq!(bench.find(taken).events[0].kind, messages::Happening::Superseded);
    assert!(bench.find(taken).attempts.is_empty(), "no attempt was journalled");
    assert_eq!(
        (bench.state(open), bench.state(other_kind)),
        (MessageState::Accepted, MessageState::Accepted)
    );
    assert_eq!(mailbox.count(), 2);
}

/// A link made since stands in none of them, so that is what a check has to know.
#[test]
fn what_is_sent_once_more_is_asked_about_by_when_it_was_first_written() {
    let bench = Bench::new();
    let (post, _mailbox) = Post::scripted();
    let message =
        NewMessage::new(crate::mails::WorkOffered::sample(Language::Ja), to("a")).concerning("job:1");
    let first = bench.run(|tx| messages::queue(tx, &bench.outbox, message)).unwrap().id().unwrap();
    let written_at = bench.now();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let send = || {
        let seen = asked.clone();
        let checks = Checks::new().before("work_offered", move |_tx, due| {
            seen.lock().unwrap().push(due.written_at);
            Ok(true)
        });
        assert_eq!(run_once(&bench.depot_asking(checks), &post.relay()).unwrap(), tally(1, 1));
    };
    send();
    bench.pass(Duration::from_mins(1));
    let again = bench.run(|tx| messages::resend(tx, first, &"電話で頼まれた".into())).unwrap();
    send();
    bench.pass(Duration::from_mins(1));
    bench.run(|tx| messages::resend(tx, again, &"また頼まれた".into())).unwrap();
    send();
    assert_eq!(*asked.lock().unwrap(), [written_at; 3]);
}

/// T28: nothing that this version knows is asked about it, and nothing that it does not know keeps it back.
#[test]
fn t28_a_mail_that_a_version_before_wrote_is_sent() {
    let bench = Bench::new();
    let (post, mailbox) = Post::scripted();
    let message =
        NewMessage::new(crate::mails::WorkOffered::sample(Language::Ja), to("a")).concerning("job:1");
    let id = bench.run(|tx| messages::queue(tx, &bench.outbox, message)).unwrap().id().unwrap();
    bench.sql("UPDATE messages SET template = 'of_a_version_before', concerns = 'thing of old'");
    let checks = Checks::new().before("work_offered", |_tx, _due| Ok(false));
    assert_eq!(run_once(&bench.depot_asking(checks), &post.relay()).unwrap(), tally(1, 1));
    assert_eq!((bench.state(id), mailbox.count()), (MessageState::Accepted, 1));
}

/// Ten mails of one moment that are put off do not come back together.
#[test]
fn fault_24_the_waits_of_a_thousand_mails_are_spread() {
    let bench = Bench::new();
    bench.queue(to("a"));
    let one = claim(&bench, 1).remove(0);
    let mut tenths = [0; 10];
    for lease in 0..1_000 {
        let draw = sender::draw(&store::Claimed { lease, ..one.clone() });
        assert!((0.0..=1.0).contains(&draw), "{draw}");
        tenths[(1..10).filter(|tenth| draw >= f64::from(*tenth) / 10.0).count()] += 1;
    }
    assert!(tenths.iter().all(|count| (60..=140).contains(count)), "{tenths:?}");
}

/// T25.
#[test]
fn t25_what_is_switched_off_between_claim_and_send_is_not_sent() {
    let bench = Bench::new();
    let person = bench.db.person(bench.town, "Yamada", &["worker"]);
    let recipient = Recipient { party: messages::Party::Person(person), ..to("a") };
    let id = bench.queue_mail(crate::mails::WorkOffered::sample(Language::Ja), recipient);
    let claimed = claim(&bench, 1).remove(0);
    let mut input = crate::preferences::PreferencesInput::of(&crate::preferences::Preferences::default());
    input.offers = "off".into();
    bench.db.acting(bench.town, person, |tx| crate::preferences::change(tx, 0, &input)).unwrap();
    let begun = bench.db.queue.lobby_blocking(|lobby| store::begin(lobby, &claimed, "relay:25")).unwrap();
    assert!(begun.is_none());
    assert_eq!(bench.state(id), MessageState::Cancelled);
}

fn to_person(person: kernel::PersonId) -> Recipient {
    let address = EmailAddress::parse("yamada@example.jp").unwrap();
    Recipient { party: messages::Party::Person(person), address, ..to("yamada") }
}

fn change_persons(bench: &Bench, change: &str) {
    use diesel::RunQueryDsl as _;
    diesel::sql_query(format!("UPDATE persons SET {change}")).execute(&mut bench.db.owner()).unwrap();
}

/// T31: an address that changed between queue and send.
#[test]
fn t31_a_mail_follows_its_reader_to_a_new_address_but_a_secret_does_not() {
    let bench = Bench::new();
    let (post, mailbox) = Post::scripted();
    let person = bench.db.person(bench.town, "yamada", &["worker"]);
    let recipient = to_person(person);
    let work = bench.queue_mail(crate::mails::UnitReturned::sample(Language::Ja), recipient.clone());
    let legal = bench.queue_mail(TermsNotice::sample(Language::Ja), recipient.clone());
    let secret = bench.queue_mail(Invitation::sample(Language::Ja), recipient);
    change_persons(&bench, "email = 'moved@example.jp', email_key = 'moved@example.jp'");
    assert_eq!(run_once(&bench.depot(), &post.relay()).unwrap(), tally(2, 2));
    for old in [work, legal, secret] {
        assert_eq!(bench.state(old), MessageState::Cancelled);
    }
    for mail in mailbox.mails() {
        assert_eq!(mail.recipients, ["moved@example.jp"]);
        let text = String::from_utf8(mail.message).unwrap();
        assert!(text.contains("<moved@example.jp>") && !text.contains("yamada@example.jp"), "{text}");
    }
    let events = bench.find(work).events;
    let new = events.iter().find(|event| event.kind == messages::Happening::Replaced).unwrap();
    let new = bench.find(new.detail.parse().unwrap());
    assert_eq!(
        (new.summary.state, new.summary.to_address.as_str()),
        (MessageState::Accepted, "moved@example.jp")
    );
    assert_eq!(new.expires_at, bench.find(work).expires_at, "no longer than before");
}

/// T31: somebody who left between queue and send.
#[test]
fn t31_who_has_left_gets_only_what_the_law_owes_them() {
    let bench = Bench::new();
    let (post, mailbox) = Post::scripted();
    let person = bench.db.person(bench.town, "yamada", &["worker"]);
    let recipient = to_person(person);
    let work = bench.queue_mail(crate::mails::UnitReturned::sample(Language::Ja), recipient.clone());
    let legal = bench.queue_mail(TermsNotice::sample(Language::Ja), recipient);
    change_persons(&bench, "state = 'disabled'");
    assert_eq!(run_once(&bench.depot(), &post.relay()).unwrap(), tally(1, 1));
    assert_eq!((bench.state(work), bench.state(legal)), (MessageState::Cancelled, MessageState::Accepted));
    assert_eq!(mailbox.count(), 1);
}

/// How many mails a flood is: in `make chaos` as many as T30 says.
fn many() -> usize {
    if std::env::var_os("YUI_CHAOS_SECONDS").is_some() { 10_000 } else { 300 }
}

/// So many work mails to one domain.
fn flood(bench: &Bench, count: usize) {
    bench
        .run(|tx| {
            for number in 0..count {
                let order = crate::mails::OrderOpened::sample(Language::Ja);
                messages::queue(tx, &bench.outbox, NewMessage::new(order, to(&format!("a{number}"))))?;
            }
            Ok(())
        })
        .unwrap();
}

fn sender_at(bench: &Bench, post: &Post, rate: DomainRate) -> Sender {
    let settings = SenderSettings { domain_rate: Some(rate), ..SenderSettings::default() };
    let relays = Arc::new(Relays::new(vec![post.relay()], |_works| {}));
    let (_never, stopped) = watch::channel(false);
    Sender::new(bench.depot(), relays, settings, InHand::default(), Arc::default(), stopped).unwrap()
}

#[test]
fn what_was_left_lying_is_dealt_with_in_small_transactions() {
    use diesel::RunQueryDsl as _;
    let bench = Bench::new();
    flood(&bench, 2 * store::TIDIED_AT_ONCE + 1);
    // A person looks at one of them, for as long as they like: the others do not wait for that.
    let mut owner = bench.db.owner();
    diesel::sql_query("BEGIN").execute(&mut owner).unwrap();
    diesel::sql_query("SELECT id FROM messages ORDER BY id LIMIT 1 FOR UPDATE").execute(&mut owner).unwrap();
    bench.pass(Duration::from_hours(72));
    assert_eq!(tidy(&bench).expired, 2 * store::TIDIED_AT_ONCE);
    diesel::sql_query("ROLLBACK").execute(&mut owner).unwrap();
    assert_eq!(tidy(&bench).expired, 1);
}

/// T30, within one process.
#[test]
fn t30_a_flood_to_one_domain_does_not_hold_up_the_others() {
    let bench = Bench::new();
    let (post, mailbox) = Post::scripted();
    flood(&bench, many());
    let other =
        bench.queue(Recipient { address: EmailAddress::parse("b@other.example").unwrap(), ..to("b") });
    let mut sender = sender_at(&bench, &post, DomainRate { per_second: 1, burst: 5 });
    assert_eq!(sender.drain().unwrap(), tally(6, 6), "the burst, and the other domain's");
    assert_eq!((bench.state(other), mailbox.count()), (MessageState::Accepted, 6));
    bench.pass(Duration::from_secs(3));
    let claimed = claim(&bench, 20);
    assert!((2..=4).contains(&claimed.len()), "turns come one by one: {}", claimed.len());
    assert!(claimed.iter().all(|message| message.attempt == 0), "waiting costs no attempt");
}

/// T30: nor a code to somebody of that domain: they sit before the page that asks for it.
#[test]
fn t30_a_code_does_not_wait_behind_a_flood_to_its_own_domain() {
    let bench = Bench::new();
    let (post, _mailbox) = Post::scripted();
    flood(&bench, many());
    let mut sender = sender_at(&bench, &post, DomainRate { per_second: 1, burst: 5 });
    sender.drain().unwrap();
    let code = bench.queue_mail(crate::mails::AcceptCode::sample(Language::Ja), to("reader"));
    assert_eq!(sender.drain().unwrap(), tally(1, 1));
    assert_eq!(bench.state(code), MessageState::Accepted);
}

/// T30: nor another town's mail to the same domain.
#[test]
fn t30_a_towns_flood_to_a_domain_does_not_use_up_the_turns_of_another() {
    let bench = Bench::new();
    let (post, _mailbox) = Post::scripted();
    flood(&bench, many());
    let mut sender = sender_at(&bench, &post, DomainRate { per_second: 1, burst: 5 });
    sender.drain().unwrap();
    let theirs = bench.db.town("shiojiri");
    bench.queue_in(theirs, to("b"));
    assert_eq!(sender.drain().unwrap(), tally(1, 1));
}

/// T30: who waited for a turn gets it.
#[test]
fn t30_a_flood_to_one_domain_arrives_turn_by_turn() {
    let bench = Bench::new();
    let (post, mailbox) = Post::scripted();
    let (count, fifteenth) = (many(), u16::try_from(many() / 15).unwrap());
    flood(&bench, count);
    let mut sender = sender_at(&bench, &post, DomainRate { per_second: fifteenth, burst: 10 * fifteenth });
    sender.drain().unwrap();
    assert!(mailbox.count() >= count / 3 * 2 - 9, "the burst: {}", mailbox.count());
    // The other third, a fifteenth a second, and one second because turns begin within one.
    for _second in 0..6 {
        bench.pass(Duration::from_secs(1));
        sender.drain().unwrap();
    }
    // What a division by fifteen leaves over comes a moment later.
    bench.pass(Duration::from_secs(1));
    sender.drain().unwrap();
    assert_eq!(mailbox.count(), count);
}

#[test]
fn a_turn_that_was_missed_by_far_is_given_up() {
    let bench = Bench::new();
    let (post, mailbox) = Post::scripted();
    flood(&bench, 60);
    let mut sender = sender_at(&bench, &post, DomainRate { per_second: 1, burst: 5 });
    sender.drain().unwrap();
    // As if the relay had been broken for an hour.
    bench.pass(Duration::from_hours(1));
    sender.drain().unwrap();
    assert!(mailbox.count() < 30, "not all at once: {}", mailbox.count());
}
