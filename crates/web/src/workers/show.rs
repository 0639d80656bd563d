//! One worker: where they stand, their hours, their skills, and every step with its day.

use std::collections::HashMap;
use std::rc::Rc;

use accounts::persons::{self, Person};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use fulfillment::claims::{self, HeldUnit};
use fulfillment::earnings::{self, DayOfPay, PayDays};
use fulfillment::jobs;
use fulfillment::units::UnitState;
use kernel::{Language, PersonId, WorkerId, date_in_japan};
use serde::Serialize;
use workforce::availability::{self, Condition, Plan};
use workforce::skills::{self, Evidence, Skill, WorkerSkill};
use workforce::waiting::{self, Waiting};
use workforce::workers::{
    self, HoursInput, PhoneInput, WithdrawalReason, Worker, WorkerEvent, WorkerState, WorkerStep,
};

use super::hours;
use super::steps::{self, MoveInput, OpenUnits};
use crate::call::Call;
use crate::capacity::moving_days;
use crate::failure::Failure;
use crate::files;
use crate::format::{self, Due};
use crate::forms::{Form, FormView};
use crate::orders::parts::{self, Choice};
use crate::paths;
use crate::phrases;
use crate::shell::Crumb;
use crate::waiting::Next;

struct Facts {
    today: NaiveDate,
    worker: Worker,
    person: Person,
    events: Vec<WorkerEvent>,
    skills: Vec<WorkerSkill>,
    /// Who confirmed them, by name.
    confirmers: HashMap<PersonId, String>,
    all_skills: Vec<Skill>,
    free_minutes: i64,
    held: Vec<HeldUnit>,
    pay: PayDays,
    now: DateTime<Utc>,
    plan: Plan,
    /// What they wait for, while they do not work.
    waiting: Option<Waiting>,
    /// Jobs under way that fit them and were never put before them.
    missed: usize,
}

/// How many units in hand the page lists; somebody's week holds fewer.
const MOST_HELD: i64 = 100;

fn facts(tx: &mut Tx<'_>, language: Language, id: WorkerId) -> Result<Facts, DbError> {
    let worker = workers::find(tx, id)?;
    let skills = skills::of_worker(tx, id)?;
    let confirmers = parts::people(tx, language, skills.iter().filter_map(|one| one.confirmed_by))?;
    Ok(Facts {
        today: date_in_japan(tx.now()),
        person: persons::find(tx, worker.person_id)?,
        events: workers::events(tx, id)?,
        skills,
        confirmers,
        all_skills: skills::list(tx)?,
        free_minutes: claims::free_minutes(tx, &worker)?,
        held: claims::held_by(tx, worker.person_id, MOST_HELD)?,
        pay: earnings::days_of(tx, worker.person_id, None)?,
        now: tx.now(),
        plan: availability::plan(tx, id)?,
        waiting: waiting::find(tx, &worker)?,
        missed: jobs::missed_by(tx, id)?.len(),
        worker,
    })
}

#[derive(Serialize)]
struct WorkerPage {
    title: String,
    crumbs: Vec<Crumb>,
    state: WorkerState,
    answer: String,
    form: FormView,
    here: String,
    version: i32,
    kana: String,
    email: String,
    phone: String,
    /// For a `tel:` link.
    dial: String,
    held: Vec<HeldRow>,
    /// How many of them are late, in words; empty where none is.
    late: String,
    pay: Vec<PayRow>,
    hours: String,
    free: String,
    weekly_hours: String,
    is_off_today: bool,
    /// How they work, in words; empty where anything will do.
    conditions: Vec<String>,
    /// What they offer within seven days.
    offered: String,
    main_step: Option<StepButton>,
    next: Option<Next>,
    /// When what is kept of somebody who left goes, in words.
    forgotten: String,
    steps: Vec<Choice>,
    reasons: Vec<Choice>,
    /// What may become of what they still have to do; empty where there is nothing, or they cannot leave now.
    open_units: Vec<Choice>,
    skills: Vec<SkillRow>,
    missed: usize,
    all_skills: Vec<Choice>,
    evidences: Vec<Choice>,
    accepted_files: String,
    most_file_bytes: u64,
    events: Vec<EventRow>,
}

#[derive(Serialize)]
struct HeldRow {
    name: String,
    href: String,
    state: UnitState,
    due: Due,
}

#[derive(Serialize)]
struct PayRow {
    day: String,
    amount: String,
    units: String,
    unchecked: String,
}

#[derive(Serialize)]
struct StepButton {
    /// The step it takes; empty where it leads to a page.
    kind: String,
    label: String,
    href: String,
}

#[derive(Serialize)]
struct SkillRow {
    name: String,
    level: String,
    until: String,
    /// What shows it and who confirmed that, in words.
    shown_by: String,
    file_href: String,
    is_over: bool,
    revoke: String,
}

#[derive(Serialize)]
struct EventRow {
    what: String,
    day: String,
    iso: String,
    reason: String,
}

