//! Reading towns: the directory of all, and the scope's own with its settings.

use db::{DbError, Lobby, Tx};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use kernel::{FiscalYear, Language, OrganizationId, Span, date_in_japan};
use serde::Serialize;

use super::model::{Organization, TownKind};
use super::store::OrganizationRow;
use crate::schema::organizations;

/// A town in the directory.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName, Serialize)]
pub struct TownEntry {
    /// Its id.
    #[diesel(sql_type = BigInt)]
    pub id: OrganizationId,
    /// Its name in addresses.
    #[diesel(sql_type = Text)]
    pub slug: String,
    /// Its name on pages.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// Real or demonstration.
    #[diesel(sql_type = Text)]
    pub kind: TownKind,
    /// Its language.
    #[diesel(sql_type = Text)]
    pub language: Language,
}

/// The name in addresses of the town next door to the demo town, which is there to share orders with.
pub const DEMO_NEIGHBOUR: &str = "demo-neighbour";

impl TownEntry {
    /// Whether this is the town next door to the demo town. Nobody signs in to it, so nobody is led to its door.
    pub fn is_next_door(&self) -> bool {
        self.kind == TownKind::Demo && self.slug == DEMO_NEIGHBOUR
    }
}

/// Every town of this installation, real ones first, by slug. Readable by anybody; holds nothing else.
pub fn directory(lobby: &mut Lobby<'_>) -> Result<Vec<TownEntry>, DbError> {
    Ok(diesel::sql_query("SELECT id, slug, name, kind, language FROM organization_directory()")
        .load(lobby.conn())?)
}

/// The other town of this installation that goes by `slug` in addresses, for whoever wants to work together with it: what
/// the directory says, and nothing else.
pub fn by_slug(tx: &mut Tx<'_>, slug: &str) -> Result<Option<TownEntry>, DbError> {
    Ok(diesel::sql_query(
        "SELECT id, slug, name, kind, language FROM organization_directory() WHERE slug = $1",
    )
    .bind::<Text, _>(slug)
    .get_result(tx.conn())
    .optional()?)
}

/// The scope's own town.
pub fn find(tx: &mut Tx<'_>) -> Result<Organization, DbError> {
    let own = tx.organization();
    let row: OrganizationRow = organizations::table
        .filter(organizations::id.eq(own))
        .select(OrganizationRow::as_select())
        .first(tx.conn())?;
    Ok(row.into())
}

/// The fiscal year (会計年度) that is running in the scope's own town.
pub fn fiscal_year(tx: &mut Tx<'_>) -> Result<FiscalYear, DbError> {
    let today = date_in_japan(tx.now());
    Ok(find(tx)?.fiscal_year_of(today))
}

/// The days of `year` in the scope's own town.
pub fn days_of_year(tx: &mut Tx<'_>, year: FiscalYear) -> Result<Span, DbError> {
    Ok(find(tx)?.days_of(year))
}
