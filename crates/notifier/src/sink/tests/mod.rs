//! The sink by itself: strict where it should be, and not to be held by a silent client.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

use super::command::{Command, Path};
use super::{
    Answer, Greeting, Mailbox, MemoryMailbox, Offer, ReceivedMail, Refusal, SignIn, Sink, SinkConfig,
    converse,
};

const BOUND: Duration = Duration::from_mins(1);

async fn bounded<T>(test: impl Future<Output = T>) -> T {
    tokio::time::timeout(BOUND, test).await.expect("test hangs")
}

/// Says all of `words` to a new sink, then leaves; what the sink answered.
async fn say(config: SinkConfig, words: &[u8]) -> String {
    let (client, serving) = connect(config);
    let (mut hearing, mut speaking) = tokio::io::split(client);
    let mut heard = Vec::new();
    // A sink that has had enough closes in the middle of our words.
    let speak = async {
        drop(speaking.write_all(words).await);
        drop(speaking.shutdown().await);
    };
    let hear = hearing.read_to_end(&mut heard);
    let ((), result) = bounded(async { tokio::join!(speak, hear) }).await;
    result.unwrap();
    bounded(serving).await.unwrap();
    String::from_utf8(heard).unwrap()
}

fn connect(config: SinkConfig) -> (DuplexStream, JoinHandle<()>) {
    let (client, server) = duplex(64 * 1024);
    (client, tokio::spawn(converse(server, Arc::new(config), 1, Greeting::Banner)))
}

fn config() -> (SinkConfig, Arc<MemoryMailbox>) {
    let mailbox = Arc::new(MemoryMailbox::default());
    (SinkConfig::new(mailbox.clone()), mailbox)
}

fn codes(heard: &str) -> Vec<&str> {
    heard.lines().filter(|line| line.as_bytes()[3] == b' ').map(|line| &line[..3]).collect()
}

const ENVELOPE: &str = "EHLO me\r\nMAIL FROM:<a@b.jp>\r\nRCPT TO:<c@d.jp>\r\nDATA\r\n";

#[tokio::test]
async fn a_mail_is_taken_and_its_dots_unstuffed() {
    let (config, mailbox) = config();
    let heard = say(config, format!("{ENVELOPE}a\r\n..b\r\n...\r\n.\r\nQUIT\r\n").as_bytes()).await;
    assert_eq!(codes(&heard), ["220", "250", "250", "250", "354", "250", "221"]);
    let mail = mailbox.mails().remove(0);
    assert_eq!(mail.message, b"a\r\n.b\r\n..\r\n");
    assert_eq!((mail.hello.as_str(), mail.from.as_deref()), ("me", Some("a@b.jp")));
    assert_eq!(mail.recipients, ["c@d.jp"]);
}

#[tokio::test]
async fn only_crlf_dot_crlf_ends_a_text() {
    for text in ["a\n.\nb\r\n", "a\n.\r\nb\r\n", "a\r\n.\nb\r\n", "a\r.\rb\r\n"] {
        let (config, mailbox) = config();
        let heard = say(config, format!("{ENVELOPE}{text}.\r\nNOOP\r\nQUIT\r\n").as_bytes()).await;
        assert_eq!(codes(&heard)[4..], ["354", "554", "250", "221"], "{text:?}: {heard}");
        assert_eq!(mailbox.count(), 0);
    }
}

