//! Notices as mail servers write them, forged ones, and what is neither, against a real database.

mod desk;

use std::fs;
use std::sync::atomic::{AtomicU32, Ordering};

use accounts::secrets::LinkKey;
use kernel::{EmailAddress, Language, MessageId, PersonId};

use super::*;
use crate::fixture::{Bench, Post, to};
use crate::mails::{Mail as _, ReportWaits, TermsNotice, WorkDigest};
use crate::messages::{Happening, MessageState, NewMessage, Party, Queued, Recipient};
use crate::sending::run_once;

/// A bench whose mails have return paths, a post office, and a bounce mailbox.
struct Office {
    bench: Bench,
    return_path: ReturnPath,
    mailbox: Mailbox,
    post: Post,
    received: std::sync::Arc<crate::sink::MemoryMailbox>,
    directory: std::path::PathBuf,
}

/// Two tests may think of the same name.
static OFFICES: AtomicU32 = AtomicU32::new(0);

impl Office {
    fn new(name: &str) -> Self {
        let address = EmailAddress::parse("bounces@town.example").unwrap();
        let return_path = ReturnPath::new(&address, LinkKey::generate()).unwrap();
        let number = OFFICES.fetch_add(1, Ordering::Relaxed);
        let directory = format!("yui-bounces-{}-{number}-{name}", std::process::id());
        let directory = std::env::temp_dir().join(directory);
        let mailbox = Mailbox::open(directory.clone(), return_path.clone()).unwrap();
        let (post, received) = Post::scripted();
        Self { bench: Bench::new(), return_path, mailbox, post, received, directory }
    }

    /// Queues and sends an order's mail; its return path as the relay saw it.
    fn sent(&self, recipient: Recipient) -> (MessageId, String) {
        let id = self.bench.queue(recipient);
        let depot = self.bench.depot().with_return_path(self.return_path.clone());
        run_once(&depot, &self.post.relay()).unwrap();
        assert_eq!(self.bench.state(id), MessageState::Accepted);
        (id, self.received.mails().last().unwrap().from.clone().unwrap())
    }

    fn arrives(&self, name: &str, mail: &str) -> Read {
        fs::write(self.directory.join("new").join(name), mail.replace('\n', "\r\n")).unwrap();
        self.mailbox.read_blocking(&self.bench.db.app).unwrap()
    }

    fn read_once_more(&self, name: &str) -> Read {
        let read = self.directory.join("cur").join(format!("{name}:2,S"));
        fs::rename(read, self.directory.join("new").join(name)).unwrap();
        self.mailbox.read_blocking(&self.bench.db.app).unwrap()
    }

    fn happenings(&self, id: MessageId) -> Vec<Happening> {
        self.bench.find(id).events.into_iter().map(|event| event.kind).collect()
    }

    fn on_the_list(&self) -> Vec<(String, SuppressionReason, Option<crate::Category>)> {
        let page =
            self.bench.db.arrange(self.bench.town, |tx| suppressions::list(tx, &kernel::Paging::first(10)));
        page.items.into_iter().map(|one| (one.address, one.reason, one.category)).collect()
    }

    fn queue_to(&self, local: &str) -> Queued {
        let mail = mails::OrderOpened::sample(Language::Ja);
        let message = NewMessage::new(mail, to(local));
        self.bench.run(|tx| messages::queue(tx, &self.bench.outbox, message)).unwrap()
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.directory).unwrap();
    }
}

