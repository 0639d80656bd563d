//! `GET /search?q=`: things by any two characters of their names, and the product's own pages, in groups. Each kind is
//! looked for only where the reader may open what is found: that is asked of the table of routes itself.

mod across;
mod matched;
mod more;

use std::collections::HashMap;
use std::rc::Rc;

use accounts::{Person, persons};
use actix_web::HttpResponse;
use clients::{Contact, companies, contacts};
use db::{DbError, Tx};
use fulfillment::jobs::{self, Job};
use fulfillment::orders::{self, Order};
use kernel::{CompanyId, Language, OrderId, PersonId, text};
use sales::deals::{self, Card};
use sales::leads::{self, Lead};
use sales::views::ViewKind;
use serde::Serialize;
use workforce::workers::{self, Worker};

use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::members::role_words;
use crate::paths;
use crate::phrases::{address, amount, word};
use crate::routes;
use crate::shell;
use more::SearchQuery;

/// How many of a kind are shown; one more is asked for, to know whether there are others.
const SHOWN: usize = 5;
const ASKED: i32 = 6;
/// How many people are looked through for those who are workers.
const PEOPLE: i32 = 100;

#[derive(Serialize)]
struct SearchPage {
    title: String,
    q: String,
    groups: Vec<Group>,
}

/// What was found of one kind.
#[derive(Serialize)]
struct Group {
    title: String,
    hits: Vec<Hit>,
    /// There are others than those shown.
    has_more: bool,
    /// Where the whole list is; empty where there is none.
    list: String,
    /// Where all others are that were found; empty where no page has them.
    more: String,
}

#[derive(Serialize)]
struct Hit {
    label: String,
    sub: Vec<String>,
    href: String,
    icon: &'static str,
}

impl Group {
    /// With the page that has all others, where there are any.
    fn with_more(self, href: String) -> Self {
        let more = if self.has_more { href } else { String::new() };
        Self { more, ..self }
    }
}

/// What this reader may look for.
#[derive(Clone, Copy)]
struct Kinds {
    companies: bool,
    contacts: bool,
    leads: bool,
    deals: bool,
    orders: bool,
    jobs: bool,
    workers: bool,
    members: bool,
}

impl Kinds {
    fn of(call: &Call) -> Self {
        let may_open = |path| routes::may_get(call, path);
        Self {
            companies: may_open("/companies/{id}"),
            contacts: may_open("/companies/{id}"),
            leads: may_open("/leads/{id}"),
            deals: may_open("/deals/{id}"),
            orders: may_open("/orders/{id}"),
            jobs: may_open("/jobs/{id}"),
            workers: may_open("/workers/{id}"),
            members: may_open("/members/{id}"),
        }
    }
}

/// What was found.
#[derive(Default)]
struct Found {
    companies: Vec<companies::CompanySummary>,
    contacts: Vec<Contact>,
    leads: Vec<Lead>,
    deals: Vec<Card>,
    orders: Vec<Order>,
    jobs: Vec<Job>,
    workers: Vec<(Person, Worker)>,
    members: Vec<Person>,
    /// The names of the companies of what was found.
    clients: HashMap<CompanyId, String>,
    /// The titles of the orders of the jobs that were found.
    titles: HashMap<OrderId, String>,
}

fn found(tx: &mut Tx<'_>, kinds: Kinds, q: &str) -> Result<Found, DbError> {
    let mut found = Found::default();
    if kinds.companies {
        found.companies = companies::search(tx, q, ASKED)?;
    }
    if kinds.contacts {
        found.contacts = contacts::search(tx, q, ASKED)?;
    }
    if kinds.leads {
        found.leads = leads::search(tx, q, ASKED)?;
    }
    if kinds.deals {
        found.deals = deals::search(tx, q, ASKED)?;
    }
    if kinds.orders {
        found.orders = orders::search(tx, q, ASKED)?;
    }
    if kinds.jobs {
        found.jobs = jobs::search(tx, q, ASKED)?;
        found.titles = orders::titles(tx, &found.jobs.iter().map(|job| job.order_id).collect::<Vec<_>>())?;
    }
    if kinds.workers || kinds.members {
        people(tx, kinds, q, &mut found)?;
    }
    across::add(tx, kinds, q, &mut found)?;
    let of_contacts = found.contacts.iter().map(|contact| contact.company_id);
    let clients: Vec<CompanyId> =
        of_contacts.chain(found.orders.iter().map(|order| order.company_id)).collect();
    found.clients = companies::names(tx, &clients)?;
    Ok(found)
}

fn people(tx: &mut Tx<'_>, kinds: Kinds, q: &str, found: &mut Found) -> Result<(), DbError> {
    let named = persons::search(tx, q, PEOPLE)?;
    if kinds.workers {
        let ids: Vec<PersonId> = named.iter().map(|person| person.id).collect();
        let mut working = workers::of_people(tx, &ids)?;
        let worker = |person: &Person| Some((person.clone(), working.remove(&person.id)?));
        found.workers = named.iter().filter_map(worker).collect();
    }
    if kinds.members {
        found.members = named;
    }
    Ok(())
}

/// `GET /search?q=`
pub(crate) async fn search(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let query: SearchQuery = call.query();
    let q = query.q.to_string();
    let wanted = text::words(&q);
    if let Ok(kind) = query.kind.as_str().parse()
        && !wanted.is_empty()
    {
        return more::show(&call, kind, &query).await;
    }
    let groups = if wanted.is_empty() {
        Vec::new()
    } else {
        let (kinds, asked) = (Kinds::of(&call), q.clone());
        let found = call.db(move |tx| found(tx, kinds, &asked)).await?;
        groups(&call, found, &q, &wanted)
    };
    call.page("search/index.html", &SearchPage { title: call.text("search-title"), q, groups })
}

