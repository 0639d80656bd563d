//! The programs that are told, each with its messages and, once, its key.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use kernel::{Page, Paging};
use notifier::webhooks::{
    self, Delivery, DeliveryState, Endpoint, EndpointId, EndpointInput, EndpointState, Happened,
    WebhookDeliveryId, WebhookError,
};
use serde::Serialize;

use crate::call::Call;
use crate::failure::Failure;
use crate::format::{self, Moment};
use crate::forms::{Form, FormView, PageQuery};
use crate::operations::pulse::error_in_words;
use crate::phrases::{Choice, address, counted, said, word};
use crate::shell::Crumb;

const ROWS: u16 = 30;
/// The field of what a program is told of.
const KINDS: &str = "kinds[]";

#[derive(Serialize)]
struct ListPage {
    title: String,
    rows: Vec<EndpointRow>,
    kinds: Vec<Choice>,
    form: FormView,
}

#[derive(Serialize)]
struct EndpointRow {
    href: String,
    url: String,
    note: String,
    state: EndpointState,
    kinds: String,
    /// Whether the last try failed though it is told.
    is_failing: bool,
    /// Since when nothing arrives, or why nothing is sent; empty where all is well.
    trouble: String,
    /// How many messages were given up; empty where none was.
    unheard: String,
}

fn path(id: EndpointId) -> String {
    format!("/webhooks/{id}")
}

/// The text of `deal.won` is `webhook-kind-deal-won`.
fn kind_word(call: &Call, kind: Happened) -> String {
    word(call, "webhook-kind", kind.as_str().replace('.', "-"))
}

fn kinds_in_words(call: &Call, kinds: &[Happened]) -> String {
    kinds.iter().map(|kind| kind_word(call, *kind)).collect::<Vec<_>>().join(" · ")
}

fn choices(call: &Call) -> Vec<Choice> {
    Happened::CHOICES.iter().map(|kind| Choice::new(kind, kind_word(call, *kind))).collect()
}

/// `GET /webhooks`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    list(&call, &Form::default(), None).await
}

async fn list(call: &Call, form: &Form, refused: Option<&Failure>) -> Result<HttpResponse, Failure> {
    let found =
        call.db(|tx| -> Result<_, DbError> { Ok((webhooks::endpoints(tx)?, webhooks::unheard(tx)?)) });
    let (found, unheard) = found.await?;
    let row = |one: Endpoint| EndpointRow {
        is_failing: is_failing(&one),
        trouble: trouble(call, &one),
        unheard: unheard
            .get(&one.id)
            .map(|count| counted(call, "webhook-unheard", "count", *count))
            .unwrap_or_default(),
        href: path(one.id),
        kinds: kinds_in_words(call, &one.kinds),
        url: one.url,
        note: one.note,
        state: one.state,
    };
    let page = ListPage {
        title: call.text("nav-webhooks"),
        rows: found.into_iter().map(row).collect(),
        kinds: choices(call),
        form: form.view(call, refused),
    };
    call.page_with(refused.map_or(StatusCode::OK, Failure::status), "webhooks/index.html", &page)
}

/// `POST /webhooks`. The answer is the page itself, because the key stands on it this once.
pub(crate) async fn add(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input: EndpointInput = form.input()?;
    let (key, reach) = (call.app.key.clone(), call.app.settings.webhook_reach);
    match call.db(move |tx| webhooks::add(tx, &key, reach, &input)).await {
        Ok((endpoint, secret)) => {
            one(&call, endpoint.id, Extras { secret: &secret, ..Extras::default() }).await
        }
        Err(failure) if failure.is_about_input() => list(&call, &form, Some(&beside_boxes(failure))).await,
        Err(failure) => Err(failure),
    }
}

#[derive(Serialize)]
struct EndpointPage {
    title: String,
    crumbs: Vec<Crumb>,
    action: String,
    url: String,
    note: String,
    kinds: String,
    state: EndpointState,
    is_active: bool,
    /// Whether the last try failed though it is told.
    is_failing: bool,
    /// Why nothing is sent, or since when nothing arrives; empty where all is well.
    trouble: String,
    key_version: i32,
    version: i32,
    /// Its key where it is new; empty otherwise.
    secret: String,
    choices: Vec<Choice>,
    form: FormView,
    rows: Vec<DeliveryRow>,
    next: String,
    first: String,
}

