//! Written terms (取引条件明示, 3条通知): what a worker reads before promising anything, frozen byte for byte at the
//! moment of the promise.
//!
//! Invariant: no unit is assigned without a notice that names every item the law asks for (Freelance Act art. 3, three more
//! where the work is re-entrusted), and nobody is invited to work whose notice would lack one
//! (`nobody_is_invited_while_the_terms_would_lack_an_item`);
//! notices are append-only in the database and kept.

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;
mod text_en;
mod text_ja;

use accounts::{organizations, persons};
use chrono::NaiveDate;
use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, JobId, Language, MoneyError, OrderId, WorkerId};

pub(crate) use lists::were_accepted;
pub use lists::{accepted, find, of_worker};
use model::Orderer;
pub use model::{
    NotADigest, Terms, TermsDigest, TermsFacts, TermsItem, TermsKey, TermsNotice, TermsNoticeId,
};
pub(crate) use store::freeze;
pub use text_en::english;
pub use text_ja::japanese;

use crate::jobs::{self, Job};
use crate::orders;

/// Why terms could not be drawn up.
#[derive(Debug, thiserror::Error)]
pub enum TermsError {
    /// Items that the law asks for are empty; each is a field, named as in [`TermsItem`].
    #[error("the terms would lack required items: {0}")]
    Incomplete(Invalid),
    /// The pay of so many units is beyond any amount handled here.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for TermsError {
    fn code(&self) -> Code {
        match self {
            Self::Incomplete(_) => Code::TermsIncomplete,
            Self::Money(_) => Code::OutOfRange,
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Incomplete(items) => &items.0,
            _ => &[],
        }
    }
}

/// The terms under which `worker` would do `units` units of a job, as of today.
pub fn preview(
    tx: &mut Tx<'_>,
    job: JobId,
    worker: WorkerId,
    units: i64,
    language: Language,
) -> Result<Terms, TermsError> {
    let job = jobs::find(tx, job)?;
    let person = workforce::workers::find(tx, worker)?.person_id;
    let (job, _own_day) = jobs::as_offered(tx, job, person)?;
    draw_up(tx, &job, worker, units, language)
}

/// What has still to be entered of the town or of an order before anybody may be invited to any of its jobs: a recruitment
/// names who orders, what is paid and whom to ask (MHLW guideline for self-employed telework; Freelance Act art. 12).
pub fn lacking(tx: &mut Tx<'_>, order: OrderId) -> Result<Vec<TermsItem>, DbError> {
    let (town, order) = (organizations::find(tx)?, orders::find(tx, order)?);
    let orderer = Orderer {
        name: &town.legal_name,
        address: &town.postal_address,
        email: &town.contact_email,
        phone: &town.contact_phone,
    };
    Ok(orderer.missing(order.re_entrusted.as_ref()))
}

/// Refuses to invite anybody while something is [`lacking`].
pub(crate) fn must_be_complete(tx: &mut Tx<'_>, order: OrderId) -> Result<(), TermsError> {
    let missing = lacking(tx, order)?;
    if missing.is_empty() { Ok(()) } else { Err(TermsError::Incomplete(model::incomplete(&missing))) }
}

/// [`preview`] of a job at hand.
pub(crate) fn draw_up(
    tx: &mut Tx<'_>,
    job: &Job,
    worker: WorkerId,
    units: i64,
    language: Language,
) -> Result<Terms, TermsError> {
    let facts = facts(tx, job, worker, units, language)?;
    written(&facts, language)
}

/// The terms under which a worker goes on with `units` units whose deadline has moved since those of `before`.
pub(crate) fn draw_up_extension(
    tx: &mut Tx<'_>,
    job: &Job,
    worker: WorkerId,
    units: i64,
    language: Language,
    before: NaiveDate,
) -> Result<Terms, TermsError> {
    let facts = TermsFacts { replaces: Some(before), ..facts(tx, job, worker, units, language)? };
    written(&facts, language)
}

fn written(facts: &TermsFacts, language: Language) -> Result<Terms, TermsError> {
    let missing = facts.missing();
    if !missing.is_empty() {
        return Err(TermsError::Incomplete(model::incomplete(&missing)));
    }
    let body = match language {
        Language::Ja => japanese(facts),
        Language::En => english(facts),
    };
    Ok(Terms {
        language,
        units: facts.units,
        sha256: TermsDigest::of(&body),
        rules_number: facts.rules_number,
        body,
    })
}

fn facts(
    tx: &mut Tx<'_>,
    job: &Job,
    worker: WorkerId,
    units: i64,
    language: Language,
) -> Result<TermsFacts, TermsError> {
    let town = organizations::find(tx)?;
    let person = workforce::workers::find(tx, worker)?.person_id;
    let person = persons::find(tx, person)?;
    Ok(TermsFacts {
        orderer_name: town.legal_name,
        orderer_address: town.postal_address,
        orderer_email: town.contact_email,
        orderer_phone: town.contact_phone,
        worker_name: person.name_in(language),
        ordered_on: crate::today(tx),
        job_title: job.title.clone(),
        rules: job.rules.clone(),
        rules_number: job.rules_number,
        units,
        unit_minutes: job.unit_minutes,
        unit_pay: job.unit_pay,
        total: job.unit_pay.times(units)?,
        work_due_on: job.work_due_on,
        inspect_days: job.inspect_days,
        review_levels: job.review_levels,
        inspected_by: job.inspected_by(job.work_due_on),
        pay_day: job.pay_day.number(),
        pay_on: job.paid_on(job.work_due_on),
        keep_days: job.keep_days,
        replaces: None,
        re_entrusted: orders::find(tx, job.order_id)?.re_entrusted,
        fixed_pay_on: job.fixed_pay_on,
    })
}