#[tokio::test]
async fn limits_are_enforced() {
    let longest = format!("{ENVELOPE}.{}\r\n.\r\nQUIT\r\n", ".".repeat(998));
    let too_long = format!("{ENVELOPE}{}\r\n.\r\nQUIT\r\n", "x".repeat(1_500));
    for (words, answer) in [(longest, "250"), (too_long, "554")] {
        assert_eq!(codes(&say(config().0, words.as_bytes()).await)[5], answer);
    }
    let (mut small, mailbox) = config();
    small.limits.message_octets = 10;
    let heard = say(small.clone(), format!("{ENVELOPE}0123456789\r\n.\r\nNOOP\r\n").as_bytes()).await;
    assert_eq!(codes(&heard)[4..], ["354", "552", "250"]);
    let heard = say(small, b"EHLO me\r\nMAIL FROM:<a@b.jp> SIZE=11\r\nMAIL FROM:<a@b.jp> SIZE=10\r\n").await;
    assert_eq!(codes(&heard)[2..], ["552", "250"]);
    assert_eq!(mailbox.count(), 0);
    let heard = say(config().0, &[b'x'; 5_000]).await;
    assert_eq!(codes(&heard), ["220", "500"], "an endless command");
    let (mut impatient, _) = config();
    impatient.limits.errors = 3;
    let heard = say(impatient, b"A\r\nB\r\nC\r\nD\r\n").await;
    assert_eq!(codes(&heard), ["220", "500", "500", "500", "421"]);
}

#[tokio::test]
async fn commands_must_come_in_order_and_make_sense() {
    for (words, answer) in [
        ("MAIL FROM:<a@b.jp>\r\n", "503"),
        ("EHLO me\r\nRCPT TO:<a@b.jp>\r\n", "503"),
        ("EHLO me\r\nDATA\r\n", "503"),
        ("EHLO me\r\nMAIL FROM:<a@b.jp>\r\nDATA\r\n", "554"),
        ("EHLO me\r\nMAIL FROM:<a@b.jp>\r\nMAIL FROM:<a@b.jp>\r\n", "503"),
        ("EHLO me\r\nMAIL FROM:<a@b.jp> XYZ=1\r\n", "555"),
        ("EHLO me\r\nMAIL FROM:<結@b.jp>\r\n", "553"),
        ("EHLO me\r\nMAIL FROM:<結@b.jp> SMTPUTF8\r\n", "250"),
        ("EHLO me\r\nMAIL FROM:<nobody>\r\n", "553"),
        ("EHLO me\r\nMAIL FROM:a@b.jp\r\n", "501"),
        ("EHLO me\r\nMAIL FROM:<>\r\nRCPT TO:<postmaster>\r\n", "250"),
        ("EHLO\r\n", "501"),
        ("EHLO me\r\nVRFY a\r\n", "252"),
        ("EHLO me\r\nAUTH PLAIN x\r\n", "502"),
        ("EHLO me\nNOOP\r\n", "500"),
        ("HELO me\r\nMAIL FROM:<a@b.jp>\r\nRSET\r\nMAIL FROM:<a@b.jp>\r\n", "250"),
    ] {
        assert_eq!(codes(&say(config().0, words.as_bytes()).await).last(), Some(&answer), "{words:?}");
    }
}

#[tokio::test]
async fn several_commands_at_once_need_the_offer() {
    let (mut one_by_one, mailbox) = config();
    one_by_one.offers.retain(|offer| *offer != Offer::Pipelining);
    let heard = say(one_by_one, format!("{ENVELOPE}x\r\n.\r\n").as_bytes()).await;
    assert_eq!(codes(&heard), ["220", "503"]);
    assert_eq!(mailbox.count(), 0);
}

#[tokio::test]
async fn names_and_passwords_are_checked() {
    // yui / secret, in PLAIN and in LOGIN; then wrong ones.
    let plain = "AUTH PLAIN AHl1aQBzZWNyZXQ=\r\n";
    for (words, answer) in [
        (plain, "235"),
        ("AUTH PLAIN\r\nAHl1aQBzZWNyZXQ=\r\n", "235"),
        ("AUTH LOGIN\r\neXVp\r\nc2VjcmV0\r\n", "235"),
        ("AUTH LOGIN eXVp\r\nc2VjcmV0\r\n", "235"),
        ("AUTH PLAIN AHl1aQBub3Bl\r\n", "535"),
        ("AUTH PLAIN *\r\n", "501"),
        ("AUTH XOAUTH2 abc\r\n", "504"),
        ("MAIL FROM:<a@b.jp>\r\n", "530"),
    ] {
        let (mut config, _) = config();
        config.sign_in = SignIn::Required { user: "yui".into(), password: "secret".into() };
        let heard = say(config, format!("EHLO me\r\n{words}").as_bytes()).await;
        assert_eq!(codes(&heard).last(), Some(&answer), "{words}");
    }
    let (mut config, _) = config();
    config.sign_in = SignIn::Nobody;
    assert_eq!(codes(&say(config, format!("EHLO me\r\n{plain}").as_bytes()).await).last(), Some(&"535"));
}

