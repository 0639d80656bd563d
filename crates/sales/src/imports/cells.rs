//! Cells as other systems write them: days with times, amounts of other money, addresses in several columns or lines. No database
//! here.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime};
use kernel::text::{fold_width, search_key};
use kernel::{Checks, Code, Typed, Yen, date_in_japan};

use super::model::RowProblem;
use super::target::Cells;

/// A day as people or systems write it: with or without a time. A time that names its zone (`2024-03-04T20:00:00Z`) is the
/// day it was in Japan then; any other is the day that stands there. Nothing where there is no such day.
pub(super) fn day(written: &str) -> Option<NaiveDate> {
    let folded = fold_width(written);
    let text = folded.trim();
    read(text).or_else(|| zoned(text)).or_else(|| {
        let (date, time) = text.split_once(['T', 't']).or_else(|| text.split_once(char::is_whitespace))?;
        read(date).filter(|_| is_time(time.trim()))
    })
}

fn read(text: &str) -> Option<NaiveDate> {
    let (mut checks, typed) = (Checks::new(), Typed::from(text));
    let day = checks.optional_date("day", &typed);
    checks.done(day).ok().flatten()
}

/// A time that names its zone.
fn zoned(text: &str) -> Option<NaiveDate> {
    let marked = text.strip_suffix(" UTC").or_else(|| text.strip_suffix(" GMT"));
    let utc = marked.and_then(|text| {
        let text = text.replacen('T', " ", 1);
        ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S%.f", "%Y/%m/%d %H:%M"]
            .iter()
            .find_map(|form| NaiveDateTime::parse_from_str(&text, form).ok())
    });
    let offset = || {
        const FORMS: [&str; 4] = [
            "%Y-%m-%dT%H:%M:%S%.f%#z",
            "%Y-%m-%d %H:%M:%S%.f%#z",
            "%Y-%m-%d %H:%M:%S%.f %#z",
            "%Y-%m-%dT%H:%M%#z",
        ];
        let text =
            text.strip_suffix(['Z', 'z']).map_or_else(|| text.to_owned(), |rest| format!("{rest}+00:00"));
        FORMS.iter().find_map(|form| DateTime::parse_from_str(&text, form).ok())
    };
    utc.map(|time| date_in_japan(time.and_utc()))
        .or_else(|| offset().map(|time| date_in_japan(time.to_utc())))
}

/// Whether a text is a time of a day, of 12 hours or of 24, with or without seconds.
fn is_time(text: &str) -> bool {
    const FORMS: [&str; 7] =
        ["%H:%M", "%H:%M:%S", "%H:%M:%S%.f", "%I:%M %p", "%I:%M:%S %p", "%H時%M分", "%H時%M分%S秒"];
    let half = text.strip_prefix("午前").map(|rest| format!("{} AM", rest.trim()));
    let half = half.or_else(|| text.strip_prefix("午後").map(|rest| format!("{} PM", rest.trim())));
    let text = half.unwrap_or_else(|| text.to_uppercase());
    FORMS.iter().any(|form| NaiveTime::parse_from_str(&text, form).is_ok())
}

/// Where a row's cells hold what counts if it does not say that itself.
pub(super) fn unsaid(field: &str) -> &'static str {
    match field {
        "next_action" => "unsaid_next_action",
        "next_action_on" => "unsaid_next_action_on",
        _ => "",
    }
}

/// That an amount is none of yen.
pub(super) fn other_money(row: &Cells) -> Option<RowProblem> {
    let written = row.get("currency");
    let key = search_key(written);
    let is_yen =
        matches!(key.as_str(), "" | "jpy" | "yen" | "円" | "日本円" | "¥" | "\\" | "jpy(¥)" | "japaneseyen");
    (!is_yen && !row.get("amount").is_empty())
        .then(|| RowProblem::new("currency", written, Code::UnknownChoice))
}

/// An amount of yen, also with the word for yen before or after it, as other systems write it: `JPY 300,000`. Nothing where it is no
/// such amount.
pub(super) fn yen(written: &str) -> Option<Yen> {
    let (mut checks, typed) = (Checks::new(), Typed::from(without_word(written).as_str()));
    let amount = checks.yen("amount", &typed, Yen(i64::MAX));
    checks.done(amount).ok()
}

fn without_word(written: &str) -> String {
    let folded = fold_width(written);
    let text = folded.trim();
    let is_word = |part: &str| ["jpy", "yen"].contains(&part.to_lowercase().as_str());
    let before = text.get(..3).filter(|word| is_word(word)).and_then(|_| text.get(3..));
    let rest = before.unwrap_or(text);
    let start = rest.len().saturating_sub(3);
    let after = rest.get(start..).filter(|word| is_word(word)).and_then(|_| rest.get(..start));
    after.unwrap_or(rest).trim().to_owned()
}

/// Whether two names stand in one value, as other systems join the companies of a contact or a deal: `A;B`. An HTML entity joins none.
pub(super) fn holds_two(written: &str) -> bool {
    let folded = fold_width(written).replace("&amp;", "&");
    let parts = folded.split(';').filter(|part| !part.trim().is_empty());
    parts.count() > 1
}

/// The columns an address may be split into, the largest first.
const PARTS: [&str; 4] = ["region", "city", "street", "building"];

