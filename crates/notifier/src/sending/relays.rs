//! The relays of an installation in order of preference, each behind its breaker, shared by all senders.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::breaker::Breaker;
use crate::smtp::{Outcome, Relay};

/// What a sender does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Choice {
    /// Send over this relay.
    Send(usize),
    /// Look whether this relay works again.
    Probe(usize),
    /// None works; look again after this long.
    Wait(Duration),
}

struct State {
    breakers: Vec<Breaker>,
    /// What was last told.
    works: bool,
}

pub(super) struct Relays {
    relays: Vec<Relay>,
    state: Mutex<State>,
    tell: Box<dyn Fn(bool) + Send + Sync>,
}

impl Relays {
    pub(super) fn new(relays: Vec<Relay>, tell: impl Fn(bool) + Send + Sync + 'static) -> Self {
        let breakers = relays.iter().map(|_relay| Breaker::default()).collect();
        Self { relays, state: Mutex::new(State { breakers, works: true }), tell: Box::new(tell) }
    }

    pub(super) fn all(&self) -> &[Relay] {
        &self.relays
    }

    /// A probe that is due comes first, so that a preferred relay is taken back as soon as it works.
    pub(super) fn choose(&self) -> Choice {
        let now = Instant::now();
        let mut state = self.state();
        if let Some(index) = state.breakers.iter_mut().position(|breaker| breaker.take_probe(now)) {
            return Choice::Probe(index);
        }
        match state.breakers.iter().position(Breaker::is_closed) {
            Some(index) => Choice::Send(index),
            None => Choice::Wait(
                state.breakers.iter().map(|breaker| breaker.wait(now)).min().unwrap_or(Duration::MAX),
            ),
        }
    }

    /// Takes note of how an attempt ended; false where the relay is to be left alone now.
    pub(super) fn note(&self, index: usize, outcome: &Outcome) -> bool {
        self.change(index, |breaker, now| match outcome {
            Outcome::RelayDown { .. } => breaker.broke(now),
            outcome if outcome.strains_relay() => breaker.strained(now),
            _ => breaker.passed(),
        })
    }

    /// Takes note of a probe.
    pub(super) fn probed(&self, index: usize, works: bool) {
        self.change(index, |breaker, now| if works { breaker.mended() } else { breaker.still_broken(now) });
    }

    fn change(&self, index: usize, change: impl FnOnce(&mut Breaker, Instant)) -> bool {
        let (closed, told) = {
            let mut state = self.state();
            let mut closed = false;
            if let Some(breaker) = state.breakers.get_mut(index) {
                change(breaker, Instant::now());
                closed = breaker.is_closed();
            }
            let works = state.breakers.iter().any(Breaker::is_closed);
            (closed, (std::mem::replace(&mut state.works, works) != works).then_some(works))
        };
        if let Some(works) = told {
            (self.tell)(works);
        }
        closed
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
