//! Rows and writes of `leads`.

use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{Code, CompanyId, DealId, EmailAddress, FileId, Invalid, Language, LeadId, PersonId};

use super::LeadError;
use super::contacted::ContactedFields;
use super::model::{DisqualifiedReason, Lead, LeadFields, LeadSource, LeadState, LeadStatus};
use crate::deals::NextAction;
use crate::schema::{lead_contacts, lead_files, leads};

/// Adds a file that came with a lead.
pub(super) fn attach(tx: &mut Tx<'_>, lead: LeadId, file: FileId) -> Result<(), DbError> {
    diesel::insert_into(lead_files::table)
        .values((lead_files::lead_id.eq(lead), lead_files::file_id.eq(file)))
        .execute(tx.conn())?;
    Ok(())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = leads)]
pub(super) struct LeadRow {
    id: LeadId,
    company_name: String,
    contact_name: String,
    email: Option<EmailAddress>,
    phone: String,
    source: LeadSource,
    need: String,
    state: LeadStatus,
    disqualified_reason: Option<DisqualifiedReason>,
    owner_id: Option<PersonId>,
    company_id: Option<CompanyId>,
    deal_id: Option<DealId>,
    created_at: DateTime<Utc>,
    contacted_at: Option<DateTime<Utc>>,
    closed_at: Option<DateTime<Utc>>,
    version: i32,
    next_action: Option<String>,
    next_action_on: Option<NaiveDate>,
    answer_by: Option<NaiveDate>,
    inquired_in: Option<Language>,
    disqualified_note: String,
    asked_on: Option<NaiveDate>,
}

impl LeadRow {
    pub(super) fn read(self) -> Result<Lead, DbError> {
        let impossible =
            || diesel::result::Error::DeserializationError("a lead's state lacks its columns".into());
        Ok(Lead {
            id: self.id,
            state: self.state().ok_or_else(impossible)?,
            company_name: self.company_name,
            contact_name: self.contact_name,
            email: self.email,
            phone: self.phone,
            source: self.source,
            need: self.need,
            owner_id: self.owner_id,
            company_id: self.company_id,
            created_at: self.created_at,
            asked_on: self.asked_on,
            contacted_at: self.contacted_at,
            answer_by: self.answer_by,
            inquired_in: self.inquired_in,
            next: self
                .next_action
                .zip(self.next_action_on)
                .map(|(next_action, next_action_on)| NextAction { next_action, next_action_on }),
            version: self.version,
        })
    }

    fn state(&self) -> Option<LeadState> {
        Some(match self.state {
            LeadStatus::New => LeadState::New,
            LeadStatus::Contacted => LeadState::Contacted,
            LeadStatus::Converted => {
                LeadState::Converted { closed_at: self.closed_at?, deal_id: self.deal_id? }
            }
            LeadStatus::Disqualified => LeadState::Disqualified {
                closed_at: self.closed_at?,
                disqualified_reason: self.disqualified_reason?,
                disqualified_note: self.disqualified_note.clone(),
            },
        })
    }
}

/// A lead as it is entered.
#[derive(Insertable)]
#[diesel(table_name = leads, treat_none_as_default_value = false)]
struct NewLead<'a> {
    company_name: &'a str,
    contact_name: &'a str,
    email: Option<EmailAddress>,
    phone: &'a str,
    source: LeadSource,
    need: &'a str,
    company_id: Option<CompanyId>,
    owner_id: Option<PersonId>,
    created_at: DateTime<Utc>,
    changed_at: DateTime<Utc>,
    asked_on: Option<NaiveDate>,
    answer_by: Option<NaiveDate>,
    inquired_in: Option<Language>,
}

impl<'a> NewLead<'a> {
    fn new(fields: &'a LeadFields, answer_by: Option<NaiveDate>, now: DateTime<Utc>) -> Self {
        Self {
            company_name: &fields.company_name,
            contact_name: &fields.contact_name,
            email: fields.email.clone(),
            phone: &fields.phone,
            source: fields.source,
            need: &fields.need,
            company_id: fields.company_id,
            owner_id: fields.owner_id,
            created_at: now,
            changed_at: now,
            asked_on: fields.asked_on,
            answer_by,
            inquired_in: fields.inquired_in,
        }
    }
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    fields: &LeadFields,
    answer_by: Option<NaiveDate>,
) -> Result<Lead, LeadError> {
    let now = tx.now();
    let row: LeadRow = diesel::insert_into(leads::table)
        .values(NewLead::new(fields, answer_by, now))
        .returning(LeadRow::as_returning())
        .get_result(tx.conn())
        .map_err(|error| refused(error.into()))?;
    Ok(row.read()?)
}

