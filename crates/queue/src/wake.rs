//! Waking sleepers: inside the process at once, in other processes by a debounced NOTIFY.
//!
//! A commit that raised a signal wakes this process' own sleepers without any round trip. Other processes hear a
//! NOTIFY, at most one per signal per 10 ms, sent from a connection of its own after the commit: NOTIFY inside
//! every transaction halves the commit rate, because it takes one global lock. Whoever hears nothing polls.

use std::collections::BTreeSet;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use db::Db;
use diesel::{Connection, PgConnection, RunQueryDsl, sql_query};

/// Raised by transactions that added a ready task.
pub const TASKS: &str = "tasks";

/// A sleeper's alarm clock for one signal.
#[derive(Debug, Default)]
pub struct Wake {
    rung: Mutex<bool>,
    bell: Condvar,
}

impl Wake {
    /// Wakes the sleeper, now or as soon as it goes to sleep.
    pub fn ring(&self) {
        *self.rung.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.bell.notify_all();
    }

    /// Sleeps until rung, at most `limit`; says whether it was rung.
    pub fn wait(&self, limit: Duration) -> bool {
        let rung = self.rung.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut rung, _) =
            self.bell.wait_timeout_while(rung, limit, |rung| !*rung).unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *rung)
    }
}

/// All alarm clocks of this process.
#[derive(Debug, Default, Clone)]
pub struct Wakes {
    sleepers: Arc<Mutex<Vec<Sleeper>>>,
}

/// A signal and who sleeps on it, for as long as they do.
type Sleeper = (&'static str, Weak<Wake>);

impl Wakes {
    /// An alarm clock that rings whenever `signal` is raised, here or in another process.
    pub fn on(&self, signal: &'static str) -> Arc<Wake> {
        let wake = Arc::new(Wake::default());
        let mut sleepers = self.sleepers.lock().unwrap_or_else(PoisonError::into_inner);
        sleepers.retain(|(_, sleeper)| sleeper.strong_count() > 0);
        sleepers.push((signal, Arc::downgrade(&wake)));
        wake
    }

    fn ring(&self, signal: &str) {
        let sleepers = self.sleepers.lock().unwrap_or_else(PoisonError::into_inner);
        for (_, sleeper) in sleepers.iter().filter(|(name, _)| *name == signal) {
            if let Some(wake) = sleeper.upgrade() {
                wake.ring();
            }
        }
    }
}

/// Connects the signals of `db` with the sleepers of this process and, through `url`, with other processes.
/// `signals` are all names that may be raised. The two threads end when the returned guard is dropped.
pub fn connect_signals(db: &Db, url: &str, signals: &'static [&'static str]) -> (Wakes, SignalGuard) {
    let wakes = Wakes::default();
    let (raise, raised) = channel::<BTreeSet<&'static str>>();
    let here = wakes.clone();
    db.on_signal(move |signals| {
        for signal in signals {
            here.ring(signal);
        }
        // The receiver ends only with the process; then nobody is left to tell.
        let _ended = raise.send(signals.clone());
    });
    let (stop, stopped) = channel::<()>();
    let tell_url = url.to_owned();
    std::thread::spawn(move || tell_others(&tell_url, &raised));
    let (listen_url, listeners) = (url.to_owned(), wakes.clone());
    std::thread::spawn(move || hear_others(&listen_url, &listeners, signals, &stopped));
    (wakes, SignalGuard { _stop: stop })
}

/// Keeps the listening thread alive; dropping it ends the thread.
#[derive(Debug)]
pub struct SignalGuard {
    _stop: Sender<()>,
}

const DEBOUNCE: Duration = Duration::from_millis(10);
const LISTEN_TICK: Duration = Duration::from_millis(10);
const PROOF_OF_LIFE: Duration = Duration::from_secs(10);

/// Sends what was raised, at most once per signal per [`DEBOUNCE`].
fn tell_others(url: &str, raised: &Receiver<BTreeSet<&'static str>>) {
    let mut connection: Option<PgConnection> = None;
    while let Ok(mut signals) = raised.recv() {
        let until = Instant::now() + DEBOUNCE;
        while let Ok(more) = raised.recv_timeout(until.saturating_duration_since(Instant::now())) {
            signals.extend(more);
        }
        for signal in signals {
            let sent = connected(&mut connection, url)
                .is_some_and(|conn| sql_query(format!("NOTIFY yui_{signal}")).execute(conn).is_ok());
            if !sent {
                // Whoever misses this polls; a dead connection is replaced on the next signal.
                connection = None;
            }
        }
    }
}

/// Rings the sleepers for what other processes raised. A listening connection that went half-open looks quiet
/// forever, so it has to answer a query every [`PROOF_OF_LIFE`].
fn hear_others(url: &str, wakes: &Wakes, signals: &[&'static str], stopped: &Receiver<()>) {
    let mut connection: Option<PgConnection> = None;
    let mut proven = Instant::now();
    loop {
        let tick = if connection.is_some() { LISTEN_TICK } else { Duration::from_secs(1) };
        if !matches!(stopped.recv_timeout(tick), Err(RecvTimeoutError::Timeout)) {
            return;
        }
        if connection.is_none() {
            connection = listen(url, signals);
            proven = Instant::now();
        }
        let Some(conn) = connection.as_mut() else { continue };
        let mut alive = true;
        for notification in conn.notifications_iter() {
            match notification {
                Ok(heard) => wakes.ring(heard.channel.trim_start_matches("yui_")),
                Err(_lost) => alive = false,
            }
        }
        if alive && proven.elapsed() >= PROOF_OF_LIFE {
            alive = sql_query("SELECT 1").execute(conn).is_ok();
            proven = Instant::now();
        }
        if !alive {
            log::warn!("lost the listening connection, polling until it is back");
            connection = None;
        }
    }
}

fn listen(url: &str, signals: &[&'static str]) -> Option<PgConnection> {
    let mut connection = PgConnection::establish(url).ok()?;
    for signal in signals {
        sql_query(format!("LISTEN yui_{signal}")).execute(&mut connection).ok()?;
        // Whatever was raised while nobody listened is found by looking once.
    }
    Some(connection)
}

fn connected<'a>(connection: &'a mut Option<PgConnection>, url: &str) -> Option<&'a mut PgConnection> {
    if connection.is_none() {
        *connection = PgConnection::establish(url).ok();
    }
    connection.as_mut()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_before_sleep_is_not_lost() {
        let wakes = Wakes::default();
        let wake = wakes.on(TASKS);
        wakes.ring(TASKS);
        assert!(wake.wait(Duration::ZERO));
        assert!(!wake.wait(Duration::ZERO), "one ring wakes once");
    }
}