/// An address in one line: what stood in lines of one cell, and in columns of their own before it and after it.
pub(super) fn address(row: &Cells) -> String {
    let joined = |text: &str| {
        text.lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .fold(String::new(), |address, line| format!("{address}{}{line}", gap(&address, line)))
    };
    let whole = joined(row.get("address"));
    let [region, city, street, building] = PARTS.map(|part| joined(row.get(part)));
    let mut address = String::new();
    let is_in_letters =
        [&region, &city, &street, &building].iter().all(|part| part.chars().all(|sign| sign < '\u{2e80}'));
    // In letters the street comes first: 1-2 Main St, Springfield, Ohio.
    let ordered =
        if is_in_letters { [street, building, city, region] } else { [region, city, street, building] };
    for part in ordered.iter().filter(|part| !part.is_empty() && !whole.contains(part.as_str())) {
        let gap = if is_in_letters && !address.is_empty() { ", " } else { gap(&address, part) };
        address = format!("{address}{gap}{part}");
    }
    if whole.is_empty() || address.is_empty() {
        return format!("{whole}{address}");
    }
    if is_in_letters {
        format!("{whole}, {address}")
    } else {
        format!("{address}{}{whole}", gap(&address, &whole))
    }
}

/// What stands between two parts of an address: nothing within Japanese script.
fn gap(before: &str, after: &str) -> &'static str {
    let is_letter = |sign: Option<char>| sign.is_some_and(|sign| sign < '\u{2e80}');
    match (before.chars().next_back(), after.chars().next()) {
        (None, _) | (_, None) => "",
        (Some(last), next) if is_letter(Some(last)) && is_letter(next) => " ",
        // A building after its number: 大手前1-1-1 中央ビル.
        (Some(last), _) if last.is_ascii_digit() => " ",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(values: &[(&str, &str)]) -> Cells {
        Cells {
            number: 1,
            line: 2,
            values: values.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect(),
            verdict: None,
            problems: Vec::new(),
        }
    }

    #[test]
    fn a_day_with_a_time_is_that_day() {
        let fifth = NaiveDate::from_ymd_opt(2024, 3, 5);
        for written in [
            "2024-03-05",
            "2024-03-05 14:30",
            "2024/3/5 0:00:00",
            "2024/03/05 9:05",
            "2024-03-05T14:30:00",
            "2024-03-05 14:30:00.000",
            "２０２４／３／５　１４：３０",
            "2024年3月5日 14時30分",
            "2024/3/5 2:30 pm",
            "2024/3/5 午後2:30",
            "2024-03-05T14:30:00+09:00",
            "2024-03-04T20:00:00Z",
            "2024-03-04T20:00:00.000Z",
            "2024-03-04 20:00:00 UTC",
            "2024-03-04T20:00:00+0000",
        ] {
            assert_eq!(day(written), fifth, "{written}");
        }
        for wrong in
            ["", "2024-02-30 10:00", "2024-03-05 25:00", "2024-03-05 abc", "14:30", "令和99年1月1日 10:00"]
        {
            assert_eq!(day(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn an_amount_of_other_money_is_none_of_yen() {
        for yen in ["", "JPY", "¥", "円", "ｊｐｙ"] {
            assert_eq!(other_money(&row(&[("amount", "1000"), ("currency", yen)])), None, "{yen}");
        }
        let dollars = other_money(&row(&[("amount", "1000"), ("currency", "USD")])).unwrap();
        assert_eq!((dollars.field.as_str(), dollars.value.as_str()), ("currency", "USD"));
        assert_eq!(other_money(&row(&[("currency", "USD")])), None, "no amount, no money");
    }

    #[test]
    fn two_names_in_one_value_are_told_from_one_that_ends_with_a_sign() {
        for two in ["甲商店;乙商店", "甲商店； 乙商店", "A;B;C"] {
            assert!(holds_two(two), "{two}");
        }
        for one in ["", "甲商店", "甲商店;", ";甲商店", "Smith &amp; Sons", "A&B, Ltd."] {
            assert!(!holds_two(one), "{one}");
        }
    }

    #[test]
    fn yen_are_yen_whatever_they_are_called() {
        for written in [
            "JPY 300,000",
            "ＪＰＹ 300,000",
            "300,000 JPY",
            "jpy300,000",
            "300,000 yen",
            "￥300,000",
            "300000円",
        ] {
            assert_eq!(yen(written), Some(Yen(300_000)), "{written}");
        }
        for other in ["USD 300", "300 USD", "", "円", "JPY", "JP 3"] {
            assert_eq!(yen(other), None, "{other}");
        }
    }

    #[test]
    fn an_address_in_lines_or_columns_is_one_line() {
        assert_eq!(
            address(&row(&[("address", "鳥取県米子市\r\n中町20-1\n市役所 2F")])),
            "鳥取県米子市中町20-1 市役所 2F"
        );
        let parts =
            [("region", "鳥取県"), ("city", "米子市"), ("street", "中町20-1"), ("building", "中町ビル")];
        assert_eq!(address(&row(&parts)), "鳥取県米子市中町20-1 中町ビル");
        let whole = [("address", "鳥取県米子市中町20"), ("region", "鳥取県"), ("city", "米子市")];
        assert_eq!(address(&row(&whole)), "鳥取県米子市中町20", "nothing is said twice");
        let rest = [("address", "中町20"), ("region", "鳥取県"), ("city", "米子市")];
        assert_eq!(address(&row(&rest)), "鳥取県米子市中町20");
        let letters = [("street", "1-2 Main St\nSuite 5"), ("city", "Springfield"), ("region", "Ohio")];
        assert_eq!(address(&row(&letters)), "1-2 Main St Suite 5, Springfield, Ohio");
        assert_eq!(address(&row(&[])), "");
    }
}
