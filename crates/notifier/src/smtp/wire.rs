//! The byte stream under a conversation. lettre reads replies from one handle, the driver writes through another.
//!
//! It hands replies on line by line, which closes three holes at once: bytes smuggled behind the answer to STARTTLS
//! stay here where they are seen, an endless line cannot fill the memory, and a reply that is not UTF-8 is made
//! readable instead of ending the conversation. It also counts what was written, so that the driver knows whether
//! the final dot can have left.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio_rustls::rustls::pki_types::ServerName;

use super::outcome::Cause;
use super::trust::Trust;

/// Longest line of a reply taken in; RFC 5321 section 4.5.3.1.5 allows 512 octets, servers send more.
const LINE_LIMIT: usize = 2_048;
/// Octets of all replies between two writes of ours.
const REPLY_LIMIT: usize = 64 * 1024;
/// Octets asked of the socket at a time.
const READ_SIZE: usize = 4_096;

/// A byte stream in both directions: TCP, TLS over it, or a pipe in memory in tests.
pub trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

/// Why the wire went silent, when lettre's error does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    Closed,
    Broken(io::ErrorKind),
    ReplyTooLong,
}

struct State {
    stream: Option<Box<dyn Duplex>>,
    inbox: Vec<u8>,
    fault: Option<Fault>,
    /// Octets received since our last write.
    heard: usize,
    /// Octets handed over since [`Wire::start_count`].
    written: u64,
    /// Everything handed to lettre while it greets.
    tap: Option<Vec<u8>>,
}

/// A shared handle; clones speak over the same stream.
#[derive(Clone)]
pub(super) struct Wire(Arc<Mutex<State>>);

impl Wire {
    pub(super) fn new(stream: Box<dyn Duplex>) -> Self {
        Self(Arc::new(Mutex::new(State {
            stream: Some(stream),
            inbox: Vec::new(),
            fault: None,
            heard: 0,
            written: 0,
            tap: None,
        })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Encrypts the stream from here on. Anything the server said in plaintext beyond its last reply is an attack
    /// (RFC 3207 section 6 as clarified by CVE-2011-0411) and ends the conversation.
    pub(super) async fn encrypt(&self, trust: &Trust, host: &str) -> Result<(), Cause> {
        let name = ServerName::try_from(host.to_owned()).map_err(|error| Cause::Tls(error.to_string()))?;
        let stream = {
            let mut state = self.state();
            if !state.inbox.is_empty() {
                return Err(Cause::Unsolicited);
            }
            state.stream.take().ok_or(Cause::Closed)?
        };
        let encrypted =
            trust.connector().connect(name, stream).await.map_err(|error| handshake_failure(&error))?;
        self.state().stream = Some(Box::new(encrypted));
        Ok(())
    }

    /// Gives lettre the banner it expects where the protocol has none: after STARTTLS.
    pub(super) fn prime_banner(&self) {
        self.state().inbox.extend_from_slice(b"220 encrypted\r\n");
    }

    /// Starts to keep what lettre reads.
    pub(super) fn start_tap(&self) {
        self.state().tap = Some(Vec::new());
    }

    /// What lettre read since [`start_tap`](Self::start_tap).
    pub(super) fn take_tap(&self) -> String {
        String::from_utf8_lossy(&self.state().tap.take().unwrap_or_default()).into_owned()
    }

    /// Starts to count octets written.
    pub(super) fn start_count(&self) {
        self.state().written = 0;
    }

    /// Octets written since [`start_count`](Self::start_count).
    pub(super) fn written(&self) -> u64 {
        self.state().written
    }

    /// Writes all of `bytes` and pushes them out. When it fails or is dropped midway, [`written`](Self::written)
    /// tells how much left.
    pub(super) async fn write(&mut self, bytes: &[u8]) -> Result<(), Cause> {
        let mut handle = self.clone();
        let done = async {
            handle.write_all(bytes).await?;
            handle.flush().await
        };
        done.await.map_err(|error| self.cause(error.kind()))
    }

    /// Whether the server has said nothing we did not ask for. Looks without waiting.
    pub(super) fn check_silence(&self) -> Result<(), Cause> {
        let mut state = self.state();
        if !state.inbox.is_empty() {
            return Err(Cause::Unsolicited);
        }
        match state.poll_fill(&mut Context::from_waker(Waker::noop())) {
            Poll::Pending => Ok(()),
            Poll::Ready(Ok(0)) => Err(Cause::Closed),
            Poll::Ready(Ok(_)) => Err(Cause::Unsolicited),
            Poll::Ready(Err(error)) => Err(Cause::Network(error.kind())),
        }
    }

    /// What ended the conversation: what the wire saw, else what the caller saw.
    pub(super) fn cause(&self, seen: io::ErrorKind) -> Cause {
        match self.state().fault {
            Some(Fault::Closed) => Cause::Closed,
            Some(Fault::Broken(kind)) => Cause::Network(kind),
            Some(Fault::ReplyTooLong) => Cause::Unreadable,
            None => Cause::Network(seen),
        }
    }

    /// Whether the wire itself failed.
    pub(super) fn has_fault(&self) -> bool {
        self.state().fault.is_some()
    }
}

/// A certificate or protocol failure in words, a network failure as such.
fn handshake_failure(error: &io::Error) -> Cause {
    match error.get_ref() {
        Some(inner) => Cause::Tls(inner.to_string()),
        None if error.kind() == io::ErrorKind::UnexpectedEof => Cause::Closed,
        None => Cause::Network(error.kind()),
    }
}

impl State {
    /// Reads once from the stream into the inbox; 0 is the end of it.
    fn poll_fill(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let Some(stream) = self.stream.as_mut() else {
            return Poll::Ready(Ok(0));
        };
        let mut scratch = [0_u8; READ_SIZE];
        let mut buffer = ReadBuf::new(&mut scratch);
        match Pin::new(stream).poll_read(cx, &mut buffer) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Err(error)) => {
                self.fault = Some(Fault::Broken(error.kind()));
                Poll::Ready(Err(error))
            }
            Poll::Ready(Ok(())) => Poll::Ready(Ok(self.take_in(buffer.filled()))),
        }
    }

    fn take_in(&mut self, bytes: &[u8]) -> usize {
        if bytes.is_empty() {
            self.fault = Some(Fault::Closed);
        }
        self.heard += bytes.len();
        self.inbox.extend_from_slice(bytes);
        bytes.len()
    }

    /// The next line, if it is there in full or was begun before.
    fn poll_line(&mut self, cx: &mut Context<'_>, out: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        loop {
            if self.heard > REPLY_LIMIT {
                return Poll::Ready(Err(self.refuse_flood()));
            }
            if let Some(end) = self.inbox.iter().position(|&byte| byte == b'\n') {
                self.hand_over(end + 1, out);
                return Poll::Ready(Ok(()));
            }
            if self.inbox.len() > LINE_LIMIT {
                return Poll::Ready(Err(self.refuse_flood()));
            }
            match self.poll_fill(cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Ready(Ok(0)) => return Poll::Ready(Ok(())),
                Poll::Ready(Ok(_)) => {}
            }
        }
    }

