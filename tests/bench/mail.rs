//! Mail in figures: our driver beside Postfix' own `smtp-source` against the same `smtp-sink`, over one connection and
//! over eight; and the task queue's latency while mails are rendered and sent.
//!
//! `smtp-source` and `smtp-sink` come with Debian's package `postfix` (`.ci/install bench`); without them these benches
//! say what is missing.

use std::io::{ErrorKind, Read as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::MetadataExt;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use accounts::secrets::LinkKey;
use db::private_postgres::Role;
use db::{Db, PoolSettings};
use kernel::{EmailAddress, Language, OrganizationId, Scope};
use notifier::mails::{Mail as _, OrderOpened};
use notifier::sending::Checks;
use notifier::smtp::{BlockingCourier, Envelope, EnvelopeAddress, Outcome, Relay, Security, Warmth};
use notifier::{
    Depot, KeepsHours, MailSettings, NewMessage, Outbox, Party, Recipient, SenderSettings, Senders,
};
use queue::{Registry, Runner, Task, WorkerSettings, Workers, enqueue};
use serde::{Deserialize, Serialize};

use crate::harness::{Bench, Figure, Sample, Target, Trouble, percentile};
use crate::server::{Place, Server};

/// All of them.
pub(crate) const BENCHES: &[Bench] = &[ONE, EIGHT, BESIDE];

const ONE: Bench = Bench {
    name: "mail one connection",
    figures: &[Figure {
        name: "mail: one connection, of smtp-source's one session",
        unit: "/s",
        target: Target::Ratio(0.3),
    }],
    measure: |_server| driver(1, 6_000),
};

const EIGHT: Bench = Bench {
    name: "mail eight connections",
    figures: &[Figure {
        name: "mail: eight connections, of smtp-source -s 8",
        unit: "/s",
        target: Target::Ratio(0.5),
    }],
    measure: |_server| driver(8, 16_000),
};

const BESIDE: Bench = Bench {
    name: "mail beside the queue",
    figures: &[
        Figure {
            name: "mail: queue latency p99 while mails flow, of its own alone",
            unit: "x",
            target: Target::AtMost(2.0),
        },
        Figure {
            name: "mail: rendered, journalled and sent by four connections",
            unit: "/s",
            target: Target::AtLeast(200.0),
        },
    ],
    measure: beside_the_queue,
};

/// Octets of a message, about what a mail of ours has.
const OCTETS: usize = 4_096;
/// Mails of one run of [`BESIDE`]; the five runs of a bench make the twenty thousand of the promise.
const MAILS_EACH: usize = 4_000;
/// One task each so often, to see how soon it begins.
const BEAT: Duration = Duration::from_millis(20);

/// As root the sink wants to be told whom to become; anybody else is whom they are.
fn unprivileged() -> &'static [&'static str] {
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0);
    if is_root { &["-u", "nobody"] } else { &[] }
}

/// Postfix' sink on a free port of this machine.
struct Drain {
    process: Child,
    port: u16,
}

impl Drain {
    fn open() -> Result<Self, Trouble> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let process = postfix("smtp-sink")
            .args(unprivileged())
            .args([&format!("127.0.0.1:{port}"), "1000"])
            .stdout(Stdio::null())
            .spawn()
            .map_err(missing)?;
        let drain = Self { process, port };
        let until = Instant::now() + Duration::from_secs(10);
        // It answers as soon as it listens; until then the connection is refused at once.
        while !greets(port) {
            if Instant::now() > until {
                return Err("smtp-sink does not listen".into());
            }
            std::thread::yield_now();
        }
        Ok(drain)
    }

    /// Messages a second that `smtp-source` brings here over so many sessions.
    fn ceiling(&self, sessions: usize, messages: usize) -> Result<f64, Trouble> {
        let began = Instant::now();
        let ended = postfix("smtp-source")
            .args(["-d", "-s", &sessions.to_string(), "-l", &OCTETS.to_string(), "-m", &messages.to_string()])
            .args(["-f", "yui@town.example", "-t", "taro@example.jp", &format!("127.0.0.1:{}", self.port)])
            .status()
            .map_err(missing)?;
        if ended.success() { Ok(rate(messages, began)) } else { Err("smtp-source failed".into()) }
    }

    fn relay(&self) -> Result<Relay, Trouble> {
        Ok(Relay::new("127.0.0.1", self.port, Security::PlainLoopback, "yui.example")?)
    }
}

