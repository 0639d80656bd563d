//! One open conversation with a relay and what it does with one message.
//!
//! Invariant: a conversation is put back for the next message only when every command got its reply. The dialogue is
//! taken out while a message is under way, so an error, a time-out or a dropped future closes it (`session_tests`).

use tokio::time::Instant;

use super::capabilities::{Capabilities, Extension};
use super::classify::classify;
use super::content::{Content, Unsendable};
use super::dialogue::Dialogue;
use super::envelope::Envelope;
use super::open::{connect, prepare};
use super::outcome::{Attempt, Cause, Outcome, Stage};
use super::relay::{Relay, Timeouts};
use super::reply::Reply;
use super::transcript::Transcript;
use super::wire::Duplex;

/// A conversation that has been greeted, encrypted and signed in as the relay demands.
pub struct Session {
    dialogue: Option<Dialogue>,
    capabilities: Capabilities,
    timeouts: Timeouts,
    opening: Transcript,
    encrypted: bool,
    sent: u32,
}

/// Why no conversation came about. No message was touched.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{stage}: {cause}")]
pub struct OpenFailure {
    /// Where it stopped; always an opening stage.
    pub stage: Stage,
    /// What stopped it.
    pub cause: Cause,
    /// What was said so far, secrets masked.
    pub transcript: Transcript,
}

/// How dealing with a message ended, and whether the conversation can go on.
struct Ended {
    outcome: Outcome,
    in_step: bool,
}

impl Ended {
    /// The server gave an answer that belongs here; 421 says that it is leaving.
    fn in_step(stage: Stage, reply: Reply) -> Self {
        let refused = (reply.is_transient() || reply.is_permanent()) && reply.code() != 421;
        let accepted = stage == Stage::Final && reply.is_positive();
        Self { in_step: refused || accepted, outcome: classify(stage, Cause::Reply(reply)) }
    }

    fn broken(stage: Stage, cause: Cause) -> Self {
        Self { in_step: false, outcome: classify(stage, cause) }
    }
}

impl Session {
    /// Opens a conversation, each step within its deadline.
    pub async fn open(relay: &Relay) -> Result<Self, OpenFailure> {
        let mut log = Transcript::default();
        match connect(relay, &mut log).await {
            Ok(stream) => Self::greet(relay, stream, log).await,
            Err((stage, cause)) => Err(fail(relay, stage, cause, log)),
        }
    }

    /// Opens a conversation over a stream that is connected already, for tests and for relays behind a tunnel. The
    /// caller answers for [`Security::PlainLoopback`](super::Security::PlainLoopback) being on loopback.
    pub async fn open_over(relay: &Relay, stream: Box<dyn Duplex>) -> Result<Self, OpenFailure> {
        Self::greet(relay, stream, Transcript::default()).await
    }

    async fn greet(relay: &Relay, stream: Box<dyn Duplex>, mut log: Transcript) -> Result<Self, OpenFailure> {
        // Boxed: a handshake is rare and large, and would make every send's future as large.
        match Box::pin(prepare(relay, stream, &mut log)).await {
            Ok(opened) => Ok(Self {
                dialogue: Some(opened.dialogue),
                capabilities: opened.capabilities,
                timeouts: relay.timeouts().clone(),
                opening: log,
                encrypted: opened.encrypted,
                sent: 0,
            }),
            Err((stage, cause)) => Err(fail(relay, stage, cause, log)),
        }
    }

    /// Whether another message can be sent here.
    pub fn is_open(&self) -> bool {
        self.dialogue.is_some()
    }

    /// Messages tried here so far.
    pub fn sent(&self) -> u32 {
        self.sent
    }

    /// What the server offers.
    pub fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    /// The conversation up to the sign-in, secrets masked.
    pub fn opening(&self) -> &Transcript {
        &self.opening
    }

    /// Sends one message. It takes at most [`Timeouts::longest_attempt`]. Dropping the future closes the
    /// conversation; whether the message was accepted is then unknown.
    pub async fn send(&mut self, envelope: &Envelope, content: &Content) -> Attempt {
        let started = Instant::now();
        // Lets the runtime look at the socket, so that words said while the session rested are seen.
        tokio::task::yield_now().await;
        let mut log = Transcript::default();
        let ended = match self.dialogue.take() {
            Some(mut dialogue) => {
                let ended = self.transact(&mut dialogue, envelope, content, &mut log).await;
                if ended.in_step {
                    self.dialogue = Some(dialogue);
                }
                ended
            }
            None => Ended::broken(Stage::Mail, Cause::Closed),
        };
        self.sent += 1;
        note_ending(&ended.outcome, &mut log);
        Attempt {
            outcome: ended.outcome,
            transcript: log,
            took: started.elapsed(),
            encrypted: self.encrypted,
        }
    }

