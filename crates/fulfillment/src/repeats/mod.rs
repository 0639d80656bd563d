//! Wishes for the same again (同じ内容の再注文の希望): a client writes one on the page of a delivery they have answered.
//!
//! Invariants: a wish orders nothing: only a person of the town confirms it, and whoever does so records the won deal in the
//! same transaction (`web::orders::again`); of an order one wish is open at a time, by a unique index too, and it is told once
//! (`a_wish_orders_nothing_and_is_one_however_often_it_is_written`).

pub(crate) mod events;
mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use accounts::OrgSecret;
use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid};

pub use lists::{find, open, open_of_order};
pub use model::{RepeatWish, RepeatWishId, RepeatWishKey, WishInput, WishState};

use crate::acceptance::{self, AcceptError};
use crate::deliveries::{self, DeliveryState};
use crate::orders;
use events::RepeatWished;

/// Why a wish was not taken or decided.
#[derive(Debug, thiserror::Error)]
pub enum WishError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The link opens nothing.
    #[error(transparent)]
    Link(#[from] AcceptError),
    /// The delivery waits for its answer: the client sees first what they would order again.
    #[error("the delivery has not been answered")]
    NotAnswered,
    /// Somebody has decided it.
    #[error("the wish is {0}")]
    Decided(WishState),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for WishError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::Link(error) => error.code(),
            Self::NotAnswered | Self::Decided(_) => Code::Conflict,
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            Self::Link(error) => error.fields(),
            _ => &[],
        }
    }
}

/// Takes the wish of whoever opened a delivery's link, and tells the town of it. Where one is open already, that one stays as
/// it is.
pub fn wish(tx: &mut Tx<'_>, secret: &OrgSecret, input: &WishInput) -> Result<RepeatWish, WishError> {
    let delivery = acceptance::delivery_behind(tx, secret)?;
    let delivery = deliveries::find(tx, delivery)?;
    if delivery.state != DeliveryState::Answered {
        return Err(WishError::NotAnswered);
    }
    let fields = input.checked(crate::today(tx))?;
    let is_new = store::insert(tx, &delivery, &fields)?;
    let wish = open_of_order(tx, delivery.order_id)?.ok_or(DbError::NotFound)?;
    if is_new {
        tell(tx, &wish)?;
    }
    Ok(wish)
}

fn tell(tx: &mut Tx<'_>, wish: &RepeatWish) -> Result<(), DbError> {
    let order = orders::find(tx, wish.order_id)?;
    let fact = RepeatWished {
        wish: wish.id,
        order: order.id,
        title: order.title,
        deal: order.deal_id,
        company: order.company_id,
        name: wish.name.clone(),
        wished_on: wish.wished_on,
        note: wish.note.clone(),
    };
    queue::record(tx, &fact)?;
    Ok(())
}

/// Notes that the acting person enters the order that was wished for; the caller does so in the same transaction.
pub fn confirm(tx: &mut Tx<'_>, id: RepeatWishId) -> Result<RepeatWish, WishError> {
    decide(tx, id, WishState::Confirmed)
}

/// Notes that it will not be done this time; whoever declines tells the client.
pub fn decline(tx: &mut Tx<'_>, id: RepeatWishId) -> Result<RepeatWish, WishError> {
    decide(tx, id, WishState::Declined)
}

fn decide(tx: &mut Tx<'_>, id: RepeatWishId, state: WishState) -> Result<RepeatWish, WishError> {
    let by = crate::acting_person(tx)?;
    if store::decide(tx, id, state, by)? {
        return Ok(find(tx, id)?);
    }
    Err(WishError::Decided(find(tx, id)?.state))
}
