//! Substitutes: whom to put before what of a job came back and waits, by name. It is a round like others, so why somebody was
//! asked or not stays to be said, and what they take counts in everybody's turn; whoever gave it back has no mark.

use std::cmp::Reverse;
use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Timestamptz};
use kernel::{Checks, Code, Coded, FieldProblem, Invalid, JobId, PersonId, Typed, WorkerId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::fairness::Average;
use super::model::{Outcome, Round, RoundKind};
use super::standings::Looked;
use super::store::NewRound;
use super::{decision, drawn, hours, lists, standings, store};
use crate::events::JobOffered;
use crate::jobs::{self, Job, JobState, OfferRule};
use crate::offers;
use crate::orders::{self, OrderState};
use crate::terms::{self, TermsError};

/// How many people are proposed.
const MOST_PROPOSED: usize = 3;
/// How far back checked work is looked at.
const QUALITY_WEEKS: i64 = 26;

/// Why nothing was put before somebody.
#[derive(Debug, thiserror::Error)]
pub enum SubstituteError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The job is not offered in turn, or its order does not run.
    #[error("the job is not offered in turn")]
    NotOpen,
    /// It does not fit them, or they have no time for it.
    #[error("the job does not fit this person now")]
    NotEligible,
    /// Others have portions of all that waits by now.
    #[error("nothing of the job is left to offer")]
    NothingLeft,
    /// Their terms would lack what the law asks for.
    #[error(transparent)]
    Terms(#[from] TermsError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for SubstituteError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::NotOpen => Code::NotOpen,
            Self::NotEligible => Code::NotEligible,
            Self::NothingLeft => Code::UnitTaken,
            Self::Terms(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            Self::Terms(error) => error.fields(),
            _ => &[],
        }
    }
}

/// How somebody's first versions were checked lately. Only to be shown with how many there were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "FirstReviews")]
pub struct Quality {
    /// How many passed at once.
    pub passed: i64,
    /// Of how many.
    pub reviewed: i64,
}

impl Quality {
    /// Of nobody of whom little is known one expects the best or the worst: one pass and one return are counted with each.
    fn expected(self) -> (i64, i64) {
        (self.passed + 1, self.reviewed + 2)
    }
}

/// Somebody who could go on with what waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Substitute {
    /// Who.
    pub worker: WorkerId,
    /// The person they are.
    pub person: PersonId,
    /// Minutes they have left this week: the hours they offer, less what they hold and what lies before them unanswered.
    pub free_minutes: i64,
    /// How many of the waiting units fit into them.
    pub units: i64,
    /// How their work was checked lately.
    pub quality: Quality,
}

/// What waits and lies before nobody, and who could take it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Substitutes {
    /// How many units.
    pub units: i64,
    /// At most three people: who can do all of it first, then by how their work was checked, then by their time.
    pub people: Vec<Substitute>,
}

/// Whom to ask, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "worker_id": 3, "units": 2 }]))]
pub struct SubstituteInput {
    /// The worker; required.
    pub worker_id: Typed,
    /// How many of the waiting units; required.
    pub units: Typed,
}

/// Who could go on with what of a job waits and lies before nobody.
pub fn substitutes(tx: &mut Tx<'_>, id: JobId) -> Result<Substitutes, DbError> {
    let job = jobs::find(tx, id)?;
    let units = unpromised(tx, &job)?;
    if units <= 0 || job.offer_rule != OfferRule::Fair {
        return Ok(Substitutes { units: 0, people: Vec::new() });
    }
    let everybody = standings::look(tx, &job, units)?;
    let fitting: Vec<&Looked> = everybody.iter().filter(|one| may_be_asked(one)).collect();
    let ids: Vec<PersonId> = fitting.iter().map(|one| one.who.person).collect();
    let quality = quality(tx, &ids)?;
    let unit_minutes = i64::from(job.unit_minutes.max(1));
    let substitute = |one: &&Looked| Substitute {
        worker: one.who.worker,
        person: one.who.person,
        free_minutes: one.time,
        units: (one.candidate.free / unit_minutes).min(units),
        quality: quality.get(&one.who.person).copied().unwrap_or_default(),
    };
    let mut people: Vec<Substitute> = fitting.iter().map(substitute).filter(|one| one.units > 0).collect();
    people.sort_by(|one, other| {
        let ((passed, of), (theirs, of_theirs)) = (one.quality.expected(), other.quality.expected());
        let better = (theirs * of).cmp(&(passed * of_theirs));
        let key = |one: &Substitute| (Reverse(one.units), Reverse(one.free_minutes), one.worker);
        Reverse(one.units).cmp(&Reverse(other.units)).then(better).then(key(one).cmp(&key(other)))
    });
    people.truncate(MOST_PROPOSED);
    Ok(Substitutes { units, people })
}

