//! How promised days are said: the day, how sure it is, why there is none, and what would help.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use fulfillment::promises::{Days, Help, Outlook, RemedyKind};
use kernel::PersonId;
use sales::costs::QuotePromise;
use serde::Serialize;

use crate::call::Call;
use crate::format;
use crate::orders::parts;
use crate::phrases::{said, word};

/// More of a thousand runs than this after the day, and it is at risk.
const AT_RISK: i16 = 150;

/// A promised day before words.
#[derive(Debug, Clone, Copy)]
struct Facts {
    half_on: Option<NaiveDate>,
    promised_on: Option<NaiveDate>,
    nearly_on: Option<NaiveDate>,
    gap: Option<&'static str>,
    late_permille: i16,
    reckoned_at: Option<DateTime<Utc>>,
}

/// A promised day in words.
#[derive(Debug, Serialize)]
pub(crate) struct DaysView {
    /// The day, or why there is none.
    pub(crate) promised: String,
    /// Whether there is one.
    pub(crate) is_known: bool,
    half: String,
    nearly: String,
    /// How likely it is late for the day it is wanted for; empty where nothing was reckoned.
    late: String,
    is_at_risk: bool,
    /// When it was reckoned; empty where it was reckoned for this very page.
    reckoned: String,
}

impl DaysView {
    /// As it was reckoned just now.
    pub(crate) fn of(call: &Call, days: &Days) -> Self {
        Self::said(call, &facts(days, None))
    }

    /// As an order looked last.
    pub(crate) fn of_order(call: &Call, outlook: &Outlook) -> Self {
        Self::said(call, &facts(&outlook.days, Some(outlook.reckoned_at)))
    }

    /// As it was reckoned when a quote was issued.
    pub(crate) fn of_quote(call: &Call, promise: &QuotePromise) -> Self {
        let facts = Facts {
            half_on: promise.half_on,
            promised_on: promise.promised_on,
            nearly_on: promise.nearly_on,
            gap: promise.gap.map(sales::costs::PromiseGap::as_str),
            late_permille: promise.late_permille,
            reckoned_at: Some(promise.reckoned_at),
        };
        Self::said(call, &facts)
    }

    /// Where nobody has reckoned it yet; `why` is the key of the sentence that says so.
    pub(crate) fn unknown(call: &Call, why: &str) -> Self {
        Self {
            promised: call.text(why),
            is_known: false,
            half: String::new(),
            nearly: String::new(),
            late: String::new(),
            is_at_risk: false,
            reckoned: String::new(),
        }
    }

    fn said(call: &Call, facts: &Facts) -> Self {
        let day = |day: Option<NaiveDate>| match day {
            Some(day) => format::full_date(call.language, day),
            None => call.text("capacity-beyond"),
        };
        Self {
            promised: match facts.gap {
                Some(gap) => word(call, "capacity-gap", gap),
                None => day(facts.promised_on),
            },
            is_known: facts.gap.is_none(),
            half: day(facts.half_on),
            nearly: day(facts.nearly_on),
            late: said(call, "capacity-late-share", [("share", &share(facts.late_permille))]),
            is_at_risk: facts.late_permille > AT_RISK,
            reckoned: facts.reckoned_at.map(|at| format::moment(call.language, at)).unwrap_or_default(),
        }
    }
}

fn facts(days: &Days, reckoned_at: Option<DateTime<Utc>>) -> Facts {
    Facts {
        half_on: days.half_on,
        promised_on: days.promised_on,
        nearly_on: days.nearly_on,
        gap: days.gap.map(fulfillment::promises::Gap::as_str),
        late_permille: days.late_permille,
        reckoned_at,
    }
}

/// Thousandths as whole percent; what is neither never nor always is said to be so.
pub(crate) fn share(permille: i16) -> String {
    match permille {
        1..5 => "<1%".to_owned(),
        996..1000 => ">99%".to_owned(),
        _ => format!("{}%", (permille + 5) / 10),
    }
}

/// What would help, as a sentence.
pub(crate) fn help(call: &Call, help: &Help, names: &HashMap<PersonId, String>) -> String {
    let name = |person: Option<PersonId>| {
        person.and_then(|person| names.get(&person)).cloned().unwrap_or_else(|| call.text("word-unknown"))
    };
    let units = help.units.map(|units| format::count(i64::from(units)));
    let key = match (help.units, help.kind) {
        // Nobody can do it who offers hours.
        (None, RemedyKind::SecondWorker) => "capacity-help-nobody".to_owned(),
        (_, kind) => format!("capacity-help-{}", kind.as_str().replace('_', "-")),
    };
    let words = [("units", units.unwrap_or_default()), ("from", name(help.from)), ("to", name(help.to))];
    parts::say(call, &key, &words)
}

/// Where something is done about an order at risk that asks for nobody but coordination.
#[derive(Debug, Serialize)]
pub(crate) struct Way {
    href: String,
    label: String,
}

impl Way {
    /// Where the remedy of an order is taken; none where it is taken at its jobs or with the client.
    pub(crate) fn of(call: &Call, outlook: &Outlook) -> Option<Self> {
        let (href, key) = match outlook.help?.kind {
            RemedyKind::CheckNow => ("/review".to_owned(), "orders-next-review"),
            RemedyKind::DecideFixes => (format!("/fixes?order={}", outlook.order), "orders-next-decide-fix"),
            _ => return None,
        };
        Some(Self { href, label: call.text(key) })
    }
}

/// Whom a remedy names.
pub(crate) fn named(help: Option<Help>) -> impl Iterator<Item = PersonId> {
    help.into_iter().flat_map(|help| [help.from, help.to]).flatten()
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn a_share_is_never_nothing_or_all_where_it_is_not() {
        let said = [0, 1, 4, 5, 149, 155, 995, 996, 999, 1000].map(share);
        assert_eq!(said, ["0%", "<1%", "<1%", "1%", "15%", "16%", "100%", ">99%", ">99%", "100%"]);
    }
}
