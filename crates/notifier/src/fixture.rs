//! What the tests of messages, sending and the sandbox share: a town, an outbox, a clock, and a post office.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

use accounts::secrets::LinkKey;
use chrono::{DateTime, Utc};
use db::Tx;
use db::testing::TestDb;
use diesel::prelude::*;
use kernel::{EmailAddress, EventId, Language, MessageId, OrganizationId, Scope};
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;

use crate::mails::{Mail, OrderOpened};
use crate::messages::{self, Message, MessageError, MessageState, NewMessage, Party, Recipient};
use crate::sending::{Checks, Depot};
use crate::settings::{KeepsHours, MailSettings, Outbox};
use crate::sink::{MemoryMailbox, Sink, SinkConfig};
use crate::smtp::{Relay, Security};

/// No wait in a test is longer.
const BOUND: Duration = Duration::from_mins(1);

pub(crate) fn outbox() -> Outbox {
    let settings = MailSettings::new("yui@town.example", "https://yui.example").unwrap();
    Outbox::new(settings, LinkKey::generate(), KeepsHours::Always).unwrap()
}

/// 山田 at `local@example.jp`.
pub(crate) fn to(local: &str) -> Recipient {
    Recipient {
        party: Party::Nobody,
        name: "山田 太郎".to_owned(),
        address: EmailAddress::parse(&format!("{local}@example.jp")).unwrap(),
        language: Language::Ja,
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct Rung;

impl queue::Event for Rung {
    const KIND: &'static str = "bell.rung";
}

/// A database with one town and a clock that tests move.
pub(crate) struct Bench {
    pub(crate) db: TestDb,
    pub(crate) town: OrganizationId,
    pub(crate) outbox: Outbox,
    clock: Arc<AtomicI64>,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let db = TestDb::new();
        let town = db.town("tateshina");
        let clock = Arc::new(AtomicI64::new(1_800_000_000));
        for pool in [&db.app, &db.queue] {
            let clock = clock.clone();
            pool.with_clock(move || DateTime::from_timestamp(clock.load(Ordering::SeqCst), 0).unwrap());
        }
        Self { db, town, outbox: outbox(), clock }
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.clock.load(Ordering::SeqCst), 0).unwrap()
    }

    /// Lets time pass.
    pub(crate) fn pass(&self, time: Duration) {
        self.clock.fetch_add(i64::try_from(time.as_secs()).unwrap(), Ordering::SeqCst);
    }

    pub(crate) fn event(&self) -> EventId {
        self.db.arrange(self.town, |tx| queue::record(tx, &Rung))
    }

    pub(crate) fn run<T>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, MessageError>,
    ) -> Result<T, MessageError> {
        self.db.app.run_blocking(Scope::system(self.town), work)
    }

    /// Queues an order's mail.
    pub(crate) fn queue(&self, recipient: Recipient) -> MessageId {
        self.queue_mail(OrderOpened::sample(recipient.language), recipient)
    }

    pub(crate) fn queue_mail<M: Mail>(&self, mail: M, recipient: Recipient) -> MessageId {
        let message = NewMessage::new(mail, recipient);
        self.run(|tx| messages::queue(tx, &self.outbox, message)).unwrap().id().unwrap()
    }

    /// Queues an order's mail of another town.
    pub(crate) fn queue_in(&self, town: OrganizationId, recipient: Recipient) -> MessageId {
        let message = NewMessage::new(OrderOpened::sample(recipient.language), recipient);
        let queued: Result<_, MessageError> =
            self.db.app.run_blocking(Scope::system(town), |tx| messages::queue(tx, &self.outbox, message));
        queued.unwrap().id().unwrap()
    }

    /// Where its messages lie, without any check.
    pub(crate) fn depot(&self) -> Depot {
        self.depot_asking(Checks::new())
    }

    pub(crate) fn depot_asking(&self, checks: Checks) -> Depot {
        Depot::new(self.db.app.clone(), self.db.queue.clone(), checks)
    }

    pub(crate) fn find(&self, id: MessageId) -> Message {
        self.db.arrange(self.town, |tx| messages::find(tx, id))
    }

    pub(crate) fn state(&self, id: MessageId) -> MessageState {
        self.find(id).summary.state
    }

    /// The outcomes of its attempts, oldest first.
    pub(crate) fn outcomes(&self, id: MessageId) -> Vec<String> {
        let attempts = self.find(id).attempts;
        attempts.into_iter().map(|attempt| attempt.outcome.unwrap_or_else(|| "open".to_owned())).collect()
    }

    /// As the owner of the tables, for what only a long time or another program would do.
    pub(crate) fn sql(&self, statements: &str) {
        use diesel::connection::SimpleConnection as _;
        self.db.owner().batch_execute(statements).unwrap();
    }

    pub(crate) fn count(&self) -> i64 {
        crate::schema::messages::table.count().get_result(&mut self.db.owner()).unwrap()
    }

    pub(crate) fn frozen(&self, id: MessageId) -> Vec<u8> {
        use crate::schema::message_bytes as bytes;
        bytes::table
            .filter(bytes::message_id.eq(id))
            .select(bytes::bytes)
            .first(&mut self.db.owner())
            .unwrap()
    }
}

/// A sink on a thread of its own.
pub(crate) struct Post {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Post {
    pub(crate) fn start(config: SinkConfig) -> Self {
        let (tell, told) = mpsc::channel();
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let sink = Sink::start(config).await.unwrap();
                tell.send(sink.addr()).unwrap();
                drop(stopped.await);
                sink.shutdown().await;
            });
        });
        Self { address: told.recv().unwrap(), stop: Some(stop), thread: Some(thread) }
    }

    /// One whose faults are in the recipients' local parts, and what it received.
    pub(crate) fn scripted() -> (Self, Arc<MemoryMailbox>) {
        let mailbox = Arc::new(MemoryMailbox::default());
        let mut config = SinkConfig::new(mailbox.clone());
        config.script = Arc::new(crate::sink::LocalPartScript::default());
        (Self::start(config), mailbox)
    }

    pub(crate) fn relay(&self) -> Relay {
        Relay::new("127.0.0.1", self.address.port(), Security::PlainLoopback, "yui.example").unwrap()
    }
}

impl Drop for Post {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

/// Waits until the mailbox holds so many mails.
pub(crate) fn wait_for(mailbox: &MemoryMailbox, count: usize) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime
        .block_on(async { tokio::time::timeout(BOUND, mailbox.wait_for(count)).await })
        .expect("mails arrive");
}
