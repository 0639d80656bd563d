//! Voices of workers: their own, all of them for coordination, what everybody reads, and JSON.

pub(crate) mod api;
pub(crate) mod pages;
pub(crate) mod public;

use db::{DbError, Tx};
use workforce::voices::{self, Voice, VoiceError, VoiceId};
use workforce::workers;

/// Takes consent back: a worker their own, coordination anybody's who asked them to; what is somebody else's is not there.
fn withdraw_as(tx: &mut Tx<'_>, id: VoiceId, manages: bool) -> Result<Voice, VoiceError> {
    let voice = voices::find(tx, id)?;
    let own = workers::find(tx, voice.worker_id)?.person_id;
    if !manages && Some(own) != tx.actor().person() {
        return Err(DbError::NotFound.into());
    }
    voices::withdraw(tx, id)
}
