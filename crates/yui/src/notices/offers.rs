//! Mails about open work: with each offer, or gathered into one mail a day, and never about work that is gone.

use std::sync::Arc;

use ::fulfillment::events::JobOffered;
use ::fulfillment::offers::{self, OfferCard};
use ::queue::{Registry, TaskError};
use db::{DbError, Tx};
use kernel::{JobId, Language, Paging, PersonId};
use notifier::digests::{self, Gathered, SendDigest};
use notifier::mails::{self, Mail as _};
use notifier::sending::{Checks, Due};
use notifier::{NewMessage, queue};
use web::format;

use super::{Cause, Notices, as_count, mail_person, recipient};

pub(super) fn register(registry: &mut Registry, notices: &Arc<Notices>) {
    let own = notices.clone();
    registry.subscribe::<JobOffered>("mail", move |tx, offered| {
        let fact = offered.fact;
        for (_, person) in &fact.workers {
            if digests::gather(tx, *person, &format!("job:{}", fact.job))? != Gathered::No {
                continue;
            }
            let thing = Thing { job: fact.job, due_on: fact.work_due_on };
            let cause = Cause::about(offered.event.id, "job", thing.text());
            mail_person(tx, &own, cause, *person, |language| mails::WorkOffered {
                title: fact.title.clone(),
                unit_pay: format::yen(language, fact.unit_pay),
                unit_minutes: as_count(fact.unit_minutes),
                deadline: format::full_date(language, fact.work_due_on),
                link: own.outbox.link(&format!("/offers/{}", fact.job)),
            })?;
        }
        Ok(())
    });
    let own = notices.clone();
    registry.in_transaction::<SendDigest>(move |tx, _attempt, task| send_digest(tx, &own, task.person));
}

/// An offer that is taken, withdrawn or over is not mailed; one whose day has moved is mailed anew.
pub(super) fn checks(checks: Checks, notices: &Arc<Notices>) -> Checks {
    let own = notices.clone();
    checks.before(mails::WorkOffered::NAME, move |tx, due| still_offered(tx, &own, due))
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
    let Some(card) = open_offers(tx, person)?.into_iter().find(|card| card.job == thing.job) else {
        return Ok(false);
    };
    if card.work_due_on == thing.due_on {
        return Ok(true);
    }
    let person = accounts::persons::find(tx, person)?;
    let Some(to) = recipient(&person) else { return Ok(false) };
    let newer = Thing { due_on: card.work_due_on, ..thing };
    let message = NewMessage::new(offered(own, to.language, &card), to);
    let message = message.concerning(format!("job:{}", newer.text())).instead_of_older();
    match queue(tx, &own.outbox, message) {
        Ok(_queued) => Ok(false),
        Err(notifier::MessageError::Db(error)) => Err(error),
        Err(error) => {
            log::error!("an offer whose day moved cannot be mailed anew: {error}");
            Ok(false)
        }
    }
}

/// Everything that is open for a person now; a worker has a handful.
fn open_offers(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<OfferCard>, DbError> {
    let Some(worker) = workforce::workers::of_person(tx, person)? else { return Ok(Vec::new()) };
    Ok(offers::fitting(tx, worker.id, &Paging::first(100))?.items)
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

/// The day's mail: what has gathered and is still open, with today's numbers; nothing where all of it is gone.
fn send_digest(tx: &mut Tx<'_>, own: &Notices, person: PersonId) -> Result<(), TaskError> {
    let gathered = digests::take(tx, person)?;
    let is_gathered = |card: &OfferCard| gathered.contains(&format!("job:{}", card.job));
    let open: Vec<OfferCard> = open_offers(tx, person)?.into_iter().filter(is_gathered).collect();
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
