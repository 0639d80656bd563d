//! The steps of an edit: looking, changing, taking back. Each works chunk by chunk, every chunk in a transaction of its own
//! that also says how far it came; what is few is one chunk, which the verb does at once.

use db::{Db, DbError, Tx};
use kernel::{Actor, Code, OrganizationId, PersonId, RequestId, Scope};
use queue::{Attempt, Backoff, Task, TaskError};
use serde::{Deserialize, Serialize};

use super::deeds::{self, Current, Refused};
use super::model::{BulkEdit, BulkEditId, EditField, EditKind, EditOutcome, EditState, EditVerdict};
use super::store::{self, Deed, Finding, StepRow};
use crate::assigning;
use crate::events::ManyAssigned;

/// Things of one transaction.
pub(super) const CHUNK: i32 = 100;

/// Brings an edit to where a person is asked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunBulkEdit {
    /// Which one.
    pub edit: BulkEditId,
    /// Who asked for this step; whoever began the edit where a task of before does not say.
    #[serde(default)]
    pub person: Option<PersonId>,
}

impl Task for RunBulkEdit {
    const KIND: &'static str = "sales.bulk-edit";
    const BACKOFF: Backoff = Backoff::STEADY;
}

/// Runs the step an edit is in, as the person who asked for it.
pub fn run(db: &Db, town: OrganizationId, attempt: Attempt, task: RunBulkEdit) -> Result<(), TaskError> {
    let edit = db.run_blocking(Scope::system(town), |tx| super::find(tx, task.edit))?;
    let person = task.person.unwrap_or(edit.person_id);
    let scope = Scope { organization: town, actor: Actor::Person(person), request: RequestId(0) };
    let step = edit.state;
    loop {
        let more = db.run_blocking(scope, |tx| -> Result<bool, TaskError> {
            let mut edit = store::locked(tx, task.edit)?;
            // Somebody has stopped it, or another attempt is further.
            if edit.state != step || !step.is_running() {
                return Ok(false);
            }
            chunk(tx, &mut edit)?;
            let count = |rows: i32| u64::try_from(rows).unwrap_or(0);
            queue::tasks::report(tx, attempt, count(edit.rows_done), count(edit.rows_total))?;
            Ok(edit.state == step)
        })?;
        if !more {
            return Ok(());
        }
    }
}

/// Does the next things of the step an edit is in, and ends the step after the last.
pub(super) fn chunk(tx: &mut Tx<'_>, edit: &mut BulkEdit) -> Result<(), DbError> {
    let rows = store::rows_after(tx, edit.id, edit.rows_done, i64::from(CHUNK))?;
    let ids: Vec<i64> = rows.iter().map(|row| row.target_id).collect();
    let mut there = deeds::current(tx, edit, &ids)?;
    for row in &rows {
        let current = there.remove(&row.target_id);
        match edit.state {
            EditState::Checking => look(tx, edit, row, current)?,
            EditState::Applying => apply(tx, edit, row, current)?,
            _ => take_back(tx, edit, row, current)?,
        }
        edit.rows_done = row.number;
    }
    if edit.rows_done >= edit.rows_total {
        edit.state = match edit.state {
            EditState::Checking => EditState::Checked,
            EditState::Applying => EditState::Applied,
            _ => EditState::Undone,
        };
        tell(tx, edit)?;
    }
    store::update(tx, edit)
}

/// Whoever has got many things at once hears of it once, when all are theirs.
fn tell(tx: &mut Tx<'_>, edit: &BulkEdit) -> Result<(), DbError> {
    let (true, Ok(owner)) =
        (edit.state == EditState::Applied && edit.field == EditField::Owner, edit.value.parse())
    else {
        return Ok(());
    };
    let of = |kind: EditKind| if edit.kind == kind { edit.rows_changed } else { 0 };
    let many = ManyAssigned {
        edit: edit.id,
        deals: of(EditKind::Deals),
        leads: of(EditKind::Leads),
        person: PersonId(owner),
        by: edit.person_id,
    };
    assigning::tell_of_many(tx, &many)
}

