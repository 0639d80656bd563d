//! The `Content-Disposition` of a download.

use std::fmt::Write;

/// `attachment` with the file's name: an ASCII stand-in for old programs and, where it differs, the true name in
/// `filename*` (RFC 6266 section 4.3 and appendix D, RFC 8187 section 3.2). Whatever `name` is, the result is one
/// header value.
pub fn content_disposition(name: &str) -> String {
    let plain = stand_in(name);
    if plain == name {
        return format!("attachment; filename=\"{plain}\"");
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", percent_encoded(name))
}

/// Without what a quoted string or an old browser would trip over: other than ASCII, quotes, backslashes, percent
/// signs, control characters.
fn stand_in(name: &str) -> String {
    let safe = |character: char| {
        let usable = matches!(character, ' '..='~') && !matches!(character, '"' | '\\' | '%' | '/');
        if usable { character } else { '_' }
    };
    let plain: String = name.chars().map(safe).collect();
    let stem = plain.rsplit_once('.').map_or(plain.as_str(), |(stem, _)| stem);
    if !stem.trim_matches(['_', ' ']).is_empty() {
        return plain;
    }
    let extension = plain.rsplit_once('.').map_or("", |(_, extension)| extension);
    if extension.is_empty() { "download".to_owned() } else { format!("download.{extension}") }
}

/// `attr-char`s stay, every other byte of the UTF-8 becomes `%XX`.
fn percent_encoded(name: &str) -> String {
    let mut encoded = String::with_capacity(name.len() * 3);
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _infallible = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_every_kind_become_one_header_value() {
        for (name, value) in [
            ("report.pdf", "attachment; filename=\"report.pdf\""),
            ("my report (1).pdf", "attachment; filename=\"my report (1).pdf\""),
            (
                "見積書.pdf",
                "attachment; filename=\"download.pdf\"; filename*=UTF-8''%E8%A6%8B%E7%A9%8D%E6%9B%B8.pdf",
            ),
            (
                "見積_v2.xlsx",
                "attachment; filename=\"___v2.xlsx\"; filename*=UTF-8''%E8%A6%8B%E7%A9%8D_v2.xlsx",
            ),
            ("a\"b\\c%41.txt", "attachment; filename=\"a_b_c_41.txt\"; filename*=UTF-8''a%22b%5Cc%2541.txt"),
            ("naïve.txt", "attachment; filename=\"na_ve.txt\"; filename*=UTF-8''na%C3%AFve.txt"),
            ("", "attachment; filename=\"download\"; filename*=UTF-8''"),
        ] {
            assert_eq!(content_disposition(name), value, "{name}");
        }
    }

    #[test]
    fn a_name_of_300_bytes_survives_whole() {
        let name = format!("{}.pdf", "議".repeat(98));
        let value = content_disposition(&name);
        assert_eq!(value.matches("%E8%AD%B0").count(), 98);
        assert_eq!(value.split('.').next_back(), Some("pdf"));
    }

    proptest::proptest! {
        #[test]
        fn no_name_ends_the_header_or_its_quotes(name in ".*|[\\x00-\\x7f\"\\\\;]*") {
            let value = content_disposition(&name);
            proptest::prop_assert!(value.bytes().all(|byte| (0x20..0x7f).contains(&byte)));
            proptest::prop_assert_eq!(value.matches('"').count(), 2);
            proptest::prop_assert!(!value.contains('\\'));
        }
    }
}
