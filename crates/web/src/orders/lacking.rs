//! What has to be entered before anybody may be invited, each item with where that is done.

use accounts::Role;
use db::{DbError, Tx};
use fulfillment::terms::{self, TermsItem};
use kernel::{Code, OrderId};
use serde::Serialize;

use crate::call::Call;
use crate::failure::Failure;
use crate::orders::parts;
use crate::paths;

/// What an order's terms would lack, where somebody could still be invited to its work.
pub(crate) fn of_order(tx: &mut Tx<'_>, order: OrderId, is_open: bool) -> Result<Vec<TermsItem>, DbError> {
    if is_open { terms::lacking(tx, order) } else { Ok(Vec::new()) }
}

/// One item; `lacking` of `orders/lacking.html`.
#[derive(Debug, Serialize)]
pub(crate) struct Lacking {
    name: String,
    /// Where it is entered; empty where the reader may not, and has to ask an administrator.
    href: String,
}

impl Lacking {
    pub(crate) fn all(call: &Call, order: OrderId, items: &[TermsItem]) -> Vec<Self> {
        let one = |item: &TermsItem| Self {
            name: call.text(&parts::text_key("terms-item", item.as_str())),
            href: entered_at(call, order, *item),
        };
        items.iter().map(one).collect()
    }
}

fn entered_at(call: &Call, order: OrderId, item: TermsItem) -> String {
    let field = match item {
        TermsItem::OrdererName => "legal_name",
        TermsItem::OrdererAddress => "postal_address",
        TermsItem::OrdererContact => "contact_email",
        _ => return format!("{}/re-entrusted", paths::order(order)),
    };
    let may = call.who.as_ref().is_some_and(|who| who.is(Role::Admin));
    if may { format!("/town#f-{field}") } else { String::new() }
}

/// A refusal because of these items in one sentence: the page names them beside where they are entered.
pub(crate) fn in_one_sentence(failure: Failure) -> Failure {
    if failure.code == Code::TermsIncomplete { failure.about(Vec::new()) } else { failure }
}
