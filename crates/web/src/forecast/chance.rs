//! `/deals/{id}/chance`: how likely a deal is won, and from which counts that comes.

use std::cmp::Ordering;
use std::rc::Rc;

use actix_web::HttpResponse;
use db::DbError;
use kernel::DealId;
use sales::chances::{self, Chance, Count, Factor, LEAST, LEAST_OF_EACH, Variable};
use sales::{deals, stages};
use serde::Serialize;

use super::HERE;
use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::paths;
use crate::phrases::{said, word};
use crate::routes::may_get;
use crate::shell::Crumb;

#[derive(Serialize)]
struct ChancePage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    stage: String,
    /// Why nothing is said; empty where something is.
    silent: String,
    /// Why it is another number than the stage’s; empty where nothing is said.
    beside: String,
    /// The decided deals it is reckoned from; empty where nothing is reckoned.
    from: String,
    /// What counts, the stage first.
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    what: String,
    value: String,
    counts: String,
    /// `good` where it makes the deal likelier; nothing else is coloured.
    tone: &'static str,
    word: String,
    icon: &'static str,
}

/// A probability as people read it, in whole percents: more the numbers behind it do not bear. What is not decided is neither
/// certain nor out of the question. Nothing where none is known.
pub(super) fn percent(call: &Call, chance: &Chance) -> Option<String> {
    chance.hundredths.map(|share| match share {
        0 | 10_000 => format!("{}%", share / 100),
        1..50 => call.text("chance-hardly"),
        9_950.. => call.text("chance-nearly"),
        share => format!("{}%", (share + 50) / 100),
    })
}

fn counts(call: &Call, count: Count) -> String {
    let (all, won) = (format::count((count.won + count.lost).into()), format::count(count.won.into()));
    said(call, "chance-counts", [("decided", all.as_str()), ("won", won.as_str())])
}

/// Why this is another number than the stage's, which somebody set: by how much of what is decided is won. Empty where nothing is
/// reckoned.
pub(super) fn beside_stage(call: &Call, chance: &Chance) -> String {
    let (won, all) = (i64::from(chance.decided.won), i64::from(chance.decided.won + chance.decided.lost));
    if chance.hundredths.is_none() || all == 0 {
        return String::new();
    }
    let (rate, counts) = ((won * 100 / all).to_string(), counts(call, chance.decided));
    said(call, "chance-beside-stage", [("rate", rate.as_str()), ("counts", counts.as_str())])
}

/// A value of a variable in words.
pub(crate) fn value_word(call: &Call, variable: Variable, value: &str) -> String {
    match variable {
        Variable::Source => word(call, "lead-source", value),
        Variable::JobKind => value.to_owned(),
        Variable::Client => word(call, "chance-client", value),
        Variable::Size => word(call, "chance-size", value),
    }
}

/// One thing that counts, against all decided deals.
fn row(call: &Call, (what, value): (String, String), count: Count, all: Count) -> Row {
    let (tone, key, icon) = match count.against(all) {
        Ordering::Greater => ("good", "chance-lifts", "arrow-up"),
        Ordering::Equal => ("", "chance-same", "dot"),
        Ordering::Less => ("", "chance-lowers", "arrow-down"),
    };
    Row { what, value, counts: counts(call, count), tone, word: call.text(key), icon }
}

/// Everything that counts: the stage, with which the reckoning begins, then what else is known of the deal.
fn rows(call: &Call, stage: &str, chance: &Chance) -> Vec<Row> {
    let of_stage = chance.at_stage.map(|count| (call.text("chance-at-stage"), stage.to_owned(), count));
    let of_factor = |factor: &Factor| {
        let what = word(call, "chance-variable", factor.variable);
        (what, value_word(call, factor.variable, &factor.value), factor.count)
    };
    let all = of_stage.into_iter().chain(chance.factors.iter().map(of_factor));
    all.map(|(what, value, count)| row(call, (what, value), count, chance.decided)).collect()
}

fn silent(call: &Call, chance: &Chance) -> String {
    if chance.hundredths.is_some() {
        return String::new();
    }
    let (decided, least) = (chance.decided.won + chance.decided.lost, LEAST.to_string());
    if decided >= LEAST {
        let words = [("won", chance.decided.won), ("lost", chance.decided.lost), ("least", LEAST_OF_EACH)];
        let words = words.map(|(name, count)| (name, format::count(count.into())));
        return said(
            call,
            "chance-silent-one-sided",
            words.each_ref().map(|(name, text)| (*name, text.as_str())),
        );
    }
    said(call, "chance-silent", [("decided", decided.to_string().as_str()), ("least", least.as_str())])
}

/// `GET /deals/{id}/chance`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: DealId = call.id("id")?;
    let (deal, chance, stages) = call
        .db(move |tx| -> Result<_, DbError> {
            Ok((deals::find(tx, id)?, chances::of_one(tx, id)?, stages::ever(tx)?))
        })
        .await?;
    let here = stages.into_iter().find(|stage| stage.id == deal.stage_id);
    let stage = chance.stage_percent.to_string();
    let from = if chance.of_every_pipeline { "chance-from-every" } else { "chance-from-own" };
    let page = ChancePage {
        title: call.text("chance-title"),
        // Whoever may not open the deal goes back to the forecast that led here.
        crumbs: if may_get(&call, "/deals/{id}") {
            vec![Crumb::named(deal.title.clone(), paths::deal(id))]
        } else {
            vec![Crumb::new(&call, "forecast-title", HERE)]
        },
        answer: percent(&call, &chance).unwrap_or_else(|| call.text("chance-unknown")),
        stage: said(&call, "chance-stage", [("percent", stage.as_str())]),
        silent: silent(&call, &chance),
        beside: beside_stage(&call, &chance),
        from: chance
            .at_stage
            .map(|_| said(&call, from, [("counts", counts(&call, chance.decided).as_str())]))
            .unwrap_or_default(),
        rows: rows(&call, &here.map(|stage| stage.name).unwrap_or_default(), &chance),
    };
    call.page("forecast/chance.html", &page)
}