/// A notice as Postfix writes it, delivered to `to`.
fn notice(to: &str, action: &str, status: &str) -> String {
    format!(
        "Return-Path: <>\nDelivered-To: {to}\nFrom: MAILER-DAEMON@relay.example (Mail Delivery System)\n\
         To: {to}\nSubject: Undelivered Mail Returned to Sender\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"b1\"\n\n\
         --b1\nContent-Description: Notification\nContent-Type: text/plain; charset=us-ascii\n\n\
         I'm sorry to have to inform you that your message could not be delivered.\n\n\
         --b1\nContent-Description: Delivery report\nContent-Type: message/delivery-status\n\n\
         Reporting-MTA: dns; relay.example\nX-Postfix-Queue-ID: 4F1C\nArrival-Date: Thu, 26 Nov 2026 09:00:00 +0900\n\n\
         Final-Recipient: rfc822; yamada@example.jp\nOriginal-Recipient: rfc822;yamada@example.jp\nAction: {action}\n\
         Status: {status}\nRemote-MTA: dns; mx.example.jp\nDiagnostic-Code: smtp; 550 {status} <yamada@example.jp>: User\n    \
         unknown\n\n--b1\nContent-Type: text/rfc822-headers\n\nSubject: x\n\n--b1--\n"
    )
}

/// A report of spam as a provider writes it.
fn complaint(original_from: &str) -> String {
    format!(
        "Return-Path: <fbl@provider.example>\nDelivered-To: fbl@town.example\nFrom: fbl@provider.example\n\
         To: fbl@town.example\nSubject: FW: x\nMIME-Version: 1.0\n\
         Content-Type: multipart/report; report-type=feedback-report; boundary=\"b2\"\n\n\
         --b2\nContent-Type: text/plain\n\nThis is an email abuse report.\n\n\
         --b2\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nUser-Agent: Provider/1.0\nVersion: 1\n\
         Original-Mail-From: <{original_from}>\n\n--b2\nContent-Type: message/rfc822\n\n\
         From: yui@town.example\nSubject: x\n\nx\n\n--b2--\n"
    )
}

#[test]
fn a_notice_ends_its_mail_and_leaves_a_dead_address_alone() {
    let office = Office::new("dead");
    let (id, from) = office.sent(to("yamada"));
    let waiting = office.bench.queue(to("yamada"));
    let read = office.arrives("1", &notice(&from, "failed", "5.1.1"));
    assert_eq!(read, Read { taken: 1, ..Read::default() });
    assert_eq!(office.bench.state(id), MessageState::Bounced);
    let events = office.bench.find(id).events;
    assert!(
        events[0].detail.starts_with("5.1.1 · smtp; 550 5.1.1 <yamada@example.jp>: User unknown"),
        "{events:?}"
    );
    assert_eq!(office.on_the_list(), [("yamada@example.jp".to_owned(), SuppressionReason::Bounced, None)]);
    assert_eq!(office.bench.state(waiting), MessageState::Cancelled, "T25: nothing more goes there");
    assert_eq!(office.happenings(waiting), [Happening::Suppressed]);
    assert_eq!(office.queue_to("Yamada"), Queued::AddressDead);
    assert!(matches!(office.queue_to("sato"), Queued::Message(_)));
}

#[test]
fn an_address_is_not_left_alone_for_a_mail_that_nobody_may_know_of() {
    let office = Office::new("desk");
    let mut bounced = Vec::new();
    for (name, status) in [("1", "5.1.1"), ("2", "5.2.2"), ("3", "spam")] {
        let id = office.bench.queue_mail(ReportWaits::sample(Language::Ja), to("yamada"));
        let depot = office.bench.depot().with_return_path(office.return_path.clone());
        run_once(&depot, &office.post.relay()).unwrap();
        let from = office.received.mails().last().unwrap().from.clone().unwrap();
        let came = if status == "spam" { complaint(&from) } else { notice(&from, "failed", status) };
        office.arrives(name, &came);
        bounced.push(office.bench.state(id));
    }
    assert_eq!(bounced, [MessageState::Bounced, MessageState::Bounced, MessageState::Complained]);
    assert_eq!(office.on_the_list(), []);
}

#[test]
fn the_same_notice_once_more_changes_nothing() {
    let office = Office::new("replay");
    let (id, from) = office.sent(to("yamada"));
    office.arrives("1", &notice(&from, "failed", "5.1.1"));
    assert_eq!(office.read_once_more("1"), Read { ignored: 1, ..Read::default() });
    assert_eq!(office.happenings(id), [Happening::Bounced]);
    assert_eq!(office.on_the_list().len(), 1);
}

