//! A running order as a row: the answers to the seven questions (product.md), the same in the list and at home.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use fulfillment::orders::{InHand, Order, OrderStatus, Pieces, Schedule};
use kernel::{CompanyId, Language, PersonId};
use serde::Serialize;

use super::parts;
use super::step::{NextStep, next_step};
use crate::call::Call;
use crate::capacity::said::share;
use crate::format::{self, Due};
use crate::paths;

/// How many of the people who have something in hand a row names.
const NAMED: usize = 2;

/// The names that rows show.
#[derive(Debug, Default)]
pub(crate) struct Names {
    clients: HashMap<CompanyId, String>,
    people: HashMap<PersonId, String>,
}

impl Names {
    /// Those of some orders' clients, and of the people whom rows about them name.
    pub(crate) fn read(tx: &mut Tx<'_>, language: Language, shown: &[&OrderStatus]) -> Result<Self, DbError> {
        let orders: Vec<&Order> = shown.iter().map(|row| &row.order).collect();
        let named = shown.iter().flat_map(|row| row.in_hand.iter().take(NAMED));
        Ok(Self {
            clients: parts::client_names(tx, &orders)?,
            people: parts::people(tx, language, named.map(|one| one.person))?,
        })
    }

    /// The client of an order.
    pub(crate) fn client(&self, order: &Order) -> String {
        self.clients.get(&order.company_id).cloned().unwrap_or_default()
    }
}

/// One running order with the answers to the seven questions.
#[derive(Debug, Serialize)]
pub(crate) struct StatusRow {
    id: String,
    title: String,
    href: String,
    client: String,
    due: Due,
    /// `bad`, `warn` or empty.
    tone: &'static str,
    schedule: String,
    schedule_tone: &'static str,
    schedule_icon: &'static str,
    /// How likely it comes after its day, where that is a risk; empty where it is none.
    likely_late: String,
    /// Work whose day lies after the order's; empty where there is none.
    after: String,
    arranged: String,
    finished: String,
    /// How many of the ordered pieces were split into units, in words; empty where all were and no more.
    pieces: String,
    /// The work that is left, in hours.
    to_do: String,
    is_done: bool,
    /// What of it nobody has taken, against the hours there are for it; empty where everything is taken.
    open: String,
    is_short: bool,
    /// Who has how many, whoever is late first.
    in_hand: Vec<String>,
    /// How many people have done any of it; empty where nobody has.
    did: String,
    /// Units with people who do not take part now; empty where there are none.
    absent: String,
    /// How many people more; empty where all are named.
    others: String,
    late: i64,
    late_text: String,
    waits: bool,
    waiting: String,
    /// Units that were not done as said; empty where there are none.
    not_as_said: String,
    /// Questions that wait for an answer; empty where there are none.
    questions: String,
    step: NextStep,
}

