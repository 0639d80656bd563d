//! What operators see: mails with their timeline, the sandbox mailbox, tasks that need a person.

pub(crate) mod actions;
pub(crate) mod api;
mod condition;
pub(crate) mod messages;
pub(crate) mod pulse;
pub(crate) mod sandbox;
pub(crate) mod stuck;
pub(crate) mod tasks;

use kernel::{Paging, Typed};
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::call::Call;
use crate::format;
use crate::forms::PageQuery;

const ROWS: u16 = 50;

/// Why a mail is sent once more.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "reason": "届いていないと電話があった" }]))]
pub(crate) struct ResendInput {
    /// In words, at most 400 characters; required. It stays on record.
    reason: Typed,
}

/// A mail that came back.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "notice": "550 5.1.1 User unknown" }]))]
pub(crate) struct BounceInput {
    /// What the notice of non-delivery says.
    notice: Typed,
}

fn paging<K: DeserializeOwned>(call: &Call) -> Paging<K> {
    let query: PageQuery = call.query();
    Paging { after: format::read_page_key(query.after.as_str()), ..Paging::first(ROWS) }
}
