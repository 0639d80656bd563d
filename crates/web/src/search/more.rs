//! `GET /search?q=&kind=`: everything of one kind that holds what is searched for, a page at a time.

use std::collections::HashMap;
use std::rc::Rc;

use actix_web::HttpResponse;
use db::filter::RowKey;
use kernel::{Paging, Typed};
use sales::views::{self, Item, ViewKind};
use serde::{Deserialize, Serialize};

use super::{Hit, Kinds, company_hit, contact_hit, deal_hit, lead_hit};
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::phrases::{address, said, word};
use crate::shell::Crumb;

/// How many a page shows.
const ROWS: u16 = 50;

/// What a search asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SearchQuery {
    pub(super) q: Typed,
    pub(super) kind: Typed,
    after: Typed,
}

#[derive(Serialize)]
struct MorePage {
    title: String,
    crumbs: Vec<Crumb>,
    q: String,
    /// What a new search keeps: the kind.
    kept: HashMap<&'static str, &'static str>,
    hits: Vec<Hit>,
    next: String,
    first: String,
}

/// Where everything of a kind is that holds `q`.
pub(super) fn all(kind: ViewKind, q: &str) -> String {
    address("/search", &[("q", q), ("kind", kind.as_str())])
}

pub(super) async fn show(
    call: &Rc<Call>,
    kind: ViewKind,
    query: &SearchQuery,
) -> Result<HttpResponse, Failure> {
    let kinds = Kinds::of(call);
    let may_look = match kind {
        ViewKind::Deals => kinds.deals,
        ViewKind::Companies => kinds.companies,
        ViewKind::Contacts => kinds.contacts,
        ViewKind::Leads => kinds.leads,
    };
    if !may_look {
        return Err(Failure::not_found());
    }
    let (q, after) = (query.q.to_string(), format::read_page_key::<RowKey>(query.after.as_str()));
    let (asked, is_first) = (q.clone(), after.is_none());
    let page =
        call.db(move |tx| views::holding(tx, kind, &asked, &Paging { after, ..Paging::first(ROWS) })).await?;
    let next = page.next.map(|key| format::page_key(&key)).unwrap_or_default();
    let hit = |item: Item| match item {
        Item::Deal(card) => deal_hit(call, card),
        Item::Company(one) => company_hit(call, &q, one.company),
        Item::Contact(one) => contact_hit(call, &q, one.contact, one.company),
        Item::Lead(lead) => lead_hit(call, &q, lead),
    };
    let here = |after: &str| address("/search", &[("q", &q), ("kind", kind.as_str()), ("after", after)]);
    let page = MorePage {
        title: said(call, "search-kind-title", [("q", &q), ("kind", &word(call, "view-kind", kind))]),
        crumbs: vec![Crumb::named(call.text("search-title"), address("/search", &[("q", &q)]))],
        kept: HashMap::from([("kind", kind.as_str())]),
        hits: page.items.into_iter().map(hit).collect(),
        next: if next.is_empty() { String::new() } else { here(&next) },
        first: if is_first { String::new() } else { here("") },
        q,
    };
    call.page("search/more.html", &page)
}
