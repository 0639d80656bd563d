//! What a person does with a mail of the log: send it once more with a reason, put it aside, let it go, note that it
//! came back, say that they have seen how it ended.

use std::rc::Rc;

use actix_web::HttpResponse;
use db::Tx;
use kernel::MessageId;
use notifier::messages::{self, Category, Happening, Message, MessageError, MessageState};
use serde::Serialize;

use super::{BounceInput, ResendInput};
use crate::call::Call;
use crate::failure::Failure;
use crate::paths;

/// Which of them a mail's state allows.
#[derive(Serialize)]
pub(super) struct Allowed {
    /// Where they are posted, before the verb.
    action: String,
    release: bool,
    hold: bool,
    cancel: bool,
    resend: bool,
    bounce: bool,
    /// It ended badly, and neither has anybody said that they have seen it nor was it sent once more.
    seen: bool,
}

impl Allowed {
    pub(super) fn of(message: &Message) -> Self {
        use MessageState::{Accepted, Complained, Deferred, Held, Queued, Unknown};
        let was_settled =
            message.events.iter().any(|event| matches!(event.kind, Happening::Seen | Happening::Resent));
        let state = message.summary.state;
        Self {
            action: paths::message(message.summary.id),
            release: matches!(state, Held | Unknown),
            hold: matches!(state, Queued | Deferred | Unknown),
            cancel: matches!(state, Queued | Deferred | Unknown | Held),
            resend: state.is_ended() && message.summary.category != Category::Account,
            bounce: state == Accepted,
            seen: (state.is_lost() || state == Complained) && !was_settled,
        }
    }
}

/// `POST /messages/{id}/resend`: pressed twice, it goes once.
pub(crate) async fn resend(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, form): (MessageId, _) = (call.id("id")?, call.form());
    let input: ResendInput = form.input()?;
    let page =
        call.once(&form, move |tx| messages::resend(tx, id, &input.reason).map(paths::message)).await?;
    Ok(call.done(page, "done-message-resent"))
}

/// `POST /messages/{id}/bounce`: a notice of non-delivery lies in the town's mailbox.
pub(crate) async fn bounce(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: MessageId = call.id("id")?;
    let input: BounceInput = call.form().input()?;
    call.db(move |tx| messages::bounce(tx, id, input.notice.as_str())).await?;
    Ok(call.done(paths::message(id), "done-message-bounced"))
}

/// `POST /messages/{id}/release`
pub(crate) async fn release(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    decide(call, messages::release, "done-message-released").await
}

/// `POST /messages/{id}/hold`
pub(crate) async fn hold(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    decide(call, messages::hold, "done-message-held").await
}

/// `POST /messages/{id}/cancel`
pub(crate) async fn cancel(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    decide(call, messages::cancel, "done-message-cancelled").await
}

/// `POST /messages/{id}/seen`
pub(crate) async fn seen(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    decide(call, messages::seen, "done-message-seen").await
}

async fn decide(
    call: Rc<Call>,
    verb: fn(&mut Tx<'_>, MessageId) -> Result<(), MessageError>,
    done: &'static str,
) -> Result<HttpResponse, Failure> {
    let id: MessageId = call.id("id")?;
    call.db(move |tx| verb(tx, id)).await?;
    Ok(call.done(paths::message(id), done))
}
