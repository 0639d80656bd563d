//! Companies that may be the same as one being entered or corrected, each with what makes it look so.
//!
//! Invariant: candidates come through indexes alone, whatever the town holds
//! (`what_looks_alike_is_found_through_indexes_alone`).

use std::collections::BTreeMap;

use db::{DbError, Tx};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use kernel::{CompanyId, CorporateNumber, likeness, reach, text_enum};
use schemars::JsonSchema;
use serde::Serialize;

use super::lists::CompanySummary;
use super::model::{Company, CompanyFields, CompanyInput};
use crate::schema::{companies, contacts};

/// How many are looked up by each sign; more would not be read.
const BY_ONE_SIGN: i64 = 10;
/// People of so many companies may have mail at one domain before it is taken for a provider's that nobody has listed yet.
const AT_ONE_DOMAIN: usize = 5;

text_enum!(
    /// What two companies share that makes them look alike.
    #[schemars(rename = "CompanyLikeness")]
    Likeness {
        /// The corporate number: they are one, and the second is refused.
        Number = "number",
        /// The name, whatever its legal form, width, spaces or old characters.
        Name = "name",
        /// The telephone number.
        Phone = "phone",
        /// The host of the web site, or of somebody's mail address; hosts that many share do not count.
        Site = "site",
    }
);

/// A company that looks like the one at hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "CompanyLookAlike")]
pub struct LookAlike {
    /// Which one.
    pub company: CompanySummary,
    /// What they share.
    pub by: Vec<Likeness>,
}

/// What a company is recognised by; `None` where it says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Signs {
    number: Option<CorporateNumber>,
    name: Option<String>,
    phone: Option<String>,
    site: Option<String>,
}

impl Signs {
    fn new(number: Option<&CorporateNumber>, name: &str, phone: &str, website: &str) -> Self {
        let said = |key: String| (!key.is_empty()).then_some(key);
        Self {
            number: number.cloned(),
            name: said(likeness::name_key(name)),
            phone: said(reach::phone_key(phone)),
            site: said(reach::site_key(website)).filter(|host| !reach::is_shared_host(host)),
        }
    }

    pub(super) fn of(fields: &CompanyFields) -> Self {
        Self::new(fields.corporate_number.as_ref(), &fields.name, &fields.phone, &fields.website)
    }

    /// The signs that differ from those of `company`: what was there before has been seen before.
    pub(super) fn new_beside(self, company: &Company) -> Self {
        let before =
            Self::new(company.corporate_number.as_ref(), &company.name, &company.phone, &company.website);
        Self {
            number: self.number.filter(|number| before.number.as_ref() != Some(number)),
            name: self.name.filter(|name| before.name.as_ref() != Some(name)),
            phone: self.phone.filter(|phone| before.phone.as_ref() != Some(phone)),
            site: self.site.filter(|site| before.site.as_ref() != Some(site)),
        }
    }
}

/// Companies of this town that look like `input`, in gojūon order; for a correction, all but the company itself.
/// What cannot be accepted in it is left out of account.
pub fn look_alikes(
    tx: &mut Tx<'_>,
    input: &CompanyInput,
    itself: Option<CompanyId>,
) -> Result<Vec<LookAlike>, DbError> {
    let number = CorporateNumber::parse(input.corporate_number.as_str()).ok();
    let (name, phone, website) = (input.name.as_str(), input.phone.as_str(), input.website.as_str());
    let mut signs = Signs::new(number.as_ref(), name, phone, website);
    if let Some(company) = itself {
        signs = signs.new_beside(&super::find(tx, company)?);
    }
    Ok(alike(tx, &signs)?.into_iter().filter(|one| Some(one.company.id) != itself).collect())
}

/// Companies of this town that look like `company` as it stands, in gojūon order: what it may be merged with.
pub fn of_company(tx: &mut Tx<'_>, company: &Company) -> Result<Vec<LookAlike>, DbError> {
    let number = company.corporate_number.as_ref();
    let signs = Signs::new(number, &company.name, &company.phone, &company.website);
    Ok(alike(tx, &signs)?.into_iter().filter(|one| one.company.id != company.id).collect())
}

/// Companies with one of these signs or more, in gojūon order.
pub(super) fn alike(tx: &mut Tx<'_>, signs: &Signs) -> Result<Vec<LookAlike>, DbError> {
    let mut found: BTreeMap<CompanyId, Vec<Likeness>> = BTreeMap::new();
    let mut add = |ids: Vec<CompanyId>, by: Likeness| {
        for id in ids {
            let signs = found.entry(id).or_default();
            if !signs.contains(&by) {
                signs.push(by);
            }
        }
    };
    if let Some(number) = &signs.number {
        add(with_number(number).load(tx.conn())?, Likeness::Number);
    }
    if let Some(name) = &signs.name {
        add(with_name(name).load(tx.conn())?, Likeness::Name);
    }
    if let Some(phone) = &signs.phone {
        add(with_phone(phone).load(tx.conn())?, Likeness::Phone);
    }
    if let Some(site) = &signs.site {
        add(with_site(site).load(tx.conn())?, Likeness::Site);
        let at_domain: Vec<CompanyId> = with_mail_at(site).load(tx.conn())?;
        if at_domain.len() <= AT_ONE_DOMAIN {
            add(at_domain, Likeness::Site);
        }
    }
    let alike: Vec<CompanySummary> = companies::table
        .filter(companies::id.eq_any(found.keys().copied().collect::<Vec<_>>()))
        .filter(companies::merged_into.is_null())
        .order((companies::kana_key, companies::id))
        .select(CompanySummary::as_select())
        .load(tx.conn())?;
    let with_signs = |company: CompanySummary| {
        let by = found.remove(&company.id).unwrap_or_default();
        LookAlike { company, by }
    };
    Ok(alike.into_iter().map(with_signs).collect())
}

fn with_number(number: &CorporateNumber) -> companies::BoxedQuery<'_, Pg, BigInt> {
    companies::table.filter(companies::corporate_number.eq(number)).select(companies::id).into_boxed()
}

fn with_name(key: &str) -> companies::BoxedQuery<'_, Pg, BigInt> {
    companies::table.filter(companies::name_key.eq(key)).limit(BY_ONE_SIGN).select(companies::id).into_boxed()
}

fn with_phone(key: &str) -> companies::BoxedQuery<'_, Pg, BigInt> {
    companies::table
        .filter(companies::phone_key.eq(key))
        .limit(BY_ONE_SIGN)
        .select(companies::id)
        .into_boxed()
}

fn with_site(host: &str) -> companies::BoxedQuery<'_, Pg, BigInt> {
    companies::table
        .filter(companies::site_key.eq(host))
        .limit(BY_ONE_SIGN)
        .select(companies::id)
        .into_boxed()
}

fn with_mail_at(host: &str) -> contacts::BoxedQuery<'_, Pg, BigInt> {
    contacts::table
        .filter(contacts::email_domain.eq(host))
        .limit(BY_ONE_SIGN)
        .select(contacts::company_id)
        .distinct()
        .into_boxed()
}

#[cfg(test)]
pub(super) mod explaining {
    //! How PostgreSQL would run the very queries [`super::alike`] runs.

    use db::testing::plan;

    use super::*;

    pub(in super::super) fn plans(tx: &mut Tx<'_>) -> Result<Vec<String>, DbError> {
        Ok(vec![
            plan(tx, with_name("x"))?,
            plan(tx, with_phone("0267560000"))?,
            plan(tx, with_site("example.jp"))?,
            plan(tx, with_mail_at("example.jp"))?,
        ])
    }
}
