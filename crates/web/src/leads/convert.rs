//! The form that turns a lead into a deal without retyping.

use std::rc::Rc;

use accounts::Person;
use actix_web::HttpResponse;
use clients::companies::{self, CompanySummary};
use db::{DbError, Tx};
use kernel::{Code, LeadId, text};
use sales::deals;
use sales::leads::{self, ConvertInput, Lead, LeadState, LeadStatus};
use serde::Serialize;

use super::{crumbs, step};
use crate::call::Call;
use crate::deals::sellers;
use crate::failure::Failure;
use crate::forms::{Form, FormView};
use crate::paths;
use crate::phrases::{self, Choice};
use crate::shell::Crumb;

/// How many companies that might be meant are offered.
const CANDIDATES: i32 = 20;

struct Facts {
    lead: Lead,
    candidates: Vec<CompanySummary>,
    owners: Vec<Person>,
}

fn facts(tx: &mut Tx<'_>, id: LeadId) -> Result<Facts, DbError> {
    let lead = leads::find(tx, id)?;
    let candidates = companies::search(tx, core_of(&lead.company_name), CANDIDATES)?;
    Ok(Facts { lead, candidates, owners: sellers(tx)? })
}

/// The name without its legal form, so that 米子建設 finds 株式会社米子建設 too.
fn core_of(name: &str) -> &str {
    let forms = ["株式会社", "有限会社", "合同会社", "(株)", "（株）", "(有)", "（有）"];
    let mut core = name.trim();
    for form in forms {
        core = core.trim_start_matches(form).trim_end_matches(form).trim();
    }
    if core.is_empty() { name } else { core }
}

/// The one company of that name, in whatever legal form and spelling; of two nobody can know which is meant.
fn same_name<'c>(candidates: &'c [CompanySummary], name: &str) -> Option<&'c CompanySummary> {
    let key = |name: &str| text::search_key(core_of(name));
    let mut same = candidates.iter().filter(|company| key(&company.name) == key(name));
    same.next().filter(|_| same.next().is_none())
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
    candidates: Vec<Choice>,
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
    let candidate = |company: &CompanySummary| {
        let label = format!("{} {}", company.name, company.address);
        Choice::new(company.id, label.trim())
    };
    ConvertPage {
        title: call.text("lead-convert-title"),
        crumbs: trail,
        action: step(lead.id, "convert"),
        cancel: paths::lead(lead.id),
        version,
        company_name: lead.company_name.clone(),
        contact_name: lead.contact_name.clone(),
        is_known: lead.company_id.is_some(),
        candidates: facts.candidates.iter().map(candidate).collect(),
        owners: phrases::people(call.language, &facts.owners),
        form: form.view(call, failure),
    }
}

/// `GET /leads/{id}/convert`
pub(crate) async fn form(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: LeadId = call.id("id")?;
    let facts = call.db(move |tx| facts(tx, id)).await?;
    let lead = &facts.lead;
    if !matches!(lead.state.status(), LeadStatus::New | LeadStatus::Contacted) {
        let settled = already_converted(&call, id).await?;
        return Ok(settled.unwrap_or_else(|| call.see_other(paths::lead(id))));
    }
    let same_name = same_name(&facts.candidates, &lead.company_name);
    let form = Form::default()
        .preset("title", lead.need.lines().next().unwrap_or_default())
        .preset("company_id", same_name.map(|company| company.id.to_string()).unwrap_or_default())
        .preset("owner_id", lead.owner_id.map_or_else(|| call.person(), Ok)?);
    call.page("leads/convert.html", &convert_page(&call, &facts, lead.version, &form, None))
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
            let facts = call.db(move |tx| facts(tx, id)).await?;
            let version = if failure.code == Code::Stale { facts.lead.version } else { version };
            let page = convert_page(&call, &facts, version, &form, Some(&failure));
            call.page_with(phrases::again(&failure), "leads/convert.html", &page)
        }
        Err(failure) => Err(failure),
    }
}

#[cfg(test)]
mod tests {
    use super::core_of;

    #[test]
    fn legal_forms_do_not_hide_a_company() {
        assert_eq!(core_of("株式会社米子建設"), "米子建設");
        assert_eq!(core_of("米子建設（株）"), "米子建設");
        assert_eq!(core_of("株式会社"), "株式会社");
    }
}
