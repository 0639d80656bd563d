//! Rows of `call_wishes`: written once, never changed; what a merge took over goes with it when it is taken back.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{ContactId, MergeId};

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

/// Writes the last refusal of `from` down for `into` too, in the words it was noted in, until `merge` is taken back.
pub(super) fn take_over(
    tx: &mut Tx<'_>,
    merge: MergeId,
    from: ContactId,
    into: ContactId,
) -> Result<(), DbError> {
    let refusal = call_wishes::table
        .filter(call_wishes::contact_id.eq(from))
        .filter(call_wishes::wish.eq(Wish::Refused))
        .order(call_wishes::id.desc())
        .select(call_wishes::note);
    let note: String = refusal.first(tx.conn())?;
    let (now, actor) = (tx.now(), tx.actor().to_string());
    diesel::insert_into(call_wishes::table)
        .values((
            call_wishes::contact_id.eq(into),
            call_wishes::wish.eq(Wish::Refused),
            call_wishes::note.eq(note),
            call_wishes::recorded_at.eq(now),
            call_wishes::recorded_by.eq(actor),
            call_wishes::merge_id.eq(merge),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Whether [`take_over`] had written anything for `merge`; it is gone now.
pub(super) fn let_go(tx: &mut Tx<'_>, merge: MergeId) -> Result<bool, DbError> {
    let gone = diesel::delete(call_wishes::table.filter(call_wishes::merge_id.eq(merge)));
    Ok(gone.execute(tx.conn())? > 0)
}

/// What a contact said last; `None` where nothing is known.
pub(super) fn last(tx: &mut Tx<'_>, contact: ContactId) -> Result<Option<Wish>, DbError> {
    let said = call_wishes::table.filter(call_wishes::contact_id.eq(contact)).order(call_wishes::id.desc());
    Ok(said.select(call_wishes::wish).first(tx.conn()).optional()?)
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
