//! Mails about how work is done: rules that changed while it is out, questions to those who run it, and their answers.

use std::sync::Arc;

use ::accounts::{Role, persons};
use ::fulfillment::events::{QuestionAnswered, QuestionAsked, QuestionWaits, RulesChanged};
use ::fulfillment::questions::{self, QuestionId};
use notifier::mails::{self, Mail as _};
use notifier::sending::Checks;
use queue::Registry;
use web::format;

use super::fulfillment::thing;
use super::{Cause, Notices, mail_person, mail_role_about};

pub(super) fn register(registry: &mut Registry, notices: &Arc<Notices>) {
    rules_changed(registry, notices.clone());
    question_asked(registry, notices.clone());
    question_waits(registry, notices.clone());
    question_answered(registry, notices.clone());
}

/// What somebody has answered meanwhile asks nobody else.
pub(super) fn checks(checks: Checks) -> Checks {
    let still_open = |tx: &mut db::Tx<'_>, due: notifier::sending::Due<'_>| {
        let question: Option<QuestionId> = thing(due, "question:");
        question.map_or(Ok(true), |id| Ok(questions::find(tx, id)?.answered_at.is_none()))
    };
    checks.before(mails::QuestionAsked::NAME, still_open).before(mails::QuestionWaits::NAME, still_open)
}

/// To everybody who coordinates, but for whoever asked.
fn question_asked(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<QuestionAsked>("mail", move |tx, asked| {
        let (event, fact) = (asked.event.id, asked.fact);
        let asker = persons::find(tx, fact.asker)?;
        for person in persons::with_role(tx, Role::Coordinator)? {
            if person.id == fact.asker {
                continue;
            }
            let cause = Cause::about(event, "question", fact.question);
            mail_person(tx, &own, cause, person.id, |language| mails::QuestionAsked {
                title: fact.title.clone(),
                asker: asker.name_in(language),
                question: fact.text.clone(),
                until: format::full_moment(language, fact.answer_by),
                link: own.outbox.link(&format!("/questions/{}", fact.question)),
            })?;
        }
        Ok(())
    });
}

fn question_waits(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<QuestionWaits>("mail", move |tx, waits| {
        let fact = waits.fact;
        let cause = Cause::about(waits.event.id, "question", fact.question);
        mail_role_about(tx, &own, &cause, Role::Coordinator, |language| mails::QuestionWaits {
            title: fact.title.clone(),
            asked: format::full_moment(language, fact.asked_at),
            question: fact.text.clone(),
            link: own.outbox.link(&format!("/questions/{}", fact.question)),
        })
    });
}

/// To whoever asked, and to the others who have some of the work.
fn question_answered(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<QuestionAnswered>("mail", move |tx, answered| {
        let (event, fact) = (answered.event.id, answered.fact);
        let asker = persons::find(tx, fact.asker)?;
        // Whoever asked while checking reads it where they check.
        let place = if asker.is(Role::Worker) {
            format!("/my-jobs/{}", fact.job)
        } else {
            format!("/jobs/{}/questions", fact.job)
        };
        let mail = |is_own: bool, place: &str| mails::QuestionAnswered {
            title: fact.title.clone(),
            question: fact.text.clone(),
            answer: fact.answer.clone(),
            is_own,
            is_rule: fact.is_rule,
            link: own.outbox.link(place),
        };
        mail_person(tx, &own, event, asker.id, |_language| mail(true, &place))?;
        let theirs = format!("/my-jobs/{}", fact.job);
        for person in &fact.people {
            mail_person(tx, &own, event, *person, |_language| mail(false, &theirs))?;
        }
        Ok(())
    });
}

/// To everybody who has some of the work; a later change replaces the mail about an earlier one that waits, because the page
/// shows all that is new to them.
fn rules_changed(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<RulesChanged>("mail", move |tx, changed| {
        let (event, fact) = (changed.event.id, changed.fact);
        for person in &fact.people {
            let cause = Cause::about(event, "rules", fact.job).instead_of_older();
            mail_person(tx, &own, cause, *person, |_language| mails::RulesChanged {
                title: fact.title.clone(),
                note: fact.note.clone(),
                link: own.outbox.link(&format!("/my-jobs/{}", fact.job)),
            })?;
        }
        Ok(())
    });
}
