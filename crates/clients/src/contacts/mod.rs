//! The people a town talks to at its companies (担当者): adding one, correcting one, finding one.
//!
//! Invariant: names are stored family name first and byte for byte as entered; a contact moves to another company only
//! when the two companies are merged ([`crate::merges`]).

mod lists;
mod look_alikes;
mod many;
mod model;
pub(crate) mod store;
#[cfg(test)]
mod tests;
mod viewed;

use db::{DbError, Tx};
use kernel::{Candidate, Code, Coded, CompanyId, ContactId, FieldProblem, Invalid};

use look_alikes::Signs;

pub use lists::{
    ContactFilter, ContactKey, ContactSummary, count_of_company, find, ids_of_company, list, of_company,
    of_ids, refused_phones, search, search_of,
};
pub use look_alikes::{Likeness, LookAlike, look_alikes, of_contact as alike_to};
pub use many::{add_many, find_many, standing_for, take_back, with_emails, with_names};
pub(crate) use model::ContactFields;
pub use model::{Contact, ContactInput};
pub(crate) use store::set_may_be_called;
pub use viewed::{FIELDS, SORTS, count_viewed, ids_viewed, viewed};

/// Why a contact was not added or changed.
#[derive(Debug, thiserror::Error)]
pub enum ContactError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Others of this town look like them and are not named as known to be apart; nothing was written.
    #[error("{} contacts look like this one", .0.len())]
    LooksAlike(Vec<LookAlike>),
    /// Somebody changed it since it was read.
    #[error("the contact was changed meanwhile")]
    Stale,
    /// The database failed, or this town has no such company or contact.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for ContactError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::LooksAlike(_) => Code::LooksAlike,
            Self::Stale => Code::Stale,
            Self::Db(error) => error.code(),
        }
    }

    fn candidates(&self) -> Vec<Candidate> {
        let Self::LooksAlike(alike) = self else { return Vec::new() };
        let candidate = |one: &LookAlike| Candidate {
            id: one.contact.id.0,
            name: one.contact.display_name(),
            by: one.by.iter().map(ToString::to_string).collect(),
        };
        alike.iter().map(candidate).collect()
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            _ => &[],
        }
    }
}

/// Adds a person to a company of this town, unless somebody looks like them whom the input does not name as known to be
/// apart.
pub fn add(tx: &mut Tx<'_>, company: CompanyId, input: ContactInput) -> Result<Contact, ContactError> {
    let fields = input.checked()?;
    let company = crate::companies::find(tx, company)?;
    only_known_look_alikes(tx, &Signs::of(company.id, &fields), &input.apart_from())?;
    Ok(store::insert(tx, company.id, &fields)?)
}

/// Adds a person to a company of this town whoever looks like them, for callers who have looked themselves: the form
/// that converts a lead.
pub fn add_knowingly(
    tx: &mut Tx<'_>,
    company: CompanyId,
    input: ContactInput,
) -> Result<Contact, ContactError> {
    let fields = input.checked()?;
    let company = crate::companies::find(tx, company)?;
    Ok(store::insert(tx, company.id, &fields)?)
}

/// Changes a contact that was read at `version`. What makes them look like another only now refuses the change, as when
/// one is added.
pub fn correct(
    tx: &mut Tx<'_>,
    id: ContactId,
    version: i32,
    input: ContactInput,
) -> Result<Contact, ContactError> {
    let fields = input.checked()?;
    let current = find(tx, id)?;
    if current.id != id || current.version != version {
        return Err(ContactError::Stale);
    }
    let mut known = input.apart_from();
    known.push(id);
    let signs = Signs::of(current.company_id, &fields).new_beside(&current);
    only_known_look_alikes(tx, &signs, &known)?;
    store::update(tx, current.id, version, &fields)?.ok_or(ContactError::Stale)
}

/// [`correct`] whoever the contact looks like then: for imports, which match them by a rule the person has read.
pub fn correct_knowingly(
    tx: &mut Tx<'_>,
    id: ContactId,
    version: i32,
    input: &ContactInput,
) -> Result<Contact, ContactError> {
    let fields = input.checked()?;
    // The version of whomever they were merged into meanwhile may be the same one.
    if find(tx, id)?.id != id {
        return Err(ContactError::Stale);
    }
    store::update(tx, id, version, &fields)?.ok_or(ContactError::Stale)
}

fn only_known_look_alikes(tx: &mut Tx<'_>, signs: &Signs, known: &[ContactId]) -> Result<(), ContactError> {
    let mut alike = look_alikes::alike(tx, signs)?;
    alike.retain(|one| !known.contains(&one.contact.id));
    if alike.is_empty() { Ok(()) } else { Err(ContactError::LooksAlike(alike)) }
}
