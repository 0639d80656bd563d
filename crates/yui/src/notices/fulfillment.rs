//! Mails about orders, work, deliveries and their answers.

use std::sync::Arc;

use ::accounts::Role;
use ::fulfillment::acceptance;
use ::fulfillment::events::{
    AcceptCodeRequested, DeliveryAnswered, DeliverySent, JobOffered, OrderAccepted, OrderOpened,
    UnitReturned, UnitsClaimed,
};
use ::fulfillment::terms;
use kernel::date_in_japan;
use notifier::mails;
use queue::Registry;
use web::format;

use super::{Notices, as_count, mail_contact, mail_person, mail_role};

pub(super) fn register(registry: &mut Registry, notices: &Arc<Notices>) {
    order_opened(registry, notices.clone());
    job_offered(registry, notices.clone());
    units_claimed(registry, notices.clone());
    unit_returned(registry, notices.clone());
    delivery_sent(registry, notices.clone());
    code_requested(registry, notices.clone());
    delivery_answered(registry, notices.clone());
    order_accepted(registry, notices.clone());
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

fn job_offered(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<JobOffered>("mail", move |tx, offered| {
        let fact = offered.fact;
        for (_, person) in &fact.workers {
            mail_person(tx, &own, offered.event.id, *person, |language| mails::WorkOffered {
                title: fact.title.clone(),
                unit_pay: format::yen(language, fact.unit_pay),
                unit_minutes: as_count(fact.unit_minutes),
                units: as_count(fact.units),
                deadline: format::full_date(language, fact.work_due_on),
                link: own.outbox.link(&format!("/offers/{}", fact.job)),
            })?;
        }
        Ok(())
    });
}

/// The legal notice: the frozen text itself, at once (Freelance Act art. 3).
fn units_claimed(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<UnitsClaimed>("mail", move |tx, claimed| {
        let fact = claimed.fact;
        let notice = terms::find(tx, fact.terms_notice)?;
        let first = fact
            .units
            .first()
            .map_or_else(|| "/my-units".to_owned(), |unit| format!("/my-units/{unit}/terms"));
        mail_person(tx, &own, claimed.event.id, fact.person, |language| mails::TermsNotice {
            title: fact.job_title,
            issued_at: format::moment(language, notice.issued_at),
            terms: notice.body,
            sha256: notice.sha256.to_string(),
            link: own.outbox.link(&first),
        })
    });
}

fn unit_returned(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<UnitReturned>("mail", move |tx, returned| {
        let fact = returned.fact;
        mail_person(tx, &own, returned.event.id, fact.person, |language| mails::UnitReturned {
            title: fact.job_title,
            unit: fact.label,
            reason: web::review_reason(language, fact.reason),
            comment: fact.comment,
            deadline: format::full_date(language, fact.due_on),
            link: own.outbox.link(&format!("/my-units/{}", fact.unit)),
        })
    });
}

fn delivery_sent(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<DeliverySent>("mail", move |tx, sent| {
        let fact = sent.fact;
        let secret =
            acceptance::link_secret(&own.key, sent.event.organization, fact.link, fact.link_issued_at);
        let link = own.outbox.link(&format!("/c/{}", secret.text()));
        mail_contact(tx, &own, sent.event.id, fact.contact, |language, company| mails::DeliverySent {
            company,
            order_title: fact.order_title,
            units: as_count(fact.count),
            share: web::share_of_order(language, fact.count, fact.share),
            inspect_until: format::full_date(language, fact.inspect_until),
            message: fact.message,
            link,
        })
    });
}

fn code_requested(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<AcceptCodeRequested>("mail", move |tx, asked| {
        let fact = asked.fact;
        let code = acceptance::mailed_code(&own.key, asked.event.organization, fact.link, fact.issued_at);
        let minutes = as_count((fact.expires_at - fact.issued_at).num_minutes());
        mail_contact(tx, &own, asked.event.id, fact.contact, |_language, _company| mails::AcceptCode {
            order_title: fact.order_title,
            code,
            minutes,
        })
    });
}

fn delivery_answered(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<DeliveryAnswered>("mail", move |tx, answered| {
        let fact = answered.fact;
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
            answered_by: fact.name.clone(),
            accepted: as_count(fact.accepted),
            to_fix: as_count(fact.fixes.len()),
            comment: comment.clone(),
            link: own.outbox.link(&format!("/deliveries/{}", fact.delivery)),
        })
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
