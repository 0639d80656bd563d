//! How long a deal stood in each of its stages, read from its history. No database here.

use chrono::{DateTime, TimeDelta, Utc};
use kernel::BoardStageId;
use schemars::JsonSchema;
use serde::Serialize;

use super::lists::DealEvent;
use super::model::DealEventKind;

/// A time a deal stood in a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "DealStay")]
pub struct Stay {
    /// The stage.
    pub stage_id: BoardStageId,
    /// From when.
    pub since: DateTime<Utc>,
    /// Until when; null while it stands there.
    pub until: Option<DateTime<Utc>>,
    /// Whole days, each of 24 hours, up to now while it stands there.
    pub days: i64,
}

/// The times a deal stood in its open stages, the oldest first. A deal that rests, is won or is lost stands in none.
/// `history` is the newest first, as [`super::history`] gives it.
pub fn stays(history: &[DealEvent], now: DateTime<Utc>) -> Vec<Stay> {
    let mut stays: Vec<Stay> = Vec::new();
    for event in history.iter().rev().filter(|event| event.kind != DealEventKind::Revalued) {
        let (stage_id, since) = (event.to_stage_id, event.happened_at);
        if let Some(last) = stays.last_mut().filter(|last| last.until.is_none()) {
            *last = last.ended(since);
        }
        if matches!(event.kind, DealEventKind::Opened | DealEventKind::Moved | DealEventKind::Reopened) {
            stays.push(Stay { stage_id, since, until: None, days: whole_days(now - since) });
        }
    }
    stays
}

impl Stay {
    fn ended(self, at: DateTime<Utc>) -> Self {
        Self { until: Some(at), days: whole_days(at - self.since), ..self }
    }
}

fn whole_days(span: TimeDelta) -> i64 {
    span.num_days().max(0)
}

#[cfg(test)]
mod tests {
    use kernel::Yen;

    use super::*;

    fn day(day: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + day * 86_400, 0).unwrap()
    }

    fn event(kind: DealEventKind, at: i64, to: i64) -> DealEvent {
        DealEvent {
            kind,
            from_stage_id: None,
            to_stage_id: BoardStageId(to),
            amount: Yen::ZERO,
            actor: "system".to_owned(),
            happened_at: day(at),
            note: String::new(),
            lost_reason: None,
        }
    }

    #[test]
    fn rest_counts_for_no_stage_and_a_stage_may_be_stood_in_twice() {
        use DealEventKind::{Lost, Moved, Opened, Reopened, Revalued, Slept};
        let told = [
            (Opened, 0, 1),
            (Revalued, 1, 1),
            (Moved, 3, 2),
            (Slept, 7, 2),
            (Reopened, 20, 2),
            (Moved, 21, 1),
            (Lost, 25, 9),
        ];
        let newest_first: Vec<DealEvent> =
            told.iter().rev().map(|(kind, at, to)| event(*kind, *at, *to)).collect();
        let seen: Vec<_> =
            stays(&newest_first, day(99)).iter().map(|stay| (stay.stage_id.0, stay.days)).collect();
        assert_eq!(seen, [(1, 3), (2, 4), (2, 1), (1, 4)]);
        let still = stays(&newest_first[1..], day(30));
        assert_eq!((still[3].until, still[3].days), (None, 9), "it stands there yet");
        assert_eq!(stays(&[], day(0)), []);
    }
}
