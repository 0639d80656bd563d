//! `/deals/{id}/chance`: how likely a deal is won, and from which counts that comes.

use std::rc::Rc;

use actix_web::HttpResponse;
use db::DbError;
use kernel::DealId;
use sales::chances::{self, Chance, Count, Factor, LEAST, LEAST_OF_EACH, Variable};
use sales::deals;
use serde::Serialize;

use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::paths;
use crate::phrases::{said, word};
use crate::shell::Crumb;

#[derive(Serialize)]
struct ChancePage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    stage: String,
    /// Why nothing is said; empty where something is.
    silent: String,
    from: String,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    what: String,
    value: String,
    counts: String,
    lifts: bool,
    word: String,
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

/// A value of a variable in words.
pub(crate) fn value_word(call: &Call, variable: Variable, value: &str) -> String {
    match variable {
        Variable::Source => word(call, "lead-source", value),
        Variable::JobKind => value.to_owned(),
        Variable::Client => word(call, "chance-client", value),
        Variable::Size => word(call, "chance-size", value),
    }
}

fn row(call: &Call, factor: &Factor) -> Row {
    Row {
        what: word(call, "chance-variable", factor.variable),
        value: value_word(call, factor.variable, &factor.value),
        counts: counts(call, factor.count),
        lifts: factor.lifts,
        word: call.text(if factor.lifts { "chance-lifts" } else { "chance-lowers" }),
    }
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
    let (deal, chance) = call
        .db(move |tx| -> Result<_, DbError> { Ok((deals::find(tx, id)?, chances::of_one(tx, id)?)) })
        .await?;
    let stage = chance.stage_percent.to_string();
    let from = if chance.of_every_pipeline { "chance-from-every" } else { "chance-from-own" };
    let page = ChancePage {
        title: call.text("chance-title"),
        crumbs: vec![Crumb::named(deal.title.clone(), paths::deal(id))],
        answer: percent(&call, &chance).unwrap_or_else(|| call.text("chance-unknown")),
        stage: said(&call, "chance-stage", [("percent", stage.as_str())]),
        silent: silent(&call, &chance),
        from: said(&call, from, [("counts", counts(&call, chance.decided).as_str())]),
        rows: chance.factors.iter().map(|factor| row(&call, factor)).collect(),
    };
    call.page("forecast/chance.html", &page)
}
