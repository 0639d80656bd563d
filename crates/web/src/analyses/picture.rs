//! Numbers as bars, one below the other, each with its name and its number over it. Whoever shows them shows the same
//! numbers in a table.

use serde::Serialize;

/// The picture's width in its own units: about as many as a phone has.
const WIDTH: i64 = 360;
/// The height of a bar with a line of words over it.
const ROW: i64 = 40;
/// The height of another line.
const LINE: i64 = 20;
/// How much goes into a line: in halves of a Japanese character.
const ROOM: usize = 46;

/// Some bars.
#[derive(Debug, Serialize)]
pub(crate) struct Bars {
    width: i64,
    height: i64,
    /// What the picture shows, for readers who cannot see it.
    alt: String,
    rows: Vec<Bar>,
}

/// One bar.
#[derive(Debug, Serialize)]
struct Bar {
    name: String,
    number: String,
    width: i64,
    /// The line of its name.
    text_y: i64,
    /// The line of its number: the name's own, or the next where both do not go into one.
    number_y: i64,
    y: i64,
    /// Where a mark stands, such as what is to be reached; none where there is nothing to mark.
    mark: Option<i64>,
    /// Whether it is more than there is room for, so that its end is marked.
    is_beyond: bool,
    tone: &'static str,
}

/// One number before it is a bar.
#[derive(Debug, Clone)]
pub(crate) struct Number {
    pub(crate) name: String,
    /// How it is written.
    pub(crate) text: String,
    pub(crate) size: i64,
    /// Another size to be marked on the bar.
    pub(crate) mark: Option<i64>,
    /// `a` for what counts, `b` for what is good, `c` for the rest.
    pub(crate) tone: &'static str,
}

/// How wide a letter is, in halves of a Japanese one.
fn width_of(letter: char) -> usize {
    if letter.is_ascii() { 1 } else { 2 }
}

/// A name as far as there is room for it.
fn clipped(name: &str) -> String {
    let mut room = ROOM;
    let mut kept = String::new();
    for letter in name.chars() {
        let width = width_of(letter);
        if width > room {
            return kept + "…";
        }
        room -= width;
        kept.push(letter);
    }
    kept
}

impl Bars {
    /// Bars whose longest, or longest mark, goes from edge to edge.
    pub(crate) fn of(alt: String, numbers: &[Number]) -> Self {
        let most = numbers.iter().flat_map(|one| [one.size, one.mark.unwrap_or_default()]).max();
        let most = most.unwrap_or_default().max(1);
        Self::to(alt, most, numbers)
    }

    /// Bars of which one of size `most` goes from edge to edge. A larger one does too, and its end says that there is more.
    pub(crate) fn to(alt: String, most: i64, numbers: &[Number]) -> Self {
        let wide = |size: i64| {
            let part = i128::from(size.clamp(0, most.max(1))) * i128::from(WIDTH) / i128::from(most.max(1));
            i64::try_from(part).unwrap_or(WIDTH)
        };
        let mut height = 0;
        let bar = |one: &Number| {
            let both: usize = one.name.chars().chain(one.text.chars()).map(width_of).sum();
            let more = if both < ROOM { 0 } else { LINE };
            let top = height;
            height += ROW + more;
            Bar {
                name: clipped(&one.name),
                number: one.text.clone(),
                width: wide(one.size),
                text_y: top + 15,
                number_y: top + 15 + more,
                y: top + 20 + more,
                mark: one.mark.map(wide),
                is_beyond: one.size > most,
                tone: one.tone,
            }
        };
        let rows: Vec<Bar> = numbers.iter().map(bar).collect();
        Self { width: WIDTH, height, alt, rows }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number(name: &str, size: i64, mark: Option<i64>) -> Number {
        Number { name: name.to_owned(), text: size.to_string(), size, mark, tone: "a" }
    }

    #[test]
    fn the_longest_goes_from_edge_to_edge_and_a_mark_beyond_it_makes_it_shorter() {
        let widths = |bars: &Bars| bars.rows.iter().map(|bar| bar.width).collect::<Vec<_>>();
        let plain = Bars::of(String::new(), &[number("a", 50, None), number("b", 100, None)]);
        assert_eq!((widths(&plain), plain.height), (vec![WIDTH / 2, WIDTH], 80));
        let marked = Bars::of(String::new(), &[number("a", 50, Some(200))]);
        assert_eq!((widths(&marked), marked.rows[0].mark), (vec![WIDTH / 4], Some(WIDTH)));
        assert!(Bars::of(String::new(), &[]).rows.is_empty());
        assert_eq!(clipped("取引先"), "取引先");
        assert_eq!(clipped(&"長".repeat(24)).chars().count(), 24, "23 and an ellipsis");
        assert_eq!(clipped(&"l".repeat(47)).chars().count(), 47);
    }

    #[test]
    fn whatever_is_beyond_the_end_fills_its_bar_and_shortens_no_other() {
        let bars = Bars::to(String::new(), 100, &[number("a", 54, Some(60)), number("b", 110, None)]);
        let shown: Vec<_> = bars.rows.iter().map(|bar| (bar.width, bar.is_beyond)).collect();
        assert_eq!(shown, [(WIDTH * 54 / 100, false), (WIDTH, true)]);
        assert!(
            Bars::of(String::new(), &[number("a", 110, Some(100))]).rows.iter().all(|bar| !bar.is_beyond)
        );
    }

    #[test]
    fn a_name_and_a_number_that_do_not_go_into_a_line_have_one_each() {
        let long = Number {
            text: "9,892,800円 / 10,000,000円".to_owned(),
            ..number("町の受注額・年度（4月〜3月）", 1, None)
        };
        let bars = Bars::of(String::new(), &[number("a", 1, None), long, number("b", 1, None)]);
        let lines: Vec<_> = bars.rows.iter().map(|bar| (bar.text_y, bar.number_y, bar.y)).collect();
        assert_eq!(lines, [(15, 15, 20), (55, 75, 80), (115, 115, 120)]);
        assert_eq!(bars.height, 140);
    }

    proptest! {
        #[test]
        fn no_bar_leaves_the_picture(sizes in proptest::collection::vec((any::<i64>(), any::<i64>()), 0..9)) {
            let numbers: Vec<_> = sizes.iter().map(|(size, mark)| number("x", *size, Some(*mark))).collect();
            for bar in Bars::of(String::new(), &numbers).rows {
                prop_assert!((0..=WIDTH).contains(&bar.width) && bar.mark.is_some_and(|at| (0..=WIDTH).contains(&at)));
            }
        }
    }
}
