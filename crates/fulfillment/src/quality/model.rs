//! A town's values for checking work, and what may be entered for them. No database here.

use kernel::{Checks, Invalid, Typed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a town checks its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Quality {
    /// For how many minutes a version is a reviewer's who took it.
    pub lease_minutes: i16,
    /// How often a unit goes back to one maker through their own fault; after that they are coached.
    pub rework_cap: i16,
    /// Within how many business days a refusal is appealed, and an appeal decided.
    pub appeal_days: i16,
    /// Of how many hundred verdicts how many are given once more by somebody who does not know the first.
    pub second_look_percent: i16,
}

impl Default for Quality {
    fn default() -> Self {
        Self { lease_minutes: 30, rework_cap: 2, appeal_days: 5, second_look_percent: 2 }
    }
}

/// The values as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "lease_minutes": 30, "rework_cap": 2, "appeal_days": 5, "second_look_percent": 2 }]))]
pub struct QualityInput {
    /// Minutes, 5 to 240; required.
    pub lease_minutes: Typed,
    /// Returns, 1 to 9; required.
    pub rework_cap: Typed,
    /// Business days, 1 to 20; required.
    pub appeal_days: Typed,
    /// Verdicts of a hundred, 0 to 100; required.
    pub second_look_percent: Typed,
}

impl QualityInput {
    /// What stands now, to be changed.
    pub fn of(quality: Quality) -> Self {
        Self {
            lease_minutes: quality.lease_minutes.to_string().into(),
            rework_cap: quality.rework_cap.to_string().into(),
            appeal_days: quality.appeal_days.to_string().into(),
            second_look_percent: quality.second_look_percent.to_string().into(),
        }
    }

    pub(super) fn checked(&self) -> Result<Quality, Invalid> {
        let mut checks = Checks::new();
        let mut small = |field: &str, typed: &Typed, range| {
            i16::try_from(checks.number(field, typed, range)).unwrap_or_default()
        };
        let quality = Quality {
            lease_minutes: small("lease_minutes", &self.lease_minutes, 5..=240),
            rework_cap: small("rework_cap", &self.rework_cap, 1..=9),
            appeal_days: small("appeal_days", &self.appeal_days, 1..=20),
            second_look_percent: small("second_look_percent", &self.second_look_percent, 0..=100),
        };
        checks.done(quality)
    }
}
