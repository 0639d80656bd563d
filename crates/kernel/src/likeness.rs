//! What makes two names look alike, and where a name stands in a Japanese list. For comparing and sorting only: what
//! is stored and shown stays byte for byte as it was entered.
//!
//! The database folds the same way, for its generated columns (`name_key_of`, `gojuon_key_of`). Invariant: the two agree
//! (`the_database_folds_names_as_the_program_does`).

use crate::text::{self, search_key};

/// Legal forms, longest first: part of nobody's memory of a name, so neither compared nor sorted by.
const LEGAL_FORMS: [&str; 23] = [
    "特定非営利活動法人",
    "かぶしきがいしゃ",
    "かぶしきかいしゃ",
    "ごうどうがいしゃ",
    "ごうどうかいしゃ",
    "ゆうげんがいしゃ",
    "ゆうげんかいしゃ",
    "一般社団法人",
    "一般財団法人",
    "公益社団法人",
    "公益財団法人",
    "社会福祉法人",
    "株式会社",
    "有限会社",
    "合同会社",
    "合名会社",
    "合資会社",
    "医療法人",
    "学校法人",
    "宗教法人",
    "社団法人",
    "財団法人",
    "npo法人",
];

/// Old and variant characters of names, each with the one it is compared as.
const VARIANTS: &str = "髙高﨑崎𠮷吉澤沢邊辺邉辺齋斎齊斉廣広國国學学會会櫻桜濱浜濵浜瀧滝龍竜嶋島嶌島眞真惠恵德徳榮栄條条壽寿豐豊實実黑黒\
    靑青冨富峯峰曾曽鐵鉄藏蔵團団區区縣県驛駅圓円醫医藥薬寶宝來来樂楽戶戸萬万與与關関渕淵桒桑礒磯埜野槇槙彌弥穗穂祿禄晉晋聰聡靜静淺浅舘館";

/// More of them, of which people are not sure when they look for a name: only searched by, because 斉藤 and 斎藤 are not
/// one name.
const SEARCHED_AS: &str = "斉斎嵜崎栁柳圡土舩船瀨瀬賴頼禮礼鷗鴎籠篭莊荘藪薮檜桧將将";

/// The most spellings of one query that are looked for.
const MOST_SPELLINGS: usize = 16;

/// The most words of a query that are looked for in every order.
const MOST_TURNED: usize = 3;

/// Small kana and the full ones they are sorted and compared as.
const SMALL: &str = "ぁあぃいぅうぇえぉおっつゃやゅゆょよゎわゕかゖけ";

/// Voiced kana and the clear ones they are sorted with.
const VOICED: &str = "がかぎきぐくげけごこざさじしずすぜせぞそだたぢちづつでてどとばはぱはびひぴひぶふぷふべへぺへぼほぽほゔう";

/// Vowels, each with the kana that end in it.
const VOWELS: [(char, &str); 5] = [
    ('あ', "あかさたなはまやらわ"),
    ('い', "いきしちにひみりゐ"),
    ('う', "うくすつぬふむゆる"),
    ('え', "えけせてねへめれゑ"),
    ('お', "おこそとのほもよろを"),
];

/// What names of companies and people are compared by: width, case, kana, spaces and signs folded as for search, and
/// beyond that old characters as new ones (髙 is 高), small kana as large (キヤノン is キャノン), long marks gone, and no
/// legal form at either end (㈱米子 and 米子 may be one company). A name that is nothing but a legal form stays.
pub fn name_key(name: &str) -> String {
    let folded: String = search_key(name)
        .chars()
        .map(|character| paired(SMALL, paired(VARIANTS, character)))
        .filter(|character| !is_sign(*character) && *character != 'ー')
        .collect();
    without_legal_form(&folded).to_owned()
}

/// What a query may be written as elsewhere: its own words first, as keys with a [`text::GAP`] between them, then the same in
/// another order, for 運輸 米子 means 米子運輸 too; and each with old and variant characters for one another, because whoever
/// looks for 高崎 does not know whether it is 髙﨑. A long query full of them is varied from its beginning as far as sixteen
/// spellings reach; more than three words keep their order.
pub fn spellings(query: &str) -> Vec<String> {
    let words = text::words(query);
    let orders = if words.len() <= MOST_TURNED { orders(&words) } else { vec![words] };
    let most = MOST_SPELLINGS / orders.len().max(1);
    orders.iter().flat_map(|words| varied(&words.join(&text::GAP.to_string()), most)).collect()
}

/// What an index of grams is asked for a query: rows that hold all these grams, and of those the ones that one of the patterns is like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lookup {
    /// As [`text::query_grams`] makes them.
    pub grams: Vec<String>,
    /// As [`text::like_pattern`] makes them.
    pub patterns: Vec<String>,
}

