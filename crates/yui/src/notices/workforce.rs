//! Mails about a worker's way into work and beside it, one for each fact of `workforce`.

use std::sync::Arc;

use ::workforce::availability::{self, BackToday, OffToday};
use ::workforce::courses::{
    self, CourseBooked, CourseCalledOff, CourseId, CourseSoon, CourseState, CourseWay, EnrolmentState,
};
use ::workforce::interviews::{
    self, Interview, InterviewCalledOff, InterviewId, InterviewPlanned, InterviewState, Way,
};
use ::workforce::skills::{self, SkillRunsOut};
use ::workforce::workers;
use accounts::{Role, persons};
use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use fulfillment::claims::{self, HeldUnit};
use fulfillment::units::UnitState;
use kernel::{JST, Language, WorkerId};
use notifier::mails::{self, Mail as _};
use notifier::sending::{Checks, Due};
use queue::Registry;
use web::format;

use super::{Cause, Notices, as_count, mail_person, mail_role_about, recipient, send};

pub(super) fn register(registry: &mut Registry, notices: &Arc<Notices>) {
    interview_planned(registry, notices.clone());
    interview_called_off(registry, notices.clone());
    skill_runs_out(registry, notices.clone());
    course_booked(registry, notices.clone());
    course_soon(registry, notices.clone());
    course_called_off(registry, notices.clone());
    off_today(registry, notices.clone());
    back_today(registry, notices.clone());
}

/// What was moved or called off since is not told as it was.
pub(super) fn checks(checks: Checks) -> Checks {
    checks
        .before(mails::InterviewDate::NAME, |tx, due| still_planned(tx, &due))
        .before(mails::SkillExpires::NAME, |tx, due| still_runs_out(tx, &due))
        .before(mails::CourseBooked::NAME, |tx, due| still_has_seat(tx, &due))
        .before(mails::AwayToday::NAME, |tx, due| still_off(tx, &due))
        .before(mails::BackToday::NAME, |tx, due| still_off(tx, &due).map(|is_off| !is_off))
        .before(mails::CourseSoon::NAME, |tx, due| still_has_seat(tx, &due))
}

fn interview_planned(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<InterviewPlanned>("mail", move |tx, planned| {
        let fact = planned.fact;
        let lead = persons::find(tx, fact.interviewer)?;
        let join = interviews::find(tx, fact.interview)?.join_at;
        let about = thing(fact.interview, fact.starts_at.timestamp());
        let cause =
            Cause::about(planned.event.id, "interview", about).until(fact.starts_at).instead_of_older();
        mail_person(tx, &own, cause, fact.person, |language| mails::InterviewDate {
            when: format::full_moment(language, fact.starts_at),
            way: way(language, fact.way).to_owned(),
            lead: lead.name_in(language),
            join: join.clone(),
            link: own.outbox.link("/"),
        })
    });
}

fn interview_called_off(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<InterviewCalledOff>("mail", move |tx, called_off| {
        let fact = called_off.fact;
        let about = thing(fact.interview, fact.starts_at.timestamp());
        let cause = Cause::about(called_off.event.id, "interview-off", about).until(fact.starts_at);
        mail_person(tx, &own, cause, fact.person, |language| mails::AppointmentOff {
            title: match language {
                Language::Ja => "面談",
                Language::En => "Interview",
            }
            .to_owned(),
            when: format::full_moment(language, fact.starts_at),
            link: own.outbox.link("/"),
        })
    });
}

fn skill_runs_out(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<SkillRunsOut>("mail", move |tx, runs_out| {
        let fact = runs_out.fact;
        let about = format!("{}@{}", fact.skill, fact.expires_on);
        let cause = Cause::about(runs_out.event.id, "skill", about);
        mail_person(tx, &own, cause, fact.person, |language| mails::SkillExpires {
            skill: fact.name.clone(),
            last_day: format::full_date(language, fact.expires_on),
            link: own.outbox.link("/my-learning"),
        })
    });
}

fn course_booked(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<CourseBooked>("mail", move |tx, booked| {
        let fact = booked.fact;
        let cause = Cause::about(booked.event.id, "course", fact.course).until(fact.first_at);
        mail_person(tx, &own, cause, fact.person, |language| mails::CourseBooked {
            title: fact.title.clone(),
            when: format::full_moment(language, fact.first_at),
            place: place(language, fact.way, &fact.place),
            link: own.outbox.link("/my-learning"),
        })
    });
}

fn course_soon(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<CourseSoon>("mail", move |tx, soon| {
        let fact = soon.fact;
        for person in &fact.people {
            let cause = Cause::about(soon.event.id, "course", fact.course).until(fact.first_at);
            mail_person(tx, &own, cause, *person, |language| mails::CourseSoon {
                title: fact.title.clone(),
                when: format::full_moment(language, fact.first_at),
                place: place(language, fact.way, &fact.place),
                link: own.outbox.link("/my-learning"),
            })?;
        }
        Ok(())
    });
}

fn course_called_off(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<CourseCalledOff>("mail", move |tx, called_off| {
        let fact = called_off.fact;
        for person in &fact.people {
            let cause = Cause::about(called_off.event.id, "course-off", fact.course).until(fact.first_at);
            mail_person(tx, &own, cause, *person, |language| mails::AppointmentOff {
                title: fact.title.clone(),
                when: format::full_moment(language, fact.first_at),
                link: own.outbox.link("/my-learning"),
            })?;
        }
        Ok(())
    });
}

