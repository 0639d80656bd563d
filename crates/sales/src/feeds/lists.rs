//! Reading calendar addresses.

use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::PersonId;

use super::model::Feed;
use super::store::FeedRow;
use crate::schema::calendar_feeds;

/// The address that stands for a person, where they have one.
pub fn of(tx: &mut Tx<'_>, person: PersonId) -> Result<Option<Feed>, DbError> {
    let row: Option<FeedRow> = calendar_feeds::table
        .filter(calendar_feeds::person_id.eq(person))
        .filter(calendar_feeds::ended_at.is_null())
        .select(FeedRow::as_select())
        .first(tx.conn())
        .optional()?;
    Ok(row.map(Feed::from))
}
