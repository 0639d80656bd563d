//! One job: its rules and terms, its units by state, putting it before the workers whom it fits, and what else may be
//! done to it now.

use std::collections::HashMap;
use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use fulfillment::claims;
use fulfillment::exclusions;
use fulfillment::jobs::{self, Extension, Job, JobState, MinimumWage, OfferRule};
use fulfillment::offers;
use fulfillment::orders::{self, Order, OrderState, Progress};
use fulfillment::questions;
use fulfillment::rounds::Round;
use fulfillment::samples;
use fulfillment::submissions::{self, SaidMinutes};
use fulfillment::terms::TermsItem;
use fulfillment::units::{self, Unit, UnitFilter, UnitKey, UnitState};
use kernel::{JobId, Language, Page, Paging, PersonId, Typed, Yen, date_in_japan};
use serde::{Deserialize, Serialize};
use workforce::skills;

use super::look::Look;
use super::rounds;
use super::wage;
use crate::call::Call;
use crate::failure::Failure;
use crate::format::{self, Due};
use crate::forms::{Form, FormView};
use crate::orders::lacking::{self, Lacking};
use crate::orders::offering::{begin, material_href, offered_flash};
use crate::orders::parts::{self, Bar, Choice, When};
use crate::paths;
use crate::shell::Crumb;
use crate::work_rules::version_name;

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
    newest_round: Option<Round>,
    units: Page<Unit, UnitKey>,
    holders: HashMap<PersonId, String>,
    wage: Option<MinimumWage>,
    moves: Vec<Extension>,
    /// How many have not accepted the later day yet.
    asked: i64,
    /// How many fit and have not been told.
    untold: i64,
    /// What makers say its units took.
    said: Option<SaidMinutes>,
    /// Questions about it that wait for an answer.
    questions: i64,
    samples: i64,
    lacking: Vec<TermsItem>,
    /// Whether those whom it fits have had a day to take it.
    has_stood: bool,
}

