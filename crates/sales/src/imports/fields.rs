//! What a file's columns may be, and guessing that from what stands above them, in Japanese or English.

use kernel::Language;
use kernel::text::search_key;
use sha2::{Digest as _, Sha256};

use super::known::{COMPANIES, CONTACTS, DEALS, LEADS};
use super::model::ImportKind;

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

/// What each column is, as far as its header says: for each header a field's name, or nothing. A field is guessed for
/// the first of its columns alone.
pub(super) fn guess(kind: ImportKind, headers: &[String]) -> Vec<String> {
    let mut taken: Vec<&str> = Vec::new();
    let guessed = headers.iter().map(|header| {
        let key = header_key(header);
        let knows = |field: &&Field| {
            !taken.contains(&field.name)
                && (header_key(field.name) == key || field.words.iter().any(|word| header_key(word) == key))
        };
        let found = Field::of(kind).iter().filter(|_| !key.is_empty()).find(knows);
        taken.extend(found.map(|field| field.name));
        found.map_or_else(String::new, |field| field.name.to_owned())
    });
    guessed.collect()
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
    }
}
