//! Reading what people typed: one collector that reports every field's problem at once.
//!
//! A verb's input holds [`Typed`] texts, the same for a form and for JSON; its `checked()` runs them through
//! [`Checks`] and gets values that cannot be wrong. Full-width digits, thousands commas and Japanese date forms
//! are read, never rejected.

use std::borrow::Cow;
use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use chrono::{NaiveDate, NaiveTime};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::reach;
use crate::text::{fold_width, is_furigana, many_lines, one_line};
use crate::{
    Bound, Code, CorporateNumber, EmailAddress, EmailError, FieldProblem, Invalid, NumberError, Yen,
};

/// What was typed into a field, or sent for it as a JSON string, number, boolean or null. Empty means "not given".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Typed(pub String);

impl Typed {
    /// The text as typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a box was ticked, or a program said so: `true`, `yes`, `on` or `1`.
    pub fn is_yes(&self) -> bool {
        matches!(self.as_str().trim(), "true" | "yes" | "on" | "1")
    }
}

impl<T: Into<String>> From<T> for Typed {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for Typed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl JsonSchema for Typed {
    fn schema_name() -> Cow<'static, str> {
        "Typed".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": ["string", "integer", "boolean", "null"],
            "description": "Read as a person's typing is: a number or its digits in any width, a date in any common \
                form, a word. Empty and null mean “not given”.",
        })
    }
}

impl<'de> Deserialize<'de> for Typed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnyScalar;
        impl Visitor<'_> for AnyScalar {
            type Value = Typed;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string, a whole number, a boolean or null")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Typed, E> {
                Ok(Typed(text.to_owned()))
            }
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Typed, E> {
                Ok(Typed(number.to_string()))
            }
            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Typed, E> {
                Ok(Typed(number.to_string()))
            }
            fn visit_bool<E: de::Error>(self, yes: bool) -> Result<Typed, E> {
                Ok(Typed(yes.to_string()))
            }
            fn visit_unit<E: de::Error>(self) -> Result<Typed, E> {
                Ok(Typed::default())
            }
        }
        deserializer.deserialize_any(AnyScalar)
    }
}

/// Collects the problems of one input.
#[derive(Debug, Default)]
pub struct Checks {
    problems: Vec<FieldProblem>,
}

impl Checks {
    /// Nothing found yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The value built from checked fields, or every problem that was found.
    pub fn done<T>(self, value: T) -> Result<T, Invalid> {
        if self.problems.is_empty() { Ok(value) } else { Err(Invalid(self.problems)) }
    }

    /// How many problems were found so far.
    pub fn found(&self) -> usize {
        self.problems.len()
    }

    /// Notes a problem that a rule of the aggregate found.
    pub fn problem(&mut self, field: &str, code: Code) {
        self.problems.push(FieldProblem::new(field, code));
    }

    /// Notes a problem with the bound that was overstepped.
    pub fn bounded(&mut self, field: &str, code: Code, bound: impl Into<Bound>) {
        self.problems.push(FieldProblem::bounded(field, code, bound));
    }

    /// One line of at most `most` characters; empty is fine.
    pub fn line(&mut self, field: &str, typed: &Typed, most: usize) -> String {
        let Some(line) = one_line(typed.as_str()) else {
            self.problem(field, Code::ForbiddenCharacters);
            return String::new();
        };
        self.within(field, line, most)
    }

    /// One line that must not be empty.
    pub fn required_line(&mut self, field: &str, typed: &Typed, most: usize) -> String {
        let before = self.problems.len();
        let line = self.line(field, typed, most);
        self.present(field, &line, before);
        line
    }

    /// Several lines of at most `most` characters in all; empty is fine.
    pub fn lines(&mut self, field: &str, typed: &Typed, most: usize) -> String {
        let Some(lines) = many_lines(typed.as_str()) else {
            self.problem(field, Code::ForbiddenCharacters);
            return String::new();
        };
        self.within(field, &lines, most)
    }

    /// Several lines that must not be empty.
    pub fn required_lines(&mut self, field: &str, typed: &Typed, most: usize) -> String {
        let before = self.problems.len();
        let lines = self.lines(field, typed, most);
        self.present(field, &lines, before);
        lines
    }

