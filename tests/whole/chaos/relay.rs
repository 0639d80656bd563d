//! A mail relay that writes every mail to disk before it says yes, and has bad days: it puts off, refuses, hangs, hangs up
//! after storing, is slow, or is not there at all.

use std::fs::File;
use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
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
pub(in crate::whole) enum Mood {
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

pub(in crate::whole) const MOODS: [Mood; 5] =
    [Mood::Well, Mood::PutsOff, Mood::Refuses, Mood::Hangs, Mood::CutsAfterStoring];

struct Temper {
    /// Whether it hangs up after every twentieth mail it has stored, however well it feels.
    cuts: bool,
    /// Times it hung up on a mail that it had stored.
    hung_up: AtomicUsize,
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
            (Step::Stored, Mood::CutsAfterStoring) => self.hang_up(),
            (Step::Stored, Mood::Well)
                if self.cuts && self.stored.fetch_add(1, Ordering::SeqCst) % 20 == 19 =>
            {
                self.hang_up()
            }
            _ => Act::Proceed,
        }
    }
}

impl Temper {
    fn hang_up(&self) -> Act {
        self.hung_up.fetch_add(1, Ordering::SeqCst);
        Act::Close
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

pub(in crate::whole) struct Relay {
    runtime: Handle,
    temper: Arc<Temper>,
    disk: Arc<Disk>,
    address: SocketAddr,
    /// `None`: nobody listens, and connections are refused.
    sink: Option<SinkHandle>,
}

impl Relay {
    pub(in crate::whole) fn start(log: &Path, seed: u64) -> Self {
        Self::with(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), log, seed, true)
    }

    /// One at an address of this machine that is by the rules and nothing else while it feels well; port 0 takes a free one.
    pub(in crate::whole) fn at(address: SocketAddr, log: &Path) -> Self {
        Self::with(address, log, 1, false)
    }

    fn with(address: SocketAddr, log: &Path, seed: u64, cuts: bool) -> Self {
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
        let temper = Temper {
            cuts,
            mood: AtomicUsize::default(),
            stored: AtomicUsize::default(),
            hung_up: AtomicUsize::default(),
        };
        let mut relay = Self {
            runtime: told.recv().unwrap(),
            temper: Arc::new(temper),
            disk: Arc::new(disk),
            address,
            sink: None,
        };
        relay.comes_back();
        relay
    }

    pub(in crate::whole) fn port(&self) -> u16 {
        self.address.port()
    }

    /// Mails on its disk.
    pub(in crate::whole) fn stored(&self) -> u64 {
        self.disk.stored.load(Ordering::SeqCst)
    }

    /// Times it hung up on a mail that it had stored.
    pub(in crate::whole) fn hung_up(&self) -> usize {
        self.temper.hung_up.load(Ordering::SeqCst)
    }

    pub(in crate::whole) fn feels(&mut self, mood: Mood) {
        let place = MOODS.iter().position(|one| *one == mood).unwrap();
        self.temper.mood.store(place, Ordering::SeqCst);
        self.comes_back();
    }

    /// Nobody listens any more, and every conversation is cut.
    pub(in crate::whole) fn goes_away(&mut self) {
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
        config.listen = self.address;
        let sink = self.runtime.block_on(Sink::start(config)).unwrap();
        self.address = sink.addr();
        self.sink = Some(sink);
    }
}

struct Moody(Arc<Temper>);

impl Script for Moody {
    fn act(&self, moment: &Moment<'_>) -> Act {
        self.0.act(moment)
    }
}
