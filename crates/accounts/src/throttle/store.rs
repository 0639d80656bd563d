//! Rows of `rate_buckets`.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::upsert::excluded;

use super::model::{Bucket, Key, MEMORY};
use crate::schema::rate_buckets;

/// The failures under `key`, locked until the transaction ends. A key that has none gets a row that was forgotten
/// long ago, because only a row can be locked.
pub(super) fn lock(tx: &mut Tx<'_>, key: &Key, now: DateTime<Utc>) -> Result<Bucket, DbError> {
    let forgotten = now - MEMORY;
    let (failures, blocked_until, updated_at) = diesel::insert_into(rate_buckets::table)
        .values((
            rate_buckets::key.eq(key.0.as_slice()),
            rate_buckets::failures.eq(1),
            rate_buckets::blocked_until.eq(forgotten),
            rate_buckets::updated_at.eq(forgotten),
        ))
        .on_conflict((rate_buckets::organization_id, rate_buckets::key))
        .do_update()
        .set(rate_buckets::key.eq(excluded(rate_buckets::key)))
        .returning((rate_buckets::failures, rate_buckets::blocked_until, rate_buckets::updated_at))
        .get_result(tx.conn())?;
    Ok(Bucket { failures, blocked_until, updated_at })
}

pub(super) fn write(tx: &mut Tx<'_>, key: &Key, bucket: &Bucket) -> Result<(), DbError> {
    let changed = diesel::update(rate_buckets::table.filter(rate_buckets::key.eq(key.0.as_slice())))
        .set((
            rate_buckets::failures.eq(bucket.failures),
            rate_buckets::blocked_until.eq(bucket.blocked_until),
            rate_buckets::updated_at.eq(bucket.updated_at),
        ))
        .execute(tx.conn())?;
    if changed == 1 { Ok(()) } else { Err(DbError::NotFound) }
}

pub(super) fn delete(tx: &mut Tx<'_>, key: &Key) -> Result<(), DbError> {
    diesel::delete(rate_buckets::table.filter(rate_buckets::key.eq(key.0.as_slice()))).execute(tx.conn())?;
    Ok(())
}

pub(super) fn delete_older(tx: &mut Tx<'_>, than: DateTime<Utc>) -> Result<usize, DbError> {
    Ok(diesel::delete(rate_buckets::table.filter(rate_buckets::updated_at.le(than))).execute(tx.conn())?)
}
