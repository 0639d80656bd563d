//! The corporate-number register: searching it and making clients of what is found; pages and JSON.

pub(crate) mod api;
pub(crate) mod pages;

use kernel::{CorporateNumber, Typed};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::call::Call;
use crate::failure::Failure;

/// What is searched for, and how wide.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct RegistryQuery {
    q: Typed,
    /// Anything but empty also finds corporations that are gone or may be.
    closed: Typed,
    prefecture: Typed,
    city: Typed,
    after: Typed,
    limit: Typed,
}

/// The confirmation that a closed corporation is wanted all the same.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "confirm_closed": true }]))]
pub(crate) struct AdoptInput {
    /// `true` where the corporation is closed and wanted all the same.
    confirm_closed: Typed,
}

impl AdoptInput {
    fn is_confirmed(&self) -> bool {
        self.confirm_closed.is_yes()
    }
}

/// The number in the path; what is no corporate number is not found.
fn number(call: &Call) -> Result<CorporateNumber, Failure> {
    CorporateNumber::parse(call.segment("number")?).map_err(|_no_number| Failure::not_found())
}
