//! Mails about what changed: to the worker who does a fix, who is released or refused; to a client as receipt and
//! reminder; to those who tell the client that an order ends short.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ::accounts::{Role, persons};
use ::fulfillment::acceptance;
use ::fulfillment::events::{
    CancelledUnit, ClaimExpired, ClaimRests, DeliveryAnswered, DeliveryReminded, FixDecided, HandOverDecided,
    OrderClosedShort, OrderWithdrawn, UnitHandedBack, UnitHandedOver, UnitRejected, UnitTakenBack,
    UnitsCancelled,
};
use ::fulfillment::reviews::Fault;
use ::fulfillment::terms::TermsNoticeId;
use ::fulfillment::units::{self, UnitState};
use ::fulfillment::{claims, deliveries, jobs, terms};
use chrono::TimeDelta;
use db::Tx;
use kernel::{DeliveryId, EventId, JobId, Language, PersonId, UnitId, Yen, date_in_japan};
use notifier::mails::{self, Mail as _};
use notifier::sending::Checks;
use queue::{Registry, TaskError};
use web::format;

use super::fulfillment::{its_link_opens, opens_now, thing};
use super::{Cause, Notices, as_count, mail_contact, mail_person, mail_role, mail_role_about};

pub(super) fn register(registry: &mut Registry, notices: &Arc<Notices>) {
    fix_decided(registry, notices.clone());
    unit_rejected(registry, notices.clone());
    unit_handed_back(registry, notices.clone());
    unit_taken_back(registry, notices.clone());
    claim_rests(registry, notices.clone());
    claim_expired(registry, notices.clone());
    unit_handed_over(registry, notices.clone());
    hand_over_decided(registry, notices.clone());
    units_cancelled(registry, notices.clone());
    order_closed_short(registry, notices.clone());
    order_withdrawn(registry, notices.clone());
    delivery_reminded(registry, notices.clone());
    answer_receipt(registry, notices.clone());
}

/// A fix that is handed in already, or is no longer its holder's, needs no mail; nor does somebody of whose claim something
/// was heard meanwhile; nor a client who has answered
/// meanwhile, or whose link was withdrawn.
pub(super) fn checks(checks: Checks) -> Checks {
    checks
        .before(mails::FixDecided::NAME, |tx, due| {
            let unit: Option<UnitId> = thing(due, "unit:");
            unit.map_or(Ok(true), |unit| {
                let unit = units::find(tx, unit)?;
                Ok(UnitState::TO_DO.contains(&unit.state) && unit.holder_id == due.person)
            })
        })
        .before(mails::ClaimRests::NAME, |tx, due| {
            let (job, person): (Option<JobId>, _) = (thing(due, "resting:"), due.person);
            job.zip(person).map_or(Ok(true), |(job, person)| claims::is_asked(tx, job, person))
        })
        .before(mails::DeliveryReminded::NAME, |tx, due| {
            let delivery: Option<DeliveryId> = thing(due, "delivery:");
            match delivery {
                Some(id) if deliveries::find(tx, id)?.answered_at.is_some() => Ok(false),
                _ => its_link_opens(tx, due, "delivery:"),
            }
        })
}

/// What to do until when; and where it is paid, its terms as a legal notice (Freelance Act art. 3).
fn fix_decided(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<FixDecided>("mail", move |tx, decided| {
        let (event, fact) = (decided.event.id, decided.fact);
        let link = || own.outbox.link(&format!("/my-units/{}", fact.unit));
        let work = (fact.person, fact.unit, fact.job_title.as_str());
        terms_of_extra_pay(tx, &own, event, work, fact.terms_notice)?;
        let nothing = fact.extra_pay == Yen(0);
        let cause = Cause::about(event, "unit", fact.unit).instead_of_older();
        mail_person(tx, &own, cause, fact.person, |language| mails::FixDecided {
            title: fact.job_title.clone(),
            unit: fact.label.clone(),
            wish: fact.wish.clone(),
            comment: fact.comment.clone(),
            not_your_fault: fact.fault == Fault::Specification,
            extra_pay: if nothing { String::new() } else { format::yen(language, fact.extra_pay) },
            deadline: format::full_date(language, fact.due_on),
            link: link(),
        })
    });
}

/// The terms of what doing something anew pays, as a legal notice (Freelance Act art. 3); nothing where it pays nothing.
pub(super) fn terms_of_extra_pay(
    tx: &mut Tx<'_>,
    own: &Notices,
    event: EventId,
    (person, unit, title): (PersonId, UnitId, &str),
    notice: Option<TermsNoticeId>,
) -> Result<(), TaskError> {
    let Some(notice) = notice else { return Ok(()) };
    let notice = terms::find(tx, notice)?;
    let cause = Cause::about(event, "terms", notice.id);
    mail_person(tx, own, cause, person, |language| mails::TermsNotice {
        title: title.to_owned(),
        issued_at: format::full_moment(language, notice.issued_at),
        terms: notice.body,
        sha256: notice.sha256.to_string(),
        link: own.outbox.link(&format!("/my-units/{unit}")),
    })
}

