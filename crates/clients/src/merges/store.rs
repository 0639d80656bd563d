//! Rows and writes of `merges`: written once; being undone is all that happens to one.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{CompanyId, ContactId, MergeId};
use serde::Serialize;
use serde_json::Value;

use super::model::{Changed, Merge, Moved, Pair};
use crate::schema::{contacts, merges};

#[derive(Queryable, Selectable)]
#[diesel(table_name = merges)]
pub(super) struct MergeRow {
    id: MergeId,
    kept_company_id: Option<CompanyId>,
    merged_company_id: Option<CompanyId>,
    kept_contact_id: Option<ContactId>,
    merged_contact_id: Option<ContactId>,
    changed: Value,
    moved: Value,
    merged_at: DateTime<Utc>,
    merged_by: String,
    undone_at: Option<DateTime<Utc>>,
    undone_by: Option<String>,
}

/// Merges as they are remembered, in the order of the rows.
pub(super) fn read(tx: &mut Tx<'_>, rows: Vec<MergeRow>) -> Result<Vec<Merge>, DbError> {
    let names = Names::of(tx, &rows)?;
    rows.into_iter().map(|row| row.read(&names)).collect()
}

/// The names of those merged away, from their own rows.
struct Names {
    companies: HashMap<CompanyId, String>,
    contacts: HashMap<ContactId, String>,
}

impl Names {
    fn of(tx: &mut Tx<'_>, rows: &[MergeRow]) -> Result<Self, DbError> {
        let companies: Vec<CompanyId> = rows.iter().filter_map(|row| row.merged_company_id).collect();
        let contacts: Vec<ContactId> = rows.iter().filter_map(|row| row.merged_contact_id).collect();
        Ok(Self {
            companies: crate::companies::names(tx, &companies)?,
            contacts: names_of_contacts(tx, &contacts)?,
        })
    }

    fn get(&self, pair: Pair) -> Option<String> {
        match pair {
            Pair::Companies { merged, .. } => self.companies.get(&merged).cloned(),
            Pair::Contacts { merged, .. } => self.contacts.get(&merged).cloned(),
        }
    }
}

fn names_of_contacts(tx: &mut Tx<'_>, ids: &[ContactId]) -> Result<HashMap<ContactId, String>, DbError> {
    let rows: Vec<(ContactId, String, String)> = contacts::table
        .filter(contacts::id.eq_any(ids))
        .select((contacts::id, contacts::family_name, contacts::given_name))
        .load(tx.conn())?;
    let named = |(id, family, given): (ContactId, String, String)| {
        (id, format!("{family} {given}").trim().to_owned())
    };
    Ok(rows.into_iter().map(named).collect())
}

impl MergeRow {
    fn read(self, names: &Names) -> Result<Merge, DbError> {
        let pair = self.pair().ok_or_else(|| unreadable("a merge joins nothing"))?;
        let changed: Changed = serde_json::from_value(self.changed).map_err(unreadable)?;
        let moved: Moved = serde_json::from_value(self.moved).map_err(unreadable)?;
        Ok(Merge {
            id: self.id,
            pair,
            merged_name: names.get(pair).ok_or(DbError::NotFound)?,
            fields: changed.keys().cloned().collect(),
            counts: moved.counts(),
            merged_at: self.merged_at,
            merged_by: self.merged_by,
            undone_at: self.undone_at,
            undone_by: self.undone_by,
            changed,
            moved,
        })
    }

    fn pair(&self) -> Option<Pair> {
        let companies = self.kept_company_id.zip(self.merged_company_id);
        let contacts = self.kept_contact_id.zip(self.merged_contact_id);
        companies
            .map(|(kept, merged)| Pair::Companies { kept, merged })
            .or(contacts.map(|(kept, merged)| Pair::Contacts { kept, merged }))
    }
}

pub(super) fn unreadable(cause: impl ToString) -> DbError {
    diesel::result::Error::DeserializationError(cause.to_string().into()).into()
}

fn written<T: Serialize>(value: &T) -> Result<Value, DbError> {
    serde_json::to_value(value)
        .map_err(|error| diesel::result::Error::SerializationError(error.into()).into())
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    pair: Pair,
    changed: &Changed,
    moved: &Moved,
) -> Result<MergeId, DbError> {
    let (companies, contacts) = match pair {
        Pair::Companies { kept, merged } => (Some((kept, merged)), None),
        Pair::Contacts { kept, merged } => (None, Some((kept, merged))),
    };
    let (now, actor) = (tx.now(), tx.actor().to_string());
    Ok(diesel::insert_into(merges::table)
        .values((
            merges::kept_company_id.eq(companies.map(|(kept, _)| kept)),
            merges::merged_company_id.eq(companies.map(|(_, merged)| merged)),
            merges::kept_contact_id.eq(contacts.map(|(kept, _)| kept)),
            merges::merged_contact_id.eq(contacts.map(|(_, merged)| merged)),
            merges::changed.eq(written(changed)?),
            merges::moved.eq(written(moved)?),
            merges::merged_at.eq(now),
            merges::merged_by.eq(actor),
        ))
        .returning(merges::id)
        .get_result(tx.conn())?)
}

/// Takes note that a merge was taken back; `false` where it was before, even at this very moment.
pub(super) fn set_undone(tx: &mut Tx<'_>, id: MergeId) -> Result<bool, DbError> {
    let (now, actor) = (tx.now(), tx.actor().to_string());
    let standing = merges::table.filter(merges::id.eq(id)).filter(merges::undone_at.is_null());
    let rows = diesel::update(standing)
        .set((merges::undone_at.eq(now), merges::undone_by.eq(actor)))
        .execute(tx.conn())?;
    Ok(rows == 1)
}