/// Enters all of them in one statement, in their order.
pub(super) fn insert_many(tx: &mut Tx<'_>, all: &[LeadFields]) -> Result<Vec<Lead>, LeadError> {
    let now = tx.now();
    let values: Vec<NewLead<'_>> = all.iter().map(|fields| NewLead::new(fields, None, now)).collect();
    let rows: Vec<LeadRow> = diesel::insert_into(leads::table)
        .values(&values)
        .returning(LeadRow::as_returning())
        .get_results(tx.conn())
        .map_err(|error| refused(error.into()))?;
    let mut entered: Vec<Lead> = rows.into_iter().map(LeadRow::read).collect::<Result<_, _>>()?;
    // Numbers are drawn in the order of the rows.
    entered.sort_unstable_by_key(|lead| lead.id);
    Ok(entered)
}

/// Removes those that are as they were entered; gives back which.
pub(super) fn delete_new(tx: &mut Tx<'_>, ids: &[LeadId]) -> Result<Vec<LeadId>, DbError> {
    let as_entered = leads::table.filter(leads::id.eq_any(ids)).filter(leads::version.eq(1));
    Ok(diesel::delete(as_entered).returning(leads::id).get_results(tx.conn())?)
}

/// Writes all of a lead over the row it was read from; `None` when that is no longer at its version.
pub(super) fn update(tx: &mut Tx<'_>, lead: &Lead) -> Result<Option<Lead>, LeadError> {
    let (closed_at, deal_id, reason, note) = match &lead.state {
        LeadState::New | LeadState::Contacted => (None, None, None, ""),
        LeadState::Converted { closed_at, deal_id } => (Some(*closed_at), Some(*deal_id), None, ""),
        LeadState::Disqualified { closed_at, disqualified_reason, disqualified_note } => {
            (Some(*closed_at), None, Some(*disqualified_reason), disqualified_note.as_str())
        }
    };
    let now = tx.now();
    let guarded = leads::table.filter(leads::id.eq(lead.id)).filter(leads::version.eq(lead.version));
    let row: Option<LeadRow> = diesel::update(guarded)
        .set((
            leads::company_name.eq(&lead.company_name),
            leads::contact_name.eq(&lead.contact_name),
            leads::email.eq(&lead.email),
            leads::phone.eq(&lead.phone),
            leads::source.eq(lead.source),
            leads::need.eq(&lead.need),
            leads::owner_id.eq(lead.owner_id),
            leads::asked_on.eq(lead.asked_on),
            leads::state.eq(lead.state.status()),
            leads::contacted_at.eq(lead.contacted_at),
            leads::closed_at.eq(closed_at),
            leads::company_id.eq(lead.company_id),
            leads::deal_id.eq(deal_id),
            leads::disqualified_reason.eq(reason),
            leads::disqualified_note.eq(note),
            leads::next_action.eq(lead.next.as_ref().map(|next| &next.next_action)),
            leads::next_action_on.eq(lead.next.as_ref().map(|next| next.next_action_on)),
            leads::changed_at.eq(now),
            leads::version.eq(lead.version + 1),
        ))
        .returning(LeadRow::as_returning())
        .get_result(tx.conn())
        .optional()
        .map_err(|error| refused(error.into()))?;
    Ok(row.map(LeadRow::read).transpose()?)
}

/// Keeps one time somebody got in touch.
pub(super) fn note(
    tx: &mut Tx<'_>,
    lead: LeadId,
    person: PersonId,
    fields: &ContactedFields,
) -> Result<(), DbError> {
    let now = tx.now();
    diesel::insert_into(lead_contacts::table)
        .values((
            lead_contacts::lead_id.eq(lead),
            lead_contacts::kind.eq(fields.kind),
            lead_contacts::outcome.eq(fields.outcome),
            lead_contacts::note.eq(&fields.note),
            lead_contacts::person_id.eq(person),
            lead_contacts::happened_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Moves the leads of company `from`, or those of them named in `only`, to `into`; gives back which it moved. Whoever has
/// one of them open in a form reads it anew.
pub(crate) fn move_company(
    tx: &mut Tx<'_>,
    from: CompanyId,
    into: CompanyId,
    only: Option<&[i64]>,
) -> Result<Vec<i64>, DbError> {
    let now = tx.now();
    let mut moving = diesel::update(leads::table)
        .filter(leads::company_id.eq(from))
        .set((leads::company_id.eq(into), leads::version.eq(leads::version + 1), leads::changed_at.eq(now)))
        .into_boxed();
    if let Some(only) = only {
        moving = moving.filter(leads::id.eq_any(only.to_vec()));
    }
    Ok(moving.returning(leads::id).get_results(tx.conn())?)
}

/// A company or owner that this town does not have is a wrong choice in its field, not our fault.
fn refused(error: DbError) -> LeadError {
    let fields = [
        ("leads_organization_id_company_id_fkey", "company_id"),
        ("leads_organization_id_owner_id_fkey", "owner_id"),
    ];
    match fields.iter().find(|(constraint, _)| error.violates(constraint)) {
        Some((_, field)) => Invalid::field(field, Code::UnknownChoice).into(),
        None => error.into(),
    }
}
