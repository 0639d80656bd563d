//! Rows and writes of `advice_sessions` and `advice_alerts`.

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{PersonId, Span};

use super::model::{Clock, Session, SessionFields, SessionId, SessionState, Way};
use crate::schema::{advice_alerts, advice_sessions};

#[derive(Queryable, Selectable)]
#[diesel(table_name = advice_sessions)]
pub(super) struct SessionRow {
    id: SessionId,
    held_on: NaiveDate,
    way: Way,
    minutes: Option<i32>,
    adviser: String,
    asked: String,
    advised: String,
    owner_id: PersonId,
    state: SessionState,
    report_due_on: Option<NaiveDate>,
    report: String,
    reported_on: Option<NaiveDate>,
    questionnaire_from: Option<NaiveDate>,
    questionnaire_until: Option<NaiveDate>,
    answered_on: Option<NaiveDate>,
    person_id: PersonId,
    created_at: DateTime<Utc>,
    version: i32,
}

impl From<SessionRow> for Session {
    fn from(row: SessionRow) -> Self {
        Self {
            id: row.id,
            held_on: row.held_on,
            way: row.way,
            minutes: row.minutes,
            adviser: row.adviser,
            asked: row.asked,
            advised: row.advised,
            owner_id: row.owner_id,
            state: row.state,
            report_due_on: row.report_due_on,
            report: row.report,
            reported_on: row.reported_on,
            questionnaire_from: row.questionnaire_from,
            questionnaire_until: row.questionnaire_until,
            answered_on: row.answered_on,
            person_id: row.person_id,
            created_at: row.created_at,
            version: row.version,
        }
    }
}

pub(super) fn insert(tx: &mut Tx<'_>, person: PersonId, fields: &SessionFields) -> Result<Session, DbError> {
    let now = tx.now();
    let row: SessionRow = diesel::insert_into(advice_sessions::table)
        .values((
            advice_sessions::held_on.eq(fields.held_on),
            advice_sessions::way.eq(fields.way),
            advice_sessions::minutes.eq(fields.minutes),
            advice_sessions::adviser.eq(&fields.adviser),
            advice_sessions::asked.eq(&fields.asked),
            advice_sessions::owner_id.eq(fields.owner_id.unwrap_or(person)),
            advice_sessions::person_id.eq(person),
            advice_sessions::created_at.eq(now),
        ))
        .returning(SessionRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// What a step writes beside the state.
#[derive(Default, AsChangeset)]
#[diesel(table_name = advice_sessions)]
pub(super) struct Written {
    pub(super) held_on: Option<NaiveDate>,
    pub(super) advised: Option<String>,
    pub(super) report_due_on: Option<NaiveDate>,
    pub(super) questionnaire_from: Option<NaiveDate>,
    pub(super) questionnaire_until: Option<NaiveDate>,
    pub(super) report: Option<String>,
    pub(super) reported_on: Option<NaiveDate>,
    pub(super) answered_on: Option<NaiveDate>,
}

/// `None` when it is no longer at its version.
pub(super) fn step(
    tx: &mut Tx<'_>,
    (id, version): (SessionId, i32),
    state: SessionState,
    written: &Written,
) -> Result<Option<Session>, DbError> {
    let guarded = advice_sessions::table
        .filter(advice_sessions::id.eq(id))
        .filter(advice_sessions::version.eq(version));
    let row: Option<SessionRow> = diesel::update(guarded)
        .set((written, advice_sessions::state.eq(state), advice_sessions::version.eq(version + 1)))
        .returning(SessionRow::as_returning())
        .get_result(tx.conn())
        .optional()?;
    Ok(row.map(Session::from))
}

/// `None` when it is no longer at its version.
pub(super) fn update(
    tx: &mut Tx<'_>,
    (id, version): (SessionId, i32),
    fields: &SessionFields,
) -> Result<Option<Session>, DbError> {
    let guarded = advice_sessions::table
        .filter(advice_sessions::id.eq(id))
        .filter(advice_sessions::version.eq(version));
    let row: Option<SessionRow> = diesel::update(guarded)
        .set((
            advice_sessions::held_on.eq(fields.held_on),
            advice_sessions::way.eq(fields.way),
            advice_sessions::minutes.eq(fields.minutes),
            advice_sessions::adviser.eq(&fields.adviser),
            advice_sessions::asked.eq(&fields.asked),
            fields.owner_id.map(|owner| advice_sessions::owner_id.eq(owner)),
            advice_sessions::version.eq(version + 1),
        ))
        .returning(SessionRow::as_returning())
        .get_result(tx.conn())
        .optional()?;
    Ok(row.map(Session::from))
}

/// Notes that a session's owner is told of a clock; `false` where that was told before.
pub(super) fn note_alert(tx: &mut Tx<'_>, id: SessionId, clock: Clock) -> Result<bool, DbError> {
    let now = tx.now();
    let noted = diesel::insert_into(advice_alerts::table)
        .values((
            advice_alerts::session_id.eq(id),
            advice_alerts::clock.eq(clock),
            advice_alerts::told_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(tx.conn())?;
    Ok(noted == 1)
}

/// The days and the way of every session within `span` that is not called off.
pub(super) fn within(tx: &mut Tx<'_>, span: Span) -> Result<Vec<(Way, Option<i32>)>, DbError> {
    Ok(advice_sessions::table
        .filter(advice_sessions::held_on.between(span.first, span.last))
        .filter(advice_sessions::state.ne(SessionState::Cancelled))
        .select((advice_sessions::way, advice_sessions::minutes))
        .load(tx.conn())?)
}
