//! `/api/v1/analyses`

use std::rc::Rc;

use kernel::{FiscalYear, Period, Yen};
use sales::analyses::Analyses;
use sales::pipelines::PipelineId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Asked;
use crate::api::{Chosen, One, Query};
use crate::call::Call;
use crate::failure::Failure;

/// Which analyses.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct AnalysesQuery {
    /// The fiscal year, by the calendar year of its first day; this one where nothing is said.
    year: Chosen<FiscalYear>,
    /// The part of it; the whole where nothing is said.
    period: Chosen<Period>,
    /// Only this pipeline’s deals.
    pipeline: Chosen<PipelineId>,
}

/// How selling went in a part of a fiscal year.
#[derive(Serialize, JsonSchema)]
pub(crate) struct AnalysesOfPeriod {
    /// The fiscal year.
    fiscal_year: FiscalYear,
    /// The part of it.
    period: Period,
    /// How selling went.
    #[serde(flatten)]
    selling: Analyses,
    /// What clients accepted of the town’s own orders, before tax, whatever pipeline they came from.
    accepted_own: Yen,
    /// What was accepted of orders that others re-entrusted to the town, before tax.
    accepted_of_partners: Yen,
}

/// `GET /api/v1/analyses`
pub(crate) async fn show(
    call: Rc<Call>,
    Query(query): Query<AnalysesQuery>,
) -> Result<One<AnalysesOfPeriod>, Failure> {
    let asked = Asked { year: query.year.0, period: query.period.0, pipeline: query.pipeline.0 };
    let taken = call.db(move |tx| super::taken(tx, asked)).await?;
    Ok(One(AnalysesOfPeriod {
        fiscal_year: taken.year,
        period: taken.period,
        selling: taken.selling,
        accepted_own: taken.accepted.0,
        accepted_of_partners: taken.accepted.1,
    }))
}
