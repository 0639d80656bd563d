//! What a file's columns may be, and guessing that from what stands above them, in Japanese or English.

use kernel::Language;
use kernel::text::search_key;
use sha2::{Digest as _, Sha256};

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
    /// What people write above such a column.
    words: &'static [&'static str],
}

const fn field(name: &'static str, words: &'static [&'static str]) -> Field {
    Field { name, is_required: false, instead: &[], words }
}

const fn required(
    name: &'static str,
    instead: &'static [&'static str],
    words: &'static [&'static str],
) -> Field {
    Field { name, is_required: true, instead, words }
}

const YUI_ID: Field = field("yui_id", &["Yui ID", "結ID"]);
const EXTERNAL_ID: Field = field(
    "external_id",
    &[
        "外部ID",
        "External ID",
        "ID",
        "レコードID",
        "レコード番号",
        "Record ID",
        "管理番号",
        "コード",
        "顧客コード",
        "顧客ID",
        "顧客番号",
        "取引先コード",
        "取引先ID",
        "企業ID",
        "会社ID",
        "企業コード",
        "会社コード",
        "担当者ID",
        "商談ID",
        "案件ID",
        "案件番号",
        "リードID",
        "No",
        "番号",
        "Code",
        "Customer ID",
        "Account ID",
        "Contact ID",
        "Lead ID",
        "Deal ID",
        "Opportunity ID",
        "Record ID - Company",
        "Record ID - Contact",
        "Record ID - Deal",
    ],
);
const NUMBER_WORDS: &[&str] = &["法人番号", "法人No", "Corporate number", "Corporate No", "会社法人等番号"];
const COMPANY_WORDS: &[&str] = &[
    "企業名",
    "会社名",
    "法人名",
    "取引先名",
    "取引先",
    "顧客名",
    "企業",
    "会社",
    "商号",
    "商号又は名称",
    "社名",
    "屋号",
    "事業者名",
    "団体名",
    "お客様名",
    "得意先名",
    "組織名",
    "Company",
    "Company name",
    "Account",
    "Account name",
    "Organization",
    "Organisation",
    "Organization name",
    "Associated company",
    "Associated company (primary)",
    "Company / Account",
    "Client",
    "Customer",
    "Customer name",
];
const PHONE_WORDS: &[&str] = &[
    "電話",
    "電話番号",
    "TEL",
    "代表電話",
    "代表電話番号",
    "Phone",
    "Phone number",
    "Telephone",
    "Mobile",
    "携帯",
    "携帯電話",
    "携帯番号",
    "携帯電話番号",
    "連絡先電話番号",
];
const EMAIL_WORDS: &[&str] = &[
    "メール",
    "メールアドレス",
    "Eメール",
    "E-mail",
    "Email",
    "Mail",
    "Email address",
    "電子メール",
    "電子メールアドレス",
];
const OWNER_WORDS: &[&str] = &[
    "営業担当",
    "自社担当",
    "担当営業",
    "所有者",
    "Owner",
    "Assigned to",
    "Sales rep",
    "担当職員",
    "社内担当",
    "所有者名",
    "Opportunity owner",
    "Deal owner",
    "Lead owner",
];

const COMPANIES: &[Field] = &[
    YUI_ID,
    EXTERNAL_ID,
    field("corporate_number", NUMBER_WORDS),
    required("name", &[], COMPANY_WORDS),
    field(
        "furigana",
        &[
            "フリガナ",
            "ふりがな",
            "企業名フリガナ",
            "会社名フリガナ",
            "企業名カナ",
            "会社名カナ",
            "カナ",
            "読み",
            "読み仮名",
            "法人名ふりがな",
            "法人名フリガナ",
            "Reading",
            "Kana",
            "Furigana",
            "取引先名カナ",
        ],
    ),
    field(
        "postal_code",
        &[
            "郵便番号",
            "〒",
            "Postal code",
            "Zip",
            "Zip code",
            "Postcode",
            "ZIP/Postal code",
            "Billing ZIP/Postal code",
            "Billing postal code",
        ],
    ),
    field(
        "address",
        &[
            "住所",
            "所在地",
            "本社所在地",
            "本店所在地",
            "Address",
            "Street",
            "Billing address",
            "Billing street",
            "Street address",
            "会社住所",
        ],
    ),
    field("phone", PHONE_WORDS),
    field(
        "website",
        &[
            "ウェブサイト",
            "Webサイト",
            "URL",
            "ホームページ",
            "HP",
            "Website",
            "Web site",
            "Web",
            "サイト",
            "Domain",
        ],
    ),
    field(
        "note",
        &["備考", "メモ", "摘要", "コメント", "Note", "Notes", "Description", "説明", "Memo", "Comment"],
    ),
];

