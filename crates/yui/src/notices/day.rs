//! Mails about a salesperson's own day: the morning's list, what a colleague asks or tells.
//!
//! Early each day one task per town plans one task per person for the hour at which mails may come to them; whether that
//! one still has something to tell is found out then. Invariant: a person is mailed about a day once, whatever runs
//! twice (`sales::reminders`, and `a_morning_is_planned_for_each_ones_own_hour_and_mailed_once`).

use std::sync::Arc;

use ::accounts::{organizations, persons};
use ::sales::about::{self, Called};
use ::sales::day::{self, Due};
use ::sales::events::{DayBegan, Mentioned, MentionedOnLead, TodoAssigned};
use ::sales::{About, activities, colleagues, reminders, todos};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Utc};
use db::{DbError, Lobby, Tx};
use kernel::{JST, Language, OrganizationId, Paging, PersonId, date_in_japan};
use notifier::mails::{self, Mail as _};
use notifier::preferences;
use notifier::sending::Checks;
use queue::{Missed, Priority, Recurrence, Registry, Schedule, Task, Zone};
use serde::{Deserialize, Serialize};
use web::format;

use super::{Cause, Notices, as_count, mail_person};

/// How many things the morning's mail names; the page has the rest.
const NAMED: u16 = 10;

/// Plans the morning's mails of a town.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct PlanMornings {}

impl Task for PlanMornings {
    const KIND: &'static str = "sales.plan-mornings";
    const PRIORITY: Priority = Priority::Idle;
}

/// It is somebody's morning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct BeginDay {
    person: PersonId,
    /// The day in Japan.
    day: NaiveDate,
}

impl Task for BeginDay {
    const KIND: &'static str = "sales.begin-day";
}

pub(super) fn register(registry: &mut Registry, notices: &Arc<Notices>) {
    registry.in_transaction::<PlanMornings>(|tx, _attempt, _plan| {
        plan(tx)?;
        Ok(())
    });
    registry.in_transaction::<BeginDay>(|tx, _attempt, task| {
        reminders::remind(tx, task.person, task.day)?;
        Ok(())
    });
    let schedule = Schedule {
        name: PlanMornings::KIND,
        recurrence: Recurrence::Daily(NaiveTime::from_hms_opt(4, 0, 0).unwrap_or(NaiveTime::MIN)),
        zone: Zone::Asia__Tokyo,
        missed: Missed::Coalesce,
    };
    registry.periodic(schedule, every_town, |_tick| PlanMornings::default());
    day_began(registry, notices.clone());
    todo_assigned(registry, notices.clone());
    mentioned(registry, notices.clone());
    mentioned_on_lead(registry, notices.clone());
}

/// Whoever has done it all before the mail leaves needs none.
pub(super) fn checks(checks: Checks) -> Checks {
    checks.before(mails::DayDue::NAME, |tx, due| match due.person {
        Some(person) => Ok(day::counts(tx, person)?.due > 0),
        None => Ok(true),
    })
}

fn every_town(lobby: &mut Lobby<'_>) -> Result<Vec<OrganizationId>, DbError> {
    Ok(organizations::directory(lobby)?.into_iter().map(|town| town.id).collect())
}

fn plan(tx: &mut Tx<'_>) -> Result<(), DbError> {
    let day = date_in_japan(tx.now());
    for person in colleagues::list(tx)? {
        let morning = preferences::next_opening(tx, person.id)?;
        queue::enqueue_at(tx, &BeginDay { person: person.id, day }, morning)?;
    }
    Ok(())
}

