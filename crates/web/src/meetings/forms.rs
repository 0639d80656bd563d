//! Calling a meeting.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::NaiveDate;
use db::DbError;
use kernel::{Typed, date_in_japan};
use sales::meetings::{self, MeetingInput};
use sales::team;
use serde::Serialize;

use super::{crumbs, path};
use crate::call::Call;
use crate::failure::Failure;
use crate::forms::{Form, FormView};
use crate::phrases::{self, Choice};
use crate::shell::Crumb;

#[derive(Serialize)]
struct FormPage {
    title: String,
    crumbs: Vec<Crumb>,
    people: Vec<Choice>,
    form: FormView,
}

/// A meeting as posted: the people come as the values of one group of boxes.
pub(super) fn input(form: &Form) -> MeetingInput {
    MeetingInput {
        held_on: form.get("held_on").into(),
        begins_at: form.get("begins_at").into(),
        people: form.all("people").into_iter().map(Typed).collect(),
        minutes: form.get("minutes").into(),
    }
}

async fn page(call: &Call, form: Option<&Form>, failure: Option<&Failure>) -> Result<HttpResponse, Failure> {
    let (people, today): (_, NaiveDate) =
        call.db(|tx| -> Result<_, DbError> { Ok((team::people(tx)?, date_in_japan(tx.now()))) }).await?;
    let fresh = || {
        let sellers = people.iter().filter(|person| person.is(accounts::Role::Sales));
        let form = Form::default().preset("held_on", today);
        sellers.fold(form, |form, person| form.preset("people", person.id))
    };
    let form = form.cloned().unwrap_or_else(fresh);
    let page = FormPage {
        title: call.text("meeting-new-title"),
        crumbs: crumbs(call),
        people: phrases::people(call.language, &people),
        form: form.view(call, failure),
    };
    let status: StatusCode = failure.map_or(StatusCode::OK, Failure::status);
    call.page_with(status, "meetings/form.html", &page)
}

/// `GET /meetings/new`
pub(crate) async fn new(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    page(&call, None, None).await
}

/// `POST /meetings`
pub(crate) async fn create(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input = input(&form);
    match call.once(&form, move |tx| meetings::call(tx, &input).map(|meeting| path(meeting.id))).await {
        Ok(page) => Ok(call.done(page, "done-meeting-called")),
        Err(failure) if failure.is_about_input() => page(&call, Some(&form), Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}
