//! The form of a visit: entering one and correcting it.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::NaiveTime;
use serde::Serialize;
use workforce::visits::{self, VisitId, VisitInput};

use crate::call::Call;
use crate::centre::quarters;
use crate::failure::Failure;
use crate::forms::{Form, FormView};
use crate::phrases::{self, Choice};
use crate::shell::Crumb;

#[derive(Serialize)]
struct FormPage {
    title: String,
    crumbs: Vec<Crumb>,
    action: String,
    is_new: bool,
    version: i32,
    times: Vec<Choice>,
    form: FormView,
}

/// Where a visit is.
pub(super) fn path(id: VisitId) -> String {
    format!("/visits/{id}")
}

/// A visit's id with the version that was read; `None` for a new one.
type Edited = Option<(VisitId, i32)>;

fn page(
    call: &Call,
    edited: Edited,
    form: &Form,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
    let page = FormPage {
        title: call.text(if edited.is_some() { "visit-edit-title" } else { "visit-new-title" }),
        crumbs: vec![Crumb::new(call, "visits-title", "/visits")],
        action: edited.map_or("/visits".to_owned(), |(id, _)| path(id)),
        is_new: edited.is_none(),
        version: edited.map_or(0, |(_, version)| version),
        times: quarters(time(7), time(22)),
        form: form.view(call, failure),
    };
    let status: StatusCode = failure.map_or(StatusCode::OK, phrases::again);
    call.page_with(status, "visits/form.html", &page)
}

/// `GET /visits/new`
pub(crate) async fn new(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    page(&call, None, &Form::default().preset("from", "10:00").preset("to", "11:00"), None)
}

/// `POST /visits`
pub(crate) async fn create(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input: VisitInput = form.input()?;
    match call.once(&form, move |tx| visits::ask(tx, &input).map(|visit| path(visit.id))).await {
        Ok(visit) => Ok(call.done(visit, "done-visit-asked")),
        Err(failure) if failure.is_about_input() => page(&call, None, &form, Some(&failure)),
        Err(failure) => Err(failure),
    }
}

/// `GET /visits/{id}/edit`
pub(crate) async fn edit(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: VisitId = call.id("id")?;
    let visit = call.db(move |tx| visits::find(tx, id)).await?;
    page(&call, Some((id, visit.version)), &Form::of(&VisitInput::from(&visit)), None)
}

/// `POST /visits/{id}`
pub(crate) async fn update(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: VisitId = call.id("id")?;
    let form = call.form();
    let (input, version) = (form.input::<VisitInput>()?, form.version()?);
    match call.db(move |tx| visits::change(tx, id, version, &input)).await {
        Ok(visit) => Ok(call.done(path(visit.id), "done-saved")),
        Err(failure) if failure.is_about_input() => {
            let newest = call.db(move |tx| visits::find(tx, id)).await?.version;
            page(&call, Some((id, newest)), &form, Some(&failure))
        }
        Err(failure) => Err(failure),
    }
}
