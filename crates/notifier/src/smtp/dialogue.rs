//! Saying and hearing, each bounded in time. Whoever gets an error from here drops the dialogue.

use std::error::Error as _;
use std::io;
use std::time::Duration;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::Mechanism;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Response;
use tokio::time::timeout;

use super::capabilities::Capabilities;
use super::outcome::{Cause, Stage};
use super::relay::Credentials;
use super::reply::Reply;
use super::transcript::Transcript;
use super::wire::Wire;

/// An open conversation: lettre hears the replies, the wire carries our words.
pub(super) struct Dialogue {
    wire: Wire,
    connection: AsyncSmtpConnection,
}

/// Where a conversation ended before it began, and why.
pub(super) type Refused = (Stage, Cause);

impl Dialogue {
    /// Hears the banner and greets. Both are written to `log`, also when it fails.
    pub(super) async fn greet(
        wire: Wire,
        hello: &ClientId,
        limit: Duration,
        log: &mut Transcript,
    ) -> Result<(Self, Capabilities), Refused> {
        wire.start_tap();
        let connecting = AsyncSmtpConnection::connect_with_transport(Box::new(wire.clone()), hello);
        let connected = within(limit, connecting, &wire).await;
        let raw = wire.take_tap();
        let heard = replies_in(&raw);
        log_greeting(&heard, hello, log);
        match connected {
            Ok(connection) => {
                let capabilities = heard.get(1).map(capabilities_of).unwrap_or_default();
                Ok((Self { wire, connection }, capabilities))
            }
            Err(cause) => {
                let banner_was_fine = heard.first().is_some_and(|(code, _)| matches!(code, 200..=399));
                Err((if banner_was_fine { Stage::Hello } else { Stage::Banner }, cause))
            }
        }
    }

    /// Signs in with PLAIN, else LOGIN. Only the mechanism's name is recorded.
    pub(super) async fn authenticate(
        &mut self,
        credentials: &Credentials,
        limit: Duration,
        log: &mut Transcript,
    ) -> Result<(), Cause> {
        let ours = [Mechanism::Plain, Mechanism::Login];
        let mechanism = self.connection.server_info().get_auth_mechanism(&ours).ok_or(Cause::NoMechanism)?;
        log.client(&format!("AUTH {mechanism} ********"));
        let credentials_for_lettre = credentials.for_lettre();
        let mechanisms = [mechanism];
        let authenticating = self.connection.auth(&mechanisms, &credentials_for_lettre);
        let reply = match within(limit, authenticating, &self.wire).await {
            Ok(response) => reply_of(&response),
            Err(Cause::Reply(reply)) => reply,
            Err(cause) => return Err(cause),
        };
        let reply = Reply::new(reply.code(), &credentials.mask(reply.text()));
        log.server(&reply);
        if reply.is_positive() { Ok(()) } else { Err(Cause::Reply(reply)) }
    }

    /// Writes a command, or several that the server takes at once. Fails if the server spoke out of turn: from then
    /// on its replies would belong to other commands than we think.
    pub(super) async fn say(&mut self, commands: &[u8], limit: Duration) -> Result<(), Cause> {
        self.wire.start_count();
        self.wire.check_silence()?;
        match timeout(limit, self.wire.write(commands)).await {
            Ok(written) => written,
            Err(_elapsed) => Err(Cause::Timeout),
        }
    }

    /// The next reply, whatever its code.
    pub(super) async fn hear(&mut self, limit: Duration) -> Result<Reply, Cause> {
        match within(limit, self.connection.read_response(), &self.wire).await {
            Ok(response) => Ok(reply_of(&response)),
            Err(Cause::Reply(reply)) => Ok(reply),
            Err(cause) => Err(cause),
        }
    }

    /// Octets of the last [`say`](Self::say) that left.
    pub(super) fn said(&self) -> u64 {
        self.wire.written()
    }

    /// The stream without lettre's reader, to encrypt it.
    pub(super) fn into_wire(self) -> Wire {
        self.wire
    }
}

/// Waits for one of lettre's operations. On `Timeout` it was cut off midway.
async fn within<T>(
    limit: Duration,
    operation: impl Future<Output = Result<T, Error>>,
    wire: &Wire,
) -> Result<T, Cause> {
    match timeout(limit, operation).await {
        Ok(result) => result.map_err(|error| cause_of(&error, wire)),
        Err(_elapsed) => Err(Cause::Timeout),
    }
}

/// lettre reports a negative reply as an error and its text as that error's source.
fn cause_of(error: &Error, wire: &Wire) -> Cause {
    if let Some(code) = error.status() {
        let text = error.source().map(ToString::to_string).unwrap_or_default();
        return Cause::Reply(Reply::new(code.into(), &text));
    }
    if wire.has_fault() {
        return wire.cause(io::ErrorKind::Other);
    }
    Cause::Unreadable
}

fn reply_of(response: &Response) -> Reply {
    let lines: Vec<&str> = response.message().collect();
    Reply::new(response.code().into(), &lines.join("\n"))
}

/// The replies in a stretch of server output: code and lines. A reply without its last line is left out.
fn replies_in(raw: &str) -> Vec<(u16, Vec<&str>)> {
    let mut replies = Vec::new();
    let mut lines = Vec::new();
    for line in raw.lines() {
        let (Some(code), text) = (line.get(..3).and_then(|code| code.parse().ok()), line.get(4..)) else {
            break;
        };
        lines.push(text.unwrap_or_default());
        if line.as_bytes().get(3) != Some(&b'-') {
            replies.push((code, std::mem::take(&mut lines)));
        }
    }
    replies
}

fn capabilities_of((_code, lines): &(u16, Vec<&str>)) -> Capabilities {
    Capabilities::from_hello(lines.iter().copied())
}

fn log_greeting(heard: &[(u16, Vec<&str>)], hello: &ClientId, log: &mut Transcript) {
    for (index, (code, lines)) in heard.iter().enumerate() {
        if index == 1 {
            log.client(&format!("EHLO {hello}"));
        }
        log.server(&Reply::new(*code, &lines.join("\n")));
    }
}