fn day_began(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<DayBegan>("mail", move |tx, began| {
        let fact = began.fact;
        let (counts, now) = (day::counts(tx, fact.person)?, tx.now());
        let first = day::due(tx, fact.person, &Paging::first(NAMED))?.items;
        if first.is_empty() {
            return Ok(());
        }
        // Yesterday's list, should it still wait, is no list of today.
        let cause =
            Cause::about(began.event.id, "day", fact.person).instead_of_older().until(end_of(fact.day));
        mail_person(tx, &own, cause, fact.person, |language| mails::DayDue {
            count: as_count(counts.due),
            late: as_count(counts.overdue),
            more: as_count(counts.due).saturating_sub(as_count(first.len())),
            things: first.iter().map(|due| line(language, now, due)).collect(),
            link: own.outbox.link("/my-day"),
            settings_link: own.outbox.link("/me/mail"),
        })
    });
}

/// The instant a day ends in Japan.
fn end_of(day: NaiveDate) -> DateTime<Utc> {
    let next = day.succ_opt().unwrap_or(day).and_time(NaiveTime::MIN);
    // Japan has one offset all year round, so there is exactly one such instant.
    JST.from_local_datetime(&next).single().map_or_else(|| next.and_utc(), |at| at.to_utc())
}

fn line(language: Language, now: DateTime<Utc>, due: &Due) -> mails::DueLine {
    mails::DueLine {
        action: due.action.clone(),
        about: in_words(language, &Called { title: due.title.clone(), company: due.company.clone() }),
        due: format::due_in_words(language, now, due.due_on),
    }
}

/// The company, and the deal where it is about one.
pub(super) fn in_words(language: Language, called: &Called) -> String {
    let parts: Vec<&str> =
        [called.company.as_str(), &called.title].into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(match language {
        Language::Ja => "・",
        Language::En => ", ",
    })
}

pub(super) fn named(tx: &mut Tx<'_>, about: Option<About>) -> Result<Called, DbError> {
    let Some(about) = about else { return Ok(Called::default()) };
    Ok(about::called(tx, &[about])?.remove(&about).unwrap_or_default())
}

fn todo_assigned(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<TodoAssigned>("mail", move |tx, assigned| {
        let fact = assigned.fact;
        let todo = todos::find(tx, fact.todo)?;
        let called = named(tx, todo.about())?;
        let asker = persons::find(tx, fact.by)?.name;
        let cause = Cause::about(assigned.event.id, "todo", todo.id);
        mail_person(tx, &own, cause, fact.person, |language| mails::TodoAssigned {
            title: todo.title.clone(),
            about: in_words(language, &called),
            due: format::day_and_time(language, todo.due_on, todo.due_time),
            asked_by: asker.name_in(language),
            link: own.outbox.link(&format!("/todos/{}", todo.id)),
        })
    });
}

fn mentioned(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<Mentioned>("mail", move |tx, mentioned| {
        let fact = mentioned.fact;
        let about = activities::find(tx, fact.activity)?.about();
        let called = named(tx, about)?;
        let author = persons::find(tx, fact.by)?.name;
        let place = match about {
            Some(About::Deal(id)) => format!("/deals/{id}"),
            Some(About::Company(id)) => format!("/companies/{id}/activities"),
            Some(About::Lead(id)) => format!("/leads/{id}/notes"),
            None => "/my-day".to_owned(),
        };
        let cause = Cause::about(mentioned.event.id, "activity", fact.activity);
        mail_person(tx, &own, cause, fact.person, |language| mails::Mentioned {
            about: in_words(language, &called),
            by: author.name_in(language),
            link: own.outbox.link(&place),
        })
    });
}

