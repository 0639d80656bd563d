//! One client's conversation: a command, an answer, until one side leaves.

use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::Instant;

use super::answer::Answer;
use super::command::{Command, Path};
use super::mailbox::ReceivedMail;
use super::peer::{End, Peer, Piece};
use super::script::{Act, Moment, Step};
use super::settings::{Offer, Protocol, SignIn, SinkConfig};
use super::sign_in::Claim;
use super::text::{Defect, Text};
use super::transaction::Transaction;

/// The longest command with its CRLF; RFC 5321 section 4.5.3.1.4 wants 512, extensions more.
const COMMAND_LIMIT: usize = 2_048;

/// Whether a conversation starts with a banner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Greeting {
    /// A new connection.
    Banner,
    /// The stream was encrypted by STARTTLS a moment ago (RFC 3207 section 4.2): the client speaks first.
    AfterStartTls,
}

/// What the script leaves to do.
enum Cue {
    /// Act and answer by the rules.
    GoOn,
    /// Act by the rules, answer yes in these words.
    Reword(Vec<u8>),
    /// The answer was given already.
    Done,
}

struct Conversation<S> {
    peer: Peer<S>,
    config: Arc<SinkConfig>,
    number: u64,
    hello: Option<String>,
    user: Option<String>,
    transaction: Option<Transaction>,
    errors: u32,
    accepted: u32,
}

