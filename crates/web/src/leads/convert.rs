//! The form that turns a lead into a deal without retyping.

use std::rc::Rc;

use accounts::Person;
use actix_web::HttpResponse;
use clients::companies::{self, CompanySummary};
use clients::contacts::{self, ContactInput};
use db::{DbError, Tx};
use kernel::{Code, CompanyId, LeadId, Typed};
use sales::deals;
use sales::leads::{self, ConvertInput, Lead, LeadState, LeadStatus};
use serde::{Deserialize, Serialize};

use super::{crumbs, step};
use crate::call::Call;
use crate::companies::alike::Alike;
use crate::deals::sellers;
use crate::failure::Failure;
use crate::forms::{Form, FormView};
use crate::paths;
use crate::phrases::{self, Choice};
use crate::shell::Crumb;

/// How many companies that might be meant are looked for by name.
const FOUND: i32 = 10;
/// As many companies are shown as a list of radio buttons; more want a menu.
const AT_A_GLANCE: usize = 5;

struct Facts {
    lead: Lead,
    candidates: Vec<Candidate>,
    owners: Vec<Person>,
}

/// A company that might be meant, and what it shares with the lead.
struct Candidate {
    company: CompanySummary,
    by: Vec<&'static str>,
}

/// What the form is about, with the companies that `q` finds and the one `chosen` before among those to choose from.
fn facts(tx: &mut Tx<'_>, id: LeadId, q: &str, chosen: Option<CompanyId>) -> Result<Facts, DbError> {
    let lead = leads::find(tx, id)?;
    let mut candidates = candidates(tx, &lead)?;
    let searched = if q.is_empty() { Vec::new() } else { companies::search(tx, q, FOUND)? };
    let chosen = match chosen {
        Some(chosen) => companies::summary(tx, chosen)?,
        None => None,
    };
    add_others(&mut candidates, searched.into_iter().chain(chosen));
    Ok(Facts { candidates, lead, owners: sellers(tx)? })
}

/// Adds those that are not among the candidates yet.
fn add_others(candidates: &mut Vec<Candidate>, others: impl IntoIterator<Item = CompanySummary>) {
    for company in others {
        if candidates.iter().all(|candidate| candidate.company.id != company.id) {
            candidates.push(Candidate { company, by: Vec::new() });
        }
    }
}

/// Companies that look like the lead's, those where the person it names is known, and those whose name holds its name.
fn candidates(tx: &mut Tx<'_>, lead: &Lead) -> Result<Vec<Candidate>, DbError> {
    let alike = companies::look_alikes(tx, &lead.company_signs(), None)?;
    let mut found: Vec<Candidate> = alike
        .into_iter()
        .map(|one| Candidate { by: one.by.iter().map(|sign| sign.as_str()).collect(), company: one.company })
        .collect();
    let ContactInput { email, phone, .. } = lead.contact_input();
    let person = ContactInput { email, phone, ..ContactInput::default() };
    for one in contacts::look_alikes(tx, CompanyId(0), &person, None)? {
        match found.iter_mut().find(|candidate| candidate.company.id == one.contact.company_id) {
            Some(candidate) if candidate.by.contains(&"person") => {}
            Some(candidate) => candidate.by.push("person"),
            None => found.extend(
                companies::summary(tx, one.contact.company_id)?
                    .map(|company| Candidate { company, by: vec!["person"] }),
            ),
        }
    }
    add_others(&mut found, companies::search(tx, &lead.company_name, FOUND)?);
    Ok(found)
}

/// The one company that must be meant: where the person is known, or else that of the name, in whatever legal form and
/// spelling; of two nobody can know which.
fn meant(candidates: &[Candidate]) -> Option<CompanyId> {
    let only = |sign: &str| {
        let mut with = candidates.iter().filter(|candidate| candidate.by.contains(&sign));
        with.next().filter(|_| with.next().is_none()).map(|candidate| candidate.company.id)
    };
    only("person").or_else(|| only("name"))
}

#[derive(Serialize)]
struct CompanyChoice {
    value: String,
    label: String,
    /// Why it might be meant.
    support: String,
}

