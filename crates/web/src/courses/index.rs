//! `GET /courses`: all trainings, the latest first.

use std::collections::HashMap;
use std::rc::Rc;

use actix_web::HttpResponse;
use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use kernel::{Page, Paging};
use serde::Serialize;
use workforce::courses::{self, Course, CourseId, CourseKey, CourseState};

use super::seats_or_people;
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::PageQuery;
use crate::orders::parts::When;
use crate::paths;
use crate::shell::Crumb;

/// How many courses a page shows.
const ROWS: u16 = 50;

struct Facts {
    page: Page<Course, CourseKey>,
    /// How many took part in each of those that are over.
    took_part: HashMap<CourseId, i64>,
    now: DateTime<Utc>,
}

fn facts(tx: &mut Tx<'_>, after: Option<CourseKey>) -> Result<Facts, DbError> {
    let page = courses::list(tx, &Paging { after, ..Paging::first(ROWS) })?;
    let ids: Vec<CourseId> = page.items.iter().map(|course| course.id).collect();
    Ok(Facts { took_part: courses::took_part(tx, &ids)?, page, now: tx.now() })
}

#[derive(Serialize)]
struct CoursesPage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    rows: Vec<Row>,
    next: String,
    first: String,
}

#[derive(Serialize)]
struct Row {
    title: String,
    href: String,
    when: When,
    seats: String,
    /// The word of the text `course-stands-{word}`.
    stands: &'static str,
}

/// `GET /courses`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let query: PageQuery = call.query();
    let after = format::read_page_key::<CourseKey>(query.after.as_str());
    let facts = call.db(move |tx| facts(tx, after)).await?;
    let next = facts.page.next.as_ref().map(format::page_key);
    let page = CoursesPage {
        title: call.text("courses-title"),
        crumbs: vec![Crumb::new(&call, "nav-workers", "/workers")],
        answer: call.text("courses-answer"),
        rows: facts.page.items.iter().map(|course| row(&call, &facts, course)).collect(),
        next: next.map(|key| format!("/courses?after={key}")).unwrap_or_default(),
        first: if after.is_some() { "/courses".to_owned() } else { String::new() },
    };
    call.page("courses/index.html", &page)
}

fn row(call: &Call, facts: &Facts, course: &Course) -> Row {
    let took_part = facts.took_part.get(&course.id).copied().unwrap_or_default();
    Row {
        title: course.title.clone(),
        href: paths::course(course.id),
        when: When::of(call.language, course.first_at),
        seats: seats_or_people(call, course, facts.now, took_part),
        stands: stands(course, facts.now),
    }
}

/// Where a course stands, as the word of a text.
pub(super) fn stands(course: &Course, now: DateTime<Utc>) -> &'static str {
    match course.state {
        CourseState::CalledOff => "called-off",
        CourseState::Open if course.last_at <= now => "over",
        CourseState::Open if course.first_at <= now => "running",
        CourseState::Open if course.free() == 0 => "full",
        CourseState::Open => "open",
    }
}
