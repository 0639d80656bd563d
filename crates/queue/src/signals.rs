//! Waking sleepers in other processes: by NOTIFY, from a connection of its own, after the commit.
//!
//! A commit that raised a signal wakes this process' own sleepers without any round trip. Other processes hear a
//! NOTIFY, at most one per 10 ms and process: NOTIFY inside every transaction halves the commit rate, because it takes
//! one global lock. The first is sent at once, the next ones are gathered. Whoever hears nothing polls, so everything
//! works without NOTIFY too (behind a transaction-mode pooler, for example), only later.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use db::Db;
use diesel::connection::SimpleConnection as _;
use diesel::sql_types::{Array, Text};
use diesel::{Connection, PgConnection, RunQueryDsl, sql_query};

use crate::wake::Wakes;

/// At most one NOTIFY in this span.
const DEBOUNCE: Duration = Duration::from_millis(10);
/// How often the socket is looked at; costs a system call and no round trip.
const LISTEN_TICK: Duration = Duration::from_millis(2);
/// How often a listener proves that its connection still answers. One that went half-open looks quiet forever.
const PROOF_OF_LIFE: Duration = Duration::from_secs(10);
/// How long a proof may take. The thread that waits for it cannot be interrupted, so it is replaced.
const PROOF_LIMIT: Duration = Duration::from_secs(5);
const RECONNECT: Duration = Duration::from_secs(1);

/// Connects the signals of `db` with the sleepers of this process and, through `url`, with other processes.
/// `signals` are all names that may be raised. The threads end when the returned guard is dropped.
pub fn connect_signals(db: &Db, url: &str, signals: &'static [&'static str]) -> (Wakes, SignalGuard) {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let wakes = Wakes::default();
    let name = format!("{}.{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let (raise, raised) = channel::<BTreeSet<&'static str>>();
    let here = wakes.clone();
    db.on_signal(move |signals| {
        for signal in signals {
            here.ring(signal);
        }
        // The receiver ends only with the process; then nobody is left to tell.
        let _ended = raise.send(signals.clone());
    });
    let (tell_url, tell_name) = (url.to_owned(), name.clone());
    std::thread::spawn(move || tell_others(&tell_url, &tell_name, &raised));
    let (stop, stopped) = channel::<()>();
    let ears = Ears { url: url.to_owned(), name, signals, wakes: wakes.clone(), ..Ears::default() };
    std::thread::spawn(move || supervise(&Arc::new(ears), &stopped));
    (wakes, SignalGuard { _stop: Some(stop) })
}

/// Connects the signals of `db` with the sleepers of this process alone; other processes find out by polling. For
/// transaction-mode poolers, through which nobody can listen.
pub fn signals_of_this_process(db: &Db) -> (Wakes, SignalGuard) {
    let wakes = Wakes::default();
    let here = wakes.clone();
    db.on_signal(move |signals| {
        for signal in signals {
            here.ring(signal);
        }
    });
    (wakes, SignalGuard { _stop: None })
}

/// Keeps the listening threads alive; dropping it ends them.
#[derive(Debug)]
pub struct SignalGuard {
    _stop: Option<Sender<()>>,
}

/// Sends what was raised: the first at once, what comes within [`DEBOUNCE`] of it together.
fn tell_others(url: &str, name: &str, raised: &Receiver<BTreeSet<&'static str>>) {
    let mut connection: Option<PgConnection> = None;
    let mut told: Option<Instant> = None;
    while let Ok(mut signals) = raised.recv() {
        let until = told.map_or_else(Instant::now, |told| told + DEBOUNCE);
        while let Ok(more) = raised.recv_timeout(until.saturating_duration_since(Instant::now())) {
            signals.extend(more);
        }
        told = Some(Instant::now());
        let channels: Vec<String> = signals.iter().map(|signal| format!("yui_{signal}")).collect();
        let sent = connected(&mut connection, url).is_some_and(|conn| {
            sql_query("SELECT pg_notify(channel, $2) FROM unnest($1) AS channel")
                .bind::<Array<Text>, _>(channels)
                .bind::<Text, _>(name)
                .execute(conn)
                .is_ok()
        });
        if !sent {
            // Whoever misses this polls; a dead connection is replaced on the next signal.
            connection = None;
        }
    }
}

fn connected<'a>(connection: &'a mut Option<PgConnection>, url: &str) -> Option<&'a mut PgConnection> {
    if connection.is_none() {
        *connection = telling(url);
    }
    connection.as_mut()
}

