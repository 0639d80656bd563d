//! The honest contract of the mails, with real processes: `yui work` is killed in the middle of sending, again and
//! again, against a mailbox that writes every mail to disk before it answers. An independent count of that disk says:
//! nothing accepted is lost; a copy too many belongs to a message that is listed as unknown; mails with a secret for one
//! use never go twice; all copies are the very same bytes. The same holds for a process that is stopped past its leases
//! and goes on, and for a database server that crashes in the middle.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use accounts::secrets::LinkKey;
use db::Db;
use db::private_postgres::{PrivatePostgres, Role, Settings};
use db::testing::TestDb;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use kernel::{EmailAddress, Language, OrganizationId, Scope};
use notifier::mails::{AcceptCode, Mail, OrderOpened, TermsNotice};
use notifier::sink::{Act, Mailbox, Moment, ReceivedMail, Refusal, Script, Sink, SinkConfig, Step};
use notifier::{KeepsHours, MailSettings, NewMessage, Outbox, Party, Recipient};

use super::mail_audit::{self, Audit, line_of};
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

/// Where the database is reached.
struct Urls {
    owner: String,
    app: String,
    queue: String,
}

struct Contract {
    urls: Urls,
    town: OrganizationId,
    scratch: Scratch,
    port: u16,
    recorder: Arc<Recorder>,
    sprung: Receiver<Sender<()>>,
    log: PathBuf,
}

impl Contract {
    /// With a mail of each of three categories to everybody of [`EACH`].
    fn new(name: &str, urls: Urls, town: OrganizationId) -> Self {
        let scratch = Scratch::new(name);
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
        let contract = Self { urls, town, scratch, port, recorder, sprung: springs, log };
        let settings = MailSettings::new("yui@town.example", "http://127.0.0.1:8080").unwrap();
        let outbox = Outbox::new(settings, LinkKey::generate(), KeepsHours::Always).unwrap();
        contract.queue::<AcceptCode>(&outbox, "code");
        contract.queue::<TermsNotice>(&outbox, "terms");
        contract.queue::<OrderOpened>(&outbox, "order");
        contract
    }

    /// On the server that all tests share.
    fn on(db: &TestDb, name: &str) -> Self {
        let urls = Urls { owner: db.url(Role::Owner), app: db.url(Role::App), queue: db.url(Role::Queue) };
        Self::new(name, urls, db.town("tateshina"))
    }

    fn queue<M: Mail>(&self, outbox: &Outbox, name: &str) {
        let app = Db::connect(&self.urls.app, &db::PoolSettings::default());
        for number in 0..EACH {
            let recipient = Recipient {
                party: Party::Nobody,
                name: "山田 太郎".to_owned(),
                address: EmailAddress::parse(&format!("{name}{number}@example.jp")).unwrap(),
                language: Language::Ja,
            };
            let message = NewMessage::new(M::sample(Language::Ja), recipient).as_asked();
            let queued =
                app.run_blocking(Scope::system(self.town), |tx| notifier::queue(tx, outbox, message));
            queued.unwrap().id().unwrap();
        }
    }

    fn owner(&self) -> PgConnection {
        PgConnection::establish(&self.urls.owner).unwrap()
    }

