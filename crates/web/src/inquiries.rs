//! The form on which anybody asks a town for work to be done: no account, no script; looking at it changes nothing.

use std::rc::Rc;

use ::files::Received;
use accounts::organizations::{self, Organization};
use accounts::secrets::{LinkKey, Secret};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use chrono::{NaiveDate, NaiveTime};
use db::{DbError, Tx};
use kernel::{Code, DayKind, FieldProblem, Holidays, LeadId, OrganizationId, Scope, Typed};
use sales::LeadError;
use sales::leads::{self, InquiryInput};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use accounts::throttle::Throttled;

use crate::call::{Arrived, Call};
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

/// Lets the inquiry in and takes it and its sample; answers where that is confirmed. The same form once more is answered
/// alike and counts no second time at its mailbox, not even where both came at once and were let in. Whoever wrote too often
/// is sent away before their sample is looked at, because that takes memory.
async fn arrive(call: &Call, town: &Organization, upload: &Upload) -> Result<String, Failure> {
    let input: InquiryInput = upload.form.input()?;
    let (scope, language, from) = (outside(call, town.id), call.language, call.network_address());
    let mut form = upload.form.clone();
    if let Some(file) = upload.file("sample") {
        form = form.preset("sample_sha256", BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(&file.bytes)));
    }
    if let Some(location) = came_before(call, scope, &form).await? {
        return Ok(location);
    }
    let asked = input.clone();
    let admitted = call.app.db.run(scope, move |tx| leads::admit(tx, language, &from, &asked)).await;
    admitted.map_err(with_retry)?;
    let taken = take(call, town, upload, &form, input.clone()).await;
    let is_new = taken.as_ref().is_ok_and(|arrived| !arrived.before);
    if !is_new {
        let turned_back = call.app.db.run(scope, move |tx| leads::turn_back(tx, language, &input)).await;
        if let Err(error) = turned_back {
            log::warn!("an inquiry that was not taken counts at its mailbox: {error}");
        }
    }
    taken.map(|arrived| arrived.location)
}

/// What this very form was answered; nothing where it has not come, or is still on its way.
async fn came_before(call: &Call, scope: Scope, form: &Form) -> Result<Option<String>, Failure> {
    let nothing_new = |_tx: &mut Tx<'_>| Err(DbError::NotFound);
    match call.once_in(scope, form, nothing_new).await {
        Ok(before) => Ok(Some(before.location)),
        Err(failure) if failure.code == Code::NotFound => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// Takes an inquiry that was let in, with its sample; says whether this very form had come before. A sample whose inquiry is
/// refused, or that came a second time, is not kept.
async fn take(
    call: &Call,
    town: &Organization,
    upload: &Upload,
    form: &Form,
    input: InquiryInput,
) -> Result<Arrived, Failure> {
    let sample = sample(call, town, upload).await?;
    let (language, quota) = (call.language, call.app.settings.uploads);
    let (confirmation, file) = (format!("{}/received", path(town)), sample.clone());
    let (key, organization) = (call.app.key.clone(), town.id);
    let arrived = call.once_in(outside(call, town.id), form, move |tx| -> Result<String, Failure> {
        let lead = leads::receive(tx, language, &input)?;
        if let Some(file) = file {
            let kept = ::files::keep_within(tx, &file, &quota).map_err(|error| at_the_file(error.into()))?;
            leads::attach(tx, lead.id, kept.id)?;
        }
        let told = Told { number: lead.id, answer_by: lead.answer_by.ok_or_else(Failure::not_found)? };
        Ok(told.address(&confirmation, &key, organization))
    });
    let arrived = arrived.await;
    match (&arrived, &sample) {
        (Ok(arrived), Some(sample)) if arrived.before => call.app.files.discard(sample).await,
        (Err(failure), Some(sample)) => files::discard_refused(call, sample, failure).await,
        _ => {}
    }
    arrived
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

/// What an inquiry's confirmation tells: its address says it, and only as this server has sealed it, or anybody could
/// have a town promise any day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Told {
    number: LeadId,
    answer_by: NaiveDate,
}

impl Told {
    fn seal(self, key: &LinkKey, town: OrganizationId) -> Secret {
        let midnight = self.answer_by.and_time(NaiveTime::MIN).and_utc();
        Secret::derived(key, town, "inquiry-received", self.number.0, midnight)
    }

    fn address(self, confirmation: &str, key: &LinkKey, town: OrganizationId) -> String {
        let (number, day) = (self.number.to_string(), self.answer_by.to_string());
        let seal = self.seal(key, town).text();
        address(confirmation, &[("number", &number), ("answer-by", &day), ("seal", &seal)])
    }
}

/// What the address of the confirmation says; it was written by [`create`] and opens nothing.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct ReceivedQuery {
    number: Typed,
    answer_by: Typed,
    seal: Typed,
}

impl ReceivedQuery {
    /// The number and the day, as [`create`] sealed them: whatever else stands in the address is nobody's word of ours.
    fn written_by_us(&self, key: &LinkKey, town: OrganizationId) -> Option<Told> {
        let number: LeadId = self.number.as_str().parse().ok()?;
        let told = Told { number, answer_by: self.answer_by.as_str().parse().ok()? };
        let seal = Secret::parse(self.seal.as_str())?;
        (seal == told.seal(key, town)).then_some(told)
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
    let town = host(&call)?;
    let told = query.written_by_us(&call.app.key, town.id).ok_or_else(Failure::not_found)?;
    let Told { number, answer_by: day } = told;
    let page = ReceivedPage {
        title: call.text("inquiry-received-title"),
        number: number.to_string(),
        promise: said(&call, "inquiry-answer-by", [("day", &format::full_date(call.language, day))]),
        may_be_later: Holidays::published().kind(day) == DayKind::Unknown,
        again: path(town),
    };
    call.page("inquiries/received.html", &page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_confirmation_tells_what_this_server_sealed_for_this_town_and_nothing_else() {
        let (key, town) = (LinkKey::generate(), OrganizationId(7));
        let told = Told { number: LeadId(19), answer_by: NaiveDate::from_ymd_opt(2026, 12, 1).unwrap() };
        let address = told.address("/received", &key, town);
        let query: ReceivedQuery = Form::parse(address.split_once('?').unwrap().1.as_bytes()).lenient();
        assert_eq!(query.written_by_us(&key, town), Some(told));
        assert_eq!(query.written_by_us(&key, OrganizationId(8)), None, "another town's");
        assert_eq!(query.written_by_us(&LinkKey::generate(), town), None, "another server's");
        for (name, value) in [("number", "20"), ("answer-by", "2099-01-01"), ("seal", ""), ("seal", "x")] {
            let changed: ReceivedQuery = Form::parse(address.split_once('?').unwrap().1.as_bytes())
                .without(name)
                .preset(name, value)
                .lenient();
            assert_eq!(changed.written_by_us(&key, town), None, "{name}={value}");
        }
    }
}