    /// A reading in kana of any width; empty is fine.
    pub fn furigana(&mut self, field: &str, typed: &Typed, most: usize) -> String {
        let line = self.line(field, typed, most);
        if !is_furigana(&line) {
            self.problem(field, Code::NotFurigana);
        }
        line
    }

    /// A phone number in one line, or empty, as [`reach::is_phone`] takes them. Kept as typed.
    pub fn phone(&mut self, field: &str, typed: &Typed) -> String {
        self.shaped(field, typed, 40, reach::is_phone, Code::NotAPhone)
    }

    /// A Japanese postal code in one line, or empty: any width, with 〒 or without. Kept as typed.
    pub fn postal_code(&mut self, field: &str, typed: &Typed) -> String {
        self.shaped(field, typed, 20, reach::is_postal_code, Code::NotAPostalCode)
    }

    /// A web site in one line, or empty: with its scheme and path or the bare host. Kept as typed.
    pub fn website(&mut self, field: &str, typed: &Typed) -> String {
        self.shaped(field, typed, 200, reach::is_site, Code::NotAWebsite)
    }

    /// A whole number within `range`.
    pub fn number(&mut self, field: &str, typed: &Typed, range: RangeInclusive<i64>) -> i64 {
        if typed.as_str().trim().is_empty() {
            self.problem(field, Code::Required);
        }
        self.optional_number(field, typed, range).unwrap_or_default()
    }

    /// A whole number within `range`, or nothing. A minus sign is one as pages show it and as it is typed. One or two zeros
    /// behind the point, as other systems write money, say no more than none; three may be thousands.
    pub fn optional_number(&mut self, field: &str, typed: &Typed, range: RangeInclusive<i64>) -> Option<i64> {
        let folded = fold_width(typed.as_str());
        let digits: String = folded
            .trim()
            .trim_start_matches(['¥', '￥', '\\'])
            .trim_end_matches('円')
            .chars()
            .filter(|character| *character != ',' && *character != ' ')
            .map(|character| if character == '−' { '-' } else { character })
            .collect();
        if digits.is_empty() {
            // 円 alone is no amount.
            if !folded.trim().is_empty() {
                self.problem(field, Code::NotANumber);
            }
            return None;
        }
        let (digits, fraction) = digits.split_once('.').unwrap_or((digits.as_str(), "0"));
        if !matches!(fraction, "0" | "00") {
            let is_number = format!("{digits}{fraction}").parse::<i64>().is_ok() && !fraction.is_empty();
            self.problem(field, if is_number { Code::NotAWholeNumber } else { Code::NotANumber });
            return None;
        }
        let Ok(number) = digits.parse::<i64>() else {
            let bare = digits.trim_start_matches('-');
            let huge = !bare.is_empty() && bare.chars().all(|character| character.is_ascii_digit());
            self.problem(field, if huge { Code::OutOfRange } else { Code::NotANumber });
            return None;
        };
        if !range.contains(&number) {
            let (least, most) = range.into_inner();
            let bound = if number < least { Bound::Least(least) } else { Bound::Number(most) };
            self.bounded(field, Code::OutOfRange, bound);
            return None;
        }
        Some(number)
    }

    /// An amount of yen, zero or more.
    pub fn yen(&mut self, field: &str, typed: &Typed, most: Yen) -> Yen {
        Yen(self.number(field, typed, 0..=most.0))
    }

    /// A date: `2026-11-22`, `2026/11/22`, `20261122`, `2026年11月22日`, `令和8年11月22日` or `H28.10.20`, in any width.
    pub fn date(&mut self, field: &str, typed: &Typed) -> NaiveDate {
        if typed.as_str().trim().is_empty() {
            self.problem(field, Code::Required);
            return NaiveDate::default();
        }
        self.optional_date(field, typed).unwrap_or_default()
    }

    /// A date or nothing.
    pub fn optional_date(&mut self, field: &str, typed: &Typed) -> Option<NaiveDate> {
        let text = fold_width(typed.as_str());
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let date = read_date(text);
        if date.is_none() {
            self.problem(field, Code::NotADate);
        }
        date
    }

