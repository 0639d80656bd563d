//! Rows of `mail_suppressions`.

use db::{DbError, Lobby, Tx};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz};
use kernel::{EmailAddress, MessageId, OrganizationId};

use super::model::{Grounds, SuppressionId};
use crate::schema::mail_suppressions;

/// What came back beats what was meant for a while: an entry with an end becomes one without, for the newer reason.
const OUTLASTS: &str = "ON CONFLICT (organization_id, address_key, COALESCE(category, '')) WHERE lifted_at IS NULL \
    DO UPDATE SET message_id = EXCLUDED.message_id, since = EXCLUDED.since, reason = EXCLUDED.reason, \
        expires_at = NULL, note = NULL, added_by = EXCLUDED.added_by \
    WHERE mail_suppressions.expires_at IS NOT NULL AND EXCLUDED.expires_at IS NULL \
        AND EXCLUDED.reason IN ('refused', 'bounced', 'complained')";

/// `None`: the address is there already in this scope. An entry whose time is over makes room, and so does one that has an
/// end where the address has turned out not to work.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    address: &EmailAddress,
    grounds: &Grounds,
) -> Result<Option<SuppressionId>, DbError> {
    #[derive(QueryableByName)]
    struct Added {
        #[diesel(sql_type = BigInt)]
        id: SuppressionId,
    }
    let (now, actor) = (tx.now(), tx.actor().to_string());
    diesel::sql_query(
        "UPDATE mail_suppressions SET lifted_at = $1, lifted_by = 'system', lift_reason = 'its time was over' \
         WHERE address_key = $2 AND category IS NOT DISTINCT FROM $3 AND lifted_at IS NULL AND expires_at <= $1",
    )
    .bind::<Timestamptz, _>(now)
    .bind::<Text, _>(address.key())
    .bind::<Nullable<Text>, _>(grounds.scope.category())
    .execute(tx.conn())?;
    let added: Option<Added> = diesel::sql_query(format!(
        "INSERT INTO mail_suppressions (address_key, message_id, since, reason, category, expires_at, note, added_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) {OUTLASTS} RETURNING id"
    ))
    .bind::<Text, _>(address.key())
    .bind::<Nullable<BigInt>, _>(grounds.message)
    .bind::<Timestamptz, _>(now)
    .bind::<Text, _>(grounds.reason)
    .bind::<Nullable<Text>, _>(grounds.scope.category())
    .bind::<Nullable<Timestamptz>, _>(grounds.expires_at)
    .bind::<Nullable<Text>, _>(grounds.note.as_deref())
    .bind::<Text, _>(actor)
    .get_result(tx.conn())
    .optional()?;
    Ok(added.map(|added| added.id))
}

/// Takes every entry of an address off the list.
pub(super) fn lift_address(tx: &mut Tx<'_>, address: &EmailAddress, reason: &str) -> Result<(), DbError> {
    let (now, actor) = (tx.now(), tx.actor().to_string());
    diesel::update(mail_suppressions::table)
        .filter(mail_suppressions::address_key.eq(address.key()))
        .filter(mail_suppressions::lifted_at.is_null())
        .set((
            mail_suppressions::lifted_at.eq(now),
            mail_suppressions::lifted_by.eq(actor),
            mail_suppressions::lift_reason.eq(reason),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// False: it was lifted already.
pub(super) fn lift(tx: &mut Tx<'_>, id: SuppressionId, reason: &str) -> Result<bool, DbError> {
    let (now, actor) = (tx.now(), tx.actor().to_string());
    let lifted = diesel::update(mail_suppressions::table)
        .filter(mail_suppressions::id.eq(id))
        .filter(mail_suppressions::lifted_at.is_null())
        .set((
            mail_suppressions::lifted_at.eq(now),
            mail_suppressions::lifted_by.eq(actor),
            mail_suppressions::lift_reason.eq(reason),
        ))
        .execute(tx.conn())?;
    Ok(lifted == 1)
}

/// Puts an address on the list that a relay has just called dead, through the queue role's connection.
pub(crate) fn refused(
    lobby: &mut Lobby<'_>,
    town: OrganizationId,
    address: &EmailAddress,
    message: MessageId,
) -> Result<(), DbError> {
    let now = lobby.now();
    diesel::sql_query(format!(
        "INSERT INTO mail_suppressions (organization_id, address_key, message_id, since, reason) \
         VALUES ($1, $2, $3, $4, 'refused') {OUTLASTS}"
    ))
    .bind::<BigInt, _>(town)
    .bind::<Text, _>(address.key())
    .bind::<BigInt, _>(message)
    .bind::<Timestamptz, _>(now)
    .execute(lobby.conn())?;
    Ok(())
}
