//! Keeping claims while anything is heard of their holders, and letting them go when nothing is.
//!
//! Invariants: a claim that is let go was asked about twice, the last time a day before, and goes by day
//! (`whenever_it_is_looked_at_its_holder_was_asked_a_day_before_it_ends_by_day`); whoever works on one unit of a job keeps
//! all of theirs; on a day somebody has off they are asked nothing and nothing of theirs goes
//! (`on_a_day_off_nobody_is_asked_and_nothing_goes`); what was received stays earned, and it leaves no mark.

use chrono::TimeDelta;
use db::{DbError, Tx};
use kernel::{JobId, PersonId, UnitId};
use queue::{Registry, Task, TaskError};
use serde::{Deserialize, Serialize};

use super::events::{ClaimExpired, ClaimRests};
use super::span::{Span, SpanOf, Step};
use super::{ClaimError, EndKind, lists, lock_own, spans, store};
use crate::jobs::{self, Job};
use crate::rounds::hours;
use crate::units::store::{Mark, Which};
use crate::units::{self, Move, Unit, UnitState};
use crate::{earnings, offers, reviews, rounds};

/// How many spans one task looks at; the next task goes on.
const MOST_AT_ONCE: i64 = 200;
/// When to look again where somebody was just moving one of the units.
const A_MOMENT: TimeDelta = TimeDelta::minutes(15);

/// Looks after the claims of a town that rest: asks their holders, and lets go what nobody is heard of; and after what reviewers
/// took and left lying.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TendClaims {}

impl Task for TendClaims {
    const KIND: &'static str = "claims.tend";
}

/// Registers the handler of this module's task.
pub fn register(registry: &mut Registry) {
    registry.in_transaction::<TendClaims>(|tx, _attempt, _task| {
        tend(tx)?;
        reviews::tend(tx)?;
        Ok::<_, TaskError>(())
    });
}

/// Begins the span of what somebody claims of a job, or has accepted new terms for.
pub(super) fn begin(tx: &mut Tx<'_>, job: &Job, person: PersonId) -> Result<(), DbError> {
    let span = Span::begun(tx.now(), job.keep_days);
    spans::open(tx, job.id, person, &span)
}

/// Something was heard of somebody who holds units of a job: the span of all of theirs begins anew.
pub(crate) fn sign(tx: &mut Tx<'_>, job: JobId, person: PersonId) -> Result<(), DbError> {
    let Some((span, days)) = spans::of(tx, job, person)? else { return Ok(()) };
    match span.renewed(tx.now(), days) {
        Some(renewed) => spans::set(tx, job, person, &renewed),
        None => Ok(()),
    }
}

/// The acting person goes on with what they hold: asked or not, its span begins anew.
pub fn keep(tx: &mut Tx<'_>, unit: UnitId) -> Result<Unit, ClaimError> {
    let (held, person) = lock_own(tx, unit)?;
    sign(tx, held.job_id, person)?;
    Ok(units::find(tx, unit)?)
}

/// Looks at every claim of a town whose time has come, some at a time.
pub fn tend(tx: &mut Tx<'_>) -> Result<(), DbError> {
    let due = spans::due(tx, MOST_AT_ONCE)?;
    for one in &due {
        tend_one(tx, one)?;
    }
    if i64::try_from(due.len()).unwrap_or(i64::MAX) >= MOST_AT_ONCE {
        queue::enqueue(tx, &TendClaims {})?;
    }
    Ok(())
}

fn tend_one(tx: &mut Tx<'_>, one: &SpanOf) -> Result<(), DbError> {
    let (job, person, span) = (one.job, one.person, one.span);
    let resting = spans::resting(tx, one)?;
    let Some(first) = resting.first().copied() else {
        // Nothing is to be done by its holder. Whatever comes back to them is a sign.
        return spans::set(tx, job, person, &Span { look_at: None, ..span });
    };
    if has_today_off(tx, person)? {
        let morning = hours::next_morning(tx.now());
        return spans::set(tx, job, person, &Span { look_at: Some(morning), ..span });
    }
    match span.step(tx.now()) {
        Step::Wait(at) => spans::set(tx, job, person, &Span { look_at: Some(at), ..span }),
        Step::Ask(asked) => {
            spans::set(tx, job, person, &asked)?;
            let fact = ClaimRests {
                job,
                job_title: jobs::find(tx, job)?.title,
                person,
                unit: first,
                units: i64::try_from(resting.len()).unwrap_or(i64::MAX),
                until: asked.until,
                is_last: asked.is_last_call(),
            };
            queue::record(tx, &fact).map(drop)
        }
        Step::End => let_go(tx, one, first, &resting),
    }
}

fn has_today_off(tx: &mut Tx<'_>, person: PersonId) -> Result<bool, DbError> {
    match workforce::workers::of_person(tx, person)? {
        Some(worker) => workforce::availability::is_off_today(tx, worker.id),
        None => Ok(false),
    }
}

/// Gives what rests back to the others, as if its holder had handed it back.
fn let_go(tx: &mut Tx<'_>, one: &SpanOf, first: UnitId, resting: &[UnitId]) -> Result<(), DbError> {
    let held = units::store::lock_free(tx, resting)?;
    if held.len() < resting.len() || held.iter().any(|unit| !rests_with(unit, one.person)) {
        // Somebody is moving one of them at this moment: that may be the very sign.
        let at = tx.now() + A_MOMENT;
        return spans::set(tx, one.job, one.person, &Span { look_at: Some(at), ..one.span });
    }
    let which = Which::These(resting);
    let worker = lists::live_worker(tx, first)?;
    earnings::settle(tx, which)?;
    let mark = Mark { reason: Some(EndKind::Expired.as_str()), ..Mark::default() };
    for state in UnitState::TO_DO {
        advance(tx, which, state, Move::HandBack, mark)?;
    }
    store::end(tx, which, EndKind::Expired)?;
    let job = jobs::find(tx, one.job)?;
    if offers::is_withdrawn(tx, job.id)? {
        advance(tx, which, UnitState::Offered, Move::Withdraw, Mark::default())?;
    }
    if job.is_in_turn() {
        // It is the next one's turn: silence is no answer and no mark.
        offers::store::pass(tx, job.id, &[worker])?;
    }
    rounds::freed(tx, job.id)?;
    spans::set(tx, one.job, one.person, &Span { look_at: None, ..one.span })?;
    let fact = ClaimExpired {
        job: job.id,
        job_title: job.title,
        order: job.order_id,
        person: one.person,
        units: resting.to_vec(),
    };
    queue::record(tx, &fact).map(drop)
}

fn rests_with(unit: &Unit, person: PersonId) -> bool {
    unit.holder_id == Some(person) && UnitState::TO_DO.contains(&unit.state)
}

/// Moves what of some locked units is in a state; the machine allows it from there.
pub(crate) fn advance(
    tx: &mut Tx<'_>,
    which: Which<'_>,
    from: UnitState,
    attempted: Move,
    mark: Mark<'_>,
) -> Result<(), DbError> {
    match units::store::advance_any(tx, which, from, attempted, mark) {
        Ok(_moved) => Ok(()),
        Err(units::UnitError::Db(error)) => Err(error),
        Err(_refused) => Err(DbError::NotFound),
    }
}