fn unit_rejected(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<UnitRejected>("mail", move |tx, rejected| {
        let fact = rejected.fact;
        let cause = Cause::about(rejected.event.id, "unit", fact.unit);
        mail_person(tx, &own, cause, fact.person, |language| mails::UnitRejected {
            title: fact.job_title,
            unit: fact.label,
            reason: web::review_reason(language, fact.reason),
            comment: fact.comment,
            not_your_fault: fact.fault == Fault::Specification,
            appeal_until: format::full_date(language, fact.appeal_by),
            link: own.outbox.link(&format!("/my-units/{}/appeal", fact.unit)),
        })
    });
}

/// A worker who gives back ten units in a row is told of once, with what waits by then.
fn unit_handed_back(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<UnitHandedBack>("mail", move |tx, back| {
        let fact = back.fact;
        let who = persons::find(tx, fact.person)?;
        let waiting = as_count(jobs::progress(tx, fact.job)?.offered);
        let about = format!("{}@{}", fact.job, fact.person);
        // Whoever gives one after the other back is told of once.
        let cause = Cause::about(back.event.id, "handed-back", about).instead_of_older();
        let cause = cause.after(tx.now() + MORE_MAY_FOLLOW);
        mail_role_about(tx, &own, &cause, Role::Coordinator, |language| mails::UnitsHandedBack {
            name: who.name_in(language),
            title: fact.job_title.clone(),
            waiting,
            deadline: format::full_date(language, fact.due_on),
            link: own.outbox.link(&format!("/jobs/{}", fact.job)),
        })
    });
}

/// How long a mail about something that comes in handfuls waits for the rest of it.
const MORE_MAY_FOLLOW: TimeDelta = TimeDelta::minutes(5);

fn unit_taken_back(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<UnitTakenBack>("mail", move |tx, taken| {
        let fact = taken.fact;
        let cause = Cause::about(taken.event.id, "unit", fact.unit);
        mail_person(tx, &own, cause, fact.person, |_language| mails::UnitTakenBack {
            title: fact.job_title,
            unit: fact.label,
            note: fact.note,
            link: own.outbox.link("/offers"),
        })
    });
}

/// A later question replaces an earlier one that waits.
fn claim_rests(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<ClaimRests>("mail", move |tx, rests| {
        let fact = rests.fact;
        let cause = Cause::about(rests.event.id, "resting", fact.job).instead_of_older().until(fact.until);
        mail_person(tx, &own, cause, fact.person, |language| mails::ClaimRests {
            title: fact.job_title,
            units: as_count(fact.units),
            until: format::full_moment(language, fact.until),
            is_last: fact.is_last,
            link: own.outbox.link(&format!("/my-units/{}", fact.unit)),
        })
    });
}

/// To whoever had it, and to those who run the work.
fn claim_expired(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<ClaimExpired>("mail", move |tx, expired| {
        let (event, fact) = (expired.event.id, expired.fact);
        let page =
            fact.units.first().map_or_else(|| "/my-units".to_owned(), |unit| format!("/my-units/{unit}"));
        mail_person(tx, &own, Cause::about(event, "expired", fact.job), fact.person, |_language| {
            mails::ClaimExpired {
                title: fact.job_title.clone(),
                units: as_count(fact.units.len()),
                link: own.outbox.link(&page),
            }
        })?;
        let due_on = jobs::find(tx, fact.job)?.work_due_on;
        mail_role(tx, &own, event, Role::Coordinator, |language| mails::ClaimsFreed {
            title: fact.job_title.clone(),
            units: as_count(fact.units.len()),
            deadline: format::full_date(language, due_on),
            link: own.outbox.link(&format!("/jobs/{}", fact.job)),
        })
    });
}

fn unit_handed_over(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<UnitHandedOver>("mail", move |tx, handed| {
        let fact = handed.fact;
        mail_role(tx, &own, handed.event.id, Role::Coordinator, |_language| mails::UnitHandedOver {
            title: fact.job_title.clone(),
            unit: fact.label.clone(),
            tenths: as_count(fact.tenths),
            link: own.outbox.link(&format!("/hand-overs/{}", fact.hand_over)),
        })
    });
}

fn hand_over_decided(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<HandOverDecided>("mail", move |tx, decided| {
        let fact = decided.fact;
        let cause = Cause::about(decided.event.id, "part", fact.unit);
        mail_person(tx, &own, cause, fact.person, |language| mails::HandOverDecided {
            title: fact.job_title,
            unit: fact.label,
            tenths: as_count(fact.tenths),
            amount: format::yen(language, fact.amount),
            pay_on: format::full_date(language, fact.pay_on),
            reason: fact.reason,
            link: own.outbox.link("/my-pay"),
        })
    });
}

