//! Reading replies and capabilities.

use std::time::Duration;

use crate::smtp::capabilities::{Capabilities, Extension};
use crate::smtp::{EnhancedCode, Reply};

#[test]
fn the_enhanced_code_must_agree_with_the_code() {
    let reply = Reply::new(550, "5.1.1 no");
    assert_eq!(reply.enhanced(), Some(EnhancedCode { class: 5, subject: 1, detail: 1 }));
    for text in ["4.1.1 no", "5.1 no", "5.1.1.1 no", "5.1.1234 no", "5.+1.1 no", "no 5.1.1", ""] {
        assert_eq!(Reply::new(550, text).enhanced(), None, "{text}");
    }
}

#[test]
fn queue_ids_are_found() {
    for (text, id) in [
        ("2.0.0 Ok: queued as 4Xyz12abc", Some("4Xyz12abc")),
        ("OK id=1tAbCd-000001-XY", Some("1tAbCd-000001-XY")),
        ("2.0.0 queued as AB12.", Some("AB12")),
        ("accepted", None),
    ] {
        assert_eq!(Reply::new(250, text).queue_id(), id, "{text}");
    }
}

#[test]
fn waits_are_read_and_bounded() {
    for (text, seconds) in [
        ("try again in 300 seconds", Some(300)),
        ("Greylisted, retry after 5 minutes.", Some(300)),
        ("wait 1 sec", Some(30)),
        ("wait 4000000000 hours", Some(86_400)),
        ("4.2.0 later", None),
        ("99999999999 seconds", None),
    ] {
        assert_eq!(Reply::new(450, text).wait_hint(), seconds.map(Duration::from_secs), "{text}");
    }
}

#[test]
fn texts_are_cleaned_and_bounded() {
    let reply = Reply::new(250, &"\u{1b}[31m\r".repeat(5_000));
    assert!(reply.text().chars().count() <= 2_000);
    assert!(!reply.text().contains(['\u{1b}', '\r']));
}

#[test]
fn capabilities_come_from_the_lines_after_the_name() {
    let found = Capabilities::from_hello(["PIPELINING", "size 1000", "8BITMIME", "AUTH PLAIN", "XYZ"]);
    assert!(!found.offers(Extension::Pipelining), "the first line is the server's name");
    assert!(found.offers(Extension::EightBitMime) && found.offers(Extension::Auth));
    assert_eq!(found.size_limit(), Some(1_000));
    assert_eq!(Capabilities::from_hello(["name", "SIZE 0"]).size_limit(), None);
    assert_eq!(Capabilities::from_hello(["name", "SIZE"]).size_limit(), None);
}
