//! The year as a picture: months from left to right, a row for each milestone, where it was planned first, where it is now
//! and what was done. Everything in it stands in the table below it too.

use chrono::{Datelike, Months, NaiveDate};
use kernel::Span;
use sales::roadmaps::{MilestoneId, MilestoneState, Standing};
use serde::Serialize;

/// The picture's width and what is left of its first day, in its own units.
const WIDTH: i64 = 1180;
const LEFT: i64 = 20;
/// The height of the heading with the months, and of a row.
const HEAD: i64 = 36;
const ROW: i64 = 44;
/// From which part of the width on a label stands left of its mark.
const TURNS: i64 = 700;
/// How many characters of a title stand in the picture; the table has all of them.
const LABEL: usize = 28;

/// A year as a picture.
#[derive(Debug, Serialize)]
pub(super) struct Picture {
    width: i64,
    height: i64,
    months: Vec<Month>,
    /// Where today is; none outside the year.
    today: Option<i64>,
    rows: Vec<Row>,
    needs: Vec<Need>,
}

/// A month: where it begins and what it is called.
#[derive(Debug, Serialize)]
struct Month {
    x: i64,
    number: u32,
}

/// A milestone: where it was planned, where it is, and its label.
#[derive(Debug, Serialize)]
struct Row {
    first_x: i64,
    x: i64,
    y: i64,
    label_x: i64,
    label_y: i64,
    /// `start` or `end`.
    anchor: &'static str,
    label: String,
    is_done: bool,
    is_late: bool,
    slipped: bool,
    /// The corners of its mark.
    corners: String,
}

/// A line from what is waited for to what waits.
#[derive(Debug, Serialize)]
struct Need {
    from_x: i64,
    from_y: i64,
    to_x: i64,
    to_y: i64,
}

/// A title as far as there is room for it.
fn clipped(title: &str) -> String {
    if title.chars().count() <= LABEL {
        return title.to_owned();
    }
    title.chars().take(LABEL - 1).chain(['…']).collect()
}

/// Where a day lies between the first and the last of a year; days outside lie on its edge.
fn place(first: NaiveDate, last: NaiveDate, day: NaiveDate) -> i64 {
    let days = (last - first).num_days().max(1);
    let since = (day - first).num_days().clamp(0, days);
    LEFT + (WIDTH - 2 * LEFT) * since / days
}

impl Picture {
    /// Of what stands in a year's roadmap, each labelled with its title and what `label` adds to it; dropped milestones are in
    /// the table alone.
    pub(super) fn of(
        Span { first, last }: Span,
        today: NaiveDate,
        standing: &[Standing],
        label: impl Fn(&Standing) -> String,
    ) -> Self {
        let shown: Vec<&Standing> =
            standing.iter().filter(|one| one.milestone.state != MilestoneState::Dropped).collect();
        let month = |number: u32| {
            let begins = first.checked_add_months(Months::new(number)).unwrap_or(first);
            Month { x: place(first, last, begins), number: begins.month() }
        };
        let rows: Vec<Row> =
            shown.iter().zip(0..).map(|(one, nth)| row(first, last, one, nth, label(one))).collect();
        let at = |id: MilestoneId| {
            shown
                .iter()
                .position(|one| one.milestone.id == id)
                .and_then(|nth| rows.get(nth))
                .map(|row| (row.x, row.y))
        };
        let needs = shown.iter().flat_map(|one| {
            let to = at(one.milestone.id);
            one.milestone.needs.iter().filter_map(move |need| Some((at(*need)?, to?)))
        });
        let needs =
            needs.map(|((from_x, from_y), (to_x, to_y))| Need { from_x, from_y, to_x, to_y }).collect();
        Self {
            width: WIDTH,
            height: HEAD + ROW * i64::try_from(shown.len()).unwrap_or_default() + 8,
            months: (0..12).map(month).collect(),
            today: (first <= today && today <= last).then(|| place(first, last, today)),
            rows,
            needs,
        }
    }

    /// Whether there is anything to see.
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

fn row(first: NaiveDate, last: NaiveDate, one: &Standing, nth: i64, more: String) -> Row {
    let milestone = &one.milestone;
    let x = place(first, last, milestone.done_on.unwrap_or(milestone.due_on));
    let first_x = place(first, last, milestone.planned_on);
    let y = HEAD + ROW * nth + ROW / 2;
    let (anchor, label_x) =
        if x > TURNS { ("end", x.min(first_x) - 14) } else { ("start", x.max(first_x) + 14) };
    Row {
        corners: format!("{},{} {},{} {},{} {},{}", x, y - 9, x + 9, y, x, y + 9, x - 9, y),
        label: clipped(&milestone.title) + &more,
        is_done: milestone.state == MilestoneState::Done,
        is_late: one.is_late,
        slipped: first_x != x,
        label_y: y + 5,
        first_x,
        x,
        y,
        label_x,
        anchor,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_year_goes_from_edge_to_edge_and_keeps_what_lies_outside_on_it() {
        let (first, last) = (day("2026-04-01"), day("2027-03-31"));
        assert_eq!(place(first, last, first), LEFT);
        assert_eq!(place(first, last, last), WIDTH - LEFT);
        assert_eq!(place(first, last, day("2030-01-01")), WIDTH - LEFT);
        let of = |today: &str| Picture::of(Span { first, last }, day(today), &[], |_| String::new());
        let empty = of("2026-11-26");
        assert!(empty.is_empty());
        let months: Vec<u32> = empty.months.iter().map(|month| month.number).collect();
        assert_eq!(months, [4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3]);
        assert!(empty.months.windows(2).all(|pair| pair[0].x < pair[1].x));
        assert_eq!(of("2026-03-31").today, None);
        assert_eq!(
            (clipped("取引先10社").as_str(), clipped(&"長".repeat(40)).chars().count()),
            ("取引先10社", LABEL)
        );
    }
}
