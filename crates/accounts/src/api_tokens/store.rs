//! Rows and writes of `api_tokens`.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::PersonId;

use super::model::{Access, ApiToken, ApiTokenId, TokenFields};
use crate::OrgSecret;
use crate::persons::store::PersonRow;
use crate::schema::{api_tokens, persons};

#[derive(Queryable, Selectable)]
#[diesel(table_name = api_tokens)]
pub(super) struct ApiTokenRow {
    id: ApiTokenId,
    person_id: PersonId,
    name: String,
    access: Access,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    used_at: Option<DateTime<Utc>>,
    revoked_at: Option<DateTime<Utc>>,
}

impl From<ApiTokenRow> for ApiToken {
    fn from(row: ApiTokenRow) -> Self {
        Self {
            id: row.id,
            person: row.person_id,
            name: row.name,
            access: row.access,
            created_at: row.created_at,
            expires_at: row.expires_at,
            used_at: row.used_at,
            revoked_at: row.revoked_at,
        }
    }
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    person: PersonId,
    secret: &OrgSecret,
    fields: &TokenFields,
) -> Result<ApiToken, DbError> {
    let now = tx.now();
    let row = diesel::insert_into(api_tokens::table)
        .values((
            api_tokens::person_id.eq(person),
            api_tokens::name.eq(&fields.name),
            api_tokens::secret_hash.eq(secret.hash().as_slice()),
            api_tokens::access.eq(fields.access),
            api_tokens::created_at.eq(now),
            api_tokens::expires_at.eq(now + fields.lifetime),
        ))
        .returning(ApiTokenRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

pub(super) struct Found {
    pub(super) id: ApiTokenId,
    pub(super) access: Access,
    pub(super) used_at: Option<DateTime<Utc>>,
    pub(super) person: PersonRow,
}

pub(super) fn find_alive(tx: &mut Tx<'_>, secret: &OrgSecret) -> Result<Option<Found>, DbError> {
    let now = tx.now();
    let owner =
        persons::organization_id.eq(api_tokens::organization_id).and(persons::id.eq(api_tokens::person_id));
    let found = api_tokens::table
        .inner_join(persons::table.on(owner))
        .filter(api_tokens::secret_hash.eq(secret.hash().as_slice()))
        .filter(api_tokens::expires_at.gt(now))
        .filter(api_tokens::revoked_at.is_null())
        .select((api_tokens::id, api_tokens::access, api_tokens::used_at, PersonRow::as_select()))
        .first(tx.conn())
        .optional()?;
    Ok(found.map(|(id, access, used_at, person)| Found { id, access, used_at, person }))
}

pub(super) fn touch(tx: &mut Tx<'_>, id: ApiTokenId) -> Result<(), DbError> {
    let now = tx.now();
    diesel::update(api_tokens::table.filter(api_tokens::id.eq(id)))
        .set(api_tokens::used_at.eq(now))
        .execute(tx.conn())?;
    Ok(())
}

/// Revokes one of the person's working tokens, or all; says how many.
pub(super) fn revoke(tx: &mut Tx<'_>, person: PersonId, only: Option<ApiTokenId>) -> Result<usize, DbError> {
    let now = tx.now();
    let mut working = diesel::update(api_tokens::table)
        .filter(api_tokens::person_id.eq(person))
        .filter(api_tokens::revoked_at.is_null())
        .filter(api_tokens::expires_at.gt(now))
        .set(api_tokens::revoked_at.eq(now))
        .into_boxed();
    if let Some(id) = only {
        working = working.filter(api_tokens::id.eq(id));
    }
    Ok(working.execute(tx.conn())?)
}
