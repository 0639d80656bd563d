//! T32, pipelining, plaintext and the transcript.

use std::time::Duration;

use tokio::net::TcpListener;
use tokio::time::timeout;

use super::fixture::{LETTER, Pipe, Post, bounded, bounded_paused, brief, letter, plain_relay, to};
use crate::sink::{LocalPartScript, Offer};
use crate::smtp::{Cause, Relay, RelayError, Security, Session, Stage, Timeouts};

/// T32: a send given up while its answer is due closes the conversation.
#[tokio::test(start_paused = true)]
async fn t32_a_dropped_send_ends_the_conversation() {
    for local in ["hang-rcpt", "hang-data", "hang-after-dot"] {
        let (session, _, serving) = Pipe::new(1_024, LocalPartScript::default()).open().await;
        let mut session = session.unwrap();
        let sending = session.send(&to(local), &letter()).await_for(Duration::from_secs(1)).await;
        assert!(sending.is_none(), "the server is silent");
        assert!(!session.is_open());
        bounded_paused(serving).await.expect("the server sees the connection close");
        let next = session.send(&to("taro"), &letter()).await;
        assert_eq!(brief(&next.outcome), "deferred at mail: interrupted");
    }
}

trait AwaitFor: Future + Sized {
    async fn await_for(self, patience: Duration) -> Option<Self::Output> {
        timeout(patience, self).await.ok()
    }
}

impl<F: Future> AwaitFor for F {}

#[tokio::test]
async fn commands_go_together_where_the_server_pipelines() {
    bounded(async {
        for (lacking, waits) in [(vec![], 1), (vec![Offer::Pipelining], 3)] {
            let post = Post::without(&lacking).await;
            let mut session = post.session().await;
            for _ in 0..3 {
                assert_eq!(brief(&session.send(&to("taro"), &letter()).await.outcome), "accepted");
            }
            assert!(post.mailbox.mails().iter().all(|mail| mail.waits == waits && mail.connection == 1));
            assert_eq!(session.sent(), 3);
            session.close().await;
        }
    })
    .await;
}

/// T15, its plainest case.
#[tokio::test]
async fn t15_plaintext_stays_on_loopback() {
    bounded(async {
        let relay = Relay::new("192.0.2.1", 25, Security::PlainLoopback, "yui.example").unwrap();
        let failure = Session::open(&relay).await.err().unwrap();
        assert_eq!((failure.stage, failure.cause), (Stage::Connect, Cause::PlaintextRefused));
    })
    .await;
}

#[tokio::test]
async fn a_refused_connection_is_the_relays_trouble() {
    bounded(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let failure = Session::open(&plain_relay(port)).await.err().unwrap();
        assert_eq!(failure.stage, Stage::Connect);
        assert_eq!(failure.cause, Cause::Network(std::io::ErrorKind::ConnectionRefused));
    })
    .await;
}

#[tokio::test]
async fn the_transcript_tells_all_but_the_message() {
    bounded(async {
        let post = Post::start(|_| {}).await;
        let attempt = post.courier().send(&to("taro"), LETTER).await;
        let told = attempt.transcript.to_string();
        for line in [
            "S: 220 sink.localhost ESMTP",
            "C: EHLO yui.example",
            "C: MAIL FROM:<yui@town.example> SIZE=",
            "C: RCPT TO:<taro@example.jp>",
            "S: 354",
            "-- message of 45 octets",
            "S: 250 2.0.0 queued as 1-1",
        ] {
            assert!(told.contains(line), "{line} in\n{told}");
        }
        assert!(!told.contains("a dot and a line"));
        assert_eq!(attempt.outcome.reply().and_then(crate::smtp::Reply::queue_id), Some("1-1"));
        assert!(!attempt.encrypted);
    })
    .await;
}

#[test]
fn settings_cannot_carry_commands() {
    let relay = |host, hello| Relay::new(host, 25, Security::PlainLoopback, hello).map(|_| ());
    assert_eq!(relay("relay.example", "yui.example\r\nMAIL FROM:<>"), Err(RelayError::Hello));
    assert_eq!(relay("relay.example", ""), Err(RelayError::Hello));
    assert_eq!(relay("relay example", "yui.example"), Err(RelayError::Host));
    for hello in ["yui.example", "127.0.0.1", "::1"] {
        assert_eq!(relay("relay.example", hello), Ok(()));
    }
}

#[test]
fn the_last_answer_may_take_ten_minutes() {
    let timeouts = Timeouts::default();
    assert_eq!(timeouts.final_reply, Duration::from_mins(10));
    assert!(timeouts.longest_attempt(1) > timeouts.final_reply);
    assert_eq!(timeouts.content_for(3 * 1024 * 1024), Duration::from_mins(9));
}