/// A NOTIFY commits, and is passed on only afterwards. What it announces is on disk already, so nobody waits for the disk
/// once more.
fn telling(url: &str) -> Option<PgConnection> {
    let mut connection = PgConnection::establish(&db::watchful(url)).ok()?;
    connection.batch_execute("SET synchronous_commit = off").ok()?;
    Some(connection)
}

/// Who listens, and since when it is known to hear.
#[derive(Debug, Default)]
struct Ears {
    url: String,
    /// What this process signs its own signals with: it has heard them already.
    name: String,
    signals: &'static [&'static str],
    wakes: Wakes,
    /// The listener in charge; an older one stops as soon as it can.
    turn: AtomicU64,
    /// When the listener in charge last proved that it hears, or began to connect; `None` while it rests between tries.
    proven: Mutex<Option<Instant>>,
}

impl Ears {
    fn prove(&self, turn: u64, at: Option<Instant>) {
        if self.turn.load(Ordering::SeqCst) == turn {
            *self.proven.lock().unwrap_or_else(PoisonError::into_inner) = at;
        }
    }

    /// The listener waits for an answer that does not come, be it the one to its first LISTEN.
    fn is_deaf(&self) -> bool {
        let proven = self.proven.lock().unwrap_or_else(PoisonError::into_inner);
        proven.is_some_and(|at| at.elapsed() > PROOF_OF_LIFE + PROOF_LIMIT)
    }

    fn start(self: &Arc<Self>) {
        let turn = self.turn.fetch_add(1, Ordering::SeqCst) + 1;
        *self.proven.lock().unwrap_or_else(PoisonError::into_inner) = None;
        let ears = self.clone();
        std::thread::spawn(move || ears.hear(turn));
    }

    /// Rings the sleepers for what other processes raised, for as long as it is this listener's turn.
    fn hear(&self, turn: u64) {
        let pause = crate::wake::Wake::default();
        while self.turn.load(Ordering::SeqCst) == turn {
            self.prove(turn, Some(Instant::now()));
            let Some(mut connection) = self.listen() else {
                self.prove(turn, None);
                pause.wait(RECONNECT);
                continue;
            };
            // Whatever was raised while nobody listened is found by looking once.
            self.signals.iter().for_each(|signal| self.wakes.ring(signal));
            let mut proven = Instant::now();
            self.prove(turn, Some(proven));
            while self.turn.load(Ordering::SeqCst) == turn && self.drain(&mut connection) {
                if proven.elapsed() >= PROOF_OF_LIFE {
                    if sql_query("SELECT 1").execute(&mut connection).is_err() {
                        break;
                    }
                    proven = Instant::now();
                    self.prove(turn, Some(proven));
                }
                pause.wait(LISTEN_TICK);
            }
            self.prove(turn, None);
            log::warn!("lost the listening connection, polling until it is back");
        }
    }

    /// False: the connection is gone.
    fn drain(&self, connection: &mut PgConnection) -> bool {
        for notification in connection.notifications_iter() {
            match notification {
                Ok(heard) if heard.payload == self.name => {}
                Ok(heard) => self.wakes.ring(heard.channel.trim_start_matches("yui_")),
                Err(_lost) => return false,
            }
        }
        true
    }

    fn listen(&self) -> Option<PgConnection> {
        let mut connection = PgConnection::establish(&db::watchful(&self.url)).ok()?;
        for signal in self.signals {
            sql_query(format!("LISTEN yui_{signal}")).execute(&mut connection).ok()?;
        }
        Some(connection)
    }
}

/// Replaces a listener that has gone deaf; ends them all when the guard is dropped.
fn supervise(ears: &Arc<Ears>, stopped: &Receiver<()>) {
    ears.start();
    while matches!(stopped.recv_timeout(Duration::from_secs(1)), Err(RecvTimeoutError::Timeout)) {
        if ears.is_deaf() {
            log::warn!("the listening connection does not answer; opening another");
            ears.start();
        }
    }
    ears.turn.fetch_add(1, Ordering::SeqCst);
}
