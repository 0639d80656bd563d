//! What can be wrong with a row of the register's file, and in which of its thirty columns.
//!
//! Source: 国税庁 法人番号公表サイト, ダウンロードファイルのリソース定義書 (CSV 形式).

use std::fmt;

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
pub(super) const COLUMNS: [(&str, &str); 30] = [
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

    /// Whether a line that was cut off looks so: columns are missing, or the last one is empty.
    pub(super) fn is_of_a_cut_line(&self) -> bool {
        self.reason.is_structural() || self.column.is_some_and(|column| column.position == COLUMNS.len())
    }

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

    pub(super) fn of_row(reason: RowReason) -> Self {
        Self { position: None, value: String::new(), reason }
    }
}
