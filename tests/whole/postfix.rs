//! A run against the Postfix of the distribution, as a town hall has one: encrypted by STARTTLS with a certificate of its own
//! authority, a name and a password, recipients that exist elsewhere or nowhere, and notices that come back by LMTP.
//!
//! Postfix has to be installed already (`make bench` installs it) and wants to be started by root; otherwise this says that
//! it did nothing. It runs with its own settings, queue and high ports in a directory of the test, beside any other.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use db::private_postgres::Role;
use db::testing::TestDb;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use kernel::{EmailAddress, Language, OrganizationId, Scope};
use notifier::mails::{Mail as _, OrderOpened};
use notifier::{NewMessage, Party, Recipient};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};

use super::chaos::load;
use super::chaos::relay::Relay;
use super::mail_contract::wait_until;
use super::world::{Process, Scratch, free_port};

const NAME: &str = "yui";
const PASSWORD: &str = "long enough for a relay";
/// Both as AUTH PLAIN says them.
const SIGNED_IN: &str = "AHl1aQBsb25nIGVub3VnaCBmb3IgYSByZWxheQ==";

/// Why this machine cannot do it.
fn missing() -> Option<&'static str> {
    let user = Command::new("id").arg("-u").output().unwrap();
    if user.stdout.trim_ascii() != b"0" {
        return Some("Postfix wants to be started by root");
    }
    (!Path::new(POSTFIX).exists()).then_some("Postfix is not installed")
}

const POSTFIX: &str = "/usr/sbin/postfix";

/// A running Postfix.
struct Postfix {
    settings: PathBuf,
    port: u16,
    /// Stops it when this process is gone, however it went.
    leash: Child,
    _scratch: tempfile::TempDir,
}

