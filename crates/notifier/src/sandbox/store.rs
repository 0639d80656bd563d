//! Writes of `sandbox_mails`: mails come in through the queue role's connection, old ones leave in their own town.

use chrono::{DateTime, Utc};
use db::{DbError, Lobby, Tx};
use diesel::prelude::*;
use kernel::OrganizationId;

use crate::schema::sandbox_mails;
use crate::sink::ReceivedMail;

/// One row for each recipient.
pub(super) fn insert(
    lobby: &mut Lobby<'_>,
    town: OrganizationId,
    mail: &ReceivedMail,
) -> Result<(), DbError> {
    let now = lobby.now();
    let rows: Vec<_> = mail
        .recipients
        .iter()
        .map(|recipient| {
            (
                sandbox_mails::organization_id.eq(town),
                sandbox_mails::received_at.eq(now),
                sandbox_mails::sender.eq(mail.from.as_deref().unwrap_or_default()),
                sandbox_mails::recipient.eq(recipient),
                sandbox_mails::raw.eq(&mail.message),
            )
        })
        .collect();
    diesel::insert_into(sandbox_mails::table).values(rows).execute(lobby.conn())?;
    Ok(())
}

pub(super) fn delete_older(tx: &mut Tx<'_>, than: DateTime<Utc>) -> Result<usize, DbError> {
    Ok(diesel::delete(sandbox_mails::table.filter(sandbox_mails::received_at.lt(than))).execute(tx.conn())?)
}
