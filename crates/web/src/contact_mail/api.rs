//! `/api/v1/contacts/{id}/consents` and `/api/v1/contacts/{id}/news`

use std::rc::Rc;

use clients::contacts;
use db::DbError;
use kernel::{Code, ContactId, MessageId};
use notifier::Queued;
use notifier::consents::{self, Consent, ConsentInput};
use schemars::JsonSchema;
use serde::Serialize;

use super::{NewsInput, send_news, write_down};
use crate::api::{self, At, Created, Json, Listed, Once};
use crate::call::Call;
use crate::failure::Failure;

/// `GET /api/v1/contacts/{id}/consents`
pub(crate) async fn index(call: Rc<Call>, At(id): At<ContactId>) -> Result<Listed<Consent>, Failure> {
    let record = call.db(move |tx| -> Result<_, DbError> {
        let contact = contacts::find(tx, id)?.id;
        consents::history(tx, contact)
    });
    Ok(record.await?.into())
}

/// A contact's whole record.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ConsentRecord {
    /// Whether advertising may be sent now.
    is_allowed: bool,
    /// Every consent and refusal, the newest first.
    record: Vec<Consent>,
}

/// `POST /api/v1/contacts/{id}/consents`
pub(crate) async fn record(
    call: Rc<Call>,
    At(id): At<ContactId>,
    Json(input): Json<ConsentInput>,
) -> Result<Once<Created<ConsentRecord>>, Failure> {
    api::once(&call, move |tx| -> Result<_, Failure> {
        let record = write_down(tx, id, &input)?;
        let contact = contacts::find(tx, id)?.id;
        Ok(Created(ConsentRecord { is_allowed: consents::is_allowed(tx, contact)?, record }))
    })
    .await
}

/// What became of an invitation to order.
#[derive(Serialize, JsonSchema)]
pub(crate) struct News {
    /// The mail.
    message: MessageId,
}

/// `POST /api/v1/contacts/{id}/news`: refused where no mail would reach them, because they have not agreed to such mails
/// (`news-unwanted`) or mail to their address is not delivered (`address-dead`).
pub(crate) async fn send(
    call: Rc<Call>,
    At(id): At<ContactId>,
    Json(input): Json<NewsInput>,
) -> Result<Once<Created<News>>, Failure> {
    let (who, outbox) = (call.person()?, call.app.outbox.clone());
    api::once(&call, move |tx| match send_news(tx, &outbox, who, id, &input)? {
        Queued::Message(message) => Ok(Created(News { message })),
        Queued::AddressDead => Err(Failure::of(Code::AddressDead)),
        Queued::Repeated | Queued::Unwanted | Queued::TooLate => Err(Failure::of(Code::NewsUnwanted)),
    })
    .await
}
