//! A worker's own: `/my-hours/…`, each form by itself, and today off in one tap.

use std::rc::Rc;

use actix_web::HttpResponse;
use chrono::NaiveDate;
use db::Tx;
use kernel::{Checks, Typed, WorkerId};
use schemars::JsonSchema;
use serde::Deserialize;
use workforce::availability::{self, AvailabilityError, ConditionsInput, DayInput, Plan, WeekInput};

use super::{Whose, show};
use crate::call::Call;
use crate::capacity::moving_days;
use crate::failure::Failure;
use crate::forms::Form;
use crate::my_units::hours;

/// A day that is to be as the standing week has it.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "day": "2026-12-10" }]))]
pub(crate) struct ClearInput {
    /// The day; required.
    pub(crate) day: Typed,
}

impl ClearInput {
    fn checked(&self) -> Result<NaiveDate, kernel::Invalid> {
        let mut checks = Checks::new();
        let day = checks.date("day", &self.day);
        checks.done(day)
    }
}

/// Makes the day like any other again.
pub(super) fn clear(
    tx: &mut Tx<'_>,
    worker: WorkerId,
    input: &ClearInput,
) -> Result<Plan, AvailabilityError> {
    let day = input.checked()?;
    availability::clear_day(tx, worker, day)
}

/// One change of a plan, by the form it came from.
enum Change {
    Week(WeekInput),
    Day(DayInput),
    Clear(ClearInput),
    Conditions(ConditionsInput),
}

impl Change {
    fn make(self, tx: &mut Tx<'_>, worker: WorkerId) -> Result<Plan, AvailabilityError> {
        match self {
            Self::Week(input) => availability::set_week(tx, worker, &input),
            Self::Day(input) => availability::set_day(tx, worker, &input),
            Self::Clear(input) => clear(tx, worker, &input),
            Self::Conditions(input) => availability::set_conditions(tx, worker, &input),
        }
    }
}

async fn change(call: &Call, whose: Whose, form: &Form, change: Change) -> Result<HttpResponse, Failure> {
    let made = call.db(move |tx| -> Result<_, AvailabilityError> {
        let worker = whose.worker(tx)?;
        moving_days(tx, |tx| change.make(tx, worker.id))
    });
    match (made.await, whose) {
        (Ok(_plan), Whose::Own(_)) => Ok(call.done("/my-hours", "done-plan")),
        (Ok(_plan), Whose::Of(id)) => Ok(call.done(show::path(id), "done-saved")),
        (Err(failure), Whose::Own(_)) if failure.is_about_input() => {
            hours::page(call, Some(form), Some(&failure)).await
        }
        (Err(failure), Whose::Of(id)) if failure.is_about_input() => {
            show::render(call, id, Some(form), Some(&failure)).await
        }
        (Err(failure), _) => Err(failure),
    }
}

/// `POST /my-hours/week`
pub(crate) async fn week(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input = Change::Week(form.input()?);
    change(&call, Whose::Own(call.person()?), &form, input).await
}

/// `POST /my-hours/days`
pub(crate) async fn day(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input = Change::Day(form.input()?);
    change(&call, Whose::Own(call.person()?), &form, input).await
}

/// `POST /my-hours/days/clear`
pub(crate) async fn clear_day(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input = Change::Clear(form.input()?);
    change(&call, Whose::Own(call.person()?), &form, input).await
}

/// `POST /my-hours/conditions`
pub(crate) async fn conditions(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input = Change::Conditions(form.input()?);
    change(&call, Whose::Own(call.person()?), &form, input).await
}

/// `POST /workers/{id}/availability/week`
pub(crate) async fn week_of(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input = Change::Week(form.input()?);
    change(&call, Whose::Of(call.id("id")?), &form, input).await
}

/// `POST /workers/{id}/availability/days`
pub(crate) async fn day_of(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input = Change::Day(form.input()?);
    change(&call, Whose::Of(call.id("id")?), &form, input).await
}

/// `POST /workers/{id}/availability/days/clear`
pub(crate) async fn clear_day_of(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input = Change::Clear(form.input()?);
    change(&call, Whose::Of(call.id("id")?), &form, input).await
}

/// `POST /workers/{id}/availability/conditions`
pub(crate) async fn conditions_of(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input = Change::Conditions(form.input()?);
    change(&call, Whose::Of(call.id("id")?), &form, input).await
}

/// `POST /my-hours/off-today`: one tap; a second one changes nothing.
pub(crate) async fn off_today(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    tap(&call, availability::off_today, "done-off-today").await
}

/// `POST /my-hours/back-today`
pub(crate) async fn back_today(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    tap(&call, availability::back_today, "done-back-today").await
}

type Tap = fn(&mut Tx<'_>, WorkerId) -> Result<Plan, AvailabilityError>;

async fn tap(call: &Call, tapped: Tap, done: &'static str) -> Result<HttpResponse, Failure> {
    let whose = Whose::Own(call.person()?);
    let taken = call.db(move |tx| -> Result<_, AvailabilityError> {
        let worker = whose.worker(tx)?;
        moving_days(tx, |tx| tapped(tx, worker.id))
    });
    taken.await?;
    Ok(call.done("/", done))
}
