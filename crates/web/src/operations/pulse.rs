//! How the tasks go: what ended and failed within the hour, what fails and is tried again, what runs, and what people
//! decided. The part of `operations/tasks.html` below its list of the stuck.

use std::collections::BTreeMap;

use accounts::Person;
use chrono::{DateTime, TimeDelta, Utc};
use db::{DbError, Tx};
use kernel::{PersonId, TaskId, person_in};
use notifier::webhooks::{self, Endpoint};
use queue::tasks::{self, Decision, Pace, Retrying, Running};
use serde::Serialize;

use super::tasks::shown_as;
use crate::call::Call;
use crate::format::Moment;
use crate::phrases::word;
use crate::words::task_name;

/// What the page asks the queue.
pub(super) struct Found {
    paces: Vec<Pace>,
    /// Each with the program that it tells, where it is one that tells programs.
    retrying: Vec<(Retrying, Option<Endpoint>)>,
    running: Vec<Running>,
    decisions: Vec<Decision>,
    /// Those who decided.
    people: BTreeMap<PersonId, Person>,
}

impl Found {
    pub(super) fn read(tx: &mut Tx<'_>) -> Result<Self, DbError> {
        let since = tx.now() - TimeDelta::hours(1);
        let decisions = tasks::decisions(tx)?;
        let mut retrying = Vec::new();
        for one in tasks::retrying(tx)? {
            let told = webhooks::told_by(tx, one.id)?;
            retrying.push((one, told));
        }
        let ids: Vec<PersonId> = decisions.iter().filter_map(|one| person_in(&one.actor)).collect();
        Ok(Self {
            paces: tasks::rates(tx, since)?,
            retrying,
            running: tasks::running(tx)?,
            decisions,
            people: accounts::persons::find_many(tx, &ids)?,
        })
    }
}

/// What the template shows.
#[derive(Serialize)]
pub(super) struct Pulse {
    paces: Vec<PaceRow>,
    retrying: Vec<RetryingRow>,
    running: Vec<RunningRow>,
    decisions: Vec<DecisionRow>,
}

#[derive(Serialize)]
struct PaceRow {
    name: String,
    done: i64,
    failed: i64,
    more: bool,
}

#[derive(Serialize)]
struct RetryingRow {
    id: TaskId,
    name: String,
    /// The program that it tells, the machine that is on, and its page; empty where it tells none.
    told: String,
    host: String,
    href: String,
    /// How many tasks for this program are tried again, of which this failed last; none where it tells no program.
    count: usize,
    attempt: i16,
    most: i16,
    next: Moment,
    /// Whether its kind is paused: it is tried once that goes on, and no sooner.
    is_paused: bool,
    /// Whether it waits for its time, and need not.
    can_hurry: bool,
    /// What the error means, where that is known.
    says: String,
    error: String,
}

#[derive(Serialize)]
struct RunningRow {
    id: TaskId,
    name: String,
    attempt: i16,
    since: Moment,
}

#[derive(Serialize)]
struct DecisionRow {
    name: String,
    deed: String,
    by: String,
    tasks: i64,
    at: Moment,
}

impl Pulse {
    pub(super) fn of(call: &Call, now: DateTime<Utc>, found: Found) -> Self {
        let name = |kind: &str| task_name(call.language, kind);
        let moment = |at| Moment::of(call.language, now, at);
        let pace =
            |one: Pace| PaceRow { name: name(&one.kind), done: one.done, failed: one.failed, more: one.more };
        let retrying = |(one, told, count): (Retrying, Option<Endpoint>, usize)| RetryingRow {
            id: one.id,
            told: told.as_ref().map(Endpoint::called).unwrap_or_default(),
            host: told.as_ref().map(Endpoint::host).unwrap_or_default(),
            count,
            href: told.map(|told| format!("/webhooks/{}", told.id)).unwrap_or_default(),
            name: name(&one.kind),
            attempt: one.attempt,
            most: one.max_attempts,
            next: moment(one.run_at),
            is_paused: one.state == "parked",
            can_hurry: one.state == "scheduled",
            says: error_in_words(call, &one.error),
            error: one.error,
        };
        let running = |one: Running| RunningRow {
            id: one.id,
            name: name(&one.kind),
            attempt: one.attempt,
            since: moment(one.run_at),
        };
        let people = found.people;
        // Empty for the program itself.
        let by = |one: &Decision| person_in(&one.actor).and_then(|id| people.get(&id));
        let decision = |one: Decision| DecisionRow {
            name: name(&one.kind),
            deed: word(call, "task-deed", one.deed),
            by: by(&one).map(|person| person.name_in(call.language)).unwrap_or_default(),
            tasks: one.tasks,
            at: moment(one.decided_at),
        };
        Self {
            paces: gathered(found.paces).into_iter().map(pace).collect(),
            retrying: of_each_program(found.retrying).into_iter().map(retrying).collect(),
            running: found.running.into_iter().map(running).collect(),
            decisions: found.decisions.into_iter().map(decision).collect(),
        }
    }
}

/// One of each program that is told, with how many there are, because a broken one breaks all of its own; the rest as they are.
fn of_each_program(found: Vec<(Retrying, Option<Endpoint>)>) -> Vec<(Retrying, Option<Endpoint>, usize)> {
    let mut rows: Vec<(Retrying, Option<Endpoint>, usize)> = Vec::new();
    for (one, told) in found {
        let same = |row: &&mut (Retrying, Option<Endpoint>, usize)| {
            row.1.as_ref().zip(told.as_ref()).is_some_and(|(known, told)| known.id == told.id)
        };
        if let Some(row) = rows.iter_mut().find(same) {
            row.2 += 1;
        } else {
            let count = usize::from(told.is_some());
            rows.push((one, told, count));
        }
    }
    rows
}

