//! Numbers, dates and deadlines in the reader's language; templates get ready strings.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, SecondsFormat, Utc, Weekday};
use kernel::{JST, Language, Yen, date_in_japan, reiwa};
use serde::Serialize;

/// `1,234円` or `¥1,234`.
pub fn yen(language: Language, amount: Yen) -> String {
    let minus = if amount.0 < 0 { "−" } else { "" };
    let size = count(amount.0).trim_start_matches('-').to_owned();
    match language {
        Language::Ja => format!("{minus}{size}円"),
        Language::En => format!("{minus}¥{size}"),
    }
}

/// `1,234`.
pub fn count(number: i64) -> String {
    Yen(number).to_string()
}

/// Minutes as hours with at most one decimal: `12.5時間`, `12.5 h`; under an hour as minutes.
pub fn duration(language: Language, minutes: i64) -> String {
    let (unit_hours, unit_minutes) = match language {
        Language::Ja => ("時間", "分"),
        Language::En => (" h", " min"),
    };
    if minutes < 60 {
        return format!("{minutes}{unit_minutes}");
    }
    let tenths = (minutes * 10 + 30) / 60;
    if tenths % 10 == 0 {
        format!("{}{unit_hours}", count(tenths / 10))
    } else {
        format!("{}.{}{unit_hours}", count(tenths / 10), tenths % 10)
    }
}

fn weekday(language: Language, day: Weekday) -> &'static str {
    let index = usize::try_from(day.num_days_from_monday()).unwrap_or(0);
    let names = match language {
        Language::Ja => ["月", "火", "水", "木", "金", "土", "日"],
        Language::En => ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    };
    names.get(index).copied().unwrap_or_default()
}

fn month_name(month: u32) -> &'static str {
    let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    usize::try_from(month)
        .ok()
        .and_then(|month| names.get(month.wrapping_sub(1)))
        .copied()
        .unwrap_or_default()
}

/// `11月`, `Nov`: short enough for six of them side by side on a phone.
pub fn short_month(language: Language, day: NaiveDate) -> String {
    match language {
        Language::Ja => format!("{}月", day.month()),
        Language::En => month_name(day.month()).to_owned(),
    }
}

/// `11月22日(日)`, `Sun 22 Nov`.
pub fn short_date(language: Language, date: NaiveDate) -> String {
    let day = weekday(language, date.weekday());
    match language {
        Language::Ja => format!("{}月{}日({day})", date.month(), date.day()),
        Language::En => format!("{day} {} {}", date.day(), month_name(date.month())),
    }
}

/// `2026年11月22日(日)`, `Sun 22 Nov 2026`.
pub fn full_date(language: Language, date: NaiveDate) -> String {
    match language {
        Language::Ja => format!("{}年{}", date.year(), short_date(language, date)),
        Language::En => format!("{} {}", short_date(language, date), date.year()),
    }
}

/// `令和8年（2026年）11月22日`, `22 Nov 2026`: the day of a paper, as town halls write it.
pub fn paper_date(language: Language, date: NaiveDate) -> String {
    match (language, reiwa(date)) {
        (Language::Ja, Some(era)) => format!("{era}（{}年）{}月{}日", date.year(), date.month(), date.day()),
        _ => plain_date(language, date),
    }
}

/// `2026年11月`, `Nov 2026`: the month of a day.
pub fn year_month(language: Language, day: NaiveDate) -> String {
    match language {
        Language::Ja => format!("{}年{}月", day.year(), day.month()),
        Language::En => format!("{} {}", month_name(day.month()), day.year()),
    }
}

/// `2026年11月22日`, `22 Nov 2026`: a day long past, whose weekday says nothing.
pub fn plain_date(language: Language, date: NaiveDate) -> String {
    match language {
        Language::Ja => format!("{}年{}月{}日", date.year(), date.month(), date.day()),
        Language::En => format!("{} {} {}", date.day(), month_name(date.month()), date.year()),
    }
}

