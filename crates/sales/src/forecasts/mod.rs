//! The forecast (予測): what is won, what is expected and how surely, what people think of it, and what has changed since a
//! Monday.
//!
//! Once in a week the deals are frozen as they stand. A week in which nothing ran has no snapshot, and the next one says so.
//!
//! Invariants: a week is frozen once (`a_week_is_frozen_once_and_missed_weeks_are_one_word`); what was expected and every
//! change come to what is expected now (`a_thousand_random_weeks_add_up_to_the_yen`, and of real deals
//! `what_changed_in_a_real_week_adds_up_and_names_what_became_of_each_deal`); what an owner said is not written over by their
//! manager (`owner_and_manager_stand_side_by_side`).

mod changes;
mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashSet};

use accounts::{Role, persons};
use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use db::{DbError, Tx};
use kernel::{Code, Coded, DealId, FieldProblem, FiscalYear, Invalid, Period, PersonId, Span, date_in_japan};
use schemars::JsonSchema;
use serde::Serialize;

pub use changes::{About, Change, ChangeKind, Changes, changes};
pub(crate) use lists::open;
pub use lists::{deals_of_snapshot, snapshot, snapshots};
pub use model::{
    Adjusted, Adjustment, AdjustmentId, AdjustmentInput, BEST_CASE_FROM, COMMIT_FROM, Outlook, Part,
    Position, Side, SnapshotId, outlook,
};
pub use store::{Frozen, Snapshot};

use crate::{colleagues, targets};

/// Why a forecast was not adjusted.
#[derive(Debug, thiserror::Error)]
pub enum ForecastError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Only an officer or an administrator says what they think of somebody else's forecast.
    #[error("somebody else's forecast")]
    NotTheirManager,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for ForecastError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::NotTheirManager => Code::Forbidden,
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            Self::NotTheirManager | Self::Db(_) => &[],
        }
    }
}

/// What is expected of a part of a fiscal year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Forecast {
    /// The fiscal year.
    pub fiscal_year: FiscalYear,
    /// The part of it.
    pub period: Period,
    /// Its days.
    pub span: Span,
    /// The day in Japan it is seen on.
    pub as_of: NaiveDate,
    /// Whose deals; null for everybody's.
    pub person_id: Option<PersonId>,
    /// What the deals come to.
    pub outlook: Outlook,
    /// The weighted forecast with what owners and managers think.
    pub adjusted: Adjusted,
}

/// A forecast with the deals it is made from.
#[derive(Debug, Clone)]
pub struct Seen {
    /// What they come to.
    pub forecast: Forecast,
    /// Every open deal and those won in the year, one person's or everybody's.
    pub positions: Vec<Position>,
    /// What people think, the newest first: the newest 500 lines, and those before them that count.
    pub lines: Vec<Adjustment>,
    /// The lines that count: of each person the newest of each side.
    standing: BTreeSet<AdjustmentId>,
}

impl Seen {
    /// Whether a line counts: its person's side has said nothing since.
    pub fn counts(&self, line: &Adjustment) -> bool {
        self.standing.contains(&line.id)
    }

    /// The deals that count in the forecast's days, the largest weight first.
    pub fn counting(&self) -> Vec<Position> {
        let span = self.forecast.span;
        let mut found: Vec<Position> =
            self.positions.iter().filter(|one| one.falls_in(span)).copied().collect();
        found.sort_by_key(|one| (-one.weighted(span).0, one.deal));
        found
    }
}

/// The midnight in Japan with which `first` begins.
fn won_since(first: NaiveDate) -> DateTime<Utc> {
    Span { first, last: first }.instants().0
}

