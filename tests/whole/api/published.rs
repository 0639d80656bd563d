//! The published description as a judge: whether an answer is what it promises for that operation and status.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock};

use serde_json::{Value, json};

use super::super::world::Answer;

/// The description of the JSON API.
pub(crate) struct Published {
    document: Value,
    validators: Mutex<BTreeMap<String, jsonschema::Validator>>,
}

impl Published {
    /// As the program under test publishes it; the snapshot test compares it with the reviewed one.
    pub(crate) fn shared() -> &'static Self {
        static PUBLISHED: OnceLock<Published> = OnceLock::new();
        PUBLISHED.get_or_init(|| Self {
            document: serde_json::from_str(&web::openapi()).unwrap(),
            validators: Mutex::default(),
        })
    }

    pub(crate) fn document(&self) -> &Value {
        &self.document
    }

    fn operation(&self, method: &str, path: &str) -> &Value {
        let operation = self.document["paths"].get(path).and_then(|path| path.get(method.to_lowercase()));
        operation.unwrap_or_else(|| panic!("nothing is published about {method} {path}"))
    }

    /// What is wrong with `body` by the schema that `pointer` leads to; nothing where it fits.
    pub(crate) fn problems(&self, schema: &Value, body: &Value) -> Vec<String> {
        let mut validators = self.validators.lock().unwrap();
        let validator = validators.entry(schema.to_string()).or_insert_with(|| {
            let mut whole = schema.clone();
            whole["components"] = json!({ "schemas": self.document["components"]["schemas"] });
            jsonschema::draft202012::new(&whole).unwrap()
        });
        validator.iter_errors(body).map(|error| format!("{}: {error}", error.instance_path())).collect()
    }

    /// Fails unless `answer` is one that is published for the operation: its status, its kind, its body.
    pub(crate) fn fits(&self, method: &str, path: &str, answer: &Answer) {
        let responses = &self.operation(method, path)["responses"];
        let status = answer.status.to_string();
        let response = match responses.get(&status) {
            Some(response) => response,
            None if answer.status >= 400 => &responses["default"],
            None => panic!("{method} {path} answers {status}, which is not published: {}", answer.body),
        };
        let response = match response.get("$ref").and_then(Value::as_str) {
            Some(path) => self.document.pointer(&path[1..]).unwrap(),
            None => response,
        };
        let Some(content) = response.get("content").and_then(Value::as_object) else {
            assert_eq!(answer.body, "", "{method} {path} {status} promises no body");
            return;
        };
        let (kind, content) = content.iter().next().unwrap();
        if kind == "application/octet-stream" {
            return;
        }
        let sent =
            answer.headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
        assert_eq!(sent, kind, "{method} {path} {status}");
        let body: Value = serde_json::from_str(&answer.body).unwrap();
        let problems = self.problems(&content["schema"], &body);
        assert!(problems.is_empty(), "{method} {path} {status}: {problems:#?} in {body:#}");
        let tagged = response.get("headers").is_some();
        assert_eq!(tagged, answer.headers.contains_key("etag"), "{method} {path} {status}: ETag");
    }

    /// The first example of what an operation takes.
    pub(crate) fn example(&self, method: &str, path: &str) -> Value {
        let schema = &self.operation(method, path)["requestBody"]["content"]["application/json"]["schema"];
        let target = self.document.pointer(&schema["$ref"].as_str().unwrap()[1..]).unwrap();
        target["examples"][0].clone()
    }

    /// The same, and an empty object where an operation takes none or shows no example.
    pub(crate) fn taken(&self, method: &str, path: &str) -> Value {
        let body = &self.operation(method, path)["requestBody"]["content"]["application/json"]["schema"];
        let example = if body["$ref"].is_string() { self.example(method, path) } else { Value::Null };
        if example.is_null() { json!({}) } else { example }
    }
}

fn walk(published: &Published, value: &Value) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(path)) = fields.get("$ref") {
                assert!(published.document().pointer(&path[1..]).is_some(), "{path} leads nowhere");
            }
            fields.values().for_each(|part| walk(published, part));
        }
        Value::Array(parts) => parts.iter().for_each(|part| walk(published, part)),
        _ => {}
    }
}

/// The description names every schema it refers to, and every example fits the schema it stands in.
#[test]
fn references_lead_somewhere_and_examples_fit() {
    let published = Published::shared();
    walk(published, published.document());
    let mut count = 0;
    for (name, schema) in published.document()["components"]["schemas"].as_object().unwrap() {
        for example in schema.get("examples").and_then(Value::as_array).into_iter().flatten() {
            let reference = json!({ "$ref": format!("#/components/schemas/{name}") });
            let problems = published.problems(&reference, example);
            assert!(problems.is_empty(), "{name}: {problems:#?}");
            count += 1;
        }
    }
    assert!(count > 20, "only {count} examples");
}

/// The schema that the OpenAPI Initiative publishes for 3.1 documents (2022-10-07, Apache-2.0), kept beside the
/// snapshot so that nothing is fetched.
const OPENAPI_31: &str = include_str!("../../openapi-3.1.schema.json");

#[test]
fn the_description_is_valid_openapi_3_1_with_valid_json_schemas() {
    let published = Published::shared();
    let rules: Value = serde_json::from_str(OPENAPI_31).unwrap();
    let rules = jsonschema::draft202012::new(&rules).unwrap();
    let problems: Vec<String> = rules
        .iter_errors(published.document())
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(problems.is_empty(), "{problems:#?}");
    for (name, schema) in published.document()["components"]["schemas"].as_object().unwrap() {
        let outcome = jsonschema::draft202012::meta::validate(schema);
        assert!(outcome.is_ok(), "{name}: {:?}", outcome.err().map(|error| error.to_string()));
    }
}
