//! `/forecast`: what is expected of a part of the year.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use accounts::{Person, Role, persons};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::{DbError, Tx};
use kernel::{DealId, FiscalYear, Period, PersonId, Span, Typed, Yen};
use sales::chances::{self, Chance};
use sales::colleagues;
use sales::deals::{self, Deal, DealStatus};
use sales::forecasts::{
    self, About, Adjustment, AdjustmentInput, Changes, Outlook, Position, Seen, Snapshot, SnapshotId,
};
use sales::targets::{self, Metric, Progress, Scope};
use serde::{Deserialize, Serialize};

use super::chance::{beside_stage, percent};
use super::earlier::{Earlier, left_before};
use super::picture::picture;
use super::since::{SinceView, since};
use super::{HERE, api};
use crate::analyses::picture::Bars;
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::paths;
use crate::phrases::{self, Choice, said, word};
use crate::routes::may_get;
use crate::targets::may_steer;
use crate::targets::words::{period, signed_yen};

/// How many deals a page names; the others are in the list of deals.
pub(super) const DEALS: usize = 50;

/// Which forecast, and since when.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ForecastQuery {
    year: Typed,
    period: Typed,
    person: Typed,
    since: Typed,
}

#[derive(Serialize)]
struct ForecastPage {
    title: String,
    answer: String,
    picture: Option<Bars>,
    as_of: String,
    tiles: Vec<Tile>,
    periods: Vec<Way>,
    people: Vec<Way>,
    period_text: String,
    person_text: String,
    notes: Vec<String>,
    adjusted: Vec<Line>,
    lines: Vec<AdjustmentRow>,
    may_adjust: bool,
    /// Whose forecast the reader may say something about.
    whose: Vec<Choice>,
    since: Option<SinceView>,
    /// What may still be won, and then what is won already.
    deals: DealTable,
    won: DealTable,
    /// What should have been decided before these days and is still open; nothing where there is none.
    earlier: Option<Earlier>,
    /// Why how likely deals are is another number than their stage’s; empty where nothing is said of any.
    chance_note: String,
    year: i32,
    period: String,
    form: FormView,
}

/// One number with what it means.
#[derive(Serialize)]
struct Tile {
    label: String,
    value: String,
    note: String,
    tone: &'static str,
}

/// A choice that leads somewhere.
#[derive(Serialize)]
pub(super) struct Way {
    pub(super) label: String,
    pub(super) href: String,
    pub(super) current: bool,
}

/// A name and an amount.
#[derive(Serialize)]
struct Line {
    name: String,
    amount: String,
}

#[derive(Serialize)]
struct AdjustmentRow {
    whose: String,
    side: String,
    amount: String,
    reason: String,
    who: String,
    at: String,
    counts: bool,
}

/// Deals of one state, the largest weight first, with what all of them weigh.
#[derive(Serialize)]
struct DealTable {
    rows: Vec<DealRow>,
    more: i64,
    count: i64,
    total: String,
}

#[derive(Serialize)]
struct DealRow {
    title: String,
    href: String,
    state: DealStatus,
    owner: String,
    expected: String,
    is_overdue: bool,
    amount: String,
    probability: String,
    chance: String,
    chance_href: String,
    weighted: String,
}

pub(super) struct Facts {
    pub(super) seen: Seen,
    target: Option<Progress>,
    pub(super) snapshots: Vec<Snapshot>,
    since: Option<(Snapshot, Option<Changes>)>,
    deals: HashMap<DealId, Deal>,
    chances: HashMap<DealId, Chance>,
    sellers: Vec<Person>,
    named: BTreeMap<PersonId, Person>,
    pub(super) now: chrono::DateTime<chrono::Utc>,
}

/// What was asked for, read from the query.
#[derive(Clone, Copy)]
struct Asked {
    year: Option<FiscalYear>,
    period: Option<Period>,
    person: Option<PersonId>,
    since: Option<SnapshotId>,
}

impl Asked {
    fn of(call: &Call) -> Self {
        let query: ForecastQuery = call.query();
        Self {
            year: query.year.as_str().parse().ok(),
            period: query.period.as_str().parse().ok(),
            person: query.person.as_str().parse().ok(),
            since: query.since.as_str().parse().ok(),
        }
    }
}