impl Postfix {
    /// `transports`: where mail of each domain goes. Notices about what it cannot deliver go the same way.
    fn start(transports: &[(&str, String)]) -> (Self, PathBuf) {
        // Its scripts bear no space in a path, and its own user walks through it.
        let scratch = tempfile::Builder::new().prefix("yui-postfix-").tempdir().unwrap();
        std::fs::set_permissions(scratch.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        let [settings, data, _queue] = ["etc", "data", "queue"].map(|name| {
            let path = scratch.path().join(name);
            std::fs::create_dir(&path).unwrap();
            path
        });
        assert!(Command::new("chown").arg("postfix").arg(&data).status().unwrap().success());
        let authority = certificates(&settings);
        let (port, directory) = (free_port(), port_of_directory());
        let routes: Vec<String> =
            transports.iter().map(|(domain, route)| format!("{{{domain}={route}}},")).collect();
        let routes = routes.concat();
        let path = |name: &str| scratch.path().join(name).to_str().unwrap().to_owned();
        let main = [
            "compatibility_level = 3.6".to_owned(),
            format!("queue_directory = {}", path("queue")),
            format!("data_directory = {}", path("data")),
            format!("maillog_file = {}", path("log")),
            format!("maillog_file_prefixes = {}", scratch.path().to_str().unwrap()),
            "inet_interfaces = 127.0.0.1".to_owned(),
            "inet_protocols = ipv4".to_owned(),
            "myhostname = relay.town.example".to_owned(),
            "mydestination =".to_owned(),
            "mynetworks = 192.0.2.1/32".to_owned(),
            "recipient_delimiter = +".to_owned(),
            "smtp_host_lookup = native".to_owned(),
            "smtpd_relay_restrictions = permit_sasl_authenticated, reject".to_owned(),
            "smtpd_tls_security_level = encrypt".to_owned(),
            "smtpd_tls_auth_only = yes".to_owned(),
            format!("smtpd_tls_cert_file = {}", path("etc/relay.pem")),
            format!("smtpd_tls_key_file = {}", path("etc/relay.key")),
            "smtpd_sasl_auth_enable = yes".to_owned(),
            "smtpd_sasl_type = dovecot".to_owned(),
            format!("smtpd_sasl_path = inet:127.0.0.1:{directory}"),
            format!("transport_maps = inline:{{{}}}", routes.trim_end_matches(',')),
            "alias_maps =".to_owned(),
        ];
        std::fs::write(settings.join("main.cf"), main.join("\n") + "\n").unwrap();
        std::fs::write(settings.join("master.cf"), services(port)).unwrap();
        let leash = Command::new("sh")
            .args(["-c", "trap '' TERM INT HUP; read _; exec \"$0\" -c \"$1\" abort", POSTFIX])
            .arg(&settings)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let postfix = Self { settings, port, leash, _scratch: scratch };
        let started = postfix.command("start");
        assert!(started.status.success(), "{}", String::from_utf8_lossy(&started.stderr));
        wait_until("Postfix listens", || TcpStream::connect(("127.0.0.1", port)).is_ok());
        (postfix, authority)
    }

    fn command(&self, verb: &str) -> std::process::Output {
        Command::new(POSTFIX).arg("-c").arg(&self.settings).arg(verb).output().unwrap()
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        self.command("abort");
        // Only now, so that nothing else can have its number.
        let _ended = self.leash.kill();
        let _ended = self.leash.wait();
    }
}

/// What runs, without any change of root: `port` takes mail.
fn services(port: u16) -> String {
    let mut text = format!("127.0.0.1:{port} inet n - n - - smtpd\npostlog unix-dgram n - n - 1 postlogd\n");
    for (name, private, wakes, most, program) in [
        ("pickup", "n", "60", "1", "pickup"),
        ("cleanup", "n", "-", "0", "cleanup"),
        ("qmgr", "n", "300", "1", "qmgr"),
        ("tlsmgr", "-", "1000?", "1", "tlsmgr"),
        ("rewrite", "-", "-", "-", "trivial-rewrite"),
        ("bounce", "-", "-", "0", "bounce"),
        ("defer", "-", "-", "0", "bounce"),
        ("trace", "-", "-", "0", "bounce"),
        ("proxymap", "-", "-", "-", "proxymap"),
        ("smtp", "-", "-", "-", "smtp"),
        ("lmtp", "-", "-", "-", "lmtp"),
        ("error", "-", "-", "-", "error"),
        ("retry", "-", "-", "-", "error"),
        ("anvil", "-", "-", "1", "anvil"),
        ("scache", "-", "-", "1", "scache"),
    ] {
        writeln!(text, "{name} unix {private} - n {wakes} {most} {program}").unwrap();
    }
    text
}

/// Makes an authority and a certificate of it for `localhost`; gives the file of the authority.
fn certificates(directory: &Path) -> PathBuf {
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority_key = KeyPair::generate().unwrap();
    let own = authority.self_signed(&authority_key).unwrap();
    let key = KeyPair::generate().unwrap();
    let relay = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let relay = relay.signed_by(&key, &Issuer::new(authority, authority_key)).unwrap();
    let file = directory.join("authority.pem");
    std::fs::write(&file, own.pem()).unwrap();
    std::fs::write(directory.join("relay.pem"), relay.pem()).unwrap();
    std::fs::write(directory.join("relay.key"), key.serialize_pem()).unwrap();
    std::fs::set_permissions(directory.join("relay.key"), std::fs::Permissions::from_mode(0o600)).unwrap();
    file
}

/// Who may sign in, as Postfix asks Dovecot about it (its authentication protocol, version 1.1): one name with one password.
/// Gives the port; it answers for as long as the tests run.
fn port_of_directory() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for asking in listener.incoming().map_while(Result::ok) {
            std::thread::spawn(move || drop(answer(&asking)));
        }
    });
    port
}

fn answer(mut asking: &TcpStream) -> std::io::Result<()> {
    asking.write_all(
        b"VERSION\t1\t1\nMECH\tPLAIN\tplaintext\nSPID\t1\nCUID\t1\nCOOKIE\t0123456789abcdef0123456789abcdef\nDONE\n",
    )?;
    for line in BufReader::new(asking.try_clone()?).lines() {
        let line = line?;
        let words: Vec<&str> = line.split('\t').collect();
        let ["AUTH", number, "PLAIN", rest @ ..] = words.as_slice() else { continue };
        let said = rest.iter().find_map(|word| word.strip_prefix("resp=")).unwrap_or_default();
        let is_right = said == SIGNED_IN;
        let verdict =
            if is_right { format!("OK\t{number}\tuser={NAME}\n") } else { format!("FAIL\t{number}\n") };
        asking.write_all(verdict.as_bytes())?;
    }
    Ok(())
}

