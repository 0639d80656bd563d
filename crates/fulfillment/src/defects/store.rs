//! Rows and writes of `defect_kinds`.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::dsl::exists;
use diesel::prelude::*;

use super::model::{DefectKind, DefectKindId, Severity, usual};
use crate::schema::defect_kinds;

#[derive(Queryable, Selectable)]
#[diesel(table_name = defect_kinds)]
pub(super) struct KindRow {
    id: DefectKindId,
    name: String,
    severity: Severity,
    retired_at: Option<DateTime<Utc>>,
}

impl From<KindRow> for DefectKind {
    fn from(row: KindRow) -> Self {
        Self { id: row.id, name: row.name, severity: row.severity, retired_at: row.retired_at }
    }
}

/// Gives a town that has none the usual kinds, in its language: with the first work that is handed in or looked at.
pub(crate) fn insert_usual(tx: &mut Tx<'_>) -> Result<(), DbError> {
    if diesel::select(exists(defect_kinds::table.select(defect_kinds::id))).get_result(tx.conn())? {
        return Ok(());
    }
    let (now, language) = (tx.now(), accounts::organizations::find(tx)?.language);
    let rows: Vec<_> = usual(language)
        .into_iter()
        .map(|(name, severity)| {
            (
                defect_kinds::name.eq(name),
                defect_kinds::severity.eq(severity),
                defect_kinds::created_at.eq(now),
            )
        })
        .collect();
    diesel::insert_into(defect_kinds::table).values(rows).on_conflict_do_nothing().execute(tx.conn())?;
    Ok(())
}

pub(super) fn insert(tx: &mut Tx<'_>, name: &str, severity: Severity) -> Result<DefectKind, DbError> {
    let now = tx.now();
    let row: KindRow = diesel::insert_into(defect_kinds::table)
        .values((
            defect_kinds::name.eq(name),
            defect_kinds::severity.eq(severity),
            defect_kinds::created_at.eq(now),
        ))
        .returning(KindRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

pub(super) fn update(
    tx: &mut Tx<'_>,
    id: DefectKindId,
    name: &str,
    severity: Severity,
) -> Result<DefectKind, DbError> {
    let row: KindRow = diesel::update(defect_kinds::table.filter(defect_kinds::id.eq(id)))
        .set((defect_kinds::name.eq(name), defect_kinds::severity.eq(severity)))
        .returning(KindRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

pub(super) fn set_retired(
    tx: &mut Tx<'_>,
    id: DefectKindId,
    at: Option<DateTime<Utc>>,
) -> Result<DefectKind, DbError> {
    let row: KindRow = diesel::update(defect_kinds::table.filter(defect_kinds::id.eq(id)))
        .set(defect_kinds::retired_at.eq(at))
        .returning(KindRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}
