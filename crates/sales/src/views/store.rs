//! Rows and writes of `saved_views` and `view_rows`.

use chrono::{DateTime, Utc};
use db::filter::{Condition, Group, Joined, Node, Operator, Test};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{PersonId, Typed};

use super::known::{Known, ids};
use super::model::{SavedView, VANISHED, ViewFields, ViewId, ViewKind};
use crate::schema::{saved_views, view_rows};

#[derive(Queryable, Selectable)]
#[diesel(table_name = saved_views)]
pub(super) struct SavedRow {
    id: ViewId,
    kind: ViewKind,
    name: String,
    person_id: PersonId,
    is_shared: bool,
    shown: Vec<String>,
    sort: String,
    created_at: DateTime<Utc>,
    version: i32,
}

impl From<SavedRow> for SavedView {
    fn from(row: SavedRow) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            name: row.name,
            person_id: row.person_id,
            is_shared: row.is_shared,
            columns: row.shown,
            sort: row.sort,
            created_at: row.created_at,
            version: row.version,
        }
    }
}

/// `None` where this person has a view of that kind and name already.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    person: PersonId,
    fields: &ViewFields,
) -> Result<Option<SavedView>, DbError> {
    let now = tx.now();
    let row: Option<SavedRow> = diesel::insert_into(saved_views::table)
        .values((
            saved_views::kind.eq(fields.kind),
            saved_views::name.eq(&fields.name),
            saved_views::person_id.eq(person),
            saved_views::is_shared.eq(fields.is_shared),
            saved_views::shown.eq(&fields.columns),
            saved_views::sort.eq(&fields.sort),
            saved_views::created_at.eq(now),
        ))
        .on_conflict((
            saved_views::organization_id,
            saved_views::person_id,
            saved_views::kind,
            saved_views::name,
        ))
        .do_nothing()
        .returning(SavedRow::as_returning())
        .get_result(tx.conn())
        .optional()?;
    let Some(row) = row else { return Ok(None) };
    write_tree(tx, row.id, &fields.tree)?;
    Ok(Some(row.into()))
}

/// `None` when the row is no longer at `version`.
pub(super) fn update(
    tx: &mut Tx<'_>,
    id: ViewId,
    version: i32,
    fields: &ViewFields,
) -> Result<Option<SavedView>, DbError> {
    let guarded = saved_views::table.filter(saved_views::id.eq(id)).filter(saved_views::version.eq(version));
    let row: Option<SavedRow> = diesel::update(guarded)
        .set((
            saved_views::name.eq(&fields.name),
            saved_views::is_shared.eq(fields.is_shared),
            saved_views::shown.eq(&fields.columns),
            saved_views::sort.eq(&fields.sort),
            saved_views::version.eq(version + 1),
        ))
        .returning(SavedRow::as_returning())
        .get_result(tx.conn())
        .optional()?;
    let Some(row) = row else { return Ok(None) };
    diesel::delete(view_rows::table.filter(view_rows::view_id.eq(id))).execute(tx.conn())?;
    write_tree(tx, id, &fields.tree)?;
    Ok(Some(row.into()))
}

/// Whether the row was still at `version`.
pub(super) fn remove(tx: &mut Tx<'_>, id: ViewId, version: i32) -> Result<bool, DbError> {
    let at = saved_views::table.filter(saved_views::id.eq(id)).filter(saved_views::version.eq(version));
    if at.for_update().select(saved_views::id).first::<ViewId>(tx.conn()).optional()?.is_none() {
        return Ok(false);
    }
    diesel::delete(view_rows::table.filter(view_rows::view_id.eq(id))).execute(tx.conn())?;
    diesel::delete(saved_views::table.filter(saved_views::id.eq(id))).execute(tx.conn())?;
    Ok(true)
}

/// A group or a condition on its way into the table.
#[derive(Insertable)]
#[diesel(table_name = view_rows)]
struct NewRow {
    view_id: ViewId,
    number: i16,
    group_number: Option<i16>,
    joined: Option<Joined>,
    field: Option<String>,
    operator: Option<Operator>,
    chosen: Vec<String>,
    labels: Vec<String>,
}