    fn refuse_flood(&mut self) -> io::Error {
        self.fault = Some(Fault::ReplyTooLong);
        io::ErrorKind::InvalidData.into()
    }

    /// Moves up to `length` octets to the reader, foreign ones replaced if the line is not UTF-8.
    fn hand_over(&mut self, length: usize, out: &mut ReadBuf<'_>) {
        let mut line: Vec<u8> = self.inbox.drain(..length.min(out.remaining())).collect();
        if std::str::from_utf8(&line).is_err() {
            for byte in line.iter_mut().filter(|byte| !byte.is_ascii()) {
                *byte = b'?';
            }
        }
        if let Some(tap) = self.tap.as_mut() {
            tap.extend_from_slice(&line);
        }
        out.put_slice(&line);
    }
}

impl AsyncRead for Wire {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, out: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.state().poll_line(cx, out)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let mut state = self.state();
        state.heard = 0;
        let Some(stream) = state.stream.as_mut() else {
            return Poll::Ready(Err(io::ErrorKind::NotConnected.into()));
        };
        let result = Pin::new(stream).poll_write(cx, bytes);
        match &result {
            Poll::Ready(Ok(count)) => state.written += *count as u64,
            Poll::Ready(Err(error)) => state.fault = Some(Fault::Broken(error.kind())),
            Poll::Pending => {}
        }
        result
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.state().stream.as_mut() {
            Some(stream) => Pin::new(stream).poll_flush(cx),
            None => Poll::Ready(Ok(())),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.state().stream.as_mut() {
            Some(stream) => Pin::new(stream).poll_shutdown(cx),
            None => Poll::Ready(Ok(())),
        }
    }
}

impl AsyncTokioStream for Wire {
    /// Not known here: the stream may be a pipe.
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wire")
    }
}
