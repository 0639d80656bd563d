//! A salesperson's day for the home page: what is due, who waits for an answer, how far the year has come.
//!
//! A home page reads [`facts`], gives its page a field `sales: SalesToday::of(&call, &facts)` and includes
//! `deals/today.html`, which begins with the sentence.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use kernel::{FiscalYear, PersonId, date_in_japan};
use sales::deals::{self, Today, WonTotal};
use sales::leads::{self, Lead};
use serde::Serialize;

use super::list::{self, DealRow};
use crate::call::Call;
use crate::format::{self, Due};
use crate::paths;
use crate::phrases::{counted, said};

/// How many due leads are listed; the others are in the list of leads.
const MOST_LEADS: i64 = 20;

/// What the database knows about a salesperson's day.
pub(crate) struct Facts {
    today: Today,
    leads: Vec<Lead>,
    /// All leads that are due, and those that were due before today.
    leads_due: (i64, i64),
    waiting: i64,
    /// Leads that wait longer than was promised.
    late: i64,
    won: WonTotal,
    person: PersonId,
    now: DateTime<Utc>,
}

/// Reads `person`'s day.
pub(crate) fn facts(tx: &mut Tx<'_>, person: PersonId) -> Result<Facts, DbError> {
    let now = tx.now();
    Ok(Facts {
        today: deals::today(tx, person)?,
        leads: leads::due(tx, person, MOST_LEADS)?,
        leads_due: leads::due_counts(tx, person)?,
        waiting: leads::waiting(tx)?,
        late: leads::late_count(tx)?,
        won: deals::won_total(tx, FiscalYear::of(date_in_japan(now)))?,
        person,
        now,
    })
}

/// What `deals/today.html` shows, under `page.sales`.
#[derive(Debug, Serialize)]
pub(crate) struct SalesToday {
    /// "今日までにすること 5件（遅れ 2件）": the answer of the page.
    pub(crate) sentence: String,
    /// Leads somebody talked to, whose next action is due.
    leads: Vec<LeadRow>,
    due: Vec<DealRow>,
    /// How many are due but not shown, in words; empty where all are shown.
    more: String,
    open_count: String,
    open_href: String,
    waiting: i64,
    late: i64,
    won_amount: String,
    won_href: String,
    won_count: i64,
    year: String,
}

/// A lead as the day lists it.
#[derive(Debug, Serialize)]
struct LeadRow {
    id: String,
    href: String,
    company: String,
    next_action: String,
    due: Option<Due>,
}

impl LeadRow {
    fn of(call: &Call, now: DateTime<Utc>, lead: &Lead) -> Self {
        let next = lead.next.as_ref();
        Self {
            id: format!("lead-{}", lead.id),
            href: paths::lead(lead.id),
            company: lead.company_name.clone(),
            next_action: next.map(|next| next.next_action.clone()).unwrap_or_default(),
            due: next.map(|next| format::due(call.language, now, next.next_action_on)),
        }
    }
}

fn sentence(call: &Call, count: i64, late: i64) -> String {
    if late == 0 {
        return counted(call, "today-sales-sentence", "count", count);
    }
    let words = [("count", format::count(count)), ("late", format::count(late))];
    said(call, "today-sales-sentence-late", words.each_ref().map(|(name, text)| (*name, text.as_str())))
}

impl SalesToday {
    /// In the reader's language.
    pub(crate) fn of(call: &Call, facts: &Facts) -> Self {
        let Facts { today, leads, leads_due, waiting, late, won, person, now } = facts;
        let due_count = today.due_count + today.overdue_count;
        let hidden = due_count - i64::try_from(today.due.len()).unwrap_or(i64::MAX);
        Self {
            sentence: sentence(call, due_count + leads_due.0, today.overdue_count + leads_due.1),
            leads: leads.iter().map(|lead| LeadRow::of(call, *now, lead)).collect(),
            due: today.due.iter().map(|action| DealRow::of(call, *now, action.card.clone())).collect(),
            more: if hidden > 0 { counted(call, "today-sales-more", "count", hidden) } else { String::new() },
            open_count: format::count(today.open_count),
            open_href: list::open_of(*person),
            waiting: *waiting,
            late: *late,
            won_amount: format::count(won.amount.0),
            won_href: list::won_in(won.year),
            won_count: won.count,
            year: won.year.0.to_string(),
        }
    }
}
