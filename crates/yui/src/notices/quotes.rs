//! Mails about quotes: to the client with the page to answer on, and to the salesperson about what came of it.

use std::sync::Arc;

use ::accounts::persons;
use ::sales::events::{QuoteAccepted, QuoteAsked, QuoteDeclined, QuoteRunsOut, QuoteSent};
use ::sales::sendings::{self, SendingId};
use ::sales::{deals, quotes};
use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use kernel::{DealId, OrganizationId};
use notifier::consents;
use notifier::mails::{self, Link, Mail as _};
use notifier::sending::Checks;
use queue::{Registry, TaskError};
use web::format;

use super::fulfillment::thing;
use super::{Cause, Notices, mail_contact, mail_seller};

pub(super) fn register(registry: &mut Registry, notices: &Arc<Notices>) {
    sent(registry, notices.clone());
    accepted(registry, notices.clone());
    receipt(registry, notices.clone());
    asked(registry, notices.clone());
    declined(registry, notices.clone());
    runs_out(registry, notices.clone());
}

/// A quote that cannot be ordered on any more, or whose reader has refused such mails while it waited, is not mailed.
pub(super) fn checks(checks: Checks) -> Checks {
    checks.before(mails::QuoteSent::NAME, |tx, due| {
        let sending: Option<SendingId> = thing(due, "sending:");
        sending.map_or(Ok(true), |sending| may_leave(tx, sending))
    })
}

fn may_leave(tx: &mut Tx<'_>, sending: SendingId) -> Result<bool, DbError> {
    // Whoever they were merged into reads it, and may have refused.
    let sent_to = sendings::find(tx, sending)?.contact_id;
    let contact = clients::contacts::find(tx, sent_to)?.id;
    Ok(sendings::is_open(tx, sending)? && !consents::refuses(tx, contact)?)
}

/// As the quote prints it: the deal's number and the version.
fn number_of(deal: DealId, version: i32) -> String {
    format!("{deal}-{version}")
}

fn page_of(own: &Notices, town: OrganizationId, sending: SendingId, sent_at: DateTime<Utc>) -> Link {
    let secret = sendings::link_secret(&own.key, town, sending, sent_at);
    own.outbox.link(&format!("/q/{}", secret.text()))
}

fn sent(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<QuoteSent>("mail", move |tx, sent| {
        let fact = sent.fact;
        let link = page_of(&own, sent.event.organization, fact.sending, fact.sent_at);
        let person = sendings::find(tx, fact.sending)?.person_id;
        let sent_by = persons::find(tx, person)?.name;
        let cause = Cause::about(sent.event.id, "sending", fact.sending);
        mail_contact(tx, &own, cause, fact.contact, |language, company| mails::QuoteSent {
            company,
            deal_title: fact.title,
            total: format::yen(language, fact.total),
            deliver_on: format::full_date(language, fact.deliver_on),
            valid_until: format::full_date(language, fact.valid_until),
            sent_by: sent_by.name_in(language),
            message: fact.message,
            link,
        })
    });
}

fn accepted(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<QuoteAccepted>("mail", move |tx, accepted| {
        let fact = accepted.fact;
        let owner = deals::find(tx, fact.deal)?.owner_id;
        let company = clients::companies::find(tx, fact.company)?.name;
        mail_seller(tx, &own, accepted.event.id, owner, |language| mails::QuoteAccepted {
            company: company.clone(),
            deal_title: fact.title.clone(),
            quote_number: number_of(fact.deal, fact.number),
            total: format::yen(language, fact.total),
            deliver_on: format::full_date(language, fact.deliver_on),
            accepted_by: fact.name.clone(),
            accepted_at: format::full_moment(language, fact.accepted_at),
            order_number: fact.order_number.clone(),
            note: fact.note.clone(),
            link: own.outbox.link(&format!("/deals/{}", fact.deal)),
        })
    });
}

/// The client's record of their order; the link shows it again for a year.
fn receipt(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<QuoteAccepted>("receipt", move |tx, accepted| {
        let fact = accepted.fact;
        let link = page_of(&own, accepted.event.organization, fact.sending, fact.sent_at);
        let cause = Cause::about(accepted.event.id, "sending", fact.sending);
        mail_contact(tx, &own, cause, fact.contact, |language, company| mails::QuoteReceipt {
            company,
            deal_title: fact.title,
            quote_number: number_of(fact.deal, fact.number),
            total: format::yen(language, fact.total),
            deliver_on: format::full_date(language, fact.deliver_on),
            accepted_by: fact.name,
            accepted_at: format::full_moment(language, fact.accepted_at),
            order_number: fact.order_number,
            note: fact.note,
            link,
        })
    });
}

fn asked(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<QuoteAsked>("mail", move |tx, asked| {
        let fact = asked.fact;
        let owner = deals::find(tx, fact.deal)?.owner_id;
        let company = clients::companies::find(tx, fact.company)?.name;
        let reply_to = clients::contacts::find(tx, fact.contact)?.email;
        let reply_to = reply_to.map(String::from).unwrap_or_default();
        mail_seller(tx, &own, asked.event.id, owner, |_language| mails::QuoteAsked {
            company: company.clone(),
            deal_title: fact.title.clone(),
            quote_number: number_of(fact.deal, fact.number),
            asked_by: fact.name.clone(),
            reply_to: reply_to.clone(),
            question: fact.text.clone(),
            link: own.outbox.link(&format!("/deals/{}", fact.deal)),
        })
    });
}

fn declined(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<QuoteDeclined>("mail", move |tx, declined| {
        let fact = declined.fact;
        let owner = deals::find(tx, fact.deal)?.owner_id;
        let company = clients::companies::find(tx, fact.company)?.name;
        mail_seller(tx, &own, declined.event.id, owner, |_language| mails::QuoteDeclined {
            company: company.clone(),
            deal_title: fact.title.clone(),
            quote_number: number_of(fact.deal, fact.number),
            declined_by: fact.name.clone(),
            reason: fact.reason.clone(),
            link: own.outbox.link(&format!("/deals/{}", fact.deal)),
        })
    });
}

/// Nobody needs to hear of a quote that was ordered on or replaced in the meantime.
fn runs_out(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<QuoteRunsOut>("mail", move |tx, ending| -> Result<(), TaskError> {
        let fact = ending.fact;
        let deal = deals::find(tx, fact.deal)?;
        let standing = quotes::standing(tx, fact.deal)?.is_some_and(|quote| quote.id == fact.quote);
        if !standing || deal.state.next_action().is_none() {
            return Ok(());
        }
        let company = clients::companies::find(tx, fact.company)?.name;
        mail_seller(tx, &own, ending.event.id, deal.owner_id, |language| mails::QuoteRunsOut {
            company: company.clone(),
            deal_title: fact.title.clone(),
            quote_number: number_of(fact.deal, fact.number),
            total: format::yen(language, fact.total),
            valid_until: format::full_date(language, fact.valid_until),
            link: own.outbox.link(&format!("/deals/{}", fact.deal)),
        })
    });
}
