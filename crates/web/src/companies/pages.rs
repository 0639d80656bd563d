//! The list of companies, one company, and the forms to enter and correct one.

use std::rc::Rc;

use accounts::{Person, persons};
use actix_web::HttpResponse;
use chrono::{DateTime, NaiveDate, Utc};
use clients::companies::{self, Company, CompanyFilter, CompanyInput, CompanyKey, CompanySummary};
use clients::contacts::{self, Contact};
use clients::merges::{self, Merge};
use clients::tags::{self, TagId, TagUse};
use clients::terms;
use db::{DbError, Tx};
use fulfillment::orders;
use kernel::{Code, CompanyId, OrderId, Page, Paging, Typed};
use sales::activities::{self, Activity};
use sales::deals::{self, Card, CardKey, DealStatus};
use serde::{Deserialize, Serialize};

use super::alike::Alike;
use super::terms::Version;
use crate::call::Call;
use crate::contacts::ContactRow;
use crate::deals::list::DealRow;
use crate::deals::may_sell;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView, PageQuery};
use crate::merges::show::MergeRow;
use crate::orders::direct;
use crate::orders::parts::Tab;
use crate::overtaken::{Beside, Difference, is_overtaken};
use crate::paths;
use crate::phrases::{self, word};
use crate::shell::Crumb;
use crate::tags::pages::CompanyTags;

/// How many companies a page or a search shows.
const ROWS: u16 = 50;

#[derive(Serialize)]
struct ListPage {
    title: String,
    q: String,
    rows: Vec<Row>,
    shown: usize,
    /// Where the next page is; empty on the last.
    next: String,
    /// Where the first page is; empty on it.
    first: String,
    is_tagged: bool,
    filters: Vec<Filter>,
    /// The ten rows of the kana, each with where it begins.
    kana_rows: Vec<KanaRow>,
    /// Whether the reader may enter companies.
    may_sell: bool,
    /// Where the same list is written out.
    export: String,
}

/// The query string of the list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ListQuery {
    after: Typed,
    q: Typed,
    tag: Typed,
}

/// A choice over the list, as `ui.filter_chips` draws it.
#[derive(Serialize)]
struct Filter {
    text: String,
    on: bool,
    options: Vec<Tab>,
}

/// The choice of a tag; none before the town has tags.
fn filters(call: &Call, all: &[TagUse], chosen: Option<TagId>) -> Vec<Filter> {
    if all.is_empty() {
        return Vec::new();
    }
    let option = |label: String, tag: Option<TagId>| {
        let value = tag.map(|tag| tag.to_string()).unwrap_or_default();
        Tab { label, href: phrases::address("/companies", &[("tag", &value)]), current: tag == chosen }
    };
    let mut options = vec![option(call.text("companies-any-tag"), None)];
    options.extend(all.iter().map(|one| option(one.tag.name.clone(), Some(one.tag.id))));
    let named = all.iter().find(|one| Some(one.tag.id) == chosen);
    let text = named.map_or_else(
        || call.text("companies-by-tag"),
        |one| phrases::said(call, "companies-with-tag", [("tag", &one.tag.name)]),
    );
    vec![Filter { text, on: chosen.is_some(), options }]
}

/// A row of the kana and the page of a list that begins with it, as `ui.filter_chips` draws it.
#[derive(Debug, Serialize)]
pub(crate) struct KanaRow {
    text: String,
    href: String,
}

/// The ten rows of the kana over a list whose page after a key is at `page_at`; `key` is the place right before a reading.
pub(crate) fn kana_rows<K: Serialize>(
    page_at: impl Fn(&str) -> String,
    key: impl Fn(String) -> K,
) -> Vec<KanaRow> {
    let row = |kana: char| KanaRow {
        text: kana.to_string(),
        href: page_at(&format::page_key(&key(kana.to_string()))),
    };
    "あかさたなはまやらわ".chars().map(row).collect()
}

#[derive(Serialize)]
struct Row {
    /// Its id, for whoever ticks it.
    number_of: CompanyId,
    href: String,
    name: String,
    furigana: String,
    number: String,
    address: String,
}

