//! The JSON API described by OpenAPI 3.1, made from the table of routes and the handlers' own signatures, and the
//! pages that show it.

pub(crate) mod pages;
mod reference;
mod tags;
mod webhooks;

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::LazyLock;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde_json::{Map, Value, json};

use crate::access::Access;
use crate::api::{Operation, Schemas};
use crate::call::Call;
use crate::failure::{Failure, Problem};
use crate::route::Route;
use crate::routes::ROUTES;

/// The description as formatted JSON.
pub fn openapi() -> String {
    serde_json::to_string_pretty(&DESCRIPTION.document).unwrap_or_default()
}

/// Made once: the table of routes does not change while the program runs.
static DESCRIPTION: LazyLock<Description> = LazyLock::new(Description::of_routes);

struct Description {
    document: Value,
    /// What a test refuses: names that two things share, paths whose parameters nobody reads.
    #[cfg_attr(not(test), expect(dead_code, reason = "read by the tests alone"))]
    flaws: Vec<String>,
}

impl Description {
    fn of_routes() -> Self {
        let mut schemas = Schemas::new();
        let mut flaws = Vec::new();
        let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
        for route in ROUTES.iter() {
            let Some(operation) = operation(route, &mut schemas, &mut flaws) else { continue };
            paths.entry(route.path).or_default().insert(route.method.to_lowercase(), operation);
        }
        let problem = schemas.given::<Problem>();
        let (components, clashes) = schemas.finish();
        flaws.extend(clashes.into_iter().map(|name| format!("two schemas are called {name}")));
        let document = json!({
            "openapi": "3.1.0",
            "info": { "title": "Yui", "version": "1", "description": INTRODUCTION },
            "servers": [{ "url": "/" }],
            "tags": tags::ALL.iter().map(|tag| json!({ "name": tag.name, "description": tag.about })).collect::<Value>(),
            "security": [{ "token": [] }, { "session": [] }],
            "paths": paths,
            "webhooks": webhooks::described(),
            "components": {
                "securitySchemes": security_schemes(),
                "parameters": parameters(),
                "headers": { "ETag": {
                    "description": "The version, to be sent as If-Match with an edit.", "schema": { "type": "string" },
                } },
                "responses": { "Problem": {
                    "description": "What went wrong; `code` says it for programs.",
                    "content": { "application/problem+json": { "schema": problem } },
                } },
                "schemas": components,
            },
        });
        Self { document, flaws }
    }
}

const INTRODUCTION: &str = "The verbs of the pages as JSON, with the pages' rights (`x-roles`: one of them is enough); one's own \
    password, sessions, tokens and settings, what a coordinator enters of a worker's hours, making the bank's file of \
    transfers and ending a member's calendar address are pages alone. \
    Errors are application/problem+json (RFC 9457). A list comes in pages: ask for the next with `?after=` the `next` of \
    the last. A POST with an `Idempotency-Key` that was seen before does nothing and gets the first answer again. \
    Whatever has a `version` carries it as its ETag, and edits name it in `If-Match`. Days are days in Japan, amounts \
    whole yen.";

fn security_schemes() -> Value {
    json!({
        "token": { "type": "http", "scheme": "bearer", "description": "An API token made under “My settings”." },
        "session": {
            "type": "apiKey", "in": "cookie", "name": "__Host-yui",
            "description": "The cookie of a signed-in browser; called `yui` where the server is reached without TLS.",
        },
        "formToken": {
            "type": "apiKey", "in": "header", "name": "X-CSRF-Token",
            "description": "The form token of that session; needed wherever something is written.",
        },
    })
}

fn parameters() -> Value {
    json!({
        "IdempotencyKey": {
            "name": "Idempotency-Key", "in": "header",
            "description": "Any text of your own, new for each wish: a repeated request then does nothing twice. Kept for a day.",
            "schema": { "type": "string", "minLength": 1, "maxLength": 255 },
        },
        "IfMatch": {
            "name": "If-Match", "in": "header", "required": true,
            "description": "The ETag last read; required. Without it nothing is done and the answer is 428; 412 if somebody was faster.", "schema": { "type": "string" }, "example": "\"3\"",
        },
    })
}

fn operation(route: &'static Route, schemas: &mut Schemas, flaws: &mut Vec<String>) -> Option<Value> {
    let summary = route.documented.as_ref()?.summary.trim();
    let signature = Operation::of(route, schemas)?;
    if summary.is_empty() || !signature.knows_its_path() {
        flaws.push(format!("{route:?} lacks words or a type for its path"));
    }
    let mut operation = Map::new();
    operation.insert("operationId".to_owned(), operation_id(route).into());
    operation.insert("summary".to_owned(), summary.into());
    operation.insert("tags".to_owned(), json!([tags::of(route.path)]));
    operation.insert("x-roles".to_owned(), json!(roles(route)));
    if route.method != "GET" {
        let security = json!([{ "token": [] }, { "session": [], "formToken": [] }]);
        operation.insert("security".to_owned(), security);
    }
    operation.extend(signature.written());
    Some(Value::Object(operation))
}

fn operation_id(route: &Route) -> String {
    let words =
        route.path.trim_start_matches("/api/v1/").split('/').map(|part| part.trim_matches(['{', '}']));
    format!("{} {}", route.method.to_lowercase(), words.collect::<Vec<_>>().join(" "))
        .replace([' ', '-'], "_")
}

fn roles(route: &Route) -> Vec<&'static str> {
    match route.access {
        Access::Signed(roles) => accounts::Role::ALL
            .iter()
            .filter(|role| roles.any_of([**role]))
            .map(|role| role.as_str())
            .collect(),
        Access::Public | Access::Link | Access::OneClick | Access::Monitoring => Vec::new(),
    }
}

/// `GET /api/openapi.json`
pub(crate) async fn document(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    Ok(call.answer(StatusCode::OK, &DESCRIPTION.document))
}

#[cfg(test)]
mod tests;
