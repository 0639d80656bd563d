//! One change to many things (まとめて変更): the owner, stage or next day of deals, tags of companies, what contacts said of
//! calls and in which language they are written to, the owner of leads.
//!
//! Everything chosen is looked at first and nothing is changed; then each is changed by the verb of one, under its rules and
//! with its history; and all of it can be taken back by the edit's id.
//!
//! Invariants: what somebody has changed since it was looked at is left alone and named
//! (`what_somebody_changed_meanwhile_is_left_alone_and_named`); what would be refused is named before, with why, and is
//! never changed (`what_a_rule_refuses_is_named_before_and_never_changed`); taking back leaves what somebody has worked
//! with since (`taking_back_leaves_what_somebody_has_worked_with_since`).

mod deeds;
mod lists;
mod model;
mod steps;
mod store;
#[cfg(test)]
mod tests;

use accounts::persons;
use clients::tags::{self, TagId};
use clients::{companies, contacts};
use db::{DbError, Tx};
use kernel::{BoardStageId, Code, Coded, FieldProblem, Invalid, Language, PersonId, date_in_japan};

pub use lists::{EditRowFilter, find, list, rows};
pub use model::{
    BulkEdit, BulkEditId, BulkEditInput, BulkEditRow, EditField, EditKind, EditOutcome, EditState,
    EditVerdict, MOST_ROWS,
};
pub use steps::{RunBulkEdit, run};

use crate::colleagues;
use crate::stages::{self, StageKind};
use crate::views::{self, ViewKind};
use crate::{deals, leads};
use model::{Chosen, EditFields, Value};

/// Why an edit did not take its next step.
#[derive(Debug, thiserror::Error)]
pub enum BulkEditError {
    /// Input that cannot be accepted; nothing was changed.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The edit is in another state than the step asks for.
    #[error("the edit is {0}")]
    NotNow(EditState),
    /// The database failed, or this town has no such edit.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for BulkEditError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::NotNow(_) => Code::Conflict,
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

/// Begins an edit: everything chosen is looked at, at once where it is little, and nothing is changed.
pub fn begin(tx: &mut Tx<'_>, input: &BulkEditInput) -> Result<BulkEdit, BulkEditError> {
    let person = tx.actor().person().ok_or(DbError::NotFound)?;
    let fields = input.checked(date_in_japan(tx.now()))?;
    let label = label(tx, &fields)?;
    let ids = chosen(tx, &fields)?;
    if ids.is_empty() {
        return Err(Invalid::field("ids", Code::Required).into());
    }
    let edit = store::insert(tx, person, &fields, &label, &ids)?;
    step(tx, edit, EditState::Checking)
}

/// Changes what was looked at and would be changed.
pub fn apply(tx: &mut Tx<'_>, id: BulkEditId) -> Result<BulkEdit, BulkEditError> {
    let edit = store::locked(tx, id)?;
    edit.must_be(&[EditState::Checked])?;
    step(tx, edit, EditState::Applying)
}

/// Stops an edit. A chunk that is being done is finished; what was changed by then can be taken back.
pub fn cancel(tx: &mut Tx<'_>, id: BulkEditId) -> Result<BulkEdit, BulkEditError> {
    let edit = store::locked(tx, id)?;
    if !edit.can_be_cancelled() {
        return Err(BulkEditError::NotNow(edit.state));
    }
    let edit = BulkEdit { state: EditState::Cancelled, ..edit };
    store::update(tx, &edit)?;
    Ok(edit)
}

/// Takes back what an edit changed.
pub fn undo(tx: &mut Tx<'_>, id: BulkEditId) -> Result<BulkEdit, BulkEditError> {
    let edit = store::locked(tx, id)?;
    if !edit.can_be_undone() {
        return Err(BulkEditError::NotNow(edit.state));
    }
    step(tx, edit, EditState::Undoing)
}

/// Goes to a step, and through it at once where there is little to do.
fn step(tx: &mut Tx<'_>, edit: BulkEdit, state: EditState) -> Result<BulkEdit, BulkEditError> {
    let mut edit = BulkEdit { state, rows_done: 0, ..edit };
    if edit.rows_total <= steps::CHUNK {
        steps::chunk(tx, &mut edit)?;
    } else {
        store::update(tx, &edit)?;
        let person = tx.actor().person();
        queue::enqueue(tx, &RunBulkEdit { edit: edit.id, person })?;
    }
    Ok(edit)
}

/// What the value is called; a value the town does not have is a wrong choice.
fn label(tx: &mut Tx<'_>, fields: &EditFields) -> Result<String, BulkEditError> {
    let id = match &fields.value {
        Value::Id(id) => *id,
        spoken => return Ok(spoken.to_string()),
    };
    let found = match fields.field {
        EditField::Owner => {
            let person = persons::find_many(tx, &[PersonId(id)])?.remove(&PersonId(id));
            person.filter(colleagues::owns).map(|one| one.name_in(Language::Ja))
        }
        EditField::Stage => {
            let stages = stages::list(tx)?.into_iter();
            let open = |stage: &stages::Stage| stage.id == BoardStageId(id) && stage.kind == StageKind::Open;
            stages.filter(open).map(|stage| stage.name).next()
        }
        EditField::TagAdd | EditField::TagRemove => match tags::find(tx, TagId(id)) {
            Err(DbError::NotFound) => None,
            found => Some(found?.name),
        },
        EditField::NextActionOn | EditField::CallsRefused | EditField::Language => None,
    };
    Ok(found.ok_or_else(|| Invalid::field("value", Code::UnknownChoice))?)
}

/// The ids of what was chosen.
fn chosen(tx: &mut Tx<'_>, fields: &EditFields) -> Result<Vec<i64>, BulkEditError> {
    let id = match &fields.chosen {
        Chosen::Ids(ids) => return Ok(ids.clone()),
        Chosen::View(id) => *id,
    };
    let view = match views::find(tx, id) {
        Err(DbError::NotFound) => return Err(Invalid::field("view_id", Code::UnknownChoice).into()),
        found => found?,
    };
    let (tree, most) = (&view.tree, MOST_ROWS + 1);
    let ids: Vec<i64> = match (fields.kind, view.saved.kind) {
        (EditKind::Deals, ViewKind::Deals) => {
            deals::ids_viewed(tx, tree, most)?.into_iter().map(|id| id.0).collect()
        }
        (EditKind::Companies, ViewKind::Companies) => {
            companies::ids_viewed(tx, tree, most)?.into_iter().map(|id| id.0).collect()
        }
        (EditKind::Contacts, ViewKind::Contacts) => {
            contacts::ids_viewed(tx, tree, most)?.into_iter().map(|id| id.0).collect()
        }
        (EditKind::Leads, ViewKind::Leads) => {
            leads::ids_viewed(tx, tree, most)?.into_iter().map(|id| id.0).collect()
        }
        _ => return Err(Invalid::field("view_id", Code::UnknownChoice).into()),
    };
    if i64::try_from(ids.len()).unwrap_or(i64::MAX) > MOST_ROWS {
        return Err(model::too_many().into());
    }
    Ok(ids)
}
