//! What a row would change of what is there, field by field.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::fields::Field;
use super::model::ImportKind;

/// Fields whose values are words of the program's own; the row has those that people read.
const CODED: [&str; 6] = ["source", "state", "status", "language", "lost_reason", "reason"];

/// One field that a row would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RowChange {
    /// The field's name, as columns have it.
    pub field: String,
    /// What stands there, and what would: both empty where the field points at somebody or something, whom the row names.
    pub from: String,
    /// See there.
    pub to: String,
}

/// The fields by which one input differs from another, in their names' order.
pub(super) fn between(kind: ImportKind, before: &impl Serialize, after: &impl Serialize) -> Vec<RowChange> {
    let before = leaves(before);
    leaves(after)
        .into_iter()
        .filter(|(field, to)| before.get(field) != Some(to) && Field::find(kind, field).is_some())
        .map(|(field, to)| {
            let (from, to) = match (before.get(&field), to) {
                (None, Leaf::Said(to)) => (String::new(), to),
                (Some(Leaf::Said(from)), Leaf::Said(to)) => (from.clone(), to),
                (Some(Leaf::Pointer(_)), _) | (_, Leaf::Pointer(_)) => (String::new(), String::new()),
            };
            RowChange { field, from, to }
        })
        .collect()
}

/// A field's value.
#[derive(Debug, PartialEq, Eq)]
enum Leaf {
    /// What people read.
    Said(String),
    /// A number that points at something, or a word of the program's own.
    Pointer(String),
}

/// Every value of an input by its field's name, those of inputs within it too.
fn leaves(input: &impl Serialize) -> BTreeMap<String, Leaf> {
    let mut all = BTreeMap::new();
    if let Ok(Value::Object(fields)) = serde_json::to_value(input) {
        gather(fields, &mut all);
    }
    all
}

fn gather(fields: Map<String, Value>, all: &mut BTreeMap<String, Leaf>) {
    for (name, value) in fields {
        let pointed = name.strip_suffix("_id");
        let is_coded = pointed.is_some() || CODED.contains(&name.as_str());
        let leaf = match value {
            Value::Object(within) => {
                gather(within, all);
                continue;
            }
            Value::Number(id) => Leaf::Pointer(id.to_string()),
            Value::String(word) if is_coded => Leaf::Pointer(word),
            Value::String(text) => Leaf::Said(text),
            Value::Null | Value::Bool(_) | Value::Array(_) => continue,
        };
        all.insert(pointed.unwrap_or(&name).to_owned(), leaf);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_people_read_is_told_with_what_stands_there() {
        let before = json!({ "name": "望月製作所", "phone": "", "note": "a", "apart_from": [] });
        let after = json!({ "name": "五月商会", "phone": "0267-50-0001", "note": "a", "apart_from": ["1"] });
        let change = |field: &str, from: &str, to: &str| RowChange {
            field: field.to_owned(),
            from: from.to_owned(),
            to: to.to_owned(),
        };
        assert_eq!(
            between(ImportKind::Companies, &before, &after),
            [change("name", "望月製作所", "五月商会"), change("phone", "", "0267-50-0001")]
        );
        let deal = |stage: i64, owner: &str, title: &str| json!({ "stage": stage, "input": { "owner_id": owner, "title": title } });
        assert_eq!(
            between(ImportKind::Deals, &deal(1, "7", "a"), &deal(2, "8", "a")),
            [change("owner", "", ""), change("stage", "", "")],
            "numbers of ours say nothing to a reader"
        );
    }
}
