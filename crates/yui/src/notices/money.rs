//! Mails about money: statements of pay to their workers, what those object to, and pay days that are near; invoices and returns of
//! them to clients.

use std::sync::Arc;

use ::accounts::{Role, persons};
use ::fulfillment::events::{InvoiceSent, PaymentsNear, StatementIssued, StatementObjected};
use ::fulfillment::invoice_sendings::{self, InvoiceSendingId};
use ::fulfillment::invoices;
use db::{DbError, Tx};
use kernel::{Language, Yen};
use notifier::consents;
use notifier::mails::{self, Mail as _};
use notifier::sending::Checks;
use queue::Registry;
use web::format;

use super::fulfillment::thing;
use super::{Cause, Notices, mail_contact, mail_person, mail_role_about};

pub(super) fn register(registry: &mut Registry, notices: &Arc<Notices>) {
    statement_issued(registry, notices.clone());
    statement_objected(registry, notices.clone());
    payments_near(registry, notices.clone());
    invoice_sent(registry, notices.clone());
}

/// A paper whose link was withdrawn, or whose reader has refused mail while it waited, is not mailed.
pub(super) fn checks(checks: Checks) -> Checks {
    let holds = |tx: &mut Tx<'_>, sending: Option<InvoiceSendingId>| {
        sending.map_or(Ok(true), |sending| may_leave(tx, sending))
    };
    let checks = checks.before(mails::InvoiceSent::NAME, move |tx, due| holds(tx, thing(due, "bill:")));
    checks.before(mails::CreditSent::NAME, move |tx, due| holds(tx, thing(due, "bill:")))
}

fn may_leave(tx: &mut Tx<'_>, sending: InvoiceSendingId) -> Result<bool, DbError> {
    // Whoever they were merged into reads it, and may have refused.
    let sent_to = invoice_sendings::find(tx, sending)?.contact_id;
    let contact = clients::contacts::find(tx, sent_to)?.id;
    Ok(invoice_sendings::is_open(tx, sending)? && !consents::refuses(tx, contact)?)
}

/// To the contact whom somebody of the town sent an invoice, or a return of one.
fn invoice_sent(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<InvoiceSent>("mail", move |tx, sent| {
        let fact = sent.fact;
        let secret =
            invoice_sendings::link_secret(&own.key, sent.event.organization, fact.sending, fact.sent_at);
        let link = own.outbox.link(&format!("/b/{}", secret.text()));
        let person = invoice_sendings::find(tx, fact.sending)?.person_id;
        let sent_by = persons::find(tx, person)?.name;
        let cause = Cause::about(sent.event.id, "bill", fact.sending);
        let Some(credit) = fact.credit else {
            // What came in since it was sent is not asked for again.
            let invoice = invoices::find(tx, fact.invoice)?;
            let rest = invoice.rest();
            return mail_contact(tx, &own, cause, fact.contact, |language, company| mails::InvoiceSent {
                company,
                number: fact.number.to_string(),
                issued_on: format::full_date(language, fact.issued_on),
                total: format::yen(language, fact.total),
                rest: if rest > Yen::ZERO { format::yen(language, rest) } else { String::new() },
                due_on: format::full_date(language, fact.due_on),
                bank_account: invoice.bank_account.clone(),
                sent_by: sent_by.name_in(language),
                message: fact.message,
                link,
            });
        };
        mail_contact(tx, &own, cause, fact.contact, |language, company| mails::CreditSent {
            company,
            number: credit.number.to_string(),
            issued_on: format::full_date(language, credit.issued_on),
            invoice_number: fact.number.to_string(),
            invoice_issued_on: format::full_date(language, fact.issued_on),
            total: format::yen(language, credit.total),
            reason: credit.reason,
            sent_by: sent_by.name_in(language),
            message: fact.message,
            link,
        })
    });
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
