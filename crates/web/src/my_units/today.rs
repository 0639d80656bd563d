//! A worker's part of the home page: what to do next, the offers that fit best, and this week's hours.

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use fulfillment::claims::{self, Mine, MineKey, MyUnit};
use fulfillment::earnings::{self, PayDays, YearOfPay};
use fulfillment::statements;
use kernel::{Paging, PersonId, date_in_japan};
use serde::Serialize;
use workforce::availability::{self, Plan};
use workforce::interviews::{self, Interview};
use workforce::workers;

use super::ask::{self, Ask, Desk};
use super::pages::{UnitRow, urgency};
use super::pay;
use super::year::{self, LimitView};
use crate::call::Call;
use crate::format;
use crate::offers::card::{self, CardView, Offered, WhyNone};
use crate::orders::parts::{self, text_key};
use crate::waiting::Join;

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
    /// The day on which what is kept of somebody who left is forgotten.
    forgotten_on: Option<NaiveDate>,
    desk: Desk,
    weekly_minutes: i64,
    free_minutes: i64,
    /// Done this week and still to do.
    used_minutes: i64,
    pay: PayDays,
    stated: pay::Stated,
    /// How many of their statements wait for their word.
    to_confirm: i64,
    year: YearOfPay,
    interview: Option<Interview>,
    plan: Plan,
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
        forgotten_on: worker.withdrawn_on.map(workers::forgotten_on),
        desk: ask::desk(tx)?,
        weekly_minutes: worker.weekly_minutes.into(),
        free_minutes: claims::free_minutes(tx, &worker)?,
        used_minutes: claims::promised_by(tx, &worker)? + claims::worked_by(tx, &worker)?.week,
        pay: earnings::days_from(tx, Some(date_in_japan(tx.now())))?,
        stated: statements::my_days(tx)?,
        to_confirm: statements::to_confirm(tx)?,
        year: earnings::year(tx, None)?,
        interview: interviews::planned(tx, worker.id)?,
        plan: availability::plan(tx, worker.id)?,
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
    /// What becomes of what is kept of somebody who left; empty for everybody else.
    forgotten: String,
    ask: Option<Ask>,
    used_minutes: i64,
    weekly_minutes: i64,
    used: String,
    weekly: String,
    free: String,
    /// When money comes next, and how much.
    pay: String,
    /// How many statements wait for their word, in words; empty where none does.
    to_confirm: String,
    /// What this year came to so far, in words.
    year: String,
    /// The limit they watch; none where they watch none.
    limit: Option<LimitView>,
    /// When and how they are talked with; empty where no interview is planned.
    interview: String,
    /// Where it is joined.
    join: Join,
    /// Today is off.
    is_off_today: bool,
    /// It was taken off today, so one tap undoes it.
    may_come_back: bool,
    /// Their hours of today, where they gave it hours of its own; empty where it is like any other, or off.
    own_hours: String,
}

impl WorkerToday {
    /// Words and numbers in the reader's language.
    pub(crate) fn of(call: &Call, facts: Facts) -> Self {
        let (language, now) = (call.language, facts.now);
        // Units that came back count even beyond the week's limit; the bar ends at the limit all the same.
        let used = facts.used_minutes;
        let offered = (used + facts.free_minutes).min(facts.weekly_minutes);
        let count = facts.to_do.len();
        let first = facts.to_do.into_iter().take(UNITS);
        let mut rows = first.map(|unit| UnitRow::of(call, now, unit));
        let next = rows.next();
        let own_day = facts.plan.days.get(&facts.today);
        Self {
            count,
            next,
            rows: rows.collect(),
            offers: facts.offers.into_iter().map(|offered| CardView::of(call, now, offered)).collect(),
            why_none: facts.why_none,
            forgotten: facts.forgotten_on.map(|on| forgotten(call, on)).unwrap_or_default(),
            ask: Ask::about(call, &facts.desk, &call.text("nav-offers")),
            used_minutes: used.min(offered),
            weekly_minutes: offered,
            used: format::duration(language, used),
            weekly: format::duration(language, offered),
            free: format::duration(language, facts.free_minutes),
            is_off_today: facts.plan.is_off(facts.today),
            may_come_back: own_day.is_some_and(|own| own.is_off && own.told_today),
            own_hours: own_day
                .filter(|own| !own.is_off)
                .map(|own| availability::said(&own.windows))
                .unwrap_or_default(),
            pay: pay::answer(call, &facts.pay, &facts.stated, facts.today),
            to_confirm: match facts.to_confirm {
                0 => String::new(),
                count => parts::say_count(call, "my-statements-answer", count),
            },
            year: year::sentence(call, &facts.year),
            limit: LimitView::of(call, &facts.year),
            join: facts.interview.as_ref().map(Join::of).unwrap_or_default(),
            interview: facts.interview.map(|one| talk(call, &one)).unwrap_or_default(),
        }
    }
}

fn forgotten(call: &Call, on: NaiveDate) -> String {
    parts::say(call, "my-today-forgotten", &[("day", parts::day(call.language, on))])
}

/// `12月1日(火) 10:00、オンライン`
fn talk(call: &Call, interview: &Interview) -> String {
    let when = format::full_moment(call.language, interview.starts_at);
    let way = call.text(&text_key("interview-way-own", interview.way.as_str()));
    parts::say(call, "my-interview-when", &[("when", when), ("way", way)])
}
