//! The honest contract of the mails, with real processes: `yui work` is killed in the middle of sending, again and
//! again, against a mailbox that writes every mail to disk before it answers. An independent count of that disk says:
//! nothing accepted is lost; a copy too many belongs to a message that is listed as unknown; mails with a secret for one
//! use never go twice; all copies are the very same bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex};

use accounts::secrets::LinkKey;
use db::private_postgres::Role;
use db::testing::TestDb;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bytea, Text};
use kernel::{EmailAddress, Language, Scope};
use notifier::mails::{AcceptCode, Mail, OrderOpened, TermsNotice};
use notifier::sink::{Act, Mailbox, Moment, ReceivedMail, Refusal, Script, Sink, SinkConfig, Step};
use notifier::{KeepsHours, MailSettings, NewMessage, Outbox, Party, Recipient};
use sha2::{Digest as _, Sha256};

use super::world::{PATIENCE, Process, Scratch};

/// Mails of each of three categories.
const EACH: usize = 120;
/// Times the process is killed.
const KILLS: usize = 6;
/// Conversations of the process.
const CONNECTIONS: usize = 4;

/// Writes each mail to disk and only then says yes; at some mails it lets the process be killed first.
struct Recorder {
    log: Mutex<File>,
    count: Mutex<usize>,
    arrived: Condvar,
    /// The mail at which the process is to be killed, and whether it is on disk by then.
    trap: Mutex<Option<(usize, Trap)>>,
    sprung: Sender<Sender<()>>,
}

/// Where in the life of a mail the process is killed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trap {
    /// The text is here and not stored: the mail is not delivered.
    BeforeStoring,
    /// It is stored and not answered: the mail is delivered, and the sender never learns it.
    BeforeAnswering,
}

fn line_of(mail: &ReceivedMail) -> String {
    let text = String::from_utf8_lossy(&mail.message);
    let id = text.lines().find_map(|line| line.strip_prefix("Message-ID: ")).unwrap();
    let mut line = format!("{id}\t");
    for byte in Sha256::digest(&mail.message) {
        write!(line, "{byte:02x}").unwrap();
    }
    line.push('\n');
    line
}

impl Recorder {
    /// Tells the test and waits until it has killed the process.
    fn spring(&self) {
        let (killed, wait) = channel();
        if self.sprung.send(killed).is_ok() {
            // An error means the test is over.
            let _over = wait.recv();
        }
    }

    fn trapped(&self, at: usize) -> Option<Trap> {
        let mut trap = self.trap.lock().unwrap();
        let due = trap.filter(|(number, _)| at >= *number);
        if due.is_some() {
            *trap = None;
        }
        due.map(|(_, kind)| kind)
    }

    fn wait_until(&self, count: usize) {
        let guard = self.count.lock().unwrap();
        let (_guard, timeout) = self.arrived.wait_timeout_while(guard, PATIENCE, |now| *now < count).unwrap();
        assert!(!timeout.timed_out(), "only {} of {count} mails arrived", *self.count.lock().unwrap());
    }

    fn count(&self) -> usize {
        *self.count.lock().unwrap()
    }
}

struct Shared(Arc<Recorder>);

impl Mailbox for Shared {
    fn deliver(&self, mail: ReceivedMail) -> Result<(), Refusal> {
        let recorder = &self.0;
        let trap = recorder.trapped(recorder.count() + 1);
        if trap == Some(Trap::BeforeStoring) {
            recorder.spring();
            return Err(Refusal::try_later("the other side is gone"));
        }
        {
            let mut log = recorder.log.lock().unwrap();
            log.write_all(line_of(&mail).as_bytes()).unwrap();
            log.sync_data().unwrap();
        }
        *recorder.count.lock().unwrap() += 1;
        recorder.arrived.notify_all();
        if trap == Some(Trap::BeforeAnswering) {
            recorder.spring();
        }
        Ok(())
    }
}

/// Cuts the conversation after storing, at every twentieth mail: an ambiguous end without any kill.
#[derive(Default)]
struct CutsSome(AtomicUsize);

impl Script for CutsSome {
    fn act(&self, moment: &Moment<'_>) -> Act {
        let cut = moment.step == Step::Stored && self.0.fetch_add(1, Ordering::SeqCst) % 20 == 19;
        if cut { Act::Close } else { Act::Proceed }
    }
}