impl Facts {
    /// The last day work is received has passed.
    fn is_over(&self) -> bool {
        self.job.work_due_on < date_in_japan(self.now)
    }
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
    let moves = jobs::extensions(tx, id)?;
    let named = units.items.iter().filter_map(|unit| unit.holder_id);
    let holders = parts::people(tx, language, named.chain(moves.iter().map(|moved| moved.extended_by)))?;
    let today = date_in_japan(tx.now());
    let kept_from = exclusions::kept_from(tx, &job)?;
    let mut able = skills::eligible(tx, job.needs(), today)?;
    able.retain(|one| one.weekly_minutes >= job.unit_minutes && !kept_from.contains(&one.worker));
    let told = offers::told(tx, id)?;
    let untold = able.iter().filter(|worker| !told.contains(&worker.worker)).count();
    Ok(Facts {
        now: tx.now(),
        wage: wage::of_town(tx)?,
        moves,
        asked: claims::asked(tx, id)?,
        // What is offered in turn comes to everybody by itself.
        untold: if job.is_in_turn() { 0 } else { i64::try_from(untold).unwrap_or(i64::MAX) },
        said: submissions::said_minutes(tx, id)?,
        questions: questions::count_of_job(tx, id)?,
        has_stood: fulfillment::rounds::has_stood(tx, id)?,
        newest_round: rounds::newest(tx, id)?,
        samples: i64::try_from(samples::of_job(tx, id)?.len()).unwrap_or(i64::MAX),
        skill: job.skill_id.map(|skill| skills::find(tx, skill)).transpose()?.map(|skill| skill.name),
        fitting: able.len(),
        progress: progress.map(|found| found.progress).unwrap_or_default(),
        lacking: lacking::of_order(tx, order.id, job.state != JobState::Closed)?,
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
    lacking: Vec<Lacking>,
    look: Look,
    answer: String,
    due: Due,
    bar: Bar,
    rules: String,
    rules_version: String,
    /// How many samples it has, in words.
    samples: String,
    /// Where its questions stand, with how many wait.
    questions: String,
    terms: Terms,
    /// How it finds its people, and where that stands.
    rule: String,
    course: String,
    /// Where one sees who was asked; empty while nobody was.
    rounds_href: String,
    /// That nobody takes it, and why; empty where nothing is wrong.
    unclaimed: String,
    fitting: i64,
    fitting_text: String,
    here: String,
    may: May,
    material: String,
    /// Why some of it is not possible now, a sentence each.
    blocked: Vec<String>,
    is_again: bool,
    /// `新しい3人に募集する`; empty where everybody whom it fits knows.
    offer_again: String,
    /// How many have not accepted the later day yet, in words.
    asked: String,
    is_over: bool,
    wage: String,
    moves: Vec<MoveRow>,
    filters: Vec<Filter>,
    /// What was asked for and is no state.
    unknown: Option<String>,
    rows: Vec<UnitRow>,
    shown: String,
    next: String,
    first: String,
}

#[derive(Serialize)]
struct Terms {
    pay: String,
    minutes: String,
    /// What makers say it took, with how many of them; empty where nobody said.
    said: String,
    per_hour: String,
    /// What an hour comes to by what makers say, beside the regional wage; empty for whoever does not set the pay.
    measured: String,
    skill: String,
    asks: String,
    inspection: String,
    kept: String,
    pay_on: String,
}

/// What may be done to the job now; the rest is explained.
#[derive(Serialize)]
struct May {
    offer: bool,
    extend: bool,
    edit: bool,
    withdraw: bool,
    /// What waits may be put before somebody by name.
    substitute: bool,
    call_off: bool,
}

impl May {
    fn of(call: &Call, facts: &Facts) -> Self {
        let (order, progress) = (&facts.order, &facts.progress);
        let is_open = parts::may_write(call)
            && matches!(order.state, OrderState::Draft | OrderState::Running)
            && facts.job.state != JobState::Closed;
        let is_unclaimed = is_open && progress.arranged() == 0;
        let waits = progress.draft + progress.offered > 0;
        Self {
            offer: is_open && waits && !facts.is_over() && !facts.job.lacks_material,
            extend: is_open && progress.not_done() > 0,
            edit: is_unclaimed,
            withdraw: is_open && progress.offered > 0,
            substitute: is_open && progress.offered > 0 && facts.job.offer_rule == OfferRule::Fair,
            call_off: is_unclaimed,
        }
    }
}

/// A deadline that was moved.
#[derive(Serialize)]
struct MoveRow {
    what: String,
    when: When,
    who: String,
    note: String,
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

pub(super) async fn render(
    call: &Call,
    id: JobId,
    refused: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let query: Query = call.query();
    let filter = UnitFilter { state: parts::word_of(&query.state) };
    let after = format::read_page_key::<UnitKey>(query.after.as_str());
    let language = call.language;
    let facts = call.db(move |tx| facts(tx, id, language, filter, after)).await?;
    let mut page = page(call, &facts, refused);
    let here = paths::job(id);
    let kept = filter.state.map(|state| format!("state={state}")).unwrap_or_default();
    page.filters = vec![state_filter(call, &here, filter.state)];
    page.unknown = parts::unknown_word::<UnitState>("state", &query.state);
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
    let may = May::of(call, facts);
    let fitting = i64::try_from(facts.fitting).unwrap_or(i64::MAX);
    JobPage {
        title: job.title.clone(),
        crumbs: vec![
            Crumb::new(call, "nav-orders", "/orders"),
            Crumb::named(&order.title, paths::order(order.id)),
        ],
        form: Form::default().view(call, refused),
        lacking: Lacking::all(call, order.id, &facts.lacking),
        look: Look::of(call, job, &facts.progress, date_in_japan(facts.now)),
        answer: answer(call, facts),
        due: format::due(call.language, facts.now, job.work_due_on),
        bar: Bar::of(call, &facts.progress),
        rules: job.rules.clone(),
        rules_version: version_name(call, job.rules_number),
        samples: match facts.samples {
            0 => call.text("samples-none"),
            count => parts::say_count(call, "samples-answer", count),
        },
        questions: match facts.questions {
            0 => call.text("questions-of-job"),
            waiting => parts::say_count(call, "questions-answer", waiting),
        },
        terms: terms(call, facts),
        rule: call.text(&parts::text_key("jobs-rule", job.offer_rule.as_str())),
        course: rounds::course(call, job, facts.newest_round.as_ref()),
        rounds_href: rounds::href(job),
        unclaimed: rounds::unclaimed(call, job, facts.progress.offered, facts.has_stood),
        fitting,
        fitting_text: parts::say_count(call, "jobs-fitting", fitting),
        here: paths::job(job.id),
        material: if may.edit { material_href(job) } else { String::new() },
        blocked: if parts::may_write(call) { blocked(call, facts, &may) } else { Vec::new() },
        may,
        is_again: job.state == JobState::Offered && facts.progress.draft == 0,
        offer_again: in_words(call, "jobs-offer-untold", facts.untold),
        asked: in_words(call, "jobs-asked", facts.asked),
        is_over: facts.is_over() && facts.progress.not_done() > 0,
        wage: wage::warning(call, an_hour(facts), facts.wage).unwrap_or_default(),
        moves: facts.moves.iter().map(|moved| move_row(call, facts, moved)).collect(),
        filters: Vec::new(),
        unknown: None,
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

/// Why what one may look for is not there: each missing button has its reason.
fn blocked(call: &Call, facts: &Facts, may: &May) -> Vec<String> {
    let progress = &facts.progress;
    let mut said = Vec::new();
    if facts.job.state == JobState::Closed || progress.not_done() == 0 {
        return vec![call.text("jobs-blocked-over")];
    }
    if !may.edit {
        said.push(parts::say_count(call, "jobs-blocked-held", progress.arranged()));
    }
    if !may.offer && progress.draft + progress.offered == 0 {
        said.push(call.text("jobs-blocked-none-waits"));
    }
    said
}

fn move_row(call: &Call, facts: &Facts, moved: &Extension) -> MoveRow {
    let days = [("from", moved.from_day), ("to", moved.to_day)];
    MoveRow {
        what: parts::say(
            call,
            "jobs-moved",
            &days.map(|(name, day)| (name, format::short_date(call.language, day))),
        ),
        when: When::of(call.language, moved.extended_at),
        who: facts.holders.get(&moved.extended_by).cloned().unwrap_or_default(),
        note: moved.note.clone(),
    }
}

fn answer(call: &Call, facts: &Facts) -> String {
    let progress = &facts.progress;
    let counted = |key, count: i64| parts::say_count(call, key, count);
    if progress.live() == 0 {
        call.text("jobs-say-called-off")
    } else if facts.job.state == JobState::Closed {
        call.text("jobs-say-closed")
    } else if facts.is_over() && progress.draft + progress.offered > 0 {
        counted("jobs-say-over", progress.draft + progress.offered)
    } else if progress.draft > 0 {
        counted("jobs-say-draft", progress.draft)
    } else if progress.offered > 0 {
        counted("jobs-say-offered", progress.offered)
    } else {
        call.text("jobs-say-taken")
    }
}

/// What an hour comes to: by what makers say, and by what was thought while nobody has said.
fn an_hour(facts: &Facts) -> Yen {
    facts.said.map_or_else(|| facts.job.yen_per_hour(), |said| wage::measured(&facts.job, said))
}

fn terms(call: &Call, facts: &Facts) -> Terms {
    let job = &facts.job;
    Terms {
        pay: format::yen(call.language, job.unit_pay),
        minutes: format::duration(call.language, i64::from(job.unit_minutes)),
        said: facts.said.map_or_else(String::new, |said| {
            let time = format::duration(call.language, said.median.into());
            parts::say(call, "jobs-minutes-said", &[("time", time), ("units", format::count(said.units))])
        }),
        per_hour: wage::per_hour(call, job.yen_per_hour()),
        measured: match facts.said.filter(|_| parts::may_write(call)) {
            Some(said) => wage::measured_in_words(call, wage::measured(job, said), facts.wage),
            None => String::new(),
        },
        skill: skill(call, facts),
        asks: asks(call, facts),
        inspection: super::new::inspection(call, job),
        kept: parts::say_count(call, "jobs-kept", job.keep_days.into()),
        pay_on: match job.fixed_pay_on {
            Some(on) => parts::say(call, "jobs-paid-fixed", &[("day", format::full_date(call.language, on))]),
            None => parts::say_count(call, "jobs-paid-on", job.pay_day.number().into()),
        },
    }
}

fn skill(call: &Call, facts: &Facts) -> String {
    let Some(name) = facts.skill.clone() else { return call.text("jobs-skill-anybody") };
    match facts.job.skill_level {
        1 => name,
        level => parts::say(call, "jobs-skill-from", &[("skill", name), ("level", level.to_string())]),
    }
}

fn asks(call: &Call, facts: &Facts) -> String {
    let asks = facts.job.asks;
    let all = [
        (asks.phone, "jobs-asks-phone"),
        (asks.video, "jobs-asks-video"),
        (asks.long_slots, "jobs-asks-long-slots"),
    ];
    let said: Vec<String> = all.iter().filter(|(asked, _)| *asked).map(|(_, key)| call.text(key)).collect();
    if said.is_empty() { call.text("jobs-asks-none") } else { said.join(" · ") }
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
            let told = offered_flash(offered.eligible, offered.workers.len());
            call.add_cookie(&mut response, &told.cookie(call.app.is_secure()));
            Ok(response)
        }
        Err(failure) if parts::stays(&failure) => {
            render(&call, id, Some(&lacking::in_one_sentence(failure))).await
        }
        Err(failure) => Err(failure),
    }
}

/// A count in words; empty where it is zero.
fn in_words(call: &Call, key: &str, count: i64) -> String {
    if count > 0 { parts::say_count(call, key, count) } else { String::new() }
}
