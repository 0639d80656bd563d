//! The form of a hearing sheet: begun for a deal, filled in as the client is asked, with samples.

use std::rc::Rc;

use ::files::Received;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use db::{DbError, Tx};
use kernel::{DealId, FieldProblem, Typed};
use sales::deals::{self, Deal, DealStatus};
use sales::hearings::{self, Hearing, HearingError, HearingId, HearingInput, PersonalData};
use sales::leads;
use sales::lines;
use serde::Serialize;

use super::pages::Sample;
use crate::call::Call;
use crate::deals::{crumbs_below, step};
use crate::failure::Failure;
use crate::files;
use crate::forms::{Form, FormView};
use crate::paths;
use crate::phrases::{self, Choice};
use crate::shell::Crumb;
use crate::uploads::{self, Upload};

#[derive(Serialize)]
struct FormPage {
    title: String,
    crumbs: Vec<Crumb>,
    deal: String,
    action: String,
    cancel: String,
    /// `None` for a sheet that is begun.
    version: Option<i32>,
    personal: Vec<Choice>,
    samples: Vec<Sample>,
    accept: String,
    most_bytes: u64,
    most_megabytes: u64,
    form: FormView,
}

fn form_page(
    call: &Call,
    deal: &Deal,
    sheet: Option<&Hearing>,
    form: &Form,
    failure: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let page = FormPage {
        title: call.text(if sheet.is_some() { "hearing-edit-title" } else { "hearing-new-title" }),
        crumbs: crumbs_below(call, deal.id, &deal.title),
        deal: deal.title.clone(),
        action: sheet.map_or_else(|| step(deal.id, "hearings"), |sheet| paths::hearing(sheet.id)),
        cancel: sheet.map_or_else(|| paths::deal(deal.id), |sheet| paths::hearing(sheet.id)),
        version: sheet.map(|sheet| sheet.version),
        personal: phrases::choices(call, "hearing-has-personal-data", PersonalData::ALL),
        samples: sheet.map(|sheet| Sample::all(&sheet.samples)).unwrap_or_default(),
        accept: files::accepted_kinds(),
        most_bytes: files::MOST_BYTES,
        most_megabytes: files::MOST_BYTES / files::MEGABYTE,
        form: form.view(call, failure),
    };
    let status: StatusCode = failure.map_or(StatusCode::OK, phrases::again);
    call.page_with(status, "hearings/form.html", &page)
}

/// What a new sheet starts with: as the kind of work, what the deal's first line says or what the deal is called; on the
/// deal's first sheet, also what they wrote that they need.
fn preset(tx: &mut Tx<'_>, deal: &Deal) -> Result<Form, DbError> {
    let first = lines::of_deal(tx, deal.id)?.lines.into_iter().next().map(|line| line.job_kind);
    let form = Form::default().preset("job_kind", first.unwrap_or_else(|| deal.title.clone()));
    let is_first = hearings::of_deal(tx, deal.id)?.is_empty();
    let lead = if is_first { leads::of_deal(tx, deal.id)? } else { None };
    Ok(form.preset("note", lead.map(|lead| lead.need).unwrap_or_default()))
}

/// `GET /deals/{id}/hearings/new`
pub(crate) async fn new(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: DealId = call.id("id")?;
    let (deal, form) = call
        .db(move |tx| -> Result<_, DbError> {
            let deal = deals::find(tx, id)?;
            let form = preset(tx, &deal)?;
            Ok((deal, form))
        })
        .await?;
    if deal.state.status() != DealStatus::Open {
        return Ok(call.see_other(paths::deal(id)));
    }
    form_page(&call, &deal, None, &form, None)
}

