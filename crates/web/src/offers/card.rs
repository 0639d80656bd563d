//! What one offer says at a glance, for the list, the offer's own page and the worker's home.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use fulfillment::jobs::{self, Job};
use fulfillment::offers::{self, OfferCard, OfferKey};
use kernel::{JobId, Page, Paging, PersonId};
use serde::Serialize;
use workforce::{Worker, workers};

use crate::call::Call;
use crate::format::{self, Due};
use crate::paths;

/// An offer with why it came to this worker.
#[derive(Debug, Clone)]
pub(crate) struct Offered {
    pub(crate) card: OfferCard,
    pub(crate) job: Job,
    /// The skill it asks for, by name; none where anybody may do it.
    pub(crate) skill: Option<String>,
}

/// The worker a person is; [`DbError::NotFound`] for people who hold the role and were never registered.
pub(crate) fn worker(tx: &mut Tx<'_>, person: PersonId) -> Result<Worker, DbError> {
    workers::of_person(tx, person)?.ok_or(DbError::NotFound)
}

/// A page of the worker's open offers with their reasons.
pub(crate) fn fitting(
    tx: &mut Tx<'_>,
    worker: &Worker,
    paging: &Paging<OfferKey>,
) -> Result<Page<Offered, OfferKey>, DbError> {
    let page = offers::fitting(tx, worker.id, paging)?;
    let items = page.items.into_iter().map(|card| offered(tx, card)).collect::<Result<_, DbError>>()?;
    Ok(Page { items, next: page.next })
}

/// One of the worker's open offers; [`DbError::NotFound`] for a job that is not before them.
pub(crate) fn of_job(tx: &mut Tx<'_>, worker: &Worker, job: JobId) -> Result<Offered, DbError> {
    let mut paging = Paging::first(Paging::<OfferKey>::MOST);
    loop {
        let page = offers::fitting(tx, worker.id, &paging)?;
        if let Some(card) = page.items.into_iter().find(|card| card.job == job) {
            return offered(tx, card);
        }
        paging.after = Some(page.next.ok_or(DbError::NotFound)?);
    }
}

fn offered(tx: &mut Tx<'_>, card: OfferCard) -> Result<Offered, DbError> {
    let job = jobs::find(tx, card.job)?;
    let skill = match job.skill_id {
        Some(skill) => Some(workforce::skills::find(tx, skill)?.name),
        None => None,
    };
    Ok(Offered { card, job, skill })
}

/// An offer as templates show it.
#[derive(Debug, Serialize)]
pub(crate) struct CardView {
    id: String,
    href: String,
    title: String,
    excerpt: String,
    /// Pay for one unit.
    pay: String,
    /// How long one unit usually takes.
    time: String,
    /// The pay of an hour at that pace.
    per_hour: String,
    left: i64,
    fitting: i64,
    due: Due,
    pay_on: String,
    skill: Option<String>,
}

impl CardView {
    /// Words and numbers in the reader's language.
    pub(crate) fn of(call: &Call, now: DateTime<Utc>, offered: Offered) -> Self {
        let Offered { card, skill, .. } = offered;
        let language = call.language;
        Self {
            id: format!("offer-{}", card.job),
            href: paths::offer(card.job),
            title: card.title,
            excerpt: card.rules_excerpt,
            pay: format::yen(language, card.unit_pay),
            time: format::duration(language, card.unit_minutes.into()),
            per_hour: format::yen(language, card.yen_per_hour),
            left: card.units_left,
            fitting: card.fitting_units,
            due: format::due(language, now, card.work_due_on),
            pay_on: format::full_date(language, card.pay_on),
            skill,
        }
    }
}