impl Row {
    fn of(company: CompanySummary) -> Self {
        Self {
            number_of: company.id,
            href: paths::company(company.id),
            name: company.name,
            furigana: company.furigana,
            number: company.corporate_number.map(String::from).unwrap_or_default(),
            address: company.address,
        }
    }
}

/// `GET /companies`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let query: ListQuery = call.query();
    let (q, after) = (query.q.to_string(), format::read_page_key::<CompanyKey>(query.after.as_str()));
    let tag: Option<TagId> = query.tag.as_str().trim().parse().ok();
    let (searched, is_first) = (q.trim().to_owned(), after.is_none());
    let (rows, next, all_tags) = call
        .db(move |tx| -> Result<_, Failure> {
            let all_tags = tags::list(tx)?;
            if searched.is_empty() {
                let page =
                    companies::list(tx, CompanyFilter { tag }, &Paging { after, ..Paging::first(ROWS) })?;
                Ok((page.items, page.next, all_tags))
            } else {
                Ok((companies::search(tx, &searched, i32::from(ROWS))?, None, all_tags))
            }
        })
        .await?;
    let chosen = tag.map(|tag| tag.to_string()).unwrap_or_default();
    let page_at = |key: &str| phrases::address("/companies", &[("tag", &chosen), ("after", key)]);
    let page = ListPage {
        title: call.text("nav-companies"),
        export: phrases::address("/exports/companies", &[("tag", &chosen), ("q", &q)]),
        q,
        shown: rows.len(),
        rows: rows.into_iter().map(Row::of).collect(),
        next: next.map(|key| page_at(&format::page_key(&key))).unwrap_or_default(),
        first: if is_first { String::new() } else { page_at("") },
        is_tagged: tag.is_some(),
        filters: filters(&call, &all_tags, tag),
        kana_rows: kana_rows(page_at, |kana| CompanyKey(kana, CompanyId(0))),
        may_sell: may_sell(&call),
    };
    call.page("companies/index.html", &page)
}

#[derive(Serialize)]
struct FormPage {
    title: String,
    crumbs: Vec<Crumb>,
    action: String,
    version: Option<i32>,
    form: FormView,
    /// What somebody else saved while this was typed.
    differences: Vec<Difference>,
    /// What looks like it.
    alike: Alike,
    cancel: String,
}

impl FormPage {
    fn new(call: &Call, form: &Form, failure: Option<&Failure>) -> Self {
        Self {
            title: call.text("company-new-title"),
            crumbs: vec![Crumb::new(call, "nav-companies", "/companies")],
            action: "/companies".to_owned(),
            version: None,
            form: form.view(call, failure),
            differences: Vec::new(),
            alike: Alike::default(),
            cancel: "/companies".to_owned(),
        }
    }

    fn edit(call: &Call, company: &Company, form: &Form, failure: Option<&Failure>) -> Self {
        Self {
            title: call.text("company-edit-title"),
            action: paths::company(company.id),
            version: Some(company.version),
            cancel: paths::company(company.id),
            differences: if is_overtaken(failure) { differences(call, company, form) } else { Vec::new() },
            ..Self::new(call, form, failure)
        }
    }
}

fn differences(call: &Call, company: &Company, typed: &Form) -> Vec<Difference> {
    let stands = Form::of(&CompanyInput::from(company));
    let beside = Beside { call, stands: &stands, typed };
    let fields = [
        beside.text("company-name", "name"),
        beside.text("company-furigana", "furigana"),
        beside.text("company-number", "corporate_number"),
        beside.text("company-postal-code", "postal_code"),
        beside.text("company-address", "address"),
        beside.text("company-phone", "phone"),
        beside.text("company-website", "website"),
        beside.text("company-note", "note"),
    ];
    fields.into_iter().flatten().collect()
}

/// `GET /companies/new`
pub(crate) async fn new(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    call.page("companies/form.html", &FormPage::new(&call, &Form::default(), None))
}

