//! The year as a picture: months from left to right, a row for each milestone, where it was planned first, where it is now
//! and what was done. Everything in it stands in the table below it too.

use chrono::{Months, NaiveDate};
use kernel::{Language, Span};
use sales::roadmaps::{MilestoneId, MilestoneState, Standing};
use serde::Serialize;

use crate::format;

/// What is left of the first day, in the picture's own units.
const LEFT: i64 = 20;
/// The height of the heading with the months.
const HEAD: i64 = 36;
/// How far a label stands from its mark.
const APART: i64 = 14;
/// The width of a sign before a label, `✓`, `!` or `←`, with its space.
const SIGN: i64 = 22;

/// How a picture is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    width: i64,
    /// The height of a row.
    row: i64,
    /// How many characters of a title stand in the picture; the table has all of them.
    label: usize,
    /// Whether a label stands over its mark rather than beside it.
    is_above: bool,
}

/// A whole year, for desks and for paper.
pub(super) const YEAR: Layout = Layout { width: 1180, row: 44, label: 28, is_above: false };
/// Some months, for phones.
pub(super) const MONTHS: Layout = Layout { width: 340, row: 56, label: 20, is_above: true };
/// How many rows share a sheet of paper with their table.
const SHARES: usize = 12;
/// The height of a row where there are more of them: a sheet with thirty-six of these is read from where one stands before it.
const DENSE: i64 = 28;
/// How many months a phone shows: the last one, and what is near.
const NEAR: u32 = 6;

/// The months of a year that are near: from the one before today's on, as far as the year goes.
pub(super) fn near(year: Span, today: NaiveDate) -> Span {
    let month = |by: u32| year.first.checked_add_months(Months::new(by)).unwrap_or(year.last);
    let over = (1..=12).take_while(|number| month(*number) <= today).last().unwrap_or_default();
    let begins = over.saturating_sub(1).min(12 - NEAR);
    Span { first: month(begins), last: month(begins + NEAR).pred_opt().unwrap_or(year.last) }
}

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
    name: String,
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
    /// Its day is before the first one of the picture, at whose edge it stands.
    is_before: bool,
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

/// How wide a letter is at most, but for the few widest of the Latin ones: a Japanese one fills its square.
fn width_of(letter: char) -> i64 {
    if letter.is_ascii() { 8 } else { 14 }
}

/// How wide a text is.
fn width(text: &str) -> i64 {
    text.chars().map(width_of).sum()
}

/// A title as far as there is room for it: `most` letters, no wider than `room`.
fn clipped(title: &str, most: usize, room: i64) -> String {
    if title.chars().count() <= most && width(title) <= room {
        return title.to_owned();
    }
    let mut left = room - width_of('…');
    let fits = |letter: &char| {
        left -= width_of(*letter);
        left >= 0
    };
    title.chars().take(most - 1).take_while(fits).chain(['…']).collect()
}

/// Where a day lies between the first and the last of some days; days outside lie on the edge.
fn place(width: i64, Span { first, last }: Span, day: NaiveDate) -> i64 {
    let days = (last - first).num_days().max(1);
    let since = (day - first).num_days().clamp(0, days);
    LEFT + (width - 2 * LEFT) * since / days
}

/// The day a milestone lies on: the one it was reached on, or the one it is planned for.
fn day_of(one: &Standing) -> NaiveDate {
    one.milestone.done_on.unwrap_or(one.milestone.due_on)
}

