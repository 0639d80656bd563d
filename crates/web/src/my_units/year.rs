//! `GET /my-year`: a worker's calendar year by the months in which it is paid, and the limit they watch, if they want to see
//! one. Nothing is said of law: the number is theirs.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use fulfillment::earnings::{self, MonthOfPay, WatchInput, YearOfPay};
use kernel::{Typed, Yen};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::not_registered;
use crate::api::{Json, One, Query};
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::phrases::{counted, said};
use crate::shell::Crumb;

#[derive(Serialize)]
struct YearPage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    rows: Vec<Row>,
    total: String,
    /// What is not checked yet; empty where nothing.
    unchecked: String,
    limit: Option<LimitView>,
    before: String,
    /// This year's page; empty on it.
    now: String,
    form: FormView,
}

#[derive(Serialize)]
struct Row {
    month: String,
    earned: String,
    units: String,
    unchecked: String,
}

/// The limit in words and as a bar, which ends at the limit.
#[derive(Debug, Serialize)]
pub(crate) struct LimitView {
    text: String,
    done: i64,
    total: i64,
    of: String,
}

impl LimitView {
    pub(crate) fn of(call: &Call, year: &YearOfPay) -> Option<Self> {
        let (limit, left) = (year.limit?, year.left?);
        let yen = |amount| format::yen(call.language, amount);
        let (key, amount) =
            if left.0 >= 0 { ("my-year-left", left) } else { ("my-year-over", Yen(left.0.saturating_neg())) };
        Some(Self {
            text: said(call, key, [("limit", &yen(limit)), ("amount", &yen(amount))]),
            done: year.earned.0.clamp(0, limit.0),
            total: limit.0,
            of: said(call, "my-year-of", [("earned", &yen(year.earned)), ("limit", &yen(limit))]),
        })
    }
}

/// `2026年の分は12,300円です（決まった分）`
pub(crate) fn sentence(call: &Call, year: &YearOfPay) -> String {
    let (number, amount) = (year.year.to_string(), format::yen(call.language, year.earned));
    said(call, "my-year-answer", [("year", &number), ("amount", &amount)])
}

fn row(call: &Call, month: &MonthOfPay) -> Row {
    Row {
        month: counted(call, "my-year-month", "month", month.month.into()),
        earned: format::yen(call.language, month.earned),
        units: said(call, "my-pay-units", [("count", &format::count(month.units))]),
        unchecked: if month.unchecked.0 > 0 {
            format::yen(call.language, month.unchecked)
        } else {
            String::new()
        },
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ShownYear {
    year: Typed,
}

/// Years there may be earnings of.
fn readable(typed: &Typed) -> Option<i32> {
    typed.as_str().trim().parse().ok().filter(|year| (2000..=2100).contains(year))
}

async fn render(
    call: &Call,
    shown: Option<i32>,
    form: Option<&Form>,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let (year, this_year) = call
        .db(move |tx| -> Result<_, db::DbError> {
            let this_year = earnings::year(tx, None)?;
            let year = match shown {
                Some(other) if other != this_year.year => earnings::year(tx, Some(other))?,
                _ => this_year.clone(),
            };
            Ok((year, this_year.year))
        })
        .await?;
    let preset = Form::default()
        .preset("yearly_limit", year.limit.map(|limit| limit.0.to_string()).unwrap_or_default());
    let page = YearPage {
        title: call.text("my-year-title"),
        crumbs: vec![Crumb::new(call, "my-pay-title", "/my-pay")],
        answer: sentence(call, &year),
        rows: year.months.iter().map(|month| row(call, month)).collect(),
        total: format::yen(call.language, year.earned),
        unchecked: if year.unchecked.0 > 0 {
            let amount = format::yen(call.language, year.unchecked);
            said(call, "my-year-unchecked", [("amount", &amount)])
        } else {
            String::new()
        },
        limit: LimitView::of(call, &year),
        before: format!("/my-year?year={}", year.year - 1),
        now: if year.year == this_year { String::new() } else { "/my-year".to_owned() },
        form: form.unwrap_or(&preset).view(call, failure),
    };
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "my_units/year.html", &page)
}

/// `GET /my-year`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    if let Some(not_yet) = not_registered::page(&call).await? {
        return Ok(not_yet);
    }
    let shown = readable(&call.query::<ShownYear>().year);
    render(&call, shown, None, None).await
}

/// `POST /my-year`: the limit somebody watches; an empty one hides it.
pub(crate) async fn watch(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input: WatchInput = form.input()?;
    match call.db(move |tx| earnings::watch(tx, &input)).await {
        Ok(_year) => Ok(call.done("/my-year", "done-saved")),
        Err(failure) if failure.is_about_input() => render(&call, None, Some(&form), Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}

/// Which year.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct YearQuery {
    /// The calendar year; this one unless told.
    year: Typed,
}

/// `GET /api/v1/my-year`
pub(crate) async fn read(call: Rc<Call>, Query(query): Query<YearQuery>) -> Result<One<YearOfPay>, Failure> {
    let year = readable(&query.year);
    call.db(move |tx| earnings::year(tx, year)).await.map(One)
}

/// `PUT /api/v1/my-year/limit`
pub(crate) async fn write(call: Rc<Call>, Json(input): Json<WatchInput>) -> Result<One<YearOfPay>, Failure> {
    call.db(move |tx| earnings::watch(tx, &input)).await.map(One)
}
