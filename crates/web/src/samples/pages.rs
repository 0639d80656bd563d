//! `GET` and `POST /jobs/{id}/samples`.

use std::rc::Rc;

use ::files::Received;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use db::{DbError, Tx};
use fulfillment::jobs::{self, Job, JobState};
use fulfillment::orders::{self, Order};
use fulfillment::samples::{self as stored, MOST_SAMPLES, SampleId, SampleInput, SampleKind};
use kernel::{Code, Invalid, JobId};
use serde::Serialize;

use super::{SampleView, Samples};
use crate::call::{Arrived, Call};
use crate::failure::Failure;
use crate::files;
use crate::forms::{Form, FormView};
use crate::orders::parts::{self, Choice};
use crate::paths;
use crate::shell::Crumb;
use crate::uploads::{self, Uploaded};

struct Facts {
    job: Job,
    order: Order,
    samples: Samples,
}

fn facts(tx: &mut Tx<'_>, id: JobId) -> Result<Facts, DbError> {
    let job = jobs::find(tx, id)?;
    Ok(Facts { order: orders::find(tx, job.order_id)?, samples: super::of_job(tx, id)?, job })
}

#[derive(Serialize)]
struct SamplesPage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    here: String,
    may_add: bool,
    samples: Vec<SampleView>,
    kinds: Vec<Choice>,
    accept: String,
    most: u64,
    form: FormView,
}

async fn render(
    call: &Call,
    id: JobId,
    form: &Form,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let facts = call.db(move |tx| facts(tx, id)).await?;
    let count = i64::try_from(facts.samples.all.len()).unwrap_or(i64::MAX);
    let page = SamplesPage {
        title: call.text("samples-title"),
        crumbs: vec![
            Crumb::new(call, "nav-orders", "/orders"),
            Crumb::named(&facts.order.title, paths::order(facts.order.id)),
            Crumb::named(&facts.job.title, paths::job(id)),
        ],
        answer: match count {
            0 => call.text("samples-none"),
            count => parts::say_count(call, "samples-answer", count),
        },
        here: path(id),
        may_add: facts.job.state != JobState::Closed && count < MOST_SAMPLES,
        samples: facts.samples.views(call),
        kinds: Choice::words(call, "sample-kind", SampleKind::ALL),
        accept: files::accepted_kinds(),
        most: files::MOST_BYTES / files::MEGABYTE,
        form: form.view(call, failure),
    };
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "samples/show.html", &page)
}

fn path(id: JobId) -> String {
    format!("{}/samples", paths::job(id))
}

/// `GET /jobs/{id}/samples`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = Form::default().preset("kind", SampleKind::Good);
    render(&call, call.id("id")?, &form, None).await
}

/// `POST /jobs/{id}/samples`: the bytes are in the store before the transaction begins and leave it again when the verb
/// refuses, or when the same form had arrived before.
pub(crate) async fn add(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: JobId = call.id("id")?;
    let upload = uploads::read(&call).await?;
    let taken = match upload.file("file") {
        Some(file) => keep(&call, id, &upload.form, file).await,
        None => Err(Failure::from(Invalid::field("file", Code::FileWanted))),
    };
    match taken {
        Ok(_added) => Ok(call.done(path(id), "done-samples-added")),
        Err(failure) if failure.is_about_input() => {
            let is_the_file = failure.fields.iter().any(|problem| problem.field == "file_id");
            let failure = if is_the_file {
                Failure::from(Invalid::field("file", Code::OutOfRange))
            } else {
                files::beside("file", failure)
            };
            render(&call, id, &upload.form, Some(&failure)).await
        }
        Err(failure) => Err(failure),
    }
}

async fn keep(call: &Call, id: JobId, form: &Form, file: &Uploaded) -> Result<Arrived, Failure> {
    let received = files::take_in(call, file).await?;
    let outcome = write(call, id, form, &received).await;
    match &outcome {
        Ok(arrived) if arrived.before => call.app.files.discard(&received).await,
        Ok(_) => {}
        Err(failure) => files::discard_refused(call, &received, failure).await,
    }
    outcome
}

async fn write(call: &Call, id: JobId, form: &Form, received: &Received) -> Result<Arrived, Failure> {
    let told_apart = form
        .clone()
        .preset("file", &received.name)
        .preset("file", BASE64_URL_SAFE_NO_PAD.encode(received.sha256));
    let (form, received, quota) = (form.clone(), received.clone(), call.app.settings.uploads);
    call.once_or_again(&told_apart, move |tx| -> Result<String, Failure> {
        let file = ::files::keep_within(tx, &received, &quota)?;
        let input = SampleInput {
            kind: form.get("kind").into(),
            file_id: file.id.to_string().into(),
            note: form.get("note").into(),
        };
        stored::add(tx, id, &input)?;
        Ok(path(id))
    })
    .await
}

/// `POST /samples/{id}/remove`
pub(crate) async fn remove(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: SampleId = call.id("id")?;
    let gone = call.db(move |tx| stored::remove(tx, id)).await?;
    Ok(call.done(path(gone.job_id), "done-samples-removed"))
}
