//! Mails about orders, work, deliveries and their answers.

use std::str::FromStr;
use std::sync::Arc;

use ::accounts::Role;
use ::accounts::awaited::AwaitedMail;
use ::fulfillment::acceptance::LinkId;
use ::fulfillment::events::{
    AcceptCodeRequested, ClientAsked, ClientReplied, DeliveryAnswered, DeliverySent, EndingNoticed,
    ExtensionAccepted, JobExtended, OrderAccepted, OrderOpened, PoolStands, RepeatWished, StandsBecause,
    UnitReturned, UnitsClaimed,
};
use ::fulfillment::orders::{self, OrderState};
use ::fulfillment::terms::TermsNoticeId;
use ::fulfillment::units::UnitState;
use ::fulfillment::{acceptance, terms, units};
use db::{DbError, Tx};
use kernel::{DeliveryId, EventId, PersonId, UnitId, Yen, date_in_japan};
use notifier::mails::{self, Mail as _};
use notifier::sending::{Checks, Due};
use queue::{Registry, TaskError};
use web::format;

use super::changes::terms_of_extra_pay;
use super::{Cause, Notices, as_count, mail_contact, mail_person, mail_role, mail_seller};

pub(super) fn register(registry: &mut Registry, notices: &Arc<Notices>) {
    order_opened(registry, notices.clone());
    pool_stands(registry, notices.clone());
    job_extended(registry, notices.clone());
    extension_accepted(registry, notices.clone());
    units_claimed(registry, notices.clone());
    work_ending(registry, notices.clone());
    unit_returned(registry, notices.clone());
    delivery_sent(registry, notices.clone());
    code_requested(registry, notices.clone());
    delivery_answered(registry, notices.clone());
    repeat_wished(registry, notices.clone());
    client_asked(registry, notices.clone());
    client_replied(registry, notices.clone());
    order_accepted(registry, notices.clone());
}

/// A unit that its worker has already taken up again, or no longer has, needs no mail about its return; a mail about a
/// delivery whose link was withdrawn or replaced since does not leave, nor does the code of such a link.
pub(super) fn checks(checks: Checks) -> Checks {
    checks
        .before(mails::UnitReturned::NAME, |tx, due| {
            let unit: Option<UnitId> = thing(due, "unit:");
            unit.map_or(Ok(true), |unit| {
                let unit = units::find(tx, unit)?;
                Ok(unit.state == UnitState::Returned && unit.holder_id == due.person)
            })
        })
        .before(mails::DeliverySent::NAME, |tx, due| its_link_opens(tx, due, "delivery:"))
        .before(mails::AcceptCode::NAME, |tx, due| its_link_opens(tx, due, "code:"))
}

pub(super) fn thing<T: FromStr>(due: Due<'_>, kind: &str) -> Option<T> {
    due.concerns.strip_prefix(kind).and_then(|id| id.parse().ok())
}

/// Whether the link that stands in a mail about a delivery still opens it: the newest one that opens was there when the mail
/// was written. A mail says the same however often it is sent again, so a newer link is not in it.
pub(super) fn its_link_opens(tx: &mut Tx<'_>, due: Due<'_>, kind: &str) -> Result<bool, DbError> {
    let Some(delivery) = thing::<DeliveryId>(due, kind) else { return Ok(true) };
    let open = acceptance::open_link_of(tx, delivery)?;
    Ok(open.is_some_and(|(_link, issued_at)| issued_at <= due.written_at))
}

/// Whether a link is the one that opens a delivery now. A fact whose mail died and is made anew may name one that a newer
/// link has ended: that mail would lead nowhere, and take the place of the one that leads there.
pub(super) fn opens_now(tx: &mut Tx<'_>, delivery: DeliveryId, link: LinkId) -> Result<bool, DbError> {
    Ok(acceptance::open_link_of(tx, delivery)?.is_some_and(|(open, _issued_at)| open == link))
}

fn order_opened(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<OrderOpened>("mail", move |tx, opened| {
        let fact = opened.fact;
        let company = clients::companies::find(tx, fact.company)?.name;
        mail_role(tx, &own, opened.event.id, Role::Coordinator, |language| mails::OrderOpened {
            company: company.clone(),
            order_title: fact.title.clone(),
            amount: format::yen(language, fact.amount),
            due: format::full_date(language, fact.due_on),
            link: own.outbox.link(&format!("/orders/{}", fact.order)),
        })
    });
}

/// Once for each pool; the job's rounds say who was asked.
fn pool_stands(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<PoolStands>("mail", move |tx, stands| {
        let fact = stands.fact;
        mail_role(tx, &own, stands.event.id, Role::Coordinator, |language| mails::PoolStands {
            title: fact.title.clone(),
            units: as_count(fact.units),
            deadline: format::full_date(language, fact.work_due_on),
            fits_nobody: fact.because == StandsBecause::NobodyFits,
            link: own.outbox.link(&format!("/jobs/{}/rounds", fact.job)),
        })
    });
}