/// Whoever gave their seat back, or whose course is called off, is not told that they have one.
fn still_has_seat(tx: &mut Tx<'_>, due: &Due<'_>) -> Result<bool, DbError> {
    let course = due.concerns.strip_prefix("course:").and_then(|id| id.parse().ok()).map(CourseId);
    let (Some(course), Some(person)) = (course, due.person) else { return Ok(true) };
    let Some(worker) = workers::of_person(tx, person)? else { return Ok(false) };
    let is_open = courses::find(tx, course)?.state == CourseState::Open;
    Ok(is_open && courses::standing(tx, course, worker.id)? == Some(EnrolmentState::Enrolled))
}

fn place(language: Language, way: CourseWay, place: &str) -> String {
    let way = match (language, way) {
        (Language::Ja, CourseWay::Hall) => "会場",
        (Language::Ja, CourseWay::Online) => "オンライン",
        (Language::En, CourseWay::Hall) => "in a room",
        (Language::En, CourseWay::Online) => "online",
    };
    match (language, place) {
        (_, "") => way.to_owned(),
        (Language::Ja, _) => format!("{way}（{place}）"),
        (Language::En, _) => format!("{way} ({place})"),
    }
}

/// How soon a unit is due that coordination hears of when its holder is off today, in days.
const SOON_DAYS: i64 = 3;
/// How many units in somebody's hands are looked at; a week holds fewer.
const MOST_HELD: i64 = 100;

fn off_today(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<OffToday>("mail", move |tx, off| {
        let fact = off.fact;
        let held = claims::held_by(tx, fact.person, MOST_HELD)?;
        let is_urgent = |unit: &&HeldUnit| {
            UnitState::TO_DO.contains(&unit.state) && (unit.due_on - fact.day).num_days() <= SOON_DAYS
        };
        let urgent = as_count(held.iter().filter(is_urgent).count());
        let person = persons::find(tx, fact.person)?;
        for lead in persons::with_role(tx, Role::Coordinator)? {
            let Some(to) = recipient(&lead) else { continue };
            let cause = Cause::about(off.event.id, "off", format!("{}@{}", fact.worker, fact.day));
            let mail = mails::AwayToday {
                name: person.name_in(to.language),
                urgent,
                link: own.outbox.link(&format!("/workers/{}", fact.worker)),
            };
            send(tx, &own, cause.until(end_of(fact.day)), to, mail)?;
        }
        Ok(())
    });
}

fn back_today(registry: &mut Registry, own: Arc<Notices>) {
    registry.subscribe::<BackToday>("mail", move |tx, back| {
        let fact = back.fact;
        let person = persons::find(tx, fact.person)?;
        let about = format!("{}@{}", fact.worker, fact.day);
        let cause = Cause::about(back.event.id, "off", about).until(end_of(fact.day));
        mail_role_about(tx, &own, &cause, Role::Coordinator, |language| mails::BackToday {
            name: person.name_in(language),
            link: own.outbox.link(&format!("/workers/{}", fact.worker)),
        })
    });
}

/// The end of a day in Japan.
fn end_of(day: NaiveDate) -> DateTime<Utc> {
    let next = day.succ_opt().unwrap_or(day).and_hms_opt(0, 0, 0).unwrap_or_default();
    next.and_local_timezone(JST).single().map_or(DateTime::<Utc>::MAX_UTC, |end| end.to_utc())
}

/// Whoever works today after all is not told of as off.
fn still_off(tx: &mut Tx<'_>, due: &Due<'_>) -> Result<bool, DbError> {
    let told = due.concerns.strip_prefix("off:").and_then(|thing| thing.split_once('@'));
    let Some((Ok(worker), day)) = told.map(|(worker, day)| (worker.parse().map(WorkerId), day)) else {
        return Ok(true);
    };
    let Ok(day) = day.parse() else { return Ok(true) };
    Ok(availability::plan(tx, worker)?.is_off(day))
}

/// A skill that was renewed or taken away meanwhile is not warned of.
fn still_runs_out(tx: &mut Tx<'_>, due: &Due<'_>) -> Result<bool, DbError> {
    let told = due.concerns.strip_prefix("skill:").and_then(|thing| thing.split_once('@'));
    let (Some((skill, day)), Some(person)) = (told, due.person) else { return Ok(true) };
    let Some(worker) = workers::of_person(tx, person)? else { return Ok(false) };
    let has = skills::of_worker(tx, worker.id)?;
    Ok(has.iter().any(|one| {
        one.skill_id.to_string() == skill && one.expires_on.is_some_and(|last| last.to_string() == day)
    }))
}

/// An interview at the time that was told.
fn thing(id: InterviewId, at: i64) -> String {
    format!("{id}@{at}")
}

fn still_planned(tx: &mut Tx<'_>, due: &Due<'_>) -> Result<bool, DbError> {
    let told = due.concerns.strip_prefix("interview:").and_then(|thing| thing.split_once('@'));
    let Some((Ok(id), at)) = told.map(|(id, at)| (id.parse().map(InterviewId), at)) else { return Ok(true) };
    match interviews::find(tx, id) {
        Ok(Interview { state: InterviewState::Planned, starts_at, .. }) => {
            Ok(starts_at.timestamp().to_string() == at)
        }
        Ok(_) | Err(DbError::NotFound) => Ok(false),
        Err(error) => Err(error),
    }
}

fn way(language: Language, way: Way) -> &'static str {
    match (language, way) {
        (Language::Ja, Way::Office) => "センターで会います",
        (Language::Ja, Way::Online) => "オンライン",
        (Language::Ja, Way::Phone) => "センターから電話します",
        (Language::Ja, Way::Visit) => "センターの人が家に行きます",
        (Language::En, Way::Office) => "at the centre",
        (Language::En, Way::Online) => "online",
        (Language::En, Way::Phone) => "we call you",
        (Language::En, Way::Visit) => "we come to your home",
    }
}
