//! T8–T14 and T16: what relays do wrong, and what it means for the message.

use std::time::Duration;

use tokio::time::Instant;

use super::fixture::{LETTER, Pipe, Post, bounded, bounded_paused, brief, letter, to};
use crate::sink::{Act, LocalPartScript, Offer, SignIn, Step, StepScript};
use crate::smtp::{Cause, Content, Courier, Credentials, Outcome, Session, Stage, Timeouts, Warmth};

const DRIP: Duration = Duration::from_secs(30);

/// T8: silence after TCP, after EHLO, after DATA, after the dot: bounded each time.
#[tokio::test(start_paused = true)]
async fn t08_a_silent_server_costs_a_bounded_time() {
    for (step, expected) in [
        (Step::Connect, "relay down at banner"),
        (Step::Hello, "relay down at hello"),
        (Step::Mail, "deferred at mail: interrupted"),
        (Step::Recipient, "deferred at recipient: interrupted"),
        (Step::Data, "deferred at data: interrupted"),
        (Step::Arrived, "unknown"),
    ] {
        let started = Instant::now();
        let outcome = bounded_paused(over_pipe(StepScript::at(step, Act::Hang))).await;
        assert_eq!(brief(&outcome), expected);
        assert!(cause(&outcome) == Some(&Cause::Timeout), "{step:?}");
        assert!(started.elapsed() <= Timeouts::default().longest_attempt(1_000), "{step:?}");
    }
}

/// T9: a tarpit gains nothing by dripping.
#[tokio::test(start_paused = true)]
async fn t09_a_tarpit_costs_a_bounded_time() {
    for (step, words, expected) in [
        (Step::Connect, "220 welcome, be patient\r\n", "relay down at banner"),
        (Step::Hello, "250 hello, be patient\r\n", "relay down at hello"),
        (Step::Mail, "250 2.1.0 be patient\r\n", "deferred at mail: interrupted"),
        (Step::Data, "354 please be patient\r\n", "deferred at data: interrupted"),
        (Step::Stored, "250 2.0.0 stored, but be patient\r\n", "unknown"),
    ] {
        let started = Instant::now();
        let drip = Act::Drip { words: words.into(), every: DRIP };
        let outcome = bounded_paused(over_pipe(StepScript::at(step, drip))).await;
        assert_eq!(brief(&outcome), expected);
        assert!(started.elapsed() <= Timeouts::default().longest_attempt(1_000), "{step:?}");
    }
    let (session, _, _) = Pipe::new(1_024, LocalPartScript::default()).open().await;
    let outcome = session.unwrap().send(&to("tarpit"), &letter()).await.outcome;
    assert_eq!(brief(&outcome), "deferred at recipient: interrupted");
}

/// T10, before the dot: the pipe is narrower than the message, so most of it never left.
#[tokio::test(start_paused = true)]
async fn t10_a_message_cut_in_the_middle_is_safe_to_repeat() {
    let large = Content::new(&b"a line of a long message\r\n".repeat(1_000)).unwrap();
    for local in ["close-mid-data", "hang-mid-data"] {
        let (session, mailbox, _) = Pipe::new(512, LocalPartScript::default()).open().await;
        let mut session = session.unwrap();
        // A server that hangs still empties the pipe, so only its answer is missing then.
        let expected = if local == "close-mid-data" { "deferred at content: interrupted" } else { "unknown" };
        let outcome = bounded_paused(session.send(&to(local), &large)).await.outcome;
        assert_eq!(brief(&outcome), expected);
        assert!(!session.is_open());
        assert_eq!(mailbox.count(), 0);
    }
}

/// T10, after the dot: stored or not, the driver cannot know and says so.
#[tokio::test]
async fn t10_a_connection_cut_after_the_dot_leaves_the_message_unknown() {
    bounded(async {
        let post = Post::start(|_| {}).await;
        let stored = post.outcome(&to("cut-after-dot")).await;
        assert_eq!(stored, Outcome::Unknown { cause: Cause::Closed });
        assert_eq!(post.mailbox.count(), 1);
        let lost = post.outcome(&to("lost-after-dot")).await;
        assert_eq!(brief(&lost), "unknown");
        assert_eq!(post.mailbox.count(), 1);
    })
    .await;
}

