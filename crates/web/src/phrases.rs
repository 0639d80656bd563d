//! Small words for pages: choices of a select, counted sentences, initials, addresses, and the way a form comes back.

use std::fmt::Display;

use accounts::Person;
use actix_web::http::StatusCode;
use chrono::Days;
use fluent_bundle::FluentArgs;
use kernel::{Code, FiscalYear, Language, Yen, reiwa};
use serde::Serialize;

use crate::call::Call;
use crate::failure::Failure;
use crate::format;

/// One option of a select or a radio group.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Choice {
    value: String,
    label: String,
}

impl Choice {
    /// `value` is sent, `label` is read.
    pub(crate) fn new(value: impl Display, label: impl Into<String>) -> Self {
        Self { value: value.to_string(), label: label.into() }
    }

    /// Whether `value` is what it sends.
    pub(crate) fn is(&self, value: &str) -> bool {
        self.value == value
    }

    /// What is read.
    pub(crate) fn label(&self) -> &str {
        &self.label
    }
}

/// The word of a stored value: the text `PREFIX-VALUE`.
pub(crate) fn word(call: &Call, prefix: &str, value: impl Display) -> String {
    call.text(&format!("{prefix}-{}", value.to_string().replace('_', "-")))
}

/// Every value of an enum as an option, in its own order.
pub(crate) fn choices<T: Display>(call: &Call, prefix: &str, all: &[T]) -> Vec<Choice> {
    all.iter().map(|value| Choice::new(value, word(call, prefix, value))).collect()
}

/// People as options.
pub(crate) fn people(language: Language, people: &[Person]) -> Vec<Choice> {
    people.iter().map(|person| Choice::new(person.id, person.name_in(language))).collect()
}

/// A sentence with a number in it.
pub(crate) fn counted(call: &Call, key: &str, name: &'static str, number: i64) -> String {
    let mut args = FluentArgs::new();
    args.set(name, number);
    call.app.texts.get(call.language, key, &args)
}

/// `583,000円（税抜）＋金額未定 2件`: what nobody has named an amount for is not worth nothing.
pub(crate) fn worth(call: &Call, count: i64, sum: Yen, undecided: i64) -> String {
    let words = [("sum", format::yen(call.language, sum)), ("count", format::count(undecided))];
    let key = match undecided {
        0 => "board-worth",
        all if all == count => "board-worth-undecided",
        _ => "board-worth-partly",
    };
    said(call, key, words.each_ref().map(|(name, text)| (*name, text.as_str())))
}

/// A sentence with words in it.
pub(crate) fn said<const N: usize>(call: &Call, key: &str, words: [(&'static str, &str); N]) -> String {
    said_in(call, call.language, key, words)
}

/// The same for a reader who did not ask for the page: whom a calendar belongs to.
pub(crate) fn said_in<const N: usize>(
    call: &Call,
    language: Language,
    key: &str,
    words: [(&'static str, &str); N],
) -> String {
    let mut args = FluentArgs::new();
    for (name, text) in words {
        args.set(name, text.to_owned());
    }
    call.app.texts.get(language, key, &args)
}

/// What stands in a person's round mark: two characters of a Japanese name, one letter of another. Of a name that ends in a
/// number the second is its last digit, so that 営業 01 and 営業 02 are told apart.
pub(crate) fn initials(name: &str) -> String {
    if let (Some(first), Some(last)) = (name.chars().next(), name.chars().last().filter(char::is_ascii_digit))
    {
        return format!("{first}{last}");
    }
    let is_latin = name.chars().next().is_some_and(|first| first < '\u{370}');
    name.chars().take(if is_latin { 1 } else { 2 }).collect()
}

/// What a `tel:` link dials: the digits of a number as it was typed, in any width, with a leading `+`; the first of several,
/// without its extension.
pub(crate) fn dial(phone: &str) -> String {
    kernel::reach::dialled(phone)
}

/// A deal's amount; before anybody has named one that is said, not shown as nothing.
pub(crate) fn amount(call: &Call, amount: Yen) -> String {
    if amount.0 == 0 { call.text("deal-amount-open") } else { format::yen(call.language, amount) }
}

/// A fiscal year as people call it: `2026年度（令和8年度）`, `Fiscal 2026`. That of 2019 is 令和元年度 as a whole, though the
/// era began a month later.
pub(crate) fn fiscal_year(call: &Call, year: FiscalYear) -> String {
    let named = fiscal_year_alone(call, year);
    match (call.language, reiwa(year.first_day() + Days::new(30))) {
        (Language::Ja, Some(era)) => format!("{named}（{era}度）"),
        _ => named,
    }
}

/// The same in a sentence, `2026年度`: in brackets there is no room for an era.
pub(crate) fn fiscal_year_alone(call: &Call, year: FiscalYear) -> String {
    said(call, "word-fiscal-year", [("year", &year.0.to_string())])
}

/// `path?name=value&…`, leaving out what is empty.
pub(crate) fn address(path: &str, query: &[(&str, &str)]) -> String {
    let filled: Vec<_> = query.iter().filter(|(_, value)| !value.is_empty()).collect();
    match serde_urlencoded::to_string(filled) {
        Ok(query) if !query.is_empty() => format!("{path}?{query}"),
        _ => path.to_owned(),
    }
}

/// The status of a page that brings a refused form back: a lost race is 409, all else what the failure says.
pub(crate) fn again(failure: &Failure) -> StatusCode {
    if failure.code == Code::Stale { StatusCode::CONFLICT } else { failure.status() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_escaped_and_short() {
        assert_eq!(address("/registry", &[("q", ""), ("after", "")]), "/registry");
        assert_eq!(address("/registry", &[("q", "A&B 社"), ("after", "")]), "/registry?q=A%26B+%E7%A4%BE");
    }

    #[test]
    fn numbers_are_dialled_by_their_digits() {
        assert_eq!(dial("０８５７-12-3456"), "0857123456");
        assert_eq!(dial(" +81 857 12 3456"), "+81857123456");
        assert_eq!(dial(""), "");
    }

    #[test]
    fn initials_fit_a_round_mark() {
        assert_eq!(initials("佐々木"), "佐々");
        assert_eq!(initials("Smith"), "S");
        assert_eq!((initials("営業 01"), initials("営業 02")), ("営1".to_owned(), "営2".to_owned()));
    }
}