/// How an index is asked for everything that a query may be written as. Words in another order have the same grams: the
/// index is read once for all their orders.
pub fn lookups(query: &str) -> Vec<Lookup> {
    let mut lookups: Vec<Lookup> = Vec::new();
    for spelling in spellings(query) {
        let (grams, pattern) = (text::query_grams(&spelling), text::like_pattern(&spelling));
        match lookups.iter_mut().find(|known| known.grams == grams) {
            Some(known) => known.patterns.push(pattern),
            None => lookups.push(Lookup { grams, patterns: vec![pattern] }),
        }
    }
    lookups
}

/// Every order of some words, as they are first.
fn orders(words: &[String]) -> Vec<Vec<String>> {
    if words.is_empty() {
        return vec![Vec::new()];
    }
    let beginning_with = |first: usize| {
        let mut others = words.to_vec();
        let word = others.remove(first);
        orders(&others).into_iter().map(move |rest| [vec![word.clone()], rest].concat())
    };
    (0..words.len()).flat_map(beginning_with).collect()
}

/// One order of words with old and variant characters for one another, at most `most` of them.
fn varied(words: &str, most: usize) -> Vec<String> {
    let mut spellings = vec![String::new()];
    for character in words.chars() {
        let kin = kin_of(character);
        let kin = if spellings.len() * kin.len() > most { vec![character] } else { kin };
        spellings =
            kin.iter().flat_map(|one| spellings.iter().map(move |before| format!("{before}{one}"))).collect();
    }
    spellings
}

/// A character and those it may stand for, itself first.
fn kin_of(character: char) -> Vec<char> {
    let common = |one: char| paired(SEARCHED_AS, paired(VARIANTS, one));
    let shared = common(character);
    let listed = VARIANTS.chars().chain(SEARCHED_AS.chars());
    let mut kin = vec![character];
    for one in listed.filter(|one| common(*one) == shared) {
        if !kin.contains(&one) {
            kin.push(one);
        }
    }
    kin
}

/// Where a reading stands in gojūon order, as in a Japanese telephone book (JIS X 4061): first by the bare kana, so that
/// カ, が and ｶﾞ stand together, small kana count as large and a long mark as the vowel before it; between equals the clear
/// sound comes before the voiced, and a long mark before all. Legal forms and signs do not count. Compared by code point
/// (`COLLATE "C"`).
pub fn kana_key(reading: &str) -> String {
    let signless: String = search_key(reading).chars().filter(|character| !is_sign(*character)).collect();
    let bare = without_legal_form(&signless);
    let mut key = String::with_capacity(bare.len() * 2 + 1);
    let mut vowel = None;
    for character in bare.chars() {
        let clear = match (character, vowel) {
            ('ー', Some(vowel)) => vowel,
            _ => paired(VOICED, paired(SMALL, character)),
        };
        vowel = VOWELS.iter().find(|(_, row)| row.contains(clear)).map(|(vowel, _)| *vowel);
        key.push(clear);
    }
    // The space comes before everything a key can hold, so the second half decides only between equals.
    key.push(' ');
    key.extend(bare.chars().map(|character| if character == 'ー' { '-' } else { character }));
    key
}

/// The second of the pair that begins with `character`; itself where no pair does.
fn paired(pairs: &str, character: char) -> char {
    let mut rest = pairs.chars();
    while let (Some(from), Some(to)) = (rest.next(), rest.next()) {
        if from == character {
            return to;
        }
    }
    character
}

/// Signs between the words of a name.
fn is_sign(character: char) -> bool {
    "-‐–—―−・.,、。'’&()「」/*".contains(character)
}

