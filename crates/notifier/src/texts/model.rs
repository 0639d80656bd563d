//! A town's own wording of a mail and what it must hold. No database here.

use chrono::{DateTime, Utc};
use kernel::{Checks, Invalid, Typed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::mails::OwnWords;

/// A wording as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "MailTextInput", extend("examples" = [{
    "subject": "お仕事：{{ mail.title }}",
    "body": "{{ recipient }}さん、こんにちは。\n\n{{ mail.title }}、{{ mail.unit_pay }}、{{ mail.deadline }}まで。\n\n見る：\n{{ mail.link }}",
}]))]
pub struct TextInput {
    /// The subject, as a template of one line.
    pub subject: Typed,
    /// The text without its footer, as a template.
    pub body: Typed,
}

impl TextInput {
    /// What somebody may begin with.
    pub fn of(words: &OwnWords) -> Self {
        Self { subject: words.subject.clone().into(), body: words.body.clone().into() }
    }

    /// Checks both fields and reports all problems at once.
    pub(super) fn checked(&self) -> Result<OwnWords, Invalid> {
        let mut checks = Checks::new();
        let words = OwnWords {
            subject: checks.required_line("subject", &self.subject, 200),
            body: checks.required_lines("body", &self.body, 8_000),
        };
        checks.done(words)
    }
}

/// One version of a wording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "MailTextVersion")]
pub struct TextVersion {
    /// Counted from 1.
    pub version: i32,
    /// The words; none: from here on Yui's own again.
    pub words: Option<OwnWords>,
    /// When it was written.
    pub written_at: DateTime<Utc>,
    /// By whom: `person:42`.
    pub written_by: String,
}