/// Serves one client over any stream, to its end. `number` names the connection in received mails.
pub async fn converse<S>(stream: S, config: Arc<SinkConfig>, number: u64, greeting: Greeting)
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    let mut conversation = Conversation {
        peer: Peer::new(stream, config.limits.idle),
        config,
        number,
        hello: None,
        user: None,
        transaction: None,
        errors: 0,
        accepted: 0,
    };
    let end = conversation.run(greeting).await;
    if end == End::Silent {
        conversation.peer.answer(b"421 4.4.2 no command for too long\r\n");
    }
    if matches!(end, End::Said | End::Silent) {
        conversation.peer.close().await;
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Conversation<S> {
    async fn run(&mut self, greeting: Greeting) -> End {
        if greeting == Greeting::Banner
            && let Err(end) = self.banner().await
        {
            return end;
        }
        loop {
            if let Err(end) = self.next().await {
                return end;
            }
        }
    }

    async fn banner(&mut self) -> Result<(), End> {
        let cue = self.cue(Step::Connect, "").await?;
        let spoken = if self.is_lmtp() { "LMTP" } else { "ESMTP" };
        let banner = Answer::new(220, format!("{} {spoken}", self.config.name));
        self.reply(&banner, cue)
    }

    fn is_lmtp(&self) -> bool {
        self.config.protocol == Protocol::Lmtp
    }

    /// One command and its answer.
    async fn next(&mut self) -> Result<(), End> {
        let line = self.command_line().await?;
        let command = Command::parse(&line);
        if self.peer.has_more() && !self.config.offers(Offer::Pipelining) {
            self.peer.answer(b"503 5.5.0 one command at a time\r\n");
            return Err(End::Said);
        }
        let (step, argument) = step_of(&command);
        let cue = match step {
            Some(step) => self.cue(step, argument).await?,
            None => Cue::GoOn,
        };
        match (command, &cue) {
            (_, Cue::Done) => Ok(()),
            (Command::Data, _) => self.data(cue).await,
            (Command::Auth(mechanism, first), _) => {
                let answer = self.auth(mechanism, first).await?;
                self.reply(&answer, cue)
            }
            (Command::Quit, _) => {
                self.reply(&Answer::new(221, "2.0.0 goodbye"), cue)?;
                Err(End::Said)
            }
            (Command::Ehlo(_) | Command::Helo(_), _) if self.is_lmtp() => {
                self.reply(&Answer::new(500, "5.5.1 LMTP is spoken here: LHLO"), cue)
            }
            (Command::Lhlo(_), _) if !self.is_lmtp() => {
                self.reply(&Answer::new(500, "5.5.1 SMTP is spoken here: EHLO"), cue)
            }
            (Command::Ehlo(name) | Command::Lhlo(name), _) => {
                self.greet(name);
                let lines = self.ehlo_lines();
                self.reply_raw(lines, cue);
                Ok(())
            }
            (command, _) => {
                let answer = self.execute(&command);
                self.reply(&answer, cue)
            }
        }
    }

    /// The next line without its end; a line that is not a command line ends the conversation.
    async fn command_line(&mut self) -> Result<String, End> {
        let deadline = Instant::now() + self.config.limits.idle;
        let complaint: &[u8] = match self.peer.piece(COMMAND_LIMIT, deadline).await? {
            Piece::Part(_) => b"500 5.5.6 line too long\r\n",
            Piece::Line(line) => match line.strip_suffix(b"\r\n").map(std::str::from_utf8) {
                Some(Ok(text)) => return Ok(text.to_owned()),
                Some(Err(_)) => b"500 5.5.2 not UTF-8\r\n",
                None => b"500 5.5.2 a command ends with CR LF\r\n",
            },
        };
        self.peer.answer(complaint);
        Err(End::Said)
    }

    /// Lets the script act.
    async fn cue(&mut self, step: Step, argument: &str) -> Result<Cue, End> {
        let transaction = self.transaction.as_ref();
        let moment = Moment {
            step,
            argument,
            connection: self.number,
            sender: transaction.and_then(|t| t.from.as_deref()),
            recipients: transaction.map_or(&[], |t| t.recipients.as_slice()),
        };
        match self.config.script.act(&moment) {
            Act::Proceed => Ok(Cue::GoOn),
            Act::Reword(words) => Ok(Cue::Reword(words)),
            Act::Answer(words) => {
                self.peer.answer(&words);
                if words.starts_with(b"421") { Err(End::Said) } else { Ok(Cue::Done) }
            }
            Act::AnswerThenClose(words) => {
                self.peer.answer(&words);
                Err(End::Said)
            }
            Act::Drip { words, every } => self.peer.drip(&words, every).await.map(|()| Cue::Done),
            Act::Close => Err(End::Cut),
            Act::Hang => {
                self.peer.flush().await?;
                let deadline = Instant::now() + self.config.limits.message;
                Err(self.peer.hang(deadline).await)
            }
        }
    }

    /// Answers; a client that makes too many errors is sent away.
    fn reply(&mut self, answer: &Answer, cue: Cue) -> Result<(), End> {
        if answer.code() < 400 {
            self.reply_raw(answer.to_wire(), cue);
            return Ok(());
        }
        self.peer.answer(&answer.to_wire());
        self.note_error()
    }

    fn note_error(&mut self) -> Result<(), End> {
        self.errors += 1;
        if self.errors < self.config.limits.errors {
            return Ok(());
        }
        self.peer.answer(b"421 4.7.0 too many errors\r\n");
        Err(End::Said)
    }

    fn reply_raw(&mut self, usual: Vec<u8>, cue: Cue) {
        match cue {
            Cue::GoOn => self.peer.answer(&usual),
            Cue::Reword(words) => self.peer.answer(&words),
            Cue::Done => {}
        }
    }

    /// Commands that need nothing but the state.
    fn execute(&mut self, command: &Command<'_>) -> Answer {
        match command {
            Command::Helo(name) => {
                self.greet(name);
                Answer::new(250, self.config.name.clone())
            }
            Command::Mail(path) => self.mail(path).unwrap_or_else(|refusal| refusal),
            Command::Recipient(path) => self.recipient(path).unwrap_or_else(|refusal| refusal),
            Command::Reset => {
                self.transaction = None;
                Answer::new(250, "2.0.0 forgotten")
            }
            Command::Noop => Answer::new(250, "2.0.0 still here"),
            Command::Verify => Answer::new(252, "2.1.5 send mail and see"),
            Command::Malformed => Answer::new(501, "5.5.4 the argument makes no sense"),
            _ => Answer::new(500, "5.5.1 no such command"),
        }
    }

    fn greet(&mut self, name: &str) {
        self.hello = Some(name.to_owned());
        self.transaction = None;
    }

    fn ehlo_lines(&self) -> Vec<u8> {
        let mut lines = vec![self.config.name.clone()];
        lines.extend(self.config.offers.iter().map(|offer| match offer {
            Offer::Pipelining => "PIPELINING".to_owned(),
            Offer::Size => format!("SIZE {}", self.config.limits.message_octets),
            Offer::EightBitMime => "8BITMIME".to_owned(),
            Offer::SmtpUtf8 => "SMTPUTF8".to_owned(),
            Offer::Dsn => "DSN".to_owned(),
            Offer::EnhancedStatusCodes => "ENHANCEDSTATUSCODES".to_owned(),
        }));
        if !matches!(self.config.sign_in, SignIn::NotOffered) {
            lines.push("AUTH PLAIN LOGIN".to_owned());
        }
        let last = lines.len() - 1;
        let mut reply = Vec::new();
        for (index, line) in lines.iter().enumerate() {
            reply.extend_from_slice(if index == last { b"250 " } else { b"250-" });
            reply.extend_from_slice(line.as_bytes());
            reply.extend_from_slice(b"\r\n");
        }
        reply
    }

    fn mail(&mut self, path: &Path<'_>) -> Result<Answer, Answer> {
        if self.hello.is_none() {
            return Err(Answer::new(503, "5.5.1 greet first"));
        }
        if matches!(self.config.sign_in, SignIn::Nobody | SignIn::Required { .. }) && self.user.is_none() {
            return Err(Answer::new(530, "5.7.0 sign in first"));
        }
        if self.transaction.is_some() {
            return Err(Answer::new(503, "5.5.1 a message is under way"));
        }
        self.transaction = Some(Transaction::begin(path, &self.config)?);
        self.peer.waits = 1;
        Ok(Answer::new(250, "2.1.0 sender noted"))
    }

    fn recipient(&mut self, path: &Path<'_>) -> Result<Answer, Answer> {
        let Some(transaction) = self.transaction.as_mut() else {
            return Err(Answer::new(503, "5.5.1 sender first"));
        };
        self.config.mailbox.admits(path.address).map_err(|refusal| refusal.answer().clone())?;
        transaction.add_recipient(path, &self.config)?;
        Ok(Answer::new(250, "2.1.5 recipient noted"))
    }

    /// AUTH to its end; the client may give up with `*`.
    async fn auth(&mut self, mechanism: &str, first: Option<&str>) -> Result<Answer, End> {
        if matches!(self.config.sign_in, SignIn::NotOffered) {
            return Ok(Answer::new(502, "5.5.1 AUTH is not offered"));
        }
        if self.user.is_some() || self.hello.is_none() || self.transaction.is_some() {
            return Ok(Answer::new(503, "5.5.1 not now"));
        }
        let claim = match (mechanism.to_ascii_uppercase().as_str(), first) {
            ("PLAIN", Some(response)) => Claim::from_plain(response),
            ("PLAIN", None) => Claim::from_plain(&self.challenge("").await?),
            ("LOGIN", first) => {
                let user = match first {
                    Some(user) => user.to_owned(),
                    None => self.challenge("VXNlcm5hbWU6").await?,
                };
                Claim::from_login(&user, &self.challenge("UGFzc3dvcmQ6").await?)
            }
            _ => return Ok(Answer::new(504, "5.5.4 no such mechanism")),
        };
        let Some(claim) = claim else {
            return Ok(Answer::new(501, "5.5.2 not a response"));
        };
        Ok(match claim.admitted(&self.config.sign_in) {
            Ok(user) => {
                self.user = Some(user);
                Answer::new(235, "2.7.0 welcome")
            }
            Err(refusal) => refusal,
        })
    }

    async fn challenge(&mut self, words: &str) -> Result<String, End> {
        self.peer.answer(format!("334 {words}\r\n").as_bytes());
        self.command_line().await
    }

    /// From DATA to the answer after the dot.
    async fn data(&mut self, cue: Cue) -> Result<(), End> {
        let refusal = match &self.transaction {
            None => Some(Answer::new(503, "5.5.1 sender and recipient first")),
            Some(transaction) if transaction.recipients.is_empty() => {
                // RFC 2033 section 4.2 wants another code than everybody uses for SMTP.
                Some(Answer::new(if self.is_lmtp() { 503 } else { 554 }, "5.5.1 no valid recipients"))
            }
            Some(_) => None,
        };
        if let Some(refusal) = refusal {
            return self.reply(&refusal, cue);
        }
        let waits = self.peer.waits;
        self.reply(&Answer::new(354, "go on, end with a dot"), cue)?;
        let message = self.text().await?;
        let cue = self.cue(Step::Arrived, "").await?;
        let transaction = self.transaction.take().unwrap_or_default();
        if matches!(cue, Cue::Done) {
            return Ok(());
        }
        match message {
            _ if self.is_lmtp() => self.store_for_each(transaction, message, waits).await,
            Err(refusal) => self.reply(&refusal, cue),
            Ok(message) => self.store(transaction, message, waits).await,
        }
    }

    async fn text(&mut self) -> Result<Result<Vec<u8>, Answer>, End> {
        let deadline = Instant::now() + self.config.limits.message;
        self.peer.flush().await?;
        if !self.peer.has_more() {
            self.peer.fill(deadline).await?;
        }
        self.cue(Step::Text, "").await?;
        let read = Text::new(self.config.limits.message_octets).read(&mut self.peer, deadline).await?;
        Ok(read.map_err(Defect::answer))
    }

    /// Gives the mail to the mailbox and only then says yes.
    async fn store(&mut self, transaction: Transaction, message: Vec<u8>, waits: u32) -> Result<(), End> {
        let mail = self.mail_of(transaction.clone(), message, waits);
        if let Err(refusal) = self.deliver(mail).await {
            return self.reply(&refusal, Cue::GoOn);
        }
        self.accepted += 1;
        // The script may still judge by the recipient, and only this once.
        self.transaction = Some(transaction);
        let cue = self.cue(Step::Stored, "").await;
        self.transaction = None;
        let queued = Answer::new(250, format!("2.0.0 queued as {}-{}", self.number, self.accepted));
        self.reply(&queued, cue?)
    }

    /// LMTP: an answer for each recipient, in their order (RFC 2033 section 4.2), each when its own copy is stored. However
    /// many are refused, nobody is sent away before all have their answer.
    async fn store_for_each(
        &mut self,
        transaction: Transaction,
        message: Result<Vec<u8>, Answer>,
        waits: u32,
    ) -> Result<(), End> {
        let mut any_refused = false;
        for recipient in transaction.recipients.clone() {
            let stored = match &message {
                Err(refusal) => Err(refusal.clone()),
                Ok(message) => {
                    let mail = self.mail_of(transaction.for_one(recipient), message.clone(), waits);
                    self.deliver(mail).await
                }
            };
            any_refused |= stored.is_err();
            let answer = stored.map_or_else(|refusal| refusal, |()| Answer::new(250, "2.0.0 taken"));
            self.peer.answer(&answer.to_wire());
        }
        if any_refused { self.note_error() } else { Ok(()) }
    }

    fn mail_of(&self, transaction: Transaction, message: Vec<u8>, waits: u32) -> ReceivedMail {
        ReceivedMail {
            hello: self.hello.clone().unwrap_or_default(),
            user: self.user.clone(),
            waits,
            connection: self.number,
            ..transaction.into_mail(message)
        }
    }

    async fn deliver(&self, mail: ReceivedMail) -> Result<(), Answer> {
        let mailbox = Arc::clone(&self.config.mailbox);
        if !mailbox.may_block() {
            return mailbox.deliver(mail).map_err(|refusal| refusal.answer().clone());
        }
        match tokio::task::spawn_blocking(move || mailbox.deliver(mail)).await {
            Ok(stored) => stored.map_err(|refusal| refusal.answer().clone()),
            Err(_panicked) => Err(Answer::new(451, "4.3.0 the mailbox failed")),
        }
    }
}

/// Where in a conversation a command stands, and what the script may judge it by.
fn step_of<'a>(command: &Command<'a>) -> (Option<Step>, &'a str) {
    match command {
        Command::Ehlo(name) | Command::Lhlo(name) | Command::Helo(name) => (Some(Step::Hello), name),
        Command::Auth(mechanism, _) => (Some(Step::Auth), mechanism),
        Command::Mail(path) => (Some(Step::Mail), path.address),
        Command::Recipient(path) => (Some(Step::Recipient), path.address),
        Command::Data => (Some(Step::Data), ""),
        Command::Reset => (Some(Step::Reset), ""),
        _ => (None, ""),
    }
}
