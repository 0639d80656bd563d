//! Pages that explain: help, accessibility statement, the town's figures.

pub(crate) mod api;

use std::rc::Rc;

use accounts::organizations::Organization;
use actix_web::HttpResponse;
use chrono::NaiveDate;
use db::{DbError, Tx};
use kernel::{FiscalYear, Yen, date_in_japan};
use sales::deals::WonTotal;
use serde::Serialize;
use workforce::workers::{Counts, WithdrawalReason};

use crate::call::Call;
use crate::failure::Failure;
use crate::format;

#[derive(Serialize)]
struct TextPage {
    title: String,
}

/// `GET /help`
pub(crate) async fn help(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let template = if call.who.is_some() { "info/help.html" } else { "info/help_public.html" };
    call.page(template, &TextPage { title: call.text("help-title") })
}

/// `GET /accessibility`
pub(crate) async fn accessibility(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    call.page("info/accessibility.html", &TextPage { title: call.text("accessibility-title") })
}

#[derive(Serialize)]
struct FiguresPage {
    title: String,
    as_of: String,
    year: String,
    is_demo: bool,
    workers: Vec<Figure>,
    money: Vec<Figure>,
}

#[derive(Serialize)]
struct Figure {
    label: String,
    value: String,
    unit: String,
    definition: String,
}

struct Taken {
    as_of: NaiveDate,
    town: Organization,
    counts: Counts,
    won: WonTotal,
    accepted: Yen,
}

/// The figures as of today in Japan, for the page and for JSON.
fn taken_today(tx: &mut Tx<'_>) -> Result<Taken, DbError> {
    let as_of = date_in_japan(tx.now());
    let year = FiscalYear::of(as_of);
    Ok(Taken {
        as_of,
        town: accounts::organizations::find(tx)?,
        counts: workforce::workers::counts(tx, as_of)?,
        won: sales::deals::won_total(tx, year)?,
        accepted: fulfillment::orders::accepted_total(tx, year)?,
    })
}

/// `GET /figures`: every number with its definition and day.
pub(crate) async fn figures(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let Taken { as_of: now, town, counts, won, accepted } = call.db(taken_today).await?;
    let language = call.language;
    let figure = |key: &str, value: String, unit: &str| Figure {
        label: call.text(&format!("figure-{key}")),
        value,
        unit: if unit.is_empty() { String::new() } else { call.text(unit) },
        definition: call.text(&format!("figure-{key}-means")),
    };
    let left: i64 = counts.withdrawn.values().sum();
    let for_employment = counts.withdrawn.get(&WithdrawalReason::Employment).copied().unwrap_or_default();
    let mut workers = vec![
        figure("registered", format::count(counts.registered_cumulative), "figure-people"),
        figure("left", format::count(left), "figure-people"),
        figure("left-employment", format::count(for_employment), "figure-people"),
        figure("enrolled", format::count(counts.active), "figure-people"),
    ];
    if let Some(population) = town.population {
        let share = percent(counts.registered_cumulative, i64::from(population));
        workers.push(figure("share", share, "figure-percent"));
    }
    let page = FiguresPage {
        title: call.text("nav-figures"),
        as_of: format::full_date(language, now),
        year: year_label(&call, now),
        is_demo: town.kind == accounts::organizations::TownKind::Demo,
        workers,
        money: vec![
            figure("won", yen_digits(won.amount), "unit-yen"),
            figure("accepted", yen_digits(accepted), "unit-yen"),
        ],
    };
    call.page("info/figures.html", &page)
}

fn yen_digits(amount: Yen) -> String {
    amount.to_string()
}

fn year_label(call: &Call, today: NaiveDate) -> String {
    let year = FiscalYear::of(today);
    match call.language {
        kernel::Language::Ja => format!("令和{}年度（{year}年度）", year.0 - 2018),
        kernel::Language::En => format!("Fiscal {year}"),
    }
}

/// A share in percent with two decimals, by whole numbers.
fn percent(part: i64, whole: i64) -> String {
    if whole <= 0 {
        return String::from("–");
    }
    let hundredths = (part * 10_000 + whole / 2) / whole;
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn the_seeds_shares_come_out() {
        assert_eq!(percent(75, 6960), "1.08");
        assert_eq!(percent(54, 6960), "0.78");
        assert_eq!(percent(1, 0), "–");
    }
}
