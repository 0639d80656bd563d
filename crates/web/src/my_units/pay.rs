//! `GET /my-pay`: a worker's money by the day it is paid, as the accepted terms say: what has passed review, and what
//! is still being checked.

use std::collections::BTreeMap;
use std::rc::Rc;

use actix_web::HttpResponse;
use chrono::NaiveDate;
use db::{DbError, Tx};
use fulfillment::claims::{self, Mine, MineKey, MyUnit};
use fulfillment::units::UnitState;
use kernel::{Paging, Yen, date_in_japan};
use serde::Serialize;

use super::not_registered;
use crate::call::Call;
use crate::failure::Failure;
use crate::format::{self, Due};
use crate::phrases::said;

/// What is paid on one day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct PayDay {
    /// Work that passed review.
    earned: Yen,
    earned_units: i64,
    /// Work that was handed in and is not checked yet.
    unchecked: Yen,
    unchecked_units: i64,
}

impl PayDay {
    fn add(&mut self, unit: &MyUnit) {
        match unit.state {
            UnitState::Submitted | UnitState::Checking => {
                self.unchecked = Yen(self.unchecked.0 + unit.unit_pay.0);
                self.unchecked_units += 1;
            }
            UnitState::Passed | UnitState::Delivered | UnitState::ClaimedBack | UnitState::Accepted => {
                self.earned = Yen(self.earned.0 + unit.unit_pay.0);
                self.earned_units += 1;
            }
            _ => {}
        }
    }

    const fn is_empty(self) -> bool {
        self.earned_units == 0 && self.unchecked_units == 0
    }
}

/// The acting person's pay days, earliest first. It reads all their work that was handed in; that is some hundreds of
/// units even after years.
pub(crate) fn days(tx: &mut Tx<'_>) -> Result<BTreeMap<NaiveDate, PayDay>, DbError> {
    let mut days: BTreeMap<NaiveDate, PayDay> = BTreeMap::new();
    for part in [Mine::Waiting, Mine::Over] {
        let mut paging = Paging::first(Paging::<MineKey>::MOST);
        loop {
            let page = claims::mine(tx, part, &paging)?;
            page.items.iter().for_each(|unit| days.entry(unit.pay_on).or_default().add(unit));
            let Some(next) = page.next else { break };
            paging.after = Some(next);
        }
    }
    days.retain(|_, day| !day.is_empty());
    Ok(days)
}

/// The next pay day from `today` on for which something has passed review.
pub(super) fn next_day(days: &BTreeMap<NaiveDate, PayDay>, today: NaiveDate) -> Option<(NaiveDate, Yen)> {
    days.range(today..).find(|(_, day)| day.earned_units > 0).map(|(on, day)| (*on, day.earned))
}

#[derive(Serialize)]
struct PayPage {
    title: String,
    answer: String,
    coming: Vec<Row>,
    past: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    day: String,
    due: Option<Due>,
    earned: String,
    earned_units: String,
    unchecked: String,
}

impl Row {
    fn of(call: &Call, on: NaiveDate, day: PayDay) -> Self {
        let units = |count: i64| said(call, "my-pay-units", [("count", &format::count(count))]);
        let unchecked = || {
            let (amount, count) =
                (format::yen(call.language, day.unchecked), format::count(day.unchecked_units));
            said(call, "my-pay-unchecked", [("amount", &amount), ("count", &count)])
        };
        Self {
            day: format::full_date(call.language, on),
            due: None,
            earned: format::yen(call.language, day.earned),
            earned_units: units(day.earned_units),
            unchecked: if day.unchecked_units > 0 { unchecked() } else { String::new() },
        }
    }
}

/// `GET /my-pay`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    if let Some(not_yet) = not_registered::page(&call).await? {
        return Ok(not_yet);
    }
    let (days, now) = call.db(|tx| -> Result<_, DbError> { Ok((days(tx)?, tx.now())) }).await?;
    let today = date_in_japan(now);
    let coming = days.range(today..).map(|(on, day)| Row {
        due: Some(format::due(call.language, now, *on)),
        ..Row::of(&call, *on, *day)
    });
    let page = PayPage {
        title: call.text("my-pay-title"),
        answer: answer(&call, next_day(&days, today)),
        coming: coming.collect(),
        past: days.range(..today).rev().map(|(on, day)| Row::of(&call, *on, *day)).collect(),
    };
    call.page("my_units/pay.html", &page)
}

/// `つぎの支払日は12月10日(木)、1,200円です`
pub(super) fn answer(call: &Call, next: Option<(NaiveDate, Yen)>) -> String {
    let Some((on, amount)) = next else { return call.text("my-pay-none-coming") };
    let (day, amount) = (format::full_date(call.language, on), format::yen(call.language, amount));
    said(call, "my-pay-next", [("day", &day), ("amount", &amount)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_pay_day_is_the_first_with_work_that_passed() {
        let date = |text: &str| text.parse::<NaiveDate>().unwrap();
        let earned = PayDay { earned: Yen(400), earned_units: 2, ..PayDay::default() };
        let unchecked = PayDay { unchecked: Yen(200), unchecked_units: 1, ..PayDay::default() };
        let days = BTreeMap::from([
            (date("2026-11-10"), earned),
            (date("2026-12-10"), unchecked),
            (date("2027-01-10"), earned),
        ]);
        assert_eq!(next_day(&days, date("2026-11-11")), Some((date("2027-01-10"), Yen(400))));
        assert_eq!(next_day(&days, date("2026-11-10")), Some((date("2026-11-10"), Yen(400))), "on its day");
        assert_eq!(next_day(&days, date("2027-01-11")), None);
    }
}
