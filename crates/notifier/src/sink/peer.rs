//! One client's byte stream: whole lines in, collected answers out, each wait bounded.

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::{Instant, timeout, timeout_at};

/// Octets asked of the stream at a time.
const READ_SIZE: usize = 16 * 1024;

/// Why a conversation ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// The client said QUIT, or was told 421.
    Said,
    /// The client closed, or the network failed.
    Gone,
    /// The client kept us waiting too long.
    Silent,
    /// The script cuts the connection.
    Cut,
}

/// What came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// A line, with its line end.
    Line(&'a [u8]),
    /// A stretch of a line that is longer than the limit; its end has not come.
    Part(&'a [u8]),
}

pub(super) struct Peer<S> {
    stream: S,
    inbox: Vec<u8>,
    taken: usize,
    outbox: Vec<u8>,
    patience: Duration,
    /// How often we had to wait for the client.
    pub(super) waits: u32,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Peer<S> {
    pub(super) fn new(stream: S, patience: Duration) -> Self {
        Self { stream, inbox: Vec::new(), taken: 0, outbox: Vec::new(), patience, waits: 0 }
    }

    /// Adds to the answers; they leave together when there is nothing more to read.
    pub(super) fn answer(&mut self, bytes: &[u8]) {
        self.outbox.extend_from_slice(bytes);
    }

    /// The next line or part of one, by `deadline`.
    pub(super) async fn piece(&mut self, limit: usize, deadline: Instant) -> Result<Piece<'_>, End> {
        let length = loop {
            let waiting = self.waiting();
            if let Some(end) = waiting.iter().position(|&byte| byte == b'\n') {
                break Ok(end + 1);
            }
            if waiting.len() > limit {
                break Err(waiting.len());
            }
            self.flush().await?;
            self.fill(deadline).await?;
        };
        let start = self.taken;
        self.taken += length.unwrap_or_else(|part| part);
        let bytes = self.inbox.get(start..self.taken).unwrap_or_default();
        Ok(if length.is_ok() { Piece::Line(bytes) } else { Piece::Part(bytes) })
    }

    /// Whether the client has already sent more than was taken.
    pub(super) fn has_more(&self) -> bool {
        !self.waiting().is_empty()
    }

    /// Sends the collected answers.
    pub(super) async fn flush(&mut self) -> Result<(), End> {
        if self.outbox.is_empty() {
            return Ok(());
        }
        let writing = async {
            self.stream.write_all(&self.outbox).await?;
            self.stream.flush().await
        };
        let written = timeout(self.patience, writing).await;
        self.outbox.clear();
        match written {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_broken)) => Err(End::Gone),
            Err(_elapsed) => Err(End::Silent),
        }
    }

    /// Sends the collected answers, then `bytes` one at a time.
    pub(super) async fn drip(&mut self, bytes: &[u8], every: Duration) -> Result<(), End> {
        self.flush().await?;
        for byte in bytes {
            tokio::time::sleep(every).await;
            self.answer(&[*byte]);
            self.flush().await?;
        }
        Ok(())
    }

    /// Says nothing until the client leaves or `deadline` passes.
    pub(super) async fn hang(&mut self, deadline: Instant) -> End {
        loop {
            self.taken = self.inbox.len();
            if let Err(end) = self.fill(deadline).await {
                return end;
            }
        }
    }

    /// Closes our side in order, so that the last answer arrives.
    pub(super) async fn close(mut self) {
        if self.flush().await.is_ok() {
            drop(timeout(self.patience, self.stream.shutdown()).await);
        }
    }

    /// Waits for at least one more octet.
    pub(super) async fn fill(&mut self, deadline: Instant) -> Result<(), End> {
        self.inbox.drain(..self.taken);
        self.taken = 0;
        self.waits += 1;
        self.inbox.reserve(READ_SIZE);
        match timeout_at(deadline, self.stream.read_buf(&mut self.inbox)).await {
            Ok(Ok(0) | Err(_)) => Err(End::Gone),
            Ok(Ok(_)) => Ok(()),
            Err(_elapsed) => Err(End::Silent),
        }
    }

    fn waiting(&self) -> &[u8] {
        self.inbox.get(self.taken..).unwrap_or_default()
    }
}
