//! What a finding is. No database here.

use chrono::{DateTime, Utc};
use kernel::{Checks, Invalid, PersonId, Typed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

kernel::id!(
    /// Something the team found wanting (課題).
    FindingId
);

kernel::text_enum!(
    /// The word for a finding's state.
    FindingStatus {
        /// Still wanting.
        Open = "open",
        /// Wanting no more.
        Settled = "settled",
    }
);

/// Where a finding stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum FindingState {
    /// Still wanting.
    Open,
    /// Wanting no more.
    Settled {
        /// Since when.
        settled_at: DateTime<Utc>,
    },
}

impl FindingState {
    /// The word for it.
    pub const fn status(self) -> FindingStatus {
        match self {
            Self::Open => FindingStatus::Open,
            Self::Settled { .. } => FindingStatus::Settled,
        }
    }
}

/// Something the team found wanting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Finding {
    /// Its id.
    pub id: FindingId,
    /// What is wanting, in one line.
    pub title: String,
    /// Open or settled.
    #[serde(flatten)]
    pub state: FindingState,
    /// Who wrote it down.
    pub person_id: PersonId,
    /// When.
    pub created_at: DateTime<Utc>,
    /// Counts its changes; a verb names the version it was based on.
    pub version: i32,
}

/// A finding as typed into the form or sent to the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "title": "見積を出すまでに3日かかる" }]))]
pub struct FindingInput {
    /// What is wanting, in one line; required.
    pub title: Typed,
}

impl FindingInput {
    pub(super) fn checked(&self) -> Result<String, Invalid> {
        let mut checks = Checks::new();
        let title = checks.required_line("title", &self.title, 200);
        checks.done(title)
    }
}
