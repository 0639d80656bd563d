//! Activities (活動): what was done for a deal, and what comes next, in one step; what was done for a company beside its
//! deals; what was noted on a lead.
//!
//! Invariant: no activity leaves its deal without a next action.

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use db::{DbError, Tx};
use kernel::{Code, Coded, CompanyId, DealId, FieldProblem, Invalid, PersonId, date_in_japan};

pub use lists::{ActivityKey, find, history, last_of_company, list};
pub(crate) use lists::{count_of_company, last};
pub use model::{Activity, ActivityInput, ActivityKind, NoteInput, Outcome};
pub(crate) use store::move_company;

use crate::about::About;
use crate::colleagues;
use crate::deals::{self, DealError};
use crate::events::Mentioned;

/// Why an activity was not logged.
#[derive(Debug, thiserror::Error)]
pub enum ActivityError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// By the corporate-number register the company closed on that day; confirm to log all the same.
    #[error("the company closed on {0}")]
    CompanyClosed(NaiveDate),
    /// The deal is not open, or somebody changed it since it was read.
    #[error(transparent)]
    Deal(#[from] DealError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for ActivityError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::CompanyClosed(_) => Code::CompanyClosed,
            Self::Deal(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            Self::Deal(error) => error.fields(),
            Self::CompanyClosed(_) | Self::Db(_) => &[],
        }
    }
}

/// Logs what was done for an open deal and writes its next action.
pub fn log(tx: &mut Tx<'_>, deal: DealId, input: ActivityInput) -> Result<Activity, ActivityError> {
    let fields = input.checked(date_in_japan(tx.now()))?;
    let company = deals::find(tx, deal)?.company_id;
    check_open(tx, Some(company), input.closed_is_confirmed())?;
    let noted = fields.noted();
    if let Some(colleague) = noted.tell {
        colleagues::check::<ActivityError>(tx, "tell", colleague)?;
    }
    let deal = deals::plan(tx, deal, fields.version, fields.next.clone())?;
    let person = deals::doer(tx, &deal);
    let activity = store::insert(tx, About::Deal(deal.id), person, &noted)?;
    tell(tx, &activity, noted.tell)?;
    Ok(activity)
}

/// Keeps what was done for a company beside its deals, or what is worth remembering of a lead.
pub fn note(tx: &mut Tx<'_>, about: About, input: &NoteInput) -> Result<Activity, ActivityError> {
    let noted = input.checked(about)?;
    let person = tx.actor().person().ok_or(DbError::NotFound)?;
    let (about, company) = match about {
        // A deal's activity names what comes next: that is [`log`].
        About::Deal(_) => return Err(DbError::NotFound.into()),
        About::Company(id) => {
            let company = clients::companies::find(tx, id)?.id;
            (About::Company(company), Some(company))
        }
        About::Lead(id) => {
            let lead = crate::leads::find(tx, id)?;
            (About::Lead(lead.id), lead.company_id)
        }
    };
    check_open(tx, company, input.closed_is_confirmed())?;
    if let Some(colleague) = noted.tell {
        colleagues::check::<ActivityError>(tx, "tell", colleague)?;
    }
    let activity = store::insert(tx, about, person, &noted)?;
    tell(tx, &activity, noted.tell)?;
    Ok(activity)
}

/// Nothing is logged by mistake on a company that the register says is closed.
fn check_open(tx: &mut Tx<'_>, company: Option<CompanyId>, is_confirmed: bool) -> Result<(), ActivityError> {
    let Some(company) = company.filter(|_company| !is_confirmed) else { return Ok(()) };
    match clients::companies::closed_on(tx, company)? {
        Some(day) => Err(ActivityError::CompanyClosed(day)),
        None => Ok(()),
    }
}

/// States that colleagues should hear of it: the one who was chosen, and those whom the note names. Whoever names
/// themselves knows already.
fn tell(tx: &mut Tx<'_>, activity: &Activity, chosen: Option<PersonId>) -> Result<(), DbError> {
    let mut told: BTreeSet<PersonId> = colleagues::named_in(tx, &activity.note)?.into_iter().collect();
    told.extend(chosen);
    told.remove(&activity.person_id);
    for person in told {
        queue::record(tx, &Mentioned { activity: activity.id, person, by: activity.person_id })?;
    }
    Ok(())
}

impl Activity {
    /// What it is about.
    pub fn about(&self) -> Option<About> {
        About::of(self.deal_id, self.company_id, self.lead_id)
    }
}
