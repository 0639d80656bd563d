//! What a file's columns may be, and guessing that from what stands above them, in Japanese or English.

use kernel::Language;
use kernel::text::search_key;
use sha2::{Digest as _, Sha256};

use super::known::{COMPANIES, CONTACTS, DEALS, LEADS};
use super::model::ImportKind;
use super::words::{BARE_ID_WORDS, DEAL_WORDS, FAMILY_WORDS, GIVEN_WORDS, PERSON_WORDS};

/// A field that a column may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Its name, as in the API's inputs where it is one of theirs.
    pub name: &'static str,
    /// Whether a row cannot do without it.
    pub is_required: bool,
    /// Fields that say the same in another way, so that one of them is enough.
    pub instead: &'static [&'static str],
    /// Whether files of ours have such a column: what is a part of another field is only read.
    pub(super) is_written: bool,
    /// What people write above such a column.
    pub(super) words: &'static [&'static str],
}

impl Field {
    /// Every field a row of this kind may have, in the order a file of ours has them.
    pub fn of(kind: ImportKind) -> &'static [Self] {
        match kind {
            ImportKind::Companies => COMPANIES,
            ImportKind::Contacts => CONTACTS,
            ImportKind::Leads => LEADS,
            ImportKind::Deals => DEALS,
        }
    }

    /// Those that a file of ours has.
    pub(super) fn written(kind: ImportKind) -> impl Iterator<Item = &'static Self> {
        Self::of(kind).iter().filter(|field| field.is_written)
    }

    /// The field of that name.
    pub fn find(kind: ImportKind, name: &str) -> Option<&'static Self> {
        Self::of(kind).iter().find(|field| field.name == name)
    }

    /// What a file of ours writes above such a column: the first of the words a guess knows, in that language.
    pub fn header(&self, language: Language) -> &'static str {
        let is_fit = |word: &&&str| language == Language::Ja || word.is_ascii();
        self.words.iter().find(is_fit).copied().unwrap_or(self.name)
    }
}

/// What two spellings of one header share: width, kana, case, spaces, and the signs and words that say what must be
/// filled in.
fn header_key(header: &str) -> String {
    let folded: String = search_key(header)
        .chars()
        .filter(|character| !"*※:_-‐－・.,()[]【】「」\"'#".contains(*character))
        .collect();
    folded.replace("必須", "").replace("任意", "")
}

/// A header without what Pipedrive writes before it, "Deal - Title": what is the row's own is called by its own name, the name of
/// whom it belongs to is that, and everything else of others is nothing of ours.
fn without_prefix(kind: ImportKind, header: &str) -> &str {
    let Some((prefix, rest)) = header.split_once(" - ") else { return header };
    let whose = match search_key(prefix).as_str() {
        "deal" => ImportKind::Deals,
        "lead" => ImportKind::Leads,
        "person" | "contact" => ImportKind::Contacts,
        "organization" | "organisation" | "company" => ImportKind::Companies,
        _ => return header,
    };
    let rest = rest.strip_suffix(" - Work").unwrap_or(rest);
    match (search_key(rest).as_str(), whose) {
        ("id", whose) if whose == kind => "External ID",
        (_, whose) if whose == kind => rest,
        ("name", ImportKind::Companies) => "Organization",
        ("name", ImportKind::Contacts) => "Contact name",
        _ => "",
    }
}

/// Whether a column with that key above it is this field.
fn is_above(field: &Field, key: &str, header: &str) -> bool {
    // An id of ours is one only where a file spells it as we do: other systems have ids of companies too.
    let is_ours = field.name == "yui_id" || field.name == "company_id";
    let is_named = if is_ours { field.name == header.trim() } else { header_key(field.name) == key };
    is_named || field.words.iter().any(|word| header_key(word) == key)
}

/// Whether any of these words stands above a column.
fn has_any(keys: &[String], words: &[&str]) -> bool {
    words.iter().any(|word| keys.contains(&header_key(word)))
}

/// Whether an id that does not say whose it is can only be that of what the rows become.
fn is_plain_whose(kind: ImportKind, keys: &[String]) -> bool {
    let of_deals = has_any(keys, DEAL_WORDS);
    let of_persons = [PERSON_WORDS, FAMILY_WORDS, GIVEN_WORDS].into_iter().any(|words| has_any(keys, words));
    match kind {
        ImportKind::Companies => !of_deals && !of_persons,
        ImportKind::Contacts => !of_deals,
        ImportKind::Leads | ImportKind::Deals => true,
    }
}

/// Whether a file is one of persons or deals, which name their companies beside.
pub(super) fn is_of_others(headers: &[String]) -> bool {
    let keys: Vec<String> = headers.iter().map(|header| header_key(header)).collect();
    !is_plain_whose(ImportKind::Companies, &keys)
}

