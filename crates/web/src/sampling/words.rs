//! Plans, people and switches in words: what a plan lets out, and how sure one may be of somebody.

use std::collections::HashMap;

use fulfillment::sampling::plans::{FlowPlan, one_in};
use fulfillment::sampling::{Phase, Reliability, Stream, Switch};
use kernel::PersonId;
use serde::Serialize;

use crate::call::Call;
use crate::format;
use crate::orders::parts::{self, When};
use crate::phrases;

/// At which rate of defects plans are compared.
const USUAL_RATE: f64 = 0.05;
/// How many units of a bad lot of twenty have a defect.
const DEFECTS_OF_TWENTY: u32 = 4;
/// From here on "one in so many" is said as so many of ten.
const OFTEN: f64 = 0.4;

/// A share as a whole number of hundredths.
pub(super) fn percent(share: f64) -> String {
    format!("{:.0}", share * 100.0)
}

fn many(probability: f64) -> String {
    one_in(probability).map_or_else(String::new, |many| format::count(many.into()))
}

/// What a kind of work is called: the skill it asks for; where it asks for none, the jobs' own name.
pub(super) fn kind(call: &Call, skill: Option<String>, stream: &Stream) -> String {
    match skill {
        Some(skill) => skill,
        // What was looked at before jobs without a skill were told apart.
        None if stream.title.is_empty() => call.text("sampling-kind-any"),
        None => parts::say(call, "sampling-kind-named", &[("title", stream.title.clone())]),
    }
}

/// What a job says, in one sentence.
pub(super) fn answer(call: &Call, plan: Option<FlowPlan>) -> String {
    let Some(plan) = plan else { return call.text("sampling-answer-all") };
    parts::say(call, "sampling-answer-flow", &numbers(plan))
}

fn numbers(plan: FlowPlan) -> [(&'static str, String); 2] {
    [("clean", plan.clean.to_string()), ("many", plan.one_in.to_string())]
}

/// What comes of it, sentence by sentence.
pub(super) fn consequences(call: &Call, plan: Option<FlowPlan>) -> Vec<String> {
    let Some(plan) = plan else { return vec![call.text("sampling-words-all")] };
    let said = |key: &str, name: &'static str, word: String| parts::say(call, key, &[(name, word)]);
    vec![
        call.text("sampling-words-begin"),
        parts::say(call, "sampling-words-some", &numbers(plan)),
        said("sampling-words-share", "percent", percent(plan.looked_at(USUAL_RATE))),
        said("sampling-words-worst", "many", many(plan.worst())),
        unnoticed(call, plan.unnoticed(DEFECTS_OF_TWENTY)),
    ]
}

/// The operating characteristic in words: how many bad lots would pass.
fn unnoticed(call: &Call, probability: f64) -> String {
    if probability < OFTEN {
        return parts::say(call, "sampling-words-unnoticed", &[("many", many(probability))]);
    }
    let times = format!("{:.0}", probability * 10.0);
    parts::say(call, "sampling-words-unnoticed-often", &[("times", times)])
}

/// A plan beside others.
#[derive(Serialize)]
pub(super) struct Usual {
    clean: u16,
    one_in: u16,
    name: String,
    worst: String,
    share: String,
}

/// Plans that people choose from, the most careful first.
pub(super) fn usual(call: &Call) -> Vec<Usual> {
    let one = |(clean, one_in)| {
        let plan = FlowPlan { clean, one_in };
        Usual {
            clean,
            one_in,
            name: parts::say(call, "sampling-usual-name", &numbers(plan)),
            worst: parts::say(call, "sampling-one-in-many", &[("many", many(plan.worst()))]),
            share: parts::say(
                call,
                "sampling-about-percent",
                &[("percent", percent(plan.looked_at(USUAL_RATE)))],
            ),
        }
    };
    [(8, 2), (30, 10), (15, 5), (21, 10), (10, 4)].into_iter().map(one).collect()
}

/// How often somebody's work is good: an interval with what it comes from.
pub(super) fn known(call: &Call, known: &Reliability) -> String {
    if known.looked_at == 0 {
        return call.text("sampling-known-nothing");
    }
    let words = [
        ("checked", format::count(known.looked_at)),
        ("defects", format::count(known.defects)),
        ("low", format!("{:.0}", (known.low * 100.0).floor())),
        ("high", format!("{:.0}", (known.high * 100.0).ceil())),
    ];
    parts::say(call, "sampling-known-text", &words)
}

pub(super) fn phase(call: &Call, phase: Phase) -> String {
    phrases::word(call, "sampling-phase", phase)
}

/// One change of how much is looked at.
#[derive(Serialize)]
pub(super) struct SwitchRow {
    what: String,
    who: String,
    when: When,
    unit_href: String,
}

pub(super) fn switches(
    call: &Call,
    switches: &[Switch],
    names: &HashMap<PersonId, String>,
) -> Vec<SwitchRow> {
    let one = |switch: &Switch| SwitchRow {
        what: phrases::word(call, "sampling-switch", switch.reason),
        who: names.get(&switch.person_id).cloned().unwrap_or_default(),
        when: When::of(call.language, switch.happened_at),
        unit_href: format!("/units/{}", switch.unit_id),
    };
    switches.iter().map(one).collect()
}
