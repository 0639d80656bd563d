//! Reading partners.

use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{OrganizationId, Page, Paging};

use super::model::{Partner, PartnerId, PartnerKey};
use super::store::PartnerRow;
use crate::schema::partners;

/// One of them; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: PartnerId) -> Result<Partner, DbError> {
    let row: PartnerRow =
        partners::table.filter(partners::id.eq(id)).select(PartnerRow::as_select()).first(tx.conn())?;
    Ok(row.into())
}

/// What this town has of another, whatever came of it.
pub(crate) fn of_town(tx: &mut Tx<'_>, town: OrganizationId) -> Result<Option<Partner>, DbError> {
    let row: Option<PartnerRow> = partners::table
        .filter(partners::town_id.eq(town))
        .select(PartnerRow::as_select())
        .first(tx.conn())
        .optional()?;
    Ok(row.map(Partner::from))
}

/// All of them, those that ended too, in the order in which they came.
pub fn list(tx: &mut Tx<'_>, paging: &Paging<PartnerKey>) -> Result<Page<Partner, PartnerKey>, DbError> {
    let after = paging.after.map_or(PartnerId(0), |PartnerKey(id)| id);
    let rows: Vec<PartnerRow> = partners::table
        .filter(partners::id.gt(after))
        .order(partners::id)
        .limit(paging.probe())
        .select(PartnerRow::as_select())
        .load(tx.conn())?;
    let rows = rows.into_iter().map(Partner::from).collect();
    Ok(Page::cut(rows, paging, |partner: &Partner| PartnerKey(partner.id)))
}

/// Those with whom orders may be shared now, by name.
pub fn agreed(tx: &mut Tx<'_>) -> Result<Vec<Partner>, DbError> {
    let rows: Vec<PartnerRow> = partners::table
        .filter(partners::ours.and(partners::theirs))
        .order((partners::name, partners::id))
        .select(PartnerRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(Partner::from).collect())
}
