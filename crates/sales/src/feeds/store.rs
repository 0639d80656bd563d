//! Rows and writes of `calendar_feeds`.

use accounts::secrets::OrgSecret;
use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use kernel::PersonId;

use super::model::{Feed, FeedId, Reads};
use crate::schema::calendar_feeds;

#[derive(Queryable, Selectable)]
#[diesel(table_name = calendar_feeds)]
pub(super) struct FeedRow {
    id: FeedId,
    created_at: DateTime<Utc>,
    read_at: Option<DateTime<Utc>>,
}

impl From<FeedRow> for Feed {
    fn from(row: FeedRow) -> Self {
        Self { id: row.id, created_at: row.created_at, read_at: row.read_at }
    }
}

pub(super) fn insert(tx: &mut Tx<'_>, person: PersonId, secret: &OrgSecret) -> Result<Feed, DbError> {
    let now = tx.now();
    let row: FeedRow = diesel::insert_into(calendar_feeds::table)
        .values((
            calendar_feeds::person_id.eq(person),
            calendar_feeds::secret_hash.eq(secret.hash().as_slice()),
            calendar_feeds::created_at.eq(now),
        ))
        .returning(FeedRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// Keeps another transaction from giving the person an address until this one ends. There may be no row of theirs to lock.
pub(super) fn hold(tx: &mut Tx<'_>, person: PersonId) -> Result<(), DbError> {
    diesel::sql_query("SELECT pg_advisory_xact_lock(hashtextextended('calendar feed of a person', $1))")
        .bind::<BigInt, _>(person.0)
        .execute(tx.conn())?;
    Ok(())
}

pub(super) fn end(tx: &mut Tx<'_>, person: PersonId) -> Result<(), DbError> {
    let now = tx.now();
    let standing = calendar_feeds::table
        .filter(calendar_feeds::person_id.eq(person))
        .filter(calendar_feeds::ended_at.is_null());
    diesel::update(standing).set(calendar_feeds::ended_at.eq(now)).execute(tx.conn())?;
    Ok(())
}

/// A feed that an address opens, its row locked until the end of the transaction.
pub(super) struct Found {
    pub(super) id: FeedId,
    pub(super) person: PersonId,
    pub(super) reads: Reads,
}

pub(super) fn lock(tx: &mut Tx<'_>, secret: &OrgSecret) -> Result<Option<Found>, DbError> {
    let found: Option<(FeedId, PersonId, i32, Option<DateTime<Utc>>)> = calendar_feeds::table
        .filter(calendar_feeds::secret_hash.eq(secret.hash().as_slice()))
        .filter(calendar_feeds::ended_at.is_null())
        .select((
            calendar_feeds::id,
            calendar_feeds::person_id,
            calendar_feeds::reads,
            calendar_feeds::reads_since,
        ))
        .for_no_key_update()
        .first(tx.conn())
        .optional()?;
    Ok(found.map(|(id, person, count, since)| Found { id, person, reads: Reads { count, since } }))
}

pub(super) fn note_read(tx: &mut Tx<'_>, id: FeedId, reads: Reads) -> Result<(), DbError> {
    let now = tx.now();
    diesel::update(calendar_feeds::table.filter(calendar_feeds::id.eq(id)))
        .set((
            calendar_feeds::read_at.eq(now),
            calendar_feeds::reads.eq(reads.count),
            calendar_feeds::reads_since.eq(reads.since),
        ))
        .execute(tx.conn())?;
    Ok(())
}