/// T24.
#[test]
fn a_forged_notice_changes_nothing() {
    let office = Office::new("forged");
    let (id, from) = office.sent(to("yamada"));
    let (local, _) = from.split_once('@').unwrap();
    let other_digit = if local.ends_with('0') { '1' } else { '0' };
    let guessed = format!("{}{other_digit}@town.example", &local[..local.len() - 1]);
    for (place, to) in ["bounces@town.example", "yui@town.example", &guessed].into_iter().enumerate() {
        let read = office.arrives(&place.to_string(), &notice(to, "failed", "5.1.1"));
        assert_eq!((read.taken, read.ignored), (0, 1), "{to}");
    }
    let other = office.bench.db.town("shiojiri");
    let foreign = office.return_path.of(other, id).unwrap().to_string();
    assert_eq!(office.arrives("9", &notice(&foreign, "failed", "5.1.1")).taken, 0, "no such mail there");
    assert_eq!((office.bench.state(id), office.on_the_list()), (MessageState::Accepted, vec![]));
}

#[test]
fn a_full_mailbox_is_left_alone_for_a_week_and_a_policy_not_at_all() {
    let office = Office::new("full");
    let (full, from) = office.sent(to("yamada"));
    office.arrives("1", &notice(&from, "failed", "5.2.2"));
    let (refused, from) = office.sent(to("sato"));
    office.arrives("2", &notice(&from, "failed", "5.7.1"));
    assert_eq!(office.bench.state(full), MessageState::Bounced);
    assert_eq!(office.bench.state(refused), MessageState::Bounced);
    assert_eq!(office.on_the_list(), [("yamada@example.jp".to_owned(), SuppressionReason::Full, None)]);
    assert_eq!(office.queue_to("yamada"), Queued::AddressDead);
    office.bench.pass(std::time::Duration::from_hours(24 * 8));
    assert!(matches!(office.queue_to("yamada"), Queued::Message(_)));
    assert_eq!(office.on_the_list(), []);
}

#[test]
fn a_delay_is_told_once_and_good_news_not_at_all() {
    let office = Office::new("late");
    let (id, from) = office.sent(to("yamada"));
    for name in ["1", "2"] {
        office.arrives(name, &notice(&from, "delayed", "4.4.1"));
    }
    let read = office.arrives("3", &notice(&from, "delivered", "2.0.0"));
    assert_eq!(read, Read { ignored: 1, ..Read::default() });
    assert_eq!(
        (office.bench.state(id), office.happenings(id)),
        (MessageState::Accepted, vec![Happening::Delayed])
    );
}

#[test]
fn a_legal_notice_that_comes_back_is_called_for_and_still_goes_to_its_reader() {
    let office = Office::new("legal");
    let recipient = Recipient { party: Party::Nobody, ..to("yamada") };
    let id = office.bench.queue_mail(TermsNotice::sample(Language::Ja), recipient.clone());
    run_once(&office.bench.depot(), &office.post.relay()).unwrap();
    let from = office.return_path.of(office.bench.town, id).unwrap().to_string();
    office.arrives("1", &notice(&from, "failed", "5.1.1"));
    assert_eq!(office.bench.db.arrange(office.bench.town, crate::calls::open_count), 1);
    let again = NewMessage::new(TermsNotice::sample(Language::Ja), recipient);
    let again = office.bench.run(|tx| messages::queue(tx, &office.bench.outbox, again)).unwrap();
    assert!(matches!(again, Queued::Message(_)), "what is owed is tried all the same");
}