impl Drop for Drain {
    fn drop(&mut self) {
        // Both fail only if it has gone already.
        let _ended = self.process.kill();
        let _ended = self.process.wait();
    }
}

fn postfix(program: &str) -> Command {
    let debian = format!("/usr/sbin/{program}");
    Command::new(if std::path::Path::new(&debian).exists() { debian } else { program.to_owned() })
}

fn missing(error: std::io::Error) -> Trouble {
    match error.kind() {
        ErrorKind::NotFound => {
            "smtp-source and smtp-sink are missing: install postfix (`.ci/install bench`)".into()
        }
        _ => error.into(),
    }
}

fn greets(port: u16) -> bool {
    TcpStream::connect(("127.0.0.1", port))
        .is_ok_and(|mut stream| stream.read(&mut [0; 4]).is_ok_and(|read| read > 0))
}

#[expect(clippy::cast_precision_loss, reason = "a few thousand messages")]
fn rate(messages: usize, began: Instant) -> f64 {
    messages as f64 / began.elapsed().as_secs_f64()
}

/// Our driver over `connections`, beside `smtp-source` over as many sessions.
fn driver(connections: usize, messages: usize) -> Result<Vec<Sample>, Trouble> {
    let drain = Drain::open()?;
    let ceiling = drain.ceiling(connections, messages)?;
    let relay = drain.relay()?;
    let body = "a line of an ordinary mail, fifty-eight octets long now\r\n".repeat(OCTETS / 58);
    let message = format!("Subject: bench\r\n\r\n{body}");
    let address = |text: &str| EnvelopeAddress::parse(text);
    let envelope = Envelope::new(Some(address("yui@town.example")?), address("taro@example.jp")?);
    let began = Instant::now();
    let refused = std::thread::scope(|scope| {
        let senders: Vec<_> = (0..connections)
            .map(|_| {
                let (relay, envelope, message) = (relay.clone(), &envelope, message.as_bytes());
                scope.spawn(move || send_all(relay, envelope, message, messages / connections))
            })
            .collect();
        senders.into_iter().any(|sender| !sender.join().unwrap_or(false))
    });
    if refused {
        return Err("smtp-sink refused a message".into());
    }
    Ok(vec![Sample::beside(rate(messages, began), ceiling)])
}

fn send_all(relay: Relay, envelope: &Envelope, message: &[u8], count: usize) -> bool {
    let warmth = Warmth { messages: u32::MAX, idle: Duration::from_hours(1) };
    let Ok(mut courier) = BlockingCourier::new(relay, warmth) else { return false };
    (0..count).all(|_| matches!(courier.send(envelope, message).outcome, Outcome::Accepted { .. }))
}

/// A task that says when it began.
#[derive(Debug, Serialize, Deserialize)]
struct Beat {
    number: usize,
}

impl Task for Beat {
    const KIND: &'static str = "bench.mail-beat";
}

fn beside_the_queue(server: &Server) -> Result<Vec<Sample>, Trouble> {
    let place = server.place()?;
    let doors = Doors { app: place.app.clone(), queue: place.queue.clone(), town: place.town };
    let alone = latency(&place, || false)?;
    let drain = Drain::open()?;
    let settings = MailSettings::new("yui@town.example", "https://yui.example")?;
    let outbox = Outbox::new(settings, LinkKey::generate(), KeepsHours::Never)?;
    let (finished, began) = (AtomicBool::new(false), Instant::now());
    let (beside, sent) = std::thread::scope(|scope| {
        let mailing = scope.spawn(|| {
            let sent = mail(&doors, &drain, &outbox);
            finished.store(true, Ordering::SeqCst);
            sent
        });
        let beside = latency(&place, || !finished.load(Ordering::SeqCst));
        (beside, mailing.join())
    });
    sent.map_err(|_panicked| "the mailing thread panicked")??;
    Ok(vec![Sample::of(beside? / alone), Sample::of(rate(MAILS_EACH, began))])
}

