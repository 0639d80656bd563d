//! What the public register says about one corporation, in its own codes, and what a row of a newer file means for
//! the stored one. No database here.
//!
//! Source of every code and field: 国税庁 法人番号公表サイト, ダウンロードファイルのリソース定義書.

use chrono::NaiveDate;
use kernel::{CorporateNumber, text_enum};
use schemars::JsonSchema;
use serde::Serialize;

/// Who publishes the register; every page that shows it cites this.
pub const SOURCE: &str = "国税庁法人番号公表サイト";

text_enum!(
    /// What kind of corporation it is (column 9, 法人種別).
    CompanyKind {
        /// 国の機関: a body of the state.
        StateBody = "101",
        /// 地方公共団体: a prefecture, town or union of towns.
        LocalGovernment = "201",
        /// 株式会社
        StockCompany = "301",
        /// 有限会社
        LimitedCompany = "302",
        /// 合名会社
        GeneralPartnership = "303",
        /// 合資会社
        LimitedPartnership = "304",
        /// 合同会社
        LimitedLiabilityCompany = "305",
        /// その他の設立登記法人: any other registered corporation, from foundations to shrines.
        OtherRegistered = "399",
        /// 外国会社等: a foreign company.
        Foreign = "401",
        /// その他: anything else that holds a number.
        Other = "499",
    }
);

impl CompanyKind {
    /// Its name in the publication's own words.
    pub fn published_name(self) -> &'static str {
        match self {
            Self::StateBody => "国の機関",
            Self::LocalGovernment => "地方公共団体",
            Self::StockCompany => "株式会社",
            Self::LimitedCompany => "有限会社",
            Self::GeneralPartnership => "合名会社",
            Self::LimitedPartnership => "合資会社",
            Self::LimitedLiabilityCompany => "合同会社",
            Self::OtherRegistered => "その他の設立登記法人",
            Self::Foreign => "外国会社等",
            Self::Other => "その他",
        }
    }
}

text_enum!(
    /// What happened last to the entry (column 3, 処理区分).
    #[schemars(rename = "RegistryProcess")]
    Process {
        /// 新規: newly entered.
        Entered = "01",
        /// 商号又は名称の変更: renamed.
        Renamed = "11",
        /// 国内所在地の変更: moved within Japan.
        Moved = "12",
        /// 国外所在地の変更: moved abroad.
        MovedAbroad = "13",
        /// 登記記録の閉鎖等: record closed.
        Closed = "21",
        /// 登記記録の復活等: record reopened.
        Reopened = "22",
        /// 吸収合併: absorbed another corporation.
        Merged = "71",
        /// 吸収合併無効: a merger was void.
        MergerVoid = "72",
        /// 商号の登記の抹消: trade name struck off.
        NameStruckOff = "81",
        /// 削除: the number itself was withdrawn.
        Deleted = "99",
    }
);

text_enum!(
    /// Why a record was closed (column 20, 登記記録の閉鎖等の事由).
    CloseCause {
        /// 清算の結了等: wound up.
        WoundUp = "01",
        /// 合併による解散等: dissolved by a merger.
        DissolvedByMerger = "11",
        /// 登記官による閉鎖: closed by the registrar.
        ByRegistrar = "21",
        /// その他の清算の結了等: any other end of winding up.
        Other = "31",
    }
);

/// A closed record: since when and why; the register never gives one without the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Closure {
    /// The day it was closed (column 19).
    pub on: NaiveDate,
    /// Why (column 20).
    pub cause: CloseCause,
}

/// One corporation as the register publishes it; texts are byte for byte the file's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RegistryRecord {
    /// 法人番号 (column 2); its check digit was verified.
    pub corporate_number: CorporateNumber,
    /// What happened last (column 3).
    pub process: Process,
    /// When the entry was last updated (column 5); decides which of two files is the newer one.
    pub updated_on: NaiveDate,
    /// The day the change itself took effect (column 6).
    pub changed_on: NaiveDate,
    /// 商号又は名称 (column 7).
    pub name: String,
    /// フリガナ (column 29), without the legal form; empty for two in five.
    pub furigana: String,
    /// 商号又は名称（英語表記） (column 25); mostly empty.
    pub english_name: String,
    /// 法人種別 (column 9).
    pub kind: CompanyKind,
    /// 都道府県 (column 10); empty for a seat abroad.
    pub prefecture: String,
    /// 市区町村 (column 11), with its district: `岩美郡岩美町`.
    pub city: String,
    /// 丁目番地等 (column 12); for a seat abroad the whole foreign address (column 17).
    pub street: String,
    /// Postal code (column 16), seven digits or empty.
    pub postal_code: String,
    /// Closed since when and why; none while open.
    pub closure: Option<Closure>,
    /// 承継先法人番号 (column 21): who took it over in a merger.
    pub successor_number: Option<CorporateNumber>,
    /// 検索対象除外 (column 30): the tax agency leaves it out of its own search, mostly because nobody knows
    /// whether it still exists.
    pub hidden: bool,
}