/// `POST /companies`
pub(crate) async fn create(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input: CompanyInput = form.input()?;
    let entered = |company: Company| paths::company(company.id);
    let typed = input.clone();
    match call.once(&form, move |tx| companies::enter(tx, input).map(entered)).await {
        Ok(page) => Ok(call.done(page, "done-company-entered")),
        Err(failure) if failure.is_about_input() => {
            let alike = Alike::of_company(&call, &failure, typed, None).await?;
            let page = FormPage { alike, ..FormPage::new(&call, &form, Some(&failure)) };
            call.page_with(failure.status(), "companies/form.html", &page)
        }
        Err(failure) => Err(failure),
    }
}

/// How many of a company's deals its page shows.
const DEALS: u16 = 20;

#[derive(Serialize)]
struct CompanyPage {
    title: String,
    crumbs: Vec<Crumb>,
    company: Company,
    /// What a `tel:` link dials; empty where there is no number.
    dial: String,
    /// Where its web site is; empty where what was typed is no address.
    site: String,
    /// The day the register closed it, in words; empty while it is open.
    closed_on: String,
    /// How an envelope addresses it: `米子建設株式会社 御中`.
    addressed: String,
    tags: CompanyTags,
    /// What is agreed with them, in words.
    terms: Option<Version>,
    terms_href: String,
    contacts: Vec<ContactRow>,
    deals: Vec<DealRow>,
    /// The next page of deals, and the first; empty where this is it.
    deals_next: String,
    deals_first: String,
    /// When somebody of ours last did something for them, who and what; empty before.
    last_contact: String,
    may_sell: bool,
    edit: String,
    new_contact: String,
    new_deal: String,
    /// Where an order is entered directly.
    new_order: String,
    /// Where the newest order on this page is entered once more; empty where there is none.
    again: String,
    merge: String,
    merges: Vec<MergeRow>,
}

/// The address of a web site as somebody typed it, with or without its scheme; empty where it can be no address.
fn site_of(typed: &str) -> String {
    let typed = typed.trim();
    let has_scheme = ["https://", "http://"].iter().any(|scheme| typed.starts_with(scheme));
    let is_host = typed.contains('.') && !typed.contains([' ', '　', ':', '@', '<', '"']);
    match (has_scheme, is_host) {
        (true, _) => typed.to_owned(),
        (false, true) => format!("https://{typed}"),
        _ => String::new(),
    }
}

struct Facts {
    company: Company,
    closed_on: Option<NaiveDate>,
    people: Vec<Contact>,
    deals: Page<Card, CardKey>,
    merged: Vec<Merge>,
    /// The last that was done for them, and who did it.
    last: Option<(Activity, Person)>,
    /// The newest order of the deals shown.
    newest: Option<OrderId>,
    now: DateTime<Utc>,
}

fn facts(tx: &mut Tx<'_>, id: CompanyId, after: Option<CardKey>) -> Result<Facts, DbError> {
    let company = companies::find(tx, id)?;
    let last = match activities::last_of_company(tx, id)? {
        Some(last) => {
            let who = persons::find(tx, last.person_id)?;
            Some((last, who))
        }
        None => None,
    };
    let deals = deals::of_company(tx, id, &Paging { after, ..Paging::first(DEALS) })?;
    let won = deals.items.iter().find(|card| card.state == DealStatus::Won).map(|card| card.id);
    let newest = match won {
        Some(deal) => orders::of_deal(tx, deal)?.map(|order| order.id),
        None => None,
    };
    Ok(Facts {
        closed_on: companies::closed_on(tx, id)?,
        people: contacts::of_company(tx, id)?,
        deals,
        newest,
        merged: merges::of_company(tx, id)?,
        last,
        now: tx.now(),
        company,
    })
}

/// `11月20日 10:12 · 電話 · 担当 太郎`.
fn last_contact(call: &Call, last: &Activity, who: &Person) -> String {
    let (kind, outcome) =
        (word(call, "activity-kind", last.kind), word(call, "activity-outcome", last.outcome));
    let what = phrases::said(call, "activity-what", [("kind", &kind), ("outcome", &outcome)]);
    let at = format::moment(call.language, last.happened_at);
    format!("{at} · {what} · {}", who.name_in(call.language))
}

