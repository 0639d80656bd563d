//! Mails about appeals: to those who review and whoever refused it, to its maker, and back.

use std::sync::Arc;

use ::accounts::{Role, persons};
use ::fulfillment::appeals::{self, AppealId};
use ::fulfillment::events::{AppealDecided, AppealMade};
use ::fulfillment::reviews::Verdict;
use notifier::mails::{self, Mail as _};
use notifier::sending::Checks;
use queue::Registry;
use web::format;

use super::changes::terms_of_extra_pay;
use super::fulfillment::thing;
use super::{Cause, Notices, mail_person};

pub(super) fn register(registry: &mut Registry, notices: &Arc<Notices>) {
    appeal_made(registry, notices.clone());
    appeal_decided(registry, notices.clone());
}

/// What somebody has decided meanwhile asks nobody else.
pub(super) fn checks(checks: Checks) -> Checks {
    checks.before(mails::AppealMade::NAME, |tx, due| {
        let appeal: Option<AppealId> = thing(due, "appeal:");
        appeal.map_or(Ok(true), |id| Ok(appeals::find(tx, id)?.appeal.decided_at.is_none()))
    })
}

/// To everybody who coordinates but for whoever appeals, and to whoever refused it.
fn appeal_made(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<AppealMade>("mail", move |tx, made| {
        let (event, fact) = (made.event.id, made.fact);
        let coordinators = persons::with_role(tx, Role::Coordinator)?;
        let mut readers: Vec<_> = coordinators.iter().map(|person| person.id).collect();
        readers.retain(|person| *person != fact.person && *person != fact.first_checker);
        readers.push(fact.first_checker);
        for person in readers {
            let cause = Cause::about(event, "appeal", fact.appeal);
            mail_person(tx, &own, cause, person, |language| mails::AppealMade {
                title: fact.job_title.clone(),
                unit: fact.label.clone(),
                text: fact.text.clone(),
                until: format::full_date(language, fact.decide_by),
                is_yours: person == fact.first_checker,
                is_return: fact.against == Verdict::Return,
                link: own.outbox.link(&format!("/appeals/{}", fact.appeal)),
            })?;
        }
        Ok(())
    });
}

/// To whoever appealed, and to whoever had refused it.
fn appeal_decided(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<AppealDecided>("mail", move |tx, decided| {
        let (event, fact) = (decided.event.id, decided.fact);
        let work = (fact.person, fact.unit, fact.job_title.as_str());
        terms_of_extra_pay(tx, &own, event, work, fact.terms_notice)?;
        let cause = Cause::about(event, "decided", fact.appeal);
        mail_person(tx, &own, cause.clone(), fact.person, |language| mails::AppealDecided {
            title: fact.job_title.clone(),
            unit: fact.label.clone(),
            outcome: web::my_appeal_outcome(language, fact.against, fact.outcome),
            comment: fact.comment.clone(),
            amount: fact.unit_pay.map_or_else(String::new, |pay| format::yen(language, pay)),
            pay_on: fact.pay_on.map_or_else(String::new, |day| format::full_date(language, day)),
            deadline: fact.due_on.map_or_else(String::new, |day| format::full_date(language, day)),
            link: own.outbox.link(&format!("/my-units/{}/appeal", fact.unit)),
        })?;
        mail_person(tx, &own, cause, fact.first_checker, |language| mails::AppealAnswered {
            title: fact.job_title.clone(),
            unit: fact.label.clone(),
            outcome: web::appeal_outcome(language, fact.against, fact.outcome),
            is_return: fact.against == Verdict::Return,
            comment: fact.comment.clone(),
            link: own.outbox.link(&format!("/appeals/{}", fact.appeal)),
        })
    });
}
