//! Why a job was offered to a worker, or was not: their own place, their own share of their wish, and the rule that is the
//! same for everybody. Nothing of anybody else.

use std::rc::Rc;

use actix_web::HttpResponse;
use db::{DbError, Tx};
use fulfillment::jobs::{self, Job, OfferRule};
use fulfillment::offers::{self, Standing};
use fulfillment::rounds::{self, OpenPortion, Outcome, PortionState, RoundOfWorker, Why};
use kernel::{JobId, PersonId, date_in_japan};
use serde::Serialize;

use super::card;
use crate::api::{At, One};
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::jobs::rounds::percent;
use crate::orders::parts::{self, When};
use crate::paths;
use crate::shell::Crumb;

#[derive(Serialize)]
struct WhyPage {
    title: String,
    crumbs: Vec<Crumb>,
    /// What holds now.
    answer: String,
    /// How this job finds its people, where that is not in turn.
    rule: String,
    is_in_turn: bool,
    /// The offer, where it may be taken now.
    offer_href: String,
    rounds: Vec<RoundRow>,
}

/// What one round decided about the reader.
#[derive(Serialize)]
struct RoundRow {
    when: When,
    outcome: String,
    /// What they did about it; empty where they were not asked.
    did: String,
    place: String,
    level: String,
    /// How many rounds in a row said the same, in words; empty for one.
    times: String,
}

/// Rounds that follow each other and say the same are one, with the day of the newest.
fn folded(call: &Call, rows: impl Iterator<Item = RoundRow>) -> Vec<RoundRow> {
    let counted = |(row, times): (RoundRow, i64)| match times {
        1 => row,
        _ => RoundRow { times: parts::say_count(call, "why-times", times), ..row },
    };
    runs(rows, RoundRow::says_as).into_iter().map(counted).collect()
}

/// The first of each run of neighbours that are alike, with how many there are of it.
fn runs<T>(all: impl Iterator<Item = T>, are_alike: impl Fn(&T, &T) -> bool) -> Vec<(T, i64)> {
    let mut runs: Vec<(T, i64)> = Vec::new();
    for one in all {
        match runs.last_mut() {
            Some((first, times)) if are_alike(first, &one) => *times += 1,
            _ => runs.push((one, 1)),
        }
    }
    runs
}

impl RoundRow {
    fn says_as(&self, other: &Self) -> bool {
        let said = |one: &Self| [&one.outcome, &one.did, &one.place, &one.level].map(String::clone);
        said(self) == said(other)
    }
}

/// What the rounds decided, and how the job stands before its reader now.
struct Reasons {
    job: Job,
    why: Why,
    /// Its day has passed, and nothing of it has a later one.
    is_over: bool,
    /// They may take of it this very moment, whether or not they have the day off.
    may_take: bool,
}

fn read(tx: &mut Tx<'_>, person: PersonId, job: JobId) -> Result<Reasons, DbError> {
    let worker = card::worker(tx, person)?;
    let why = rounds::why(tx, worker.id, job)?;
    let card = match offers::standing(tx, worker.id, job) {
        Ok(Standing::Open(card)) => Some(card),
        Ok(_) | Err(DbError::NotFound) => None,
        Err(error) => return Err(error),
    };
    let job = jobs::find(tx, job)?;
    Ok(Reasons {
        is_over: card.is_none() && job.work_due_on < date_in_japan(tx.now()),
        may_take: card.is_some_and(|card| card.fitting_units > 0),
        job,
        why,
    })
}

/// What holds now, the first of these that does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Now {
    /// Nobody may take it any more, whatever else keeps it from them.
    Over,
    Portion(OpenPortion),
    /// Nothing new is put before them today; what lies there already may be taken.
    DayOff,
    Kept(Outcome),
    InTurn,
    Open,
    /// The next look at what is open to all puts it before them.
    Soon,
}

impl Now {
    fn of(why: &Why, is_in_turn: bool, is_over: bool, may_take: bool) -> Self {
        match (why.portion, why.today) {
            _ if is_over => Self::Over,
            (Some(portion), _) => Self::Portion(portion),
            (None, Some(Outcome::OffToday)) if may_take => Self::DayOff,
            (None, Some(reason)) => Self::Kept(reason),
            (None, None) if is_in_turn => Self::InTurn,
            (None, None) if why.is_before => Self::Open,
            (None, None) => Self::Soon,
        }
    }

    /// Whether the offer may be looked at, to be taken.
    fn leads_to_offer(self) -> bool {
        matches!(self, Self::Portion(_) | Self::DayOff | Self::Open)
    }

