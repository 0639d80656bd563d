//! Rows of `call_wishes`: written once, never changed.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::ContactId;

use super::model::{CallWish, Wish};
use crate::schema::call_wishes;

/// How many lines of the record are shown.
const SHOWN: i64 = 50;

#[derive(Queryable, Selectable)]
#[diesel(table_name = call_wishes)]
struct Row {
    wish: Wish,
    note: String,
    recorded_at: DateTime<Utc>,
    recorded_by: String,
}

pub(super) fn insert(tx: &mut Tx<'_>, contact: ContactId, wish: Wish, note: &str) -> Result<(), DbError> {
    let (now, actor) = (tx.now(), tx.actor().to_string());
    diesel::insert_into(call_wishes::table)
        .values((
            call_wishes::contact_id.eq(contact),
            call_wishes::wish.eq(wish),
            call_wishes::note.eq(note),
            call_wishes::recorded_at.eq(now),
            call_wishes::recorded_by.eq(actor),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// The record of one contact, newest first.
pub fn history(tx: &mut Tx<'_>, contact: ContactId) -> Result<Vec<CallWish>, DbError> {
    let rows: Vec<Row> = call_wishes::table
        .filter(call_wishes::contact_id.eq(contact))
        .order(call_wishes::id.desc())
        .limit(SHOWN)
        .select(Row::as_select())
        .load(tx.conn())?;
    let line = |row: Row| CallWish {
        wish: row.wish,
        note: row.note,
        recorded_at: row.recorded_at,
        recorded_by: row.recorded_by,
    };
    Ok(rows.into_iter().map(line).collect())
}
