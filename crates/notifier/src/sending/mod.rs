//! Getting queued messages to the relay: claim, journal, send, record.
//!
//! [`Senders`] keeps a few threads going, each with a warm conversation and a single-threaded runtime of its own, so
//! that one slow relay or one large mail holds up nobody else. The honest contract: no queued message is ever lost;
//! a kill can leave at most one message per sender in doubt, each of them is recorded as such
//! (`what_a_killed_sender_left_is_in_doubt_and_settled_by_category`), and its category's policy decides. A relay that
//! is down or refuses our password opens its breaker and costs no message an attempt
//! (`t16_a_wrong_password_ends_nothing`).

mod breaker;
mod depot;
mod rates;
mod relays;
mod sender;
mod store;
mod verdict;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender as Channel, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use db::{Db, DbError};
use kernel::{MessageId, OrganizationId};
use queue::{Wake, Wakes};
use tokio::sync::watch;

use crate::MAILS;
use crate::smtp::Relay;
pub use depot::{Checks, Depot, Due};
pub use rates::DomainRate;
use relays::Relays;
use sender::{Pace, Sender};
use store::{Held, LEASE};

/// How many conversations, and how often to look when nobody rings.
#[derive(Debug, Clone, Copy)]
pub struct SenderSettings {
    /// Conversations at a time.
    pub connections: usize,
    /// How often the senders together look when nobody rings.
    pub poll: Duration,
    /// Messages a sender takes at a time.
    pub batch: u8,
    /// How long a message under way may take to end when the senders are stopped; then it is left in doubt.
    pub grace: Duration,
    /// The share of each recipient domain; `None`: no limit, for the sandbox mailbox.
    pub domain_rate: Option<DomainRate>,
}

impl Default for SenderSettings {
    /// Four conversations, a look each second, eight messages at a time, ten seconds to end, no limit per domain.
    fn default() -> Self {
        Self {
            connections: 4,
            poll: Duration::from_secs(1),
            batch: 8,
            grace: Duration::from_secs(10),
            domain_rate: None,
        }
    }
}

/// What is being sent, for the thread that prolongs leases.
type InHand = Arc<Mutex<HashMap<(OrganizationId, MessageId), i64>>>;

/// Running senders. Dropping it without [`Senders::stop`] leaves them running with the process.
#[derive(Debug)]
pub struct Senders {
    stop: Arc<AtomicBool>,
    stopping: watch::Sender<bool>,
    wakes: Vec<Arc<Wake>>,
    threads: Vec<JoinHandle<()>>,
    beats_end: Channel<()>,
}

impl Senders {
    /// Starts the senders: they claim what lies in `depot`, hand over to the first of
    /// `relays` that works, and wake on [`MAILS`]. `on_relay_state` is told whether any relay works, at each change
    /// (they are believed to work at first).
    ///
    /// Fails only if the operating system gives no event queue.
    pub fn start(
        depot: Depot,
        relays: Vec<Relay>,
        settings: SenderSettings,
        wakes: &Wakes,
        on_relay_state: impl Fn(bool) + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let relays = Arc::new(Relays::new(relays, on_relay_state));
        let (stop, in_hand, pace) =
            (Arc::new(AtomicBool::new(false)), InHand::default(), Arc::<Pace>::default());
        let (stopping, stopped) = watch::channel(false);
        let (mut bells, mut threads) = (Vec::new(), Vec::new());
        for _ in 0..settings.connections.max(1) {
            let wake = wakes.on(MAILS);
            let (depot, relays, in_hand) = (depot.clone(), relays.clone(), in_hand.clone());
            let sender = Sender::new(depot, relays, settings, in_hand, pace.clone(), stopped.clone())?;
            bells.push(wake.clone());
            let stop = stop.clone();
            threads.push(std::thread::spawn(move || sender.run(&wake, &stop)));
        }
        let (beats_end, beats) = channel();
        threads.push(std::thread::spawn(move || beat(&depot.queue, &beats, &in_hand)));
        Ok(Self { stop, stopping, wakes: bells, threads, beats_end })
    }

    /// Claims nothing more, lets messages under way end within the grace, gives the rest back.
    pub fn stop(self) {
        self.stop.store(true, Ordering::SeqCst);
        self.stopping.send_replace(true);
        for wake in &self.wakes {
            wake.ring();
        }
        drop(self.beats_end);
        for thread in self.threads {
            if thread.join().is_err() {
                log::error!("a sender thread panicked");
            }
        }
    }
}

/// Prolongs the leases of everything under way, every third of a lease: a message may take the relay ten minutes, a
/// dead sender is noticed within one.
fn beat(queue: &Db, ended: &Receiver<()>, in_hand: &InHand) {
    while matches!(ended.recv_timeout(LEASE / 3), Err(RecvTimeoutError::Timeout)) {
        let held: Vec<Held> = {
            let in_hand = in_hand.lock().unwrap_or_else(PoisonError::into_inner);
            in_hand.iter().map(|((town, id), lease)| (*town, *id, *lease)).collect()
        };
        if held.is_empty() {
            continue;
        }
        if let Err(error) = queue.lobby_blocking(|lobby| store::beat(lobby, &held)) {
            log::warn!("cannot prolong {} leases of messages: {error}", held.len());
        }
    }
}

/// How many messages [`run_once`] dealt with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Attempts made.
    pub attempts: usize,
    /// Messages the relay took.
    pub accepted: usize,
}

/// Sends everything that is due over one conversation and returns when nothing is, or when the relay is down. For
/// tests and commands: no threads, no waiting. Must not be called from async code.
pub fn run_once(depot: &Depot, relay: &Relay) -> Result<Tally, DbError> {
    let relays = Arc::new(Relays::new(vec![relay.clone()], |_works| {}));
    let (_never, stopped) = watch::channel(false);
    let settings = SenderSettings::default();
    let mut sender = Sender::new(depot.clone(), relays, settings, InHand::default(), Arc::default(), stopped)
        .map_err(|error| DbError::Unavailable(error.to_string()))?;
    sender.drain()
}
