//! Deals: pages, the steps a deal takes, JSON, and a salesperson's day.

mod already;
mod stays;

pub(crate) mod again;
pub(crate) mod api;
pub(crate) mod closing;
pub(crate) mod forms;
pub(crate) mod lines;
pub(crate) mod list;
pub(crate) mod show;
pub(crate) mod timeline;
pub(crate) mod today;
pub(crate) mod transfer;

use accounts::{Person, Role, persons};
use db::{DbError, Tx};
use kernel::{DealId, FieldProblem};

use crate::call::Call;
use crate::paths;
use crate::phrases;
use crate::shell::Crumb;

/// Everybody who may own a deal, the asking person included.
pub(crate) fn sellers(tx: &mut Tx<'_>) -> Result<Vec<Person>, DbError> {
    let mut sellers = persons::with_role(tx, Role::Sales)?;
    if let Some(own) = tx.actor().person()
        && !sellers.iter().any(|seller| seller.id == own)
    {
        sellers.push(persons::find(tx, own)?);
    }
    Ok(sellers)
}

/// Whether the reader may change deals, and not only read them.
pub(crate) fn may_sell(call: &Call) -> bool {
    call.who.as_ref().is_some_and(|who| who.is(Role::Sales) || who.is(Role::Admin))
}

/// The address of a step: `/deals/7/win`.
pub(crate) fn step(id: DealId, verb: &str) -> String {
    format!("{}/{verb}", paths::deal(id))
}

/// The way to a page below a deal.
pub(crate) fn crumbs_below(call: &Call, id: DealId, title: &str) -> Vec<Crumb> {
    let mut crumbs = crumbs(call);
    crumbs.push(Crumb::named(title, paths::deal(id)));
    crumbs
}

fn crumbs(call: &Call) -> Vec<Crumb> {
    // Coordinators read deals but have no board.
    if may_sell(call) {
        vec![Crumb::new(call, "nav-board", "/board")]
    } else {
        vec![Crumb::new(call, "deals-title", "/deals")]
    }
}

/// What a stage asks for and the deal has not, in words: "見積・担当者".
pub(crate) fn missing_words(call: &Call, problems: &[FieldProblem]) -> String {
    problems
        .iter()
        .map(|problem| phrases::word(call, "deal-missing", &problem.field))
        .collect::<Vec<_>>()
        .join(" · ")
}
