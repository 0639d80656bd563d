//! How selling goes (分析): funnel, shares won, reasons of losing, top clients, own and partners' share, each as a picture with
//! its numbers in a table.

pub(crate) mod api;
pub(crate) mod pages;
pub(crate) mod picture;
mod rows;

use db::{DbError, Tx};
use kernel::{FiscalYear, Period, Yen};
use sales::analyses::{self, Analyses};
use sales::pipelines::PipelineId;
use sales::targets;

/// The page of the analyses.
pub(crate) const HERE: &str = "/analyses";

/// Which part of a year, and which pipeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) year: Option<FiscalYear>,
    pub(crate) period: Option<Period>,
    pub(crate) pipeline: Option<PipelineId>,
}

/// Everything the analyses say.
pub(crate) struct Taken {
    pub(crate) year: FiscalYear,
    pub(crate) period: Period,
    pub(crate) starts_on: chrono::NaiveDate,
    pub(crate) selling: Analyses,
    /// What clients accepted of the town's own orders, and of those that others re-entrusted to it.
    pub(crate) accepted: (Yen, Yen),
}

/// The analyses that are asked for: of the whole of this fiscal year where nothing is said.
pub(crate) fn taken(tx: &mut Tx<'_>, asked: Asked) -> Result<Taken, DbError> {
    let year = match asked.year {
        Some(year) => year,
        None => targets::this_year(tx)?.0,
    };
    let (period, starts_on) = (asked.period.unwrap_or(Period::Year), targets::first_day_of(tx, year)?);
    let span = period.span(starts_on);
    Ok(Taken {
        selling: analyses::see(tx, span, asked.pipeline)?,
        accepted: fulfillment::orders::accepted_by_origin(tx, span)?,
        year,
        period,
        starts_on,
    })
}
