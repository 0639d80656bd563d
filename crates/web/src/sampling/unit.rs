//! What sampling says of one unit, on its page, and marking it as critical.

use std::rc::Rc;

use actix_web::HttpResponse;
use db::{DbError, Tx};
use fulfillment::sampling::{self, Draw};
use fulfillment::units::Unit;
use kernel::UnitId;
use serde::Serialize;

use crate::call::Call;
use crate::failure::Failure;
use crate::orders::parts;

/// What is known of a unit.
pub(crate) struct Drawn {
    draw: Option<Draw>,
    is_critical: bool,
}

pub(crate) fn read(tx: &mut Tx<'_>, unit: UnitId) -> Result<Drawn, DbError> {
    Ok(Drawn { draw: sampling::of_unit(tx, unit)?, is_critical: sampling::is_critical(tx, unit)? })
}

/// The same in words.
#[derive(Serialize)]
pub(crate) struct DrawnView {
    /// By which lot it passed unseen, or was looked at; empty where it was not drawn.
    basis: String,
    is_critical: bool,
    /// Where that is changed; empty once it is over.
    change: String,
}

impl DrawnView {
    pub(crate) fn of(call: &Call, unit: &Unit, drawn: &Drawn) -> Self {
        let basis = drawn.draw.as_ref().map_or_else(String::new, |draw| {
            let key = if draw.is_looked_at { "sampling-unit-drawn" } else { "sampling-unit-unseen" };
            let words = [("many", draw.one_in.to_string()), ("number", draw.number.to_string())];
            parts::say(call, key, &words)
        });
        let word = if drawn.is_critical { "ordinary" } else { "critical" };
        let change = if unit.state.is_final() { String::new() } else { format!("/units/{}/{word}", unit.id) };
        Self { basis, is_critical: drawn.is_critical, change }
    }
}

/// `POST /units/{id}/critical`
pub(crate) async fn mark(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: UnitId = call.id("id")?;
    call.db(move |tx| sampling::mark_critical(tx, id)).await?;
    Ok(call.done(format!("/units/{id}"), "done-sampling-marked"))
}

/// `POST /units/{id}/ordinary`
pub(crate) async fn unmark(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: UnitId = call.id("id")?;
    call.db(move |tx| sampling::unmark_critical(tx, id)).await?;
    Ok(call.done(format!("/units/{id}"), "done-sampling-unmarked"))
}
