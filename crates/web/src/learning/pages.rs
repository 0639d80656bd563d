//! `/my-learning`: what I can do, the trainings I may join, and what my trials showed.

use std::rc::Rc;

use actix_web::HttpResponse;
use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use kernel::{Code, Paging, PersonId, date_in_japan};
use serde::Serialize;
use workforce::courses::{
    self, Course, CourseDay, CourseError, CourseId, CourseState, Enrolment, EnrolmentState,
};
use workforce::skills::{self, Skill, WorkerSkill};
use workforce::trials::{self, Trial};

use crate::call::Call;
use crate::courses::trials::TrialRow;
use crate::courses::{day, place, seats_left};
use crate::failure::Failure;
use crate::my_units::not_registered;
use crate::offers::card;
use crate::orders::parts;

/// How many coming trainings, own trainings and trials the page shows; a town has a handful.
const COMING: u16 = 20;
const MINE: u16 = 20;
const TRIALS: u16 = 10;

/// A training with its days.
type WithDays = (Course, Vec<CourseDay>);

struct Facts {
    skills: Vec<WorkerSkill>,
    all_skills: Vec<Skill>,
    coming: Vec<WithDays>,
    mine: Vec<(Enrolment, Course)>,
    trials: Vec<Trial>,
    today: NaiveDate,
    now: DateTime<Utc>,
}

fn facts(tx: &mut Tx<'_>, person: PersonId) -> Result<Facts, DbError> {
    let worker = card::worker(tx, person)?;
    let mut coming = Vec::new();
    for course in courses::coming(tx, &Paging::first(COMING))?.items {
        let days = courses::days(tx, course.id)?;
        coming.push((course, days));
    }
    Ok(Facts {
        skills: skills::of_worker(tx, worker.id)?,
        all_skills: skills::list(tx)?,
        coming,
        mine: courses::of_worker(tx, worker.id, &Paging::first(MINE))?.items,
        trials: trials::of_worker(tx, worker.id, &Paging::first(TRIALS))?.items,
        today: date_in_japan(tx.now()),
        now: tx.now(),
    })
}

#[derive(Serialize)]
struct LearningPage {
    title: String,
    answer: String,
    skills: Vec<SkillRow>,
    coming: Vec<CourseCard>,
    past: Vec<PastRow>,
    trials: Vec<TrialRow>,
}

#[derive(Serialize)]
struct SkillRow {
    name: String,
    level: String,
    until: String,
    is_over: bool,
}

#[derive(Serialize)]
struct CourseCard {
    id: String,
    title: String,
    about: String,
    days: Vec<String>,
    place: String,
    leads_to: String,
    pay: String,
    seats: String,
    has_seat: bool,
    is_full: bool,
    enrol: String,
    leave: String,
}

#[derive(Serialize)]
struct PastRow {
    title: String,
    state: EnrolmentState,
    day: String,
}

/// `GET /my-learning`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    if let Some(not_yet) = not_registered::page(&call).await? {
        return Ok(not_yet);
    }
    let person = call.person()?;
    let facts = call.db(move |tx| facts(tx, person)).await?;
    let counting = facts.skills.iter().filter(|one| one.counts_on(facts.today)).count();
    let is_past = |course: &Course| course.first_at <= facts.now || course.state == CourseState::CalledOff;
    let page = LearningPage {
        title: call.text("learning-title"),
        answer: parts::say_count(&call, "learning-answer", i64::try_from(counting).unwrap_or(i64::MAX)),
        skills: facts.skills.iter().map(|one| skill_row(&call, facts.today, one)).collect(),
        coming: facts.coming.iter().map(|one| course_card(&call, &facts, one)).collect(),
        past: facts
            .mine
            .iter()
            .filter(|(_, course)| is_past(course))
            .map(|(seat, course)| past_row(&call, seat, course))
            .collect(),
        trials: facts.trials.iter().map(|trial| TrialRow::of(&call, trial)).collect(),
    };
    call.page("learning/index.html", &page)
}

fn skill_row(call: &Call, today: NaiveDate, skill: &WorkerSkill) -> SkillRow {
    let until = |day| parts::say(call, "learning-until", &[("day", parts::day(call.language, day))]);
    SkillRow {
        name: skill.name.clone(),
        level: parts::say(call, "workers-skill-level-of", &[("level", skill.level.to_string())]),
        until: skill.expires_on.map_or_else(|| call.text("learning-for-good"), until),
        is_over: !skill.counts_on(today),
    }
}

fn course_card(call: &Call, facts: &Facts, (course, days): &WithDays) -> CourseCard {
    let holds =
        |(seat, of): &(Enrolment, Course)| of.id == course.id && seat.state == EnrolmentState::Enrolled;
    let skill = course.skill_id.and_then(|id| facts.all_skills.iter().find(|skill| skill.id == id));
    let leads_to = |skill: &Skill| {
        let said = [("skill", skill.name.clone()), ("level", course.level.to_string())];
        parts::say(call, "course-leads-to-value", &said)
    };
    let here = format!("/my-learning/courses/{}", course.id);
    CourseCard {
        id: format!("course-{}", course.id),
        title: course.title.clone(),
        about: course.about.clone(),
        days: days.iter().map(|one| day(call, one)).collect(),
        place: place(call, course.way, &course.place),
        leads_to: skill.map(leads_to).unwrap_or_default(),
        pay: call.text(if course.is_paid { "course-is-paid" } else { "course-not-paid" }),
        seats: seats_left(call, course),
        has_seat: facts.mine.iter().any(holds),
        is_full: course.free() == 0,
        enrol: format!("{here}/enrol"),
        leave: format!("{here}/leave"),
    }
}

fn past_row(call: &Call, seat: &Enrolment, course: &Course) -> PastRow {
    PastRow {
        title: course.title.clone(),
        state: seat.state,
        day: parts::day(call.language, date_in_japan(course.first_at)),
    }
}

/// `POST /my-learning/courses/{id}/enrol`
pub(crate) async fn enrol(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    act(&call, courses::enrol, "done-learning-enrolled").await
}

/// `POST /my-learning/courses/{id}/leave`
pub(crate) async fn leave(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    act(&call, courses::leave, "done-learning-left").await
}

type Verb = fn(&mut Tx<'_>, CourseId, kernel::WorkerId) -> Result<Course, CourseError>;

async fn act(call: &Call, verb: Verb, done: &'static str) -> Result<HttpResponse, Failure> {
    let (id, person): (CourseId, _) = (call.id("id")?, call.person()?);
    let outcome = call.db(move |tx| -> Result<_, CourseError> {
        let worker = card::worker(tx, person)?;
        verb(tx, id, worker.id)
    });
    match outcome.await {
        Ok(_course) => Ok(call.done(format!("/my-learning#course-{id}"), done)),
        // The page shows what is left: nobody is sent to an error for having been slower.
        Err(failure) if failure.code == Code::SeatsTaken => {
            Ok(call.noted("/my-learning", "done-learning-full"))
        }
        Err(failure) if failure.code == Code::Conflict => {
            Ok(call.noted("/my-learning", "done-learning-closed"))
        }
        Err(failure) => Err(failure),
    }
}
