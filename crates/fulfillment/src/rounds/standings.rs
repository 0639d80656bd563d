//! Where everybody stands before a round: in the line, or why not.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Timestamptz};
use kernel::{PersonId, WorkerId};
use workforce::availability::{self, Plan};
use workforce::skills::WorkerFitness;
use workforce::workers;
use workforce::{WorkerBrief, WorkerState};

use super::fairness::{Candidate, WINDOW_WEEKS};
use super::lists;
use super::model::Outcome;
use crate::claims::{self, WeeklyMinutes, Worked};
use crate::exclusions;
use crate::jobs::Job;
use crate::offers::{self, OfferState};
use crate::units;

/// After how many portions of a job that somebody let pass the line goes on without them: one mail may be missed. Whoever
/// took their portion and let its units go back has had their turn.
const MOST_SILENCES: i64 = 2;

/// Somebody a round looks at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Looked {
    pub(super) who: WorkerBrief,
    /// What keeps the job from them whatever they answered before; `None` where nothing does.
    pub(super) barred: Option<Outcome>,
    /// Whether they let this job pass without an answer so often that others come first.
    pub(super) silent: bool,
    /// Minutes they have left this week, however many of the units they may take.
    pub(super) time: i64,
    pub(super) candidate: Candidate,
}

impl Looked {
    /// Why they do not stand in the line; `None` for those who do.
    pub(super) fn reason(&self) -> Option<Outcome> {
        self.barred.or(self.silent.then_some(Outcome::Passed))
    }
}

/// What is known of everybody's work and answers.
struct Known {
    answers: HashMap<WorkerId, OfferState>,
    silences: HashMap<WorkerId, i64>,
    has_portion: HashSet<WorkerId>,
    /// What people offer; whoever is not there offers any time.
    plans: HashMap<WorkerId, Plan>,
    today: NaiveDate,
    /// Minutes of units people still have to do.
    promised: HashMap<PersonId, i64>,
    /// What people have done of this week.
    worked: HashMap<PersonId, Worked>,
    /// Minutes that lie before workers and are not answered.
    standing: HashMap<WorkerId, i64>,
    granted: HashMap<WorkerId, Granted>,
    /// On how many days of the window each took part.
    days: HashMap<WorkerId, i64>,
    /// How many of the waiting units a person may not take.
    closed: HashMap<PersonId, i64>,
    /// From whom the town keeps the job.
    kept_from: HashSet<WorkerId>,
}

/// What somebody was given within the window.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Granted {
    pub(super) minutes: i64,
    pub(super) last_at: Option<DateTime<Utc>>,
}

/// Looks at everybody in the programme for `waiting` units of a job.
pub(super) fn look(tx: &mut Tx<'_>, job: &Job, waiting: i64) -> Result<Vec<Looked>, DbError> {
    let today = crate::today(tx);
    let everybody = workforce::skills::fitness(tx, job.needs(), today)?;
    let known = Known {
        plans: availability::all_plans(tx)?,
        today,
        answers: offers::answers(tx, job.id)?,
        silences: lists::silences(tx, job.id)?,
        has_portion: lists::with_portion(tx, job.id)?,
        promised: claims::promised_minutes(tx)?,
        worked: claims::worked_minutes(tx)?,
        standing: lists::standing_minutes(tx)?,
        granted: granted(tx)?,
        days: days(tx)?,
        closed: units::closed_to(tx, job.id)?,
        kept_from: exclusions::kept_from(tx, job)?,
    };
    Ok(everybody.iter().map(|one| looked(job, waiting, one, &known)).collect())
}

