//! One line of the register's file, decoded: its thirty columns and what may stand in each.
//!
//! Source: 国税庁 法人番号公表サイト, ダウンロードファイルのリソース定義書 (CSV 形式). The file never breaks a line
//! inside a column, so one line is one row and a broken quote costs one row, not the rest of the file.

use std::borrow::Cow;
use std::str::FromStr;

use chrono::NaiveDate;
use kernel::{CorporateNumber, NumberError};

use super::model::{Closure, RegistryRecord};
use super::problem::{COLUMNS, Fault, RowReason};

/// The places of the columns that are read.
mod place {
    pub(super) const SEQUENCE: usize = 1;
    pub(super) const NUMBER: usize = 2;
    pub(super) const PROCESS: usize = 3;
    pub(super) const CORRECTION: usize = 4;
    pub(super) const UPDATED_ON: usize = 5;
    pub(super) const CHANGED_ON: usize = 6;
    pub(super) const NAME: usize = 7;
    pub(super) const KIND: usize = 9;
    pub(super) const PREFECTURE: usize = 10;
    pub(super) const CITY: usize = 11;
    pub(super) const STREET: usize = 12;
    pub(super) const POSTAL_CODE: usize = 16;
    pub(super) const ABROAD: usize = 17;
    pub(super) const CLOSED_ON: usize = 19;
    pub(super) const CLOSE_CAUSE: usize = 20;
    pub(super) const SUCCESSOR: usize = 21;
    pub(super) const ASSIGNED_ON: usize = 23;
    pub(super) const LATEST: usize = 24;
    pub(super) const ENGLISH_NAME: usize = 25;
    pub(super) const FURIGANA: usize = 29;
    pub(super) const HIDDEN: usize = 30;
}

/// The 47 prefectures; a name outside them means a wrong column or a wrong encoding.
pub(super) const PREFECTURES: [&str; 47] = [
    "北海道",
    "青森県",
    "岩手県",
    "宮城県",
    "秋田県",
    "山形県",
    "福島県",
    "茨城県",
    "栃木県",
    "群馬県",
    "埼玉県",
    "千葉県",
    "東京都",
    "神奈川県",
    "新潟県",
    "富山県",
    "石川県",
    "福井県",
    "山梨県",
    "長野県",
    "岐阜県",
    "静岡県",
    "愛知県",
    "三重県",
    "滋賀県",
    "京都府",
    "大阪府",
    "兵庫県",
    "奈良県",
    "和歌山県",
    "鳥取県",
    "島根県",
    "岡山県",
    "広島県",
    "山口県",
    "徳島県",
    "香川県",
    "愛媛県",
    "高知県",
    "福岡県",
    "佐賀県",
    "長崎県",
    "熊本県",
    "大分県",
    "宮崎県",
    "鹿児島県",
    "沖縄県",
];

/// `None` for a row that is history.
pub(super) fn read(line: &str) -> Result<Option<RegistryRecord>, Fault> {
    let row = Columns(split(line)?);
    if row.0.len() != COLUMNS.len() {
        return Err(Fault::of_row(RowReason::ColumnCount(row.0.len())));
    }
    row.clean()?;
    if !row.flag(place::LATEST)? {
        return Ok(None);
    }
    row.record().map(Some)
}

/// In which column a line stops at the end of `beginning`; for lines that cannot be decoded any further.
pub(super) fn column_at_end(beginning: &str) -> usize {
    let mut quoted = false;
    let commas = beginning.chars().filter(|character| {
        quoted ^= *character == '"';
        *character == ',' && !quoted
    });
    1 + commas.count()
}

/// The columns of one line by RFC 4180, strictly.
fn split(line: &str) -> Result<Vec<Cow<'_, str>>, Fault> {
    let mut columns = Vec::with_capacity(COLUMNS.len());
    let mut rest = line;
    loop {
        let fault = |reason| Fault::new(columns.len() + 1, rest, reason);
        let (column, behind) = first_column(rest).map_err(fault)?;
        let next = behind.strip_prefix(',');
        if next.is_none() && !behind.is_empty() {
            return Err(fault(RowReason::TextAfterQuote));
        }
        columns.push(column);
        match next {
            Some(next) => rest = next,
            None => return Ok(columns),
        }
    }
}

