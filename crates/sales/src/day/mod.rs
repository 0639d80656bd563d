//! A person's day: the next actions of their deals and leads and their todos as one list, what is overdue first; who
//! waits for a first answer; and the same things along a calendar.
//!
//! Invariant: [`counts`] counts what [`due`] lists, however many pages it has
//! (`a_day_counts_what_it_lists_page_by_page`).

#[cfg(test)]
mod tests;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use db::{DbError, Tx};
use diesel::pg::Pg;
use diesel::prelude::*;
use kernel::{ContactId, DealId, LeadId, Page, Paging, PersonId, date_in_japan};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::about::{self, About, Called};
use crate::deals::DealStatus;
use crate::leads;
use crate::schema::{deals, leads as lead_rows, todos};
use crate::todos::TodoId;

kernel::text_enum!(
    /// Where something to do stands.
    #[schemars(rename = "DueKind")]
    DueKind {
        /// The next action of a deal.
        Deal = "deal",
        /// The next action of a lead.
        Lead = "lead",
        /// A todo.
        Todo = "todo",
    }
);

/// Something that has a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "DueThing")]
pub struct Due {
    /// Whose next action it is, or a todo.
    pub kind: DueKind,
    /// The deal, the lead or the todo.
    pub id: i64,
    /// What is to be done.
    pub action: String,
    /// By which day in Japan.
    pub due_on: NaiveDate,
    /// At what time in Japan, where that matters.
    #[schemars(with = "Option<String>")]
    pub due_time: Option<NaiveTime>,
    /// The title of the deal it is about; may be empty.
    pub title: String,
    /// The company it is about; may be empty.
    pub company: String,
    /// Whom we talk to, for a deal that names somebody.
    pub contact_id: Option<ContactId>,
    /// The number a lead left; empty for all else.
    pub phone: String,
    /// What a verb on the deal, the lead or the todo names.
    pub version: i32,
}

/// Where a page of a day ends: the last one's day, what it is, then its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DueKey(pub NaiveDate, pub u8, pub i64);

impl Due {
    /// Its place in a day.
    pub fn key(&self) -> DueKey {
        DueKey(self.due_on, rank(self.kind), self.id)
    }
}

/// Deals, then leads, then todos of one day.
const fn rank(kind: DueKind) -> u8 {
    match kind {
        DueKind::Deal => 0,
        DueKind::Lead => 1,
        DueKind::Todo => 2,
    }
}

/// Where the list of one kind goes on after a key of the whole: from that day on, and of that day only what has a
/// greater id.
fn goes_on(after: Option<DueKey>, kind: DueKind) -> (NaiveDate, i64) {
    match after {
        None => (NaiveDate::MIN, 0),
        Some(DueKey(day, last, id)) if last == rank(kind) => (day, id),
        Some(DueKey(day, last, _)) if last < rank(kind) => (day, 0),
        Some(DueKey(day, ..)) => (day, i64::MAX),
    }
}

/// What `person` has to do by today in Japan, the longest overdue first.
pub fn due(tx: &mut Tx<'_>, person: PersonId, paging: &Paging<DueKey>) -> Result<Page<Due, DueKey>, DbError> {
    let until = date_in_japan(tx.now());
    let mut all = deals_due(tx, person, until, paging)?;
    all.extend(leads_due(tx, person, until, paging)?);
    all.extend(todos_due(tx, person, until, paging)?);
    all.sort_unstable_by_key(Due::key);
    Ok(Page::cut(all.into_iter().take(usize::from(paging.limit) + 1).collect(), paging, Due::key))
}

/// One thing of `person`'s, whatever its day; `None` where it is closed, done, or somebody else's.
pub fn one(tx: &mut Tx<'_>, person: PersonId, kind: DueKind, id: i64) -> Result<Option<Due>, DbError> {
    let found = match kind {
        DueKind::Deal => {
            let rows =
                of_deals(person).filter(deals::id.eq(id)).select(DealDue::as_select()).load(tx.conn())?;
            dress_deals(tx, rows)?
        }
        DueKind::Lead => {
            let rows = of_leads(person).filter(lead_rows::id.eq(id)).select(LeadDue::as_select());
            rows.load(tx.conn())?.into_iter().map(LeadDue::due).collect()
        }
        DueKind::Todo => {
            let rows =
                of_todos(person).filter(todos::id.eq(id)).select(TodoDue::as_select()).load(tx.conn())?;
            dress_todos(tx, rows)?
        }
    };
    Ok(found.into_iter().next())
}

/// How much of a day there is, all counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DayCounts {
    /// What is due up to today, overdue included.
    pub due: i64,
    /// What was due before today.
    pub overdue: i64,
    /// Leads of the town that nobody has answered yet.
    pub waiting: i64,
    /// Those of them that wait longer than was promised.
    pub waiting_late: i64,
}

