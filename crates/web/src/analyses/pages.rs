//! `/analyses`: how selling went in a part of a year.

use std::rc::Rc;

use actix_web::HttpResponse;
use db::DbError;
use kernel::{FiscalYear, Period, Typed};
use sales::analyses::{LEAST, Share};
use sales::pipelines::{self, Pipeline, PipelineId};
use sales::targets;
use serde::{Deserialize, Serialize};

use super::picture::Bars;
use super::rows::{self, AmountRow, FunnelView, MOST, RatesView, percent};
use super::{Asked, HERE, Taken, taken};
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::phrases::{self, said};
use crate::targets::words::period;

/// How many of the largest clients the page’s sentence names together.
const TOP: usize = 3;

/// What is asked for, as it stands in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct AnalysesQuery {
    year: Typed,
    period: Typed,
    pipeline: Typed,
}

#[derive(Serialize)]
struct AnalysesPage {
    title: String,
    answer: String,
    span: String,
    years: Vec<Way>,
    year_text: String,
    periods: Vec<Way>,
    period_text: String,
    pipelines: Vec<Way>,
    pipeline_text: String,
    tiles: Vec<Tile>,
    /// Says that shares of few deals are left out.
    few: String,
    funnels: Vec<FunnelView>,
    rates: Vec<RatesView>,
    lost_picture: Bars,
    lost: Vec<AmountRow>,
    clients_picture: Bars,
    clients_finding: String,
    clients: Vec<AmountRow>,
    clients_more: usize,
    own: Option<Bars>,
    own_note: String,
}

/// A choice that leads somewhere.
#[derive(Serialize)]
struct Way {
    label: String,
    href: String,
    current: bool,
}

/// One number with what it means.
#[derive(Serialize)]
struct Tile {
    label: String,
    value: String,
    note: String,
}

struct Facts {
    taken: Taken,
    this_year: FiscalYear,
    pipelines: Vec<Pipeline>,
}

fn address(facts: &Facts, year: FiscalYear, period: Period, pipeline: Option<PipelineId>) -> String {
    let pipeline = pipeline.map(|id| id.to_string()).unwrap_or_default();
    let year = if year == facts.this_year { String::new() } else { year.to_string() };
    phrases::address(HERE, &[("year", &year), ("period", period.as_str()), ("pipeline", &pipeline)])
}

fn years(call: &Call, facts: &Facts) -> Vec<Way> {
    let Taken { year, period, ref selling, .. } = facts.taken;
    let mut near =
        vec![facts.this_year, FiscalYear(facts.this_year.0 - 1), FiscalYear(facts.this_year.0 - 2), year];
    near.sort_unstable_by_key(|one| std::cmp::Reverse(one.0));
    near.dedup();
    let way = |one: FiscalYear| Way {
        label: phrases::fiscal_year(call, one),
        href: address(facts, one, period, selling.pipeline_id),
        current: one == year,
    };
    near.into_iter().map(way).collect()
}

fn periods(call: &Call, facts: &Facts) -> Vec<Way> {
    let Taken { year, starts_on, ref selling, .. } = facts.taken;
    let way = |one: &Period| Way {
        label: period(call.language, starts_on, *one),
        href: address(facts, year, *one, selling.pipeline_id),
        current: *one == facts.taken.period,
    };
    Period::ALL.iter().map(way).collect()
}

fn pipeline_ways(call: &Call, facts: &Facts) -> Vec<Way> {
    let chosen = facts.taken.selling.pipeline_id;
    let way = |label: String, id: Option<PipelineId>| Way {
        label,
        href: address(facts, facts.taken.year, facts.taken.period, id),
        current: id == chosen,
    };
    let every = std::iter::once(way(call.text("analyses-every-pipeline"), None));
    every.chain(facts.pipelines.iter().map(|one| way(one.name.clone(), Some(one.id)))).collect()
}