/// What each column is, as far as its header says: for each header a field's name, or nothing. A field is guessed for
/// the first of its columns alone.
pub(super) fn guess(kind: ImportKind, headers: &[String]) -> Vec<String> {
    let mut taken: Vec<&str> = Vec::new();
    let bare: Vec<&str> = headers.iter().map(|header| without_prefix(kind, header)).collect();
    let keys: Vec<String> = bare.iter().map(|header| header_key(header)).collect();
    let mut guessed: Vec<String> = Vec::with_capacity(headers.len());
    for (header, key) in bare.iter().zip(&keys) {
        let knows = |field: &&Field| !taken.contains(&field.name) && is_above(field, key, header);
        let found = Field::of(kind).iter().filter(|_| !key.is_empty()).find(knows);
        taken.extend(found.map(|field| field.name));
        guessed.push(found.map_or_else(String::new, |field| field.name.to_owned()));
    }
    if !taken.contains(&"external_id") && is_plain_whose(kind, &keys) {
        let is_bare = |key: &String| BARE_ID_WORDS.iter().any(|word| header_key(word) == *key);
        let mut free = guessed.iter_mut().zip(&keys).filter(|(column, _)| column.is_empty());
        if let Some((column, _)) = free.find(|(_, key)| is_bare(key)) {
            "external_id".clone_into(column);
        }
    }
    guessed
}

/// How many known words make a row the one that names the columns.
const ENOUGH_KNOWN: usize = 2;

/// Which of a file's first rows names its columns, from 0: the first, unless it says next to nothing and a row below it does. Other
/// programs write a title, a day or a count above.
pub(super) fn header_row(kind: ImportKind, rows: &[&[String]]) -> usize {
    let filled = |row: &[String]| row.iter().filter(|cell| !cell.trim().is_empty()).count();
    let known = |row: &[String]| guess(kind, row).iter().filter(|column| !column.is_empty()).count();
    let Some(first) = rows.first() else { return 0 };
    let counts: Vec<usize> = rows.iter().map(|row| filled(row)).collect();
    let often = |count: usize| counts.iter().filter(|other| **other == count).count();
    let usual = counts.iter().copied().max_by_key(|count| (often(*count), *count)).unwrap_or(0);
    let known_there = known(first);
    if known_there >= ENOUGH_KNOWN || filled(first) >= usual {
        return 0;
    }
    let named = rows.iter().position(|row| known(row) >= ENOUGH_KNOWN);
    // Nothing known at all: a title is one cell or two above a table of more.
    let is_title = known_there == 0 && usual > 2 && filled(first) * 2 <= usual;
    let full = || counts.iter().position(|count| *count >= usual).filter(|_| is_title);
    named.or_else(full).unwrap_or(0)
}

/// What stands above the column in which a file comes back with what is wrong with its rows.
pub const fn reason_header(language: Language) -> &'static str {
    match language {
        Language::Ja => "取込の理由",
        Language::En => "Import problem",
    }
}

/// Whether such a column is the one that our own answer added to the file: it says nothing of the rows, and the file is the
/// same without it.
pub fn is_reason(header: &str) -> bool {
    let key = header_key(header);
    Language::ALL.iter().any(|language| header_key(reason_header(*language)) == key)
}

/// What the columns are where those of the file without our own answer's column are `known`; nothing where they are of
/// another number.
pub(super) fn beside_reasons(headers: &[String], known: Vec<String>) -> Option<Vec<String>> {
    let mut known = known.into_iter();
    let mut columns = Vec::with_capacity(headers.len());
    for header in headers {
        columns.push(if is_reason(header) { String::new() } else { known.next()? });
    }
    known.next().is_none().then_some(columns)
}

/// What of `columns` is the file's own: those that are not our own answer's.
pub(super) fn without_reasons(headers: &[String], columns: &[String]) -> Vec<String> {
    let own = headers.iter().zip(columns).filter(|(header, _)| !is_reason(header));
    own.map(|(_, column)| column.clone()).collect()
}

