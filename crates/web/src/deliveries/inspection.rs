//! How a delivery was inspected, in sentences that the town and its client read alike. A rate is an interval with its method and
//! the numbers behind it, or nothing.

use fulfillment::deliveries::{Faults, Inspection, Sample};

use crate::call::Call;
use crate::format;
use crate::orders::parts;
use crate::review::remarks::severity_word;

/// The sentences, in their order.
pub(crate) fn sentences(call: &Call, inspection: &Inspection) -> Vec<String> {
    let count = |key: &str, count: i64| parts::say_count(call, key, count);
    let mut said = vec![if inspection.sample.is_none() {
        count("inspection-all", inspection.units)
    } else {
        let counts =
            [("units", format::count(inspection.units)), ("looked", format::count(inspection.inspected))];
        parts::say(call, "inspection-some", &counts)
    }];
    if inspection.by_two > 0 {
        said.push(count("inspection-two", inspection.by_two));
    }
    if inspection.inspected > 0 {
        said.push(faults(call, &inspection.faults));
    }
    if let Some(sample) = &inspection.sample {
        said.extend(of_sample(call, sample));
    }
    said
}

fn faults(call: &Call, faults: &[Faults]) -> String {
    if faults.iter().all(|one| one.found == 0) {
        return call.text("inspection-faults-none");
    }
    let list = |number: fn(&Faults) -> i64| {
        let one = |one: &Faults| {
            let words =
                [("severity", severity_word(call, one.severity)), ("number", format::count(number(one)))];
            parts::say(call, "inspection-fault", &words)
        };
        faults.iter().map(one).collect::<Vec<_>>().join(&call.text("inspection-between"))
    };
    let words = [("found", list(|one| one.found)), ("left", list(|one| one.left))];
    parts::say(call, "inspection-faults", &words)
}

fn of_sample(call: &Call, sample: &Sample) -> Vec<String> {
    let Some(rate) = &sample.rate else { return vec![call.text("inspection-nothing-drawn")] };
    let counts = [
        ("of", format::count(sample.of)),
        ("drawn", format::count(sample.drawn)),
        ("faulty", format::count(sample.faulty)),
    ];
    let percent = |share: f64| format!("{:.1}", share * 100.0);
    let interval = [
        ("low", percent(rate.low)),
        ("high", percent(rate.high)),
        ("sure", format!("{:.0}", rate.sure * 100.0)),
        ("drawn", format::count(sample.drawn)),
        ("faulty", format::count(sample.faulty)),
    ];
    let mut said =
        vec![parts::say(call, "inspection-sample", &counts), parts::say(call, "inspection-rate", &interval)];
    said.push(match rate.bad_passes_one_in {
        Some(times) => parts::say(call, "inspection-bad-passes", &[("times", times.to_string())]),
        None => call.text("inspection-bad-never-passes"),
    });
    said
}