fn look(
    tx: &mut Tx<'_>,
    edit: &mut BulkEdit,
    row: &StepRow,
    current: Option<Current>,
) -> Result<(), DbError> {
    let (verdict, reason) = match &current {
        None => (EditVerdict::Refused, Some(Code::NotFound)),
        Some(current) if current.value == deeds::wanted(edit) => (EditVerdict::Same, None),
        Some(current) => match tried(tx, edit, current)? {
            None => (EditVerdict::Change, None),
            Some(code) => (EditVerdict::Refused, Some(code)),
        },
    };
    match verdict {
        EditVerdict::Change => edit.rows_change += 1,
        EditVerdict::Same => edit.rows_same += 1,
        EditVerdict::Refused => edit.rows_refused += 1,
    }
    let finding = Finding {
        version: current.as_ref().map(|current| current.version),
        name: current.map(|current| current.name).unwrap_or_default(),
        verdict,
        reason: reason.map(|code| code.as_str().to_owned()),
    };
    store::found(tx, edit.id, row.number, &finding)
}

/// How a change that is tried ends: never well, so that nothing of it stays.
enum Tried {
    Well,
    Refused(Refused),
}

impl From<DbError> for Tried {
    fn from(error: DbError) -> Self {
        Self::Refused(error.into())
    }
}

/// Why the change would be refused; `None` where it would not. Nothing of it stays.
fn tried(tx: &mut Tx<'_>, edit: &BulkEdit, current: &Current) -> Result<Option<Code>, DbError> {
    let tried = tx.savepoint(|tx| match deeds::change(tx, edit, current, deeds::wanted(edit)) {
        Ok(_version) => Err::<(), Tried>(Tried::Well),
        Err(refused) => Err(Tried::Refused(refused)),
    });
    match tried {
        Ok(()) | Err(Tried::Well) => Ok(None),
        Err(Tried::Refused(Refused::Rule(code))) => Ok(Some(code)),
        Err(Tried::Refused(Refused::Db(error))) => Err(error),
    }
}

fn apply(
    tx: &mut Tx<'_>,
    edit: &mut BulkEdit,
    row: &StepRow,
    current: Option<Current>,
) -> Result<(), DbError> {
    if row.verdict != Some(EditVerdict::Change) {
        return Ok(());
    }
    let as_looked_at = current.filter(|current| Some(current.version) == row.version);
    let (outcome, reason, before, after_version) = match as_looked_at {
        None => (EditOutcome::Left, Some(Code::Stale), None, None),
        Some(current) => match done(tx, edit, &current, deeds::wanted(edit))? {
            Ok(version) => (EditOutcome::Changed, None, Some(current.value), Some(version)),
            Err(code) => (EditOutcome::Left, Some(code), None, None),
        },
    };
    if outcome == EditOutcome::Changed {
        edit.rows_changed += 1;
    } else {
        edit.rows_left += 1;
    }
    let reason = reason.map(|code| code.as_str().to_owned());
    store::done(tx, edit.id, row.number, &Deed { outcome, reason, before, after_version })
}

/// The version after a change, or the rule that refuses it, which leaves nothing of it.
fn done(
    tx: &mut Tx<'_>,
    edit: &BulkEdit,
    current: &Current,
    value: &str,
) -> Result<Result<i32, Code>, DbError> {
    match tx.savepoint(|tx| deeds::change(tx, edit, current, value)) {
        Ok(version) => Ok(Ok(version)),
        Err(Refused::Rule(code)) => Ok(Err(code)),
        Err(Refused::Db(error)) => Err(error),
    }
}

fn take_back(
    tx: &mut Tx<'_>,
    edit: &mut BulkEdit,
    row: &StepRow,
    current: Option<Current>,
) -> Result<(), DbError> {
    let (Some(EditOutcome::Changed), Some(before)) = (row.outcome, row.before.clone()) else { return Ok(()) };
    let untouched = current
        .filter(|current| Some(current.version) == row.after_version && current.value == deeds::wanted(edit));
    let reason = match untouched {
        None => Some(Code::Stale),
        Some(current) => done(tx, edit, &current, &before)?.err(),
    };
    let outcome = if reason.is_none() { EditOutcome::Undone } else { EditOutcome::Kept };
    if outcome == EditOutcome::Undone {
        edit.rows_undone += 1;
    } else {
        edit.rows_kept += 1;
    }
    let reason = reason.map(|code| code.as_str().to_owned());
    let deed = Deed { outcome, reason, before: Some(before), after_version: row.after_version };
    store::done(tx, edit.id, row.number, &deed)
}
