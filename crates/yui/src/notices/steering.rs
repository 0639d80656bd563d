//! Mails about what a team steers by: a milestone whose day comes, targets whose pace is behind.

use std::collections::BTreeSet;
use std::sync::Arc;

use ::accounts::{Role, persons};
use ::sales::advice;
use ::sales::events::{AdviceDue, MilestoneDue, TargetRisk, TargetsAtRisk};
use ::sales::roadmaps::{self, MilestoneState};
use ::sales::targets::{self, Scope};
use db::{DbError, Tx};
use kernel::{Holidays, Language, PersonId, date_in_japan};
use notifier::mails::{self, RiskLine};
use queue::{Registry, TaskError};
use web::{format, steering};

use super::{Notices, as_count, mail_person};

/// How many targets a mail names; the page has the rest.
const NAMED: usize = 10;

pub(super) fn register(registry: &mut Registry, notices: &Arc<Notices>) {
    due(registry, notices.clone());
    at_risk(registry, notices.clone());
    advised(registry, notices.clone());
}

fn due(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<MilestoneDue>("mail", move |tx, due| -> Result<(), TaskError> {
        let fact = due.fact;
        let found = roadmaps::find(tx, fact.milestone)?;
        // It may have been reached or moved before this came to it.
        if found.state != MilestoneState::Planned || found.due_on != fact.due_on {
            return Ok(());
        }
        let owner = found.owner_id;
        let Some(standing) = roadmaps::stand(tx, vec![found])?.pop() else { return Ok(()) };
        let standing = steering::with_actual(tx, standing)?;
        mail_person(tx, &own, due.event.id, owner, |language| mails::MilestoneDue {
            title: standing.milestone.title.clone(),
            due_on: format::full_date(language, standing.milestone.due_on),
            reads: steering::milestone_reads(language, &standing),
            link: own.outbox.link(&format!("/roadmap/milestones/{}", standing.milestone.id)),
        })
    });
}

fn advised(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<AdviceDue>("mail", move |tx, due| -> Result<(), TaskError> {
        let fact = due.fact;
        let found = advice::find(tx, fact.session)?;
        // It may have been reported or answered before this came to it.
        let still = found.clock(Holidays::published(), date_in_japan(tx.now()));
        if still.is_none_or(|(clock, _)| clock != fact.clock) {
            return Ok(());
        }
        mail_person(tx, &own, due.event.id, found.owner_id, |language| mails::AdviceDue {
            what: steering::advice_clock(language, fact.clock),
            adviser: found.adviser.clone(),
            held_on: format::full_date(language, found.held_on),
            due_on: format::full_date(language, fact.due_on),
            link: own.outbox.link(&format!("/advice/{}", found.id)),
        })
    });
}

/// A target at risk in words, by language.
struct Said {
    ja: RiskLine,
    en: RiskLine,
}

fn said(tx: &mut Tx<'_>, risk: &TargetRisk) -> Result<Option<Said>, DbError> {
    let (plan, target) = match targets::find_target(tx, risk.target) {
        Ok(found) => found,
        Err(DbError::NotFound) => return Ok(None),
        Err(error) => return Err(error),
    };
    let person = match target.person_id {
        Some(id) => Some(persons::find(tx, id)?),
        None => None,
    };
    let line = |language: Language| RiskLine {
        name: steering::target_name(language, &plan, &target, person.as_ref()),
        standing: steering::target_stands(language, &target, risk.actual, risk.expected),
    };
    Ok(Some(Said { ja: line(Language::Ja), en: line(Language::En) }))
}

/// Everybody hears of their own target, the office and the sales team of the others.
fn readers(tx: &mut Tx<'_>, risks: &[TargetRisk]) -> Result<BTreeSet<PersonId>, DbError> {
    let mut people: BTreeSet<PersonId> = risks.iter().filter_map(|risk| risk.person).collect();
    if risks.iter().any(|risk| risk.person.is_none()) {
        for role in [Role::Officer, Role::Sales] {
            people.extend(persons::with_role(tx, role)?.into_iter().map(|person| person.id));
        }
    }
    Ok(people)
}

fn at_risk(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<TargetsAtRisk>("mail", move |tx, fact| -> Result<(), TaskError> {
        let risks = &fact.fact.targets;
        let mut lines: Vec<(Option<PersonId>, Said)> = Vec::new();
        for risk in risks {
            if let Some(words) = said(tx, risk)? {
                lines.push((risk.person.filter(|_| risk.scope == Scope::Person), words));
            }
        }
        for reader in readers(tx, risks)? {
            let shared = persons::find(tx, reader)?
                .roles
                .iter()
                .any(|role| matches!(role, Role::Officer | Role::Sales));
            let theirs: Vec<&Said> = lines
                .iter()
                .filter(|(person, _)| person.map_or(shared, |person| person == reader))
                .map(|(_, words)| words)
                .collect();
            if theirs.is_empty() {
                continue;
            }
            mail_person(tx, &own, fact.event.id, reader, |language| mails::TargetAtRisk {
                count: as_count(theirs.len()),
                targets: theirs
                    .iter()
                    .take(NAMED)
                    .map(|words| if language == Language::Ja { words.ja.clone() } else { words.en.clone() })
                    .collect(),
                more: as_count(theirs.len().saturating_sub(NAMED)),
                link: own.outbox.link("/targets"),
            })?;
        }
        Ok(())
    });
}
