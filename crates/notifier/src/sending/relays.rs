//! The relays of an installation in order of preference, each behind its breaker, shared by all senders.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::breaker::Breaker;
use crate::smtp::{Outcome, Relay, Reply, Stage};

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

/// Why no relay takes mail, as the one that was asked last said it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Trouble {
    /// How far the conversation got.
    pub(super) stage: Stage,
    /// What the relay said; `None` where it said nothing.
    pub(super) reply: Option<String>,
}

impl Trouble {
    pub(super) fn new(stage: Stage, reply: Option<&Reply>) -> Self {
        Self { stage, reply: reply.map(ToString::to_string) }
    }
}

struct State {
    breakers: Vec<Breaker>,
    /// What was last told.
    works: bool,
    /// What came last of a relay that did not work.
    trouble: Option<Trouble>,
}

pub(super) struct Relays {
    relays: Vec<Relay>,
    state: Mutex<State>,
    tell: Box<dyn Fn(bool) + Send + Sync>,
}

impl Relays {
    pub(super) fn new(relays: Vec<Relay>, tell: impl Fn(bool) + Send + Sync + 'static) -> Self {
        let breakers = relays.iter().map(|_relay| Breaker::default()).collect();
        Self {
            relays,
            state: Mutex::new(State { breakers, works: true, trouble: None }),
            tell: Box::new(tell),
        }
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
        let trouble = outcome.strains_relay().then(|| Trouble::new(outcome.stage(), outcome.reply()));
        self.change(index, trouble, |breaker, now| match outcome {
            Outcome::RelayDown { .. } => breaker.broke(now),
            outcome if outcome.strains_relay() => breaker.strained(now),
            _ => breaker.passed(),
        })
    }

    /// Takes note of a probe: it worked, or what it met.
    pub(super) fn probed(&self, index: usize, met: Result<(), Trouble>) {
        let trouble = met.err();
        let works = trouble.is_none();
        let turn =
            |breaker: &mut Breaker, now| if works { breaker.mended() } else { breaker.still_broken(now) };
        self.change(index, trouble, turn);
    }

    /// What keeps every relay from taking mail; `None` while one takes it.
    pub(super) fn trouble(&self) -> Option<Trouble> {
        let state = self.state();
        state.trouble.clone().filter(|_last| !state.works)
    }

    fn change(
        &self,
        index: usize,
        trouble: Option<Trouble>,
        change: impl FnOnce(&mut Breaker, Instant),
    ) -> bool {
        let (closed, told) = {
            let mut state = self.state();
            if trouble.is_some() {
                state.trouble = trouble;
            }
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
