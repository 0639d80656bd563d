//! Reading what came of the days that were promised.

use chrono::NaiveDate;
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Date};

#[derive(QueryableByName)]
struct OutcomeRow {
    #[diesel(sql_type = Bool)]
    kept: bool,
}

/// Whether the first day that each closed order was promised for was kept, in the order in which their work ended. An order is
/// done with its last unit's first pass; what a client sends back afterwards is another matter. Where more or less was ordered
/// later, the day was promised for something else, and where none could be promised, there was none to keep.
const OUTCOMES: &str = "WITH first AS ( \
         SELECT DISTINCT ON (p.order_id) p.order_id, p.promised_on, p.made_at \
         FROM order_promises p JOIN orders o ON o.id = p.order_id \
         WHERE o.state = 'closed' ORDER BY p.order_id, p.id), \
     passed AS ( \
         SELECT u.order_id, u.id, min(d.passed_at) AS passed_at \
         FROM first f JOIN units u ON u.order_id = f.order_id, LATERAL ( \
             SELECT r.reviewed_at AS passed_at FROM reviews r \
             WHERE r.unit_id = u.id AND r.verdict = 'pass' AND r.is_last \
             UNION ALL \
             SELECT a.decided_at FROM review_appeals a WHERE a.unit_id = u.id AND a.outcome = 'passed' \
             UNION ALL \
             SELECT s.submitted_at FROM submissions s \
             WHERE s.unit_id = u.id AND u.passed_basis = 'sampled_out') d \
         GROUP BY u.order_id, u.id), \
     ended AS ( \
         SELECT order_id, (max(passed_at) AT TIME ZONE 'Asia/Tokyo')::date AS ended_on FROM passed GROUP BY order_id) \
     SELECT e.ended_on <= f.promised_on AS kept FROM first f JOIN ended e ON e.order_id = f.order_id \
     WHERE f.promised_on IS NOT NULL AND f.made_at >= $1::date::timestamp AT TIME ZONE 'Asia/Tokyo' \
         AND NOT EXISTS (SELECT FROM order_promises p \
             WHERE p.order_id = f.order_id AND p.cause IN ('more_work', 'less_work')) \
     ORDER BY e.ended_on, e.order_id";

/// Whether days promised since then were kept.
pub(super) fn kept(tx: &mut Tx<'_>, since: NaiveDate) -> Result<Vec<bool>, DbError> {
    let rows: Vec<OutcomeRow> = diesel::sql_query(OUTCOMES).bind::<Date, _>(since).load(tx.conn())?;
    Ok(rows.into_iter().map(|row| row.kept).collect())
}
