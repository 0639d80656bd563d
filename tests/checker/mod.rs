//! An independent look at what a town holds: every promise about work, every clock and every total, asked of the event log
//! and the tables by SQL alone. Nothing here is shared with the crates: who writes a rule twice finds where it was
//! forgotten once.
//!
//! A rule is a question in one of the five files beside this one, under a line `-- rule: NAME`. Its rows name, as `what`,
//! whatever breaks it; no row is the good answer. All of them look at every town of the database.

pub(crate) mod corruptions;
mod disputes;

use diesel::prelude::*;
use diesel::sql_types::Text;

/// What must never happen to work.
const WORK: &str = include_str!("work.sql");
/// Days and hours that the law or the house sets.
const CLOCKS: &str = include_str!("clocks.sql");
/// Sums that have to be those of their rows.
const TOTALS: &str = include_str!("totals.sql");
/// What workers are paid and clients are asked for.
const MONEY: &str = include_str!("money.sql");
/// What towns share.
const PARTNERS: &str = include_str!("partners.sql");

#[derive(QueryableByName)]
struct Broken {
    #[diesel(sql_type = Text)]
    what: String,
}

/// A rule by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) name: &'static str,
    question: &'static str,
}

/// Every rule there is.
pub(crate) fn rules() -> Vec<Rule> {
    let of_file = |text: &'static str| {
        text.split("-- rule: ").skip(1).map(|rule| {
            let (name, question) = rule.split_once('\n').expect("a rule has a question");
            Rule { name, question: question.trim().trim_end_matches(';') }
        })
    };
    [WORK, CLOCKS, TOTALS, MONEY, PARTNERS].into_iter().flat_map(of_file).collect()
}

/// What breaks which rule, a line each; nothing where all is well. The connection sees every town.
pub(crate) fn broken(owner: &mut PgConnection) -> Vec<String> {
    rules().into_iter().flat_map(|rule| breaks(owner, rule)).collect()
}

/// What breaks one rule.
fn breaks(owner: &mut PgConnection, rule: Rule) -> Vec<String> {
    let rows: Vec<Broken> = diesel::sql_query(format!(
        "SELECT (broken.what)::text AS what FROM ({}) AS broken (what) LIMIT 5",
        rule.question
    ))
    .load(owner)
    .unwrap_or_else(|error| panic!("{}: {error}", rule.name));
    rows.into_iter().map(|row| format!("{}: {}", rule.name, row.what)).collect()
}