#[test]
fn a_report_of_spam_ends_that_sort_of_mail_and_no_other() {
    let office = Office::new("spam");
    let person: PersonId = office.bench.db.person(office.bench.town, "Yamada", &["worker"]);
    let recipient = Recipient { party: Party::Person(person), ..to("yamada") };
    let digest = NewMessage::new(WorkDigest::sample(Language::Ja), recipient.clone());
    let queue = |message| office.bench.run(|tx| messages::queue(tx, &office.bench.outbox, message)).unwrap();
    let Queued::Message(id) = queue(digest.clone()) else { panic!("queued") };
    office.bench.run(|tx| messages::hold(tx, id)).unwrap();
    let from = office.return_path.of(office.bench.town, id).unwrap().to_string();
    office.bench.sql("UPDATE messages SET state = 'accepted', ended_at = now()");
    let read = office.arrives("1", &complaint(&from));
    assert_eq!(read, Read { taken: 1, ..Read::default() });
    assert_eq!(office.bench.state(id), MessageState::Complained);
    let listed =
        ("yamada@example.jp".to_owned(), SuppressionReason::Complained, Some(crate::Category::Digest));
    assert_eq!(office.on_the_list(), [listed]);
    assert_eq!(queue(digest), Queued::Unwanted, "their own settings say so too");
    assert!(matches!(office.queue_to("yamada"), Queued::Message(_)), "mails about work still go");
}

/// T23.
#[test]
fn what_is_no_notice_is_ignored() {
    let office = Office::new("answers");
    let (id, from) = office.sent(to("yamada"));
    let plain = |headers: &str| {
        format!("Delivered-To: {from}\nFrom: a@example.jp\n{headers}Subject: Re: x\n\n不在です\n")
    };
    for (place, headers) in [
        "Auto-Submitted: auto-replied\n",
        "Precedence: bulk\n",
        "X-Autoreply: yes\n",
        "Return-Path: <>\n",
        "List-Id: <x.example.jp>\n",
        "Auto-Submitted: auto-generated\n",
    ]
    .into_iter()
    .enumerate()
    {
        let read = office.arrives(&format!("a{place}"), &plain(headers));
        assert_eq!(read, Read { automatic: 1, ..Read::default() }, "{headers}");
    }
    let by_a_person = office.arrives("b", &plain("Auto-Submitted: no\n"));
    assert_eq!(by_a_person, Read { left: 1, ..Read::default() });
    assert!(office.directory.join("cur/b:2,").exists(), "unread, for people");
    // A mail of our own that comes round, and a notice about a notice, which we never send.
    let own = String::from_utf8(office.bench.frozen(id)).unwrap().replace("\r\n", "\n");
    assert_eq!(office.arrives("c", &own).automatic, 1);
    assert_eq!((office.bench.state(id), office.happenings(id)), (MessageState::Accepted, vec![]));
    assert_eq!(office.received.count(), 1, "nothing is ever answered");
}

/// A sender that was killed, or a server that answers late: the notice is there first.
#[test]
fn a_notice_about_a_mail_that_is_still_being_sent_waits_until_that_has_ended() {
    let office = Office::new("early");
    let (id, from) = office.sent(to("yamada"));
    for state in ["claimed", "sending"] {
        office.bench.sql(&format!(
            "UPDATE messages SET state = '{state}', ended_at = NULL, lease = 1, lease_until = now()"
        ));
        assert_eq!(office.arrives("1", &notice(&from, "failed", "5.1.1")), Read::default(), "{state}");
        assert!(office.directory.join("new/1").exists(), "{state}");
    }
    office.bench.sql("UPDATE messages SET state = 'unknown', lease = NULL, lease_until = NULL");
    assert_eq!(office.mailbox.read_blocking(&office.bench.db.app).unwrap().taken, 1);
    assert_eq!(office.bench.state(id), MessageState::Bounced);
    assert_eq!(office.on_the_list().len(), 1);
}

