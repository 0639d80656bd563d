//! A worker's own list, and the written terms of a unit.

use std::rc::Rc;

use actix_web::HttpResponse;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use db::DbError;
use fulfillment::claims::{self, Mine, MineKey, MyUnit};
use fulfillment::hand_overs::{self, OpenHandOver, share_of};
use fulfillment::jobs;
use fulfillment::reviews;
use fulfillment::terms;
use fulfillment::units::{self, UnitState};
use kernel::{Language, Paging, UnitId, Yen};
use serde::{Deserialize, Serialize};

use crate::call::Call;
use crate::failure::Failure;
use crate::format::{self, Due};
use crate::orders::parts;
use crate::paths;
use crate::shell::Crumb;
use crate::terms_text::{self, Article};

/// What comes first on a page: the day it is due, then what came back, then what is under way, then what waits.
pub(super) fn urgency(unit: &MyUnit) -> (NaiveDate, u8, UnitId) {
    let rank = match unit.state {
        UnitState::Returned => 0,
        UnitState::Working => 1,
        UnitState::Claimed => 2,
        _ => 3,
    };
    (unit.work_due_on, rank, unit.unit)
}

/// A unit in a list.
#[derive(Debug, Serialize)]
pub(crate) struct UnitRow {
    id: String,
    href: String,
    label: String,
    state: UnitState,
    /// Somebody let it pass, and a second person looks at it.
    in_second_check: bool,
    /// Their appeal against its return waits: no clock runs.
    appealed: bool,
    due: Due,
    time: String,
    pay: String,
    pay_on: String,
    /// Whether the deadline moved and the worker has not accepted it yet.
    moved: bool,
    /// Whether the rules have changed since they last looked.
    rules_changed: bool,
}

/// When a unit is paid, in words: fixed by its receipt, or if it were handed in today. What is over and earned nothing
/// is not paid.
pub(super) fn paid(call: &Call, unit: &MyUnit) -> String {
    if is_over(unit) && unit.earned == Yen(0) {
        return String::new();
    }
    let key = if unit.received_on.is_some() { "my-unit-paid-on" } else { "my-unit-paid-if-today" };
    parts::say(call, key, &[("date", format::full_date(call.language, unit.pay_on))])
}

fn is_over(unit: &MyUnit) -> bool {
    Mine::Over.states().contains(&unit.state)
}