fn mentioned_on_lead(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<MentionedOnLead>("mail", move |tx, mentioned| {
        let fact = mentioned.fact;
        let called = named(tx, Some(About::Lead(fact.lead)))?;
        let author = persons::find(tx, fact.by)?.name;
        let cause = Cause::about(mentioned.event.id, "lead", fact.lead);
        mail_person(tx, &own, cause, fact.person, |language| mails::Mentioned {
            about: in_words(language, &called),
            by: author.name_in(language),
            link: own.outbox.link(&format!("/leads/{}", fact.lead)),
        })
    });
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use ::accounts::LinkKey;
    use ::sales::todos::TodoInput;
    use db::testing::TestDb;
    use diesel::prelude::*;
    use diesel::sql_types::Timestamptz;
    use kernel::Scope;
    use notifier::messages::MessageState;
    use notifier::{KeepsHours, MailSettings, Outbox, Party};
    use queue::testing::TestTasks;

    use super::*;

    fn registry() -> Registry {
        let settings = MailSettings::new("yui@demo.example", "http://127.0.0.1:8080").unwrap();
        let key = LinkKey::generate();
        let outbox = Arc::new(Outbox::new(settings, key.clone(), KeepsHours::Always).unwrap());
        let mut registry = Registry::new();
        register(&mut registry, &Arc::new(Notices { outbox, key }));
        registry
    }

    #[derive(QueryableByName)]
    struct Planned {
        #[diesel(sql_type = Timestamptz)]
        run_at: DateTime<Utc>,
    }

    #[test]
    fn a_morning_is_planned_for_each_ones_own_hour_and_mailed_once() {
        let db = TestDb::new();
        let town = db.town("tateshina");
        let seller = db.person(town, "Tanaka", &["sales"]);
        db.person(town, "Suzuki", &["sales"]);
        let clock = Arc::new(AtomicI64::new(0));
        for door in [&db.app, &db.queue] {
            let hand = clock.clone();
            door.with_clock(move || DateTime::from_timestamp(hand.load(Ordering::SeqCst), 0).unwrap());
        }
        let at = |time: &str| {
            let instant: DateTime<Utc> = time.parse().unwrap();
            clock.store(instant.timestamp(), Ordering::SeqCst);
        };
        at("2040-11-24T05:00:00Z");
        let input =
            TodoInput {
                title: "地図を送る".into(), due_on: "2040-11-25".into(), ..TodoInput::default()
            };
        db.acting(town, seller, |tx| todos::add(tx, &input)).unwrap();
        let tasks = TestTasks::new(&db, registry());
        let plan_now = || db.app.run_blocking::<_, DbError, _>(Scope::system(town), plan).unwrap();
        // Four in the morning in Japan, asked twice.
        at("2040-11-24T19:00:00Z");
        plan_now();
        plan_now();
        let planned: Vec<Planned> =
            diesel::sql_query("SELECT DISTINCT run_at FROM tasks WHERE kind = 'sales.begin-day'")
                .load(&mut db.owner())
                .unwrap();
        let planned: Vec<_> = planned.into_iter().map(|one| one.run_at.to_rfc3339()).collect();
        assert_eq!(planned, ["2040-11-24T23:00:00+00:00"], "nobody is mailed before eight");
        at("2040-11-24T23:00:00Z");
        tasks.bring_forward();
        tasks.run_all();
        let mailed = || {
            let all = notifier::messages::MessageFilter::default();
            let page = db.arrange(town, |tx| notifier::messages::recent(tx, &all, &Paging::first(9)));
            page.items.into_iter().map(|one| (one.template, one.party)).collect::<Vec<_>>()
        };
        let once = [("day_due".to_owned(), Party::Person(seller))];
        assert_eq!(mailed(), once, "and not whoever has nothing to do");
        // Once more that day, by a task that runs late.
        at("2040-11-25T01:00:00Z");
        plan_now();
        tasks.bring_forward();
        tasks.run_all();
        assert_eq!(mailed(), once);
        // The next morning it still waits, and so does what it tells of.
        at("2040-11-25T23:00:00Z");
        plan_now();
        tasks.bring_forward();
        tasks.run_all();
        let all = notifier::messages::MessageFilter::default();
        let page = db.arrange(town, |tx| notifier::messages::recent(tx, &all, &Paging::first(9)));
        let states: Vec<_> = page.items.into_iter().map(|one| one.state).collect();
        assert_eq!(
            states,
            [MessageState::Queued, MessageState::Cancelled],
            "today's list instead of yesterday's"
        );
    }
}