fn tiles(call: &Call, facts: &Facts) -> Vec<Tile> {
    let outcome = &facts.taken.selling.outcome;
    let tile = |key: &str, value: String| Tile {
        label: call.text(&format!("analyses-tile-{key}")),
        value,
        note: call.text(&format!("analyses-tile-{key}-means")),
    };
    let average = outcome.average().map(|amount| format::yen(call.language, amount));
    vec![
        tile("rate", rows::share(call, outcome.won_hundredths)),
        tile("decided", format::count(outcome.decided())),
        tile("average", average.unwrap_or_else(|| call.text("analyses-few"))),
    ]
}

/// The sentence somebody comes for: which part of what was decided was won.
fn answer(call: &Call, facts: &Facts) -> String {
    let outcome = &facts.taken.selling.outcome;
    let (won, decided) = (format::count(outcome.count.won.into()), format::count(outcome.decided()));
    match outcome.won_hundredths {
        Some(hundredths) => {
            let share = percent(hundredths);
            said(call, "analyses-answer", [("share", &share), ("won", &won), ("decided", &decided)])
        }
        None if outcome.decided() > 0 => {
            said(call, "analyses-answer-few", [("won", &won), ("decided", &decided)])
        }
        None => call.text("analyses-answer-none"),
    }
}

/// How much of the orders the largest clients have together.
fn top(call: &Call, clients: &[Share]) -> String {
    if clients.is_empty() {
        return call.text("analyses-clients-none");
    }
    let top: i64 = clients.iter().take(TOP).map(|one| one.hundredths).sum();
    let (count, share) = (clients.len().min(TOP).to_string(), percent(top.min(10_000)));
    let all = format::count(i64::try_from(clients.len()).unwrap_or_default());
    said(call, "analyses-clients-finding", [("count", &count), ("share", &share), ("all", &all)])
}

/// `GET /analyses`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let query: AnalysesQuery = call.query();
    let asked = Asked {
        year: query.year.as_str().parse().ok(),
        period: query.period.as_str().parse().ok(),
        pipeline: query.pipeline.as_str().parse().ok(),
    };
    let facts = call
        .db(move |tx| -> Result<_, DbError> {
            let this_year = targets::this_year(tx)?.0;
            Ok(Facts { taken: taken(tx, asked)?, this_year, pipelines: pipelines::list(tx)? })
        })
        .await?;
    let (taken, selling) = (&facts.taken, &facts.taken.selling);
    let day = |on| format::full_date(call.language, on);
    let (first, last) = (day(selling.span.first), day(selling.span.last));
    let (lost_picture, reasons) = rows::lost(&call, &selling.lost);
    let clients_finding = top(&call, &selling.clients);
    let (clients_picture, clients) = rows::clients(&call, clients_finding.clone(), &selling.clients);
    let pipelines = pipeline_ways(&call, &facts);
    let chosen = pipelines.iter().find(|way| way.current).map(|way| way.label.clone());
    let page = AnalysesPage {
        title: call.text("analyses-title"),
        answer: answer(&call, &facts),
        span: said(&call, "analyses-span", [("from", &first), ("to", &last)]),
        years: years(&call, &facts),
        year_text: phrases::fiscal_year(&call, taken.year),
        periods: periods(&call, &facts),
        period_text: period(call.language, taken.starts_on, taken.period),
        pipeline_text: chosen.unwrap_or_else(|| call.text("analyses-every-pipeline")),
        pipelines,
        tiles: tiles(&call, &facts),
        few: said(&call, "analyses-few-means", [("least", &LEAST.to_string())]),
        funnels: selling.funnels.iter().map(|one| rows::funnel(&call, one)).collect(),
        rates: rows::rates(&call, &selling.outcome, &selling.rates),
        lost_picture,
        lost: reasons,
        clients_picture,
        clients_finding,
        clients,
        clients_more: selling.clients.len().saturating_sub(MOST),
        own: rows::own(&call, taken.accepted),
        own_note: call.text(if selling.pipeline_id.is_some() {
            "analyses-own-every"
        } else {
            "analyses-own-means"
        }),
    };
    call.page("analyses/index.html", &page)
}
