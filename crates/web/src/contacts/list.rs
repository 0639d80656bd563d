//! Everybody the town knows at its companies, in gojūon order, and the call list: who may be called.

use std::collections::HashMap;
use std::rc::Rc;

use actix_web::HttpResponse;
use clients::companies;
use clients::contacts::{self, Contact, ContactFilter, ContactKey, ContactSummary};
use db::{DbError, Tx};
use kernel::{CompanyId, ContactId, Paging, Typed};
use serde::{Deserialize, Serialize};

use super::ContactRow;
use crate::call::Call;
use crate::companies::pages::{KanaRow, kana_rows};
use crate::deals::may_sell;
use crate::failure::Failure;
use crate::format;
use crate::orders::parts::Tab;
use crate::paths;
use crate::phrases::address;

/// How many contacts a page or a search shows.
const ROWS: u16 = 50;

/// The query string of the list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ListQuery {
    after: Typed,
    q: Typed,
    /// Anything for the call list.
    calls: Typed,
}

#[derive(Serialize)]
struct ListPage {
    title: String,
    q: String,
    /// What a search keeps: the chosen tab.
    kept: HashMap<&'static str, &'static str>,
    tabs: Vec<Tab>,
    kana_rows: Vec<KanaRow>,
    rows: Vec<Row>,
    shown: usize,
    next: String,
    first: String,
    is_call_list: bool,
    may_sell: bool,
    /// Where the same list is written out.
    export: String,
}

#[derive(Serialize)]
struct Row {
    /// Their id, for whoever ticks them.
    number: ContactId,
    /// The contact's place on the company's page.
    href: String,
    company: String,
    person: ContactRow,
}

/// Whether a contact stands on the call list.
pub(super) fn to_be_called(contact: &Contact) -> bool {
    contact.may_be_called && !contact.phone.is_empty()
}

/// Contacts a search finds, with their companies.
pub(super) fn everybody_found(
    tx: &mut Tx<'_>,
    query: &str,
    most: i32,
) -> Result<Vec<ContactSummary>, DbError> {
    let found = contacts::search(tx, query, most)?;
    let ids: Vec<CompanyId> = found.iter().map(|contact| contact.company_id).collect();
    let names = companies::names(tx, &ids)?;
    let with_company = |contact: Contact| {
        let company = names.get(&contact.company_id).cloned().unwrap_or_default();
        ContactSummary { contact, company }
    };
    Ok(found.into_iter().map(with_company).collect())
}

/// `GET /contacts`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let query: ListQuery = call.query();
    let q = query.q.as_str().trim().to_owned();
    let after = format::read_page_key::<ContactKey>(query.after.as_str());
    let is_call_list = !query.calls.as_str().is_empty();
    let filter = if is_call_list { ContactFilter::ToBeCalled } else { ContactFilter::Everybody };
    let (searched, is_first) = (q.clone(), after.is_none());
    let (rows, next) = call
        .db(move |tx| -> Result<_, DbError> {
            if searched.is_empty() {
                let page = contacts::list(tx, filter, &Paging { after, ..Paging::first(ROWS) })?;
                return Ok((page.items, page.next));
            }
            let mut found = everybody_found(tx, &searched, i32::from(ROWS))?;
            found.retain(|one| !is_call_list || to_be_called(&one.contact));
            Ok((found, None))
        })
        .await?;
    let calls = if is_call_list { "yes" } else { "" };
    let page_at = |key: &str| address("/contacts", &[("calls", calls), ("after", key)]);
    let page = ListPage {
        title: call.text("contacts"),
        kept: if is_call_list { HashMap::from([("calls", "yes")]) } else { HashMap::new() },
        tabs: tabs(&call, is_call_list, &q),
        kana_rows: kana_rows(page_at, |kana| ContactKey(kana, ContactId(0))),
        shown: rows.len(),
        rows: rows.iter().map(|one| row(&call, one)).collect(),
        next: next.as_ref().map(|key| page_at(&format::page_key(key))).unwrap_or_default(),
        first: if is_first { String::new() } else { page_at("") },
        is_call_list,
        may_sell: may_sell(&call),
        export: address("/exports/contacts", &[("calls", calls), ("q", &q)]),
        q,
    };
    call.page("contacts/index.html", &page)
}

fn tabs(call: &Call, is_call_list: bool, q: &str) -> Vec<Tab> {
    let tab = |key: &str, calls: &str, current: bool| Tab {
        label: call.text(key),
        href: address("/contacts", &[("calls", calls), ("q", q)]),
        current,
    };
    vec![tab("contacts-everybody", "", !is_call_list), tab("contacts-call-list", "yes", is_call_list)]
}

fn row(call: &Call, one: &ContactSummary) -> Row {
    let person = ContactRow::of(call, &one.contact);
    let href = format!("{}#contact-{}", paths::company(one.contact.company_id), one.contact.id);
    Row { number: one.contact.id, href, company: one.company.clone(), person }
}
