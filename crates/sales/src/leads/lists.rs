//! Reading leads: one, a page of one state or of all, and how many wait for a first word.

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::pg::Pg;
use diesel::prelude::*;
use kernel::{CompanyId, LeadId, Page, Paging, PersonId, date_in_japan, reach};
use serde::{Deserialize, Serialize};

use super::contacted::LeadContact;
use super::model::{Lead, LeadStatus};
use super::store::LeadRow;
use crate::activities::{ActivityKind, Outcome};
use crate::schema::{lead_contacts, leads};

/// One lead; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: LeadId) -> Result<Lead, DbError> {
    let row: LeadRow = leads::table.filter(leads::id.eq(id)).select(LeadRow::as_select()).first(tx.conn())?;
    row.read()
}

/// Where a page of leads ends: when the last one was entered, then its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeadKey(pub DateTime<Utc>, pub LeadId);

/// Leads in `state`, or all of them, newest first.
pub fn list(
    tx: &mut Tx<'_>,
    state: Option<LeadStatus>,
    paging: &Paging<LeadKey>,
) -> Result<Page<Lead, LeadKey>, DbError> {
    let mut query = leads::table
        .order((leads::created_at.desc(), leads::id.desc()))
        .limit(paging.probe())
        .select(LeadRow::as_select())
        .into_boxed();
    if let Some(state) = state {
        query = query.filter(leads::state.eq(state));
    }
    if let Some(LeadKey(created_at, id)) = &paging.after {
        query = query.filter(
            leads::created_at.lt(*created_at).or(leads::created_at.eq(*created_at).and(leads::id.lt(*id))),
        );
    }
    let rows: Vec<LeadRow> = query.load(tx.conn())?;
    let leads: Vec<Lead> = rows.into_iter().map(LeadRow::read).collect::<Result<_, _>>()?;
    Ok(Page::cut(leads, paging, |lead| LeadKey(lead.created_at, lead.id)))
}

/// Where a page of overdue leads ends: the day the answer was promised for, then its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LateKey(pub NaiveDate, pub LeadId);

/// Leads nobody has answered by the day that was promised, the longest overdue first.
pub fn late(tx: &mut Tx<'_>, paging: &Paging<LateKey>) -> Result<Page<Lead, LateKey>, DbError> {
    let mut query =
        overdue(tx).order((leads::answer_by, leads::id)).limit(paging.probe()).select(LeadRow::as_select());
    if let Some(LateKey(day, id)) = &paging.after {
        query = query.filter(leads::answer_by.gt(*day).or(leads::answer_by.eq(*day).and(leads::id.gt(*id))));
    }
    let rows: Vec<LeadRow> = query.load(tx.conn())?;
    let leads: Vec<Lead> = rows.into_iter().map(LeadRow::read).collect::<Result<_, _>>()?;
    Ok(Page::cut(leads, paging, |lead| LateKey(lead.answer_by.unwrap_or_default(), lead.id)))
}

/// Leads nobody has answered yet, the first promised answer first and those without a promise last, the oldest of them
/// first; at most `most`.
pub fn unanswered(tx: &mut Tx<'_>, most: i64) -> Result<Vec<Lead>, DbError> {
    let new = || leads::table.filter(leads::state.eq(LeadStatus::New));
    let mut rows: Vec<LeadRow> = new()
        .filter(leads::answer_by.is_not_null())
        .order((leads::answer_by, leads::id))
        .limit(most)
        .select(LeadRow::as_select())
        .load(tx.conn())?;
    let left = most - i64::try_from(rows.len()).unwrap_or(most);
    let unpromised: Vec<LeadRow> = new()
        .filter(leads::answer_by.is_null())
        .order((leads::created_at, leads::id))
        .limit(left)
        .select(LeadRow::as_select())
        .load(tx.conn())?;
    rows.extend(unpromised);
    rows.into_iter().map(LeadRow::read).collect()
}

/// How many [`late`] has in all.
pub fn late_count(tx: &mut Tx<'_>) -> Result<i64, DbError> {
    Ok(overdue(tx).count().get_result(tx.conn())?)
}

fn overdue<'q>(tx: &Tx<'_>) -> leads::BoxedQuery<'q, Pg> {
    let today = date_in_japan(tx.now());
    leads::table.filter(leads::state.eq(LeadStatus::New)).filter(leads::answer_by.lt(today)).into_boxed()
}

/// Leads whose company, person, address or telephone number contains `query`, however it is written, the newest `most`;
/// one character is enough.
pub fn search(tx: &mut Tx<'_>, query: &str, most: i32) -> Result<Vec<Lead>, DbError> {
    let query = &reach::searched(query);
    let rows: Vec<LeadRow> = leads::table
        .filter(db::search::found("leads.id", "search_lead_ids", query, most))
        .order(leads::id.desc())
        .select(LeadRow::as_select())
        .load(tx.conn())?;
    rows.into_iter().map(LeadRow::read).collect()
}

/// How many leads nobody has talked to yet.
pub fn waiting(tx: &mut Tx<'_>) -> Result<i64, DbError> {
    Ok(leads::table.filter(leads::state.eq(LeadStatus::New)).count().get_result(tx.conn())?)
}

/// How many leads name a company.
pub(crate) fn count_of_company(tx: &mut Tx<'_>, company: CompanyId) -> Result<i64, DbError> {
    Ok(leads::table.filter(leads::company_id.eq(company)).count().get_result(tx.conn())?)
}

/// Every time somebody got in touch with a lead, the newest first; at most a hundred.
pub fn contacts_of(tx: &mut Tx<'_>, lead: LeadId) -> Result<Vec<LeadContact>, DbError> {
    let rows: Vec<(ActivityKind, Outcome, String, PersonId, DateTime<Utc>)> = lead_contacts::table
        .filter(lead_contacts::lead_id.eq(lead))
        .order(lead_contacts::id.desc())
        .limit(100)
        .select((
            lead_contacts::kind,
            lead_contacts::outcome,
            lead_contacts::note,
            lead_contacts::person_id,
            lead_contacts::happened_at,
        ))
        .load(tx.conn())?;
    let contact = |(kind, outcome, note, person_id, happened_at)| LeadContact {
        kind,
        outcome,
        note,
        person_id,
        happened_at,
    };
    Ok(rows.into_iter().map(contact).collect())
}

/// `person`'s leads whose next action is due up to today in Japan, the longest due first; at most `most`.
pub fn due(tx: &mut Tx<'_>, person: PersonId, most: i64) -> Result<Vec<Lead>, DbError> {
    let rows: Vec<LeadRow> = of_the_day(tx, person)
        .order((leads::next_action_on, leads::id))
        .limit(most)
        .select(LeadRow::as_select())
        .load(tx.conn())?;
    rows.into_iter().map(LeadRow::read).collect()
}

/// How many [`due`] has in all, and how many of them were due before today.
pub fn due_counts(tx: &mut Tx<'_>, person: PersonId) -> Result<(i64, i64), DbError> {
    let today = date_in_japan(tx.now());
    let all = of_the_day(tx, person).count().get_result(tx.conn())?;
    let late =
        of_the_day(tx, person).filter(leads::next_action_on.lt(today)).count().get_result(tx.conn())?;
    Ok((all, late))
}

fn of_the_day<'q>(tx: &Tx<'_>, person: PersonId) -> leads::BoxedQuery<'q, Pg> {
    let today = date_in_japan(tx.now());
    leads::table.filter(leads::owner_id.eq(person)).filter(leads::next_action_on.le(today)).into_boxed()
}
