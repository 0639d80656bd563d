//! Rows and writes of `hearings` and `hearing_files`.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use files::StoredFile;
use kernel::{DealId, FileId, PersonId};

use super::model::{Hearing, HearingFields, HearingId, PersonalData};
use crate::schema::{hearing_files, hearings};

#[derive(Queryable, Selectable)]
#[diesel(table_name = hearings)]
pub(super) struct HearingRow {
    pub(super) id: HearingId,
    deal_id: DealId,
    job_kind: String,
    volume: String,
    deadline: String,
    personal_data: Option<PersonalData>,
    tools: String,
    note: String,
    person_id: PersonId,
    created_at: DateTime<Utc>,
    changed_at: DateTime<Utc>,
    version: i32,
}

impl HearingRow {
    pub(super) fn with(self, samples: Vec<StoredFile>) -> Hearing {
        Hearing {
            id: self.id,
            deal_id: self.deal_id,
            job_kind: self.job_kind,
            volume: self.volume,
            deadline: self.deadline,
            personal_data: self.personal_data,
            tools: self.tools,
            note: self.note,
            samples,
            person_id: self.person_id,
            created_at: self.created_at,
            changed_at: self.changed_at,
            version: self.version,
        }
    }
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    deal: DealId,
    person: PersonId,
    fields: &HearingFields,
) -> Result<HearingId, DbError> {
    let now = tx.now();
    Ok(diesel::insert_into(hearings::table)
        .values((
            hearings::deal_id.eq(deal),
            hearings::job_kind.eq(&fields.job_kind),
            hearings::volume.eq(&fields.volume),
            hearings::deadline.eq(&fields.deadline),
            hearings::personal_data.eq(fields.personal_data),
            hearings::tools.eq(&fields.tools),
            hearings::note.eq(&fields.note),
            hearings::person_id.eq(person),
            hearings::created_at.eq(now),
            hearings::changed_at.eq(now),
        ))
        .returning(hearings::id)
        .get_result(tx.conn())?)
}

/// Writes over a sheet that is still at `version`; says whether it was.
pub(super) fn update(
    tx: &mut Tx<'_>,
    id: HearingId,
    version: i32,
    fields: &HearingFields,
) -> Result<bool, DbError> {
    let now = tx.now();
    let guarded = hearings::table.filter(hearings::id.eq(id)).filter(hearings::version.eq(version));
    let written = diesel::update(guarded)
        .set((
            hearings::job_kind.eq(&fields.job_kind),
            hearings::volume.eq(&fields.volume),
            hearings::deadline.eq(&fields.deadline),
            hearings::personal_data.eq(fields.personal_data),
            hearings::tools.eq(&fields.tools),
            hearings::note.eq(&fields.note),
            hearings::changed_at.eq(now),
            hearings::version.eq(version + 1),
        ))
        .execute(tx.conn())?;
    Ok(written == 1)
}

/// Adds samples to a sheet; one that it has already stays.
pub(super) fn attach(tx: &mut Tx<'_>, hearing: HearingId, samples: &[FileId]) -> Result<(), DbError> {
    if samples.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = samples
        .iter()
        .map(|file| (hearing_files::hearing_id.eq(hearing), hearing_files::file_id.eq(*file)))
        .collect();
    diesel::insert_into(hearing_files::table).values(rows).on_conflict_do_nothing().execute(tx.conn())?;
    Ok(())
}
