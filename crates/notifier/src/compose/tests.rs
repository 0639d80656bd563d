//! T1, T2, T3 and T6: whatever people type, one mail with the headers we meant.

use mail_parser::MessageParser;

use super::*;

fn letter(name: &str, subject: &str, text: &str) -> (Vec<u8>, String) {
    let from = EnvelopeAddress::parse("yui@town.example").unwrap();
    let to = EnvelopeAddress::parse("tanaka@example.jp").unwrap();
    let rendered =
        Rendered { subject: subject.to_owned(), text: text.to_owned(), html: format!("<p>{text}</p>") };
    let letter = Letter {
        token: "00112233445566778899aabbccddeeff",
        organization: OrganizationId(7),
        from: ("立科町", &from),
        reply_to: "telework@town.example",
        to: (name, &to),
        date: DateTime::from_timestamp(1_700_000_000, 0).unwrap(),
        language: Language::Ja,
        rendered: &rendered,
        unsubscribe: None,
        thread: None,
    };
    let frozen = freeze(&letter).unwrap();
    (frozen.bytes, frozen.message_id)
}

fn header_names(bytes: &[u8]) -> Vec<String> {
    let message = MessageParser::default().parse(bytes).unwrap();
    message.headers().iter().map(|header| header.name.as_str().to_owned()).collect()
}

#[test]
fn t01_typed_line_ends_make_no_header_and_no_recipient() {
    let forged = "田中\r\nBcc: victim@example.jp\r\n\r\n<b>";
    let (bytes, _) = letter(forged, forged, forged);
    assert_eq!(header_names(&bytes), header_names(&letter("田中", "件名", "本文").0));
    let message = MessageParser::default().parse(&bytes).unwrap();
    assert!(message.bcc().is_none());
    assert_eq!(message.to().unwrap().iter().count(), 1);
    assert_eq!(message.subject().unwrap(), "田中  Bcc: victim@example.jp    <b>");
}

#[test]
fn t02_a_typed_encoded_word_is_shown_as_typed() {
    let typed = "=?utf-8?b?5LiN5q2j?= ok";
    let (bytes, _) = letter(typed, typed, typed);
    let message = MessageParser::default().parse(&bytes).unwrap();
    assert_eq!(message.subject().unwrap(), typed);
    assert_eq!(message.to().unwrap().first().unwrap().name().unwrap(), typed);
}

#[test]
fn t03_a_text_that_looks_like_smtp_is_only_text() {
    let typed = "終わり\n.\n\r.\r\r\n.\r\nMAIL FROM:<x@y.jp>\r\n";
    let (bytes, _) = letter("田中", "件名", typed);
    assert!(bytes.is_ascii());
    let message = MessageParser::default().parse(&bytes).unwrap();
    assert_eq!(message.body_text(0).unwrap(), "終わり\r\n.\r\n\r\n.\r\n\r\n.\r\nMAIL FROM:<x@y.jp>\r\n");
}

#[test]
fn t06_long_names_and_subjects_are_folded_and_read_back_whole() {
    let (name, subject) = ("𠮷﨑".repeat(100), "五千文字の件名です、".repeat(500));
    let word = "x".repeat(2_000);
    for (name, subject) in [(&name, &subject), (&word, &word)] {
        let (bytes, _) = letter(name, subject, &word);
        assert!(bytes.split(|&byte| byte == b'\n').all(|line| line.len() <= 999));
        let message = MessageParser::default().parse(&bytes).unwrap();
        assert_eq!(message.subject().unwrap(), subject);
        assert_eq!(message.to().unwrap().first().unwrap().name().unwrap(), name);
    }
}

#[test]
fn the_same_letter_freezes_to_the_same_bytes() {
    assert_eq!(letter("田中", "件名", "本文").0, letter("田中", "件名", "本文").0);
    let (bytes, id) = letter("田中", "件名", "本文");
    let text = String::from_utf8(bytes).unwrap();
    assert_eq!(id, "<00112233445566778899aabbccddeeff.7@town.example>");
    for line in [
        "From: =?utf-8?B?56uL56eR55S6?=\r\n <yui@town.example>\r\n",
        "Reply-To: =?utf-8?B?56uL56eR55S6?=\r\n <telework@town.example>\r\n",
        "Message-ID: <00112233445566778899aabbccddeeff.7@town.example>\r\n",
        "Auto-Submitted: auto-generated\r\n",
        "X-Yui-Organization: 7\r\n",
        "Date: Tue, 14 Nov 2023 22:13:20 +0000\r\n",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
}

#[test]
fn a_renewed_mail_differs_in_its_id_and_date_only() {
    let (old, _) = letter("田中", "件名", "本文");
    let new = renew(
        &old,
        "ffeeddccbbaa99887766554433221100",
        DateTime::from_timestamp(1_800_000_000, 0).unwrap(),
        None,
    )
    .unwrap();
    assert_eq!(new.message_id, "<ffeeddccbbaa99887766554433221100.7@town.example>");
    let (old, new) = (String::from_utf8(old).unwrap(), String::from_utf8(new.bytes).unwrap());
    let changed: Vec<_> =
        old.lines().zip(new.lines()).filter(|(a, b)| a != b).map(|(a, _)| &a[..4]).collect();
    assert_eq!(changed, ["Date", "Mess"]);
    assert!(new.contains("Date: Fri, 15 Jan 2027 08:00:00 +0000\r\n"));
}
