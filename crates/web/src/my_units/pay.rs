//! `GET /my-pay`: a worker's money by the day it is paid, as the accepted terms say: what is certain, what is still being
//! checked, and what their statements come to, with the day on which that was paid.

use std::collections::BTreeMap;
use std::rc::Rc;

use actix_web::HttpResponse;
use chrono::{Datelike, NaiveDate};
use db::DbError;
use fulfillment::earnings::{self, DayOfPay, PayDays};
use fulfillment::statements::{self, StatedDay};
use kernel::{Yen, date_in_japan};
use serde::Serialize;

use super::{not_registered, pay_day};
use crate::call::Call;
use crate::failure::Failure;
use crate::format::{self, Due};
use crate::phrases::said;

#[derive(Serialize)]
struct PayPage {
    title: String,
    answer: String,
    year: String,
    coming: Vec<Row>,
    past: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    day: String,
    href: String,
    due: Option<Due>,
    earned: String,
    earned_units: String,
    unchecked: String,
    /// What is transferred, by the statements of that day; empty where there is none yet.
    stated: String,
    /// On which day that was paid; empty where it was not.
    paid: String,
}

/// What a person's statements come to, by their pay days.
pub(super) type Stated = BTreeMap<NaiveDate, StatedDay>;

impl Row {
    fn of(call: &Call, on: NaiveDate, day: DayOfPay, stated: &Stated) -> Self {
        let stated = stated.get(&on);
        let paid =
            |on: NaiveDate| said(call, "my-pay-paid", [("day", &format::full_date(call.language, on))]);
        let units = |count: i64| said(call, "my-pay-units", [("count", &format::count(count))]);
        let unchecked = || {
            let (amount, count) =
                (format::yen(call.language, day.unchecked), format::count(day.unchecked_units));
            said(call, "my-pay-unchecked", [("amount", &amount), ("count", &count)])
        };
        Self {
            day: format::full_date(call.language, on),
            href: pay_day::href(on),
            due: None,
            earned: format::yen(call.language, day.earned),
            earned_units: units(day.earned_units),
            unchecked: if day.unchecked.0 > 0 { unchecked() } else { String::new() },
            stated: stated.map_or_else(String::new, |one| format::yen(call.language, one.payable)),
            paid: stated.and_then(|one| one.paid_on).map(paid).unwrap_or_default(),
        }
    }
}

/// `GET /my-pay`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    if let Some(not_yet) = not_registered::page(&call).await? {
        return Ok(not_yet);
    }
    let (days, stated, now) = call
        .db(|tx| -> Result<_, DbError> {
            Ok((earnings::days_from(tx, None)?, statements::my_days(tx)?, tx.now()))
        })
        .await?;
    let today = date_in_japan(now);
    let coming = days.0.range(today..).map(|(on, day)| Row {
        due: Some(format::due(call.language, now, *on)),
        ..Row::of(&call, *on, *day, &stated)
    });
    let page = PayPage {
        title: call.text("my-pay-title"),
        answer: answer(&call, &days, &stated, today),
        year: this_year(&call, &days, today),
        coming: coming.collect(),
        past: days.0.range(..today).rev().map(|(on, day)| Row::of(&call, *on, *day, &stated)).collect(),
    };
    call.page("my_units/pay.html", &page)
}

/// `つぎの支払日は12月10日(木)、1,200円です`, and what is transferred where a statement says so; where nothing is certain yet,
/// what is being checked.
pub(super) fn answer(call: &Call, days: &PayDays, stated: &Stated, today: NaiveDate) -> String {
    let on = |day| format::full_date(call.language, day);
    if let Some((day, amount)) = days.next_from(today) {
        let (on, amount) = (on(day), format::yen(call.language, amount));
        return match stated.get(&day) {
            Some(one) => {
                let payable = format::yen(call.language, one.payable);
                said(call, "my-pay-next-stated", [("day", &on), ("amount", &amount), ("payable", &payable)])
            }
            None => said(call, "my-pay-next", [("day", &on), ("amount", &amount)]),
        };
    }
    match days.0.range(today..).find(|(_, day)| day.unchecked.0 > 0) {
        Some((day, expected)) => {
            let amount = format::yen(call.language, expected.unchecked);
            said(call, "my-pay-next-unchecked", [("day", &on(*day)), ("amount", &amount)])
        }
        None => call.text("my-pay-none-coming"),
    }
}

/// What is certain for the calendar year: the number that matters to whoever is somebody's dependant.
fn this_year(call: &Call, days: &PayDays, today: NaiveDate) -> String {
    let of_year = days.0.iter().filter(|(on, _)| on.year() == today.year());
    let total = Yen(of_year.map(|(_, day)| day.earned.0).sum());
    let (year, amount) = (today.year().to_string(), format::yen(call.language, total));
    said(call, "my-pay-year", [("year", &year), ("amount", &amount)])
}
