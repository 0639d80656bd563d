//! What a row would change of what is there, field by field.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

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
    let (before, after) = (leaves(before), leaves(after));
    let differing = after.iter().filter(|(field, leaf)| before.get(*field) != Some(*leaf));
    differing
        .filter(|(field, _)| Field::find(kind, field).is_some())
        .map(|(field, leaf)| {
            let from = before.get(field);
            match (from, leaf) {
                (_, Leaf::Pointer(_)) | (Some(Leaf::Pointer(_)), _) => {
                    RowChange { field: field.clone(), from: String::new(), to: String::new() }
                }
                (from, Leaf::Said(to)) => {
                    let from = from.map_or("", Leaf::said).to_owned();
                    RowChange { field: field.clone(), from, to: to.clone() }
                }
            }
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

impl Leaf {
    fn said(&self) -> &str {
        match self {
            Self::Said(text) | Self::Pointer(text) => text,
        }
    }
}

fn leaves(input: &impl Serialize) -> BTreeMap<String, Leaf> {
    let mut all = BTreeMap::new();
    gather(&serde_json::to_value(input).unwrap_or_default(), &mut all);
    all
}

fn gather(value: &Value, all: &mut BTreeMap<String, Leaf>) {
    let Value::Object(fields) = value else { return };
    for (name, value) in fields {
        let pointed = name.strip_suffix("_id");
        match value {
            Value::Object(_) => gather(value, all),
            Value::Number(id) => {
                all.insert(pointed.unwrap_or(name).to_owned(), Leaf::Pointer(id.to_string()));
            }
            Value::String(text) => {
                let is_coded = pointed.is_some() || CODED.contains(&name.as_str());
                let leaf = if is_coded { Leaf::Pointer(text.clone()) } else { Leaf::Said(text.clone()) };
                all.insert(pointed.unwrap_or(name).to_owned(), leaf);
            }
            _ => {}
        }
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
