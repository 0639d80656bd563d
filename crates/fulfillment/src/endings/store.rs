//! Rows and writes of `ending_notices` and `ending_questions`, which the application may only insert.

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{PersonId, WorkerId};

use super::model::{Ending, EndingException, EndingFields, EndingId};
use crate::schema::{ending_notices, ending_questions};

#[derive(Queryable, Selectable)]
#[diesel(table_name = ending_notices)]
pub(super) struct EndingRow {
    id: EndingId,
    worker_id: WorkerId,
    since: Option<NaiveDate>,
    noticed_on: NaiveDate,
    ends_on: NaiveDate,
    exception: Option<EndingException>,
    reason: String,
    tells_reason: bool,
    noticed_by: PersonId,
    noticed_at: DateTime<Utc>,
}

impl EndingRow {
    pub(super) fn asked(self, asked_at: Option<DateTime<Utc>>) -> Ending {
        Ending {
            id: self.id,
            worker_id: self.worker_id,
            since: self.since,
            noticed_on: self.noticed_on,
            ends_on: self.ends_on,
            exception: self.exception,
            reason: self.reason,
            tells_reason: self.tells_reason,
            noticed_by: self.noticed_by,
            noticed_at: self.noticed_at,
            asked_at,
        }
    }
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    worker: WorkerId,
    since: Option<NaiveDate>,
    fields: &EndingFields,
    by: PersonId,
) -> Result<Ending, DbError> {
    let (now, today) = (tx.now(), crate::today(tx));
    let row: EndingRow = diesel::insert_into(ending_notices::table)
        .values((
            ending_notices::worker_id.eq(worker),
            ending_notices::since.eq(since),
            ending_notices::noticed_on.eq(today),
            ending_notices::ends_on.eq(fields.ends_on),
            ending_notices::exception.eq(fields.exception),
            ending_notices::reason.eq(&fields.reason),
            ending_notices::tells_reason.eq(fields.tells_reason),
            ending_notices::noticed_by.eq(by),
            ending_notices::noticed_at.eq(now),
        ))
        .returning(EndingRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.asked(None))
}

/// Notes that the worker asked; `false` where they had asked before.
pub(super) fn ask(tx: &mut Tx<'_>, notice: EndingId) -> Result<bool, DbError> {
    let now = tx.now();
    let written = diesel::insert_into(ending_questions::table)
        .values((ending_questions::notice_id.eq(notice), ending_questions::asked_at.eq(now)))
        .on_conflict_do_nothing()
        .execute(tx.conn())?;
    Ok(written == 1)
}
