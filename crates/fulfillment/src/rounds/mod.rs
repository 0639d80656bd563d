//! Rounds (募集の回): a fair job is put before people in turn, to each a portion for a time, so that what everybody has had
//! of the work they wish for evens out.
//!
//! A round looks at everybody, puts those whom the job fits in a line (module `fairness`) and gives portions along it. What is
//! declined, not answered in time or given back goes on to the next in line at once; a round that begins while others may
//! still answer belongs to their wave. After [`MOST_WAVES`] waves, or when nobody is left to ask, a pool opens: whoever it
//! fits may take what waits. Nothing is in a pool while a portion is open, so nobody loses by taking their time. A job that is
//! first come opens to all at once, with the same record of who was told and why the others were not.
//!
//! Invariants: the open portions of a job are together no more than what waits of it, and nobody takes more than their
//! portion (tests `interleavings_keep_every_promise`, `claims_racing_for_one_portion_never_take_more_than_it_holds`);
//! neither declining nor passing leaves a mark on anybody.

pub(crate) mod events;
mod fairness;
pub mod figures;
pub(crate) mod hours;
#[cfg(test)]
mod interleavings;
mod lists;
mod model;
mod standings;
mod store;
mod substitutes;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use kernel::{JobId, WorkerId};
use queue::{Registry, Task, TaskError};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use workforce::WorkerBrief;

pub use lists::{LookedAt, Unclaimed, decisions, find, has_stood, of_job, passed_by, unclaimed, why};
pub(crate) use lists::{last_portion, portions_of};
pub use model::{
    Decision, OpenPortion, Outcome, PlaceKey, PortionState, Round, RoundId, RoundKey, RoundKind,
    RoundOfWorker, Why, seed_in_hex,
};

pub use substitutes::{
    Quality, Substitute, SubstituteError, SubstituteInput, Substitutes, put_before, substitutes,
};

use crate::claims::ClaimError;
use crate::events::{JobOffered, PoolStands, StandsBecause};
use crate::jobs::{self, Job, JobState, OfferRule};
use crate::offers;
use crate::orders::{self, OrderState};
use crate::terms;
use crate::units::store::Which;
use fairness::{Average, Candidate, Work, share_out};
use lists::Waiting;
use standings::Looked;
use store::{NewDecision, NewRound};

/// How often the line of a job begins anew before its pool opens.
pub const MOST_WAVES: i16 = 3;
/// How much work goes to one person at a time, so that nobody has to read terms for a few minutes of it.
const BUNDLE_MINUTES: i64 = 60;

/// Goes on with one job: what nobody has a portion of is offered to the next in line, and what is open to all to whoever it
/// has come to fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoOn {
    /// The job.
    pub job: JobId,
}

impl Task for GoOn {
    const KIND: &'static str = "offers.go_on";
}

/// Looks after every job of a town: times to answer that are over, pools that stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tend {}

impl Task for Tend {
    const KIND: &'static str = "offers.tend";
}

/// Registers the handlers of this crate's tasks.
pub fn register(registry: &mut Registry) {
    registry.in_transaction::<GoOn>(|tx, _attempt, task| {
        go_on(tx, task.job)?;
        Ok::<_, TaskError>(())
    });
    registry.in_transaction::<Tend>(|tx, _attempt, _task| {
        tend(tx)?;
        Ok::<_, TaskError>(())
    });
}

/// Whom going on with a job reached.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Reached {
    /// Who newly got a portion, or may newly take of the pool.
    pub(crate) workers: Vec<WorkerBrief>,
    /// How many stand in the line, have a portion of all there is, or may take of the pool.
    pub(crate) eligible: usize,
}

