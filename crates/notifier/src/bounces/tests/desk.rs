//! The desk over real sockets: what it takes, what it refuses before it is sent, and clients that misbehave.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpStream};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use super::*;
use crate::sink::Limits;

const PATIENCE: Duration = Duration::from_mins(1);

/// Small, so that each bound is met.
fn tight() -> Limits {
    Limits {
        connections: 3,
        idle: Duration::from_millis(1500),
        message: Duration::from_millis(2500),
        message_octets: 20_000,
        recipients: 3,
        errors: 4,
    }
}

impl Office {
    fn desk(&self, limits: Limits) -> Desk {
        let counter = Counter::Address(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
        Desk::open_within(self.bench.db.app.clone(), self.return_path.clone(), &counter, limits).unwrap()
    }

    fn usual_desk(&self) -> Desk {
        self.desk(Limits { connections: 20, idle: PATIENCE, message: PATIENCE, ..tight() })
    }
}

/// Somebody at the desk.
struct Client {
    stream: TcpStream,
    heard: BufReader<TcpStream>,
}

impl Client {
    /// Comes in, and hears the banner.
    fn at(desk: &Desk) -> Self {
        let stream = TcpStream::connect(desk.address().unwrap()).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let heard = BufReader::new(stream.try_clone().unwrap());
        let mut client = Self { stream, heard };
        assert_eq!(client.hears(1), ["220"]);
        client
    }

    /// The codes of the next answers, lines that go on left out.
    fn hears(&mut self, answers: usize) -> Vec<String> {
        let mut codes = Vec::new();
        while codes.len() < answers {
            let mut line = String::new();
            if self.heard.read_line(&mut line).unwrap_or(0) == 0 {
                codes.push("gone".to_owned());
                return codes;
            }
            if line.as_bytes().get(3) == Some(&b' ') {
                codes.push(line[..3].to_owned());
            }
        }
        codes
    }

