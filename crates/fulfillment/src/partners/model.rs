//! What two towns are to each other. No database here.

use chrono::{DateTime, Utc};
use kernel::{Checks, Invalid, OrganizationId, Typed, text_enum};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

kernel::id!(
    /// Another town, as this one knows it.
    PartnerId
);

text_enum!(
    /// How this town and another stand; made from who wants it, never stored.
    Standing {
        /// This town has asked, and the other has not said yes.
        Asked = "asked",
        /// The other town has asked.
        AskedBy = "asked_by",
        /// Both want it: orders may be shared.
        Agreed = "agreed",
        /// One of them has ended it, or said no.
        Ended = "ended",
    }
);

impl Standing {
    pub(super) fn of(ours: bool, theirs: bool) -> Self {
        match (ours, theirs) {
            (true, true) => Self::Agreed,
            (true, false) => Self::Asked,
            (false, true) => Self::AskedBy,
            (false, false) => Self::Ended,
        }
    }

    /// Whether this town wants it.
    pub(super) fn is_ours(self) -> bool {
        matches!(self, Self::Asked | Self::Agreed)
    }
}

/// Another town that this one works together with, or did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Partner {
    /// This town's id of it.
    pub id: PartnerId,
    /// Its name in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// How the two stand.
    pub standing: Standing,
    /// Since when.
    pub changed_at: DateTime<Utc>,
    /// Counts what this town did.
    pub version: i32,
    #[serde(skip)]
    pub(crate) town: OrganizationId,
    #[serde(skip)]
    pub(super) heard_version: i32,
}

impl Partner {
    /// Whether orders may be shared with it.
    pub fn is_agreed(&self) -> bool {
        self.standing == Standing::Agreed
    }
}

/// Which town is asked, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "town": "shiojiri" }]))]
pub struct AskPartnerInput {
    /// The other town's name in addresses (`/t/NAME`); required.
    pub town: Typed,
}

impl AskPartnerInput {
    pub(super) fn checked(&self) -> Result<String, Invalid> {
        let mut checks = Checks::new();
        let slug = checks.required_line("town", &self.town, 40).to_lowercase();
        checks.done(slug)
    }
}

/// What one town says to another about working together: whether it wants to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// Whom it is for.
    pub(super) to: OrganizationId,
    /// Who says it.
    pub(super) from: OrganizationId,
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) wants: bool,
    /// Whether it has heard that the other wants it.
    pub(super) knows: bool,
    pub(super) version: i32,
}

/// Where a page of partners ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartnerKey(pub PartnerId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_towns_share_only_while_both_want_it() {
        let agreed = [(false, false), (true, false), (false, true), (true, true)]
            .map(|(ours, theirs)| Standing::of(ours, theirs) == Standing::Agreed);
        assert_eq!(agreed, [false, false, false, true]);
        assert_eq!(Standing::of(true, false), Standing::Asked);
        assert_eq!(Standing::of(false, true), Standing::AskedBy);
    }
}
