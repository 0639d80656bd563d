//! What other owners' records say of targets: own share and pay from fulfillment, people from workforce.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use chrono::NaiveDate;
use db::{DbError, Tx};
use fulfillment::{earnings, orders};
use kernel::{FiscalYear, Span};
use sales::targets::{self, Measured, Metric, Standing, TargetId};
use workforce::workers;

/// How far the targets of `year` that hold are, with what every owner's records say; `None` where none were ever set.
pub(crate) fn standing(tx: &mut Tx<'_>, year: FiscalYear) -> Result<Option<Standing>, DbError> {
    match targets::measured(tx, year)? {
        Some(measured) => composed(tx, measured).map(Some),
        None => Ok(None),
    }
}

/// The same of what was measured of one version. Targets of the same metric and days are answered by one reading.
pub(super) fn composed(tx: &mut Tx<'_>, measured: Measured) -> Result<Standing, DbError> {
    let mut read: HashMap<(Metric, Span), Option<i64>> = HashMap::new();
    let mut known: HashMap<TargetId, i64> = HashMap::new();
    for (target, metric, span) in measured.asked_elsewhere() {
        let actual = match read.entry((metric, span)) {
            Entry::Occupied(already) => *already.get(),
            Entry::Vacant(place) => *place.insert(actual(tx, metric, span, measured.today)?),
        };
        known.extend(actual.map(|actual| (target, actual)));
    }
    Ok(measured.standing(&known))
}

/// What was reached within `span`; `None` before it begins, and for a share of nothing.
fn actual(tx: &mut Tx<'_>, metric: Metric, span: Span, today: NaiveDate) -> Result<Option<i64>, DbError> {
    if today < span.first {
        return Ok(None);
    }
    match metric {
        Metric::ActiveWorkers => Ok(Some(workers::counts(tx, span.last.min(today))?.active)),
        Metric::PaidToResidents => {
            let until = span.last.min(today);
            let days = earnings::pay_days(tx, Some(span.first))?;
            let paid = days.iter().filter(|day| day.on <= until).map(|day| day.amount.0).sum();
            Ok(Some(paid))
        }
        Metric::OwnShare => {
            let (own, partners) = orders::accepted_by_origin(tx, span)?;
            let all = own.0 + partners.0;
            Ok((all > 0).then(|| own.0 * 100 / all))
        }
        Metric::OrdersYen | Metric::NewClients | Metric::Calls | Metric::Visits => Ok(None),
    }
}
