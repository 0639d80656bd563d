//! The coordinator's home: what waits, what is due today, and the red orders with their next step.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use fulfillment::orders::{self, OrderCounts, OrderStatus, Schedule};
use fulfillment::questions::{self, Waiting};
use fulfillment::rounds::{self, Unclaimed};
use fulfillment::{appeals, coachings, fixes, hand_overs, shares};
use kernel::{FiscalYear, Language, WorkerId, Yen};
use notifier::calls;
use serde::Serialize;
use workforce::{availability, care_requests};

use super::index;
use super::row::{Names, StatusRow};
use super::step::Todo;
use super::{parts, past};
use crate::call::Call;
use crate::format;
use crate::paths;

/// How many orders the home shows.
const ROWS: usize = 8;
/// How many jobs that nobody takes.
const UNCLAIMED: i64 = 5;

/// What the database says about today; [`OrdersToday::of`] puts it into words.
#[derive(Debug)]
pub(crate) struct Facts {
    now: DateTime<Utc>,
    year: FiscalYear,
    accepted: Yen,
    waiting: i64,
    /// How many of what is checked wait for the second of two looks, whoever may give it.
    in_second: i64,
    fixes: i64,
    /// Parts whose share nobody has decided.
    hand_overs: i64,
    /// Appeals that wait for another reviewer.
    appeals: i64,
    /// People whom somebody is to sit down with.
    coachings: i64,
    /// Shares that partner towns offered and wait for an answer.
    shares: i64,
    counts: OrderCounts,
    /// Units that can go out to their clients.
    ready: i64,
    /// Questions about work that wait for an answer.
    questions: Waiting,
    /// People whom a notice reaches by telephone alone.
    calls: i64,
    /// Requests for consideration that wait for an answer.
    care: i64,
    /// Work that nobody takes though everybody may.
    unclaimed: Vec<Unclaimed>,
    /// Who said today that they have today off, by name.
    off_today: Vec<(WorkerId, String)>,
    shown: Vec<OrderStatus>,
    names: Names,
}

/// `page.orders_today` of `orders/today.html`.
#[derive(Debug, Serialize)]
pub(crate) struct OrdersToday {
    /// `検品待ち 14 · 今日期限 3`
    pub(crate) sentence: String,
    waiting: String,
    /// How many are in second check, in words; empty where none.
    in_second: String,
    fixes: i64,
    fixes_text: String,
    hand_overs: i64,
    hand_overs_text: String,
    appeals: i64,
    appeals_text: String,
    coachings: i64,
    coachings_text: String,
    shares: i64,
    shares_text: String,
    late: i64,
    late_text: String,
    late_href: String,
    running: String,
    drafts: i64,
    drafts_text: String,
    ready: i64,
    ready_text: String,
    questions: i64,
    questions_text: String,
    questions_late: i64,
    calls: i64,
    calls_text: String,
    care: i64,
    care_text: String,
    unclaimed: Vec<UnclaimedRow>,
    off_today: Vec<OffRow>,
    accepted: String,
    accepted_href: String,
    accepted_year: String,
    rows: Vec<StatusRow>,
    /// Whether every order is green: then the rows are simply the next ones.
    is_calm: bool,
}

/// A job that nobody takes.
#[derive(Debug, Serialize)]
struct UnclaimedRow {
    title: String,
    href: String,
    /// Where one sees who was asked.
    rounds_href: String,
    due: String,
}

/// Somebody who has today off.
#[derive(Debug, Serialize)]
struct OffRow {
    name: String,
    href: String,
}

impl UnclaimedRow {
    fn of(call: &Call, job: &Unclaimed) -> Self {
        let due = format::short_date(call.language, job.work_due_on);
        let href = paths::job(job.job);
        Self { title: job.title.clone(), rounds_href: format!("{href}/rounds"), href, due }
    }
}

