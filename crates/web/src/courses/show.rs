//! `GET /courses/{id}`: its days, who has a seat, and what became of each.

use std::collections::HashMap;
use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use kernel::{Language, Page, Paging, PersonId, WorkerId};
use serde::Serialize;
use workforce::courses::{
    self, Course, CourseDay, CourseId, CourseState, Enrolment, EnrolmentId, EnrolmentState,
};
use workforce::{Worker, skills, workers};

use super::{day, index, place, seats_or_people};
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView, PageQuery};
use crate::orders::parts::{self, Choice};
use crate::paths;
use crate::phrases::again;
use crate::shell::Crumb;

/// How many seats a page shows.
const ROWS: u16 = 100;
/// How many workers the choice offers at most.
const MOST_WORKERS: usize = 500;

struct Facts {
    course: Course,
    days: Vec<CourseDay>,
    skill: Option<String>,
    seats: Page<Enrolment, EnrolmentId>,
    workers: Vec<Worker>,
    names: HashMap<PersonId, String>,
    took_part: i64,
    now: DateTime<Utc>,
}

fn facts(
    tx: &mut Tx<'_>,
    language: Language,
    id: CourseId,
    after: Option<EnrolmentId>,
) -> Result<Facts, DbError> {
    let course = courses::find(tx, id)?;
    let seats = courses::enrolments(tx, id, &Paging { after, ..Paging::first(ROWS) })?;
    let workers = in_programme(tx)?;
    let people = seats.items.iter().map(|one| one.person_id).chain(workers.iter().map(|one| one.person_id));
    Ok(Facts {
        days: courses::days(tx, id)?,
        took_part: courses::took_part(tx, &[id])?.remove(&id).unwrap_or_default(),
        skill: course.skill_id.map(|skill| skills::find(tx, skill)).transpose()?.map(|skill| skill.name),
        names: parts::people(tx, language, people)?,
        seats,
        workers,
        now: tx.now(),
        course,
    })
}

fn in_programme(tx: &mut Tx<'_>) -> Result<Vec<Worker>, DbError> {
    let (mut found, mut paging) = (Vec::new(), Paging::first(Paging::<WorkerId>::MOST));
    loop {
        let page = workers::enrolled(tx, &paging)?;
        found.extend(page.items);
        paging.after = page.next;
        if paging.after.is_none() || found.len() >= MOST_WORKERS {
            return Ok(found);
        }
    }
}

#[derive(Serialize)]
struct CoursePage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    here: String,
    version: i32,
    stands: &'static str,
    about: String,
    days: Vec<String>,
    place: String,
    leads_to: String,
    pay: String,
    rows: Vec<Row>,
    workers: Vec<Choice>,
    form: FormView,
    may_change: bool,
    may_enrol: bool,
    /// Whom one enters came without a seat.
    has_begun: bool,
    next: String,
}

#[derive(Serialize)]
struct Row {
    id: String,
    name: String,
    href: String,
    state: EnrolmentState,
    action: String,
    /// What may be noted of them now, in words of the text `course-seat-do-{word}`.
    moves: Vec<EnrolmentState>,
}

/// `GET /courses/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: CourseId = call.id("id")?;
    render(&call, id, None, None).await
}

pub(super) async fn render(
    call: &Call,
    id: CourseId,
    form: Option<&Form>,
    refused: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let query: PageQuery = call.query();
    let (after, language) = (query.after.as_str().parse().ok(), call.language);
    let facts = call.db(move |tx| facts(tx, language, id, after)).await?;
    let page = page(call, &facts, form.cloned().unwrap_or_default().view(call, refused));
    call.page_with(refused.map_or(StatusCode::OK, again), "courses/show.html", &page)
}

fn page(call: &Call, facts: &Facts, form: FormView) -> CoursePage {
    let course = &facts.course;
    let is_open = course.state == CourseState::Open;
    let here = paths::course(course.id);
    CoursePage {
        title: course.title.clone(),
        crumbs: vec![
            Crumb::new(call, "nav-workers", "/workers"),
            Crumb::new(call, "courses-title", "/courses"),
        ],
        answer: seats_or_people(call, course, facts.now, facts.took_part),
        version: course.version,
        stands: index::stands(course, facts.now),
        about: course.about.clone(),
        days: facts.days.iter().map(|one| day(call, one)).collect(),
        place: place(call, course.way, &course.place),
        leads_to: leads_to(call, facts),
        pay: call.text(if course.is_paid { "course-is-paid" } else { "course-not-paid" }),
        rows: facts.seats.items.iter().map(|one| row(facts, one)).collect(),
        workers: facts.workers.iter().filter_map(|worker| choice(facts, worker)).collect(),
        form,
        may_change: is_open && course.last_at > facts.now,
        may_enrol: is_open && course.free() > 0,
        has_begun: course.first_at <= facts.now,
        next: facts.seats.next.map(|key| format!("{here}?after={key}")).unwrap_or_default(),
        here,
    }
}

fn choice(facts: &Facts, worker: &Worker) -> Option<Choice> {
    let has_seat = |one: &Enrolment| one.worker_id == worker.id && one.state != EnrolmentState::Left;
    if facts.seats.items.iter().any(has_seat) {
        return None;
    }
    Some(Choice::new(worker.id, facts.names.get(&worker.person_id)?))
}

fn leads_to(call: &Call, facts: &Facts) -> String {
    let Some(skill) = facts.skill.clone() else { return call.text("course-leads-to-none") };
    let level = facts.course.level.to_string();
    match facts.course.valid_months {
        Some(months) => {
            let months = format::count(months.into());
            let said = [("skill", skill), ("level", level), ("months", months)];
            parts::say(call, "course-leads-to-for", &said)
        }
        None => parts::say(call, "course-leads-to-value", &[("skill", skill), ("level", level)]),
    }
}

fn row(facts: &Facts, one: &Enrolment) -> Row {
    use EnrolmentState::{Absent, Attended, Completed, Enrolled, Left};
    let has_begun = facts.course.first_at <= facts.now && facts.course.state == CourseState::Open;
    let moves = match one.state {
        Enrolled if has_begun => vec![Completed, Attended, Absent],
        Enrolled => vec![Left],
        Attended | Absent if has_begun => vec![Completed],
        Attended | Absent | Left | Completed => Vec::new(),
    };
    Row {
        id: format!("seat-{}", one.id),
        name: facts.names.get(&one.person_id).cloned().unwrap_or_default(),
        href: paths::worker(one.worker_id),
        state: one.state,
        action: format!("/enrolments/{}/outcome", one.id),
        moves,
    }
}