/// The first column of `rest`, and what stands behind it.
fn first_column(rest: &str) -> Result<(Cow<'_, str>, &str), RowReason> {
    let Some(quoted) = rest.strip_prefix('"') else {
        let (column, behind) = rest.split_at(rest.find(',').unwrap_or(rest.len()));
        return Ok((Cow::Borrowed(column), behind));
    };
    let (inside, behind) = quoted.split_at(closing_quote(quoted).ok_or(RowReason::UnclosedQuote)?);
    let inside =
        if inside.contains('"') { Cow::Owned(inside.replace("\"\"", "\"")) } else { Cow::Borrowed(inside) };
    Ok((inside, behind.strip_prefix('"').unwrap_or(behind)))
}

/// Where the quotation mark stands that is not doubled.
fn closing_quote(quoted: &str) -> Option<usize> {
    let mut characters = quoted.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        if character == '"' && characters.next_if(|(_, next)| *next == '"').is_none() {
            return Some(at);
        }
    }
    None
}

/// Thirty columns of a line.
struct Columns<'l>(Vec<Cow<'l, str>>);

impl Columns<'_> {
    fn text(&self, position: usize) -> &str {
        position.checked_sub(1).and_then(|index| self.0.get(index)).map_or("", |column| column.as_ref())
    }

    fn fault(&self, position: usize, reason: RowReason) -> Fault {
        Fault::new(position, self.text(position), reason)
    }

    fn record(&self) -> Result<RegistryRecord, Fault> {
        self.check_unstored()?;
        let record = RegistryRecord {
            corporate_number: self.number(place::NUMBER)?,
            process: self.code(place::PROCESS)?,
            updated_on: self.date(place::UPDATED_ON)?,
            changed_on: self.date(place::CHANGED_ON)?,
            name: self.text(place::NAME).to_owned(),
            furigana: self.text(place::FURIGANA).to_owned(),
            english_name: self.text(place::ENGLISH_NAME).to_owned(),
            kind: self.code(place::KIND)?,
            prefecture: self.prefecture()?.to_owned(),
            city: self.text(place::CITY).to_owned(),
            street: self.street().to_owned(),
            postal_code: self.postal_code()?.to_owned(),
            closure: self.closure()?,
            successor_number: self.optional(place::SUCCESSOR, Self::number)?,
            hidden: self.flag(place::HIDDEN)?,
        };
        if record.name.is_empty() && !record.is_deleted() {
            return Err(self.fault(place::NAME, RowReason::Missing));
        }
        Ok(record)
    }

    /// Columns that are not kept but tell whether the row is what it claims to be.
    fn check_unstored(&self) -> Result<(), Fault> {
        let sequence = self.text(place::SEQUENCE);
        if sequence.is_empty() || !sequence.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(self.fault(place::SEQUENCE, RowReason::NotANumber));
        }
        self.flag(place::CORRECTION)?;
        self.optional(place::ASSIGNED_ON, Self::date)?;
        Ok(())
    }

    /// No text may hold characters that forge what a reader sees or that say "was not readable".
    fn clean(&self) -> Result<(), Fault> {
        let forbidden = |character: char| character.is_control() || character == char::REPLACEMENT_CHARACTER;
        match self.0.iter().position(|column| column.contains(forbidden)) {
            Some(index) => Err(self.fault(index + 1, RowReason::ForbiddenCharacter)),
            None => Ok(()),
        }
    }

    fn optional<T>(
        &self,
        position: usize,
        read: impl Fn(&Self, usize) -> Result<T, Fault>,
    ) -> Result<Option<T>, Fault> {
        if self.text(position).is_empty() { Ok(None) } else { read(self, position).map(Some) }
    }

    fn number(&self, position: usize) -> Result<CorporateNumber, Fault> {
        let text = self.text(position);
        let read = CorporateNumber::parse(text).map_err(|error| match error {
            NumberError::Length => self.fault(position, RowReason::NumberLength),
            NumberError::CheckDigit => self.fault(position, RowReason::CheckDigit),
        })?;
        // The file has thirteen plain digits; hyphens and wide digits, which people type, are no such number.
        if read.as_str() == text { Ok(read) } else { Err(self.fault(position, RowReason::NumberLength)) }
    }

    fn date(&self, position: usize) -> Result<NaiveDate, Fault> {
        let text = self.text(position);
        let read = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|_| text.len() == 10);
        read.ok_or_else(|| self.fault(position, RowReason::NotADate))
    }

    fn code<T: FromStr>(&self, position: usize) -> Result<T, Fault> {
        self.text(position).parse().ok().ok_or_else(|| self.fault(position, RowReason::UnknownCode))
    }

    fn flag(&self, position: usize) -> Result<bool, Fault> {
        match self.text(position) {
            "0" => Ok(false),
            "1" => Ok(true),
            _ => Err(self.fault(position, RowReason::NotAFlag)),
        }
    }

    fn prefecture(&self) -> Result<&str, Fault> {
        let name = self.text(place::PREFECTURE);
        if name.is_empty() || PREFECTURES.contains(&name) {
            return Ok(name);
        }
        Err(self.fault(place::PREFECTURE, RowReason::UnknownPrefecture))
    }

    /// The foreign address where there is no Japanese one.
    fn street(&self) -> &str {
        let street = self.text(place::STREET);
        let abroad = street.is_empty() && self.text(place::PREFECTURE).is_empty();
        if abroad { self.text(place::ABROAD) } else { street }
    }

    fn postal_code(&self) -> Result<&str, Fault> {
        let code = self.text(place::POSTAL_CODE);
        if code.is_empty() || (code.len() == 7 && code.bytes().all(|byte| byte.is_ascii_digit())) {
            return Ok(code);
        }
        Err(self.fault(place::POSTAL_CODE, RowReason::PostalCode))
    }

    fn closure(&self) -> Result<Option<Closure>, Fault> {
        let on = self.optional(place::CLOSED_ON, Self::date)?;
        let cause = self.optional(place::CLOSE_CAUSE, Self::code)?;
        match (on, cause) {
            (Some(on), Some(cause)) => Ok(Some(Closure { on, cause })),
            (None, None) => Ok(None),
            (Some(_), None) => Err(self.fault(place::CLOSE_CAUSE, RowReason::ClosureIncomplete)),
            (None, Some(_)) => Err(self.fault(place::CLOSED_ON, RowReason::ClosureIncomplete)),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::model::{CloseCause, CompanyKind, Process};
    use super::*;

    /// A real row (岩美町, 2026-07-31) with some columns replaced.
    pub(in super::super) fn line_with(replaced: &[(usize, &str)]) -> String {
        let mut columns: Vec<&str> =
            "2,1000020313025,01,1,2018-04-09,2015-10-05,\"岩美町\",,201,\"鳥取県\",\"岩美郡岩美町\",\
             \"大字浦富６７５－１\",,31,302,6810003,,,,,,,2015-10-05,1,\"Iwami Town\",\"Tottori\",\
             \"675-1 Uradome  Iwami gun Iwami cho\",,\"イワミチヨウ\",0"
                .split(',')
                .collect();
        for (position, value) in replaced {
            columns[position - 1] = value;
        }
        columns.join(",")
    }

    fn fault_of(replaced: &[(usize, &str)]) -> (usize, RowReason) {
        let fault = read(&line_with(replaced)).unwrap_err();
        (fault.position.unwrap_or(0), fault.reason)
    }

    #[test]
    fn a_row_is_read_byte_for_byte() {
        let record = read(&line_with(&[(7, "\"﨑　\"\"Ａ\"\"、B,C\"")])).unwrap().unwrap();
        assert_eq!(record.name, "﨑　\"Ａ\"、B,C");
        assert_eq!(record.corporate_number.as_str(), "1000020313025");
        assert_eq!((record.kind, record.process), (CompanyKind::LocalGovernment, Process::Entered));
        assert_eq!(record.address(), "鳥取県岩美郡岩美町大字浦富６７５－１");
        assert_eq!((record.furigana.as_str(), record.postal_code.as_str()), ("イワミチヨウ", "6810003"));
        assert_eq!(record.english_name, "Iwami Town");
        assert_eq!((record.closure, record.successor_number, record.hidden), (None, None, false));
    }

    #[test]
    fn a_closed_row_tells_when_why_and_who_took_over() {
        let closed = [(3, "21"), (19, "2025-01-21"), (20, "11"), (21, "3270001003154")];
        let record = read(&line_with(&closed)).unwrap().unwrap();
        let closure = record.closure.unwrap();
        assert_eq!(
            (closure.on.to_string().as_str(), closure.cause),
            ("2025-01-21", CloseCause::DissolvedByMerger)
        );
        assert_eq!(record.successor_number.unwrap().as_str(), "3270001003154");
    }

    #[test]
    fn a_seat_abroad_is_the_address() {
        let abroad = [(9, "401"), (10, ""), (11, ""), (12, ""), (17, "\"アメリカ合衆国カリフォルニア州\"")];
        assert_eq!(read(&line_with(&abroad)).unwrap().unwrap().address(), "アメリカ合衆国カリフォルニア州");
    }

    #[test]
    fn an_earlier_state_is_history_whatever_else_it_says() {
        assert_eq!(read(&line_with(&[(24, "0"), (9, "999")])), Ok(None));
    }

    #[test]
    fn a_deleted_number_needs_no_name() {
        assert_eq!(fault_of(&[(7, "")]), (7, RowReason::Missing));
        assert!(read(&line_with(&[(3, "99"), (7, "")])).unwrap().unwrap().is_deleted());
    }

    #[test]
    fn a_wrong_value_is_refused_with_its_column() {
        for (position, value, reason) in [
            (1, "x", RowReason::NotANumber),
            (2, "1000020313026", RowReason::CheckDigit),
            (2, "100002031302", RowReason::NumberLength),
            (2, "１０００020313025", RowReason::NumberLength),
            (3, "02", RowReason::UnknownCode),
            (4, "2", RowReason::NotAFlag),
            (5, "2018/04/09", RowReason::NotADate),
            (5, "2018-4-9", RowReason::NotADate),
            (6, "2018-02-30", RowReason::NotADate),
            (7, "岩美\u{fffd}", RowReason::ForbiddenCharacter),
            (9, "306", RowReason::UnknownCode),
            (10, "鳥取市", RowReason::UnknownPrefecture),
            (16, "681-003", RowReason::PostalCode),
            (19, "2025-01-21", RowReason::ClosureIncomplete),
            (20, "21", RowReason::ClosureIncomplete),
            (21, "3270001003155", RowReason::CheckDigit),
            (23, "2015", RowReason::NotADate),
            (24, "", RowReason::NotAFlag),
            (30, "2", RowReason::NotAFlag),
        ] {
            let (column, found) = fault_of(&[(position, value)]);
            assert_eq!(found, reason, "{position} {value}");
            // A half closure is reported at the half that is missing.
            let expected = match position {
                19 => 20,
                20 => 19,
                same => same,
            };
            assert_eq!(column, expected, "{value}");
        }
        assert_eq!(fault_of(&[(19, "2025-01-21"), (20, "05")]), (20, RowReason::UnknownCode));
    }

    #[test]
    fn a_line_that_is_no_row_is_structural() {
        for (line, reason) in [
            ("a,b,c".to_owned(), RowReason::ColumnCount(3)),
            (line_with(&[]) + ",1", RowReason::ColumnCount(31)),
            (line_with(&[(7, "\"岩美町")]), RowReason::TextAfterQuote),
            (line_with(&[(29, "\"イワミ")]), RowReason::UnclosedQuote),
            (line_with(&[(7, "\"岩美\"町")]), RowReason::TextAfterQuote),
        ] {
            let found = read(&line).unwrap_err().reason;
            assert_eq!(found, reason, "{line}");
            assert!(found.is_structural());
        }
    }

    #[test]
    fn a_cut_lines_last_column_is_counted_without_quoted_commas() {
        assert_eq!(column_at_end(""), 1);
        assert_eq!(column_at_end("1,2,\"a,b"), 3);
        assert_eq!(column_at_end("1,2,\"a,b\","), 4);
    }

    proptest::proptest! {
        #[test]
        fn any_texts_quoted_by_the_rules_come_back(texts in proptest::collection::vec("[^\\p{C}]{0,12}", 1..6)) {
            let line: Vec<String> = texts.iter().map(|text| format!("\"{}\"", text.replace('"', "\"\""))).collect();
            let line = line.join(",");
            proptest::prop_assert_eq!(split(&line).unwrap(), texts);
        }

        #[test]
        fn no_line_makes_the_reader_panic(line in ".{0,200}") {
            let _either = read(&line);
        }
    }
}
