//! The form of a course: entering one, and changing it.

use std::rc::Rc;

use actix_web::HttpResponse;
use db::{DbError, Tx};
use serde::Serialize;
use workforce::courses::{self, CourseId, CourseInput, CourseWay};
use workforce::skills;

use crate::call::Call;
use crate::failure::Failure;
use crate::forms::{Form, FormView};
use crate::orders::parts::Choice;
use crate::paths;
use crate::phrases::again;
use crate::shell::Crumb;

/// How many days the form has room for.
const DAYS: usize = 4;

#[derive(Serialize)]
struct FormPage {
    title: String,
    crumbs: Vec<Crumb>,
    action: String,
    /// The version that was read; none for a new course.
    version: Option<i32>,
    skills: Vec<Choice>,
    ways: Vec<Choice>,
    /// The names of the days' fields begin so.
    days: Vec<String>,
    form: FormView,
}

type Edited = Option<(CourseId, i32)>;

async fn page(
    call: &Call,
    edited: Edited,
    form: &Form,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let all = call.db(skills::list).await?;
    let mut crumbs =
        vec![Crumb::new(call, "nav-workers", "/workers"), Crumb::new(call, "courses-title", "/courses")];
    if let Some((id, _)) = edited {
        crumbs.push(Crumb::named(form.get("title"), paths::course(id)));
    }
    let page = FormPage {
        title: call.text(if edited.is_some() { "course-edit-title" } else { "course-new-title" }),
        crumbs,
        action: edited.map_or("/courses".to_owned(), |(id, _)| paths::course(id)),
        version: edited.map(|(_, version)| version),
        skills: all.iter().map(|skill| Choice::new(skill.id, &skill.name)).collect(),
        ways: Choice::words(call, "course-way", CourseWay::ALL),
        days: (0..DAYS).map(|at| format!("days[{at}]")).collect(),
        form: form.view(call, failure),
    };
    call.page_with(failure.map_or(actix_web::http::StatusCode::OK, again), "courses/form.html", &page)
}

/// `GET /courses/new`
pub(crate) async fn new(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    page(&call, None, &Form::default().preset("way", CourseWay::Hall), None).await
}

/// `POST /courses`
pub(crate) async fn create(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input: CourseInput = form.input()?;
    let entered = move |tx: &mut Tx<'_>| courses::add(tx, &input).map(|course| paths::course(course.id));
    match call.once(&form, entered).await {
        Ok(path) => Ok(call.done(path, "done-course-added")),
        Err(failure) if failure.is_about_input() => page(&call, None, &form, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}

/// `GET /courses/{id}/edit`
pub(crate) async fn edit(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: CourseId = call.id("id")?;
    let (course, days) = call
        .db(move |tx| -> Result<_, DbError> { Ok((courses::find(tx, id)?, courses::days(tx, id)?)) })
        .await?;
    page(&call, Some((id, course.version)), &Form::of(&CourseInput::of(&course, &days)), None).await
}

/// `POST /courses/{id}`
pub(crate) async fn update(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: CourseId = call.id("id")?;
    let form = call.form();
    let (input, version) = (form.input::<CourseInput>()?, form.version()?);
    match call.db(move |tx| courses::change(tx, id, version, &input)).await {
        Ok(_course) => Ok(call.done(paths::course(id), "done-saved")),
        Err(failure) if failure.is_about_input() => {
            let newest = call.db(move |tx| courses::find(tx, id)).await?.version;
            page(&call, Some((id, newest)), &form, Some(&failure)).await
        }
        Err(failure) => Err(failure),
    }
}
