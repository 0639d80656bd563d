//! T15, and silence after STARTTLS (T8): without a proven relay nothing is sent, above all no password.

use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, Certificate, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, DuplexStream, duplex};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::{ServerConfig, crypto};

use super::fixture::{bounded, bounded_paused, brief, letter, to};
use crate::sink::{Greeting, MemoryMailbox, SignIn, SinkConfig, converse};
use crate::smtp::{Cause, Credentials, OpenFailure, Relay, Security, Session, Stage, Trust, TrustError};

const HOST: &str = "relay.test";

/// What is wrong with the server's certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flaw {
    Nothing,
    Expired,
    WrongHost,
    SelfSigned,
}

/// What the server does when it is time for STARTTLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    Implicit,
    StartTls,
    /// Somebody in between removed the offer.
    Stripped,
    /// 454.
    Unavailable,
    /// 220, then nothing.
    Silent,
    /// 220, and a reply smuggled behind it in plaintext.
    Injected,
    /// TLS from the first byte, of a version that is no longer safe: it refuses ours.
    OldTls,
}

/// An authority and one of its certificates.
struct Pki {
    authority: Certificate,
    server: Arc<ServerConfig>,
}

impl Pki {
    fn new(flaw: Flaw) -> Self {
        let mut params = CertificateParams::new(vec![]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let authority = params.self_signed(&key).unwrap();
        let issuer = Issuer::new(params, key);

        let host = if flaw == Flaw::WrongHost { "other.test" } else { HOST };
        let mut params = CertificateParams::new(vec![host.to_owned()]).unwrap();
        if flaw == Flaw::Expired {
            params.not_before = date_time_ymd(2019, 1, 1);
            params.not_after = date_time_ymd(2020, 1, 1);
        }
        let key = KeyPair::generate().unwrap();
        let certificate = match flaw {
            Flaw::SelfSigned => params.self_signed(&key),
            _ => params.signed_by(&key, &issuer),
        };
        let server = ServerConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.unwrap().der().clone()],
                PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
            );
        Self { authority, server: Arc::new(server.unwrap()) }
    }

    fn trust(&self) -> Trust {
        Trust::only(self.authority.pem().as_bytes()).unwrap()
    }
}

/// A relay behind a pipe, and what it heard in plaintext.
struct TlsRelay {
    mailbox: Arc<MemoryMailbox>,
    heard: Arc<Mutex<String>>,
    client: DuplexStream,
    serving: JoinHandle<()>,
    relay: Relay,
}

impl TlsRelay {
    fn new(manner: Manner, flaw: Flaw) -> Self {
        let pki = Pki::new(flaw);
        let mailbox = Arc::new(MemoryMailbox::default());
        let mut config = SinkConfig::new(mailbox.clone());
        config.sign_in = SignIn::Required { user: "yui".into(), password: "s3cret-word".into() };
        let security = match manner {
            Manner::Implicit | Manner::OldTls => Security::Tls(pki.trust()),
            _ => Security::StartTls(pki.trust()),
        };
        let heard = Arc::new(Mutex::new(String::new()));
        let (client, server) = duplex(16 * 1024);
        let serving = tokio::spawn(serve(manner, server, pki.server, Arc::new(config), heard.clone()));
        let relay = Relay::new(HOST, 587, security, "yui.example")
            .unwrap()
            .with_credentials(Credentials::new("yui", "s3cret-word"));
        Self { mailbox, heard, client, serving, relay }
    }

    async fn open(self) -> (Result<Session, OpenFailure>, Arc<MemoryMailbox>, String) {
        let session = Session::open_over(&self.relay, Box::new(self.client)).await;
        if session.is_err() {
            self.serving.await.unwrap();
        }
        let heard = self.heard.lock().unwrap().clone();
        (session, self.mailbox, heard)
    }
}

async fn serve(
    manner: Manner,
    stream: DuplexStream,
    tls: Arc<ServerConfig>,
    config: Arc<SinkConfig>,
    heard: Arc<Mutex<String>>,
) {
    let mut plain = BufReader::new(stream);
    if manner == Manner::OldTls {
        // What a server that speaks TLS 1.0 alone answers: a fatal alert, protocol_version.
        let _hello = plain.fill_buf().await.unwrap();
        plain.write_all(&[0x15, 3, 1, 0, 2, 2, 70]).await.unwrap();
        return;
    }
    let greeting = if manner == Manner::Implicit {
        Greeting::Banner
    } else {
        plaintext(manner, &mut plain, &heard).await;
        Greeting::AfterStartTls
    };
    if matches!(manner, Manner::Implicit | Manner::StartTls | Manner::Injected)
        && let Ok(encrypted) = TlsAcceptor::from(tls).accept(plain).await
    {
        converse(encrypted, config, 1, greeting).await;
    }
}

