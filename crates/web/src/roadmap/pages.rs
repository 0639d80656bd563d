//! `/roadmap`: a fiscal year's roadmap.

use std::collections::BTreeMap;
use std::rc::Rc;

use accounts::{Person, persons};
use actix_web::HttpResponse;
use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use kernel::{FiscalYear, Period, PersonId, Span, Typed, date_in_japan};
use sales::roadmaps::{self, Milestone, MilestoneId, MilestoneState, Standing};
use sales::targets;
use serde::{Deserialize, Serialize};

use super::picture::{MONTHS, Picture, YEAR, near};
use super::reading::{missing, sentence};
use super::{HERE, path};
use crate::call::Call;
use crate::failure::Failure;
use crate::format::{self, Due};
use crate::phrases::{self, said};
use crate::steering;
use crate::targets::may_steer;

/// Which year.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct YearQuery {
    pub(super) year: Typed,
}

#[derive(Serialize)]
struct RoadmapPage {
    title: String,
    answer: String,
    year: String,
    as_of: String,
    may_steer: bool,
    enter: String,
    years: Vec<Tab>,
    picture: Option<Picture>,
    /// Whether the picture has a sheet of paper to itself.
    is_long: bool,
    /// The months that are near, for phones; none where nothing lies in them.
    near: Option<Picture>,
    /// Which months those are, and where the others’ milestones stand.
    near_means: String,
    /// What the picture shows, for readers who cannot see it.
    alt: String,
    rows: Vec<Row>,
}

/// A choice among years.
#[derive(Serialize)]
struct Tab {
    label: String,
    href: String,
    current: bool,
    count: String,
}

/// A milestone in the table.
#[derive(Serialize)]
pub(super) struct Row {
    id: String,
    title: String,
    href: String,
    owner: String,
    due: Due,
    first: String,
    slipped: String,
    pub(super) state: MilestoneState,
    done: String,
    is_late: bool,
    reads: String,
    is_short: bool,
    waits: Vec<String>,
    /// Something it waits for is planned for a later day.
    is_squeezed: bool,
}

pub(super) struct Facts {
    pub(super) year: FiscalYear,
    this_year: FiscalYear,
    first: NaiveDate,
    pub(super) standing: Vec<Standing>,
    /// What these wait for and stands in another year's roadmap.
    elsewhere: Vec<Milestone>,
    pub(super) people: BTreeMap<PersonId, Person>,
    pub(super) now: DateTime<Utc>,
}

fn facts(tx: &mut Tx<'_>, year: Option<FiscalYear>) -> Result<Facts, DbError> {
    let (this_year, _) = targets::this_year(tx)?;
    let year = year.unwrap_or(this_year);
    let standing = roadmaps::standing(tx, year)?;
    let standing = steering::with_actuals(tx, standing)?;
    let named: Vec<PersonId> = standing.iter().map(|one| one.milestone.owner_id).collect();
    let needed: Vec<MilestoneId> = standing.iter().flat_map(|one| one.milestone.needs.clone()).collect();
    let mut elsewhere = roadmaps::find_many(tx, &needed)?;
    elsewhere.retain(|one| one.fiscal_year != year);
    Ok(Facts {
        first: targets::first_day_of(tx, year)?,
        people: persons::find_many(tx, &named)?,
        now: tx.now(),
        year,
        this_year,
        standing,
        elsewhere,
    })
}

/// What a milestone is called beside those of `year`: one of another year with its year.
pub(super) fn title_beside(call: &Call, year: FiscalYear, one: &Milestone) -> String {
    if one.fiscal_year == year {
        return one.title.clone();
    }
    let of = phrases::fiscal_year_alone(call, one.fiscal_year);
    said(call, "milestone-of-year", [("title", one.title.as_str()), ("year", of.as_str())])
}

/// How much later than planned at first; empty where it is not.
pub(super) fn slipped(call: &Call, one: &Standing) -> String {
    match one.slipped_days {
        0 => String::new(),
        days @ 1.. if one.milestone.done_on.is_some() => {
            phrases::counted(call, "milestone-reached-late", "days", days)
        }
        days @ 1.. => phrases::counted(call, "milestone-slipped", "days", days),
        days => phrases::counted(call, "milestone-sooner", "days", -days),
    }
}