/// T11.
#[tokio::test]
async fn t11_service_closing_is_understood_at_every_step() {
    bounded(async {
        for offers in [vec![], vec![Offer::Pipelining]] {
            for (step, expected) in [
                (Step::Connect, "relay down at banner"),
                (Step::Hello, "relay down at hello"),
                (Step::Mail, "deferred at mail: relay_closing"),
                (Step::Recipient, "deferred at recipient: relay_closing"),
                (Step::Data, "deferred at data: relay_closing"),
                (Step::Arrived, "unknown"),
                (Step::Stored, "unknown"),
            ] {
                let post = Post::start(|config| {
                    config.offers.clone_from(&offers);
                    config.script =
                        std::sync::Arc::new(StepScript::at(step, Act::answer("421 4.3.2 closing")));
                })
                .await;
                let outcome = post.outcome(&to("taro")).await;
                assert_eq!(brief(&outcome), expected);
                assert!(outcome.strains_relay());
            }
        }
    })
    .await;
}

/// T12.
#[tokio::test]
async fn t12_greylisted_mail_passes_at_the_third_try() {
    bounded(async {
        for code in ["450", "451", "452"] {
            let post = Post::start(|_| {}).await;
            let mut courier = post.courier();
            let envelope = to(&format!("r{code}-4.7.1x2-then-ok"));
            for _ in 0..2 {
                let outcome = courier.send(&envelope, LETTER).await.outcome;
                assert_eq!(brief(&outcome), "deferred at recipient: recipient");
                assert!(!outcome.strains_relay());
            }
            assert_eq!(brief(&courier.send(&envelope, LETTER).await.outcome), "accepted");
            assert_eq!(post.sink.connections(), 1, "RSET keeps the conversation");
        }
    })
    .await;
}

/// T13, pipelined and one by one, all over one conversation.
#[tokio::test]
async fn t13_refusals_are_told_apart_and_the_conversation_goes_on() {
    bounded(async {
        for lacking in [vec![], vec![Offer::Pipelining]] {
            let post = Post::without(&lacking).await;
            let mut courier = post.courier();
            for (local, expected) in [
                ("r550-5.1.1", "rejected at recipient: recipient, suppress"),
                ("r552-5.2.2", "deferred at recipient: mailbox_full"),
                ("f552-5.2.2", "deferred at final: mailbox_full"),
                ("r554-5.7.1", "rejected at recipient: policy"),
                ("f554-5.7.1", "rejected at final: policy"),
                ("f552-5.3.4", "rejected at final: size"),
                ("d451-4.3.0", "deferred at data: relay_busy"),
                ("taro", "accepted"),
            ] {
                assert_eq!(brief(&courier.send(&to(local), LETTER).await.outcome), expected);
            }
            assert_eq!(post.sink.connections(), 1);
            assert_eq!(post.mailbox.count(), 1);
        }
    })
    .await;
}

#[tokio::test]
async fn a_refused_sender_is_our_trouble() {
    bounded(async {
        for script in ["550 5.7.1 not yours", "553 5.1.8 no such domain"] {
            let post = Post::scripted(StepScript::at(Step::Mail, Act::answer(script))).await;
            assert_eq!(brief(&post.outcome(&to("taro")).await), "rejected at mail: sender");
        }
    })
    .await;
}

/// T14.
#[tokio::test]
async fn t14_strange_replies_are_read_or_end_the_conversation() {
    bounded(async {
        let post = Post::start(|_| {}).await;
        for (local, expected) in [
            ("multi-rcpt", "accepted"),
            ("multi-final", "accepted"),
            ("binary-final", "accepted"),
            ("binary-rcpt", "rejected at recipient: recipient, suppress"),
            ("huge-rcpt", "deferred at recipient: interrupted"),
            ("huge-final", "unknown"),
            ("noise-final", "unknown"),
        ] {
            assert_eq!(brief(&post.outcome(&to(local)).await), expected, "{local}");
        }
    })
    .await;
}

