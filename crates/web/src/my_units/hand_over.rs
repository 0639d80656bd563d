//! Giving a unit back with what is done of it: its share is paid, and whoever goes on finds it.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::Tx;
use fulfillment::claims::{self, MyUnit};
use fulfillment::drafts::{self, Draft};
use fulfillment::hand_overs::{self, HandOver, HandOverInput, share_of};
use fulfillment::units::{Move, next};
use kernel::{Code, UnitId};
use serde::Serialize;

use super::draft::{self, WorkForm};
use super::submit::{Purpose, keeps_what_was_typed, take};
use super::{late, sheet};
use crate::api::{self, At, Created, Json, Once};
use crate::call::{Arrived, Call};
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::orders::parts::{self, Choice};
use crate::paths;
use crate::shell::Crumb;
use crate::uploads;

#[derive(Serialize)]
struct HandOverPage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    action: String,
    back: String,
    shares: Vec<Choice>,
    form: FormView,
    work: WorkForm,
}

/// `GET /my-units/{unit}/hand-over`
pub(crate) async fn form(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let unit: UnitId = call.id("unit")?;
    render(&call, unit, &Form::default(), None).await
}

async fn render(
    call: &Call,
    id: UnitId,
    form: &Form,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let read = move |tx: &mut Tx<'_>| -> Result<_, Failure> {
        let (unit, draft) = (claims::find_mine(tx, id)?, drafts::find(tx, id)?);
        let files = draft.as_ref().map_or_else(Vec::new, |draft| draft.file_ids.clone());
        Ok((unit, draft, ::files::find_many(tx, &files)?))
    };
    let (unit, draft, files) = call.db(read).await?;
    if next(unit.state, Move::HandBack).is_err() {
        return sheet::again(call, id, form, &Failure::of(Code::Conflict)).await;
    }
    let work = WorkForm::of(call, draft.as_ref(), &[], &files, None, failure);
    let page = page(call, &unit, draft.as_ref(), work, (form, failure));
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "my_units/hand_over.html", &page)
}

fn page(
    call: &Call,
    unit: &MyUnit,
    draft: Option<&Draft>,
    work: WorkForm,
    (form, failure): (&Form, Option<&Failure>),
) -> HandOverPage {
    let name = parts::unit_name(call, &unit.job_title, &unit.label);
    let back = paths::my_unit(unit.unit);
    let share = |tenths: i16| {
        let amount = format::yen(call.language, share_of(unit.unit_pay, tenths));
        let said = [("tenths", tenths.to_string()), ("amount", amount)];
        Choice::new(tenths, parts::say(call, "my-hand-over-share", &said))
    };
    HandOverPage {
        title: call.text("my-hand-over-title"),
        crumbs: vec![Crumb::new(call, "nav-units", "/my-units"), Crumb::named(name.clone(), back.clone())],
        answer: parts::say(call, "my-hand-over-answer", &[("label", name)]),
        action: format!("{back}/hand-over"),
        back,
        shares: (1..=9).map(share).collect(),
        form: draft::prefilled(form, draft, &[]).view(call, failure),
        work,
    }
}

/// `POST /my-units/{unit}/hand-over`
pub(crate) async fn hand_over(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let unit: UnitId = call.id("unit")?;
    let upload = uploads::read(&call).await?;
    match take(&call, unit, &upload, Purpose::Part).await {
        Ok(Arrived { location, before: false }) => Ok(call.done(location, "done-my-unit-handed-over")),
        Ok(Arrived { location, before: true }) => Ok(call.noted(location, "done-my-unit-again")),
        Err(failure) if keeps_what_was_typed(&failure) => {
            match render(&call, unit, &upload.form, Some(&failure)).await {
                Err(gone) if gone.code == Code::NotFound => {
                    late::again(&call, unit, &upload.form, &failure).await
                }
                shown => shown,
            }
        }
        Err(failure) => Err(failure),
    }
}

/// `POST /api/v1/my-units/{unit}/hand-over`
pub(crate) async fn api(
    call: Rc<Call>,
    At(unit): At<UnitId>,
    Json(input): Json<HandOverInput>,
) -> Result<Once<Created<HandOver>>, Failure> {
    api::once(&call, move |tx| -> Result<_, Failure> {
        claims::find_mine(tx, unit)?;
        Ok(hand_overs::hand_over(tx, unit, input).map(Created)?)
    })
    .await
}
