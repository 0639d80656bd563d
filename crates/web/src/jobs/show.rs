//! One job: its rules and terms, its units by state, and putting it before the workers whom it fits.

use std::collections::HashMap;
use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use fulfillment::jobs::{self, Job, JobState};
use fulfillment::orders::{self, Order, OrderState, Progress};
use fulfillment::units::{self, Unit, UnitFilter, UnitKey, UnitState};
use kernel::{JobId, Language, Page, Paging, PersonId, Typed, date_in_japan};
use serde::{Deserialize, Serialize};
use workforce::skills;

use crate::call::Call;
use crate::failure::Failure;
use crate::format::{self, Due};
use crate::forms::{Form, FormView};
use crate::orders::parts::{self, Bar, Choice};
use crate::orders::show::{begin, offered_flash};
use crate::paths;
use crate::shell::Crumb;

/// How many units a page shows.
const ROWS: u16 = 50;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Query {
    state: Typed,
    after: Typed,
}

struct Facts {
    now: DateTime<Utc>,
    job: Job,
    order: Order,
    progress: Progress,
    skill: Option<String>,
    fitting: usize,
    units: Page<Unit, UnitKey>,
    holders: HashMap<PersonId, String>,
}

fn facts(
    tx: &mut Tx<'_>,
    id: JobId,
    language: Language,
    filter: UnitFilter,
    after: Option<UnitKey>,
) -> Result<Facts, DbError> {
    let job = jobs::find(tx, id)?;
    let order = orders::find(tx, job.order_id)?;
    let progress = jobs::of_order(tx, order.id)?.into_iter().find(|other| other.job.id == id);
    let units = units::of_job(tx, id, filter, &Paging { after, ..Paging::first(ROWS) })?;
    let holders = parts::people(tx, language, units.items.iter().filter_map(|unit| unit.holder_id))?;
    let today = date_in_japan(tx.now());
    let able = skills::eligible(tx, job.skill_id, today)?;
    Ok(Facts {
        now: tx.now(),
        skill: job.skill_id.map(|skill| skills::find(tx, skill)).transpose()?.map(|skill| skill.name),
        fitting: able.iter().filter(|worker| worker.weekly_minutes >= job.unit_minutes).count(),
        progress: progress.map(|found| found.progress).unwrap_or_default(),
        order,
        units,
        holders,
        job,
    })
}

#[derive(Serialize)]
struct JobPage {
    title: String,
    crumbs: Vec<Crumb>,
    form: FormView,
    state: String,
    state_text: String,
    answer: String,
    due: Due,
    bar: Bar,
    rules: String,
    terms: Terms,
    fitting: i64,
    fitting_text: String,
    offer: Option<String>,
    is_again: bool,
    filters: Vec<Filter>,
    rows: Vec<UnitRow>,
    shown: String,
    next: String,
    first: String,
}

#[derive(Serialize)]
struct Terms {
    pay: String,
    minutes: String,
    per_hour: String,
    skill: String,
    inspected_by: String,
    pay_on: String,
}

#[derive(Serialize)]
struct Filter {
    text: String,
    on: bool,
    options: Vec<FilterChoice>,
}

#[derive(Serialize)]
struct FilterChoice {
    label: String,
    href: String,
    current: bool,
}

#[derive(Serialize)]
struct UnitRow {
    label: String,
    href: String,
    state: UnitState,
    holder: String,
    content: String,
}

/// `GET /jobs/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: JobId = call.id("id")?;
    render(&call, id, None).await
}

async fn render(call: &Call, id: JobId, refused: Option<&Failure>) -> Result<HttpResponse, Failure> {
    let query: Query = call.query();
    let filter = UnitFilter { state: parts::word_of(&query.state) };
    let after = format::read_page_key::<UnitKey>(query.after.as_str());
    let language = call.language;
    let facts = call.db(move |tx| facts(tx, id, language, filter, after)).await?;
    let mut page = page(call, &facts, refused);
    let here = paths::job(id);
    let kept = filter.state.map(|state| format!("state={state}")).unwrap_or_default();
    page.filters = vec![state_filter(call, &here, filter.state)];
    page.next = facts
        .units
        .next
        .as_ref()
        .map(|key| format!("{here}?{kept}&after={}", format::page_key(key)))
        .unwrap_or_default();
    page.first = if after.is_some() { format!("{here}?{kept}") } else { String::new() };
    call.page_with(refused.map_or(StatusCode::OK, Failure::status), "jobs/show.html", &page)
}

