//! `GET /capacity`: the weeks ahead, and the orders whose day is at risk with the cheapest of what would help.

use std::collections::HashMap;
use std::rc::Rc;

use actix_web::HttpResponse;
use db::{DbError, Tx};
use fulfillment::capacity::{self, Asked, Capacity, Overfull, Week, WeekStrain};
use fulfillment::promises::{self, AtRisk, AtRiskKey};
use kernel::{Language, Page, Paging, PersonId, Typed};
use sales::costs;
use serde::{Deserialize, Serialize};
use workforce::skills::{self, Skill};

use super::chart::Chart;
use super::said::{DaysView, Way, help, named};
use crate::call::Call;
use crate::failure::Failure;
use crate::format::{self, Due};
use crate::orders::parts;
use crate::paths;
use crate::phrases::{address, said};

/// The address of the page.
const PAGE: &str = "/capacity";
/// How many orders at risk a page shows.
const ROWS: u16 = 20;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Query {
    skill: Typed,
    after: Typed,
}

struct Facts {
    now: chrono::DateTime<chrono::Utc>,
    capacity: Capacity,
    at_risk: Page<AtRisk, AtRiskKey>,
    is_waiting: bool,
    reckoned_at: Option<chrono::DateTime<chrono::Utc>>,
    skills: Vec<Skill>,
    names: HashMap<PersonId, String>,
}

/// What the town assumes that checking takes, in thousandths of the work; nothing where it assumed nothing.
pub(super) fn check_permille(tx: &mut Tx<'_>) -> Result<i64, DbError> {
    Ok(costs::standing(tx)?.map_or(0, |rates| i64::from(rates.check_percent) * 10))
}

fn facts(
    tx: &mut Tx<'_>,
    skill: Option<i64>,
    after: Option<AtRiskKey>,
    language: Language,
) -> Result<Facts, DbError> {
    let may_come = super::may_come(tx, None)?;
    let asked = Asked { skill: skill.map(skills::SkillId), check_permille: check_permille(tx)? };
    let at_risk = promises::at_risk(tx, &Paging { after, ..Paging::first(ROWS) })?;
    let capacity = capacity::ahead(tx, asked, &may_come)?;
    let overfull = capacity.overfull.iter().map(|one| one.person_id);
    let people = at_risk.items.iter().flat_map(|one| named(one.outlook.help)).chain(overfull);
    Ok(Facts {
        now: tx.now(),
        skills: skills::list(tx)?,
        names: parts::people(tx, language, people)?,
        capacity,
        at_risk,
        is_waiting: promises::is_waiting(tx)?,
        reckoned_at: promises::reckoned_last(tx)?,
    })
}

#[derive(Serialize)]
struct CapacityPage {
    title: String,
    answer: String,
    action: &'static str,
    filters: Vec<Filter>,
    is_empty: bool,
    chart: Chart,
    weeks: Vec<WeekRow>,
    basis: Vec<String>,
    /// Who holds more than they can do by its days.
    overfull: Vec<OverfullRow>,
    risks: Vec<RiskRow>,
    /// Not every open order has been reckoned yet.
    is_waiting: bool,
    /// When those at risk were reckoned; empty where nothing was.
    reckoned: String,
    next: String,
    first: String,
}

#[derive(Serialize)]
struct Filter {
    text: String,
    href: String,
    on: bool,
}

#[derive(Serialize)]
struct WeekRow {
    week: String,
    offered: String,
    supply: String,
    line: String,
    ordered: String,
    likely: String,
    fill: String,
    strain: String,
    tone: &'static str,
    icon: &'static str,
}

#[derive(Serialize)]
struct RiskRow {
    id: String,
    title: String,
    href: String,
    due: Due,
    days: DaysView,
    /// The day was moved since: it is reckoned anew, and what was reckoned before is not shown.
    is_moved: bool,
    help: String,
    /// Where that is done; none where it is done at the order.
    way: Option<Way>,
}

#[derive(Serialize)]
struct OverfullRow {
    name: String,
    missing: String,
    help: String,
    due: Due,
}

fn overfull_row(call: &Call, facts: &Facts, one: &Overfull) -> OverfullRow {
    let missing = format::duration(call.language, one.minutes);
    OverfullRow {
        name: facts.names.get(&one.person_id).cloned().unwrap_or_default(),
        missing: said(call, "capacity-overfull-missing", [("time", missing.as_str())]),
        help: parts::say_count(call, "capacity-overfull-help", one.units),
        due: format::due_on(call.language, facts.now, one.due_on),
    }
}

