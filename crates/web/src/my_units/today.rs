//! A worker's part of the home page: what to do next, the offers that fit best, and this week's hours.

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use fulfillment::claims::{self, Mine, MineKey, MyUnit};
use fulfillment::earnings::{self, PayDays};
use kernel::{Paging, PersonId, date_in_japan};
use serde::Serialize;
use workforce::interviews::{self, Interview};
use workforce::workers;

use super::ask::{self, Ask, Desk};
use super::pages::{UnitRow, urgency};
use super::pay;
use crate::call::Call;
use crate::format;
use crate::orders::parts::{self, text_key};
use crate::offers::card::{self, CardView, Offered, WhyNone};

/// How many offers the home page shows.
const OFFERS: u16 = 3;
/// How many units it shows.
const UNITS: usize = 3;

/// What the home page needs, read in its transaction.
#[derive(Debug)]
pub(crate) struct Facts {
    to_do: Vec<MyUnit>,
    offers: Vec<Offered>,
    why_none: WhyNone,
    desk: Desk,
    weekly_minutes: i64,
    free_minutes: i64,
    pay: PayDays,
    interview: Option<Interview>,
    today: NaiveDate,
    now: DateTime<Utc>,
}

/// Reads it; `None` for somebody who is no registered worker.
pub(crate) fn read(tx: &mut Tx<'_>, person: PersonId) -> Result<Option<Facts>, DbError> {
    let Some(worker) = workers::of_person(tx, person)? else { return Ok(None) };
    let page = claims::mine(tx, Mine::ToDo, &Paging::first(Paging::<MineKey>::MOST))?;
    let mut to_do = page.items;
    to_do.sort_by_key(urgency);
    Ok(Some(Facts {
        to_do,
        offers: card::fitting(tx, &worker, &Paging::first(OFFERS))?.items,
        why_none: WhyNone::of(tx, &worker)?,
        desk: ask::desk(tx)?,
        weekly_minutes: worker.weekly_minutes.into(),
        free_minutes: claims::free_minutes(tx, &worker)?,
        pay: earnings::days_from(tx, Some(date_in_japan(tx.now())))?,
        interview: interviews::planned(tx, worker.id)?,
        today: date_in_japan(tx.now()),
        now: tx.now(),
    }))
}

/// What `my_units/today.html` shows; its includer calls it `worker`.
#[derive(Debug, Serialize)]
pub(crate) struct WorkerToday {
    /// How many units wait for the worker, up to a page of them.
    pub(crate) count: usize,
    next: Option<UnitRow>,
    rows: Vec<UnitRow>,
    offers: Vec<CardView>,
    /// What the page says where no offer is shown.
    why_none: WhyNone,
    ask: Option<Ask>,
    used_minutes: i64,
    weekly_minutes: i64,
    used: String,
    weekly: String,
    free: String,
    /// When money comes next, and how much.
    pay: String,
    /// When and how they are talked with; empty where no interview is planned.
    interview: String,
}

impl WorkerToday {
    /// Words and numbers in the reader's language.
    pub(crate) fn of(call: &Call, facts: Facts) -> Self {
        let (language, now) = (call.language, facts.now);
        // Units that came back count even beyond the week's limit; the bar ends at the limit all the same.
        let used = facts.weekly_minutes.saturating_sub(facts.free_minutes).max(0);
        let count = facts.to_do.len();
        let first = facts.to_do.into_iter().take(UNITS);
        let mut rows = first.map(|unit| UnitRow::of(call, now, unit));
        let next = rows.next();
        Self {
            count,
            next,
            rows: rows.collect(),
            offers: facts.offers.into_iter().map(|offered| CardView::of(call, now, offered)).collect(),
            why_none: facts.why_none,
            ask: Ask::about(call, &facts.desk, &call.text("nav-offers")),
            used_minutes: used,
            weekly_minutes: facts.weekly_minutes,
            used: format::duration(language, used),
            weekly: format::duration(language, facts.weekly_minutes),
            free: format::duration(language, facts.free_minutes),
            pay: pay::answer(call, &facts.pay, facts.today),
            interview: facts.interview.map(|one| talk(call, &one)).unwrap_or_default(),
        }
    }
}

/// `12月1日(火) 10:00、オンライン`
fn talk(call: &Call, interview: &Interview) -> String {
    let when = format::full_moment(call.language, interview.starts_at);
    let way = call.text(&text_key("interview-way-own", interview.way.as_str()));
    parts::say(call, "my-interview-when", &[("when", when), ("way", way)])
}
