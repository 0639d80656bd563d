//! The views of one kind, and one view with what it lists.

use std::collections::BTreeMap;
use std::rc::Rc;

use accounts::{Person, persons};
use actix_web::HttpResponse;
use db::filter::RowKey;
use db::{DbError, Tx};
use kernel::{Paging, PersonId, Typed};
use sales::views::{self, Item, SavedView, Totals, View, ViewId, ViewKey, ViewKind};
use serde::{Deserialize, Serialize};

use super::cells::{self, Head, Row};
use super::{crumbs, index_of, whole_list, words};
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::orders::parts::Tab;
use crate::paths;
use crate::phrases::{self, said, word};
use crate::shell::Crumb;

/// How many rows a page shows.
const ROWS: u16 = 30;
/// How many views stand as tabs over one of them; the list of views has the rest.
const TABS: u16 = 6;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct IndexQuery {
    kind: Typed,
    after: Typed,
}

#[derive(Serialize)]
struct IndexPage {
    title: String,
    crumbs: Vec<Crumb>,
    tabs: Vec<Tab>,
    rows: Vec<IndexRow>,
    new: String,
    next: String,
    first: String,
}

#[derive(Serialize)]
struct IndexRow {
    id: String,
    name: String,
    href: String,
    /// Whose it is.
    whose: String,
    is_shared: bool,
}

/// `GET /views?kind=`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let query: IndexQuery = call.query();
    let kind: ViewKind = query.kind.as_str().parse().unwrap_or(ViewKind::Deals);
    let after = format::read_page_key::<ViewKey>(query.after.as_str());
    let is_first = after.is_none();
    let (page, people) = call
        .db(move |tx| -> Result<_, DbError> {
            let page = views::list(tx, kind, &Paging { after, ..Paging::first(ROWS) })?;
            let makers: Vec<PersonId> = page.items.iter().map(|view| view.person_id).collect();
            Ok((page, persons::find_many(tx, &makers)?))
        })
        .await?;
    let here = |after: &str| phrases::address("/views", &[("kind", kind.as_str()), ("after", after)]);
    let (list, key) = whole_list(kind);
    let page = IndexPage {
        title: call.text("views"),
        crumbs: vec![Crumb::new(&call, key, list)],
        tabs: ViewKind::ALL.iter().map(|one| kind_tab(&call, *one, kind)).collect(),
        rows: page.items.iter().map(|view| index_row(&call, view, &people)).collect(),
        new: phrases::address("/views/new", &[("kind", kind.as_str())]),
        next: page.next.map(|key| here(&format::page_key(&key))).unwrap_or_default(),
        first: if is_first { String::new() } else { here("") },
    };
    call.page("views/index.html", &page)
}

fn kind_tab(call: &Call, kind: ViewKind, now: ViewKind) -> Tab {
    Tab { label: word(call, "view-kind", kind), href: index_of(kind), current: kind == now }
}

fn index_row(call: &Call, view: &SavedView, people: &BTreeMap<PersonId, Person>) -> IndexRow {
    let maker = people.get(&view.person_id).map(|maker| maker.name_in(call.language)).unwrap_or_default();
    IndexRow {
        id: format!("view-{}", view.id),
        name: view.name.clone(),
        href: paths::view(view.id),
        whose: if view.is_shared {
            said(call, "view-shared-by", [("name", &maker)])
        } else {
            call.text("view-own")
        },
        is_shared: view.is_shared,
    }
}

#[derive(Serialize)]
struct ViewPage {
    title: String,
    crumbs: Vec<Crumb>,
    path: String,
    id: ViewId,
    kind: ViewKind,
    /// The conditions in words.
    sentence: String,
    /// How many it lists, in a sentence.
    answer: String,
    whose: String,
    /// What it names and the town no longer has.
    gone: Vec<String>,
    tabs: Vec<Tab>,
    name_head: String,
    heads: Vec<Head>,
    rows: Vec<Row>,
    may_change: bool,
    next: String,
    first: String,
    list: &'static str,
}

struct Facts {
    view: View,
    items: Vec<Item>,
    next: Option<RowKey>,
    totals: Totals,
    maker: Option<Person>,
    people: BTreeMap<PersonId, Person>,
    others: Vec<SavedView>,
    may_change: bool,
}

