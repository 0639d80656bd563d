//! What somebody was told (お知らせ): the mails to them within two months, on a page of their own, with what of it they have
//! not read yet. The intents are the mails' own, so the page says nothing that a mail does not, and one that was taken back
//! before it left is not there. What no mail could bring, because the address is left alone or the time was over, is
//! (`who_gets_no_mail_finds_here_what_they_were_told`).
//!
//! Invariants: everybody sees their own and nobody else's, and nothing that carries a secret for one use
//! (`everybody_finds_what_they_were_told_and_nothing_of_others_and_no_secret`); only their own word makes something read, or
//! their having looked at the thing itself (`it_is_read_when_its_reader_says_so_and_what_came_meanwhile_is_not`).

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use chrono::TimeDelta;
use db::{DbError, Tx};
use kernel::{MessageId, PersonId};

pub use lists::{find, list, unread};
pub use model::{Notice, NoticeText, Unread};

/// How long something stands on the page.
const SHOWN: TimeDelta = TimeDelta::days(60);

/// One thing is read. [`DbError::NotFound`] where it is no notice of this person's.
pub fn read(tx: &mut Tx<'_>, reader: PersonId, id: MessageId) -> Result<(), DbError> {
    find(tx, reader, id)?;
    store::read(tx, reader, id)
}

/// Everything up to the notice `newest`, the newest that the page had shown, is read; what came after it is not.
pub fn read_up_to(tx: &mut Tx<'_>, reader: PersonId, newest: MessageId) -> Result<(), DbError> {
    store::forget_before(tx, reader)?;
    store::read_up_to(tx, reader, newest)
}