/// What is expected of a part of a year, of one person's deals or everybody's.
pub fn see(
    tx: &mut Tx<'_>,
    fiscal_year: FiscalYear,
    period: Period,
    person_id: Option<PersonId>,
) -> Result<Seen, DbError> {
    let first = targets::first_day_of(tx, fiscal_year)?;
    let (span, today) = (period.span(first), date_in_japan(tx.now()));
    let mut positions = lists::positions(tx, won_since(first))?;
    positions.retain(|one| person_id.is_none_or(|person| person == one.owner));
    let standing = lists::standing(tx, span, person_id)?;
    let outlook = outlook(&positions, span, today);
    let adjusted = model::adjusted(outlook.weighted, &standing);
    let forecast = Forecast { fiscal_year, period, span, as_of: today, person_id, outlook, adjusted };
    let ids = standing.iter().map(|line| line.id).collect();
    let lines = with_standing(lists::newest(tx, span, person_id)?, standing);
    Ok(Seen { forecast, positions, lines, standing: ids })
}

/// The newest lines, and after them those that count and are older than all of these: a total has its lines in its list.
fn with_standing(mut newest: Vec<Adjustment>, standing: Vec<Adjustment>) -> Vec<Adjustment> {
    let oldest = newest.last().map(|line| line.id);
    newest.extend(standing.into_iter().filter(|line| oldest.is_some_and(|oldest| line.id < oldest)));
    newest.sort_by_key(|line| Reverse(line.id));
    newest
}

/// What has changed in a forecast since a snapshot; `None` where the snapshot has not kept what was won in its days,
/// because they lie in a fiscal year before.
pub fn changed_since(tx: &mut Tx<'_>, snapshot: &Snapshot, about: About) -> Result<Option<Changes>, DbError> {
    if about.span.first < snapshot.won_since {
        return Ok(None);
    }
    let before = lists::frozen(tx, snapshot.id)?;
    // What was won in the forecast's days counts, and whatever was frozen is looked at again wherever it stands by now.
    let mut now = lists::positions(tx, won_since(about.span.first))?;
    let seen: HashSet<DealId> = now.iter().map(|one| one.deal).collect();
    let elsewhere: Vec<DealId> =
        before.iter().map(|one| one.deal).filter(|deal| !seen.contains(deal)).collect();
    now.extend(lists::positions_of(tx, &elsewhere)?);
    Ok(Some(changes(&before, &now, snapshot.taken_at, about)))
}

/// Says what the acting person thinks of a forecast: of their own as its owner, of another's as its manager.
pub fn adjust(tx: &mut Tx<'_>, input: &AdjustmentInput) -> Result<Adjustment, ForecastError> {
    let fields = input.checked()?;
    let by = tx.actor().person().ok_or(DbError::NotFound)?;
    let whose = fields.person_id.unwrap_or(by);
    let side = if whose == by { Side::Owner } else { Side::Manager };
    if side == Side::Manager {
        let person = persons::find(tx, by)?;
        if !person.is(Role::Admin) && !person.is(Role::Officer) {
            return Err(ForecastError::NotTheirManager);
        }
    }
    colleagues::check::<ForecastError>(tx, "person_id", whose)?;
    let first = targets::first_day_of(tx, fields.fiscal_year)?;
    let span = fields.period.span(first);
    Ok(store::adjust(tx, by, (whose, side, span), fields.amount, &fields.reason)?)
}

/// Freezes the deals for this week, unless that was done; asked every night, so that a Monday without power is made up for
/// on the next day. Weeks that nobody froze are gone, and the snapshot says how many.
pub fn freeze(tx: &mut Tx<'_>) -> Result<Option<Snapshot>, DbError> {
    let today = date_in_japan(tx.now());
    let week_on = today - Days::new(u64::from(today.weekday().num_days_from_monday()));
    let last = snapshots(tx)?.first().map(|snapshot| snapshot.week_on);
    if last.is_some_and(|last| last >= week_on) {
        return Ok(None);
    }
    let weeks = last.map_or(1, |last| (week_on - last).num_weeks());
    let (_, first) = targets::this_year(tx)?;
    let missed = i32::try_from(weeks - 1).unwrap_or(i32::MAX);
    store::freeze(tx, week_on, missed, first)
}
