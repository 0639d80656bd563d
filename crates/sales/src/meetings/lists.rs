//! Reading meetings: one, pages by day, one person's along a calendar, and what was decided.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{Page, Paging, PersonId};
use serde::{Deserialize, Serialize};

use super::model::{Decided, Decision, Meeting, MeetingId};
use super::store::MeetingRow;
use crate::findings::{self, Finding, FindingId};
use crate::schema::{meeting_decisions, meeting_people, meetings};
use crate::todos::{self, Todo, TodoId};

/// How many decisions of a meeting are shown; one that decides more decides nothing.
const MOST_DECISIONS: i64 = 200;

/// One meeting; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: MeetingId) -> Result<Meeting, DbError> {
    let found = meetings::table.filter(meetings::id.eq(id)).select(MeetingRow::as_select());
    let row: MeetingRow = found.first(tx.conn())?;
    let people = people_of(tx, &[id])?.remove(&id).unwrap_or_default();
    row.with(people)
}

fn people_of(tx: &mut Tx<'_>, ids: &[MeetingId]) -> Result<HashMap<MeetingId, Vec<PersonId>>, DbError> {
    let rows: Vec<(MeetingId, PersonId)> = meeting_people::table
        .filter(meeting_people::meeting_id.eq_any(ids))
        .order(meeting_people::person_id)
        .select((meeting_people::meeting_id, meeting_people::person_id))
        .load(tx.conn())?;
    let mut people: HashMap<MeetingId, Vec<PersonId>> = HashMap::new();
    for (meeting, person) in rows {
        people.entry(meeting).or_default().push(person);
    }
    Ok(people)
}

fn seated(tx: &mut Tx<'_>, rows: Vec<MeetingRow>) -> Result<Vec<Meeting>, DbError> {
    let ids: Vec<MeetingId> = rows.iter().map(|row| row.id).collect();
    let mut people = people_of(tx, &ids)?;
    rows.into_iter()
        .map(|row| {
            let seats = people.remove(&row.id).unwrap_or_default();
            row.with(seats)
        })
        .collect()
}

/// Where a page of meetings ends: the last one's day, then its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeetingKey(pub NaiveDate, pub MeetingId);

/// Meetings, the latest day first.
pub fn list(tx: &mut Tx<'_>, paging: &Paging<MeetingKey>) -> Result<Page<Meeting, MeetingKey>, DbError> {
    let mut query = meetings::table
        .order((meetings::held_on.desc(), meetings::id.desc()))
        .limit(paging.probe())
        .select(MeetingRow::as_select())
        .into_boxed();
    if let Some(MeetingKey(day, id)) = &paging.after {
        query = query
            .filter(meetings::held_on.le(*day))
            .filter(meetings::held_on.lt(*day).or(meetings::id.lt(*id)));
    }
    let rows: Vec<MeetingRow> = query.load(tx.conn())?;
    let all = seated(tx, rows)?;
    Ok(Page::cut(all, paging, |meeting| MeetingKey(meeting.held_on, meeting.id)))
}

/// The meetings a person comes to from one day to another, both included; at most `most`.
pub fn of_person(
    tx: &mut Tx<'_>,
    person: PersonId,
    (from, until): (NaiveDate, NaiveDate),
    most: i64,
) -> Result<Vec<Meeting>, DbError> {
    let own =
        meeting_people::table.filter(meeting_people::person_id.eq(person)).select(meeting_people::meeting_id);
    let rows: Vec<MeetingRow> = meetings::table
        .filter(meetings::id.eq_any(own))
        .filter(meetings::held_on.between(from, until))
        .order((meetings::held_on, meetings::id))
        .limit(most)
        .select(MeetingRow::as_select())
        .load(tx.conn())?;
    seated(tx, rows)
}

/// When the newest meeting that was closed was closed; `None` where none was.
pub(super) fn last_closed(tx: &mut Tx<'_>) -> Result<Option<DateTime<Utc>>, DbError> {
    let newest: Option<DateTime<Utc>> =
        meetings::table.select(diesel::dsl::max(meetings::closed_at)).first(tx.conn())?;
    Ok(newest)
}

/// A todo or a finding, who wrote it down, and when.
type DecisionRow = (Option<TodoId>, Option<FindingId>, PersonId, DateTime<Utc>);

/// What a meeting decided, in the order it was written down, each as it stands now.
pub fn decisions(tx: &mut Tx<'_>, meeting: MeetingId) -> Result<Vec<Decision>, DbError> {
    let rows: Vec<DecisionRow> = meeting_decisions::table
        .filter(meeting_decisions::meeting_id.eq(meeting))
        .order(meeting_decisions::id)
        .limit(MOST_DECISIONS)
        .select((
            meeting_decisions::todo_id,
            meeting_decisions::finding_id,
            meeting_decisions::person_id,
            meeting_decisions::decided_at,
        ))
        .load(tx.conn())?;
    let ids: Vec<TodoId> = rows.iter().filter_map(|(todo, ..)| *todo).collect();
    let todos: HashMap<TodoId, Todo> =
        todos::find_many(tx, &ids)?.into_iter().map(|todo| (todo.id, todo)).collect();
    let ids: Vec<FindingId> = rows.iter().filter_map(|(_, finding, ..)| *finding).collect();
    let findings: HashMap<FindingId, Finding> =
        findings::find_many(tx, &ids)?.into_iter().map(|finding| (finding.id, finding)).collect();
    // The table's CHECK names one of them.
    let decision = |(todo, finding, person_id, decided_at): DecisionRow| {
        let todo = todo.and_then(|id| todos.get(&id)).cloned().map(Decided::Todo);
        let finding = || finding.and_then(|id| findings.get(&id)).cloned().map(Decided::Finding);
        Some(Decision { decided: todo.or_else(finding)?, person_id, decided_at })
    };
    Ok(rows.into_iter().filter_map(decision).collect())
}
