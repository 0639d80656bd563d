//! How a job was shared out: each round with its seed, who was asked, what they answered, and why the others were not.

use std::collections::HashMap;
use std::rc::Rc;

use actix_web::HttpResponse;
use db::{DbError, Tx};
use fulfillment::jobs::{self, Job, OfferRule};
use fulfillment::orders::{self, Order};
use fulfillment::rounds::{self, Decision, MOST_WAVES, PlaceKey, PortionState, Round, RoundKey, RoundKind};
use kernel::{JobId, Language, Page, Paging, PersonId, WorkerId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use workforce::workers;

use crate::api::{At, Chosen, Listed, Paged, Query as Asked};
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::orders::parts::{self, When};
use crate::paths;
use crate::shell::Crumb;

/// How many rounds, and how many people, a page shows.
const ROUNDS: u16 = 10;
const PEOPLE: u16 = 50;

pub(super) fn path(job: JobId) -> String {
    format!("{}/rounds", paths::job(job))
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Query {
    /// The number of the round that is shown; the newest without.
    round: String,
    /// Older rounds than this.
    before: String,
    /// People after this place.
    after: String,
}

struct Facts {
    job: Job,
    order: Order,
    rounds: Page<Round, RoundKey>,
    newest: Option<Round>,
    shown: Option<(Round, Page<Decision, PlaceKey>)>,
    people: HashMap<WorkerId, PersonId>,
    names: HashMap<PersonId, String>,
}

fn facts(
    tx: &mut Tx<'_>,
    id: JobId,
    language: Language,
    number: Option<i32>,
    (before, after): (Option<RoundKey>, Option<PlaceKey>),
) -> Result<Facts, DbError> {
    let job = jobs::find(tx, id)?;
    let rounds = rounds::of_job(tx, id, &Paging { after: before, ..Paging::first(ROUNDS) })?;
    let newest = newest(tx, id)?;
    let round = match number {
        Some(number) => Some(rounds::find(tx, id, number)?),
        None => rounds.items.first().copied(),
    };
    let shown = match round {
        Some(round) => {
            Some((round, rounds::decisions(tx, round.id, &Paging { after, ..Paging::first(PEOPLE) })?))
        }
        None => None,
    };
    let ids: Vec<WorkerId> =
        shown.iter().flat_map(|(_, page)| page.items.iter().map(|one| one.worker)).collect();
    let people = workers::people_of(tx, &ids)?;
    Ok(Facts {
        order: orders::find(tx, job.order_id)?,
        names: parts::people(tx, language, people.values().copied())?,
        job,
        rounds,
        newest,
        shown,
        people,
    })
}

/// The newest round of a job; none before the first.
pub(super) fn newest(tx: &mut Tx<'_>, id: JobId) -> Result<Option<Round>, DbError> {
    Ok(rounds::of_job(tx, id, &Paging::first(1))?.items.pop())
}

#[derive(Serialize)]
struct RoundsPage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    /// How the job finds its people, where it is not in turn; empty where it is.
    rule: String,
    rounds: Vec<RoundRow>,
    older: String,
    newest: String,
    shown: Option<Shown>,
}

#[derive(Serialize)]
struct RoundRow {
    name: String,
    href: String,
    current: bool,
    when: When,
    waiting: String,
    candidates: String,
    answer_by: Option<When>,
}

/// One round with a page of its people.
#[derive(Serialize)]
struct Shown {
    name: String,
    /// How its order was made, or who may take of it.
    note: String,
    rows: Vec<Row>,
    count: String,
    next: String,
    first: String,
}

#[derive(Serialize)]
struct Row {
    name: String,
    href: String,
    outcome: String,
    /// What became of their portion: `3件のうち2件を引き受けた`.
    answer: String,
    /// Their place in the line; empty for those who did not stand in it.
    place: String,
    level: String,
    granted: String,
    wished: String,
}

/// `GET /jobs/{id}/rounds`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: JobId = call.id("id")?;
    let query: Query = call.query();
    let number: Option<i32> = query.round.parse().ok();
    let keys =
        (format::read_page_key::<RoundKey>(&query.before), format::read_page_key::<PlaceKey>(&query.after));
    let language = call.language;
    let facts = call.db(move |tx| facts(tx, id, language, number, keys)).await?;
    let here = path(id);
    let shown_number = facts.shown.as_ref().map(|(round, _)| round.number);
    let page = RoundsPage {
        title: call.text("rounds-title"),
        crumbs: vec![
            Crumb::new(&call, "nav-orders", "/orders"),
            Crumb::named(&facts.order.title, paths::order(facts.order.id)),
            Crumb::named(&facts.job.title, paths::job(id)),
        ],
        answer: course(&call, &facts.job, facts.newest.as_ref()),
        rule: match facts.job.offer_rule {
            OfferRule::Fair => String::new(),
            OfferRule::FirstCome => call.text("rounds-first-come"),
        },
        rounds: facts.rounds.items.iter().map(|round| round_row(&call, round, shown_number, &here)).collect(),
        older: facts
            .rounds
            .next
            .as_ref()
            .map(|key| format!("{here}?before={}", format::page_key(key)))
            .unwrap_or_default(),
        newest: if keys.0.is_some() { here.clone() } else { String::new() },
        shown: facts
            .shown
            .as_ref()
            .map(|(round, people)| shown(&call, &facts, round, people, keys.1.is_some())),
    };
    call.page("jobs/rounds.html", &page)
}