/// `GET /companies/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: CompanyId = call.id("id")?;
    let after = format::read_page_key::<CardKey>(call.query::<PageQuery>().after.as_str());
    let is_first = after.is_none();
    let Facts { company, closed_on, people, deals, merged, last, newest, now } =
        call.db(move |tx| facts(tx, id, after)).await?;
    if company.id != id {
        return Ok(call.noted(paths::company(company.id), "done-merged-here"));
    }
    let (here, may_sell) = (paths::company(id), may_sell(&call));
    let deals_at = |after: &str| format!("{}#deals", phrases::address(&here, &[("after", after)]));
    let page = CompanyPage {
        title: company.name.clone(),
        crumbs: vec![Crumb::new(&call, "nav-companies", "/companies")],
        closed_on: closed_on.map(|day| format::full_date(call.language, day)).unwrap_or_default(),
        addressed: company.addressed(call.language),
        tags: CompanyTags::of(&call, id).await?,
        terms: call.db(move |tx| terms::standing(tx, id)).await?.map(|terms| Version::of(&call, &terms)),
        terms_href: format!("{here}/terms"),
        contacts: people.iter().map(|contact| ContactRow::of(&call, contact)).collect(),
        deals_next: deals.next.as_ref().map(|key| deals_at(&format::page_key(key))).unwrap_or_default(),
        deals_first: if is_first { String::new() } else { deals_at("") },
        last_contact: last.map(|(last, who)| last_contact(&call, &last, &who)).unwrap_or_default(),
        deals: deals.items.into_iter().map(|card| DealRow::of(&call, now, card).of_its_company()).collect(),
        edit: format!("{here}/edit"),
        new_contact: if may_sell { format!("{here}/contacts/new") } else { String::new() },
        new_deal: format!("/deals/new?company_id={id}"),
        new_order: direct::of_company(id),
        again: newest.map(|order| format!("{}/again", paths::order(order))).unwrap_or_default(),
        merge: format!("{here}/merge"),
        merges: if may_sell { MergeRow::of(&call, &merged) } else { Vec::new() },
        may_sell,
        dial: phrases::dial(&company.phone),
        site: site_of(&company.website),
        company,
    };
    call.page("companies/show.html", &page)
}

/// `GET /companies/{id}/edit`
pub(crate) async fn edit(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: CompanyId = call.id("id")?;
    let company = call.db(move |tx| companies::find(tx, id)).await?;
    if company.id != id {
        return Ok(call.noted(paths::company(company.id), "done-merged-here"));
    }
    let form = Form::of(&CompanyInput::from(&company));
    call.page("companies/form.html", &FormPage::edit(&call, &company, &form, None))
}

/// `POST /companies/{id}`
pub(crate) async fn update(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: CompanyId = call.id("id")?;
    let form = call.form();
    let (input, version) = (form.input::<CompanyInput>()?, form.version()?);
    let typed = input.clone();
    match call.db(move |tx| companies::correct(tx, id, version, input)).await {
        Ok(company) => Ok(call.done(paths::company(company.id), "done-saved")),
        Err(failure) if failure.is_about_input() => {
            // After a lost race the form carries the new version, beside what stands now: saving again is a decision.
            let mut company = call.db(move |tx| companies::find(tx, id)).await?;
            if failure.code != Code::Stale {
                company.version = version;
            }
            let alike = Alike::of_company(&call, &failure, typed, Some(id)).await?;
            let page = FormPage { alike, ..FormPage::edit(&call, &company, &form, Some(&failure)) };
            call.page_with(phrases::again(&failure), "companies/form.html", &page)
        }
        Err(failure) => Err(failure),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_be_an_address_becomes_a_link() {
        for (typed, site) in [
            ("https://example.jp/会社", "https://example.jp/会社"),
            (" example.jp ", "https://example.jp"),
            ("なし", ""),
            ("javascript:alert.1", ""),
            ("info@example.jp", ""),
            ("", ""),
        ] {
            assert_eq!(site_of(typed), site, "{typed}");
        }
    }
}