/// `9:00〜11:30`, `9:00–11:30`.
pub fn hours(language: Language, from: NaiveTime, to: NaiveTime) -> String {
    let dash = match language {
        Language::Ja => "〜",
        Language::En => "–",
    };
    format!("{}{dash}{}", from.format("%-H:%M"), to.format("%-H:%M"))
}

/// A day with hours of it: `11月27日(金) 9:00〜11:30`.
pub fn slot(language: Language, day: NaiveDate, from: NaiveTime, to: NaiveTime) -> String {
    format!("{} {}", short_date(language, day), hours(language, from, to))
}

/// `11月22日(日) 14:05` in Japan's time.
pub fn moment(language: Language, instant: DateTime<Utc>) -> String {
    let local = instant.with_timezone(&JST);
    format!("{} {}", short_date(language, local.date_naive()), local.format("%H:%M"))
}

/// [`moment`] for mails, which are read anywhere and kept: who reads English may not be in Japan.
pub fn clock_time(language: Language, instant: DateTime<Utc>) -> String {
    match language {
        Language::Ja => moment(language, instant),
        Language::En => {
            let local = instant.with_timezone(&JST);
            format!("{}, {} Japan time", short_date(language, local.date_naive()), local.format("%H:%M"))
        }
    }
}

/// [`moment`] with its year, for what is kept: `2026年11月22日(日) 14:05`.
pub fn full_moment(language: Language, instant: DateTime<Utc>) -> String {
    let time = instant.with_timezone(&JST).format("%H:%M");
    format!("{} {time}", full_date(language, date_in_japan(instant)))
}

/// A day as the reader needs it, with its date for hover and screen readers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Due {
    /// `今日`, `あと3日`, `2日遅れ`, or the date when it is far.
    pub(crate) text: String,
    /// `late`, `today` or empty.
    pub(crate) tone: &'static str,
    /// The date with its year.
    pub(crate) full: String,
    /// For machines.
    pub(crate) iso: String,
}

/// A day that nothing hurries to any more.
pub(crate) fn day(language: Language, date: NaiveDate) -> Due {
    Due { text: short_date(language, date), tone: "", full: full_date(language, date), iso: date.to_string() }
}

/// How far `date` is from today in Japan.
pub(crate) fn due(language: Language, now: DateTime<Utc>, date: NaiveDate) -> Due {
    let days = (date - date_in_japan(now)).num_days();
    let tone = match days {
        ..0 => "late",
        0 => "today",
        _ => "",
    };
    Due { text: distance(language, date, days), tone, full: full_date(language, date), iso: date.to_string() }
}

/// How far `date` is from today in Japan, for mails: `今日`, `2日遅れ`, `in 3 days`.
pub fn due_in_words(language: Language, now: DateTime<Utc>, date: NaiveDate) -> String {
    due(language, now, date).text
}

/// A day with its year and, where it has one, the time in Japan: `2026年12月7日(月) 14:00`.
pub fn day_and_time(language: Language, date: NaiveDate, time: Option<NaiveTime>) -> String {
    let day = full_date(language, date);
    match time {
        Some(time) => format!("{day} {}", time.format("%H:%M")),
        None => day,
    }
}

/// [`due`] with its day and its distance, however far: `12月13日(日)・あと17日`, `Sun 13 Dec, in 17 days`.
pub(crate) fn due_on(language: Language, now: DateTime<Utc>, date: NaiveDate) -> Due {
    let days = (date - date_in_japan(now)).num_days();
    let day = told_date(language, date, days);
    let text = match (language, days) {
        (Language::Ja, 15..) => format!("{day}・あと{days}日"),
        (Language::Ja, _) => format!("{day}・{}", distance(language, date, days)),
        (Language::En, 15..) => format!("{day}, in {days} days"),
        (Language::En, _) => format!("{day}, {}", distance(language, date, days)),
    };
    Due { text, ..due(language, now, date) }
}

