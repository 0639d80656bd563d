//! How long a deal stood in each stage, as its page shows it: one row for each stage, in the order they were entered.

use sales::deals::Stay;
use sales::stages::Stage;
use serde::Serialize;

use crate::call::Call;
use crate::phrases::counted;

/// The time in one stage, however often it was entered.
#[derive(Debug, Serialize)]
pub(super) struct StageTime {
    stage: String,
    days: String,
    /// It stands there now.
    current: bool,
}

/// One row for each stage.
pub(super) fn times(call: &Call, stays: &[Stay], stages: &[Stage]) -> Vec<StageTime> {
    let mut summed: Vec<(kernel::BoardStageId, i64, bool)> = Vec::new();
    for stay in stays {
        let now = stay.until.is_none();
        match summed.iter_mut().find(|(stage, ..)| *stage == stay.stage_id) {
            Some((_, days, current)) => (*days, *current) = (*days + stay.days, *current || now),
            None => summed.push((stay.stage_id, stay.days, now)),
        }
    }
    let row = |(id, days, current)| StageTime {
        stage: stages.iter().find(|stage| stage.id == id).map(|stage| stage.name.clone()).unwrap_or_default(),
        days: counted(call, "deal-stage-days", "days", days),
        current,
    };
    summed.into_iter().map(row).collect()
}
