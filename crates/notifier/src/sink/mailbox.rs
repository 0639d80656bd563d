//! Where accepted mails go.

use std::sync::{Mutex, PoisonError};

use tokio::sync::Notify;

use super::answer::Refusal;

/// A mail as it arrived, dots un-stuffed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedMail {
    /// The client's name for itself in EHLO.
    pub hello: String,
    /// The signed-in name, if the client signed in.
    pub user: Option<String>,
    /// Where bounces go; `None` is the null sender `<>`.
    pub from: Option<String>,
    /// Whom it is for, in the order given, as written between the brackets.
    pub recipients: Vec<String>,
    /// The parameters of MAIL, e.g. `SIZE=4376`.
    pub mail_parameters: Vec<String>,
    /// The parameters of all RCPTs, e.g. `NOTIFY=FAILURE`.
    pub recipient_parameters: Vec<String>,
    /// Header and body, each line ended by CRLF.
    pub message: Vec<u8>,
    /// How often the server had to wait for commands from MAIL to DATA: 1 when they came together, 3 one by one.
    pub waits: u32,
    /// The connection it came on, counted from 1.
    pub connection: u64,
}

/// Takes accepted mails.
pub trait Mailbox: Send + Sync + 'static {
    /// Stores the mail. The client is told 250 when this returns `Ok`, so a durable mailbox commits first. Over LMTP it is
    /// asked once for each recipient, with that one alone.
    fn deliver(&self, mail: ReceivedMail) -> Result<(), Refusal>;

    /// Whether there is a mailbox of that address, asked at RCPT. Must not block.
    fn admits(&self, _address: &str) -> Result<(), Refusal> {
        Ok(())
    }

    /// Whether [`deliver`](Self::deliver) may block (disk, database) and must run on a thread of its own.
    fn may_block(&self) -> bool {
        true
    }
}

/// Keeps mails in memory, for tests and benchmarks.
#[derive(Default)]
pub struct MemoryMailbox {
    mails: Mutex<Vec<ReceivedMail>>,
    arrived: Notify,
}

impl MemoryMailbox {
    /// All mails so far, oldest first.
    pub fn mails(&self) -> Vec<ReceivedMail> {
        self.mails.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How many mails there are.
    pub fn count(&self) -> usize {
        self.mails.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Waits until there are at least `count` mails. Bound it with a time-out.
    pub async fn wait_for(&self, count: usize) -> Vec<ReceivedMail> {
        loop {
            let arrival = self.arrived.notified();
            if self.count() >= count {
                return self.mails();
            }
            arrival.await;
        }
    }
}

impl Mailbox for MemoryMailbox {
    fn deliver(&self, mail: ReceivedMail) -> Result<(), Refusal> {
        self.mails.lock().unwrap_or_else(PoisonError::into_inner).push(mail);
        self.arrived.notify_waiters();
        Ok(())
    }

    fn may_block(&self) -> bool {
        false
    }
}
