//! Many companies at once, for imports: found by what they may be recognised by, entered by the rules of one
//! (`many_are_entered_by_the_rules_of_one`), taken back while nobody has touched them.

use std::collections::{BTreeSet, HashMap};

use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text};
use kernel::{CompanyId, CorporateNumber, likeness};

use super::model::{Company, CompanyFields, CompanyInput};
use super::store::{self, CompanyRow};
use super::{CompanyError, Invalid};
use crate::schema::companies;

/// What was merged into another is not found: rows of a file are about what stands.
#[diesel::dsl::auto_type(no_type_alias)]
fn standing() -> _ {
    companies::table.filter(companies::merged_into.is_null())
}

/// Who stands for those of `ids` that were merged into another; those that stand for themselves are left out.
pub fn standing_for(tx: &mut Tx<'_>, ids: &[CompanyId]) -> Result<HashMap<CompanyId, CompanyId>, DbError> {
    let rows: Vec<Standing> = diesel::sql_query(
        "SELECT id, standing_company(organization_id, id) AS standing FROM companies \
         WHERE id = ANY ($1) AND merged_into IS NOT NULL",
    )
    .bind::<Array<BigInt>, _>(ids)
    .load(tx.conn())?;
    Ok(rows.into_iter().map(|row| (row.id, row.standing)).collect())
}

#[derive(QueryableByName)]
struct Standing {
    #[diesel(sql_type = BigInt)]
    id: CompanyId,
    #[diesel(sql_type = BigInt)]
    standing: CompanyId,
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = BigInt)]
    id: CompanyId,
}

/// Those of `ids` that this town has.
pub fn find_many(tx: &mut Tx<'_>, ids: &[CompanyId]) -> Result<Vec<Company>, DbError> {
    let rows: Vec<CompanyRow> =
        standing().filter(companies::id.eq_any(ids)).select(CompanyRow::as_select()).load(tx.conn())?;
    Ok(rows.into_iter().map(Company::from).collect())
}

/// This town's companies with one of these numbers.
pub fn with_numbers(tx: &mut Tx<'_>, numbers: &[CorporateNumber]) -> Result<Vec<Company>, DbError> {
    let rows: Vec<CompanyRow> = standing()
        .filter(companies::corporate_number.eq_any(numbers))
        .select(CompanyRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(Company::from).collect())
}

/// This town's companies whose names look like one of `names`, whatever their legal form, width or spaces; of each name at
/// most `most`, those without a number first.
pub fn with_names<'n>(
    tx: &mut Tx<'_>,
    names: impl IntoIterator<Item = &'n str>,
    most: i64,
) -> Result<Vec<Company>, DbError> {
    let keys: BTreeSet<String> =
        names.into_iter().map(likeness::name_key).filter(|key| !key.is_empty()).collect();
    // The key alone first (`OFFSET 0`): of a table that is just being filled, `merged_into IS NULL` is reckoned as next to
    // nothing, and the index of numbers, which knows no other rows, would be walked whole for every name.
    let found: Vec<Found> = diesel::sql_query(
        "SELECT named.id FROM unnest($1) AS asked (key) CROSS JOIN LATERAL ( \
             SELECT c.id FROM (SELECT * FROM companies n WHERE n.name_key = asked.key OFFSET 0) c \
             WHERE c.merged_into IS NULL \
             ORDER BY c.corporate_number NULLS FIRST, c.id LIMIT $2) named",
    )
    .bind::<Array<Text>, _>(keys.into_iter().collect::<Vec<_>>())
    .bind::<BigInt, _>(most)
    .load(tx.conn())?;
    find_many(tx, &found.into_iter().map(|one| one.id).collect::<Vec<_>>())
}

/// How a company is reached, folded.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
#[diesel(table_name = companies)]
pub struct Reached {
    /// Which one.
    pub id: CompanyId,
    /// [`kernel::reach::phone_key`] of its telephone number.
    pub phone_key: String,
    /// [`kernel::reach::site_key`] of its web site.
    pub site_key: String,
}

/// This town's companies with one of these telephone numbers or web sites, all folded; of each at most `most`.
pub fn reached_by(
    tx: &mut Tx<'_>,
    phones: &[String],
    sites: &[String],
    most: i64,
) -> Result<Vec<Reached>, DbError> {
    Ok(diesel::sql_query(
        "SELECT reached.* FROM (SELECT DISTINCT key FROM unnest($1) AS phones (key)) asked CROSS JOIN LATERAL ( \
             SELECT c.id, c.phone_key, c.site_key FROM (SELECT * FROM companies n WHERE n.phone_key = asked.key OFFSET 0) c \
             WHERE c.merged_into IS NULL ORDER BY c.id LIMIT $3) reached \
         UNION SELECT reached.* FROM (SELECT DISTINCT key FROM unnest($2) AS sites (key)) asked CROSS JOIN LATERAL ( \
             SELECT c.id, c.phone_key, c.site_key FROM (SELECT * FROM companies n WHERE n.site_key = asked.key OFFSET 0) c \
             WHERE c.merged_into IS NULL ORDER BY c.id LIMIT $3) reached",
    )
    .bind::<Array<Text>, _>(phones)
    .bind::<Array<Text>, _>(sites)
    .bind::<BigInt, _>(most)
    .load(tx.conn())?)
}

/// Enters all of `inputs` in one statement, whatever looks like them; in their order. The first that cannot be accepted
/// refuses them all, and so does a number that somebody was faster with ([`CompanyError::Stale`]).
pub fn enter_many(tx: &mut Tx<'_>, inputs: &[CompanyInput]) -> Result<Vec<Company>, CompanyError> {
    let fields: Vec<CompanyFields> =
        inputs.iter().map(CompanyInput::checked).collect::<Result<_, Invalid>>()?;
    let entered = store::insert_many(tx, &fields)?;
    if entered.len() == fields.len() { Ok(entered) } else { Err(CompanyError::Stale) }
}

/// Removes those of `ids` that are as they were entered; gives back which. One that something refers to refuses them
/// all ([`DbError::is_still_referenced`]).
pub fn take_back(tx: &mut Tx<'_>, ids: &[CompanyId]) -> Result<Vec<CompanyId>, DbError> {
    store::delete_new(tx, ids)
}
