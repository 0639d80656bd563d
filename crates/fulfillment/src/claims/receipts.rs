//! Reading when a holder's work was received: the day its payment counts from, of a unit and of what a fix pays beside.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Nullable, Timestamptz};
use kernel::{UnitId, Yen, date_in_japan};

use crate::terms::TermsNoticeId;

#[derive(QueryableByName)]
struct Received {
    #[diesel(sql_type = BigInt)]
    unit_id: UnitId,
    #[diesel(sql_type = Timestamptz)]
    at: DateTime<Utc>,
}

/// The day of receipt from which a unit's payment counts, for those whose holder handed in: their first version, or the
/// first after the last one that was refused through their own fault, because only then was there something to receive.
/// What a client asks for later moves no day: that work was received.
pub(crate) fn received_on(tx: &mut Tx<'_>, ids: &[UnitId]) -> Result<HashMap<UnitId, NaiveDate>, DbError> {
    let rows: Vec<Received> = diesel::sql_query(
        "SELECT s.unit_id, min(s.submitted_at) AS at FROM submissions s \
         JOIN units u ON u.id = s.unit_id AND u.holder_id = s.maker_id \
         WHERE s.unit_id = ANY ($1) AND NOT EXISTS (SELECT 1 FROM reviews r \
             WHERE r.unit_id = s.unit_id AND r.submission_id >= s.id AND r.verdict <> 'pass' AND r.fault = 'worker') \
         GROUP BY s.unit_id",
    )
    .bind::<Array<BigInt>, _>(ids.to_vec())
    .load(tx.conn())?;
    Ok(rows.into_iter().map(|row| (row.unit_id, date_in_japan(row.at))).collect())
}

/// What a decision pays for a fix, with the day the fixed version was received.
#[derive(QueryableByName)]
pub(super) struct PaidFix {
    #[diesel(sql_type = BigInt)]
    unit_id: UnitId,
    #[diesel(sql_type = BigInt)]
    pub(super) pay: Yen,
    #[diesel(sql_type = BigInt)]
    pub(super) terms_notice: TermsNoticeId,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    at: Option<DateTime<Utc>>,
}

impl PaidFix {
    pub(super) fn received_on(&self) -> Option<NaiveDate> {
        self.at.map(date_in_japan)
    }
}

/// What the holders of units are paid for fixes beside the units' own pay, the oldest first. Each is a line of its own
/// under terms of its own, so its receipt is the first version handed in after it was decided and not refused through
/// the holder's fault.
pub(super) fn paid_fixes(tx: &mut Tx<'_>, ids: &[UnitId]) -> Result<HashMap<UnitId, Vec<PaidFix>>, DbError> {
    let rows: Vec<PaidFix> = diesel::sql_query(
        "SELECT d.unit_id, d.extra_pay AS pay, d.terms_notice_id AS terms_notice, \
             (SELECT min(s.submitted_at) FROM submissions s \
              WHERE s.unit_id = d.unit_id AND s.maker_id = u.holder_id AND s.submitted_at >= d.decided_at \
                  AND NOT EXISTS (SELECT 1 FROM reviews r WHERE r.unit_id = s.unit_id \
                      AND r.submission_id >= s.id AND r.verdict <> 'pass' AND r.fault = 'worker')) AS at \
         FROM fix_decisions d JOIN units u ON u.id = d.unit_id JOIN terms_notices t ON t.id = d.terms_notice_id \
         WHERE d.unit_id = ANY ($1) AND EXISTS (SELECT 1 FROM assignments a \
             WHERE a.unit_id = d.unit_id AND a.worker_id = t.worker_id AND a.person_id = u.holder_id) \
         ORDER BY d.id",
    )
    .bind::<Array<BigInt>, _>(ids.to_vec())
    .load(tx.conn())?;
    let mut paid: HashMap<UnitId, Vec<PaidFix>> = HashMap::new();
    for row in rows {
        paid.entry(row.unit_id).or_default().push(row);
    }
    Ok(paid)
}
