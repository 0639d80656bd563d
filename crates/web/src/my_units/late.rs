//! A unit that was the worker's once. A link in an old mail may lead here: what they had made of it is still taken where
//! their claim ended by itself and nobody else has it, and what they wrote is never lost.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use fulfillment::claims::{self, LapsedUnit};
use kernel::{Code, UnitId};
use serde::Serialize;

use crate::call::Call;
use crate::failure::Failure;
use crate::files::{MEGABYTE, MOST_BYTES, accepted_kinds};
use crate::forms::{Form, FormView};
use crate::orders::parts;
use crate::paths;
use crate::shell::Crumb;

#[derive(Serialize)]
struct LatePage {
    title: String,
    crumbs: Vec<Crumb>,
    href: String,
    content: String,
    rules: String,
    /// Whether what they had made is still taken.
    is_free: bool,
    /// What they wrote, to be read and copied where it is no longer taken.
    kept_text: String,
    kept_memo: String,
    form: FormView,
    accept: String,
    most_bytes: u64,
    most_megabytes: u64,
}

#[derive(Serialize)]
struct NoLongerPage {
    title: String,
    crumbs: Vec<Crumb>,
}

/// The page of a unit that is no longer the worker's; `missing` where it never was.
pub(super) async fn show(call: &Call, unit: UnitId, missing: Failure) -> Result<HttpResponse, Failure> {
    match call.db(move |tx| claims::find_lapsed(tx, unit)).await {
        Ok(lapsed) => render(call, lapsed, &Form::default(), None),
        Err(failure) if failure.code == Code::NotFound => no_longer(call, unit, missing).await,
        Err(failure) => Err(failure),
    }
}

/// The same with what was typed and why it was not taken.
pub(super) async fn again(
    call: &Call,
    unit: UnitId,
    form: &Form,
    failure: &Failure,
) -> Result<HttpResponse, Failure> {
    let lapsed = call.db(move |tx| claims::find_lapsed(tx, unit)).await?;
    render(call, lapsed, form, Some(failure))
}

fn render(
    call: &Call,
    lapsed: LapsedUnit,
    form: &Form,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let page = LatePage {
        title: parts::unit_name(call, &lapsed.job_title, &lapsed.label),
        crumbs: vec![Crumb::new(call, "nav-units", "/my-units")],
        href: paths::my_unit(lapsed.unit),
        content: lapsed.content,
        rules: lapsed.rules,
        is_free: lapsed.is_free,
        kept_text: form.get("result_text").to_owned(),
        kept_memo: form.get("memo").to_owned(),
        form: form.view(call, failure),
        accept: accepted_kinds(),
        most_bytes: MOST_BYTES,
        most_megabytes: MOST_BYTES / MEGABYTE,
    };
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "my_units/late.html", &page)
}

/// Handed back, or taken back by the town.
async fn no_longer(call: &Call, unit: UnitId, missing: Failure) -> Result<HttpResponse, Failure> {
    if !call.db(move |tx| claims::was_mine(tx, unit)).await? {
        return Err(missing);
    }
    let page = NoLongerPage {
        title: call.text("my-unit-no-longer"),
        crumbs: vec![Crumb::new(call, "nav-units", "/my-units")],
    };
    call.page("my_units/no_longer.html", &page)
}
