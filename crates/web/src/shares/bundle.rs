//! What came from partner towns and was accepted from them: nobody does it again, but it is bundled here, checked and delivered
//! to the client.

use fulfillment::orders::{Order, OrderState, Pieces};
use fulfillment::shares::{OrderShare, ShareSide};
use serde::Serialize;

use super::pages::ShareRow;
use crate::call::Call;
use crate::orders::parts;
use crate::paths;

/// What is to be done with what came, and where.
#[derive(Serialize)]
pub(crate) struct Bundle {
    text: String,
    href: String,
}

impl Bundle {
    /// None where nothing came, nothing is left to be put into units, or the reader does not do that.
    pub(crate) fn of(call: &Call, order: &Order, pieces: &Pieces, shares: &[OrderShare]) -> Option<Self> {
        let came: i64 = shares.iter().map(|share| i64::from(share.came())).sum();
        let is_open = matches!(order.state, OrderState::Draft | OrderState::Running);
        (came > 0 && pieces.left() > 0 && is_open && parts::may_write(call)).then(|| Self {
            text: parts::say_count(call, "shares-bundle", came),
            href: format!("{}/jobs/new", paths::order(order.id)),
        })
    }
}

/// What partner towns do of an order, as its page shows it.
#[derive(Serialize)]
pub(crate) struct OfOrder {
    rows: Vec<ShareRow>,
    bundle: Option<Bundle>,
}

impl OfOrder {
    /// None where nothing was shared of it, or the reader is not shown shares.
    pub(crate) fn of(call: &Call, order: &Order, pieces: &Pieces, shares: &[OrderShare]) -> Option<Self> {
        let rows: Vec<ShareRow> = (shares.iter().filter(|share| share.side == ShareSide::Out))
            .map(|share| ShareRow::of(call, share))
            .collect();
        let shown = !rows.is_empty() && parts::may_write(call);
        shown.then(|| Self { rows, bundle: Bundle::of(call, order, pieces, shares) })
    }
}
