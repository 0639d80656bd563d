//! Rows and writes of `contacts`.

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{CompanyId, ContactId, EmailAddress, Language};

use super::model::{Contact, ContactFields};
use crate::schema::contacts;

#[derive(Queryable, Selectable)]
#[diesel(table_name = contacts)]
pub(super) struct ContactRow {
    id: ContactId,
    company_id: CompanyId,
    family_name: String,
    given_name: String,
    family_kana: String,
    given_kana: String,
    department: String,
    title: String,
    email: Option<EmailAddress>,
    phone: String,
    language: Language,
    may_be_called: bool,
    created_at: DateTime<Utc>,
    version: i32,
    merged_into: Option<ContactId>,
}

impl ContactRow {
    pub(super) fn merged_into(&self) -> Option<ContactId> {
        self.merged_into
    }

    pub(super) fn company(&self) -> CompanyId {
        self.company_id
    }
}

impl From<ContactRow> for Contact {
    fn from(row: ContactRow) -> Self {
        Self {
            id: row.id,
            company_id: row.company_id,
            family_name: row.family_name,
            given_name: row.given_name,
            family_kana: row.family_kana,
            given_kana: row.given_kana,
            department: row.department,
            title: row.title,
            email: row.email,
            phone: row.phone,
            language: row.language,
            may_be_called: row.may_be_called,
            created_at: row.created_at,
            version: row.version,
        }
    }
}

/// What a write sets. `None` writes NULL.
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = contacts, treat_none_as_null = true)]
struct ContactValues<'a> {
    family_name: &'a str,
    given_name: &'a str,
    family_kana: &'a str,
    given_kana: &'a str,
    department: &'a str,
    title: &'a str,
    email: Option<EmailAddress>,
    phone: &'a str,
    language: Language,
}

impl<'a> From<&'a ContactFields> for ContactValues<'a> {
    fn from(fields: &'a ContactFields) -> Self {
        Self {
            family_name: &fields.family_name,
            given_name: &fields.given_name,
            family_kana: &fields.family_kana,
            given_kana: &fields.given_kana,
            department: &fields.department,
            title: &fields.title,
            email: fields.email.clone(),
            phone: &fields.phone,
            language: fields.language,
        }
    }
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    company: CompanyId,
    fields: &ContactFields,
) -> Result<Contact, DbError> {
    let now = tx.now();
    let row = diesel::insert_into(contacts::table)
        .values((ContactValues::from(fields), contacts::company_id.eq(company), contacts::created_at.eq(now)))
        .returning(ContactRow::as_returning())
        .get_result(tx.conn())?;
    Ok(row.into())
}

/// Adds all of them in one statement, in their order.
pub(super) fn insert_many(
    tx: &mut Tx<'_>,
    all: &[(CompanyId, ContactFields)],
) -> Result<Vec<Contact>, DbError> {
    let now = tx.now();
    let value = |company: CompanyId, fields| {
        (ContactValues::from(fields), contacts::company_id.eq(company), contacts::created_at.eq(now))
    };
    let values: Vec<_> = all.iter().map(|(company, fields)| value(*company, fields)).collect();
    let mut rows: Vec<ContactRow> = diesel::insert_into(contacts::table)
        .values(values)
        .returning(ContactRow::as_returning())
        .get_results(tx.conn())?;
    // Numbers are drawn in the order of the rows.
    rows.sort_unstable_by_key(|row| row.id);
    Ok(rows.into_iter().map(Contact::from).collect())
}

/// Removes those that are as they were added; gives back which.
pub(super) fn delete_new(tx: &mut Tx<'_>, ids: &[ContactId]) -> Result<Vec<ContactId>, DbError> {
    let as_added = contacts::table.filter(contacts::id.eq_any(ids)).filter(contacts::version.eq(1));
    Ok(diesel::delete(as_added).returning(contacts::id).get_results(tx.conn())?)
}

/// `None` when the row is no longer at `version`, or was merged away.
pub(crate) fn update(
    tx: &mut Tx<'_>,
    id: ContactId,
    version: i32,
    fields: &ContactFields,
) -> Result<Option<Contact>, DbError> {
    let guarded = contacts::table
        .filter(contacts::id.eq(id))
        .filter(contacts::version.eq(version))
        .filter(contacts::merged_into.is_null());
    let row = diesel::update(guarded)
        .set((ContactValues::from(fields), contacts::version.eq(version + 1)))
        .returning(ContactRow::as_returning())
        .get_result(tx.conn())
        .optional()?;
    Ok(row.map(Contact::from))
}

/// Keeps on the contact what they said last about being called; the record of it is [`crate::call_wishes`]'s.
pub(crate) fn set_may_be_called(tx: &mut Tx<'_>, id: ContactId, may: bool) -> Result<(), DbError> {
    diesel::update(contacts::table.filter(contacts::id.eq(id)))
        .set(contacts::may_be_called.eq(may))
        .execute(tx.conn())?;
    Ok(())
}

/// Holds these contacts against everybody who would name them, in the order of their ids, as they are now.
pub(crate) fn hold(tx: &mut Tx<'_>, ids: [ContactId; 2]) -> Result<Vec<Held>, DbError> {
    let rows: Vec<ContactRow> = contacts::table
        .filter(contacts::id.eq_any(ids))
        .order(contacts::id)
        .for_update()
        .select(ContactRow::as_select())
        .load(tx.conn())?;
    Ok(rows.into_iter().map(|row| Held { merged_into: row.merged_into, contact: row.into() }).collect())
}

/// A contact whom nobody else changes or names before this transaction ends.
pub(crate) struct Held {
    pub(crate) contact: Contact,
    pub(crate) merged_into: Option<ContactId>,
}

/// Points a contact to the one they are merged into; `None` lets them stand by themselves again.
pub(crate) fn set_merged_into(
    tx: &mut Tx<'_>,
    id: ContactId,
    into: Option<ContactId>,
) -> Result<(), DbError> {
    diesel::update(contacts::table.filter(contacts::id.eq(id)))
        .set((contacts::merged_into.eq(into), contacts::version.eq(contacts::version + 1)))
        .execute(tx.conn())?;
    Ok(())
}

/// Moves everybody at `from`, or those of them named in `only`, to `into`; gives back whom it moved. Only a merge of the
/// two companies may do this.
pub(crate) fn move_company(
    tx: &mut Tx<'_>,
    from: CompanyId,
    into: CompanyId,
    only: Option<&[i64]>,
) -> Result<Vec<i64>, DbError> {
    let mut moving = diesel::update(contacts::table)
        .filter(contacts::company_id.eq(from))
        .set((contacts::company_id.eq(into), contacts::version.eq(contacts::version + 1)))
        .into_boxed();
    if let Some(only) = only {
        moving = moving.filter(contacts::id.eq_any(only.to_vec()));
    }
    Ok(moving.returning(contacts::id).get_results(tx.conn())?)
}