/// The page of a job's rounds; empty while there is nothing to be said of it.
pub(super) fn href(job: &Job) -> String {
    if job.offer_wave > 0 || job.open_to_all_since().is_some() { path(job.id) } else { String::new() }
}

/// That nobody takes what coordination was told of, and what to do; empty where nothing is wrong.
pub(super) fn unclaimed(call: &Call, job: &Job, waiting: i64, has_stood: bool) -> String {
    match job.pool_alerted_at {
        Some(_) if waiting > 0 && has_stood => call.text("jobs-unclaimed-text"),
        Some(_) if waiting > 0 => call.text("jobs-unclaimed-nobody"),
        _ => String::new(),
    }
}

/// Where the offering of a job stands, in a sentence; `newest` is its newest round.
pub(super) fn course(call: &Call, job: &Job, newest: Option<&Round>) -> String {
    let named = newest.filter(|round| round.kind == RoundKind::Named && job.is_in_turn());
    if let Some(answer_by) = named.and_then(|round| round.answer_by) {
        let until = format::full_moment(call.language, answer_by);
        return parts::say(call, "rounds-course-named", &[("until", until)]);
    }
    match job.open_to_all_since() {
        Some(opened_at) => {
            let since = format::full_moment(call.language, opened_at);
            let key = match job.offer_rule {
                OfferRule::Fair => "rounds-course-pool",
                OfferRule::FirstCome => "rounds-course-first-come",
            };
            parts::say(call, key, &[("since", since)])
        }
        None if job.offer_wave == 0 => call.text("rounds-course-none"),
        None => {
            let counts = [("wave", job.offer_wave.to_string()), ("most", MOST_WAVES.to_string())];
            parts::say(call, "rounds-course-turn", &counts)
        }
    }
}

fn name(call: &Call, round: &Round) -> String {
    let key = match round.kind {
        RoundKind::Round => "rounds-name",
        RoundKind::Pool => "rounds-name-pool",
        RoundKind::Named => "rounds-name-named",
    };
    parts::say(call, key, &[("number", round.number.to_string())])
}

fn round_row(call: &Call, round: &Round, shown: Option<i32>, here: &str) -> RoundRow {
    RoundRow {
        name: name(call, round),
        href: format!("{here}?round={}", round.number),
        current: shown == Some(round.number),
        when: When::of(call.language, round.began_at),
        waiting: format::count(round.waiting_units.into()),
        candidates: format::count(round.candidates.into()),
        answer_by: round.answer_by.map(|at| When::of(call.language, at)),
    }
}

