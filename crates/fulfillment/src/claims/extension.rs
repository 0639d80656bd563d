//! A deadline that moved while somebody holds units: they read the new terms and accept them, or hand back without blame,
//! or do nothing, and then the old terms stand.

use chrono::NaiveDate;
use db::{DbError, Tx};
use kernel::{Invalid, JobId, Language, PersonId, Typed, UnitId, date_in_japan};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ClaimError, keeping, lists, store};
use crate::events::ExtensionAccepted;
use crate::jobs::{self, Job};
use crate::orders::{self, OrderState};
use crate::terms::{self, Terms, TermsDigest, TermsNoticeId};

/// A moved deadline as its holder reads it before accepting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "MovedDeadline")]
pub struct Extension {
    /// The job.
    pub job: Job,
    /// The units it is about.
    pub units: Vec<UnitId>,
    /// The day they are due under the accepted terms.
    pub from: NaiveDate,
    /// Why it moved, in the town's words; may be empty.
    pub note: String,
    /// The new terms in full.
    pub terms: Terms,
}

/// An acceptance as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "terms_sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" }]))]
pub struct AcceptInput {
    /// The digest of the new terms as the worker saw them; required.
    pub terms_sha256: Typed,
    /// The language they were shown in; empty means the person's own.
    #[schemars(with = "Option<Language>")]
    pub language: Typed,
}

/// What an acceptance gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ExtensionAccepted")]
pub struct Accepted {
    /// The frozen new terms.
    pub terms_notice: TermsNoticeId,
    /// The units that have the later day now.
    pub units: Vec<UnitId>,
    /// That day.
    pub due_on: NaiveDate,
}

/// The moved deadline of the acting person's units of a job; [`ClaimError::NothingMoved`] where there is none.
pub fn extension(tx: &mut Tx<'_>, job: JobId, language: Language) -> Result<Extension, ClaimError> {
    let person = crate::acting_person(tx)?;
    let job = jobs::find(tx, job)?;
    let moved = lists::moved(tx, job.id, person)?;
    let (from, before) =
        moved.first().map(|first| (first.due_on, first.terms)).ok_or(ClaimError::NothingMoved)?;
    let (count, before) = (moved.len(), terms::find(tx, before)?);
    let terms = drawn_up(tx, &job, person, count, language, date_in_japan(before.issued_at))?;
    let note = jobs::extensions(tx, job.id)?.into_iter().next().map(|newest| newest.note).unwrap_or_default();
    let units = moved.into_iter().map(|one| one.unit).collect();
    Ok(Extension { job, units, from, note, terms })
}

fn drawn_up(
    tx: &mut Tx<'_>,
    job: &Job,
    person: PersonId,
    count: usize,
    language: Language,
    before: NaiveDate,
) -> Result<Terms, ClaimError> {
    let worker = workforce::workers::of_person(tx, person)?.ok_or(DbError::NotFound)?;
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    Ok(terms::draw_up_extension(tx, job, worker.id, count, language, before)?)
}

/// Accepts the later deadline for all of the acting person's units of a job, under the very terms they saw. The terms
/// before stay kept; nothing about the person is noted.
pub fn accept_extension(tx: &mut Tx<'_>, job: JobId, input: AcceptInput) -> Result<Accepted, ClaimError> {
    let person = crate::acting_person(tx)?;
    let worker = workforce::workers::of_person(tx, person)?.ok_or(DbError::NotFound)?;
    // Two presses wait for each other here, and find that nothing is left to accept.
    let worker = workforce::workers::hold(tx, worker.id)?;
    let job = jobs::store::hold_unchanged(tx, job)?;
    if orders::find(tx, job.order_id)?.state != OrderState::Running || job.work_due_on < crate::today(tx) {
        return Err(ClaimError::NotOpen);
    }
    // Held before the terms are drawn up: a unit handed back meanwhile would be named in them.
    let moved = lists::moved(tx, job.id, person)?;
    let assignments = store::hold(tx, &moved)?;
    let language = match input.language.as_str().trim() {
        "" => accounts::persons::find(tx, person)?.preferences.language,
        word => word.parse().map_err(|_unknown| Invalid::field("language", kernel::Code::UnknownChoice))?,
    };
    let offered = extension(tx, job.id, language)?;
    if TermsDigest::read(&input.terms_sha256) != Some(offered.terms.sha256) {
        return Err(ClaimError::TermsNotAccepted);
    }
    let terms_notice = terms::freeze(tx, job.id, worker.id, &offered.terms)?;
    let moved = store::move_deadline(tx, &assignments, terms_notice, job.work_due_on)?;
    if moved != offered.units.len() {
        // One of them ended between the look and the lock: its holder reads the terms for what is left.
        return Err(ClaimError::TermsNotAccepted);
    }
    keeping::begin(tx, &job, person)?;
    queue::record(
        tx,
        &ExtensionAccepted {
            units: offered.units.clone(),
            person,
            job: job.id,
            job_title: job.title,
            terms_notice,
            due_on: job.work_due_on,
        },
    )?;
    Ok(Accepted { terms_notice, units: offered.units, due_on: job.work_due_on })
}