fn distance(language: Language, date: NaiveDate, days: i64) -> String {
    match (language, days) {
        (Language::Ja, ..0) => format!("{}日遅れ", -days),
        (Language::Ja, 0) => "今日".to_owned(),
        (Language::Ja, 1) => "明日".to_owned(),
        (Language::Ja, 2..=14) => format!("あと{days}日"),
        (Language::En, -1) => "1 day late".to_owned(),
        (Language::En, ..0) => format!("{} days late", -days),
        (Language::En, 0) => "today".to_owned(),
        (Language::En, 1) => "tomorrow".to_owned(),
        (Language::En, 2..=14) => format!("in {days} days"),
        _ => told_date(language, date, days),
    }
}

/// How many days away a date without its year still means the nearest one.
const NEAR: u64 = 270;

/// A date that is `days` away, with its year only where that cannot be guessed.
fn told_date(language: Language, date: NaiveDate, days: i64) -> String {
    if days.unsigned_abs() > NEAR { full_date(language, date) } else { short_date(language, date) }
}

/// A moment as operators need it: how long ago, and exactly when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Moment {
    /// `3分前`; the date once that is a week and more.
    pub(crate) ago: String,
    /// Day and time.
    pub(crate) text: String,
    /// With the year.
    pub(crate) full: String,
    /// For machines.
    pub(crate) iso: String,
}

impl Moment {
    /// `instant` as seen at `now`.
    pub(crate) fn of(language: Language, now: DateTime<Utc>, instant: DateTime<Utc>) -> Self {
        Self {
            ago: ago(language, now, instant),
            text: moment(language, instant),
            full: full_moment(language, instant),
            iso: instant.to_rfc3339_opts(SecondsFormat::Secs, true),
        }
    }
}

fn ago(language: Language, now: DateTime<Utc>, instant: DateTime<Utc>) -> String {
    let seconds = (now - instant).num_seconds();
    let (number, ja, en) = match seconds.abs() {
        0..60 => return if language == Language::Ja { "たった今" } else { "just now" }.to_owned(),
        60..3600 => (seconds / 60, "分", "minute"),
        3600..86_400 => (seconds / 3600, "時間", "hour"),
        86_400..604_800 => (seconds / 86_400, "日", "day"),
        _ => return short_date(language, date_in_japan(instant)),
    };
    let (count, is_past) = (number.abs(), number > 0);
    let plural = if count == 1 { "" } else { "s" };
    match (language, is_past) {
        (Language::Ja, true) => format!("{count}{ja}前"),
        (Language::Ja, false) => format!("{count}{ja}後"),
        (Language::En, true) => format!("{count} {en}{plural} ago"),
        (Language::En, false) => format!("in {count} {en}{plural}"),
    }
}

/// An opaque page key for the next page's address.
pub(crate) fn page_key<K: Serialize>(key: &K) -> String {
    use base64::Engine as _;
    let json = serde_json::to_vec(key).unwrap_or_default();
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(json)
}

/// Reads a page key; for a page, one that somebody made up is the first page. No key of ours holds a NUL, which
/// PostgreSQL would not take.
pub(crate) fn read_page_key<K: serde::de::DeserializeOwned>(text: &str) -> Option<K> {
    use base64::Engine as _;
    let json = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).ok()?;
    let key: serde_json::Value = serde_json::from_slice(&json).ok()?;
    if holds_nul(&key) { None } else { serde_json::from_value(key).ok() }
}