fn shown(
    call: &Call,
    facts: &Facts,
    round: &Round,
    people: &Page<Decision, PlaceKey>,
    is_later: bool,
) -> Shown {
    let here = format!("{}?round={}", path(round.job), round.number);
    let next = people.next.as_ref().map(|key| format!("{here}&after={}", format::page_key(key)));
    Shown {
        name: name(call, round),
        note: note(call, &facts.job, round),
        count: parts::say_count(
            call,
            "rounds-people-shown",
            i64::try_from(people.items.len()).unwrap_or(i64::MAX),
        ),
        rows: people.items.iter().map(|one| row(call, facts, one)).collect(),
        next: next.unwrap_or_default(),
        first: if is_later { here } else { String::new() },
    }
}

fn note(call: &Call, job: &Job, round: &Round) -> String {
    match (round.kind, job.offer_rule) {
        (RoundKind::Pool, _) if round.candidates == 0 => call.text("rounds-pool-note-nobody"),
        (RoundKind::Pool, OfferRule::Fair) => call.text("rounds-pool-note"),
        (RoundKind::Pool, OfferRule::FirstCome) => call.text("rounds-first-come-note"),
        (RoundKind::Round | RoundKind::Named, _) => {
            parts::say(call, "rounds-seed", &[("seed", rounds::seed_in_hex(round.seed))])
        }
    }
}

fn row(call: &Call, facts: &Facts, one: &Decision) -> Row {
    let person = facts.people.get(&one.worker);
    Row {
        name: person.and_then(|person| facts.names.get(person)).cloned().unwrap_or_default(),
        href: paths::worker(one.worker),
        outcome: call.text(&parts::text_key("round-outcome", one.outcome.as_str())),
        answer: answer(call, one),
        place: if one.outcome.is_in_line() { format::count(one.place.into()) } else { String::new() },
        level: one.level_per_mille.map(|level| percent(level.into())).unwrap_or_default(),
        granted: format::duration(call.language, one.granted_minutes.into()),
        wished: format::duration(call.language, one.wished_minutes.into()),
    }
}

fn answer(call: &Call, one: &Decision) -> String {
    let Some(state) = one.answer else { return String::new() };
    let counts = [
        ("units", format::count(one.units.into())),
        ("claimed", format::count(one.claimed.unwrap_or_default().into())),
    ];
    let key = parts::text_key("round-answer", state.as_str());
    let has_none = one.claimed == Some(0) && matches!(state, PortionState::Open | PortionState::Declined);
    parts::say(call, &if has_none { format!("{key}-none") } else { key }, &counts)
}

/// Thousandths in percent: `62.5%`.
pub(crate) fn percent(per_mille: i64) -> String {
    format!("{}.{}%", per_mille / 10, per_mille % 10)
}

/// `GET /api/v1/jobs/{id}/rounds`
pub(crate) async fn list(
    call: Rc<Call>,
    At(id): At<JobId>,
    Asked(paged): Asked<Paged>,
) -> Result<Listed<Round>, Failure> {
    let paging = paged.paging::<RoundKey>()?;
    let page = call.db(move |tx| -> Result<_, DbError> {
        let job = jobs::find(tx, id)?;
        rounds::of_job(tx, job.id, &paging)
    });
    Ok(page.await?.into())
}

/// Which round.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct RoundQuery {
    /// Its number; the newest where none is given.
    round: Chosen<i32>,
}

/// `GET /api/v1/jobs/{id}/round-decisions`
pub(crate) async fn decisions(
    call: Rc<Call>,
    At(id): At<JobId>,
    Asked(wanted): Asked<RoundQuery>,
    Asked(paged): Asked<Paged>,
) -> Result<Listed<Decision>, Failure> {
    let paging = paged.paging::<PlaceKey>()?;
    let page = call.db(move |tx| -> Result<_, DbError> {
        let job = jobs::find(tx, id)?;
        let round = match wanted.round.0 {
            Some(number) => Some(rounds::find(tx, job.id, number)?),
            None => rounds::of_job(tx, job.id, &Paging::first(1))?.items.pop(),
        };
        match round {
            Some(round) => rounds::decisions(tx, round.id, &paging),
            None => Ok(Page { items: Vec::new(), next: None }),
        }
    });
    Ok(page.await?.into())
}
