//! Reading frozen terms.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::dsl::exists;
use diesel::prelude::*;
use kernel::{JobId, Language, Page, Paging, UnitId, WorkerId};

use super::model::{TermsDigest, TermsKey, TermsNotice, TermsNoticeId};
use crate::schema::{assignments, terms_notices};

#[derive(Queryable, Selectable)]
#[diesel(table_name = terms_notices)]
struct TermsRow {
    id: TermsNoticeId,
    job_id: JobId,
    worker_id: WorkerId,
    units: i32,
    language: Language,
    body: String,
    sha256: Vec<u8>,
    issued_at: DateTime<Utc>,
    rules_number: i32,
}

impl From<TermsRow> for TermsNotice {
    fn from(row: TermsRow) -> Self {
        // The column's CHECK keeps it at 32 bytes; a text that was tampered with shows by its own digest.
        let sha256 = TermsDigest::from_bytes(&row.sha256).unwrap_or_else(|| TermsDigest::of(&row.body));
        Self {
            id: row.id,
            job_id: row.job_id,
            worker_id: row.worker_id,
            units: row.units,
            language: row.language,
            body: row.body,
            sha256,
            issued_at: row.issued_at,
            rules_number: row.rules_number,
        }
    }
}

/// One notice as it was accepted; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: TermsNoticeId) -> Result<TermsNotice, DbError> {
    let row: TermsRow = terms_notices::table
        .filter(terms_notices::id.eq(id))
        .select(TermsRow::as_select())
        .first(tx.conn())?;
    Ok(row.into())
}

/// The newest terms the acting person accepted with a unit, whatever became of it since; [`DbError::NotFound`] where they never
/// had it. What was written stays theirs to read.
pub fn accepted(tx: &mut Tx<'_>, unit: UnitId) -> Result<TermsNotice, DbError> {
    let person = crate::acting_person(tx)?;
    let row: TermsRow = assignments::table
        .inner_join(terms_notices::table.on(terms_notices::id.eq(assignments::terms_notice_id)))
        .filter(assignments::unit_id.eq(unit))
        .filter(assignments::person_id.eq(person))
        .order(assignments::id.desc())
        .select(TermsRow::as_select())
        .first(tx.conn())?;
    Ok(row.into())
}

/// Whether anybody ever accepted terms for one of these jobs, whoever holds its units now.
pub(crate) fn were_accepted(tx: &mut Tx<'_>, jobs: &[JobId]) -> Result<bool, DbError> {
    let of_these = terms_notices::table.filter(terms_notices::job_id.eq_any(jobs));
    Ok(diesel::select(exists(of_these)).get_result(tx.conn())?)
}

/// The notices a worker accepted, the oldest first.
pub fn of_worker(
    tx: &mut Tx<'_>,
    worker: WorkerId,
    paging: &Paging<TermsKey>,
) -> Result<Page<TermsNotice, TermsKey>, DbError> {
    let mut query = terms_notices::table
        .filter(terms_notices::worker_id.eq(worker))
        .order(terms_notices::id)
        .limit(paging.probe())
        .select(TermsRow::as_select())
        .into_boxed();
    if let Some(TermsKey(id)) = paging.after {
        query = query.filter(terms_notices::id.gt(id));
    }
    let rows: Vec<TermsRow> = query.load(tx.conn())?;
    let notices = rows.into_iter().map(TermsNotice::from).collect();
    Ok(Page::cut(notices, paging, |notice: &TermsNotice| TermsKey(notice.id)))
}
