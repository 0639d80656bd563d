//! The one next step for somebody who waits: what it is, since when, and the control that takes it.

use chrono::NaiveDate;
use serde::Serialize;
use workforce::waiting::{Waiting, WaitsFor};
use workforce::workers::WorkerStep;

use crate::call::Call;
use crate::format;
use crate::orders::parts::{self, text_key};
use crate::paths;

/// The next step as pages show it.
#[derive(Debug, Serialize)]
pub(crate) struct Next {
    /// What they wait for, in words.
    what: String,
    /// `3月10日から（12日）`
    since: String,
    /// What the control says.
    label: String,
    href: String,
    /// A [`WorkerStep`]'s word where the control takes that step at once; empty where it is a link.
    kind: String,
}

impl Next {
    /// In the reader's language.
    pub(crate) fn of(call: &Call, waiting: &Waiting, today: NaiveDate) -> Self {
        let page = paths::worker(waiting.worker.id);
        let (href, step) = match waiting.waits_for {
            WaitsFor::Interview | WaitsFor::InterviewDay | WaitsFor::Outcome | WaitsFor::AskedAgain => {
                (format!("{page}/interview"), None)
            }
            WaitsFor::Registration => (format!("{page}/steps"), Some(WorkerStep::Registered)),
            WaitsFor::Training => (format!("{page}/steps"), Some(WorkerStep::Training)),
            WaitsFor::Work => (format!("{page}/steps"), Some(WorkerStep::Activated)),
            WaitsFor::EndOfRest => (page, None),
        };
        let word = waiting.waits_for.as_str();
        let interview = waiting.interview.as_ref().filter(|_| waiting.waits_for == WaitsFor::InterviewDay);
        let what = match interview {
            Some(one) => parts::say(
                call,
                "waiting-waits-interview-day",
                &[("when", format::full_moment(call.language, one.starts_at))],
            ),
            None => call.text(&text_key("waiting-waits", word)),
        };
        Self {
            what,
            since: since(call, waiting.since, today),
            label: call.text(&text_key("waiting-do", word)),
            href,
            kind: step.map(|step| step.to_string()).unwrap_or_default(),
        }
    }
}

impl Next {
    /// What the control says, where it leads, and the step it takes at once: a [`WorkerStep`]'s word, or empty.
    pub(crate) fn control(&self) -> (String, String, String) {
        (self.label.clone(), self.href.clone(), self.kind.clone())
    }
}

fn since(call: &Call, since: NaiveDate, today: NaiveDate) -> String {
    let (day, days) = (format::plain_date(call.language, since), (today - since).num_days().max(0));
    parts::say(call, "waiting-since-days", &[("day", day), ("days", format::count(days))])
}