    fn says(&mut self, words: &str, answers: usize) -> Vec<String> {
        self.stream.write_all(words.as_bytes()).unwrap();
        self.hears(answers)
    }
}

fn with_crlf(mail: &str) -> String {
    mail.replace('\n', "\r\n")
}

/// An envelope, all commands at once.
fn envelope(recipients: &[&str]) -> String {
    let mut commands = "LHLO mx.example\r\nMAIL FROM:<>\r\n".to_owned();
    for one in recipients {
        commands.push_str("RCPT TO:<");
        commands.push_str(one);
        commands.push_str(">\r\n");
    }
    commands + "DATA\r\n"
}

#[test]
fn a_notice_that_is_handed_in_counts_as_one_that_was_delivered() {
    let office = Office::new("desk");
    let desk = office.usual_desk();
    let (id, from) = office.sent(to("yamada"));
    let text = with_crlf(&notice("elsewhere@town.example", "failed", "5.1.1"));
    let mut client = Client::at(&desk);
    let said = client.says(&format!("{}{text}.\r\nQUIT\r\n", envelope(&[&from])), 6);
    assert_eq!(said, ["250", "250", "250", "354", "250", "221"]);
    assert_eq!(office.bench.state(id), MessageState::Bounced, "the return path at RCPT proves it");
    assert_eq!(office.on_the_list(), [("yamada@example.jp".to_owned(), SuppressionReason::Bounced, None)]);
    // The same again is taken, and changes nothing.
    let before = office.happenings(id);
    let said = Client::at(&desk).says(&format!("{}{text}.\r\n", envelope(&[&from])), 5);
    assert_eq!(said.last().unwrap(), "250");
    assert_eq!(office.happenings(id), before);
    desk.stop();
}

#[test]
fn each_recipient_gets_an_answer_of_its_own_and_strangers_one_before_the_text() {
    let office = Office::new("desk each");
    let desk = office.usual_desk();
    let (first, of_first) = office.sent(to("yamada"));
    let (second, of_second) = office.sent(to("sato"));
    let forged = of_first.replace('@', "0@");
    let mut client = Client::at(&desk);
    let recipients = [of_first.as_str(), &forged, "yamada@town.example", &of_second];
    let said = client.says(&envelope(&recipients), 7);
    assert_eq!(said, ["250", "250", "250", "550", "550", "250", "354"]);
    let text = with_crlf(&notice("x@town.example", "failed", "5.1.1"));
    assert_eq!(client.says(&format!("{text}.\r\n"), 2), ["250", "250"], "one for each that was taken");
    for id in [first, second] {
        assert_eq!(office.bench.state(id), MessageState::Bounced);
    }
    // Nobody is left: no text is asked for.
    assert_eq!(client.says(&envelope(&[&forged]), 4), ["250", "250", "550", "503"]);
    desk.stop();
}

#[test]
fn a_report_of_spam_comes_to_the_mailbox_itself_and_a_persons_words_are_refused() {
    let office = Office::new("desk spam");
    let desk = office.usual_desk();
    let (id, from) = office.sent(to("yamada"));
    let mut client = Client::at(&desk);
    let hand_in = |client: &mut Client, recipient: &str, text: &str| {
        let said = client.says(&format!("{}{}.\r\n", envelope(&[recipient]), with_crlf(text)), 5);
        said.last().unwrap().clone()
    };
    let words = "From: yamada@example.jp\nSubject: Re: x\n\nいつもありがとうございます。\n";
    let person = words.replace("いつもありがとうございます。", "thank you");
    // A person writes with a sender; a program answers without one.
    client.says("LHLO mx.example\r\n", 1);
    let said = client.says(
        &format!("MAIL FROM:<yamada@example.jp>\r\nRCPT TO:<{from}>\r\nDATA\r\n{}.\r\n", with_crlf(&person)),
        4,
    );
    assert_eq!(said, ["250", "250", "354", "554"], "they hear that nobody reads it");
    assert_eq!(hand_in(&mut client, &from, &person), "250", "T23: an automatic answer ends here");
    assert_eq!(hand_in(&mut client, "bounces@town.example", &complaint("b+1.1.00@town.example")), "250");
    assert_eq!(office.bench.state(id), MessageState::Accepted, "T24: a forged one changes nothing");
    assert_eq!(hand_in(&mut client, "Bounces@town.example", &complaint(&from)), "250");
    assert_eq!(office.on_the_list().len(), 1);
    desk.stop();
}

#[test]
fn while_the_database_does_not_answer_the_server_keeps_the_mail() {
    let office = Office::new("desk later");
    let desk = office.usual_desk();
    let (id, from) = office.sent(to("yamada"));
    let text = format!("{}{}.\r\n", envelope(&[&from]), with_crlf(&notice(&from, "failed", "5.1.1")));
    office.bench.sql("ALTER TABLE messages RENAME TO messages_elsewhere");
    assert_eq!(Client::at(&desk).says(&text, 5).last().unwrap(), "451");
    office.bench.sql("ALTER TABLE messages_elsewhere RENAME TO messages");
    assert_eq!(office.bench.state(id), MessageState::Accepted);
    assert_eq!(Client::at(&desk).says(&text, 5).last().unwrap(), "250");
    assert_eq!(office.bench.state(id), MessageState::Bounced);
    desk.stop();
}

#[test]
fn whoever_misbehaves_is_answered_or_sent_away_and_the_desk_stays_open() {
    let office = Office::new("desk abuse");
    let desk = office.desk(tight());
    let (id, from) = office.sent(to("yamada"));
    let text = with_crlf(&notice(&from, "failed", "5.1.1"));
    // Wrong verbs, and the other protocol's.
    let said =
        Client::at(&desk).says("EHLO x\r\nHELO x\r\nVRFY root\r\nGET / HTTP/1.1\r\nBDAT 5 LAST\r\n", 6);
    assert_eq!(said, ["500", "500", "252", "500", "500", "421"], "four errors, and that is enough");
    // A line that does not end, and one that ends the wrong way.
    assert_eq!(Client::at(&desk).says(&"x".repeat(5000), 2), ["500", "gone"]);
    assert_eq!(Client::at(&desk).says("LHLO x\n", 2), ["500", "gone"]);
    // Too much, too many, too long a line: refused, each for itself, and the conversation goes on.
    let mut client = Client::at(&desk);
    assert_eq!(client.says(&format!("LHLO x\r\nMAIL FROM:<> SIZE={}\r\n", 1_000_000), 2), ["250", "552"]);
    let too_many = [from.as_str(); 4];
    assert_eq!(client.says(&envelope(&too_many), 7), ["250", "250", "250", "250", "250", "452", "354"]);
    let large = format!("{}\r\n", "y".repeat(900)).repeat(40);
    assert_eq!(client.says(&format!("{large}.\r\n"), 3), ["552", "552", "552"]);
    // Dots are doubled on the way, and a dot alone in the middle of a longer text ends it: what follows are commands.
    let mut client = Client::at(&desk);
    let stuffed = text.replace("\r\nI'm", "\r\n..\r\n...I'm");
    assert_eq!(client.says(&format!("{}{stuffed}", envelope(&[&from])), 4), ["250", "250", "250", "354"]);
    assert_eq!(client.says(".\r\nNOOP\r\n", 2), ["250", "250"]);
    assert_eq!(office.bench.state(id), MessageState::Bounced);
    // Nothing said for too long, in a command and in a text.
    assert_eq!(Client::at(&desk).says("LHLO", 2), ["421", "gone"]);
    let mut slow = Client::at(&desk);
    slow.says(&envelope(&[&from]), 4);
    assert_eq!(slow.says("From: x\r\n", 2), ["421", "gone"]);
    desk.stop();
}

#[test]
fn a_client_that_has_closed_its_side_is_answered_and_too_many_at_once_are_sent_away() {
    let office = Office::new("desk crowd");
    let desk = office.desk(Limits { idle: PATIENCE, message: PATIENCE, ..tight() });
    let (id, from) = office.sent(to("yamada"));
    let text = format!("{}{}.\r\n", envelope(&[&from]), with_crlf(&notice(&from, "failed", "5.1.1")));
    let mut client = Client::at(&desk);
    client.stream.write_all(text.as_bytes()).unwrap();
    client.stream.shutdown(Shutdown::Write).unwrap();
    assert_eq!(client.hears(6), ["250", "250", "250", "354", "250", "gone"]);
    assert_eq!(office.bench.state(id), MessageState::Bounced);
    let inside: Vec<Client> = (0..3).map(|_| Client::at(&desk)).collect();
    for _ in 0..20 {
        let mut away = TcpStream::connect(desk.address().unwrap()).unwrap();
        away.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut heard = String::new();
        // Whoever is sent away may find the connection reset.
        drop(away.read_to_string(&mut heard));
        assert!(heard.starts_with("421 "), "{heard:?}");
    }
    drop(inside);
    desk.stop();
}

#[test]
fn it_stands_at_a_socket_too_takes_the_place_of_a_dead_process_and_of_no_living_one() {
    let office = Office::new("desk socket");
    let path = office.directory.join("desk.sock");
    let counter = Counter::Socket(path.clone());
    let open = || Desk::open(office.bench.db.app.clone(), office.return_path.clone(), &counter);
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    let desk = open().unwrap();
    assert_eq!(desk.address(), None);
    let mut banner = [0; 3];
    UnixStream::connect(&path).unwrap().read_exact(&mut banner).unwrap();
    assert_eq!(&banner, b"220");
    assert_eq!(open().unwrap_err().kind(), std::io::ErrorKind::AddrInUse);
    desk.stop();
    fs::remove_file(&path).unwrap();
    fs::write(&path, "somebody's file").unwrap();
    assert_eq!(open().unwrap_err().kind(), std::io::ErrorKind::AddrInUse, "it is left alone");
}

#[test]
fn a_runtime_may_open_the_desk() {
    let office = Office::new("runtime");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let desk = runtime.block_on(async { office.usual_desk() });
    let mut client = Client::at(&desk);
    drop(runtime);
    client.stream.write_all(b"LHLO relay.example\r\n").unwrap();
    assert_eq!(client.hears(1), ["250"]);
    drop(client);
    desk.stop();
}
