//! What every JSON handler shares: reading bodies, `Idempotency-Key`, `ETag`/`If-Match`, keyset pages.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use db::idempotency::{self, Answer, Seen};
use db::{DbError, Tx};
use kernel::{Code, Page, Paging, Typed};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::call::Call;
use crate::failure::Failure;
use crate::format;

/// A page of a list in JSON.
#[derive(Debug, Serialize)]
struct ListJson<T> {
    items: Vec<T>,
    /// Ask for the next page with `?after=` this; null on the last page.
    next: Option<String>,
}

/// `?after=…&limit=…` of a list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ListQuery {
    pub(crate) after: Typed,
    pub(crate) limit: Typed,
    pub(crate) q: Typed,
}

impl ListQuery {
    /// The page asked for: 50 rows unless told, 100 at most.
    pub(crate) fn paging<K: DeserializeOwned>(&self) -> Paging<K> {
        let limit = self.limit.as_str().parse().unwrap_or(50);
        Paging { after: format::read_page_key(self.after.as_str()), ..Paging::first(limit) }
    }
}

/// Answers with a page of a list.
pub(crate) fn list<T: Serialize, K: Serialize>(call: &Call, page: Page<T, K>) -> HttpResponse {
    let next = page.next.as_ref().map(format::page_key);
    call.answer(StatusCode::OK, &ListJson { items: page.items, next })
}

/// Answers with one thing and its `ETag`.
pub(crate) fn one<T: Serialize>(call: &Call, version: i32, thing: &T) -> HttpResponse {
    let mut response = call.answer(StatusCode::OK, thing);
    if let Ok(tag) = header::HeaderValue::from_str(&format!("\"{version}\"")) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// The version that `If-Match` names. An edit without it is refused (428, RFC 6585): it could overwrite what its author
/// never saw.
pub(crate) fn if_match(call: &Call) -> Result<i32, Failure> {
    let value = call.request.headers().get(header::IF_MATCH).and_then(|value| value.to_str().ok());
    let tag = value.ok_or_else(|| Failure::of(Code::VersionMissing))?;
    tag.trim()
        .trim_start_matches("W/")
        .trim_matches('"')
        .parse()
        .map_err(|_no_number| Failure::of(Code::Stale))
}

/// Runs a verb for a POST: reads the JSON, honours `Idempotency-Key`, answers with `status` and what the verb
/// gives back.
pub(crate) async fn post<I, T, E>(
    call: &Rc<Call>,
    status: StatusCode,
    verb: impl FnOnce(&mut Tx<'_>, I) -> Result<T, E> + Send + 'static,
) -> Result<HttpResponse, Failure>
where
    I: DeserializeOwned + Send + 'static,
    T: Serialize + Send + 'static,
    E: From<DbError> + Into<Failure> + Send + 'static,
{
    let input: I = if call.body.is_empty() {
        serde_json::from_str("{}").map_err(|error| Failure::bad_json(&error.to_string()))?
    } else {
        call.json()?
    };
    let digest = request_digest(call, &call.body);
    let once = once(call, status, digest, move |tx| verb(tx, input)).await?;
    Ok(once.response)
}

/// What a request that may be repeated came to.
pub(crate) struct Once {
    /// The first answer, now or again.
    pub(crate) response: HttpResponse,
    /// Whether it had been given before, and nothing was done now.
    pub(crate) repeated: bool,
}

/// Runs `verb` unless its `Idempotency-Key` has been answered before; `digest` tells two requests apart.
pub(crate) async fn once<T, E>(
    call: &Call,
    status: StatusCode,
    digest: Vec<u8>,
    verb: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
) -> Result<Once, Failure>
where
    T: Serialize + Send + 'static,
    E: From<DbError> + Into<Failure> + Send + 'static,
{
    let key = idempotency_key(call)?;
    let (answer, repeated) = call
        .db(move |tx| -> Result<(Answer, bool), Failure> {
            if let Some(key) = &key {
                match idempotency::look_up(tx, key, &digest)? {
                    Seen::Same(answer) => return Ok((answer, true)),
                    Seen::Different => return Err(Failure::of(Code::KeyReused)),
                    Seen::New => {}
                }
            }
            let made = verb(tx).map_err(Into::into)?;
            let body = serde_json::to_string(&made).map_err(|error| Failure::internal(error.to_string()))?;
            let answer = Answer { status: status.as_u16(), body };
            if let Some(key) = &key {
                idempotency::remember(tx, key, &digest, &answer)?;
            }
            Ok((answer, false))
        })
        .await?;
    let status = StatusCode::from_u16(answer.status).unwrap_or(status);
    let response = HttpResponse::build(status).content_type("application/json").body(answer.body);
    Ok(Once { response, repeated })
}

fn idempotency_key(call: &Call) -> Result<Option<String>, Failure> {
    let Some(value) = call.request.headers().get("idempotency-key") else { return Ok(None) };
    match value.to_str() {
        Ok(key) if (1..=255).contains(&key.len()) => Ok(Some(key.to_owned())),
        _ => Err(Failure::bad_json("Idempotency-Key: 1 to 255 visible ASCII characters")),
    }
}

/// Method, path and `content`: what makes two requests of one person the same.
pub(crate) fn request_digest(call: &Call, content: &[u8]) -> Vec<u8> {
    let mut hasher = Sha256::new();
    hasher.update(call.request.method().as_str());
    hasher.update([0]);
    hasher.update(call.request.path());
    hasher.update([0]);
    hasher.update(content);
    hasher.finalize().to_vec()
}
