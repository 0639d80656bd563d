//! A view's conditions as a sentence people read.

use db::filter::{Condition, Group, Joined, Kind, Node, Test};
use kernel::Yen;
use sales::views::ViewKind;

use crate::call::Call;
use crate::format;
use crate::phrases::{counted, said, word};

/// What conditions ask for, in one sentence; that everything passes where there are none.
pub(super) fn sentence(call: &Call, kind: ViewKind, tree: &Group) -> String {
    if tree.nodes.is_empty() { word(call, "view-everything", kind) } else { group(call, kind, tree) }
}

fn group(call: &Call, kind: ViewKind, group: &Group) -> String {
    let between = match group.joined {
        Joined::All => call.text("view-and"),
        Joined::Any => call.text("view-or"),
    };
    let part = |node: &Node| match node {
        Node::Condition(one) => condition(call, kind, one),
        Node::Group(inner) => said(call, "view-in-brackets", [("text", &self::group(call, kind, inner))]),
    };
    let parts: Vec<String> = group.nodes.iter().map(part).collect();
    // A space at the end of a text is lost on its way.
    let between = if call.language == kernel::Language::En { format!(" {between} ") } else { between };
    parts.join(&between)
}

fn condition(call: &Call, kind: ViewKind, one: &Condition) -> String {
    let field = word(call, "view-field", one.field.name);
    let key = format!("view-says-{}", one.test.operator().as_str().replace('_', "-"));
    let day = |day: &chrono::NaiveDate| format::full_date(call.language, *day);
    let (value, to) = match &one.test {
        Test::Contains(text) | Test::Is(text) => (text.clone(), String::new()),
        Test::Empty | Test::Filled | Test::Mine => (String::new(), String::new()),
        Test::AmongWords(words) | Test::NotAmongWords(words) => {
            let prefix = prefix(kind, one.field.name);
            let words: Vec<String> = words.iter().map(|value| word(call, prefix, value)).collect();
            (words.join(&call.text("view-list")), String::new())
        }
        Test::Among(_) | Test::NotAmong(_) => (choices(call, one), String::new()),
        Test::Numbers(from, to) => {
            let yen = |number: &i64| format::yen(call.language, Yen(*number));
            let mut bounds = from.iter().chain(to).map(yen);
            (bounds.next().unwrap_or_default(), bounds.next().unwrap_or_default())
        }
        Test::On(on) | Test::Before(on) | Test::After(on) => (day(on), String::new()),
        Test::Days(from, to) => (day(from), day(to)),
        Test::Within(days) | Test::Past(days) | Test::Older(days) => {
            (counted(call, "view-days", "count", *days), String::new())
        }
    };
    said(call, &key, [("field", &field), ("value", &value), ("to", &to)])
}

/// Choices by name; those that are gone say so.
fn choices(call: &Call, one: &Condition) -> String {
    let gone = one.gone.iter().map(|gone| said(call, "view-gone", [("name", &gone.label)]));
    let all: Vec<String> = one.labels.iter().cloned().chain(gone).collect();
    all.join(&call.text("view-list"))
}

/// The texts that name the words of a field.
pub(super) fn prefix(kind: ViewKind, field: &str) -> &'static str {
    match (kind, field) {
        (ViewKind::Leads, "state") => "lead-state",
        (_, "state") => "state-deal",
        (_, "lost_reason") => "deal-lost-reason",
        (_, "source") => "lead-source",
        (_, "reason") => "lead-reason",
        _ => "view-calls",
    }
}

/// Whether a field's values are words of its own.
pub(super) fn own_words(kind: Kind) -> Option<Vec<&'static str>> {
    match kind {
        Kind::Word { words, .. } => Some(words()),
        _ => None,
    }
}
