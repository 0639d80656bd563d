//! The weeks ahead as a drawing: what is wanted of each, what there is, and the line of four fifths. Its numbers stand in the
//! table beside it.

use fulfillment::capacity::Week;
use serde::Serialize;

const WIDTH: i64 = 780;
const HEIGHT: i64 = 220;
/// Below the bars stand the days.
const FOOT: i64 = 24;
/// Between two bars.
const GAP: i64 = 14;

/// A drawing in its own units.
#[derive(Debug, Serialize)]
pub(super) struct Chart {
    width: i64,
    height: i64,
    /// Where the bars stand.
    ground: i64,
    bars: Vec<Bar>,
}

/// One week of it.
#[derive(Debug, Serialize)]
struct Bar {
    x: i64,
    width: i64,
    right: i64,
    middle: i64,
    ordered_y: i64,
    ordered_height: i64,
    likely_y: i64,
    likely_height: i64,
    supply_y: i64,
    line_y: i64,
    label: String,
}

impl Chart {
    pub(super) fn of(weeks: &[Week]) -> Self {
        let most = weeks.iter().map(|week| week.demand().max(week.supply)).max().unwrap_or(0).max(1);
        let count = i64::try_from(weeks.len()).unwrap_or(1).max(1);
        let step = WIDTH / count;
        let high = |minutes: i64| minutes.max(0) * HEIGHT / most;
        let bar = |(at, week): (i64, &Week)| {
            let (x, width) = (at * step + GAP / 2, step - GAP);
            let (ordered, all) = (high(week.ordered), high(week.demand()));
            Bar {
                x,
                width,
                right: x + width,
                middle: x + width / 2,
                ordered_y: HEIGHT - ordered,
                ordered_height: ordered,
                likely_y: HEIGHT - all,
                likely_height: all - ordered,
                supply_y: HEIGHT - high(week.supply),
                line_y: HEIGHT - high(week.line()),
                label: week.begins_on.format("%-m/%-d").to_string(),
            }
        };
        Self {
            width: WIDTH,
            height: HEIGHT + FOOT,
            ground: HEIGHT,
            bars: (0..).zip(weeks).map(bar).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn week(supply: i64, ordered: i64, likely: i64) -> Week {
        let day = |text: &str| text.parse().unwrap();
        Week {
            begins_on: day("2026-05-04"),
            ends_on: day("2026-05-10"),
            offered: supply,
            supply,
            ordered,
            likely,
        }
    }

    #[test]
    fn bars_stand_on_the_ground_and_the_highest_reaches_the_top() {
        let chart = Chart::of(&[week(100, 40, 20), week(100, 150, 50), week(0, 0, 0)]);
        let first = &chart.bars[0];
        assert_eq!(
            (first.ordered_y + first.ordered_height, first.likely_y + first.likely_height),
            (220, 176)
        );
        assert_eq!((first.supply_y, first.line_y), (110, 132));
        assert_eq!(chart.bars[1].likely_y, 0);
        assert_eq!((chart.bars[2].ordered_height, chart.bars[2].line_y), (0, 220));
        assert!(chart.bars.windows(2).all(|two| two[0].right < two[1].x));
        assert!(Chart::of(&[]).bars.is_empty());
    }
}
