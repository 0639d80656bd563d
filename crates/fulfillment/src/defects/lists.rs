//! Reading a town's kinds of defect; a few dozen, so they come whole.

use db::{DbError, Tx};
use diesel::prelude::*;

use super::model::DefectKind;
use super::store::KindRow;
use crate::schema::defect_kinds;

/// Every kind, those in use first, in the order they were entered; none before the town's first work is handed in or somebody
/// enters one.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<DefectKind>, DbError> {
    let rows: Vec<KindRow> = defect_kinds::table
        .order((defect_kinds::retired_at.is_not_null(), defect_kinds::id))
        .select(KindRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(DefectKind::from).collect())
}

/// The kinds a reviewer may choose.
pub fn kinds(tx: &mut Tx<'_>) -> Result<Vec<DefectKind>, DbError> {
    let mut kinds = list(tx)?;
    kinds.retain(|kind| kind.retired_at.is_none());
    Ok(kinds)
}