/// Goes on with a job of a running order that is offered: ends portions whose time is over, and offers what nobody has a
/// portion of to the next in line, or opens the pool. Silence is no refusal: whoever let a portion pass stands in the line
/// again, and after a second one when it begins anew and nobody else is left. What is open to all is put before those whom it
/// has come to fit. Does nothing where nothing is to be done.
pub(crate) fn go_on(tx: &mut Tx<'_>, id: JobId) -> Result<Reached, DbError> {
    let job = jobs::find(tx, id)?;
    // The order first, as everybody who changes a job does.
    let order = orders::hold(tx, job.order_id)?;
    let job = jobs::store::hold(tx, id)?;
    let goes_on = order.state == OrderState::Running && job.state == JobState::Offered;
    if !goes_on || !terms::lacking(tx, order.id)?.is_empty() {
        return Ok(Reached::default());
    }
    if !job.is_in_turn() {
        return reach_others(tx, &job);
    }
    let unanswered = store::lapse(tx, id)?;
    offers::store::pass(tx, id, &unanswered)?;
    let (waiting, kept) = (lists::waiting(tx, id)?, lists::kept(tx, id)?);
    let (free, Some(until)) = (waiting.units - kept, waiting.until) else { return Ok(Reached::default()) };
    if free <= 0 {
        let eligible = lists::with_portion(tx, id)?.len();
        return Ok(Reached { eligible, ..Reached::default() });
    }
    let begins_anew = kept == 0;
    let wave = job.offer_wave + i16::from(begins_anew);
    let mut everybody = standings::look(tx, &job, free)?;
    if wave <= MOST_WAVES {
        let mut reached = begin(tx, &job, &everybody, free, until)?;
        if reached.workers.is_empty() && begins_anew {
            for one in &mut everybody {
                one.silent = false;
            }
            reached = begin(tx, &job, &everybody, free, until)?;
        }
        if !reached.workers.is_empty() {
            jobs::store::set_wave(tx, id, wave)?;
            return Ok(reached);
        }
    }
    if begins_anew {
        return open_and_tell(tx, &job, &everybody, waiting);
    }
    // Nobody stands behind those who are asked now.
    Ok(Reached { eligible: lists::with_portion(tx, id)?.len(), ..Reached::default() })
}

/// Shares out what waits; writes and tells nothing where it reaches nobody.
fn begin(
    tx: &mut Tx<'_>,
    job: &Job,
    everybody: &[Looked],
    free: i64,
    until: NaiveDate,
) -> Result<Reached, DbError> {
    let unit_minutes = i64::from(job.unit_minutes.max(1));
    let work = Work {
        units: free,
        unit_minutes,
        bundle: (BUNDLE_MINUTES / unit_minutes).max(1),
        seed: drawn(tx, job.id),
    };
    let line: Vec<Candidate> =
        everybody.iter().filter(|one| one.reason().is_none()).map(|one| one.candidate).collect();
    let portions = share_out(&work, &line);
    if portions.iter().all(|portion| portion.units == 0) {
        return Ok(Reached::default());
    }
    let decisions = decide(everybody, Average::of(&line), &portions);
    let answer_by = hours::answer_by(tx.now(), until);
    let new = NewRound {
        job: job.id,
        kind: RoundKind::Round,
        seed: work.seed,
        waiting_units: free,
        candidates: line.len(),
        answer_by: Some(answer_by),
    };
    store::insert(tx, &new, &decisions)?;
    let asked: HashMap<WorkerId, i64> =
        portions.iter().filter(|one| one.units > 0).map(|one| (one.worker, one.units)).collect();
    let workers = briefs(everybody, |one| asked.contains_key(&one.who.worker));
    offers::store::insert(tx, job.id, &workers)?;
    let units = |worker: &WorkerBrief| asked.get(&worker.worker).copied().unwrap_or_default();
    let portions = workers.iter().map(|worker| (worker.person, units(worker))).collect();
    let told = JobOffered { portions, answer_by: Some(answer_by), ..jobs::told(job, free, &workers) };
    queue::record(tx, &told)?;
    Ok(Reached { workers, eligible: line.len() })
}

fn briefs(everybody: &[Looked], wanted: impl Fn(&&Looked) -> bool) -> Vec<WorkerBrief> {
    everybody.iter().filter(wanted).map(|one| one.who).collect()
}

/// What a round decided: the line in its order, then everybody else.
fn decide(everybody: &[Looked], average: Average, portions: &[fairness::Portion]) -> Vec<NewDecision> {
    let by_worker: HashMap<WorkerId, &Looked> = everybody.iter().map(|one| (one.who.worker, one)).collect();
    let in_line = portions.iter().filter_map(|portion| {
        let outcome = if portion.units > 0 { Outcome::Asked } else { Outcome::NotReached };
        Some(NewDecision {
            units: portion.units,
            ..decision(by_worker.get(&portion.worker)?, average, outcome)
        })
    });
    let others = everybody.iter().filter_map(|one| Some(decision(one, average, one.reason()?)));
    in_line.chain(others).collect()
}

fn decision(one: &Looked, average: Average, outcome: Outcome) -> NewDecision {
    let candidate = &one.candidate;
    NewDecision {
        worker: candidate.worker,
        outcome,
        units: 0,
        level_per_mille: (candidate.wished > 0).then(|| candidate.level(average, 0).per_mille()),
        granted_minutes: candidate.granted,
        wished_minutes: candidate.wished,
    }
}

/// Opens a first-come job of a running order, or the pool of a fair one anew, to everybody whom it fits.
/// The caller holds the job.
pub(crate) fn open_to_all(tx: &mut Tx<'_>, job: &Job) -> Result<Reached, DbError> {
    let waiting = lists::waiting(tx, job.id)?;
    if waiting.units == 0 {
        return Ok(Reached::default());
    }
    let everybody = standings::look(tx, job, waiting.units)?;
    open_and_tell(tx, job, &everybody, waiting)
}

