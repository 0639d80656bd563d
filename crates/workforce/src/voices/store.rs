//! Rows and writes of `voices`.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{PersonId, WorkerId};

use super::model::{Voice, VoiceFields, VoiceId};
use crate::schema::voices;

#[derive(Queryable, Selectable)]
#[diesel(table_name = voices)]
pub(super) struct VoiceRow {
    id: VoiceId,
    worker_id: WorkerId,
    body: String,
    shown_as: String,
    consented_at: DateTime<Utc>,
    withdrawn_at: Option<DateTime<Utc>>,
    shown_at: Option<DateTime<Utc>>,
    shown_by: Option<PersonId>,
    version: i32,
}

impl From<VoiceRow> for Voice {
    fn from(row: VoiceRow) -> Self {
        Self {
            id: row.id,
            worker_id: row.worker_id,
            body: row.body,
            shown_as: row.shown_as,
            consented_at: row.consented_at,
            withdrawn_at: row.withdrawn_at,
            shown_at: row.shown_at,
            shown_by: row.shown_by,
            version: row.version,
        }
    }
}

pub(super) fn insert(tx: &mut Tx<'_>, worker: WorkerId, fields: &VoiceFields) -> Result<Voice, DbError> {
    let now = tx.now();
    let row: VoiceRow = diesel::insert_into(voices::table)
        .values((
            voices::worker_id.eq(worker),
            voices::body.eq(&fields.body),
            voices::shown_as.eq(&fields.shown_as),
            voices::consented_at.eq(now),
        ))
        .returning(VoiceRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// Shows a voice from now on, or no longer where nobody is named; `None` when the row is no longer at `version` or was
/// withdrawn.
pub(super) fn set_shown(
    tx: &mut Tx<'_>,
    id: VoiceId,
    version: i32,
    by: Option<PersonId>,
) -> Result<Option<Voice>, DbError> {
    let now = tx.now();
    let guarded = voices::table
        .filter(voices::id.eq(id))
        .filter(voices::version.eq(version))
        .filter(voices::withdrawn_at.is_null());
    let row: Option<VoiceRow> = diesel::update(guarded)
        .set((voices::shown_at.eq(by.map(|_| now)), voices::shown_by.eq(by), voices::version.eq(version + 1)))
        .returning(VoiceRow::as_returning())
        .get_result(tx.conn())
        .optional()?;
    Ok(row.map(Voice::from))
}

/// Takes consent back whatever somebody else does to the voice meanwhile; `None` when it was before.
pub(super) fn withdraw(tx: &mut Tx<'_>, id: VoiceId) -> Result<Option<Voice>, DbError> {
    let now = tx.now();
    let guarded = voices::table.filter(voices::id.eq(id)).filter(voices::withdrawn_at.is_null());
    let row: Option<VoiceRow> = diesel::update(guarded)
        .set((
            voices::withdrawn_at.eq(now),
            voices::shown_at.eq(None::<DateTime<Utc>>),
            voices::shown_by.eq(None::<PersonId>),
            voices::version.eq(voices::version + 1),
        ))
        .returning(VoiceRow::as_returning())
        .get_result(tx.conn())
        .optional()?;
    Ok(row.map(Voice::from))
}