/// One mail to each person, however many of their units were called off.
fn units_cancelled(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<UnitsCancelled>("mail", move |tx, cancelled| {
        let (event, fact) = (cancelled.event.id, cancelled.fact);
        let mut of_person: BTreeMap<PersonId, Vec<CancelledUnit>> = BTreeMap::new();
        for unit in fact.units {
            of_person.entry(unit.person).or_default().push(unit);
        }
        for (person, units) in of_person {
            let owed = Yen(units.iter().map(|unit| unit.compensation.0).sum());
            let titles: BTreeSet<&str> = units.iter().map(|unit| unit.job_title.as_str()).collect();
            let labels: Vec<&str> = units.iter().map(|unit| unit.label.as_str()).collect();
            mail_person(tx, &own, event, person, |language| mails::UnitsCancelled {
                title: titles.into_iter().collect::<Vec<_>>().join(comma(language)),
                units: as_count(units.len()),
                labels: labels.join(comma(language)),
                compensation: format::yen(language, owed),
                note: fact.note.clone(),
                link: own.outbox.link("/my-units"),
            })?;
        }
        Ok(())
    });
}

fn comma(language: Language) -> &'static str {
    match language {
        Language::Ja => "、",
        Language::En => ", ",
    }
}

/// To those who were told of the order; whoever took it back knows already.
fn order_withdrawn(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<OrderWithdrawn>("mail", move |tx, withdrawn| {
        let (event, fact) = (withdrawn.event.id, withdrawn.fact);
        let company = clients::companies::find(tx, fact.company)?.name;
        let owner = sales::deals::find(tx, fact.deal)?.owner_id;
        let by = match fact.withdrawn_by {
            Some(person) => Some(persons::find(tx, person)?.name),
            None => None,
        };
        let mail = |language| mails::OrderWithdrawn {
            company: company.clone(),
            order_title: fact.title.clone(),
            amount: format::yen(language, fact.amount),
            withdrawn_by: by.as_ref().map(|name| name.name_in(language)).unwrap_or_default(),
            reason: fact.because.clone(),
            link: own.outbox.link(&format!("/orders/{}", fact.order)),
        };
        mail_role(tx, &own, event, Role::Coordinator, mail)?;
        if fact.withdrawn_by == Some(owner) {
            return Ok(());
        }
        mail_person(tx, &own, event, owner, mail)
    });
}

fn order_closed_short(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<OrderClosedShort>("mail", move |tx, closed| {
        let (event, fact) = (closed.event.id, closed.fact);
        let company = clients::companies::find(tx, fact.company)?.name;
        let owner = sales::deals::find(tx, fact.deal)?.owner_id;
        let mail = |language| mails::OrderClosedShort {
            company: company.clone(),
            order_title: fact.title.clone(),
            ordered: as_count(fact.ordered),
            accepted: as_count(fact.accepted),
            amount: format::yen(language, fact.amount),
            accepted_amount: format::yen(language, fact.accepted_amount),
            reason: fact.reason.clone(),
            link: own.outbox.link(&format!("/orders/{}", fact.order)),
        };
        mail_role(tx, &own, event, Role::Coordinator, mail)?;
        mail_person(tx, &own, event, owner, mail)
    });
}

fn delivery_reminded(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<DeliveryReminded>("mail", move |tx, reminded| {
        let fact = reminded.fact;
        if !opens_now(tx, fact.delivery, fact.link)? {
            return Ok(());
        }
        let organization = reminded.event.organization;
        let secret = acceptance::link_secret(&own.key, organization, fact.link, fact.link_issued_at);
        let link = own.outbox.link(&format!("/c/{}", secret.text()));
        let cause = Cause::about(reminded.event.id, "delivery", fact.delivery).instead_of_older();
        mail_contact(tx, &own, cause, fact.contact, |language, company| mails::DeliveryReminded {
            company,
            order_title: fact.order_title,
            units: as_count(fact.count),
            sent_at: format::full_date(language, date_in_japan(fact.sent_at)),
            inspect_until: format::full_date(language, fact.inspect_until),
            silence_accepts: fact.silence_accepts,
            link,
        })
    });
}

fn answer_receipt(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<DeliveryAnswered>("receipt", move |tx, answered| {
        let fact = answered.fact;
        let organization = answered.event.organization;
        let secret = acceptance::link_secret(&own.key, organization, fact.link, fact.link_issued_at);
        let link = own.outbox.link(&format!("/c/{}", secret.text()));
        let fixes: Vec<String> =
            fact.fixes.iter().map(|fix| format!("{}: {}", fix.label, fix.note)).collect();
        let cause = Cause::about(answered.event.id, "delivery", fact.delivery);
        let Some(name) = fact.name else {
            let until = deliveries::find(tx, fact.delivery)?.inspect_until;
            return mail_contact(tx, &own, cause, fact.contact, |language, company| {
                mails::AcceptedBySilence {
                    company,
                    order_title: fact.order_title,
                    accepted: as_count(fact.accepted),
                    inspect_until: format::full_date(language, until),
                    link,
                }
            });
        };
        mail_contact(tx, &own, cause, fact.contact, |language, company| mails::AnswerReceipt {
            company,
            order_title: fact.order_title,
            answered_by: name,
            answered_at: format::clock_time(language, fact.answered_at),
            accepted: as_count(fact.accepted),
            to_fix: as_count(fact.fixes.len()),
            fixes: fixes.join("\n"),
            link,
        })
    });
}
