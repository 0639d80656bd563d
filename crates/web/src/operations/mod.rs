//! What operators see: mails with their timeline, the sandbox mailbox, tasks that need a person.

pub(crate) mod api;
pub(crate) mod messages;
pub(crate) mod sandbox;
pub(crate) mod tasks;

use kernel::Paging;
use serde::de::DeserializeOwned;

use crate::call::Call;
use crate::format;
use crate::forms::PageQuery;

const ROWS: u16 = 50;

fn paging<K: DeserializeOwned>(call: &Call) -> Paging<K> {
    let query: PageQuery = call.query();
    Paging { after: format::read_page_key(query.after.as_str()), ..Paging::first(ROWS) }
}
