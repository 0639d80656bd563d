//! One sender: a loop that claims a few messages and carries them over a warm conversation.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use db::{DbError, Lobby};
use kernel::OrganizationId;
use queue::Wake;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;

use super::depot::Depot;
use super::rates::{Rates, Share};
use super::relays::{Choice, Relays, Trouble};
use super::store::{self, Claimed, Held, Tidied};
use super::verdict::{Facts, Verdict, judge};
use super::{InHand, SenderSettings, Tally};
use crate::messages::Step;
use crate::smtp::{Attempt, Cause, Courier, Envelope, Outcome, Session, Stage, Transcript, Warmth};

/// How often the senders together look after what others left lying.
const TIDY_EVERY: Duration = Duration::from_secs(5);
/// How long an outcome that the database could not take is offered to it again.
const PERSISTENCE: Duration = Duration::from_mins(5);
/// How often the senders together look for people whom a notice did not reach.
const CALLS_EVERY: Duration = Duration::from_mins(1);

pub(super) struct Sender {
    depot: Depot,
    relays: Arc<Relays>,
    settings: SenderSettings,
    in_hand: InHand,
    pace: Arc<Pace>,
    stopped: watch::Receiver<bool>,
    runtime: Runtime,
    /// One for each relay, opened at need.
    couriers: Vec<Courier>,
    /// What is to be given back, and could not be while the database did not answer.
    owed: Vec<Held>,
}

/// What the senders do together so often, and no more: without anything to send they cost the database two or three
/// statements a second, however many they are.
#[derive(Debug, Default)]
pub(super) struct Pace {
    looked: Mutex<Option<Instant>>,
    tidied: Mutex<Option<Instant>>,
    called: Mutex<Option<Instant>>,
    /// The town served last: the next claim begins after it.
    last_town: AtomicI64,
    rates: Rates,
}

/// Whether `every` has passed since the last time this said so.
fn is_due(last: &Mutex<Option<Instant>>, every: Duration) -> bool {
    let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
    let due = last.is_none_or(|at| at.elapsed() >= every);
    if due {
        *last = Some(Instant::now());
    }
    due
}

/// A message about which the relay has spoken, and whose outcome is not recorded yet.
struct Spoken {
    message: Claimed,
    attempt_id: i64,
    attempt: Attempt,
}

/// Whether the next message of the batch follows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Onward {
    Next,
    /// The relay is to be left alone.
    RelayGone,
}

