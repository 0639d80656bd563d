//! Rows and writes of `one_time_tokens`.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::PersonId;

use super::model::{OneTimeTokenId, Purpose};
use crate::OrgSecret;
use crate::schema::one_time_tokens;

#[derive(Queryable, Selectable)]
#[diesel(table_name = one_time_tokens)]
pub(super) struct Token {
    pub(super) id: OneTimeTokenId,
    pub(super) created_at: DateTime<Utc>,
    pub(super) expires_at: DateTime<Utc>,
}

/// Adds a token that no link opens until [`set_secret`]: the secret is derived from the id.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    person: PersonId,
    purpose: Purpose,
    expires_at: DateTime<Utc>,
) -> Result<Token, DbError> {
    let (now, nobodys) = (tx.now(), OrgSecret::generate(tx.organization()));
    Ok(diesel::insert_into(one_time_tokens::table)
        .values((
            one_time_tokens::person_id.eq(person),
            one_time_tokens::purpose.eq(purpose),
            one_time_tokens::secret_hash.eq(nobodys.hash().as_slice()),
            one_time_tokens::created_at.eq(now),
            one_time_tokens::expires_at.eq(expires_at),
        ))
        .returning(Token::as_returning())
        .get_result(tx.conn())?)
}

pub(super) fn set_secret(tx: &mut Tx<'_>, id: OneTimeTokenId, secret: &OrgSecret) -> Result<(), DbError> {
    diesel::update(one_time_tokens::table.filter(one_time_tokens::id.eq(id)))
        .set(one_time_tokens::secret_hash.eq(secret.hash().as_slice()))
        .execute(tx.conn())?;
    Ok(())
}

pub(super) fn find_live(
    tx: &mut Tx<'_>,
    secret: &OrgSecret,
    purpose: Purpose,
) -> Result<Option<(PersonId, DateTime<Utc>)>, DbError> {
    let now = tx.now();
    Ok(one_time_tokens::table
        .filter(one_time_tokens::secret_hash.eq(secret.hash().as_slice()))
        .filter(one_time_tokens::purpose.eq(purpose))
        .filter(one_time_tokens::used_at.is_null())
        .filter(one_time_tokens::expires_at.gt(now))
        .select((one_time_tokens::person_id, one_time_tokens::expires_at))
        .first(tx.conn())
        .optional()?)
}

/// Says whether it was this call that used it.
pub(super) fn use_once(tx: &mut Tx<'_>, secret: &OrgSecret, purpose: Purpose) -> Result<bool, DbError> {
    let (now, hash) = (tx.now(), secret.hash());
    let live = one_time_tokens::table
        .filter(one_time_tokens::secret_hash.eq(hash.as_slice()))
        .filter(one_time_tokens::purpose.eq(purpose))
        .filter(one_time_tokens::used_at.is_null())
        .filter(one_time_tokens::expires_at.gt(now));
    Ok(diesel::update(live).set(one_time_tokens::used_at.eq(now)).execute(tx.conn())? == 1)
}

/// Uses up the person's live tokens, of one purpose or of all.
pub(super) fn use_up(tx: &mut Tx<'_>, person: PersonId, purpose: Option<Purpose>) -> Result<(), DbError> {
    let now = tx.now();
    let purposes = purpose.map_or_else(|| Purpose::ALL.to_vec(), |purpose| vec![purpose]);
    let live = one_time_tokens::table
        .filter(one_time_tokens::person_id.eq(person))
        .filter(one_time_tokens::purpose.eq_any(purposes))
        .filter(one_time_tokens::used_at.is_null());
    diesel::update(live).set(one_time_tokens::used_at.eq(now)).execute(tx.conn())?;
    Ok(())
}

pub(super) fn issued_since(
    tx: &mut Tx<'_>,
    person: PersonId,
    purpose: Purpose,
    since: DateTime<Utc>,
) -> Result<bool, DbError> {
    let recent = one_time_tokens::table
        .filter(one_time_tokens::person_id.eq(person))
        .filter(one_time_tokens::purpose.eq(purpose))
        .filter(one_time_tokens::created_at.gt(since));
    Ok(diesel::select(diesel::dsl::exists(recent)).get_result(tx.conn())?)
}

pub(super) fn delete_expired(tx: &mut Tx<'_>, before: DateTime<Utc>) -> Result<usize, DbError> {
    let expired = one_time_tokens::table.filter(one_time_tokens::expires_at.lt(before));
    Ok(diesel::delete(expired).execute(tx.conn())?)
}
