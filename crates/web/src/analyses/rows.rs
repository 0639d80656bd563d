//! What analyses say as rows of tables and as pictures.

use kernel::Yen;
use sales::analyses::{Dimension, Funnel, LEAST, Lost, Outcome, Rate, Share, Step};
use serde::Serialize;

use super::picture::{Bars, Number};
use crate::call::Call;
use crate::forecast::chance::value_word;
use crate::format;
use crate::paths;
use crate::phrases::{counted, said, word};
use crate::routes::may_get;

/// How many clients and how many values the page names; the API has the others.
pub(super) const MOST: usize = 20;

/// A funnel as a picture and as a table.
#[derive(Serialize)]
pub(super) struct FunnelView {
    id: String,
    name: String,
    finding: String,
    picture: Bars,
    /// Says that a share leaves out deals that still stand in their stage; empty where none does.
    open: String,
    steps: Vec<StepRow>,
}

#[derive(Serialize)]
struct StepRow {
    name: String,
    reached: String,
    went_on: String,
    lost: String,
    standing: String,
    share: String,
    days: String,
}

/// The shares won by one thing that is known of deals.
#[derive(Serialize)]
pub(super) struct RatesView {
    id: String,
    name: String,
    /// Empty where too few are decided to say any share.
    picture: Option<Bars>,
    rows: Vec<RateRow>,
    more: usize,
}

#[derive(Serialize)]
struct RateRow {
    value: String,
    won: String,
    decided: String,
    share: String,
    amount: String,
}

/// A name with a count, an amount and a share.
#[derive(Serialize)]
pub(super) struct AmountRow {
    name: String,
    href: String,
    count: String,
    amount: String,
    share: String,
    class: String,
}

/// Hundredths of a percent as one reads them: `63.2%`.
pub(super) fn percent(hundredths: i64) -> String {
    let tenths = (hundredths + 5) / 10;
    format!("{}.{}%", tenths / 10, tenths % 10)
}

/// A share, or that there are too few to say one.
pub(super) fn share(call: &Call, hundredths: Option<i64>) -> String {
    hundredths.map_or_else(|| call.text("analyses-few"), percent)
}

fn step_row(call: &Call, step: &Step) -> StepRow {
    let days = step.average_days_tenths.map(|days| {
        let number = format!("{}.{}", days / 10, days % 10);
        said(call, "analyses-days-average", [("days", &number), ("count", &format::count(step.stays))])
    });
    StepRow {
        name: step.stage.clone(),
        reached: format::count(step.reached),
        went_on: format::count(step.went_on),
        lost: format::count(step.lost),
        standing: format::count(step.standing),
        share: share(call, step.went_on_hundredths),
        days: days.unwrap_or_else(|| call.text("analyses-few")),
    }
}

/// A funnel: how many came to each stage, and how many were won.
pub(super) fn funnel(call: &Call, funnel: &Funnel) -> FunnelView {
    let count = |count: i64| said(call, "analyses-deals", [("count", &format::count(count))]);
    let number = |step: &Step| Number {
        name: step.stage.clone(),
        text: match step.went_on_hundredths {
            Some(on) => said(
                call,
                "analyses-step",
                [("count", &format::count(step.reached)), ("share", &percent(on))],
            ),
            None => count(step.reached),
        },
        size: step.reached,
        mark: None,
        tone: "a",
    };
    let won = Number {
        name: call.text("analyses-won"),
        text: count(funnel.won),
        size: funnel.won,
        mark: None,
        tone: "b",
    };
    let numbers: Vec<Number> = funnel.steps.iter().map(number).chain([won]).collect();
    let (entered, won) = (format::count(funnel.entered), format::count(funnel.won));
    let finding = said(call, "analyses-funnel-finding", [("entered", &entered), ("won", &won)]);
    FunnelView {
        id: format!("funnel-{}", funnel.pipeline_id),
        name: said(call, "analyses-funnel", [("name", &funnel.pipeline)]),
        picture: Bars::of(finding.clone(), &numbers),
        finding,
        open: match funnel.steps.iter().map(|step| step.standing).sum() {
            0 => String::new(),
            standing => counted(call, "analyses-funnel-open", "count", standing),
        },
        steps: funnel.steps.iter().map(|step| step_row(call, step)).collect(),
    }
}

fn value_of(call: &Call, rate: &Rate) -> String {
    let Some(value) = rate.value.as_deref() else { return call.text("analyses-unknown") };
    match rate.dimension {
        Dimension::ClientClass => value.to_owned(),
        Dimension::Source => value_word(call, sales::chances::Variable::Source, value),
        Dimension::JobKind => value_word(call, sales::chances::Variable::JobKind, value),
        Dimension::Client => value_word(call, sales::chances::Variable::Client, value),
        Dimension::Size => value_word(call, sales::chances::Variable::Size, value),
    }
}

fn rate_row(call: &Call, rate: &Rate) -> RateRow {
    RateRow {
        value: value_of(call, rate),
        won: format::count(rate.outcome.count.won.into()),
        decided: format::count(rate.outcome.decided()),
        share: share(call, rate.outcome.won_hundredths),
        amount: format::yen(call.language, rate.outcome.amount),
    }
}

