//! Reading tokens: all that a person has or had.

use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::PersonId;

use super::model::ApiToken;
use super::store::ApiTokenRow;
use crate::schema::api_tokens;

/// Every token of one person, newest first; expired and revoked ones stay as a record.
pub fn list(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<ApiToken>, DbError> {
    let rows = api_tokens::table
        .filter(api_tokens::person_id.eq(person))
        .order(api_tokens::id.desc())
        .select(ApiTokenRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(ApiToken::from).collect())
}