/// A town whose mails leave over that Postfix.
struct Town {
    db: TestDb,
    id: OrganizationId,
    scratch: Scratch,
}

impl Town {
    fn asks(&self, address: &str) {
        let recipient = Recipient {
            party: Party::Nobody,
            name: "山田 太郎".to_owned(),
            address: EmailAddress::parse(address).unwrap(),
            language: Language::Ja,
        };
        let message = NewMessage::new(OrderOpened::sample(Language::Ja), recipient).as_asked();
        let queued = self
            .db
            .app
            .run_blocking(Scope::system(self.id), |tx| notifier::queue(tx, &load::outbox(), message));
        queued.unwrap().id().unwrap();
    }

    fn work(&self, postfix: &Postfix, authority: &Path, password: &str, desk: u16) -> Process {
        let urls = [Role::App, Role::Owner, Role::Queue].map(|role| self.db.url(role));
        let (port, desk) = (postfix.port.to_string(), format!("127.0.0.1:{desk}"));
        let settings = [
            ("DATABASE_URL", urls[0].as_str()),
            ("DATABASE_OWNER_URL", &urls[1]),
            ("DATABASE_QUEUE_URL", &urls[2]),
            ("YUI_SMTP_HOST", "localhost"),
            ("YUI_SMTP_PORT", &port),
            ("YUI_SMTP_SECURITY", "starttls"),
            ("YUI_SMTP_CA", authority.to_str().unwrap()),
            ("YUI_SMTP_USER", NAME),
            ("YUI_SMTP_PASSWORD", password),
            ("YUI_MAIL_FROM", "yui@town.example"),
            ("YUI_BOUNCE_ADDRESS", "bounces@town.example"),
            ("YUI_BOUNCE_LMTP", &desk),
        ];
        let process = Process::start_with(&["work"], &self.scratch.0, &settings);
        process.wait_for("working");
        process
    }

    fn count(&self, from: &str) -> i64 {
        #[derive(QueryableByName)]
        struct Count {
            #[diesel(sql_type = BigInt)]
            count: i64,
        }
        let sql = format!("SELECT count(*) AS count FROM {from}");
        diesel::sql_query(sql).get_result::<Count>(&mut self.db.owner()).unwrap().count
    }
}

#[test]
fn postfix_takes_mail_by_starttls_from_whoever_signs_in_and_its_notices_come_back_by_lmtp() {
    if let Some(why) = missing() {
        println!("SKIPPED: no run against a real Postfix: {why}");
        return;
    }
    let db = TestDb::new();
    let id = db.town("tateshina");
    let town = Town { db, id, scratch: Scratch::new("town with postfix") };
    let elsewhere =
        Relay::at(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), &town.scratch.0.join("delivered.tsv"));
    let desk = free_port();
    let (postfix, authority) = Postfix::start(&[
        ("example.jp", format!("smtp:[127.0.0.1]:{}", elsewhere.port())),
        // The desk knows nobody there, and says so to Postfix when it delivers: only then does a notice come of it.
        ("gone.example", format!("lmtp:inet:127.0.0.1:{desk}")),
        ("town.example", format!("lmtp:inet:127.0.0.1:{desk}")),
    ]);
    for number in 0..5 {
        town.asks(&format!("somebody{number}@example.jp"));
    }
    town.asks("nobody@gone.example");
    // A wrong password ends no mail, and none leaves.
    let process = town.work(&postfix, &authority, "wrong", desk);
    process.wait_for("the mail relay does not take mail");
    assert_eq!(town.count("messages WHERE state IN ('queued', 'deferred', 'claimed', 'sending')"), 6);
    process.stop();
    assert_eq!(elsewhere.stored(), 0);
    let process = town.work(&postfix, &authority, PASSWORD, desk);
    wait_until("five have arrived", || elsewhere.stored() == 5);
    wait_until("the notice about the sixth has come back", || {
        town.count("messages WHERE state = 'bounced'") == 1
    });
    assert_eq!(town.count("messages WHERE state = 'accepted'"), 5);
    assert_eq!(
        town.count("mail_suppressions WHERE address_key = 'nobody@gone.example' AND reason = 'bounced'"),
        1
    );
    process.stop();
}