/// What is won of `decided` deals: `63.2%（6,711件中）`.
fn of_decided(call: &Call, outcome: &Outcome, hundredths: i64) -> String {
    let decided = format::count(outcome.decided());
    said(call, "analyses-of-decided", [("share", &percent(hundredths)), ("count", &decided)])
}

/// What a picture of shares shows, for readers who cannot see it: the largest of them.
fn best(call: &Call, name: &str, numbers: &[Number]) -> String {
    let largest = numbers.iter().rev().max_by_key(|one| one.size);
    largest.map_or_else(
        || name.to_owned(),
        |one| said(call, "analyses-best", [("name", name), ("value", &one.name), ("share", &one.text)]),
    )
}

/// The shares won by each dimension, beside the share of all.
pub(super) fn rates(call: &Call, whole: &Outcome, rates: &[Rate]) -> Vec<RatesView> {
    let view = |dimension: &Dimension| {
        let own: Vec<&Rate> = rates.iter().filter(|rate| rate.dimension == *dimension).collect();
        let shown = own.iter().take(MOST);
        let said_ones = shown.clone().filter_map(|rate| Some((rate, rate.outcome.won_hundredths?)));
        let numbers: Vec<Number> = said_ones
            .map(|(rate, hundredths)| Number {
                name: value_of(call, rate),
                text: of_decided(call, &rate.outcome, hundredths),
                size: hundredths,
                mark: whole.won_hundredths,
                tone: "a",
            })
            .collect();
        let name = word(call, "analyses-by", dimension);
        RatesView {
            id: format!("by-{}", dimension.to_string().replace('_', "-")),
            picture: (!numbers.is_empty()).then(|| Bars::to(best(call, &name, &numbers), 10_000, &numbers)),
            rows: shown.map(|rate| rate_row(call, rate)).collect(),
            more: own.len().saturating_sub(MOST),
            name,
        }
    };
    // Where nothing is known of any deal there is nothing to tell apart.
    let is_known = |dimension: &&Dimension| {
        rates.iter().any(|rate| rate.dimension == **dimension && rate.value.is_some())
    };
    Dimension::ALL.iter().filter(is_known).map(view).collect()
}

/// Why deals were lost, as bars and as rows.
pub(super) fn lost(call: &Call, lost: &[Lost]) -> (Bars, Vec<AmountRow>) {
    let all: i64 = lost.iter().map(|one| one.count).sum();
    let part = |one: &Lost| (one.count * 10_000 + all / 2) / all.max(1);
    let name = |one: &Lost| word(call, "deal-lost-reason", one.reason);
    let number = |one: &Lost| Number {
        name: name(one),
        text: said(call, "analyses-deals", [("count", &format::count(one.count))]),
        size: one.count,
        mark: None,
        tone: "c",
    };
    let row = |one: &Lost| AmountRow {
        name: name(one),
        href: String::new(),
        count: format::count(one.count),
        amount: format::yen(call.language, one.amount),
        share: share(call, (all >= LEAST).then(|| part(one))),
        class: String::new(),
    };
    let numbers: Vec<Number> = lost.iter().map(number).collect();
    let finding = match lost.first() {
        Some(most) if all >= LEAST => {
            said(call, "analyses-lost-finding", [("reason", &name(most)), ("share", &percent(part(most)))])
        }
        _ => said(call, "analyses-lost-few", [("count", &format::count(all))]),
    };
    (Bars::of(finding, &numbers), lost.iter().map(row).collect())
}

/// Clients by their part of the orders, as bars and as rows.
pub(super) fn clients(call: &Call, finding: String, clients: &[Share]) -> (Bars, Vec<AmountRow>) {
    let shown = clients.iter().take(MOST);
    let class = |one: &Share| one.class.to_string().to_uppercase();
    let number = |one: &Share| Number {
        name: format!("{} {}", class(one), one.company),
        text: percent(one.hundredths),
        size: one.hundredths,
        mark: None,
        tone: if one.class == sales::analyses::AbcClass::A { "a" } else { "c" },
    };
    let opens = may_get(call, "/companies/{id}");
    let row = |one: &Share| AmountRow {
        name: one.company.clone(),
        href: if opens { paths::company(one.company_id) } else { String::new() },
        count: String::new(),
        amount: format::yen(call.language, one.amount),
        share: percent(one.hundredths),
        class: class(one),
    };
    let numbers: Vec<Number> = shown.clone().map(number).collect();
    (Bars::of(finding, &numbers), shown.map(row).collect())
}

/// Own and partners' part of what was accepted, as bars; nothing where nothing was.
pub(super) fn own(call: &Call, (own, partners): (Yen, Yen)) -> Option<Bars> {
    let all = own.0 + partners.0;
    if all == 0 {
        return None;
    }
    let hundredths = (own.0 * 10_000 + all / 2) / all;
    let number = |key: &str, amount: Yen, part: i64, tone: &'static str| Number {
        name: call.text(key),
        text: said(
            call,
            "analyses-amount-share",
            [("amount", &format::yen(call.language, amount)), ("share", &percent(part))],
        ),
        size: amount.0,
        mark: None,
        tone,
    };
    let numbers = [
        number("analyses-own", own, hundredths, "a"),
        number("analyses-partners", partners, 10_000 - hundredths, "c"),
    ];
    let finding = said(call, "analyses-own-finding", [("share", &percent(hundredths))]);
    Some(Bars::to(finding, all, &numbers))
}