    fn work(&self) -> Process {
        let port = self.port.to_string();
        let connections = CONNECTIONS.to_string();
        let process = Process::start_with(
            &["work"],
            &self.scratch.0,
            &[
                ("DATABASE_URL", &self.urls.app),
                ("DATABASE_OWNER_URL", &self.urls.owner),
                ("DATABASE_QUEUE_URL", &self.urls.queue),
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
        let row: Count = diesel::sql_query(sql).get_result(&mut self.owner()).unwrap();
        usize::try_from(row.count).unwrap()
    }

    fn texts(&self, sql: &str) -> BTreeSet<String> {
        #[derive(QueryableByName)]
        struct One {
            #[diesel(sql_type = Text)]
            text: String,
        }
        let rows: Vec<One> = diesel::sql_query(sql).load(&mut self.owner()).unwrap();
        rows.into_iter().map(|row| row.text).collect()
    }

    /// While no process runs, an hour passes: leases end, pauses are over.
    fn an_hour_passes(&self) {
        diesel::sql_query(
            "UPDATE messages SET lease_until = lease_until - interval '1 hour', not_before = not_before - interval '1 hour' \
             WHERE ended_at IS NULL",
        )
        .execute(&mut self.owner())
        .unwrap();
    }

    /// Sets a trap for a mail soon to come.
    fn lay(&self, round: usize) {
        let kind = if round.is_multiple_of(2) { Trap::BeforeAnswering } else { Trap::BeforeStoring };
        let at = self.recorder.count() + 10 + 7 * round;
        *self.recorder.trap.lock().unwrap() = Some((at, kind));
    }

    /// Waits until a mail has sprung the trap: it is held until what this gives is dropped.
    fn springs(&self) -> Sender<()> {
        self.sprung.recv_timeout(PATIENCE).expect("the trap springs")
    }

    fn in_flight(&self) -> BTreeSet<String> {
        let in_flight = self.texts("SELECT message_id AS text FROM messages WHERE state = 'sending'");
        assert!((1..=CONNECTIONS).contains(&in_flight.len()), "{in_flight:?}");
        in_flight
    }

    fn connections(&self) -> BTreeSet<String> {
        self.texts(
            "SELECT pid::text AS text FROM pg_stat_activity \
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
    }

    /// What some attempt ended with no answer about.
    fn unknown(&self) -> BTreeSet<String> {
        self.texts(
            "SELECT DISTINCT m.message_id AS text FROM messages m JOIN message_attempts a \
             ON a.organization_id = m.organization_id AND a.message_id = m.id WHERE a.outcome = 'unknown'",
        )
    }

    /// Kills the process at a mail soon to come, in the middle of it, and gives what was in flight.
    fn kill(&self, round: usize) -> BTreeSet<String> {
        self.lay(round);
        let before = self.connections();
        let mut process = self.work();
        let killed = self.springs();
        process.signal("KILL");
        process.child.wait().unwrap();
        drop(killed);
        // What the process sent with its last breath is still carried out.
        wait_until("its connections are gone", || self.connections().is_subset(&before));
        let in_flight = self.in_flight();
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

impl Contract {
    /// What the independent count of the mailbox's disk found, of everything that was asked for.
    fn audit(&self) -> Audit {
        let audit = mail_audit::audit(&mut self.owner(), &self.log);
        assert_eq!(audit.intents, 3 * EACH);
        audit
    }

    /// Conversations that the mailbox cut after storing.
    fn cut(&self) -> usize {
        self.recorder.count() / 20
    }
}

#[test]
fn killed_senders_lose_nothing_and_every_copy_too_many_is_listed_as_unknown() {
    let db = TestDb::new();
    let contract = Contract::on(&db, "mail contract");
    let mut in_flight = BTreeSet::new();
    let mut at_kills = 0;
    for round in 0..KILLS {
        let killed = contract.kill(round);
        at_kills += killed.len();
        in_flight.extend(killed);
    }
    contract.finish();
    let (audit, cut) = (contract.audit(), contract.cut());
    assert!(in_flight.is_subset(&audit.unknown), "in flight at a kill and not listed");
    assert!(
        audit.too_many <= at_kills + cut,
        "{} copies too many, {at_kills} in flight, {cut} cut",
        audit.too_many
    );
    // The figures the README publishes.
    println!(
        "{} mails, {KILLS} kills: {at_kills} in flight, {cut} cut off after the last byte, {} listed as unknown, \
         {} copies too many, 0 lost",
        3 * EACH,
        audit.unknown.len(),
        audit.too_many
    );
}

/// A machine that sleeps, a container that is paused: the process knows nothing of the hour that has passed. Another one
/// has taken over; when the first goes on, it changes nothing that is no longer its own.
#[test]
fn a_sender_stopped_past_its_leases_changes_nothing_when_it_goes_on() {
    let db = TestDb::new();
    let contract = Contract::on(&db, "mail contract stopped");
    contract.lay(0);
    let first = contract.work();
    let held = contract.springs();
    // The mailbox serves nobody meanwhile, so each conversation comes to stand in the middle of a mail.
    let sending = || contract.count("state = 'sending'");
    wait_until("every conversation stands", || sending() == CONNECTIONS);
    first.signal("STOP");
    let in_flight = contract.in_flight();
    contract.an_hour_passes();
    let second = contract.work();
    wait_until("the second process doubts", || !contract.unknown().is_disjoint(&in_flight));
    first.signal("CONT");
    drop(held);
    first.wait_for("was settled after its lease was lost; refused");
    for process in [first, second] {
        process.stop();
    }
    contract.an_hour_passes();
    contract.finish();
    let (audit, cut) = (contract.audit(), contract.cut());
    assert!(audit.too_many <= in_flight.len() + cut, "{} too many, {cut} cut", audit.too_many);
}

#[derive(QueryableByName)]
struct Opened {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// The server of the database crashes three times while a mail is in the mailbox's hands: the sender keeps the relay's
/// word until it can be written down.
#[test]
fn a_crashing_database_server_loses_no_mail_and_doubles_none() {
    let scratch = Scratch::migrated("mail contract database");
    let mut server = PrivatePostgres::start(Settings::durable(scratch.0.clone(), 60)).unwrap();
    server.supervise(|_state| {});
    let urls = Urls { owner: server.owner_url(), app: server.app_url(), queue: server.queue_url() };
    let opened: Opened =
        diesel::sql_query("SELECT open_organization('tateshina', '蓼科', 'real', NULL, 'ja', 'x') AS id")
            .get_result(&mut PgConnection::establish(&urls.owner).unwrap())
            .unwrap();
    let contract = Contract::new("mail contract crash", urls, OrganizationId(opened.id));
    contract.lay(0);
    let process = contract.work();
    for round in 1..=3 {
        let held = contract.springs();
        crash(&server);
        wait_until("the server is back", || PgConnection::establish(&contract.urls.owner).is_ok());
        contract.lay(2 * round);
        drop(held);
    }
    drop(contract.springs());
    process.stop();
    contract.an_hour_passes();
    contract.finish();
    let (audit, cut) = (contract.audit(), contract.cut());
    assert!(audit.too_many <= cut, "{} too many, {cut} cut", audit.too_many);
    server.stop().unwrap();
}

/// SIGQUIT to the server: no checkpoint, recovery at the next start.
pub(super) fn crash(server: &PrivatePostgres) {
    let clusters = server.connection().socket_directory().parent().unwrap().join("pg");
    let mut files =
        std::fs::read_dir(clusters).unwrap().map(|entry| entry.unwrap().path().join("postmaster.pid"));
    let text = files.find_map(|file| std::fs::read_to_string(file).ok()).expect("the server is up");
    let process_id = text.lines().next().unwrap();
    assert!(Command::new("kill").args(["-QUIT", process_id]).status().unwrap().success());
    let gone = || !Path::new("/proc").join(process_id).exists();
    wait_until("the server is down", gone);
}

/// Waits for `condition`; panics when it does not come true in a time that only a failure takes.
pub(super) fn wait_until(what: &str, condition: impl Fn() -> bool) {
    let (bell, deadline) = (queue::Wake::default(), Instant::now() + PATIENCE);
    while !condition() {
        assert!(Instant::now() < deadline, "never: {what}");
        bell.wait(Duration::from_millis(20));
    }
}
