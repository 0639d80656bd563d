//! `/targets`: how far the fiscal year is.

use std::collections::BTreeMap;
use std::rc::Rc;

use accounts::{Person, persons};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use db::{DbError, Tx};
use kernel::{FiscalYear, Period, PersonId, Span, Typed, date_in_japan};
use sales::targets::{self, Basis, Metric, Pace, Paced, Plan, PlanInput, Progress, Sample, Standing};
use serde::{Deserialize, Serialize};

use super::picture::{picture, reached};
use super::sums::{Naming, RollUpRow};
use super::{HERE, may_steer, path, words};
use crate::analyses::picture::Bars;
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::phrases::{self, Choice, counted, said};
use crate::steering::standing;

/// Which year, and whether every period of it is shown.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct YearQuery {
    year: Typed,
    all: Typed,
}

#[derive(Serialize)]
struct YearPage {
    title: String,
    answer: String,
    picture: Option<Bars>,
    as_of: String,
    /// The version that holds, in words; empty where none was ever opened.
    version: String,
    /// Which days the targets are of, where they are not the year’s; empty where they are.
    other_days: String,
    is_draft: bool,
    may_steer: bool,
    /// The version that is worked on; empty where none is open.
    edit: String,
    years: Vec<Chip>,
    tabs: Vec<Chip>,
    rows: Vec<Row>,
    roll_ups: Vec<RollUpRow>,
    sample: String,
    versions: Vec<Version>,
    year: i32,
    form: FormView,
}

/// A choice among years or among what is shown.
#[derive(Serialize)]
struct Chip {
    label: String,
    href: String,
    current: bool,
    count: String,
}

#[derive(Serialize)]
struct Row {
    id: String,
    name: String,
    of: String,
    period: String,
    target: String,
    actual: String,
    /// How much of the target that is, in words.
    reached: String,
    gap: String,
    pace: Option<PaceView>,
    /// What is said where there is no pace.
    no_pace: String,
    needed: String,
}

/// A pace as a bar and in words.
#[derive(Serialize)]
struct PaceView {
    percent: i64,
    expected: i64,
    label: String,
    tone: &'static str,
    word: String,
    icon: &'static str,
}

#[derive(Serialize)]
struct Version {
    name: String,
    href: String,
    text: Vec<String>,
    is_open: bool,
    holds: bool,
}

struct Facts {
    year: FiscalYear,
    this_year: FiscalYear,
    /// The year's days, as the town's years begin now.
    days: Span,
    standing: Option<Standing>,
    plans: Vec<Plan>,
    people: BTreeMap<PersonId, Person>,
    today: chrono::NaiveDate,
}

fn facts(tx: &mut Tx<'_>, year: Option<FiscalYear>) -> Result<Facts, DbError> {
    let (this_year, _) = targets::this_year(tx)?;
    let year = year.unwrap_or(this_year);
    let (standing, plans) = (standing(tx, year)?, targets::plans(tx)?);
    let mut named: Vec<PersonId> = plans.iter().map(|plan| plan.person_id).collect();
    if let Some(standing) = &standing {
        named.extend(standing.targets.iter().filter_map(|one| one.target.person_id));
    }
    let people = persons::find_many(tx, &named)?;
    let days = Period::Year.span(targets::first_day_of(tx, year)?);
    Ok(Facts { year, this_year, days, standing, plans, people, today: date_in_japan(tx.now()) })
}

/// Which days the targets are of, where the town's years began in another month when they were set.
fn other_days(call: &Call, facts: &Facts) -> String {
    let set_for = facts.standing.as_ref().map(|standing| standing.plan.span(Period::Year));
    let Some(days) = set_for.filter(|days| *days != facts.days) else { return String::new() };
    let day = |day| format::full_date(call.language, day);
    said(call, "targets-other-days", [("first", day(days.first).as_str()), ("last", day(days.last).as_str())])
}

