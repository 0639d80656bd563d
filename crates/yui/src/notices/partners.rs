//! Mails about partner towns and what they do with shares: to those who coordinate, in the town that hears of it.

use std::sync::Arc;

use ::accounts::{Role, persons};
use ::fulfillment::events::{PartnerHeard, ShareHeard};
use db::{DbError, Tx};
use notifier::mails;
use queue::Registry;

use super::{Cause, Notices, mail_role_about, recipient};

pub(super) fn register(registry: &mut Registry, notices: &Arc<Notices>) {
    share_moved(registry, notices.clone());
    partner_moved(registry, notices.clone());
}

/// Whoever coordinates, and where nobody does whom mail reaches, the administrators: another town is not left without an answer.
pub(super) fn readers(tx: &mut Tx<'_>) -> Result<Role, DbError> {
    let coordinate = persons::with_role(tx, Role::Coordinator)?;
    let is_one_reached = coordinate.iter().any(|person| recipient(person).is_some());
    Ok(if is_one_reached { Role::Coordinator } else { Role::Admin })
}

fn share_moved(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<ShareHeard>("mail", move |tx, heard| {
        let (event, fact) = (heard.event.id, heard.fact);
        // How far it is now takes the place of how far it was, as long as nobody was told of that.
        let cause = Cause::about(event, "share", fact.share).instead_of_older();
        let role = readers(tx)?;
        mail_role_about(tx, &own, &cause, role, |language| mails::ShareMoved {
            partner: fact.partner_name.clone(),
            title: fact.title.clone(),
            news: web::share_news(language, fact.news),
            progress: web::share_progress(language, fact.delivered, fact.quantity),
            reason: fact.reason.clone(),
            link: own.outbox.link(&format!("/shares/{}", fact.share)),
        })
    });
}

fn partner_moved(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<PartnerHeard>("mail", move |tx, heard| {
        let (event, fact) = (heard.event.id, heard.fact);
        let cause = Cause::about(event, "partner", fact.partner).instead_of_older();
        let role = readers(tx)?;
        mail_role_about(tx, &own, &cause, role, |language| mails::PartnerMoved {
            partner: fact.name.clone(),
            news: web::partner_news(language, fact.standing),
            link: own.outbox.link("/partners"),
        })
    });
}