/// What another thread needs of a [`Place`].
struct Doors {
    app: Db,
    queue: Db,
    town: OrganizationId,
}

/// Renders and queues the mails while four senders already take them.
fn mail(place: &Doors, drain: &Drain, outbox: &Outbox) -> Result<(), Trouble> {
    let depot = Depot::new(place.app.clone(), place.queue.clone(), Checks::new());
    let wakes = queue::Wakes::default();
    let settings = SenderSettings { poll: Duration::from_millis(20), ..SenderSettings::default() };
    let senders = Senders::start(depot, vec![drain.relay()?], settings, &wakes, |_works| {})?;
    for number in 0..MAILS_EACH {
        let recipient = Recipient {
            party: Party::Nobody,
            name: "山田 太郎".to_owned(),
            address: EmailAddress::parse(&format!("taro{number}@example.jp"))?,
            language: Language::Ja,
        };
        let message = NewMessage::new(OrderOpened::sample(Language::Ja), recipient);
        place.app.run_blocking(Scope::system(place.town), |tx| notifier::queue(tx, outbox, message))?;
    }
    let until = Instant::now() + Duration::from_mins(3);
    loop {
        let depths = place.app.run_blocking(Scope::system(place.town), notifier::messages::depths)?;
        let accepted = depths.iter().filter(|depth| depth.state == notifier::MessageState::Accepted);
        if accepted.map(|depth| depth.count).sum::<i64>() >= i64::try_from(MAILS_EACH)? {
            break;
        }
        if Instant::now() > until {
            return Err(format!("mails stay behind: {depths:?}").into());
        }
    }
    senders.stop();
    Ok(())
}

/// The 99th percentile of the milliseconds from a task's commit in one process to its beginning in another, one task each
/// [`BEAT`], for four seconds and for as long as `goes_on` says. The two processes are two doors, and each call has its own:
/// a door that has been connected once keeps waking the sleepers of that time.
fn latency(place: &Place<'_>, goes_on: impl Fn() -> bool) -> Result<f64, Trouble> {
    let begun: Arc<Mutex<Vec<(usize, Instant)>>> = Arc::default();
    let note = begun.clone();
    let mut registry = Registry::new();
    registry.in_transaction::<Beat>(move |_tx, _attempt, task| {
        note.lock().unwrap_or_else(PoisonError::into_inner).push((task.number, Instant::now()));
        Ok(())
    });
    let door = |role| (Db::connect(&place.url(role), &PoolSettings::default()), place.url(role));
    let ((there, tell), (here, listen)) = (door(Role::App), door(Role::Queue));
    let (_, _telling) = queue::connect_signals(&there, &tell, &[queue::TASKS]);
    let (wakes, _listening) = queue::connect_signals(&here, &listen, &[queue::TASKS]);
    let runner = Arc::new(Runner::new(place.app.clone(), here, registry));
    let workers = Workers::start(runner, &wakes, WorkerSettings::default(), |_run| {});
    let (mut committed, started) = (Vec::new(), Instant::now());
    while started.elapsed() < Duration::from_secs(4) || goes_on() {
        let due = started + BEAT * u32::try_from(committed.len())?;
        std::thread::park_timeout(due.saturating_duration_since(Instant::now()));
        let number = committed.len();
        there.run_blocking::<_, db::DbError, _>(Scope::system(place.town), |tx| {
            enqueue(tx, &Beat { number })
        })?;
        committed.push(Instant::now());
    }
    workers.stop();
    let begun = begun.lock().unwrap_or_else(PoisonError::into_inner);
    let waited = begun.iter().filter_map(|(number, at)| {
        let since = committed.get(*number)?;
        Some(at.saturating_duration_since(*since).as_secs_f64() * 1_000.0)
    });
    Ok(percentile(waited, 0.99))
}