/// Reads what the coordinator's home shows, in one transaction with the rest of the page.
pub(crate) fn facts(tx: &mut Tx<'_>, language: Language) -> Result<Facts, DbError> {
    let now = tx.now();
    let year = accounts::organizations::fiscal_year(tx)?;
    let mut shown = index::red_first(tx)?;
    let counts = orders::counts(tx, &shown)?;
    // Red ones first; then what waits for the coordinator, by its day.
    shown.sort_by_key(|status| {
        (calm(status.schedule), !waits_here(status), status.order.due_on, status.order.id)
    });
    shown.truncate(ROWS);
    Ok(Facts {
        now,
        accepted: orders::accepted_total(tx, year)?,
        year,
        waiting: fulfillment::reviews::waiting_count(tx)?,
        in_second: fulfillment::reviews::second_count(tx)?,
        fixes: fixes::count_open(tx, None)?,
        hand_overs: hand_overs::count_open(tx)?,
        appeals: appeals::count_open(tx)?,
        coachings: coachings::count_open(tx)?,
        shares: shares::count_waiting(tx)?,
        counts,
        ready: orders::ready_to_deliver(tx)?.iter().map(|(_, units)| units).sum(),
        questions: questions::count_open(tx)?,
        calls: calls::open_count(tx)?,
        care: care_requests::waiting_count(tx)?,
        unclaimed: rounds::unclaimed(tx, UNCLAIMED)?,
        off_today: off_today(tx, language)?,
        names: Names::read(tx, language, &shown.iter().collect::<Vec<_>>())?,
        shown,
    })
}

impl OrdersToday {
    /// The facts in the reader's words.
    pub(crate) fn of(call: &Call, facts: &Facts) -> Self {
        let year = facts.year;
        Self {
            sentence: sentence(call, facts),
            waiting: format::count(facts.waiting),
            in_second: if facts.in_second > 0 {
                parts::say_count(call, "levels-in-second-count", facts.in_second)
            } else {
                String::new()
            },
            fixes: facts.fixes,
            fixes_text: format::count(facts.fixes),
            hand_overs: facts.hand_overs,
            hand_overs_text: format::count(facts.hand_overs),
            appeals: facts.appeals,
            appeals_text: format::count(facts.appeals),
            coachings: facts.coachings,
            coachings_text: format::count(facts.coachings),
            shares: facts.shares,
            shares_text: format::count(facts.shares),
            late: facts.counts.late,
            late_href: index::of_schedule(Schedule::Late),
            accepted_href: past::accepted_in(year),
            late_text: format::count(facts.counts.late),
            running: format::count(facts.counts.running()),
            drafts: facts.counts.drafts,
            drafts_text: format::count(facts.counts.drafts),
            ready: facts.ready,
            ready_text: format::count(facts.ready),
            questions: facts.questions.open,
            questions_text: format::count(facts.questions.open),
            questions_late: facts.questions.late,
            calls: facts.calls,
            calls_text: format::count(facts.calls),
            care: facts.care,
            care_text: format::count(facts.care),
            off_today: facts.off_today.iter().map(off_row).collect(),
            unclaimed: facts.unclaimed.iter().map(|job| UnclaimedRow::of(call, job)).collect(),
            accepted: format::yen(call.language, facts.accepted),
            accepted_year: parts::say(call, "orders-today-year", &[("year", year.0.to_string())]),
            rows: facts.shown.iter().map(|row| StatusRow::of(call, facts.now, row, &facts.names)).collect(),
            is_calm: facts.shown.iter().all(|row| row.schedule == Schedule::OnTime),
        }
    }
}

/// How many people who have today off the page names.
const OFF: i64 = 20;

fn off_today(tx: &mut Tx<'_>, language: Language) -> Result<Vec<(WorkerId, String)>, DbError> {
    let off = availability::told_off_today(tx, OFF)?;
    let mut names = parts::people(tx, language, off.iter().map(|(_, person)| *person))?;
    Ok(off.into_iter().filter_map(|(worker, person)| Some((worker, names.remove(&person)?))).collect())
}

fn off_row((worker, name): &(WorkerId, String)) -> OffRow {
    OffRow { name: name.clone(), href: paths::worker(*worker) }
}

/// What is late comes first, then what may become so.
fn calm(schedule: Schedule) -> u8 {
    match schedule {
        Schedule::Late => 0,
        Schedule::AtRisk => 1,
        Schedule::OnTime | Schedule::Done => 2,
    }
}

fn waits_here(status: &OrderStatus) -> bool {
    Todo::of(status.order.state, &status.progress, status.late, status.questions).is_mine()
}

fn sentence(call: &Call, facts: &Facts) -> String {
    let mut said = vec![
        parts::say(call, "orders-today-waiting", &[("count", format::count(facts.waiting))]),
        parts::say(call, "orders-today-due", &[("count", format::count(facts.counts.due_today))]),
    ];
    if facts.counts.late > 0 {
        said.push(parts::say_count(call, "orders-answer-late", facts.counts.late));
    }
    if facts.counts.at_risk > 0 {
        said.push(parts::say_count(call, "orders-answer-at-risk", facts.counts.at_risk));
    }
    if facts.counts.drafts > 0 {
        said.push(parts::say_count(call, "orders-answer-drafts", facts.counts.drafts));
    }
    said.join(" · ")
}
