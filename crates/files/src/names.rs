//! What a file may be called: the name as it was given, without anything that makes it a path or a lie.
//!
//! The name is shown and sent back, never used to find bytes. It is not normalised (NFC would rewrite 﨑-like
//! characters).

/// The most characters a stored name has.
const LONGEST: usize = 200;

/// The last component of whatever path was sent, without control, direction and invisible characters, without those
/// that Windows forbids, without dots and spaces at its ends, and not too long. May come out empty.
pub(crate) fn clean(original: &str) -> String {
    let last = original.rsplit(['/', '\\']).next().unwrap_or_default();
    let visible: String =
        last.chars().filter(|character| !is_forging(*character)).map(windows_safe).collect();
    shorten(visible.trim_matches(is_edge))
}

/// What follows the last dot, in lower case.
pub(crate) fn extension(name: &str) -> Option<String> {
    let (stem, extension) = name.rsplit_once('.')?;
    (!stem.is_empty()).then(|| extension.to_ascii_lowercase())
}

fn is_forging(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

fn windows_safe(character: char) -> char {
    if matches!(character, '<' | '>' | ':' | '"' | '|' | '?' | '*') { '_' } else { character }
}

fn is_edge(character: char) -> bool {
    character.is_whitespace() || character == '.'
}

/// Cuts in the middle, so that the extension stays.
fn shorten(name: &str) -> String {
    let excess = name.chars().count().saturating_sub(LONGEST);
    if excess == 0 {
        return name.to_owned();
    }
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let dotted = if extension.is_empty() { String::new() } else { format!(".{extension}") };
    let room = LONGEST.saturating_sub(dotted.chars().count());
    let short: String = stem.chars().take(room).collect();
    let whole = format!("{}{dotted}", short.trim_end_matches(is_edge));
    whole.chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_paths_lose_them() {
        for (sent, kept) in [
            ("../../x.pdf", "x.pdf"),
            ("..\\..\\x.pdf", "x.pdf"),
            ("C:\\Users\\田中\\見積.xlsx", "見積.xlsx"),
            ("/etc/passwd", "passwd"),
            ("C:x.pdf", "C_x.pdf"),
            ("..", ""),
            ("a/", ""),
            ("", ""),
        ] {
            assert_eq!(clean(sent), kept, "{sent}");
        }
    }

    #[test]
    fn names_that_lie_to_the_eye_are_straightened() {
        for (sent, kept) in [
            ("請求書\u{202e}fdp.exe", "請求書fdp.exe"),
            ("a\0b\r\nc.pdf", "abc.pdf"),
            (" 納品物.csv . .", "納品物.csv"),
            ("\u{3000}.pdf\u{3000}", "pdf"),
            ("what?<is>\"this\"|*.png", "what__is__this___.png"),
            ("\u{feff}x\u{200b}.txt", "x.txt"),
        ] {
            assert_eq!(clean(sent), kept, "{sent:?}");
        }
    }

    #[test]
    fn names_people_really_use_stay_byte_for_byte() {
        for name in [
            "𠮷野家 見積書（第2版）.xlsx",
            "宮﨑.pdf",
            "葛\u{e0100}城.png",
            "か\u{3099}.txt",
            "a..b.csv",
            "👩\u{200d}🌾.jpg",
        ] {
            assert_eq!(clean(name), name);
        }
    }

    #[test]
    fn long_names_keep_their_extension() {
        let three_hundred_bytes = format!("{}.pdf", "議".repeat(98));
        assert_eq!(clean(&three_hundred_bytes), three_hundred_bytes);
        let long = clean(&format!("{}.tar.gz", "議".repeat(400)));
        assert_eq!(long.chars().count(), 200);
        assert!(long.ends_with("議.gz"));
        assert_eq!(clean(&"x".repeat(500)).len(), 200);
        assert!(clean(&format!("a.{}", "y".repeat(500))).chars().count() <= 200);
    }

    #[test]
    fn an_extension_needs_a_name_before_it() {
        assert_eq!(extension("a.PDF").as_deref(), Some("pdf"));
        assert_eq!(extension("a.pdf.exe").as_deref(), Some("exe"));
        assert_eq!(extension(".pdf"), None);
        assert_eq!(extension("pdf"), None);
    }

    proptest::proptest! {
        #[test]
        fn a_clean_name_is_short_flat_and_clean_already(sent in "\\PC*|[./\\\\: \\x00-\\x1f]{0,300}") {
            let name = clean(&sent);
            proptest::prop_assert!(name.chars().count() <= LONGEST);
            let bad = ['/', '\\', '\0', '\n', ':'];
            proptest::prop_assert!(!name.contains(bad));
            proptest::prop_assert!(!name.starts_with('.') && !name.ends_with('.'));
        }
    }
}
