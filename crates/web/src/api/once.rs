//! `Idempotency-Key`: a POST repeated with the same key and body gets the first answer again and does nothing.

use std::marker::PhantomData;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::idempotency::{self, Answer, Seen};
use db::{DbError, Tx};
use kernel::Code;
use sha2::{Digest as _, Sha256};

use super::operation::Operation;
use super::replies::{JsonReply, Reply, respond};
use crate::call::Call;
use crate::failure::Failure;

/// An `R` that was made now, or when the same request came first.
pub(crate) struct Once<R> {
    answer: Answer,
    /// Whether it had been answered before, and nothing was done now.
    pub(crate) repeated: bool,
    reply: PhantomData<R>,
}

impl<R: JsonReply> Reply for Once<R> {
    fn answer(self) -> Result<HttpResponse, Failure> {
        Ok(respond(StatusCode::from_u16(self.answer.status).unwrap_or(R::STATUS), self.answer.body))
    }

    fn describe(operation: &mut Operation<'_>) {
        operation.idempotency_key();
        R::describe(operation);
    }
}

/// Runs a verb for a POST. Its answer is remembered for the key in the verb's own transaction, so there is no moment
/// in which the write has happened and its answer is unknown.
pub(crate) async fn once<R, E>(
    call: &Call,
    verb: impl FnOnce(&mut Tx<'_>) -> Result<R, E> + Send + 'static,
) -> Result<Once<R>, Failure>
where
    R: JsonReply,
    E: From<DbError> + Into<Failure> + Send + 'static,
{
    once_about(call, &call.body, verb).await
}

/// [`once`] where two requests are the same if their `content` is, whatever else their bodies hold.
pub(crate) async fn once_about<R, E>(
    call: &Call,
    content: &[u8],
    verb: impl FnOnce(&mut Tx<'_>) -> Result<R, E> + Send + 'static,
) -> Result<Once<R>, Failure>
where
    R: JsonReply,
    E: From<DbError> + Into<Failure> + Send + 'static,
{
    let key = idempotency_key(call)?;
    let digest = request_digest(call, content);
    let (answer, repeated) = call
        .db(move |tx| -> Result<(Answer, bool), Failure> {
            if let Some(key) = &key {
                match idempotency::look_up(tx, key, &digest)? {
                    Seen::Same(answer) => return Ok((answer, true)),
                    Seen::Different => return Err(Failure::of(Code::KeyReused)),
                    Seen::New => {}
                }
            }
            let body = verb(tx).map_err(Into::into)?.body()?;
            let answer = Answer { status: R::STATUS.as_u16(), body };
            if let Some(key) = &key {
                idempotency::remember(tx, key, &digest, &answer)?;
            }
            Ok((answer, false))
        })
        .await?;
    Ok(Once { answer, repeated, reply: PhantomData })
}

fn idempotency_key(call: &Call) -> Result<Option<String>, Failure> {
    let Some(value) = call.request.headers().get("idempotency-key") else { return Ok(None) };
    match value.to_str() {
        Ok(key) if (1..=255).contains(&key.len()) => Ok(Some(key.to_owned())),
        _ => Err(Failure::bad_json("Idempotency-Key: 1 to 255 visible ASCII characters")),
    }
}

/// Method, path and `content`: what makes two requests of one person the same.
fn request_digest(call: &Call, content: &[u8]) -> Vec<u8> {
    let mut hasher = Sha256::new();
    hasher.update(call.request.method().as_str());
    hasher.update([0]);
    hasher.update(call.request.path());
    hasher.update([0]);
    hasher.update(content);
    hasher.finalize().to_vec()
}
