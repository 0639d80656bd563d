//! Companies by conditions that people put together: the fields there are, and a list in an order of its own.

use db::filter::{
    Asked, Field, Finder, Group, Kind, Of, RowKey, Sort, SortBy, SortKey, beyond, in_order, passes,
};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{CompanyId, Page, Paging};

use super::lists::CompanySummary;
use crate::schema::companies;

/// The function that finds a town's companies by any characters of what they are known by.
pub const FINDER: &str = "search_company_ids";
/// The beginning of a query for the companies that have one of some tags.
pub const TAGGED: &str = "SELECT company_id FROM company_tags WHERE tag_id";

/// What conditions on companies may be about.
pub const FIELDS: &[Field] = &[
    Field {
        name: "words",
        kind: Kind::Words { key: "companies.search_key", finder: Finder { id: ID, function: FINDER } },
    },
    Field { name: "tag", kind: Kind::Choices { column: "companies.id", query: TAGGED, of: Of::Tags } },
    Field { name: "address", kind: Kind::Text { key: "companies.address_key", finder: None } },
    Field { name: "phone", kind: Kind::Blank { column: "companies.phone_key" } },
    Field { name: "website", kind: Kind::Blank { column: "companies.site_key" } },
    Field { name: "corporate_number", kind: Kind::Blank { column: "companies.corporate_number" } },
    Field { name: "created_at", kind: Kind::Moment { column: "companies.created_at" } },
];

/// The orders they may stand in; the first is the usual one.
pub const SORTS: &[Sort] = &[
    Sort { name: "kana", column: "companies.kana_key", by: SortBy::Text, descending: false },
    Sort { name: "created", column: "companies.id", by: SortBy::Number, descending: true },
];

const ID: &str = "companies.id";

/// Companies that pass `tree`, in the order of `sort`.
pub fn viewed(
    tx: &mut Tx<'_>,
    tree: &Group,
    sort: &Sort,
    paging: &Paging<RowKey>,
) -> Result<Page<CompanySummary, RowKey>, DbError> {
    let mut query = companies::table
        .filter(companies::merged_into.is_null())
        .filter(passes(tree, Asked::of(tx)))
        .order(in_order(sort, ID))
        .limit(paging.probe())
        .select(CompanySummary::as_select())
        .into_boxed();
    if let Some(key) = &paging.after {
        query = query.filter(beyond(sort, ID, key));
    }
    let by = sort.by;
    Ok(Page::cut(query.load(tx.conn())?, paging, |row: &CompanySummary| {
        let place =
            if by == SortBy::Text { SortKey::Text(row.kana_key.clone()) } else { SortKey::Number(row.id.0) };
        RowKey(place, row.id.0)
    }))
}

/// How many pass `tree`.
pub fn count_viewed(tx: &mut Tx<'_>, tree: &Group) -> Result<i64, DbError> {
    let standing = companies::table.filter(companies::merged_into.is_null());
    Ok(standing.filter(passes(tree, Asked::of(tx))).count().get_result(tx.conn())?)
}

/// The ids of those that pass `tree`, the oldest first; at most `most`.
pub fn ids_viewed(tx: &mut Tx<'_>, tree: &Group, most: i64) -> Result<Vec<CompanyId>, DbError> {
    Ok(companies::table
        .filter(companies::merged_into.is_null())
        .filter(passes(tree, Asked::of(tx)))
        .order(companies::id)
        .limit(most)
        .select(companies::id)
        .load(tx.conn())?)
}
