//! Reading views: one, those a person sees, and what one lists.

use std::collections::HashMap;

use clients::companies::{self, CompanySummary};
use clients::contacts::{self, ContactSummary};
use clients::tags::{self, Tag};
use db::filter::{Condition, Group, Joined, Node, Operator, RowKey, Sort, Test};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{CompanyId, Page, Paging, Yen};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::{SavedView, View, ViewId, ViewKind};
use super::store::{self, SavedRow};
use crate::deals::{self, Card};
use crate::leads::{self, Lead};
use crate::schema::saved_views;

/// One view the acting person may see; [`DbError::NotFound`] where there is none.
pub fn find(tx: &mut Tx<'_>, id: ViewId) -> Result<View, DbError> {
    let me = tx.actor().person();
    let row: SavedRow = saved_views::table
        .filter(saved_views::id.eq(id))
        .filter(saved_views::is_shared.or(saved_views::person_id.nullable().is_not_distinct_from(me)))
        .select(SavedRow::as_select())
        .first(tx.conn())?;
    let saved = SavedView::from(row);
    let tree = store::tree(tx, &saved)?;
    Ok(View::of(saved, tree))
}

/// Where a page of views ends: name, then id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewKey(pub String, pub ViewId);

/// The views of a kind that the acting person sees, by name: the town's and their own.
pub fn list(
    tx: &mut Tx<'_>,
    kind: ViewKind,
    paging: &Paging<ViewKey>,
) -> Result<Page<SavedView, ViewKey>, DbError> {
    let me = tx.actor().person();
    let mut query = saved_views::table
        .filter(saved_views::kind.eq(kind))
        .filter(saved_views::is_shared.or(saved_views::person_id.nullable().is_not_distinct_from(me)))
        .order((saved_views::name, saved_views::id))
        .limit(paging.probe())
        .select(SavedRow::as_select())
        .into_boxed();
    if let Some(ViewKey(name, id)) = &paging.after {
        let same = saved_views::name.eq(name.clone()).and(saved_views::id.gt(*id));
        query = query.filter(saved_views::name.gt(name.clone()).or(same));
    }
    let rows: Vec<SavedRow> = query.load(tx.conn())?;
    let views = rows.into_iter().map(SavedView::from).collect();
    Ok(Page::cut(views, paging, |view: &SavedView| ViewKey(view.name.clone(), view.id)))
}

/// A company with its tags, which a view may show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TaggedCompany {
    /// The company.
    #[serde(flatten)]
    pub company: CompanySummary,
    /// Its tags by name.
    pub tags: Vec<Tag>,
}

/// What a view lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "ViewItem")]
pub enum Item {
    /// A deal.
    Deal(Card),
    /// A company.
    Company(TaggedCompany),
    /// A contact.
    Contact(ContactSummary),
    /// A lead.
    Lead(Lead),
}

impl Item {
    /// The id of the deal, company, contact or lead.
    pub const fn id(&self) -> i64 {
        match self {
            Self::Deal(card) => card.id.0,
            Self::Company(one) => one.company.id.0,
            Self::Contact(one) => one.contact.id.0,
            Self::Lead(lead) => lead.id.0,
        }
    }
}

/// A page of what a view lists.
pub fn items(tx: &mut Tx<'_>, view: &View, paging: &Paging<RowKey>) -> Result<Page<Item, RowKey>, DbError> {
    let kind = view.saved.kind;
    items_of(tx, kind, &view.tree, &kind.sort(&view.saved.sort), paging)
}

/// A page of what holds `query` in its name or title, or in what else it is searched by, in the usual order of its list.
pub fn holding(
    tx: &mut Tx<'_>,
    kind: ViewKind,
    query: &str,
    paging: &Paging<RowKey>,
) -> Result<Page<Item, RowKey>, DbError> {
    match tree_holding(kind, query) {
        Some(tree) => items_of(tx, kind, &tree, &kind.sort(""), paging),
        None => Ok(Page { items: Vec::new(), next: None }),
    }
}

/// What [`holding`] asks; `None` where `query` says nothing.
pub(super) fn tree_holding(kind: ViewKind, query: &str) -> Option<Group> {
    let field = kind.searched();
    let test = Test::read(field.kind, Operator::Contains, &[query.into()]).ok()?;
    let condition = Condition { field, test, gone: Vec::new(), labels: Vec::new() };
    Some(Group { joined: Joined::All, nodes: vec![Node::Condition(condition)] })
}

fn items_of(
    tx: &mut Tx<'_>,
    kind: ViewKind,
    tree: &Group,
    sort: &Sort,
    paging: &Paging<RowKey>,
) -> Result<Page<Item, RowKey>, DbError> {
    Ok(match kind {
        ViewKind::Deals => deals::viewed(tx, tree, sort, paging)?.map(Item::Deal),
        ViewKind::Companies => {
            let page = companies::viewed(tx, tree, sort, paging)?;
            let ids: Vec<CompanyId> = page.items.iter().map(|company| company.id).collect();
            let mut tags: HashMap<CompanyId, Vec<Tag>> = tags::of_companies(tx, &ids)?;
            page.map(|company| {
                let tags = tags.remove(&company.id).unwrap_or_default();
                Item::Company(TaggedCompany { company, tags })
            })
        }
        ViewKind::Contacts => contacts::viewed(tx, tree, sort, paging)?.map(Item::Contact),
        ViewKind::Leads => leads::viewed(tx, tree, sort, paging)?.map(Item::Lead),
    })
}

/// How many a view lists in all, and what they are worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ViewTotals")]
pub struct Totals {
    /// How many.
    pub count: i64,
    /// Yen before tax; of deals alone.
    pub amount: Option<Yen>,
}

/// The totals of a view.
pub fn totals(tx: &mut Tx<'_>, view: &View) -> Result<Totals, DbError> {
    totals_of(tx, view.saved.kind, &view.tree)
}

pub(super) fn totals_of(tx: &mut Tx<'_>, kind: ViewKind, tree: &Group) -> Result<Totals, DbError> {
    let count = match kind {
        ViewKind::Deals => {
            let totals = deals::totals_viewed(tx, tree)?;
            return Ok(Totals { count: totals.count, amount: Some(totals.amount) });
        }
        ViewKind::Companies => companies::count_viewed(tx, tree)?,
        ViewKind::Contacts => contacts::count_viewed(tx, tree)?,
        ViewKind::Leads => leads::count_viewed(tx, tree)?,
    };
    Ok(Totals { count, amount: None })
}
