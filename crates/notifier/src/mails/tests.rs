//! Every mail in both languages, as it would be sent.

use std::collections::BTreeSet;

use chrono::DateTime;
use kernel::OrganizationId;
use mail_parser::MessageParser;

use super::*;
use crate::compose::{self, Letter};
use crate::fixture::outbox;
use crate::smtp::EnvelopeAddress;

fn frozen(rendered: &Rendered, language: Language) -> Vec<u8> {
    let address = EnvelopeAddress::parse("hanako@example.jp").unwrap();
    let letter = Letter {
        token: "00000000000000000000000000000000",
        organization: OrganizationId(1),
        from: ("みほん町テレワーク", &address),
        reply_to: "telework@town.example",
        to: ("見本 花子", &address),
        date: DateTime::UNIX_EPOCH,
        language,
        rendered,
        unsubscribe: None,
        thread: None,
    };
    compose::freeze(&letter).unwrap().bytes
}

#[test]
fn every_mail_renders_reads_back_and_looks_like_this() {
    let outbox = outbox();
    for kind in KINDS {
        for language in Language::ALL.iter().copied() {
            let rendered = kind.preview(&outbox, &Town::sample(language), language).unwrap();
            let name = format!("{}.{language}", kind.name);
            insta::assert_snapshot!(
                format!("{name}.txt"),
                format!("{}\n\n{}", rendered.subject, rendered.text)
            );
            insta::assert_snapshot!(format!("{name}.html"), rendered.html);

            let bytes = frozen(&rendered, language);
            assert!(bytes.split(|&byte| byte == b'\n').all(|line| line.len() <= 999), "{name}");
            let parsed = MessageParser::default().parse(&bytes).unwrap();
            assert_eq!(parsed.subject().unwrap(), rendered.subject, "{name}");
            assert_eq!(parsed.body_text(0).unwrap().replace("\r\n", "\n"), rendered.text, "{name}");
            assert_eq!(parsed.body_html(0).unwrap().replace("\r\n", "\n"), rendered.html, "{name}");
            for part in [&rendered.subject, &rendered.text, &rendered.html] {
                let clean = !part.contains("undefined") && !part.contains("{{") && !part.contains("{%");
                assert!(clean, "{name}: {part}");
            }
            assert!(!rendered.text.contains("\n\n\n"), "{name} has a hole:\n{}", rendered.text);
            assert!(!rendered.text.contains('<') && !rendered.text.contains("&amp;"), "{name}");
        }
    }
}

#[test]
fn each_kind_has_a_name_of_its_own_and_each_template_a_kind() {
    let names: BTreeSet<&str> = KINDS.iter().map(|kind| kind.name).collect();
    assert_eq!(names.len(), KINDS.len());
    for path in templates::paths().filter(|path| !path.starts_with('_') && path != "layout.html") {
        let name = path.split('.').next().unwrap_or_default().to_owned();
        assert!(names.contains(name.as_str()), "{path} belongs to no kind of mail");
    }
}

/// T4.
#[test]
fn t04_what_people_typed_stays_text() {
    let typed = "{{ 7*7 }}{% include \"layout.html\" %}<script>alert(1)</script>\u{202e}\"'&";
    let mail = UnitReturned {
        title: typed.to_owned(),
        comment: typed.to_owned(),
        ..UnitReturned::sample(Language::Ja)
    };
    let to = Addressee { name: typed, language: Language::Ja, unsubscribe: "" };
    let town = Town::sample(Language::Ja);
    let rendered = outbox().templates().render(&Sheet::of(&mail), None, &town, &to).unwrap();
    assert!(!rendered.html.contains("<script") && rendered.html.contains("{{ 7*7 }}"));
    assert!(rendered.html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(rendered.text.contains("{{ 7*7 }}{% include"));
    assert!(!rendered.subject.contains('\u{202e}'));
}

#[test]
fn an_invoice_of_which_nothing_is_left_goes_out_as_a_copy() {
    for (language, copy, rest) in
        [(Language::Ja, "控え", "お支払いの残り"), (Language::En, "copy", "Left to pay")]
    {
        let render = |rest: &str| {
            let mail = InvoiceSent { rest: rest.to_owned(), ..InvoiceSent::sample(language) };
            let to = Addressee { name: "見本 花子", language, unsubscribe: "" };
            outbox().templates().render(&Sheet::of(&mail), None, &Town::sample(language), &to).unwrap()
        };
        let sample = InvoiceSent::sample(language);
        let (settled, part, whole) = (render(""), render("7"), render(&sample.total));
        for text in [&settled.text, &settled.html] {
            assert!(text.contains(copy), "{text}");
            assert!(!text.contains(&sample.due_on) && !text.contains(&sample.bank_account), "{text}");
        }
        assert!(!settled.subject.contains(&sample.due_on), "{}", settled.subject);
        for text in [&part.text, &part.html] {
            assert!(text.contains(rest) && text.contains(&sample.bank_account), "{text}");
        }
        assert!(!whole.text.contains(rest) && whole.text.contains(&sample.bank_account), "{}", whole.text);
    }
}

#[test]
fn a_town_without_contact_data_leaves_no_empty_lines() {
    let bare = Town {
        postal_address: String::new(),
        contact_email: String::new(),
        contact_phone: String::new(),
        ..Town::sample(Language::Ja)
    };
    for kind in KINDS {
        let rendered = kind.preview(&outbox(), &bare, Language::Ja).unwrap();
        assert!(rendered.text.contains("-- \nみほん町\n\n"), "{}", rendered.text);
        assert!(!rendered.html.contains("<br></p>") && !rendered.html.contains("mailto:"), "{}", kind.name);
    }
}

#[test]
fn every_mail_of_a_demo_town_says_that_it_is_one() {
    for (language, words) in [(Language::Ja, "人・企業・金額は架空"), (Language::En, "amounts are invented")]
    {
        let demo = Town { is_demo: true, ..Town::sample(language) };
        for kind in KINDS {
            let rendered = kind.preview(&outbox(), &demo, language).unwrap();
            assert!(rendered.text.contains(words) && rendered.html.contains(words), "{}", kind.name);
        }
    }
}
