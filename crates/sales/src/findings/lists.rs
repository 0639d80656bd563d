//! Reading findings.

use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{Page, Paging};
use serde::{Deserialize, Serialize};

use super::model::{Finding, FindingId, FindingStatus};
use super::store::FindingRow;
use crate::advice::SessionId;
use crate::schema::findings;

/// How many findings of a session are shown; one that finds more finds nothing.
const MOST_OF_SESSION: i64 = 100;

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

/// What was found in a session, the first first; a session finds a handful.
pub fn of_session(tx: &mut Tx<'_>, session: SessionId) -> Result<Vec<Finding>, DbError> {
    let rows: Vec<FindingRow> = findings::table
        .filter(findings::session_id.eq(session))
        .order(findings::id)
        .limit(MOST_OF_SESSION)
        .select(FindingRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(Finding::from).collect())
}

/// Those that are not settled, whether something was decided or not, the newest first; at most `most`.
pub fn unsettled(tx: &mut Tx<'_>, most: i64) -> Result<Vec<Finding>, DbError> {
    let rows: Vec<FindingRow> = findings::table
        .filter(findings::state.ne(FindingStatus::Settled))
        .order(findings::id.desc())
        .limit(most)
        .select(FindingRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(Finding::from).collect())
}

/// How many findings stand in a state.
pub fn count(tx: &mut Tx<'_>, state: FindingStatus) -> Result<i64, DbError> {
    Ok(findings::table.filter(findings::state.eq(state)).count().get_result(tx.conn())?)
}

/// How many findings are not settled, whether something was decided or not.
pub fn open_count(tx: &mut Tx<'_>) -> Result<i64, DbError> {
    Ok(count(tx, FindingStatus::Open)? + count(tx, FindingStatus::Decided)?)
}