    /// A time of day in any width, `9:30`, `14時05分` or `9`, or nothing.
    pub fn optional_time(&mut self, field: &str, typed: &Typed) -> Option<NaiveTime> {
        let line = fold_width(&self.line(field, typed, 20)).replace('時', ":").replace('分', "");
        let line = line.trim().trim_end_matches(':');
        if line.is_empty() {
            return None;
        }
        let time = read_time(line);
        if time.is_none() {
            self.problem(field, Code::NotATime);
        }
        time
    }

    /// One of a [`crate::text_enum!`]'s words.
    pub fn choice<T: FromStr>(&mut self, field: &str, typed: &Typed) -> Option<T> {
        let word = typed.as_str().trim();
        if word.is_empty() {
            self.problem(field, Code::Required);
            return None;
        }
        let choice = word.parse().ok();
        if choice.is_none() {
            self.problem(field, Code::UnknownChoice);
        }
        choice
    }

    /// A mail address.
    pub fn email(&mut self, field: &str, typed: &Typed) -> Option<EmailAddress> {
        if typed.as_str().trim().is_empty() {
            self.problem(field, Code::Required);
            return None;
        }
        self.optional_email(field, typed)
    }

    /// A mail address or nothing.
    pub fn optional_email(&mut self, field: &str, typed: &Typed) -> Option<EmailAddress> {
        if typed.as_str().trim().is_empty() {
            return None;
        }
        match EmailAddress::parse(typed.as_str()) {
            Ok(address) => Some(address),
            Err(error) => {
                let code = match error {
                    EmailError::Malformed => Code::NotAnEmail,
                    EmailError::TooLong => Code::TooLong,
                };
                self.problem(field, code);
                None
            }
        }
    }

    /// A corporate number or nothing.
    pub fn optional_corporate_number(&mut self, field: &str, typed: &Typed) -> Option<CorporateNumber> {
        if typed.as_str().trim().is_empty() {
            return None;
        }
        match CorporateNumber::parse(typed.as_str()) {
            Ok(number) => Some(number),
            Err(error) => {
                let code = match error {
                    NumberError::Length => Code::NotANumber,
                    NumberError::CheckDigit => Code::CheckDigit,
                };
                self.problem(field, code);
                None
            }
        }
    }

    fn shaped(
        &mut self,
        field: &str,
        typed: &Typed,
        most: usize,
        is_right: fn(&str) -> bool,
        code: Code,
    ) -> String {
        let line = self.line(field, typed, most);
        if !line.is_empty() && !is_right(&line) {
            self.problem(field, code);
        }
        line
    }

    fn within(&mut self, field: &str, text: &str, most: usize) -> String {
        if text.chars().count() > most {
            self.bounded(field, Code::TooLong, i64::try_from(most).unwrap_or(i64::MAX));
            return String::new();
        }
        text.to_owned()
    }

    fn present(&mut self, field: &str, text: &str, problems_before: usize) {
        if text.is_empty() && self.problems.len() == problems_before {
            self.problem(field, Code::Required);
        }
    }
}

/// `None` for anything that is no time of a day.
fn read_time(line: &str) -> Option<NaiveTime> {
    let (hours, minutes) = line.split_once(':').unwrap_or((line, "0"));
    let (hours, minutes) = (hours.trim().parse().ok()?, minutes.trim().parse().ok()?);
    NaiveTime::from_hms_opt(hours, minutes, 0)
}

/// An imperial era as people write its dates.
struct Era {
    name: &'static str,
    letters: [char; 2],
    /// The year before its first.
    before: i32,
    /// Its first day, and the first that is not in it any more.
    first: (i32, u32, u32),
    end: (i32, u32, u32),
}

/// The eras that living people and companies have dates in. An era year of 令和 beyond sixty is a slip of the hand.
const ERAS: [Era; 3] = [
    Era { name: "令和", letters: ['R', 'r'], before: 2018, first: (2019, 5, 1), end: (2079, 1, 1) },
    Era { name: "平成", letters: ['H', 'h'], before: 1988, first: (1989, 1, 8), end: (2019, 5, 1) },
    Era { name: "昭和", letters: ['S', 's'], before: 1925, first: (1926, 12, 25), end: (1989, 1, 8) },
];

