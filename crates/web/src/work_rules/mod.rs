//! Work rules (作業のきまり) of a job: their versions before coordination and in JSON, and what changed between two of them for
//! whoever reads it.

pub(crate) mod api;
pub(crate) mod pages;

use fulfillment::rules::{Reading, WorkRules};
use serde::Serialize;

use crate::call::Call;
use crate::format;
use crate::orders::parts::{self, When};
use crate::review::changes::Changes;

/// That two people look at each version, beside the rules; empty where one does.
pub(crate) fn levels(call: &Call, levels: i16) -> String {
    if levels > 1 { call.text("levels-rule") } else { String::new() }
}

/// `第3版`.
pub(crate) fn version_name(call: &Call, number: i32) -> String {
    parts::say(call, "rules-version", &[("number", number.to_string())])
}

/// What became other since somebody last looked: `unread` of `work_rules/unread.html`.
#[derive(Debug, Serialize)]
pub(crate) struct Unread {
    /// The version to say they have read.
    number: i32,
    when: When,
    /// Why it was changed; may be empty.
    note: String,
    changes: Changes,
}

impl Unread {
    /// None where nothing changed.
    pub(crate) fn of(call: &Call, reading: &Reading) -> Option<Self> {
        reading.unread().map(|(known, newest)| Self {
            number: newest.number,
            when: When::of(call.language, newest.changed_at),
            note: newest.note.clone(),
            changes: Changes::of_texts(&known.text, &newest.text),
        })
    }
}

/// Which wording a version of work was made under, before whoever checks it.
#[derive(Debug, Serialize)]
pub(crate) struct MadeUnder {
    /// `第2版（11月22日）のきまりで作られました`; what it means where another is in force by now.
    text: String,
    /// The wordings between, where there are newer ones.
    changes: Option<Changes>,
}

impl MadeUnder {
    /// By the version its maker knew, and what is in force now.
    pub(crate) fn of(call: &Call, known: &WorkRules, newest: &WorkRules) -> Self {
        let is_newest = known.number == newest.number;
        let key = if is_newest { "rules-made-under" } else { "rules-made-under-older" };
        let said = [
            ("made", version_name(call, known.number)),
            ("newest", version_name(call, newest.number)),
            ("day", format::moment(call.language, newest.changed_at)),
        ];
        Self {
            text: parts::say(call, key, &said),
            changes: (!is_newest).then(|| Changes::of_texts(&known.text, &newest.text)),
        }
    }
}
