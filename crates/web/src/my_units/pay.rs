//! `GET /my-pay`: a worker's money by the day it is paid, as the accepted terms say: what has passed review, and what
//! is still being checked. What a fix pays is a line of its own, counted from its own receipt.

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

/// How far a payment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stand {
    Unchecked,
    Earned,
}

impl Stand {
    /// Of the work a unit's state is about now; `None` where nothing of it was handed in or taken.
    const fn of(state: UnitState) -> Option<Self> {
        match state {
            UnitState::Submitted | UnitState::Checking => Some(Self::Unchecked),
            UnitState::Passed | UnitState::Delivered | UnitState::ClaimedBack | UnitState::Accepted => {
                Some(Self::Earned)
            }
            _ => None,
        }
    }
}

impl PayDay {
    fn add(&mut self, stand: Stand, pay: Yen, units: i64) {
        let (amount, count) = match stand {
            Stand::Unchecked => (&mut self.unchecked, &mut self.unchecked_units),
            Stand::Earned => (&mut self.earned, &mut self.earned_units),
        };
        *amount = Yen(amount.0 + pay.0);
        *count += units;
    }

    const fn is_empty(self) -> bool {
        self.earned.0 == 0 && self.unchecked.0 == 0
    }
}

/// What a unit adds to which days. Work that passed once stays earned while its client has it fixed.
fn lines(unit: &MyUnit) -> impl Iterator<Item = (NaiveDate, Stand, Yen, i64)> {
    let now = Stand::of(unit.state);
    let has_passed = unit.fix.is_some() && !matches!(unit.state, UnitState::Rejected | UnitState::Cancelled);
    let whole = if has_passed { Some(Stand::Earned) } else { now };
    let own = whole.map(|stand| (unit.pay_on, stand, unit.unit_pay, 1));
    let extra = unit.extra_pay.iter().filter(|extra| extra.received_on.is_some());
    let extra = extra.filter_map(|extra| now.or(whole).map(|stand| (extra.pay_on, stand, extra.pay, 0)));
    own.into_iter().chain(extra.collect::<Vec<_>>())
}

/// The acting person's pay days, earliest first. It reads all their work; that is some hundreds of units even after
/// years.
pub(crate) fn days(tx: &mut Tx<'_>) -> Result<BTreeMap<NaiveDate, PayDay>, DbError> {
    let mut days: BTreeMap<NaiveDate, PayDay> = BTreeMap::new();
    for part in Mine::ALL.iter().copied() {
        let mut paging = Paging::first(Paging::<MineKey>::MOST);
        loop {
            let page = claims::mine(tx, part, &paging)?;
            for (on, stand, pay, units) in page.items.iter().flat_map(lines) {
                days.entry(on).or_default().add(stand, pay, units);
            }
            let Some(next) = page.next else { break };
            paging.after = Some(next);
        }
    }
    days.retain(|_, day| !day.is_empty());
    Ok(days)
}

/// The next pay day from `today` on for which something has passed review.
pub(super) fn next_day(days: &BTreeMap<NaiveDate, PayDay>, today: NaiveDate) -> Option<(NaiveDate, Yen)> {
    days.range(today..).find(|(_, day)| day.earned.0 > 0).map(|(on, day)| (*on, day.earned))
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
            unchecked: if day.unchecked.0 > 0 { unchecked() } else { String::new() },
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
