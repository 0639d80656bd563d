//! `/voices`

use std::collections::HashMap;
use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::DbError;
use kernel::{Code, Paging, WorkerId};
use serde::Serialize;
use workforce::voices::{self, Voice, VoiceId, VoiceInput, VoiceState};
use workforce::workers;

use super::withdraw_as;
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView, PageQuery};
use crate::my_units::not_registered;
use crate::offers::card;
use crate::orders::parts;
use crate::phrases::{address, said};

/// How many voices a page shows.
const ROWS: u16 = 20;

#[derive(Serialize)]
struct VoicesPage {
    title: String,
    manages: bool,
    /// Where everybody reads what is shown.
    public: String,
    rows: Vec<Row>,
    next: String,
    first: String,
    form: FormView,
}

#[derive(Serialize)]
struct Row {
    id: String,
    body: String,
    shown_as: String,
    /// Whose it is; only coordination is told.
    name: String,
    state: VoiceState,
    consent: String,
    version: i32,
    here: String,
}

fn row(call: &Call, names: &HashMap<WorkerId, String>, voice: &Voice) -> Row {
    let day = |at| format::plain_date(call.language, kernel::date_in_japan(at));
    let given = said(call, "voice-consent-on", [("day", &day(voice.consented_at))]);
    Row {
        id: format!("voice-{}", voice.id),
        body: voice.body.clone(),
        shown_as: voice.shown_as.clone(),
        name: names.get(&voice.worker_id).cloned().unwrap_or_default(),
        state: voice.state(),
        consent: match voice.withdrawn_at {
            None => given,
            Some(at) => format!("{given} · {}", said(call, "voice-withdrawn-on", [("day", &day(at))])),
        },
        version: voice.version,
        here: format!("/voices/{}", voice.id),
    }
}

async fn page(call: &Call, form: &Form, failure: Option<&Failure>) -> Result<HttpResponse, Failure> {
    let query: PageQuery = call.query();
    let (manages, person, language) = (parts::may_write(call), call.person()?, call.language);
    let after = format::read_page_key::<VoiceId>(query.after.as_str());
    let is_first = after.is_none();
    let (page, names, town) = call
        .db(move |tx| -> Result<_, DbError> {
            let worker = if manages { None } else { Some(card::worker(tx, person)?.id) };
            let page = voices::list(tx, worker, &Paging { after, ..Paging::first(ROWS) })?;
            let ids: Vec<WorkerId> = page.items.iter().map(|one| one.worker_id).collect();
            let persons = if manages { workers::people_of(tx, &ids)? } else { HashMap::new() };
            let spoken = parts::people(tx, language, persons.values().copied())?;
            let with_name = |(worker, person)| (worker, spoken.get(&person).cloned().unwrap_or_default());
            let names: HashMap<WorkerId, String> = persons.into_iter().map(with_name).collect();
            Ok((page, names, accounts::organizations::find(tx)?))
        })
        .await?;
    let here = |after: &str| address("/voices", &[("after", after)]);
    let view = VoicesPage {
        title: call.text("voices-title"),
        manages,
        public: format!("/t/{}/voices", town.slug),
        rows: page.items.iter().map(|one| row(call, &names, one)).collect(),
        next: page.next.as_ref().map(|key| here(&format::page_key(key))).unwrap_or_default(),
        first: if is_first { String::new() } else { here("") },
        form: form.view(call, failure),
    };
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "voices/index.html", &view)
}

/// `GET /voices`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    if !parts::may_write(&call)
        && let Some(page) = not_registered::page(&call).await?
    {
        return Ok(page);
    }
    page(&call, &Form::default(), None).await
}

/// `POST /voices`
pub(crate) async fn give(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let person = call.person()?;
    let form = call.form();
    let input: VoiceInput = form.input()?;
    let given = call.once(&form, move |tx| -> Result<_, Failure> {
        let worker = card::worker(tx, person)?;
        voices::give(tx, worker.id, &input)?;
        Ok("/voices".to_owned())
    });
    match given.await {
        Ok(page) => Ok(call.done(page, "done-voice-given")),
        Err(failure) if failure.is_about_input() => page(&call, &form, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}

/// `POST /voices/{id}/withdraw`
pub(crate) async fn withdraw(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: VoiceId = call.id("id")?;
    let manages = parts::may_write(&call);
    match call.db(move |tx| withdraw_as(tx, id, manages)).await {
        Ok(_gone) => Ok(call.done("/voices", "done-voice-withdrawn")),
        Err(failure) if failure.code == Code::Conflict => Ok(call.noted("/voices", "done-voice-withdrawn")),
        Err(failure) => Err(failure),
    }
}

/// `POST /voices/{id}/show`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: VoiceId = call.id("id")?;
    let version = call.form().version()?;
    match call.db(move |tx| voices::show(tx, id, version)).await {
        Ok(_shown) => Ok(call.done("/voices", "done-voice-shown")),
        Err(failure) if failure.is_about_input() => page(&call, &Form::default(), Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}

/// `POST /voices/{id}/hide`
pub(crate) async fn hide(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: VoiceId = call.id("id")?;
    let version = call.form().version()?;
    match call.db(move |tx| voices::hide(tx, id, version)).await {
        Ok(_hidden) => Ok(call.done("/voices", "done-voice-hidden")),
        Err(failure) if failure.is_about_input() => page(&call, &Form::default(), Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}
