//! T3: no text ends the message early or becomes a command.

use proptest::prelude::*;

use super::fixture::{LETTER, Post, bounded, to};
use crate::sink::Offer;
use crate::smtp::{Content, Outcome, Reason, Stage, Unsendable};

#[test]
fn bare_line_ends_are_refused() {
    for (body, defect) in [
        (&b"a\r\n\n.\n"[..], Unsendable::BareLf { line: 2 }),
        (b"a\n.\nMAIL FROM:<x@y>\r\n", Unsendable::BareLf { line: 1 }),
        (b"a\r\n\r.\r\r\n", Unsendable::BareCr { line: 2 }),
        (b"a\r.\rMAIL FROM:<x@y>\r\n", Unsendable::BareCr { line: 1 }),
        (b"a\r\n.\r", Unsendable::BareCr { line: 2 }),
        (b"a\r\r\n", Unsendable::BareCr { line: 1 }),
        (b"a\0\r\n", Unsendable::Nul { line: 1 }),
        (b"", Unsendable::Empty),
    ] {
        assert_eq!(Content::new(body), Err(defect), "{body:?}");
    }
}

#[test]
fn lines_hold_998_octets() {
    let line = "x".repeat(998);
    assert!(Content::new(format!("{line}\r\n").as_bytes()).is_ok());
    let longer = format!("a\r\n{line}x\r\n");
    assert_eq!(Content::new(longer.as_bytes()), Err(Unsendable::LineTooLong { line: 2 }));
}

#[test]
fn dots_are_doubled_at_line_starts_only() {
    let content = Content::new(b".\r\n..a.\r\nb").unwrap();
    assert_eq!(content.wire(), b"..\r\n...a.\r\nb\r\n.\r\n");
    assert_eq!(content.octets(), 12, "RFC 1870 counts neither doubled dots nor the last one");
    assert!(content.is_before_dot(14) && !content.is_before_dot(15));
}

#[test]
fn messages_do_not_show_in_debug_output() {
    assert_eq!(format!("{:?}", Content::new(b"secret\r\n").unwrap()), "Content(8 octets)");
}

proptest! {
    #[test]
    fn one_message_has_one_final_dot(body in proptest::collection::vec(
        prop_oneof![Just(b'\r'), Just(b'\n'), Just(b'.'), Just(b'M')], 1..40,
    )) {
        if let Ok(content) = Content::new(&body) {
            let wire = content.wire();
            let dots = wire.windows(5).filter(|window| window == b"\r\n.\r\n").count();
            prop_assert!(wire.ends_with(b"\r\n.\r\n") && dots == 1 && !wire.starts_with(b".\r\n"));
        }
    }
}

#[tokio::test]
async fn t03_smuggled_commands_stay_text_or_never_leave() {
    bounded(async {
        let post = Post::start(|_| {}).await;
        let mut courier = post.courier();
        let lawful = b"a\r\n\r\n.\r\nMAIL FROM:<x@y.jp>\r\nRCPT TO:<z@y.jp>\r\nDATA\r\n.\r\n";
        let refused =
            [&b"a\n.\nMAIL FROM:<x@y.jp>\r\n"[..], b"a\r.\rMAIL FROM:<x@y.jp>\r\n", b"a\r\n.\nb\r\n"];
        for body in refused {
            let outcome = courier.send(&to("taro"), body).await.outcome;
            assert!(matches!(
                outcome,
                Outcome::Rejected { stage: Stage::Check, reason: Reason::Content, suppress: false, .. }
            ));
        }
        assert_eq!(post.sink.connections(), 0, "refused before a connection is opened");
        let outcome = courier.send(&to("taro"), lawful).await.outcome;
        assert!(matches!(outcome, Outcome::Accepted { .. }));
        let mails = post.mailbox.mails();
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0].message, lawful);
        assert_eq!(mails[0].recipients, ["taro@example.jp"]);
    })
    .await;
}

#[tokio::test]
async fn bytes_arrive_as_they_were() {
    bounded(async {
        let post = Post::start(|_| {}).await;
        let eight_bit = "Subject: 結\r\n\r\n本文。\r\n.\r\n".as_bytes();
        let shift_jis = b"Subject: x\r\n\r\n\x88\xb6\x90\xe6\r\n";
        let large: Vec<u8> = b"..dotted line of a large message\r\n".repeat(200_000);
        let mut courier = post.courier();
        for message in [LETTER, eight_bit, shift_jis, &large] {
            let attempt = courier.send(&to("taro"), message).await;
            assert!(matches!(attempt.outcome, Outcome::Accepted { .. }), "{}", attempt.transcript);
        }
        let arrived: Vec<Vec<u8>> = post.mailbox.mails().into_iter().map(|mail| mail.message).collect();
        assert!(arrived == [LETTER, eight_bit, shift_jis, &large]);
        assert!(post.mailbox.mails()[1].mail_parameters.contains(&"BODY=8BITMIME".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn t07_the_servers_limits_are_respected_before_anything_is_sent() {
    bounded(async {
        let small = Post::start(|config| config.limits.message_octets = 10).await;
        let outcome = small.outcome(&to("taro")).await;
        assert!(matches!(outcome, Outcome::Rejected { stage: Stage::Check, reason: Reason::Size, .. }));
        let seven_bit = Post::without(&[Offer::EightBitMime]).await;
        let outcome = seven_bit.courier().send(&to("taro"), "結\r\n".as_bytes()).await.outcome;
        assert!(matches!(outcome, Outcome::Rejected { stage: Stage::Check, reason: Reason::Content, .. }));
        // A server that does not say its limit still enforces it.
        let silent = Post::start(|config| {
            config.limits.message_octets = 10;
            config.offers.retain(|offer| *offer != Offer::Size);
        });
        let outcome = silent.await.outcome(&to("taro")).await;
        assert!(matches!(outcome, Outcome::Rejected { stage: Stage::Final, reason: Reason::Size, .. }));
    })
    .await;
}