/// What files with the same columns share: a digest of their headers however they are spelt, in hexadecimal digits. The
/// column that our own answer added does not count.
pub(super) fn shape(headers: &[String]) -> String {
    let mut hasher = Sha256::new();
    for header in headers.iter().filter(|header| !is_reason(header)) {
        hasher.update(header_key(header));
        hasher.update([0]);
    }
    let digit = |nibble: u8| char::from_digit(nibble.into(), 16).unwrap_or('?');
    hasher.finalize().iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guessed(kind: ImportKind, headers: &[&str]) -> Vec<String> {
        guess(kind, &headers.iter().map(|header| (*header).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn headers_are_guessed_however_they_are_written() {
        let headers = ["※会社名（必須）", "ﾌﾘｶﾞﾅ", "ＴＥＬ", "郵便番号", "URL", "担当", "Phone"];
        assert_eq!(
            guessed(ImportKind::Companies, &headers),
            ["name", "furigana", "phone", "postal_code", "website", "", ""],
            "a field is given once, and what nobody knows is left out"
        );
        let numbered = ["Lead Number", "Company", "Phone 1", "Phone 2", "Email 1"];
        let expected = ["external_id", "company_name", "phone", "", "email"];
        assert_eq!(guessed(ImportKind::Leads, &numbered), expected);
        assert_eq!(guessed(ImportKind::Companies, &["Organization Id"]), ["external_id"]);
        assert_eq!(guessed(ImportKind::Deals, &["次回日"]), ["next_action_on"]);
        assert_eq!(
            guessed(ImportKind::Deals, &["次回アクション", "期限"]),
            ["next_action", "next_action_on"]
        );
        assert_eq!(
            guessed(ImportKind::Contacts, &["お断り", "メール不可"]),
            ["refuses_calls", "refuses_news"]
        );
        let english = ["Account Name", "First Name", "LAST_NAME", "E-Mail", "Job Title"];
        assert_eq!(
            guessed(ImportKind::Contacts, &english),
            ["company", "given_name", "family_name", "email", "title"]
        );
        assert_eq!(
            guessed(
                ImportKind::Deals,
                &["案件名", "取引先", "フェーズ", "金額（円）", "次回アクション", "期日"]
            ),
            ["title", "company", "stage", "amount", "next_action", "next_action_on"]
        );
        for kind in [ImportKind::Leads, ImportKind::Deals] {
            let [theirs, ours] = &guessed(kind, &["担当者", "担当"])[..] else { panic!("two headers") };
            assert!(theirs.starts_with("contact") && ours == "owner", "{kind}: {theirs}, {ours}");
        }
    }

    #[test]
    fn an_id_is_guessed_only_where_it_is_that_of_the_rows() {
        let salesforce = ["Contact ID", "First Name", "Last Name", "Account Name", "Mailing Street"];
        assert_eq!(guessed(ImportKind::Companies, &salesforce), ["", "", "", "name", "street"]);
        let [id, ..] = &guessed(ImportKind::Contacts, &salesforce)[..] else { panic!("five headers") };
        assert_eq!(id, "external_id");
        assert_eq!(
            guessed(ImportKind::Contacts, &["Account ID", "Company ID", "姓"]),
            ["", "", "family_name"]
        );
        assert_eq!(guessed(ImportKind::Companies, &["Company ID", "会社名"]), ["external_id", "name"]);
        let hubspot = ["Record ID", "会社名", "氏名"];
        assert_eq!(guessed(ImportKind::Companies, &hubspot), ["", "name", ""]);
        assert_eq!(guessed(ImportKind::Contacts, &hubspot), ["external_id", "company", "full_name"]);
        assert_eq!(guessed(ImportKind::Companies, &["レコードID", "会社名"]), ["external_id", "name"]);
        for running in ["No", "No.", "番号", "ID", "コード", "レコード番号", "管理番号", "Code"]
        {
            assert_eq!(guessed(ImportKind::Companies, &[running, "会社名"]), ["", "name"], "{running}");
        }
        assert_eq!(guessed(ImportKind::Companies, &["ID", "会社ID", "会社名"]), ["", "external_id", "name"]);
        assert_eq!(guessed(ImportKind::Contacts, &["ID", "案件名", "会社名", "姓"])[0], "");
    }

    #[test]
    fn a_persons_mobile_is_no_companys_phone() {
        let sansan = ["会社名", "携帯電話", "TEL 会社", "Company Domain Name"];
        assert_eq!(guessed(ImportKind::Companies, &sansan), ["name", "", "phone", "website"]);
        assert_eq!(guessed(ImportKind::Companies, &["会社名", "Mobile"]), ["name", ""]);
        assert_eq!(guessed(ImportKind::Contacts, &["携帯電話"]), ["phone"]);
    }

    #[test]
    fn what_pipedrive_writes_before_a_header_says_whose_it_is() {
        let headers = [
            "Deal - ID",
            "Deal - Title",
            "Deal - Organization",
            "Person - Name",
            "Person - Phone",
            "Deal - Expected close date",
            "Deal - Lost reason",
            "Deal - Currency",
        ];
        let columns = [
            "external_id",
            "title",
            "company",
            "contact",
            "",
            "expected_close_on",
            "lost_reason",
            "currency",
        ];
        assert_eq!(guessed(ImportKind::Deals, &headers), columns);
        let organizations = ["Organization - Name", "Organization - Address", "Deal - ID"];
        assert_eq!(guessed(ImportKind::Companies, &organizations), ["name", "address", ""]);
        let people = ["Person - Name", "Person - Email - Work", "Organization - Name"];
        assert_eq!(guessed(ImportKind::Contacts, &people), ["full_name", "email", "company"]);
    }

    #[test]
    fn the_row_that_names_the_columns_is_found_below_a_title() {
        let found = |kind: ImportKind, rows: &[&[&str]]| {
            let owned: Vec<Vec<String>> =
                rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect();
            header_row(kind, &owned.iter().map(Vec::as_slice).collect::<Vec<_>>())
        };
        let deals = ImportKind::Deals;
        let table: [&[&str]; 3] =
            [&["商談一覧（2026年度）"], &["商談名", "企業名", "金額"], &["名簿", "甲商店", "1"]];
        assert_eq!(found(deals, &table), 1);
        let dated: [&[&str]; 4] =
            [&["Sansan 名刺データ一覧"], &["出力日", "2026/11/28"], &["会社名", "氏名"], &["甲", "佐藤"]];
        assert_eq!(found(ImportKind::Contacts, &dated), 2);
        let strange: [&[&str]; 3] = [&["なにかの表"], &["あ", "い", "う"], &["1", "2", "3"]];
        assert_eq!(found(deals, &strange), 1, "the first with the usual number of cells");
        let plain: [[&[&str]; 3]; 4] = [
            [&["会社名"], &["甲"], &["乙"]],
            [&["会社名", ""], &["甲", "0857"], &["乙", "0858"]],
            [&["なまえ", "れんらくさき"], &["電話", "メール"], &["乙", "2"]],
            [&["会社名", "電話", "備考"], &["甲", "", ""], &["乙", "", ""]],
        ];
        for rows in plain {
            assert_eq!(found(ImportKind::Companies, &rows), 0, "{rows:?}");
        }
    }

    #[test]
    fn what_our_own_files_write_is_guessed_as_what_it_is() {
        for kind in ImportKind::ALL {
            let fields = Field::of(*kind);
            let names: Vec<&str> = fields.iter().map(|field| field.name).collect();
            for language in Language::ALL {
                let headers: Vec<&str> = fields.iter().map(|field| field.header(*language)).collect();
                assert_eq!(guessed(*kind, &headers), names, "{kind} {language}");
            }
            assert_eq!(guessed(*kind, &names), names, "{kind}: the API's names");
        }
    }

    #[test]
    fn files_of_one_shape_are_known_by_their_headers() {
        let of = |headers: &[&str]| shape(&headers.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>());
        assert_eq!(of(&["会社名", "ＴＥＬ"]), of(&["会社名 ", "tel"]));
        assert_ne!(of(&["会社名", "TEL"]), of(&["TEL", "会社名"]));
        assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
        for language in Language::ALL {
            assert_eq!(of(&["会社名", "TEL"]), of(&["会社名", "TEL", reason_header(*language)]));
        }
    }

    #[test]
    fn our_answers_column_is_none_of_the_files_own() {
        let headers = ["a", "取込の理由", "b"].map(str::to_owned);
        let known = ["name", "phone"].map(str::to_owned);
        let columns = beside_reasons(&headers, known.to_vec()).unwrap();
        assert_eq!(columns, ["name", "", "phone"]);
        assert_eq!(without_reasons(&headers, &columns), known);
        assert_eq!(beside_reasons(&headers, vec!["name".to_owned()]), None);
    }

    #[test]
    fn a_file_of_another_systems_deals_addresses_and_leads_is_guessed() {
        assert_eq!(
            guessed(
                ImportKind::Deals,
                &[
                    "opportunity_id",
                    "sales_agent",
                    "product",
                    "account",
                    "deal_stage",
                    "close_date",
                    "close_value"
                ]
            ),
            ["external_id", "owner", "", "company", "stage", "expected_close_on", "amount"]
        );
        assert_eq!(
            guessed(
                ImportKind::Companies,
                &["Company name", "Street Address", "City", "State/Region", "Postal Code"]
            ),
            ["name", "street", "city", "region", "postal_code"]
        );
        assert_eq!(
            guessed(ImportKind::Companies, &["会社名", "都道府県", "市区町村", "町名・番地", "建物名"]),
            ["name", "region", "city", "street", "building"]
        );
        assert_eq!(
            guessed(ImportKind::Leads, &["First Name", "Last Name", "Company", "Email"]),
            ["given_name", "family_name", "company_name", "email"]
        );
        assert_eq!(
            guessed(ImportKind::Leads, &["日付", "お問合せ日時", "会社名", "受付日"]),
            ["", "asked_on", "company_name", ""],
            "a bare day may be any"
        );
        assert_eq!(guessed(ImportKind::Leads, &["Company", "Submitted at"]), ["company_name", "asked_on"]);
    }
}
