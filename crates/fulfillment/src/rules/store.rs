//! Rows and writes of `work_rules`, which the application may only insert, and of `rules_readings`.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Timestamptz};
use kernel::{JobId, PersonId};

use super::model::{Wording, WorkRules};
use crate::jobs::Job;
use crate::questions::QuestionId;
use crate::schema::work_rules;

#[derive(Queryable, Selectable)]
#[diesel(table_name = work_rules)]
pub(super) struct RulesRow {
    job_id: JobId,
    number: i32,
    text: String,
    note: String,
    changed_by: Option<PersonId>,
    changed_at: DateTime<Utc>,
    question_id: Option<QuestionId>,
}

impl From<RulesRow> for WorkRules {
    fn from(row: RulesRow) -> Self {
        Self {
            job_id: row.job_id,
            number: row.number,
            text: row.text,
            note: row.note,
            changed_by: row.changed_by,
            changed_at: row.changed_at,
            question_id: row.question_id,
        }
    }
}

/// Keeps the wording that a job has now as the version it has now.
pub(crate) fn keep(tx: &mut Tx<'_>, job: &Job, wording: &Wording) -> Result<WorkRules, DbError> {
    let (now, who) = (tx.now(), tx.actor().person());
    let row: RulesRow = diesel::insert_into(work_rules::table)
        .values((
            work_rules::job_id.eq(job.id),
            work_rules::number.eq(job.rules_number),
            work_rules::text.eq(&job.rules),
            work_rules::note.eq(&wording.note),
            work_rules::changed_by.eq(who),
            work_rules::changed_at.eq(now),
            work_rules::question_id.eq(wording.question),
        ))
        .returning(RulesRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// Notes what somebody has read; an older word never takes a newer one back.
pub(super) fn set_read(tx: &mut Tx<'_>, job: JobId, person: PersonId, number: i32) -> Result<(), DbError> {
    let now = tx.now();
    diesel::sql_query(
        "INSERT INTO rules_readings AS known (job_id, person_id, number, read_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (organization_id, job_id, person_id) \
         DO UPDATE SET number = EXCLUDED.number, read_at = EXCLUDED.read_at WHERE known.number < EXCLUDED.number",
    )
    .bind::<BigInt, _>(job)
    .bind::<BigInt, _>(person)
    .bind::<Integer, _>(number)
    .bind::<Timestamptz, _>(now)
    .execute(tx.conn())?;
    Ok(())
}
