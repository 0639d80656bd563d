//! What the town reckons costs from, and what a quote costs and leaves: for the town's own eyes.

use std::rc::Rc;

use accounts::Role;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use fulfillment::promises::Days;
use kernel::{Language, Yen};
use sales::costs::{self, CostRates, CostRatesInput, Costing, KeptCost, Outlook};
use sales::quotes::QuoteLine;
use serde::Serialize;

use crate::api::{self, Created, Json, Listed, Once};
use crate::call::Call;
use crate::capacity::said::DaysView;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::phrases::said;

/// The address of the page.
const PAGE: &str = "/costs";

/// What a quote costs and leaves, in words.
#[derive(Serialize)]
pub(crate) struct CostView {
    hours: String,
    /// Whether the hours are expected or measured.
    basis: String,
    cost: String,
    floor: String,
    margin: String,
    is_below_floor: bool,
    /// Why it is sold below the floor; empty where it is not, or nobody said.
    reason: String,
    /// By when it can be done; says so where nobody has computed it.
    promise: String,
}

impl CostView {
    /// Of what would be issued.
    pub(crate) fn of_draft(call: &Call, lines: &[QuoteLine], rates: &CostRates, days: &Days) -> Self {
        let outlook = Outlook { promise_on: days.promised_on, ..Outlook::default() };
        let costing = Costing::of(lines, rates, outlook);
        let promise = match costing.promise_on {
            Some(day) => format::full_date(call.language, day),
            None => DaysView::of(call, days).promised,
        };
        Self {
            hours: format::duration(call.language, costing.minutes),
            basis: call.text(if costing.is_measured { "cost-basis-measured" } else { "cost-basis-expected" }),
            cost: format::yen(call.language, costing.cost),
            floor: format::yen(call.language, costing.floor_price),
            margin: margin(call, costing.margin, costing.margin_permille),
            is_below_floor: costing.is_below_floor(),
            reason: String::new(),
            promise,
        }
    }

    /// Of an issued quote at `price`, as it was reckoned then.
    pub(crate) fn of_issued(call: &Call, kept: &KeptCost, price: Yen, promise: &DaysView) -> Self {
        let (left, permille) = kept.margin(price);
        Self {
            hours: format::duration(call.language, kept.minutes),
            basis: call.text("cost-basis-expected"),
            cost: format::yen(call.language, kept.cost),
            floor: format::yen(call.language, kept.floor_price),
            margin: margin(call, left, permille),
            is_below_floor: price < kept.floor_price,
            reason: kept.reason.clone(),
            promise: promise.promised.clone(),
        }
    }
}

/// `4,000円（8.0%）`
fn margin(call: &Call, left: Yen, permille: Option<i64>) -> String {
    let yen = format::yen(call.language, left);
    match permille {
        Some(permille) => {
            let share = percent(permille);
            said(call, "cost-margin-share", [("yen", yen.as_str()), ("share", share.as_str())])
        }
        None => yen,
    }
}

fn percent(permille: i64) -> String {
    let (sign, size) = (if permille < 0 { "−" } else { "" }, permille.unsigned_abs());
    format!("{sign}{}.{}%", size / 10, size % 10)
}

#[derive(Serialize)]
struct RatesView {
    version: String,
    facts: Vec<String>,
}

impl RatesView {
    fn of(call: &Call, rates: &CostRates) -> Self {
        let language = call.language;
        let share = |key: &str, percent: i16| said(call, key, [("percent", percent.to_string().as_str())]);
        let yen = |key: &str, amount: Yen| {
            let amount = format::yen(language, amount);
            said(call, key, [("amount", amount.as_str())])
        };
        let source = source(call, language, rates);
        Self {
            version: said(call, "cost-version", [("version", rates.version.to_string().as_str())]),
            facts: vec![
                yen("cost-fact-hourly", rates.hourly_yen),
                share("cost-fact-check", rates.check_percent),
                share("cost-fact-redo", rates.redo_percent),
                yen("cost-fact-fixed", rates.fixed_yen),
                share("cost-fact-margin", rates.margin_percent),
                source,
                format::full_moment(language, rates.recorded_at),
            ],
        }
    }
}

fn source(call: &Call, language: Language, rates: &CostRates) -> String {
    let day = format::plain_date(language, rates.as_of);
    said(call, "cost-fact-source", [("source", rates.source.as_str()), ("day", day.as_str())])
}

#[derive(Serialize)]
struct CostsPage {
    title: String,
    action: &'static str,
    version: i32,
    may_write: bool,
    versions: Vec<RatesView>,
    form: FormView,
}

async fn page(call: &Call, returned: Option<(&Form, &Failure)>) -> Result<HttpResponse, Failure> {
    let versions = call.db(costs::history).await?;
    let fresh = versions.first().map(filled).unwrap_or_default();
    let page = CostsPage {
        title: call.text("cost-title"),
        action: PAGE,
        version: versions.first().map_or(0, |rates| rates.version),
        may_write: call.who.as_ref().is_some_and(|who| who.is(Role::Admin)),
        versions: versions.iter().map(|rates| RatesView::of(call, rates)).collect(),
        form: returned.map_or(&fresh, |(form, _)| form).view(call, returned.map(|(_, failure)| failure)),
    };
    let status = returned.map_or(StatusCode::OK, |(_, failure)| failure.status());
    call.page_with(status, "costs/index.html", &page)
}

fn filled(rates: &CostRates) -> Form {
    Form::default()
        .preset("hourly_yen", rates.hourly_yen.0)
        .preset("check_percent", rates.check_percent)
        .preset("redo_percent", rates.redo_percent)
        .preset("fixed_yen", rates.fixed_yen.0)
        .preset("margin_percent", rates.margin_percent)
        .preset("source", &rates.source)
        .preset("as_of", rates.as_of)
}

/// `GET /costs`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    page(&call, None).await
}

/// `POST /costs`
pub(crate) async fn assume(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input: CostRatesInput = form.input()?;
    match call.db(move |tx| costs::assume(tx, &input)).await {
        Ok(_rates) => Ok(call.done(PAGE, "done-saved")),
        Err(failure) if failure.is_about_input() => page(&call, Some((&form, &failure))).await,
        Err(failure) => Err(failure),
    }
}

/// `GET /api/v1/costs`
pub(crate) async fn index(call: Rc<Call>) -> Result<Listed<CostRates>, Failure> {
    Ok(call.db(costs::history).await?.into())
}

/// `POST /api/v1/costs`
pub(crate) async fn create(
    call: Rc<Call>,
    Json(input): Json<CostRatesInput>,
) -> Result<Once<Created<CostRates>>, Failure> {
    api::once(&call, move |tx| costs::assume(tx, &input).map(Created)).await
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn a_share_has_one_decimal_and_a_sign_where_nothing_is_left() {
        assert_eq!(percent(80), "8.0%");
        assert_eq!(percent(-725), "−72.5%");
        assert_eq!(percent(0), "0.0%");
    }
}
