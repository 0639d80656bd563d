//! Mails about money: statements of pay to their workers, what those object to, and pay days that are near.

use std::sync::Arc;

use ::accounts::{Role, persons};
use ::fulfillment::events::{PaymentsNear, StatementIssued, StatementObjected};
use kernel::{Language, Yen};
use notifier::mails;
use queue::Registry;
use web::format;

use super::{Cause, Notices, mail_person, mail_role_about};

pub(super) fn register(registry: &mut Registry, notices: &Arc<Notices>) {
    statement_issued(registry, notices.clone());
    statement_objected(registry, notices.clone());
    payments_near(registry, notices.clone());
}

/// To whoever is paid.
fn statement_issued(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<StatementIssued>("mail", move |tx, issued| {
        let (event, fact) = (issued.event.id, issued.fact);
        let cause = Cause::about(event, "statement", fact.statement);
        mail_person(tx, &own, cause, fact.person, |language| mails::StatementReady {
            amount: format::yen(language, fact.payable),
            pay_on: format::full_date(language, fact.pay_on),
            closed_on: format::full_date(language, fact.closed_on),
            is_newer: fact.version > 1,
            link: own.outbox.link(&format!("/my-statements/{}", fact.statement)),
        })
    });
}

/// To everybody who coordinates but for whoever objects.
fn statement_objected(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<StatementObjected>("mail", move |tx, objected| {
        let (event, fact) = (objected.event.id, objected.fact);
        let worker = persons::find(tx, fact.person)?;
        for reader in persons::with_role(tx, Role::Coordinator)? {
            if reader.id == fact.person {
                continue;
            }
            let cause = Cause::about(event, "objection", fact.statement);
            mail_person(tx, &own, cause, reader.id, |language| mails::StatementObjected {
                worker: worker.name_in(language),
                objection: fact.objection.clone(),
                pay_on: format::full_date(language, fact.pay_on),
                link: own.outbox.link(&format!("/statements/{}", fact.statement)),
            })?;
        }
        Ok(())
    });
}

/// To everybody who coordinates.
fn payments_near(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<PaymentsNear>("mail", move |tx, near| {
        let (event, fact) = (near.event.id, near.fact);
        let amount = |language: Language, yen: Yen| {
            if yen > Yen::ZERO { format::yen(language, yen) } else { String::new() }
        };
        let cause = Cause::about(event, "payday", fact.pay_on).instead_of_older();
        mail_role_about(tx, &own, &cause, Role::Coordinator, |language| mails::PaymentsNear {
            pay_on: format::full_date(language, fact.pay_on),
            payable: amount(language, fact.payable),
            statements: format::count(fact.statements),
            unclosed: amount(language, fact.unclosed),
            unchecked_units: format::count(fact.unchecked_units),
            unchecked: amount(language, fact.unchecked),
            link: own.outbox.link("/statements"),
        })
    });
}
