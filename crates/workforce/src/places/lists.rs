//! Reading places.

use std::collections::HashMap;

use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{Page, Paging};

use super::model::{Place, PlaceId};
use super::store::PlaceRow;
use crate::schema::places;

/// One place; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: PlaceId) -> Result<Place, DbError> {
    let row: PlaceRow =
        places::table.filter(places::id.eq(id)).select(PlaceRow::as_select()).first(tx.conn())?;
    Ok(row.into())
}

/// These places, those given up too.
pub fn find_many(tx: &mut Tx<'_>, ids: &[PlaceId]) -> Result<HashMap<PlaceId, Place>, DbError> {
    let rows: Vec<PlaceRow> =
        places::table.filter(places::id.eq_any(ids)).select(PlaceRow::as_select()).load(tx.conn())?;
    Ok(rows.into_iter().map(Place::from).map(|place| (place.id, place)).collect())
}

/// The places that can be booked, in the order they were entered.
pub fn list(tx: &mut Tx<'_>, paging: &Paging<PlaceId>) -> Result<Page<Place, PlaceId>, DbError> {
    let rows: Vec<PlaceRow> = places::table
        .filter(places::retired_at.is_null())
        .filter(places::id.gt(paging.after.unwrap_or(PlaceId(0))))
        .order(places::id)
        .limit(paging.probe())
        .select(PlaceRow::as_select())
        .load(tx.conn())?;
    Ok(Page::cut(rows.into_iter().map(Place::from).collect(), paging, |place: &Place| place.id))
}
