//! What the description promises of itself. Whether answers keep it is tested over the real process, in `tests/`.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{DESCRIPTION, tags};

fn operations() -> impl Iterator<Item = (&'static str, &'static Value)> {
    let paths = DESCRIPTION.document["paths"].as_object().unwrap();
    paths
        .values()
        .flat_map(|methods| methods.as_object().unwrap().values())
        .map(|operation| (operation["operationId"].as_str().unwrap(), operation))
}

/// Every schema that stands directly in a body.
fn bodies(operation: &Value) -> Vec<&Value> {
    let mut bodies = Vec::new();
    let replies = operation["responses"].as_object().unwrap().values();
    for part in replies.chain(operation.get("requestBody")) {
        for content in part.get("content").and_then(Value::as_object).into_iter().flat_map(|one| one.values())
        {
            bodies.extend(content.get("schema"));
        }
    }
    bodies
}

#[test]
fn nothing_is_named_twice_and_every_operation_has_words_and_a_typed_path() {
    assert_eq!(DESCRIPTION.flaws, Vec::<String>::new());
    let ids: Vec<&str> = operations().map(|(id, _)| id).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
}

#[test]
fn whatever_a_post_writes_is_written_once_for_its_key() {
    // Nothing is written.
    const ONLY_LOOKS: &[&str] = &["post_mail_texts_name_language_preview"];
    let takes_key = |operation: &Value| {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        parameters.into_iter().any(|one| one["$ref"] == "#/components/parameters/IdempotencyKey")
    };
    let without: Vec<&str> = operations()
        .filter(|(id, operation)| id.starts_with("post_") && !takes_key(operation))
        .map(|(id, _)| id)
        .collect();
    assert_eq!(without, ONLY_LOOKS);
}

/// Every text beside `description`, with the place it stands at.
fn descriptions<'d>(part: &'d Value, place: &str, found: &mut Vec<(String, &'d str)>) {
    match part {
        Value::Object(members) => {
            for (name, member) in members {
                if let (true, Some(text)) = (name == "description", member.as_str()) {
                    found.push((place.to_owned(), text));
                }
                descriptions(member, &format!("{place}/{name}"), found);
            }
        }
        Value::Array(parts) => parts.iter().for_each(|part| descriptions(part, place, found)),
        _ => {}
    }
}

/// Whether somebody who reads the API takes it for the name of a type: `WorkCondition`, but not `Idempotency-Key` or `CSV`.
fn is_type_name(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_uppercase())
        && word.chars().all(|one| one.is_ascii_alphanumeric())
        && word.chars().any(|one| one.is_ascii_lowercase())
}

#[test]
fn no_description_names_a_type_that_is_not_published() {
    let published = DESCRIPTION.document["components"]["schemas"].as_object().unwrap();
    let mut found = Vec::new();
    descriptions(&DESCRIPTION.document, "", &mut found);
    assert!(found.len() > 1_000, "{} descriptions", found.len());
    let unknown: Vec<(String, &str)> = found
        .into_iter()
        .flat_map(|(place, text)| text.split('`').skip(1).step_by(2).map(move |word| (place.clone(), word)))
        .filter(|(_, word)| is_type_name(word) && !published.contains_key(*word))
        .collect();
    assert_eq!(unknown, []);
    assert!(is_type_name("WorkCondition") && !is_type_name("If-Match") && !is_type_name("CSV"));
}

#[test]
fn every_part_of_the_api_has_a_name_in_both_languages() {
    let texts = crate::texts::Texts::load();
    let mut nameless = Vec::new();
    for tag in tags::ALL {
        for language in [kernel::Language::Ja, kernel::Language::En] {
            let key = format!("api-tag-{}", tag.name);
            if texts.known(language, &key).is_none() {
                nameless.push(format!("{key} in {language}"));
            }
        }
    }
    assert_eq!(nameless, [] as [String; 0]);
}

#[test]
fn every_part_of_the_api_is_introduced_and_used() {
    let used: BTreeSet<&str> =
        operations().map(|(_, operation)| operation["tags"][0].as_str().unwrap()).collect();
    let introduced: BTreeSet<&str> = tags::ALL.iter().map(|tag| tag.name).collect();
    assert_eq!(used, introduced);
}

#[test]
fn no_body_is_untyped() {
    for (id, operation) in operations() {
        let has_reply =
            operation["responses"].as_object().unwrap().keys().any(|status| status.starts_with('2'));
        assert!(has_reply, "{id} never ends well");
        for schema in bodies(operation) {
            let target = match schema.get("$ref").and_then(Value::as_str) {
                Some(path) => {
                    DESCRIPTION.document.pointer(&path[1..]).unwrap_or_else(|| panic!("{id}: {path}"))
                }
                None => schema,
            };
            let typed = ["properties", "enum", "oneOf"].iter().any(|key| target.get(key).is_some());
            assert!(typed, "{id} has a body that may be anything: {schema}");
        }
    }
}

#[test]
fn every_body_that_is_taken_has_an_example() {
    for (id, operation) in operations() {
        let Some(schema) = operation.pointer("/requestBody/content/application~1json/schema") else {
            continue;
        };
        let path = schema["$ref"].as_str().unwrap_or_else(|| panic!("{id} takes something without a name"));
        let examples = &DESCRIPTION.document.pointer(&path[1..]).unwrap()["examples"];
        assert!(examples[0].as_object().is_some_and(|example| !example.is_empty()), "{id}: {path}");
    }
}

#[test]
fn descriptions_are_for_readers_who_do_not_see_our_code() {
    fn walk(value: &Value, at: &str) {
        match value {
            Value::Object(fields) => {
                for (name, part) in fields {
                    if let (true, Some(text)) = (name == "description" || name == "summary", part.as_str()) {
                        assert!(!text.contains("::") && !text.contains("[`"), "{at}: {text}");
                        assert!(!text.trim().is_empty(), "{at} has no words");
                    }
                    walk(part, &format!("{at}/{name}"));
                }
            }
            Value::Array(parts) => parts.iter().for_each(|part| walk(part, at)),
            _ => {}
        }
    }
    walk(&DESCRIPTION.document, "");
}
