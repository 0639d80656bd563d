//! In what of a thing a search found what was looked for.

use clients::companies::CompanySummary;
use clients::contacts::Contact;
use kernel::{CorporateNumber, likeness, reach, text};
use sales::leads::Lead;

use crate::call::Call;
use crate::phrases::said;

/// The first of the named texts that holds what is searched for, in words; what else a thing is searched by where none of
/// them does.
fn among(call: &Call, q: &str, texts: &[(&str, &str)]) -> String {
    let field = call.text(found_in(q, texts).unwrap_or("search-in-other"));
    said(call, "search-matched", [("field", &field)])
}

/// The key of the first text that holds what is searched for, written as the search looks for it: old and variant
/// characters for one another, numbers by their digits.
fn found_in<'a>(q: &str, texts: &[(&'a str, &str)]) -> Option<&'a str> {
    let wanted = likeness::spellings(&reach::searched(q));
    let holds = |one: &str| {
        let keys = [text::search_key(one), reach::phone_key(one)];
        wanted.iter().any(|wanted| keys.iter().any(|key| text::spells(key, wanted)))
    };
    texts.iter().find(|(_, one)| !one.is_empty() && holds(one)).map(|(key, _)| *key)
}

pub(super) fn company(call: &Call, q: &str, one: &CompanySummary) -> String {
    let number = one.corporate_number.as_ref().map(CorporateNumber::to_string).unwrap_or_default();
    let texts = [
        ("view-column-company", one.name.as_str()),
        ("view-column-furigana", one.furigana.as_str()),
        ("view-column-corporate-number", number.as_str()),
    ];
    among(call, q, &texts)
}

pub(super) fn contact(call: &Call, q: &str, one: &Contact) -> String {
    let (name, kana) =
        (format!("{}{}", one.family_name, one.given_name), format!("{}{}", one.family_kana, one.given_kana));
    let email = one.email.as_ref().map(ToString::to_string).unwrap_or_default();
    let texts = [
        ("search-in-name", name.as_str()),
        ("view-column-furigana", kana.as_str()),
        ("view-column-phone", one.phone.as_str()),
        ("view-column-email", email.as_str()),
    ];
    among(call, q, &texts)
}

pub(super) fn lead(call: &Call, q: &str, one: &Lead) -> String {
    let email = one.email.as_ref().map(ToString::to_string).unwrap_or_default();
    let texts = [
        ("view-field-company-name", one.company_name.as_str()),
        ("view-column-contact-name", one.contact_name.as_str()),
        ("view-column-phone", one.phone.as_str()),
        ("view-column-email", email.as_str()),
    ];
    among(call, q, &texts)
}

/// A deal is searched by its title alone.
pub(super) fn deal(call: &Call) -> String {
    said(call, "search-matched", [("field", &call.text("view-field-title"))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_match_is_named_however_it_is_written() {
        let texts =
            [("name", "髙橋 一郎"), ("company", "𠮷﨑商店"), ("kana", "タカハシ"), ("phone", "0267-56-0000")];
        for (q, key) in [
            ("高橋", Some("name")),
            ("髙橋", Some("name")),
            ("吉", Some("company")),
            ("吉崎", Some("company")),
            ("たかはし", Some("kana")),
            ("0267(56)", Some("phone")),
            ("一郎 高橋", Some("name")),
            ("商店 吉", Some("company")),
            ("山田", None),
        ] {
            assert_eq!(found_in(q, &texts), key, "{q}");
        }
    }
}
