//! What a query string may say. A condition that nobody knows, or a value that is none, is refused: a program that asks for
//! less than everything and gets everything acts on the wrong list.
//!
//! Invariant: what the description publishes of an operation's parameters is what it takes
//! (`what_no_list_knows_is_refused_by_name`).

use kernel::{Code, FieldProblem};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use crate::call::Call;
use crate::failure::Failure;
use crate::forms::Form;
use crate::phrases::said;

/// The parameters that one operation takes.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// A schema of a struct each, references written out.
    structs: Vec<Value>,
}

impl Known {
    /// The fields of `T` are among them.
    pub(super) fn add<T: JsonSchema>(&mut self) {
        let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
        self.structs.push(settings.into_generator().into_root_schema_for::<T>().to_value());
    }

    fn fields(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.structs.iter().filter_map(|one| one.get("properties")?.as_object()).flatten()
    }

    /// Refuses what the query string of a call says beyond them, by the name of the first parameter that is wrong.
    pub(super) fn must_hold(&self, call: &Call) -> Result<(), Failure> {
        let query = Form::parse(call.request.query_string().as_bytes());
        for (name, value) in query.pairs() {
            let name = name.strip_suffix("[]").unwrap_or(name);
            let found = self.fields().find(|(known, _)| *known == name);
            match found {
                None => return Err(unknown(call, name, self.fields().map(|(known, _)| known.as_str()))),
                Some((_, schema)) if !value.trim().is_empty() && !accepts(schema, value.trim()) => {
                    return Err(wrong(call, name, schema));
                }
                Some(_) => {}
            }
        }
        Ok(())
    }
}

fn refused(name: &str, code: Code, words: String) -> Failure {
    Failure::of(Code::BadQuery).about(vec![FieldProblem::new(name, code)]).in_words(Some(words))
}

fn unknown<'a>(call: &Call, name: &str, known: impl Iterator<Item = &'a str>) -> Failure {
    let known: Vec<&str> = known.collect();
    let words = if known.is_empty() {
        said(call, "query-none", [("name", name)])
    } else {
        said(call, "query-unknown", [("name", name), ("allowed", &known.join(", "))])
    };
    refused(name, Code::UnknownChoice, words)
}

fn wrong(call: &Call, name: &str, schema: &Value) -> Failure {
    let words = words_of(schema);
    if !words.is_empty() {
        let said = said(call, "query-choice", [("name", name), ("allowed", &words.join(", "))]);
        return refused(name, Code::UnknownChoice, said);
    }
    let bound = |key: &str| schema.get(key).and_then(Value::as_i64).map(|bound| bound.to_string());
    match (bound("minimum"), bound("maximum")) {
        (Some(least), Some(most)) => {
            let said = said(call, "query-between", [("name", name), ("least", &least), ("most", &most)]);
            refused(name, Code::OutOfRange, said)
        }
        _ => refused(name, Code::Invalid, said(call, "query-unreadable", [("name", name)])),
    }
}

/// The schemas of which a value has to fit one.
fn branches(schema: &Value) -> impl Iterator<Item = &Value> {
    ["oneOf", "anyOf"].into_iter().filter_map(|key| schema.get(key)?.as_array()).flatten()
}

/// The words that a schema lists.
fn words_of(schema: &Value) -> Vec<String> {
    let own = schema.get("enum").and_then(Value::as_array).into_iter().flatten().chain(schema.get("const"));
    let own = own.filter_map(Value::as_str).map(str::to_owned);
    own.chain(branches(schema).flat_map(words_of)).collect()
}

fn accepts(schema: &Value, text: &str) -> bool {
    if branches(schema).next().is_some() {
        return branches(schema).any(|branch| accepts(branch, text));
    }
    let words = words_of(schema);
    if !words.is_empty() {
        return words.iter().any(|word| word == text);
    }
    match schema.get("type") {
        None => true,
        Some(Value::Array(types)) => types.iter().any(|one| is_a(one, schema, text)),
        Some(one) => is_a(one, schema, text),
    }
}

fn is_a(type_name: &Value, schema: &Value, text: &str) -> bool {
    match type_name.as_str() {
        Some("integer") => {
            let bound = |key: &str| schema.get(key).and_then(Value::as_i64);
            text.parse::<i64>().is_ok_and(|number| {
                bound("minimum").is_none_or(|least| number >= least)
                    && bound("maximum").is_none_or(|most| number <= most)
            })
        }
        Some("number") => text.parse::<f64>().is_ok(),
        Some("boolean") => matches!(text, "true" | "false"),
        Some("null") => false,
        Some("array") => schema.get("items").is_none_or(|items| accepts(items, text)),
        Some("string") if schema.get("format").is_some_and(|format| format == "date") => {
            text.parse::<chrono::NaiveDate>().is_ok()
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::api::Chosen;
    use crate::api::parts::Paged;

    #[derive(Debug, Deserialize, JsonSchema)]
    #[expect(dead_code, reason = "only its description is looked at")]
    struct Asked {
        /// Where it stands.
        state: Chosen<fulfillment::orders::OrderState>,
        late: Chosen<bool>,
        from: Chosen<chrono::NaiveDate>,
        company: Chosen<kernel::CompanyId>,
        q: String,
    }

    fn fits(name: &str, value: &str) -> Option<bool> {
        let mut known = Known::default();
        known.add::<Asked>();
        known.add::<Paged>();
        let schema = known.fields().find(|(known, _)| *known == name)?.1.clone();
        Some(accepts(&schema, value))
    }

    #[test]
    fn a_value_is_held_against_what_is_published_of_it() {
        for (name, value) in [
            ("state", "running"),
            ("late", "true"),
            ("from", "2026-11-27"),
            ("company", "12"),
            ("q", "何でも"),
            ("limit", "100"),
            ("after", "anything"),
        ] {
            assert_eq!(fits(name, value), Some(true), "{name}={value}");
        }
        for (name, value) in [
            ("state", "runing"),
            ("late", "maybe"),
            ("from", "2026-02-30"),
            ("company", "x"),
            ("limit", "-1"),
            ("limit", "0"),
            ("limit", "101"),
            ("limit", "abc"),
        ] {
            assert_eq!(fits(name, value), Some(false), "{name}={value}");
        }
        assert_eq!(fits("stat", "running"), None);
    }
}
