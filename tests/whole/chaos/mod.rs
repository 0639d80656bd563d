//! Everything that can go wrong around tasks and mails, at once and by chance: real processes killed, stopped and asked to
//! stop, connections ended, a real server that crashes and comes back, a relay with bad days. Meanwhile somebody asks for
//! mails and tasks, and writes down apart what was committed. Afterwards an independent checker reads the database and the
//! relay's disk: every committed task has ended once, every mail is on the disk or waits for a person, copies are no more than
//! were in flight and each is listed, none is of a mail that goes once, all are the same bytes. Then it is lied to, to see
//! that it would have seen it.
//!
//! The seed is printed: `YUI_CHAOS_SEED` has the same faults again, `YUI_CHAOS_SECONDS` says for how long (`make chaos`: ten
//! minutes; `make test`: one).

mod chance;
mod checker;
pub(super) mod load;
pub(super) mod relay;

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use db::private_postgres::{PrivatePostgres, Settings};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use kernel::OrganizationId;

use super::mail_contract::{crash, wait_until};
use super::world::{Process, Scratch};
use chance::Chance;
use load::Committed;
use relay::{MOODS, Mood, Relay};

/// Processes that work at a time.
const WORKERS: usize = 3;
/// Conversations of each with the relay.
const CONNECTIONS: usize = 3;
/// How long faults go on where nobody says how long.
const USUAL_SECONDS: u64 = 60;
/// The server's keeper gives up after five crashes without a minute between them.
const CRASHES_IN_A_ROW: u32 = 3;
const STEADY: Duration = Duration::from_secs(65);

/// Where the database is reached.
struct Urls {
    owner: String,
    app: String,
    queue: String,
}

struct Stage {
    urls: Urls,
    town: OrganizationId,
    scratch: Scratch,
    server: PrivatePostgres,
    log: PathBuf,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

impl Stage {
    fn new() -> Self {
        let scratch = Scratch::new("chaos");
        let data = scratch.0.join("data");
        db::testing::begin_migrated(&data);
        let mut server = PrivatePostgres::start(Settings::durable(data, 120)).unwrap();
        server.supervise(|_state| {});
        let urls = Urls { owner: server.owner_url(), app: server.app_url(), queue: server.queue_url() };
        let opened: Number = diesel::sql_query(
            "SELECT open_organization('tateshina', '蓼科', 'real', NULL, 'ja', 'x') AS number",
        )
        .get_result(&mut PgConnection::establish(&urls.owner).unwrap())
        .unwrap();
        let log = scratch.0.join("delivered.tsv");
        Self { urls, town: OrganizationId(opened.number), scratch, server, log }
    }

    /// Waits for a server that is just coming back.
    fn owner(&self) -> PgConnection {
        wait_until("the server answers", || PgConnection::establish(&self.urls.owner).is_ok());
        PgConnection::establish(&self.urls.owner).unwrap()
    }

    fn count(&self, from: &str) -> i64 {
        let sql = format!("SELECT count(*) AS number FROM {from}");
        diesel::sql_query(sql).get_result::<Number>(&mut self.owner()).unwrap().number
    }

    fn worker(&self, port: u16) -> Process {
        let (port, connections) = (port.to_string(), CONNECTIONS.to_string());
        Process::start_with(
            &["work"],
            &self.scratch.0,
            &[
                ("DATABASE_URL", &self.urls.app),
                ("DATABASE_OWNER_URL", &self.urls.owner),
                ("DATABASE_QUEUE_URL", &self.urls.queue),
                ("YUI_SMTP_HOST", "127.0.0.1"),
                ("YUI_SMTP_PORT", &port),
                ("YUI_SMTP_SECURITY", "plain"),
                ("YUI_MAIL_FROM", "yui@town.example"),
                ("YUI_BOUNCE_ADDRESS", "bounces@town.example"),
                ("YUI_MAIL_CONNECTIONS", &connections),
                ("YUI_MAIL_DOMAIN_RATE", "0"),
            ],
        )
    }

    /// Ends one connection of ours, or kills the process behind it, after which the server recovers as from a crash.
    fn end_a_connection(&self, chance: &mut Chance, how: &str) {
        let found = "SELECT pid::bigint AS number FROM pg_stat_activity WHERE datname = current_database() \
            AND pid <> pg_backend_pid() AND usename IN ('yui_app', 'yui_queue')";
        let Ok(mut owner) = PgConnection::establish(&self.urls.owner) else { return };
        let Ok(found) = diesel::sql_query(found).load::<Number>(&mut owner) else { return };
        if found.is_empty() {
            return;
        }
        let place = chance.below(u64::try_from(found.len()).unwrap());
        let process = found[usize::try_from(place).unwrap()].number.to_string();
        // It may have ended by itself.
        let _gone = std::process::Command::new("kill").args([how, &process]).status();
    }

