//! Rows and writes of `sessions`.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{PersonId, SessionId};

use crate::OrgSecret;
use crate::persons::store::PersonRow;
use crate::schema::{persons, sessions};

pub(super) fn insert(
    tx: &mut Tx<'_>,
    person: PersonId,
    secret: &OrgSecret,
    user_agent: &str,
    expires_at: DateTime<Utc>,
) -> Result<SessionId, DbError> {
    let now = tx.now();
    Ok(diesel::insert_into(sessions::table)
        .values((
            sessions::person_id.eq(person),
            sessions::secret_hash.eq(secret.hash().as_slice()),
            sessions::user_agent.eq(user_agent),
            sessions::created_at.eq(now),
            sessions::seen_at.eq(now),
            sessions::expires_at.eq(expires_at),
        ))
        .returning(sessions::id)
        .get_result(tx.conn())?)
}

pub(super) struct Found {
    pub(super) id: SessionId,
    pub(super) created_at: DateTime<Utc>,
    pub(super) seen_at: DateTime<Utc>,
    pub(super) person: PersonRow,
}

/// The session of this secret, unless it has ended or was last seen before `idle_since`.
pub(super) fn find_alive(
    tx: &mut Tx<'_>,
    secret: &OrgSecret,
    idle_since: DateTime<Utc>,
) -> Result<Option<Found>, DbError> {
    let now = tx.now();
    let owner =
        persons::organization_id.eq(sessions::organization_id).and(persons::id.eq(sessions::person_id));
    let found = sessions::table
        .inner_join(persons::table.on(owner))
        .filter(sessions::secret_hash.eq(secret.hash().as_slice()))
        .filter(sessions::expires_at.gt(now))
        .filter(sessions::seen_at.gt(idle_since))
        .select((sessions::id, sessions::created_at, sessions::seen_at, PersonRow::as_select()))
        .first(tx.conn())
        .optional()?;
    Ok(found.map(|(id, created_at, seen_at, person)| Found { id, created_at, seen_at, person }))
}

pub(super) fn touch(tx: &mut Tx<'_>, id: SessionId) -> Result<(), DbError> {
    let now = tx.now();
    diesel::update(sessions::table.filter(sessions::id.eq(id)))
        .set(sessions::seen_at.eq(now))
        .execute(tx.conn())?;
    Ok(())
}

/// Says whether there was an open one.
pub(super) fn end_one(tx: &mut Tx<'_>, person: PersonId, id: SessionId) -> Result<bool, DbError> {
    let now = tx.now();
    let open = sessions::table
        .filter(sessions::person_id.eq(person))
        .filter(sessions::id.eq(id))
        .filter(sessions::expires_at.gt(now));
    Ok(diesel::update(open).set(sessions::expires_at.eq(now)).execute(tx.conn())? == 1)
}

pub(super) fn end_by_secret(tx: &mut Tx<'_>, secret: &OrgSecret) -> Result<(), DbError> {
    let (now, hash) = (tx.now(), secret.hash());
    let open = sessions::table
        .filter(sessions::secret_hash.eq(hash.as_slice()))
        .filter(sessions::expires_at.gt(now));
    diesel::update(open).set(sessions::expires_at.eq(now)).execute(tx.conn())?;
    Ok(())
}

pub(super) fn end_all(tx: &mut Tx<'_>, person: PersonId, keep: Option<SessionId>) -> Result<usize, DbError> {
    let now = tx.now();
    let open = sessions::table
        .filter(sessions::person_id.eq(person))
        .filter(sessions::expires_at.gt(now))
        .filter(sessions::id.ne(keep.unwrap_or(SessionId(0))));
    Ok(diesel::update(open).set(sessions::expires_at.eq(now)).execute(tx.conn())?)
}

/// What this person's browsers of the last three months called themselves.
pub(super) fn user_agents(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<String>, DbError> {
    Ok(sessions::table
        .filter(sessions::person_id.eq(person))
        .select(sessions::user_agent)
        .distinct()
        .limit(100)
        .load(tx.conn())?)
}

pub(super) fn delete_ended(tx: &mut Tx<'_>, before: DateTime<Utc>) -> Result<usize, DbError> {
    Ok(diesel::delete(sessions::table.filter(sessions::expires_at.lt(before))).execute(tx.conn())?)
}