/// `POST /deals/{id}/hearings`
pub(crate) async fn create(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: DealId = call.id("id")?;
    let upload = uploads::read(&call).await?;
    let deal = call.db(move |tx| deals::find(tx, id)).await?;
    let begin = move |tx: &mut Tx<'_>, input: &HearingInput| hearings::begin(tx, id, input);
    match write(&call, &upload, begin).await {
        Ok(page) => Ok(call.done(page, "done-hearing-written")),
        Err(failure) if failure.is_about_input() => {
            form_page(&call, &deal, None, &upload.form, Some(&failure))
        }
        Err(failure) => Err(failure),
    }
}

async fn found(call: &Call, id: HearingId) -> Result<(Hearing, Deal), Failure> {
    call.db(move |tx| -> Result<_, DbError> {
        let sheet = hearings::find(tx, id)?;
        let deal = deals::find(tx, sheet.deal_id)?;
        Ok((sheet, deal))
    })
    .await
}

/// `GET /hearings/{id}/edit`
pub(crate) async fn edit(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: HearingId = call.id("id")?;
    let (sheet, deal) = found(&call, id).await?;
    if deal.state.status() != DealStatus::Open {
        return Ok(call.see_other(paths::hearing(id)));
    }
    form_page(&call, &deal, Some(&sheet), &Form::of(&HearingInput::from(&sheet)), None)
}

/// `POST /hearings/{id}`
pub(crate) async fn update(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: HearingId = call.id("id")?;
    let upload = uploads::read(&call).await?;
    let version = upload.form.version()?;
    let change = move |tx: &mut Tx<'_>, input: &HearingInput| hearings::change(tx, id, version, input);
    match write(&call, &upload, change).await {
        Ok(page) => Ok(call.done(page, "done-saved")),
        Err(failure) if failure.is_about_input() => {
            let (sheet, deal) = found(&call, id).await?;
            form_page(&call, &deal, Some(&sheet), &upload.form, Some(&failure))
        }
        Err(failure) => Err(failure),
    }
}

/// Takes the samples in and writes the sheet, once for each showing of the form; answers where the sheet is. Samples of a
/// form that is refused, or that came a second time, are not kept.
async fn write(
    call: &Call,
    upload: &Upload,
    verb: impl FnOnce(&mut Tx<'_>, &HearingInput) -> Result<Hearing, HearingError> + Send + 'static,
) -> Result<String, Failure> {
    let mut input: HearingInput = upload.form.input()?;
    let samples = take_in(call, upload).await?;
    let mut form = upload.form.clone();
    for sample in &samples {
        form = form.preset("sample_sha256", BASE64_URL_SAFE_NO_PAD.encode(sample.sha256));
    }
    let (kept, quota) = (samples.clone(), call.app.settings.uploads);
    let arrived = call
        .once_or_again(&form, move |tx| -> Result<String, Failure> {
            for sample in &kept {
                let file =
                    ::files::keep_within(tx, sample, &quota).map_err(|error| at_the_samples(error.into()))?;
                input.samples.push(Typed::from(file.id.to_string()));
            }
            Ok(paths::hearing(verb(tx, &input)?.id))
        })
        .await;
    for sample in &samples {
        match &arrived {
            Ok(arrived) if arrived.before => call.app.files.discard(sample).await,
            Err(failure) => files::discard_refused(call, sample, failure).await,
            Ok(_new) => {}
        }
    }
    arrived.map(|arrived| arrived.location)
}

async fn take_in(call: &Call, upload: &Upload) -> Result<Vec<Received>, Failure> {
    let mut samples = Vec::new();
    for file in upload.files.iter().filter(|file| file.field == "samples") {
        match files::take_in(call, file).await {
            Ok(received) => samples.push(received),
            Err(failure) => {
                for sample in &samples {
                    call.app.files.discard(sample).await;
                }
                return Err(at_the_samples(failure));
            }
        }
    }
    Ok(samples)
}

/// What is wrong with a file stands at its field, whatever the store calls it.
fn at_the_samples(mut failure: Failure) -> Failure {
    failure.fields = vec![FieldProblem::new("samples", failure.code)];
    failure
}
