//! One operation of the OpenAPI description while its handler's signature is read.

use serde_json::{Map, Value, json};

use super::schemas::Schemas;
use crate::route::{Route, braces};

/// An operation in the making. Parts and replies add what they know.
pub(crate) struct Operation<'a> {
    /// Where the schemas it refers to are collected.
    pub(super) schemas: &'a mut Schemas,
    route: &'static Route,
    places: usize,
    parameters: Vec<Value>,
    body: Option<Value>,
    reply: Map<String, Value>,
    failures: Vec<u16>,
}

impl<'a> Operation<'a> {
    /// Reads the signature of `route`'s handler; `None` for a page.
    pub(crate) fn of(route: &'static Route, schemas: &'a mut Schemas) -> Option<Self> {
        let documented = route.documented.as_ref()?;
        let mut operation = Self {
            schemas,
            route,
            places: 0,
            parameters: Vec::new(),
            body: None,
            reply: Map::new(),
            failures: vec![401, 403],
        };
        (documented.describe)(&mut operation);
        Some(operation)
    }

    /// The next parameter of the path.
    pub(super) fn place(&mut self, schema: Value) {
        if let Some(name) = braces(self.route.path).nth(self.places) {
            let parameter = json!({ "name": name, "in": "path", "required": true, "schema": schema });
            self.parameters.push(parameter);
        }
        self.places += 1;
        self.failures.push(404);
    }

    /// Whether every parameter of the path has its type.
    pub(crate) fn knows_its_path(&self) -> bool {
        self.places == braces(self.route.path).count()
    }

    /// The fields of a query struct.
    pub(super) fn query(&mut self, schema: &Value) {
        let Some(fields) = schema.get("properties").and_then(Value::as_object) else { return };
        self.failures.extend([400]);
        for (name, field) in fields {
            let mut schema = field.clone();
            let description = schema.as_object_mut().and_then(|field| field.remove("description"));
            self.parameters
                .push(json!({ "name": name, "in": "query", "description": description, "schema": schema }));
        }
    }

    /// A JSON body.
    pub(super) fn json_body(&mut self, schema: Value, is_required: bool) {
        self.body = Some(json!({
            "required": is_required,
            "content": { "application/json": { "schema": schema } },
        }));
        self.failures.extend([400, 413, 422]);
    }

    /// A form with the part `file`.
    pub(super) fn file_body(&mut self) {
        let schema = json!({
            "type": "object",
            "required": ["file"],
            "properties": {
                "file": { "type": "string", "contentMediaType": "application/octet-stream", "description": "The file." },
            },
        });
        self.body =
            Some(json!({ "required": true, "content": { "multipart/form-data": { "schema": schema } } }));
        self.failures.extend([400, 413, 415, 422]);
    }

    /// `If-Match` has to name the version that was read; without it the answer is 428.
    pub(super) fn if_match(&mut self) {
        self.parameters.push(json!({ "$ref": "#/components/parameters/IfMatch" }));
        self.failures.extend([400, 412, 428]);
    }

    /// `Idempotency-Key` may be sent.
    pub(super) fn idempotency_key(&mut self) {
        self.parameters.push(json!({ "$ref": "#/components/parameters/IdempotencyKey" }));
        self.failures.extend([409, 422]);
    }

    /// What a good end looks like.
    pub(super) fn reply(&mut self, status: u16, schema: Option<Value>) {
        let mut reply = json!({ "description": status_words(status) });
        if let (Some(schema), Some(fields)) = (schema, reply.as_object_mut()) {
            if self.schemas.has_version(&schema) {
                let tag = json!({ "ETag": { "$ref": "#/components/headers/ETag" } });
                fields.insert("headers".to_owned(), tag);
            }
            fields.insert("content".to_owned(), json!({ "application/json": { "schema": schema } }));
        }
        self.reply.insert(status.to_string(), reply);
    }

    /// The bytes of a file.
    pub(super) fn bytes_reply(&mut self) {
        let reply =
            json!({ "description": "The file's bytes", "content": { "application/octet-stream": {} } });
        self.reply.insert("200".to_owned(), reply);
    }

    /// As OpenAPI writes it down, without what only the table of routes knows.
    pub(crate) fn written(mut self) -> Map<String, Value> {
        self.failures.sort_unstable();
        self.failures.dedup();
        let problem = || json!({ "$ref": "#/components/responses/Problem" });
        let failures = self.failures.iter().map(|status| (status.to_string(), problem()));
        let mut responses = self.reply;
        responses.extend(failures);
        responses.insert("default".to_owned(), problem());
        let mut operation = Map::new();
        if !self.parameters.is_empty() {
            operation.insert("parameters".to_owned(), self.parameters.into());
        }
        if let Some(body) = self.body {
            operation.insert("requestBody".to_owned(), body);
        }
        operation.insert("responses".to_owned(), responses.into());
        operation
    }
}

fn status_words(status: u16) -> &'static str {
    match status {
        201 => "Created",
        204 => "Done; there is no body",
        _ => "OK",
    }
}
