//! The desk for harassment (ハラスメント相談窓口; Freelance Act art. 14): whom one turns to, and reports that reach the people
//! whom the reporter names and nobody else, whatever roles they hold. Row-level security shows a report by person.
//!
//! Invariants: who is not named for a report does not know that there is one, also an administrator
//! (`a_report_is_there_for_those_named_and_nobody_else`); who does not want to be named is not
//! (`a_reporter_who_wants_no_name_has_none_anywhere_but_with_themselves`).

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, PersonId};

pub use lists::{desk, find, list, messages, readers, waiting};
pub use model::{
    DeskContact, DeskContactId, DeskContactInput, Report, ReportId, ReportInput, ReportMessage,
    ReportMessageInput, ReportState,
};

use crate::events::ReportSaid;
use store::Side;

/// Why something was not kept at the desk.
#[derive(Debug, thiserror::Error)]
pub enum HarassmentError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The report is settled.
    #[error("the report is closed")]
    Closed,
    /// The database failed.
    #[error(transparent)]
    Db(DbError),
}

impl From<DbError> for HarassmentError {
    fn from(error: DbError) -> Self {
        let at_person = |code| Self::Invalid(Invalid(vec![FieldProblem::new("person_id", code)]));
        if error.violates("harassment_contacts_once") {
            return at_person(Code::Taken);
        }
        if error.violates("harassment_contacts_organization_id_person_id_fkey") {
            return at_person(Code::UnknownChoice);
        }
        Self::Db(error)
    }
}

impl Coded for HarassmentError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::Closed => Code::Conflict,
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

/// Names somebody one turns to.
pub fn appoint(tx: &mut Tx<'_>, input: &DeskContactInput) -> Result<DeskContact, HarassmentError> {
    let fields = input.checked()?;
    Ok(store::insert_contact(tx, &fields)?)
}

/// Somebody is no longer turned to. What they were named for stays theirs to read.
pub fn dismiss(tx: &mut Tx<'_>, id: DeskContactId) -> Result<(), HarassmentError> {
    if store::end_contact(tx, id)? { Ok(()) } else { Err(DbError::NotFound.into()) }
}

/// Sends a report to the people whom it names; they are told that something waits.
pub fn report(tx: &mut Tx<'_>, input: &ReportInput) -> Result<Report, HarassmentError> {
    let reporter = lists::reader(tx)?;
    let desk: Vec<PersonId> = desk(tx)?.iter().filter_map(|contact| contact.person_id).collect();
    let fields = input.checked(&desk)?;
    let row = store::insert(tx, reporter, &fields)?;
    queue::record(tx, &ReportSaid { report: row.id, to: fields.readers })?;
    Ok(find(tx, row.id)?)
}

/// Answers a report, or adds to one's own. Those named may settle it with their word.
pub fn say(tx: &mut Tx<'_>, id: ReportId, input: &ReportMessageInput) -> Result<Report, HarassmentError> {
    let person = lists::reader(tx)?;
    let (body, closes) = input.checked()?;
    let row = lists::row(tx, id)?;
    let is_own = row.reporter_id == person;
    let state = match (is_own, closes) {
        (true, _) => row.state,
        (false, true) => ReportState::Closed,
        (false, false) => ReportState::Handled,
    };
    if row.state == ReportState::Closed || !store::set_state(tx, id, state)? {
        return Err(HarassmentError::Closed);
    }
    store::say(tx, id, person, if is_own { Side::Reporter } else { Side::Reader }, &body)?;
    let to = if is_own { readers(tx, id)? } else { vec![row.reporter_id] };
    queue::record(tx, &ReportSaid { report: id, to })?;
    Ok(find(tx, id)?)
}
