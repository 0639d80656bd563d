//! `/api/v1/figures`

use std::rc::Rc;

use chrono::NaiveDate;
use kernel::{FiscalYear, Yen};
use schemars::JsonSchema;
use serde::Serialize;
use workforce::workers::Counts;

use super::taken_today;
use crate::api::One;
use crate::call::Call;
use crate::failure::Failure;

/// The programme's figures as of one day.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ProgrammeFigures {
    /// The day in Japan.
    as_of: NaiveDate,
    /// The fiscal year the amounts are of.
    fiscal_year: FiscalYear,
    /// Inhabitants, where the town has entered them.
    population: Option<i32>,
    /// The day that number is of.
    population_as_of: Option<NaiveDate>,
    /// Workers, by what happened to them.
    workers: Counts,
    /// Deals won in the fiscal year, before tax.
    won: Yen,
    /// How many that were.
    won_count: i64,
    /// Orders accepted in the fiscal year, before tax.
    accepted: Yen,
}

/// `GET /api/v1/figures`
pub(crate) async fn figures(call: Rc<Call>) -> Result<One<ProgrammeFigures>, Failure> {
    let taken = call.db(taken_today).await?;
    Ok(One(ProgrammeFigures {
        as_of: taken.as_of,
        fiscal_year: taken.won.year,
        population: taken.town.population,
        population_as_of: taken.town.population_as_of,
        workers: taken.counts,
        won: taken.won.amount,
        won_count: taken.won.count,
        accepted: taken.accepted,
    }))
}
