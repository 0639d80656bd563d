//! Reading voices: one, all of them, one worker's, and those that everybody reads.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{Page, Paging, WorkerId};
use serde::{Deserialize, Serialize};

use super::model::{PublicVoice, Voice, VoiceId};
use super::store::VoiceRow;
use crate::schema::voices;

/// One voice; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: VoiceId) -> Result<Voice, DbError> {
    let row: VoiceRow =
        voices::table.filter(voices::id.eq(id)).select(VoiceRow::as_select()).first(tx.conn())?;
    Ok(row.into())
}

/// All voices, or one worker's, the latest first.
pub fn list(
    tx: &mut Tx<'_>,
    worker: Option<WorkerId>,
    paging: &Paging<VoiceId>,
) -> Result<Page<Voice, VoiceId>, DbError> {
    let mut query = voices::table
        .order(voices::id.desc())
        .limit(paging.probe())
        .select(VoiceRow::as_select())
        .into_boxed();
    if let Some(worker) = worker {
        query = query.filter(voices::worker_id.eq(worker));
    }
    if let Some(after) = paging.after {
        query = query.filter(voices::id.lt(after));
    }
    let rows: Vec<VoiceRow> = query.load(tx.conn())?;
    Ok(Page::cut(rows.into_iter().map(Voice::from).collect(), paging, |one: &Voice| one.id))
}

/// Where a page of shown voices ends: when the last one was shown first, then its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownKey(pub DateTime<Utc>, pub VoiceId);

/// What everybody reads, the latest first: nothing whose consent was taken back.
pub fn shown(tx: &mut Tx<'_>, paging: &Paging<ShownKey>) -> Result<Page<PublicVoice, ShownKey>, DbError> {
    let mut query = voices::table
        .filter(voices::shown_at.is_not_null())
        .filter(voices::withdrawn_at.is_null())
        .order((voices::shown_at.desc(), voices::id.desc()))
        .limit(paging.probe())
        .select((voices::id, voices::body, voices::shown_as, voices::shown_at.assume_not_null()))
        .into_boxed();
    if let Some(ShownKey(at, id)) = paging.after {
        let same = voices::shown_at.eq(at).and(voices::id.lt(id));
        query = query.filter(voices::shown_at.lt(at).or(same));
    }
    let rows: Vec<(VoiceId, String, String, DateTime<Utc>)> = query.load(tx.conn())?;
    let page = Page::cut(rows, paging, |row| ShownKey(row.3, row.0));
    Ok(page.map(|(id, body, shown_as, _)| PublicVoice { id, body, shown_as }))
}