fn without_legal_form(name: &str) -> &str {
    let mut bare = name;
    while let Some(rest) = LEGAL_FORMS.iter().find_map(|form| bare.strip_prefix(form)) {
        bare = rest;
    }
    while let Some(rest) = LEGAL_FORMS.iter().find_map(|form| bare.strip_suffix(form)) {
        bare = rest;
    }
    if bare.is_empty() { name } else { bare }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    #[test]
    fn a_query_is_looked_for_as_its_characters_are_written_elsewhere() {
        assert_eq!(spellings("高崎").len(), 2 * 3);
        for (query, written) in
            [("高崎", "髙﨑"), ("髙﨑", "高崎"), ("斉藤", "齋藤"), ("斎藤", "斉藤"), ("渡辺", "渡邉")]
        {
            let written_as = spellings(query);
            assert_eq!(written_as[0], query, "as it was typed comes first");
            assert!(written_as.contains(&written.to_owned()), "{query} {written_as:?}");
        }
        assert_eq!(spellings("ﾔﾏﾀﾞ"), ["やまだ"]);
        assert_eq!(spellings("運輸　米子"), ["運輸\u{1d}米子", "米子\u{1d}運輸"]);
        assert_eq!(spellings("い ろ は").len(), 6);
        assert_eq!(spellings("い ろ は に"), ["い\u{1d}ろ\u{1d}は\u{1d}に"]);
        assert!(spellings("国学 会桜 浜滝").len() <= MOST_SPELLINGS);
        assert_eq!(spellings(" "), [""]);
        assert!(spellings("国学会桜浜滝竜島真恵徳栄").len() <= MOST_SPELLINGS);
    }

    #[test]
    fn an_index_is_read_once_for_all_orders_of_words() {
        let lookup = |grams: &[&str], patterns: &[&str]| Lookup {
            grams: grams.iter().map(ToString::to_string).collect(),
            patterns: patterns.iter().map(ToString::to_string).collect(),
        };
        assert_eq!(lookups("運輸　米子"), [lookup(&["米子", "運輸"], &["%運輸%米子%", "%米子%運輸%"])]);
        let asked = lookups("高 い ろ");
        assert_eq!(asked.len(), 2, "高 and 髙: {asked:?}");
        assert!(asked.iter().all(|lookup| lookup.patterns.len() == 6), "{asked:?}");
        assert_eq!(lookups(" "), [lookup(&[], &["%"])]);
    }

    use super::*;

    #[test]
    fn spellings_of_one_company_look_alike() {
        let key = name_key("株式会社高沢キヤノンサービス");
        for spelling in [
            "㈱髙澤キャノンサービス",
            "（株）髙沢きゃのんさーびす",
            "高澤ｷｬﾉﾝｻｰﾋﾞｽ　株式会社",
            "高沢キヤノン・サービス",
            "株式会社　高沢 キヤノン-サビス",
        ] {
            assert_eq!(name_key(spelling), key, "{spelling}");
        }
        assert_ne!(name_key("高沢キヤノンサーバ"), key);
    }

    #[test]
    fn a_name_that_is_nothing_but_a_legal_form_stays() {
        assert_eq!(name_key("㈱"), "株式会社");
        assert_eq!(name_key("有限会社合同会社"), "有限会社合同会社");
    }

    #[test]
    fn readings_stand_as_in_a_telephone_book() {
        // A long mark counts as its vowel: がーでん is かあてん, ビール is ひいる.
        let mut names = [
            "わたなべ",
            "がーでん",
            "かーど",
            "ｶﾄｳ",
            "ガトー",
            "カドウ",
            "びる",
            "ビール",
            "きゃのん",
            "きやのん",
            "かぶしきがいしゃ さくら",
            "ざくろ",
            "アイ",
            "abc",
            "ー",
        ];
        names.sort_by_cached_key(|name| kana_key(name));
        assert_eq!(
            names,
            [
                "abc",
                "アイ",
                "がーでん",
                "かーど",
                "ｶﾄｳ",
                "カドウ",
                "ガトー",
                "きゃのん",
                "きやのん",
                "かぶしきがいしゃ さくら",
                "ざくろ",
                "ビール",
                "びる",
                "わたなべ",
                "ー",
            ]
        );
    }

    /// Hiragana of `text` in katakana, full and half width.
    fn katakana(text: &str) -> String {
        let shifted = |one: char| match one {
            'ぁ'..='ゖ' => char::from_u32(u32::from(one) + 0x60).unwrap(),
            other => other,
        };
        text.chars().map(shifted).collect()
    }

    proptest! {
        #[test]
        fn hiragana_and_katakana_have_one_place_and_one_likeness(reading in "[ぁ-ゖー]{0,12}") {
            prop_assert_eq!(kana_key(&katakana(&reading)), kana_key(&reading));
            prop_assert_eq!(name_key(&katakana(&reading)), name_key(&reading));
        }

        #[test]
        fn a_voiced_sound_stands_right_after_its_clear_one(
            (before, after) in ("[あ-わ]{0,4}", "[あ-わ]{0,4}"), at in 0usize..26,
        ) {
            let pairs: Vec<char> = VOICED.chars().collect();
            let (voiced, clear) = (pairs[at * 2], pairs[at * 2 + 1]);
            let word = |middle: char| kana_key(&format!("{before}{middle}{after}"));
            let (voiced, clear) = (word(voiced), word(clear));
            // The same place among all other words, and the clear one first.
            prop_assert_eq!(voiced.split(' ').next(), clear.split(' ').next());
            prop_assert!(clear < voiced);
        }

        #[test]
        fn bare_kana_stand_in_code_order(
            one in "[あいうえおかきくけこさしすせそ]{1,6}", other in "[あいうえおかきくけこさしすせそ]{1,6}",
        ) {
            prop_assert_eq!(kana_key(&one).cmp(&kana_key(&other)), one.cmp(&other));
        }

        #[test]
        fn what_is_added_to_a_name_without_meaning_does_not_count(
            name in "[あ-わ亜-腕]{1,8}", form in prop::sample::select(vec!["株式会社", "㈱", "（株）", "(有)", "一般社団法人"]),
        ) {
            prop_assert_eq!(name_key(&format!("{form}　{name}")), name_key(&name));
            prop_assert_eq!(name_key(&format!("{name} {form}")), name_key(&name));
        }
    }
}
