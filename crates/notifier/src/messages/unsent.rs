//! What is told to somebody of the town though no mail of it will leave: their address is left alone, or it would have come
//! too late. They find it among what they were told ([`crate::feed`]).

use db::Tx;

use super::events::Happening;
use super::model::NewMessage;
use super::{MessageError, store, withdraw, write};
use crate::mails::{Mail, Sheet};
use crate::settings::Outbox;

/// Writes a mail that is not sent, and why. Others than people of the town have no page to find it on: of them nothing is
/// kept.
pub(super) fn keep<M: Mail>(
    tx: &mut Tx<'_>,
    outbox: &Outbox,
    message: &NewMessage<M>,
    why: Happening,
) -> Result<(), MessageError> {
    let recipient = &message.recipient;
    if recipient.party.person().is_none() {
        return Ok(());
    }
    let written = write(tx, outbox, &Sheet::of(&message.mail), (M::CATEGORY, None), recipient)?;
    let from = outbox.settings().from().to_string();
    let (subject, message_id) = (&written.rendered.subject, written.frozen.message_id);
    let row = store::NewRow {
        event_id: message.event,
        concerns: message.concerns.as_deref(),
        text_version: written.text_version,
        ..store::NewRow::at_once(tx, M::CATEGORY, M::NAME, recipient, from, subject, message_id)
    };
    let Some(id) = store::insert(tx, &row)? else { return Ok(()) };
    store::insert_bytes(tx, id, &row.searched(), &written.frozen.bytes)?;
    withdraw(tx, id, why, "")
}
