//! What a person does with a mail of the log: find it, send it once more with a reason, put it aside, let it go.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::Tx;
use kernel::{MessageId, Paging, Typed};
use notifier::messages::{self, Category, EventView, Message, MessageFilter, MessageState, MessageSummary};
use serde::{Deserialize, Serialize};

use crate::api::{self, ListQuery};
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::paths;

/// What a list of mails is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct MessageQuery {
    q: Typed,
    state: Typed,
}

impl MessageQuery {
    pub(crate) fn filter(&self) -> MessageFilter {
        let text = self.q.as_str().trim();
        MessageFilter {
            state: self.state.as_str().parse().ok(),
            text: (!text.is_empty()).then(|| text.to_owned()),
            ..MessageFilter::default()
        }
    }
}

/// The search box and the chips above the list.
#[derive(Serialize)]
pub(crate) struct Search {
    q: String,
    state: String,
    chips: Vec<Chip>,
    /// Goes behind `?after=…` of the next page.
    pub(crate) query: String,
}

#[derive(Serialize)]
struct Chip {
    text: String,
    href: String,
    on: bool,
}

/// States a person looks for; the others pass by themselves.
const LOOKED_FOR: [MessageState; 6] = [
    MessageState::Queued,
    MessageState::Unknown,
    MessageState::Held,
    MessageState::Rejected,
    MessageState::Bounced,
    MessageState::Dead,
];

pub(crate) fn search(call: &Call, asked: &MessageQuery) -> Search {
    let (q, state) = (asked.q.as_str().trim().to_owned(), asked.state.as_str().to_owned());
    let href = |state: &str| {
        let pairs = [("q", q.as_str()), ("state", state)];
        let given: Vec<_> = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        serde_urlencoded::to_string(given).unwrap_or_default()
    };
    let chip = |one: &MessageState| {
        let on = state == one.as_str();
        Chip {
            text: call.text(&format!("state-message-{one}")),
            href: format!("/messages?{}", href(if on { "" } else { one.as_str() })),
            on,
        }
    };
    let chips = LOOKED_FOR.iter().map(chip).collect();
    Search { query: href(&state), q, state, chips }
}

/// What stands on a mail's page besides its attempts.
#[derive(Serialize)]
pub(crate) struct Extra {
    action: String,
    category: String,
    events: Vec<EventRow>,
    can_release: bool,
    can_hold: bool,
    can_cancel: bool,
    can_resend: bool,
    can_bounce: bool,
    due: String,
    resend_of: String,
    resend_reason: String,
}

#[derive(Serialize)]
struct EventRow {
    what: String,
    at: String,
    detail: String,
}

fn event_row(call: &Call, event: &EventView) -> EventRow {
    EventRow {
        what: call.text(&format!("message-event-{}", event.kind)),
        at: format::moment(call.language, event.at),
        detail: event.detail.clone(),
    }
}

pub(crate) fn extra(call: &Call, message: &Message) -> Extra {
    use MessageState::{Deferred, Held, Queued, Unknown};
    let state = message.summary.state;
    Extra {
        action: paths::message(message.summary.id),
        category: call.text(&format!("mail-category-{}", message.summary.category)),
        events: message.events.iter().map(|event| event_row(call, event)).collect(),
        can_release: matches!(state, Held | Unknown),
        can_hold: matches!(state, Queued | Deferred | Unknown),
        can_cancel: matches!(state, Queued | Deferred | Unknown | Held),
        can_resend: state.is_ended() && message.summary.category != Category::Account,
        can_bounce: state == MessageState::Accepted,
        due: if matches!(state, Queued | Deferred) {
            format::moment(call.language, message.not_before)
        } else {
            String::new()
        },
        resend_of: message.resend_of.map(paths::message).unwrap_or_default(),
        resend_reason: message.resend_reason.clone().unwrap_or_default(),
    }
}

/// A reason as typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Reason {
    reason: Typed,
}

/// `POST /messages/{id}/resend`
pub(crate) async fn resend(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: MessageId = call.id("id")?;
    let reason: Typed = call.form().get("reason").into();
    let new = call.db(move |tx| messages::resend(tx, id, &reason)).await?;
    Ok(call.done(paths::message(new), "done-message-resent"))
}

/// `POST /messages/{id}/bounce`: a notice of non-delivery lies in the town's mailbox.
pub(crate) async fn bounce(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: MessageId = call.id("id")?;
    let notice = call.form().get("notice").to_owned();
    call.db(move |tx| messages::bounce(tx, id, &notice)).await?;
    Ok(call.done(paths::message(id), "done-message-bounced"))
}

/// `POST /messages/{id}/release`
pub(crate) async fn release(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: MessageId = call.id("id")?;
    call.db(move |tx| messages::release(tx, id)).await?;
    Ok(call.done(paths::message(id), "done-message-released"))
}

/// `POST /messages/{id}/hold`
pub(crate) async fn hold(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: MessageId = call.id("id")?;
    call.db(move |tx| messages::hold(tx, id)).await?;
    Ok(call.done(paths::message(id), "done-message-held"))
}

/// `POST /messages/{id}/cancel`
pub(crate) async fn cancel(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: MessageId = call.id("id")?;
    call.db(move |tx| messages::cancel(tx, id)).await?;
    Ok(call.done(paths::message(id), "done-message-cancelled"))
}

/// `GET /api/v1/messages`
pub(crate) async fn api_index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let filter = call.query::<MessageQuery>().filter();
    let paging: Paging<MessageId> = call.query::<ListQuery>().paging();
    let page = call.db(move |tx| messages::recent(tx, &filter, &paging)).await?;
    Ok(api::list::<MessageSummary, _>(&call, page))
}

/// `GET /api/v1/messages/{id}`
pub(crate) async fn api_show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: MessageId = call.id("id")?;
    let message = call.db(move |tx| messages::find(tx, id)).await?;
    Ok(call.answer(StatusCode::OK, &message))
}

/// `POST /api/v1/messages/{id}/resend`
pub(crate) async fn api_resend(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: MessageId = call.id("id")?;
    let verb = move |tx: &mut Tx<'_>, body: Reason| -> Result<Message, Failure> {
        let new = messages::resend(tx, id, &body.reason)?;
        Ok(messages::find(tx, new)?)
    };
    api::post(&call, StatusCode::CREATED, verb).await
}