/// The sentence somebody comes for: the town's orders of the year against their target.
fn answer(call: &Call, standing: &Standing) -> String {
    let Some(orders) = standing.orders_of_year() else {
        return counted(
            call,
            "targets-answer",
            "count",
            i64::try_from(standing.targets.len()).unwrap_or_default(),
        );
    };
    let yen = |amount: i64| words::value(call.language, Metric::OrdersYen, amount);
    let reached = said(
        call,
        "targets-answer-orders",
        [
            ("actual", yen(orders.actual.unwrap_or_default()).as_str()),
            ("target", yen(orders.target.value).as_str()),
        ],
    );
    said(
        call,
        "targets-answer-pace",
        [("reached", reached.as_str()), ("pace", pace(call, orders.into()).as_str())],
    )
}

/// The pace of what has one, in words.
fn pace(call: &Call, one: Paced) -> String {
    one.pace.map_or_else(|| call.text("target-pace-unknown"), |pace| pace_word(call, one.metric, pace))
}

/// A target and its pace, for a tile that says what is reached: `目標19,100,000円、2,671,068円遅れ`.
pub(crate) fn beside(call: &Call, one: Paced) -> String {
    let target = words::value(call.language, one.metric, one.target);
    said(call, "target-beside", [("target", target.as_str()), ("pace", pace(call, one).as_str())])
}

fn pace_word(call: &Call, metric: Metric, pace: Pace) -> String {
    let key = match pace.ahead {
        0 if pace.elapsed == 0 => return call.text("target-pace-to-come"),
        0 => return call.text("target-pace-even"),
        1.. => "target-pace-ahead",
        _ => "target-pace-behind",
    };
    said(call, key, [("amount", words::value(call.language, metric, pace.ahead.abs()).as_str())])
}

/// A whole percentage for a bar.
fn percent(part: i64, whole: i64) -> i64 {
    let share = i128::from(part.max(0)) * 100 / i128::from(whole.max(1));
    i64::try_from(share.min(100)).unwrap_or(100)
}

impl PaceView {
    fn of(call: &Call, one: &Progress) -> Option<Self> {
        let (pace, actual) = (one.pace?, one.actual?);
        let word = pace_word(call, one.target.metric, pace);
        let (tone, icon) = match pace.ahead {
            0 if pace.elapsed == 0 => ("info", "clock"),
            ..0 => ("warn", "warning"),
            0.. => ("good", "check"),
        };
        let (business_days, elapsed) = (format::count(pace.business_days), format::count(pace.elapsed));
        let expected = words::value(call.language, one.target.metric, pace.expected);
        Some(Self {
            percent: percent(actual, one.target.value),
            expected: percent(pace.expected, one.target.value),
            label: said(
                call,
                "target-pace-label",
                [
                    ("elapsed", elapsed.as_str()),
                    ("days", business_days.as_str()),
                    ("expected", expected.as_str()),
                    ("word", word.as_str()),
                ],
            ),
            tone,
            icon,
            word,
        })
    }
}

/// What it takes, with the sample it comes from.
fn needed(call: &Call, one: &Progress, sample: &Sample) -> String {
    let Some(needed) = one.needed else {
        let is_missing = one.gap.is_some_and(|gap| gap > 0)
            && matches!(one.target.metric, Metric::OrdersYen | Metric::NewClients)
            && sample.won == 0;
        return if is_missing { call.text("target-needed-unknown") } else { String::new() };
    };
    let (deals, of) = (format::count(needed.deals), format::count(needed.sample));
    let key = match needed.basis {
        Basis::All => "target-needed",
        Basis::NewClients => "target-needed-new",
        Basis::AllForNew => "target-needed-all-for-new",
    };
    let decisions = said(call, key, [("deals", deals.as_str()), ("sample", of.as_str())]);
    match needed.minutes {
        Some(minutes) => {
            let hours = format::duration(call.language, minutes);
            said(call, "target-needed-hours", [("decisions", decisions.as_str()), ("hours", hours.as_str())])
        }
        None => decisions,
    }
}