/// Banner, EHLO and STARTTLS; afterwards either TLS is due or all that still comes is written down.
async fn plaintext(manner: Manner, plain: &mut BufReader<DuplexStream>, heard: &Mutex<String>) {
    plain.write_all(b"220 relay.test ESMTP\r\n").await.unwrap();
    let mut line = String::new();
    while plain.read_line(&mut line).await.unwrap_or(0) > 0 {
        heard.lock().unwrap().push_str(&line);
        let (answer, switch): (&[u8], bool) = match (line.trim_end(), manner) {
            ("STARTTLS", Manner::StartTls) => (b"220 go on\r\n", true),
            ("STARTTLS", Manner::Silent) => {
                plain.write_all(b"220 go on\r\n").await.unwrap();
                plain.read_to_end(&mut Vec::new()).await.unwrap();
                return;
            }
            ("STARTTLS", Manner::Injected) => (b"220 go on\r\n250-relay.test\r\n250 AUTH PLAIN\r\n", true),
            ("STARTTLS", _) => (b"454 4.7.0 not now\r\n", false),
            (_, Manner::Stripped) => (b"250-relay.test\r\n250-AUTH PLAIN LOGIN\r\n250 SIZE 1000\r\n", false),
            _ => (b"250-relay.test\r\n250-AUTH PLAIN\r\n250 STARTTLS\r\n", false),
        };
        line.clear();
        if plain.write_all(answer).await.is_err() || switch {
            return;
        }
    }
}

#[tokio::test]
async fn a_proven_relay_gets_the_password_and_the_mail() {
    bounded(async {
        for manner in [Manner::Implicit, Manner::StartTls] {
            let (session, mailbox, heard) = TlsRelay::new(manner, Flaw::Nothing).open().await;
            let mut session = session.unwrap();
            let attempt = session.send(&to("taro"), &letter()).await;
            assert_eq!(brief(&attempt.outcome), "accepted", "{}", attempt.transcript);
            assert!(attempt.encrypted);
            assert_eq!(mailbox.mails()[0].user.as_deref(), Some("yui"));
            assert!(!session.opening().to_string().contains("s3cret"));
            if manner == Manner::StartTls {
                assert_eq!(heard, "EHLO yui.example\r\nSTARTTLS\r\n");
            }
            session.close().await;
        }
    })
    .await;
}

#[tokio::test]
async fn t15_an_unproven_relay_gets_nothing() {
    bounded(async {
        for manner in [Manner::Implicit, Manner::StartTls] {
            for flaw in [Flaw::Expired, Flaw::WrongHost, Flaw::SelfSigned] {
                let (session, mailbox, heard) = TlsRelay::new(manner, flaw).open().await;
                let failure = session.err().unwrap();
                assert_eq!(failure.stage, Stage::Tls, "{flaw:?}");
                assert!(
                    matches!(&failure.cause, Cause::Tls(why) if why.contains("certificate")),
                    "{failure}"
                );
                assert_only_greeted(&heard);
                assert_eq!(mailbox.count(), 0);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn t15_a_relay_that_speaks_old_tls_alone_gets_nothing() {
    bounded(async {
        let (session, mailbox, heard) = TlsRelay::new(Manner::OldTls, Flaw::Nothing).open().await;
        let failure = session.err().unwrap();
        assert_eq!(failure.stage, Stage::Tls);
        assert!(matches!(&failure.cause, Cause::Tls(_)), "{failure}");
        assert_eq!((heard.as_str(), mailbox.count()), ("", 0));
    })
    .await;
}

#[tokio::test]
async fn t15_a_stripped_or_refused_starttls_gets_nothing() {
    bounded(async {
        let (session, _, heard) = TlsRelay::new(Manner::Stripped, Flaw::Nothing).open().await;
        let failure = session.err().unwrap();
        assert_eq!((failure.stage, failure.cause), (Stage::Tls, Cause::StartTlsMissing));
        assert_only_greeted(&heard);

        let (session, _, heard) = TlsRelay::new(Manner::Unavailable, Flaw::Nothing).open().await;
        let failure = session.err().unwrap();
        assert_eq!((failure.stage, failure.cause.code()), (Stage::Tls, Some(454)));
        assert_only_greeted(&heard);
    })
    .await;
}

/// CVE-2011-0411: words put behind the answer to STARTTLS must not be taken for words said under TLS.
#[tokio::test]
async fn words_smuggled_before_tls_end_the_conversation() {
    bounded(async {
        let (session, _, heard) = TlsRelay::new(Manner::Injected, Flaw::Nothing).open().await;
        let failure = session.err().unwrap();
        assert_eq!((failure.stage, failure.cause), (Stage::Tls, Cause::Unsolicited));
        assert_only_greeted(&heard);
    })
    .await;
}

/// T8.
#[tokio::test(start_paused = true)]
async fn t08_silence_after_starttls_costs_a_bounded_time() {
    let (session, _, heard) = bounded_paused(TlsRelay::new(Manner::Silent, Flaw::Nothing).open()).await;
    let failure = session.err().unwrap();
    assert_eq!((failure.stage, failure.cause), (Stage::Tls, Cause::Timeout));
    assert!(!heard.contains("AUTH") && !heard.contains("MAIL"));
}

#[test]
fn authorities_are_read_or_refused() {
    assert!(Trust::public().is_ok());
    let pki = Pki::new(Flaw::Nothing);
    assert!(Trust::public_and(pki.authority.pem().as_bytes()).is_ok());
    assert_eq!(Trust::only(b"not a certificate").unwrap_err(), TrustError::Empty);
}

fn assert_only_greeted(heard: &str) {
    for line in heard.lines() {
        assert!(matches!(line, "EHLO yui.example" | "STARTTLS" | "QUIT"), "{line}");
    }
}
