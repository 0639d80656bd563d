//! What a worker does to a unit with one button, and handing back in two taps.

use std::rc::Rc;

use actix_web::HttpResponse;
use db::Tx;
use fulfillment::claims::{self, ClaimError, HandBackInput};
use fulfillment::submissions;
use fulfillment::units::{Move, Unit, next};
use kernel::{Code, UnitId};
use serde::Serialize;

use super::{late, sheet};
use crate::call::Call;
use crate::failure::Failure;
use crate::format::{self, Due};
use crate::forms::Form;
use crate::orders::parts;
use crate::paths;
use crate::shell::Crumb;

pub(super) type Verb = fn(&mut Tx<'_>, UnitId) -> Result<Unit, ClaimError>;

/// Runs a verb on one of the worker's own units.
pub(super) fn own(tx: &mut Tx<'_>, unit: UnitId, verb: Verb) -> Result<Unit, ClaimError> {
    claims::find_mine(tx, unit).map_err(ClaimError::Db)?;
    verb(tx, unit)
}

async fn act(call: &Call, verb: Verb, to_list: bool, done: &'static str) -> Result<HttpResponse, Failure> {
    let unit: UnitId = call.id("unit")?;
    match call.db(move |tx| own(tx, unit, verb)).await {
        Ok(_moved) if to_list => Ok(call.done("/my-units", done)),
        Ok(_moved) => Ok(call.done(paths::my_unit(unit), done)),
        Err(failure) if failure.is_about_input() => {
            sheet::again(call, unit, &Form::default(), &failure).await
        }
        // A page from before it was handed back or taken back.
        Err(failure) if failure.code == Code::NotFound => late::show(call, unit, failure).await,
        Err(failure) => Err(failure),
    }
}

/// `POST /my-units/{unit}/start`
pub(crate) async fn start(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    act(&call, claims::start, false, "done-my-unit-started").await
}

/// `POST /my-units/{unit}/resume`
pub(crate) async fn resume(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    act(&call, claims::resume, false, "done-my-unit-resumed").await
}

/// `POST /my-units/{unit}/keep`
pub(crate) async fn keep(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    act(&call, claims::keep, false, "done-my-unit-kept").await
}

/// `POST /my-units/{unit}/retract`
pub(crate) async fn retract(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    act(&call, submissions::retract, false, "done-my-unit-retracted").await
}

/// `POST /my-units/{unit}/hand-back`
pub(crate) async fn hand_back(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let input: HandBackInput = call.form().input()?;
    let done = if input.is_of_all() { "done-my-unit-handed-back-all" } else { "done-my-unit-handed-back" };
    act(&call, handing_back(&input), true, done).await
}

/// One unit alone, or all of its job that nothing was handed in of.
pub(super) fn handing_back(input: &HandBackInput) -> Verb {
    if input.is_of_all() { claims::hand_back_all } else { claims::hand_back }
}

#[derive(Serialize)]
struct HandBackPage {
    title: String,
    crumbs: Vec<Crumb>,
    label: String,
    due: Due,
    action: String,
    /// All of its job that nothing was handed in of, on one button; empty where it is the only one.
    all: String,
    /// How many of the others are begun, in words; empty where none is.
    begun: String,
    /// Where what is done of it goes along.
    with_part: String,
    cancel: String,
}

/// `GET /my-units/{unit}/hand-back`: the first tap, which says what the second one does.
pub(crate) async fn before_hand_back(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: UnitId = call.id("unit")?;
    let (unit, with, now) = call
        .db(move |tx| -> Result<_, Failure> {
            Ok((claims::find_mine(tx, id)?, claims::hand_back_with(tx, id)?, tx.now()))
        })
        .await?;
    if next(unit.state, Move::HandBack).is_err() {
        return sheet::again(&call, id, &Form::default(), &Failure::of(Code::Conflict)).await;
    }
    let name = parts::unit_name(&call, &unit.job_title, &unit.label);
    let some = |key, count| if count > 0 { parts::say_count(&call, key, count) } else { String::new() };
    let page = HandBackPage {
        title: call.text("my-unit-hand-back-title"),
        crumbs: vec![
            Crumb::new(&call, "nav-units", "/my-units"),
            Crumb::named(name.clone(), paths::my_unit(id)),
        ],
        label: name,
        due: format::due(call.language, now, unit.work_due_on),
        action: format!("{}/hand-back", paths::my_unit(id)),
        all: if with.units > 1 { some("my-unit-hand-back-all", with.units) } else { String::new() },
        begun: some("my-unit-hand-back-begun", with.begun),
        with_part: format!("{}/hand-over", paths::my_unit(id)),
        cancel: paths::my_unit(id),
    };
    call.page("my_units/hand_back.html", &page)
}
