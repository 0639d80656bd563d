//! Which passwords are accepted: long enough, and not one that everybody would try. No rules of composition
//! (NIST SP 800-63B section 3.1.1.2, ASVS 6.2.5).

use std::collections::HashSet;
use std::sync::LazyLock;

use kernel::{Checks, Code, Invalid, text};
use unicode_normalization::UnicodeNormalization;

/// The fewest characters a password has.
pub const SHORTEST: usize = 12;

/// The most characters a password has.
pub const LONGEST: usize = 200;

/// The words, walks over the keyboard and dates that lists of leaked passwords begin with, in this product's two
/// languages; one per line.
static COMMON: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    include_str!("common.txt").lines().map(str::trim).filter(|line| !line.is_empty()).collect()
});

pub(super) fn check(password: &str, again: &str, known: &[&str]) -> Result<(), Invalid> {
    let mut checks = Checks::new();
    let length = password.chars().count();
    if password.is_empty() {
        checks.problem("password", Code::Required);
    } else if length < SHORTEST {
        checks.bounded("password", Code::TooShort, i64::try_from(SHORTEST).unwrap_or(i64::MAX));
    } else if length > LONGEST {
        checks.bounded("password", Code::TooLong, i64::try_from(LONGEST).unwrap_or(i64::MAX));
    } else if is_guessable(password, known) {
        checks.problem("password", Code::CommonPassword);
    }
    if again != password {
        checks.problem("password_again", Code::Different);
    }
    checks.done(())
}

fn is_guessable(password: &str, known: &[&str]) -> bool {
    let key = key(password);
    let word = word(&key);
    COMMON.contains(key.as_str())
        || COMMON.contains(word)
        || is_repeated(&key)
        || is_sequence(&key)
        || known.iter().any(|known| is_known(&key, word, known))
}

/// One spelling for all: width, case and spaces folded.
fn key(password: &str) -> String {
    let folded: String = password.nfkc().flat_map(char::to_lowercase).collect();
    text::fold_width(&folded).chars().filter(|character| !character.is_whitespace()).collect()
}

/// What is left without the numbers and signs people put around a word: `!sakura-2026` is `sakura`.
fn word(key: &str) -> &str {
    key.trim_matches(|character: char| !character.is_alphabetic())
}

/// The account's own mail address, its part before the @, or the town's name, with or without numbers around it.
fn is_known(password: &str, password_word: &str, known: &str) -> bool {
    let known = key(known);
    let name = known.split('@').next().unwrap_or_default();
    !name.is_empty()
        && (password == known
            || password == name
            || (!password_word.is_empty() && password_word == word(name)))
}

/// At most four characters over and over: `aaaaaaaaaaaa`, `abcabcabcabc`, `1212121212123`.
fn is_repeated(key: &str) -> bool {
    let characters: Vec<char> = key.chars().collect();
    (1..=4).any(|unit| characters.iter().zip(characters.iter().skip(unit)).all(|(one, next)| one == next))
}

/// Neighbours in the character table all the way, up or down: `123456789012`, `zyxwvutsrqpo`.
fn is_sequence(key: &str) -> bool {
    let codes: Vec<i64> = key.chars().map(|character| i64::from(u32::from(character))).collect();
    [1, -1].into_iter().any(|step| {
        codes.iter().zip(codes.iter().skip(1)).all(|(one, next)| {
            let after_nine = step == 1 && *one == i64::from(b'9') && *next == i64::from(b'0');
            let after_zero = step == -1 && *one == i64::from(b'0') && *next == i64::from(b'9');
            next - one == step || after_nine || after_zero
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(password: &str, known: &[&str]) -> Option<Code> {
        check(password, password, known).err().map(|invalid| invalid.0[0].code)
    }

    #[test]
    fn length_counts_characters_and_has_two_ends() {
        assert_eq!(refused("", &[]), Some(Code::Required));
        assert_eq!(refused("山と川と空と海と雪", &[]), Some(Code::TooShort));
        assert_eq!(refused("山と川と空と海と雪と風", &[]), Some(Code::TooShort));
        assert_eq!(refused("山と川と空と海と雪と風と", &[]), None);
        assert_eq!(refused("kumo to yama", &[]), None);
        let long: String = ('一'..).take(200).collect();
        assert_eq!(refused(&format!("x{}", &long[3..]), &[]), None);
        assert_eq!(refused(&format!("{long}x"), &[]), Some(Code::TooLong));
    }

    #[test]
    fn what_everybody_would_try_is_refused_in_any_case_and_width() {
        for common in [
            "password1234",
            "PassWord!2026",
            "ｐａｓｓｗｏｒｄ１２３４",
            "qwertyuiop@[",
            "1qaz2wsx3edc",
            "sakura20261122",
            "zaq12wsxcde3",
            "123456789012",
            "210987654321",
            "aaaaaaaaaaaa",
            "abcabcabcabc",
            "あああああああああああああ",
            "abcdefghijklmn",
            "ぱすわーど12345678",
        ] {
            assert_eq!(refused(common, &[]), Some(Code::CommonPassword), "{common}");
        }
    }

    #[test]
    fn what_everybody_knows_about_the_account_is_refused() {
        let known = ["Tanaka.Taro@example.jp", "tateshina"];
        for own in ["tanaka.taro@example.jp", "TANAKA.TARO2026", "tateshina-2026", "tateshina1234"] {
            assert_eq!(refused(own, &known), Some(Code::CommonPassword), "{own}");
        }
        assert_eq!(refused("tateshina no yuki", &known), None);
        assert_eq!(refused("a long enough one", &["", "@"]), None);
    }

    #[test]
    fn two_entries_that_differ_are_reported_beside_the_second() {
        let invalid = check("kumo to yama to", "kumo to yama", &[]).unwrap_err();
        assert_eq!((invalid.0[0].field.as_str(), invalid.0[0].code), ("password_again", Code::Different));
    }

    #[test]
    fn the_list_is_folded_as_it_is_compared_and_has_no_entry_twice() {
        let lines: Vec<&str> = include_str!("common.txt").lines().collect();
        assert!(lines.len() >= 200);
        assert_eq!(COMMON.len(), lines.len());
        assert!(lines.iter().all(|line| key(line) == *line));
    }
}