impl NewRow {
    fn group(view: ViewId, number: i16, within: Option<i16>, joined: Joined) -> Self {
        Self {
            view_id: view,
            number,
            group_number: within,
            joined: Some(joined),
            field: None,
            operator: None,
            chosen: Vec::new(),
            labels: Vec::new(),
        }
    }

    fn condition(view: ViewId, number: i16, within: i16, one: &Condition) -> Self {
        let gone = one.gone.iter();
        Self {
            view_id: view,
            number,
            group_number: Some(within),
            joined: None,
            field: Some(one.field.name.to_owned()),
            operator: Some(one.test.operator()),
            chosen: one
                .test
                .values()
                .into_iter()
                .chain(gone.clone().map(|gone| gone.id.to_string()))
                .collect(),
            labels: one.labels.iter().chain(gone.map(|gone| &gone.label)).cloned().collect(),
        }
    }
}

fn write_tree(tx: &mut Tx<'_>, view: ViewId, tree: &Group) -> Result<(), DbError> {
    let mut rows = vec![NewRow::group(view, 1, None, tree.joined)];
    number(view, tree, 1, &mut rows);
    diesel::insert_into(view_rows::table).values(rows).execute(tx.conn())?;
    Ok(())
}

fn number(view: ViewId, group: &Group, own: i16, rows: &mut Vec<NewRow>) {
    for node in &group.nodes {
        // A view has at most forty rows, also by CHECK.
        let next = i16::try_from(rows.len() + 1).unwrap_or(i16::MAX);
        match node {
            Node::Condition(one) => rows.push(NewRow::condition(view, next, own, one)),
            Node::Group(inner) => {
                rows.push(NewRow::group(view, next, Some(own), inner.joined));
                number(view, inner, next, rows);
            }
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = view_rows)]
struct TreeRow {
    number: i16,
    group_number: Option<i16>,
    joined: Option<Joined>,
    field: Option<String>,
    operator: Option<Operator>,
    chosen: Vec<String>,
    labels: Vec<String>,
}

impl TreeRow {
    fn condition(&self, kind: ViewKind) -> Condition {
        let values: Vec<Typed> = self.chosen.iter().map(|value| value.as_str().into()).collect();
        let read = self
            .field
            .as_deref()
            .and_then(|name| kind.field(name))
            .zip(self.operator)
            .and_then(|(field, operator)| Some((field, Test::read(field.kind, operator, &values).ok()?)));
        // What this version of the program cannot ask passes nothing, so that no view grows by an update.
        let (field, test) = read.unwrap_or((VANISHED, Test::Filled));
        let called = |id: &i64| {
            let named = self.chosen.iter().zip(&self.labels).find(|(chosen, _)| **chosen == id.to_string());
            named.map(|(_, label)| label.clone()).unwrap_or_default()
        };
        let labels = ids(&test).iter().map(called).collect();
        Condition { field, test, gone: Vec::new(), labels }
    }
}

/// The tree of a view, with what is gone told apart.
pub(super) fn tree(tx: &mut Tx<'_>, view: &SavedView) -> Result<Group, DbError> {
    let rows: Vec<TreeRow> = view_rows::table
        .filter(view_rows::view_id.eq(view.id))
        .order(view_rows::number)
        .select(TreeRow::as_select())
        .load(tx.conn())?;
    let root = rows.iter().find_map(|row| row.joined.filter(|_| row.group_number.is_none()));
    let mut tree = Group { joined: root.unwrap_or(Joined::All), nodes: nodes(&rows, 1, view.kind) };
    let known = Known::of(tx, &tree)?;
    tree.each_condition(&mut |condition| known.settle(condition));
    Ok(tree)
}

fn nodes(rows: &[TreeRow], within: i16, kind: ViewKind) -> Vec<Node> {
    let node = |row: &TreeRow| match row.joined {
        Some(joined) => Node::Group(Group { joined, nodes: nodes(rows, row.number, kind) }),
        None => Node::Condition(row.condition(kind)),
    };
    rows.iter().filter(|row| row.group_number == Some(within)).map(node).collect()
}
