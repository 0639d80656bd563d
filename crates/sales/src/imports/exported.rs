//! The town's lists as rows of a file that an import reads back: the same columns, and once more changes nothing
//! (`what_is_written_out_comes_back_and_changes_nothing`).

use std::collections::{BTreeMap, HashMap};

use accounts::persons::{self, Person};
use clients::companies::{self, Company, CompanyFilter, CompanyKey};
use clients::contacts::{self, Contact, ContactFilter, ContactKey};
use db::{DbError, Tx};
use kernel::{BoardStageId, CompanyId, ContactId, DealId, Language, Paging, PersonId, date_in_japan, reach};
use serde::{Deserialize, Serialize};

use super::decided::{reason_word, state_word};
use super::fields::Field;
use super::leads::source_word;
use super::lists::external_ids;
use super::model::ImportKind;
use crate::deals::{self, Card, CardKey, DealFilter, DealState, DealStatus, Loss};
use crate::leads::{self, LateKey, Lead, LeadKey, LeadStatus};
use crate::pipelines::{self, PipelineId};
use crate::stages;

/// Rows of one page.
const ROWS: u16 = 100;
/// How many rows a search gives at most: as many as an import takes back.
const FOUND: i32 = super::MOST_ROWS;

/// Which list, and what of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exported {
    /// Companies; those that the text finds, where there is one.
    Companies(CompanyFilter, String),
    /// Contacts; those that the text finds, where there is one.
    Contacts(ContactFilter, String),
    /// Leads in this state, or all.
    Leads(Option<LeadStatus>),
    /// Leads that nobody has answered by the day they were promised.
    LateLeads,
    /// Deals that pass.
    Deals(DealFilter),
}

impl Exported {
    /// What its rows become when they are read back.
    pub const fn kind(&self) -> ImportKind {
        match self {
            Self::Companies(..) => ImportKind::Companies,
            Self::Contacts(..) => ImportKind::Contacts,
            Self::Leads(_) | Self::LateLeads => ImportKind::Leads,
            Self::Deals(_) => ImportKind::Deals,
        }
    }

    /// The first row.
    pub fn head(&self, language: Language) -> Vec<String> {
        Field::written(self.kind()).map(|field| field.header(language).to_owned()).collect()
    }
}

/// Where the next page begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Next {
    /// Of companies.
    Companies(CompanyKey),
    /// Of the companies that a search has found: those that are still to come.
    FoundCompanies(Vec<CompanyId>),
    /// Of contacts.
    Contacts(ContactKey),
    /// Of the contacts that a search has found: those that are still to come.
    FoundContacts(Vec<ContactId>),
    /// Of leads.
    Leads(LeadKey),
    /// Of those nobody has answered in time.
    LateLeads(LateKey),
    /// Of deals.
    Deals(CardKey),
}

/// The values of a row by field.
type Values = HashMap<&'static str, String>;

/// The rows after `after`, a page at a time, and where the next page begins.
pub fn page(
    tx: &mut Tx<'_>,
    exported: &Exported,
    after: Option<Next>,
    language: Language,
) -> Result<(Vec<Vec<String>>, Option<Next>), DbError> {
    let (rows, next) = match exported {
        Exported::Companies(filter, query) => companies_page(tx, *filter, query, after)?,
        Exported::Contacts(filter, query) => contacts_page(tx, *filter, query, after)?,
        Exported::Leads(state) => {
            let after = if let Some(Next::Leads(key)) = after { Some(key) } else { None };
            let page = leads::list(tx, *state, &paging(after))?;
            (leads_rows(tx, page.items, language)?, page.next.map(Next::Leads))
        }
        Exported::LateLeads => {
            let after = if let Some(Next::LateLeads(key)) = after { Some(key) } else { None };
            let page = leads::late(tx, &paging(after))?;
            (leads_rows(tx, page.items, language)?, page.next.map(Next::LateLeads))
        }
        Exported::Deals(filter) => deals_page(tx, filter, after, language)?,
    };
    let kind = exported.kind();
    let ids: Vec<i64> = rows.iter().map(|(id, _)| *id).collect();
    let outside = external_ids(tx, kind, &ids)?;
    let row = |(id, mut values): (i64, Values)| {
        values.insert("yui_id", id.to_string());
        values.insert("external_id", outside.get(&id).cloned().unwrap_or_default());
        Field::written(kind).map(|field| values.remove(field.name).unwrap_or_default()).collect()
    };
    Ok((rows.into_iter().map(row).collect(), next))
}

type Rows = (Vec<(i64, Values)>, Option<Next>);

fn paging<K>(after: Option<K>) -> Paging<K> {
    Paging { after, ..Paging::first(ROWS) }
}

