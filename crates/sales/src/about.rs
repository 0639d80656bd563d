//! What an activity or a todo is about: a deal, a company without a deal yet, or a lead.

use std::collections::HashMap;

use clients::companies;
use db::{DbError, Tx};
use diesel::prelude::*;
use kernel::{Checks, Code, CompanyId, DealId, Invalid, LeadId, Typed};

use crate::deals::optional_choice;
use crate::schema::{deals, leads};

/// One thing of sales that work is done for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum About {
    /// An opportunity.
    Deal(DealId),
    /// A company, whatever deals it has.
    Company(CompanyId),
    /// A prospect.
    Lead(LeadId),
}

impl About {
    /// The one of three that is there, as columns and forms carry it.
    pub fn of(deal: Option<DealId>, company: Option<CompanyId>, lead: Option<LeadId>) -> Option<Self> {
        deal.map(Self::Deal).or(company.map(Self::Company)).or(lead.map(Self::Lead))
    }

    /// The deal, where it is one.
    pub fn deal(self) -> Option<DealId> {
        if let Self::Deal(id) = self { Some(id) } else { None }
    }

    /// The company, where it is one itself.
    pub fn company(self) -> Option<CompanyId> {
        if let Self::Company(id) = self { Some(id) } else { None }
    }

    /// The lead, where it is one.
    pub fn lead(self) -> Option<LeadId> {
        if let Self::Lead(id) = self { Some(id) } else { None }
    }

    /// Reads the three fields of a form, of which one may be filled.
    pub(crate) fn read(checks: &mut Checks, deal: &Typed, company: &Typed, lead: &Typed) -> Option<Self> {
        let deal = optional_choice(checks, "deal_id", deal);
        let company = optional_choice(checks, "company_id", company);
        let lead = optional_choice(checks, "lead_id", lead);
        let named = [deal.is_some(), company.is_some(), lead.is_some()];
        if named.into_iter().filter(|named| *named).count() > 1 {
            checks.problem("deal_id", Code::Conflict);
        }
        Self::of(deal, company, lead)
    }

    /// The same thing, or what it was merged into; what this town does not have is a wrong choice in its field.
    pub(crate) fn standing<E>(self, tx: &mut Tx<'_>) -> Result<Self, E>
    where
        E: From<DbError> + From<Invalid>,
    {
        let (found, field) = match self {
            Self::Deal(id) => (crate::deals::find(tx, id).map(|deal| Self::Deal(deal.id)), "deal_id"),
            Self::Company(id) => {
                (companies::find(tx, id).map(|company| Self::Company(company.id)), "company_id")
            }
            Self::Lead(id) => (crate::leads::find(tx, id).map(|lead| Self::Lead(lead.id)), "lead_id"),
        };
        match found {
            Err(DbError::NotFound) => Err(Invalid::field(field, Code::UnknownChoice).into()),
            found => Ok(found?),
        }
    }
}

/// How a thing is called: what a reader sees instead of its number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Called {
    /// The deal's title; empty for a company and a lead.
    pub title: String,
    /// The company's name.
    pub company: String,
}

/// How each of these things is called, in three questions whatever their number.
pub fn called(tx: &mut Tx<'_>, things: &[About]) -> Result<HashMap<About, Called>, DbError> {
    let deals: Vec<DealId> = things.iter().filter_map(|thing| thing.deal()).collect();
    let leads: Vec<LeadId> = things.iter().filter_map(|thing| thing.lead()).collect();
    let of_deals: Vec<(DealId, String, CompanyId)> = deals::table
        .filter(deals::id.eq_any(&deals))
        .select((deals::id, deals::title, deals::company_id))
        .load(tx.conn())?;
    let of_leads: Vec<(LeadId, String)> = leads::table
        .filter(leads::id.eq_any(&leads))
        .select((leads::id, leads::company_name))
        .load(tx.conn())?;
    let own = things.iter().filter_map(|thing| thing.company());
    let companies: Vec<CompanyId> = own.chain(of_deals.iter().map(|(_, _, company)| *company)).collect();
    let known = companies::names(tx, &companies)?;
    let name = |id: &CompanyId| known.get(id).cloned().unwrap_or_default();
    let mut by_thing = HashMap::new();
    for (id, title, company) in of_deals {
        by_thing.insert(About::Deal(id), Called { title, company: name(&company) });
    }
    for (id, company) in of_leads {
        by_thing.insert(About::Lead(id), Called { company, ..Called::default() });
    }
    for id in things.iter().filter_map(|thing| thing.company()) {
        by_thing.insert(About::Company(id), Called { company: name(&id), ..Called::default() });
    }
    Ok(by_thing)
}
