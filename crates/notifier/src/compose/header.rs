//! Header values as RFC 5322 and RFC 2047 want them, so that a reader sees exactly what was typed.
//!
//! lettre leaves plain ASCII words alone: one that looks like an encoded word would be decoded by the reader's
//! program, and a long one could not be folded. Here everything that is not short and plain is encoded.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kernel::EmailAddress;

use super::address::smtp_address;
use crate::smtp::EnvelopeAddress;

/// Octets in one encoded word: 64 characters with its frame, so that `Reply-To: ` fits before it on a line of 76.
const WORD: usize = 39;
/// Longest value left as it is.
const PLAIN: usize = 60;

/// A subject.
pub(super) fn unstructured(text: &str) -> String {
    let text = visible(text);
    let plain = |c: char| c == ' ' || c.is_ascii_graphic();
    if text.len() <= PLAIN && text.chars().all(plain) && !text.contains("=?") { text } else { encoded(&text) }
}

/// A name with its address; the address alone where there is no name.
pub(super) fn mailbox(name: &str, address: &EnvelopeAddress) -> String {
    let name = visible(name);
    let plain = |c: char| c == ' ' || c.is_ascii_alphanumeric();
    if name.is_empty() {
        format!("<{address}>")
    } else if name.len() <= PLAIN && name.chars().all(plain) {
        format!("{name}\r\n <{address}>")
    } else {
        format!("{}\r\n <{address}>", encoded(&name))
    }
}

/// The address answers go to, if `text` is one.
pub(super) fn answer_address(text: &str) -> Option<EnvelopeAddress> {
    EmailAddress::parse(text).ok().and_then(|address| smtp_address(&address).ok())
}

/// One line without what forges how a line looks: controls become spaces, direction marks and signs without width go.
pub(crate) fn visible(text: &str) -> String {
    let shown: String = text
        .chars()
        .filter(|c| !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
        .filter(|c| !matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}'))
        .map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c })
        .collect();
    shown.trim().to_owned()
}

/// Encoded words on folded lines, cut between characters (RFC 2047 section 5).
fn encoded(text: &str) -> String {
    let mut words = vec![String::new()];
    for character in text.chars() {
        if words.last().is_some_and(|word| word.len() + character.len_utf8() > WORD) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(character);
        }
    }
    let framed: Vec<String> =
        words.iter().map(|word| format!("=?utf-8?B?{}?=", STANDARD.encode(word))).collect();
    framed.join("\r\n ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_plain_text_stays_readable() {
        assert_eq!(unstructured("Your code"), "Your code");
        let address = EnvelopeAddress::parse("a@b.jp").unwrap();
        assert_eq!(mailbox("Mary Smith", &address), "Mary Smith\r\n <a@b.jp>");
        assert_eq!(mailbox("", &address), "<a@b.jp>");
    }

    #[test]
    fn nothing_becomes_a_line_or_an_encoded_word_of_its_own() {
        for text in ["=?utf-8?b?5p2x?=", "a\r\nBcc: x@y.jp", "東", &"x".repeat(2_000), "\"evil\" <x@y.jp>,"]
        {
            let address = EnvelopeAddress::parse("a@b.jp").unwrap();
            for value in [unstructured(text), mailbox(text, &address)] {
                assert!(
                    value.split("\r\n ").all(|line| line.len() <= 70 && !line.contains(['\r', '\n'])),
                    "{value}"
                );
            }
        }
        assert_eq!(unstructured("a\r\nBcc: x@y.jp"), "a  Bcc: x@y.jp");
        assert_eq!(visible("\u{202e}gpj.exe"), "gpj.exe");
        assert_eq!(visible("山\u{200b}田\u{feff}"), "山田");
    }
}