/// The mailbox's own thread; it lives as long as the test.
fn start_sink(recorder: Arc<Recorder>) -> u16 {
    let (tell, told) = channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut config = SinkConfig::new(Arc::new(Shared(recorder)));
            config.script = Arc::new(CutsSome::default());
            let sink = Sink::start(config).await.unwrap();
            tell.send(sink.addr().port()).unwrap();
            std::future::pending::<()>().await;
        });
    });
    told.recv().unwrap()
}

struct Contract {
    db: TestDb,
    scratch: Scratch,
    port: u16,
    recorder: Arc<Recorder>,
    sprung: Receiver<Sender<()>>,
    log: PathBuf,
}

impl Contract {
    fn new() -> Self {
        let scratch = Scratch::new("mail contract");
        let log = scratch.0.join("delivered.tsv");
        let (sprung, springs) = channel();
        let recorder = Arc::new(Recorder {
            log: Mutex::new(File::create(&log).unwrap()),
            count: Mutex::default(),
            arrived: Condvar::new(),
            trap: Mutex::default(),
            sprung,
        });
        let port = start_sink(recorder.clone());
        Self { db: TestDb::new(), scratch, port, recorder, sprung: springs, log }
    }

    fn work(&self) -> Process {
        let (app, owner) = (self.db.url(Role::App), self.db.url(Role::Owner));
        let (queue, port) = (self.db.url(Role::Queue), self.port.to_string());
        let connections = CONNECTIONS.to_string();
        let process = Process::start_with(
            &["work"],
            &self.scratch.0,
            &[
                ("DATABASE_URL", &app),
                ("DATABASE_OWNER_URL", &owner),
                ("DATABASE_QUEUE_URL", &queue),
                ("YUI_SMTP_HOST", "127.0.0.1"),
                ("YUI_SMTP_PORT", &port),
                ("YUI_SMTP_SECURITY", "plain"),
                ("YUI_MAIL_FROM", "yui@town.example"),
                ("YUI_MAIL_CONNECTIONS", &connections),
                ("YUI_MAIL_DOMAIN_RATE", "0"),
            ],
        );
        process.wait_for("working");
        process
    }

    fn count(&self, condition: &str) -> usize {
        #[derive(QueryableByName)]
        struct Count {
            #[diesel(sql_type = BigInt)]
            count: i64,
        }
        let sql = format!("SELECT count(*) AS count FROM messages WHERE {condition}");
        let row: Count = diesel::sql_query(sql).get_result(&mut self.db.owner()).unwrap();
        usize::try_from(row.count).unwrap()
    }

    fn texts(&self, sql: &str) -> BTreeSet<String> {
        #[derive(QueryableByName)]
        struct One {
            #[diesel(sql_type = Text)]
            text: String,
        }
        let rows: Vec<One> = diesel::sql_query(sql).load(&mut self.db.owner()).unwrap();
        rows.into_iter().map(|row| row.text).collect()
    }

    /// While no process runs, an hour passes: leases end, pauses are over.
    fn an_hour_passes(&self) {
        diesel::sql_query(
            "UPDATE messages SET lease_until = lease_until - interval '1 hour', not_before = not_before - interval '1 hour' \
             WHERE ended_at IS NULL",
        )
        .execute(&mut self.db.owner())
        .unwrap();
    }

    /// Kills the process at the next mail, in the middle of it, and gives what was in flight.
    fn kill(&self, round: usize) -> BTreeSet<String> {
        let kind = if round.is_multiple_of(2) { Trap::BeforeAnswering } else { Trap::BeforeStoring };
        let at = self.recorder.count() + 10 + 7 * round;
        *self.recorder.trap.lock().unwrap() = Some((at, kind));
        let mut process = self.work();
        let killed = self.sprung.recv_timeout(PATIENCE).expect("the trap springs");
        process.signal("KILL");
        process.child.wait().unwrap();
        drop(killed);
        let in_flight = self.texts("SELECT message_id AS text FROM messages WHERE state = 'sending'");
        assert!((1..=CONNECTIONS).contains(&in_flight.len()), "{in_flight:?}");
        self.an_hour_passes();
        in_flight
    }

    /// Runs the process until nothing is left that would go by itself.
    fn finish(&self) {
        for _ in 0..8 {
            let due = self.count(
                "state IN ('queued', 'deferred', 'claimed') OR (state = 'unknown' AND category <> 'account')",
            );
            let doubted = self.count("state = 'sending'");
            if due + doubted == 0 {
                return;
            }
            let before = self.recorder.count();
            let process = self.work();
            self.recorder.wait_until(before + due);
            process.stop();
            self.an_hour_passes();
        }
        panic!("messages stay behind: {:?}", self.texts("SELECT state AS text FROM messages"));
    }
}