/// Whoever holds units is asked; the new terms themselves are read and accepted on the unit's page.
fn job_extended(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<JobExtended>("mail", move |tx, extended| {
        let fact = extended.fact;
        for person in &fact.people {
            let cause = Cause::about(extended.event.id, "job", fact.job).instead_of_older();
            mail_person(tx, &own, cause, *person, |language| mails::DeadlineMoved {
                title: fact.title.clone(),
                before: format::full_date(language, fact.from),
                after: format::full_date(language, fact.to),
                note: fact.note.clone(),
                link: own.outbox.link("/my-units"),
            })?;
        }
        Ok(())
    });
}

/// The legal notice of the new terms, frozen like the first (Freelance Act art. 3).
fn extension_accepted(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<ExtensionAccepted>("mail", move |tx, accepted| {
        let fact = accepted.fact;
        let frozen =
            Frozen { notice: fact.terms_notice, title: fact.job_title, unit: fact.units.first().copied() };
        mail_terms(tx, &own, accepted.event.id, fact.person, frozen)
    });
}

/// The legal notice: the frozen text itself, at once (Freelance Act art. 3).
fn units_claimed(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<UnitsClaimed>("mail", move |tx, claimed| {
        let fact = claimed.fact;
        let frozen =
            Frozen { notice: fact.terms_notice, title: fact.job_title, unit: fact.units.first().copied() };
        mail_terms(tx, &own, claimed.event.id, fact.person, frozen)
    });
}

/// Terms that somebody accepted: which, for what, and a unit on whose page they can be read again.
struct Frozen {
    notice: TermsNoticeId,
    title: String,
    unit: Option<UnitId>,
}

fn mail_terms(
    tx: &mut Tx<'_>,
    own: &Notices,
    event: EventId,
    person: PersonId,
    frozen: Frozen,
) -> Result<(), TaskError> {
    let notice = terms::find(tx, frozen.notice)?;
    let page = frozen.unit.map_or_else(|| "/my-units".to_owned(), |unit| format!("/my-units/{unit}/terms"));
    mail_person(tx, own, Cause::about(event, "terms", frozen.notice), person, |language| mails::TermsNotice {
        title: frozen.title,
        issued_at: format::full_moment(language, notice.issued_at),
        terms: notice.body,
        sha256: notice.sha256.to_string(),
        link: own.outbox.link(&page),
    })
}

/// A legal notice (Freelance Act art. 16), and later the reason to whoever asks for it.
fn work_ending(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<EndingNoticed>("mail", move |tx, noticed| {
        let fact = noticed.fact;
        let cause = Cause::about(noticed.event.id, "ending", fact.notice);
        mail_person(tx, &own, cause, fact.person, |language| mails::WorkEnding {
            noticed_on: format::full_date(language, fact.noticed_on),
            ends_on: format::full_date(language, fact.ends_on),
            exception: fact
                .exception
                .map(|exception| web::ending_exception(language, exception))
                .unwrap_or_default(),
            reason: fact.reason,
            was_asked: fact.was_asked,
            link: own.outbox.link(&format!("/my-endings/{}", fact.notice)),
        })
    });
}

fn unit_returned(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<UnitReturned>("mail", move |tx, returned| {
        let (event, fact) = (returned.event.id, returned.fact);
        let work = (fact.person, fact.unit, fact.job_title.as_str());
        terms_of_extra_pay(tx, &own, event, work, fact.terms_notice)?;
        let nothing = fact.extra_pay == Yen(0);
        let cause = Cause::about(event, "unit", fact.unit).instead_of_older();
        mail_person(tx, &own, cause, fact.person, |language| mails::UnitReturned {
            title: fact.job_title,
            unit: fact.label,
            reason: web::review_reason(language, fact.reason),
            comment: fact.comment,
            deadline: format::full_date(language, fact.due_on),
            extra_pay: if nothing { String::new() } else { format::yen(language, fact.extra_pay) },
            is_coaching: fact.coaching,
            appeal_until: fact.appeal_by.map_or_else(String::new, |day| format::full_date(language, day)),
            link: own.outbox.link(&format!("/my-units/{}", fact.unit)),
        })
    });
}

fn delivery_sent(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<DeliverySent>("mail", move |tx, sent| {
        let fact = sent.fact;
        if !opens_now(tx, fact.delivery, fact.link)? {
            return Ok(());
        }
        let secret =
            acceptance::link_secret(&own.key, sent.event.organization, fact.link, fact.link_issued_at);
        let link = own.outbox.link(&format!("/c/{}", secret.text()));
        let cause = Cause::about(sent.event.id, "delivery", fact.delivery).instead_of_older();
        let today = date_in_japan(tx.now());
        mail_contact(tx, &own, cause, fact.contact, |language, company| mails::DeliverySent {
            company,
            order_title: fact.order_title,
            units: as_count(fact.count),
            share: web::share_of_order(language, fact.count, fact.share, today),
            inspect_until: format::full_date(language, fact.inspect_until),
            silence_accepts: fact.silence_accepts,
            message: fact.message,
            link,
        })
    });
}

