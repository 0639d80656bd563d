//! Keeps the server alive: a death becomes a restart, five in a row become a failure.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use super::error::PostgresError;
use super::guard::{Event, Guard};
use super::server::Launcher;

/// The pauses before each restart; when they are used up, the supervisor gives up.
const PAUSES: [Duration; 5] = [
    Duration::ZERO,
    Duration::from_millis(250),
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
];
/// A server that has served this long has earned all its tries back.
const STEADY: Duration = Duration::from_mins(1);

/// How the private server is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum ServerState {
    /// It answers.
    Serving = 0,
    /// It died and is being started again: answer 503 meanwhile.
    Restarting = 1,
    /// It died and five restarts failed: the process should end, and not with success.
    Failed = 2,
    /// It was stopped on purpose.
    Stopped = 3,
}

/// A cheap, cloneable view of the state, for every request to look at.
#[derive(Debug, Clone)]
pub struct StateWatch(Arc<AtomicU8>);

impl StateWatch {
    pub(super) fn new() -> StateWatch {
        StateWatch(Arc::new(AtomicU8::new(ServerState::Serving as u8)))
    }

    /// The state at this moment; [`ServerState::Serving`] as long as nobody supervises.
    pub fn now(&self) -> ServerState {
        let states =
            [ServerState::Serving, ServerState::Restarting, ServerState::Failed, ServerState::Stopped];
        let value = self.0.load(Ordering::Acquire);
        states.into_iter().find(|state| *state as u8 == value).unwrap_or(ServerState::Failed)
    }

    pub(super) fn set(&self, state: ServerState) {
        self.0.store(state as u8, Ordering::Release);
    }
}

/// A server that somebody is responsible for.
#[derive(Debug)]
pub(super) struct Running {
    pub(super) launcher: Launcher,
    pub(super) guard: Guard,
    pub(super) sender: Sender<Event>,
    pub(super) events: Receiver<Event>,
}

impl Running {
    pub(super) fn stop(self) -> Result<(), PostgresError> {
        self.guard.stop(&self.events)
    }
}

/// Runs until stopped or beyond help; `announce` hears every change of state.
pub(super) fn supervise(mut running: Running, announce: impl Fn(ServerState)) -> Result<(), PostgresError> {
    let mut pauses = PAUSES.iter();
    let mut serving_since = Instant::now();
    loop {
        match running.events.recv() {
            Ok(Event::Exited(status)) => log::error!("PostgreSQL ended unexpectedly ({status})"),
            Ok(Event::StopRequested) | Err(_) => {
                let outcome = running.stop();
                announce(ServerState::Stopped);
                return outcome;
            }
        }
        announce(ServerState::Restarting);
        if serving_since.elapsed() > STEADY {
            pauses = PAUSES.iter();
        }
        match restart(&running.launcher, &running.sender, &running.events, &mut pauses) {
            Ok(guard) => running.guard = guard,
            Err(error) => {
                let stopping = matches!(error, PostgresError::Stopping);
                announce(if stopping { ServerState::Stopped } else { ServerState::Failed });
                return if stopping { Ok(()) } else { Err(error) };
            }
        }
        serving_since = Instant::now();
        log::warn!("PostgreSQL is back");
        announce(ServerState::Serving);
    }
}

fn restart<'pauses>(
    launcher: &Launcher,
    sender: &Sender<Event>,
    events: &Receiver<Event>,
    pauses: &mut impl Iterator<Item = &'pauses Duration>,
) -> Result<Guard, PostgresError> {
    let mut last = PostgresError::Exited { status: "too often".to_owned(), log: launcher.log.since(0) };
    for pause in pauses {
        match events.recv_timeout(*pause) {
            Ok(Event::StopRequested) | Err(RecvTimeoutError::Disconnected) => {
                return Err(PostgresError::Stopping);
            }
            Ok(Event::Exited(_)) | Err(RecvTimeoutError::Timeout) => {}
        }
        match launcher.launch(sender, events) {
            Ok(guard) => return Ok(guard),
            Err(PostgresError::Stopping) => return Err(PostgresError::Stopping),
            Err(error) => {
                log::error!("PostgreSQL did not start again: {error}");
                last = error;
            }
        }
    }
    Err(last)
}
