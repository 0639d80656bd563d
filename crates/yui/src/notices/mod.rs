//! Which fact becomes which mail to whom: one file per owner. Each handler makes the message in its own
//! transaction, unique on the event, so a repeated task mails nobody twice.

mod accounts;
mod assigning;
mod changes;
mod day;
mod fulfillment;
mod money;
mod offers;
mod partners;
mod programme;
mod quality;
mod quotes;
mod rules;
mod sales;
mod steering;
#[cfg(test)]
mod tests;
mod webhooks;
mod workforce;

use std::sync::Arc;

use ::accounts::secrets::LinkKey;
use ::accounts::{Person, Role, persons};
use ::sales::colleagues;
use chrono::{DateTime, Utc};
use db::Tx;
use kernel::{ContactId, EventId, Language, PersonId};
use notifier::calls::{self, Unmailable};
use notifier::mails::Audience;
use notifier::messages::{self, Older};
use notifier::sending::Checks;
use notifier::{Category, Mail, NewMessage, Outbox, Party, Queued, Recipient};
use queue::{Registry, TaskError};

/// What every handler needs.
#[derive(Debug)]
pub(crate) struct Notices {
    /// Where mails are rendered.
    pub(crate) outbox: Arc<Outbox>,
    /// What links are derived from.
    pub(crate) key: LinkKey,
}

/// Subscribes every notice.
pub(crate) fn register(registry: &mut Registry, notices: &Arc<Notices>) {
    accounts::register(registry, notices);
    sales::register(registry, notices);
    steering::register(registry, notices);
    fulfillment::register(registry, notices);
    changes::register(registry, notices);
    offers::register(registry, notices);
    quotes::register(registry, notices);
    day::register(registry, notices);
    workforce::register(registry, notices);
    assigning::register(registry, notices);
    programme::register(registry, notices);
    rules::register(registry, notices);
    quality::register(registry, notices);
    money::register(registry, notices);
    webhooks::register(registry, notices);
    partners::register(registry, notices);
}

/// What is asked before a mail that has waited leaves: whether it still holds.
pub(crate) fn checks(notices: &Arc<Notices>) -> Checks {
    let checks = fulfillment::checks(offers::checks(Checks::new(), notices));
    let checks = workforce::checks(checks);
    let checks = day::checks(quotes::checks(accounts::checks(changes::checks(checks))));
    let checks = money::checks(checks);
    webhooks::checks(quality::checks(rules::checks(programme::checks(checks))))
}

/// The fact a mail is about.
#[derive(Debug, Clone)]
struct Cause {
    event: EventId,
    concerns: Option<String>,
    older: Older,
    after: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
}

impl From<EventId> for Cause {
    fn from(event: EventId) -> Self {
        Self { event, concerns: None, older: Older::Stays, after: None, until: None }
    }
}

impl Cause {
    /// Names the thing it is about, such as `delivery:14`.
    fn about(event: EventId, kind: &str, id: impl std::fmt::Display) -> Self {
        Self { concerns: Some(format!("{kind}:{id}")), ..Self::from(event) }
    }

    /// A mail about the same thing that still waits is not needed any more.
    fn instead_of_older(self) -> Self {
        Self { older: Older::IsReplaced, ..self }
    }

    /// Not before `time`: what follows soon may take its place.
    fn after(self, time: DateTime<Utc>) -> Self {
        Self { after: Some(time), ..self }
    }

    /// Worthless after `time`.
    fn until(self, time: DateTime<Utc>) -> Self {
        Self { until: Some(time), ..self }
    }
}

/// A person as a recipient; `None` for somebody without a mail address, who may no longer sign in, or who was only invited:
/// what is said among those who work here goes to nobody who has not joined them.
fn recipient(person: &Person) -> Option<Recipient> {
    addressee(person).filter(|_| person.has_joined())
}

/// A person by their address alone, joined or not; `None` for somebody without one or who may no longer sign in. For the
/// invitation itself and for what is owed.
fn addressee(person: &Person) -> Option<Recipient> {
    let language = person.preferences.language;
    let address = person.email.clone()?;
    person.is_active().then(|| Recipient {
        party: Party::Person(person.id),
        name: person.name.name_in(language),
        address,
        language,
    })
}

/// Whether a mail is about a worker's own work or days: a moved interview, a unit that came back.
fn is_about_own_work<M: Mail>() -> bool {
    M::CATEGORY == Category::Work && M::AUDIENCE == Audience::Worker
}

/// Whether a mail is for its reader whether they have joined or not: about their account, owed by law, about what a worker has
/// agreed to, often before there is an account, or that a report waits at the desk, which says no more than that and must not
/// go unheard.
fn is_for_whoever_is_concerned<M: Mail>() -> bool {
    let is_owed = matches!(M::CATEGORY, Category::Account | Category::Legal);
    is_owed || M::AUDIENCE == Audience::Account || is_about_own_work::<M>()
}

/// Mails one person, in their language.
fn mail_person<M: Mail>(
    tx: &mut Tx<'_>,
    notices: &Notices,
    cause: impl Into<Cause>,
    person: PersonId,
    mail: impl FnOnce(Language) -> M,
) -> Result<(), TaskError> {
    let (person, cause): (_, Cause) = (persons::find(tx, person)?, cause.into());
    let to = if is_for_whoever_is_concerned::<M>() { addressee(&person) } else { recipient(&person) };
    let Some(to) = to else {
        return tell_otherwise(tx, notices, cause, &person, &mail(person.preferences.language));
    };
    let mail = mail(to.language);
    if messages::is_left_alone(tx, &to, M::CATEGORY)? {
        tell_otherwise(tx, notices, cause.clone(), &person, &mail)?;
    }
    send(tx, notices, cause, to, mail)
}

