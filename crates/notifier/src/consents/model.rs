//! Whether a contact may be sent advertising, and how the town knows. No database here.

use chrono::{DateTime, Utc};
use kernel::{Checks, Invalid, Typed, text_enum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

text_enum!(
    /// What allows advertising to somebody, or forbids it (特定電子メール法 art. 3).
    #[schemars(rename = "ConsentBasis")]
    Basis {
        /// They asked for it.
        AskedFor = "asked_for",
        /// They gave us their address in writing, such as on a business card.
        BusinessCard = "business_card",
        /// Their company has ordered from us.
        Client = "client",
        /// They published the address without a word against advertising.
        Published = "published",
        /// They do not want it.
        Refused = "refused",
    }
);

/// One line of the record. The law wants it kept for as long as advertising is sent and a month longer; all of it stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Consent {
    /// What was told.
    pub basis: Basis,
    /// How we know: when, where, by whom.
    pub note: String,
    /// When it was written down.
    pub recorded_at: DateTime<Utc>,
    /// By whom: `person:42`, or `outside` for the person themselves through their link.
    pub recorded_by: String,
}

/// A consent or refusal as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "basis": "business_card", "note": "商工会の交流会で名刺を受け取った" }]))]
pub struct ConsentInput {
    /// What allows advertising, or forbids it.
    #[schemars(with = "Basis")]
    pub basis: Typed,
    /// How we know; required, because a consent nobody can prove is none.
    pub note: Typed,
}

impl ConsentInput {
    pub(super) fn checked(&self) -> Result<(Basis, String), Invalid> {
        let mut checks = Checks::new();
        let basis = checks.choice("basis", &self.basis).unwrap_or(Basis::Refused);
        let note = checks.required_line("note", &self.note, 400);
        checks.done((basis, note))
    }
}

/// Whether `latest` allows advertising when `refused` says whether there was ever a refusal. After one, nothing but
/// their own wish counts (art. 3 paragraph 3).
pub(super) fn allows(latest: Option<Basis>, refused: bool) -> bool {
    match latest {
        None | Some(Basis::Refused) => false,
        Some(Basis::AskedFor) => true,
        Some(Basis::BusinessCard | Basis::Client | Basis::Published) => !refused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_a_refusal_only_their_own_wish_counts() {
        for (latest, refused, allowed) in [
            (None, false, false),
            (Some(Basis::BusinessCard), false, true),
            (Some(Basis::BusinessCard), true, false),
            (Some(Basis::Client), true, false),
            (Some(Basis::Published), true, false),
            (Some(Basis::AskedFor), true, true),
            (Some(Basis::Refused), true, false),
        ] {
            assert_eq!(allows(latest, refused), allowed, "{latest:?} {refused}");
        }
    }
}
