//! The work that open deals would bring, for whoever plans people's hours.

use chrono::NaiveDate;
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Nullable, SmallInt};
use kernel::DealId;

/// What an open deal would bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
pub struct OpenWork {
    /// The deal.
    #[diesel(sql_type = BigInt)]
    pub deal: DealId,
    /// Minutes of its work: by the quote that stands, else by its own lines; more than none.
    #[diesel(sql_type = BigInt)]
    pub minutes: i64,
    /// The day the quote that stands gives; none where there is no quote.
    #[diesel(sql_type = Nullable<Date>)]
    pub wanted_on: Option<NaiveDate>,
    /// How likely its stage says it is won, in percent; more than none.
    #[diesel(sql_type = SmallInt)]
    pub likely_percent: i16,
}

/// The work of every open deal that has any and is at all likely, the likeliest first.
pub fn open_work(tx: &mut Tx<'_>) -> Result<Vec<OpenWork>, DbError> {
    Ok(diesel::sql_query(
        "SELECT d.id AS deal, w.minutes, q.deliver_on AS wanted_on, s.probability AS likely_percent \
         FROM deals d JOIN stages s ON s.id = d.stage_id \
             LEFT JOIN quotes q ON q.deal_id = d.id AND q.state <> 'superseded' \
             CROSS JOIN LATERAL (SELECT COALESCE( \
                 (SELECT sum(l.quantity::bigint * l.unit_minutes)::bigint FROM quote_lines l WHERE l.quote_id = q.id), \
                 (SELECT sum(l.quantity::bigint * l.unit_minutes)::bigint FROM deal_lines l WHERE l.deal_id = d.id)) \
                 AS minutes) w \
         WHERE d.state = 'open' AND s.probability > 0 AND w.minutes > 0 \
         ORDER BY s.probability DESC, d.id",
    )
    .load(tx.conn())?)
}