impl StatusRow {
    pub(crate) fn of(call: &Call, now: DateTime<Utc>, status: &OrderStatus, names: &Names) -> Self {
        let (order, progress, hours) = (&status.order, &status.progress, &status.hours);
        let (tone, icon) = look(status.schedule);
        let of_all = |key: &str, done: i64| {
            let counts = [("done", format::count(done)), ("total", format::count(progress.live()))];
            parts::say(call, key, &counts)
        };
        let things = |count: i64| parts::say(call, "orders-cell-things", &[("count", format::count(count))]);
        Self {
            id: format!("order-{}", order.id),
            title: order.title.clone(),
            href: paths::order(order.id),
            client: names.client(order),
            due: match status.schedule {
                // Nobody is late with what is finished.
                Schedule::Done => format::day(call.language, order.due_on),
                _ => format::due(call.language, now, order.due_on),
            },
            tone: if tone == "good" { "" } else { tone },
            schedule: call.text(&parts::text_key("orders-schedule", status.schedule.as_str())),
            schedule_tone: tone,
            schedule_icon: icon,
            likely_late: likely_late(call, status),
            after: said_where_some(call, "orders-after-order", status.after_order),
            arranged: of_all("orders-cell-arranged", progress.arranged()),
            finished: of_all("orders-cell-finished", progress.finished()),
            pieces: pieces(call, &status.pieces),
            to_do: format::duration(call.language, hours.to_do_minutes),
            is_done: hours.to_do_minutes == 0,
            open: open(call, status),
            is_short: hours.short_minutes() > 0,
            in_hand: status.in_hand.iter().take(NAMED).map(|one| in_hand(call, one, names)).collect(),
            did: said_where_some(call, "orders-cell-did", status.workers),
            absent: said_where_some(call, "orders-cell-absent", status.held_by_absent),
            others: others(call, status),
            late: status.late,
            late_text: things(status.late),
            waits: progress.submitted > 0 || status.not_as_said() > 0 || status.questions > 0,
            waiting: things(progress.submitted),
            not_as_said: said_where_some(call, "orders-cell-not-as-said", status.not_as_said()),
            questions: said_where_some(call, "orders-cell-questions", status.questions),
            step: next_step(call, order, progress, status.late, status.questions),
        }
    }
}

/// A count in words; empty where there is nothing.
pub(crate) fn said_where_some(call: &Call, key: &str, count: i64) -> String {
    if count == 0 { String::new() } else { parts::say_count(call, key, count) }
}

/// `未手配 12時間 · 空き 40時間`
fn open(call: &Call, status: &OrderStatus) -> String {
    let hours = &status.hours;
    if hours.open_minutes == 0 {
        return String::new();
    }
    let said = [
        ("open", format::duration(call.language, hours.open_minutes)),
        ("free", format::duration(call.language, hours.free_minutes)),
    ];
    parts::say(call, "orders-cell-open", &said)
}

/// `林 和子 12件`, and how many of them are late.
fn in_hand(call: &Call, one: &InHand, names: &Names) -> String {
    let key = if one.late > 0 { "orders-cell-in-hand-late" } else { "orders-cell-in-hand" };
    let said = [
        ("name", names.people.get(&one.person).cloned().unwrap_or_default()),
        ("count", format::count(one.to_do)),
        ("late", format::count(one.late)),
    ];
    parts::say(call, key, &said)
}

fn others(call: &Call, status: &OrderStatus) -> String {
    match i64::try_from(status.in_hand.len().saturating_sub(NAMED)) {
        Ok(0) | Err(_) => String::new(),
        Ok(more) => parts::say_count(call, "orders-cell-others", more),
    }
}

/// `納期に遅れる見込み 93%`; empty where that is no risk.
pub(crate) fn likely_late(call: &Call, status: &OrderStatus) -> String {
    let late = status.likely_late_permille;
    late.map_or_else(String::new, |late| parts::say(call, "capacity-late-share", &[("share", share(late))]))
}

/// Tone and icon of a schedule.
pub(crate) fn look(schedule: Schedule) -> (&'static str, &'static str) {
    match schedule {
        Schedule::OnTime | Schedule::Done => ("good", "check-circle"),
        Schedule::AtRisk => ("warn", "warning"),
        Schedule::Late => ("bad", "error"),
    }
}

/// How many pieces are in units, and how many were ordered, in words; empty where they agree. It names both numbers and
/// the difference: "30 short" beside "24 of 30" was read as 30 short of 30.
pub(crate) fn pieces(call: &Call, pieces: &Pieces) -> String {
    let Pieces { ordered, split, with_partners, .. } = *pieces;
    let more = split + with_partners - ordered;
    let key = match more {
        0 if with_partners == 0 => return String::new(),
        1.. => "orders-split-over",
        _ if with_partners > 0 => "orders-split-shared",
        _ => "orders-split-under",
    };
    let numbers = [("ordered", ordered), ("units", split), ("shared", with_partners), ("left", more.abs())];
    parts::say(call, key, &numbers.map(|(name, number)| (name, format::count(number))))
}