/// `GET /capacity`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let query: Query = call.query();
    let after = format::read_page_key::<AtRiskKey>(query.after.as_str());
    let skill: Option<i64> = query.skill.as_str().parse().ok();
    let language = call.language;
    let facts = call.db(move |tx| facts(tx, skill, after, language)).await?;
    let of_skill = skill.map(|skill| skill.to_string()).unwrap_or_default();
    let here = |key: &str| address(PAGE, &[("skill", &of_skill), ("after", key)]);
    let page = CapacityPage {
        title: call.text("capacity-title"),
        answer: answer(&call, &facts.capacity),
        action: "/capacity/reckon",
        filters: filters(&call, &facts.skills, skill),
        is_empty: facts.capacity.people == 0,
        chart: Chart::of(&facts.capacity.weeks),
        weeks: facts.capacity.weeks.iter().map(|week| week_row(&call, week)).collect(),
        basis: basis(&call, &facts.capacity),
        overfull: facts.capacity.overfull.iter().map(|one| overfull_row(&call, &facts, one)).collect(),
        risks: facts.at_risk.items.iter().map(|one| risk_row(&call, &facts, one)).collect(),
        is_waiting: facts.is_waiting,
        reckoned: facts.reckoned_at.map(|at| format::moment(call.language, at)).unwrap_or_default(),
        next: facts.at_risk.next.as_ref().map(|key| here(&format::page_key(key))).unwrap_or_default(),
        first: if after.is_some() { here("") } else { String::new() },
    };
    call.page("capacity/index.html", &page)
}

/// Each skill as a filter: the chosen one leads back to all.
fn filters(call: &Call, skills: &[Skill], chosen: Option<i64>) -> Vec<Filter> {
    let one = |skill: &Skill| {
        let on = chosen == Some(skill.id.0);
        let id = if on { String::new() } else { skill.id.to_string() };
        let text = said(call, "capacity-of-skill", [("skill", skill.name.as_str())]);
        Filter { text, href: address(PAGE, &[("skill", &id)]), on }
    };
    skills.iter().map(one).collect()
}

fn answer(call: &Call, capacity: &Capacity) -> String {
    let strained = |strain: WeekStrain| capacity.weeks.iter().find(|week| week.strain() == strain);
    let first = strained(WeekStrain::Over).or(strained(WeekStrain::Tight));
    match first {
        _ if capacity.people == 0 => call.text("capacity-answer-nobody"),
        None => call.text("capacity-answer-room"),
        Some(week) => {
            let key = if week.strain() == WeekStrain::Over {
                "capacity-answer-over"
            } else {
                "capacity-answer-tight"
            };
            said(call, key, [("week", &format::short_date(call.language, week.begins_on))])
        }
    }
}

fn week_row(call: &Call, week: &Week) -> WeekRow {
    let strain = week.strain();
    let (tone, icon) = match strain {
        WeekStrain::Room => ("good", "check"),
        WeekStrain::Tight => ("warn", "warning"),
        WeekStrain::Over => ("bad", "warning"),
    };
    let duration = |minutes: i64| format::duration(call.language, minutes);
    let days = [("from", week.begins_on), ("until", week.ends_on)]
        .map(|(name, day)| (name, format::short_date(call.language, day)));
    WeekRow {
        week: parts::say(call, "capacity-week-of", &days),
        offered: duration(week.offered),
        supply: duration(week.supply),
        line: duration(week.line()),
        ordered: duration(week.ordered),
        likely: duration(week.likely),
        fill: match week.supply {
            0 => String::new(),
            supply => format!("{}%", week.demand().saturating_mul(100) / supply),
        },
        strain: call.text(&format!("capacity-strain-{}", strain.code())),
        tone,
        icon,
    }
}

/// From what the weeks were reckoned.
fn basis(call: &Call, capacity: &Capacity) -> Vec<String> {
    let percent = |permille: i64| format!("{}%", (permille + 5) / 10);
    vec![
        parts::say_count(call, "capacity-basis-people", capacity.people),
        said(call, "capacity-basis-steady", [("share", &percent(capacity.steady_permille))]),
        said(call, "capacity-basis-redo", [("share", &percent(capacity.redo_permille))]),
        said(call, "capacity-basis-check", [("share", &percent(capacity.check_permille))]),
    ]
}

fn risk_row(call: &Call, facts: &Facts, one: &AtRisk) -> RiskRow {
    // What would help for another day says nothing of this one.
    let looks = Some(&one.outlook).filter(|_| !one.is_moved());
    RiskRow {
        id: format!("order-{}", one.outlook.order),
        title: one.title.clone(),
        href: paths::order(one.outlook.order),
        due: format::due(call.language, facts.now, one.due_on),
        days: looks.map_or_else(
            || DaysView::unknown(call, "capacity-moved"),
            |outlook| DaysView::of_order(call, outlook),
        ),
        is_moved: one.is_moved(),
        help: looks
            .and_then(|outlook| outlook.help.as_ref())
            .map(|one| help(call, one, &facts.names))
            .unwrap_or_default(),
        way: looks.and_then(|outlook| Way::of(call, outlook)),
    }
}

/// `POST /capacity/reckon`: everything is reckoned anew, soon.
pub(crate) async fn reckon(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    call.db(promises::reckon_soon).await?;
    Ok(call.done(PAGE, "done-reckoning"))
}