impl Picture {
    /// Of what lies within `span` of a year's roadmap or is late, each labelled with its title and what `label` adds to it;
    /// the others, and dropped milestones, are in the table alone.
    pub(super) fn of(
        (layout, language): (Layout, Language),
        span: Span,
        today: NaiveDate,
        standing: &[Standing],
        label: impl Fn(&Standing) -> String,
    ) -> Self {
        let lies_in = |one: &&Standing| {
            let (from, until) = (one.milestone.planned_on.min(day_of(one)), day_of(one));
            layout == YEAR || one.is_late || (until >= span.first && from <= span.last)
        };
        let kept = standing.iter().filter(|one| one.milestone.state != MilestoneState::Dropped);
        let shown: Vec<&Standing> = kept.filter(lies_in).collect();
        let dense = layout == YEAR && shown.len() > SHARES;
        let layout = if dense { Layout { row: DENSE, ..layout } } else { layout };
        let month = |number: u32| span.first.checked_add_months(Months::new(number));
        let begins = (0..12).filter_map(month).take_while(|begins| *begins <= span.last);
        let months = begins.map(|begins| Month {
            x: place(layout.width, span, begins),
            name: format::short_month(language, begins),
        });
        let rows: Vec<Row> =
            shown.iter().zip(0..).map(|(one, nth)| row(layout, span, one, nth, &label(one))).collect();
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
            width: layout.width,
            height: HEAD + layout.row * i64::try_from(shown.len()).unwrap_or_default() + 8,
            months: months.collect(),
            today: span.holds(today).then(|| place(layout.width, span, today)),
            rows,
            needs,
        }
    }

    /// Whether it has more rows than can be read beside their table on one sheet of paper.
    pub(super) fn is_long(&self) -> bool {
        self.rows.len() > SHARES
    }

    /// Whether there is anything to see.
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// Where a label stands: at its start or its end, and where that is.
struct Stand {
    anchor: &'static str,
    x: i64,
    /// It stands over the line of its mark, because neither side has room for it.
    is_over: bool,
}

impl Stand {
    /// Beside a mark that was moved from one place to another, where a label that is `width` wide fits; better to the right
    /// in the left part of the picture, and to the left in the right one.
    fn beside(layout: Layout, (first_x, x): (i64, i64), width: i64) -> Self {
        let (left, right) = (x.min(first_x) - APART, x.max(first_x) + APART);
        let before = (width <= left).then_some(Self { anchor: "end", x: left, is_over: false });
        let after =
            (right + width <= layout.width).then_some(Self { anchor: "start", x: right, is_over: false });
        let over = Self { anchor: "start", x: left.min(layout.width - width).max(0), is_over: true };
        let found = if x * 5 > layout.width * 3 { before.or(after) } else { after.or(before) };
        found.unwrap_or(over)
    }

    /// Over its mark, at one edge of the picture.
    fn above(layout: Layout, x: i64) -> Self {
        let (anchor, x) =
            if x * 5 > layout.width * 3 { ("end", layout.width - LEFT) } else { ("start", LEFT) };
        Self { anchor, x, is_over: true }
    }
}

