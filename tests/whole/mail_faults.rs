//! Mails while the machine around their sender fails: names that lead nowhere or elsewhere, clocks that step, a full disk,
//! a database that lets nobody in. A real `yui work`, a relay that synchronises before it says yes, and afterwards the
//! independent count: nothing lost, nothing twice.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use db::private_postgres::Role;
use db::testing::TestDb;
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use kernel::{OrganizationId, Scope};
use notifier::mails::{OrderOpened, TermsNotice};

use super::chaos::load;
use super::chaos::relay::Relay;
use super::faults::lies::Lies;
use super::mail_audit;
use super::mail_contract::wait_until;
use super::world::{Process, Scratch};

/// Mails that are asked for at a time.
const SOME: u64 = 12;

/// A town whose mails go to a relay of the test's own, from a process that is lied to.
struct Post {
    db: TestDb,
    town: OrganizationId,
    scratch: Scratch,
    log: PathBuf,
    lies: Lies,
    relay: Relay,
    asked: u64,
}

impl Post {
    fn new(name: &str) -> Self {
        let db = TestDb::new();
        let town = db.town("tateshina");
        let scratch = Scratch::new(&format!("mail faults {name}"));
        let log = scratch.0.join("delivered.tsv");
        let lies = Lies::new(&name.replace(' ', "-"));
        let relay = Relay::at(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), &log);
        lies.names_lead_to("127.0.0.1");
        Self { db, town, scratch, log, lies, relay, asked: 0 }
    }

    /// Asks for [`SOME`] more mails.
    fn asks(&mut self) {
        let outbox = load::outbox();
        for _ in 0..SOME {
            self.asked += 1;
            let number = self.asked;
            // Connections that were ended tell so once: until then they are this process's, too.
            wait_until("it is asked for", || {
                let queued = self.db.app.run_blocking(Scope::system(self.town), |tx| match number % 2 {
                    0 => load::mail::<TermsNotice>(tx, &outbox, number),
                    _ => load::mail::<OrderOpened>(tx, &outbox, number),
                });
                queued.is_ok()
            });
        }
    }

    fn work(&self) -> Process {
        let urls = [Role::App, Role::Owner, Role::Queue].map(|role| self.db.url(role));
        let (port, lies) = (self.relay.port().to_string(), self.lies.environment());
        let mut settings: Vec<(&str, &str)> = vec![
            ("DATABASE_URL", &urls[0]),
            ("DATABASE_OWNER_URL", &urls[1]),
            ("DATABASE_QUEUE_URL", &urls[2]),
            ("YUI_SMTP_HOST", "relay.lies.example"),
            ("YUI_SMTP_PORT", &port),
            ("YUI_SMTP_SECURITY", "plain"),
            ("YUI_MAIL_FROM", "yui@town.example"),
            ("YUI_MAIL_DOMAIN_RATE", "0"),
            // What is logged where nobody asks for more.
            ("YUI_LOG", ""),
        ];
        settings.extend(lies.iter().map(|(name, value)| (*name, value.as_str())));
        let process = Process::start_with(&["work"], &self.scratch.0, &settings);
        process.wait_for("working");
        process
    }

    fn sql(&self, sql: &str) {
        self.db.owner().batch_execute(sql).unwrap();
    }

    fn count(&self, condition: &str) -> u64 {
        #[derive(QueryableByName)]
        struct Count {
            #[diesel(sql_type = BigInt)]
            count: i64,
        }
        let sql = format!("SELECT count(*) AS count FROM messages WHERE {condition}");
        let found: Count = diesel::sql_query(sql).get_result(&mut self.db.owner()).unwrap();
        u64::try_from(found.count).unwrap()
    }

    /// Waits until everything that was asked for has been accepted, and counts: once each, and nothing in doubt.
    fn everything_arrives_once(&self) {
        wait_until("everything is accepted", || self.count("state = 'accepted'") == self.asked);
        let audit = mail_audit::audit(&mut self.db.owner(), &self.log);
        assert_eq!(u64::try_from(audit.intents).unwrap(), self.asked);
        assert_eq!((audit.kept, audit.too_many, audit.unknown.len()), (0, 0, 0));
    }

    /// Nothing has been given up or put aside.
    fn nothing_has_ended(&self) {
        assert_eq!(self.count("state IN ('queued', 'deferred', 'claimed', 'sending')"), self.asked);
    }
}

