//! A mail relay that writes every mail to disk before it says yes, and has bad days: it puts off, refuses, hangs, hangs up
//! after storing, is slow, or is not there at all.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use notifier::sink::{
    Act, Mailbox, Moment, ReceivedMail, Refusal, Script, Sink, SinkConfig, SinkHandle, Step,
};
use tokio::runtime::Handle;

use super::chance::Chance;
use crate::whole::mail_audit::line_of;

/// How the relay behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mood {
    /// By the rules, and now and then it hangs up after storing.
    Well,
    /// 451 to every recipient.
    PutsOff,
    /// 554 to every recipient, for a reason that is none of theirs.
    Refuses,
    /// Says nothing more at the recipient.
    Hangs,
    /// Hangs up after storing, each time.
    CutsAfterStoring,
}

pub(super) const MOODS: [Mood; 5] =
    [Mood::Well, Mood::PutsOff, Mood::Refuses, Mood::Hangs, Mood::CutsAfterStoring];

struct Temper {
    /// The place of the mood in [`MOODS`].
    mood: AtomicUsize,
    stored: AtomicUsize,
}

impl Script for Temper {
    fn act(&self, moment: &Moment<'_>) -> Act {
        let mood = MOODS[self.mood.load(Ordering::SeqCst)];
        match (moment.step, mood) {
            (Step::Recipient, Mood::PutsOff) => Act::answer("451 4.7.1 not now"),
            (Step::Recipient, Mood::Refuses) => Act::answer("554 5.7.1 not from you"),
            (Step::Recipient, Mood::Hangs) => Act::Hang,
            (Step::Stored, Mood::CutsAfterStoring) => Act::Close,
            (Step::Stored, Mood::Well) if self.stored.fetch_add(1, Ordering::SeqCst) % 20 == 19 => Act::Close,
            _ => Act::Proceed,
        }
    }
}

/// Pauses, writes, synchronises, pauses, and only then says yes.
struct Disk {
    log: Mutex<File>,
    pauses: Mutex<Chance>,
    stored: AtomicU64,
}

impl Disk {
    fn pause(&self) {
        let milliseconds = self.pauses.lock().unwrap().below(40);
        queue::Wake::default().wait(Duration::from_millis(milliseconds));
    }
}

struct Shared(Arc<Disk>);

impl Mailbox for Shared {
    fn deliver(&self, mail: ReceivedMail) -> Result<(), Refusal> {
        self.0.pause();
        {
            let mut log = self.0.log.lock().unwrap();
            log.write_all(line_of(&mail).as_bytes()).unwrap();
            log.sync_data().unwrap();
        }
        self.0.stored.fetch_add(1, Ordering::SeqCst);
        self.0.pause();
        Ok(())
    }
}

pub(super) struct Relay {
    runtime: Handle,
    temper: Arc<Temper>,
    disk: Arc<Disk>,
    port: u16,
    /// `None`: nobody listens, and connections are refused.
    sink: Option<SinkHandle>,
}

impl Relay {
    pub(super) fn start(log: &Path, seed: u64) -> Self {
        let (tell, told) = channel();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            tell.send(runtime.handle().clone()).unwrap();
            runtime.block_on(std::future::pending::<()>());
        });
        let disk = Disk {
            log: Mutex::new(File::create(log).unwrap()),
            pauses: Mutex::new(Chance::new(seed)),
            stored: AtomicU64::default(),
        };
        let temper = Temper { mood: AtomicUsize::default(), stored: AtomicUsize::default() };
        let mut relay = Self {
            runtime: told.recv().unwrap(),
            temper: Arc::new(temper),
            disk: Arc::new(disk),
            port: 0,
            sink: None,
        };
        relay.comes_back();
        relay
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Mails on its disk.
    pub(super) fn stored(&self) -> u64 {
        self.disk.stored.load(Ordering::SeqCst)
    }

    pub(super) fn feels(&mut self, mood: Mood) {
        let place = MOODS.iter().position(|one| *one == mood).unwrap();
        self.temper.mood.store(place, Ordering::SeqCst);
        self.comes_back();
    }

    /// Nobody listens any more, and every conversation is cut.
    pub(super) fn goes_away(&mut self) {
        if let Some(sink) = self.sink.take() {
            self.runtime.block_on(sink.shutdown());
        }
    }

    fn comes_back(&mut self) {
        if self.sink.is_some() {
            return;
        }
        let mut config = SinkConfig::new(Arc::new(Shared(self.disk.clone())));
        config.script = Arc::new(Moody(self.temper.clone()));
        config.listen.set_port(self.port);
        let sink = self.runtime.block_on(Sink::start(config)).unwrap();
        self.port = sink.addr().port();
        self.sink = Some(sink);
    }
}

struct Moody(Arc<Temper>);

impl Script for Moody {
    fn act(&self, moment: &Moment<'_>) -> Act {
        self.0.act(moment)
    }
}