fn company_choices(call: &Call, facts: &Facts) -> Vec<CompanyChoice> {
    let choice = |candidate: &Candidate| {
        let why: Vec<String> =
            candidate.by.iter().map(|sign| phrases::word(call, "company-alike", sign)).collect();
        CompanyChoice {
            value: candidate.company.id.to_string(),
            label: format!("{} {}", candidate.company.name, candidate.company.address).trim().to_owned(),
            support: why.join(&call.text("lead-convert-between")),
        }
    };
    let new = CompanyChoice {
        value: String::new(),
        label: phrases::said(call, "lead-convert-new-company", [("name", &facts.lead.company_name)]),
        support: String::new(),
    };
    facts.candidates.iter().map(choice).chain([new]).collect()
}

#[derive(Serialize)]
struct ConvertPage {
    title: String,
    crumbs: Vec<Crumb>,
    action: String,
    cancel: String,
    version: i32,
    company_name: String,
    contact_name: String,
    /// Our company where the lead names one; then there is nothing to choose.
    is_known: bool,
    candidates: Vec<CompanyChoice>,
    /// The ids of companies that look like the lead's and stand open on this page or stood on the one before: whoever enters a
    /// new one beside them knows better.
    apart_from: Vec<String>,
    /// The same of people.
    apart_from_contacts: Vec<String>,
    /// What the companies were searched by besides.
    q: String,
    /// What looks like the company, or who like the person, that would have been entered twice.
    alike: Alike,
    /// Whether those are few enough to be seen at a glance.
    few: bool,
    owners: Vec<Choice>,
    form: FormView,
}

fn convert_page(
    call: &Call,
    facts: &Facts,
    version: i32,
    form: &Form,
    failure: Option<&Failure>,
) -> ConvertPage {
    let lead = &facts.lead;
    let mut trail = crumbs(call);
    trail.push(Crumb::named(lead.company_name.as_str(), paths::lead(lead.id)));
    ConvertPage {
        title: call.text("lead-convert-title"),
        crumbs: trail,
        action: step(lead.id, "convert"),
        cancel: paths::lead(lead.id),
        version,
        company_name: lead.company_name.clone(),
        contact_name: lead.contact_name.clone(),
        is_known: lead.company_id.is_some(),
        candidates: company_choices(call, facts),
        apart_from: apart_from(lead.company_id, &facts.candidates, form),
        apart_from_contacts: Vec::new(),
        q: String::new(),
        alike: Alike::default(),
        few: facts.candidates.len() <= AT_A_GLANCE,
        owners: phrases::people(call.language, &facts.owners),
        form: form.view(call, failure),
    }
}

/// Those of the lead's look-alikes that whoever sees the page has before their eyes, and those of the page before. What is folded
/// into a menu, or not there at all because the lead names its company, nobody has seen.
fn apart_from(named: Option<CompanyId>, candidates: &[Candidate], form: &Form) -> Vec<String> {
    let mut seen = form.all("apart_from[]");
    if named.is_none() && candidates.len() <= AT_A_GLANCE {
        let alike = candidates.iter().filter(|candidate| !candidate.by.is_empty());
        seen.extend(alike.map(|candidate| candidate.company.id.to_string()));
    }
    seen.sort();
    seen.dedup();
    seen
}

