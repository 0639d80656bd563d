//! What the demo town steers by: the targets of its fiscal year, agreed by the town's office, and the deals as they stood in
//! the week the play ended.

use db::DbError;
use kernel::{FiscalYear, Period};
use sales::forecasts::{self, AdjustmentInput};
use sales::targets::{self, PlanInput, TargetError, TargetInput};

use super::stage::Stage;
use crate::Stop;

/// What is counted, of whom, when, and how much: invented but for the first, which is what the town's orders came to in
/// fiscal 2021.
const TARGETS: &[(&str, &str, &str, i64)] = &[
    ("orders_yen", "town", "year", 19_100_000),
    ("orders_yen", "town", "h1", 8_000_000),
    ("orders_yen", "town", "h2", 11_000_000),
    ("orders_yen", "town", "q3", 5_000_000),
    ("new_clients", "town", "year", 10),
    ("calls", "team", "q3", 60),
    ("visits", "team", "q3", 24),
    ("own_share", "town", "year", 70),
    ("active_workers", "town", "year", 60),
    ("paid_to_residents", "town", "year", 9_000_000),
];

/// Agrees on targets and freezes the week's forecast; the day is the one the play ended on.
pub(super) fn set(stage: &Stage) -> Result<(), Stop> {
    let (officer, seller) = (stage.who("officer")?, stage.who("sales")?);
    stage.act(officer, |tx| -> Result<_, TargetError> {
        let (year, _) = targets::this_year(tx)?;
        let reason = "昨年度の実績と、助言をもとに決めた（デモの値）";
        let input = PlanInput { fiscal_year: year.to_string().into(), reason: reason.into() };
        let plan = targets::open_version(tx, &input)?.id;
        for (metric, scope, period, value) in TARGETS {
            targets::set(tx, plan, &target(metric, scope, period, *value))?;
        }
        let own = target("calls", "person", "q3", 25);
        targets::set(tx, plan, &TargetInput { person_id: seller.to_string().into(), ..own })?;
        targets::close_version(tx, plan)
    })?;
    stage.act(officer, |tx| -> Result<_, DbError> { forecasts::freeze(tx) })?;
    let (year, period) = stage.act(seller, |tx| -> Result<_, DbError> {
        let (year, first) = targets::this_year(tx)?;
        let today = kernel::date_in_japan(tx.now());
        Ok((year, Period::of_length(3, first, today).unwrap_or(Period::Year)))
    })?;
    stage.act(seller, |tx| forecasts::adjust(tx, &thinks(year, period)))?;
    Ok(())
}

fn target(metric: &str, scope: &str, period: &str, value: i64) -> TargetInput {
    TargetInput {
        metric: metric.into(),
        scope: scope.into(),
        period: period.into(),
        value: value.to_string().into(),
        reason: "デモの値".into(),
        ..TargetInput::default()
    }
}

fn thinks(year: FiscalYear, period: Period) -> AdjustmentInput {
    AdjustmentInput {
        fiscal_year: year.to_string().into(),
        period: period.as_str().into(),
        amount: "-50000".into(),
        reason: "1社の決裁が来月になりそう".into(),
        ..AdjustmentInput::default()
    }
}
