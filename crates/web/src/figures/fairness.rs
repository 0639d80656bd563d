//! How evenly work was spread over what people wish for, month by month. Officers and advisers see no measure of fewer than
//! five people.

use std::rc::Rc;

use accounts::Role;
use actix_web::HttpResponse;
use db::DbError;
use fulfillment::rounds::figures::{self, Evenness, MonthFairness};
use serde::Serialize;

use crate::api::Listed;
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::jobs::rounds::percent;
use crate::phrases::said;
use crate::routes::may_get;
use crate::shell::Crumb;

/// How many months are shown.
const MONTHS: u32 = 12;
/// Of fewer people nothing is published.
const FEWEST: i64 = 5;

#[derive(Serialize)]
struct FairnessPage {
    title: String,
    crumbs: Vec<Crumb>,
    as_of: String,
    answer: String,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    month: String,
    people: String,
    granted: String,
    wished: String,
    /// Empty where nobody was given anything, or where too few people stand behind it.
    jain: String,
    gini: String,
    lowest_quarter: String,
}

/// Whether the reader runs the work and sees small numbers too.
fn sees_all(call: &Call) -> bool {
    call.who.as_ref().is_some_and(|who| who.is(Role::Admin) || who.is(Role::Coordinator))
}

/// What may be shown of a month; of fewer than [`FEWEST`] people not even what they were given.
fn published(call: &Call, month: MonthFairness) -> MonthFairness {
    if sees_all(call) || month.people >= FEWEST || month.people == 0 {
        return month;
    }
    MonthFairness { granted_minutes: 0, wished_minutes: 0, evenness: None, ..month }
}

async fn months(call: &Call) -> Result<Vec<MonthFairness>, Failure> {
    let months = call.db(|tx| -> Result<_, DbError> { figures::months(tx, MONTHS) }).await?;
    Ok(months.into_iter().map(|month| published(call, month)).collect())
}

/// `GET /figures/fairness`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let months = months(&call).await?;
    let this = months.first();
    let page = FairnessPage {
        title: call.text("fairness-title"),
        crumbs: if may_get(&call, "/figures") {
            vec![Crumb::new(&call, "nav-figures", "/figures")]
        } else {
            vec![Crumb::new(&call, "nav-workers", "/workers")]
        },
        as_of: this.map(|month| format::full_date(call.language, month.as_of)).unwrap_or_default(),
        answer: this.map(|month| answer(&call, month)).unwrap_or_default(),
        rows: months.iter().map(|month| row(&call, month)).collect(),
    };
    call.page("figures/fairness.html", &page)
}

fn answer(call: &Call, month: &MonthFairness) -> String {
    match month.evenness {
        Some(Evenness { jain_per_mille, lowest_quarter_per_mille, .. }) => {
            let words = [("jain", index_of(jain_per_mille)), ("lowest", percent(lowest_quarter_per_mille))];
            said(call, "fairness-answer", words.each_ref().map(|(name, text)| (*name, text.as_str())))
        }
        None => call.text("fairness-answer-none"),
    }
}

fn row(call: &Call, month: &MonthFairness) -> Row {
    let is_small = !sees_all(call) && (1..FEWEST).contains(&month.people);
    let minutes = |minutes| if is_small { String::new() } else { format::duration(call.language, minutes) };
    let measure = |of: fn(Evenness) -> String| month.evenness.map(of).unwrap_or_default();
    Row {
        month: format::year_month(call.language, month.month),
        people: if is_small { call.text("fairness-few") } else { format::count(month.people) },
        granted: minutes(month.granted_minutes),
        wished: minutes(month.wished_minutes),
        jain: measure(|evenness| index_of(evenness.jain_per_mille)),
        gini: measure(|evenness| index_of(evenness.gini_per_mille)),
        lowest_quarter: measure(|evenness| percent(evenness.lowest_quarter_per_mille)),
    }
}

/// Thousandths as an index: `0.938`.
fn index_of(per_mille: i64) -> String {
    format!("{}.{:03}", per_mille / 1000, per_mille % 1000)
}

/// `GET /api/v1/figures/fairness`
pub(crate) async fn list(call: Rc<Call>) -> Result<Listed<MonthFairness>, Failure> {
    Ok(months(&call).await?.into())
}
