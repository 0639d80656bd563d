//! Saved views (保存した表示): the part of a list that people look at again and again, by conditions in groups of "and"
//! and "or", with columns and an order of their own; a person's own, or the town's.
//!
//! Invariants: a view lists exactly what its conditions say, and its totals are that list's
//! (`a_view_lists_exactly_what_its_conditions_say`); what a condition names and the town no longer has counts for nothing
//! (`a_condition_whose_choices_are_gone_passes_nothing`); a shared view stays with the town when its maker leaves.

mod known;
mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use accounts::{Person, Role, persons};
use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, PersonId};

pub use known::{Choosable, choices};
pub use lists::{Item, TaggedCompany, Totals, ViewKey, find, holding, items, list, totals};
pub use model::{OutlineRow, RowInput, SavedView, View, ViewId, ViewInput, ViewKind};

use model::ViewFields;

/// Why a view was not kept, changed or removed.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// It is somebody else's who still sells for the town; make a copy.
    #[error("the view is somebody else's")]
    Others,
    /// Somebody changed it since it was read.
    #[error("the view was changed meanwhile")]
    Stale,
    /// The database failed, or the acting person sees no such view.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for ViewError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::Others => Code::Forbidden,
            Self::Stale => Code::Stale,
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            _ => &[],
        }
    }
}

/// Keeps a new view of the acting person's.
pub fn create(tx: &mut Tx<'_>, input: &ViewInput) -> Result<View, ViewError> {
    let person = tx.actor().person().ok_or(DbError::NotFound)?;
    let fields = input.checked()?;
    let fields = ViewFields { tree: known::settled(tx, fields.tree, None)?, ..fields };
    let saved = store::insert(tx, person, &fields)?.ok_or_else(taken)?;
    Ok(View::of(saved, fields.tree))
}

/// Changes a view that was read at `version`; it goes on listing the same kind of thing.
pub fn change(tx: &mut Tx<'_>, id: ViewId, version: i32, input: &ViewInput) -> Result<View, ViewError> {
    let current = find(tx, id)?;
    if !may_change(tx, &current.saved)? {
        return Err(ViewError::Others);
    }
    let fields = input.checked()?;
    if fields.kind != current.saved.kind {
        return Err(Invalid::field("kind", Code::UnknownChoice).into());
    }
    let fields = ViewFields { tree: known::settled(tx, fields.tree, Some(&current.tree))?, ..fields };
    if current.saved.version != version {
        return Err(ViewError::Stale);
    }
    let renamed = tx.savepoint(|tx| store::update(tx, id, version, &fields));
    match renamed {
        Ok(saved) => Ok(View::of(saved.ok_or(ViewError::Stale)?, fields.tree)),
        Err(error) if error.violates("saved_views_name") => Err(taken().into()),
        Err(error) => Err(error.into()),
    }
}

/// Removes a view that was read at `version`.
pub fn remove(tx: &mut Tx<'_>, id: ViewId, version: i32) -> Result<(), ViewError> {
    let current = find(tx, id)?;
    if !may_change(tx, &current.saved)? {
        return Err(ViewError::Others);
    }
    if store::remove(tx, id, version)? { Ok(()) } else { Err(ViewError::Stale) }
}

/// Makes a view the acting person's own: a copy that nobody else sees, under the same name where that is free.
pub fn copy(tx: &mut Tx<'_>, id: ViewId) -> Result<View, ViewError> {
    let person = tx.actor().person().ok_or(DbError::NotFound)?;
    let View { saved, tree, .. } = find(tx, id)?;
    let base: String = saved.name.chars().take(56).collect();
    let mut fields = ViewFields {
        kind: saved.kind,
        name: saved.name,
        is_shared: false,
        columns: saved.columns,
        sort: saved.sort,
        tree,
    };
    for copies in 2..100 {
        if let Some(saved) = store::insert(tx, person, &fields)? {
            return Ok(View::of(saved, fields.tree));
        }
        fields.name = format!("{base} {copies}");
    }
    Err(taken().into())
}

/// What the conditions of an input would list, before anything is kept; `view` is the one that it would change.
pub fn preview(
    tx: &mut Tx<'_>,
    kind: ViewKind,
    view: Option<&View>,
    input: &ViewInput,
) -> Result<Totals, ViewError> {
    let tree = known::settled(tx, input.read_tree(kind)?, view.map(|view| &view.tree))?;
    Ok(lists::totals_of(tx, kind, &tree)?)
}

/// Whether the acting person may change a view they see: its maker, an administrator, and everybody once its maker no
/// longer sells for the town.
pub fn may_change(tx: &mut Tx<'_>, view: &SavedView) -> Result<bool, DbError> {
    let Some(me) = tx.actor().person() else { return Ok(false) };
    if view.person_id == me {
        return Ok(true);
    }
    let people = persons::find_many(tx, &[me, view.person_id])?;
    let holds =
        |id: PersonId, role: Role| people.get(&id).is_some_and(|one: &Person| one.roles.contains(&role));
    let maker_sells = holds(view.person_id, Role::Sales) || holds(view.person_id, Role::Admin);
    Ok(view.is_shared && (holds(me, Role::Admin) || !maker_sells))
}

fn taken() -> Invalid {
    Invalid::field("name", Code::Taken)
}