impl Sender {
    pub(super) fn new(
        depot: Depot,
        relays: Arc<Relays>,
        settings: SenderSettings,
        in_hand: InHand,
        pace: Arc<Pace>,
        stopped: watch::Receiver<bool>,
    ) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_io().enable_time().build()?;
        let couriers =
            relays.all().iter().map(|relay| Courier::new(relay.clone(), Warmth::default())).collect();
        Ok(Self { depot, relays, settings, in_hand, pace, stopped, runtime, couriers, owed: Vec::new() })
    }

    /// Until stopped.
    pub(super) fn run(mut self, wake: &Wake, stop: &AtomicBool) {
        let mut called = true;
        while !stop.load(Ordering::SeqCst) {
            called = match self.turn(called) {
                Ok(Turn::Busy) => true,
                Ok(Turn::Idle(wait)) => wake.wait(wait),
                Err(error) => {
                    log::warn!("cannot claim messages: {error}");
                    wake.wait(self.settings.poll)
                }
            };
        }
        self.repay();
        self.farewell();
    }

    /// Until nothing is due or the relay is down.
    pub(super) fn drain(&mut self) -> Result<Tally, DbError> {
        let mut tally = Tally::default();
        self.tidy()?;
        while let Choice::Send(index) = self.relays.choose() {
            let batch = self.claim()?;
            if batch.is_empty() {
                break;
            }
            self.carry(index, batch, &mut tally)?;
        }
        self.farewell();
        self.depot.call_the_unreached()?;
        Ok(tally)
    }

    /// One look. A sender that only woke by itself leaves it to whoever looked last.
    fn turn(&mut self, called: bool) -> Result<Turn, DbError> {
        self.repay();
        if is_due(&self.pace.tidied, TIDY_EVERY) {
            self.tidy()?;
        }
        if is_due(&self.pace.called, CALLS_EVERY) {
            let found = self.depot.call_the_unreached()?;
            if found > 0 {
                log::info!(found; "people whom a notice did not reach are on the call list");
            }
        }
        let index = match self.relays.choose() {
            Choice::Send(index) => index,
            Choice::Probe(index) => {
                self.probe(index);
                return Ok(Turn::Busy);
            }
            Choice::Wait(wait) => return Ok(Turn::Idle(wait.min(self.settings.poll).max(SHORTEST_REST))),
        };
        let look = is_due(&self.pace.looked, self.settings.poll.mul_f64(0.9)) || called;
        let batch = if look { self.claim()? } else { Vec::new() };
        if batch.is_empty() {
            self.rest();
            return Ok(Turn::Idle(self.settings.poll));
        }
        self.carry(index, batch, &mut Tally::default())?;
        Ok(Turn::Busy)
    }

    fn claim(&self) -> Result<Vec<Claimed>, DbError> {
        let last = OrganizationId(self.pace.last_town.load(Ordering::Relaxed));
        let batch = i64::from(self.settings.batch);
        let claimed = self.depot.queue.lobby_blocking(|lobby| store::claim(lobby, batch, last))?;
        if let Some(message) = claimed.last() {
            self.pace.last_town.store(message.organization_id.0, Ordering::Relaxed);
        }
        Ok(claimed)
    }

    /// Sends a batch; what is not begun when the relay goes or the senders stop is given back.
    fn carry(&mut self, index: usize, batch: Vec<Claimed>, tally: &mut Tally) -> Result<(), DbError> {
        let mut rest = batch.into_iter();
        let mut spoken = None;
        let mut outcome = Ok(());
        for message in rest.by_ref() {
            let held = message.held();
            if *self.stopped.borrow() {
                self.give_back(&[message]);
                break;
            }
            match self.deliver(index, message, &mut spoken, tally) {
                Ok(Onward::Next) => {}
                Ok(Onward::RelayGone) => break,
                Err(error) => {
                    // It has not been begun, or the database knows better.
                    self.owed.push(held);
                    outcome = Err(error);
                    break;
                }
            }
        }
        let recorded = self.record(&mut spoken, tally);
        let unbegun: Vec<Claimed> = rest.collect();
        self.give_back(&unbegun);
        outcome.and(recorded)
    }

    /// Sends one message. How the one before ended is recorded in the commit that begins this one, so that a message
    /// costs one commit; a conversation never has more than one message between its relay's word and our record.
    fn deliver(
        &mut self,
        index: usize,
        message: Claimed,
        spoken: &mut Option<Spoken>,
        tally: &mut Tally,
    ) -> Result<Onward, DbError> {
        if !self.may_go(&message)? {
            self.record(spoken, tally)?;
            return Ok(Onward::Next);
        }
        let relay = self.relays.all().get(index).map(ToString::to_string).unwrap_or_default();
        let Some(attempt_id) = self.turn_over(spoken, &message, &relay, tally)? else {
            return Ok(Onward::Next);
        };
        self.hold(&message);
        let attempt = self.send(index, &message);
        let usable = self.relays.note(index, &attempt.outcome);
        *spoken = Some(Spoken { message, attempt_id, attempt });
        Ok(if usable { Onward::Next } else { Onward::RelayGone })
    }

    /// Records the message before and begins the next one, together. `None`: the next one is no longer ours.
    fn turn_over(
        &self,
        spoken: &mut Option<Spoken>,
        next: &Claimed,
        relay: &str,
        tally: &mut Tally,
    ) -> Result<Option<i64>, DbError> {
        let both = self.depot.queue.lobby_blocking(|lobby| {
            let ended = spoken.as_ref().map(|last| last.end(lobby)).transpose()?;
            Ok::<_, DbError>((ended, store::begin(lobby, next, relay)?))
        });
        match both {
            Ok((ended, begun)) => {
                if let (Some(last), Some(verdict)) = (spoken.take(), ended) {
                    self.recorded(&last, &verdict, tally);
                }
                Ok(begun)
            }
            Err(error) => {
                self.record(spoken, tally)?;
                Err(error)
            }
        }
    }

    /// Whether what a claimed message tells still holds and its domain's share is free; where not, it is dealt with.
    fn may_go(&self, message: &Claimed) -> Result<bool, DbError> {
        if !self.depot.still_holds(message)? {
            self.depot.queue.lobby_blocking(|lobby| store::supersede(lobby, message))?;
            return Ok(false);
        }
        let Some(rate) = self.settings.domain_rate.filter(|_| !message.has_turn) else { return Ok(true) };
        let share = Share::of(message.category, message.to_address.domain());
        let town = message.organization_id;
        let Some(wait) = self.pace.rates.take(rate, share, town, Instant::now()) else { return Ok(true) };
        self.depot.queue.lobby_blocking(|lobby| store::postpone(lobby, message, wait))?;
        Ok(false)
    }

    /// Over the wire. A stop cuts it short after the grace; then it may have arrived or not, if it was begun at all.
    fn send(&mut self, index: usize, message: &Claimed) -> Attempt {
        let Some(courier) = self.couriers.get_mut(index) else { return in_doubt(Cause::Closed) };
        let addresses = self.depot.sender_of(message).and_then(|from| {
            let to = crate::compose::smtp_address(&message.to_address)?;
            Ok(Envelope::new(Some(from), to))
        });
        let envelope = match addresses {
            Ok(envelope) => envelope,
            Err(error) => return unsendable(&error.to_string()),
        };
        let (mut stopped, grace) = (self.stopped.clone(), self.settings.grace);
        let ended = self.runtime.block_on(async {
            let patience = async {
                // An error means that the senders are gone altogether: the same as a stop.
                drop(stopped.wait_for(|stopped| *stopped).await);
                tokio::time::sleep(grace).await;
            };
            tokio::select! {
                biased;
                attempt = courier.send(&envelope, &message.bytes) => Some(attempt),
                () = patience => None,
            }
        });
        ended.unwrap_or_else(|| if courier.has_begun() { in_doubt(Cause::Timeout) } else { not_begun() })
    }

    /// Records an outcome by itself, patiently: the relay has spoken, and forgetting it would mean sending twice.
    fn record(&self, spoken: &mut Option<Spoken>, tally: &mut Tally) -> Result<(), DbError> {
        let Some(last) = spoken.take() else { return Ok(()) };
        let started = Instant::now();
        loop {
            match self.depot.queue.lobby_blocking(|lobby| last.end(lobby)) {
                Ok(verdict) => {
                    self.recorded(&last, &verdict, tally);
                    return Ok(());
                }
                Err(error) if started.elapsed() >= self.persistence() => {
                    self.let_go(&last.message);
                    return Err(error);
                }
                Err(error) => {
                    log::warn!("cannot record the outcome of message {}: {error}", last.message.id);
                    self.pause();
                }
            }
        }
    }

    fn recorded(&self, last: &Spoken, (verdict, kept): &(Verdict, bool), tally: &mut Tally) {
        self.let_go(&last.message);
        tally.attempts += 1;
        tally.accepted += usize::from(verdict.step == Step::Accept);
        if !kept {
            log::warn!("message {} was settled after its lease was lost; refused", last.message.id);
        }
        log::info!(
            message = last.message.id.0,
            town = last.message.organization_id.0,
            to:% = last.message.to_address.masked(),
            stage:% = last.attempt.outcome.stage(),
            outcome = verdict.outcome,
            milliseconds = u64::try_from(last.attempt.took.as_millis()).unwrap_or(u64::MAX);
            "attempt to send a message ended"
        );
    }

    fn persistence(&self) -> Duration {
        if *self.stopped.borrow() { self.settings.grace } else { PERSISTENCE }
    }

    /// A second between two tries at the database.
    fn pause(&self) {
        self.runtime.block_on(async { tokio::time::sleep(Duration::from_secs(1)).await });
    }

    /// Opens a conversation and closes it again: no message is risked on a relay that may still be broken.
    fn probe(&self, index: usize) {
        let Some(relay) = self.relays.all().get(index) else { return };
        let met = self.runtime.block_on(async {
            match Session::open(relay).await {
                Ok(session) => {
                    session.close().await;
                    Ok(())
                }
                Err(failure) => Err(Trouble::new(failure.stage, failure.cause.reply())),
            }
        });
        log::info!(relay:% = relay, works = met.is_ok(); "relay probed");
        self.relays.probed(index, met);
    }

    fn tidy(&self) -> Result<(), DbError> {
        let tidied = store::tidy(&self.depot.queue, self.relays.trouble().as_ref())?;
        if tidied != Tidied::default() {
            log::info!(
                queued = tidied.queued, doubted = tidied.doubted, repeated = tidied.repeated, held = tidied.held,
                expired = tidied.expired, resting = tidied.resting;
                "messages left lying were dealt with"
            );
        }
        Ok(())
    }

    fn rest(&mut self) {
        for courier in &mut self.couriers {
            self.runtime.block_on(courier.close_if_idle());
        }
    }

    fn farewell(&mut self) {
        for courier in &mut self.couriers {
            self.runtime.block_on(courier.close());
        }
    }

    fn give_back(&mut self, messages: &[Claimed]) {
        self.owed.extend(messages.iter().map(Claimed::held));
        self.repay();
    }

    /// Gives back what is owed. What cannot be now is given back later: otherwise a database that was away for a moment
    /// would cost a mail the time of a whole lease.
    fn repay(&mut self) {
        if self.owed.is_empty() {
            return;
        }
        match self.depot.queue.lobby_blocking(|lobby| store::give_back(lobby, &self.owed)) {
            Ok(_given_back) => self.owed.clear(),
            Err(error) => log::warn!("cannot give {} messages back yet: {error}", self.owed.len()),
        }
    }

    fn hold(&self, message: &Claimed) {
        let mut in_hand = self.in_hand.lock().unwrap_or_else(PoisonError::into_inner);
        in_hand.insert((message.organization_id, message.id), message.lease);
    }

    fn let_go(&self, message: &Claimed) {
        let mut in_hand = self.in_hand.lock().unwrap_or_else(PoisonError::into_inner);
        in_hand.remove(&(message.organization_id, message.id));
    }
}