fn holds_nul(key: &serde_json::Value) -> bool {
    use serde_json::Value;
    match key {
        Value::String(text) => text.contains('\0'),
        Value::Array(parts) => parts.iter().any(holds_nul),
        Value::Object(fields) => fields.values().any(holds_nul),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_below_zero_has_one_minus_before_everything_else() {
        for (amount, ja, en) in
            [(8_500, "8,500円", "¥8,500"), (0, "0円", "¥0"), (-8_500, "−8,500円", "−¥8,500")]
        {
            assert_eq!(yen(Language::Ja, Yen(amount)), ja);
            assert_eq!(yen(Language::En, Yen(amount)), en);
        }
    }

    #[test]
    fn days_are_said_as_people_say_them() {
        let now: DateTime<Utc> = "2026-11-22T15:30:00Z".parse().unwrap();
        let date = |text: &str| text.parse::<NaiveDate>().unwrap();
        let said = |language, text| due(language, now, date(text)).text;
        assert_eq!(said(Language::Ja, "2026-11-23"), "今日", "half past midnight in Japan");
        assert_eq!(said(Language::Ja, "2026-11-22"), "1日遅れ");
        assert_eq!(said(Language::Ja, "2026-11-26"), "あと3日");
        assert_eq!(said(Language::En, "2026-11-21"), "2 days late");
        assert_eq!(said(Language::En, "2027-01-31"), "Sun 31 Jan");
        assert_eq!(said(Language::En, "2028-03-31"), "Fri 31 Mar 2028", "which March nobody can guess");
        assert_eq!(full_date(Language::Ja, date("2026-11-22")), "2026年11月22日(日)");
        assert_eq!(plain_date(Language::Ja, date("2022-01-01")), "2022年1月1日");
        assert_eq!(plain_date(Language::En, date("2022-01-01")), "1 Jan 2022");
        assert_eq!(paper_date(Language::Ja, date("2026-11-22")), "令和8年（2026年）11月22日");
        assert_eq!(paper_date(Language::Ja, date("2019-04-30")), "2019年4月30日");
        assert_eq!(paper_date(Language::En, date("2026-11-22")), "22 Nov 2026");
        let on = |language, text| due_on(language, now, date(text)).text;
        assert_eq!(on(Language::Ja, "2026-12-13"), "12月13日(日)・あと20日");
        assert_eq!(on(Language::En, "2026-11-23"), "Mon 23 Nov, today");
    }

    #[test]
    fn hours_have_one_decimal_at_most() {
        assert_eq!(duration(Language::Ja, 45), "45分");
        assert_eq!(duration(Language::Ja, 750), "12.5時間");
        assert_eq!(duration(Language::En, 60), "1 h");
    }

    #[test]
    fn moments_are_said_by_their_distance_and_exactly() {
        let now: DateTime<Utc> = "2026-11-22T15:30:00Z".parse().unwrap();
        let said = |language, text: &str| ago(language, now, text.parse().unwrap());
        assert_eq!(said(Language::Ja, "2026-11-22T15:29:30Z"), "たった今");
        assert_eq!(said(Language::Ja, "2026-11-22T15:27:00Z"), "3分前");
        assert_eq!(said(Language::En, "2026-11-22T14:30:00Z"), "1 hour ago");
        assert_eq!(said(Language::En, "2026-11-20T15:30:00Z"), "2 days ago");
        assert_eq!(said(Language::Ja, "2026-11-22T15:40:00Z"), "10分後");
        assert_eq!(said(Language::Ja, "2026-11-01T00:00:00Z"), "11月1日(日)");
        assert_eq!(clock_time(Language::Ja, now), "11月23日(月) 00:30");
        assert_eq!(clock_time(Language::En, now), "Mon 23 Nov, 00:30 Japan time");
        let exact = Moment::of(Language::Ja, now, now);
        assert_eq!(exact.full, "2026年11月23日(月) 00:30", "in Japan's time");
    }

    #[test]
    fn a_made_up_page_key_is_the_first_page() {
        let key = (String::from("よなご"), 42i64);
        assert_eq!(read_page_key::<(String, i64)>(&page_key(&key)), Some(key));
        assert_eq!(read_page_key::<(String, i64)>("??"), None);
        assert_eq!(read_page_key::<(String, i64)>(&page_key(&("a\0b", 0))), None, "PostgreSQL takes no NUL");
    }
}
