//! T1 and T5 for the envelope: a value is one address or nothing.

use proptest::prelude::*;

use super::fixture::{LETTER, Post, address, bounded, to};
use crate::smtp::{AddressError, DeliveryNotices, Envelope, EnvelopeAddress, Outcome, Reason};

#[test]
fn values_that_carry_more_than_an_address_are_refused() {
    for text in [
        "a@b.jp\r\nRCPT TO:<evil@c.jp>",
        "a\r\nRCPT TO:<evil@c.jp>\r\n@b.jp",
        "a\nBcc: x@b.jp",
        "a@b.jp>\r\nDATA",
        "a> NOTIFY=NEVER <b@c.jp",
        "\"a\r\nRCPT TO:<x@y>\"@b.jp",
        "\"a\u{0}\"@b.jp",
        "\"a\"b\"@c.jp",
        "\"a\\\"@b.jp",
        "\"\"@b.jp",
        "a b@c.jp",
        "a@b@c.jp",
        "a,b@c.jp",
        "a\u{202e}b@c.jp",
        "a\u{200b}@c.jp",
        "a\u{85}b@c.jp",
        "a@b c.jp",
        "a@b.jp ",
        "a@",
        "@b.jp",
        "a",
        "",
    ] {
        assert!(EnvelopeAddress::parse(text).is_err(), "{text:?}");
    }
}

#[test]
fn domains_are_host_names() {
    for (text, error) in [
        ("a@b.jp.", AddressError::Domain),
        ("a@.b.jp", AddressError::Domain),
        ("a@-b.jp", AddressError::Domain),
        ("a@[127.0.0.1]", AddressError::Domain),
        ("a@結.jp", AddressError::UnicodeDomain),
        ("a＠b.jp", AddressError::Incomplete),
    ] {
        assert_eq!(EnvelopeAddress::parse(text), Err(error), "{text}");
    }
    let long = format!("{}@b.jp", "a".repeat(65));
    assert_eq!(EnvelopeAddress::parse(&long), Err(AddressError::TooLong));
    assert_eq!(address("Taro+yui@Example.JP").to_string(), "Taro+yui@example.jp");
}

#[test]
fn t05_old_carrier_addresses_are_written_quoted() {
    let old = address("a..b.@docomo.ne.jp");
    assert!(old.is_irregular());
    assert_eq!(old.to_string(), "\"a..b.\"@docomo.ne.jp");
    assert_eq!(address(&old.to_string()), old);
    let quoted = address(r#""a> \"b\\ <c@d"@e.jp"#);
    assert_eq!(quoted.local(), r#"a> "b\ <c@d"#);
    assert_eq!(address(&quoted.to_string()), quoted);
}

#[test]
fn addresses_do_not_show_in_debug_output() {
    assert_eq!(format!("{:?}", address("taro@example.jp")), "…@example.jp");
}

proptest! {
    #[test]
    fn whatever_is_accepted_prints_as_one_path(text in r#"[ -~\r\n\t"\\<>@.é結]{0,20}@?[a-z0-9.@\r\n>-]{0,12}"#) {
        if let Ok(parsed) = EnvelopeAddress::parse(&text) {
            let printed = parsed.to_string();
            prop_assert!(!printed.chars().any(char::is_control));
            prop_assert_eq!(EnvelopeAddress::parse(&printed), Ok(parsed));
        }
    }
}

#[tokio::test]
async fn the_server_sees_exactly_the_address_meant() {
    bounded(async {
        let post = Post::start(|_| {}).await;
        let mut courier = post.courier();
        for recipient in ["a..b.@docomo.ne.jp", r#""a> \"b\\ <c@d"@e.jp"#, "太郎@example.jp"] {
            let envelope = Envelope::new(None, address(recipient));
            let attempt = courier.send(&envelope, LETTER).await;
            assert!(matches!(attempt.outcome, Outcome::Accepted { .. }), "{}", attempt.transcript);
        }
        let mails = post.mailbox.mails();
        let seen: Vec<&[String]> = mails.iter().map(|mail| mail.recipients.as_slice()).collect();
        let meant = [r#""a..b."@docomo.ne.jp"#, r#""a> \"b\\ <c@d"@e.jp"#, "太郎@example.jp"];
        assert_eq!(seen, meant.map(|one| vec![one.to_owned()]));
        assert!(mails.iter().all(|mail| mail.from.is_none()), "the null sender");
    })
    .await;
}

#[tokio::test]
async fn t05_non_ascii_addresses_need_the_servers_offer() {
    bounded(async {
        let post = Post::without(&[crate::sink::Offer::SmtpUtf8]).await;
        let outcome = post.outcome(&to("太郎")).await;
        assert!(matches!(outcome, Outcome::Rejected { reason: Reason::Content, suppress: false, .. }));
        assert_eq!(post.mailbox.count(), 0);
    })
    .await;
}

#[tokio::test]
async fn notices_are_asked_for_where_offered() {
    bounded(async {
        let envelope = to("taro").with_notices(DeliveryNotices::Failures);
        let post = Post::start(|_| {}).await;
        post.outcome(&envelope).await;
        let mail = post.mailbox.mails().remove(0);
        assert_eq!(mail.recipient_parameters, ["NOTIFY=FAILURE,DELAY"]);
        assert!(mail.mail_parameters.contains(&"RET=HDRS".to_owned()));
        let bare = Post::without(&[crate::sink::Offer::Dsn]).await;
        bare.outcome(&envelope).await;
        assert!(bare.mailbox.mails().remove(0).recipient_parameters.is_empty());
    })
    .await;
}