    /// While no process runs, an hour passes: leases end, pauses and waits are over.
    fn an_hour_passes(&self) {
        for sql in [
            "UPDATE messages SET lease_until = lease_until - interval '1 hour', not_before = not_before - interval '1 hour' \
             WHERE ended_at IS NULL",
            "UPDATE tasks SET lease_until = lease_until - interval '1 hour', run_at = run_at - interval '1 hour' \
             WHERE state <> 'dead'",
        ] {
            diesel::sql_query(sql).execute(&mut self.owner()).unwrap();
        }
    }

    /// Tasks and mails that would go on by themselves.
    fn under_way(&self) -> i64 {
        let kinds = load::KINDS.map(|kind| format!("'{kind}'")).join(", ");
        self.count(&format!("tasks WHERE state <> 'dead' AND kind IN ({kinds})"))
            + self.count(
                "messages WHERE state IN ('queued', 'deferred', 'claimed', 'sending') \
                 OR (state = 'unknown' AND category <> 'account')",
            )
    }

    /// What could go on at this very moment.
    fn due(&self) -> i64 {
        let kinds = load::KINDS.map(|kind| format!("'{kind}'")).join(", ");
        self.count(&format!("tasks WHERE state IN ('ready', 'running') AND kind IN ({kinds})"))
            + self.count(
                "messages WHERE (state IN ('queued', 'deferred') AND not_before <= now()) \
                 OR state IN ('claimed', 'sending')",
            )
    }

    /// Waits until nothing is due any more and nothing is believed to be in the hands of somebody gone; panics when nothing
    /// gets less for long.
    fn wait_while_it_goes_on(&self) {
        while let due @ 1.. = self.due() {
            wait_until("less is due", || self.due() < due);
        }
        wait_until("what somebody gone held is taken over", || self.count(checker::ABANDONED) == 0);
    }

    /// Without any fault, and with hours passing, until nothing is left that would go by itself.
    fn settle(&self, relay: &mut Relay) {
        relay.feels(Mood::Well);
        for _ in 0..30 {
            if self.under_way() == 0 {
                return;
            }
            self.an_hour_passes();
            let process = self.worker(relay.port());
            process.wait_for("working");
            self.wait_while_it_goes_on();
            process.stop();
        }
        panic!("{} tasks and mails stay behind", self.under_way());
    }
}

/// What was done to everybody.
#[derive(Debug, Default)]
struct Faults {
    kills: usize,
    stops: usize,
    restarts: usize,
    ended_connections: usize,
    killed_backends: usize,
    server_crashes: u32,
    moods: usize,
    absences: usize,
    /// Mails that can have been in processes' hands when those were killed, as counted; where the server was away, as many as
    /// they had conversations.
    in_flight: usize,
}

impl Faults {
    /// The most copies that all this can have made: one of each mail that was in flight when its process was killed, of each
    /// conversation of one that was asked to stop, and of each that the relay cut.
    fn copies_possible(&self, relay: &Relay) -> usize {
        self.in_flight + (self.restarts + self.absences * WORKERS) * CONNECTIONS + relay.hung_up()
    }
}

/// The processes, and the relay they talk to.
struct Play<'a> {
    stage: &'a Stage,
    relay: Relay,
    workers: Vec<Process>,
    chance: Chance,
    faults: Faults,
    last_crash: Option<Instant>,
}

