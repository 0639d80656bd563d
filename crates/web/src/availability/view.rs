//! A plan as `availability/forms.html` shows it.

use chrono::NaiveDate;
use serde::Serialize;
use workforce::availability::{self, Condition, Day, Plan, WEEKDAYS, WeekInput};

use crate::call::Call;
use crate::format;
use crate::forms::Form;
use crate::orders::parts::{self, Choice};

/// `plan` of `availability/forms.html`.
#[derive(Debug, Serialize)]
pub(crate) struct PlanView {
    /// What its forms' addresses begin with.
    base: String,
    weekdays: Vec<&'static str>,
    conditions: Vec<Choice>,
    days: Vec<DayRow>,
    /// What it comes to within the next seven days, in words.
    week: String,
    is_off_today: bool,
    /// Today was taken off today, so one tap undoes it.
    may_come_back: bool,
}

#[derive(Debug, Serialize)]
struct DayRow {
    iso: String,
    day: String,
    what: String,
}

impl PlanView {
    /// In the reader's language.
    pub(crate) fn of(call: &Call, plan: &Plan, today: NaiveDate, weekly_minutes: i32, base: String) -> Self {
        let minutes = plan.minutes_in_week(today, weekly_minutes.into());
        let own = plan.days.get(&today);
        Self {
            base,
            weekdays: WEEKDAYS.to_vec(),
            conditions: Choice::words(call, "condition", Condition::ALL),
            days: plan.days.iter().map(|(day, own)| day_row(call, *day, own)).collect(),
            week: parts::say(call, "plan-week", &[("hours", format::duration(call.language, minutes))]),
            is_off_today: plan.is_off(today),
            may_come_back: own.is_some_and(|own| own.is_off && own.told_today),
        }
    }
}

fn day_row(call: &Call, day: NaiveDate, own: &Day) -> DayRow {
    DayRow {
        iso: day.to_string(),
        day: parts::day(call.language, day),
        what: if own.is_off { call.text("plan-day-off") } else { availability::said(&own.windows) },
    }
}

/// The fields of all forms of a plan; what was posted stands before what is kept.
pub(crate) fn form_of(plan: &Plan, posted: Option<&Form>) -> Form {
    let mut form = posted.cloned().unwrap_or_default();
    for (name, value) in Form::of(&WeekInput::of(&plan.week)).pairs() {
        form = form.preset(name, value);
    }
    let has_posted_conditions = posted.is_some_and(|form| !form.all("conditions[]").is_empty());
    if !has_posted_conditions {
        for condition in &plan.conditions {
            form = form.preset("conditions[]", condition);
        }
    }
    form
}