/// The first of what a search has found, and the rest for the next pages.
fn some_of<I>(mut found: Vec<I>, rest: impl FnOnce(Vec<I>) -> Next) -> (Vec<I>, Option<Next>) {
    let later = found.split_off(found.len().min(usize::from(ROWS)));
    (found, (!later.is_empty()).then(|| rest(later)))
}

/// The first contacts of what a search has found, in its order.
fn found_contacts(tx: &mut Tx<'_>, found: Vec<ContactId>) -> Result<(Vec<Contact>, Option<Next>), DbError> {
    let (ids, next) = some_of(found, Next::FoundContacts);
    let all = contacts::find_many(tx, &ids)?;
    let mut by_id: BTreeMap<ContactId, Contact> =
        all.into_iter().map(|contact| (contact.id, contact)).collect();
    Ok((ids.iter().filter_map(|id| by_id.remove(id)).collect(), next))
}

fn companies_page(
    tx: &mut Tx<'_>,
    filter: CompanyFilter,
    query: &str,
    after: Option<Next>,
) -> Result<Rows, DbError> {
    let (ids, next) = match after {
        Some(Next::FoundCompanies(found)) => some_of(found, Next::FoundCompanies),
        None if !query.trim().is_empty() => {
            let found = companies::search(tx, query, FOUND)?;
            some_of(found.into_iter().map(|company| company.id).collect(), Next::FoundCompanies)
        }
        after => {
            let after = if let Some(Next::Companies(key)) = after { Some(key) } else { None };
            let page = companies::list(tx, filter, &paging(after))?;
            let ids = page.items.iter().map(|company| company.id).collect();
            (ids, page.next.map(Next::Companies))
        }
    };
    let found = companies::find_many(tx, &ids)?;
    let mut by_id: BTreeMap<CompanyId, Company> =
        found.into_iter().map(|company| (company.id, company)).collect();
    let rows = ids.iter().filter_map(|id| by_id.remove(id)).map(|company| {
        let values = Values::from([
            ("corporate_number", company.corporate_number.map(String::from).unwrap_or_default()),
            ("name", company.name),
            ("furigana", company.furigana),
            ("postal_code", company.postal_code),
            ("address", company.address),
            ("phone", company.phone),
            ("website", company.website),
            ("note", company.note),
        ]);
        (company.id.0, values)
    });
    Ok((rows.collect(), next))
}

/// The companies that rows name, by id.
fn around(tx: &mut Tx<'_>, ids: Vec<CompanyId>) -> Result<HashMap<CompanyId, Company>, DbError> {
    Ok(companies::find_many(tx, &ids)?.into_iter().map(|company| (company.id, company)).collect())
}

fn of_company(company: CompanyId, around: &HashMap<CompanyId, Company>) -> Values {
    let found = around.get(&company);
    let number = found.and_then(|company| company.corporate_number.clone());
    Values::from([
        ("company", found.map(|company| company.name.clone()).unwrap_or_default()),
        ("company_number", number.map(String::from).unwrap_or_default()),
        ("company_id", company.to_string()),
    ])
}

fn contacts_page(
    tx: &mut Tx<'_>,
    filter: ContactFilter,
    query: &str,
    after: Option<Next>,
) -> Result<Rows, DbError> {
    let (found, next): (Vec<Contact>, _) = match after {
        Some(Next::FoundContacts(found)) => found_contacts(tx, found)?,
        None if !query.trim().is_empty() => {
            let mut found = contacts::search(tx, query, FOUND)?;
            if filter == ContactFilter::ToBeCalled {
                let refused = contacts::refused_phones(tx, found.iter().map(|one| one.phone.as_str()))?;
                found.retain(|one| {
                    let key = reach::phone_key(&one.phone);
                    one.may_be_called && !key.is_empty() && !refused.contains(&key)
                });
            }
            found_contacts(tx, found.into_iter().map(|contact| contact.id).collect())?
        }
        after => {
            let after = if let Some(Next::Contacts(key)) = after { Some(key) } else { None };
            let page = contacts::list(tx, filter, &paging(after))?;
            let found = page.items.into_iter().map(|one| one.contact).collect();
            (found, page.next.map(Next::Contacts))
        }
    };
    let around = around(tx, found.iter().map(|contact| contact.company_id).collect())?;
    let rows = found.into_iter().map(|contact| {
        let mut values = of_company(contact.company_id, &around);
        values.extend([
            ("family_name", contact.family_name),
            ("given_name", contact.given_name),
            ("family_kana", contact.family_kana),
            ("given_kana", contact.given_kana),
            ("department", contact.department),
            ("title", contact.title),
            ("email", contact.email.map(String::from).unwrap_or_default()),
            ("phone", contact.phone),
            ("language", contact.language.as_str().to_owned()),
        ]);
        (contact.id.0, values)
    });
    Ok((rows.collect(), next))
}