/// What the law wants told is told by telephone to whom no mail can be written, and so is what changes a worker's own work:
/// a moved day, a unit that came back. The rest they find on their pages.
fn tell_otherwise<M: Mail>(
    tx: &mut Tx<'_>,
    notices: &Notices,
    cause: Cause,
    person: &Person,
    mail: &M,
) -> Result<(), TaskError> {
    if M::CATEGORY != Category::Legal && !(is_about_own_work::<M>() && person.is_active()) {
        // Who is told what waits at the desk stands in no log either.
        let who = if M::IS_CONFIDENTIAL { "…".to_owned() } else { person.id.to_string() };
        log::info!(person:% = who, mail = M::NAME; "not mailed: no address that works, not joined, or no longer active");
        return Ok(());
    }
    let language = person.preferences.language;
    let who = Unmailable {
        event: cause.event,
        person: person.id,
        name: person.name_in(language),
        language,
        concerns: cause.concerns,
    };
    calls::instead_of_mail(tx, &notices.outbox, who, mail).map_err(TaskError::retry)
}

/// Mails everybody who holds `role`, each in their language.
fn mail_role<M: Mail>(
    tx: &mut Tx<'_>,
    notices: &Notices,
    event: EventId,
    role: Role,
    mail: impl Fn(Language) -> M,
) -> Result<(), TaskError> {
    mail_role_about(tx, notices, &Cause::from(event), role, mail)
}

/// [`mail_role`] about a thing that is looked at again before the mail leaves.
fn mail_role_about<M: Mail>(
    tx: &mut Tx<'_>,
    notices: &Notices,
    cause: &Cause,
    role: Role,
    mail: impl Fn(Language) -> M,
) -> Result<(), TaskError> {
    for person in persons::with_role(tx, role)? {
        if let Some(to) = recipient(&person) {
            let mail = mail(to.language);
            send(tx, notices, cause.clone(), to, mail)?;
        }
    }
    Ok(())
}

/// Mails whoever looks after a deal. Where they no longer sell or cannot be mailed, the salespeople are, and where there are
/// none, the administrators: what a client said reaches somebody.
fn mail_seller<M: Mail>(
    tx: &mut Tx<'_>,
    notices: &Notices,
    event: EventId,
    owner: PersonId,
    mail: impl Fn(Language) -> M,
) -> Result<(), TaskError> {
    let owner = persons::find(tx, owner)?;
    if let Some(to) = recipient(&owner).filter(|_| colleagues::sells(&owner)) {
        let mail = mail(to.language);
        return send(tx, notices, event, to, mail);
    }
    let sells = persons::with_role(tx, Role::Sales)?.iter().any(|person| recipient(person).is_some());
    mail_role(tx, notices, event, if sells { Role::Sales } else { Role::Admin }, mail)
}

/// Mails a client's contact. Without an address nobody can be mailed: the coordinator sees that at the order, and a
/// legal duty is not at stake.
fn mail_contact<M: Mail>(
    tx: &mut Tx<'_>,
    notices: &Notices,
    cause: impl Into<Cause>,
    contact: ContactId,
    mail: impl FnOnce(Language, String) -> M,
) -> Result<(), TaskError> {
    let (contact, cause): (_, Cause) = (clients::contacts::find(tx, contact)?, cause.into());
    let company = clients::companies::find(tx, contact.company_id)?;
    let Some(address) = contact.email.clone() else {
        let about = named(cause.concerns.as_deref());
        return Err(TaskError::dead(format!("contact {} has no mail address{about}", contact.id)));
    };
    let language = contact.language;
    let to = Recipient { party: Party::Contact(contact.id), name: contact.display_name(), address, language };
    send(tx, notices, cause, to, mail(language, company.name))
}

fn send<M: Mail>(
    tx: &mut Tx<'_>,
    notices: &Notices,
    cause: impl Into<Cause>,
    to: Recipient,
    mail: M,
) -> Result<(), TaskError> {
    let Cause { event, concerns, older, after, until } = cause.into();
    let about = named(concerns.as_deref());
    let message = NewMessage { concerns, older, expires_at: until, ..NewMessage::new(mail, to).about(event) };
    let message = match after {
        Some(time) => message.not_before(time),
        None => message,
    };
    let party = message.recipient.party;
    match (notifier::queue(tx, &notices.outbox, message).map_err(TaskError::retry)?, party) {
        // A client who waits for a delivery must not wait in vain: the task stays before the administrator.
        (Queued::AddressDead, Party::Contact(contact)) => Err(TaskError::dead(format!(
            "the mail address of contact {contact} is dead{about}; call them and correct it"
        ))),
        _ => Ok(()),
    }
}

/// The thing that a task's error is about, as the operators' page finds it there.
fn named(concerns: Option<&str>) -> String {
    concerns.map(|thing| format!(" ({thing})")).unwrap_or_default()
}

/// A count as mails carry it.
fn as_count(number: impl TryInto<u32>) -> u32 {
    number.try_into().unwrap_or(u32::MAX)
}