fn code_requested(registry: &mut Registry, own: Arc<Notices>) {
    registry.in_transaction::<AwaitedMail<AcceptCodeRequested>>(move |tx, _attempt, asked| {
        let fact = asked.fact;
        let code = acceptance::mailed_code(&own.key, tx.organization(), fact.link, fact.issued_at);
        let cause =
            Cause::about(asked.event, "code", fact.delivery).instead_of_older().until(fact.expires_at);
        mail_contact(tx, &own, cause, fact.contact, |language, company| mails::AcceptCode {
            company,
            order_title: fact.order_title,
            code,
            until: format::clock_time(language, fact.expires_at),
        })
    });
}

fn delivery_answered(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<DeliveryAnswered>("mail", move |tx, answered| {
        let fact = answered.fact;
        // Everybody who would get this mail gets the one about the finished order, which says it too.
        if fact.fixes.is_empty() && orders::find(tx, fact.order)?.state == OrderState::Closed {
            return Ok(());
        }
        let contact = clients::contacts::find(tx, fact.contact)?;
        let company = clients::companies::find(tx, contact.company_id)?.name;
        let comment = fact
            .fixes
            .iter()
            .map(|fix| format!("{}: {}", fix.label, fix.note))
            .collect::<Vec<_>>()
            .join("\n");
        mail_role(tx, &own, answered.event.id, Role::Coordinator, |_language| mails::DeliveryAnswered {
            company: company.clone(),
            order_title: fact.order_title.clone(),
            answered_by: fact.name.clone().unwrap_or_default(),
            accepted: as_count(fact.accepted),
            to_fix: as_count(fact.fixes.len()),
            comment: comment.clone(),
            link: own.outbox.link(&format!("/deliveries/{}", fact.delivery)),
        })
    });
}

fn client_asked(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<ClientAsked>("mail", move |tx, asked| {
        let fact = asked.fact;
        let company = clients::companies::find(tx, fact.company)?.name;
        mail_role(tx, &own, asked.event.id, Role::Coordinator, |_language| mails::ClientAsked {
            company: company.clone(),
            asker: fact.name.clone(),
            order_title: fact.order_title.clone(),
            question: fact.text.clone(),
            link: own.outbox.link(&format!("/client-questions/{}", fact.question)),
        })
    });
}

fn client_replied(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<ClientReplied>("mail", move |tx, replied| {
        let fact = replied.fact;
        // The answer is wanted whatever became of the link that was good when it was written.
        let (link, issued_at) = acceptance::open_link_of(tx, fact.delivery)?.unwrap_or(fact.link);
        let secret = acceptance::link_secret(&own.key, replied.event.organization, link, issued_at);
        let link = own.outbox.link(&format!("/c/{}", secret.text()));
        let cause = Cause::about(replied.event.id, "delivery", fact.delivery);
        mail_contact(tx, &own, cause, fact.contact, |_language, company| mails::ClientReplied {
            company,
            order_title: fact.order_title,
            question: fact.text,
            answer: fact.answer,
            link,
        })
    });
}

/// To everybody who may confirm it and to whom it matters: coordination, and whoever sold it.
fn repeat_wished(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<RepeatWished>("mail", move |tx, wished| {
        let fact = wished.fact;
        let company = clients::companies::find(tx, fact.company)?.name;
        let owner = sales::deals::find(tx, fact.deal)?.owner_id;
        let mail = |language| mails::RepeatWished {
            company: company.clone(),
            order_title: fact.title.clone(),
            wished_by: fact.name.clone(),
            wished_on: format::full_date(language, fact.wished_on),
            note: fact.note.clone(),
            link: own.outbox.link(&format!("/orders/{}", fact.order)),
        };
        mail_role(tx, &own, wished.event.id, Role::Coordinator, mail)?;
        mail_seller(tx, &own, wished.event.id, owner, mail)
    });
}

fn order_accepted(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<OrderAccepted>("mail", move |tx, accepted| {
        let fact = accepted.fact;
        let company = clients::companies::find(tx, fact.company)?.name;
        let owner = sales::deals::find(tx, fact.deal)?.owner_id;
        let on = date_in_japan(accepted.event.at);
        let mail = |language| mails::OrderAccepted {
            company: company.clone(),
            order_title: fact.title.clone(),
            amount: format::yen(language, fact.amount),
            accepted_on: format::full_date(language, on),
            link: own.outbox.link(&format!("/orders/{}", fact.order)),
        };
        mail_role(tx, &own, accepted.event.id, Role::Coordinator, mail)?;
        mail_person(tx, &own, accepted.event.id, owner, mail)
    });
}
