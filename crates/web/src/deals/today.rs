//! A salesperson's day for the home page: what is due, who waits for an answer, how far the year has come.
//!
//! A home page reads [`facts`], gives its page a field `sales: SalesToday::of(&call, &facts)` and includes
//! `deals/today.html`, which begins with the sentence. `/my-day` holds the same list whole.

use accounts::organizations;
use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use kernel::{Paging, PersonId};
use sales::day::{self, DayCounts, Due};
use sales::deals::{self, DealFilter, DealStatus, WonTotal};
use sales::targets::{Paced, orders_of_year};
use serde::Serialize;

use super::list;
use crate::call::Call;
use crate::format;
use crate::my_day::pages::sentence;
use crate::my_day::rows::{self, DayRow, Reach};
use crate::phrases::counted;
use crate::targets::pages::beside;

/// How many due things are listed; the others are on the page of the day.
const LISTED: u16 = 15;

/// What the database knows about a salesperson's day.
pub(crate) struct Facts {
    counts: DayCounts,
    due: Vec<Due>,
    reach: Reach,
    open: i64,
    year: YearFacts,
    person: PersonId,
    now: DateTime<Utc>,
}

/// What was won in the fiscal year, and what is to be.
pub(crate) struct YearFacts {
    won: WonTotal,
    /// The year's target for the town's orders; none where none is set.
    target: Option<Paced>,
}

/// Reads the town's fiscal year of today.
pub(crate) fn of_year(tx: &mut Tx<'_>) -> Result<YearFacts, DbError> {
    let this_year = organizations::fiscal_year(tx)?;
    Ok(YearFacts { won: deals::won_total(tx, this_year)?, target: orders_of_year(tx, this_year)? })
}

/// What a tile says of the fiscal year.
#[derive(Debug, Serialize)]
pub(crate) struct YearTile {
    year: String,
    amount: String,
    /// How many deals that is and, where there is a target, the target with its pace.
    beside: String,
    has_target: bool,
    href: String,
}

impl YearTile {
    /// In the reader's language.
    pub(crate) fn of(call: &Call, YearFacts { won, target }: &YearFacts) -> Self {
        let count = counted(call, "today-sales-won-count", "count", won.count);
        let beside = target.map(|target| beside(call, target));
        Self {
            year: won.year.0.to_string(),
            amount: format::count(won.amount.0),
            has_target: beside.is_some(),
            beside: [Some(count), beside].into_iter().flatten().collect::<Vec<_>>().join(" · "),
            href: list::won_in(won.year),
        }
    }
}

/// Reads `person`'s day.
pub(crate) fn facts(tx: &mut Tx<'_>, person: PersonId) -> Result<Facts, DbError> {
    let now = tx.now();
    let due = day::due(tx, person, &Paging::first(LISTED))?.items;
    let own = DealFilter { state: Some(DealStatus::Open), owner: Some(person), ..DealFilter::default() };
    Ok(Facts {
        counts: day::counts(tx, person)?,
        reach: Reach::of(tx, due.iter(), &[])?,
        due,
        open: deals::totals(tx, &own)?.count,
        year: of_year(tx)?,
        person,
        now,
    })
}

/// What `deals/today.html` shows, under `page.sales`.
#[derive(Debug, Serialize)]
pub(crate) struct SalesToday {
    /// "今日までにすること 5件（遅れ 2件）": the answer of the page.
    pub(crate) sentence: String,
    due: Vec<DayRow>,
    /// How many are due but not shown, in words; empty where all are shown.
    more: String,
    open_count: String,
    open_href: String,
    waiting: i64,
    late: i64,
    won: YearTile,
}

impl SalesToday {
    /// In the reader's language.
    pub(crate) fn of(call: &Call, facts: &Facts) -> Self {
        let Facts { counts, due, reach, open, year, person, now } = facts;
        let hidden = counts.due - i64::try_from(due.len()).unwrap_or(i64::MAX);
        Self {
            sentence: sentence(call, *counts),
            due: due.iter().map(|thing| rows::row(call, *now, reach, thing)).collect(),
            more: if hidden > 0 { counted(call, "today-sales-more", "count", hidden) } else { String::new() },
            open_count: format::count(*open),
            open_href: list::open_of(*person),
            waiting: counts.waiting,
            late: counts.waiting_late,
            won: YearTile::of(call, year),
        }
    }
}
