//! What the forms of a day do. Each works once however often it is pressed, and leads back to the day.

use std::rc::Rc;

use actix_web::HttpResponse;
use kernel::{Code, DealId, Invalid, LeadId};
use sales::activities::{self, ActivityInput};
use sales::day::DueKind;
use sales::leads::{self, ContactedInput};
use sales::todos::{self, FinishInput, PostponeInput, TodoId};

use super::pages::{HERE, again};
use crate::call::Call;
use crate::deals::show::at_its_field;
use crate::failure::Failure;

/// `POST /my-day/deals/{id}`
pub(crate) async fn deal(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: DealId = call.id("id")?;
    let form = call.form();
    let mut input: ActivityInput = form.input()?;
    input.version = form.get("version").into();
    let logged = call.once(&form, move |tx| activities::log(tx, id, input).map(|_logged| HERE.to_owned()));
    match logged.await {
        Ok(page) => Ok(call.done(page, "done-activity-logged")),
        Err(failure) if failure.is_about_input() => {
            again(&call, (DueKind::Deal, id.0), &form, &at_its_field(failure)).await
        }
        Err(failure) => Err(failure),
    }
}

/// `POST /my-day/leads/{id}`
pub(crate) async fn lead(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: LeadId = call.id("id")?;
    let form = call.form();
    let (input, version) = (form.input::<ContactedInput>()?, form.version()?);
    let logged =
        call.once(&form, move |tx| leads::contact(tx, id, version, input).map(|_lead| HERE.to_owned()));
    match logged.await {
        Ok(page) => Ok(call.done(page, "done-activity-logged")),
        Err(failure) if failure.is_about_input() => {
            again(&call, (DueKind::Lead, id.0), &form, &failure).await
        }
        Err(failure) => Err(failure),
    }
}

/// `POST /my-day/todos/{id}`: done, or later.
pub(crate) async fn todo(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: TodoId = call.id("id")?;
    let form = call.form();
    let version = form.version()?;
    let note = form.get("note");
    let stepped = match form.get("outcome") {
        "done" => {
            let input = FinishInput { note: note.into() };
            let done = move |tx: &mut db::Tx<'_>| {
                todos::finish(tx, id, version, &input).map(|_done| HERE.to_owned())
            };
            call.once(&form, done).await.map(|page| (page, "done-todo-finished"))
        }
        "later" => {
            let input = PostponeInput { due_on: form.get("due_on").into(), note: note.into() };
            let later = move |tx: &mut db::Tx<'_>| {
                todos::postpone(tx, id, version, &input).map(|_later| HERE.to_owned())
            };
            call.once(&form, later).await.map(|page| (page, "done-todo-postponed"))
        }
        _ => Err(Invalid::field("outcome", Code::Required).into()),
    };
    match stepped {
        Ok((page, key)) => Ok(call.done(page, key)),
        Err(failure) if failure.is_about_input() => {
            // Done by now is one thing, and never there is another.
            call.db(move |tx| todos::find(tx, id)).await?;
            again(&call, (DueKind::Todo, id.0), &form, &failure).await
        }
        Err(failure) => Err(failure),
    }
}
