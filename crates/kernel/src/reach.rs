//! How a company or a person is reached, as keys: telephone numbers, postal codes and web sites are kept byte for byte as
//! they were typed, and found and compared by what is folded here.
//!
//! The database folds the same way, for its generated columns (`phone_key_of`, `postal_key_of`, `site_key_of`). Invariant:
//! the two agree (`the_database_folds_names_as_the_program_does`).

use unicode_normalization::UnicodeNormalization;

/// What stands before an extension.
const EXTENSION_MARKS: [&str; 4] = ["内線", "ext", "x", "#"];

/// What people write beside a number to say which one it is: kept as typed, and no part of it.
const LABELS: [&str; 8] = ["代表", "(代)", "代", "直通", "携帯", "電話", "tel", ":"];

/// What stands between two numbers of one cell.
const BETWEEN_NUMBERS: [char; 5] = ['/', ',', '、', '・', ';'];

/// The signs people write into a telephone number or a postal code, after folding the width.
fn is_written_between(character: char) -> bool {
    character.is_whitespace() || "-‐–—―−ー()/.".contains(character)
}

fn folded(typed: &str) -> String {
    typed.nfkc().flat_map(char::to_lowercase).collect()
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// A number's own part and what stands from the extension's mark on.
fn cut_at_extension(folded: &str) -> (&str, &str) {
    let cut = EXTENSION_MARKS.iter().filter_map(|mark| folded.find(mark)).min();
    folded.split_at_checked(cut.unwrap_or(folded.len())).unwrap_or((folded, ""))
}

/// The digits of a telephone number as they are dialled in Japan: any width and any hyphen is read, `+81` becomes the
/// leading 0, another country keeps its `+`, an extension follows an `x`: `+81 (0)267 56-0000 内線12` is `0267560000x12`.
pub fn phone_key(typed: &str) -> String {
    let folded = folded(typed);
    let (number, extension) = cut_at_extension(&folded);
    let all = digits(number);
    let is_international =
        number.trim_start_matches(|sign: char| sign.is_whitespace() || sign == '(').starts_with('+');
    let mut key = match all.strip_prefix("81") {
        Some(national) if is_international => format!("0{}", national.strip_prefix('0').unwrap_or(national)),
        _ if is_international => format!("+{all}"),
        _ => all,
    };
    let extension = digits(extension);
    if !extension.is_empty() {
        key.push('x');
        key.push_str(&extension);
    }
    key
}

/// Whether a telephone number can be dialled: 10 digits from a leading 0, 11 for mobile, IP and some free numbers, 8 to 15
/// after the `+` of another country (E.164), or a public service's three; another country's own way of writing it, which has
/// 10 to 15 digits and no leading 0, or our prefixes for calls abroad before it. Nothing else in it but the signs people write
/// between the digits, a word such as 代表 or TEL, and one extension; or several such numbers, one after the other.
pub fn is_phone(typed: &str) -> bool {
    let folded = without_labels(typed);
    is_one_phone(&folded)
        || (folded.contains(BETWEEN_NUMBERS) && folded.split(BETWEEN_NUMBERS).all(is_one_phone))
}

fn without_labels(typed: &str) -> String {
    LABELS.iter().fold(folded(typed), |text, label| text.replace(label, " "))
}

fn is_one_phone(folded: &str) -> bool {
    let (number, extension) = cut_at_extension(folded);
    let is_readable = |character: char| character.is_ascii_digit() || is_written_between(character);
    let marked = EXTENSION_MARKS.iter().find_map(|mark| extension.strip_prefix(mark));
    let signs = number.chars().all(|character| is_readable(character) || character == '+')
        && number.matches('+').count() <= 1
        && marked
            .is_none_or(|marked| marked.chars().all(is_readable) && (1..=6).contains(&digits(marked).len()));
    let key = phone_key(folded);
    let own = key.split('x').next().unwrap_or_default();
    signs && is_dialled(own)
}

fn is_dialled(own: &str) -> bool {
    if let Some(foreign) = own.strip_prefix('+') {
        return (8..=15).contains(&foreign.len()) && !foreign.starts_with('0');
    }
    let has_eleven = ["020", "050", "060", "070", "080", "090"].iter().any(|prefix| own.starts_with(prefix));
    match own.len() {
        3 => own.starts_with('1'),
        10 if own.starts_with('0') => !has_eleven,
        10 => !LOST_ZERO.iter().any(|start| own.starts_with(start)),
        11 if own.starts_with('0') => has_eleven,
        12..=18 if own.starts_with('0') => own.starts_with("00") || own.starts_with("010"),
        11..=15 => true,
        _ => false,
    }
}

/// How a mobile or an IP number begins whose leading 0 a spreadsheet has dropped, which its own 10 digits do not tell from
/// another country's: `9000000000`.
const LOST_ZERO: [&str; 4] = ["50", "70", "80", "90"];

/// What is dialled to reach a number: its own digits with a leading `+` where it has one; the first of several, and no
/// extension.
pub fn dialled(typed: &str) -> String {
    let folded = without_labels(typed);
    let (number, _) = cut_at_extension(&folded);
    let first = if is_one_phone(number) { Some(number) } else { None };
    let first = first.or_else(|| number.split(BETWEEN_NUMBERS).find(|one| !digits(one).is_empty()));
    let first = first.unwrap_or_default();
    let sign = if first.trim_start().starts_with('+') { "+" } else { "" };
    format!("{sign}{}", digits(first))
}

/// Whether a number belongs to one person: a mobile one, or one with an extension. A company's other numbers reach its
/// switchboard, so that two people with the same one are no sign of anything.
pub fn is_personal_phone(key: &str) -> bool {
    key.contains('x') || ["060", "070", "080", "090"].iter().any(|prefix| key.starts_with(prefix))
}

/// The seven digits of a postal code: `〒３８９ー２３０５` is `3892305`.
pub fn postal_key(typed: &str) -> String {
    digits(&folded(typed))
}

/// Whether a postal code is one: seven digits and nothing else but 〒 and hyphens.
pub fn is_postal_code(typed: &str) -> bool {
    let folded = folded(typed);
    postal_key(typed).len() == 7
        && folded.chars().all(|one| one.is_ascii_digit() || one == '〒' || is_written_between(one))
}

/// The host of a web site, lower case and without `www.`: `ＨＴＴＰＳ://www.Example.jp/a` is `example.jp`.
pub fn site_key(typed: &str) -> String {
    let folded = folded(typed);
    let trimmed = folded.trim_matches(' ');
    let rest = trimmed.split_once("://").map_or(trimmed, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = host.split(':').next().unwrap_or_default().trim_end_matches('.');
    host.strip_prefix("www.").unwrap_or(host).to_owned()
}

/// Whether a web site has a host that can exist: two labels or more of letters, digits and inner hyphens.
pub fn is_site(typed: &str) -> bool {
    let folded = folded(typed);
    let is_web =
        folded.split_once("://").is_none_or(|(scheme, _)| matches!(scheme.trim_start(), "http" | "https"));
    let key = site_key(typed);
    let label_ok = |label: &str| {
        (1..=63).contains(&label.chars().count())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|one| one == '-' || one.is_alphanumeric() || one == 'ー')
    };
    is_web && key.len() <= 253 && key.contains('.') && key.split('.').all(label_ok)
}

/// What somebody who types `query` into a search looks for: a number written with its signs, by its digits; a site, by its
/// host; everything else as it is.
pub fn searched(query: &str) -> String {
    let folded = folded(query.trim());
    let is_number = folded
        .chars()
        .all(|one| one.is_ascii_digit() || is_written_between(one) || matches!(one, '+' | '〒'));
    if is_number && digits(&folded).len() >= 3 {
        return phone_key(&folded);
    }
    if folded.contains("://") || folded.starts_with("www.") { site_key(query) } else { query.to_owned() }
}

/// Hosts that many share, so that two who have one have nothing in common: free mail, telephone companies' and
/// providers' mail, pages inside somebody else's site.
const SHARED_HOSTS: [&str; 44] = [
    "gmail.com",
    "googlemail.com",
    "yahoo.co.jp",
    "yahoo.com",
    "yahoo.ne.jp",
    "ymail.ne.jp",
    "outlook.com",
    "outlook.jp",
    "hotmail.com",
    "hotmail.co.jp",
    "live.jp",
    "live.com",
    "msn.com",
    "icloud.com",
    "me.com",
    "mac.com",
    "aol.com",
    "aol.jp",
    "docomo.ne.jp",
    "ezweb.ne.jp",
    "au.com",
    "softbank.ne.jp",
    "i.softbank.jp",
    "vodafone.ne.jp",
    "ymobile.ne.jp",
    "willcom.com",
    "rakuten.jp",
    "nifty.com",
    "excite.co.jp",
    "infoseek.jp",
    "proton.me",
    "protonmail.com",
    "facebook.com",
    "instagram.com",
    "x.com",
    "twitter.com",
    "ameblo.jp",
    "note.com",
    "sites.google.com",
    "peraichi.com",
    "lin.ee",
    "line.me",
    "youtube.com",
    "goo.jp",
];

/// The ends of hosts that a provider gives to each customer, where only the whole host tells one from another, or the
/// customer's own name is the part before.
const SHARED_ENDS: [&str; 6] =
    [".ocn.ne.jp", ".biglobe.ne.jp", ".so-net.ne.jp", ".plala.or.jp", ".dion.ne.jp", ".vodafone.ne.jp"];

/// Whether many unrelated companies and people have this host, so that it says nothing about who somebody is.
pub fn is_shared_host(host: &str) -> bool {
    SHARED_HOSTS.contains(&host)
        || SHARED_ENDS.iter().any(|end| host.ends_with(end) || host == end.trim_start_matches('.'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_number_in_many_spellings_has_one_key() {
        for typed in [
            "0267-56-0000",
            "０２６７－５６－００００",
            "0267ー56ー0000",
            "(0267) 56‐0000",
            "+81-267-56-0000",
            "＋81 (0)267 56 0000",
            "0267.56.0000",
        ] {
            assert_eq!(phone_key(typed), "0267560000", "{typed}");
            assert!(is_phone(typed), "{typed}");
        }
        for typed in
            ["0267-56-0000 内線12", "0267-56-0000（内線１２）", "0267-56-0000 ext. 12", "0267560000#12"]
        {
            assert_eq!(phone_key(typed), "0267560000x12", "{typed}");
            assert!(is_phone(typed), "{typed}");
        }
        assert_eq!(phone_key("+1 (212) 555-0100"), "+12125550100");
    }

    #[test]
    fn what_cannot_be_dialled_is_no_number() {
        for good in
            ["090-0000-0000", "0120-000-000", "0800-000-0000", "03-0000-0000", "119", "+1 212 555 0100"]
        {
            assert!(is_phone(good), "{good}");
        }
        for as_files_have_them in [
            "0267-56-0000（代）",
            "0267-56-0000㈹",
            "(0857)22-9996 代",
            "代表：0267-56-0000",
            "TEL 0267-56-0000",
            "℡０２６７－５６－００００",
            "03-0000-0000 / 03-0000-0001",
            "0267-56-0000、090-0000-0000",
            "81-267-56-0000",
            "5153430000",
            "229.077.5154",
            "397.884.0519x718",
            "(496)978-3969x58947",
            "001-397-884-0519x718",
            "010-1-212-555-0100",
        ] {
            assert!(is_phone(as_files_have_them), "{as_files_have_them}");
        }
        for bad in [
            "",
            "12",
            "56-0000",
            "090-0000-000",
            "03-0000-00000",
            "267-56-0000",
            "電話",
            "0267-56-000a",
            "0267-56-0000 / 090-0000-000",
            "9000000000",
            "267560000",
            "TEL",
            "0267-56-0000 内線",
            "++81 267 56 0000",
            "+0 000 000 000",
        ] {
            assert!(!is_phone(bad), "{bad}");
        }
    }

    #[test]
    fn one_number_is_dialled_and_no_extension_after_it() {
        for (typed, digits) in [
            ("TEL ０２６７－５６－００００（代）", "0267560000"),
            ("0267-56-0000 内線12", "0267560000"),
            ("03-0000-0000 / 090-0000-0000", "0300000000"),
            ("03/0000/0000", "0300000000"),
            ("＋81 267 56 0000", "+81267560000"),
            ("", ""),
        ] {
            assert_eq!(dialled(typed), digits, "{typed}");
        }
    }

    #[test]
    fn a_persons_own_number_is_mobile_or_has_an_extension() {
        assert!(is_personal_phone("09000000000") && is_personal_phone("0267560000x12"));
        assert!(!is_personal_phone("0267560000") && !is_personal_phone(""));
    }

    #[test]
    fn a_postal_code_has_seven_digits() {
        for typed in ["389-2305", "〒389-2305", "３８９ー２３０５", "〒 389 2305", "3892305"] {
            assert!(is_postal_code(typed), "{typed}");
            assert_eq!(postal_key(typed), "3892305", "{typed}");
        }
        for bad in ["", "389-230", "389-23055", "389-230O", "長野"] {
            assert!(!is_postal_code(bad), "{bad}");
        }
    }

    #[test]
    fn a_site_is_known_by_its_host() {
        for typed in [
            "https://www.example.jp/",
            "ＨＴＴＰ://Example.JP:8080/a?b#c",
            "example.jp",
            "www.example.jp/会社概要",
            " https://example.jp. ",
        ] {
            assert_eq!(site_key(typed), "example.jp", "{typed}");
            assert!(is_site(typed), "{typed}");
        }
        assert!(is_site("https://日本語.jp"));
        for bad in ["", "https://", "localhost", "javascript://example.jp", "exa mple.jp", "-a.jp", "a..jp"] {
            assert!(!is_site(bad), "{bad}");
        }
    }

    #[test]
    fn free_mail_and_borrowed_pages_are_shared() {
        for host in ["gmail.com", "docomo.ne.jp", "eagle.ocn.ne.jp", "ocn.ne.jp", "ameblo.jp"] {
            assert!(is_shared_host(host), "{host}");
        }
        assert!(!is_shared_host("example.jp") && !is_shared_host("mygmail.com"));
    }

    /// `digits` with a sign before each of the places in `at`, in full width where `wide` says so.
    fn written(digits: &str, signs: &[char], wide: bool) -> String {
        let mut text = String::new();
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && place < signs.len() {
                text.push(signs[place]);
            }
            let shifted = char::from_u32(u32::from(digit) + 0xfee0).unwrap();
            text.push(if wide { shifted } else { digit });
        }
        text
    }

    #[test]
    fn a_number_and_a_site_are_searched_however_they_are_written() {
        assert_eq!(searched("０２６７ー５６"), "026756");
        assert_eq!(searched("〒389-2305"), "3892305");
        assert_eq!(searched("+81 267"), "0267");
        assert_eq!(searched("https://www.example.jp/a"), "example.jp");
        for words in ["米子", "ビール", "2号店", "ー", "12"] {
            assert_eq!(searched(words), words);
        }
    }

    proptest! {
        #[test]
        fn however_a_number_is_written_its_key_is_its_digits(
            digits in "0[1-4][1-9][0-9]{7}",
            signs in prop::collection::vec(prop::sample::select("-‐－ー−() .　".chars().collect::<Vec<_>>()), 0..6),
            wide: bool,
        ) {
            let typed = written(&digits, &signs, wide);
            prop_assert!(is_phone(&typed), "{}", typed);
            prop_assert_eq!(phone_key(&typed), digits.clone());
            prop_assert_eq!(phone_key(&format!("+81{}", &typed[typed.chars().next().unwrap().len_utf8()..])), digits);
        }

        #[test]
        fn a_key_is_its_own_key(typed in "\\PC{0,30}") {
            for fold in [phone_key, postal_key] {
                prop_assert_eq!(fold(&fold(&typed)), fold(&typed));
            }
        }

        #[test]
        fn nothing_that_is_typed_breaks_a_reader(typed in "\\PC{0,40}") {
            let _ = (is_phone(&typed), is_postal_code(&typed), is_site(&typed), site_key(&typed));
        }
    }
}
