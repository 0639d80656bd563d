//! An administrator's home: what waits for them, and nothing where all is well.

use accounts::organizations::{self, Organization};
use accounts::persons::{self, PersonFilter};
use db::{DbError, Tx};
use serde::Serialize;

use crate::app::MailState;
use crate::call::Call;
use crate::format;
use crate::members;
use crate::phrases::counted;

/// What the database says.
pub(super) struct Facts {
    town: Organization,
    members: i64,
    invited: i64,
    stuck_tasks: i64,
    troubled_mails: i64,
    /// Those that are due and wait for the relay alone.
    due_mails: i64,
    calls: i64,
    /// Messages to programs that were given up.
    unheard: i64,
}

pub(super) fn facts(tx: &mut Tx<'_>) -> Result<Facts, DbError> {
    let dead = queue::tasks::depths(tx)?.into_iter().filter(|depth| depth.state == "dead");
    Ok(Facts {
        stuck_tasks: dead.map(|depth| depth.count).sum(),
        troubled_mails: notifier::messages::troubled_count(tx)?,
        due_mails: notifier::messages::due_count(tx)?,
        calls: notifier::calls::open_count(tx)?,
        unheard: notifier::webhooks::unheard_count(tx)?,
        members: persons::count(tx, members::staff())?,
        invited: persons::count(tx, PersonFilter { invited: true, ..PersonFilter::default() })?,
        town: organizations::find(tx)?,
    })
}

/// `page.admin` of `home/admin.html`.
#[derive(Debug, Serialize)]
pub(super) struct AdminToday {
    /// How many things wait, or that nothing does.
    sentence: String,
    members: String,
    invited: String,
    invited_href: &'static str,
    stuck_tasks: String,
    has_stuck_tasks: bool,
    troubled_mails: String,
    has_troubled_mails: bool,
    /// That no relay takes mail, and how many wait for that; empty while mail leaves.
    held_up: String,
    /// How many people have to be called.
    calls: String,
    has_calls: bool,
    /// How many messages to programs were given up; shown where there are any.
    unheard: String,
    has_unheard: bool,
    /// The names of settings that documents and mails need and that are empty.
    missing: Vec<String>,
}

impl AdminToday {
    pub(super) fn of(call: &Call, facts: &Facts) -> Self {
        let missing = missing(&facts.town);
        let is_held_up = call.app.readiness.mail_state() == MailState::Waiting;
        let mails = facts.troubled_mails;
        let waiting = [
            facts.stuck_tasks,
            mails,
            facts.calls,
            facts.unheard,
            i64::from(!missing.is_empty()),
            i64::from(is_held_up),
        ];
        Self {
            sentence: counted(
                call,
                "home-admin",
                "count",
                waiting.iter().filter(|count| **count > 0).count().try_into().unwrap_or(i64::MAX),
            ),
            members: format::count(facts.members),
            invited: format::count(facts.invited),
            invited_href: members::INVITED,
            stuck_tasks: format::count(facts.stuck_tasks),
            has_stuck_tasks: facts.stuck_tasks > 0,
            troubled_mails: format::count(mails),
            has_troubled_mails: mails > 0,
            held_up: if is_held_up {
                counted(call, "messages-held-up", "count", facts.due_mails)
            } else {
                String::new()
            },
            calls: format::count(facts.calls),
            has_calls: facts.calls > 0,
            unheard: format::count(facts.unheard),
            has_unheard: facts.unheard > 0,
            missing: missing.iter().map(|key| call.text(key)).collect(),
        }
    }
}

/// The settings that a quote, a terms notice or a mail's footer names, by the keys of their labels.
fn missing(town: &Organization) -> Vec<&'static str> {
    let needed = [
        ("town-legal-name", &town.legal_name),
        ("town-postal-address", &town.postal_address),
        ("town-contact-email", &town.contact_email),
        ("town-contact-phone", &town.contact_phone),
    ];
    needed.into_iter().filter(|(_, value)| value.trim().is_empty()).map(|(key, _)| key).collect()
}
