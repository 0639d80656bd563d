//! Contacts who may be the same person as one being added or corrected, each with what makes them look so.
//!
//! Invariant: candidates come through indexes alone, whatever the town holds (`who_looks_alike_is_found_through_indexes_alone`).

use std::collections::BTreeMap;

use db::{DbError, Tx};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use kernel::{CompanyId, ContactId, EmailAddress, likeness, reach, text_enum};
use schemars::JsonSchema;
use serde::Serialize;

use super::model::{Contact, ContactFields, ContactInput};
use super::store::ContactRow;
use crate::companies;
use crate::schema::contacts;

/// How many are looked up by each sign; more would not be read.
const BY_ONE_SIGN: i64 = 10;

text_enum!(
    /// What two contacts share that makes them look alike.
    #[schemars(rename = "ContactLikeness")]
    Likeness {
        /// The mail address.
        Email = "email",
        /// The name, at the same company.
        Name = "name",
        /// A mobile number, or one with an extension; a company's own number reaches everybody there.
        Phone = "phone",
    }
);

/// A contact who looks like the one at hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ContactLookAlike")]
pub struct LookAlike {
    /// Who.
    pub contact: Contact,
    /// The name of their company.
    pub company: String,
    /// What they share.
    pub by: Vec<Likeness>,
}

/// What a contact is recognised by; `None` where it says nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Signs {
    company: CompanyId,
    email: Option<String>,
    name: Option<String>,
    phone: Option<String>,
}

impl Signs {
    fn new(company: CompanyId, name: &str, email: Option<&EmailAddress>, phone: &str) -> Self {
        Self {
            company,
            email: email.map(EmailAddress::key),
            name: Some(likeness::name_key(name)).filter(|key| !key.is_empty()),
            phone: Some(reach::phone_key(phone)).filter(|key| reach::is_personal_phone(key)),
        }
    }

    pub(super) fn of(company: CompanyId, fields: &ContactFields) -> Self {
        let name = format!("{} {}", fields.family_name, fields.given_name);
        Self::new(company, &name, fields.email.as_ref(), &fields.phone)
    }

    /// The signs that differ from those of `contact`: what was there before has been seen before.
    pub(super) fn new_beside(self, contact: &Contact) -> Self {
        let before =
            Self::new(contact.company_id, &contact.display_name(), contact.email.as_ref(), &contact.phone);
        Self {
            company: self.company,
            email: self.email.filter(|email| before.email.as_ref() != Some(email)),
            name: self.name.filter(|name| before.name.as_ref() != Some(name)),
            phone: self.phone.filter(|phone| before.phone.as_ref() != Some(phone)),
        }
    }
}

/// Contacts of this town who look like `input` at `company`, in gojūon order; for a correction, all but the contact
/// themselves. What cannot be accepted in it is left out of account.
pub fn look_alikes(
    tx: &mut Tx<'_>,
    company: CompanyId,
    input: &ContactInput,
    themselves: Option<ContactId>,
) -> Result<Vec<LookAlike>, DbError> {
    let name = format!("{} {}", input.family_name, input.given_name);
    let email = EmailAddress::parse(input.email.as_str()).ok();
    let mut signs = Signs::new(company, &name, email.as_ref(), input.phone.as_str());
    if let Some(contact) = themselves {
        signs = signs.new_beside(&super::find(tx, contact)?);
    }
    Ok(alike(tx, &signs)?.into_iter().filter(|one| Some(one.contact.id) != themselves).collect())
}

/// Contacts of this town who look like `contact` as they stand, in gojūon order: whom they may be merged with.
pub fn of_contact(tx: &mut Tx<'_>, contact: &Contact) -> Result<Vec<LookAlike>, DbError> {
    let name = contact.display_name();
    let signs = Signs::new(contact.company_id, &name, contact.email.as_ref(), &contact.phone);
    Ok(alike(tx, &signs)?.into_iter().filter(|one| one.contact.id != contact.id).collect())
}

/// Contacts with one of these signs or more, in gojūon order.
pub(super) fn alike(tx: &mut Tx<'_>, signs: &Signs) -> Result<Vec<LookAlike>, DbError> {
    let mut found: BTreeMap<ContactId, Vec<Likeness>> = BTreeMap::new();
    let mut add = |ids: Vec<ContactId>, by: Likeness| {
        for id in ids {
            found.entry(id).or_default().push(by);
        }
    };
    if let Some(email) = &signs.email {
        add(with_email(email).load(tx.conn())?, Likeness::Email);
    }
    if let Some(name) = &signs.name {
        add(with_name(signs.company, name).load(tx.conn())?, Likeness::Name);
    }
    if let Some(phone) = &signs.phone {
        add(with_phone(phone).load(tx.conn())?, Likeness::Phone);
    }
    let rows: Vec<ContactRow> = contacts::table
        .filter(contacts::id.eq_any(found.keys().copied().collect::<Vec<_>>()))
        .filter(contacts::merged_into.is_null())
        .order((contacts::kana_key, contacts::id))
        .select(ContactRow::as_select())
        .load(tx.conn())?;
    let ids: Vec<CompanyId> = rows.iter().map(ContactRow::company).collect();
    let names = companies::names(tx, &ids)?;
    let with_signs = |row: ContactRow| {
        let contact = Contact::from(row);
        let company = names.get(&contact.company_id).cloned().unwrap_or_default();
        let by = found.remove(&contact.id).unwrap_or_default();
        LookAlike { contact, company, by }
    };
    Ok(rows.into_iter().map(with_signs).collect())
}

fn with_email(key: &str) -> contacts::BoxedQuery<'_, Pg, BigInt> {
    contacts::table.filter(contacts::email_key.eq(key)).limit(BY_ONE_SIGN).select(contacts::id).into_boxed()
}

fn with_name(company: CompanyId, key: &str) -> contacts::BoxedQuery<'_, Pg, BigInt> {
    contacts::table
        .filter(contacts::company_id.eq(company))
        .filter(contacts::name_key.eq(key))
        .limit(BY_ONE_SIGN)
        .select(contacts::id)
        .into_boxed()
}

fn with_phone(key: &str) -> contacts::BoxedQuery<'_, Pg, BigInt> {
    contacts::table.filter(contacts::phone_key.eq(key)).limit(BY_ONE_SIGN).select(contacts::id).into_boxed()
}

#[cfg(test)]
pub(super) mod explaining {
    //! How PostgreSQL would run the very queries [`super::alike`] runs.

    use db::testing::plan;

    use super::*;

    pub(in super::super) fn plans(tx: &mut Tx<'_>, company: CompanyId) -> Result<Vec<String>, DbError> {
        Ok(vec![
            plan(tx, with_email("sato@example.jp"))?,
            plan(tx, with_name(company, "x"))?,
            plan(tx, with_phone("09000000000"))?,
        ])
    }
}
