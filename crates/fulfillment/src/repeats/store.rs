//! Rows and writes of `repeat_wishes`.

use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::PersonId;

use super::model::{RepeatWishId, WishFields, WishState};
use crate::deliveries::Delivery;
use crate::schema::repeat_wishes;

/// Keeps a wish; `false` where one of the same order is open.
pub(super) fn insert(tx: &mut Tx<'_>, delivery: &Delivery, fields: &WishFields) -> Result<bool, DbError> {
    let now = tx.now();
    let kept = diesel::insert_into(repeat_wishes::table)
        .values((
            repeat_wishes::order_id.eq(delivery.order_id),
            repeat_wishes::delivery_id.eq(delivery.id),
            repeat_wishes::name.eq(&fields.name),
            repeat_wishes::wished_on.eq(fields.wished_on),
            repeat_wishes::note.eq(&fields.note),
            repeat_wishes::wished_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(tx.conn())?;
    Ok(kept == 1)
}

/// Writes a decision, once; `false` where there is one.
pub(super) fn decide(
    tx: &mut Tx<'_>,
    id: RepeatWishId,
    state: WishState,
    by: PersonId,
) -> Result<bool, DbError> {
    let now = tx.now();
    let open = repeat_wishes::table
        .filter(repeat_wishes::id.eq(id))
        .filter(repeat_wishes::state.eq(WishState::Open));
    let decided = diesel::update(open)
        .set((
            repeat_wishes::state.eq(state),
            repeat_wishes::decided_at.eq(now),
            repeat_wishes::decided_by.eq(by),
        ))
        .execute(tx.conn())?;
    Ok(decided == 1)
}
