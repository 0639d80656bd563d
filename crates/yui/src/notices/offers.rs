//! Mails about open work: with each offer, or gathered into one mail a day, and never about work that is gone.

use std::collections::BTreeSet;
use std::sync::Arc;

use ::fulfillment::events::JobOffered;
use ::fulfillment::offers::{self, OfferCard, Standing};
use ::fulfillment::rounds::OpenPortion;
use ::queue::{Registry, TaskError};
use db::{DbError, Tx};
use kernel::{EventId, JobId, Language, PersonId};
use notifier::digests::{self, Gathered, SendDigest};
use notifier::mails;
use notifier::sending::{Checks, Due};
use notifier::{Mail, NewMessage, queue};
use web::format;

use super::{Cause, Notices, as_count, mail_person, recipient};

pub(super) fn register(registry: &mut Registry, notices: &Arc<Notices>) {
    let own = notices.clone();
    registry.subscribe::<JobOffered>("mail", move |tx, offered| {
        let fact = offered.fact;
        // Always in the same order: two offers that gather for the same people wait for each other.
        let people: BTreeSet<PersonId> = fact.workers.iter().map(|(_, person)| *person).collect();
        for person in &people {
            if digests::gather(tx, *person, &format!("job:{}", fact.job))? != Gathered::No {
                continue;
            }
            mail_offer(tx, &own, offered.event.id, &fact, *person)?;
        }
        Ok(())
    });
    let own = notices.clone();
    registry.in_transaction::<SendDigest>(move |tx, _attempt, task| send_digest(tx, &own, task.person));
}

/// One offer to one person: the job as it is for everybody, or their own portion of it and by when to answer.
fn mail_offer(
    tx: &mut Tx<'_>,
    own: &Notices,
    event: EventId,
    fact: &JobOffered,
    person: PersonId,
) -> Result<(), TaskError> {
    let thing = Thing { job: fact.job, due_on: fact.work_due_on };
    let cause = Cause::about(event, "job", thing.text());
    let link = own.outbox.link(&format!("/offers/{}", fact.job));
    let portion = fact.portions.iter().find(|(theirs, _)| *theirs == person);
    let (Some((_, units)), Some(answer_by)) = (portion, fact.answer_by) else {
        return mail_person(tx, own, cause, person, |language| mails::WorkOffered {
            title: fact.title.clone(),
            unit_pay: format::yen(language, fact.unit_pay),
            unit_minutes: as_count(fact.unit_minutes),
            deadline: format::full_date(language, fact.work_due_on),
            link,
        });
    };
    mail_person(tx, own, cause.until(answer_by), person, |language| mails::WorkPortion {
        title: fact.title.clone(),
        units: as_count(*units),
        answer_by: format::full_moment(language, answer_by),
        unit_pay: format::yen(language, fact.unit_pay),
        unit_minutes: as_count(fact.unit_minutes),
        deadline: format::full_date(language, fact.work_due_on),
        link,
    })
}

/// An offer that is taken, withdrawn or over is not mailed; one whose day has moved is mailed anew.
pub(super) fn checks(checks: Checks, notices: &Arc<Notices>) -> Checks {
    let (offered, portion) = (notices.clone(), notices.clone());
    checks
        .before(mails::WorkOffered::NAME, move |tx, due| still_offered(tx, &offered, due))
        .before(mails::WorkPortion::NAME, move |tx, due| still_offered(tx, &portion, due))
}

/// What a mail about an offer names: the job, and the day it told.
struct Thing {
    job: JobId,
    due_on: chrono::NaiveDate,
}

impl Thing {
    fn text(&self) -> String {
        format!("{}@{}", self.job, self.due_on)
    }

    fn parse(text: &str) -> Option<Self> {
        let (job, due_on) = text.strip_prefix("job:")?.split_once('@')?;
        Some(Self { job: job.parse().ok()?, due_on: due_on.parse().ok()? })
    }
}