fn queue<M: Mail>(contract: &Contract, outbox: &Outbox, town: kernel::OrganizationId, name: &str) {
    let recipients = (0..EACH).map(|number| Recipient {
        party: Party::Nobody,
        name: "山田 太郎".to_owned(),
        address: EmailAddress::parse(&format!("{name}{number}@example.jp")).unwrap(),
        language: Language::Ja,
    });
    for recipient in recipients {
        let message = NewMessage::new(M::sample(Language::Ja), recipient).as_asked();
        contract
            .db
            .app
            .run_blocking(Scope::system(town), |tx| notifier::queue(tx, outbox, message))
            .unwrap()
            .id()
            .unwrap();
    }
}

/// What lies on the mailbox's disk: Message-ID → digests of its copies.
fn delivered(log: &Path) -> BTreeMap<String, Vec<String>> {
    let mut copies: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in BufReader::new(File::open(log).unwrap()).lines() {
        let line = line.unwrap();
        let (id, digest) = line.split_once('\t').unwrap();
        copies.entry(id.to_owned()).or_default().push(digest.to_owned());
    }
    copies
}

#[derive(QueryableByName)]
struct Intent {
    #[diesel(sql_type = Text)]
    message_id: String,
    #[diesel(sql_type = Text)]
    category: String,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Bytea)]
    sha256: Vec<u8>,
}

#[test]
fn killed_senders_lose_nothing_and_every_copy_too_many_is_listed_as_unknown() {
    let contract = Contract::new();
    let town = contract.db.town("tateshina");
    let settings = MailSettings::new("yui@town.example", "http://127.0.0.1:8080").unwrap();
    let outbox = Outbox::new(settings, LinkKey::generate(), KeepsHours::Always).unwrap();
    queue::<AcceptCode>(&contract, &outbox, town, "code");
    queue::<TermsNotice>(&contract, &outbox, town, "terms");
    queue::<OrderOpened>(&contract, &outbox, town, "order");

    let mut in_flight = BTreeSet::new();
    let mut at_kills = 0;
    for round in 0..KILLS {
        let killed = contract.kill(round);
        at_kills += killed.len();
        in_flight.extend(killed);
    }
    contract.finish();

    let copies = delivered(&contract.log);
    let unknown = contract.texts(
        "SELECT DISTINCT m.message_id AS text FROM messages m JOIN message_attempts a \
         ON a.organization_id = m.organization_id AND a.message_id = m.id WHERE a.outcome = 'unknown'",
    );
    let intents: Vec<Intent> = diesel::sql_query(
        "SELECT m.message_id, m.category, m.state, b.sha256 FROM messages m JOIN message_bytes b \
         ON b.organization_id = m.organization_id AND b.message_id = m.id",
    )
    .load(&mut contract.db.owner())
    .unwrap();
    assert_eq!(intents.len(), 3 * EACH);
    for one in &intents {
        let own = copies.get(&one.message_id).map_or(&[] as &[String], Vec::as_slice);
        // A secret in doubt is put aside at the next look.
        let aside = one.category == "account" && one.state == "unknown";
        let kept = aside || matches!(one.state.as_str(), "held" | "dead");
        assert!(!own.is_empty() || kept, "lost: {} is {}", one.message_id, one.state);
        assert!(own.len() <= 1 || unknown.contains(&one.message_id), "an unlisted copy: {}", one.message_id);
        assert!(own.len() <= 1 || one.category != "account", "a secret went twice: {}", one.message_id);
        let mut frozen = String::new();
        one.sha256.iter().for_each(|byte| write!(frozen, "{byte:02x}").unwrap());
        assert!(own.iter().all(|digest| *digest == frozen), "{} changed on its way", one.message_id);
    }
    assert!(in_flight.is_subset(&unknown), "in flight at a kill and not listed");
    let known: BTreeSet<&str> = intents.iter().map(|one| one.message_id.as_str()).collect();
    assert!(copies.keys().all(|id| known.contains(id.as_str())), "a mail that nobody asked for");
    let too_many: usize = copies.values().map(|own| own.len() - 1).sum();
    let cut = contract.recorder.count() / 20;
    assert!(too_many <= at_kills + cut, "{too_many} copies too many, {at_kills} in flight, {cut} cut");
}