    fn says(self, call: &Call) -> String {
        match self {
            Self::Portion(portion) => {
                let until = format::full_moment(call.language, portion.answer_by);
                let facts = [("units", format::count(portion.units)), ("until", until)];
                parts::say(call, "why-answer-portion", &facts)
            }
            Self::Kept(reason) => {
                let reason = call.text(&parts::text_key("why-today", reason.as_str()));
                parts::say(call, "why-answer-today", &[("reason", reason)])
            }
            Self::Over => call.text("why-answer-over"),
            Self::DayOff => call.text("why-answer-day-off"),
            Self::InTurn => call.text("why-answer-turn"),
            Self::Open => call.text("why-answer-open"),
            Self::Soon => call.text("why-answer-soon"),
        }
    }
}

/// `GET /offers/{job}/why`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let (id, person): (JobId, _) = (call.id("job")?, call.person()?);
    let reasons = call.db(move |tx| read(tx, person, id)).await?;
    let Reasons { job, why, is_over, may_take } = reasons;
    let now = Now::of(&why, job.is_in_turn(), is_over, may_take);
    let page = WhyPage {
        title: parts::say(&call, "why-title", &[("job", job.title.clone())]),
        crumbs: vec![Crumb::new(&call, "nav-offers", "/offers")],
        answer: now.says(&call),
        rule: match (job.offer_rule, job.pool_opened_at) {
            _ if is_over => String::new(),
            (OfferRule::FirstCome, _) => call.text("why-first-come"),
            (OfferRule::Fair, Some(_)) => call.text("why-pool"),
            (OfferRule::Fair, None) => String::new(),
        },
        is_in_turn: job.offer_rule == OfferRule::Fair,
        offer_href: if now.leads_to_offer() { paths::offer(id) } else { String::new() },
        rounds: folded(&call, why.rounds.iter().map(|one| row(&call, one))),
    };
    call.page("offers/reasons.html", &page)
}

fn row(call: &Call, one: &RoundOfWorker) -> RoundRow {
    let RoundOfWorker { round, decision } = one;
    let units = [("units", format::count(decision.units.into()))];
    let did = |state: PortionState| {
        let claimed = decision.claimed.unwrap_or_default();
        if state == PortionState::Open && claimed == 0 {
            return call.text("why-did-open-none");
        }
        let counts = [("claimed", format::count(claimed.into()))];
        parts::say(call, &parts::text_key("why-did", state.as_str()), &counts)
    };
    let place = [
        ("place", format::count(decision.place.into())),
        ("candidates", format::count(round.candidates.into())),
    ];
    let level = |level: i32| {
        let facts = [
            ("level", percent(level.into())),
            ("granted", format::duration(call.language, decision.granted_minutes.into())),
            ("wished", format::duration(call.language, decision.wished_minutes.into())),
        ];
        parts::say(call, "why-level-value", &facts)
    };
    let is_in_line = decision.outcome.is_in_line();
    RoundRow {
        when: When::of(call.language, round.began_at),
        outcome: outcome(call, decision.outcome, &units),
        did: decision.answer.map(did).unwrap_or_default(),
        place: if is_in_line { parts::say(call, "why-place-value", &place) } else { String::new() },
        level: decision.level_per_mille.filter(|_| is_in_line).map(level).unwrap_or_default(),
        times: String::new(),
    }
}

fn outcome(call: &Call, outcome: Outcome, units: &[(&'static str, String)]) -> String {
    parts::say(call, &parts::text_key("why-outcome", outcome.as_str()), units)
}

/// `GET /api/v1/offers/{job}/why`
pub(crate) async fn api(call: Rc<Call>, At(job): At<JobId>) -> Result<One<Why>, Failure> {
    let person = call.person()?;
    call.db(move |tx| read(tx, person, job)).await.map(|reasons| One(reasons.why))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_that_has_passed_goes_before_every_other_reason_and_a_day_off_keeps_nobody_from_taking() {
        let why = |today| Why {
            rule: OfferRule::FirstCome,
            open_to_all_since: None,
            rounds: Vec::new(),
            portion: None,
            today,
            is_before: true,
        };
        let off = why(Some(Outcome::OffToday));
        assert_eq!(Now::of(&off, false, true, false), Now::Over);
        assert_eq!(Now::of(&why(Some(Outcome::NoTime)), false, true, false), Now::Over);
        assert_eq!(Now::of(&off, false, false, true), Now::DayOff);
        assert_eq!(Now::of(&off, false, false, false), Now::Kept(Outcome::OffToday));
        assert_eq!(Now::of(&why(None), false, false, true), Now::Open);
        assert!(Now::DayOff.leads_to_offer() && !Now::Over.leads_to_offer());
    }

    #[test]
    fn neighbours_that_are_alike_are_one_and_the_newest_stands_for_them() {
        let all = [(9, "a"), (8, "a"), (7, "b"), (6, "a")];
        let folded = runs(all.into_iter(), |one, other| one.1 == other.1);
        assert_eq!(folded, [((9, "a"), 2), ((7, "b"), 1), ((6, "a"), 1)]);
        assert_eq!(runs(std::iter::empty::<i32>(), |one, other| one == other), []);
    }
}
