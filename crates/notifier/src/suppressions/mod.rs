//! Addresses that relays have called dead. Nothing but what is owed goes there until a person lifts it with a reason.
//!
//! Invariant: only a relay's word that the address does not exist puts one on the list
//! (`names_a_dead_address` in `smtp/classify.rs`); mails about accounts and legal notices are tried all the same.

use db::{DbError, Lobby, Tx};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Timestamptz};
use kernel::{Checks, EmailAddress, Invalid, MessageId, OrganizationId, Typed};

use crate::messages::MessageError;
use crate::schema::mail_suppressions;

/// Whether the address is on the list.
pub fn is_dead(tx: &mut Tx<'_>, address: &EmailAddress) -> Result<bool, DbError> {
    let live = mail_suppressions::table
        .filter(mail_suppressions::address_key.eq(address.key()))
        .filter(mail_suppressions::lifted_at.is_null());
    Ok(diesel::select(diesel::dsl::exists(live)).get_result(tx.conn())?)
}

/// Takes an address off the list, because somebody knows better now.
pub fn lift(tx: &mut Tx<'_>, address: &EmailAddress, note: &Typed) -> Result<(), MessageError> {
    let mut checks = Checks::new();
    let reason = checks.required_line("note", note, 400);
    let reason: String = checks.done(reason).map_err(|invalid: Invalid| MessageError::Invalid(invalid))?;
    let (now, actor) = (tx.now(), tx.actor().to_string());
    diesel::update(mail_suppressions::table)
        .filter(mail_suppressions::address_key.eq(address.key()))
        .filter(mail_suppressions::lifted_at.is_null())
        .set((
            mail_suppressions::lifted_at.eq(now),
            mail_suppressions::lifted_by.eq(actor),
            mail_suppressions::lift_reason.eq(reason),
        ))
        .execute(tx.conn())
        .map_err(DbError::from)?;
    Ok(())
}

/// Puts an address on the list, through the queue role's connection.
pub(crate) fn add(
    lobby: &mut Lobby<'_>,
    town: OrganizationId,
    address: &EmailAddress,
    message: MessageId,
) -> Result<(), DbError> {
    let now = lobby.now();
    diesel::sql_query(
        "INSERT INTO mail_suppressions (organization_id, address_key, message_id, since) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (organization_id, address_key) WHERE lifted_at IS NULL DO NOTHING",
    )
    .bind::<BigInt, _>(town)
    .bind::<Text, _>(address.key())
    .bind::<BigInt, _>(message)
    .bind::<Timestamptz, _>(now)
    .execute(lobby.conn())?;
    Ok(())
}
