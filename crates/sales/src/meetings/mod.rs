//! Sales meetings (営業会議): who meets on which day, what the board says then, minutes, and decisions that become todos
//! or findings.
//!
//! Invariant: what a meeting looked at is kept as it stood when it was closed, and a closed meeting never changes, also by
//! the table's policy (`a_closed_meeting_keeps_what_it_looked_at_and_never_changes`).

mod agenda;
mod lists;
mod model;
mod steering;
mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, PersonId, date_in_japan};

pub use agenda::{Agenda, AgendaDeal, AgendaDeals, AgendaLead, agenda};
pub use lists::{MeetingKey, decisions, find, list, of_person};
pub use model::{Decided, Decision, DecisionInput, DecisionKind, Meeting, MeetingId, MeetingInput};
pub use steering::{AgendaChange, AgendaForecast, AgendaMilestone, AgendaSteering, AgendaTarget};

use crate::findings::{self, FindingError, FindingInput};
use crate::team;
use crate::todos::{self, TodoError, TodoInput};

/// Why a meeting was not called, changed or closed.
#[derive(Debug, thiserror::Error)]
pub enum MeetingError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// It is closed.
    #[error("the meeting is closed")]
    Closed,
    /// Somebody changed it since it was read.
    #[error("the meeting was changed meanwhile")]
    Stale,
    /// The todo that was decided cannot be written down.
    #[error(transparent)]
    Todo(#[from] TodoError),
    /// The finding that was decided cannot be written down.
    #[error(transparent)]
    Finding(#[from] FindingError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for MeetingError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::Closed => Code::Conflict,
            Self::Stale => Code::Stale,
            Self::Todo(error) => error.code(),
            Self::Finding(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            Self::Todo(error) => error.fields(),
            Self::Finding(error) => error.fields(),
            Self::Closed | Self::Stale | Self::Db(_) => &[],
        }
    }
}

/// Calls a meeting.
pub fn call(tx: &mut Tx<'_>, input: &MeetingInput) -> Result<Meeting, MeetingError> {
    let fields = input.checked()?;
    check_people(tx, &fields.people, &[])?;
    let person = tx.actor().person().ok_or(DbError::NotFound)?;
    Ok(store::insert(tx, person, &fields)?)
}

/// Corrects its day and who comes, and writes the minutes.
pub fn change(
    tx: &mut Tx<'_>,
    id: MeetingId,
    version: i32,
    input: &MeetingInput,
) -> Result<Meeting, MeetingError> {
    let meeting = open_at(tx, id, version)?;
    let fields = input.checked()?;
    check_people(tx, &fields.people, &meeting.people)?;
    store::update(tx, meeting.id, version, &fields)?.ok_or(MeetingError::Stale)
}

/// Writes a decision down: something somebody does by a day, or something that is wanting.
pub fn decide(tx: &mut Tx<'_>, id: MeetingId, input: &DecisionInput) -> Result<Decision, MeetingError> {
    let kind = input.checked()?;
    // Whoever closes it at this moment has done so by now, or waits until this is written down.
    store::hold(tx, id)?;
    open(find(tx, id)?)?;
    let person = tx.actor().person().ok_or(DbError::NotFound)?;
    let decided = match kind {
        DecisionKind::Todo => {
            let todo = TodoInput {
                title: input.title.clone(),
                due_on: input.due_on.clone(),
                person_id: input.person_id.clone(),
                ..TodoInput::default()
            };
            Decided::Todo(todos::add(tx, &todo)?)
        }
        DecisionKind::Finding => Decided::Finding(findings::raise(
            tx,
            &FindingInput { title: input.title.clone(), ..FindingInput::default() },
        )?),
    };
    Ok(store::decide(tx, id, person, decided)?)
}

/// Closes a meeting on its day or later: what it looked at is kept as it stands now, and nobody opens it again.
pub fn close(tx: &mut Tx<'_>, id: MeetingId, version: i32) -> Result<Meeting, MeetingError> {
    let meeting = open_at(tx, id, version)?;
    let today = date_in_japan(tx.now());
    if meeting.held_on > today {
        return Err(Invalid(vec![FieldProblem::bounded("held_on", Code::TooLate, today)]).into());
    }
    let looked_at = agenda(tx, &meeting)?;
    store::close(tx, id, version, &looked_at)?.ok_or(MeetingError::Stale)
}

fn open(meeting: Meeting) -> Result<Meeting, MeetingError> {
    if meeting.closed_at.is_some() { Err(MeetingError::Closed) } else { Ok(meeting) }
}

fn open_at(tx: &mut Tx<'_>, id: MeetingId, version: i32) -> Result<Meeting, MeetingError> {
    let meeting = open(find(tx, id)?)?;
    if meeting.version == version { Ok(meeting) } else { Err(MeetingError::Stale) }
}

/// Those of the town who may come, and those who are `seated` already: whoever has left since was there all the same.
fn check_people(tx: &mut Tx<'_>, named: &[PersonId], seated: &[PersonId]) -> Result<(), MeetingError> {
    let known = team::people(tx)?;
    if named.iter().all(|id| seated.contains(id) || known.iter().any(|person| person.id == *id)) {
        return Ok(());
    }
    Err(Invalid::field("people", Code::UnknownChoice).into())
}
