//! Reading findings.

use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{Page, Paging};
use serde::{Deserialize, Serialize};

use super::model::{Finding, FindingId, FindingStatus};
use super::store::FindingRow;
use crate::schema::findings;

/// One finding; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: FindingId) -> Result<Finding, DbError> {
    let found = findings::table.filter(findings::id.eq(id)).select(FindingRow::as_select());
    let row: FindingRow = found.first(tx.conn())?;
    Ok(row.into())
}

/// These findings, in no order.
pub(crate) fn find_many(tx: &mut Tx<'_>, ids: &[FindingId]) -> Result<Vec<Finding>, DbError> {
    let found = findings::table.filter(findings::id.eq_any(ids)).select(FindingRow::as_select());
    let rows: Vec<FindingRow> = found.load(tx.conn())?;
    Ok(rows.into_iter().map(Finding::from).collect())
}

/// Where a page of findings ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingKey(pub FindingId);

/// The findings in a state, the newest first.
pub fn list(
    tx: &mut Tx<'_>,
    state: FindingStatus,
    paging: &Paging<FindingKey>,
) -> Result<Page<Finding, FindingKey>, DbError> {
    let mut query = findings::table
        .filter(findings::state.eq(state))
        .order(findings::id.desc())
        .limit(paging.probe())
        .select(FindingRow::as_select())
        .into_boxed();
    if let Some(FindingKey(id)) = paging.after {
        query = query.filter(findings::id.lt(id));
    }
    let rows: Vec<Finding> = query.load(tx.conn())?.into_iter().map(Finding::from).collect();
    Ok(Page::cut(rows, paging, |finding| FindingKey(finding.id)))
}

/// How many findings are open.
pub fn open_count(tx: &mut Tx<'_>) -> Result<i64, DbError> {
    Ok(findings::table.filter(findings::state.eq(FindingStatus::Open)).count().get_result(tx.conn())?)
}
