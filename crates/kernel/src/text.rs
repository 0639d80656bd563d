//! Japanese text as keys: what two spellings of one name share, and the bigrams that make a two-character
//! substring searchable through an index.
//!
//! Names are stored byte-exact (𠮷, 﨑 and variation selectors survive); only keys are folded. NFC is never
//! applied to stored text because it rewrites compatibility ideographs (U+FA19 → U+795E).

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

/// A word outside a [`crate::text_enum!`]'s list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown word")]
pub struct UnknownWord;

/// Full-width ASCII and the ideographic space become ASCII; everything else stays.
pub fn fold_width(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\u{3000}' => ' ',
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character),
            other => other,
        })
        .collect()
}

/// Digits only, for phone numbers, postal codes and corporate numbers: any width is read, hyphens of every kind,
/// spaces and parentheses go. Other characters stay, so that a wrong entry is still seen to be wrong.
pub fn digits_key(text: &str) -> String {
    fold_width(text)
        .chars()
        .filter(|character| {
            !character.is_whitespace()
                && !matches!(
                    character,
                    '-' | '(' | ')' | '‐' | '‑' | '–' | '—' | '―' | '−' | 'ー' | 'ｰ' | '－'
                )
        })
        .collect()
}

/// What two spellings of one name share: NFKC, lower case, katakana folded to hiragana, no spaces, and legal
/// forms written out (㈱ and （株） are 株式会社).
pub fn search_key(text: &str) -> String {
    let folded: String = text
        .nfkc()
        .flat_map(char::to_lowercase)
        .map(|character| match character {
            'ァ'..='ヶ' => char::from_u32(u32::from(character) - 0x60).unwrap_or(character),
            other => other,
        })
        .filter(|character| !character.is_whitespace() && !is_invisible(*character))
        .collect();
    folded.replace("(株)", "株式会社").replace("(有)", "有限会社").replace("(同)", "合同会社")
}

/// A variation selector or a zero-width or direction mark: seen by nobody, so no part of a key.
fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Every single character and every pair of neighbours of `text`'s key, for a GIN-indexed `text[]` column.
pub fn search_grams(text: &str) -> Vec<String> {
    let key: Vec<char> = search_key(text).chars().collect();
    let singles = key.iter().map(char::to_string);
    let pairs = key.windows(2).map(|pair| pair.iter().collect());
    singles.chain(pairs).collect::<BTreeSet<String>>().into_iter().collect()
}

/// What stands between two words of a query in one of its [spellings](crate::likeness::spellings): anything may lie there. No key
/// holds it.
pub const GAP: char = '\u{1d}';

/// How many characters of a query are looked at: names are shorter, and each character may be written in several ways.
const MOST_LOOKED_AT: usize = 100;

/// The keys of the words of a query, which spaces part; of a long one those of its beginning.
pub fn words(query: &str) -> Vec<String> {
    let beginning = query.char_indices().nth(MOST_LOOKED_AT).map_or(query, |(end, _)| query.split_at(end).0);
    let parts = beginning.split(|character: char| character.is_whitespace() || character == GAP);
    parts.map(search_key).filter(|word| !word.is_empty()).collect()
}

/// Whether a key holds the words of one spelling of a query, one after the other.
pub fn spells(key: &str, spelling: &str) -> bool {
    let mut rest = key;
    for word in words(spelling) {
        let Some((_before, after)) = rest.split_once(word.as_str()) else { return false };
        rest = after;
    }
    true
}

/// The grams a query needs: the pairs of each of its words, or the one character that a word is. Rows that hold them all
/// still have to be compared with `LIKE`, since the pairs may stand apart.
pub fn query_grams(query: &str) -> Vec<String> {
    let grams = |word: String| -> Vec<String> {
        let key: Vec<char> = word.chars().collect();
        if key.len() == 1 { vec![word] } else { key.windows(2).map(|pair| pair.iter().collect()).collect() }
    };
    words(query).into_iter().flat_map(grams).collect::<BTreeSet<_>>().into_iter().collect()
}

/// [`like_pattern`] of everything a query may be written as ([`crate::likeness::spellings`]).
pub fn like_patterns(query: &str) -> Vec<String> {
    crate::likeness::spellings(query).iter().map(|spelling| like_pattern(spelling)).collect()
}

/// The words of `query` as keys with LIKE's own signs taken literally, one after the other, percent signs around each.
pub fn like_pattern(query: &str) -> String {
    let mut pattern = String::from("%");
    for word in words(query) {
        for character in word.chars() {
            if matches!(character, '%' | '_' | '\\') {
                pattern.push('\\');
            }
            pattern.push(character);
        }
        pattern.push('%');
    }
    pattern
}

