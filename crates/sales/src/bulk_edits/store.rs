//! Rows and writes of `bulk_edits` and `bulk_edit_rows`.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::PersonId;

use super::model::{
    BulkEdit, BulkEditId, EditField, EditFields, EditKind, EditOutcome, EditState, EditVerdict,
};
use crate::schema::{bulk_edit_rows, bulk_edits};

#[derive(Queryable, Selectable)]
#[diesel(table_name = bulk_edits)]
pub(super) struct EditRow {
    id: BulkEditId,
    kind: EditKind,
    field: EditField,
    value: String,
    label: String,
    state: EditState,
    person_id: PersonId,
    created_at: DateTime<Utc>,
    rows_total: i32,
    rows_done: i32,
    rows_change: i32,
    rows_same: i32,
    rows_refused: i32,
    rows_changed: i32,
    rows_left: i32,
    rows_undone: i32,
    rows_kept: i32,
}

impl From<EditRow> for BulkEdit {
    fn from(row: EditRow) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            field: row.field,
            value: row.value,
            label: row.label,
            state: row.state,
            person_id: row.person_id,
            created_at: row.created_at,
            rows_total: row.rows_total,
            rows_done: row.rows_done,
            rows_change: row.rows_change,
            rows_same: row.rows_same,
            rows_refused: row.rows_refused,
            rows_changed: row.rows_changed,
            rows_left: row.rows_left,
            rows_undone: row.rows_undone,
            rows_kept: row.rows_kept,
        }
    }
}

/// How many rows one statement takes: well below the 65,535 parameters it may have.
const AT_ONCE: usize = 5_000;

/// A new edit with the things it is about.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    person: PersonId,
    fields: &EditFields,
    label: &str,
    ids: &[i64],
) -> Result<BulkEdit, DbError> {
    let now = tx.now();
    let row: EditRow = diesel::insert_into(bulk_edits::table)
        .values((
            bulk_edits::kind.eq(fields.kind),
            bulk_edits::field.eq(fields.field),
            bulk_edits::value.eq(fields.value.to_string()),
            bulk_edits::label.eq(label),
            bulk_edits::person_id.eq(person),
            bulk_edits::created_at.eq(now),
            bulk_edits::rows_total.eq(i32::try_from(ids.len()).unwrap_or(i32::MAX)),
        ))
        .returning(EditRow::as_returning())
        .get_result(tx.conn())?;
    let numbered: Vec<(i32, i64)> = (1..).zip(ids.iter().copied()).collect();
    for some in numbered.chunks(AT_ONCE) {
        let rows: Vec<_> = some
            .iter()
            .map(|(number, target)| {
                (
                    bulk_edit_rows::edit_id.eq(row.id),
                    bulk_edit_rows::number.eq(*number),
                    bulk_edit_rows::target_id.eq(*target),
                )
            })
            .collect();
        diesel::insert_into(bulk_edit_rows::table).values(rows).execute(tx.conn())?;
    }
    Ok(row.into())
}

/// One edit, which nobody else changes until this transaction ends.
pub(super) fn locked(tx: &mut Tx<'_>, id: BulkEditId) -> Result<BulkEdit, DbError> {
    let row: EditRow = bulk_edits::table
        .filter(bulk_edits::id.eq(id))
        .select(EditRow::as_select())
        .for_no_key_update()
        .first(tx.conn())?;
    Ok(row.into())
}

/// Writes an edit's state and counts.
pub(super) fn update(tx: &mut Tx<'_>, edit: &BulkEdit) -> Result<(), DbError> {
    diesel::update(bulk_edits::table.filter(bulk_edits::id.eq(edit.id)))
        .set((
            bulk_edits::state.eq(edit.state),
            bulk_edits::rows_done.eq(edit.rows_done),
            bulk_edits::rows_change.eq(edit.rows_change),
            bulk_edits::rows_same.eq(edit.rows_same),
            bulk_edits::rows_refused.eq(edit.rows_refused),
            bulk_edits::rows_changed.eq(edit.rows_changed),
            bulk_edits::rows_left.eq(edit.rows_left),
            bulk_edits::rows_undone.eq(edit.rows_undone),
            bulk_edits::rows_kept.eq(edit.rows_kept),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// A row as the steps read it.
#[derive(Queryable, Selectable)]
#[diesel(table_name = bulk_edit_rows)]
pub(super) struct StepRow {
    pub(super) number: i32,
    pub(super) target_id: i64,
    pub(super) version: Option<i32>,
    pub(super) verdict: Option<EditVerdict>,
    pub(super) outcome: Option<EditOutcome>,
    pub(super) before: Option<String>,
    pub(super) after_version: Option<i32>,
}

/// The rows after `number`, at most `most`.
pub(super) fn rows_after(
    tx: &mut Tx<'_>,
    edit: BulkEditId,
    number: i32,
    most: i64,
) -> Result<Vec<StepRow>, DbError> {
    Ok(bulk_edit_rows::table
        .filter(bulk_edit_rows::edit_id.eq(edit))
        .filter(bulk_edit_rows::number.gt(number))
        .order(bulk_edit_rows::number)
        .limit(most)
        .select(StepRow::as_select())
        .load(tx.conn())?)
}

/// What was found about a row when it was looked at.
pub(super) struct Finding {
    pub(super) name: String,
    pub(super) version: Option<i32>,
    pub(super) verdict: EditVerdict,
    pub(super) reason: Option<String>,
}

pub(super) fn found(
    tx: &mut Tx<'_>,
    edit: BulkEditId,
    number: i32,
    finding: &Finding,
) -> Result<(), DbError> {
    diesel::update(row(edit, number))
        .set((
            bulk_edit_rows::name.eq(&finding.name),
            bulk_edit_rows::version.eq(finding.version),
            bulk_edit_rows::verdict.eq(finding.verdict),
            bulk_edit_rows::reason.eq(finding.reason.as_deref()),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// What became of a row.
pub(super) struct Deed {
    pub(super) outcome: EditOutcome,
    pub(super) reason: Option<String>,
    pub(super) before: Option<String>,
    pub(super) after_version: Option<i32>,
}

pub(super) fn done(tx: &mut Tx<'_>, edit: BulkEditId, number: i32, deed: &Deed) -> Result<(), DbError> {
    diesel::update(row(edit, number))
        .set((
            bulk_edit_rows::outcome.eq(deed.outcome),
            bulk_edit_rows::reason.eq(deed.reason.as_deref()),
            bulk_edit_rows::before.eq(deed.before.as_deref()),
            bulk_edit_rows::after_version.eq(deed.after_version),
        ))
        .execute(tx.conn())?;
    Ok(())
}

type OneRow = diesel::dsl::Filter<
    diesel::dsl::Filter<bulk_edit_rows::table, diesel::dsl::Eq<bulk_edit_rows::edit_id, BulkEditId>>,
    diesel::dsl::Eq<bulk_edit_rows::number, i32>,
>;

fn row(edit: BulkEditId, number: i32) -> OneRow {
    bulk_edit_rows::table.filter(bulk_edit_rows::edit_id.eq(edit)).filter(bulk_edit_rows::number.eq(number))
}
