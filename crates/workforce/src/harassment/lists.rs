//! Reading the desk: whom one turns to, and the reports that the reader sent or is named for.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{Page, Paging, PersonId};

use super::model::{DeskContact, Report, ReportId, ReportMessage, ReportState};
use super::store::{ContactRow, ReportRow};
use crate::schema::{harassment_contacts, harassment_messages, harassment_readers, harassment_reports};

/// How many people a desk has at most; towns name two or three.
const MOST_CONTACTS: i64 = 50;
/// How many messages about one report are shown.
const MOST_MESSAGES: i64 = 200;

/// Whom one turns to, in the order they were named.
pub fn desk(tx: &mut Tx<'_>) -> Result<Vec<DeskContact>, DbError> {
    let rows: Vec<ContactRow> = harassment_contacts::table
        .filter(harassment_contacts::ended_at.is_null())
        .order(harassment_contacts::id)
        .limit(MOST_CONTACTS)
        .select(ContactRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(DeskContact::from).collect())
}

fn seen(reader: PersonId, row: &ReportRow) -> Report {
    let is_own = row.reporter_id == reader;
    Report {
        id: row.id,
        reporter_id: (is_own || row.shows_name).then_some(row.reporter_id),
        is_own,
        shows_name: row.shows_name,
        state: row.state,
        created_at: row.created_at,
        closed_at: row.closed_at,
    }
}

/// The reader, who has to be somebody: the desk is nobody's task.
pub(super) fn reader(tx: &Tx<'_>) -> Result<PersonId, DbError> {
    tx.actor().person().ok_or(DbError::NotFound)
}

/// One report; [`DbError::NotFound`] for everybody who neither sent it nor is named for it.
pub fn find(tx: &mut Tx<'_>, id: ReportId) -> Result<Report, DbError> {
    let reader = reader(tx)?;
    Ok(seen(reader, &row(tx, id)?))
}

pub(super) fn row(tx: &mut Tx<'_>, id: ReportId) -> Result<ReportRow, DbError> {
    Ok(harassment_reports::table
        .filter(harassment_reports::id.eq(id))
        .select(ReportRow::as_select())
        .first(tx.conn())?)
}

/// The reports that the reader sent or is named for, the latest first.
pub fn list(tx: &mut Tx<'_>, paging: &Paging<ReportId>) -> Result<Page<Report, ReportId>, DbError> {
    let reader = reader(tx)?;
    let mut query = harassment_reports::table
        .order(harassment_reports::id.desc())
        .limit(paging.probe())
        .select(ReportRow::as_select())
        .into_boxed();
    if let Some(after) = paging.after {
        query = query.filter(harassment_reports::id.lt(after));
    }
    let rows: Vec<ReportRow> = query.load(tx.conn())?;
    let reports: Vec<Report> = rows.iter().map(|row| seen(reader, row)).collect();
    Ok(Page::cut(reports, paging, |report| report.id))
}

/// Who is named for a report that the reader may see, as far as they may know: the reporter sees all, somebody named
/// sees themselves.
pub fn readers(tx: &mut Tx<'_>, id: ReportId) -> Result<Vec<PersonId>, DbError> {
    Ok(harassment_readers::table
        .filter(harassment_readers::report_id.eq(id))
        .order(harassment_readers::person_id)
        .select(harassment_readers::person_id)
        .load(tx.conn())?)
}

type MessageRow = (i64, PersonId, bool, String, DateTime<Utc>);

/// What was said about a report, in its order.
pub fn messages(tx: &mut Tx<'_>, report: &Report) -> Result<Vec<ReportMessage>, DbError> {
    let rows: Vec<MessageRow> = harassment_messages::table
        .filter(harassment_messages::report_id.eq(report.id))
        .order(harassment_messages::id)
        .limit(MOST_MESSAGES)
        .select((
            harassment_messages::id,
            harassment_messages::person_id,
            harassment_messages::from_reporter,
            harassment_messages::body,
            harassment_messages::written_at,
        ))
        .load(tx.conn())?;
    let may_know = report.reporter_id.is_some();
    let message = |(id, person, from_reporter, body, written_at): MessageRow| ReportMessage {
        id,
        person_id: (may_know || !from_reporter).then_some(person),
        from_reporter,
        body,
        written_at,
    };
    Ok(rows.into_iter().map(message).collect())
}

/// How many reports wait for the reader's answer.
pub fn waiting(tx: &mut Tx<'_>) -> Result<i64, DbError> {
    let reader = reader(tx)?;
    Ok(harassment_reports::table
        .filter(harassment_reports::state.eq(ReportState::Sent))
        .filter(harassment_reports::reporter_id.ne(reader))
        .count()
        .get_result(tx.conn())?)
}