fn facts(tx: &mut Tx<'_>, asked: Asked) -> Result<Facts, DbError> {
    let (year, period) = api::meant(tx, asked.year, asked.period)?;
    // A forecast of nobody would be everybody's name over nothing.
    if let Some(person) = asked.person {
        persons::find(tx, person)?;
    }
    let seen = forecasts::see(tx, year, period, asked.person)?;
    let snapshots = forecasts::snapshots(tx)?;
    let chosen = match asked.since {
        Some(id) => snapshots.iter().find(|one| one.id == id),
        None => snapshots.first(),
    };
    let since = match chosen.copied() {
        Some(snapshot) => {
            let about = About { span: seen.forecast.span, whose: asked.person };
            Some((snapshot, forecasts::changed_since(tx, &snapshot, about)?))
        }
        None => None,
    };
    let counting = seen.counting();
    let mut ids: Vec<DealId> = Vec::new();
    for is_won in [false, true] {
        ids.extend(of_state(&counting, is_won).take(DEALS).map(|one| one.deal));
    }
    let chances = chances::of(tx, &ids)?;
    ids.extend(left_before(&seen).take(DEALS).map(|one| one.deal));
    if let Some((_, Some(changes))) = &since {
        ids.extend(changes.changes.iter().take(DEALS).map(|change| change.deal));
    }
    let mut named: Vec<PersonId> = seen.positions.iter().map(|one| one.owner).collect();
    named.extend(seen.lines.iter().flat_map(|line| [line.person_id, line.set_by]));
    named.extend(asked.person);
    Ok(Facts {
        target: target(tx, year, (period, seen.forecast.span), asked.person)?,
        deals: deals::find_many(tx, &ids)?.into_iter().map(|deal| (deal.id, deal)).collect(),
        sellers: colleagues::list(tx)?,
        named: persons::find_many(tx, &named)?,
        now: tx.now(),
        seen,
        snapshots,
        since,
        chances,
    })
}

/// The target of orders for the same days, of the town or of the person.
fn target(
    tx: &mut Tx<'_>,
    year: FiscalYear,
    (period, span): (Period, Span),
    person: Option<PersonId>,
) -> Result<Option<Progress>, DbError> {
    let is_it = |one: &Progress| {
        let scope = if person.is_some() { Scope::Person } else { Scope::Town };
        let of = (one.target.metric, one.target.scope, one.target.person_id, one.target.period);
        of == (Metric::OrdersYen, scope, person, period) && one.span == span
    };
    // Orders are sales' own records: nothing of other owners' is asked for this one.
    let standing = targets::measured(tx, year)?.map(|measured| measured.standing(&HashMap::new()));
    Ok(standing.and_then(|standing| standing.targets.into_iter().find(is_it)))
}

pub(super) fn address(
    facts: &Facts,
    period: Period,
    person: Option<PersonId>,
    since: Option<SnapshotId>,
) -> String {
    let forecast = &facts.seen.forecast;
    let text = |id: Option<String>| id.unwrap_or_default();
    phrases::address(
        HERE,
        &[
            ("year", &forecast.fiscal_year.to_string()),
            ("period", period.as_str()),
            ("person", &text(person.map(|id| id.to_string()))),
            ("since", &text(since.map(|id| id.to_string()))),
        ],
    )
}

fn tiles(call: &Call, facts: &Facts) -> Vec<Tile> {
    let outlook = &facts.seen.forecast.outlook;
    let yen = |amount: Yen| format::yen(call.language, amount);
    let tile = |key: &str, amount: Yen| Tile {
        label: call.text(&format!("forecast-{key}")),
        value: yen(amount),
        note: call.text(&format!("forecast-{key}-means")),
        tone: "",
    };
    let mut tiles = vec![
        tile("weighted", outlook.weighted),
        tile("commit", outlook.commit),
        tile("best-case", outlook.best_case),
        tile("won", outlook.won.amount),
    ];
    if let Some(target) = &facts.target {
        let short = target.target.value - outlook.weighted.0;
        let (key, tone) = if short > 0 { ("forecast-short", "warn") } else { ("forecast-enough", "good") };
        let amount = yen(Yen(short.abs()));
        tiles.push(Tile {
            label: call.text("forecast-target"),
            value: yen(Yen(target.target.value)),
            note: said(call, key, [("amount", amount.as_str())]),
            tone,
        });
    }
    tiles
}

fn notes(call: &Call, outlook: &Outlook) -> Vec<String> {
    let note = |key: &str, part: forecasts::Part| {
        let (count, amount) = (format::count(part.count), format::yen(call.language, part.amount));
        (part.count > 0).then(|| said(call, key, [("count", count.as_str()), ("amount", amount.as_str())]))
    };
    [note("forecast-undated", outlook.undated), note("forecast-overdue", outlook.overdue)]
        .into_iter()
        .flatten()
        .collect()
}

