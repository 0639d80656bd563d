//! What a handler of the JSON API answers with; the type decides status, headers and schema.

use std::any::type_name;

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use kernel::Page;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::operation::Operation;
use super::schemas::Schemas;
use crate::failure::Failure;
use crate::format;

/// A successful end of a request.
pub(crate) trait Reply {
    /// The answer.
    fn answer(self) -> Result<HttpResponse, Failure>;

    /// What the description says of it.
    fn describe(operation: &mut Operation<'_>);
}

/// A reply whose body is JSON, so that it can be kept for its idempotency key.
pub(crate) trait JsonReply {
    /// Its status.
    const STATUS: StatusCode;

    /// Its body.
    fn body(&self) -> Result<String, Failure>;

    /// Its body's schema; none for an empty body.
    fn schema(schemas: &mut Schemas) -> Option<Value>;
}

impl<R: JsonReply> Reply for R {
    fn answer(self) -> Result<HttpResponse, Failure> {
        Ok(respond(R::STATUS, self.body()?))
    }

    fn describe(operation: &mut Operation<'_>) {
        let schema = R::schema(operation.schemas);
        operation.reply(R::STATUS.as_u16(), schema);
    }
}

/// Sends a JSON body. Whatever has a `version` carries it as its `ETag`.
pub(super) fn respond(status: StatusCode, body: String) -> HttpResponse {
    #[derive(Deserialize)]
    struct Versioned {
        version: i32,
    }
    let mut response = HttpResponse::build(status);
    if let Ok(Versioned { version }) = serde_json::from_str(&body) {
        response.insert_header((header::ETAG, format!("\"{version}\"")));
    }
    if status == StatusCode::NO_CONTENT {
        response.finish()
    } else {
        response.content_type("application/json").body(body)
    }
}

fn written(body: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(body).map_err(|error| Failure::internal(error.to_string()))
}

/// 200 with one thing.
pub(crate) struct One<T>(pub(crate) T);

impl<T: Serialize + JsonSchema> JsonReply for One<T> {
    const STATUS: StatusCode = StatusCode::OK;

    fn body(&self) -> Result<String, Failure> {
        written(&self.0)
    }

    fn schema(schemas: &mut Schemas) -> Option<Value> {
        Some(schemas.given::<T>())
    }
}

/// 201 with the thing that was made.
pub(crate) struct Created<T>(pub(crate) T);

impl<T: Serialize + JsonSchema> JsonReply for Created<T> {
    const STATUS: StatusCode = StatusCode::CREATED;

    fn body(&self) -> Result<String, Failure> {
        written(&self.0)
    }

    fn schema(schemas: &mut Schemas) -> Option<Value> {
        Some(schemas.given::<T>())
    }
}

/// 204: done, and nothing to say about it.
pub(crate) struct NoContent;

impl JsonReply for NoContent {
    const STATUS: StatusCode = StatusCode::NO_CONTENT;

    fn body(&self) -> Result<String, Failure> {
        Ok(String::new())
    }

    fn schema(_: &mut Schemas) -> Option<Value> {
        None
    }
}

/// 200 with a page of a list.
#[derive(Serialize)]
pub(crate) struct Listed<T> {
    items: Vec<T>,
    next: Option<String>,
}

impl<T, K: Serialize> From<Page<T, K>> for Listed<T> {
    fn from(page: Page<T, K>) -> Self {
        Self { next: page.next.as_ref().map(format::page_key), items: page.items }
    }
}

impl<T> From<Vec<T>> for Listed<T> {
    /// A list that is short enough to come whole.
    fn from(items: Vec<T>) -> Self {
        Self { items, next: None }
    }
}

impl<T: Serialize + JsonSchema> JsonReply for Listed<T> {
    const STATUS: StatusCode = StatusCode::OK;

    fn body(&self) -> Result<String, Failure> {
        written(self)
    }

    fn schema(schemas: &mut Schemas) -> Option<Value> {
        let items = schemas.given::<T>();
        let list = json!({
            "type": "object",
            "description": format!("A page of {}.", T::schema_name()),
            "properties": {
                "items": { "type": "array", "description": "The rows.", "items": items },
                "next": {
                    "type": ["string", "null"],
                    "description": "Ask for the next page with `?after=` this; null on the last page.",
                },
            },
            "required": ["items", "next"],
        });
        Some(schemas.add(format!("{}List", T::schema_name()), list, type_name::<Self>()))
    }
}

/// 200 with the bytes of a file, whatever its kind.
pub(crate) struct Download(pub(crate) HttpResponse);

impl Reply for Download {
    fn answer(self) -> Result<HttpResponse, Failure> {
        Ok(self.0)
    }

    fn describe(operation: &mut Operation<'_>) {
        operation.bytes_reply();
    }
}
