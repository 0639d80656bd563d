//! Writes of `terms_notices`, which the application may only insert.

use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{JobId, WorkerId};

use super::model::{Terms, TermsNoticeId};
use crate::schema::terms_notices;

/// Keeps the accepted text for good.
pub(crate) fn freeze(
    tx: &mut Tx<'_>,
    job: JobId,
    worker: WorkerId,
    terms: &Terms,
) -> Result<TermsNoticeId, DbError> {
    let now = tx.now();
    Ok(diesel::insert_into(terms_notices::table)
        .values((
            terms_notices::job_id.eq(job),
            terms_notices::worker_id.eq(worker),
            terms_notices::units.eq(i32::try_from(terms.units).unwrap_or(i32::MAX)),
            terms_notices::language.eq(terms.language),
            terms_notices::body.eq(&terms.body),
            terms_notices::sha256.eq(terms.sha256.bytes().to_vec()),
            terms_notices::issued_at.eq(now),
            terms_notices::rules_number.eq(terms.rules_number),
        ))
        .returning(terms_notices::id)
        .get_result(tx.conn())?)
}
