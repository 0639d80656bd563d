//! Rows and writes of `places`.

use chrono::{DateTime, NaiveTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;

use super::model::{OpenDay, Place, PlaceFields, PlaceId, PlaceKind};
use crate::schema::places;

#[derive(Queryable, Selectable)]
#[diesel(table_name = places)]
pub(super) struct PlaceRow {
    id: PlaceId,
    name: String,
    kind: PlaceKind,
    opens_at: NaiveTime,
    closes_at: NaiveTime,
    weekdays: i16,
    access_note: String,
    retired_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    version: i32,
}

impl From<PlaceRow> for Place {
    fn from(row: PlaceRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            kind: row.kind,
            opens_at: row.opens_at,
            closes_at: row.closes_at,
            weekdays: OpenDay::of_mask(row.weekdays),
            access_note: row.access_note,
            retired_at: row.retired_at,
            created_at: row.created_at,
            version: row.version,
        }
    }
}

/// Reads one place and lets nobody else book it until this transaction ends: whoever came second sees what the first one
/// took, and two that would wait for each other never meet.
pub(crate) fn hold(tx: &mut Tx<'_>, id: PlaceId) -> Result<Place, DbError> {
    let row: PlaceRow = places::table
        .filter(places::id.eq(id))
        .select(PlaceRow::as_select())
        .for_no_key_update()
        .first(tx.conn())?;
    Ok(row.into())
}

/// [`hold`] of every place that can be booked, in the order of their ids.
pub(crate) fn hold_all(tx: &mut Tx<'_>) -> Result<Vec<Place>, DbError> {
    let rows: Vec<PlaceRow> = places::table
        .filter(places::retired_at.is_null())
        .order(places::id)
        .select(PlaceRow::as_select())
        .for_no_key_update()
        .load(tx.conn())?;
    Ok(rows.into_iter().map(Place::from).collect())
}

pub(super) fn insert(tx: &mut Tx<'_>, fields: &PlaceFields) -> Result<Place, DbError> {
    let now = tx.now();
    let row: PlaceRow = diesel::insert_into(places::table)
        .values((
            places::name.eq(&fields.name),
            places::kind.eq(fields.kind),
            places::opens_at.eq(fields.opens_at),
            places::closes_at.eq(fields.closes_at),
            places::weekdays.eq(OpenDay::mask(&fields.weekdays)),
            places::access_note.eq(&fields.access_note),
            places::created_at.eq(now),
        ))
        .returning(PlaceRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// `None` when the row is no longer at `version`.
pub(super) fn update(
    tx: &mut Tx<'_>,
    id: PlaceId,
    version: i32,
    fields: &PlaceFields,
) -> Result<Option<Place>, DbError> {
    let guarded = places::table.filter(places::id.eq(id)).filter(places::version.eq(version));
    let row: Option<PlaceRow> = diesel::update(guarded)
        .set((
            places::name.eq(&fields.name),
            places::kind.eq(fields.kind),
            places::opens_at.eq(fields.opens_at),
            places::closes_at.eq(fields.closes_at),
            places::weekdays.eq(OpenDay::mask(&fields.weekdays)),
            places::access_note.eq(&fields.access_note),
            places::version.eq(version + 1),
        ))
        .returning(PlaceRow::as_returning())
        .get_result(tx.conn())
        .optional()?;
    Ok(row.map(Place::from))
}

/// `None` when the row is no longer at `version`.
pub(super) fn set_retired(
    tx: &mut Tx<'_>,
    id: PlaceId,
    version: i32,
    at: Option<DateTime<Utc>>,
) -> Result<Option<Place>, DbError> {
    let guarded = places::table.filter(places::id.eq(id)).filter(places::version.eq(version));
    let row: Option<PlaceRow> = diesel::update(guarded)
        .set((places::retired_at.eq(at), places::version.eq(version + 1)))
        .returning(PlaceRow::as_returning())
        .get_result(tx.conn())
        .optional()?;
    Ok(row.map(Place::from))
}