impl RegistryRecord {
    /// The address in one line.
    pub fn address(&self) -> String {
        format!("{}{}{}", self.prefecture, self.city, self.street)
    }

    /// The postal code as people write it: `680-0011`; empty where unknown.
    pub fn postal_code_shown(&self) -> String {
        match self.postal_code.split_at_checked(3) {
            Some((area, rest)) if !rest.is_empty() => format!("{area}-{rest}"),
            _ => self.postal_code.clone(),
        }
    }

    /// Whether the number itself was withdrawn.
    pub fn is_deleted(&self) -> bool {
        self.process == Process::Deleted
    }

    /// The day its record was closed or its number withdrawn; `None` while neither happened.
    pub fn ended_on(&self) -> Option<NaiveDate> {
        match self.closure {
            Some(closure) => Some(closure.on),
            None => self.is_deleted().then_some(self.changed_on),
        }
    }
}

/// A record as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StoredRecord {
    pub(super) version: i32,
    pub(super) record: RegistryRecord,
}

/// What a row of a file means for what is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Never seen before.
    New,
    /// Something is different: to be stored as this version.
    Changed(i32),
    /// Nothing is different.
    Same,
    /// The stored entry was updated later than this row.
    Older,
}

/// Compares a row with what is stored under its number. A row of the same day that differs counts as a change,
/// because the tax agency completes entries (furigana, postal codes) without a new date.
pub(super) fn judge(stored: Option<&StoredRecord>, record: &RegistryRecord) -> Verdict {
    match stored {
        None => Verdict::New,
        Some(stored) if stored.record == *record => Verdict::Same,
        Some(stored) if stored.record.updated_on > record.updated_on => Verdict::Older,
        Some(stored) => Verdict::Changed(stored.version + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(updated_on: &str) -> RegistryRecord {
        RegistryRecord {
            corporate_number: CorporateNumber::parse("1000020313025").unwrap(),
            process: Process::Entered,
            updated_on: updated_on.parse().unwrap(),
            changed_on: "2015-10-05".parse().unwrap(),
            name: "岩美町".to_owned(),
            furigana: "イワミチヨウ".to_owned(),
            english_name: String::new(),
            kind: CompanyKind::LocalGovernment,
            prefecture: "鳥取県".to_owned(),
            city: "岩美郡岩美町".to_owned(),
            street: "大字浦富６７５－１".to_owned(),
            postal_code: "6810003".to_owned(),
            closure: None,
            successor_number: None,
            hidden: false,
        }
    }

    #[test]
    fn only_a_newer_difference_is_a_change() {
        let stored = StoredRecord { version: 3, record: record("2018-04-09") };
        let renamed =
            |updated_on: &str| RegistryRecord { name: "新岩美町".to_owned(), ..record(updated_on) };
        assert_eq!(judge(None, &record("2018-04-09")), Verdict::New);
        assert_eq!(judge(Some(&stored), &record("2018-04-09")), Verdict::Same);
        assert_eq!(judge(Some(&stored), &renamed("2018-04-08")), Verdict::Older);
        assert_eq!(judge(Some(&stored), &renamed("2018-04-09")), Verdict::Changed(4));
        assert_eq!(judge(Some(&stored), &renamed("2026-07-31")), Verdict::Changed(4));
    }

    #[test]
    fn a_closed_record_and_a_deleted_number_have_an_end() {
        let closure = Closure { on: "2025-01-21".parse().unwrap(), cause: CloseCause::ByRegistrar };
        let closed = RegistryRecord { closure: Some(closure), ..record("2025-01-22") };
        let deleted = RegistryRecord { process: Process::Deleted, ..record("2025-01-22") };
        assert_eq!(record("2018-04-09").ended_on(), None);
        assert_eq!(closed.ended_on(), Some(closure.on));
        assert_eq!(deleted.ended_on(), Some(deleted.changed_on));
    }

    #[test]
    fn addresses_and_postal_codes_are_shown_in_one_line() {
        assert_eq!(record("2018-04-09").address(), "鳥取県岩美郡岩美町大字浦富６７５－１");
        assert_eq!(record("2018-04-09").postal_code_shown(), "681-0003");
        let unknown = RegistryRecord { postal_code: String::new(), ..record("2018-04-09") };
        assert_eq!(unknown.postal_code_shown(), "");
    }
}
