//! The JSON Schemas (2020-12, OpenAPI 3.1's dialect) of everything that goes over the wire, by name.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

/// Where references point.
const COMPONENTS: &str = "#/components/schemas/";

/// Collects schemas. What we take and what we give are read apart: serde may leave a field out of the one and
/// never out of the other.
pub(crate) struct Schemas {
    taken: SchemaGenerator,
    given: SchemaGenerator,
    made: Map<String, Value>,
    clashes: Vec<String>,
    owners: BTreeMap<String, &'static str>,
}

impl Schemas {
    /// None yet.
    pub(crate) fn new() -> Self {
        let settings = || {
            SchemaSettings::draft2020_12().with(|settings| {
                settings.definitions_path = "/components/schemas".into();
                settings.meta_schema = None;
            })
        };
        Self {
            taken: settings().for_deserialize().into_generator(),
            given: settings().for_serialize().into_generator(),
            made: Map::new(),
            clashes: Vec::new(),
            owners: BTreeMap::new(),
        }
    }

    /// A reference to the schema of something we take.
    pub(super) fn taken<T: JsonSchema>(&mut self) -> Value {
        self.taken.subschema_for::<T>().to_value()
    }

    /// A reference to the schema of something we give.
    pub(crate) fn given<T: JsonSchema>(&mut self) -> Value {
        self.given.subschema_for::<T>().to_value()
    }

    /// The schema itself, for a struct that is no component.
    pub(super) fn fields_of<T: JsonSchema>(&mut self) -> Value {
        let mut schema = T::json_schema(&mut self.taken).to_value();
        tidy(&mut schema);
        schema
    }

    /// Adds a schema of our own under `name` and gives back the reference. `owner` tells two things of one name
    /// apart.
    pub(super) fn add(&mut self, name: String, schema: Value, owner: &'static str) -> Value {
        if *self.owners.entry(name.clone()).or_insert(owner) != owner {
            self.clashes.push(name.clone());
        }
        let reference = json!({ "$ref": format!("{COMPONENTS}{name}") });
        self.made.insert(name, schema);
        reference
    }

    /// Whether what `reference` names always has a `version`.
    pub(super) fn has_version(&self, reference: &Value) -> bool {
        let name =
            reference.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix(COMPONENTS));
        let schema = name.and_then(|name| self.given.definitions().get(name));
        let required = schema.and_then(|schema| schema.get("required")).and_then(Value::as_array);
        required.is_some_and(|names| names.iter().any(|name| name == "version"))
    }

    /// Every schema by name, and the names that two different things wanted.
    pub(crate) fn finish(mut self) -> (Map<String, Value>, Vec<String>) {
        let given = self.given.take_definitions(true);
        let mut all: Map<String, Value> = self.taken.take_definitions(true);
        for (name, schema) in given.into_iter().chain(self.made) {
            match all.get(&name) {
                Some(other) if *other != schema => self.clashes.push(name),
                Some(_) => {}
                None => {
                    all.insert(name, schema);
                }
            }
        }
        // schemars numbers the second thing of one name.
        let numbered = all.keys().filter(|name| name.ends_with(|last: char| last.is_ascii_digit()));
        self.clashes.extend(numbered.cloned());
        all.values_mut().for_each(tidy);
        all.sort_keys();
        (all, self.clashes)
    }
}

/// Makes generated schemas read like written ones: an enum is a list of words, an empty default is no news.
fn tidy(schema: &mut Value) {
    if let Some(fields) = schema.as_object_mut() {
        if fields
            .get("default")
            .is_some_and(|default| default == "" || default.is_null() || *default == json!([]))
        {
            fields.shift_remove("default");
        }
        if let Some(Value::String(text)) = fields.get_mut("description") {
            *text = without_links(text);
        }
        if let Some((words, meanings)) = words_of(fields) {
            fields.shift_remove("oneOf");
            let description = fields.get("description").and_then(Value::as_str).unwrap_or_default();
            let description = format!("{description}{meanings}").trim().to_owned();
            fields.insert("description".to_owned(), description.into());
            fields.insert("type".to_owned(), "string".into());
            fields.insert("enum".to_owned(), words);
        }
    }
    match schema {
        Value::Object(fields) => fields.values_mut().for_each(tidy),
        Value::Array(values) => values.iter_mut().for_each(tidy),
        _ => {}
    }
}

/// Rustdoc's links as plain words: [`Deal`] and [deals](super::deals) lead nowhere here.
fn without_links(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[') {
        plain.push_str(before);
        let Some((word, beyond)) = after.split_once(']') else {
            plain.push('[');
            rest = after;
            continue;
        };
        let target = beyond.strip_prefix('(').and_then(|inside| inside.split_once(')'));
        if target.is_some() || word.starts_with('`') {
            plain.push_str(word);
        } else {
            plain.push('[');
            plain.push_str(word);
            plain.push(']');
        }
        rest = target.map_or(beyond, |(_, beyond)| beyond);
    }
    plain.push_str(rest);
    plain
}

/// The words of an enum whose variants are all plain, and what each one means.
fn words_of(fields: &Map<String, Value>) -> Option<(Value, String)> {
    let variants = fields.get("oneOf")?.as_array()?;
    let mut words = Vec::new();
    let mut meanings = String::new();
    for variant in variants {
        let many = variant.get("enum").and_then(Value::as_array).cloned();
        let found = many.or_else(|| variant.get("const").cloned().map(|word| vec![word]))?;
        if let (Some(meaning), [Value::String(word)]) =
            (variant.get("description").and_then(Value::as_str), found.as_slice())
        {
            // Writing to a string cannot fail.
            let _written = write!(meanings, "\n- `{word}`: {}", meaning.replace('\n', " "));
        }
        words.extend(found);
    }
    Some((words.into(), if meanings.is_empty() { meanings } else { format!("\n{meanings}") }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_of_rustdoc_become_words_and_brackets_stay() {
        assert_eq!(
            without_links("A [`Verdict`]'s word, as [here](super::x): `lines[0]`"),
            "A `Verdict`'s word, as here: `lines[0]`"
        );
        assert_eq!(without_links("open [ bracket"), "open [ bracket");
    }

    #[test]
    fn an_enum_is_a_list_of_words_with_their_meanings() {
        let mut schema = json!({ "description": "Pace.", "default": "", "oneOf": [
            { "type": "string", "const": "slow", "description": "No hurry." },
            { "type": "string", "enum": ["quick", "at_once"] },
        ] });
        tidy(&mut schema);
        let expected = json!({
            "description": "Pace.\n\n- `slow`: No hurry.", "type": "string", "enum": ["slow", "quick", "at_once"],
        });
        assert_eq!(schema, expected);
    }
}
