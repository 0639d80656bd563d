//! What has changed in a forecast since a week's record, by kind and deal by deal.

use kernel::{Yen, date_in_japan};
use sales::forecasts::{self, Change, Changes, Snapshot};
use serde::Serialize;

use super::pages::{DEALS, Facts, Way, address, deal_link};
use crate::call::Call;
use crate::format::{self, Moment};
use crate::phrases::{self, word};
use crate::targets::words::signed_yen;

#[derive(Serialize)]
pub(super) struct SinceView {
    taken: Moment,
    /// The day of that record.
    day: String,
    week: String,
    missed: String,
    /// Says that no newer one was taken; empty where none is due.
    old: String,
    options: Vec<Way>,
    /// Says that the snapshot cannot be compared; empty where it can.
    silent: String,
    before: String,
    now: String,
    kinds: Vec<KindRow>,
    deals: Vec<ChangeRow>,
}

#[derive(Serialize)]
struct KindRow {
    name: String,
    count: String,
    amount: String,
}

#[derive(Serialize)]
struct ChangeRow {
    title: String,
    href: String,
    kind: String,
    before: String,
    now: String,
    difference: String,
}

fn change_row(call: &Call, facts: &Facts, change: &Change) -> ChangeRow {
    let (title, href) = deal_link(call, facts, change.deal);
    ChangeRow {
        title,
        href,
        kind: word(call, "forecast-change", change.kind),
        before: format::yen(call.language, change.before),
        now: format::yen(call.language, change.now),
        difference: signed_yen(call.language, change.difference()),
    }
}

/// That the newest snapshot is older than it should be.
fn old(call: &Call, facts: &Facts) -> String {
    let newest = facts.snapshots.first();
    match newest.map_or(0, |one| one.weeks_without_next(facts.seen.forecast.as_of)) {
        0 => String::new(),
        weeks => phrases::counted(call, "forecast-old", "count", weeks),
    }
}

/// What has changed since a snapshot.
pub(super) fn since(call: &Call, facts: &Facts, snapshot: &Snapshot, changes: Option<&Changes>) -> SinceView {
    let forecast = &facts.seen.forecast;
    let option = |one: &Snapshot| Way {
        label: format::full_date(call.language, one.week_on),
        href: address(facts, forecast.period, forecast.person_id, Some(one.id)),
        current: one.id == snapshot.id,
    };
    let yen = |amount: Yen| format::yen(call.language, amount);
    let kind = |(kind, (count, more)): (forecasts::ChangeKind, (i64, Yen))| KindRow {
        name: word(call, "forecast-change", kind),
        count: format::count(count),
        amount: signed_yen(call.language, more),
    };
    SinceView {
        taken: Moment::of(call.language, facts.now, snapshot.taken_at),
        day: format::short_date(call.language, date_in_japan(snapshot.taken_at)),
        week: format::full_date(call.language, snapshot.week_on),
        missed: if snapshot.missed_weeks > 0 {
            phrases::counted(call, "forecast-missed", "count", snapshot.missed_weeks.into())
        } else {
            String::new()
        },
        old: old(call, facts),
        options: facts.snapshots.iter().map(option).collect(),
        silent: if changes.is_none() { call.text("forecast-since-silent") } else { String::new() },
        before: changes.map(|found| yen(found.before)).unwrap_or_default(),
        now: changes.map(|found| yen(found.now)).unwrap_or_default(),
        kinds: changes.map(|found| found.by_kind().into_iter().map(kind).collect()).unwrap_or_default(),
        deals: changes
            .map(|found| found.changes.iter().take(DEALS).map(|one| change_row(call, facts, one)).collect())
            .unwrap_or_default(),
    }
}
