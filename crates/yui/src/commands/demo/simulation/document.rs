//! A JSON file as its writer sees it: where each value stands, and every problem with its line and its field.
//!
//! `serde_json` reads the file; what it does not tell of a value is its line, which is found beside it in the same text.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::RangeInclusive;

use chrono::NaiveDate;
use serde_json::{Map, Value};

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    /// The line, from 1.
    pub(super) line: usize,
    /// The field, as `people[2].hours`; empty for the file as a whole.
    pub(super) field: String,
    /// What is wrong with it.
    pub(super) what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let colon = if self.field.is_empty() { "" } else { ": " };
        write!(f, "line {}: {}{colon}{}", self.line, self.field, self.what)
    }
}

/// A file that is being read, with what was found wrong so far.
#[derive(Debug)]
pub(super) struct Reading {
    lines: BTreeMap<String, usize>,
    problems: Vec<Problem>,
}

impl Reading {
    /// The file's value. What is no JSON at all is the only problem there is then.
    pub(super) fn of(text: &str) -> Result<(Value, Self), Problem> {
        let value: Value = serde_json::from_str(text).map_err(|error| Problem {
            line: error.line(),
            field: String::new(),
            what: format!("this is no JSON: {error}"),
        })?;
        let mut places = Places { text: text.as_bytes(), at: 0, lines: BTreeMap::new(), twice: Vec::new() };
        places.value(String::new());
        let mut reading = Self { lines: places.lines, problems: Vec::new() };
        for (line, field) in places.twice {
            reading.problems.push(Problem { line, field, what: "is given twice".to_owned() });
        }
        Ok((value, reading))
    }

    /// Notes what is wrong with a field; one that is missing stands where what it is missing from begins.
    pub(super) fn problem(&mut self, field: &str, what: impl Into<String>) {
        let parent = field.rfind(['.', '[']).and_then(|end| field.get(..end)).unwrap_or_default();
        let line = [field, parent, ""].iter().find_map(|place| self.lines.get(*place)).copied().unwrap_or(1);
        self.problems.push(Problem { line, field: field.to_owned(), what: what.into() });
    }

    /// `value` if nothing was wrong, else everything that was, in the order of the file.
    pub(super) fn done<T>(mut self, value: T) -> Result<T, Vec<Problem>> {
        self.problems.sort_by(|one, other| (one.line, &one.field).cmp(&(other.line, &other.field)));
        if self.problems.is_empty() { Ok(value) } else { Err(self.problems) }
    }

    /// The fields of an object that may have no others than `known`.
    pub(super) fn object<'v>(&mut self, at: &str, value: &'v Value, known: &[&str]) -> Object<'v> {
        let fields = value.as_object();
        match fields {
            None => self.problem(at, format!("an object {{…}} is expected, not {}", shown(value))),
            Some(fields) => {
                for name in fields.keys().filter(|name| !known.contains(&name.as_str())) {
                    let all = known.join(", ");
                    self.problem(&below(at, name), format!("there is no such field; there are: {all}"));
                }
            }
        }
        Object { at: at.to_owned(), fields }
    }

    /// The items of a list, each with its place.
    pub(super) fn list<'v>(&mut self, at: &str, value: &'v Value) -> Vec<(String, &'v Value)> {
        let Some(items) = value.as_array() else {
            self.problem(at, format!("a list […] is expected, not {}", shown(value)));
            return Vec::new();
        };
        items.iter().enumerate().map(|(place, item)| (format!("{at}[{place}]"), item)).collect()
    }

    /// One line of text of at most a hundred characters.
    pub(super) fn text(&mut self, at: &str, value: &Value) -> String {
        match value.as_str().map(str::trim) {
            Some(text) if (1..=100).contains(&text.chars().count()) && !text.contains('\n') => {
                text.to_owned()
            }
            _ => {
                let what = "a line of 1 to 100 characters is expected, not";
                self.problem(at, format!("{what} {}", shown(value)));
                String::new()
            }
        }
    }
}

fn below(at: &str, name: &str) -> String {
    if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") }
}

/// A value as a message repeats it.
fn shown(value: &Value) -> String {
    match value {
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        other => {
            let text = other.to_string();
            match text.char_indices().nth(40) {
                Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
                None => text,
            }
        }
    }
}

/// One object of a file.
#[derive(Debug)]
pub(super) struct Object<'v> {
    at: String,
    fields: Option<&'v Map<String, Value>>,
}

impl<'v> Object<'v> {
    /// Where one of its fields stands.
    pub(super) fn place(&self, name: &str) -> String {
        below(&self.at, name)
    }

