//! Advice (助言): sessions of an adviser of the ministry's scheme, planned, held, reported within a week, and asked about by
//! the next fiscal year's questionnaire.
//!
//! Invariants: a session goes forward and never back (`a_session_goes_forward_and_never_back`, and the table's CHECKs); its
//! owner is told of each clock once (`an_owner_is_told_of_each_clock_once`).

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use accounts::organizations;
use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, FiscalYear, Holidays, Invalid, date_in_japan};

pub use lists::{SessionKey, find, list, used, waiting};
pub use model::{
    Clock, HeldInput, MOST_MINUTES, MOST_VISITS, ReportInput, Session, SessionId, SessionInput, SessionState,
    Used, Way,
};

use crate::events::AdviceDue;
use crate::team;
use model::{Step, report_due};
use store::Written;

/// Why a session was not planned, changed or taken a step.
#[derive(Debug, thiserror::Error)]
pub enum AdviceError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// It cannot take that step.
    #[error("the session is {0}")]
    State(SessionState),
    /// Its questionnaire comes on the day that is named, and is answered from then on.
    #[error("the questionnaire has not come")]
    ToCome([FieldProblem; 1]),
    /// Somebody changed it since it was read.
    #[error("the session was changed meanwhile")]
    Stale,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for AdviceError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::State(_) => Code::Conflict,
            Self::ToCome(_) => Code::QuestionnaireToCome,
            Self::Stale => Code::Stale,
            Self::Db(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldProblem] {
        match self {
            Self::Invalid(invalid) => invalid.fields(),
            Self::ToCome(day) => day,
            Self::State(_) | Self::Stale | Self::Db(_) => &[],
        }
    }
}

/// Plans a session.
pub fn plan(tx: &mut Tx<'_>, input: &SessionInput) -> Result<Session, AdviceError> {
    let fields = input.checked()?;
    let person = tx.actor().person().ok_or(DbError::NotFound)?;
    team::check_owner::<AdviceError>(tx, fields.owner_id)?;
    Ok(store::insert(tx, person, &fields)?)
}

/// Corrects a session that is to be held.
pub fn change(
    tx: &mut Tx<'_>,
    id: SessionId,
    version: i32,
    input: &SessionInput,
) -> Result<Session, AdviceError> {
    let current = at_version(tx, id, version)?;
    if current.state != SessionState::Planned {
        return Err(AdviceError::State(current.state));
    }
    let fields = input.checked()?;
    team::check_owner::<AdviceError>(tx, fields.owner_id.filter(|owner| *owner != current.owner_id))?;
    store::update(tx, (id, version), &fields)?.ok_or(AdviceError::Stale)
}

/// It was held: its report is due within a week, and the next fiscal year asks about it. Until it is reported, the same
/// corrects the day and what was advised.
pub fn hold(tx: &mut Tx<'_>, id: SessionId, version: i32, input: &HeldInput) -> Result<Session, AdviceError> {
    let current = at_version(tx, id, version)?;
    let (held_on, advised) = input.checked(current.held_on, date_in_japan(tx.now()))?;
    let town = organizations::find(tx)?;
    let next = town.days_of(FiscalYear(town.fiscal_year_of(held_on).0 + 1));
    let written = Written {
        held_on: Some(held_on),
        advised: Some(advised),
        report_due_on: Some(report_due(held_on)),
        questionnaire_from: Some(next.first),
        questionnaire_until: Some(next.last),
        ..Written::default()
    };
    step(tx, &current, Step::Hold, &written)
}

/// Its report was sent: today, or on a day since the session.
pub fn report(
    tx: &mut Tx<'_>,
    id: SessionId,
    version: i32,
    input: &ReportInput,
) -> Result<Session, AdviceError> {
    let current = at_version(tx, id, version)?;
    let (report, reported_on) = input.checked(current.held_on, date_in_japan(tx.now()))?;
    let (report, reported_on) = (Some(report), Some(reported_on));
    step(tx, &current, Step::Report, &Written { report, reported_on, ..Written::default() })
}

/// The next fiscal year's questionnaire was answered today. Nobody can have answered it before that year has begun.
pub fn answer(tx: &mut Tx<'_>, id: SessionId, version: i32) -> Result<Session, AdviceError> {
    let current = at_version(tx, id, version)?;
    let today = date_in_japan(tx.now());
    if let Some(from) = current.questionnaire_to_come(today) {
        let day = FieldProblem::bounded("answered_on", Code::QuestionnaireToCome, from);
        return Err(AdviceError::ToCome([day]));
    }
    step(tx, &current, Step::Answer, &Written { answered_on: Some(today), ..Written::default() })
}

/// It is not held.
pub fn cancel(tx: &mut Tx<'_>, id: SessionId, version: i32) -> Result<Session, AdviceError> {
    let current = at_version(tx, id, version)?;
    step(tx, &current, Step::Cancel, &Written::default())
}

fn step(tx: &mut Tx<'_>, current: &Session, step: Step, written: &Written) -> Result<Session, AdviceError> {
    let next = current.step(step).ok_or(AdviceError::State(current.state))?;
    store::step(tx, (current.id, current.version), next, written)?.ok_or(AdviceError::Stale)
}

fn at_version(tx: &mut Tx<'_>, id: SessionId, version: i32) -> Result<Session, AdviceError> {
    let found = find(tx, id)?;
    if found.version == version { Ok(found) } else { Err(AdviceError::Stale) }
}

/// Tells the owners of sessions whose report or questionnaire is due, or whose day has passed unmarked, of each clock once.
pub fn warn_of_clocks(tx: &mut Tx<'_>) -> Result<(), DbError> {
    let today = date_in_japan(tx.now());
    for session in waiting(tx)? {
        let Some((clock, due_on)) = session.clock(Holidays::published(), today) else { continue };
        if store::note_alert(tx, session.id, clock)? {
            queue::record(tx, &AdviceDue { session: session.id, owner: session.owner_id, clock, due_on })?;
        }
    }
    Ok(())
}