struct Broken;

impl Mailbox for Broken {
    fn deliver(&self, mail: ReceivedMail) -> Result<(), Refusal> {
        match mail.recipients[0].as_str() {
            "later@d.jp" => Err(Refusal::try_later("disk\r\n250 full")),
            "never@d.jp" => Err(Refusal::never("no")),
            _ => panic!("the mailbox fell over"),
        }
    }
}

#[tokio::test]
async fn a_mail_that_is_not_stored_is_not_accepted() {
    for (recipient, answer) in [("later", "451"), ("never", "554"), ("panic", "451")] {
        let config = SinkConfig::new(Arc::new(Broken));
        let words =
            format!("EHLO me\r\nMAIL FROM:<>\r\nRCPT TO:<{recipient}@d.jp>\r\nDATA\r\nx\r\n.\r\nNOOP\r\n");
        assert_eq!(codes(&say(config, words.as_bytes()).await)[4..], ["354", answer, "250"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_silent_or_dripping_client_is_sent_away() {
    let (config, _) = config();
    let patience = config.limits.idle;
    let (mut silent, serving) = connect(config.clone());
    let mut heard = String::new();
    silent.read_to_string(&mut heard).await.unwrap();
    assert_eq!(codes(&heard), ["220", "421"]);
    serving.await.unwrap();

    let (mut dripping, serving) = connect(config);
    let mut drops = 0;
    while dripping.write_all(b"x").await.is_ok() {
        drops += 1;
        tokio::time::sleep(patience / 4).await;
    }
    assert!(drops <= 6, "{drops}");
    serving.await.unwrap();
}

#[tokio::test]
async fn connections_are_bounded() {
    bounded(async {
        let (mut config, _) = config();
        config.limits.connections = 1;
        let sink = Sink::start(config).await.unwrap();
        assert!(sink.addr().ip().is_loopback());
        let mut first = TcpStream::connect(sink.addr()).await.unwrap();
        let mut banner = [0; 3];
        first.read_exact(&mut banner).await.unwrap();
        assert_eq!(&banner, b"220");
        let mut heard = String::new();
        let mut second = TcpStream::connect(sink.addr()).await.unwrap();
        second.read_to_string(&mut heard).await.unwrap();
        assert_eq!(codes(&heard), ["421"]);
        sink.shutdown().await;
        let mut rest = Vec::new();
        // Closed, in order or not.
        drop(first.read_to_end(&mut rest).await);
    })
    .await;
}

#[test]
fn paths_are_read_with_their_quotes() {
    let path = |address, parameters| Command::Mail(Path { address, parameters });
    assert_eq!(Command::parse("mail from:<a@b.jp> SIZE=1 X"), path("a@b.jp", vec!["SIZE=1", "X"]));
    assert_eq!(Command::parse("MAIL FROM: <>"), path("", vec![]));
    assert_eq!(Command::parse(r#"MAIL FROM:<"a>\"b"@c.jp>"#), path(r#""a>\"b"@c.jp"#, vec![]));
    for wrong in ["MAIL FROM:<a@b.jp", "MAIL FROM:<a@b.jp>x", "MAIL <a@b.jp>", "MAIL"] {
        assert_eq!(Command::parse(wrong), Command::Malformed, "{wrong}");
    }
}

#[test]
fn an_answer_is_one_line() {
    assert_eq!(Answer::new(250, "a\r\n550 b").to_wire(), b"250 a  550 b\r\n");
}
