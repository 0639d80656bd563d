//! Voices (ワーカーの声): what workers say about the programme, with their consent that everybody may read it. The town chooses
//! which it shows; whoever takes their consent back is shown no more at once.
//!
//! Invariant: what was withdrawn is shown nowhere, and never again (`a_withdrawn_voice_is_gone_at_once_and_for_good`).

mod lists;
mod model;
mod store;
#[cfg(test)]
mod tests;

use db::{DbError, Tx};
use kernel::{Code, Coded, FieldProblem, Invalid, WorkerId};

pub use lists::{ShownKey, find, list, shown};
pub use model::{PublicVoice, Voice, VoiceId, VoiceInput, VoiceState};

/// Why a voice was not kept or shown.
#[derive(Debug, thiserror::Error)]
pub enum VoiceError {
    /// Fields that cannot be accepted; nothing was written.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Consent was taken back.
    #[error("the voice was withdrawn")]
    Withdrawn,
    /// Somebody changed it since it was read.
    #[error("the voice was changed meanwhile")]
    Stale,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Coded for VoiceError {
    fn code(&self) -> Code {
        match self {
            Self::Invalid(invalid) => invalid.code(),
            Self::Withdrawn => Code::Conflict,
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

/// Keeps what a worker says and that they agree that everybody reads it.
pub fn give(tx: &mut Tx<'_>, worker: WorkerId, input: &VoiceInput) -> Result<Voice, VoiceError> {
    let fields = input.checked()?;
    Ok(store::insert(tx, worker, &fields)?)
}

/// Shows it to everybody.
pub fn show(tx: &mut Tx<'_>, id: VoiceId, version: i32) -> Result<Voice, VoiceError> {
    let by = tx.actor().person().ok_or(DbError::NotFound)?;
    stands(tx, id)?;
    store::set_shown(tx, id, version, Some(by))?.ok_or(VoiceError::Stale)
}

/// Shows it no longer.
pub fn hide(tx: &mut Tx<'_>, id: VoiceId, version: i32) -> Result<Voice, VoiceError> {
    stands(tx, id)?;
    store::set_shown(tx, id, version, None)?.ok_or(VoiceError::Stale)
}

/// Takes the consent back; whoever changed the voice meanwhile does not matter.
pub fn withdraw(tx: &mut Tx<'_>, id: VoiceId) -> Result<Voice, VoiceError> {
    stands(tx, id)?;
    store::withdraw(tx, id)?.ok_or(VoiceError::Withdrawn)
}

fn stands(tx: &mut Tx<'_>, id: VoiceId) -> Result<(), VoiceError> {
    match find(tx, id)?.state() {
        VoiceState::Withdrawn => Err(VoiceError::Withdrawn),
        VoiceState::Agreed | VoiceState::Shown => Ok(()),
    }
}
