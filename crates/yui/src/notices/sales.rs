//! Mails about inquiries and deals.

use std::sync::Arc;

use ::accounts::{Role, persons};
use ::sales::events::{DealWon, InquiryReceived};
use notifier::{Party, Recipient, mails};
use queue::Registry;
use web::format;

use super::{Notices, mail_role, mail_seller, send};

pub(super) fn register(registry: &mut Registry, notices: &Arc<Notices>) {
    inquiry_received(registry, notices.clone());
    let own = notices.clone();
    registry.subscribe::<DealWon>("mail", move |tx, won| {
        let fact = won.fact;
        // Whoever ordered by the quote's own page is told about in the mail of that.
        if ::sales::sendings::acceptance(tx, fact.quote)?.is_some() {
            return Ok(());
        }
        let owner = ::sales::deals::find(tx, fact.deal)?.owner_id;
        let company = clients::companies::find(tx, fact.company)?.name;
        let winner = persons::find(tx, fact.won_by)?.name;
        mail_seller(tx, &own, won.event.id, owner, |language| mails::DealWon {
            company: company.clone(),
            deal_title: fact.title.clone(),
            amount: format::yen(language, fact.amount),
            won_by: winner.name_in(language),
            link: own.outbox.link(&format!("/deals/{}", fact.deal)),
        })
    });
}

/// The receipt to whoever wrote, and the news to the salespeople.
fn inquiry_received(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<InquiryReceived>("mail", move |tx, received| {
        let (fact, event) = (received.fact, received.event.id);
        let lead = ::sales::leads::find(tx, fact.lead)?;
        if let Some(address) = lead.email.clone() {
            let receipt = mails::InquiryReceived {
                number: lead.id.to_string(),
                company: lead.company_name.clone(),
                need: lead.need.clone(),
                answer_by: format::full_date(fact.language, fact.answer_by),
            };
            let name = lead.contact_name.clone();
            let to = Recipient { party: Party::Nobody, name, address, language: fact.language };
            send(tx, &own, event, to, receipt)?;
        }
        mail_role(tx, &own, event, Role::Sales, |language| mails::InquiryArrived {
            number: lead.id.to_string(),
            company: lead.company_name.clone(),
            name: lead.contact_name.clone(),
            need: lead.need.clone(),
            answer_by: format::full_date(language, fact.answer_by),
            link: own.outbox.link(&format!("/leads/{}", fact.lead)),
        })
    });
}
