//! `/api`: the reference for people, written from the description that programs read. One page for each part.

use std::collections::BTreeSet;
use std::rc::Rc;

use accounts::Role;
use actix_web::HttpResponse;
use kernel::Code;
use serde::Serialize;
use serde_json::{Map, Value};

use super::reference::{Field, Kind, Object, Reference, description, reference_of, unmarked};
use super::{DESCRIPTION, tags};
use crate::call::Call;
use crate::failure::Failure;
use crate::words;

/// What a path's parameters are in examples.
const SAMPLE_ID: &str = "42";

#[derive(Serialize)]
struct IndexPage {
    title: String,
    base_url: String,
    groups: Vec<Group>,
    webhooks: Vec<MessageRow>,
    codes: Vec<ErrorRow>,
}

#[derive(Serialize)]
struct Group {
    name: &'static str,
    label: String,
    about: &'static str,
    href: String,
    operations: Vec<Line>,
}

/// What a program can be told of.
#[derive(Serialize)]
struct MessageRow {
    kind: &'static str,
    /// What happened, in the reader's words.
    label: String,
    /// The fields of its data.
    fields: String,
}

fn messages(call: &Call) -> Vec<MessageRow> {
    let all = DESCRIPTION.document.get("webhooks").and_then(Value::as_object).into_iter().flatten();
    let row = |(kind, message): (&'static String, &'static Value)| {
        let data = "/post/requestBody/content/application~1json/schema/properties/data/properties";
        let fields = message.pointer(data).and_then(Value::as_object).into_iter().flatten();
        MessageRow {
            kind,
            label: call.text(&format!("webhook-kind-{}", kind.replace('.', "-"))),
            fields: fields.map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", "),
        }
    };
    all.map(row).collect()
}

/// An operation in the overview.
#[derive(Serialize)]
struct Line {
    method: String,
    path: &'static str,
    summary: String,
    href: String,
}

#[derive(Serialize)]
struct ErrorRow {
    code: &'static str,
    status: u16,
    text: String,
}

#[derive(Serialize)]
struct TagPage {
    title: String,
    name: &'static str,
    about: &'static str,
    operations: Vec<OperationView>,
    objects: Vec<Object>,
}

#[derive(Serialize)]
struct OperationView {
    id: &'static str,
    method: String,
    path: &'static str,
    summary: String,
    roles: String,
    parameters: Vec<Field>,
    body: Vec<Field>,
    reply: ReplyView,
    failures: String,
    request: String,
}

#[derive(Serialize)]
struct ReplyView {
    status: String,
    says: String,
    kind: Option<Kind>,
}

/// An operation of the description with where it stands.
struct Found {
    method: String,
    path: &'static str,
    operation: &'static Map<String, Value>,
}

/// The operations of one part, by path.
fn operations(tag: &str) -> Vec<Found> {
    let paths = DESCRIPTION.document.get("paths").and_then(Value::as_object).into_iter().flatten();
    let own = paths.filter(|(path, _)| tags::of(path) == tag);
    own.flat_map(|(path, methods)| {
        let methods = methods.as_object().into_iter().flatten();
        methods.filter_map(move |(method, operation)| {
            Some(Found { method: method.to_uppercase(), path, operation: operation.as_object()? })
        })
    })
    .collect()
}

fn text(operation: &'static Map<String, Value>, key: &str) -> &'static str {
    operation.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn label(call: &Call, tag: &str) -> String {
    call.text(&format!("api-tag-{tag}"))
}

/// `GET /api`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let groups = tags::ALL.iter().map(|tag| {
        let line = |found: Found| {
            let id = text(found.operation, "operationId");
            let summary = unmarked(text(found.operation, "summary"));
            Line { method: found.method, path: found.path, summary, href: format!("/api/{}#{id}", tag.name) }
        };
        Group {
            name: tag.name,
            label: label(&call, tag.name),
            about: tag.about,
            href: format!("/api/{}", tag.name),
            operations: operations(tag.name).into_iter().map(line).collect(),
        }
    });
    let codes = Code::ALL.iter().map(|code| ErrorRow {
        code: code.as_str(),
        status: code.status(),
        text: call.text(&format!("error-{code}")),
    });
    let page = IndexPage {
        title: call.text("api-title"),
        base_url: call.app.settings.base_url.clone(),
        groups: groups.collect(),
        webhooks: messages(&call),
        codes: codes.collect(),
    };
    call.page("info/api.html", &page)
}

