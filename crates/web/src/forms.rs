//! Posted forms: pairs in, the verb's input out, and the same form again with everything kept when the verb
//! refuses.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use kernel::{Code, Typed};
use minijinja::value::{Object, Value};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};

use crate::call::Call;
use crate::failure::Failure;

/// Fields that belong to the page and not to the verb's input.
const OF_THE_PAGE: [&str; 5] = ["csrf", "version", "back", "step", "form_key"];

/// What stands for a NUL, which PostgreSQL's texts do not take: another control character, so that a verb refuses it by
/// its field as ever, and what is only looked for is not found.
pub(crate) const IN_PLACE_OF_NUL: char = '\u{1}';

/// A form as posted, or a query string. No text in it holds a NUL.
#[derive(Debug, Clone, Default)]
pub(crate) struct Form {
    pairs: Vec<(String, String)>,
}

impl Form {
    /// Reads `application/x-www-form-urlencoded` bytes.
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        Self::from_pairs(form_pairs(bytes))
    }

    /// From fields read otherwise (multipart).
    pub(crate) fn from_pairs(pairs: Vec<(String, String)>) -> Self {
        let clean = pairs.into_iter().map(|(name, value)| (without_nul(name), without_nul(value)));
        Self { pairs: clean.collect() }
    }

    /// From an existing thing, to fill its edit form: the JSON of the verb's input.
    pub(crate) fn of(input: &impl serde::Serialize) -> Self {
        let mut pairs = Vec::new();
        if let Ok(Json::Object(fields)) = serde_json::to_value(input) {
            flatten("", &Json::Object(fields), &mut pairs);
        }
        Self { pairs }
    }

    /// The first value of `name`; empty where it was not sent.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// Every value of `name`, for groups of checkboxes.
    pub(crate) fn all(&self, name: &str) -> Vec<String> {
        self.pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone()).collect()
    }

    /// Every field as it was sent, in its order.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The form as if `name` had not been sent.
    pub(crate) fn without(&self, name: &str) -> Self {
        Self { pairs: self.pairs.iter().filter(|(key, _)| key != name).cloned().collect() }
    }

    /// The form as if the fields of these names had not been sent.
    pub(crate) fn without_those(&self, named: impl Fn(&str) -> bool) -> Self {
        Self { pairs: self.pairs.iter().filter(|(key, _)| !named(key)).cloned().collect() }
    }

    /// Sets a field to what it should show when nothing was posted yet.
    pub(crate) fn preset(mut self, name: &str, value: impl ToString) -> Self {
        self.pairs.push((name.to_owned(), value.to_string()));
        self
    }

    /// The version a hidden field says the form was based on.
    pub(crate) fn version(&self) -> Result<i32, Failure> {
        self.get("version").parse().map_err(|_no_number| Failure::of(Code::Stale))
    }

    /// The verb's input. Fields the input does not know are an error of ours or a forged form.
    pub(crate) fn input<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        let typed = self.without_those(|key| OF_THE_PAGE.contains(&key));
        serde_json::from_value(typed.json()).map_err(|error| Failure::bad_json(&error.to_string()))
    }

    /// As far as it fits; for query strings, in which every name is the reader's.
    pub(crate) fn lenient<T: DeserializeOwned + Default>(&self) -> T {
        serde_json::from_value(self.json()).unwrap_or_default()
    }

    /// `lines[0].quantity=3` becomes `{"lines": [{"quantity": "3"}]}`; `units[]=1` adds to a list.
    fn json(&self) -> Json {
        let mut root = Map::new();
        let mut rows: BTreeMap<String, BTreeMap<usize, Map<String, Json>>> = BTreeMap::new();
        for (key, value) in &self.pairs {
            if let Some(list) = key.strip_suffix("[]") {
                let entry = root.entry(list).or_insert_with(|| Json::Array(Vec::new()));
                if let Json::Array(values) = entry {
                    values.push(Json::String(value.clone()));
                }
            } else if let Some((list, index, field)) = row_key(key) {
                let row = rows.entry(list.to_owned()).or_default().entry(index).or_default();
                row.insert(field.to_owned(), Json::String(value.clone()));
            } else {
                root.entry(key.clone()).or_insert_with(|| Json::String(value.clone()));
            }
        }
        for (list, rows) in rows {
            let filled =
                rows.into_values().filter(|row| row.values().any(|value| value.as_str() != Some("")));
            root.insert(list, Json::Array(filled.map(Json::Object).collect()));
        }
        Json::Object(root)
    }

    /// What templates fill the fields with: `form.name` is `{value, error}` for every name, `form["lines[0].x"]`
    /// too.
    /// A failure without fields (somebody was faster) stands in the summary alone.
    pub(crate) fn view(&self, call: &Call, failure: Option<&Failure>) -> FormView {
        let mut errors: Vec<FormError> = failure
            .iter()
            .flat_map(|failure| failure.fields.iter().map(move |problem| (*failure, problem)))
            .map(|(failure, problem)| FormError {
                field: problem.field.clone(),
                text: failure.sentence_of(call, problem),
                is_missing: problem.code == Code::Required,
            })
            .collect();
        if let (Some(failure), true) = (failure, errors.is_empty()) {
            errors.push(FormError { field: String::new(), text: failure.sentence(call), is_missing: false });
        }
        FormView(Arc::new(FormFields { form: self.clone(), errors }))
    }
}