fn groups(call: &Call, found: Found, q: &str, wanted: &[String]) -> Vec<Group> {
    let Found { companies, contacts, leads, deals, orders, jobs, workers, members, clients, titles } = found;
    let client = |id: CompanyId| clients.get(&id).cloned().unwrap_or_default();
    let language = call.language;
    let all_companies = address("/companies", &[("q", q)]);
    let groups = [
        pages(call, wanted),
        group(call, "nav-companies", &all_companies, companies, |one| company_hit(call, q, one))
            .with_more(more::all(ViewKind::Companies, q)),
        group(call, "search-contacts", "/contacts", contacts, |one| {
            let company = client(one.company_id);
            contact_hit(call, q, one, company)
        })
        .with_more(more::all(ViewKind::Contacts, q)),
        group(call, "nav-leads", "/leads", leads, |one| lead_hit(call, q, one))
            .with_more(more::all(ViewKind::Leads, q)),
        group(call, "search-deals", "/deals", deals, |one| deal_hit(call, one))
            .with_more(more::all(ViewKind::Deals, q)),
        group(call, "nav-orders", "/orders", orders, |one| Hit {
            href: paths::order(one.id),
            sub: vec![client(one.company_id), word(call, "state-order", one.state)],
            label: one.title,
            icon: "order",
        }),
        group(call, "orders-jobs", "", jobs, |one| Hit {
            href: paths::job(one.id),
            sub: vec![titles.get(&one.order_id).cloned().unwrap_or_default()],
            label: one.title,
            icon: "unit",
        }),
        group(call, "nav-workers", "/workers", workers, |(person, worker)| Hit {
            href: paths::worker(worker.id),
            sub: vec![word(call, "state-worker", worker.state)],
            label: person.name_in(language),
            icon: "person",
        }),
        group(call, "nav-members", "/members", members, |one| Hit {
            href: paths::member(one.id),
            sub: vec![role_words(call, &one.roles)],
            label: one.name_in(language),
            icon: "people",
        }),
    ];
    groups.into_iter().filter(|group| !group.hits.is_empty()).collect()
}

fn company_hit(call: &Call, q: &str, one: companies::CompanySummary) -> Hit {
    Hit {
        href: paths::company(one.id),
        sub: vec![matched::company(call, q, &one), one.furigana, one.address],
        label: one.name,
        icon: "company",
    }
}

fn contact_hit(call: &Call, q: &str, one: Contact, company: String) -> Hit {
    Hit {
        href: format!("{}#contact-{}", paths::company(one.company_id), one.id),
        sub: vec![matched::contact(call, q, &one), company, one.title.clone()],
        label: one.display_name(),
        icon: "person",
    }
}

fn lead_hit(call: &Call, q: &str, one: Lead) -> Hit {
    Hit {
        href: paths::lead(one.id),
        sub: vec![matched::lead(call, q, &one), one.contact_name, entered_on(call.language, one.created_at)],
        label: one.company_name,
        icon: "inbox",
    }
}

fn deal_hit(call: &Call, one: Card) -> Hit {
    Hit {
        href: paths::deal(one.id),
        sub: vec![
            matched::deal(call),
            one.company,
            word(call, "state-deal", one.state),
            amount(call, one.amount),
        ],
        label: one.title,
        icon: "deal",
    }
}

fn entered_on(language: Language, at: chrono::DateTime<chrono::Utc>) -> String {
    format::full_date(language, kernel::date_in_japan(at))
}

fn group<T>(call: &Call, title: &str, list: &str, found: Vec<T>, hit: impl Fn(T) -> Hit) -> Group {
    Group {
        title: call.text(title),
        has_more: found.len() > SHOWN,
        hits: found.into_iter().take(SHOWN).map(|one| filled(hit(one))).collect(),
        list: list.to_owned(),
        more: String::new(),
    }
}

fn filled(mut hit: Hit) -> Hit {
    hit.sub.retain(|fact| !fact.is_empty());
    hit
}

/// The product's own pages of which one name, their part of the menu included, holds every word that is searched for, in either
/// language.
fn pages(call: &Call, wanted: &[String]) -> Group {
    let is_meant = |page: &shell::Page| {
        let keys = [Some(page.text), Some(page.group), shell::aliases(page.href)];
        let mut names = keys
            .into_iter()
            .flatten()
            .flat_map(|key| Language::ALL.iter().map(move |language| call.app.texts.plain(*language, key)));
        names.any(|name| {
            let key = text::search_key(&name);
            wanted.iter().all(|word| key.contains(word.as_str()))
        })
    };
    let hit = |page: shell::Page| Hit {
        label: call.text(page.text),
        sub: vec![call.text(page.group)],
        href: page.href.to_owned(),
        icon: page.icon,
    };
    let found: Vec<shell::Page> = shell::pages(call).filter(is_meant).collect();
    // A part of the menu has more pages than a kind of thing shows hits; all of them are wanted.
    let hits = found.into_iter().map(|page| filled(hit(page))).collect();
    Group {
        title: call.text("search-pages"),
        hits,
        has_more: false,
        list: String::new(),
        more: String::new(),
    }
}