/// `GET /workers/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: WorkerId = call.id("id")?;
    render(&call, id, None, None).await
}

/// The page; after a refusal with what was typed.
pub(super) async fn render(
    call: &Call,
    id: WorkerId,
    form: Option<&Form>,
    refused: Option<&Failure>,
) -> Result<HttpResponse, Failure> {
    let language = call.language;
    let facts = call.db(move |tx| facts(tx, language, id)).await?;
    let empty = Form::default();
    let page = page(call, &facts, form.unwrap_or(&empty).view(call, refused));
    call.page_with(refused.map_or(StatusCode::OK, Failure::status), "workers/show.html", &page)
}

fn page(call: &Call, facts: &Facts, form: FormView) -> WorkerPage {
    let (worker, person) = (&facts.worker, &facts.person);
    let allowed = steps::allowed(worker.state);
    let next = facts.waiting.as_ref().map(|one| Next::of(call, one, facts.today));
    WorkerPage {
        title: person.name_in(call.language),
        crumbs: vec![Crumb::new(call, "nav-workers", "/workers")],
        state: worker.state,
        answer: answer(call, facts),
        form,
        here: paths::worker(worker.id),
        version: worker.version,
        kana: person.name.kana(),
        email: person.email.as_ref().map(ToString::to_string).unwrap_or_default(),
        phone: worker.phone.clone(),
        dial: phrases::dial(&worker.phone),
        late: late(call, facts),
        held: facts.held.iter().map(|unit| held_row(call, facts.now, unit)).collect(),
        pay: facts.pay.0.iter().rev().map(|(on, day)| pay_row(call, *on, *day)).collect(),
        hours: format::duration(call.language, i64::from(worker.weekly_minutes)),
        free: format::duration(call.language, facts.free_minutes),
        weekly_hours: hours::hours(worker.weekly_minutes),
        is_off_today: facts.plan.is_off(facts.today),
        conditions: conditions(call, facts),
        offered: format::duration(
            call.language,
            facts.plan.minutes_in_week(facts.today, worker.weekly_minutes.into()),
        ),
        main_step: main_step(call, facts, &allowed, next.as_ref()),
        next,
        forgotten: forgotten(call, worker),
        steps: Choice::words(call, "workers-step", &allowed),
        reasons: if allowed.contains(&WorkerStep::Withdrawn) {
            Choice::words(call, "workers-reason", WithdrawalReason::ALL)
        } else {
            Vec::new()
        },
        open_units: if allowed.contains(&WorkerStep::Withdrawn) && steps::to_do(&facts.held).next().is_some()
        {
            Choice::words(call, "workers-open-units", &OpenUnits::ALL)
        } else {
            Vec::new()
        },
        skills: facts.skills.iter().map(|skill| skill_row(call, facts, skill)).collect(),
        missed: facts.missed,
        all_skills: facts.all_skills.iter().map(|skill| Choice::new(skill.id, &skill.name)).collect(),
        evidences: Choice::words(
            call,
            "skills-evidence",
            &[Evidence::Note, Evidence::Training, Evidence::Trial],
        ),
        accepted_files: files::accepted_kinds(),
        most_file_bytes: files::MOST_BYTES,
        events: facts.events.iter().rev().map(|event| event_row(call, event)).collect(),
    }
}

fn conditions(call: &Call, facts: &Facts) -> Vec<String> {
    let said = |one: &Condition| call.text(&parts::text_key("condition", one.as_str()));
    facts.plan.conditions.iter().map(said).collect()
}

fn forgotten(call: &Call, worker: &Worker) -> String {
    let day = worker.withdrawn_on.map(workers::forgotten_on);
    day.map(|day| parts::say(call, "workers-forgotten-on", &[("day", parts::day(call.language, day))]))
        .unwrap_or_default()
}

fn late(call: &Call, facts: &Facts) -> String {
    let is_late = |unit: &&HeldUnit| UnitState::TO_DO.contains(&unit.state) && unit.due_on < facts.today;
    match facts.held.iter().filter(is_late).count() {
        0 => String::new(),
        late => parts::say_count(call, "workers-late", i64::try_from(late).unwrap_or(i64::MAX)),
    }
}

fn held_row(call: &Call, now: DateTime<Utc>, unit: &HeldUnit) -> HeldRow {
    let is_to_do = UnitState::TO_DO.contains(&unit.state);
    HeldRow {
        name: parts::unit_name(call, &unit.job_title, &unit.label),
        href: format!("/units/{}", unit.unit),
        state: unit.state,
        due: if is_to_do {
            format::due(call.language, now, unit.due_on)
        } else {
            format::day(call.language, unit.due_on)
        },
    }
}