pub(super) fn name_of(call: &Call, facts: &Facts, id: PersonId) -> String {
    facts.named.get(&id).map(|person| person.name_in(call.language)).unwrap_or_default()
}

fn adjustment_row(call: &Call, facts: &Facts, line: &Adjustment) -> AdjustmentRow {
    AdjustmentRow {
        whose: name_of(call, facts, line.person_id),
        side: word(call, "forecast-side", line.side),
        amount: signed_yen(call.language, line.amount),
        reason: line.reason.clone(),
        who: name_of(call, facts, line.set_by),
        at: format::moment(call.language, line.set_at),
        counts: facts.seen.counts(line),
    }
}

fn adjusted(call: &Call, facts: &Facts) -> Vec<Line> {
    let forecast = &facts.seen.forecast;
    let line = |key: &str, amount: String| Line { name: call.text(key), amount };
    let signed = |amount: Yen| signed_yen(call.language, amount);
    vec![
        line("forecast-reckoned", format::yen(call.language, forecast.outlook.weighted)),
        line("forecast-side-owner", signed(forecast.adjusted.owners)),
        line("forecast-side-manager", signed(forecast.adjusted.managers)),
        line("forecast-adjusted", format::yen(call.language, forecast.adjusted.total)),
    ]
}

pub(super) fn deal_link(call: &Call, facts: &Facts, id: DealId) -> (String, String) {
    let known = facts.deals.get(&id);
    let title = known.map_or_else(|| call.text("forecast-deal-gone"), |deal| deal.title.clone());
    let opens = known.is_some() && may_get(call, "/deals/{id}");
    (title, if opens { paths::deal(id) } else { String::new() })
}

fn deal_row(call: &Call, facts: &Facts, position: &Position) -> DealRow {
    let (title, href) = deal_link(call, facts, position.deal);
    let day = if position.state == DealStatus::Won { position.won_on } else { position.expected_close_on };
    let chance = facts.chances.get(&position.deal).filter(|_| position.state == DealStatus::Open);
    let said = chance.and_then(|chance| percent(call, chance));
    let has_page = said.is_some() && may_get(call, "/deals/{id}/chance");
    DealRow {
        title,
        href,
        state: position.state,
        owner: name_of(call, facts, position.owner),
        expected: day.map(|day| format::short_date(call.language, day)).unwrap_or_default(),
        is_overdue: position.state == DealStatus::Open
            && day.is_some_and(|day| day < facts.seen.forecast.as_of),
        amount: format::yen(call.language, position.amount),
        probability: format!("{}%", position.probability),
        chance_href: if has_page { format!("{}/chance", paths::deal(position.deal)) } else { String::new() },
        chance: said.unwrap_or_default(),
        weighted: format::yen(call.language, position.weighted(facts.seen.forecast.span)),
    }
}

/// Why how likely a deal is is not its stage's number, by the most deals that any of these is reckoned from.
fn chance_note(call: &Call, facts: &Facts) -> String {
    let shown = facts.chances.values().filter(|one| one.hundredths.is_some());
    let most = shown.max_by_key(|one| one.decided.won + one.decided.lost);
    most.map(|one| beside_stage(call, one)).unwrap_or_default()
}

/// Those that are won, or those that are not.
fn of_state(counting: &[Position], is_won: bool) -> impl Iterator<Item = &Position> {
    counting.iter().filter(move |one| (one.state == DealStatus::Won) == is_won)
}

fn deal_table(call: &Call, facts: &Facts, counting: &[Position], is_won: bool) -> DealTable {
    let count = of_state(counting, is_won).count();
    let weight: Yen = of_state(counting, is_won).map(|one| one.weighted(facts.seen.forecast.span)).sum();
    DealTable {
        rows: of_state(counting, is_won).take(DEALS).map(|one| deal_row(call, facts, one)).collect(),
        more: i64::try_from(count.saturating_sub(DEALS)).unwrap_or_default(),
        count: i64::try_from(count).unwrap_or_default(),
        total: format::yen(call.language, weight),
    }
}

fn period_options(call: &Call, facts: &Facts) -> Vec<Way> {
    let forecast = &facts.seen.forecast;
    let starts_on = forecast.fiscal_year.first_day_in(chrono::Datelike::month(&first_of(facts)));
    let option = |one: &Period| Way {
        label: period(call.language, starts_on, *one),
        href: address(facts, *one, forecast.person_id, None),
        current: *one == forecast.period,
    };
    Period::ALL.iter().map(option).collect()
}

