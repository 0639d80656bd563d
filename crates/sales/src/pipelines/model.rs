//! What a pipeline is. No database here.

use chrono::{DateTime, Utc};
use kernel::{Checks, Invalid, Typed, id};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::deals::optional_choice;

id!(
    /// A pipeline.
    PipelineId
);

/// What a town's first pipeline is called until the town says otherwise.
pub(super) const USUAL: &str = "営業";

/// A way the town sells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Pipeline {
    /// Its id.
    pub id: PipelineId,
    /// Its name in this town.
    pub name: String,
    /// Where it stands among the others; deals begin in the first where nothing else is said.
    pub position: i16,
    /// Since when it is out of use.
    pub archived_at: Option<DateTime<Utc>>,
    /// Counts its changes.
    pub version: i32,
}

/// A pipeline as typed into the form or sent to the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "name": "年間契約" }]))]
pub struct PipelineInput {
    /// Name, at most 60 characters; required and unlike the others'.
    pub name: Typed,
    /// The pipeline whose stages a new one begins with; the usual seven where empty. Says nothing in a renaming.
    pub like: Typed,
}

/// Input that passed every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PipelineFields {
    pub(super) name: String,
    pub(super) like: Option<PipelineId>,
}

impl PipelineInput {
    pub(super) fn checked(&self) -> Result<PipelineFields, Invalid> {
        let mut checks = Checks::new();
        let name = checks.required_line("name", &self.name, 60);
        let like = optional_choice(&mut checks, "like", &self.like);
        checks.done(PipelineFields { name, like })
    }
}