/// Whether `text` is furigana: kana, long marks, middle dots, spaces, digits and letters.
pub fn is_furigana(text: &str) -> bool {
    text.nfkc().all(|character| {
        matches!(character, 'ぁ'..='ゖ' | 'ァ'..='ヺ' | 'ー' | '・' | ' ')
            || character.is_ascii_alphanumeric()
            || matches!(character, '-' | '.' | ',' | '&' | '\'')
    })
}

/// One line of text as typed into a form: surrounding white space goes, and line breaks, control and direction
/// characters are refused (`None`), because they forge what a reader sees.
pub fn one_line(text: &str) -> Option<&str> {
    let trimmed = text.trim_matches(|character: char| character.is_whitespace() || character == '\u{3000}');
    let forbidden = |character: char| {
        character.is_control() || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    (!trimmed.contains(forbidden)).then_some(trimmed)
}

/// Several lines as typed into a text area: `\r\n` becomes `\n`, other control and direction characters are
/// refused (`None`).
pub fn many_lines(text: &str) -> Option<String> {
    let unified = text.replace("\r\n", "\n").replace('\r', "\n");
    let forbidden = |character: char| {
        (character.is_control() && !matches!(character, '\n' | '\t'))
            || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    (!unified.contains(forbidden)).then(|| unified.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_spellings_of_one_company_share_a_key() {
        let key = search_key("株式会社　米子ケンセツ");
        for spelling in ["㈱米子ケンセツ", "(株)米子けんせつ", "（株）米子ｹﾝｾﾂ", "株式会社米子ケンセツ"]
        {
            assert_eq!(search_key(spelling), key, "{spelling}");
        }
    }

    #[test]
    fn look_alikes_that_are_different_names_keep_different_keys() {
        assert_ne!(search_key("𠮷田"), search_key("吉田"));
        assert_ne!(search_key("宮﨑"), search_key("宮崎"));
    }

    #[test]
    fn two_characters_are_found_by_their_pair() {
        let grams = search_grams("米子建設株式会社");
        assert!(grams.contains(&"建設".to_owned()));
        assert_eq!(query_grams("建設"), ["建設"]);
        assert_eq!(query_grams("建"), ["建"]);
        assert_eq!(query_grams("100%"), ["0%", "00", "10"]);
        assert_eq!(like_pattern("100%_"), "%100\\%\\_%");
    }

    #[test]
    fn words_of_a_query_may_stand_apart() {
        assert_eq!(query_grams("米子　運輸 株"), ["株", "米子", "運輸"]);
        assert_eq!(like_pattern(" 米子　100% "), "%米子%100\\%%");
        let key = search_key("米子建設運輸");
        assert!(spells(&key, "米子\u{1d}運輸") && spells(&key, "米子建") && spells(&key, ""));
        assert!(!spells(&key, "運輸\u{1d}米子"), "one after the other");
        assert!(!spells(&search_key("山田"), "山\u{1d}山"), "each word has its own place");
        let long = format!("{} 末尾", "高".repeat(60_000));
        assert_eq!(words(&long), ["高".repeat(100)], "nobody's name is longer");
    }

    #[test]
    fn lines_that_forge_what_is_seen_are_refused() {
        assert_eq!(one_line("　田中 太郎 "), Some("田中 太郎"));
        assert_eq!(one_line("a\r\nBcc: x"), None);
        assert_eq!(one_line("\u{202e}gpj.exe"), None);
        assert_eq!(many_lines("一\r\n二\u{0}"), None);
        assert_eq!(many_lines("一\r\n二\n").as_deref(), Some("一\n二"));
    }

    #[test]
    fn furigana_is_kana_in_any_width() {
        assert!(is_furigana("ﾖﾅｺｹﾝｾﾂ") && is_furigana("よなご・けんせつ") && !is_furigana("米子"));
    }

    proptest::proptest! {
        #[test]
        fn a_text_contains_every_gram_its_own_substrings_ask_for(text in "\\PC{2,20}", from in 0usize..10) {
            let key: Vec<char> = search_key(&text).chars().collect();
            if key.len() >= from + 2 {
                let part: String = key.iter().skip(from).take(2).collect();
                let grams = search_grams(&text);
                // A key folded again may shrink further only for signs that vanish; the pair itself must be there.
                proptest::prop_assert!(grams.contains(&part));
            }
        }
    }
}
