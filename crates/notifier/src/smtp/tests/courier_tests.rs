//! Keeping conversations warm.

use std::time::Duration;

use super::fixture::{LETTER, Post, bounded, brief, to};
use crate::sink::{Act, Step, StepScript};
use crate::smtp::{BlockingCourier, Courier, Outcome, Warmth};

#[tokio::test]
async fn one_conversation_carries_many_messages() {
    bounded(async {
        let post = Post::start(|_| {}).await;
        let mut courier = post.courier();
        for _ in 0..50 {
            assert_eq!(brief(&courier.send(&to("taro"), LETTER).await.outcome), "accepted");
        }
        assert_eq!(post.sink.connections(), 1);
        assert!(courier.is_warm());
        courier.close().await;
        assert!(!courier.is_warm());
    })
    .await;
}

#[tokio::test]
async fn a_conversation_ends_after_its_share_of_messages() {
    bounded(async {
        let post = Post::start(|_| {}).await;
        let warmth = Warmth { messages: 2, ..Warmth::default() };
        let mut courier = Courier::new(post.relay(), warmth);
        for _ in 0..5 {
            courier.send(&to("taro"), LETTER).await;
        }
        assert_eq!(post.sink.connections(), 3);
        assert_eq!(post.mailbox.count(), 5);
    })
    .await;
}

#[tokio::test]
async fn a_rested_conversation_is_closed() {
    bounded(async {
        let post = Post::start(|_| {}).await;
        let warmth = Warmth { idle: Duration::ZERO, ..Warmth::default() };
        let mut courier = Courier::new(post.relay(), warmth);
        courier.send(&to("taro"), LETTER).await;
        assert!(courier.is_warm());
        courier.close_if_idle().await;
        assert!(!courier.is_warm());
    })
    .await;
}

/// A conversation that died at rest costs the next message nothing and is not counted against it.
#[tokio::test]
async fn a_conversation_that_died_at_rest_is_replaced() {
    bounded(async {
        for farewell in ["250 2.0.0 ok\r\n", "250 2.0.0 ok\r\n421 4.4.2 you rest too long\r\n"] {
            let act = Act::AnswerThenClose(farewell.into());
            let post = Post::scripted(StepScript::at(Step::Stored, act)).await;
            let mut courier = post.courier();
            for _ in 0..4 {
                let attempt = courier.send(&to("taro"), LETTER).await;
                assert_eq!(brief(&attempt.outcome), "accepted", "{}", attempt.transcript);
            }
            assert_eq!(post.mailbox.count(), 4);
            assert_eq!(post.sink.connections(), 4);
        }
    })
    .await;
}

/// A fresh conversation that fails is reported, not repeated: the breaker must hear of it.
#[tokio::test]
async fn a_fresh_conversation_is_not_replaced() {
    bounded(async {
        let post = Post::scripted(StepScript::at(Step::Mail, Act::Close)).await;
        assert_eq!(brief(&post.outcome(&to("taro")).await), "deferred at mail: interrupted");
        assert_eq!(post.sink.connections(), 1);
    })
    .await;
}

/// T32 for the courier: after a dropped send the next message gets a new conversation.
#[tokio::test]
async fn t32_a_dropped_send_takes_its_conversation_along() {
    bounded(async {
        let post = Post::start(|_| {}).await;
        let mut courier = post.courier();
        courier.send(&to("taro"), LETTER).await;
        {
            let envelope = to("hang-after-dot");
            let mut sending = Box::pin(courier.send(&envelope, LETTER));
            tokio::select! {
                attempt = &mut sending => panic!("the server is silent: {:?}", attempt.outcome),
                mails = post.mailbox.wait_for(2) => assert_eq!(mails.len(), 2),
            }
        }
        assert!(!courier.is_warm());
        assert_eq!(brief(&courier.send(&to("taro"), LETTER).await.outcome), "accepted");
        assert_eq!(post.sink.connections(), 2);
    })
    .await;
}

#[test]
fn a_sender_thread_needs_no_runtime_of_its_own() {
    let (started, ready) = std::sync::mpsc::channel();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let post = Post::start(|_| {}).await;
            started.send((post.relay(), post.mailbox.clone())).unwrap();
            // The sender's half is dropped at the end, or when the test fails.
            drop(bounded(stopped).await);
            post.sink.connections()
        })
    });
    let (relay, mailbox) = ready.recv().unwrap();
    let mut courier = BlockingCourier::new(relay, Warmth::default()).unwrap();
    for _ in 0..3 {
        assert!(matches!(courier.send(&to("taro"), LETTER).outcome, Outcome::Accepted { .. }));
    }
    courier.close_if_idle();
    drop(courier);
    drop(stop);
    assert_eq!(mailbox.count(), 3);
    assert_eq!(serving.join().unwrap(), 1);
}
