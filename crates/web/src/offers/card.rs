//! What one offer says at a glance, for the list, the offer's own page and the worker's home.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use fulfillment::jobs::{self, Job};
use fulfillment::offers::{self, OfferCard, OfferKey, Standing};
use kernel::{JobId, Page, Paging, PersonId};
use serde::Serialize;
use workforce::{Worker, WorkerState, skills, workers};

use crate::call::Call;
use crate::format::{self, Due};
use crate::orders::parts::{self, When};
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

/// Why no offer is before a worker: the word in the keys `offers-none-{word}` and `offers-none-{word}-text`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WhyNone {
    /// They are on the list, and the town has not said when they begin.
    Registered,
    /// They are being trained.
    Training,
    /// They take a break.
    Resting,
    /// They have left.
    Left,
    /// They may work, and nobody has recorded what they can do.
    NoSkill,
    /// Nothing fits right now.
    NothingFits,
}

impl WhyNone {
    /// What holds for a worker now.
    pub(crate) fn of(tx: &mut Tx<'_>, worker: &Worker) -> Result<Self, DbError> {
        Ok(match worker.state {
            WorkerState::Applicant | WorkerState::Registered => Self::Registered,
            WorkerState::Training => Self::Training,
            WorkerState::Paused => Self::Resting,
            WorkerState::Withdrawn => Self::Left,
            WorkerState::Active if skills::of_worker(tx, worker.id)?.is_empty() => Self::NoSkill,
            WorkerState::Active => Self::NothingFits,
        })
    }
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

/// One of the worker's open offers; [`DbError::NotFound`] for a job that is not before them, or not any more.
pub(crate) fn of_job(tx: &mut Tx<'_>, worker: &Worker, job: JobId) -> Result<Offered, DbError> {
    match offers::standing(tx, worker.id, job)? {
        Standing::Open(card) => offered(tx, card),
        _ => Err(DbError::NotFound),
    }
}

pub(super) fn offered(tx: &mut Tx<'_>, card: OfferCard) -> Result<Offered, DbError> {
    let job = jobs::find(tx, card.job)?;
    let skill = match job.skill_id {
        Some(skill) => Some(skills::find(tx, skill)?.name),
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
    /// Whether some of the week is free, if not for a whole unit.
    has_time: bool,
    due: Due,
    /// When it is paid: a rule with its two dates.
    pay_on: String,
    /// The worker's own free time until the last day.
    free_until_due: String,
    skill: Option<String>,
    /// What lies before this worker alone; none where whoever is first has it.
    portion: Option<PortionView>,
    /// Why it was offered to them, in full.
    why_href: String,
}

/// A portion with its time.
#[derive(Debug, Serialize)]
struct PortionView {
    units: i64,
    answer_by: When,
}

impl CardView {
    /// Words and numbers in the reader's language.
    pub(crate) fn of(call: &Call, now: DateTime<Utc>, offered: Offered) -> Self {
        let Offered { card, skill, .. } = offered;
        let language = call.language;
        Self {
            pay_on: paid(call, &card),
            portion: card.portion.map(|portion| PortionView {
                units: portion.units,
                answer_by: When::of(language, portion.answer_by),
            }),
            why_href: format!("{}/why", paths::offer(card.job)),
            id: format!("offer-{}", card.job),
            href: paths::offer(card.job),
            title: card.title,
            excerpt: card.rules_excerpt,
            pay: format::yen(language, card.unit_pay),
            time: format::duration(language, card.unit_minutes.into()),
            per_hour: format::yen(language, card.yen_per_hour),
            left: card.units_left,
            fitting: card.fitting_units,
            has_time: card.free_minutes_this_week > 0,
            due: format::due(language, now, card.work_due_on),
            free_until_due: format::duration(language, card.free_minutes_until_due),
            skill,
        }
    }
}

/// `提出した月の翌月25日。今日提出すると12月25日(金)、しめきりの日なら1月25日(月)`.
fn paid(call: &Call, card: &OfferCard) -> String {
    if let Some(on) = card.fixed_pay_on {
        return parts::say(call, "offer-paid-fixed", &[("day", format::full_date(call.language, on))]);
    }
    let [today, last] = card.pay_on.map(|day| format::short_date(call.language, day));
    let key = if today == last { "offer-paid" } else { "offer-paid-from-to" };
    let facts = [("day", card.pay_day.number().to_string()), ("today", today), ("last", last)];
    parts::say(call, key, &facts)
}