fn row(layout: Layout, span: Span, one: &Standing, nth: i64, more: &str) -> Row {
    let milestone = &one.milestone;
    let x = place(layout.width, span, day_of(one));
    let first_x = place(layout.width, span, milestone.planned_on);
    let top = HEAD + layout.row * nth;
    let y = if layout.is_above { top + layout.row - 14 } else { top + layout.row / 2 };
    let is_done = milestone.state == MilestoneState::Done;
    let is_before = day_of(one) < span.first;
    let signs = [is_done || one.is_late, is_before].map(|has| if has { SIGN } else { 0 }).iter().sum::<i64>();
    // What is missing is said whole, whatever becomes of the title.
    let room = layout.width - 2 * LEFT - signs - width(more);
    let label = clipped(&milestone.title, layout.label, room) + more;
    let stand = if layout.is_above {
        Stand::above(layout, x)
    } else {
        Stand::beside(layout, (first_x, x), signs + width(&label))
    };
    Row {
        corners: format!("{},{} {},{} {},{} {},{}", x, y - 9, x + 9, y, x, y + 9, x - 9, y),
        label,
        is_done,
        is_late: one.is_late,
        is_before,
        slipped: first_x != x,
        label_y: if stand.is_over { y - APART.min(layout.row / 2 - 4) } else { y + 5 },
        first_x,
        x,
        y,
        label_x: stand.x,
        anchor: stand.anchor,
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use kernel::{FiscalYear, PersonId};
    use sales::roadmaps::Milestone;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_year_goes_from_edge_to_edge_and_keeps_what_lies_outside_on_it() {
        let year = Span { first: day("2026-04-01"), last: day("2027-03-31") };
        let at = |on: &str| place(YEAR.width, year, day(on));
        assert_eq!((at("2026-04-01"), at("2027-03-31")), (LEFT, YEAR.width - LEFT));
        assert_eq!(at("2030-01-01"), YEAR.width - LEFT);
        let of = |today: &str| Picture::of((YEAR, Language::Ja), year, day(today), &[], |_| String::new());
        let empty = of("2026-11-26");
        assert!(empty.is_empty());
        let months: Vec<&str> = empty.months.iter().map(|month| month.name.as_str()).collect();
        assert_eq!((months.len(), months[0], months[11]), (12, "4月", "3月"));
        assert!(empty.months.windows(2).all(|pair| pair[0].x < pair[1].x));
        assert_eq!(of("2026-03-31").today, None);
        assert_eq!(
            (clipped("取引先10社", 28, 500).as_str(), clipped(&"長".repeat(40), 28, 500).chars().count()),
            ("取引先10社", 28)
        );
        assert_eq!(clipped("取引先10社", 28, 65), "取引先1…", "3 × 14, 8 and 14 are 64");
    }

    #[test]
    fn a_phone_begins_with_the_month_before_and_never_leaves_the_year() {
        let year = Span { first: day("2026-04-01"), last: day("2027-03-31") };
        let seen = |today: &str| {
            let span = near(year, day(today));
            let picture = Picture::of((MONTHS, Language::Ja), span, day(today), &[], |_| String::new());
            let months: Vec<String> = picture.months.into_iter().map(|month| month.name).collect();
            (span.first.to_string(), span.last.to_string(), months)
        };
        assert_eq!(seen("2026-11-27").0, "2026-10-01");
        assert_eq!(seen("2026-11-27").1, "2027-03-31");
        assert_eq!(seen("2026-11-01").2, ["10月", "11月", "12月", "1月", "2月", "3月"]);
        assert_eq!(seen("2026-08-15").2.first().map(String::as_str), Some("7月"));
        for (today, first) in
            [("2026-04-30", "2026-04-01"), ("2026-01-01", "2026-04-01"), ("2027-03-31", "2026-10-01")]
        {
            assert_eq!(seen(today).0, first, "{today}");
        }
    }

    /// A milestone that is to be reached on a day, as it stands on another.
    fn planned(id: i64, due_on: &str, today: &str) -> Standing {
        let milestone = Milestone {
            id: MilestoneId(id),
            fiscal_year: FiscalYear(2026),
            title: format!("{id}"),
            note: String::new(),
            owner_id: PersonId(1),
            planned_on: day(due_on),
            due_on: day(due_on),
            metric: None,
            value: None,
            state: MilestoneState::Planned,
            done_on: None,
            needs: Vec::new(),
            created_at: DateTime::default(),
            version: 1,
        };
        let is_late = milestone.is_late(day(today));
        Standing {
            milestone,
            moves: Vec::new(),
            reading: None,
            slipped_days: 0,
            is_late,
            later_needs: Vec::new(),
        }
    }

    #[test]
    fn a_phone_shows_what_is_late_however_long_ago_its_day_was() {
        let (year, today) = (Span { first: day("2026-04-01"), last: day("2027-03-31") }, "2026-11-27");
        let late = planned(1, "2026-05-15", today);
        let done_on = Some(day("2026-05-15"));
        let reached =
            Milestone { state: MilestoneState::Done, done_on, ..planned(2, "2026-05-15", today).milestone };
        let reached = Standing { milestone: reached, is_late: false, ..late.clone() };
        let standing = [late, reached, planned(3, "2026-12-10", today)];
        let near = near(year, day(today));
        let seen = Picture::of((MONTHS, Language::En), near, day(today), &standing, |_| String::new());
        let rows: Vec<_> =
            seen.rows.iter().map(|row| (row.label.as_str(), row.is_late, row.is_before)).collect();
        assert_eq!(
            rows,
            [("1", true, true), ("3", false, false)],
            "what was reached long ago is in the table"
        );
        assert_eq!(seen.rows[0].x, LEFT, "its day is before the first month that is shown");
    }

    #[test]
    fn a_year_with_many_milestones_is_drawn_closer_and_its_labels_keep_off_each_other() {
        let (year, today) = (Span { first: day("2026-04-01"), last: day("2027-03-31") }, "2026-11-27");
        let seen = |count: i64| {
            let standing: Vec<Standing> = (1..=count).map(|id| planned(id, "2026-12-10", today)).collect();
            Picture::of((YEAR, Language::Ja), year, day(today), &standing, |_| String::new())
        };
        let (few, many) = (seen(12), seen(36));
        assert_eq!((few.rows[1].y - few.rows[0].y, many.rows[1].y - many.rows[0].y), (YEAR.row, DENSE));
        // 225 mm is what a sheet has for it (print.css): 14 units of a letter are 3 mm then, which is 8.5 points.
        assert!(14 * 225 * 10 / many.height >= 28, "a letter of {} is too small", many.height);
        assert!((few.is_long(), many.is_long()) == (false, true));
    }

    /// From where to where a row's label goes, with the signs before it.
    fn reaches(row: &Row) -> (i64, i64) {
        let signs = [row.is_done || row.is_late, row.is_before].map(|has| if has { SIGN } else { 0 });
        let wide = width(&row.label) + signs.iter().sum::<i64>();
        if row.anchor == "start" {
            (row.label_x, row.label_x + wide)
        } else {
            (row.label_x - wide, row.label_x)
        }
    }

    #[test]
    fn a_label_is_never_cut_off_however_far_its_milestone_was_moved() {
        let (year, today) = (Span { first: day("2026-04-01"), last: day("2027-03-31") }, "2026-11-27");
        let title = "商談ごとの見積の型をそろえて四半期の終わりまでにまとめる";
        let moved = |from: &str, to: &str| {
            let one = planned(1, to, today);
            let milestone = Milestone { planned_on: day(from), title: title.to_owned(), ..one.milestone };
            Standing { milestone, ..one }
        };
        let standing = [
            moved("2026-04-20", "2027-03-10"),
            moved("2027-03-20", "2026-06-10"),
            moved("2026-11-05", "2026-11-05"),
            moved("2026-09-01", "2026-12-01"),
            moved("2027-03-31", "2027-03-31"),
            moved("2026-04-01", "2026-04-01"),
        ];
        let more = "（あと10,000,000円）";
        let seen = |layout, span| {
            Picture::of((layout, Language::Ja), span, day(today), &standing, |_| more.to_owned()).rows
        };
        let (whole, near) = (seen(YEAR, year), seen(MONTHS, near(year, day(today))));
        for (rows, most) in [(&whole, YEAR.width), (&near, MONTHS.width)] {
            for row in rows {
                let (from, to) = reaches(row);
                assert!(from >= 0 && to <= most, "{row:?} goes from {from} to {to} of {most}");
                assert!(row.label.ends_with(more), "{row:?}");
            }
        }
        assert!(whole.iter().all(|row| row.label.starts_with(title)), "a desk has room for 28 letters");
        assert!(near.iter().all(|row| row.label.contains('…')), "a phone has not");
        let over: Vec<bool> = whole.iter().map(|row| row.label_y < row.y).collect();
        assert_eq!(
            over,
            [true, true, false, true, false, false],
            "it stands over a line that leaves no room"
        );
    }

    #[test]
    fn six_months_stand_side_by_side_on_a_phone_in_both_languages() {
        let year = Span { first: day("2026-04-01"), last: day("2027-03-31") };
        for (language, today) in
            [(Language::Ja, "2026-11-27"), (Language::En, "2026-04-01"), (Language::En, "2026-11-27")]
        {
            let span = near(year, day(today));
            let months = Picture::of((MONTHS, language), span, day(today), &[], |_| String::new()).months;
            for pair in months.windows(2) {
                // A letter takes at most its own size, 14, where it is Japanese, and two thirds of that elsewhere.
                let letter = |sign: char| if sign.is_ascii() { 10 } else { 14 };
                let width: i64 = pair[0].name.chars().map(letter).sum();
                assert!(pair[0].x + 4 + width < pair[1].x, "{:?}", pair[0]);
            }
        }
    }
}