impl Spoken {
    /// Judges the outcome and writes it down; `false` with it: the lease had been lost, and nothing was changed.
    fn end(&self, lobby: &mut Lobby<'_>) -> Result<(Verdict, bool), DbError> {
        let facts = Facts {
            category: self.message.category,
            attempt: self.message.attempt + 1,
            created_at: self.message.created_at,
            now: lobby.now(),
            draw: draw(&self.message),
        };
        let verdict = judge(&self.attempt.outcome, &facts);
        let kept = store::settle(lobby, &self.message, self.attempt_id, &verdict, &self.attempt)?;
        Ok((verdict, kept))
    }
}

/// What a sender does after a turn.
enum Turn {
    Busy,
    Idle(Duration),
}

/// Keeps a sender that waits for a relay from spinning.
const SHORTEST_REST: Duration = Duration::from_millis(20);

fn in_doubt(cause: Cause) -> Attempt {
    ended(Outcome::Unknown { cause })
}

/// The senders were stopped before the relay had let any message begin.
fn not_begun() -> Attempt {
    ended(Outcome::RelayDown { stage: Stage::Connect, cause: Cause::Timeout })
}

/// Stored addresses were checked when the mail was frozen; one that is not an address any more is a defect of ours.
fn unsendable(why: &str) -> Attempt {
    log::error!("a stored message has an address that cannot be sent to: {why}");
    ended(Outcome::Rejected {
        stage: Stage::Check,
        cause: Cause::Unreadable,
        reason: crate::smtp::Reason::Content,
        suppress: false,
    })
}

fn ended(outcome: Outcome) -> Attempt {
    Attempt { outcome, transcript: Transcript::default(), took: Duration::ZERO, encrypted: false }
}

/// Between 0 and 1, spread by message and lease; no random source is needed.
pub(super) fn draw(message: &Claimed) -> f64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    (message.organization_id, message.id, message.lease).hash(&mut hasher);
    f64::from(u32::try_from(hasher.finish() >> 32).unwrap_or(0)) / f64::from(u32::MAX)
}
