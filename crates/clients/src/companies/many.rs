//! Many companies at once, for imports: found by what they may be recognised by, entered by the rules of one
//! (`many_are_entered_by_the_rules_of_one`), taken back while nobody has touched them.

use db::{DbError, Tx};
use diesel::prelude::*;
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

/// This town's companies whose names look like one of `names`, whatever their legal form, width or spaces; at most
/// `most`.
pub fn with_names<'n>(
    tx: &mut Tx<'_>,
    names: impl IntoIterator<Item = &'n str>,
    most: i64,
) -> Result<Vec<Company>, DbError> {
    let keys: Vec<String> = names.into_iter().map(likeness::name_key).filter(|key| !key.is_empty()).collect();
    let rows: Vec<CompanyRow> = standing()
        .filter(companies::name_key.eq_any(keys))
        .order(companies::id)
        .limit(most)
        .select(CompanyRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(Company::from).collect())
}

/// How a company is reached, folded.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = companies)]
pub struct Reached {
    /// Which one.
    pub id: CompanyId,
    /// [`kernel::reach::phone_key`] of its telephone number.
    pub phone_key: String,
    /// [`kernel::reach::site_key`] of its web site.
    pub site_key: String,
}

/// This town's companies with one of these telephone numbers or web sites, all folded; at most `most` by each.
pub fn reached_by(
    tx: &mut Tx<'_>,
    phones: &[String],
    sites: &[String],
    most: i64,
) -> Result<Vec<Reached>, DbError> {
    let mut found: Vec<Reached> = standing()
        .filter(companies::phone_key.eq_any(phones))
        .limit(most)
        .select(Reached::as_select())
        .load(tx.conn())?;
    found.extend(
        standing()
            .filter(companies::site_key.eq_any(sites))
            .limit(most)
            .select(Reached::as_select())
            .load::<Reached>(tx.conn())?,
    );
    Ok(found)
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
