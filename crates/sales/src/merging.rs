//! What sales has of companies and contacts, when two of them turn out to be one and when they are parted again: their leads,
//! deals, activities and todos go along. `clients::merges` decides; callers hand these verbs to it, in its transaction.

use clients::merges::Moved;
use db::{DbError, Tx};
use kernel::{CompanyId, ContactId};

use crate::{activities, deals, leads, todos};

/// Moves what company `from` has to `into`, or of it only the rows of `only`; gives back what moved.
pub fn move_company(
    tx: &mut Tx<'_>,
    from: CompanyId,
    into: CompanyId,
    only: Option<&Moved>,
) -> Result<Moved, DbError> {
    let mut moved = Moved::default();
    moved.note("leads", leads::move_company(tx, from, into, only.map(|only| only.of("leads")))?);
    moved.note("deals", deals::move_company(tx, from, into, only.map(|only| only.of("deals")))?);
    let of = |table| only.map(|only| only.of(table));
    moved.note("activities", activities::move_company(tx, from, into, of("activities"))?);
    moved.note("todos", todos::move_company(tx, from, into, of("todos"))?);
    Ok(moved)
}

/// Moves the deals with contact `from` to `into`, or of them only those of `only`; gives back which moved.
pub fn move_contact(
    tx: &mut Tx<'_>,
    from: ContactId,
    into: ContactId,
    only: Option<&Moved>,
) -> Result<Moved, DbError> {
    let mut moved = Moved::default();
    moved.note("deals", deals::move_contact(tx, from, into, only.map(|only| only.of("deals")))?);
    Ok(moved)
}

/// Whether a deal would name a person of the other company, were `one` with its `people` and `other` two.
pub fn are_entangled(
    tx: &mut Tx<'_>,
    one: CompanyId,
    people: &[ContactId],
    other: CompanyId,
) -> Result<bool, DbError> {
    deals::are_entangled(tx, one, people, other)
}

/// How many leads and deals a company has, and how many activities and todos are about it beside them.
pub fn counts_of_company(tx: &mut Tx<'_>, company: CompanyId) -> Result<[(&'static str, i64); 4], DbError> {
    Ok([
        ("leads", leads::count_of_company(tx, company)?),
        ("deals", deals::count_of_company(tx, company)?),
        ("activities", activities::count_of_company(tx, company)?),
        ("todos", todos::count_of_company(tx, company)?),
    ])
}

/// How many deals name a contact.
pub fn count_of_contact(tx: &mut Tx<'_>, contact: ContactId) -> Result<i64, DbError> {
    deals::count_of_contact(tx, contact)
}