#[test]
fn t17_a_relays_name_that_leads_nowhere_ends_no_mail_and_a_name_that_moves_is_followed() {
    let mut post = Post::new("names");
    post.asks();
    for answer in ["unknown", "failing"] {
        post.lies.names_lead_to(answer);
        let process = post.work();
        let logged = process.wait_for("the mail relay does not take mail");
        assert!(logged.contains(" WARN "), "an outage stands in the log by itself: {logged}");
        post.nothing_has_ended();
        process.stop();
    }
    post.lies.names_lead_to("127.0.0.1");
    let process = post.work();
    post.everything_arrives_once();
    // The relay moves to another address while a conversation rests there, and the old one goes away.
    let (here, log) = (post.relay.stored(), post.scratch.0.join("delivered elsewhere.tsv"));
    let elsewhere = SocketAddr::from((Ipv4Addr::new(127, 0, 0, 2), post.relay.port()));
    let elsewhere = Relay::at(elsewhere, &log);
    post.lies.names_lead_to("127.0.0.2");
    post.relay.goes_away();
    post.asks();
    wait_until("the rest is accepted", || post.count("state = 'accepted'") == post.asked);
    assert_eq!((post.relay.stored(), elsewhere.stored()), (here, SOME));
    process.stop();
}

/// Costs ten seconds of waiting: the bound of a look-up.
#[test]
fn t17_a_look_up_that_does_not_end_costs_a_bounded_time_and_no_mail() {
    let mut post = Post::new("slow name");
    post.asks();
    post.lies.names_lead_to("slow");
    let process = post.work();
    process.wait_for("the mail relay does not take mail");
    post.nothing_has_ended();
    post.lies.names_lead_to("127.0.0.1");
    post.everything_arrives_once();
    process.stop();
}

#[test]
fn t21_a_senders_clock_that_steps_sends_nothing_early_twice_or_never() {
    let mut post = Post::new("clock");
    post.asks();
    // One is for tomorrow, whatever this machine believes.
    post.sql("UPDATE messages SET not_before = now() + interval '20 hours' WHERE id = (SELECT max(id) FROM messages)");
    let process = post.work();
    wait_until("the first are sent", || post.count("state = 'accepted'") == post.asked - 1);
    for wrong_by in [-3600, 86_400, 0] {
        post.lies.clock_is_off_by(wrong_by);
        post.asks();
        wait_until("they are sent", || post.count("state = 'accepted'") == post.asked - 1);
    }
    assert_eq!(post.count("not_before > now() AND state = 'queued'"), 1, "tomorrow is the database's");
    post.sql("UPDATE messages SET not_before = now() WHERE state = 'queued'");
    post.everything_arrives_once();
    process.stop();
}

/// What the server says when its disk is full, where the sender writes.
const FULL: &str = "CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
    RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$;";

#[test]
fn t27_a_full_disk_stops_mail_before_it_is_sent_and_doubles_none_that_was() {
    let mut post = Post::new("full");
    post.sql(FULL);
    post.sql("CREATE TRIGGER full_before BEFORE INSERT ON message_attempts FOR EACH ROW EXECUTE FUNCTION disk_full()");
    post.asks();
    let process = post.work();
    process.wait_for("No space left on device");
    assert_eq!(post.relay.stored(), 0, "nothing leaves before its attempt is on disk");
    // Now there is room for attempts, and none for what became of them.
    post.sql(
        "DROP TRIGGER full_before ON message_attempts; CREATE TRIGGER full_after BEFORE UPDATE ON message_attempts \
         FOR EACH ROW WHEN (NEW.ended_at IS NOT NULL) EXECUTE FUNCTION disk_full()",
    );
    wait_until("the relay has some", || post.relay.stored() > 0);
    process.wait_for("No space left on device");
    assert_eq!(post.count("state = 'accepted'"), 0);
    post.sql("DROP TRIGGER full_after ON message_attempts");
    post.everything_arrives_once();
    process.stop();
}

#[test]
fn t27_a_database_that_lets_nobody_in_delays_mail_and_loses_none() {
    let mut post = Post::new("no connection");
    post.asks();
    let process = post.work();
    wait_until("mail flows", || post.count("state = 'accepted'") > 0);
    // Each role ends its own connections, over one it has before nobody is let in any more.
    let mut own = [Role::App, Role::Queue].map(|role| PgConnection::establish(&post.db.url(role)).unwrap());
    let mut owner = post.db.owner();
    let mut lets_in = |how_many: i32| {
        let limit = format!("ALTER DATABASE %I CONNECTION LIMIT {how_many}");
        let sql = format!("DO $$ BEGIN EXECUTE format('{limit}', current_database()); END $$");
        owner.batch_execute(&sql).unwrap();
    };
    lets_in(0);
    for conn in &mut own {
        let ends = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() \
             AND usename = current_user AND pid <> pg_backend_pid()";
        diesel::sql_query(ends).execute(conn).unwrap();
    }
    process.wait_for("too many connections");
    lets_in(-1);
    post.asks();
    post.everything_arrives_once();
    process.stop();
}
