//! Client and prospect companies (企業): entering one, correcting one, finding one.
//!
//! Invariant: names are stored byte for byte as they were entered; only their search keys are folded.

mod lists;
mod look_alikes;
mod many;
mod model;
pub(crate) mod store;
#[cfg(test)]
mod tests;
mod viewed;

use db::{DbError, Tx};
use kernel::{Candidate, Code, Coded, CompanyId, FieldProblem, Invalid};

use look_alikes::Signs;

pub use lists::{
    CompanyFilter, CompanyKey, CompanySummary, by_numbers, closed_on, find, list, names, search, summary,
};
pub use look_alikes::{Likeness, LookAlike, look_alikes, of_company as alike_to};
pub use many::{
    Reached, enter_many, find_many, reached_by, standing_for, take_back, with_names, with_numbers,
};
pub(crate) use model::CompanyFields;
pub use model::{Company, CompanyInput};
pub use viewed::{FIELDS, FINDER, SORTS, TAGGED, count_viewed, ids_viewed, viewed};

/// Why a company was not entered or changed.
#[derive(Debug, thiserror::Error)]
pub enum CompanyError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Another company of this town has the same corporate number.
    #[error("company {0} already has this corporate number")]
    NumberTaken(CompanyId),
    /// Others of this town look like it and are not named as known to be apart; nothing was written.
    #[error("{} companies look like this one", .0.len())]
    LooksAlike(Vec<LookAlike>),
    /// Somebody changed it since it was read.
    #[error("the company was changed meanwhile")]
    Stale,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for CompanyError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::NumberTaken(_) => Code::Taken,
            Self::LooksAlike(_) => Code::LooksAlike,
            Self::Stale => Code::Stale,
            Self::Db(error) => error.code(),
        }
    }

    fn candidates(&self) -> Vec<Candidate> {
        let Self::LooksAlike(alike) = self else { return Vec::new() };
        let candidate = |one: &LookAlike| Candidate {
            id: one.company.id.0,
            name: one.company.name.clone(),
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

/// Enters a company, unless another looks like it that the input does not name as known to be apart.
pub fn enter(tx: &mut Tx<'_>, input: CompanyInput) -> Result<Company, CompanyError> {
    let fields = input.checked()?;
    number_is_free(tx, &fields, None)?;
    only_known_look_alikes(tx, &Signs::of(&fields), &input.apart_from())?;
    enter_checked(tx, &fields)
}

/// Enters a company whatever looks like it, for a person who has been shown the town's companies and chose none of them:
/// the form that converts a lead.
pub fn enter_knowingly(tx: &mut Tx<'_>, input: CompanyInput) -> Result<Company, CompanyError> {
    enter_checked(tx, &input.checked()?)
}

/// Enters a company whose fields are known to be right: checked here, or taken from the register byte for byte.
pub(crate) fn enter_checked(tx: &mut Tx<'_>, fields: &CompanyFields) -> Result<Company, CompanyError> {
    if let Some(company) = store::insert(tx, fields)? {
        return Ok(company);
    }
    let number = fields.corporate_number.as_ref().ok_or(DbError::NotFound)?;
    let other = store::id_by_number(tx, number)?.ok_or(DbError::NotFound)?;
    Err(CompanyError::NumberTaken(other))
}

/// Changes a company that was read at `version`. What makes it look like another only now refuses the change, as when
/// one is entered.
pub fn correct(
    tx: &mut Tx<'_>,
    id: CompanyId,
    version: i32,
    input: CompanyInput,
) -> Result<Company, CompanyError> {
    let fields = input.checked()?;
    number_is_free(tx, &fields, Some(id))?;
    let current = find(tx, id)?;
    if current.id != id || current.version != version {
        return Err(CompanyError::Stale);
    }
    let mut known = input.apart_from();
    known.push(id);
    only_known_look_alikes(tx, &Signs::of(&fields).new_beside(&current), &known)?;
    written(tx, id, version, &fields)
}

/// [`correct`] whatever the company looks like then: for imports, which match it by a rule the person has read.
pub fn correct_knowingly(
    tx: &mut Tx<'_>,
    id: CompanyId,
    version: i32,
    input: &CompanyInput,
) -> Result<Company, CompanyError> {
    let fields = input.checked()?;
    number_is_free(tx, &fields, Some(id))?;
    // The version of whatever it was merged into meanwhile may be the same one.
    if find(tx, id)?.id != id {
        return Err(CompanyError::Stale);
    }
    written(tx, id, version, &fields)
}

/// Writes a company's fields over those of `version`. Where another takes the number at this very moment, it was changed
/// meanwhile as far as anybody can tell: asked again, it is told which one has the number.
fn written(
    tx: &mut Tx<'_>,
    id: CompanyId,
    version: i32,
    fields: &CompanyFields,
) -> Result<Company, CompanyError> {
    match store::update(tx, id, version, fields) {
        Err(error) if error.violates(store::NUMBER_ONCE) => Err(CompanyError::Stale),
        written => written?.ok_or(CompanyError::Stale),
    }
}

fn number_is_free(
    tx: &mut Tx<'_>,
    fields: &CompanyFields,
    itself: Option<CompanyId>,
) -> Result<(), CompanyError> {
    let Some(number) = &fields.corporate_number else { return Ok(()) };
    match store::id_by_number(tx, number)? {
        Some(other) if Some(other) != itself => Err(CompanyError::NumberTaken(other)),
        _ => Ok(()),
    }
}

fn only_known_look_alikes(tx: &mut Tx<'_>, signs: &Signs, known: &[CompanyId]) -> Result<(), CompanyError> {
    let mut alike = look_alikes::alike(tx, signs)?;
    alike.retain(|one| !known.contains(&one.company.id));
    if alike.is_empty() { Ok(()) } else { Err(CompanyError::LooksAlike(alike)) }
}