fn row(call: &Call, facts: &Facts, standing: &Standing, one: &Progress) -> Row {
    let target = &one.target;
    let value = |number: i64| words::value(call.language, target.metric, number);
    let none = || call.text("target-unknown");
    let pace = PaceView::of(call, one);
    let no_pace = match (&pace, target.metric.adds_up()) {
        (None, true) if one.actual.is_some() => call.text("target-pace-unknown"),
        _ => String::new(),
    };
    Row {
        id: format!("target-{}", target.id),
        name: words::metric(call.language, target.metric),
        of: words::scope(call.language, target, target.person_id.and_then(|id| facts.people.get(&id))),
        period: words::period(call.language, standing.plan.starts_on, target.period),
        target: value(target.value),
        actual: one.actual.map_or_else(none, value),
        reached: reached(call, one),
        gap: one.gap.map_or_else(none, |gap| if gap > 0 { value(gap) } else { call.text("target-reached") }),
        pace,
        no_pace,
        needed: needed(call, one, &standing.sample),
    }
}

/// What the targets that hold are called.
fn naming<'a>(call: &'a Call, facts: &'a Facts, standing: &Standing) -> Naming<'a> {
    Naming { call, people: &facts.people, starts_on: standing.plan.starts_on }
}

/// What the reckoning of what is needed rests on.
fn sample(call: &Call, sample: &Sample) -> String {
    let (Some(permille), Some(average)) = (sample.win_permille(), sample.average()) else {
        return call.text("targets-sample-none");
    };
    let words = [
        ("won", format::count(sample.won)),
        ("decided", format::count(sample.size())),
        ("rate", format!("{}.{}%", permille / 10, permille % 10)),
        ("average", format::yen(call.language, average)),
    ];
    said(call, "targets-sample", words.each_ref().map(|(name, text)| (*name, text.as_str())))
}

fn version(call: &Call, facts: &Facts, plan: &Plan) -> Version {
    let who =
        facts.people.get(&plan.person_id).map(|person| person.name_in(call.language)).unwrap_or_default();
    Version {
        name: version_name(call, plan),
        href: path(plan.id),
        text: vec![
            plan.reason.clone(),
            who,
            format::full_date(call.language, date_in_japan(plan.created_at)),
        ],
        is_open: plan.closed_at.is_none(),
        holds: facts.standing.as_ref().is_some_and(|standing| standing.plan.id == plan.id),
    }
}

/// `2026年度 第2版`
pub(super) fn version_name(call: &Call, plan: &Plan) -> String {
    let (year, number) = (phrases::fiscal_year(call, plan.fiscal_year), plan.number.to_string());
    said(call, "targets-version", [("year", year.as_str()), ("number", number.as_str())])
}

fn years(call: &Call, facts: &Facts) -> Vec<Chip> {
    let mut years: Vec<FiscalYear> = facts.plans.iter().map(|plan| plan.fiscal_year).collect();
    years.extend([facts.this_year, facts.year]);
    years.sort_unstable_by(|one, other| other.cmp(one));
    years.dedup();
    let chip = |year: FiscalYear| Chip {
        label: phrases::fiscal_year(call, year),
        href: phrases::address(HERE, &[("year", &year.to_string())]),
        current: year == facts.year,
        count: String::new(),
    };
    years.into_iter().map(chip).collect()
}

/// Targets of periods that hold today, or all of them.
fn shown<'a>(facts: &Facts, standing: &'a Standing, all: bool) -> Vec<&'a Progress> {
    let runs = |one: &&Progress| all || one.span.holds(facts.today);
    standing.targets.iter().filter(runs).collect()
}

