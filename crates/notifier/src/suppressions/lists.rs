//! Reading the list: whether an address is on it, and what stands there.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::dsl::exists;
use diesel::pg::Pg;
use diesel::prelude::*;
use kernel::{EmailAddress, MessageId, Page, Paging};

use super::model::{Suppression, SuppressionId, SuppressionReason};
use crate::messages::Category;
use crate::schema::mail_suppressions;

type Live<'a> = mail_suppressions::BoxedQuery<'a, Pg>;

/// What counts now.
fn live<'a>(tx: &Tx<'_>) -> Live<'a> {
    let now = tx.now();
    mail_suppressions::table
        .filter(mail_suppressions::lifted_at.is_null())
        .filter(mail_suppressions::expires_at.is_null().or(mail_suppressions::expires_at.gt(now)))
        .into_boxed()
}

/// Whether the address itself does not work, as far as anybody knows.
pub fn is_dead(tx: &mut Tx<'_>, address: &EmailAddress) -> Result<bool, DbError> {
    let reasons = SuppressionReason::ALL.iter().copied().filter(|reason| reason.is_dead());
    let dead = live(tx)
        .filter(mail_suppressions::address_key.eq(address.key()))
        .filter(mail_suppressions::reason.eq_any(reasons.collect::<Vec<_>>()));
    Ok(diesel::select(exists(dead)).get_result(tx.conn())?)
}

/// Whether mails of a category that is not owed stay away from the address.
pub fn stops(tx: &mut Tx<'_>, address: &EmailAddress, category: Category) -> Result<bool, DbError> {
    let scoped = live(tx)
        .filter(mail_suppressions::address_key.eq(address.key()))
        .filter(mail_suppressions::category.is_null().or(mail_suppressions::category.eq(category)));
    Ok(diesel::select(exists(scoped)).get_result(tx.conn())?)
}

/// Whether mails of a category that is not owed have stayed away from the address at any time since then, or do now: what was sent to it may
/// not have come.
pub fn stopped_since(
    tx: &mut Tx<'_>,
    address: &EmailAddress,
    category: Category,
    since: DateTime<Utc>,
) -> Result<bool, DbError> {
    let scoped = mail_suppressions::table
        .filter(mail_suppressions::address_key.eq(address.key()))
        .filter(mail_suppressions::category.is_null().or(mail_suppressions::category.eq(category)))
        .filter(mail_suppressions::lifted_at.is_null().or(mail_suppressions::lifted_at.gt(since)))
        .filter(mail_suppressions::expires_at.is_null().or(mail_suppressions::expires_at.gt(since)));
    Ok(diesel::select(exists(scoped)).get_result(tx.conn())?)
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = mail_suppressions)]
struct Row {
    id: SuppressionId,
    address_key: String,
    category: Option<Category>,
    reason: SuppressionReason,
    message_id: Option<MessageId>,
    note: Option<String>,
    added_by: String,
    since: DateTime<Utc>,
    expires_at: Option<DateTime<Utc>>,
}

impl From<Row> for Suppression {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            address: row.address_key,
            category: row.category,
            reason: row.reason,
            message: row.message_id,
            note: row.note,
            added_by: row.added_by,
            since: row.since,
            expires_at: row.expires_at,
        }
    }
}

/// What is on the list now, the newest first.
pub fn list(
    tx: &mut Tx<'_>,
    paging: &Paging<SuppressionId>,
) -> Result<Page<Suppression, SuppressionId>, DbError> {
    let mut query = live(tx).order(mail_suppressions::id.desc()).limit(paging.probe());
    if let Some(after) = paging.after {
        query = query.filter(mail_suppressions::id.lt(after));
    }
    let rows: Vec<Row> = query.select(Row::as_select()).load(tx.conn())?;
    Ok(Page::cut(rows, paging, |row| row.id).map(Suppression::from))
}

/// One entry, lifted or not; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: SuppressionId) -> Result<Suppression, DbError> {
    let row: Row = mail_suppressions::table
        .filter(mail_suppressions::id.eq(id))
        .select(Row::as_select())
        .first(tx.conn())?;
    Ok(row.into())
}
