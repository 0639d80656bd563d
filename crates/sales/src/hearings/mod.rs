//! Hearing sheets (ヒアリングシート): what a client said of the work a deal is about, for each kind of work the same five
//! questions, with a sample where they gave one.
//!
//! Invariants: a question that has not been asked stays visible as one ([`Hearing::unasked`]); a sample is a file that
//! whoever attaches it has uploaded themselves, and none is ever taken away.

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Tx};
use kernel::{Code, Coded, DealId, FieldProblem, FileId, Invalid, PersonId};

pub use lists::{find, is_sample, of_deal};
pub use model::{Hearing, HearingId, HearingInput, PersonalData, Question};

use crate::deals::{self, DealError};

/// Why a sheet was not written.
#[derive(Debug, thiserror::Error)]
pub enum HearingError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The deal is not open.
    #[error(transparent)]
    Deal(#[from] DealError),
    /// Somebody changed it since it was read.
    #[error("the sheet was changed meanwhile")]
    Stale,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for HearingError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::Deal(error) => error.code(),
            Self::Stale => Code::Stale,
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            Self::Deal(error) => error.fields(),
            Self::Stale | Self::Db(_) => &[],
        }
    }
}

/// Begins a sheet for one kind of work of an open deal, with whatever is known of it by now.
pub fn begin(tx: &mut Tx<'_>, deal: DealId, input: &HearingInput) -> Result<Hearing, HearingError> {
    let fields = input.checked()?;
    let deal = deals::find(tx, deal)?;
    deal.must_be_open()?;
    let person = deals::doer(tx, &deal);
    let samples = own(tx, person, &fields.samples)?;
    let id = store::insert(tx, deal.id, person, &fields)?;
    store::attach(tx, id, &samples)?;
    Ok(find(tx, id)?)
}

/// Writes what is known by now into a sheet that was read at `version`; every field is written, and samples are added to
/// those it has.
pub fn change(
    tx: &mut Tx<'_>,
    id: HearingId,
    version: i32,
    input: &HearingInput,
) -> Result<Hearing, HearingError> {
    let fields = input.checked()?;
    let current = find(tx, id)?;
    let deal = deals::find(tx, current.deal_id)?;
    deal.must_be_open()?;
    let person = deals::doer(tx, &deal);
    let samples = own(tx, person, &fields.samples)?;
    if current.version != version || !store::update(tx, id, version, &fields)? {
        return Err(HearingError::Stale);
    }
    store::attach(tx, id, &samples)?;
    Ok(find(tx, id)?)
}

/// The files that `person` has uploaded; any other is a wrong choice.
fn own(tx: &mut Tx<'_>, person: PersonId, named: &[FileId]) -> Result<Vec<FileId>, HearingError> {
    let found = files::find_many(tx, named)?;
    let theirs = |id: &FileId| found.get(id).is_some_and(|file| file.person == Some(person));
    if named.iter().all(theirs) {
        Ok(named.to_vec())
    } else {
        Err(Invalid::field("samples", Code::UnknownChoice).into())
    }
}
