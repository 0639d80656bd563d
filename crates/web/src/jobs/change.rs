//! Changing a job: correcting it while nobody holds a unit, moving its deadline, taking offers back, calling it off.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::{DbError, Tx};
use fulfillment::claims;
use fulfillment::jobs::{self, ExtendInput, Job, JobEditInput, JobError};
use fulfillment::orders::{self, Order};
use kernel::{Code, JobId};
use serde::Serialize;

use super::csv_rows;
use super::new::{self, JobForm};
use super::show;
use crate::call::Call;
use crate::failure::Failure;
use crate::forms::{Form, FormView};
use crate::orders::parts;
use crate::paths;
use crate::shell::Crumb;

/// Breadcrumbs of a page under a job.
fn crumbs(call: &Call, order: &Order, job: &Job) -> Vec<Crumb> {
    vec![
        Crumb::new(call, "nav-orders", "/orders"),
        Crumb::named(&order.title, paths::order(order.id)),
        Crumb::named(&job.title, paths::job(job.id)),
    ]
}

async fn edit_form(
    call: &Call,
    id: JobId,
    typed: Option<&Form>,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let (job, facts) = call
        .db(move |tx| -> Result<_, DbError> {
            let job = jobs::find(tx, id)?;
            let facts = new::facts(tx, job.order_id)?;
            Ok((job, facts))
        })
        .await?;
    let stored = Form::of(&JobEditInput::of(&job));
    let page = JobForm {
        title: call.text("jobs-edit-title"),
        crumbs: crumbs(call, &facts.order, &job),
        action: format!("{}/edit", paths::job(id)),
        cancel: paths::job(id),
        answer: call.text("jobs-edit-answer"),
        version: Some(job.version),
        ..JobForm::of(call, &facts, typed.unwrap_or(&stored), failure)
    };
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "jobs/form.html", &page)
}

/// `GET /jobs/{id}/edit`: only while nobody holds a unit; otherwise the job's page says why not.
pub(crate) async fn edit_page(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: JobId = call.id("id")?;
    let held = call.db(move |tx| -> Result<_, DbError> {
        let job = jobs::find(tx, id)?;
        Ok(jobs::progress(tx, job.id)?.arranged() > 0)
    });
    if held.await? {
        return show::render(&call, id, Some(&Failure::of(Code::WorkHeld))).await;
    }
    edit_form(&call, id, None, None).await
}

/// `POST /jobs/{id}/edit`
pub(crate) async fn edit(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: JobId = call.id("id")?;
    let form = call.form();
    let (input, version) = (form.input::<JobEditInput>()?, form.version()?);
    match call.db(move |tx| jobs::edit(tx, id, version, input)).await {
        Ok(_job) => Ok(call.done(paths::job(id), "done-jobs-edited")),
        Err(failure) if failure.is_about_input() && failure.code != Code::WorkHeld => {
            edit_form(&call, id, Some(&form), Some(&failure)).await
        }
        Err(failure) if parts::stays(&failure) => show::render(&call, id, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}

#[derive(Serialize)]
struct ExtendPage {
    title: String,
    crumbs: Vec<Crumb>,
    action: String,
    cancel: String,
    now: String,
    order_due: String,
    /// Who is asked, in words; empty where nobody holds a unit.
    asked: String,
    due_error: String,
    form: FormView,
}

async fn extend_form(
    call: &Call,
    id: JobId,
    form: &Form,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let (job, order, holders) = call
        .db(move |tx| -> Result<_, DbError> {
            let job = jobs::find(tx, id)?;
            let order = orders::find(tx, job.order_id)?;
            Ok((job, order, claims::holders(tx, id)?))
        })
        .await?;
    let page = ExtendPage {
        title: call.text("jobs-extend-title"),
        crumbs: crumbs(call, &order, &job),
        action: format!("{}/extend", paths::job(id)),
        cancel: paths::job(id),
        now: parts::day(call.language, job.work_due_on),
        order_due: parts::day(call.language, order.due_on),
        asked: if holders == 0 {
            String::new()
        } else {
            parts::say_count(call, "jobs-extend-asked", holders)
        },
        due_error: csv_rows::beside(call, failure, "work_due_on"),
        form: form.view(call, failure),
    };
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "jobs/extend.html", &page)
}

/// `GET /jobs/{id}/extend`
pub(crate) async fn extend_page(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    extend_form(&call, call.id("id")?, &Form::default(), None).await
}

/// `POST /jobs/{id}/extend`
pub(crate) async fn extend(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: JobId = call.id("id")?;
    let form = call.form();
    let input: ExtendInput = form.input()?;
    match call.db(move |tx| jobs::extend(tx, id, input)).await {
        Ok(_job) => Ok(call.done(paths::job(id), "done-jobs-extended")),
        Err(failure) if failure.is_about_input() => extend_form(&call, id, &form, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}

async fn changed(
    call: &Call,
    verb: fn(&mut Tx<'_>, JobId) -> Result<Job, JobError>,
    done: &'static str,
) -> Result<HttpResponse, Failure> {
    let id: JobId = call.id("id")?;
    match call.db(move |tx| verb(tx, id)).await {
        Ok(_job) => Ok(call.done(paths::job(id), done)),
        Err(failure) if parts::stays(&failure) => show::render(call, id, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}

/// `POST /jobs/{id}/withdraw`
pub(crate) async fn withdraw(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    changed(&call, jobs::withdraw, "done-jobs-withdrawn").await
}

/// `POST /jobs/{id}/call-off`
pub(crate) async fn call_off(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    changed(&call, jobs::call_off, "done-jobs-called-off").await
}
