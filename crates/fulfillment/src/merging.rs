//! What fulfillment has of companies and contacts, when two of them turn out to be one and when they are parted again:
//! their orders and deliveries go along. `clients::merges` decides; callers hand these verbs to it, in its transaction.

use clients::merges::Moved;
use db::{DbError, Tx};
use kernel::{CompanyId, ContactId};

use crate::{deliveries, exclusions, orders};

/// Moves the orders of company `from`, and who is not asked to do its work, to `into`, or of them only those of `only`; gives
/// back which moved.
pub fn move_company(
    tx: &mut Tx<'_>,
    from: CompanyId,
    into: CompanyId,
    only: Option<&Moved>,
) -> Result<Moved, DbError> {
    let mut moved = Moved::default();
    moved.note("orders", orders::move_company(tx, from, into, only.map(|only| only.of("orders")))?);
    let kept = only.map(|only| only.of("exclusions"));
    moved.note("exclusions", exclusions::store::move_company(tx, from, into, kept)?);
    Ok(moved)
}

/// Moves the orders and deliveries of contact `from` to `into`, or of them only those of `only`; gives back which moved.
pub fn move_contact(
    tx: &mut Tx<'_>,
    from: ContactId,
    into: ContactId,
    only: Option<&Moved>,
) -> Result<Moved, DbError> {
    let mut moved = Moved::default();
    moved.note("orders", orders::move_contact(tx, from, into, only.map(|only| only.of("orders")))?);
    let deliveries = deliveries::move_contact(tx, from, into, only.map(|only| only.of("deliveries")))?;
    moved.note("deliveries", deliveries);
    Ok(moved)
}

/// Whether an order would name a person of the other company, were `one` with its `people` and `other` two.
pub fn are_entangled(
    tx: &mut Tx<'_>,
    one: CompanyId,
    people: &[ContactId],
    other: CompanyId,
) -> Result<bool, DbError> {
    orders::are_entangled(tx, one, people, other)
}

/// How many orders a company has.
pub fn count_of_company(tx: &mut Tx<'_>, company: CompanyId) -> Result<i64, DbError> {
    orders::count_of_company(tx, company)
}

/// How many orders name a contact, and how many deliveries went to them.
pub fn counts_of_contact(tx: &mut Tx<'_>, contact: ContactId) -> Result<[(&'static str, i64); 2], DbError> {
    Ok([
        ("orders", orders::count_of_contact(tx, contact)?),
        ("deliveries", deliveries::count_of_contact(tx, contact)?),
    ])
}