/// A server whose replies are out of step must never make a mail look accepted.
#[tokio::test]
async fn replies_out_of_step_never_look_like_acceptance() {
    bounded(async {
        let twice = || Act::Reword(b"250 2.1.5 once\r\n250 2.1.5 twice\r\n".to_vec());
        let early = Act::Reword(b"354 go on\r\n250 2.0.0 queued already\r\n".to_vec());
        let post = Post::scripted(StepScript::at(Step::Data, early)).await;
        let outcome = post.outcome(&to("taro")).await;
        assert_eq!(brief(&outcome), "deferred at content: interrupted", "an answer before the question");
        assert_eq!(post.mailbox.count(), 0);
        for offers in [vec![], vec![Offer::Pipelining]] {
            for step in [Step::Mail, Step::Recipient] {
                let post = Post::start(|config| {
                    config.offers.clone_from(&offers);
                    config.script = std::sync::Arc::new(StepScript::at(step, twice()));
                })
                .await;
                let mut session = post.session().await;
                let outcome = session.send(&to("taro"), &letter()).await.outcome;
                assert!(matches!(outcome, Outcome::Deferred { .. }), "{step:?}: {outcome:?}");
                assert!(!session.is_open());
            }
        }
        let post = Post::scripted(StepScript::at(Step::Stored, twice())).await;
        let mut courier = post.courier();
        for _ in 0..3 {
            assert_eq!(brief(&courier.send(&to("taro"), LETTER).await.outcome), "accepted");
        }
        assert_eq!(post.mailbox.count(), 3, "each acceptance is a stored mail");
        assert_eq!(post.sink.connections(), 3, "and each doubled reply ends a conversation");
    })
    .await;
}

/// T16: 535 and 454 for all, and no mechanism: no message is refused, and mail flows when it is mended.
#[tokio::test]
async fn t16_refused_sign_in_takes_the_relay_down_and_no_message() {
    bounded(async {
        let credentials = Credentials::new("yui", "s3cret-word");
        let nobody = Post::start(|config| config.sign_in = SignIn::Nobody).await;
        let mut courier =
            Courier::new(nobody.relay().with_credentials(credentials.clone()), Warmth::default());
        for _ in 0..20 {
            let attempt = courier.send(&to("taro"), LETTER).await;
            assert_eq!(brief(&attempt.outcome), "relay down at auth");
            assert_eq!(attempt.outcome.reply().map(crate::smtp::Reply::code), Some(535));
            let told = attempt.transcript.to_string();
            assert!(told.contains("AUTH PLAIN ********") && told.contains("535"), "{told}");
            assert!(!told.contains("s3cret") && !told.contains("czNjcmV0"), "{told}");
        }
        let none = Post::start(|_| {}).await;
        let failure = open_failure(&none, &credentials).await;
        assert_eq!(failure, (Stage::Auth, Cause::NoMechanism));

        let mending = Post::start(|config| {
            config.sign_in = SignIn::Required { user: "yui".into(), password: "s3cret-word".into() };
            let echo = Act::answer("454 4.7.0 no directory for s3cret-word");
            config.script = std::sync::Arc::new(StepScript::at(Step::Auth, echo).on_first(2));
        })
        .await;
        let mut courier = Courier::new(mending.relay().with_credentials(credentials), Warmth::default());
        for expected in ["relay down at auth", "relay down at auth", "accepted"] {
            let attempt = courier.send(&to("taro"), LETTER).await;
            assert_eq!(brief(&attempt.outcome), expected);
            assert!(!attempt.transcript.to_string().contains("s3cret"));
        }
        assert_eq!(mending.mailbox.mails()[0].user.as_deref(), Some("yui"));
    })
    .await;
}

#[tokio::test]
async fn a_relay_that_wants_a_sign_in_we_lack_is_down() {
    bounded(async {
        let post = Post::start(|config| config.sign_in = SignIn::Nobody).await;
        assert_eq!(brief(&post.outcome(&to("taro")).await), "relay down at mail");
    })
    .await;
}

async fn open_failure(post: &Post, credentials: &Credentials) -> (Stage, Cause) {
    match Session::open(&post.relay().with_credentials(credentials.clone())).await {
        Ok(_) => panic!("opened"),
        Err(failure) => (failure.stage, failure.cause),
    }
}

async fn over_pipe(script: StepScript) -> Outcome {
    match Pipe::new(1_024, script).open().await.0 {
        Ok(mut session) => {
            let outcome = session.send(&to("taro"), &letter()).await.outcome;
            assert!(!session.is_open());
            outcome
        }
        Err(failure) => Outcome::RelayDown { stage: failure.stage, cause: failure.cause },
    }
}

fn cause(outcome: &Outcome) -> Option<&Cause> {
    match outcome {
        Outcome::Accepted { .. } => None,
        Outcome::Deferred { cause, .. }
        | Outcome::Rejected { cause, .. }
        | Outcome::RelayDown { cause, .. }
        | Outcome::Unknown { cause } => Some(cause),
    }
}