/// Puts what is open to all before those whom it fits by now and did not before: whoever is back from a day off or a rest,
/// came to the programme, or can do since what it asks for. That it fits nobody at this moment is told to nobody: people have
/// days off. The caller holds the job.
fn reach_others(tx: &mut Tx<'_>, job: &Job) -> Result<Reached, DbError> {
    let waiting = lists::waiting(tx, job.id)?;
    if waiting.units == 0 {
        return Ok(Reached::default());
    }
    let everybody = standings::look(tx, job, waiting.units)?;
    open_pool(tx, job, &everybody, waiting)
}

/// [`open_pool`]; coordination hears at once where the job fits nobody.
fn open_and_tell(
    tx: &mut Tx<'_>,
    job: &Job,
    everybody: &[Looked],
    waiting: Waiting,
) -> Result<Reached, DbError> {
    let reached = open_pool(tx, job, everybody, waiting)?;
    if reached.eligible == 0 {
        alert(tx, job.id, StandsBecause::NobodyFits)?;
    }
    Ok(reached)
}

/// Lets everybody take what waits whom the job fits: those who did not answer in time are told anew, those who declined may
/// change their mind. Opening again what is open leaves no trace where it reaches nobody new.
fn open_pool(tx: &mut Tx<'_>, job: &Job, everybody: &[Looked], waiting: Waiting) -> Result<Reached, DbError> {
    let may_take = |one: &Looked| {
        matches!(one.barred, None | Some(Outcome::Declined | Outcome::NoTime))
            && one.who.weekly_minutes >= job.unit_minutes
    };
    let outcome =
        |one: &Looked| if may_take(one) { Outcome::Told } else { one.reason().unwrap_or(Outcome::NoTime) };
    let all: Vec<Candidate> = everybody.iter().filter(|one| may_take(one)).map(|one| one.candidate).collect();
    let average = Average::of(&all);
    let decisions: Vec<NewDecision> =
        everybody.iter().map(|one| decision(one, average, outcome(one))).collect();
    let workers = briefs(everybody, |one| may_take(one));
    let new = NewRound {
        job: job.id,
        kind: RoundKind::Pool,
        seed: 0,
        waiting_units: waiting.units,
        candidates: workers.len(),
        answer_by: None,
    };
    let eligible = workers.len();
    let reached = offers::store::insert(tx, job.id, &workers)?;
    let workers: Vec<WorkerBrief> =
        workers.into_iter().filter(|worker| reached.contains(&worker.worker)).collect();
    if job.pool_opened_at.is_none() || !workers.is_empty() {
        store::insert(tx, &new, &decisions)?;
        jobs::store::open_pool(tx, job.id)?;
    }
    if !workers.is_empty() {
        queue::record(tx, &jobs::told(job, waiting.units, &workers))?;
    }
    Ok(Reached { workers, eligible })
}

/// What the lots of a round are drawn from, once, and kept with it: the microsecond it began in, which nobody can choose, so
/// that one story told twice ends in the same way.
fn drawn(tx: &Tx<'_>, job: JobId) -> u64 {
    let mut hasher = Sha256::new();
    hasher.update(job.0.to_be_bytes());
    hasher.update(tx.now().timestamp_micros().to_be_bytes());
    let digest: [u8; 32] = hasher.finalize().into();
    digest.iter().take(8).fold(0, |seed, byte| (seed << 8) | u64::from(*byte))
}

/// Units of a job wait again, or nobody has a portion of them any more: the next in line hears of them as soon as this
/// transaction has committed.
pub(crate) fn freed(tx: &mut Tx<'_>, id: JobId) -> Result<(), DbError> {
    if jobs::find(tx, id)?.is_in_turn() { goes_on_soon(tx, id) } else { Ok(()) }
}

fn goes_on_soon(tx: &mut Tx<'_>, id: JobId) -> Result<(), DbError> {
    queue::enqueue_unique(tx, &GoOn { job: id }, &format!("job:{id}"))?;
    Ok(())
}

/// Takes what a worker claims out of their portion, where the job is offered in turn. The caller keeps the job as it is.
pub(crate) fn take(tx: &mut Tx<'_>, job: &Job, worker: WorkerId, units: i64) -> Result<(), ClaimError> {
    if !job.is_in_turn() || store::take(tx, job.id, worker, units)? {
        return Ok(());
    }
    let left = portions_of(tx, worker, &[job.id])?.remove(&job.id).map_or(0, |portion| portion.units);
    Err(ClaimError::BeyondPortion { left })
}