/// Paces with those of one name added up.
fn gathered(paces: Vec<Pace>) -> Vec<Pace> {
    let mut rows: Vec<Pace> = Vec::new();
    for pace in paces {
        let kind = shown_as(&pace.kind);
        match rows.iter_mut().find(|row| row.kind == kind) {
            Some(row) => {
                row.done += pace.done;
                row.failed += pace.failed;
                row.more |= pace.more;
            }
            None => rows.push(Pace { kind: kind.to_owned(), ..pace }),
        }
    }
    rows
}

/// Parts of errors that say what to do, and the texts that say it.
const KNOWN: [(&str, &str); 14] = [
    ("the worker stopped answering", "task-error-worker"),
    ("the handler panicked", "task-error-panic"),
    ("payload does not fit", "task-error-payload"),
    ("no handler for", "task-error-unknown"),
    ("took longer than", "task-error-time"),
    ("database is unavailable", "task-error-database"),
    ("the mail address of contact", "task-error-dead-address"),
    ("has no mail address", "task-error-no-address"),
    ("no address of the public internet", "webhook-problem-inside"),
    ("no answer within 10 seconds", "webhook-problem-time"),
    ("no connection:", "webhook-problem-network"),
    ("the answer is not HTTP", "webhook-problem-not-http"),
    (webhooks::ANSWERED, "webhook-problem-answer"),
    (webhooks::CANCELLED, "webhook-problem-cancelled"),
];

/// What an error means for an operator; empty for one that only its own words explain.
pub(crate) fn error_in_words(call: &Call, error: &str) -> String {
    let known = KNOWN.iter().find(|(part, _)| error.contains(part));
    known.map(|(_, key)| call.text(key)).unwrap_or_default()
}

/// What an error names that has a page: how it stands there before its number, the text that leads to the page, and what the
/// page's address is before and after the number.
const NAMED: [(&str, &str, [&str; 2]); 2] = [
    ("contact ", "task-about-contact", ["/contacts/", "/edit"]),
    ("(delivery:", "task-about-delivery", ["/deliveries/", ""]),
];

/// The page of something that an error names.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Link {
    text: String,
    href: String,
}

/// The pages of what an error names.
pub(super) fn named_in(call: &Call, error: &str) -> Vec<Link> {
    pages_in(error).map(|(key, href)| Link { text: call.text(key), href }).collect()
}

fn pages_in(error: &str) -> impl Iterator<Item = (&'static str, String)> {
    NAMED.iter().filter_map(move |(before, key, [start, end])| {
        let (_, rest) = error.split_once(before)?;
        let number = rest.split(|letter: char| !letter.is_ascii_digit()).next().unwrap_or_default();
        (!number.is_empty()).then(|| (*key, format!("{start}{number}{end}")))
    })
}

#[cfg(test)]
mod tests {
    use kernel::Language;
    use notifier::webhooks::{EndpointId, EndpointState};
    use queue::tasks::Deed;

    use super::*;
    use crate::texts::Texts;

    #[test]
    fn every_deed_and_every_known_error_has_its_words() {
        let texts = Texts::load();
        let deeds = Deed::ALL.iter().map(|deed| format!("task-deed-{deed}"));
        let known = KNOWN.iter().map(|(_, key)| *key).chain(NAMED.iter().map(|(_, key, _)| *key));
        let keys: Vec<String> = deeds.chain(known.map(str::to_owned)).collect();
        for key in keys {
            for language in Language::ALL {
                assert!(texts.known(*language, &key).is_some(), "{key} in {language}");
            }
        }
    }

    #[test]
    fn what_a_broken_program_keeps_from_arriving_is_one_row_with_its_count() {
        let task = |id: i64| Retrying {
            id: TaskId(id),
            kind: "webhooks.deliver".to_owned(),
            state: "scheduled".to_owned(),
            attempt: 1,
            max_attempts: 14,
            run_at: DateTime::<Utc>::UNIX_EPOCH,
            error: String::new(),
        };
        let program = |id: i64| Endpoint {
            id: EndpointId(id),
            url: "https://hooks.example/secret".to_owned(),
            kinds: Vec::new(),
            state: EndpointState::Active,
            stopped_for: None,
            failing_since: None,
            key_version: 1,
            version: 1,
            note: String::new(),
            created_at: DateTime::<Utc>::UNIX_EPOCH,
        };
        let found = vec![
            (task(5), Some(program(1))),
            (task(4), None),
            (task(3), Some(program(2))),
            (task(2), Some(program(1))),
            (task(1), None),
        ];
        let rows: Vec<_> =
            of_each_program(found).into_iter().map(|(one, _, count)| (one.id.0, count)).collect();
        assert_eq!(rows, [(5, 2), (4, 0), (3, 1), (1, 0)]);
        assert_eq!(program(1).host(), "hooks.example");
    }

    #[test]
    fn an_error_leads_to_the_contact_and_the_delivery_that_it_names() {
        let pages = |error| pages_in(error).map(|(_, page)| page).collect::<Vec<_>>();
        let dead = "the mail address of contact 14 is dead (delivery:3); call them and correct it";
        assert_eq!(pages(dead), ["/contacts/14/edit", "/deliveries/3"]);
        assert_eq!(pages("contact 7 has no mail address (unit:3)"), ["/contacts/7/edit"]);
        assert!(pages("no contact and no delivery: at all").is_empty());
    }
}
