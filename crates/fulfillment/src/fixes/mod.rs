//! Fixes (修正依頼): what a client wants mended, and what coordination decides about it before anybody works on it.
//!
//! Invariants: a unit a client asked to have mended stays `claimed_back` until somebody has said whose fault it is, what
//! mending pays and until when; a changed specification is paid anew and under terms of its own, by CHECK too
//! (Freelance Act art. 3 and 5); nobody decides whose fault their own work is.

pub(crate) mod events;
mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, PersonId, ReviewId, UnitId, Yen};

pub use lists::{Wish, count_open, find_open, of_unit, open, wishes};
pub use model::{FixDecision, FixInput, FixKey, FixStand, Mender, OpenFix};

use crate::claims::{self, EndKind};
use crate::earnings;
use crate::events::{FixDecided, JobOffered, UnitTakenBack};
use crate::jobs::{self, Job};
use crate::offers;
use crate::orders::{self, Order};
use crate::reviews::{Fault, Review};
use crate::rounds;
use crate::sampling;
use crate::submissions;
use crate::terms::{self, TermsError, TermsNoticeId};
use crate::units::store::{Mark, Which};
use crate::units::{self, Move, Unit, UnitError};
use model::FixFields;
use store::Cause;

/// Why a fix was not decided.
#[derive(Debug, thiserror::Error)]
pub enum FixError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The acting person made a version of this unit.
    #[error("makers do not decide whose fault their own work is")]
    OwnWork,
    /// The terms of the paid part cannot be drawn up.
    #[error(transparent)]
    Terms(#[from] TermsError),
    /// No client waits for it to be mended, or the unit did not move.
    #[error(transparent)]
    Unit(#[from] UnitError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for FixError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::OwnWork => Code::OwnWork,
            Self::Terms(error) => error.code(),
            Self::Unit(error) => error.code(),
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

/// Decides a fix that a client asked for: whose fault it is, what mending pays, until when, and by whom. Only now the
/// unit opens for work again, and only now a worker is told.
pub fn decide(tx: &mut Tx<'_>, unit: UnitId, input: FixInput) -> Result<FixDecision, FixError> {
    let fields = input.checked(crate::today(tx))?;
    let decider = crate::acting_person(tx)?;
    let order = units::find(tx, unit)?.order_id;
    let order = orders::hold(tx, order)?;
    let unit = units::store::lock(tx, unit)?;
    if submissions::made_any_version(tx, unit.id, decider)? {
        return Err(FixError::OwnWork);
    }
    let attempted = if fields.mender == Mender::Others { Move::Reoffer } else { Move::Mend };
    units::next(unit.state, attempted).map_err(UnitError::from)?;
    let asked = find_open(tx, unit.id)?;
    let job = jobs::find(tx, unit.job_id)?.due_by(fields.due_on);
    let terms = frozen_terms(tx, &unit, &job, &fields)?;
    let decision = store::insert(tx, (unit.id, Cause::Delivery(asked.delivery)), &fields, terms, decider)?;
    units::store::set_due(tx, unit.id, fields.due_on)?;
    let mark = Mark { reason: Some(fields.fault.as_str()), note: &decision.comment, ..Mark::default() };
    if fields.mender == Mender::Others {
        earnings::settle(tx, Which::These(&[unit.id]))?;
    }
    units::store::advance(tx, Which::These(&[unit.id]), unit.state, attempted, mark)?;
    let holder = unit.holder_id.ok_or(DbError::NotFound)?;
    if fields.fault == Fault::Worker {
        sampling::found_by_client(tx, &job, holder, unit.id)?;
    }
    match fields.mender {
        Mender::SameWorker => {
            claims::sign(tx, job.id, holder)?;
            tell_holder(tx, &unit, &job, &asked, &decision, holder)?;
        }
        Mender::Others => hand_to_others(tx, &order, &unit, &job, &decision, holder)?,
    }
    Ok(decision)
}

/// What somebody found to be wanted that was not ordered.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted<'a> {
    /// The verdict it came of.
    pub(crate) review: ReviewId,
    /// Who decided it: whoever gave that verdict, or whoever judged an appeal against it.
    pub(crate) by: PersonId,
    /// What to do, for its maker.
    pub(crate) comment: &'a str,
}

impl<'a> From<&'a Review> for Wanted<'a> {
    fn from(review: &'a Review) -> Self {
        Self { review: review.id, by: review.checker_id, comment: &review.comment }
    }
}

