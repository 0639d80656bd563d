//! The public corporate-number register (国税庁法人番号公表サイト): filling it, finding in it, making clients of it.
//!
//! Invariant: the register belongs to no town, and no role that serves people may write it (test
//! `no_town_can_write_the_register`); names are stored byte for byte as published.

mod import;
mod lists;
mod model;
mod problem;
pub mod reader;
mod row;
mod store;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use db::{DbError, Tx};
use kernel::{Code, Coded, CompanyId, CorporateNumber};

use crate::companies::{self, Company, CompanyError, CompanyFields};

pub use import::{ImportError, ImportSummary, Progress, import};
pub use lists::{
    RegisterOverview, RegisteredCompany, RegistryFilter, RegistryKey, RegistrySummary, RegistryVersion, find,
    overview, search, versions,
};
pub use model::{CloseCause, Closure, CompanyKind, Process, RegistryRecord, SOURCE};
pub use reader::{FileProblem, RowProblem};

/// Why a registered corporation was not made a client.
#[derive(Debug, thiserror::Error)]
pub enum AdoptError {
    /// No imported register has this number, or the number was withdrawn.
    #[error("the register has no corporation under this number")]
    NotRegistered,
    /// This town has it already.
    #[error("company {0} already has this corporate number")]
    Taken(CompanyId),
    /// Its record was closed; the caller may confirm and ask again.
    #[error("the register closed this corporation's record on {0}")]
    CompanyClosed(NaiveDate),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for AdoptError {
    fn code(&self) -> Code {
        match self {
            Self::NotRegistered => Code::NotFound,
            Self::Taken(_) => Code::Taken,
            Self::CompanyClosed(_) => Code::CompanyClosed,
            Self::Db(error) => error.code(),
        }
    }
}

/// Makes a registered corporation a client company of this town, with its number, name, furigana, postal code and
/// address; one whose record is closed only when the person has confirmed that (`confirm_closed`).
pub fn adopt(tx: &mut Tx<'_>, number: &CorporateNumber, confirm_closed: bool) -> Result<Company, AdoptError> {
    let RegisteredCompany { record, company, .. } = find(tx, number).map_err(|error| match error {
        DbError::NotFound => AdoptError::NotRegistered,
        other => AdoptError::Db(other),
    })?;
    if let Some(id) = company {
        return Err(AdoptError::Taken(id));
    }
    if record.is_deleted() {
        return Err(AdoptError::NotRegistered);
    }
    if let Some(closed_on) = record.ended_on()
        && !confirm_closed
    {
        return Err(AdoptError::CompanyClosed(closed_on));
    }
    companies::enter_checked(tx, &fields_of(record)).map_err(|error| match error {
        CompanyError::NumberTaken(id) => AdoptError::Taken(id),
        CompanyError::Db(error) => AdoptError::Db(error),
        // Neither can come of entering fields that no person typed.
        CompanyError::Invalid(_) | CompanyError::LooksAlike(_) | CompanyError::Stale => {
            AdoptError::Db(DbError::NotFound)
        }
    })
}

fn fields_of(record: RegistryRecord) -> CompanyFields {
    CompanyFields {
        address: record.address(),
        postal_code: record.postal_code_shown(),
        corporate_number: Some(record.corporate_number),
        name: record.name,
        furigana: record.furigana,
        phone: String::new(),
        website: String::new(),
        note: String::new(),
    }
}