    /// Says goodbye and waits briefly for the answer, so that the server does not log a lost connection.
    pub async fn close(mut self) {
        if let Some(mut dialogue) = self.dialogue.take()
            && dialogue.say(b"QUIT\r\n", self.timeouts.close).await.is_ok()
        {
            // Whatever it answers, we are leaving.
            drop(dialogue.hear(self.timeouts.close).await);
        }
    }

    async fn transact(
        &self,
        dialogue: &mut Dialogue,
        envelope: &Envelope,
        content: &Content,
        log: &mut Transcript,
    ) -> Ended {
        if let Err(defect) = self.check(envelope, content) {
            return Ended { outcome: classify(Stage::Check, Cause::Unsendable(defect)), in_step: true };
        }
        match self.introduce(dialogue, envelope, content, log).await {
            Ok(()) => self.hand_over(dialogue, content, log).await,
            Err(ended) => ended,
        }
    }

    /// Whether the server can take this message at all (RFC 1870, 6152, 6531).
    fn check(&self, envelope: &Envelope, content: &Content) -> Result<(), Unsendable> {
        if let Some(limit) = self.capabilities.size_limit().filter(|&limit| content.octets() > limit) {
            return Err(Unsendable::LargerThanOffered { octets: content.octets(), limit });
        }
        if content.is_eight_bit() && !self.capabilities.offers(Extension::EightBitMime) {
            return Err(Unsendable::NeedsEightBit);
        }
        if envelope.needs_smtp_utf8() && !self.capabilities.offers(Extension::SmtpUtf8) {
            return Err(Unsendable::NeedsSmtpUtf8);
        }
        Ok(())
    }

    /// MAIL, RCPT and DATA up to 354: in one write where the server pipelines, else one by one.
    async fn introduce(
        &self,
        dialogue: &mut Dialogue,
        envelope: &Envelope,
        content: &Content,
        log: &mut Transcript,
    ) -> Result<(), Ended> {
        let commands = [
            (Stage::Mail, self.mail_command(envelope, content)),
            (Stage::Recipient, self.recipient_command(envelope)),
            (Stage::Data, "DATA\r\n".to_owned()),
        ];
        let pipelined = self.capabilities.offers(Extension::Pipelining);
        if pipelined {
            let together: String = commands.iter().map(|(_, command)| command.as_str()).collect();
            self.say(dialogue, &together, log).await.map_err(|cause| Ended::broken(Stage::Mail, cause))?;
        }
        let mut refusal: Option<(Stage, Reply)> = None;
        for (stage, command) in commands {
            if !pipelined {
                self.say(dialogue, &command, log).await.map_err(|cause| Ended::broken(stage, cause))?;
            }
            let reply = match self.hear_answer(dialogue, log).await {
                Ok(reply) => reply,
                Err(cause) => return Err(after_refusal(refusal, stage, cause)),
            };
            match (stage, reply.code()) {
                (Stage::Data, 354) => return self.begin_or_withdraw(dialogue, refusal, log).await,
                (Stage::Mail | Stage::Recipient, 200..=299) => {}
                _ => drop(refusal.get_or_insert((stage, reply))),
            }
            if refusal.is_some() && !pipelined {
                break;
            }
        }
        Err(self.reset(dialogue, refusal, log).await)
    }

    /// The server waits for the text. If it refused the recipient and still waits, it gets an empty text, which it
    /// must refuse too (RFC 2920 section 3.1).
    async fn begin_or_withdraw(
        &self,
        dialogue: &mut Dialogue,
        refusal: Option<(Stage, Reply)>,
        log: &mut Transcript,
    ) -> Result<(), Ended> {
        let Some((stage, reply)) = refusal else {
            return Ok(());
        };
        let mut ended = Ended::in_step(stage, reply);
        let withdrawn = match self.say(dialogue, ".\r\n", log).await {
            Ok(()) => self.hear(dialogue, log).await.is_ok(),
            Err(_cause) => false,
        };
        ended.in_step &= withdrawn;
        Err(ended)
    }

