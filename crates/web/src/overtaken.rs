//! Somebody was faster: what stands now beside what was typed, field by field, so that nobody overwrites it unseen.
//!
//! A page that brings such a form back carries the new version and includes `components/overtaken.html`; one that has no form
//! any more includes `components/unsaved.html`.

use kernel::Code;
use serde::Serialize;

use crate::call::Call;
use crate::failure::Failure;
use crate::forms::Form;
use crate::phrases::Choice;

/// A field in which what was typed is not what stands now.
#[derive(Debug, Serialize)]
pub(crate) struct Difference {
    label: String,
    stands: String,
    typed: String,
}

impl Difference {
    /// `None` where the two read alike, whatever their ends of lines.
    pub(crate) fn of(call: &Call, label: &str, stands: &str, typed: &str) -> Option<Self> {
        if reads_alike(stands, typed) {
            return None;
        }
        Some(Self { label: call.text(label), stands: stands.to_owned(), typed: typed.to_owned() })
    }
}

/// Whether a form comes back because somebody else saved first.
pub(crate) fn is_overtaken(failure: Option<&Failure>) -> bool {
    failure.is_some_and(|failure| failure.code == Code::Stale)
}

/// One thing twice: as it stands and as it was typed.
pub(crate) struct Beside<'a> {
    pub(crate) call: &'a Call,
    pub(crate) stands: &'a Form,
    pub(crate) typed: &'a Form,
}

impl Beside<'_> {
    /// A field of text, named `name`, whose label has the key `label`.
    pub(crate) fn text(&self, label: &str, name: &str) -> Option<Difference> {
        Difference::of(self.call, label, self.stands.get(name), self.typed.get(name))
    }

    /// A field of one or several of `choices`.
    pub(crate) fn chosen(&self, label: &str, name: &str, choices: &[Choice]) -> Option<Difference> {
        let labels = |form: &Form| chosen(choices, &form.all(name));
        Difference::of(self.call, label, &labels(self.stands), &labels(self.typed))
    }
}

/// What was typed into something that takes nothing any more: nothing of it was saved, and nothing of it is lost.
#[derive(Debug, Serialize)]
pub(crate) struct Unsaved {
    label: String,
    text: String,
    /// Where it can be written down all the same; empty where nowhere.
    elsewhere: String,
}

impl Unsaved {
    /// Nothing where nothing was typed.
    pub(crate) fn of(call: &Call, label: &str, typed: &str, elsewhere: Option<String>) -> Vec<Self> {
        if typed.trim().is_empty() {
            return Vec::new();
        }
        let elsewhere = elsewhere.unwrap_or_default();
        vec![Self { label: call.text(label), text: typed.to_owned(), elsewhere }]
    }
}

fn reads_alike(one: &str, other: &str) -> bool {
    one.trim().lines().map(str::trim_end).eq(other.trim().lines().map(str::trim_end))
}

/// The labels of those of `choices` whose values are chosen, in their own order.
pub(crate) fn chosen(choices: &[Choice], values: &[String]) -> String {
    let labels = choices.iter().filter(|choice| values.iter().any(|value| choice.is(value)));
    labels.map(Choice::label).collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_of_lines_make_no_difference() {
        assert!(reads_alike("一\n二", "一\r\n二  \r\n"));
        assert!(reads_alike("", " "));
        assert!(!reads_alike("一\n二", "一二"));
    }
}
