//! What a kind of defect is. No database here.

use chrono::{DateTime, Utc};
use kernel::{Checks, Invalid, Language, Typed, text_enum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

kernel::id!(
    /// One of the town's kinds of defect.
    DefectKindId
);

text_enum!(
    /// How grave a defect is.
    Severity {
        /// Not nice, and no reason to send the work back.
        Minor = "minor",
        /// The client would want it mended.
        Major = "major",
        /// It does harm: nothing with one goes out.
        Critical = "critical",
    }
);

impl Severity {
    /// Whether a version with such a defect may pass.
    pub fn may_pass(self) -> bool {
        self == Self::Minor
    }
}

/// A kind of defect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DefectKind {
    /// Its id.
    pub id: DefectKindId,
    /// What it is called.
    pub name: String,
    /// How grave it is.
    pub severity: Severity,
    /// Since when nobody chooses it any more.
    pub retired_at: Option<DateTime<Utc>>,
}

/// A kind as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "name": "郵便番号の誤り", "severity": "major" }]))]
pub struct DefectKindInput {
    /// What it is called; required, at most 100 characters, each name once.
    pub name: Typed,
    /// A [`Severity`]'s word; required.
    #[schemars(with = "Severity")]
    pub severity: Typed,
}

impl DefectKindInput {
    pub(super) fn checked(&self) -> Result<(String, Severity), Invalid> {
        let mut checks = Checks::new();
        let name = checks.required_line("name", &self.name, 100);
        let severity: Option<Severity> = checks.choice("severity", &self.severity);
        checks.done((name, severity.unwrap_or(Severity::Major)))
    }
}

/// What a town begins with: the kinds that most work knows, the most grave last.
pub(super) fn usual(language: Language) -> [(&'static str, Severity); 8] {
    use Severity::{Critical, Major, Minor};
    match language {
        Language::Ja => [
            ("誤字・脱字", Minor),
            ("表記のゆれ", Minor),
            ("抜け・入力もれ", Major),
            ("内容の誤り", Major),
            ("様式の違い", Major),
            ("ファイルが開けない", Critical),
            ("個人情報・秘密が入っている", Critical),
            ("無断の転載・使用", Critical),
        ],
        Language::En => [
            ("Typing mistake", Minor),
            ("Spelt in several ways", Minor),
            ("Something is missing", Major),
            ("Wrong content", Major),
            ("Wrong format", Major),
            ("File cannot be opened", Critical),
            ("Personal data or a secret in it", Critical),
            ("Used without permission", Critical),
        ],
    }
}
