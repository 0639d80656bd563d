//! Where messages lie, and who can say whether what they tell still holds.

use std::collections::BTreeMap;
use std::sync::Arc;

use accounts::persons;
use chrono::{DateTime, Utc};
use db::{Db, DbError, Tx};
use kernel::{PersonId, Scope};

use super::store::Claimed;
use crate::bounces::ReturnPath;
use crate::calls;
use crate::messages::{self, Category, MessageError};
use crate::smtp::{AddressError, EnvelopeAddress};

/// A message about to be sent, as its check sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due<'a> {
    /// The thing it is about, such as `job:12`.
    pub concerns: &'a str,
    /// Whom it is for, if it is somebody of the town.
    pub person: Option<PersonId>,
    /// When its words were written: of one that is sent once more, when the first of them was.
    pub written_at: DateTime<Utc>,
}

type StillHolds = Box<dyn Fn(&mut Tx<'_>, Due<'_>) -> Result<bool, DbError> + Send + Sync>;

/// The doors senders work through, and the questions asked before a message leaves.
#[derive(Clone)]
pub struct Depot {
    app: Db,
    pub(super) queue: Db,
    checks: Arc<BTreeMap<&'static str, StillHolds>>,
    return_path: Option<ReturnPath>,
}

impl std::fmt::Debug for Depot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Depot").field("checks", &self.checks.keys()).finish_non_exhaustive()
    }
}

/// The checks of a depot, one per kind of mail.
#[derive(Default)]
pub struct Checks(BTreeMap<&'static str, StillHolds>);

impl std::fmt::Debug for Checks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Checks {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks `still_holds` before a mail of the kind `template` that names what it is about leaves. False: the mail is
    /// cancelled, because the offer is taken, the deadline moved, the work is done. It runs in a transaction of the
    /// mail's town and may queue another mail in place of this one.
    #[must_use]
    pub fn before(
        mut self,
        template: &'static str,
        still_holds: impl Fn(&mut Tx<'_>, Due<'_>) -> Result<bool, DbError> + Send + Sync + 'static,
    ) -> Self {
        self.0.insert(template, Box::new(still_holds));
        self
    }
}

impl Depot {
    /// `app` is the role that works inside a town, `queue` the one that sees the messages of all.
    pub fn new(app: Db, queue: Db, checks: Checks) -> Self {
        Self { app, queue, checks: Arc::new(checks.0), return_path: None }
    }

    /// The same, with mails whose notices of non-delivery come to addresses of their own.
    #[must_use]
    pub fn with_return_path(self, return_path: ReturnPath) -> Self {
        Self { return_path: Some(return_path), ..self }
    }

    /// Where notices about a message go: to a return path of its own, or to the address it comes from.
    pub(super) fn sender_of(&self, message: &Claimed) -> Result<EnvelopeAddress, AddressError> {
        let own = self.return_path.as_ref().and_then(|path| path.of(message.organization_id, message.id));
        own.map_or_else(|| EnvelopeAddress::parse(&message.from_address), Ok)
    }

    /// Whether what a message tells still holds and its reader is still there; without a check it holds, and about a
    /// thing that is gone it does not.
    pub(super) fn still_holds(&self, message: &Claimed) -> Result<bool, DbError> {
        let check = self.checks.get(message.template.as_str()).zip(message.concerns.as_deref());
        if check.is_none() && message.person_id.is_none() {
            return Ok(true);
        }
        let answer = self.app.run_blocking(Scope::system(message.organization_id), |tx| {
            if let Some((check, concerns)) = check {
                let written_at = match message.resend_of {
                    Some(before) => messages::first_written(tx, before)?,
                    None => message.created_at,
                };
                let due = Due { concerns, person: message.person_id, written_at };
                if !check(tx, due)? {
                    return Ok(false);
                }
            }
            message.person_id.map_or(Ok(true), |person| reaches(tx, message, person))
        });
        match answer {
            Err(DbError::NotFound) => Ok(false),
            answer => answer,
        }
    }

    /// Puts everybody on their town's call list whom a legal notice did not reach. Returns how many messages there were.
    pub(super) fn call_the_unreached(&self) -> Result<usize, DbError> {
        let overdue = self.queue.lobby_blocking(calls::overdue)?;
        for one in &overdue {
            self.app
                .run_blocking(Scope::system(one.organization_id), |tx| calls::open(tx, one.id, one.reason))?;
        }
        Ok(overdue.len())
    }
}

/// Whether a message goes to where its reader gets mail. Somebody who has left gets only what the law owes them; a mail
/// to an address that they have changed meanwhile follows them, but for those with a secret: it was made for the old
/// address, and whoever reads that one must not have it.
fn reaches(tx: &mut Tx<'_>, message: &Claimed, person: PersonId) -> Result<bool, DbError> {
    let reader = persons::find(tx, person)?;
    let is_owed = message.category == Category::Legal;
    let Some(address) = reader.email.as_ref().filter(|_| reader.is_active()) else { return Ok(is_owed) };
    if *address == message.to_address {
        return Ok(true);
    }
    if message.category != Category::Account {
        let followed = messages::follow(tx, message.id, address);
        followed.map_err(|error| match error {
            MessageError::Db(error) => error,
            other => DbError::Unavailable(other.to_string()),
        })?;
    }
    Ok(false)
}
