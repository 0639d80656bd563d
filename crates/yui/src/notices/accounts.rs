//! Mails about accounts: invitations, password resets and changes, new devices.

use std::sync::Arc;

use ::accounts::awaited::AwaitedMail;
use ::accounts::events::{NewDeviceSignedIn, PasswordChanged, PasswordResetRequested, PersonInvited};
use ::accounts::invitations::OneTimeTokenId;
use ::accounts::{invitations, persons};
use ::workforce::workers::{self, WorkerState};
use db::{DbError, Tx};
use kernel::Language;
use notifier::mails::{self, Mail as _};
use notifier::sending::{Checks, Due};
use queue::Registry;
use web::format;

use super::{Cause, Notices, mail_person};

/// A link that was used, replaced or taken back is not mailed any more.
pub(super) fn checks(checks: Checks) -> Checks {
    checks.before(mails::Invitation::NAME, link_is_live).before(mails::PasswordReset::NAME, link_is_live)
}

fn link_is_live(tx: &mut Tx<'_>, due: Due<'_>) -> Result<bool, DbError> {
    let token: Option<OneTimeTokenId> = due.concerns.strip_prefix("token:").and_then(|id| id.parse().ok());
    token.map_or(Ok(true), |token| invitations::is_live(tx, token))
}

/// What whoever asks to take part is called, in place of a role.
fn applicant(language: Language) -> &'static str {
    match language {
        Language::Ja => "参加を希望する方",
        Language::En => "asking to take part",
    }
}

pub(super) fn register(registry: &mut Registry, notices: &Arc<Notices>) {
    let own = notices.clone();
    registry.in_transaction::<AwaitedMail<PersonInvited>>(move |tx, _attempt, invited| {
        let fact = invited.fact;
        if !invitations::is_live(tx, fact.token)? {
            return Ok(());
        }
        let roles = persons::find(tx, fact.person)?.roles;
        // Of whoever asks to take part nothing more is noted than that.
        let worker = workers::of_person(tx, fact.person)?;
        let asks = roles.len() == 1 && worker.is_some_and(|one| one.state == WorkerState::Applicant);
        let link = own.outbox.link(&format!("/join/{}", fact.secret(&own.key).text()));
        let cause = Cause::about(invited.event, "token", fact.token).until(fact.expires_at);
        mail_person(tx, &own, cause, fact.person, |language| mails::Invitation {
            roles: if asks { applicant(language).to_owned() } else { web::role_names(language, roles) },
            expires: format::clock_time(language, fact.expires_at),
            link,
        })
    });
    let own = notices.clone();
    registry.in_transaction::<AwaitedMail<PasswordResetRequested>>(move |tx, _attempt, asked| {
        let fact = asked.fact;
        if !invitations::is_live(tx, fact.token)? {
            return Ok(());
        }
        let link = own.outbox.link(&format!("/reset/{}", fact.secret(&own.key).text()));
        let cause = Cause::about(asked.event, "token", fact.token).until(fact.expires_at);
        mail_person(tx, &own, cause, fact.person, |language| mails::PasswordReset {
            expires: format::clock_time(language, fact.expires_at),
            link,
        })
    });
    let own = notices.clone();
    registry.in_transaction::<AwaitedMail<PasswordChanged>>(move |tx, _attempt, changed| {
        let town = ::accounts::organizations::find(tx)?;
        let reset_link = own.outbox.link(&format!("/t/{}/forgot", town.slug));
        mail_person(tx, &own, changed.event, changed.fact.person, |language| mails::PasswordChanged {
            at: format::clock_time(language, changed.at),
            reset_link,
        })
    });
    let own = notices.clone();
    registry.in_transaction::<AwaitedMail<NewDeviceSignedIn>>(move |tx, _attempt, signed_in| {
        let fact = signed_in.fact;
        mail_person(tx, &own, signed_in.event, fact.person, |language| mails::NewDevice {
            device: web::browser_name(language, &fact.user_agent),
            at: format::clock_time(language, signed_in.at),
            sessions_link: own.outbox.link("/me"),
        })
    });
}
