//! A town's tags (タグ) on its companies: above all which of the town's projects a client came from.
//!
//! Invariant: two tags of one town never read alike (`two_tags_of_one_town_never_read_alike`); a merge moves every
//! company and loses none (`merging_two_tags_keeps_every_company_once`).

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use db::{DbError, Tx};
use kernel::{Code, Coded, CompanyId, FieldProblem, Invalid};

pub use lists::{find, list, of_companies};
pub use model::{CompanyTagsInput, MergeInput, Tag, TagId, TagInput, TagUse};

use crate::companies;
pub(crate) use store::{give_those_of, take_back};

/// Why a tag was not made, renamed, merged or given.
#[derive(Debug, thiserror::Error)]
pub enum TagError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Somebody changed it since it was read.
    #[error("the tag was changed meanwhile")]
    Stale,
    /// The database failed, or this town has no such tag or company.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for TagError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::Stale => Code::Stale,
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            _ => &[],
        }
    }
}

/// Makes a tag.
pub fn create(tx: &mut Tx<'_>, input: &TagInput) -> Result<Tag, TagError> {
    let name = input.checked()?;
    Ok(store::insert(tx, &name)?.ok_or_else(taken)?)
}

/// Renames a tag that was read at `version`.
pub fn rename(tx: &mut Tx<'_>, id: TagId, version: i32, input: &TagInput) -> Result<Tag, TagError> {
    let name = input.checked()?;
    find(tx, id)?;
    if store::named(tx, &name)?.is_some_and(|other| other != id) {
        return Err(taken().into());
    }
    store::rename(tx, id, version, &name)?.ok_or(TagError::Stale)
}

/// Merges a tag into another: its companies get the other one, and it is gone.
pub fn merge(tx: &mut Tx<'_>, id: TagId, version: i32, input: &MergeInput) -> Result<Tag, TagError> {
    let into = input.checked()?;
    let tag = find(tx, id)?;
    if tag.version != version {
        return Err(TagError::Stale);
    }
    if into == id {
        return Err(Invalid::field("into", Code::Conflict).into());
    }
    let survivor = match find(tx, into) {
        Ok(survivor) => survivor,
        Err(DbError::NotFound) => return Err(Invalid::field("into", Code::UnknownChoice).into()),
        Err(error) => return Err(error.into()),
    };
    store::move_companies(tx, id, into)?;
    if store::remove(tx, id, version)? { Ok(survivor) } else { Err(TagError::Stale) }
}

/// Gives a company these tags and no others.
pub fn give(tx: &mut Tx<'_>, company: CompanyId, input: &CompanyTagsInput) -> Result<Vec<Tag>, TagError> {
    let wanted = input.checked()?;
    let company = companies::find(tx, company)?.id;
    let known: BTreeSet<TagId> = list(tx)?.into_iter().map(|one| one.tag.id).collect();
    if !wanted.is_subset(&known) {
        return Err(Invalid::field("tags", Code::UnknownChoice).into());
    }
    store::replace(tx, company, &wanted)?;
    Ok(of_companies(tx, &[company])?.remove(&company).unwrap_or_default())
}

/// Gives a company one tag beside those it has. A tag the town does not have is a wrong choice.
pub fn add(tx: &mut Tx<'_>, company: CompanyId, tag: TagId) -> Result<(), TagError> {
    store::add(tx, company, tag).map_err(|error| {
        if error.violates("company_tags_organization_id_tag_id_fkey") {
            Invalid::field("tags", Code::UnknownChoice).into()
        } else {
            error.into()
        }
    })
}

/// Takes one tag from a company and leaves the others; nothing where it has it no longer.
pub fn take(tx: &mut Tx<'_>, company: CompanyId, tag: TagId) -> Result<(), DbError> {
    take_back(tx, company, &[tag.0])
}

fn taken() -> Invalid {
    Invalid::field("name", Code::Taken)
}
