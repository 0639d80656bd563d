//! iCalendar as RFC 5545 wants it: lines of at most 75 octets folded between characters, escaped text, CRLF. Only what
//! the feed needs is written: events of a day or of a moment.
//!
//! A crate was weighed and left: all it would take over is this file of a hundred lines, and it brings dates and zones of
//! its own. A reader of the tests takes it apart by the RFC alone.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};

/// The longest line in octets, its end not counted (RFC 5545 section 3.1).
const LINE: usize = 75;
/// How long something with a time of day lasts where nobody says.
const LASTS: TimeDelta = TimeDelta::minutes(30);

/// When something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// On a day, wherever its reader is.
    Day(NaiveDate),
    /// At a moment.
    At(DateTime<Utc>),
}

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Event {
    /// The same for the same thing for ever.
    pub(super) uid: String,
    /// When it last changed: not the time of reading, so that an unchanged calendar is the same bytes.
    pub(super) stamp: DateTime<Utc>,
    /// Counts its changes.
    pub(super) sequence: i32,
    pub(super) when: When,
    pub(super) summary: String,
    /// Where it stands in Yui.
    pub(super) url: String,
}

/// A whole calendar.
pub(super) fn write(name: &str, events: &[Event]) -> String {
    let mut text = String::new();
    let mut line = |line: &str| fold(line, &mut text);
    for one in
        ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Yui//Yui//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    {
        line(one);
    }
    line(&format!("X-WR-CALNAME:{}", escaped(name)));
    line("REFRESH-INTERVAL;VALUE=DURATION:PT1H");
    line("X-PUBLISHED-TTL:PT1H");
    for event in events {
        line("BEGIN:VEVENT");
        line(&format!("UID:{}", escaped(&event.uid)));
        line(&format!("DTSTAMP:{}", moment(event.stamp)));
        line(&format!("LAST-MODIFIED:{}", moment(event.stamp)));
        line(&format!("SEQUENCE:{}", event.sequence));
        for when in times(event.when) {
            line(&when);
        }
        line(&format!("SUMMARY:{}", escaped(&event.summary)));
        line(&format!("URL:{}", event.url));
        line("CLASS:PRIVATE");
        line("TRANSP:TRANSPARENT");
        line("END:VEVENT");
    }
    line("END:VCALENDAR");
    text
}

/// An event's beginning and its end, which is the first day or moment after it.
fn times(when: When) -> [String; 2] {
    let day = |day: NaiveDate| day.format("%Y%m%d");
    match when {
        When::Day(on) => [
            format!("DTSTART;VALUE=DATE:{}", day(on)),
            format!("DTEND;VALUE=DATE:{}", day(on.checked_add_days(Days::new(1)).unwrap_or(on))),
        ],
        When::At(at) => [format!("DTSTART:{}", moment(at)), format!("DTEND:{}", moment(at + LASTS))],
    }
}

fn moment(at: DateTime<Utc>) -> String {
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

/// TEXT as RFC 5545 section 3.3.11 has it; control characters, which it forbids, go.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' | ';' | ',' => escaped.extend(['\\', character]),
            '\n' => escaped.push_str("\\n"),
            other if other.is_control() => {}
            other => escaped.push(other),
        }
    }
    escaped
}

/// Adds a line, folded between characters: each further piece begins with a space that counts.
fn fold(line: &str, text: &mut String) {
    let mut length = 0;
    for character in line.chars() {
        if length + character.len_utf8() > LINE {
            text.push_str("\r\n ");
            length = 1;
        }
        text.push(character);
        length += character.len_utf8();
    }
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn event(summary: &str, when: When) -> Event {
        Event {
            uid: "deal-12.3@yui.example".to_owned(),
            stamp: "2026-11-22T05:00:00Z".parse().unwrap(),
            sequence: 4,
            when,
            summary: summary.to_owned(),
            url: "https://yui.example/deals/12".to_owned(),
        }
    }

    /// What a reader makes of it by the RFC alone, sharing nothing with the writer: lines unfolded first, then each cut at
    /// its first colon and its name at the first semicolon; the properties of each event.
    fn read(text: &str) -> Vec<Vec<(String, String)>> {
        let mut events = Vec::new();
        let mut open: Option<Vec<(String, String)>> = None;
        for line in text.replace("\r\n ", "").replace("\r\n\t", "").split_terminator("\r\n") {
            let (name, value) = line.split_once(':').expect("every line has a name and a value");
            let name = name.split(';').next().unwrap();
            match (name, value) {
                ("BEGIN", "VEVENT") => assert!(open.replace(Vec::new()).is_none(), "no event within another"),
                ("END", "VEVENT") => events.push(open.take().expect("an event was begun")),
                _ => {
                    if let Some(properties) = &mut open {
                        properties.push((name.to_owned(), value.to_owned()));
                    }
                }
            }
        }
        assert!(open.is_none(), "every event ends");
        events
    }

    fn value<'e>(event: &'e [(String, String)], name: &str) -> &'e str {
        event.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str()).unwrap()
    }

    #[test]
    fn a_reader_finds_days_as_days_and_moments_in_utc() {
        let day = When::Day("2026-12-31".parse().unwrap());
        let at = When::At("2026-12-01T00:30:00Z".parse().unwrap());
        let text = write("結 立科町", &[event("電話する, 10:00; 山田様", day), event("訪問", at)]);
        let events = read(&text);
        assert_eq!(value(&events[0], "DTSTART"), "20261231");
        assert_eq!(value(&events[0], "DTEND"), "20270101", "the first day after it");
        assert_eq!(value(&events[0], "SUMMARY"), "電話する\\, 10:00\\; 山田様");
        assert_eq!(value(&events[0], "DTSTAMP"), "20261122T050000Z");
        assert_eq!(
            (value(&events[1], "DTSTART"), value(&events[1], "DTEND")),
            ("20261201T003000Z", "20261201T010000Z")
        );
        assert!(text.contains("DTSTART;VALUE=DATE:20261231\r\n"));
        assert!(
            text.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") && text.ends_with("END:VCALENDAR\r\n")
        );
    }

    #[test]
    fn what_people_typed_adds_no_line_of_its_own() {
        let typed = "一\r\nEND:VEVENT\nBEGIN:VALARM\u{0}";
        let text = write("x", &[event(typed, When::Day("2026-12-31".parse().unwrap()))]);
        assert_eq!(read(&text).len(), 1);
        assert_eq!(text.matches("\r\nEND:VEVENT\r\n").count(), 1);
        assert!(!text.contains("\r\nBEGIN:VALARM"));
    }

    proptest! {
        #[test]
        fn lines_are_folded_between_characters_and_unfold_to_what_they_were(typed in ".{0,200}") {
            let text = write("x", &[event(&typed, When::Day("2026-12-31".parse().unwrap()))]);
            for line in text.split_terminator("\r\n") {
                prop_assert!(line.len() <= LINE, "{} octets: {line}", line.len());
                prop_assert!(!line.contains(['\r', '\n']));
            }
            let unfolded = text.replace("\r\n ", "");
            let expected = format!("\r\nSUMMARY:{}\r\n", escaped(&typed));
            prop_assert!(unfolded.contains(&expected), "{unfolded}");
        }
    }
}
