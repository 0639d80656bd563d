//! The JSON API described by OpenAPI 3.1, made from the table of routes, and a page that shows it.

use std::collections::BTreeMap;
use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use kernel::Code;
use serde::Serialize;
use serde_json::{Value, json};

use crate::access::Access;
use crate::call::Call;
use crate::failure::Failure;
use crate::routes::{ROUTES, Route};

/// The description as formatted JSON.
pub fn openapi() -> String {
    serde_json::to_string_pretty(&description()).unwrap_or_default()
}

fn api_routes() -> impl Iterator<Item = &'static Route> {
    ROUTES.iter().filter(|route| route.path.starts_with("/api/v1/"))
}

fn description() -> Value {
    let mut paths: BTreeMap<&str, BTreeMap<String, Value>> = BTreeMap::new();
    for route in api_routes() {
        paths.entry(route.path).or_default().insert(route.method.to_lowercase(), operation(route));
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Yui",
            "version": "1",
            "description": "Every verb of the pages as JSON. Errors are application/problem+json (RFC 9457). Lists page by \
                key: ask the next page with ?after= the `next` of the last. POST honours Idempotency-Key; PUT wants If-Match.",
        },
        "paths": paths,
        "security": [{ "token": [] }],
        "components": {
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer", "description": "An API token made under “My settings”." } },
            "schemas": { "Problem": problem_schema() },
            "responses": { "Problem": { "description": "What went wrong, by code", "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } } } },
        },
    })
}

fn problem_schema() -> Value {
    let codes: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    json!({
        "type": "object",
        "required": ["type", "title", "status", "code", "request_id"],
        "properties": {
            "type": { "type": "string" },
            "title": { "type": "string" },
            "status": { "type": "integer" },
            "detail": { "type": "string" },
            "code": { "type": "string", "enum": codes },
            "request_id": { "type": "string" },
            "errors": { "type": "array", "items": { "type": "object", "properties": {
                "field": { "type": "string" }, "code": { "type": "string" }, "detail": { "type": "string" },
            } } },
        },
    })
}

fn operation(route: &Route) -> Value {
    let mut parameters: Vec<Value> = path_parameters(route.path)
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
        .collect();
    if is_list(route) {
        parameters.push(json!({ "name": "after", "in": "query", "schema": { "type": "string" }, "description": "The `next` of the page before" }));
        parameters.push(json!({ "name": "limit", "in": "query", "schema": { "type": "integer", "minimum": 1, "maximum": 100, "default": 50 } }));
    }
    if route.method == "POST" {
        parameters.push(json!({ "name": "Idempotency-Key", "in": "header", "schema": { "type": "string", "maxLength": 255 } }));
    }
    if route.method == "PUT" {
        parameters.push(json!({ "name": "If-Match", "in": "header", "required": true, "schema": { "type": "string" }, "description": "The ETag last read" }));
    }
    let mut operation = json!({
        "operationId": operation_id(route),
        "tags": [tag(route.path)],
        "parameters": parameters,
        "responses": { "2XX": { "description": "Done", "content": { "application/json": {} } }, "default": { "$ref": "#/components/responses/Problem" } },
        "x-roles": roles(route),
    });
    if route.method != "GET"
        && let Some(fields) = operation.as_object_mut()
    {
        let body = json!({ "content": { "application/json": { "schema": { "type": "object" } } } });
        fields.insert("requestBody".to_owned(), body);
    }
    operation
}

fn path_parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

/// A list is a GET whose address does not end in a parameter.
fn is_list(route: &Route) -> bool {
    route.method == "GET" && !route.path.ends_with('}')
}

fn tag(path: &str) -> &str {
    path.trim_start_matches("/api/v1/").split('/').next().unwrap_or_default()
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
        Access::Public | Access::Link | Access::OneClick => Vec::new(),
    }
}

/// `GET /api/openapi.json`
pub(crate) async fn document(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    Ok(call.answer(StatusCode::OK, &description()))
}

#[derive(Serialize)]
struct ApiPage {
    title: String,
    groups: Vec<Group>,
    codes: Vec<ErrorRow>,
}

#[derive(Serialize)]
struct Group {
    name: &'static str,
    operations: Vec<OperationRow>,
}

#[derive(Serialize)]
struct OperationRow {
    method: &'static str,
    path: &'static str,
    roles: String,
}

#[derive(Serialize)]
struct ErrorRow {
    code: &'static str,
    status: u16,
    text: String,
}

/// `GET /api`: the same for people.
pub(crate) async fn page(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let mut groups: Vec<Group> = Vec::new();
    for route in api_routes() {
        let name = tag(route.path);
        let row = OperationRow { method: route.method, path: route.path, roles: roles(route).join(", ") };
        match groups.iter_mut().find(|group| group.name == name) {
            Some(group) => group.operations.push(row),
            None => groups.push(Group { name, operations: vec![row] }),
        }
    }
    let codes = Code::ALL.iter().map(|code| ErrorRow {
        code: code.as_str(),
        status: code.status(),
        text: call.text(&format!("error-{code}")),
    });
    call.page("info/api.html", &ApiPage { title: call.text("api-title"), groups, codes: codes.collect() })
}