/// A worker does not want what lies before them: it goes on to the next in line.
pub(crate) fn decline(tx: &mut Tx<'_>, job: JobId, worker: WorkerId) -> Result<(), DbError> {
    if store::decline(tx, job, worker)? {
        freed(tx, job)?;
    }
    Ok(())
}

/// What of some jobs lay before a worker from whom they are kept goes on to the next in line.
pub(crate) fn keep_from(tx: &mut Tx<'_>, worker: WorkerId, jobs: &[JobId]) -> Result<(), DbError> {
    for job in store::withdraw_from(tx, worker, Some(jobs))? {
        freed(tx, job)?;
    }
    Ok(())
}

/// What lay before a worker who leaves goes on to the next in line.
pub(crate) fn leave(tx: &mut Tx<'_>, worker: WorkerId) -> Result<(), DbError> {
    for job in store::withdraw_from(tx, worker, None)? {
        freed(tx, job)?;
    }
    Ok(())
}

/// Puts a job before a worker again who had declined it or let its time pass, as far as nobody has a portion of it yet;
/// `false` where nothing of it is left.
pub(crate) fn reopen(tx: &mut Tx<'_>, id: JobId, worker: WorkerId) -> Result<bool, DbError> {
    let job = jobs::store::hold(tx, id)?;
    if !job.is_in_turn() {
        return Ok(true);
    }
    let unanswered = store::lapse(tx, id)?;
    offers::store::pass(tx, id, &unanswered)?;
    let (waiting, kept) = (lists::waiting(tx, id)?, lists::kept(tx, id)?);
    let (free, Some(until)) = (waiting.units - kept, waiting.until) else { return Ok(false) };
    if free <= 0 {
        return Ok(false);
    }
    let answer_by = hours::answer_by(tx.now(), until);
    store::reopen(tx, id, worker, free, answer_by)
}

/// Ends every portion of a job that the town takes back.
pub(crate) fn withdraw(tx: &mut Tx<'_>, job: JobId) -> Result<(), DbError> {
    store::withdraw(tx, job)
}

/// Cuts portions where units were called off, so that none promises what no longer waits: whoever came last in the line
/// loses first. The caller holds the order.
pub(crate) fn cut(tx: &mut Tx<'_>, which: Which<'_>) -> Result<(), DbError> {
    for id in jobs::store::with_portions(tx, which)? {
        jobs::store::hold(tx, id)?;
        let mut too_many = lists::kept(tx, id)? - lists::offered(tx, id)?;
        for (portion, left) in lists::open_portions(tx, id)? {
            if too_many <= 0 {
                break;
            }
            let lost = left.min(too_many);
            store::cut(tx, portion, left - lost)?;
            too_many -= lost;
        }
    }
    Ok(())
}

/// Goes on with every job that is offered, each in a task of its own, and tells coordination of what everybody may take and
/// nobody does.
pub fn tend(tx: &mut Tx<'_>) -> Result<(), DbError> {
    for job in lists::under_way(tx)? {
        goes_on_soon(tx, job.id)?;
        let Some(opened_at) = job.pool_opened_at.filter(|_| job.pool_alerted_at.is_none()) else {
            continue;
        };
        let told_at = lists::told_at(tx, job.id)?.unwrap_or(opened_at);
        if lists::alert_at(told_at) <= tx.now() {
            alert(tx, job.id, StandsBecause::NobodyTakes)?;
        }
    }
    Ok(())
}

/// Tells coordination once that units of a job wait which nobody will take as things are.
fn alert(tx: &mut Tx<'_>, id: JobId, because: StandsBecause) -> Result<(), DbError> {
    let waiting = lists::waiting(tx, id)?;
    if waiting.units == 0 || !jobs::store::set_alerted(tx, id)? {
        return Ok(());
    }
    let job = jobs::find(tx, id)?;
    queue::record(
        tx,
        &PoolStands {
            job: id,
            order: job.order_id,
            title: job.title,
            units: waiting.units,
            work_due_on: job.work_due_on,
            because,
        },
    )?;
    Ok(())
}

impl Job {
    /// Since when everybody whom it fits may take of it; none while it is offered in turn or not at all.
    pub fn open_to_all_since(&self) -> Option<DateTime<Utc>> {
        match self.offer_rule {
            OfferRule::Fair => self.pool_opened_at,
            OfferRule::FirstCome => self.pool_opened_at.or(self.offered_at),
        }
    }

    /// Whether it is offered in turn now: nobody but those with a portion may take of it.
    pub fn is_in_turn(&self) -> bool {
        self.offer_rule == OfferRule::Fair && self.state == JobState::Offered && self.pool_opened_at.is_none()
    }
}
