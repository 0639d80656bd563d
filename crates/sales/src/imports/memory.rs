//! What imports leave behind for the next ones: what the columns of such a file are, and what things are called elsewhere.

use std::collections::HashMap;

use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel::upsert::excluded;

use super::beside::Beside;
use super::model::{Import, ImportId, ImportKind};
use super::store::beside_of;
use crate::schema::{import_columns, import_keys};

/// What the columns of such a file were said to be last, and what was said beside.
pub(super) fn remembered(
    tx: &mut Tx<'_>,
    kind: ImportKind,
    shape: &str,
) -> Result<Option<(Vec<String>, Beside)>, DbError> {
    let kept: Option<(Vec<String>, serde_json::Value)> = import_columns::table
        .filter(import_columns::kind.eq(kind))
        .filter(import_columns::shape.eq(shape))
        .select((import_columns::fields, import_columns::beside))
        .first(tx.conn())
        .optional()?;
    Ok(kept.map(|(columns, beside)| (columns, beside_of(beside))))
}

/// Keeps what the columns of such a file are, and what was said beside.
pub(super) fn remember(
    tx: &mut Tx<'_>,
    kind: ImportKind,
    shape: &str,
    columns: &[String],
    beside: &Beside,
) -> Result<(), DbError> {
    let beside = serde_json::to_value(beside).unwrap_or_default();
    diesel::insert_into(import_columns::table)
        .values((
            import_columns::kind.eq(kind),
            import_columns::shape.eq(shape),
            import_columns::fields.eq(columns),
            import_columns::beside.eq(&beside),
        ))
        .on_conflict((import_columns::organization_id, import_columns::kind, import_columns::shape))
        .do_update()
        .set((import_columns::fields.eq(columns), import_columns::beside.eq(&beside)))
        .execute(tx.conn())?;
    Ok(())
}

/// What external ids lead to.
pub(super) fn linked(
    tx: &mut Tx<'_>,
    kind: ImportKind,
    external_ids: &[&str],
) -> Result<HashMap<String, i64>, DbError> {
    let rows: Vec<(String, i64)> = import_keys::table
        .filter(import_keys::kind.eq(kind))
        .filter(import_keys::external_id.eq_any(external_ids))
        .select((import_keys::external_id, import_keys::target_id))
        .load(tx.conn())?;
    Ok(rows.into_iter().collect())
}

/// The external ids of things, one for each: the one said last.
pub(super) fn external_ids(
    tx: &mut Tx<'_>,
    kind: ImportKind,
    targets: &[i64],
) -> Result<HashMap<i64, String>, DbError> {
    let rows: Vec<(i64, String)> = import_keys::table
        .filter(import_keys::kind.eq(kind))
        .filter(import_keys::target_id.eq_any(targets))
        .order((import_keys::import_id, import_keys::external_id))
        .select((import_keys::target_id, import_keys::external_id))
        .load(tx.conn())?;
    Ok(rows.into_iter().collect())
}

/// Lets external ids lead to things from now on.
pub(super) fn link(tx: &mut Tx<'_>, import: &Import, links: &[(&str, i64)]) -> Result<(), DbError> {
    let values: Vec<_> = links
        .iter()
        .map(|(external_id, target)| {
            (
                import_keys::kind.eq(import.kind),
                import_keys::external_id.eq(*external_id),
                import_keys::target_id.eq(*target),
                import_keys::import_id.eq(import.id),
            )
        })
        .collect();
    let upsert = diesel::insert_into(import_keys::table)
        .values(values)
        .on_conflict((import_keys::organization_id, import_keys::kind, import_keys::external_id))
        .do_update()
        .set((
            import_keys::former_target_id.eq(import_keys::target_id.nullable()),
            import_keys::former_import_id.eq(import_keys::import_id.nullable()),
            import_keys::target_id.eq(excluded(import_keys::target_id)),
            import_keys::import_id.eq(excluded(import_keys::import_id)),
        ));
    // What was said before stays the earlier import's.
    let is_news = import_keys::target_id.ne(excluded(import_keys::target_id));
    diesel::query_dsl::methods::FilterDsl::filter(upsert, is_news).execute(tx.conn())?;
    Ok(())
}

/// Lets the external ids that an import said lead to where they led before it, or nowhere; those of things that stay
/// because somebody has worked with them stay too.
pub(super) fn release_keys(tx: &mut Tx<'_>, import: ImportId) -> Result<(), DbError> {
    const OF_WHAT_GOES: &str = "k.import_id = $1 AND NOT EXISTS (SELECT FROM import_rows r \
         WHERE r.import_id = $1 AND r.target_id = k.target_id AND r.outcome = 'kept')";
    diesel::sql_query(format!(
        "UPDATE import_keys k SET target_id = k.former_target_id, import_id = k.former_import_id, \
             former_target_id = NULL, former_import_id = NULL \
         WHERE {OF_WHAT_GOES} AND k.former_import_id IS NOT NULL"
    ))
    .bind::<BigInt, _>(import)
    .execute(tx.conn())?;
    diesel::sql_query(format!("DELETE FROM import_keys k WHERE {OF_WHAT_GOES}"))
        .bind::<BigInt, _>(import)
        .execute(tx.conn())?;
    Ok(())
}
