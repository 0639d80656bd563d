//! Mails about work that a colleague gave to somebody.

use std::sync::Arc;

use ::accounts::persons;
use ::sales::About;
use ::sales::bulk_edits::{self, EditState};
use ::sales::events::{Assigned, ManyAssigned};
use ::sales::{deals, leads};
use kernel::Language;
use notifier::mails;
use queue::Registry;
use web::format;

use super::day::{in_words, named};
use super::{Notices, mail_person};

pub(super) fn register(registry: &mut Registry, notices: &Arc<Notices>) {
    assigned(registry, notices.clone());
    many_assigned(registry, notices.clone());
}

/// Where it is somebody else's by now, whoever had it between needs no mail.
fn assigned(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<Assigned>("mail", move |tx, assigned| {
        let (event, fact) = (assigned.event.id, assigned.fact);
        let Some(about) = About::of(fact.deal, None, fact.lead) else { return Ok(()) };
        let (owner, next, page) = match about {
            About::Deal(id) => {
                let deal = deals::find(tx, id)?;
                let next =
                    deal.state.next_action().map(|next| (next.next_action.clone(), next.next_action_on));
                (Some(deal.owner_id), next, format!("/deals/{id}"))
            }
            About::Lead(id) => (leads::find(tx, id)?.owner_id, None, format!("/leads/{id}")),
            About::Company(_) => return Ok(()),
        };
        if owner != Some(fact.person) {
            return Ok(());
        }
        let called = named(tx, Some(about))?;
        let by = persons::find(tx, fact.by)?.name;
        mail_person(tx, &own, event, fact.person, |language| {
            let next = next.map(|(action, on)| match language {
                Language::Ja => format!("{action}（{}まで）", format::short_date(language, on)),
                Language::En => format!("{action} (by {})", format::short_date(language, on)),
            });
            let (title, rest) = if called.title.is_empty() {
                (called.company.clone(), String::new())
            } else {
                (called.title.clone(), called.company.clone())
            };
            let about = ::sales::about::Called { company: rest, title: next.unwrap_or_default() };
            mails::Assigned {
                title,
                about: in_words(language, &about),
                by: by.name_in(language),
                link: own.outbox.link(&page),
            }
        })
    });
}

/// What was taken back meanwhile is nobody's news.
fn many_assigned(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<ManyAssigned>("mail", move |tx, assigned| {
        let (event, fact) = (assigned.event.id, assigned.fact);
        if bulk_edits::find(tx, fact.edit)?.state != EditState::Applied {
            return Ok(());
        }
        let by = persons::find(tx, fact.by)?.name;
        let page = if fact.deals > 0 {
            format!("/deals?owner={}", fact.person)
        } else {
            "/leads?state=all".to_owned()
        };
        mail_person(tx, &own, event, fact.person, |language| mails::Assigned {
            title: many(language, fact.deals, fact.leads),
            about: String::new(),
            by: by.name_in(language),
            link: own.outbox.link(&page),
        })
    });
}

fn many(language: Language, deals: i32, leads: i32) -> String {
    match (language, deals > 0) {
        (Language::Ja, true) => format!("商談 {deals}件"),
        (Language::Ja, false) => format!("見込み {leads}件"),
        (Language::En, true) => format!("Deals: {deals}"),
        (Language::En, false) => format!("Leads: {leads}"),
    }
}