/// How much `person` has to do by today, and how many leads wait for anybody's first answer.
pub fn counts(tx: &mut Tx<'_>, person: PersonId) -> Result<DayCounts, DbError> {
    let today = date_in_japan(tx.now());
    let all = |until: NaiveDate, tx: &mut Tx<'_>| -> Result<i64, DbError> {
        let deals: i64 =
            of_deals(person).filter(deals::next_action_on.le(until)).count().get_result(tx.conn())?;
        let leads: i64 =
            of_leads(person).filter(lead_rows::next_action_on.le(until)).count().get_result(tx.conn())?;
        let todos: i64 = of_todos(person).filter(todos::due_on.le(until)).count().get_result(tx.conn())?;
        Ok(deals + leads + todos)
    };
    let yesterday = today.pred_opt().unwrap_or(today);
    Ok(DayCounts {
        due: all(today, tx)?,
        overdue: all(yesterday, tx)?,
        waiting: leads::waiting(tx)?,
        waiting_late: leads::late_count(tx)?,
    })
}

/// Something along a calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is.
    pub due: Due,
    /// When something of it last changed.
    pub changed_at: DateTime<Utc>,
    /// Whether it is done already.
    pub is_done: bool,
}

/// What `person` has from one day to another, both included, by day; at most `most` of each kind.
pub fn between(
    tx: &mut Tx<'_>,
    person: PersonId,
    (from, until): (NaiveDate, NaiveDate),
    most: i64,
) -> Result<Vec<Entry>, DbError> {
    let rows: Vec<(DealDue, DateTime<Utc>)> = of_deals(person)
        .filter(deals::next_action_on.between(from, until))
        .order((deals::next_action_on, deals::id))
        .limit(most)
        .select((DealDue::as_select(), deals::changed_at))
        .load(tx.conn())?;
    let (rows, changes): (Vec<DealDue>, Vec<DateTime<Utc>>) = rows.into_iter().unzip();
    let entry = |(due, changed_at)| Entry { due, changed_at, is_done: false };
    let mut entries: Vec<Entry> = dress_deals(tx, rows)?.into_iter().zip(changes).map(entry).collect();
    let rows: Vec<(LeadDue, DateTime<Utc>)> = of_leads(person)
        .filter(lead_rows::next_action_on.between(from, until))
        .order((lead_rows::next_action_on, lead_rows::id))
        .limit(most)
        .select((LeadDue::as_select(), lead_rows::changed_at))
        .load(tx.conn())?;
    entries.extend(rows.into_iter().map(|(row, changed_at)| entry((row.due(), changed_at))));
    entries.extend(todos_between(tx, person, (from, until), most)?);
    entries.sort_by_key(|entry| (entry.due.due_on, entry.due.due_time, entry.due.key()));
    Ok(entries)
}

fn todos_between(
    tx: &mut Tx<'_>,
    person: PersonId,
    (from, until): (NaiveDate, NaiveDate),
    most: i64,
) -> Result<Vec<Entry>, DbError> {
    let rows: Vec<(TodoDue, DateTime<Utc>, Option<DateTime<Utc>>)> = todos::table
        .filter(todos::person_id.eq(person))
        .filter(todos::due_on.between(from, until))
        .order((todos::due_on, todos::id))
        .limit(most)
        .select((TodoDue::as_select(), todos::changed_at, todos::done_at))
        .load(tx.conn())?;
    let states: Vec<_> =
        rows.iter().map(|(_, changed_at, done_at)| (*changed_at, done_at.is_some())).collect();
    let rows = rows.into_iter().map(|(row, ..)| row).collect();
    let dressed = dress_todos(tx, rows)?.into_iter().zip(states);
    Ok(dressed.map(|(due, (changed_at, is_done))| Entry { due, changed_at, is_done }).collect())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = deals)]
struct DealDue {
    id: DealId,
    title: String,
    contact_id: Option<ContactId>,
    next_action: Option<String>,
    next_action_on: Option<NaiveDate>,
    version: i32,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = lead_rows)]
struct LeadDue {
    id: LeadId,
    company_name: String,
    phone: String,
    next_action: Option<String>,
    next_action_on: Option<NaiveDate>,
    version: i32,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = todos)]
struct TodoDue {
    id: TodoId,
    title: String,
    due_on: NaiveDate,
    due_time: Option<NaiveTime>,
    deal_id: Option<DealId>,
    company_id: Option<kernel::CompanyId>,
    lead_id: Option<LeadId>,
    version: i32,
}

impl LeadDue {
    fn due(self) -> Due {
        Due {
            kind: DueKind::Lead,
            id: self.id.0,
            action: self.next_action.unwrap_or_default(),
            due_on: self.next_action_on.unwrap_or_default(),
            due_time: None,
            title: String::new(),
            company: self.company_name,
            contact_id: None,
            phone: self.phone,
            version: self.version,
        }
    }
}

