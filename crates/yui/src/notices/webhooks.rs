//! The mail about a program that is told nothing any more: to administrators.

use std::sync::Arc;

use ::accounts::Role;
use notifier::mails::{self, Mail as _};
use notifier::sending::Checks;
use notifier::webhooks::{self, EndpointId, EndpointState, WebhookStopped};
use queue::Registry;

use super::fulfillment::thing;
use super::{Cause, Notices, mail_role_about};

pub(super) fn register(registry: &mut Registry, notices: &Arc<Notices>) {
    let own = notices.clone();
    registry.subscribe::<WebhookStopped>("mail", move |tx, stopped| {
        let (event, fact) = (stopped.event.id, stopped.fact);
        // Removed meanwhile.
        let Some(endpoint) = webhooks::find_if_there(tx, fact.endpoint)? else { return Ok(()) };
        let cause = Cause::about(event, "webhook", endpoint.id).instead_of_older();
        mail_role_about(tx, &own, &cause, Role::Admin, |language| mails::WebhookStopped {
            name: endpoint.called(),
            why: web::webhook_stop(language, fact.why),
            link: own.outbox.link(&format!("/webhooks/{}", endpoint.id)),
        })
    });
}

/// What goes on again meanwhile, or is gone, is nobody's trouble.
pub(super) fn checks(checks: Checks) -> Checks {
    checks.before(mails::WebhookStopped::NAME, |tx, due| {
        let Some(id) = thing::<EndpointId>(due, "webhook:") else { return Ok(true) };
        let found = webhooks::find_if_there(tx, id)?;
        Ok(found.is_some_and(|endpoint| endpoint.state == EndpointState::Stopped))
    })
}
