//! Rows and writes of `meetings`, `meeting_people` and `meeting_decisions`.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::PersonId;

use super::agenda::Agenda;
use super::lists::find;
use super::model::{Decided, Decision, Meeting, MeetingFields, MeetingId};
use crate::schema::{meeting_decisions, meeting_people, meetings};

#[derive(Queryable, Selectable)]
#[diesel(table_name = meetings)]
pub(super) struct MeetingRow {
    pub(super) id: MeetingId,
    held_on: NaiveDate,
    begins_at: Option<NaiveTime>,
    minutes: String,
    agenda: Option<serde_json::Value>,
    person_id: PersonId,
    closed_at: Option<DateTime<Utc>>,
    changed_at: DateTime<Utc>,
    version: i32,
}

impl MeetingRow {
    pub(super) fn with(self, people: Vec<PersonId>) -> Result<Meeting, DbError> {
        let unreadable = |error: serde_json::Error| {
            DbError::from(diesel::result::Error::DeserializationError(error.into()))
        };
        Ok(Meeting {
            id: self.id,
            held_on: self.held_on,
            begins_at: self.begins_at,
            people,
            minutes: self.minutes,
            agenda: self.agenda.map(serde_json::from_value).transpose().map_err(unreadable)?,
            person_id: self.person_id,
            closed_at: self.closed_at,
            changed_at: self.changed_at,
            version: self.version,
        })
    }
}

pub(super) fn insert(tx: &mut Tx<'_>, person: PersonId, fields: &MeetingFields) -> Result<Meeting, DbError> {
    let now = tx.now();
    let id: MeetingId = diesel::insert_into(meetings::table)
        .values((
            meetings::held_on.eq(fields.held_on),
            meetings::begins_at.eq(fields.begins_at),
            meetings::minutes.eq(&fields.minutes),
            meetings::person_id.eq(person),
            meetings::created_at.eq(now),
            meetings::changed_at.eq(now),
        ))
        .returning(meetings::id)
        .get_result(tx.conn())?;
    seat(tx, id, &fields.people)?;
    find(tx, id)
}

/// `None` when it is no longer at its version, or closed.
pub(super) fn update(
    tx: &mut Tx<'_>,
    id: MeetingId,
    version: i32,
    fields: &MeetingFields,
) -> Result<Option<Meeting>, DbError> {
    let now = tx.now();
    let guarded = meetings::table.filter(meetings::id.eq(id)).filter(meetings::version.eq(version));
    let written = diesel::update(guarded)
        .set((
            meetings::held_on.eq(fields.held_on),
            meetings::begins_at.eq(fields.begins_at),
            meetings::minutes.eq(&fields.minutes),
            meetings::changed_at.eq(now),
            meetings::version.eq(version + 1),
        ))
        .execute(tx.conn())?;
    if written == 0 {
        return Ok(None);
    }
    diesel::delete(meeting_people::table.filter(meeting_people::meeting_id.eq(id))).execute(tx.conn())?;
    seat(tx, id, &fields.people)?;
    find(tx, id).map(Some)
}

fn seat(tx: &mut Tx<'_>, id: MeetingId, people: &[PersonId]) -> Result<(), DbError> {
    let rows: Vec<_> = people
        .iter()
        .map(|person| (meeting_people::meeting_id.eq(id), meeting_people::person_id.eq(*person)))
        .collect();
    diesel::insert_into(meeting_people::table).values(&rows).execute(tx.conn())?;
    Ok(())
}

/// `None` when it is no longer at its version, or closed.
pub(super) fn close(
    tx: &mut Tx<'_>,
    id: MeetingId,
    version: i32,
    agenda: &Agenda,
) -> Result<Option<Meeting>, DbError> {
    let now = tx.now();
    let kept = serde_json::to_value(agenda)
        .map_err(|error| DbError::from(diesel::result::Error::SerializationError(error.into())))?;
    let guarded = meetings::table.filter(meetings::id.eq(id)).filter(meetings::version.eq(version));
    let written = diesel::update(guarded)
        .set((
            meetings::agenda.eq(kept),
            meetings::closed_at.eq(now),
            meetings::changed_at.eq(now),
            meetings::version.eq(version + 1),
        ))
        .execute(tx.conn())?;
    if written == 0 { Ok(None) } else { find(tx, id).map(Some) }
}

/// Keeps a meeting from being closed until this transaction ends. Of a closed one nothing is held: the table's policy lets
/// nobody change it.
pub(super) fn hold(tx: &mut Tx<'_>, id: MeetingId) -> Result<(), DbError> {
    let _open: Option<MeetingId> = meetings::table
        .filter(meetings::id.eq(id))
        .select(meetings::id)
        .for_no_key_update()
        .first(tx.conn())
        .optional()?;
    Ok(())
}

pub(super) fn decide(
    tx: &mut Tx<'_>,
    meeting: MeetingId,
    person: PersonId,
    decided: Decided,
) -> Result<Decision, DbError> {
    let now = tx.now();
    let (todo, finding) = match &decided {
        Decided::Todo(todo) => (Some(todo.id), None),
        Decided::Finding(finding) => (None, Some(finding.id)),
    };
    diesel::insert_into(meeting_decisions::table)
        .values((
            meeting_decisions::meeting_id.eq(meeting),
            meeting_decisions::todo_id.eq(todo),
            meeting_decisions::finding_id.eq(finding),
            meeting_decisions::person_id.eq(person),
            meeting_decisions::decided_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(Decision { decided, person_id: person, decided_at: now })
}
