//! What a meeting steers by, in words.

use chrono::NaiveDate;
use kernel::date_in_japan;
use sales::meetings::{AgendaForecast, AgendaMilestone, AgendaSteering, AgendaTarget};
use serde::Serialize;

use crate::call::Call;
use crate::format;
use crate::phrases::{self, said, word};
use crate::roadmap::{self, reading::missing};
use crate::targets::words::signed_yen;

#[derive(Debug, Serialize)]
pub(super) struct SteeringView {
    /// Each a sentence about the target; empty where none is set.
    target: Vec<String>,
    /// Since which week, and what the forecast was and is; empty before the first snapshot.
    forecast: String,
    /// The day of that record.
    since: String,
    /// Which weeks before it have no record; empty where none is missing.
    missed: String,
    changes: Vec<Change>,
    milestones: Vec<Milestone>,
    findings: String,
}

#[derive(Debug, Serialize)]
struct Change {
    name: String,
    amount: String,
}

#[derive(Debug, Serialize)]
struct Milestone {
    title: String,
    href: String,
    text: Vec<String>,
}

impl SteeringView {
    pub(super) fn of(call: &Call, steering: &AgendaSteering) -> Self {
        let changes = steering.forecast.iter().flat_map(|forecast| &forecast.changes);
        Self {
            target: steering.target.as_ref().map(|target| sentences(call, target)).unwrap_or_default(),
            forecast: steering.forecast.as_ref().map(|one| moved(call, one)).unwrap_or_default(),
            since: steering
                .forecast
                .as_ref()
                .map(|one| format::short_date(call.language, frozen_on(one)))
                .unwrap_or_default(),
            missed: steering
                .forecast
                .as_ref()
                .filter(|one| one.missed_weeks > 0)
                .map(|one| phrases::counted(call, "forecast-missed", "count", one.missed_weeks.into()))
                .unwrap_or_default(),
            changes: changes
                .map(|one| Change {
                    name: word(call, "forecast-change", one.kind),
                    amount: signed_yen(call.language, one.amount),
                })
                .collect(),
            milestones: steering.milestones.iter().map(|one| milestone(call, one)).collect(),
            findings: phrases::counted(call, "meetings-answer", "count", steering.open_findings),
        }
    }
}

fn sentences(call: &Call, target: &AgendaTarget) -> Vec<String> {
    let yen = |amount| format::yen(call.language, amount);
    let until = format::short_date(call.language, target.span.last);
    let words = [
        ("until", until),
        ("target", yen(target.target)),
        ("actual", yen(target.actual)),
        ("gap", yen(target.gap)),
    ];
    let mut found =
        vec![said(call, "meeting-target-gap", words.each_ref().map(|(name, text)| (*name, text.as_str())))];
    if let Some(minutes) = target.gap_minutes {
        let hours = format::duration(call.language, minutes);
        found.push(said(call, "meeting-target-hours", [("hours", hours.as_str())]));
    }
    match target.ahead {
        Some(ahead) => {
            let amount = signed_yen(call.language, ahead);
            found.push(said(call, "meeting-target-pace", [("amount", amount.as_str())]));
        }
        None => found.push(call.text("target-pace-unknown")),
    }
    found
}

/// The day in Japan on which a record was taken; its week's Monday where that was not kept.
fn frozen_on(forecast: &AgendaForecast) -> NaiveDate {
    forecast.taken_at.map_or(forecast.week_on, date_in_japan)
}

fn moved(call: &Call, forecast: &AgendaForecast) -> String {
    let key =
        if forecast.taken_at.is_some() { "meeting-forecast-moved" } else { "meeting-forecast-moved-week" };
    let words = [
        ("day", format::short_date(call.language, frozen_on(forecast))),
        ("before", format::yen(call.language, forecast.before)),
        ("now", format::yen(call.language, forecast.now)),
    ];
    said(call, key, words.each_ref().map(|(name, text)| (*name, text.as_str())))
}

fn milestone(call: &Call, one: &AgendaMilestone) -> Milestone {
    let mut text = vec![format::short_date(call.language, one.due_on)];
    if one.slipped_days > 0 {
        text.push(phrases::counted(call, "milestone-slipped", "days", one.slipped_days));
    }
    if one.is_late {
        text.push(call.text("milestone-late"));
    }
    if one.is_squeezed {
        text.push(call.text("milestone-squeezed"));
    }
    let title = one.title.clone() + &missing(call.language, one.metric, one.reading.as_ref());
    Milestone { title, href: roadmap::path(one.milestone_id), text }
}