/// What an owner is written as: the mail address, which no two share, else the name.
fn known_as(owner: Option<&Person>) -> String {
    let name = |person: &Person| person.name_in(Language::Ja);
    owner.map(|person| person.email.clone().map_or_else(|| name(person), String::from)).unwrap_or_default()
}

fn leads_rows(tx: &mut Tx<'_>, leads: Vec<Lead>, language: Language) -> Result<Vec<(i64, Values)>, DbError> {
    let owners: Vec<PersonId> = leads.iter().filter_map(|lead| lead.owner_id).collect();
    let owners = persons::find_many(tx, &owners)?;
    let row = |lead: Lead| {
        let values = Values::from([
            ("company_name", lead.company_name),
            ("contact_name", lead.contact_name),
            ("email", lead.email.map(String::from).unwrap_or_default()),
            ("phone", lead.phone),
            ("source", source_word(lead.source, language).to_owned()),
            ("need", lead.need),
            ("asked_on", lead.asked_on.map(|day| day.to_string()).unwrap_or_default()),
            ("owner", known_as(lead.owner_id.and_then(|owner| owners.get(&owner)))),
        ]);
        (lead.id.0, values)
    };
    Ok(leads.into_iter().map(row).collect())
}

/// Why each lost one of the cards was lost.
fn losses(tx: &mut Tx<'_>, cards: &[Card]) -> Result<HashMap<DealId, Loss>, DbError> {
    let lost = cards.iter().filter(|card| card.state == DealStatus::Lost).map(|card| card.id);
    let lost = deals::find_many(tx, &lost.collect::<Vec<_>>())?.into_iter();
    let why = lost.filter_map(|deal| match deal.state {
        DealState::Lost { loss, .. } => Some((deal.id, loss)),
        _ => None,
    });
    Ok(why.collect())
}

fn deals_page(
    tx: &mut Tx<'_>,
    filter: &DealFilter,
    after: Option<Next>,
    language: Language,
) -> Result<Rows, DbError> {
    let after = if let Some(Next::Deals(key)) = after { Some(key) } else { None };
    let page = deals::list(tx, filter, &paging(after))?;
    let around = around(tx, page.items.iter().map(|card| card.company_id).collect())?;
    let people: Vec<ContactId> = page.items.iter().filter_map(|card| card.contact_id).collect();
    let people: HashMap<ContactId, Contact> =
        contacts::find_many(tx, &people)?.into_iter().map(|contact| (contact.id, contact)).collect();
    let owners: Vec<PersonId> = page.items.iter().map(|card| card.owner_id).collect();
    let owners = persons::find_many(tx, &owners)?;
    let pipelines: HashMap<PipelineId, String> =
        pipelines::list(tx)?.into_iter().map(|pipeline| (pipeline.id, pipeline.name)).collect();
    let stages: HashMap<BoardStageId, PipelineId> =
        stages::list(tx)?.into_iter().map(|stage| (stage.id, stage.pipeline_id)).collect();
    let pipeline = |card: &Card| {
        stages.get(&card.stage_id).and_then(|id| pipelines.get(id)).cloned().unwrap_or_default()
    };
    let closed = losses(tx, &page.items)?;
    let row = |card: Card| {
        let is_decided = matches!(card.state, DealStatus::Won | DealStatus::Lost);
        let loss = closed.get(&card.id);
        let contact = card.contact_id.and_then(|id| people.get(&id));
        let contact = contact.map(|one| one.email.clone().map_or_else(|| one.display_name(), String::from));
        let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        let mut values = of_company(card.company_id, &around);
        values.extend([
            ("pipeline", pipeline(&card)),
            ("title", card.title),
            ("contact", contact.unwrap_or_default()),
            ("stage", card.stage),
            ("state", state_word(card.state, language).to_owned()),
            ("amount", card.amount.0.to_string()),
            ("expected_close_on", day(card.expected_close_on)),
            ("closed_on", day(is_decided.then(|| date_in_japan(card.moved_at)))),
            ("lost_reason", loss.map_or("", |loss| reason_word(loss.lost_reason, language)).to_owned()),
            ("lost_note", loss.map(|loss| loss.lost_note.clone()).unwrap_or_default()),
            ("next_action", card.next_action.unwrap_or_default()),
            ("next_action_on", day(card.next_action_on)),
            ("owner", known_as(owners.get(&card.owner_id))),
        ]);
        (card.id.0, values)
    };
    Ok((page.items.into_iter().map(row).collect(), page.next.map(Next::Deals)))
}
