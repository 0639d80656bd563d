//! Reading one-time tokens: whether one still works, asked before its link is mailed late.

use db::{DbError, Tx};
use diesel::dsl::exists;
use diesel::prelude::*;

use super::model::OneTimeTokenId;
use crate::schema::one_time_tokens;

/// Whether the token's link can still be used.
pub fn is_live(tx: &mut Tx<'_>, id: OneTimeTokenId) -> Result<bool, DbError> {
    let now = tx.now();
    let live = one_time_tokens::table
        .filter(one_time_tokens::id.eq(id))
        .filter(one_time_tokens::used_at.is_null())
        .filter(one_time_tokens::expires_at.gt(now));
    Ok(diesel::select(exists(live)).get_result(tx.conn())?)
}