impl Era {
    /// The day that a year of the era, a month and a day name; `None` where it does not lie in the era.
    fn read(&self, text: &str) -> Option<NaiveDate> {
        let (year, month, day) = three_numbers(&text.replace('元', "1"))?;
        let year = i32::try_from(year).ok().filter(|year| (1..100).contains(year))?;
        let named = self.before + year;
        let is_within = self.first <= (named, month, day) && (named, month, day) < self.end;
        NaiveDate::from_ymd_opt(named, month, day).filter(|_| is_within)
    }
}

/// `None` for anything that is no existing day.
fn read_date(text: &str) -> Option<NaiveDate> {
    for era in ERAS {
        let in_it = text.strip_prefix(era.name).or_else(|| text.strip_prefix(era.letters));
        if let Some(in_it) = in_it {
            return era.read(in_it);
        }
    }
    if text.len() == 8 && text.chars().all(|character| character.is_ascii_digit()) {
        return NaiveDate::parse_from_str(text, "%Y%m%d").ok();
    }
    let (year, month, day) = three_numbers(text)?;
    let year = i32::try_from(year).ok().filter(|year| (1900..=2999).contains(year))?;
    NaiveDate::from_ymd_opt(year, month, day)
}

fn three_numbers(text: &str) -> Option<(u32, u32, u32)> {
    let text = text.trim_end_matches('日');
    let mut parts = text.split(['-', '/', '.', '年', '月']).map(|part| part.trim().parse::<u32>());
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(Ok(year)), Some(Ok(month)), Some(Ok(day)), None) => Some((year, month, day)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(typed: &str) -> Result<Option<NaiveDate>, Code> {
        let mut checks = Checks::new();
        let date = checks.optional_date("day", &typed.into());
        checks.done(date).map_err(|invalid| invalid.0[0].code)
    }

    #[test]
    fn dates_are_read_as_people_write_them() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 22);
        for typed in
            ["2026-11-22", "2026/11/22", "20261122", "２０２６年１１月２２日", "令和8年11月22日", "R8.11.22"]
        {
            assert_eq!(date(typed), Ok(day), "{typed}");
        }
        assert_eq!(date("令和元年5月1日"), Ok(NaiveDate::from_ymd_opt(2019, 5, 1)));
        for typed in ["H28.10.20", "平成28年10月20日", "ｈ28/10/20"] {
            assert_eq!(date(typed), Ok(NaiveDate::from_ymd_opt(2016, 10, 20)), "{typed}");
        }
        assert_eq!(date("平成元年1月8日"), Ok(NaiveDate::from_ymd_opt(1989, 1, 8)));
        assert_eq!(date("平成31年4月30日"), Ok(NaiveDate::from_ymd_opt(2019, 4, 30)));
        assert_eq!(date("S64.1.7"), Ok(NaiveDate::from_ymd_opt(1989, 1, 7)));
        assert_eq!(date(""), Ok(None));
    }

    #[test]
    fn a_time_is_read_as_people_write_it() {
        let read = |time: &str| {
            let mut checks = Checks::new();
            let time = checks.optional_time("at", &time.into());
            checks.done(time).map_err(|invalid| invalid.0[0].code)
        };
        let at = |hours, minutes| Ok(NaiveTime::from_hms_opt(hours, minutes, 0));
        assert_eq!(read(" "), Ok(None));
        for (typed, expected) in
            [("9:30", at(9, 30)), ("１４：０５", at(14, 5)), ("14時05分", at(14, 5)), ("9時", at(9, 0))]
        {
            assert_eq!(read(typed), expected, "{typed}");
        }
        for wrong in ["24:00", "9:60", "noon", "9:3x"] {
            assert_eq!(read(wrong), Err(Code::NotATime), "{wrong}");
        }
    }

    #[test]
    fn days_that_never_were_are_refused() {
        for typed in [
            "2026-02-30",
            "2026-02-31",
            "令和99年2月30日",
            "令和99年4月1日",
            "令和1年4月30日",
            "平成31年5月1日",
            "平成元年1月7日",
            "昭和64年1月8日",
            "S1.12.24",
            "H0.1.1",
            "10/20/2016",
            "22-11-2026",
            "tomorrow",
            "2026-11",
        ] {
            assert_eq!(date(typed), Err(Code::NotADate), "{typed}");
        }
    }

    #[test]
    fn a_phone_number_has_digits_and_the_signs_between_them() {
        let read = |text: &str| {
            let mut checks = Checks::new();
            let phone = checks.phone("phone", &text.into());
            checks.done(phone).map_err(|invalid| invalid.0[0].code)
        };
        for good in [
            "",
            "0859-00-0000",
            "０８５９－００－００００",
            "+81 (859) 00 0000",
            "0859-00-0000 内線12",
            "0859-00-0000（代）",
            "119",
        ] {
            assert_eq!(read(good).as_deref(), Ok(good.trim()), "{good}");
        }
        for bad in ["abc", "電話", "12", "0859-00-000a", "859-00-0000", "0859-00-00000"] {
            assert_eq!(read(bad), Err(Code::NotAPhone), "{bad}");
        }
    }

    #[test]
    fn a_number_out_of_range_names_the_bound_it_overstepped() {
        let bound = |text: &str| {
            let mut checks = Checks::new();
            checks.number("count", &text.into(), 1..=100);
            checks.done(()).unwrap_err().0[0].bound
        };
        assert_eq!((bound("0"), bound("101")), (Some(Bound::Least(1)), Some(Bound::Number(100))));
    }

    #[test]
    fn numbers_are_read_in_any_width_and_refused_out_of_range() {
        let read = |typed: &str| {
            let mut checks = Checks::new();
            let number = checks.number("price", &typed.into(), 0..=1000);
            checks.done(number).map_err(|invalid| invalid.0[0].code)
        };
        assert_eq!(read("１２３"), Ok(123));
        assert_eq!(read(" 1,000円"), Ok(1000));
        assert_eq!((read("¥1,000"), read("￥1,000"), read("\\1,000")), (Ok(1000), Ok(1000), Ok(1000)));
        for below in ["-1", "－１", "−1円"] {
            assert_eq!(read(below), Err(Code::OutOfRange), "{below}");
        }
        assert_eq!(read("9223372036854775808"), Err(Code::OutOfRange));
        assert_eq!((read("1,000.00"), read("１２．０")), (Ok(1000), Ok(12)));
        assert_eq!((read("1.5"), read("54.50")), (Err(Code::NotAWholeNumber), Err(Code::NotAWholeNumber)));
        assert_eq!(read("1.000"), Err(Code::NotAWholeNumber), "this may be a thousand");
        for wrong in ["1.", ".", ".0", "-", "1.x", "1.2.3"] {
            assert_eq!(read(wrong), Err(Code::NotANumber), "{wrong}");
        }
        assert_eq!(read("1e3"), Err(Code::NotANumber));
        assert_eq!(read(""), Err(Code::Required));
    }

    #[test]
    fn every_problem_is_reported_at_once() {
        let mut checks = Checks::new();
        checks.required_line("name", &Typed::default(), 10);
        checks.furigana("furigana", &"漢字".into(), 10);
        checks.email("email", &"nobody".into());
        let invalid = checks.done(()).unwrap_err();
        let codes: Vec<Code> = invalid.0.iter().map(|problem| problem.code).collect();
        assert_eq!(codes, [Code::Required, Code::NotFurigana, Code::NotAnEmail]);
    }

    #[test]
    fn json_numbers_and_strings_are_the_same_to_a_field() {
        #[derive(Deserialize)]
        struct Body {
            quantity: Typed,
        }
        for json in [r#"{"quantity": 12}"#, r#"{"quantity": "12"}"#] {
            let body: Body = serde_json::from_str(json).unwrap();
            assert_eq!(body.quantity.as_str(), "12");
        }
        assert!(serde_json::from_str::<Body>(r#"{"quantity": [1]}"#).is_err());
    }
}