    /// Clears what is left of a refused transaction, so that the conversation can carry the next message.
    async fn reset(
        &self,
        dialogue: &mut Dialogue,
        refusal: Option<(Stage, Reply)>,
        log: &mut Transcript,
    ) -> Ended {
        let Some((stage, reply)) = refusal else {
            return Ended::broken(Stage::Data, Cause::Unreadable);
        };
        let mut ended = Ended::in_step(stage, reply);
        let cleared = match self.say(dialogue, "RSET\r\n", log).await {
            Ok(()) => self.hear(dialogue, log).await.is_ok_and(|reply| reply.is_positive()),
            Err(_cause) => false,
        };
        ended.in_step &= cleared;
        ended
    }

    /// The text and the final dot in one write, then the answer that decides.
    async fn hand_over(&self, dialogue: &mut Dialogue, content: &Content, log: &mut Transcript) -> Ended {
        log.note(&format!("message of {} octets", content.octets()));
        if let Err(cause) = dialogue.say(content.wire(), self.timeouts.content_for(content.octets())).await {
            let stage = if content.is_before_dot(dialogue.said()) { Stage::Content } else { Stage::Final };
            return Ended::broken(stage, cause);
        }
        match dialogue.hear(self.timeouts.final_reply).await {
            Ok(reply) => {
                log.server(&reply);
                Ended::in_step(Stage::Final, reply)
            }
            Err(cause) => Ended::broken(Stage::Final, cause),
        }
    }

    async fn say(&self, dialogue: &mut Dialogue, commands: &str, log: &mut Transcript) -> Result<(), Cause> {
        for command in commands.lines() {
            log.client(command);
        }
        dialogue.say(commands.as_bytes(), self.timeouts.command).await
    }

    /// A reply that leaves the conversation standing: 421 does not.
    async fn hear_answer(&self, dialogue: &mut Dialogue, log: &mut Transcript) -> Result<Reply, Cause> {
        let reply = self.hear(dialogue, log).await?;
        if reply.code() == 421 { Err(Cause::Reply(reply)) } else { Ok(reply) }
    }

    async fn hear(&self, dialogue: &mut Dialogue, log: &mut Transcript) -> Result<Reply, Cause> {
        let reply = dialogue.hear(self.timeouts.command).await?;
        log.server(&reply);
        Ok(reply)
    }

    fn mail_command(&self, envelope: &Envelope, content: &Content) -> String {
        let from = envelope.from().map(ToString::to_string).unwrap_or_default();
        let mut words = vec![format!("MAIL FROM:<{from}>")];
        if self.capabilities.offers(Extension::Size) {
            words.push(format!("SIZE={}", content.octets()));
        }
        if content.is_eight_bit() {
            words.push("BODY=8BITMIME".to_owned());
        }
        if envelope.needs_smtp_utf8() {
            words.push("SMTPUTF8".to_owned());
        }
        if self.asks_for_notices(envelope) {
            words.push("RET=HDRS".to_owned());
        }
        words.join(" ") + "\r\n"
    }

    fn recipient_command(&self, envelope: &Envelope) -> String {
        match envelope.notices().notify().filter(|_| self.asks_for_notices(envelope)) {
            Some(notify) => format!("RCPT TO:<{}> NOTIFY={notify}\r\n", envelope.to()),
            None => format!("RCPT TO:<{}>\r\n", envelope.to()),
        }
    }

    fn asks_for_notices(&self, envelope: &Envelope) -> bool {
        self.capabilities.offers(Extension::Dsn) && envelope.notices().notify().is_some()
    }
}

/// The conversation broke off; an earlier refusal still is the truer answer for the message.
fn after_refusal(refusal: Option<(Stage, Reply)>, stage: Stage, cause: Cause) -> Ended {
    match refusal {
        Some((stage, reply)) => Ended::broken(stage, Cause::Reply(reply)),
        None => Ended::broken(stage, cause),
    }
}

fn note_ending(outcome: &Outcome, log: &mut Transcript) {
    match outcome {
        Outcome::Accepted { .. } => {}
        Outcome::Deferred { stage, cause, .. }
        | Outcome::Rejected { stage, cause, .. }
        | Outcome::RelayDown { stage, cause } => {
            if cause.reply().is_none() {
                log.note(&format!("{stage}: {cause}"));
            }
        }
        Outcome::Unknown { cause } => log.note(&format!("after the final dot: {cause}")),
    }
}

fn fail(relay: &Relay, stage: Stage, cause: Cause, mut transcript: Transcript) -> OpenFailure {
    log::warn!(relay:% = relay, stage:% = stage, code = cause.code().unwrap_or_default(); "relay refused a conversation");
    transcript.note(&format!("{stage}: {cause}"));
    OpenFailure { stage, cause, transcript }
}
