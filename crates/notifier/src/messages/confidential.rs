//! Mails whose being there is a secret ([`Mail::IS_CONFIDENTIAL`](crate::mails::Mail::IS_CONFIDENTIAL)): something waits at the
//! desk for harassment, and who is not named there must not know that it does, whatever roles they hold. Its reader finds it
//! among what they were told ([`crate::feed`]); for every other person it is in no list, on no page, in no search, and nothing can
//! be done with it. It is counted all the same: whoever looks after the mails has to see that something is stuck, and sends it
//! off again with all others of its cause, without hearing of whom.
//!
//! Invariant: no verb by which a person reads or moves one mail finds such a one
//! (`what_waits_at_the_desk_is_in_no_log_and_only_counted`). What the system does is not held up by it.

use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::MessageId;

use crate::mails;
use crate::schema::messages;

/// The kinds that are left out of what the acting one reads; none where no person asks.
pub(super) fn hidden(tx: &Tx<'_>) -> Vec<&'static str> {
    if tx.actor().person().is_some() { mails::confidential() } else { Vec::new() }
}

/// [`DbError::NotFound`] for a mail that the acting person must not know of, as if it were not there.
pub(super) fn must_be_shown(tx: &mut Tx<'_>, id: MessageId) -> Result<(), DbError> {
    let hidden = hidden(tx);
    if hidden.is_empty() {
        return Ok(());
    }
    let template: String =
        messages::table.filter(messages::id.eq(id)).select(messages::template).first(tx.conn())?;
    if hidden.contains(&template.as_str()) { Err(DbError::NotFound) } else { Ok(()) }
}