    /// One of its fields; none where it is not given.
    pub(super) fn optional(&self, name: &str) -> Option<&'v Value> {
        self.fields?.get(name)
    }

    /// One of its fields, which has to be there.
    pub(super) fn required(&self, reading: &mut Reading, name: &str) -> Option<&'v Value> {
        let value = self.fields?.get(name);
        if value.is_none() {
            reading.problem(&self.place(name), "is missing");
        }
        value
    }

    /// A line of text that has to be there.
    pub(super) fn text(&self, reading: &mut Reading, name: &str) -> String {
        let value = self.required(reading, name);
        value.map_or_else(String::new, |value| reading.text(&self.place(name), value))
    }

    /// A whole number that has to be there.
    pub(super) fn whole(&self, reading: &mut Reading, name: &str, range: RangeInclusive<u64>) -> u64 {
        let value = self.required(reading, name);
        value.map_or(*range.start(), |value| self.read_whole(reading, name, value, range))
    }

    /// A whole number, or `usual` where none is given.
    pub(super) fn whole_or(
        &self,
        reading: &mut Reading,
        name: &str,
        range: RangeInclusive<u64>,
        usual: u64,
    ) -> u64 {
        let value = self.optional(name);
        value.map_or(usual, |value| self.read_whole(reading, name, value, range))
    }

    fn read_whole(
        &self,
        reading: &mut Reading,
        name: &str,
        value: &Value,
        range: RangeInclusive<u64>,
    ) -> u64 {
        if let Some(number) = value.as_u64().filter(|number| range.contains(number)) {
            return number;
        }
        let (least, most) = range.into_inner();
        let what = format!("a whole number from {least} to {most} is expected, not {}", shown(value));
        reading.problem(&self.place(name), what);
        least
    }

    /// A number that has to be there.
    pub(super) fn number(&self, reading: &mut Reading, name: &str, range: RangeInclusive<f64>) -> f64 {
        let value = self.required(reading, name);
        value.map_or(*range.start(), |value| self.read_number(reading, name, value, range))
    }

    /// A number, or `usual` where none is given.
    pub(super) fn number_or(
        &self,
        reading: &mut Reading,
        name: &str,
        range: RangeInclusive<f64>,
        usual: f64,
    ) -> f64 {
        let value = self.optional(name);
        value.map_or(usual, |value| self.read_number(reading, name, value, range))
    }

    fn read_number(
        &self,
        reading: &mut Reading,
        name: &str,
        value: &Value,
        range: RangeInclusive<f64>,
    ) -> f64 {
        if let Some(number) = value.as_f64().filter(|number| range.contains(number)) {
            return number;
        }
        let (least, most) = range.into_inner();
        let what = format!("a number from {least} to {most} is expected, not {}", shown(value));
        reading.problem(&self.place(name), what);
        least
    }

    /// `true` or `false`; `usual` where neither is given.
    pub(super) fn truth(&self, reading: &mut Reading, name: &str, usual: bool) -> bool {
        let Some(value) = self.optional(name) else { return usual };
        value.as_bool().unwrap_or_else(|| {
            let what = format!("true or false is expected, not {}", shown(value));
            reading.problem(&self.place(name), what);
            usual
        })
    }

    /// A day as 2026-10-01; none where none is given.
    pub(super) fn day(&self, reading: &mut Reading, name: &str) -> Option<NaiveDate> {
        let value = self.optional(name)?;
        let day = value.as_str().and_then(|text| text.parse().ok());
        if day.is_none() {
            let what = format!("a day as 2026-10-01 is expected, not {}", shown(value));
            reading.problem(&self.place(name), what);
        }
        day
    }

    /// The items of one of its lists; none where it is not given.
    pub(super) fn list(&self, reading: &mut Reading, name: &str) -> Vec<(String, &'v Value)> {
        self.optional(name).map_or_else(Vec::new, |value| reading.list(&self.place(name), value))
    }
}

/// Finds the line of every value in a text that is JSON.
struct Places<'t> {
    text: &'t [u8],
    at: usize,
    lines: BTreeMap<String, usize>,
    twice: Vec<(usize, String)>,
}

impl Places<'_> {
    fn next(&mut self) -> u8 {
        while self.text.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        self.text.get(self.at).copied().unwrap_or_default()
    }

    fn line(&self) -> usize {
        let before = self.text.get(..self.at).unwrap_or_default();
        before.split(|byte| *byte == b'\n').count()
    }

    fn value(&mut self, place: String) {
        let opens = self.next();
        let line = self.line();
        if self.lines.insert(place.clone(), line).is_some() {
            self.twice.push((line, place.clone()));
        }
        match opens {
            b'{' => self.members(&place),
            b'[' => self.items(&place),
            b'"' => drop(self.string()),
            _ => {
                while self.text.get(self.at).is_some_and(|byte| !b",]} \t\r\n".contains(byte)) {
                    self.at += 1;
                }
            }
        }
    }

    fn members(&mut self, place: &str) {
        self.at += 1;
        while self.next() == b'"' {
            let name = self.string();
            self.next();
            self.at += 1;
            self.value(below(place, &name));
            if self.next() == b',' {
                self.at += 1;
            }
        }
        self.at += 1;
    }

    fn items(&mut self, place: &str) {
        self.at += 1;
        for number in 0.. {
            if matches!(self.next(), b']' | 0) {
                break;
            }
            self.value(format!("{place}[{number}]"));
            if self.next() == b',' {
                self.at += 1;
            }
        }
        self.at += 1;
    }

    fn string(&mut self) -> String {
        let begins = self.at;
        self.at += 1;
        while self.text.get(self.at).is_some_and(|byte| *byte != b'"') {
            self.at += if self.text.get(self.at) == Some(&b'\\') { 2 } else { 1 };
        }
        self.at += 1;
        let written = self.text.get(begins..self.at).unwrap_or_default();
        serde_json::from_slice(written).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_its_line() {
        let text = "{\n  \"a\": [1, \"]\\\"\",\n    {\"b\": true}],\n  \"c\":\n    null,\n  \"c\": 2 }";
        let (_, reading) = Reading::of(text).unwrap();
        let lines: Vec<_> = reading.lines.iter().map(|(place, line)| (place.as_str(), *line)).collect();
        let expected = [("", 1), ("a", 2), ("a[0]", 2), ("a[1]", 2), ("a[2]", 3), ("a[2].b", 3), ("c", 6)];
        assert_eq!(lines, expected);
        let problems = reading.done(()).unwrap_err();
        assert_eq!(problems[0].to_string(), "line 6: c: is given twice");
    }

    #[test]
    fn what_is_no_json_is_told_with_its_line() {
        let problem = Reading::of("{\n  \"a\": 1,\n}").unwrap_err();
        assert_eq!((problem.line, problem.field.as_str()), (3, ""));
        assert!(problem.what.starts_with("this is no JSON"), "{problem}");
    }
}