fn pay_row(call: &Call, on: NaiveDate, day: DayOfPay) -> PayRow {
    let unchecked = format::yen(call.language, day.unchecked);
    PayRow {
        day: parts::day(call.language, on),
        amount: format::yen(call.language, day.earned),
        units: parts::say_count(call, "workers-pay-units", day.earned_units),
        unchecked: if day.unchecked.0 > 0 {
            parts::say(call, "workers-pay-unchecked", &[("amount", unchecked)])
        } else {
            String::new()
        },
    }
}

fn answer(call: &Call, facts: &Facts) -> String {
    match facts.worker.state {
        WorkerState::Active => {
            let free = format::duration(call.language, facts.free_minutes);
            parts::say(call, "workers-say-active", &[("free", free)])
        }
        other => call.text(&format!("workers-say-{other}")),
    }
}

/// What is next for them, as the page says below; where nothing waits but a rest, the step that ends it. The others are in
/// the form below.
fn main_step(call: &Call, facts: &Facts, allowed: &[WorkerStep], next: Option<&Next>) -> Option<StepButton> {
    if let Some(next) = next.filter(|_| facts.worker.state != WorkerState::Paused) {
        let (label, href, kind) = next.control();
        return Some(StepButton { kind, label, href });
    }
    let usual = [WorkerStep::Registered, WorkerStep::Returned, WorkerStep::Activated];
    let step = usual.into_iter().find(|step| allowed.contains(step))?;
    Some(StepButton {
        kind: step.to_string(),
        label: call.text(&format!("workers-step-{step}")),
        href: format!("{}/steps", paths::worker(facts.worker.id)),
    })
}

fn skill_row(call: &Call, facts: &Facts, skill: &WorkerSkill) -> SkillRow {
    SkillRow {
        name: skill.name.clone(),
        level: parts::say(call, "workers-skill-level-of", &[("level", skill.level.to_string())]),
        until: skill
            .expires_on
            .map_or_else(|| call.text("workers-skill-for-good"), |day| parts::day(call.language, day)),
        shown_by: shown_by(call, facts, skill),
        file_href: skill.file_id.map(|file| format!("/files/{file}")).unwrap_or_default(),
        is_over: !skill.counts_on(facts.today),
        revoke: format!("{}/skills/{}/revoke", paths::worker(facts.worker.id), skill.skill_id),
    }
}

/// `研修で（3月10日 確認：調整 春子）`, with the note where there is one.
fn shown_by(call: &Call, facts: &Facts, skill: &WorkerSkill) -> String {
    let mut said = vec![call.text(&parts::text_key("skills-evidence", skill.evidence.as_str()))];
    if !skill.evidence_note.is_empty() {
        said.push(skill.evidence_note.clone());
    }
    let name = skill.confirmed_by.and_then(|person| facts.confirmers.get(&person)).cloned();
    if let (Some(name), Some(day)) = (name, skill.confirmed_on) {
        let day = parts::day(call.language, day);
        said.push(parts::say(call, "skills-confirmed", &[("name", name), ("day", day)]));
    }
    said.join(" · ")
}

fn event_row(call: &Call, event: &WorkerEvent) -> EventRow {
    EventRow {
        what: call.text(&format!("workers-event-{}", event.step)),
        day: parts::day(call.language, event.happened_on),
        iso: event.happened_on.to_string(),
        reason: event.reason.map(|reason| call.text(&format!("workers-reason-{reason}"))).unwrap_or_default(),
    }
}

/// `POST /workers/{id}/steps`
pub(crate) async fn step(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: WorkerId = call.id("id")?;
    let form = call.form();
    let input: MoveInput = form.input()?;
    match call.db(move |tx| steps::take(tx, id, input)).await {
        Ok(_worker) => Ok(call.done(paths::worker(id), "done-workers-moved")),
        Err(failure) if parts::stays(&failure) => render(&call, id, Some(&form), Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}

/// `POST /workers/{id}/hours`
pub(crate) async fn hours(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: WorkerId = call.id("id")?;
    let form = call.form();
    let input = HoursInput { weekly_minutes: hours::minutes(form.get(hours::FIELD)) };
    let version = form.version()?;
    let set =
        call.db(move |tx| moving_days(tx, |tx| workers::set_weekly_minutes(tx, id, version, input))).await;
    settle(&call, id, &form, set.map_err(hours::in_hours)).await
}

/// `POST /workers/{id}/phone`
pub(crate) async fn phone(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: WorkerId = call.id("id")?;
    let form = call.form();
    let (input, version) = (form.input::<PhoneInput>()?, form.version()?);
    let set = call.db(move |tx| workers::set_phone(tx, id, version, &input)).await;
    settle(&call, id, &form, set).await
}

async fn settle(
    call: &Call,
    id: WorkerId,
    form: &Form,
    outcome: Result<Worker, Failure>,
) -> Result<HttpResponse, Failure> {
    match outcome {
        Ok(_worker) => Ok(call.done(paths::worker(id), "done-saved")),
        Err(failure) if parts::stays(&failure) => render(call, id, Some(form), Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}