/// Carriers refuse without an enhanced code, and the relay in between knows no better one.
#[test]
fn a_dead_address_is_known_by_the_servers_own_words_where_the_code_says_nothing() {
    let office = Office::new("carriers");
    for (name, code, words, listed) in [
        ("a", "5.0.0", "smtp; 550 Unknown user a@example.jp", 1),
        ("b", "5.5.0", "smtp; 550 No such user here", 1),
        ("c", "5.0.0", "smtp; 554 Message refused", 0),
        ("d", "5.7.1", "smtp; 550 Unknown user or spam", 0),
    ] {
        let (id, from) = office.sent(to(name));
        let told = notice(&from, "failed", code);
        let told = told.replace("smtp; 550 5", "x; 5").replace("Diagnostic-Code: ", "X-Replaced: ");
        let told = told.replace("Remote-MTA:", &format!("Diagnostic-Code: {words}\nRemote-MTA:"));
        assert_eq!(office.arrives(name, &told).taken, 1, "{words}");
        assert_eq!(office.bench.state(id), MessageState::Bounced);
        let found = office.on_the_list().into_iter().filter(|one| one.0 == format!("{name}@example.jp"));
        assert_eq!(found.count(), listed, "{words}");
    }
}

#[test]
fn of_several_recipients_the_one_who_fared_worst_counts() {
    let office = Office::new("several");
    let (id, from) = office.sent(to("yamada"));
    let told = notice(&from, "failed", "5.1.1");
    let other =
        "Final-Recipient: rfc822; other@example.jp\nAction: delivered\nStatus: 2.0.0\n\nFinal-Recipient:";
    assert_eq!(office.arrives("1", &told.replacen("Final-Recipient:", other, 1)).taken, 1);
    assert_eq!(office.bench.state(id), MessageState::Bounced);
    assert!(office.bench.find(id).events[0].detail.starts_with("5.1.1 · "));
}

#[test]
fn a_report_whose_copy_is_headers_alone_is_about_the_mail_they_name() {
    let office = Office::new("headers");
    let (id, from) = office.sent(to("yamada"));
    let told = complaint("nobody@elsewhere.example").replace(
        "Content-Type: message/rfc822\n\nFrom:",
        &format!(
            "Content-Type: text/rfc822-headers\n\nReceived: from x\n by y\nReturn-Path:\n <{from}>\nFrom:"
        ),
    );
    assert_eq!(office.arrives("1", &told).taken, 1);
    assert_eq!(office.bench.state(id), MessageState::Complained);
}

#[test]
fn what_a_mail_daemon_says_in_words_alone_is_taken_with_its_code_and_no_other_words_are() {
    let office = Office::new("words");
    let words = |from: &str, name: &str, text: &str| {
        format!(
            "Return-Path: <>\nDelivered-To: {from}\nFrom: {name}\nSubject: failure notice\n\nHi.\n{text}\n"
        )
    };
    let (id, from) = office.sent(to("yamada"));
    let daemon = "MAILER-DAEMON@relay.example (Mail Delivery System)";
    let refused = "Remote host said: 550 5.1.1 <yamada@example.jp>: user unknown";
    assert_eq!(office.arrives("1", &words(&from, daemon, "Still trying, 4.4.1, since 12:55.")).automatic, 1);
    assert_eq!(office.arrives("2", &words(&from, "a@example.jp", refused)).automatic, 1);
    assert_eq!(office.arrives("3", &words("bounces@town.example", daemon, refused)).taken, 0, "not proven");
    assert_eq!(office.bench.state(id), MessageState::Accepted);
    assert_eq!(office.arrives("4", &words(&from, daemon, refused)).taken, 1);
    assert_eq!(office.bench.state(id), MessageState::Bounced);
    assert!(office.bench.find(id).events[0].detail.contains("user unknown"));
    assert_eq!(office.on_the_list().len(), 1);
}

/// Anybody may write to the bounce mailbox.
#[test]
fn a_mail_that_is_nested_beyond_any_notice_is_put_aside_and_the_next_is_read() {
    let office = Office::new("nested");
    let (_id, from) = office.sent(to("yamada"));
    fs::write(office.directory.join("new/0"), "Content-Type: message/rfc822\r\n\r\n".repeat(60_000)).unwrap();
    let read = office.arrives("1", &notice(&from, "failed", "5.1.1"));
    assert_eq!(read, Read { taken: 1, left: 1, ..Read::default() });
    assert!(office.directory.join("cur/0:2,").exists());
}