/// A reviewer found that something else is wanted than was ordered: doing that is a line of its own, paid to whoever has the unit,
/// under terms of its own (Freelance Act art. 3 and 5). The caller has locked the unit and moves it.
pub(crate) fn change(
    tx: &mut Tx<'_>,
    unit: &Unit,
    job: &Job,
    wanted: Wanted<'_>,
    (extra_pay, due_on): (Yen, NaiveDate),
) -> Result<TermsNoticeId, FixError> {
    let fields = FixFields {
        fault: Fault::Specification,
        mender: Mender::SameWorker,
        extra_pay,
        due_on,
        comment: wanted.comment.to_owned(),
    };
    let moves = claims::due_on(tx, unit, job)? != due_on;
    let job = job.clone().due_by(due_on);
    let terms = frozen_terms(tx, unit, &job, &fields)?;
    store::insert(tx, (unit.id, Cause::Review(wanted.review)), &fields, terms, wanted.by)?;
    if moves {
        units::store::set_due(tx, unit.id, due_on)?;
    }
    Ok(terms.ok_or(DbError::NotFound)?)
}

/// What mending pays beside the unit's own pay is an order of its own, told in writing at once (Freelance Act art. 3).
fn frozen_terms(
    tx: &mut Tx<'_>,
    unit: &Unit,
    job: &Job,
    fields: &FixFields,
) -> Result<Option<TermsNoticeId>, FixError> {
    if fields.extra_pay == Yen(0) {
        return Ok(None);
    }
    let worker = claims::live_worker(tx, unit.id)?;
    let person = unit.holder_id.ok_or(DbError::NotFound)?;
    let language = accounts::persons::find(tx, person)?.preferences.language;
    let paid = Job {
        title: format!("{} – {}", job.title, unit.label),
        rules: format!("{}\n\n{}", fields.comment, job.rules),
        unit_pay: fields.extra_pay,
        ..job.clone()
    };
    let terms = terms::draw_up(tx, &paid, worker, 1, language)?;
    Ok(Some(terms::freeze(tx, job.id, worker, &terms)?))
}

fn tell_holder(
    tx: &mut Tx<'_>,
    unit: &Unit,
    job: &Job,
    asked: &OpenFix,
    decision: &FixDecision,
    holder: PersonId,
) -> Result<(), DbError> {
    queue::record(
        tx,
        &FixDecided {
            unit: unit.id,
            label: unit.label.clone(),
            job: job.id,
            job_title: job.title.clone(),
            order: unit.order_id,
            person: holder,
            fault: decision.fault,
            wish: asked.note.clone(),
            comment: decision.comment.clone(),
            extra_pay: decision.extra_pay,
            due_on: decision.due_on,
            terms_notice: decision.terms_notice,
        },
    )?;
    Ok(())
}

/// The holder is released and told so; everybody else whom the job fits hears of the unit.
fn hand_to_others(
    tx: &mut Tx<'_>,
    order: &Order,
    unit: &Unit,
    job: &Job,
    decision: &FixDecision,
    holder: PersonId,
) -> Result<(), DbError> {
    claims::store::end(tx, Which::These(&[unit.id]), EndKind::TakenBack)?;
    queue::record(
        tx,
        &UnitTakenBack {
            unit: unit.id,
            label: unit.label.clone(),
            job: job.id,
            job_title: job.title.clone(),
            order: order.id,
            order_title: order.title.clone(),
            person: holder,
            note: decision.comment.clone(),
        },
    )?;
    if job.is_in_turn() {
        return rounds::freed(tx, job.id);
    }
    let mut fitting = workforce::skills::eligible(tx, job.needs(), crate::today(tx))?;
    fitting.retain(|worker| worker.weekly_minutes >= job.unit_minutes && worker.person != holder);
    offers::store::insert(tx, job.id, &fitting)?;
    if fitting.is_empty() {
        return Ok(());
    }
    queue::record(
        tx,
        &JobOffered {
            job: job.id,
            order: order.id,
            title: job.title.clone(),
            units: 1,
            unit_pay: job.unit_pay,
            unit_minutes: job.unit_minutes,
            work_due_on: decision.due_on,
            pay_on: job.paid_on(decision.due_on),
            workers: fitting.iter().map(|worker| (worker.worker, worker.person)).collect(),
            portions: Vec::new(),
            answer_by: None,
        },
    )?;
    Ok(())
}
