//! Rows and writes of `findings`.

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::PersonId;

use super::model::{Decision, Finding, FindingFields, FindingId, FindingKind, FindingState, FindingStatus};
use crate::advice::SessionId;
use crate::schema::findings;

#[derive(Queryable, Selectable)]
#[diesel(table_name = findings)]
pub(super) struct FindingRow {
    id: FindingId,
    title: String,
    state: FindingStatus,
    person_id: PersonId,
    created_at: DateTime<Utc>,
    settled_at: Option<DateTime<Utc>>,
    version: i32,
    kind: FindingKind,
    evidence: String,
    owner_id: Option<PersonId>,
    due_on: Option<NaiveDate>,
    decision: String,
    decided_at: Option<DateTime<Utc>>,
    decided_by: Option<PersonId>,
    session_id: Option<SessionId>,
}

impl From<FindingRow> for Finding {
    fn from(row: FindingRow) -> Self {
        // The table's CHECKs tie each state to its times.
        let state = match (row.settled_at, row.state) {
            (Some(settled_at), _) => FindingState::Settled { settled_at },
            (None, FindingStatus::Decided) => FindingState::Decided,
            (None, FindingStatus::Open | FindingStatus::Settled) => FindingState::Open,
        };
        let decided = row.decided_at.zip(row.decided_by);
        Self {
            id: row.id,
            title: row.title,
            kind: row.kind,
            evidence: row.evidence,
            owner_id: row.owner_id,
            due_on: row.due_on,
            session_id: row.session_id,
            state,
            decided: decided.map(|(decided_at, decided_by)| Decision {
                decision: row.decision,
                decided_at,
                decided_by,
            }),
            person_id: row.person_id,
            created_at: row.created_at,
            version: row.version,
        }
    }
}

pub(super) fn insert(tx: &mut Tx<'_>, person: PersonId, fields: &FindingFields) -> Result<Finding, DbError> {
    let now = tx.now();
    let row: FindingRow = diesel::insert_into(findings::table)
        .values((
            findings::title.eq(&fields.title),
            findings::kind.eq(fields.kind),
            findings::evidence.eq(&fields.evidence),
            findings::owner_id.eq(fields.owner_id),
            findings::due_on.eq(fields.due_on),
            findings::session_id.eq(fields.session_id),
            findings::person_id.eq(person),
            findings::created_at.eq(now),
        ))
        .returning(FindingRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// `None` when it is no longer at its version.
pub(super) fn update(
    tx: &mut Tx<'_>,
    (id, version): (FindingId, i32),
    fields: &FindingFields,
) -> Result<Option<Finding>, DbError> {
    let guarded = findings::table.filter(findings::id.eq(id)).filter(findings::version.eq(version));
    let row: Option<FindingRow> = diesel::update(guarded)
        .set((
            findings::title.eq(&fields.title),
            findings::kind.eq(fields.kind),
            findings::evidence.eq(&fields.evidence),
            findings::owner_id.eq(fields.owner_id),
            findings::due_on.eq(fields.due_on),
            findings::version.eq(version + 1),
        ))
        .returning(FindingRow::as_returning())
        .get_result(tx.conn())
        .optional()?;
    Ok(row.map(Finding::from))
}

/// It stands in `state` now. A `decision` is written down with who decided it; opened again, it has none. `None` when it is
/// no longer at its version.
pub(super) fn stand(
    tx: &mut Tx<'_>,
    (id, version): (FindingId, i32),
    state: FindingStatus,
    decision: Option<(String, PersonId)>,
) -> Result<Option<Finding>, DbError> {
    let now = tx.now();
    let settled_at = (state == FindingStatus::Settled).then_some(now);
    let guarded = findings::table.filter(findings::id.eq(id)).filter(findings::version.eq(version));
    let decided = match (state, decision) {
        (_, Some((words, person))) => Some((words, Some(now), Some(person))),
        (FindingStatus::Open, None) => Some((String::new(), None, None)),
        (FindingStatus::Decided | FindingStatus::Settled, None) => None,
    };
    let decided = decided.map(|(words, at, by)| {
        (findings::decision.eq(words), findings::decided_at.eq(at), findings::decided_by.eq(by))
    });
    let row: Option<FindingRow> = diesel::update(guarded)
        .set((
            findings::state.eq(state),
            findings::settled_at.eq(settled_at),
            decided,
            findings::version.eq(version + 1),
        ))
        .returning(FindingRow::as_returning())
        .get_result(tx.conn())
        .optional()?;
    Ok(row.map(Finding::from))
}