impl Play<'_> {
    /// One fault, and a moment in which it takes its course.
    fn act(&mut self) {
        match self.chance.below(16) {
            0..=3 => self.kill(),
            4 | 5 => self.stop_for_a_while(),
            6 => self.restart(),
            7..=9 => {
                self.stage.end_a_connection(&mut self.chance, "-TERM");
                self.faults.ended_connections += 1;
            }
            10 => {
                self.stage.end_a_connection(&mut self.chance, "-KILL");
                self.faults.killed_backends += 1;
            }
            11 => self.crash_the_server(),
            12..=14 => {
                let mood = self.chance.one_of(&MOODS);
                self.relay.feels(mood);
                self.faults.moods += 1;
            }
            _ => {
                self.relay.goes_away();
                self.faults.absences += 1;
            }
        }
        let pause = 200 + self.chance.below(1300);
        queue::Wake::default().wait(Duration::from_millis(pause));
        if self.chance.below(2) == 0 {
            self.relay.feels(Mood::Well);
        }
        self.replace_the_dead();
    }

    fn any_worker(&mut self) -> usize {
        usize::try_from(self.chance.below(u64::try_from(self.workers.len()).unwrap())).unwrap()
    }

    fn kill(&mut self) {
        let place = self.any_worker();
        let mut process = self.workers.swap_remove(place);
        process.signal("KILL");
        process.child.wait().unwrap();
        self.faults.kills += 1;
        self.faults.in_flight += self.in_flight_of(1);
    }

    /// How many mails can have been in the hands of processes that were killed just now: begun before any byte leaves, each
    /// is being sent until its lease ends. Those of the living are counted too, and those of others killed within a lease.
    fn in_flight_of(&self, killed: usize) -> usize {
        let most = killed * CONNECTIONS;
        let sending = "SELECT count(*) AS number FROM messages WHERE state = 'sending'";
        let found = PgConnection::establish(&self.stage.urls.owner)
            .ok()
            .and_then(|mut owner| diesel::sql_query(sending).get_result::<Number>(&mut owner).ok());
        found.map_or(most, |found| usize::try_from(found.number).unwrap().min(most))
    }

    /// As a machine that sleeps.
    fn stop_for_a_while(&mut self) {
        let (place, time) = (self.any_worker(), 500 + self.chance.below(3000));
        self.workers[place].signal("STOP");
        queue::Wake::default().wait(Duration::from_millis(time));
        self.workers[place].signal("CONT");
        self.faults.stops += 1;
    }

    /// As a new version is put in place: it is asked to stop, and is killed if it does not within a while.
    fn restart(&mut self) {
        let place = self.any_worker();
        let process = self.workers.swap_remove(place);
        process.signal("TERM");
        queue::Wake::default().wait(Duration::from_secs(2));
        drop(process);
        self.faults.restarts += 1;
    }

    fn crash_the_server(&mut self) {
        let steady = self.last_crash.is_none_or(|at| at.elapsed() > STEADY);
        if !steady && self.faults.server_crashes >= CRASHES_IN_A_ROW {
            return;
        }
        wait_until("the server is up before it crashes", || {
            PgConnection::establish(&self.stage.urls.owner).is_ok()
        });
        crash(&self.stage.server);
        self.faults.server_crashes += 1;
        self.last_crash = Some(Instant::now());
    }

    /// Killed ones, and those that found no server when they began.
    fn replace_the_dead(&mut self) {
        self.workers.retain_mut(|process| matches!(process.child.try_wait(), Ok(None)));
        while self.workers.len() < WORKERS {
            self.workers.push(self.stage.worker(self.relay.port()));
        }
    }
}

#[test]
fn chaos_loses_nothing_and_ends_every_task_once() {
    let setting = |name| yui::config::environment(name).and_then(|text| text.parse().ok());
    let seconds = setting("YUI_CHAOS_SECONDS").unwrap_or(USUAL_SECONDS);
    let by_the_clock = || u64::from(kernel::clock::machine_time().timestamp_subsec_nanos());
    let seed: u64 = setting("YUI_CHAOS_SEED").unwrap_or_else(by_the_clock);
    println!("chaos: YUI_CHAOS_SEED={seed} YUI_CHAOS_SECONDS={seconds}");
    let stage = Stage::new();
    let relay = Relay::start(&stage.log, seed);
    let (over, committed) = (AtomicBool::new(false), Mutex::<Committed>::default());
    let mut play = Play {
        stage: &stage,
        relay,
        workers: Vec::new(),
        chance: Chance::new(seed),
        faults: Faults::default(),
        last_crash: None,
    };
    let until = Instant::now() + Duration::from_secs(seconds);
    std::thread::scope(|scope| {
        scope.spawn(|| load::produce(&stage.urls.app, stage.town, &over, &committed));
        play.replace_the_dead();
        while Instant::now() < until {
            play.act();
        }
        over.store(true, Ordering::SeqCst);
    });
    let last = play.workers.len();
    for mut process in play.workers.drain(..) {
        process.signal("KILL");
        process.child.wait().unwrap();
    }
    play.faults.in_flight += play.in_flight_of(last);
    stage.settle(&mut play.relay);
    let Play { faults, relay, .. } = play;
    println!("{faults:?}, {} mails on the relay's disk", relay.stored());
    let mut committed = committed.into_inner().unwrap();
    let report = checker::check(&stage.urls.owner, &stage.log, &committed);
    let possible = faults.copies_possible(&relay);
    println!("{report}; {possible} copies were possible");
    assert!(report.is_worth_something(), "hardly anything was asked for: {report}");
    assert!(report.too_many() <= possible, "more copies than could be in flight ({possible}): {report}");
    checker::sees_every_lie(&stage.urls.owner, &stage.log, &mut committed);
    stage.server.stop().unwrap();
}
