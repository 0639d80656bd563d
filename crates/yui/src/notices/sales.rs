//! Mails about deals.

use std::sync::Arc;

use ::accounts::persons;
use ::sales::events::DealWon;
use notifier::mails;
use queue::Registry;
use web::format;

use super::{Notices, mail_person};

pub(super) fn register(registry: &mut Registry, notices: &Arc<Notices>) {
    let own = notices.clone();
    registry.subscribe::<DealWon>("mail", move |tx, won| {
        let fact = won.fact;
        let owner = ::sales::deals::find(tx, fact.deal)?.owner_id;
        let company = clients::companies::find(tx, fact.company)?.name;
        let winner = persons::find(tx, fact.won_by)?.name;
        mail_person(tx, &own, won.event.id, owner, |language| mails::DealWon {
            company,
            deal_title: fact.title,
            amount: format::yen(language, fact.amount),
            won_by: winner.name_in(language),
            link: own.outbox.link(&format!("/deals/{}", fact.deal)),
        })
    });
}
