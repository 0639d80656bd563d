//! `GET /my-pay/{date}`: what is paid on one day, line by line.

use std::rc::Rc;

use actix_web::HttpResponse;
use chrono::NaiveDate;
use db::DbError;
use fulfillment::earnings::{self, PayLine, PayLineKey};
use kernel::Paging;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::api::{Chosen, Listed, Paged, Query};
use crate::asked_day::AskedDay;
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::PageQuery;
use crate::orders::parts;
use crate::paths;
use crate::phrases::said;
use crate::shell::Crumb;

#[derive(Serialize)]
struct DayPage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    /// What is certain for the day, on whatever page of it.
    total: String,
    /// What is still being checked and may be paid that day as well; empty where nothing.
    unchecked: String,
    lines: Vec<Line>,
    shown: usize,
    next_href: String,
    first_href: String,
}

#[derive(Serialize)]
struct Line {
    name: String,
    /// Empty where the unit is somebody else's now.
    href: String,
    /// The terms it was made under, which stay theirs to read whoever has the unit.
    terms: String,
    kind: String,
    received_on: String,
    amount: String,
}

impl Line {
    fn of(call: &Call, line: PayLine) -> Self {
        let unit = paths::my_unit(line.unit);
        let terms = format!("{unit}/terms");
        let href = if line.is_held { unit } else { String::new() };
        Self {
            name: parts::unit_name(call, &line.job_title, &line.label),
            terms,
            href,
            kind: call.text(&format!("my-pay-kind-{}", line.kind)),
            received_on: format::short_date(call.language, line.received_on),
            amount: format::yen(call.language, line.amount),
        }
    }
}

/// `GET /my-pay/{date}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let AskedDay(on) = call.id("date")?;
    let after = format::read_page_key::<PayLineKey>(call.query::<PageQuery>().after.as_str());
    let here = href(on);
    let first_href = if after.is_some() { here.clone() } else { String::new() };
    let (day, page) = call
        .db(move |tx| -> Result<_, DbError> {
            let day = earnings::days_from(tx, Some(on))?.0.remove(&on).ok_or(DbError::NotFound)?;
            Ok((day, earnings::lines(tx, Some(on), &Paging { after, ..Paging::first(100) })?))
        })
        .await?;
    let next_href = page.next.as_ref().map(|key| format!("{here}?after={}", format::page_key(key)));
    let (date, total) = (format::full_date(call.language, on), format::yen(call.language, day.earned));
    let unchecked = format::yen(call.language, day.unchecked);
    let view = DayPage {
        title: said(&call, "my-pay-of-day", [("day", &date)]),
        crumbs: vec![Crumb::new(&call, "my-pay-title", "/my-pay")],
        answer: said(&call, "my-pay-of-day-answer", [("amount", &total)]),
        total,
        unchecked: if day.unchecked.0 > 0 {
            said(&call, "my-pay-of-day-unchecked", [("amount", &unchecked)])
        } else {
            String::new()
        },
        shown: page.items.len(),
        lines: page.items.into_iter().map(|line| Line::of(&call, line)).collect(),
        next_href: next_href.unwrap_or_default(),
        first_href,
    };
    call.page("my_units/pay_day.html", &view)
}

/// The page of a pay day.
pub(super) fn href(on: NaiveDate) -> String {
    format!("/my-pay/{on}")
}

/// Which lines.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct PayQuery {
    /// Only what is paid on this day; everything unless told.
    on: Chosen<AskedDay>,
}

/// `GET /api/v1/my-pay`
pub(crate) async fn lines(
    call: Rc<Call>,
    Query(query): Query<PayQuery>,
    Query(paged): Query<Paged>,
) -> Result<Listed<PayLine>, Failure> {
    let (on, paging) = (query.on.0.map(|asked| asked.0), paged.paging::<PayLineKey>()?);
    Ok(call.db(move |tx| earnings::lines(tx, on, &paging)).await?.into())
}