fn row(call: &Call, facts: &Facts, one: &Standing) -> Row {
    let milestone = &one.milestone;
    let title = |id: &MilestoneId| {
        let of_year = facts.standing.iter().map(|other| &other.milestone);
        let mut known = of_year.chain(&facts.elsewhere);
        known.find(|other| other.id == *id).map(|other| title_beside(call, facts.year, other))
    };
    let owner = facts.people.get(&milestone.owner_id).map(|person| person.name_in(call.language));
    let is_planned = milestone.state == MilestoneState::Planned;
    Row {
        id: format!("milestone-{}", milestone.id),
        title: milestone.title.clone(),
        href: path(milestone.id),
        owner: owner.unwrap_or_default(),
        due: if is_planned {
            format::due_on(call.language, facts.now, milestone.due_on)
        } else {
            format::day(call.language, milestone.due_on)
        },
        first: format::short_date(call.language, milestone.planned_on),
        slipped: slipped(call, one),
        state: milestone.state,
        done: milestone.done_on.map(|day| format::short_date(call.language, day)).unwrap_or_default(),
        is_late: one.is_late,
        reads: sentence(call.language, milestone, one.reading.as_ref()),
        is_short: one.is_short() || one.is_done_short(),
        waits: milestone.needs.iter().filter_map(title).collect(),
        is_squeezed: !one.later_needs.is_empty(),
    }
}

fn years(call: &Call, facts: &Facts) -> Vec<Tab> {
    let near = [facts.this_year.0 + 1, facts.this_year.0, facts.this_year.0 - 1, facts.year.0];
    let mut years: Vec<i32> = near.to_vec();
    years.sort_unstable_by(|one, other| other.cmp(one));
    years.dedup();
    let tab = |year: i32| Tab {
        label: phrases::fiscal_year(call, FiscalYear(year)),
        href: phrases::address(HERE, &[("year", &year.to_string())]),
        current: year == facts.year.0,
        count: String::new(),
    };
    years.into_iter().map(tab).collect()
}

/// How many are done, to be reached and late, in one sentence.
fn answer(call: &Call, standing: &[Standing]) -> String {
    // That there are none is said below.
    if standing.is_empty() {
        return String::new();
    }
    let count = |is: fn(&Standing) -> bool| {
        format::count(i64::try_from(standing.iter().filter(|one| is(one)).count()).unwrap_or_default())
    };
    let words = [
        ("done", count(|one| one.milestone.state == MilestoneState::Done)),
        ("planned", count(|one| one.milestone.state == MilestoneState::Planned)),
        ("late", count(|one| one.is_late)),
        ("short", count(Standing::is_short)),
    ];
    said(call, "roadmap-answer", words.each_ref().map(|(name, text)| (*name, text.as_str())))
}

/// Which months the picture for phones shows.
fn near_means(call: &Call, Span { first, last }: Span) -> String {
    let month = |day| format::short_month(call.language, day);
    said(call, "roadmap-near", [("from", month(first).as_str()), ("to", month(last).as_str())])
}

/// `GET /roadmap`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let year: Option<FiscalYear> = call.query::<YearQuery>().year.as_str().parse().ok();
    let facts = call.db(move |tx| facts(tx, year)).await?;
    let span = Period::Year.span(facts.first);
    let label = |one: &Standing| {
        let reading = one.reading.as_ref().filter(|_| one.is_short());
        missing(call.language, one.milestone.metric, reading)
    };
    let today = date_in_japan(facts.now);
    let seen = |layout, span| {
        let picture = Picture::of((layout, call.language), span, today, &facts.standing, label);
        (!picture.is_empty()).then_some(picture)
    };
    let answer = answer(&call, &facts.standing);
    let (picture, months) = (seen(YEAR, span), near(span, today));
    let page = RoadmapPage {
        title: call.text("roadmap-title"),
        is_long: picture.as_ref().is_some_and(Picture::is_long),
        picture,
        year: phrases::fiscal_year(&call, facts.year),
        as_of: format::full_date(call.language, today),
        may_steer: may_steer(&call),
        enter: phrases::address(&format!("{HERE}/milestones/new"), &[("year", &facts.year.to_string())]),
        years: years(&call, &facts),
        near: seen(MONTHS, months),
        near_means: near_means(&call, months),
        alt: answer.clone(),
        answer,
        rows: facts.standing.iter().map(|one| row(&call, &facts, one)).collect(),
    };
    call.page("roadmap/index.html", &page)
}
