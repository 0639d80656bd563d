//! Two contacts of one company made one, and parted again.

use db::{DbError, Tx};
use kernel::ContactId;

use super::model::{self, ContactMergeInput, Hindrance, Merge, Moved, Pair};
use super::{MergeError, find, same, store};
use crate::call_wishes;
use crate::contacts::store::Held;
use crate::contacts::{self, Contact, ContactFields};

/// Merges the contact `input` names into the one who was read at `version`. `others` moves the rows of other crates from
/// the first to the second and says which.
pub fn merge_contacts(
    tx: &mut Tx<'_>,
    kept: ContactId,
    version: i32,
    input: &ContactMergeInput,
    others: impl FnOnce(&mut Tx<'_>, ContactId, ContactId) -> Result<Moved, DbError>,
) -> Result<Merge, MergeError> {
    let (other, other_version) = model::other(&input.other, &input.other_version)?;
    if other == kept {
        return Err(same().into());
    }
    let (kept, merged) = standing(tx, kept, other)?;
    if kept.company_id != merged.company_id {
        return Err(MergeError::TwoCompanies);
    }
    if kept.version != version || merged.version != other_version {
        return Err(MergeError::Stale);
    }
    let after = input.joined(&kept, &merged)?;
    let changed = model::differences(&ContactFields::from(&kept), &after).map_err(store::unreadable)?;
    contacts::store::set_merged_into(tx, merged.id, Some(kept.id))?;
    contacts::store::update(tx, kept.id, version, &after)?.ok_or(MergeError::Stale)?;
    let moved = others(tx, merged.id, kept.id)?;
    let id = store::insert(tx, Pair::Contacts { kept: kept.id, merged: merged.id }, &changed, &moved)?;
    if kept.may_be_called && !merged.may_be_called {
        call_wishes::take_over_refusal(tx, id, merged.id, kept.id)?;
    }
    Ok(find(tx, id)?)
}

fn standing(tx: &mut Tx<'_>, kept: ContactId, merged: ContactId) -> Result<(Contact, Contact), MergeError> {
    let (kept, merged) = both(tx, kept, merged)?;
    if kept.merged_into.is_some() || merged.merged_into.is_some() {
        return Err(MergeError::AlreadyMerged);
    }
    Ok((kept.contact, merged.contact))
}

fn both(tx: &mut Tx<'_>, kept: ContactId, merged: ContactId) -> Result<(Held, Held), DbError> {
    let mut held = contacts::store::hold(tx, [kept, merged])?.into_iter();
    match (held.next(), held.next()) {
        (Some(first), Some(second)) if first.contact.id == kept => Ok((first, second)),
        (Some(first), Some(second)) => Ok((second, first)),
        _ => Err(DbError::NotFound),
    }
}

/// Parts them again.
pub(super) fn part(
    tx: &mut Tx<'_>,
    merge: &Merge,
    (kept, merged): (ContactId, ContactId),
    back: impl FnOnce(&mut Tx<'_>, &Merge) -> Result<Moved, MergeError>,
) -> Result<(), MergeError> {
    let (kept, merged) = both(tx, kept, merged)?;
    if kept.merged_into.is_some() {
        return Err(Hindrance::KeptMerged.into());
    }
    let (kept, merged) = (kept.contact, merged.contact);
    let fields = model::reverted(&ContactFields::from(&kept), &merge.changed).map_err(store::unreadable)?;
    let fields = fields.ok_or(Hindrance::FieldChanged)?;
    contacts::store::update(tx, kept.id, kept.version, &fields)?.ok_or(MergeError::Stale)?;
    contacts::store::set_merged_into(tx, merged.id, None)?;
    call_wishes::let_go(tx, merge.id, kept.id)?;
    if back(tx, merge)?.is_within(&merge.moved) { Ok(()) } else { Err(Hindrance::MovedOn.into()) }
}
