//! By when what a version offers could be done. Whoever plans work reckons it; here it is kept beside the version it was
//! reckoned for, once.

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{QuoteId, text_enum};
use schemars::JsonSchema;
use serde::Serialize;

use crate::schema::quote_promises;

text_enum!(
    /// Why a version has no day by which it could be done.
    PromiseGap {
        /// Nobody offers hours.
        NoHours = "no_hours",
        /// It fits nobody who does.
        NobodyFits = "nobody_fits",
        /// It lies beyond what can be seen.
        TooFar = "too_far",
    }
);

/// By when what a version offers could be done, as it was reckoned when the version was issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema, Queryable, Selectable, Insertable)]
#[diesel(table_name = quote_promises)]
pub struct QuotePromise {
    /// The day that held in 50 of 100 runs.
    pub half_on: Option<NaiveDate>,
    /// The day that held in 85 of 100 runs: the one to promise.
    pub promised_on: Option<NaiveDate>,
    /// The day that held in 95 of 100 runs.
    pub nearly_on: Option<NaiveDate>,
    /// Why there is none.
    pub gap: Option<PromiseGap>,
    /// In how many of a thousand runs it was done after the day the quote gives.
    pub late_permille: i16,
    /// When it was reckoned.
    pub reckoned_at: DateTime<Utc>,
}

/// Keeps what was reckoned for a version; what was kept before stays.
pub fn keep_promise(tx: &mut Tx<'_>, quote: QuoteId, promise: &QuotePromise) -> Result<(), DbError> {
    diesel::insert_into(quote_promises::table)
        .values((quote_promises::quote_id.eq(quote), promise))
        .on_conflict_do_nothing()
        .execute(tx.conn())?;
    Ok(())
}

/// What was reckoned for a version; none where nobody has yet.
pub fn promise_of(tx: &mut Tx<'_>, quote: QuoteId) -> Result<Option<QuotePromise>, DbError> {
    Ok(quote_promises::table
        .filter(quote_promises::quote_id.eq(quote))
        .select(QuotePromise::as_select())
        .first(tx.conn())
        .optional()?)
}