fn facts(tx: &mut Tx<'_>, id: ViewId, after: Option<RowKey>) -> Result<Facts, DbError> {
    let view = views::find(tx, id)?;
    let page = views::items(tx, &view, &Paging { after, ..Paging::first(ROWS) })?;
    let owner = |item: &Item| match item {
        Item::Lead(lead) => lead.owner_id,
        _ => None,
    };
    let mut named: Vec<PersonId> = page.items.iter().filter_map(owner).collect();
    named.push(view.saved.person_id);
    let people = persons::find_many(tx, &named)?;
    Ok(Facts {
        totals: views::totals(tx, &view)?,
        maker: people.get(&view.saved.person_id).cloned(),
        people,
        others: views::list(tx, view.saved.kind, &Paging::first(TABS))?.items,
        may_change: views::may_change(tx, &view.saved)?,
        items: page.items,
        next: page.next,
        view,
    })
}

/// `GET /views/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: ViewId = call.id("id")?;
    let after = format::read_page_key::<RowKey>(call.query::<IndexQuery>().after.as_str());
    let is_first = after.is_none();
    let facts = call.db(move |tx| facts(tx, id, after)).await?;
    call.page("views/show.html", &view_page(&call, facts, is_first))
}

fn view_page(call: &Call, facts: Facts, is_first: bool) -> ViewPage {
    let Facts { view, items, next, totals, maker, people, others, may_change } = facts;
    let (saved, path) = (&view.saved, paths::view(view.saved.id));
    let here = |after: &str| phrases::address(&path, &[("after", after)]);
    let (count, amount) = (format::count(totals.count), totals.amount);
    let amount = amount.map(|amount| format::yen(call.language, amount)).unwrap_or_default();
    let maker = maker.map(|maker| maker.name_in(call.language)).unwrap_or_default();
    ViewPage {
        title: saved.name.clone(),
        crumbs: crumbs(call, saved.kind),
        id: saved.id,
        kind: saved.kind,
        sentence: words::sentence(call, saved.kind, &view.tree),
        answer: if amount.is_empty() {
            said(call, "view-answer", [("count", &count)])
        } else {
            said(call, "deals-answer", [("count", &count), ("amount", &amount)])
        },
        whose: if saved.is_shared {
            said(call, "view-shared-by", [("name", &maker)])
        } else {
            call.text("view-own")
        },
        gone: view
            .tree
            .conditions()
            .iter()
            .flat_map(|one| &one.gone)
            .map(|gone| gone.label.clone())
            .collect(),
        tabs: tabs(call, saved, &others),
        name_head: call.text(cells::name_of(saved.kind)),
        heads: cells::heads(call, &saved.columns),
        rows: items.iter().map(|item| cells::row(call, &saved.columns, item, &people)).collect(),
        may_change,
        next: next.map(|key| here(&format::page_key(&key))).unwrap_or_default(),
        first: if is_first { String::new() } else { here("") },
        list: whole_list(saved.kind).0,
        path,
    }
}

/// The whole list, the first views by name, and this one in any case.
fn tabs(call: &Call, view: &SavedView, others: &[SavedView]) -> Vec<Tab> {
    let tab = |one: &SavedView| Tab {
        label: one.name.clone(),
        href: paths::view(one.id),
        current: one.id == view.id,
    };
    let (list, _) = whole_list(view.kind);
    let whole = Tab { label: call.text("view-whole-list"), href: list.to_owned(), current: false };
    let mut tabs: Vec<Tab> = std::iter::once(whole).chain(others.iter().map(tab)).collect();
    if !others.iter().any(|one| one.id == view.id) {
        tabs.push(tab(view));
    }
    tabs
}

/// `POST /views/{id}/copy`
pub(crate) async fn copy(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, form): (ViewId, _) = (call.id("id")?, call.form());
    let copied = call.once(&form, move |tx| views::copy(tx, id).map(|view| paths::view(view.saved.id)));
    Ok(call.done(copied.await?, "done-view-copied"))
}

/// `POST /views/{id}/delete`
pub(crate) async fn remove(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, version): (ViewId, i32) = (call.id("id")?, call.form().version()?);
    let kind = call
        .db(move |tx| -> Result<_, views::ViewError> {
            let kind = views::find(tx, id)?.saved.kind;
            views::remove(tx, id, version)?;
            Ok(kind)
        })
        .await?;
    Ok(call.done(index_of(kind), "done-view-removed"))
}