fn still_offered(tx: &mut Tx<'_>, own: &Notices, due: Due<'_>) -> Result<bool, DbError> {
    let (Some(thing), Some(person)) = (Thing::parse(due.concerns), due.person) else { return Ok(true) };
    // On a day off nobody is mailed about open work; the page has it still.
    if has_today_off(tx, person)? {
        return Ok(false);
    }
    let Some(card) = open_offer(tx, person, thing.job)? else { return Ok(false) };
    if card.work_due_on == thing.due_on {
        return Ok(true);
    }
    let person = accounts::persons::find(tx, person)?;
    let Some(to) = recipient(&person) else { return Ok(false) };
    let newer = format!("job:{}", Thing { due_on: card.work_due_on, ..thing }.text());
    match card.portion {
        None => queue_anew(tx, own, NewMessage::new(offered(own, to.language, &card), to), newer),
        Some(portion) => {
            let message = NewMessage::new(portion_of(own, to.language, &card, portion), to);
            queue_anew(tx, own, NewMessage { expires_at: Some(portion.answer_by), ..message }, newer)
        }
    }
}

/// Puts a mail in the place of the one that is just checked, which does not leave.
fn queue_anew<M: Mail>(
    tx: &mut Tx<'_>,
    own: &Notices,
    message: NewMessage<M>,
    concerns: String,
) -> Result<bool, DbError> {
    match queue(tx, &own.outbox, message.concerning(concerns).instead_of_older()) {
        Ok(_queued) => Ok(false),
        Err(notifier::MessageError::Db(error)) => Err(error),
        Err(error) => {
            log::error!("an offer whose day moved cannot be mailed anew: {error}");
            Ok(false)
        }
    }
}

fn has_today_off(tx: &mut Tx<'_>, person: PersonId) -> Result<bool, DbError> {
    match workforce::workers::of_person(tx, person)? {
        Some(worker) => workforce::availability::is_off_today(tx, worker.id),
        None => Ok(false),
    }
}

/// A job as a person may claim it now; `None` where they may not, whatever the reason.
fn open_offer(tx: &mut Tx<'_>, person: PersonId, job: JobId) -> Result<Option<OfferCard>, DbError> {
    let Some(worker) = workforce::workers::of_person(tx, person)? else { return Ok(None) };
    match offers::standing(tx, worker.id, job) {
        Ok(Standing::Open(card)) => Ok(Some(card)),
        Ok(_) | Err(DbError::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

fn offered(own: &Notices, language: Language, card: &OfferCard) -> mails::WorkOffered {
    mails::WorkOffered {
        title: card.title.clone(),
        unit_pay: format::yen(language, card.unit_pay),
        unit_minutes: as_count(card.unit_minutes),
        deadline: format::full_date(language, card.work_due_on),
        link: own.outbox.link(&format!("/offers/{}", card.job)),
    }
}

fn portion_of(
    own: &Notices,
    language: Language,
    card: &OfferCard,
    portion: OpenPortion,
) -> mails::WorkPortion {
    mails::WorkPortion {
        title: card.title.clone(),
        units: as_count(portion.units),
        answer_by: format::full_moment(language, portion.answer_by),
        unit_pay: format::yen(language, card.unit_pay),
        unit_minutes: as_count(card.unit_minutes),
        deadline: format::full_date(language, card.work_due_on),
        link: own.outbox.link(&format!("/offers/{}", card.job)),
    }
}

/// The day's mail: what has gathered and is still open, with today's numbers; nothing where all of it is gone.
fn send_digest(tx: &mut Tx<'_>, own: &Notices, person: PersonId) -> Result<(), TaskError> {
    if has_today_off(tx, person)? {
        return Ok(digests::postpone(tx, person)?);
    }
    let gathered = digests::take(tx, person)?;
    let mut open: Vec<OfferCard> = Vec::new();
    for job in gathered.iter().filter_map(|thing| thing.strip_prefix("job:")?.parse().ok()) {
        open.extend(open_offer(tx, person, job)?);
    }
    // As on the page: what is due first stands first.
    open.sort_by_key(|card| (card.work_due_on, card.offer));
    let person = accounts::persons::find(tx, person)?;
    let (Some(to), false) = (recipient(&person), open.is_empty()) else { return Ok(()) };
    let line = |card: &OfferCard| mails::OfferLine {
        title: card.title.clone(),
        unit_pay: format::yen(to.language, card.unit_pay),
        unit_minutes: as_count(card.unit_minutes),
        units: as_count(card.units_left),
        deadline: format::full_date(to.language, card.work_due_on),
    };
    let mail = mails::WorkDigest {
        count: as_count(open.len()),
        offers: open.iter().map(line).collect(),
        link: own.outbox.link("/offers"),
        settings_link: own.outbox.link("/me/mail"),
    };
    // The hour was the person's own choice.
    queue(tx, &own.outbox, NewMessage::new(mail, to).as_asked()).map_err(TaskError::retry)?;
    Ok(())
}