/// `text` with [`IN_PLACE_OF_NUL`] for each NUL.
pub(crate) fn without_nul(text: String) -> String {
    if text.contains('\0') { text.replace('\0', IN_PLACE_OF_NUL.encode_utf8(&mut [0; 4])) } else { text }
}

/// Posted JSON with [`IN_PLACE_OF_NUL`] for each NUL in its texts.
pub(crate) fn json_without_nul(json: Json) -> Json {
    match json {
        Json::String(text) => Json::String(without_nul(text)),
        Json::Array(parts) => parts.into_iter().map(json_without_nul).collect(),
        Json::Object(fields) => {
            let clean = |(name, value)| (without_nul(name), json_without_nul(value));
            Json::Object(fields.into_iter().map(clean).collect())
        }
        other => other,
    }
}

fn form_pairs(bytes: &[u8]) -> Vec<(String, String)> {
    serde_urlencoded::from_bytes(bytes).unwrap_or_default()
}

/// `lines[2].quantity` → (`lines`, 2, `quantity`). Indices beyond 999 are ignored.
fn row_key(key: &str) -> Option<(&str, usize, &str)> {
    let (list, rest) = key.split_once('[')?;
    let (index, field) = rest.split_once("].")?;
    let index = index.parse().ok().filter(|index| *index < 1000)?;
    Some((list, index, field))
}

fn flatten(prefix: &str, value: &Json, pairs: &mut Vec<(String, String)>) {
    match value {
        Json::Object(fields) => {
            for (name, value) in fields {
                let key = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
                flatten(&key, value, pairs);
            }
        }
        Json::Array(values) => {
            for (index, value) in values.iter().enumerate() {
                flatten(&format!("{prefix}[{index}]"), value, pairs);
            }
        }
        Json::Null => {}
        Json::String(text) => pairs.push((prefix.to_owned(), text.clone())),
        other => pairs.push((prefix.to_owned(), other.to_string())),
    }
}

/// A form as its template sees it.
#[derive(Clone)]
pub(crate) struct FormView(Arc<FormFields>);

struct FormFields {
    form: Form,
    errors: Vec<FormError>,
}

struct FormError {
    field: String,
    text: String,
    /// Nothing was given: templates say that in the words of the control, one types, chooses or ticks.
    is_missing: bool,
}

impl fmt::Debug for FormFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FormFields")
    }
}

impl serde::Serialize for FormView {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Value::from_dyn_object(self.0.clone()).serialize(serializer)
    }
}

impl Object for FormFields {
    /// `form.errors` is the summary; any other name is that field, empty where nothing was sent.
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let name = key.as_str()?;
        if name == "errors" {
            let entries = self.errors.iter();
            return Some(
                entries.map(|one| minijinja::context! { name => &one.field, text => &one.text }).collect(),
            );
        }
        let refused = self.errors.iter().find(|one| one.field == name);
        let (error, is_missing) = refused.map_or(("", false), |one| (&one.text, one.is_missing));
        let values = self.form.all(name);
        let value = self.form.get(name);
        Some(minijinja::context! { value, values, error, is_missing, checked => !value.is_empty() })
    }
}

/// An input that a form or JSON carries beside the verb's own.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct PageQuery {
    /// The opaque key of the page to show.
    pub(crate) after: Typed,
    /// What is searched for.
    pub(crate) q: Typed,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_lists_become_json_and_empty_rows_go() {
        let form = Form::parse(
            b"csrf=x&title=a&lines[0].quantity=3&lines[0].price=&lines[1].quantity=&units[]=1&units[]=2&lines[9999].x=1",
        );
        let json: Json = form.input().unwrap();
        assert_eq!(json["title"], "a");
        assert_eq!(json["lines"], serde_json::json!([{"quantity": "3", "price": ""}]));
        assert_eq!(json["units"], serde_json::json!(["1", "2"]));
        assert!(json.get("csrf").is_none());
        let query: Json = Form::parse(b"step=columns&after=7").lenient();
        assert_eq!(
            query,
            serde_json::json!({"step": "columns", "after": "7"}),
            "an address has no fields of the page"
        );
    }

    #[test]
    fn no_text_that_arrives_holds_a_nul() {
        let typed = Form::parse(b"q=a%00b&%00=c&units[]=%00");
        let uploaded = Form::from_pairs(vec![("q".to_owned(), "a\0b".to_owned())]);
        for (name, value) in typed.pairs().chain(uploaded.pairs()) {
            assert!(!name.contains('\0') && !value.contains('\0'), "{name}={value}");
        }
        assert_eq!(
            kernel::text::one_line(typed.get("q")),
            None,
            "what is typed is still refused by its field"
        );
        let posted = serde_json::json!({"a": ["x\0", {"b\0": "\0"}], "n": 1, "said": "\\u0000"});
        let clean = serde_json::json!({"a": ["x\u{1}", {"b\u{1}": "\u{1}"}], "n": 1, "said": "\\u0000"});
        assert_eq!(json_without_nul(posted), clean);
    }

    #[test]
    fn an_edit_form_shows_what_the_thing_holds() {
        let form = Form::of(&serde_json::json!({"name": "甲", "lines": [{"quantity": 3}], "note": null}));
        assert_eq!(form.get("name"), "甲");
        assert_eq!(form.get("lines[0].quantity"), "3");
    }
}
