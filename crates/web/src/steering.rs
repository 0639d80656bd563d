//! What steers a team where owners meet: what other owners' records say of targets (own share and pay from fulfillment,
//! people from workforce), and targets and milestones in words for mails.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use accounts::Person;
use chrono::NaiveDate;
use db::{DbError, Tx};
use fulfillment::{earnings, orders};
use kernel::{FiscalYear, Language, Span, date_in_japan};
use sales::advice::Clock;
use sales::roadmaps;
use sales::targets::{self, Measured, Metric, Plan, Standing, Target, TargetId};
use workforce::workers;

use crate::roadmap::reading;
use crate::targets::words;

/// How far the targets of `year` that hold are, with what every owner's records say; `None` where none were ever set.
pub fn standing(tx: &mut Tx<'_>, year: FiscalYear) -> Result<Option<Standing>, DbError> {
    match targets::measured(tx, year)? {
        Some(measured) => composed(tx, measured).map(Some),
        None => Ok(None),
    }
}

/// The same of what was measured of one version. Targets of the same metric and days are answered by one reading.
pub(crate) fn composed(tx: &mut Tx<'_>, measured: Measured) -> Result<Standing, DbError> {
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

/// Milestones as they stand, with what other owners' records say of those that are bound to what they count.
pub fn with_actuals(
    tx: &mut Tx<'_>,
    standing: Vec<roadmaps::Standing>,
) -> Result<Vec<roadmaps::Standing>, DbError> {
    standing.into_iter().map(|one| with_actual(tx, one)).collect()
}

/// The same of one.
pub fn with_actual(tx: &mut Tx<'_>, mut one: roadmaps::Standing) -> Result<roadmaps::Standing, DbError> {
    let today = date_in_japan(tx.now());
    if let Some(asked) = roadmaps::asked_elsewhere(tx, &one.milestone)?
        && let Some(reached) = actual(tx, asked.0, asked.1, today)?
    {
        one.reading = roadmaps::read(tx, &one.milestone, asked, reached)?;
    }
    Ok(one)
}

/// What a target is of, for mails: `受注額 · 町全体 · 下期（10月〜3月）`.
pub fn target_name(language: Language, plan: &Plan, target: &Target, person: Option<&Person>) -> String {
    let of = words::scope(language, target, person);
    let period = words::period(language, plan.starts_on, target.period);
    [words::metric(language, target.metric), of, period].join(" · ")
}

/// How a target stands, for mails: what is reached, what should be by now, and the target.
pub fn target_stands(language: Language, target: &Target, actual: i64, expected: i64) -> String {
    let value = |number: i64| words::value(language, target.metric, number);
    let said = [("actual", value(actual)), ("expected", value(expected)), ("target", value(target.value))];
    crate::words::said(language, "target-stands", said.each_ref().map(|(name, text)| (*name, text.as_str())))
}

/// What a milestone that is bound to a metric comes to, for mails; empty where it is bound to nothing.
pub fn milestone_reads(language: Language, standing: &roadmaps::Standing) -> String {
    reading::sentence(language, &standing.milestone, standing.reading.as_ref())
}

/// What is due after an adviser's session, for mails.
pub fn advice_clock(language: Language, clock: Clock) -> String {
    crate::words::word(language, "advice-mail", clock)
}
