//! The form on which anybody asks a town for work to be done: no account, no script; looking at it changes nothing.

use std::rc::Rc;

use ::files::Received;
use accounts::organizations::{self, Organization};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use chrono::NaiveDate;
use kernel::{DayKind, FieldProblem, Holidays, LeadId, Typed};
use sales::LeadError;
use sales::leads::{self, InquiryInput};
use serde::{Deserialize, Serialize};

use accounts::throttle::Throttled;

use crate::call::Call;
use crate::failure::Failure;
use crate::files;
use crate::format;
use crate::forms::{Form, FormView};
use crate::phrases::{address, counted, said};
use crate::sign_in::pages::{outside, town_of};
use crate::uploads::{self, Upload};

/// The largest sample that is taken in from somebody without an account.
const MOST_SAMPLE_BYTES: u64 = 5 * files::MEGABYTE;

/// The town of an inquiry's page; not found where it has no such form.
pub(crate) async fn host_of(call: &Call) -> Result<Organization, Failure> {
    let scope = outside(call, town_of(call).await?.id);
    let town = call.app.db.run(scope, organizations::find).await?;
    if town.answer_days.is_some() { Ok(town) } else { Err(Failure::not_found()) }
}

fn host(call: &Call) -> Result<&Organization, Failure> {
    call.host.as_ref().ok_or_else(Failure::not_found)
}

#[derive(Serialize)]
struct FormPage {
    title: String,
    /// Within how many business days the town answers, in words.
    promise: String,
    /// What is done with what they write.
    privacy: String,
    action: String,
    accept: String,
    most_bytes: u64,
    most_megabytes: u64,
    form: FormView,
}

fn form_page(call: &Call, form: &Form, failure: Option<&Failure>) -> Result<HttpResponse, Failure> {
    let town = host(call)?;
    let days = town.answer_days.unwrap_or_default();
    let page = FormPage {
        title: said(call, "inquiry-title", [("town", &town.name)]),
        promise: counted(call, "inquiry-promise", "days", i64::from(days)),
        privacy: said(call, "inquiry-privacy", [("town", &town.legal_name)]),
        action: path(town),
        accept: files::accepted_kinds(),
        most_bytes: MOST_SAMPLE_BYTES,
        most_megabytes: MOST_SAMPLE_BYTES / files::MEGABYTE,
        form: form.view(call, failure),
    };
    let mut response =
        call.page_with(failure.map_or(StatusCode::OK, Failure::status), "inquiries/form.html", &page)?;
    if let Some(failure) = failure {
        failure.say_when_to_retry(&mut response);
    }
    Ok(response)
}

fn path(town: &Organization) -> String {
    format!("/t/{}/inquiry", town.slug)
}

/// `GET /t/{town}/inquiry`
pub(crate) async fn new(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    form_page(&call, &Form::default(), None)
}

/// `POST /t/{town}/inquiry`: one lead, however often the same form arrives.
pub(crate) async fn create(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let upload = uploads::read(&call).await?;
    let town = host(&call)?;
    match arrive(&call, town, &upload).await {
        Ok(location) => Ok(call.see_other(location)),
        Err(failure) if failure.is_about_input() => form_page(&call, &upload.form, Some(&failure)),
        Err(failure) => Err(failure),
    }
}

/// Takes the inquiry and its sample in; answers where that is confirmed. A sample whose inquiry is refused, or that came a
/// second time, is not kept.
async fn arrive(call: &Call, town: &Organization, upload: &Upload) -> Result<String, Failure> {
    let input: InquiryInput = upload.form.input()?;
    let sample = sample(call, town, upload).await?;
    let mut form = upload.form.clone();
    if let Some(sample) = &sample {
        form = form.preset("sample_sha256", BASE64_URL_SAFE_NO_PAD.encode(sample.sha256));
    }
    let (language, from, quota) = (call.language, call.network_address(), call.app.settings.uploads);
    let (confirmation, file) = (format!("{}/received", path(town)), sample.clone());
    let arrived = call.once_in(outside(call, town.id), &form, move |tx| -> Result<String, Failure> {
        let lead = leads::receive(tx, language, &from, &input).map_err(with_retry)?;
        if let Some(file) = file {
            let kept = ::files::keep_within(tx, &file, &quota).map_err(|error| at_the_file(error.into()))?;
            leads::attach(tx, lead.id, kept.id)?;
        }
        let answer_by = lead.answer_by.map(|day| day.to_string()).unwrap_or_default();
        Ok(address(&confirmation, &[("number", &lead.id.to_string()), ("answer-by", &answer_by)]))
    });
    let arrived = arrived.await;
    match (&arrived, &sample) {
        (Ok(arrived), Some(sample)) if arrived.before => call.app.files.discard(sample).await,
        (Err(failure), Some(sample)) => files::discard_refused(call, sample, failure).await,
        _ => {}
    }
    arrived.map(|arrived| arrived.location)
}

async fn sample(call: &Call, town: &Organization, upload: &Upload) -> Result<Option<Received>, Failure> {
    let Some(file) = upload.file("sample") else { return Ok(None) };
    files::take_in_for(call, town.id, file, MOST_SAMPLE_BYTES).await.map(Some).map_err(at_the_file)
}

/// What is wrong with the file stands at its field, whatever the store calls it.
fn at_the_file(mut failure: Failure) -> Failure {
    let fields =
        failure.fields.iter().map(|problem| FieldProblem { field: "sample".to_owned(), ..problem.clone() });
    let mut fields: Vec<FieldProblem> = fields.collect();
    if fields.is_empty() {
        fields.push(FieldProblem::new("sample", failure.code));
    }
    failure.fields = fields;
    failure
}

fn with_retry(error: LeadError) -> Failure {
    let wait = match &error {
        LeadError::Throttled(Throttled::TooManyTries { retry_after }) => Some(retry_after.as_secs()),
        _ => None,
    };
    let mut failure = Failure::from(error);
    failure.retry_after = wait;
    failure
}

/// What the address of the confirmation says; it was written by [`create`] and opens nothing.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct ReceivedQuery {
    number: Typed,
    answer_by: Typed,
}

impl ReceivedQuery {
    /// The number and the day, as [`create`] writes them: whatever else stands in the address is nobody's word of ours.
    fn written_by_us(&self) -> Option<(LeadId, NaiveDate)> {
        let number: LeadId = self.number.as_str().parse().ok()?;
        let day: NaiveDate = self.answer_by.as_str().parse().ok()?;
        let is_written_so = number.0 > 0
            && number.to_string() == self.number.as_str()
            && day.to_string() == self.answer_by.as_str();
        is_written_so.then_some((number, day))
    }
}

#[derive(Serialize)]
struct ReceivedPage {
    title: String,
    number: String,
    /// Until when they hear from the town.
    promise: String,
    /// Holidays of that year are not published yet.
    may_be_later: bool,
    again: String,
}

/// `GET /t/{town}/inquiry/received`
pub(crate) async fn received(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let query: ReceivedQuery = call.query();
    let (number, day) = query.written_by_us().ok_or_else(Failure::not_found)?;
    let page = ReceivedPage {
        title: call.text("inquiry-received-title"),
        number: number.to_string(),
        promise: said(&call, "inquiry-answer-by", [("day", &format::full_date(call.language, day))]),
        may_be_later: Holidays::published().kind(day) == DayKind::Unknown,
        again: path(host(&call)?),
    };
    call.page("inquiries/received.html", &page)
}