fn page(call: &Call, facts: &Facts, refused: Option<&Failure>) -> JobPage {
    let (job, order) = (&facts.job, &facts.order);
    let is_open =
        matches!(order.state, OrderState::Draft | OrderState::Running) && job.state != JobState::Closed;
    let waits = facts.progress.draft + facts.progress.offered > 0;
    let fitting = i64::try_from(facts.fitting).unwrap_or(i64::MAX);
    JobPage {
        title: job.title.clone(),
        crumbs: vec![
            Crumb::new(call, "nav-orders", "/orders"),
            Crumb::named(&order.title, paths::order(order.id)),
        ],
        form: Form::default().view(call, refused),
        state: job.state.to_string(),
        state_text: call.text(&format!("jobs-state-{}", job.state)),
        answer: answer(call, facts),
        due: format::due(call.language, facts.now, job.work_due_on),
        bar: Bar::of(call, &facts.progress),
        rules: job.rules.clone(),
        terms: terms(call, facts),
        fitting,
        fitting_text: parts::say_count(call, "jobs-fitting", fitting),
        offer: (parts::may_write(call) && is_open && waits).then(|| format!("{}/offer", paths::job(job.id))),
        is_again: job.state == JobState::Offered && facts.progress.draft == 0,
        filters: Vec::new(),
        rows: facts.units.items.iter().map(|unit| row(unit, &facts.holders)).collect(),
        shown: parts::say(
            call,
            "jobs-units-shown",
            &[
                ("shown", format::count(i64::try_from(facts.units.items.len()).unwrap_or(i64::MAX))),
                ("total", format::count(facts.progress.total)),
            ],
        ),
        next: String::new(),
        first: String::new(),
    }
}

fn answer(call: &Call, facts: &Facts) -> String {
    let progress = &facts.progress;
    let counted = |key, count: i64| parts::say_count(call, key, count);
    if facts.job.state == JobState::Closed {
        call.text("jobs-say-closed")
    } else if progress.draft > 0 {
        counted("jobs-say-draft", progress.draft)
    } else if progress.offered > 0 {
        counted("jobs-say-offered", progress.offered)
    } else {
        call.text("jobs-say-taken")
    }
}

fn terms(call: &Call, facts: &Facts) -> Terms {
    let job = &facts.job;
    Terms {
        pay: format::yen(call.language, job.unit_pay),
        minutes: format::duration(call.language, i64::from(job.unit_minutes)),
        per_hour: parts::say(
            call,
            "jobs-per-hour",
            &[("pay", format::yen(call.language, job.yen_per_hour()))],
        ),
        skill: facts.skill.clone().unwrap_or_else(|| call.text("jobs-skill-anybody")),
        inspected_by: parts::day(call.language, job.inspected_by()),
        pay_on: parts::day(call.language, job.pay_on),
    }
}

fn row(unit: &Unit, holders: &HashMap<PersonId, String>) -> UnitRow {
    let holder = unit.holder_id.and_then(|holder| holders.get(&holder)).cloned();
    UnitRow {
        label: unit.label.clone(),
        href: format!("/units/{}", unit.id),
        state: unit.state,
        holder: holder.unwrap_or_default(),
        content: unit.content.lines().next().unwrap_or_default().chars().take(60).collect(),
    }
}

fn state_filter(call: &Call, here: &str, current: Option<UnitState>) -> Filter {
    let all = FilterChoice {
        label: call.text("jobs-filter-all"),
        href: here.to_owned(),
        current: current.is_none(),
    };
    let choice = |choice: Choice| FilterChoice {
        href: format!("{here}?state={}", choice.value),
        current: current.is_some_and(|state| state.as_str() == choice.value),
        label: choice.label,
    };
    let states = Choice::words(call, "state-unit", UnitState::ALL);
    let options: Vec<FilterChoice> = std::iter::once(all).chain(states.into_iter().map(choice)).collect();
    let text = options.iter().find(|option| option.current).map(|option| option.label.clone());
    let variables = [("state", text.unwrap_or_default())];
    Filter { text: parts::say(call, "jobs-filter-state", &variables), on: current.is_some(), options }
}

/// `POST /jobs/{id}/offer`: begins the order if need be; says so where nobody fits.
pub(crate) async fn offer(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: JobId = call.id("id")?;
    let offered = call
        .db(move |tx| -> Result<_, Failure> {
            let order = jobs::find(tx, id)?.order_id;
            begin(tx, order)?;
            Ok(jobs::offer(tx, id)?)
        })
        .await;
    match offered {
        Ok(offered) => {
            let mut response = call.see_other(paths::job(id));
            call.add_cookie(&mut response, &offered_flash(offered.eligible).cookie(call.app.is_secure()));
            Ok(response)
        }
        Err(failure) if parts::stays(&failure) => render(&call, id, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}
