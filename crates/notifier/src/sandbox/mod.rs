//! The sandbox mailbox: what a town without a relay of its own would have sent, for a person to read.
//!
//! The mails come over real SMTP from the same driver that speaks to relays; a header of ours says whose they are.
//! Invariant: a mail is stored before the driver hears 250 (`a_queued_mail_reaches_the_sandbox_mailbox`).

mod lists;
mod store;

use chrono::TimeDelta;
use db::{Db, DbError, Tx};
use diesel::result::{DatabaseErrorKind, Error as QueryError};
use kernel::OrganizationId;

pub use lists::{SandboxId, SandboxMail, SandboxSummary, file, find, recent};

use crate::compose::ORGANIZATION_HEADER;
use crate::reading;
use crate::sink::{Mailbox, ReceivedMail, Refusal};

/// How long a mail lies in the mailbox.
const KEPT: TimeDelta = TimeDelta::days(90);

/// Empties the mailbox of mails older than 90 days; says how many. For a task of each town.
pub fn sweep(tx: &mut Tx<'_>) -> Result<usize, DbError> {
    let long_ago = tx.now() - KEPT;
    store::delete_older(tx, long_ago)
}

/// Stores each mail for the town it names. Give it to a [`Sink`](crate::sink::Sink).
#[derive(Debug, Clone)]
pub struct SandboxMailbox {
    queue: Db,
}

impl SandboxMailbox {
    /// Stores through `queue`, the role that may write for all towns.
    pub fn new(queue: Db) -> Self {
        Self { queue }
    }
}

impl Mailbox for SandboxMailbox {
    fn deliver(&self, mail: ReceivedMail) -> Result<(), Refusal> {
        let Some(town) = town_of(&mail.message) else {
            return Err(Refusal::never("this mailbox takes mails of Yui only"));
        };
        let stored = self.queue.lobby_blocking(|lobby| store::insert(lobby, town, &mail));
        stored.map_err(|error| match error {
            DbError::Query(QueryError::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _)) => {
                Refusal::never("there is no such town")
            }
            error => {
                log::warn!("the sandbox mailbox cannot store a mail: {error}");
                Refusal::try_later("the mailbox is not at home")
            }
        })
    }
}

fn town_of(message: &[u8]) -> Option<OrganizationId> {
    let headers = reading::read(message).headers;
    let (_, value) = headers.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(ORGANIZATION_HEADER))?;
    value.parse().ok()
}
