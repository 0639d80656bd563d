//! Reading leads: one, a page of one state or of all, and how many wait for a first word.

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Date, Nullable};
use files::StoredFile;
use kernel::{CompanyId, DealId, FileId, LeadId, Page, Paging, PersonId, date_in_japan, reach};
use serde::{Deserialize, Serialize};

use super::contacted::LeadContact;
use super::model::{Lead, LeadStatus};
use super::store::LeadRow;
use crate::activities::{ActivityKind, Outcome};
use crate::schema::{lead_contacts, lead_files, leads};

/// One lead; [`DbError::NotFound`] where this town has none of that id.
pub fn find(tx: &mut Tx<'_>, id: LeadId) -> Result<Lead, DbError> {
    let row: LeadRow = leads::table.filter(leads::id.eq(id)).select(LeadRow::as_select()).first(tx.conn())?;
    row.read()
}

/// The lead a deal came from, the first where there are several.
pub fn of_deal(tx: &mut Tx<'_>, deal: DealId) -> Result<Option<Lead>, DbError> {
    let became = leads::table.filter(leads::deal_id.eq(deal)).order(leads::id);
    let row: Option<LeadRow> = became.select(LeadRow::as_select()).first(tx.conn()).optional()?;
    row.map(LeadRow::read).transpose()
}

/// The files that came with a lead.
pub fn samples(tx: &mut Tx<'_>, lead: LeadId) -> Result<Vec<StoredFile>, DbError> {
    let ids: Vec<FileId> =
        lead_files::table.filter(lead_files::lead_id.eq(lead)).select(lead_files::file_id).load(tx.conn())?;
    Ok(files::find_many(tx, &ids)?.into_values().collect())
}

/// Whether a file came with a lead.
pub fn is_sample(tx: &mut Tx<'_>, file: FileId) -> Result<bool, DbError> {
    let with_it = lead_files::table.filter(lead_files::file_id.eq(file));
    Ok(diesel::select(diesel::dsl::exists(with_it)).get_result(tx.conn())?)
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
    let rows: Vec<LeadRow> = matching(state, paging).select(LeadRow::as_select()).load(tx.conn())?;
    let leads: Vec<Lead> = rows.into_iter().map(LeadRow::read).collect::<Result<_, _>>()?;
    Ok(Page::cut(leads, paging, |lead| LeadKey(lead.created_at, lead.id)))
}

fn matching(state: Option<LeadStatus>, paging: &Paging<LeadKey>) -> leads::BoxedQuery<'static, Pg> {
    let mut query =
        leads::table.order((leads::created_at.desc(), leads::id.desc())).limit(paging.probe()).into_boxed();
    if let Some(state) = state {
        query = query.filter(leads::state.eq(state));
    }
    if let Some(LeadKey(created_at, id)) = &paging.after {
        // The first of the two bounds is one of the index, which the second alone would not be.
        query = query
            .filter(leads::created_at.le(*created_at))
            .filter(leads::created_at.lt(*created_at).or(leads::id.lt(*id)));
    }
    query
}

/// Where a page of overdue leads ends: the day the answer was promised for, then its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LateKey(pub NaiveDate, pub LeadId);

/// Leads nobody has answered by the day that was promised, the longest overdue first.
pub fn late(tx: &mut Tx<'_>, paging: &Paging<LateKey>) -> Result<Page<Lead, LateKey>, DbError> {
    let rows: Vec<LeadRow> = after_late(tx, paging).select(LeadRow::as_select()).load(tx.conn())?;
    let leads: Vec<Lead> = rows.into_iter().map(LeadRow::read).collect::<Result<_, _>>()?;
    Ok(Page::cut(leads, paging, |lead| LateKey(lead.answer_by.unwrap_or_default(), lead.id)))
}

fn after_late(tx: &Tx<'_>, paging: &Paging<LateKey>) -> leads::BoxedQuery<'static, Pg> {
    let query = overdue(tx).order((leads::answer_by, leads::id)).limit(paging.probe());
    match &paging.after {
        Some(LateKey(day, id)) => {
            query.filter(leads::answer_by.ge(*day)).filter(leads::answer_by.gt(*day).or(leads::id.gt(*id)))
        }
        None => query,
    }
}

/// Where a page of [`in_turn`] ends: the day the answer was promised for, nothing where none was, then its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TurnKey(pub Option<NaiveDate>, pub LeadId);

/// Leads nobody has answered yet, the first promised answer first and those without a promise last; of one day, and without
/// one, those that were entered first.
pub fn in_turn(tx: &mut Tx<'_>, paging: &Paging<TurnKey>) -> Result<Page<Lead, TurnKey>, DbError> {
    let query = turn(paging.after.as_ref()).limit(paging.probe());
    let rows: Vec<LeadRow> = query.select(LeadRow::as_select()).load(tx.conn())?;
    let waiting: Vec<Lead> = rows.into_iter().map(LeadRow::read).collect::<Result<_, _>>()?;
    Ok(Page::cut(waiting, paging, |lead| TurnKey(lead.answer_by, lead.id)))
}

/// The first `most` of [`in_turn`]; none that was entered after this moment.
pub fn unanswered(tx: &mut Tx<'_>, most: i64) -> Result<Vec<Lead>, DbError> {
    let entered = turn(None).filter(leads::created_at.le(tx.now())).limit(most);
    let rows: Vec<LeadRow> = entered.select(LeadRow::as_select()).load(tx.conn())?;
    rows.into_iter().map(LeadRow::read).collect()
}

/// In the words of the index `leads_in_turn`, which would not be read with any other. A later page reads it from its first
/// entry on: behind row-level security PostgreSQL lets no COALESCE bound an index.
fn turn(after: Option<&TurnKey>) -> leads::BoxedQuery<'static, Pg> {
    let query = leads::table
        .filter(leads::state.eq(LeadStatus::New))
        .order((sql::<Date>("COALESCE(answer_by, 'infinity'::date)"), leads::id))
        .into_boxed();
    let Some(TurnKey(day, id)) = after else { return query };
    query.filter(
        sql::<Bool>("(COALESCE(answer_by, 'infinity'::date), leads.id) > (COALESCE(")
            .bind::<Nullable<Date>, _>(*day)
            .sql(", 'infinity'::date), ")
            .bind::<BigInt, _>(id.0)
            .sql(")"),
    )
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
    let entered = leads::table.filter(leads::created_at.le(tx.now()));
    Ok(entered.filter(leads::state.eq(LeadStatus::New)).count().get_result(tx.conn())?)
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

#[cfg(test)]
pub(super) mod explaining {
    //! How PostgreSQL would read the pages after the first.

    use super::*;

    pub(in crate::leads) fn plans(tx: &mut Tx<'_>) -> Result<Vec<String>, DbError> {
        let entered = Paging { after: Some(LeadKey(tx.now(), LeadId(1))), ..Paging::first(10) };
        let (all, new) = (matching(None, &entered), matching(Some(LeadStatus::New), &entered));
        let day = date_in_japan(tx.now()) - chrono::Days::new(1000);
        let due = Paging { after: Some(LateKey(day, LeadId(1))), ..Paging::first(10) };
        let late = after_late(tx, &due);
        let promised = turn(Some(&TurnKey(Some(day), LeadId(1)))).limit(10);
        let first = turn(None).limit(10);
        [all, new, late, promised, first].into_iter().map(|query| db::testing::plan(tx, query)).collect()
    }
}