impl UnitRow {
    /// Words and numbers in the reader's language.
    pub(crate) fn of(call: &Call, now: DateTime<Utc>, unit: MyUnit) -> Self {
        let language = call.language;
        Self {
            pay_on: paid(call, &unit),
            id: format!("unit-{}", unit.unit),
            href: paths::my_unit(unit.unit),
            moved: unit.moved_to.is_some(),
            rules_changed: unit.rules_changed,
            label: parts::unit_name(call, &unit.job_title, &unit.label),
            state: unit.state,
            in_second_check: unit.in_second_check,
            appealed: unit.appealed,
            due: format::due(language, now, unit.work_due_on),
            time: format::duration(language, unit.unit_minutes.into()),
            // What is over says what it came to: less where it was called off, more where a fix was paid.
            pay: format::yen(language, if is_over(&unit) { unit.earned } else { unit.unit_pay }),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ListQuery {
    part: String,
    after: String,
}

#[derive(Serialize)]
struct Tab {
    label: String,
    href: String,
    current: bool,
}

#[derive(Serialize)]
struct ListPage {
    title: String,
    part: Mine,
    tabs: Vec<Tab>,
    /// The thing to do next; only in the part that is to be done.
    first: Option<UnitRow>,
    rows: Vec<UnitRow>,
    /// Parts that were handed over and wait for their share to be decided; only in the part that waits.
    parts: Vec<PartRow>,
    shown: usize,
    next_href: String,
    first_href: String,
    /// How many of their units were looked at lately, and how many were to be mended; only in the part that is over.
    looked_at: String,
}

/// A part of a unit that was handed over.
#[derive(Serialize)]
struct PartRow {
    id: String,
    label: String,
    /// The terms it was made under, which stay its maker's to read.
    href: String,
    share: String,
    pay_on: String,
}

impl PartRow {
    fn of(call: &Call, open: &OpenHandOver) -> Self {
        let part = &open.part;
        let share = [
            ("tenths", part.tenths.to_string()),
            ("amount", format::yen(call.language, share_of(part.unit_pay, part.tenths))),
        ];
        let day = [("date", format::full_date(call.language, part.pay_on()))];
        Self {
            id: format!("part-{}", part.id),
            label: parts::unit_name(call, &open.job_title, &open.label),
            href: format!("{}/terms", paths::my_unit(part.unit_id)),
            share: parts::say(call, "my-units-part", &share),
            pay_on: parts::say(call, "my-unit-paid-on", &day),
        }
    }
}

/// How many units a page shows.
const ROWS: u16 = 30;

/// `GET /my-units`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let query: ListQuery = call.query();
    let part: Mine = query.part.parse().unwrap_or(Mine::ToDo);
    let after = format::read_page_key::<MineKey>(&query.after);
    let first_href = if after.is_some() { href(part) } else { String::new() };
    let (person, is_asked) = (call.person()?, part == Mine::Waiting && after.is_none());
    let (page, handed_over, seen, now) = call
        .db(move |tx| -> Result<_, DbError> {
            let page = claims::mine(tx, part, &Paging { after, ..Paging::first(ROWS) })?;
            let parts = if is_asked { hand_overs::waiting_of(tx, person)? } else { Vec::new() };
            let since = tx.now() - LOOKED_BACK;
            let seen = if part == Mine::Over { reviews::sent_back_of(tx, person, since)? } else { (0, 0) };
            Ok((page, parts, seen, tx.now()))
        })
        .await?;
    let next_href = page.next.as_ref().map(|key| format!("{}&after={}", href(part), format::page_key(key)));
    let mut units = page.items;
    if part == Mine::ToDo {
        units.sort_by_key(urgency);
    }
    let shown = units.len();
    let mut rows = units.into_iter().map(|unit| UnitRow::of(&call, now, unit));
    let first = if part == Mine::ToDo { rows.next() } else { None };
    let view = ListPage {
        title: call.text("nav-units"),
        part,
        tabs: tabs(&call, part),
        first,
        rows: rows.collect(),
        parts: handed_over.iter().map(|open| PartRow::of(&call, open)).collect(),
        shown,
        next_href: next_href.unwrap_or_default(),
        first_href,
        looked_at: looked_at(&call, seen),
    };
    call.page("my_units/index.html", &view)
}

/// How far back the part that is over counts what was looked at.
const LOOKED_BACK: TimeDelta = TimeDelta::days(183);

fn looked_at(call: &Call, (looked, back): (i64, i64)) -> String {
    let counts = [("looked", format::count(looked)), ("back", format::count(back))];
    match (looked, back) {
        (0, _) => String::new(),
        (_, 0) => parts::say(call, "my-units-looked-at-good", &counts),
        _ => parts::say(call, "my-units-looked-at", &counts),
    }
}

fn href(part: Mine) -> String {
    format!("/my-units?part={part}")
}

fn tabs(call: &Call, current: Mine) -> Vec<Tab> {
    let parts =
        [(Mine::ToDo, "my-units-to-do"), (Mine::Waiting, "my-units-waiting"), (Mine::Over, "my-units-over")];
    let tab = |(part, text)| Tab { label: call.text(text), href: href(part), current: part == current };
    parts.into_iter().map(tab).collect()
}

/// What terms come to, for `offers/terms_plain.html`.
#[derive(Serialize)]
struct PlainTerms {
    work: String,
    count: String,
    pay: String,
    total: String,
    due: String,
    pay_on: String,
}

impl PlainTerms {
    fn of(call: &Call, held: &MyUnit, units: i32) -> Self {
        Self {
            work: held.job_title.clone(),
            count: format::count(units.into()),
            pay: format::yen(call.language, held.unit_pay),
            total: format::yen(call.language, Yen(held.unit_pay.0.saturating_mul(units.into()))),
            due: format::full_date(call.language, held.work_due_on),
            pay_on: format::full_date(call.language, held.pay_on),
        }
    }
}

#[derive(Serialize)]
struct TermsPage {
    title: String,
    crumbs: Vec<Crumb>,
    /// None once somebody else has the unit: what holds for it now is not theirs any more.
    plain: Option<PlainTerms>,
    articles: Vec<Article>,
    language: Language,
    units: i32,
    issued_at: String,
    sha256: String,
}

/// `GET /my-units/{unit}/terms`
pub(crate) async fn terms(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (unit, person): (UnitId, _) = (call.id("unit")?, call.person()?);
    let (named, held, notice) = call
        .db(move |tx| -> Result<_, DbError> {
            let notice = terms::accepted(tx, unit)?;
            let held = match claims::find_mine(tx, unit) {
                Err(DbError::NotFound) => None,
                found => Some(found?),
            };
            // Whoever has seen the terms need not be called about the mail with them.
            notifier::messages::opened(tx, person, &format!("terms:{}", notice.id))?;
            let named = (jobs::find(tx, notice.job_id)?.title, units::find(tx, unit)?.label);
            Ok((named, held, notice))
        })
        .await?;
    let label = parts::unit_name(&call, &named.0, &named.1);
    let view = TermsPage {
        title: call.text("my-unit-terms-title"),
        crumbs: vec![Crumb::new(&call, "nav-units", "/my-units"), Crumb::named(label, paths::my_unit(unit))],
        issued_at: format::moment(call.language, notice.issued_at),
        sha256: notice.sha256.to_string(),
        plain: held.map(|held| PlainTerms::of(&call, &held, notice.units)),
        articles: terms_text::articles(&notice.body),
        language: notice.language,
        units: notice.units,
    };
    call.page("my_units/terms.html", &view)
}
