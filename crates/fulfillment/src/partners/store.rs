//! Rows and writes of `partners`.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::OrganizationId;

use super::model::{Partner, PartnerId, Standing};
use crate::schema::partners;

#[derive(Queryable, Selectable)]
#[diesel(table_name = partners)]
pub(super) struct PartnerRow {
    id: PartnerId,
    town_id: OrganizationId,
    slug: String,
    name: String,
    ours: bool,
    theirs: bool,
    changed_at: DateTime<Utc>,
    version: i32,
    heard_version: i32,
}

impl From<PartnerRow> for Partner {
    fn from(row: PartnerRow) -> Self {
        Self {
            id: row.id,
            slug: row.slug,
            name: row.name,
            standing: Standing::of(row.ours, row.theirs),
            changed_at: row.changed_at,
            version: row.version,
            town: row.town_id,
            heard_version: row.heard_version,
        }
    }
}

/// Reads the row of a town and keeps it; makes one of which nobody wants anything yet, where there is none.
pub(super) fn hold_town(
    tx: &mut Tx<'_>,
    town: OrganizationId,
    slug: &str,
    name: &str,
) -> Result<Partner, DbError> {
    let now = tx.now();
    let row: PartnerRow = diesel::insert_into(partners::table)
        .values((
            partners::town_id.eq(town),
            partners::slug.eq(slug),
            partners::name.eq(name),
            partners::ours.eq(false),
            partners::theirs.eq(false),
            partners::changed_at.eq(now),
            partners::version.eq(0),
        ))
        .on_conflict((partners::organization_id, partners::town_id))
        .do_update()
        .set((partners::slug.eq(slug), partners::name.eq(name)))
        .returning(PartnerRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// Reads one and keeps everybody else from changing it until this transaction ends.
pub(super) fn hold(tx: &mut Tx<'_>, id: PartnerId) -> Result<Partner, DbError> {
    let row: PartnerRow = partners::table
        .filter(partners::id.eq(id))
        .select(PartnerRow::as_select())
        .for_no_key_update()
        .first(tx.conn())?;
    Ok(row.into())
}

/// Who wants it from now on.
pub(super) struct Wishes {
    pub(super) ours: bool,
    pub(super) theirs: bool,
    /// Whether this town did something of which the other has to hear.
    pub(super) is_said: bool,
    pub(super) heard_version: i32,
}

pub(super) fn write(tx: &mut Tx<'_>, partner: &Partner, wishes: &Wishes) -> Result<Partner, DbError> {
    let now = tx.now();
    let standing = Standing::of(wishes.ours, wishes.theirs);
    let changed_at = if standing == partner.standing { partner.changed_at } else { now };
    let row: PartnerRow = diesel::update(partners::table.filter(partners::id.eq(partner.id)))
        .set((
            partners::ours.eq(wishes.ours),
            partners::theirs.eq(wishes.theirs),
            partners::changed_at.eq(changed_at),
            partners::version.eq(partner.version + i32::from(wishes.is_said)),
            partners::heard_version.eq(wishes.heard_version),
        ))
        .returning(PartnerRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}
