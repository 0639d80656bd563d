//! The description as rows for the reference's pages: fields with their types, objects, requests to copy.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde::Serialize;
use serde_json::{Map, Value};

/// Where references point.
const COMPONENTS: &str = "#/components/schemas/";

/// The description, read-only.
#[derive(Clone, Copy)]
pub(super) struct Reference<'a> {
    pub(super) document: &'a Value,
}

/// A type as a reader sees it: `before`, the name with a link where it has a section, `after`.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Kind {
    before: &'static str,
    name: String,
    href: String,
    after: &'static str,
}

/// A field of a request or an object, or a parameter.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Field {
    name: String,
    kind: Kind,
    required: bool,
    text: String,
    /// The words it may hold, where it is an enum.
    words: Vec<String>,
    /// The words of a sibling with which alone it is there: `state: won`.
    only: String,
}

/// An object or an enum with a section of its own.
#[derive(Debug, Serialize)]
pub(super) struct Object {
    name: String,
    text: String,
    fields: Vec<Field>,
    words: Vec<Word>,
}

/// One word of an enum.
#[derive(Debug, Serialize)]
struct Word {
    word: String,
    means: String,
}

impl<'a> Reference<'a> {
    fn component(self, name: &str) -> Option<&'a Value> {
        self.document.pointer("/components/schemas")?.get(name)
    }

    /// The schema that `schema` refers to, or itself.
    fn target(self, schema: &'a Value) -> &'a Value {
        reference_of(schema).and_then(|name| self.component(name)).unwrap_or(schema)
    }

    /// A parameter that stands in the components, or itself.
    pub(super) fn parameter(self, parameter: &'a Value) -> Field {
        let path = parameter.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix('#'));
        let parameter = path.and_then(|path| self.document.pointer(path)).unwrap_or(parameter);
        let required = parameter.get("required").and_then(Value::as_bool).unwrap_or(false);
        let schema = parameter.get("schema").unwrap_or(&Value::Null);
        let mut field = self.field(text_of(parameter, "name"), schema, required);
        let own = description(parameter);
        if !own.is_empty() {
            field.text = own;
        }
        field
    }

    /// What a schema's values are.
    pub(super) fn kind(self, schema: &'a Value) -> Kind {
        if let Some(name) = reference_of(schema) {
            return self.named(name);
        }
        if let Some(one) = or_null(schema) {
            return Kind { after: " or null", ..self.kind(one) };
        }
        if let Some(items) = schema.get("items") {
            return Kind { before: "list of ", ..self.kind(items) };
        }
        let (name, nullable) = scalar(schema);
        Kind { name, after: if nullable { " or null" } else { "" }, ..Kind::default() }
    }

    fn named(self, name: &str) -> Kind {
        let schema = self.component(name).unwrap_or(&Value::Null);
        if let Some(items) = schema.pointer("/properties/items/items").filter(|_list| name.ends_with("List"))
        {
            return Kind { before: "page of ", ..self.kind(items) };
        }
        if has_section(schema) {
            return Kind { name: name.to_owned(), href: format!("#{name}"), ..Kind::default() };
        }
        if name == "Typed" {
            return Kind { name: "text or number".to_owned(), ..Kind::default() };
        }
        Kind { name: format!("{} ({name})", scalar(schema).0), ..Kind::default() }
    }

    fn field(self, name: String, schema: &'a Value, required: bool) -> Field {
        let bare = or_null(schema).unwrap_or(schema);
        let target = self.target(bare);
        let text = description(schema);
        let text = if text.is_empty() && !has_section(target) { description(target) } else { text };
        let words = words(target).map(str::to_owned).collect();
        Field { name, kind: self.kind(schema), required, text, words, only: String::new() }
    }

    /// The fields of an object: its own, those of what it is merged with, and those only some of its states have.
    pub(super) fn fields(self, schema: &'a Value) -> Vec<Field> {
        let required: BTreeSet<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let own = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
        let mut fields: Vec<Field> = own
            .map(|(name, field)| self.field(name.clone(), field, required.contains(name.as_str())))
            .collect();
        for variant in schema.get("oneOf").and_then(Value::as_array).into_iter().flatten() {
            self.add_variant(&mut fields, variant);
        }
        fields
    }

    fn add_variant(self, fields: &mut Vec<Field>, variant: &'a Value) {
        let mut only = String::new();
        let mut found = self.fields(variant);
        if reference_of(variant).is_some() {
            found.extend(self.fields(self.target(variant)));
        }
        for (name, word) in constants(variant) {
            let _written = write!(only, "{name}: {word}");
            found.retain(|field| field.name != name);
            match fields.iter_mut().find(|field| field.name == name) {
                Some(tag) => tag.words.push(word.to_owned()),
                None => fields.push(Field {
                    name: name.to_owned(),
                    kind: Kind { name: "text".to_owned(), ..Kind::default() },
                    required: true,
                    text: String::new(),
                    words: vec![word.to_owned()],
                    only: String::new(),
                }),
            }
        }
        fields.extend(found.into_iter().map(|field| Field { only: only.clone(), ..field }));
    }

    /// The objects and enums that `schemas` lead to, by name.
    pub(super) fn objects(self, schemas: &[&'a Value], but: &BTreeSet<String>) -> Vec<Object> {
        let mut names = BTreeSet::new();
        for schema in schemas {
            self.collect(schema, &mut names);
        }
        let shown = names.into_iter().filter(|name| !but.contains(*name));
        shown
            .filter_map(|name| Some((name, self.component(name)?)))
            .filter(|(name, schema)| has_section(schema) && !name.ends_with("List"))
            .map(|(name, schema)| Object {
                name: name.to_owned(),
                text: description(schema),
                fields: self.fields(schema),
                words: meanings(schema),
            })
            .collect()
    }

    fn collect(self, schema: &'a Value, names: &mut BTreeSet<&'a str>) {
        if let Some(name) = reference_of(schema)
            && names.insert(name)
            && let Some(component) = self.component(name)
        {
            self.collect(component, names);
        }
        match schema {
            Value::Object(fields) => {
                let parts = fields.iter().filter(|(name, _)| *name != "examples").map(|(_, part)| part);
                parts.for_each(|part| self.collect(part, names));
            }
            Value::Array(parts) => parts.iter().for_each(|part| self.collect(part, names)),
            _ => {}
        }
    }

    /// The first example of a request body.
    pub(super) fn example(self, schema: &'a Value) -> Option<&'a Value> {
        self.target(schema).pointer("/examples/0")
    }

    /// The fields of a request body.
    pub(super) fn body_fields(self, schema: &'a Value) -> Vec<Field> {
        self.fields(self.target(schema))
    }
}

/// The name a schema refers to.
pub(super) fn reference_of(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix(COMPONENTS)
}

/// The one thing besides null that a schema allows.
fn or_null(schema: &Value) -> Option<&Value> {
    match schema.get("anyOf")?.as_array()?.as_slice() {
        [one, null] | [null, one] if null.get("type").is_some_and(|kind| kind == "null") => Some(one),
        _ => None,
    }
}

/// Objects and enums are explained in a section; ids, amounts and the like in a word.
fn has_section(schema: &Value) -> bool {
    ["properties", "enum", "oneOf"].iter().any(|key| schema.get(key).is_some())
}

/// A plain type in a word, and whether null is one of its values.
fn scalar(schema: &Value) -> (String, bool) {
    let kinds: Vec<&str> = match schema.get("type") {
        Some(Value::String(kind)) => vec![kind.as_str()],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
    let word = |kind: &str| match (kind, format) {
        ("string", "date") => "date".to_owned(),
        ("string", "date-time") => "date and time".to_owned(),
        ("string", "idn-email") => "mail address".to_owned(),
        ("string", _) => "text".to_owned(),
        ("object", _) => "object".to_owned(),
        (other, _) => other.to_owned(),
    };
    let names: Vec<String> = kinds.iter().filter(|kind| **kind != "null").map(|kind| word(kind)).collect();
    let name = if names.is_empty() { "anything".to_owned() } else { names.join(", ") };
    (name, kinds.contains(&"null"))
}

fn words(schema: &Value) -> impl Iterator<Item = &str> {
    schema.get("enum").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

fn constants(variant: &Value) -> impl Iterator<Item = (&str, &str)> {
    let fields = variant.get("properties").and_then(Value::as_object).into_iter().flat_map(Map::iter);
    fields.filter_map(|(name, field)| Some((name.as_str(), field.get("const")?.as_str()?)))
}

fn text_of(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Text without the marks of its source.
pub(super) fn unmarked(text: &str) -> String {
    text.replace('\n', " ").replace('`', "")
}

/// The words before the list of meanings, on one line and without marks.
pub(super) fn description(schema: &Value) -> String {
    let text = text_of(schema, "description");
    unmarked(text.split("\n\n- `").next().unwrap_or_default())
}

/// Each word of an enum with what it means.
fn meanings(schema: &Value) -> Vec<Word> {
    let text = text_of(schema, "description");
    let meaning = |word: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(&format!("- `{word}`: ")));
        line.unwrap_or_default().replace('`', "")
    };
    words(schema).map(|word| Word { word: word.to_owned(), means: meaning(word) }).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document() -> Value {
        json!({ "components": { "schemas": {
            "DealId": { "type": "integer", "format": "int64" },
            "Next": { "type": "object", "properties": { "next_action": { "type": "string" } }, "required": ["next_action"] },
            "Deal": {
                "type": "object",
                "properties": {
                    "id": { "$ref": "#/components/schemas/DealId" },
                    "closed_on": { "type": ["string", "null"], "format": "date" },
                },
                "required": ["id"],
                "oneOf": [
                    { "$ref": "#/components/schemas/Next", "properties": { "state": { "const": "open" } } },
                    { "properties": { "state": { "const": "won" }, "won_at": { "type": "string" } } },
                ],
            },
            "DealList": { "properties": { "items": { "items": { "$ref": "#/components/schemas/Deal" } } } },
        } } })
    }

    #[test]
    fn a_state_says_which_fields_only_it_has() {
        let document = document();
        let reference = Reference { document: &document };
        let fields = reference.fields(&document["components"]["schemas"]["Deal"]);
        let shown: Vec<_> = fields.iter().map(|field| (field.name.as_str(), field.only.as_str())).collect();
        let expected = [
            ("id", ""),
            ("closed_on", ""),
            ("state", ""),
            ("next_action", "state: open"),
            ("won_at", "state: won"),
        ];
        assert_eq!(shown, expected);
        assert_eq!(fields[2].words, ["open", "won"]);
    }

    #[test]
    fn types_are_said_in_words() {
        let document = document();
        let said = |schema: Value| {
            let kind = Reference { document: &document }.kind(&schema);
            format!("{}{}{}", kind.before, kind.name, kind.after)
        };
        assert_eq!(said(json!({ "$ref": "#/components/schemas/DealList" })), "page of Deal");
        assert_eq!(said(json!({ "$ref": "#/components/schemas/DealId" })), "integer (DealId)");
        assert_eq!(said(json!({ "type": ["string", "null"], "format": "date" })), "date or null");
        assert_eq!(
            said(json!({ "anyOf": [{ "$ref": "#/components/schemas/Deal" }, { "type": "null" }] })),
            "Deal or null"
        );
    }
}
