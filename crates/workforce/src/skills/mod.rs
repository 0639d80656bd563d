//! Skills (スキル): what the town asks for, who has them and how long they count.
//!
//! Invariant: a skill counts up to and including its last day, and for work that asks for its level or a lower one.

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use chrono::{Days, NaiveDate};
use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, Paging, PersonId, WorkerId, date_in_japan};
use queue::Event;
use serde::{Deserialize, Serialize};

pub use lists::{Able, able, eligible, eligible_worker, expiring, find, fitness, list, of_worker};
use model::Grant;
pub(crate) use model::Learned;
pub use model::{
    Evidence, Expiring, ExpiringKey, Fitness, GrantInput, Needs, Skill, SkillId, SkillInput, WorkerBrief,
    WorkerFitness, WorkerSkill,
};

/// Why a skill was not entered, granted or revoked.
#[derive(Debug, thiserror::Error)]
pub enum SkillError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The town has a skill of this name.
    #[error("a skill of this name exists already")]
    NameTaken,
    /// The acting person is the worker: nobody confirms what they can do themselves.
    #[error("nobody confirms their own skill")]
    OwnSkill,
    /// The database failed.
    #[error(transparent)]
    Db(DbError),
}

impl From<DbError> for SkillError {
    fn from(error: DbError) -> Self {
        if error.violates("skills_name") {
            return Self::NameTaken;
        }
        if error.violates("worker_skills_organization_id_file_id_fkey") {
            return Self::Invalid(Invalid::field("file_id", Code::UnknownChoice));
        }
        Self::Db(error)
    }
}

impl Coded for SkillError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::NameTaken => Code::Taken,
            Self::OwnSkill => Code::OwnWork,
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            _ => &[],
        }
    }
}

/// Enters a skill.
pub fn add(tx: &mut Tx<'_>, input: SkillInput) -> Result<Skill, SkillError> {
    let name = input.checked()?;
    Ok(store::insert(tx, &name)?)
}

/// Renames a skill; who has it keeps it.
pub fn rename(tx: &mut Tx<'_>, id: SkillId, input: SkillInput) -> Result<Skill, SkillError> {
    let name = input.checked()?;
    Ok(store::rename(tx, id, &name)?)
}

/// Grants a worker a skill, or gives the one they have another level, last day and evidence. Whoever acts confirms it, and
/// is somebody else ([`SkillError::OwnSkill`]).
pub fn grant(tx: &mut Tx<'_>, worker: WorkerId, skill: SkillId, input: GrantInput) -> Result<(), SkillError> {
    let granted = input.checked(date_in_japan(tx.now()))?;
    let (worker, skill) = (crate::workers::find(tx, worker)?, find(tx, skill)?);
    if crate::workers::is_acting(tx, &worker) {
        return Err(SkillError::OwnSkill);
    }
    let confirmed_by = tx.actor().person();
    Ok(store::grant(tx, worker.id, skill.id, &granted, confirmed_by)?)
}

/// Grants what somebody learned, unless they can do more already. Whoever acts confirms it.
pub(crate) fn learn(
    tx: &mut Tx<'_>,
    worker: WorkerId,
    skill: SkillId,
    learned: Learned,
) -> Result<(), DbError> {
    let today = date_in_japan(tx.now());
    let had = of_worker(tx, worker)?.into_iter().find(|one| one.skill_id == skill);
    if had.is_some_and(|had| !learned.adds_to(&had, today)) {
        return Ok(());
    }
    let Learned { level, expires_on, evidence, note } = learned;
    let confirmed_by = tx.actor().person();
    store::grant(tx, worker, skill, &Grant { level, expires_on, evidence, note, file: None }, confirmed_by)
}

/// How many days before the last day of a skill whoever has it is warned.
pub const WARNED_DAYS: u64 = 30;

/// A skill runs out soon: whoever has it is told once for each last day it has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkillRunsOut {
    /// Whose.
    pub worker: WorkerId,
    /// The person they are.
    pub person: PersonId,
    /// Which.
    pub skill: SkillId,
    /// Its name.
    pub name: String,
    /// Its last day.
    pub expires_on: NaiveDate,
}

impl Event for SkillRunsOut {
    const KIND: &'static str = "skill.runs_out";
}

/// Tells of skills that run out within [`WARNED_DAYS`]; gives how many people were told. May run twice and may miss a night.
pub fn warn_of_running_out(tx: &mut Tx<'_>) -> Result<usize, DbError> {
    let today = date_in_japan(tx.now());
    let days = today..=today.checked_add_days(Days::new(WARNED_DAYS)).unwrap_or(today);
    let mut paging = Paging::first(Paging::<ExpiringKey>::MOST);
    let mut told = 0;
    loop {
        let page = expiring(tx, days.clone(), &paging)?;
        for one in page.items {
            told += usize::from(warn(tx, one)?);
        }
        paging.after = page.next;
        if paging.after.is_none() {
            return Ok(told);
        }
    }
}

fn warn(tx: &mut Tx<'_>, one: Expiring) -> Result<bool, DbError> {
    let Expiring { worker, person, skill_id: skill, name, expires_on, .. } = one;
    if !store::set_warned(tx, worker, skill, expires_on)? {
        return Ok(false);
    }
    queue::record(tx, &SkillRunsOut { worker, person, skill, name, expires_on })?;
    Ok(true)
}

/// Takes a skill away again; [`DbError::NotFound`] where the worker has not got it.
pub fn revoke(tx: &mut Tx<'_>, worker: WorkerId, skill: SkillId) -> Result<(), SkillError> {
    Ok(store::revoke(tx, worker, skill)?)
}
