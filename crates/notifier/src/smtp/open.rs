//! From a relay's name to a conversation that may carry mail: look-up, TCP, TLS, greeting, sign-in.

use std::io;
use std::net::SocketAddr;

use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

use super::capabilities::{Capabilities, Extension};
use super::dialogue::{Dialogue, Refused};
use super::outcome::{Cause, Stage};
use super::relay::{Relay, Security};
use super::transcript::Transcript;
use super::trust::Trust;
use super::wire::{Duplex, Wire};

/// A conversation ready for MAIL.
pub(super) struct Opened {
    pub(super) dialogue: Dialogue,
    pub(super) capabilities: Capabilities,
    pub(super) encrypted: bool,
}

/// Connects to the first of the relay's addresses that answers.
pub(super) async fn connect(relay: &Relay, log: &mut Transcript) -> Result<Box<dyn Duplex>, Refused> {
    let mut last = (Stage::Resolve, Cause::Lookup(io::ErrorKind::NotFound));
    for address in resolve(relay).await.map_err(|cause| (Stage::Resolve, cause))? {
        if matches!(relay.security(), Security::PlainLoopback) && !address.ip().is_loopback() {
            return Err((Stage::Connect, Cause::PlaintextRefused));
        }
        match dial(address, relay).await {
            Ok(stream) => {
                log.note(&format!("connected to {address}"));
                return Ok(Box::new(stream));
            }
            Err(cause) => last = (Stage::Connect, cause),
        }
    }
    Err(last)
}

async fn resolve(relay: &Relay) -> Result<Vec<SocketAddr>, Cause> {
    let looking = lookup_host((relay.host(), relay.port()));
    match timeout(relay.timeouts().resolve, looking).await {
        Ok(Ok(addresses)) => Ok(addresses.take(4).collect()),
        Ok(Err(error)) => Err(Cause::Lookup(error.kind())),
        Err(_elapsed) => Err(Cause::Timeout),
    }
}

/// One TCP connection that sends small writes at once: without `TCP_NODELAY` each mail waits 40 ms for the other
/// side's delayed acknowledgement.
async fn dial(address: SocketAddr, relay: &Relay) -> Result<TcpStream, Cause> {
    let dialled = match timeout(relay.timeouts().connect, TcpStream::connect(address)).await {
        Ok(dialled) => dialled,
        Err(_elapsed) => return Err(Cause::Timeout),
    };
    let stream = dialled.map_err(|error| Cause::Network(error.kind()))?;
    stream.set_nodelay(true).map_err(|error| Cause::Network(error.kind()))?;
    Ok(stream)
}

/// Encrypts as the relay's settings demand, greets and signs in.
pub(super) async fn prepare(
    relay: &Relay,
    stream: Box<dyn Duplex>,
    log: &mut Transcript,
) -> Result<Opened, Refused> {
    let wire = Wire::new(stream);
    let (mut dialogue, capabilities) = match relay.security() {
        Security::PlainLoopback => greet(relay, wire, log).await?,
        Security::Tls(trust) => {
            encrypt(relay, &wire, trust, log).await?;
            greet(relay, wire, log).await?
        }
        Security::StartTls(trust) => start_tls(relay, wire, trust, log).await?,
    };
    if let Some(credentials) = relay.credentials() {
        let signed_in = dialogue.authenticate(credentials, relay.timeouts().auth, log).await;
        signed_in.map_err(|cause| (Stage::Auth, cause))?;
    }
    let encrypted = !matches!(relay.security(), Security::PlainLoopback);
    Ok(Opened { dialogue, capabilities, encrypted })
}

async fn greet(relay: &Relay, wire: Wire, log: &mut Transcript) -> Result<(Dialogue, Capabilities), Refused> {
    Dialogue::greet(wire, relay.hello(), relay.timeouts().greeting, log).await
}

/// Switches to TLS and greets anew; what was offered in plaintext is forgotten (RFC 3207 section 4.2).
async fn start_tls(
    relay: &Relay,
    wire: Wire,
    trust: &Trust,
    log: &mut Transcript,
) -> Result<(Dialogue, Capabilities), Refused> {
    let (mut dialogue, offered) = greet(relay, wire, log).await?;
    if !offered.offers(Extension::StartTls) {
        return Err((Stage::Tls, Cause::StartTlsMissing));
    }
    request_tls(relay, &mut dialogue, log).await.map_err(|cause| (Stage::Tls, cause))?;
    let wire = dialogue.into_wire();
    encrypt(relay, &wire, trust, log).await?;
    wire.prime_banner();
    greet(relay, wire, log).await
}

async fn request_tls(relay: &Relay, dialogue: &mut Dialogue, log: &mut Transcript) -> Result<(), Cause> {
    log.client("STARTTLS");
    dialogue.say(b"STARTTLS\r\n", relay.timeouts().command).await?;
    let reply = dialogue.hear(relay.timeouts().command).await?;
    log.server(&reply);
    if reply.code() == 220 { Ok(()) } else { Err(Cause::Reply(reply)) }
}

async fn encrypt(relay: &Relay, wire: &Wire, trust: &Trust, log: &mut Transcript) -> Result<(), Refused> {
    let handshake = wire.encrypt(trust, relay.host());
    let ended = match timeout(relay.timeouts().tls, handshake).await {
        Ok(ended) => ended,
        Err(_elapsed) => Err(Cause::Timeout),
    };
    ended.map_err(|cause| (Stage::Tls, cause))?;
    log.note("TLS established");
    Ok(())
}
