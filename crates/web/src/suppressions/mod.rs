//! Addresses that are left alone, and why (送らない宛先).

pub(crate) mod api;
pub(crate) mod pages;

use kernel::Typed;
use schemars::JsonSchema;
use serde::Deserialize;

/// Why an entry is lifted.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "note": "本人に電話で確かめた" }]))]
pub(crate) struct LiftInput {
    /// How you know that mails may go there again; at most 400 characters, required.
    note: Typed,
}