fn looked(job: &Job, waiting: i64, one: &WorkerFitness, known: &Known) -> Looked {
    let WorkerFitness { who, fitness } = *one;
    let granted = known.granted.get(&who.worker).copied().unwrap_or_default();
    let standing = known.standing.get(&who.worker).copied().unwrap_or_default();
    let promised = known.promised.get(&who.person).copied().unwrap_or_default();
    let (wished, unit_minutes) = (i64::from(who.weekly_minutes), i64::from(job.unit_minutes));
    // No more than the hours they offer within the week, however much they wish for, nor than they have not done of it.
    let worked = known.worked.get(&who.person).copied().unwrap_or_default();
    let plan = known.plans.get(&who.worker);
    let offered = WeeklyMinutes::of(who.weekly_minutes, plan, worked, known.today).this;
    let time = (offered - promised - standing).max(0);
    let open_to_them = waiting - known.closed.get(&who.person).copied().unwrap_or_default();
    let answer = known.answers.get(&who.worker).copied();
    let declined = (answer == Some(OfferState::Declined)).then_some(Outcome::Declined);
    let portion = known.has_portion.contains(&who.worker).then_some(Outcome::HasPortion);
    let room = if time < unit_minutes {
        Some(Outcome::NoTime)
    } else {
        (open_to_them <= 0).then_some(Outcome::NotForThem)
    };
    let candidate = Candidate {
        worker: who.worker,
        wished,
        days: known.days.get(&who.worker).copied().unwrap_or_default(),
        granted: granted.minutes,
        standing,
        free: time.min(open_to_them.max(0).saturating_mul(unit_minutes)),
        last_granted_at: granted.last_at,
    };
    let kept = known.kept_from.contains(&who.worker).then_some(Outcome::NotAsked);
    let barred = Outcome::of_fitness(fitness).or(kept).or(declined).or(portion).or(room);
    let silences = known.silences.get(&who.worker).copied().unwrap_or_default();
    let silent = answer == Some(OfferState::Passed) && !(1..MOST_SILENCES).contains(&silences);
    Looked { who, barred, silent, time, candidate }
}

/// What keeps a job from one worker as they are today; `None` where nothing does.
pub(super) fn today_of(tx: &mut Tx<'_>, job: &Job, worker: WorkerId) -> Result<Option<Outcome>, DbError> {
    // Where nothing waits, nothing of it has been in their hands either.
    let waiting = lists::waiting(tx, job.id)?.units.max(1);
    let everybody = look(tx, job, waiting)?;
    if let Some(one) = everybody.iter().find(|one| one.who.worker == worker) {
        return Ok(one.reason());
    }
    // Who asks to take part is not looked at yet, nor is who has left.
    let state = workers::find(tx, worker)?.state;
    Ok(Some(if state == WorkerState::Applicant { Outcome::NotStarted } else { Outcome::Resting }))
}

/// On how many days of the window everybody could be offered work, today included.
fn days(tx: &mut Tx<'_>) -> Result<HashMap<WorkerId, i64>, DbError> {
    let last = crate::today(tx);
    let first = last - TimeDelta::weeks(WINDOW_WEEKS) + TimeDelta::days(1);
    let spans = workers::active_spans(tx)?;
    Ok(spans.into_iter().map(|(worker, one)| (worker, one.days_within(first, last))).collect())
}

#[derive(QueryableByName)]
struct GrantedRow {
    #[diesel(sql_type = BigInt)]
    worker_id: WorkerId,
    #[diesel(sql_type = BigInt)]
    minutes: i64,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    last_at: Option<DateTime<Utc>>,
}

/// What everybody was given within the window and did not give back, by the index `assignments_claimed`.
fn granted(tx: &mut Tx<'_>) -> Result<HashMap<WorkerId, Granted>, DbError> {
    let since = tx.now() - TimeDelta::weeks(WINDOW_WEEKS);
    let rows: Vec<GrantedRow> = diesel::sql_query(
        "SELECT a.worker_id, sum(j.unit_minutes)::bigint AS minutes, max(a.claimed_at) AS last_at \
         FROM assignments a JOIN units u ON u.id = a.unit_id JOIN jobs j ON j.id = u.job_id \
         WHERE a.claimed_at >= $1 AND (a.end_kind IS NULL OR a.end_kind NOT IN ('handed_back', 'taken_back', 'expired')) \
         GROUP BY a.worker_id",
    )
    .bind::<Timestamptz, _>(since)
    .load(tx.conn())?;
    let of = |row: GrantedRow| (row.worker_id, Granted { minutes: row.minutes, last_at: row.last_at });
    Ok(rows.into_iter().map(of).collect())
}