/// The first day of the fiscal year a forecast is of.
fn first_of(facts: &Facts) -> chrono::NaiveDate {
    let forecast = &facts.seen.forecast;
    let months = chrono::Months::new(forecast.period.months().0);
    forecast.span.first.checked_sub_months(months).unwrap_or(forecast.span.first)
}

fn people_options(call: &Call, facts: &Facts) -> Vec<Way> {
    let forecast = &facts.seen.forecast;
    let option = |label: String, person: Option<PersonId>| Way {
        label,
        href: address(facts, forecast.period, person, None),
        current: person == forecast.person_id,
    };
    let everybody = std::iter::once(option(call.text("forecast-everybody"), None));
    let each = facts.sellers.iter().map(|person| option(person.name_in(call.language), Some(person.id)));
    everybody.chain(each).collect()
}

/// Whose forecast the reader may say something about: their own, and everybody's for officers and administrators.
fn whose(call: &Call, facts: &Facts) -> Vec<Choice> {
    let manages = call.who.as_ref().is_some_and(|who| who.is(Role::Admin) || who.is(Role::Officer));
    let own = call.person().ok();
    let theirs = facts.sellers.iter().filter(|person| manages || Some(person.id) == own).cloned();
    phrases::people(call.language, &theirs.collect::<Vec<_>>())
}

async fn page(call: &Call, returned: Option<(&Form, &Failure)>) -> Result<HttpResponse, Failure> {
    let mut asked = Asked::of(call);
    if let Some((form, _)) = returned {
        asked.year = form.get("fiscal_year").parse().ok();
        asked.period = form.get("period").parse().ok();
    }
    let facts = call.db(move |tx| facts(tx, asked)).await?;
    let forecast = &facts.seen.forecast;
    let counting = facts.seen.counting();
    let outlook = &forecast.outlook;
    let whole = period(call.language, first_of(&facts), forecast.period);
    let yen = |amount: Yen| format::yen(call.language, amount);
    let words = [
        ("period", whole.clone()),
        ("weighted", yen(outlook.weighted)),
        ("commit", yen(outlook.commit)),
        ("best", yen(outlook.best_case)),
    ];
    let fresh = Form::default().preset("person_id", call.person()?);
    let who = forecast.person_id.map(|id| name_of(call, &facts, id)).filter(|name| !name.is_empty());
    let answer = said(call, "forecast-answer", words.each_ref().map(|(name, text)| (*name, text.as_str())));
    let target = facts.target.as_ref().map(|one| Yen(one.target.value));
    let page = ForecastPage {
        title: call.text("forecast-title"),
        picture: picture(call, &answer, outlook, target),
        answer,
        as_of: format::full_date(call.language, forecast.as_of),
        tiles: tiles(call, &facts),
        periods: period_options(call, &facts),
        people: people_options(call, &facts),
        period_text: whole,
        person_text: who.unwrap_or_else(|| call.text("forecast-everybody")),
        notes: notes(call, outlook),
        adjusted: adjusted(call, &facts),
        lines: facts.seen.lines.iter().map(|line| adjustment_row(call, &facts, line)).collect(),
        may_adjust: may_steer(call) && !whose(call, &facts).is_empty(),
        whose: whose(call, &facts),
        since: facts.since.as_ref().map(|(one, changes)| since(call, &facts, one, changes.as_ref())),
        deals: deal_table(call, &facts, &counting, false),
        won: deal_table(call, &facts, &counting, true),
        earlier: Earlier::of(call, &facts),
        chance_note: chance_note(call, &facts),
        year: forecast.fiscal_year.0,
        period: forecast.period.to_string(),
        form: returned.map_or(&fresh, |(form, _)| form).view(call, returned.map(|(_, failure)| failure)),
    };
    let status: StatusCode = returned.map_or(StatusCode::OK, |(_, failure)| phrases::again(failure));
    call.page_with(status, "forecast/index.html", &page)
}

/// `GET /forecast`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    page(&call, None).await
}

/// `POST /forecast/adjustments`
pub(crate) async fn adjust(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input: AdjustmentInput = form.input()?;
    let back = phrases::address(HERE, &[("year", form.get("fiscal_year")), ("period", form.get("period"))]);
    let written = call.once(&form, move |tx| forecasts::adjust(tx, &input).map(|_adjusted| back));
    match written.await {
        Ok(location) => Ok(call.done(location, "done-forecast-adjusted")),
        Err(failure) if failure.is_about_input() => page(&call, Some((&form, &failure))).await,
        Err(failure) => Err(failure),
    }
}
