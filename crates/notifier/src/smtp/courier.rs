//! Keeps one conversation warm and carries message after message over it.

use std::io;
use std::time::Duration;

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::time::Instant;

use super::classify::classify;
use super::content::Content;
use super::envelope::Envelope;
use super::outcome::{Attempt, Cause, Outcome, Stage};
use super::relay::Relay;
use super::session::{OpenFailure, Session};
use super::transcript::Transcript;

/// How long a conversation is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Warmth {
    /// Messages after which it is closed politely; relays limit this, Postfix by connection rates.
    pub messages: u32,
    /// Rest after which it is closed politely; servers close by themselves after some minutes.
    pub idle: Duration,
}

impl Default for Warmth {
    /// 100 messages, 30 seconds.
    fn default() -> Self {
        Self { messages: 100, idle: Duration::from_secs(30) }
    }
}

/// Sends messages to one relay, one at a time.
pub struct Courier {
    relay: Relay,
    warmth: Warmth,
    session: Option<Session>,
    last_used: Option<Instant>,
    begun: bool,
}

impl Courier {
    /// Nothing is opened before the first message.
    pub fn new(relay: Relay, warmth: Warmth) -> Self {
        Self { relay, warmth, session: None, last_used: None, begun: false }
    }

    /// The relay it sends to.
    pub fn relay(&self) -> &Relay {
        &self.relay
    }

    /// Whether a conversation is being kept.
    pub fn is_warm(&self) -> bool {
        self.session.as_ref().is_some_and(Session::is_open)
    }

    /// Whether the latest message was begun: a conversation was there for it, so words about it may have left. Asked
    /// where [`Courier::send`] was dropped halfway: until then nothing can have arrived.
    pub fn has_begun(&self) -> bool {
        self.begun
    }

    /// Sends one message: `message` is the frozen bytes, header and body, lines ended by CRLF.
    ///
    /// A warm conversation that turns out dead before the server answered MAIL is replaced once, which is safe: the
    /// message had not begun. Every other failure is reported as it is.
    pub async fn send(&mut self, envelope: &Envelope, message: &[u8]) -> Attempt {
        let started = Instant::now();
        self.begun = false;
        let content = match Content::new(message) {
            Ok(content) => content,
            Err(defect) => return unsent(Stage::Check, Cause::Unsendable(defect), Transcript::default()),
        };
        self.close_if_idle().await;
        let was_warm = self.is_warm();
        let mut attempt = self.try_once(envelope, &content).await;
        if was_warm && found_dead(&attempt.outcome) {
            self.begun = false;
            let mut transcript = attempt.transcript;
            attempt = Box::pin(self.try_once(envelope, &content)).await;
            transcript.append(attempt.transcript);
            attempt.transcript = transcript;
        }
        self.close_if_spent().await;
        attempt.took = started.elapsed();
        self.record(&attempt);
        attempt
    }

    /// Closes a conversation that has rested long enough; call it when there is nothing to send.
    pub async fn close_if_idle(&mut self) {
        if self.last_used.is_some_and(|at| at.elapsed() >= self.warmth.idle) {
            self.close().await;
        }
    }

    /// Closes the conversation politely, if there is one.
    pub async fn close(&mut self) {
        self.last_used = None;
        if let Some(session) = self.session.take() {
            session.close().await;
        }
    }

    async fn close_if_spent(&mut self) {
        match &self.session {
            Some(session) if session.is_open() && session.sent() < self.warmth.messages => {
                self.last_used = Some(Instant::now());
            }
            _ => self.close().await,
        }
    }

    async fn try_once(&mut self, envelope: &Envelope, content: &Content) -> Attempt {
        let mut opening = Transcript::default();
        let mut session = match self.session.take().filter(Session::is_open) {
            Some(session) => session,
            None => match Session::open(&self.relay).await {
                Ok(session) => {
                    opening = session.opening().clone();
                    session
                }
                Err(OpenFailure { stage, cause, transcript }) => return unsent(stage, cause, transcript),
            },
        };
        self.begun = true;
        // Kept outside `self` while under way: a dropped future drops the session too.
        let mut attempt = session.send(envelope, content).await;
        self.session = Some(session);
        opening.append(attempt.transcript);
        attempt.transcript = opening;
        attempt
    }

    fn record(&self, attempt: &Attempt) {
        log::debug!(
            relay:% = self.relay,
            outcome = attempt.outcome.as_str(),
            stage:% = attempt.outcome.stage(),
            code = attempt.outcome.reply().map_or(0, super::reply::Reply::code);
            "attempt ended"
        );
    }
}

/// Whether the conversation had ended before this message began: the server closed it, or said 421 while it rested.
fn found_dead(outcome: &Outcome) -> bool {
    let Outcome::Deferred { stage: Stage::Mail, cause, .. } = outcome else {
        return false;
    };
    match cause {
        Cause::Closed | Cause::Network(_) | Cause::Unsolicited => true,
        Cause::Reply(reply) => reply.code() == 421,
        _ => false,
    }
}

fn unsent(stage: Stage, cause: Cause, transcript: Transcript) -> Attempt {
    Attempt { outcome: classify(stage, cause), transcript, took: Duration::ZERO, encrypted: false }
}

/// A [`Courier`] with its own single-threaded runtime, for a sender thread that otherwise speaks to the database.
pub struct BlockingCourier {
    courier: Courier,
    /// `None` only while being dropped.
    runtime: Option<Runtime>,
}

impl BlockingCourier {
    /// Fails only if the operating system gives no event queue.
    pub fn new(relay: Relay, warmth: Warmth) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_io().enable_time().build()?;
        Ok(Self { courier: Courier::new(relay, warmth), runtime: Some(runtime) })
    }

    /// Sends one message and waits for the outcome; see [`Courier::send`]. Must not be called from async code.
    pub fn send(&mut self, envelope: &Envelope, message: &[u8]) -> Attempt {
        match &self.runtime {
            Some(runtime) => runtime.block_on(self.courier.send(envelope, message)),
            None => unsent(Stage::Resolve, Cause::Closed, Transcript::default()),
        }
    }

    /// See [`Courier::close_if_idle`].
    pub fn close_if_idle(&mut self) {
        if let Some(runtime) = &self.runtime {
            runtime.block_on(self.courier.close_if_idle());
        }
    }

    /// See [`Courier::close`].
    pub fn close(&mut self) {
        if let Some(runtime) = &self.runtime {
            runtime.block_on(self.courier.close());
        }
    }
}

impl Drop for BlockingCourier {
    /// Says goodbye, and does not wait for a name look-up that hangs in the resolver. Dropped inside async code, where
    /// one may not block, it leaves without a word.
    fn drop(&mut self) {
        if Handle::try_current().is_err() {
            self.close();
        }
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