#[derive(Serialize)]
struct DeliveryRow {
    kind: String,
    message: String,
    state: DeliveryState,
    attempts: i16,
    /// What went wrong last, in the reader's words; empty where nothing did or nobody knows better words.
    says: String,
    /// The same as it was noted; empty where nothing did.
    problem: String,
    /// When it is tried next, or that operators paused it; empty where nothing is known to wait.
    next: String,
    /// Whether operators paused it.
    is_paused: bool,
    at: Moment,
    /// Where it is sent once more; empty while it waits.
    replay: String,
}

impl DeliveryRow {
    fn of(call: &Call, now: DateTime<Utc>, one: Delivery) -> Self {
        let has_ended = matches!(one.state, DeliveryState::Delivered | DeliveryState::Failed);
        Self {
            next: next_try(call, &one),
            is_paused: one.paused,
            kind: kind_word(call, one.kind),
            message: one.message,
            state: one.state,
            attempts: one.attempts,
            says: error_in_words(call, &one.problem),
            // What it answered is said above; its number is the same in every language.
            problem: one.problem.strip_prefix(webhooks::ANSWERED).unwrap_or(&one.problem).to_owned(),
            at: Moment::of(call.language, now, one.created_at),
            replay: if has_ended { format!("/webhooks/deliveries/{}/replay", one.id) } else { String::new() },
        }
    }
}

/// When a message is tried next, and which try that is.
fn next_try(call: &Call, one: &Delivery) -> String {
    let Some(at) = one.next_try_at else {
        return if one.paused { call.text("webhook-next-paused") } else { String::new() };
    };
    let at = format::moment(call.language, at);
    let (number, most) = (one.attempts + 1, one.attempts + one.tries_left.unwrap_or(1));
    let (number, most) = (number.to_string(), most.to_string());
    said(call, "webhook-next", [("at", at.as_str()), ("number", &number), ("most", &most)])
}

/// What a page shows beside what it always shows.
#[derive(Default)]
struct Extras<'a> {
    /// A new key; empty where there is none.
    secret: &'a str,
    refused: Option<(&'a Form, &'a Failure)>,
}

/// `GET /webhooks/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    one(&call, call.id("id")?, Extras::default()).await
}

/// One with what it was told last.
struct Found {
    now: DateTime<Utc>,
    endpoint: Endpoint,
    sent: Page<Delivery, WebhookDeliveryId>,
}

impl Found {
    fn read(tx: &mut Tx<'_>, id: EndpointId, paging: &Paging<WebhookDeliveryId>) -> Result<Self, DbError> {
        let endpoint = webhooks::find(tx, id)?;
        Ok(Self { now: tx.now(), endpoint, sent: webhooks::deliveries(tx, id, paging)? })
    }
}

async fn one(call: &Call, id: EndpointId, extras: Extras<'_>) -> Result<HttpResponse, Failure> {
    let query: PageQuery = call.query();
    let paging: Paging<WebhookDeliveryId> =
        Paging { after: format::read_page_key(query.after.as_str()), ..Paging::first(ROWS) };
    let is_first = paging.after.is_none();
    let Found { now, endpoint, sent } = call.db(move |tx| Found::read(tx, id, &paging)).await?;
    let as_it_is = typed(&endpoint);
    let (form, failure) = extras.refused.map_or((&as_it_is, None), |(form, failure)| (form, Some(failure)));
    let next = sent.next.as_ref().map(|key| address(&path(id), &[("after", &format::page_key(key))]));
    let page = EndpointPage {
        crumbs: vec![Crumb::new(call, "nav-webhooks", "/webhooks")],
        action: path(id),
        kinds: kinds_in_words(call, &endpoint.kinds),
        is_active: endpoint.state == EndpointState::Active,
        is_failing: is_failing(&endpoint),
        trouble: trouble(call, &endpoint),
        title: if endpoint.note.is_empty() { endpoint.url.clone() } else { endpoint.note.clone() },
        url: endpoint.url,
        note: endpoint.note,
        state: endpoint.state,
        key_version: endpoint.key_version,
        version: endpoint.version,
        secret: extras.secret.to_owned(),
        choices: choices(call),
        form: form.view(call, failure),
        rows: sent.items.into_iter().map(|one| DeliveryRow::of(call, now, one)).collect(),
        next: next.unwrap_or_default(),
        first: if is_first { String::new() } else { path(id) },
    };
    call.page_with(failure.map_or(StatusCode::OK, Failure::status), "webhooks/show.html", &page)
}

fn typed(endpoint: &Endpoint) -> Form {
    let form = Form::default().preset("url", &endpoint.url).preset("note", &endpoint.note);
    endpoint.kinds.iter().fold(form, |form, kind| form.preset(KINDS, kind))
}

