//! What somebody may say about being called. No database here.

use chrono::{DateTime, Utc};
use kernel::{Checks, Invalid, Typed, text_enum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

text_enum!(
    /// What a contact said about being called.
    #[schemars(rename = "CallWish")]
    Wish {
        /// They do not want to be called.
        Refused = "refused",
        /// They may be called again.
        Welcome = "welcome",
    }
);

/// One line of the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "CallWishRecord")]
pub struct CallWish {
    /// What was said.
    pub wish: Wish,
    /// How we know: when, how, to whom.
    pub note: String,
    /// When it was written down.
    pub recorded_at: DateTime<Utc>,
    /// By whom: `person:42`.
    pub recorded_by: String,
}

/// A wish as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "wish": "refused", "note": "11月20日の電話で、今後の営業は不要とのこと" }]))]
pub struct CallWishInput {
    /// What was said.
    #[schemars(with = "Wish")]
    pub wish: Typed,
    /// How we know; required, because whoever asks later has to be told.
    pub note: Typed,
}

impl CallWishInput {
    pub(super) fn checked(&self) -> Result<(Wish, String), Invalid> {
        let mut checks = Checks::new();
        let wish = checks.choice("wish", &self.wish).unwrap_or(Wish::Refused);
        let note = checks.required_line("note", &self.note, 400);
        checks.done((wish, note))
    }
}
