//! Rows and writes of the desk's tables. Row-level security shows a report's rows to its reporter and to those named alone.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::PersonId;

use super::model::{ContactFields, DeskContact, DeskContactId, ReportFields, ReportId, ReportState};
use crate::schema::{harassment_contacts, harassment_messages, harassment_readers, harassment_reports};

#[derive(Queryable, Selectable)]
#[diesel(table_name = harassment_contacts)]
pub(super) struct ContactRow {
    id: DeskContactId,
    person_id: Option<PersonId>,
    name: String,
    reach: String,
}

impl From<ContactRow> for DeskContact {
    fn from(row: ContactRow) -> Self {
        Self { id: row.id, person_id: row.person_id, name: row.name, reach: row.reach }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = harassment_reports)]
pub(super) struct ReportRow {
    pub(super) id: ReportId,
    pub(super) reporter_id: PersonId,
    pub(super) shows_name: bool,
    pub(super) state: ReportState,
    pub(super) created_at: DateTime<Utc>,
    pub(super) closed_at: Option<DateTime<Utc>>,
}

pub(super) fn insert_contact(tx: &mut Tx<'_>, fields: &ContactFields) -> Result<DeskContact, DbError> {
    let now = tx.now();
    let row: ContactRow = diesel::insert_into(harassment_contacts::table)
        .values((
            harassment_contacts::person_id.eq(fields.person),
            harassment_contacts::name.eq(&fields.name),
            harassment_contacts::reach.eq(&fields.reach),
            harassment_contacts::created_at.eq(now),
        ))
        .returning(ContactRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// Whether there was one.
pub(super) fn end_contact(tx: &mut Tx<'_>, id: DeskContactId) -> Result<bool, DbError> {
    let now = tx.now();
    let ended = diesel::update(harassment_contacts::table)
        .filter(harassment_contacts::id.eq(id))
        .filter(harassment_contacts::ended_at.is_null())
        .set(harassment_contacts::ended_at.eq(now))
        .execute(tx.conn())?;
    Ok(ended > 0)
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    reporter: PersonId,
    fields: &ReportFields,
) -> Result<ReportRow, DbError> {
    let now = tx.now();
    let row: ReportRow = diesel::insert_into(harassment_reports::table)
        .values((
            harassment_reports::reporter_id.eq(reporter),
            harassment_reports::shows_name.eq(fields.shows_name),
            harassment_reports::created_at.eq(now),
        ))
        .returning(ReportRow::as_returning())
        .get_result(tx.conn())?;
    let readers: Vec<_> = fields
        .readers
        .iter()
        .map(|reader| {
            (
                harassment_readers::report_id.eq(row.id),
                harassment_readers::person_id.eq(*reader),
                harassment_readers::reporter_id.eq(reporter),
            )
        })
        .collect();
    diesel::insert_into(harassment_readers::table).values(readers).execute(tx.conn())?;
    say(tx, row.id, reporter, Side::Reporter, &fields.body)?;
    Ok(row)
}

/// Whose words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Reporter,
    Reader,
}

pub(super) fn say(
    tx: &mut Tx<'_>,
    report: ReportId,
    person: PersonId,
    side: Side,
    body: &str,
) -> Result<(), DbError> {
    let now = tx.now();
    diesel::insert_into(harassment_messages::table)
        .values((
            harassment_messages::report_id.eq(report),
            harassment_messages::person_id.eq(person),
            harassment_messages::from_reporter.eq(side == Side::Reporter),
            harassment_messages::body.eq(body),
            harassment_messages::written_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Moves an open report on; `false` where it is settled.
pub(super) fn set_state(tx: &mut Tx<'_>, id: ReportId, state: ReportState) -> Result<bool, DbError> {
    let now = tx.now();
    let moved = diesel::update(harassment_reports::table)
        .filter(harassment_reports::id.eq(id))
        .filter(harassment_reports::state.ne(ReportState::Closed))
        .set((
            harassment_reports::state.eq(state),
            harassment_reports::closed_at.eq((state == ReportState::Closed).then_some(now)),
        ))
        .execute(tx.conn())?;
    Ok(moved > 0)
}