const CONTACTS: &[Field] = &[
    YUI_ID,
    EXTERNAL_ID,
    required("company", &["company_number", "company_id"], COMPANY_WORDS),
    field("company_number", NUMBER_WORDS),
    field("company_id", &["企業のYui ID", "企業の結ID", "Company Yui ID"]),
    required("family_name", &["full_name"], &["姓", "名字", "苗字", "Last name", "Family name", "Surname"]),
    field("given_name", &["名", "下の名前", "First name", "Given name"]),
    field(
        "full_name",
        &[
            "氏名",
            "名前",
            "担当者名",
            "担当者",
            "お名前",
            "ご担当者名",
            "ご担当者",
            "Name",
            "Full name",
            "Contact",
            "Contact name",
        ],
    ),
    field(
        "family_kana",
        &[
            "姓フリガナ",
            "姓カナ",
            "セイ",
            "姓ふりがな",
            "姓(フリガナ)",
            "Last name kana",
            "Family name reading",
        ],
    ),
    field(
        "given_kana",
        &[
            "名フリガナ",
            "名カナ",
            "メイ",
            "名ふりがな",
            "名(フリガナ)",
            "First name kana",
            "Given name reading",
        ],
    ),
    field(
        "full_kana",
        &["フリガナ", "ふりがな", "カナ", "氏名フリガナ", "氏名カナ", "読み", "Reading", "Kana"],
    ),
    field("department", &["部署", "部署名", "所属", "部門", "Department", "Division"]),
    field("title", &["役職", "役職名", "肩書", "肩書き", "職位", "Title", "Job title", "Position"]),
    field("email", EMAIL_WORDS),
    field("phone", PHONE_WORDS),
    field("language", &["言語", "Language"]),
];

const LEADS: &[Field] = &[
    YUI_ID,
    EXTERNAL_ID,
    required("company_name", &[], COMPANY_WORDS),
    field(
        "contact_name",
        &[
            "担当者名",
            "担当者",
            "氏名",
            "名前",
            "お名前",
            "ご担当者名",
            "ご担当者",
            "Name",
            "Full name",
            "Contact",
            "Contact name",
        ],
    ),
    field("email", EMAIL_WORDS),
    field("phone", PHONE_WORDS),
    field(
        "source",
        &["経路", "流入元", "きっかけ", "リードソース", "獲得経路", "情報源", "Source", "Lead source"],
    ),
    field(
        "need",
        &[
            "用件",
            "ニーズ",
            "内容",
            "お問い合わせ内容",
            "問い合わせ内容",
            "要望",
            "相談内容",
            "備考",
            "メモ",
            "Need",
            "Needs",
            "Message",
            "Description",
            "Notes",
            "Note",
        ],
    ),
    field("owner", OWNER_WORDS),
];

const DEALS: &[Field] = &[
    YUI_ID,
    EXTERNAL_ID,
    required(
        "title",
        &[],
        &[
            "商談名",
            "案件名",
            "件名",
            "商談",
            "案件",
            "タイトル",
            "Title",
            "Deal",
            "Deal name",
            "Opportunity",
            "Opportunity name",
            "Subject",
        ],
    ),
    required("company", &["company_number", "company_id"], COMPANY_WORDS),
    field("company_number", NUMBER_WORDS),
    field("company_id", &["企業のYui ID", "企業の結ID", "Company Yui ID"]),
    field(
        "contact",
        &[
            "担当者名",
            "担当者",
            "先方担当者",
            "ご担当者",
            "Contact",
            "Contact name",
            "担当者メール",
            "Contact email",
        ],
    ),
    field("pipeline", &["商談の流れ", "流れ", "パイプライン", "Pipeline", "Sales pipeline"]),
    field("stage", &["段階", "フェーズ", "ステージ", "進捗", "Stage", "Phase", "Sales stage"]),
    field("state", &["状態", "State", "商談の状態", "結果"]),
    field(
        "amount",
        &[
            "金額",
            "見込金額",
            "予定金額",
            "受注金額",
            "商談金額",
            "Amount",
            "Value",
            "金額(税抜)",
            "金額(円)",
            "Deal value",
        ],
    ),
    field(
        "expected_close_on",
        &[
            "完了予定日",
            "受注予定日",
            "決定予定日",
            "クローズ予定日",
            "予定日",
            "Close date",
            "Expected close",
            "Expected close date",
            "Closing date",
        ],
    ),
    field(
        "next_action",
        &[
            "次の行動",
            "次のアクション",
            "次回アクション",
            "ネクストアクション",
            "Next action",
            "Next step",
            "Next steps",
            "次にすること",
            "次のステップ",
        ],
    ),
    field(
        "next_action_on",
        &[
            "次の行動日",
            "次の行動の期日",
            "次回予定日",
            "次回アクション日",
            "次回対応日",
            "Next action date",
            "Next action on",
            "Next action due",
            "期日",
        ],
    ),
    field("owner", OWNER_WORDS),
];

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

/// What files with the same columns share: a digest of their headers however they are spelt, in hexadecimal digits.
pub(super) fn shape(headers: &[String]) -> String {
    let mut hasher = Sha256::new();
    for header in headers {
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
    }
}
