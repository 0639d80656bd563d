//! Names as banks take them in transfer files (全銀フォーマット): half-width kana, capitals, digits and few signs, each voicing mark
//! a character of its own. Sources differ about ｦ and wider sets, so the strictest counts.

use kernel::text::fold_width;

/// How many characters a payee's name may have, voicing marks counted.
pub(super) const PAYEE_CHARACTERS: usize = 30;

/// Why a name cannot stand in a transfer file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// Nothing but spaces.
    Empty,
    /// A character that banks do not take.
    Character(char),
    /// Longer than its field, voicing marks counted.
    TooLong,
}

const FULL: &str =
    "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン";
const HALF: &str = "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝ";
const SMALL: &str = "ァィゥェォッャュョヮｧｨｩｪｫｯｬｭｮ";
const LARGE: &str = "アイウエオツヤユヨワｱｲｳｴｵﾂﾔﾕﾖ";
const VOICED: &str = "ガギグゲゴザジズゼゾダヂヅデドバビブベボヴ";
const OF_VOICED: &str = "カキクケコサシスセソタチツテトハヒフヘホウ";
const PLOSIVE: &str = "パピプペポ";
const OF_PLOSIVE: &str = "ハヒフヘホ";

/// The name as a transfer file has it, of `most` characters at most, from kana of any size and width, hiragana, and letters of any
/// width. What is too long is refused and never cut: a mark alone is no kana.
pub(super) fn name(typed: &str, most: usize) -> Result<String, Refused> {
    let mut name = String::new();
    let words = fold_width(typed);
    for character in words.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        push(&mut name, character)?;
    }
    if name.is_empty() {
        return Err(Refused::Empty);
    }
    if name.chars().count() > most {
        return Err(Refused::TooLong);
    }
    Ok(name)
}

fn push(name: &mut String, character: char) -> Result<(), Refused> {
    let katakana = large(as_katakana(character));
    let (base, mark) =
        match (same_place(VOICED, OF_VOICED, katakana), same_place(PLOSIVE, OF_PLOSIVE, katakana)) {
            (Some(base), _) => (base, Some('ﾞ')),
            (None, Some(base)) => (base, Some('ﾟ')),
            (None, None) => (katakana, None),
        };
    let half = same_place(FULL, HALF, base).unwrap_or(base);
    match half {
        _ if HALF.contains(half) => name.push(half),
        'ﾞ' | 'ﾟ' | '0'..='9' | 'A'..='Z' | '(' | ')' | '-' | '.' | ' ' => name.push(half),
        'a'..='z' => name.push(half.to_ascii_uppercase()),
        // The long mark is refused by banks; a hyphen stands for it.
        'ー' | 'ｰ' | '‐' | '‑' | '–' | '—' | '―' | '−' => name.push('-'),
        '゛' | '\u{3099}' => name.push('ﾞ'),
        '゜' | '\u{309a}' => name.push('ﾟ'),
        _ => return Err(Refused::Character(character)),
    }
    name.extend(mark);
    Ok(())
}

fn as_katakana(character: char) -> char {
    match character {
        'ぁ'..='ゖ' => char::from_u32(u32::from(character) + 0x60).unwrap_or(character),
        other => other,
    }
}

fn large(character: char) -> char {
    same_place(SMALL, LARGE, character).unwrap_or(character)
}

/// The character of `to` that stands where `character` stands in `from`.
fn same_place(from: &str, to: &str, character: char) -> Option<char> {
    from.chars().zip(to.chars()).find(|(one, _)| *one == character).map(|(_, other)| other)
}

#[cfg(test)]
mod tests {
    use db::testing::shared_data;

    use super::*;

    fn payee(typed: &str) -> Result<String, Refused> {
        name(typed, PAYEE_CHARACTERS)
    }

    #[test]
    fn tables_fit_each_other() {
        for (from, to) in [(FULL, HALF), (SMALL, LARGE), (VOICED, OF_VOICED), (PLOSIVE, OF_PLOSIVE)] {
            assert_eq!(from.chars().count(), to.chars().count(), "{from}");
        }
    }

    #[test]
    fn a_name_becomes_what_banks_take() {
        for (typed, expected) in [
            ("やまだ　はなこ", "ﾔﾏﾀﾞ ﾊﾅｺ"),
            ("ヤマダ ハナコ", "ﾔﾏﾀﾞ ﾊﾅｺ"),
            ("ﾔﾏﾀﾞ ﾊﾅｺ", "ﾔﾏﾀﾞ ﾊﾅｺ"),
            ("シャチョー", "ｼﾔﾁﾖ-"),
            ("ｼｬﾁｮｰ", "ｼﾔﾁﾖ-"),
            ("パン（カ", "ﾊﾟﾝ(ｶ"),
            ("ヴ ａｂｃ１２", "ｳﾞ ABC12"),
        ] {
            assert_eq!(payee(typed).as_deref(), Ok(expected), "{typed}");
        }
    }

    #[test]
    fn what_banks_refuse_is_named() {
        assert_eq!(payee("山田"), Err(Refused::Character('山')));
        assert_eq!(payee("ヲガワ"), Err(Refused::Character('ヲ')));
        assert_eq!(payee("A/B"), Err(Refused::Character('/')));
        assert_eq!(payee(" 　"), Err(Refused::Empty));
        assert!(payee(&"カ".repeat(30)).is_ok());
        assert_eq!(payee(&"ガ".repeat(16)), Err(Refused::TooLong), "voicing marks count");
        assert_eq!(
            name(&"ガ".repeat(20), 40).map(|name| name.chars().count()),
            Ok(40),
            "a payer's field is longer"
        );
        assert_eq!(name(&"ガ".repeat(21), 40), Err(Refused::TooLong));
    }

    #[test]
    fn every_banks_own_reading_can_be_written() {
        let Some(path) = shared_data("banks.json") else { return };
        let banks: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let readings: Vec<&str> =
            banks.as_object().unwrap().values().map(|bank| bank["kana"].as_str().unwrap()).collect();
        assert!(readings.len() > 1000);
        let refused: Vec<_> = readings
            .iter()
            .filter(|kana| matches!(payee(kana), Err(Refused::Character(_) | Refused::Empty)))
            .collect();
        assert_eq!(refused, [] as [&&str; 0]);
    }
}
