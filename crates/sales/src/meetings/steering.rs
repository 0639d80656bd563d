//! What a meeting looks at beside its deals: how far the town's orders are from their target, in yen and in workers' hours,
//! what has changed since the week's snapshot, milestones that slip.

use chrono::{DateTime, Days, NaiveDate, Utc};
use db::{DbError, Tx};
use kernel::{Period, Span, Yen};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::forecasts::{self, About, ChangeKind};
use crate::roadmaps::{self, MilestoneId, Reading};
use crate::targets::{self, Metric, Progress, Scope};

/// How many days after the meeting a milestone is looked at.
const LOOKS_AHEAD: Days = Days::new(31);

/// How far the town's orders are from their target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AgendaTarget {
    /// The part of the year it is of: the shortest that runs and has a target.
    pub period: Period,
    /// Its days.
    pub span: Span,
    /// The target.
    pub target: Yen,
    /// What is reached.
    pub actual: Yen,
    /// What is missing; nothing where it is reached.
    pub gap: Yen,
    /// The same in minutes of workers; null where nothing tells how long yen take.
    pub gap_minutes: Option<i64>,
    /// What is reached more than the pace on business days asks; null where holidays are not known.
    pub ahead: Option<Yen>,
}

/// What became of some deals in the forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AgendaChange {
    /// What.
    pub kind: ChangeKind,
    /// Of how many.
    pub count: i64,
    /// How much more that makes the forecast.
    pub amount: Yen,
}

/// What has changed in the quarter's weighted forecast since a week's snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AgendaForecast {
    /// The week's Monday.
    pub week_on: NaiveDate,
    /// When the snapshot was taken; null in a meeting that was closed before that was kept.
    #[serde(default)]
    pub taken_at: Option<DateTime<Utc>>,
    /// How many weeks before it have no snapshot, because nothing was running.
    #[serde(default)]
    pub missed_weeks: i32,
    /// The forecast then.
    pub before: Yen,
    /// The forecast now.
    pub now: Yen,
    /// What made the difference.
    pub changes: Vec<AgendaChange>,
}

/// A milestone that is late, has slipped, or will not be reached as things stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AgendaMilestone {
    /// The milestone.
    pub milestone_id: MilestoneId,
    /// What is reached.
    pub title: String,
    /// The day it is planned for.
    pub due_on: NaiveDate,
    /// Days later than planned at first.
    pub slipped_days: i64,
    /// Whether its day has passed.
    pub is_late: bool,
    /// Whether something it waits for is planned for a later day.
    pub is_squeezed: bool,
    /// What is counted, where it is bound to a metric.
    pub metric: Option<Metric>,
    /// What it comes to.
    pub reading: Option<Reading>,
}

/// What a meeting steers by.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AgendaSteering {
    /// The town's orders against their target; null where none is set.
    pub target: Option<AgendaTarget>,
    /// What has changed; null before the first snapshot.
    pub forecast: Option<AgendaForecast>,
    /// Milestones that need a word.
    pub milestones: Vec<AgendaMilestone>,
    /// How many findings are open.
    pub open_findings: i64,
}

/// What a meeting on `held_on` steers by, as things stand on `today`.
pub(super) fn steering(
    tx: &mut Tx<'_>,
    today: NaiveDate,
    held_on: NaiveDate,
) -> Result<AgendaSteering, DbError> {
    Ok(AgendaSteering {
        target: target(tx)?,
        forecast: forecast(tx, today)?,
        milestones: milestones(tx, held_on.max(today))?,
        open_findings: crate::findings::open_count(tx)?,
    })
}

fn target(tx: &mut Tx<'_>) -> Result<Option<AgendaTarget>, DbError> {
    let (year, _) = targets::this_year(tx)?;
    let Some(measured) = targets::measured(tx, year)? else { return Ok(None) };
    let standing = measured.standing(&std::collections::HashMap::new());
    let is_of_town = |one: &&Progress| {
        (one.target.metric, one.target.scope) == (Metric::OrdersYen, Scope::Town)
            && one.span.holds(standing.as_of)
    };
    let running = standing.targets.iter().filter(is_of_town);
    let shortest = running.min_by_key(|one| one.target.period.months().1);
    Ok(shortest.and_then(|one| {
        let actual = one.actual?;
        Some(AgendaTarget {
            period: one.target.period,
            span: one.span,
            target: Yen(one.target.value),
            actual: Yen(actual),
            gap: Yen((one.target.value - actual).max(0)),
            gap_minutes: one.needed.and_then(|needed| needed.minutes),
            ahead: one.pace.map(|pace| Yen(pace.ahead)),
        })
    }))
}

fn forecast(tx: &mut Tx<'_>, today: NaiveDate) -> Result<Option<AgendaForecast>, DbError> {
    let Some(snapshot) = forecasts::snapshots(tx)?.first().copied() else { return Ok(None) };
    let (_, first) = targets::this_year(tx)?;
    let quarter = Period::of_length(3, first, today).unwrap_or(Period::Year);
    let about = About { span: quarter.span(first), whose: None };
    let found = forecasts::changed_since(tx, &snapshot, about)?;
    Ok(found.map(|found| AgendaForecast {
        week_on: snapshot.week_on,
        taken_at: Some(snapshot.taken_at),
        missed_weeks: snapshot.missed_weeks,
        before: found.before,
        now: found.now,
        changes: found
            .by_kind()
            .into_iter()
            .map(|(kind, (count, amount))| AgendaChange { kind, count, amount })
            .collect(),
    }))
}

/// Those that need a word on the day of the meeting: what has passed its day by then does, too.
fn milestones(tx: &mut Tx<'_>, day: NaiveDate) -> Result<Vec<AgendaMilestone>, DbError> {
    let soon = roadmaps::planned_until(tx, day.checked_add_days(LOOKS_AHEAD).unwrap_or(day))?;
    let needs_a_word = |one: &roadmaps::Standing| {
        one.milestone.due_on < day || one.slipped_days > 0 || one.is_short() || !one.later_needs.is_empty()
    };
    let seen = roadmaps::stand(tx, soon)?.into_iter().filter(needs_a_word);
    Ok(seen
        .map(|one| AgendaMilestone {
            milestone_id: one.milestone.id,
            title: one.milestone.title,
            due_on: one.milestone.due_on,
            slipped_days: one.slipped_days,
            is_late: one.is_late,
            is_squeezed: !one.later_needs.is_empty(),
            metric: one.milestone.metric,
            reading: one.reading,
        })
        .collect())
}
