//! One line of the register's file, decoded: its thirty columns and what may stand in each.
//!
//! Source: 国税庁 法人番号公表サイト, ダウンロードファイルのリソース定義書 (CSV 形式). The file never breaks a line
//! inside a column, so one line is one row and a broken quote costs one row, not the rest of the file.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use kernel::{CorporateNumber, NumberError};

use super::model::{Closure, RegistryRecord};

/// A column of the published format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its place, counted from 1.
    pub position: usize,
    /// 項目名
    pub japanese: &'static str,
    /// リソース名
    pub english: &'static str,
}

impl fmt::Display for Column {
    /// `column 2 法人番号 (corporateNumber)`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "column {} {} ({})", self.position, self.japanese, self.english)
    }
}

impl Column {
    /// The column at `position`, counted from 1; `None` beyond the thirtieth.
    pub fn at(position: usize) -> Option<Self> {
        let (japanese, english) = COLUMNS.get(position.checked_sub(1)?)?;
        Some(Self { position, japanese, english })
    }
}

/// The thirty columns in their order: 項目名 and リソース名.
const COLUMNS: [(&str, &str); 30] = [
    ("一連番号", "sequenceNumber"),
    ("法人番号", "corporateNumber"),
    ("処理区分", "process"),
    ("訂正区分", "correct"),
    ("更新年月日", "updateDate"),
    ("変更年月日", "changeDate"),
    ("商号又は名称", "name"),
    ("商号又は名称イメージID", "nameImageId"),
    ("法人種別", "kind"),
    ("国内所在地（都道府県）", "prefectureName"),
    ("国内所在地（市区町村）", "cityName"),
    ("国内所在地（丁目番地等）", "streetNumber"),
    ("国内所在地イメージID", "addressImageId"),
    ("都道府県コード", "prefectureCode"),
    ("市区町村コード", "cityCode"),
    ("郵便番号", "postCode"),
    ("国外所在地", "addressOutside"),
    ("国外所在地イメージID", "addressOutsideImageId"),
    ("登記記録の閉鎖等年月日", "closeDate"),
    ("登記記録の閉鎖等の事由", "closeCause"),
    ("承継先法人番号", "successorCorporateNumber"),
    ("変更事由の詳細", "changeCause"),
    ("法人番号指定年月日", "assignmentDate"),
    ("最新履歴", "latest"),
    ("商号又は名称（英語表記）", "enName"),
    ("国内所在地（都道府県）（英語表記）", "enPrefectureName"),
    ("国内所在地（市区町村丁目番地等）（英語表記）", "enCityName"),
    ("国外所在地（英語表記）", "enAddressOutside"),
    ("フリガナ", "furigana"),
    ("検索対象除外", "hihyoji"),
];

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
    "北海道", "青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県", "茨城県", "栃木県", "群馬県", "埼玉県",
    "千葉県", "東京都", "神奈川県", "新潟県", "富山県", "石川県", "福井県", "山梨県", "長野県", "岐阜県", "静岡県",
    "愛知県", "三重県", "滋賀県", "京都府", "大阪府", "兵庫県", "奈良県", "和歌山県", "鳥取県", "島根県", "岡山県",
    "広島県", "山口県", "徳島県", "香川県", "愛媛県", "高知県", "福岡県", "佐賀県", "長崎県", "熊本県", "大分県",
    "宮崎県", "鹿児島県", "沖縄県",
];

/// What is wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RowReason {
    /// Bytes that the file's encoding does not have.
    #[error("bytes that are no text in this encoding")]
    Undecodable,
    /// A quotation mark without its partner.
    #[error("a quotation mark is never closed")]
    UnclosedQuote,
    /// Text between a closing quotation mark and the next comma.
    #[error("text stands behind the closing quotation mark")]
    TextAfterQuote,
    /// Not thirty columns.
    #[error("{0} columns where the format has 30")]
    ColumnCount(usize),
    /// Nothing where something must stand.
    #[error("must not be empty")]
    Missing,
    /// A control or replacement character inside a text.
    #[error("a control or replacement character inside the text")]
    ForbiddenCharacter,
    /// Not a whole number.
    #[error("not a whole number")]
    NotANumber,
    /// A corporate number that is not 13 digits.
    #[error("a corporate number has 13 digits")]
    NumberLength,
    /// A corporate number whose check digit does not fit.
    #[error("the check digit does not fit")]
    CheckDigit,
    /// A number that another line of this file already had as its latest state.
    #[error("another line of this file has the same number")]
    Duplicate,
    /// Not an existing day written as YYYY-MM-DD.
    #[error("not an existing day written as YYYY-MM-DD")]
    NotADate,
    /// A code that the format does not define.
    #[error("a code that the format does not define")]
    UnknownCode,
    /// Neither 0 nor 1.
    #[error("must be 0 or 1")]
    NotAFlag,
    /// No prefecture of this name.
    #[error("no prefecture has this name")]
    UnknownPrefecture,
    /// Not seven digits.
    #[error("a postal code has seven digits")]
    PostalCode,
    /// A closing date without a cause, or the other way round.
    #[error("a closing date and its cause come together")]
    ClosureIncomplete,
}

impl RowReason {
    /// Whether the line is no row of this format at all, as opposed to a row with a wrong value.
    pub const fn is_structural(self) -> bool {
        matches!(self, Self::Undecodable | Self::UnclosedQuote | Self::TextAfterQuote | Self::ColumnCount(_))
    }
}

/// A row that was not taken, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}{}: {reason}{}", Place(.column.as_ref()), Shown(.value))]
pub struct RowProblem {
    /// The line in the file, counted from 1.
    pub line: u64,
    /// The column; `None` where the row as a whole is wrong.
    pub column: Option<Column>,
    /// What stands there, at most [`RowProblem::MOST_SHOWN`] characters of it.
    pub value: String,
    /// Why it was refused.
    pub reason: RowReason,
}

impl RowProblem {
    /// How many characters of a wrong value are kept.
    pub const MOST_SHOWN: usize = 40;

    pub(super) fn at(line: u64, fault: Fault) -> Self {
        let Fault { position, value, reason } = fault;
        Self { line, column: position.and_then(Column::at), value, reason }
    }
}

struct Place<'p>(Option<&'p Column>);

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |column| write!(f, ", {column}"))
    }
}

struct Shown<'v>(&'v str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() { Ok(()) } else { write!(f, ": {:?}", self.0) }
    }
}

/// [`RowProblem`] before anybody knows the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) position: Option<usize>,
    pub(super) value: String,
    pub(super) reason: RowReason,
}

impl Fault {
    pub(super) fn new(position: usize, value: &str, reason: RowReason) -> Self {
        let mut shown: String = value.chars().take(RowProblem::MOST_SHOWN).collect();
        if shown.len() < value.len() {
            shown.push('…');
        }
        Self { position: Some(position), value: shown, reason }
    }

    fn of_row(reason: RowReason) -> Self {
        Self { position: None, value: String::new(), reason }
    }
}

/// A row that can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// The latest state of a corporation.
    Current(Box<RegistryRecord>),
    /// An earlier state (column 24, 最新履歴, is 0): not for this register.
    History,
    /// A row that cannot be taken.
    Rejected(RowProblem),
}

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
#[path = "row_tests.rs"]
mod tests;
