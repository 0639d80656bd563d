//! Submissions (提出): the versions of a unit's work, each with its maker.
//!
//! Invariants: only the holder hands in, or whoever's claim ended by itself while nobody else took the unit, and a version
//! never changes (append-only in the database); one that its maker took back is neither reviewed nor paid for
//! (`what_was_taken_back_is_not_received`); every version was worked on, by the CHECK `unit_events_submitted_from_work`; and
//! what came back is not handed in again as it was without a word why (`what_came_back_is_not_handed_in_again_unchanged`).

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, FileId, Invalid, PersonId, UnitId};

use lists::latest_standing;
pub(crate) use lists::{assignment_of, latest, made_any_version};
pub use lists::{find, is_to_mend, latest_of, of_unit, said_minutes, to_mend};
pub(crate) use model::MOST_FILES;
use model::SubmitFields;
pub use model::{SaidMinutes, Submission, SubmitInput, Version};

use crate::claims::{self, ClaimError};
use crate::defects;
use crate::drafts::{self, DraftError};
use crate::events::UnitSubmitted;
use crate::jobs;
use crate::rules;
use crate::sampling;
use crate::units::store::{Mark, Which};
use crate::units::{self, Move, Refused, Unit, UnitError, UnitState};

/// Why work was not handed in.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The unit is not the acting person's.
    #[error(transparent)]
    Claim(#[from] ClaimError),
    /// Another page saved the draft since this one was opened; nothing was handed in, and both are shown.
    #[error(transparent)]
    Draft(#[from] DraftError),
    /// The acting person checked an earlier version of this unit.
    #[error("checkers do not make what they checked")]
    OwnWork,
    /// Not from this state.
    #[error(transparent)]
    Unit(#[from] UnitError),
    /// The database failed.
    #[error(transparent)]
    Db(DbError),
}

impl From<DbError> for SubmitError {
    fn from(error: DbError) -> Self {
        if error.violates("submissions_four_eyes") { Self::OwnWork } else { Self::Db(error) }
    }
}

impl Coded for SubmitError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::Claim(error) => error.code(),
            Self::Draft(error) => error.code(),
            Self::OwnWork => Code::OwnWork,
            Self::Unit(error) => error.code(),
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

/// Hands in the acting person's next version of a unit they hold, or held until their claim ended by itself, while nobody
/// else has it. The files of their version before, and of the draft that is handed in by this, stay unless they are dropped:
/// whoever mends a word does not lose the table.
pub fn submit(tx: &mut Tx<'_>, unit: UnitId, input: SubmitInput) -> Result<Submission, SubmitError> {
    let (unit, maker) = claims::lock_to_hand_in(tx, unit)?;
    claims::nothing_waits(tx, unit.id)?;
    let before = latest_of(tx, unit.id, maker)?;
    let mut carried = before.map_or_else(Vec::new, |version| version.file_ids);
    let draft = drafts::take(tx, unit.id, maker, &input.seen())?;
    if let Some(draft) = &draft {
        carried.extend(
            draft.file_ids.iter().filter(|file| !carried.contains(file)).copied().collect::<Vec<_>>(),
        );
    }
    let (fields, files) = input.checked(&carried)?;
    for file in files.iter().filter(|file| !carried.contains(file)) {
        own_file::<SubmitError>(tx, *file, maker)?;
    }
    let way = way_from(unit.state)?;
    something_is_new(tx, unit.id, &fields, &files)?;
    let made = store::Made {
        unit: unit.id,
        assignment: claims::live_assignment(tx, unit.id)?,
        maker,
        number: latest(tx, unit.id)?.map_or(1, |version| version.number + 1),
        rules_number: rules::known_to(tx, unit.job_id, maker)?,
    };
    let submission = store::insert(tx, &made, fields, files)?;
    go(tx, &unit, way)?;
    claims::sign(tx, unit.job_id, maker)?;
    defects::insert_usual(tx)?;
    if draft.is_some() {
        drafts::consume(tx, unit.id, maker)?;
    }
    let job = jobs::find(tx, unit.job_id)?;
    queue::record(
        tx,
        &UnitSubmitted {
            unit: unit.id,
            submission: submission.id,
            number: submission.number,
            label: unit.label.clone(),
            job: job.id,
            job_title: job.title.clone(),
            order: unit.order_id,
            person: maker,
        },
    )?;
    sampling::draw(tx, &unit, &job, &submission)?;
    Ok(submission)
}

fn way_from(state: UnitState) -> Result<&'static [Move], UnitError> {
    units::way_to_submit(state).ok_or(UnitError::Refused(Refused { state, attempted: Move::Submit }))
}

/// Leads a unit on, each step an event of its own.
fn go(tx: &mut Tx<'_>, unit: &Unit, way: &[Move]) -> Result<(), UnitError> {
    let mut state = unit.state;
    for step in way {
        units::store::advance(tx, Which::These(&[unit.id]), state, *step, Mark::default())?;
        state = units::next(state, *step)?;
    }
    Ok(())
}

/// Whatever stands of a unit came back from review or from the client when it is handed in again: the same text and the same
/// files would come back again. Whoever finds that nothing has to change says so to whoever checks it.
fn something_is_new(
    tx: &mut Tx<'_>,
    unit: UnitId,
    fields: &SubmitFields,
    files: &[FileId],
) -> Result<(), SubmitError> {
    let Some(before) = latest_standing(tx, unit)? else { return Ok(()) };
    let says_why = !fields.memo.is_empty() && fields.memo != before.memo;
    if says_why || fields.result_text != before.result_text || files.len() != before.file_ids.len() {
        return Ok(());
    }
    let stored = files::find_many(tx, &[files, &before.file_ids].concat())?;
    let contents = |ids: &[FileId]| {
        let mut contents: Vec<_> =
            ids.iter().map(|id| stored.get(id).map(|file| (&file.name, &file.sha256))).collect();
        contents.sort_unstable();
        contents
    };
    if contents(files) == contents(&before.file_ids) {
        return Err(Invalid::field("memo", Code::Unchanged).into());
    }
    Ok(())
}

/// Takes the acting person's last version back, while nobody has begun to check it: the unit is in work again, and the
/// day of receipt is the next version's.
pub fn retract(tx: &mut Tx<'_>, unit: UnitId) -> Result<Unit, ClaimError> {
    let (held, maker) = claims::lock_own(tx, unit)?;
    units::next(held.state, Move::Retract).map_err(UnitError::from)?;
    // Who may hold a submitted unit is whoever handed it in.
    let version = latest_of(tx, unit, maker)?.ok_or(ClaimError::NotHolder)?;
    store::retract(tx, &version)?;
    units::store::advance(tx, Which::These(&[unit]), held.state, Move::Retract, Mark::default())?;
    claims::sign(tx, held.job_id, maker)?;
    Ok(units::find(tx, unit)?)
}

/// Only what the maker uploaded can be handed in: else an id that was guessed would show somebody else's file.
pub(crate) fn own_file<E>(tx: &mut Tx<'_>, file: FileId, maker: PersonId) -> Result<(), E>
where
    E: From<Invalid> + From<DbError>,
{
    own_file_in(tx, "file_ids", file, maker)
}

/// [`own_file`] named in a field.
pub(crate) fn own_file_in<E>(
    tx: &mut Tx<'_>,
    field: &'static str,
    file: FileId,
    maker: PersonId,
) -> Result<(), E>
where
    E: From<Invalid> + From<DbError>,
{
    match files::find(tx, file) {
        Ok(file) if file.person == Some(maker) => Ok(()),
        Ok(_) | Err(DbError::NotFound) => Err(Invalid::field(field, Code::NotFound).into()),
        Err(error) => Err(error.into()),
    }
}