fn tabs(call: &Call, facts: &Facts, standing: &Standing, all: bool) -> Vec<Chip> {
    let year = facts.year.to_string();
    let tab = |key: &str, every: bool| Chip {
        label: call.text(key),
        href: phrases::address(HERE, &[("year", &year), ("all", if every { "yes" } else { "" })]),
        current: every == all,
        count: format::count(i64::try_from(shown(facts, standing, every).len()).unwrap_or_default()),
    };
    vec![tab("targets-running", false), tab("targets-all", true)]
}

async fn page(call: &Call, returned: Option<(&Form, &Failure)>) -> Result<HttpResponse, Failure> {
    let query: YearQuery = call.query();
    let year: Option<FiscalYear> = query.year.as_str().parse().ok();
    let facts = call.db(move |tx| facts(tx, year)).await?;
    let standing = facts.standing.as_ref();
    // A year that is over or has not begun has no running periods.
    let runs = standing.is_some_and(|standing| !shown(&facts, standing, false).is_empty());
    let all = query.all.as_str() == "yes" || !runs;
    let of_year = || facts.plans.iter().filter(|plan| plan.fiscal_year == facts.year);
    let fresh = Form::default().preset("fiscal_year", facts.year);
    let answer = standing.map_or_else(|| call.text("targets-none-answer"), |standing| answer(call, standing));
    let page = YearPage {
        title: call.text("targets-title"),
        picture: standing.and_then(|standing| {
            let (naming, named) = (naming(call, &facts, standing), shown(&facts, standing, all).into_iter());
            picture(call, &answer, named.map(|one| (naming.short(&one.target), one)))
        }),
        answer,
        as_of: format::full_date(call.language, facts.today),
        version: standing.map(|standing| version_name(call, &standing.plan)).unwrap_or_default(),
        other_days: other_days(call, &facts),
        is_draft: standing.is_some_and(|standing| standing.plan.closed_at.is_none()),
        may_steer: may_steer(call),
        edit: of_year().find(|plan| plan.closed_at.is_none()).map(|plan| path(plan.id)).unwrap_or_default(),
        years: years(call, &facts),
        tabs: standing.map(|standing| tabs(call, &facts, standing, all)).unwrap_or_default(),
        rows: standing
            .map(|standing| {
                shown(&facts, standing, all).into_iter().map(|one| row(call, &facts, standing, one)).collect()
            })
            .unwrap_or_default(),
        roll_ups: standing
            .map(|standing| {
                let targets = standing.targets.iter().map(|one| &one.target);
                naming(call, &facts, standing).roll_ups(targets, &standing.roll_ups)
            })
            .unwrap_or_default(),
        sample: standing.map(|standing| sample(call, &standing.sample)).unwrap_or_default(),
        versions: of_year().map(|plan| version(call, &facts, plan)).collect(),
        year: facts.year.0,
        form: returned.map_or(&fresh, |(form, _)| form).view(call, returned.map(|(_, failure)| failure)),
    };
    let status: StatusCode = returned.map_or(StatusCode::OK, |(_, failure)| phrases::again(failure));
    call.page_with(status, "targets/index.html", &page)
}

/// `GET /targets`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    page(&call, None).await
}

/// `POST /targets/plans`
pub(crate) async fn open(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input: PlanInput = form.input()?;
    match call.once(&form, move |tx| targets::open_version(tx, &input).map(|plan| path(plan.id))).await {
        Ok(location) => Ok(call.done(location, "done-targets-opened")),
        Err(failure) if failure.is_about_input() => page(&call, Some((&form, &failure))).await,
        Err(failure) => Err(failure),
    }
}

/// Every value of an enum as an option of the form that sets a target.
pub(super) fn metric_choices(call: &Call) -> Vec<Choice> {
    phrases::choices(call, "target-metric", Metric::ALL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_never_leaves_its_frame() {
        for (part, whole, expected) in [(50, 200, 25), (-3, 10, 0), (30, 10, 100), (1, 0, 100), (0, 0, 0)] {
            assert_eq!(percent(part, whole), expected, "{part} of {whole}");
        }
        assert_eq!(percent(i64::MAX, 1), 100);
    }
}