/// `GET /leads/{id}/convert`
pub(crate) async fn form(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: LeadId = call.id("id")?;
    let q = call.query::<SearchQuery>().q.as_str().trim().to_owned();
    let searched = q.clone();
    let facts = call.db(move |tx| facts(tx, id, &searched, None)).await?;
    let lead = &facts.lead;
    if !matches!(lead.state.status(), LeadStatus::New | LeadStatus::Contacted) {
        let settled = already_converted(&call, id).await?;
        return Ok(settled.unwrap_or_else(|| call.see_other(paths::lead(id))));
    }
    let form = Form::default()
        .preset("title", lead.need.lines().next().unwrap_or_default())
        .preset("company_id", meant(&facts.candidates).map(|company| company.to_string()).unwrap_or_default())
        .preset("owner_id", lead.owner_id.map_or_else(|| call.person(), Ok)?);
    let page = ConvertPage { q, ..convert_page(&call, &facts, lead.version, &form, None) };
    call.page("leads/convert.html", &page)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SearchQuery {
    q: Typed,
}

/// The way to the deal, where the lead is one already: the second press finds what the first one made.
async fn already_converted(call: &Call, id: LeadId) -> Result<Option<HttpResponse>, Failure> {
    let person = call.person()?;
    let made = call
        .db(move |tx| -> Result<_, DbError> {
            let LeadState::Converted { deal_id, .. } = leads::find(tx, id)?.state else { return Ok(None) };
            let opened = deals::history(tx, deal_id)?.pop();
            Ok(Some((deal_id, opened.is_some_and(|opened| opened.person() == Some(person)))))
        })
        .await?;
    Ok(made.map(|(deal, by_me)| {
        let key = if by_me { "done-lead-already-converted" } else { "done-lead-converted-by-other" };
        call.noted(paths::deal(deal), key)
    }))
}

/// `POST /leads/{id}/convert`
pub(crate) async fn convert(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: LeadId = call.id("id")?;
    let form = call.form();
    let (input, version) = (form.input::<ConvertInput>()?, form.version()?);
    let converted =
        move |tx: &mut Tx<'_>| leads::convert(tx, id, version, input).map(|deal| paths::deal(deal.id));
    match call.once(&form, converted).await {
        Ok(page) => Ok(call.done(page, "done-lead-converted")),
        Err(failure) if failure.is_about_input() => {
            if let Some(settled) = already_converted(&call, id).await? {
                return Ok(settled);
            }
            let chosen: Option<CompanyId> = form.get("company_id").trim().parse().ok();
            let facts = call.db(move |tx| facts(tx, id, "", chosen)).await?;
            let version = if failure.code == Code::Stale { facts.lead.version } else { version };
            let mut page = convert_page(&call, &facts, version, &form, Some(&failure));
            show_alike(&call, &mut page, &failure, &facts.lead, chosen).await?;
            call.page_with(phrases::again(&failure), "leads/convert.html", &page)
        }
        Err(failure) => Err(failure),
    }
}

/// Shows what looks like the company or the person that the lead names, where that is why it was refused.
async fn show_alike(
    call: &Rc<Call>,
    page: &mut ConvertPage,
    failure: &Failure,
    lead: &Lead,
    chosen: Option<CompanyId>,
) -> Result<(), Failure> {
    let is_about = |field: &str| failure.fields.iter().any(|problem| problem.field == field);
    if is_about("contact_id") {
        let company = chosen.or(lead.company_id).unwrap_or(CompanyId(0));
        page.alike = Alike::of_contact(call, failure, company, lead.contact_input(), None).await?;
        page.apart_from_contacts = page.alike.ids();
    } else if is_about("company_id") {
        page.alike = Alike::of_company(call, failure, lead.company_signs(), None).await?;
        page.apart_from.extend(page.alike.ids());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(id: i64, by: &[&'static str]) -> Candidate {
        let company = CompanySummary {
            id: CompanyId(id),
            corporate_number: None,
            name: String::new(),
            furigana: String::new(),
            address: String::new(),
            kana_key: String::new(),
        };
        Candidate { company, by: by.to_vec() }
    }

    #[test]
    fn only_what_is_seen_counts_as_known() {
        let page = |candidates: usize, named| {
            let alike: Vec<Candidate> = (1..).take(candidates).map(|id| candidate(id, &["name"])).collect();
            apart_from(named, &alike, &Form::default())
        };
        assert_eq!(page(2, None), ["1", "2"], "side by side with what they share");
        assert_eq!(page(AT_A_GLANCE + 1, None), [] as [&str; 0], "folded into a menu");
        assert_eq!(page(2, Some(CompanyId(7))), [] as [&str; 0], "the lead names its company");
    }

    #[test]
    fn where_the_person_is_known_that_company_is_meant_and_of_two_none() {
        let named = candidate(1, &["name"]);
        let known = candidate(2, &["site", "person"]);
        assert_eq!(meant(&[candidate(1, &["name"]), known]), Some(CompanyId(2)));
        assert_eq!(meant(&[named, candidate(3, &["phone"])]), Some(CompanyId(1)));
        assert_eq!(meant(&[candidate(1, &["name"]), candidate(2, &["name"])]), None);
        assert_eq!(meant(&[candidate(1, &["site"])]), None, "a shared site alone decides nothing");
    }
}
