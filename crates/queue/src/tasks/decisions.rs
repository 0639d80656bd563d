//! What people decided about tasks: retried, redriven, cancelled, cleared, given up, paused. One row for each decision, in the
//! transaction that carries it out, so that the record and the deed are true together.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{TaskId, text_enum};
use schemars::JsonSchema;
use serde::Serialize;

use super::Redrive;
use crate::schema::{task_decisions, tasks};

/// How many the operators' page shows.
const SHOWN: i64 = 20;

text_enum!(
    /// What was decided.
    #[schemars(rename = "TaskDeed")]
    Deed {
        /// One dead task got its attempts again, or one that waited for its next try is tried at once.
        Retried = "retried",
        /// The dead of a kind, or of a cause, got theirs again.
        Redriven = "redriven",
        /// A dead task was given up.
        Discarded = "discarded",
        /// A task that had not ended was taken back.
        Cancelled = "cancelled",
        /// Tasks of a kind that had not begun were taken back.
        Cleared = "cleared",
        /// A kind was paused.
        Paused = "paused",
        /// A paused kind goes on.
        Resumed = "resumed",
    }
);

/// One decision.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Serialize, JsonSchema)]
#[schemars(rename = "TaskDecision")]
#[diesel(table_name = task_decisions)]
pub struct Decision {
    /// When.
    pub decided_at: DateTime<Utc>,
    /// Who: `person:42`, or `system`.
    pub actor: String,
    /// What.
    pub deed: Deed,
    /// About tasks of this kind.
    pub kind: String,
    /// The one task, where it was one.
    pub task_id: Option<TaskId>,
    /// How many tasks it moved.
    pub tasks: i64,
}

/// The latest decisions in this town, the newest first.
pub fn decisions(tx: &mut Tx<'_>) -> Result<Vec<Decision>, DbError> {
    Ok(task_decisions::table
        .order(task_decisions::id.desc())
        .limit(SHOWN)
        .select(Decision::as_select())
        .load(tx.conn())?)
}

/// Writes one down.
pub(super) fn note(
    tx: &mut Tx<'_>,
    deed: Deed,
    kind: &str,
    task: Option<TaskId>,
    moved: usize,
) -> Result<(), DbError> {
    let (now, actor) = (tx.now(), tx.actor().to_string());
    diesel::insert_into(task_decisions::table)
        .values((
            task_decisions::decided_at.eq(now),
            task_decisions::actor.eq(actor),
            task_decisions::deed.eq(deed),
            task_decisions::kind.eq(kind),
            task_decisions::task_id.eq(task),
            task_decisions::tasks.eq(i64::try_from(moved).unwrap_or(i64::MAX)),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Writes down that dead tasks got another chance.
pub(super) fn note_redriven(tx: &mut Tx<'_>, which: &Redrive, moved: usize) -> Result<(), DbError> {
    match which {
        Redrive::One(id) => {
            let kind: String = tasks::table.filter(tasks::id.eq(id)).select(tasks::kind).first(tx.conn())?;
            note(tx, Deed::Retried, &kind, Some(*id), moved)
        }
        Redrive::Kind(kind) | Redrive::Cause { kind, .. } => note(tx, Deed::Redriven, kind, None, moved),
    }
}