fn of_deals<'q>(person: PersonId) -> deals::BoxedQuery<'q, Pg> {
    deals::table.filter(deals::owner_id.eq(person)).filter(deals::state.eq(DealStatus::Open)).into_boxed()
}

fn of_leads<'q>(person: PersonId) -> lead_rows::BoxedQuery<'q, Pg> {
    let planned = lead_rows::table.filter(lead_rows::next_action_on.is_not_null());
    planned.filter(lead_rows::owner_id.eq(person)).into_boxed()
}

fn of_todos<'q>(person: PersonId) -> todos::BoxedQuery<'q, Pg> {
    todos::table.filter(todos::person_id.eq(person)).filter(todos::done_at.is_null()).into_boxed()
}

fn deals_due(
    tx: &mut Tx<'_>,
    person: PersonId,
    until: NaiveDate,
    paging: &Paging<DueKey>,
) -> Result<Vec<Due>, DbError> {
    let (day, id) = goes_on(paging.after, DueKind::Deal);
    let mut query = of_deals(person).filter(deals::next_action_on.le(until));
    if paging.after.is_some() {
        query = query
            .filter(deals::next_action_on.ge(day))
            .filter(deals::next_action_on.gt(day).or(deals::id.gt(id)));
    }
    let rows = query
        .order((deals::next_action_on, deals::id))
        .limit(paging.probe())
        .select(DealDue::as_select())
        .load(tx.conn())?;
    dress_deals(tx, rows)
}

fn leads_due(
    tx: &mut Tx<'_>,
    person: PersonId,
    until: NaiveDate,
    paging: &Paging<DueKey>,
) -> Result<Vec<Due>, DbError> {
    let (day, id) = goes_on(paging.after, DueKind::Lead);
    let mut query = of_leads(person).filter(lead_rows::next_action_on.le(until));
    if paging.after.is_some() {
        query = query
            .filter(lead_rows::next_action_on.ge(day))
            .filter(lead_rows::next_action_on.gt(day).or(lead_rows::id.gt(id)));
    }
    let rows: Vec<LeadDue> = query
        .order((lead_rows::next_action_on, lead_rows::id))
        .limit(paging.probe())
        .select(LeadDue::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(LeadDue::due).collect())
}

fn todos_due(
    tx: &mut Tx<'_>,
    person: PersonId,
    until: NaiveDate,
    paging: &Paging<DueKey>,
) -> Result<Vec<Due>, DbError> {
    let (day, id) = goes_on(paging.after, DueKind::Todo);
    let mut query = of_todos(person).filter(todos::due_on.le(until));
    if paging.after.is_some() {
        query =
            query.filter(todos::due_on.ge(day)).filter(todos::due_on.gt(day).or(todos::id.gt(TodoId(id))));
    }
    let rows = query
        .order((todos::due_on, todos::id))
        .limit(paging.probe())
        .select(TodoDue::as_select())
        .load(tx.conn())?;
    dress_todos(tx, rows)
}

/// Deals with the names of their companies, in the order they came.
fn dress_deals(tx: &mut Tx<'_>, rows: Vec<DealDue>) -> Result<Vec<Due>, DbError> {
    let things: Vec<About> = rows.iter().map(|row| About::Deal(row.id)).collect();
    let mut called = about::called(tx, &things)?;
    let dress = |row: DealDue| Due {
        kind: DueKind::Deal,
        id: row.id.0,
        action: row.next_action.unwrap_or_default(),
        due_on: row.next_action_on.unwrap_or_default(),
        due_time: None,
        title: row.title,
        company: called.remove(&About::Deal(row.id)).unwrap_or_default().company,
        contact_id: row.contact_id,
        phone: String::new(),
        version: row.version,
    };
    Ok(rows.into_iter().map(dress).collect())
}

/// Todos with what they are about, in the order they came.
fn dress_todos(tx: &mut Tx<'_>, rows: Vec<TodoDue>) -> Result<Vec<Due>, DbError> {
    let about = |row: &TodoDue| About::of(row.deal_id, row.company_id, row.lead_id);
    let things: Vec<About> = rows.iter().filter_map(about).collect();
    let called = about::called(tx, &things)?;
    let dress = |row: TodoDue| {
        let Called { title, company } =
            about(&row).and_then(|about| called.get(&about).cloned()).unwrap_or_default();
        Due {
            kind: DueKind::Todo,
            id: row.id.0,
            action: row.title,
            due_on: row.due_on,
            due_time: row.due_time,
            title,
            company,
            contact_id: None,
            phone: String::new(),
            version: row.version,
        }
    };
    Ok(rows.into_iter().map(dress).collect())
}