/// What is wrong with the kinds stands beside their boxes, whose name says that there are several.
fn beside_boxes(mut failure: Failure) -> Failure {
    for problem in failure.fields.iter_mut().filter(|problem| problem.field == "kinds") {
        KINDS.clone_into(&mut problem.field);
    }
    failure
}

/// Whether an endpoint is told, and nothing arrives.
fn is_failing(endpoint: &Endpoint) -> bool {
    endpoint.state == EndpointState::Active && endpoint.failing_since.is_some()
}

fn trouble(call: &Call, endpoint: &Endpoint) -> String {
    match (endpoint.stopped_for, endpoint.failing_since) {
        (Some(why), _) => word(call, "webhook-stopped", why),
        (None, Some(since)) => {
            said(call, "webhook-failing", [("since", &format::moment(call.language, since))])
        }
        (None, None) => String::new(),
    }
}

/// `POST /webhooks/{id}`
pub(crate) async fn update(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, form): (EndpointId, _) = (call.id("id")?, call.form());
    let (input, version) = (form.input::<EndpointInput>()?, form.version()?);
    let reach = call.app.settings.webhook_reach;
    let changed = call.db(move |tx| -> Result<_, WebhookError> {
        let before = webhooks::find(tx, id)?;
        Ok(webhooks::change(tx, reach, id, version, &input)?.url != before.url)
    });
    match changed.await {
        Ok(is_moved) => Ok(call.done(path(id), if is_moved { "done-webhook-moved" } else { "done-saved" })),
        Err(failure) if failure.is_about_input() => {
            let failure = beside_boxes(failure);
            one(&call, id, Extras { refused: Some((&form, &failure)), ..Extras::default() }).await
        }
        Err(failure) => Err(failure),
    }
}

/// `POST /webhooks/{id}/pause`
pub(crate) async fn pause(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    act(&call, webhooks::pause, "done-webhook-paused").await
}

/// `POST /webhooks/{id}/resume`
pub(crate) async fn resume(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    act(&call, webhooks::resume, "done-webhook-resumed").await
}

/// `POST /webhooks/{id}/ping`
pub(crate) async fn ping(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    act(&call, |tx, id| webhooks::ping(tx, id).map(|_sent| ()), "done-webhook-pinged").await
}

async fn act(
    call: &Call,
    verb: fn(&mut Tx<'_>, EndpointId) -> Result<(), WebhookError>,
    done: &'static str,
) -> Result<HttpResponse, Failure> {
    let id: EndpointId = call.id("id")?;
    call.db(move |tx| verb(tx, id)).await?;
    Ok(call.done(path(id), done))
}

/// `POST /webhooks/{id}/rotate`: the page with the new key on it. A form that is sent twice makes one.
pub(crate) async fn rotate(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, version): (EndpointId, _) = (call.id("id")?, call.form().version()?);
    let key = call.app.key.clone();
    let (_endpoint, secret) = call.db(move |tx| webhooks::rotate(tx, &key, id, version)).await?;
    one(&call, id, Extras { secret: &secret, ..Extras::default() }).await
}

/// `POST /webhooks/{id}/remove`
pub(crate) async fn remove(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: EndpointId = call.id("id")?;
    call.db(move |tx| webhooks::remove(tx, id)).await?;
    Ok(call.done("/webhooks", "done-webhook-removed"))
}

/// `POST /webhooks/deliveries/{id}/replay`
pub(crate) async fn replay(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: WebhookDeliveryId = call.id("id")?;
    let endpoint = call.db(move |tx| -> Result<_, WebhookError> {
        let new = webhooks::replay(tx, id)?;
        Ok(webhooks::delivery(tx, new)?.endpoint)
    });
    Ok(call.done(path(endpoint.await?), "done-webhook-replayed"))
}

#[cfg(test)]
mod tests {
    use kernel::Language;
    use notifier::webhooks::Stop;

    use super::*;
    use crate::texts::Texts;

    #[test]
    fn every_kind_and_every_state_has_its_words() {
        let texts = Texts::load();
        let kinds =
            Happened::ALL.iter().map(|kind| format!("webhook-kind-{}", kind.as_str().replace('.', "-")));
        let endpoints = EndpointState::ALL.iter().map(|state| format!("state-webhook-{state}"));
        let deliveries = DeliveryState::ALL.iter().map(|state| format!("state-webhook-delivery-{state}"));
        let stops = Stop::ALL.iter().map(|why| format!("webhook-stopped-{why}"));
        for key in kinds.chain(endpoints).chain(deliveries).chain(stops) {
            for language in Language::ALL {
                assert!(texts.known(*language, &key).is_some(), "{key} in {language}");
            }
        }
    }
}