/// `GET /api/{tag}`
pub(crate) async fn tag(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let tag = tags::find(call.segment("tag")?).ok_or_else(Failure::not_found)?;
    let found = operations(tag.name);
    let reference = Reference { document: &DESCRIPTION.document };
    let schemas: Vec<&Value> =
        found.iter().flat_map(|found| found.operation.values()).filter(|part| !part.is_string()).collect();
    // Requests stand with their operations, failures on the first page.
    let mut elsewhere: BTreeSet<String> = ["Problem", "Code", "FieldError"].map(str::to_owned).into();
    elsewhere.extend(
        found.iter().filter_map(|found| reference_of(body_schema(found.operation)?)).map(str::to_owned),
    );
    let page = TagPage {
        title: label(&call, tag.name),
        name: tag.name,
        about: tag.about,
        objects: reference.objects(&schemas, &elsewhere),
        operations: found.iter().map(|found| view(&call, reference, found)).collect(),
    };
    call.page("info/api_tag.html", &page)
}

fn body_schema(operation: &'static Map<String, Value>) -> Option<&'static Value> {
    let content = operation.get("requestBody")?.get("content")?.as_object()?;
    content.values().next()?.get("schema")
}

fn view(call: &Call, reference: Reference<'static>, found: &Found) -> OperationView {
    let operation = found.operation;
    let parameters = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
    OperationView {
        id: text(operation, "operationId"),
        method: found.method.clone(),
        path: found.path,
        summary: unmarked(text(operation, "summary")),
        roles: roles(call, operation),
        parameters: parameters.map(|parameter| reference.parameter(parameter)).collect(),
        body: body_schema(operation).map(|schema| reference.body_fields(schema)).unwrap_or_default(),
        reply: reply(reference, operation),
        failures: failures(operation),
        request: request(call, reference, found),
    }
}

/// Who may use it, in the reader's language.
fn roles(call: &Call, operation: &Map<String, Value>) -> String {
    let words = operation.get("x-roles").and_then(Value::as_array).into_iter().flatten();
    let roles: Vec<Role> = words.filter_map(|word| word.as_str()?.parse().ok()).collect();
    if roles.len() == Role::ALL.len() {
        return call.text("api-anyone");
    }
    words::role_names(call.language, roles)
}

fn responses(
    operation: &'static Map<String, Value>,
) -> impl Iterator<Item = (&'static String, &'static Value)> {
    operation.get("responses").and_then(Value::as_object).into_iter().flatten()
}

fn reply(reference: Reference<'static>, operation: &'static Map<String, Value>) -> ReplyView {
    let good = responses(operation).find(|(status, _)| status.starts_with('2'));
    let content = good.and_then(|(_, reply)| reply.get("content")?.as_object()?.values().next());
    ReplyView {
        status: good.map(|(status, _)| status.clone()).unwrap_or_default(),
        says: good.map(|(_, reply)| description(reply)).unwrap_or_default(),
        kind: content.and_then(|content| content.get("schema")).map(|schema| reference.kind(schema)),
    }
}

fn failures(operation: &'static Map<String, Value>) -> String {
    let bad = responses(operation).filter(|(status, _)| status.starts_with(['4', '5']));
    bad.map(|(status, _)| status.as_str()).collect::<Vec<_>>().join(", ")
}

/// A request to copy, with the headers it needs.
fn request(call: &Call, reference: Reference<'static>, found: &Found) -> String {
    let place = |part: &str| match part {
        "{number}" => "7000012050002".to_owned(),
        part if part.starts_with('{') => SAMPLE_ID.to_owned(),
        part => part.to_owned(),
    };
    let path = found.path.split('/').map(place).collect::<Vec<_>>().join("/");
    let mut parts = vec![format!("curl -X {} {}{path}", found.method, call.app.settings.base_url)];
    parts.push("-H \"Authorization: Bearer $YUI_TOKEN\"".to_owned());
    let needs = |name: &str| {
        let parameters = found.operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
        parameters.filter_map(|one| one.get("$ref")?.as_str()).any(|path| path.ends_with(name))
    };
    if needs("IdempotencyKey") {
        parts.push("-H \"Idempotency-Key: $(uuidgen)\"".to_owned());
    }
    if needs("IfMatch") {
        parts.push("-H 'If-Match: \"3\"'".to_owned());
    }
    if let Some(schema) = body_schema(found.operation) {
        match reference.example(schema) {
            Some(example) => {
                parts.push("-H \"Content-Type: application/json\"".to_owned());
                parts.push(format!("-d '{example}'"));
            }
            None => parts.push("-F file=@work.xlsx".to_owned()),
        }
    }
    parts.join(" \\\n  ")
}
