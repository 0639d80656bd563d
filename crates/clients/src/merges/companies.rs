//! Two companies made one, and parted again.

use db::{DbError, Tx};
use kernel::{CompanyId, MergeId};

use super::model::{self, CompanyMergeInput, Hindrance, Merge, Moved, Pair, Side};
use super::{MergeError, find, lists, same, store};
use crate::companies::store::Held;
use crate::companies::{self, Company, CompanyFields};
use crate::{contacts, tags, terms};

/// Merges the company `input` names into the one that was read at `version`. `others` moves the rows of other crates from
/// the first to the second and says which.
pub fn merge_companies(
    tx: &mut Tx<'_>,
    kept: CompanyId,
    version: i32,
    input: &CompanyMergeInput,
    others: impl FnOnce(&mut Tx<'_>, CompanyId, CompanyId) -> Result<Moved, DbError>,
) -> Result<Merge, MergeError> {
    let (other, other_version) = model::other(&input.other, &input.other_version)?;
    let terms_of = model::terms_of(input)?;
    if other == kept {
        return Err(same().into());
    }
    let (kept, merged) = standing(tx, kept, other)?;
    if kept.version != version || merged.version != other_version {
        return Err(MergeError::Stale);
    }
    let after = input.joined(&kept, &merged)?;
    let changed = model::differences(&CompanyFields::from(&kept), &after).map_err(store::unreadable)?;
    companies::store::set_merged_into(tx, merged.id, Some(kept.id))?;
    companies::store::update(tx, kept.id, version, &after)?.ok_or(MergeError::Stale)?;
    let mut moved = others(tx, merged.id, kept.id)?;
    moved.note("contacts", contacts::store::move_company(tx, merged.id, kept.id, None)?);
    moved.note("tags", tags::give_those_of(tx, merged.id, kept.id)?);
    let id = store::insert(tx, Pair::Companies { kept: kept.id, merged: merged.id }, &changed, &moved)?;
    take_over_terms(tx, id, &kept, &merged, terms_of)?;
    Ok(find(tx, id)?)
}

/// Both companies, held; neither may have been merged away.
fn standing(tx: &mut Tx<'_>, kept: CompanyId, merged: CompanyId) -> Result<(Company, Company), MergeError> {
    let (kept, merged) = both(tx, kept, merged)?;
    if kept.merged_into.is_some() || merged.merged_into.is_some() {
        return Err(MergeError::AlreadyMerged);
    }
    Ok((kept.company, merged.company))
}

fn both(tx: &mut Tx<'_>, kept: CompanyId, merged: CompanyId) -> Result<(Held, Held), DbError> {
    let mut held = companies::store::hold(tx, [kept, merged])?.into_iter();
    match (held.next(), held.next()) {
        (Some(first), Some(second)) if first.company.id == kept => Ok((first, second)),
        (Some(first), Some(second)) => Ok((second, first)),
        _ => Err(DbError::NotFound),
    }
}

/// The other's terms become the kept one's next version where somebody says so, or where it has none.
fn take_over_terms(
    tx: &mut Tx<'_>,
    merge: MergeId,
    kept: &Company,
    merged: &Company,
    chosen: Option<Side>,
) -> Result<(), DbError> {
    let own = terms::standing(tx, kept.id)?;
    let Some(theirs) = terms::standing(tx, merged.id)? else { return Ok(()) };
    let usual = if own.is_some() { Side::Kept } else { Side::Merged };
    if chosen.unwrap_or(usual) == Side::Merged {
        let version = own.map_or(0, |terms| terms.version) + 1;
        terms::take_over(tx, merge, kept.id, version, &theirs)?;
    }
    Ok(())
}

/// Parts them again.
pub(super) fn part(
    tx: &mut Tx<'_>,
    merge: &Merge,
    (kept, merged): (CompanyId, CompanyId),
    back: impl FnOnce(&mut Tx<'_>, &Merge) -> Result<Moved, MergeError>,
) -> Result<(), MergeError> {
    let (kept, merged) = both(tx, kept, merged)?;
    if kept.merged_into.is_some() {
        return Err(Hindrance::KeptMerged.into());
    }
    let (kept, merged) = (kept.company, merged.company);
    put_back_fields(tx, &kept, &merged, merge)?;
    if !terms::let_go(tx, merge.id)? {
        return Err(Hindrance::TermsAgreed.into());
    }
    tags::take_back(tx, kept.id, merge.moved.of("tags"))?;
    companies::store::set_merged_into(tx, merged.id, None).map_err(overtaken)?;
    let people = merge.moved.of("contacts");
    let mut moved = Moved::default();
    moved.note("contacts", contacts::store::move_company(tx, kept.id, merged.id, Some(people))?);
    if lists::are_entangled(tx, [kept.id, merged.id])? {
        return Err(Hindrance::PeopleMerged.into());
    }
    let others = back(tx, merge)?;
    if moved.is_within(&merge.moved) && others.is_within(&merge.moved) {
        Ok(())
    } else {
        Err(Hindrance::MovedOn.into())
    }
}

/// The kept one's fields as they were; the number of each must be free by then.
fn put_back_fields(
    tx: &mut Tx<'_>,
    kept: &Company,
    merged: &Company,
    merge: &Merge,
) -> Result<(), MergeError> {
    let fields = model::reverted(&CompanyFields::from(kept), &merge.changed).map_err(store::unreadable)?;
    let fields = fields.ok_or(Hindrance::FieldChanged)?;
    for number in fields.corporate_number.iter().chain(&merged.corporate_number) {
        if companies::store::id_by_number(tx, number)?.is_some_and(|other| other != kept.id) {
            return Err(Hindrance::NumberTaken.into());
        }
    }
    if fields.corporate_number.is_some() && fields.corporate_number == merged.corporate_number {
        return Err(Hindrance::NumberTaken.into());
    }
    let put_back = companies::store::update(tx, kept.id, kept.version, &fields).map_err(overtaken)?;
    put_back.map(|_company| ()).ok_or(MergeError::Stale)
}

/// A number that another company took at this very moment.
fn overtaken(error: DbError) -> MergeError {
    if error.violates(companies::store::NUMBER_ONCE) {
        return Hindrance::NumberTaken.into();
    }
    error.into()
}
