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
use sales::targets::Progress;
use serde::Serialize;

use super::list;
use crate::call::Call;
use crate::format;
use crate::my_day::pages::sentence;
use crate::my_day::rows::{self, DayRow, Reach};
use crate::phrases::counted;
use crate::steering::orders_of_year;
use crate::targets::pages::beside;

/// How many due things are listed; the others are on the page of the day.
const LISTED: u16 = 15;

/// What the database knows about a salesperson's day.
pub(crate) struct Facts {
    counts: DayCounts,
    due: Vec<Due>,
    reach: Reach,
    open: i64,
    won: WonTotal,
    /// The year's target for the town's orders; none where none is set.
    target: Option<Progress>,
    person: PersonId,
    now: DateTime<Utc>,
}

/// Reads `person`'s day.
pub(crate) fn facts(tx: &mut Tx<'_>, person: PersonId) -> Result<Facts, DbError> {
    let now = tx.now();
    let this_year = organizations::fiscal_year(tx)?;
    let due = day::due(tx, person, &Paging::first(LISTED))?.items;
    let own = DealFilter { state: Some(DealStatus::Open), owner: Some(person), ..DealFilter::default() };
    Ok(Facts {
        counts: day::counts(tx, person)?,
        reach: Reach::of(tx, due.iter(), &[])?,
        due,
        open: deals::totals(tx, &own)?.count,
        won: deals::won_total(tx, this_year)?,
        target: orders_of_year(tx, this_year)?,
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
    won_amount: String,
    won_href: String,
    won_count: String,
    /// The target beside what is won, with its pace; empty where none is set.
    target: String,
    year: String,
}

impl SalesToday {
    /// In the reader's language.
    pub(crate) fn of(call: &Call, facts: &Facts) -> Self {
        let Facts { counts, due, reach, open, won, target, person, now } = facts;
        let hidden = counts.due - i64::try_from(due.len()).unwrap_or(i64::MAX);
        Self {
            sentence: sentence(call, *counts),
            due: due.iter().map(|thing| rows::row(call, *now, reach, thing)).collect(),
            more: if hidden > 0 { counted(call, "today-sales-more", "count", hidden) } else { String::new() },
            open_count: format::count(*open),
            open_href: list::open_of(*person),
            waiting: counts.waiting,
            late: counts.waiting_late,
            won_amount: format::count(won.amount.0),
            won_href: list::won_in(won.year),
            won_count: counted(call, "today-sales-won-count", "count", won.count),
            target: target.as_ref().map(|target| beside(call, target)).unwrap_or_default(),
            year: won.year.0.to_string(),
        }
    }
}
