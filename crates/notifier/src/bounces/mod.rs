//! What comes back: notices of non-delivery and reports of spam, read from a mailbox or handed in over LMTP, and joined with
//! the mail they are about. The mail's timeline says it, an address that does not work is left alone, a legal notice becomes a call.
//!
//! Invariants: a notice counts only with the return path that its mail was sent with
//! (`a_forged_notice_changes_nothing`); the same notice twice changes nothing twice
//! (`the_same_notice_once_more_changes_nothing`); nothing that is read here is ever answered, so there is no loop.

mod bounds;
mod desk;
mod intake;
mod notice;
mod return_path;
#[cfg(test)]
mod tests;

use chrono::TimeDelta;
use db::{Db, DbError, Tx};
use kernel::MessageId;

pub use desk::{Counter, Desk};
pub use intake::{Intake, Mailbox, Read};
pub use notice::Ignored;
pub use return_path::{ReturnPath, ReturnPathError};

use crate::mails;
use crate::messages::{self, Message, MessageError, MessageState, NotPossible};
use crate::suppressions::{self, Scope, SuppressionReason};
use crate::unsubscribe::{self, Unsubscribe};
use notice::{Kind, Notice, Why};

/// What became of a mail that came to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// A notice that changed something.
    Taken,
    /// A notice that changed nothing.
    Ignored,
    /// A notice about a mail that is still being sent, as far as is known: to be read again once its sending has ended.
    TooEarly,
    /// A program's answer.
    Automatic,
    /// Perhaps a person's words.
    ForPeople,
}

/// Reads a mail that came to us and takes what it says. An error of the database: nothing was decided, ask again.
fn receive(db: &Db, bytes: &[u8], return_path: &ReturnPath) -> Result<Fate, DbError> {
    let read = bounds::read_apart(bytes, Err(Ignored::Unreadable), |bytes| notice::read(bytes, return_path));
    let found = match read.map_err(|error| DbError::Unavailable(error.to_string()))? {
        Ok(found) => found,
        Err(Ignored::NotOurs | Ignored::GoodNews) => return Ok(Fate::Ignored),
        Err(Ignored::Automatic) => return Ok(Fate::Automatic),
        Err(Ignored::Answer | Ignored::Unreadable) => return Ok(Fate::ForPeople),
    };
    match db.run_blocking(kernel::Scope::system(found.town), |tx| take(tx, &found)) {
        Ok(fate) => Ok(fate),
        Err(MessageError::Db(error)) => Err(error),
        Err(other) => {
            log::error!("a notice about message {} was not taken: {other}", found.message);
            Ok(Fate::Ignored)
        }
    }
}

/// Takes what a notice says into the scope of its town. Nothing changes where the mail is unknown there or has come back
/// before.
fn take(tx: &mut Tx<'_>, notice: &Notice) -> Result<Fate, MessageError> {
    let message = match messages::find(tx, notice.message) {
        Ok(message) => message,
        Err(DbError::NotFound) => return Ok(Fate::Ignored),
        Err(error) => return Err(error.into()),
    };
    let taken = match notice.kind {
        Kind::Failed(why) => returned(tx, &message, why, &notice.words),
        Kind::Complaint => complained(tx, &message, &notice.words),
        Kind::Delayed => Ok(messages::delayed(tx, message.summary.id)?),
    };
    match taken {
        Ok(()) => Ok(Fate::Taken),
        // Its sender has not said yet how it went, or was killed before it could.
        Err(MessageError::NotPossible(NotPossible {
            state: MessageState::Claimed | MessageState::Sending,
            ..
        })) => Ok(Fate::TooEarly),
        // It came back before, or a person ended it meanwhile.
        Err(MessageError::NotPossible(_)) => Ok(Fate::Ignored),
        Err(other) => Err(other),
    }
}

/// It was not delivered. Of a full mailbox and of everything that is not about the address, only this mail is lost.
fn returned(tx: &mut Tx<'_>, message: &Message, why: Why, words: &str) -> Result<(), MessageError> {
    let id: MessageId = message.summary.id;
    messages::bounce(tx, id, words)?;
    if is_confidential(message) {
        return Ok(());
    }
    let grounds = match why {
        Why::NoSuchAddress => suppressions::grounds(SuppressionReason::Bounced, Scope::Everything, id),
        Why::Full => suppressions::Grounds {
            expires_at: Some(tx.now() + TimeDelta::days(suppressions::FULL_DAYS)),
            ..suppressions::grounds(SuppressionReason::Full, Scope::Everything, id)
        },
        Why::Other => return Ok(()),
    };
    Ok(suppressions::learned(tx, &message.summary.to_address, &grounds)?)
}

/// Whether nobody may know of a mail: an address left alone for it would tell. What the address does is found out by the next
/// other mail.
fn is_confidential(message: &Message) -> bool {
    mails::confidential().contains(&message.summary.template.as_str())
}

/// Its reader wants no such mails: the same as if they had used the link in it, and of every other mail of that sort that
/// is not owed.
fn complained(tx: &mut Tx<'_>, message: &Message, words: &str) -> Result<(), MessageError> {
    let (id, category) = (message.summary.id, message.summary.category);
    messages::complain(tx, id, words)?;
    if is_confidential(message) {
        return Ok(());
    }
    if let Some(wish) = Unsubscribe::new(tx.organization(), message.summary.party, category) {
        unsubscribe::apply(tx, &wish)?;
    }
    let grounds = suppressions::grounds(SuppressionReason::Complained, Scope::Only(category), id);
    Ok(suppressions::learned(tx, &message.summary.to_address, &grounds)?)
}
