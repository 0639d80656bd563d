//! Reading wishes.

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{DeliveryId, OrderId, Page, Paging};

use super::model::{RepeatWish, RepeatWishId, RepeatWishKey, WishState};
use crate::schema::{orders, repeat_wishes};

type WishRow =
    (RepeatWishId, OrderId, String, DeliveryId, String, NaiveDate, String, WishState, DateTime<Utc>);

#[diesel::dsl::auto_type]
fn columns() -> _ {
    (
        repeat_wishes::id,
        repeat_wishes::order_id,
        orders::title,
        repeat_wishes::delivery_id,
        repeat_wishes::name,
        repeat_wishes::wished_on,
        repeat_wishes::note,
        repeat_wishes::state,
        repeat_wishes::wished_at,
    )
}

fn wish(row: WishRow) -> RepeatWish {
    let (id, order_id, order_title, delivery_id, name, wished_on, note, state, wished_at) = row;
    RepeatWish { id, order_id, order_title, delivery_id, name, wished_on, note, state, wished_at }
}

/// One wish; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: RepeatWishId) -> Result<RepeatWish, DbError> {
    let row: WishRow = repeat_wishes::table
        .inner_join(orders::table.on(orders::id.eq(repeat_wishes::order_id)))
        .filter(repeat_wishes::id.eq(id))
        .select(columns())
        .first(tx.conn())?;
    Ok(wish(row))
}

/// The wish of an order that nobody has decided.
pub fn open_of_order(tx: &mut Tx<'_>, order: OrderId) -> Result<Option<RepeatWish>, DbError> {
    let row: Option<WishRow> = repeat_wishes::table
        .inner_join(orders::table.on(orders::id.eq(repeat_wishes::order_id)))
        .filter(repeat_wishes::order_id.eq(order))
        .filter(repeat_wishes::state.eq(WishState::Open))
        .select(columns())
        .first(tx.conn())
        .optional()?;
    Ok(row.map(wish))
}

/// The wishes that nobody has decided, the oldest first.
pub fn open(
    tx: &mut Tx<'_>,
    paging: &Paging<RepeatWishKey>,
) -> Result<Page<RepeatWish, RepeatWishKey>, DbError> {
    let mut query = repeat_wishes::table
        .inner_join(orders::table.on(orders::id.eq(repeat_wishes::order_id)))
        .filter(repeat_wishes::state.eq(WishState::Open))
        .order(repeat_wishes::id)
        .limit(paging.probe())
        .select(columns())
        .into_boxed();
    if let Some(RepeatWishKey(id)) = paging.after {
        query = query.filter(repeat_wishes::id.gt(id));
    }
    let rows: Vec<WishRow> = query.load(tx.conn())?;
    Ok(Page::cut(rows.into_iter().map(wish).collect(), paging, |wish: &RepeatWish| RepeatWishKey(wish.id)))
}
