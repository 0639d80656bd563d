//! Visits (視察): groups from elsewhere that want to see the centre, what they were answered, who guides them, and the place
//! that is kept for them.
//!
//! Invariant: a place kept for a visit is nobody else's at that time, and is free again when the visit is called off
//! (`a_visit_takes_its_room_up_and_frees_it_again`).

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use accounts::persons;
use db::{DbError, Tx};
use kernel::{Checks, Code, Coded, FieldProblem, Invalid, PersonId};

pub use lists::{Listed, VisitKey, find, find_many, list};
pub use model::{Visit, VisitAnswerInput, VisitId, VisitInput, VisitState};

use crate::bookings::{self, BookingError};
use crate::places::PlaceId;
use model::Decision;

/// Why a visit was not entered or did not take its next step.
#[derive(Debug, thiserror::Error)]
pub enum VisitError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// It is in another state than the step wants.
    #[error("the visit is {0}")]
    Not(VisitState),
    /// The place is taken at that time.
    #[error("the place is taken at that time")]
    Taken,
    /// Somebody changed it since it was read.
    #[error("the visit was changed meanwhile")]
    Stale,
    /// The database failed.
    #[error(transparent)]
    Db(DbError),
}

impl From<DbError> for VisitError {
    fn from(error: DbError) -> Self {
        if error.violates("bookings_one_at_a_time") { Self::Taken } else { Self::Db(error) }
    }
}

impl From<BookingError> for VisitError {
    fn from(error: BookingError) -> Self {
        match error {
            BookingError::Invalid(invalid) => Self::Invalid(invalid),
            BookingError::Db(error) => Self::Db(error),
            BookingError::Taken
            | BookingError::InTheWay(_)
            | BookingError::VisitExpected
            | BookingError::NotToCancel => Self::Taken,
        }
    }
}

impl Coded for VisitError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::Not(_) => Code::Conflict,
            Self::Taken => Code::SlotTaken,
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

/// Notes that a group asks to come.
pub fn ask(tx: &mut Tx<'_>, input: &VisitInput) -> Result<Visit, VisitError> {
    let by = tx.actor().person().ok_or(DbError::NotFound)?;
    let fields = input.checked(tx.now())?;
    Ok(store::insert(tx, by, &fields)?)
}

/// Corrects a visit that nobody has answered yet.
pub fn change(tx: &mut Tx<'_>, id: VisitId, version: i32, input: &VisitInput) -> Result<Visit, VisitError> {
    let fields = input.checked(tx.now())?;
    let visit = at_version(tx, id, version)?;
    visit.must_be(&[VisitState::Asked])?;
    let changed = Visit {
        body_name: fields.body_name,
        contact: fields.contact,
        people: fields.people,
        begins_at: fields.slot.begins_at(),
        ends_at: fields.slot.ends_at(),
        wish: fields.wish,
        ..visit
    };
    store::update(tx, &changed)?.ok_or(VisitError::Stale)
}

/// Says whether they may come, who guides them and where.
pub fn answer(
    tx: &mut Tx<'_>,
    id: VisitId,
    version: i32,
    input: &VisitAnswerInput,
) -> Result<Visit, VisitError> {
    let decision = input.checked()?;
    let visit = at_version(tx, id, version)?;
    visit.must_be(&[VisitState::Asked])?;
    let answered_at = Some(tx.now());
    let answered = match decision {
        Decision::Decline { answer } => Visit { state: VisitState::Declined, answer, answered_at, ..visit },
        Decision::Accept { guide, place, answer } => {
            is_of_the_town(tx, guide)?;
            if let Some(place) = place {
                keep(tx, &visit, place)?;
            }
            let state = VisitState::Accepted;
            Visit { state, guide_id: Some(guide), place_id: place, answer, answered_at, ..visit }
        }
    };
    store::update(tx, &answered)?.ok_or(VisitError::Stale)
}

/// The visit does not take place; what was kept for it is free again.
pub fn cancel(tx: &mut Tx<'_>, id: VisitId, version: i32) -> Result<Visit, VisitError> {
    let visit = at_version(tx, id, version)?;
    visit.must_be(&[VisitState::Asked, VisitState::Accepted])?;
    bookings::free_of_visit(tx, id)?;
    let cancelled = Visit { state: VisitState::Cancelled, cancelled_at: Some(tx.now()), ..visit };
    store::update(tx, &cancelled)?.ok_or(VisitError::Stale)
}

fn at_version(tx: &mut Tx<'_>, id: VisitId, version: i32) -> Result<Visit, VisitError> {
    let visit = find(tx, id)?;
    if visit.version == version { Ok(visit) } else { Err(VisitError::Stale) }
}

fn is_of_the_town(tx: &mut Tx<'_>, guide: PersonId) -> Result<(), VisitError> {
    match persons::find(tx, guide) {
        Err(DbError::NotFound) => {
            Err(Invalid(vec![FieldProblem::new("guide_id", Code::UnknownChoice)]).into())
        }
        found => Ok(found.map(|_person| ())?),
    }
}

fn keep(tx: &mut Tx<'_>, visit: &Visit, place: PlaceId) -> Result<(), VisitError> {
    let by = tx.actor().person().ok_or(DbError::NotFound)?;
    let place = bookings::hold_for::<VisitError>(tx, place)?;
    let mut checks = Checks::new();
    bookings::is_open(&mut checks, &place, visit.slot());
    // The visit's hours are not asked for in this form: what is wrong with them is wrong with the place chosen.
    let problems = checks.done(());
    if problems.is_err() {
        return Err(Invalid(vec![FieldProblem::new("place_id", Code::CentreClosed)]).into());
    }
    Ok(bookings::take_for_visit(tx, place.id, visit.slot(), visit.id, by)?)
}