/// Puts so many of the waiting units before one worker alone, for the usual time to answer.
pub fn put_before(tx: &mut Tx<'_>, id: JobId, input: &SubstituteInput) -> Result<Round, SubstituteError> {
    let (worker, units) = input.checked()?;
    let order = jobs::find(tx, id)?.order_id;
    let order = orders::hold(tx, order)?;
    let job = jobs::store::hold(tx, id)?;
    let is_open = order.state == OrderState::Running && job.state == JobState::Offered;
    if !is_open || job.offer_rule != OfferRule::Fair {
        return Err(SubstituteError::NotOpen);
    }
    terms::must_be_complete(tx, order.id)?;
    let unanswered = store::lapse(tx, id)?;
    offers::store::pass(tx, id, &unanswered)?;
    let waiting = lists::waiting(tx, id)?;
    let free = unpromised(tx, &job)?;
    let (Some(until), true) = (waiting.until, free >= units) else {
        return Err(SubstituteError::NothingLeft);
    };
    let everybody = standings::look(tx, &job, free)?;
    let asked = everybody.iter().find(|one| one.who.worker == worker && may_be_asked(one));
    let asked = asked.ok_or(SubstituteError::NotEligible)?;
    if asked.candidate.free < units * i64::from(job.unit_minutes) {
        return Err(SubstituteError::NotEligible);
    }
    if job.offer_rule == OfferRule::Fair && job.pool_opened_at.is_some() {
        jobs::store::close_pool(tx, id)?;
    }
    let answer_by = hours::answer_by(tx.now(), until);
    let round = write(tx, &job, &everybody, asked, (units, free), answer_by)?;
    let who = [asked.who];
    offers::store::insert(tx, id, &who)?;
    let told = JobOffered {
        portions: vec![(asked.who.person, units)],
        answer_by: Some(answer_by),
        ..jobs::told(&job, units, &who)
    };
    queue::record(tx, &told)?;
    Ok(round)
}

/// How many units of a job wait and lie in nobody's portion.
fn unpromised(tx: &mut Tx<'_>, job: &Job) -> Result<i64, DbError> {
    Ok(lists::waiting(tx, job.id)?.units - lists::kept(tx, job.id)?)
}

/// Neither asked already, nor unwilling, nor unable.
fn may_be_asked(one: &Looked) -> bool {
    one.barred.is_none()
}

/// A round like others: who was asked, and that the others who fit were not reached.
fn write(
    tx: &mut Tx<'_>,
    job: &Job,
    everybody: &[Looked],
    asked: &Looked,
    (units, free): (i64, i64),
    answer_by: DateTime<Utc>,
) -> Result<Round, DbError> {
    let line: Vec<_> = everybody.iter().filter(|one| may_be_asked(one)).map(|one| one.candidate).collect();
    let average = Average::of(&line);
    let of = |one: &Looked| {
        if one.who.worker == asked.who.worker {
            return store::NewDecision { units, ..decision(one, average, Outcome::Asked) };
        }
        decision(one, average, one.reason().unwrap_or(Outcome::NotReached))
    };
    let mut decisions: Vec<_> = everybody.iter().map(of).collect();
    decisions.sort_by_key(|one| match one.outcome {
        Outcome::Asked => 0,
        Outcome::NotReached => 1,
        _ => 2,
    });
    let new = NewRound {
        job: job.id,
        kind: RoundKind::Named,
        seed: drawn(tx, job.id),
        waiting_units: free,
        candidates: line.len(),
        answer_by: Some(answer_by),
    };
    store::insert(tx, &new, &decisions)
}

impl SubstituteInput {
    fn checked(&self) -> Result<(WorkerId, i64), Invalid> {
        let mut checks = Checks::new();
        let worker = WorkerId(checks.number("worker_id", &self.worker_id, 1..=i64::MAX));
        let units = checks.number("units", &self.units, 1..=1000);
        checks.done((worker, units))
    }
}

#[derive(QueryableByName)]
struct Checked {
    #[diesel(sql_type = BigInt)]
    person_id: PersonId,
    #[diesel(sql_type = BigInt)]
    passed: i64,
    #[diesel(sql_type = BigInt)]
    reviewed: i64,
}

/// How the first version that each of some people made of a unit was checked within half a year.
fn quality(tx: &mut Tx<'_>, people: &[PersonId]) -> Result<HashMap<PersonId, Quality>, DbError> {
    let since = tx.now() - TimeDelta::weeks(QUALITY_WEEKS);
    let ids: Vec<i64> = people.iter().map(|person| person.0).collect();
    let rows: Vec<Checked> = diesel::sql_query(
        "SELECT s.maker_id AS person_id, count(*) FILTER (WHERE r.verdict = 'pass') AS passed, \
             count(*) AS reviewed \
         FROM reviews r JOIN submissions s ON s.id = r.submission_id \
         WHERE r.is_last AND r.reviewed_at >= $2 AND s.maker_id = ANY ($1) \
             AND NOT EXISTS (SELECT 1 FROM submissions e WHERE e.unit_id = s.unit_id \
                 AND e.maker_id = s.maker_id AND e.id < s.id) \
         GROUP BY s.maker_id",
    )
    .bind::<Array<BigInt>, _>(ids)
    .bind::<Timestamptz, _>(since)
    .load(tx.conn())?;
    let of = |row: Checked| (row.person_id, Quality { passed: row.passed, reviewed: row.reviewed });
    Ok(rows.into_iter().map(of).collect())
}
