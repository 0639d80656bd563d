//! What is tidied up by night: rows and bytes that nobody needs any more, each town's on their own; what the morning
//! should begin with: a word about quotes that run out; and offers and claims, which are looked after all day.
//!
//! Every sweep is a task of its own kind, so that an operator sees which one is stuck and can pause it. All of them
//! delete what is older than a span by the transaction's time, so they may run twice and may miss a night. What the
//! queue itself keeps belongs to no town and is tidied by its keeper.

use accounts::organizations;
use chrono::{NaiveTime, TimeDelta};
use db::{DbError, Lobby, Tx};
use files::Store;
use fulfillment::acceptance::{self, Reach, Silent, TendSilence};
use fulfillment::claims::TendClaims;
use fulfillment::promises::ReckonPromises;
use fulfillment::questions::TendQuestions;
use fulfillment::rounds::Tend;
use fulfillment::statements::WatchPayments;
use fulfillment::units::counts::Fold;
use kernel::{Coded as _, OrganizationId};
use notifier::messages::{self, Arrival, Category};
use notifier::{Mail as _, mails, suppressions};
use queue::{Missed, Priority, Recurrence, Registry, Schedule, Task, TaskError, Zone};
use serde::{Deserialize, Serialize};

/// Sessions and one-time links long ended, forgotten failures.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct SweepAccounts {}

impl Task for SweepAccounts {
    const KIND: &'static str = "accounts.sweep";
    const PRIORITY: Priority = Priority::Idle;
}

/// Answers kept for requests that might be repeated.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct SweepRequests {}

impl Task for SweepRequests {
    const KIND: &'static str = "requests.sweep";
    const PRIORITY: Priority = Priority::Idle;
}

/// Uploads that were never kept.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct SweepFiles {}

impl Task for SweepFiles {
    const KIND: &'static str = "files.sweep";
    const PRIORITY: Priority = Priority::Idle;
}

/// Old mails in the sandbox mailbox.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct SweepSandbox {}

impl Task for SweepSandbox {
    const KIND: &'static str = "sandbox.sweep";
    const PRIORITY: Priority = Priority::Idle;
}

/// What other people's programs were told a month ago.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct SweepWebhooks {}

impl Task for SweepWebhooks {
    const KIND: &'static str = "webhooks.sweep";
    const PRIORITY: Priority = Priority::Idle;
}

/// Rows of files that were imported long ago.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct SweepImports {}

impl Task for SweepImports {
    const KIND: &'static str = "imports.sweep";
    const PRIORITY: Priority = Priority::Idle;
}

/// What is kept of workers who left a year ago.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct ForgetWorkers {}

impl Task for ForgetWorkers {
    const KIND: &'static str = "workers.forget";
    const PRIORITY: Priority = Priority::Idle;
}

/// Skills that run out soon, for whoever has them.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct WarnOfSkills {}

impl Task for WarnOfSkills {
    const KIND: &'static str = "skills.run_out";
    const PRIORITY: Priority = Priority::Idle;
}

/// Trainings that begin tomorrow, for whoever has a seat.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct RemindOfCourses {}

impl Task for RemindOfCourses {
    const KIND: &'static str = "courses.remind";
    const PRIORITY: Priority = Priority::Idle;
}

/// What people had begun to write for units and left half a year ago.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct SweepDrafts {}

impl Task for SweepDrafts {
    const KIND: &'static str = "drafts.sweep";
    const PRIORITY: Priority = Priority::Idle;
}

/// Quotes that run out soon, for their salespeople.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct WarnOfQuotes {}

impl Task for WarnOfQuotes {
    const KIND: &'static str = "quotes.run_out";
    const PRIORITY: Priority = Priority::Idle;
}

/// The deals as they stand, once a week.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct FreezeForecast {}

impl Task for FreezeForecast {
    const KIND: &'static str = "forecasts.freeze";
    const PRIORITY: Priority = Priority::Idle;
}

/// Targets whose pace is behind, for whoever steers by them.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct LookAtTargets {}

impl Task for LookAtTargets {
    const KIND: &'static str = "targets.look";
    const PRIORITY: Priority = Priority::Idle;
}

/// Milestones whose day comes, for whoever sees to them.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct LookAtMilestones {}

impl Task for LookAtMilestones {
    const KIND: &'static str = "milestones.look";
    const PRIORITY: Priority = Priority::Idle;
}

/// Reports and questionnaires that are due after an adviser's sessions, for whoever sees to them.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct LookAtAdvice {}

impl Task for LookAtAdvice {
    const KIND: &'static str = "advice.look";
    const PRIORITY: Priority = Priority::Idle;
}

/// Looks after offers and claims: how often, in minutes. Both are counted in hours, so nobody waits long for a next turn.
const TENDING_MINUTES: u16 = 15;

/// Folds the counts of units: how often, in minutes. Until then each move of a unit is a row or two that readers add up.
const FOLDING_MINUTES: u16 = 5;

/// Registers all sweeps and looks and when they come: at three, some minutes apart; and when offers and claims are looked
/// after and counts are folded.
pub(crate) fn register(registry: &mut Registry, store: Store) {
    sweeps(registry, store);
    looks(registry);
    all_day::<Tend>(registry, TENDING_MINUTES);
    all_day::<TendClaims>(registry, TENDING_MINUTES);
    all_day::<TendQuestions>(registry, TENDING_MINUTES);
    all_day::<Fold>(registry, FOLDING_MINUTES);
}

/// What is not kept any longer.
fn sweeps(registry: &mut Registry, store: Store) {
    registry.in_transaction::<SweepAccounts>(|tx, _attempt, _sweep| {
        noted(SweepAccounts::KIND, accounts::sweep(tx)?);
        Ok(())
    });
    nightly::<SweepAccounts>(registry, 0);
    registry.in_transaction::<SweepRequests>(|tx, _attempt, _sweep| {
        noted(SweepRequests::KIND, db::idempotency::sweep(tx)?);
        Ok(())
    });
    nightly::<SweepRequests>(registry, 5);
    registry.detached::<SweepFiles>(move |db, town, _attempt, _sweep| {
        let swept = files::sweep_blocking(&store, db, town).map_err(TaskError::retry)?;
        noted(SweepFiles::KIND, swept);
        Ok(())
    });
    nightly::<SweepFiles>(registry, 10);
    registry.in_transaction::<SweepSandbox>(|tx, _attempt, _sweep| {
        noted(SweepSandbox::KIND, notifier::sandbox::sweep(tx)?);
        Ok(())
    });
    nightly::<SweepSandbox>(registry, 15);
    registry.in_transaction::<SweepImports>(|tx, _attempt, _sweep| {
        noted(SweepImports::KIND, sales::imports::sweep(tx)?);
        Ok(())
    });
    nightly::<SweepImports>(registry, 20);
    registry.in_transaction::<ForgetWorkers>(|tx, _attempt, _sweep| {
        noted(ForgetWorkers::KIND, workforce::forget(tx)? + fulfillment::exclusions::forget(tx)?);
        Ok(())
    });
    nightly::<ForgetWorkers>(registry, 45);
    registry.in_transaction::<SweepWebhooks>(|tx, _attempt, _sweep| {
        noted(SweepWebhooks::KIND, notifier::webhooks::sweep(tx)?);
        Ok(())
    });
    nightly::<SweepWebhooks>(registry, 17);
    registry.in_transaction::<SweepDrafts>(|tx, _attempt, _sweep| {
        noted(SweepDrafts::KIND, fulfillment::drafts::sweep(tx)?);
        Ok(())
    });
    nightly::<SweepDrafts>(registry, 30);
}

/// What somebody has to be told of, and what is written down once a night.
fn looks(registry: &mut Registry) {
    registry.in_transaction::<WarnOfQuotes>(|tx, _attempt, _warn| {
        sales::sendings::warn_of_running_out(tx)?;
        Ok(())
    });
    nightly::<WarnOfQuotes>(registry, 25);
    registry.in_transaction::<WarnOfSkills>(|tx, _attempt, _warn| {
        workforce::skills::warn_of_running_out(tx)?;
        Ok(())
    });
    nightly::<WarnOfSkills>(registry, 35);
    registry.in_transaction::<RemindOfCourses>(|tx, _attempt, _remind| {
        workforce::courses::remind(tx)?;
        Ok(())
    });
    nightly::<RemindOfCourses>(registry, 40);
    registry.in_transaction::<FreezeForecast>(|tx, _attempt, _freeze| {
        sales::forecasts::freeze(tx)?;
        Ok(())
    });
    nightly::<FreezeForecast>(registry, 50);
    registry.in_transaction::<LookAtTargets>(|tx, _attempt, _look| {
        let (year, _) = sales::targets::this_year(tx)?;
        if let Some(standing) = web::steering::standing(tx, year)? {
            sales::targets::warn(tx, &standing)?;
        }
        Ok(())
    });
    nightly::<LookAtTargets>(registry, 52);
    registry.in_transaction::<LookAtMilestones>(|tx, _attempt, _look| {
        sales::roadmaps::warn_of_days(tx)?;
        Ok(())
    });
    nightly::<LookAtMilestones>(registry, 54);
    registry.in_transaction::<LookAtAdvice>(|tx, _attempt, _look| {
        sales::advice::warn_of_clocks(tx)?;
        Ok(())
    });
    nightly::<LookAtAdvice>(registry, 56);
    registry.in_transaction::<ReckonPromises>(|tx, _attempt, _reckon| {
        web::capacity::reckon(tx)?;
        Ok(())
    });
    nightly::<ReckonPromises>(registry, 55);
    fulfillment::promises::register(registry);
    registry.in_transaction::<TendSilence>(|tx, _attempt, _tend| {
        let tended = acceptance::tend(tx, reach).map_err(TaskError::retry)?;
        log::info!(
            "{} clients reminded, {} deliveries accepted by silence",
            tended.reminded,
            tended.accepted
        );
        for (delivery, error) in &tended.failed {
            log::error!(
                "delivery {delivery} could not be looked after and waits for tomorrow: {}: {error}",
                error.code()
            );
        }
        Ok(())
    });
    // In office hours: clients are mailed.
    daily::<TendSilence>(registry, 9, 20);
    registry.in_transaction::<WatchPayments>(|tx, _attempt, _watch| {
        fulfillment::statements::warn(tx)?;
        Ok(())
    });
    nightly::<WatchPayments>(registry, 57);
}

/// Where a reminder came back and nothing says that its address is to be left alone, the next one goes after so many days: a full mailbox
/// is tried again, and nobody is written to morning by morning in vain.
const ANEW_AFTER: TimeDelta = TimeDelta::days(7);

/// What became of a delivery's reminder, and whether mail about deliveries goes to its contact. A full mailbox takes none either, so this
/// asks what stops such a mail, and not whether the address works; and it asks about the address that they have now, for somebody may have
/// corrected it since.
fn reach(tx: &mut Tx<'_>, silent: &Silent) -> Result<Reach, DbError> {
    let Some(email) = clients::contacts::find(tx, silent.contact)?.email else { return Ok(Reach::Shut) };
    if suppressions::stops(tx, &email, Category::Work)? {
        return Ok(Reach::Shut);
    }
    let Some(since) = silent.reminded_at else { return Ok(Reach::Open) };
    let was_stopped = suppressions::stopped_since(tx, &email, Category::Work, since)?;
    let thing = format!("delivery:{}", silent.delivery);
    let arrival = messages::arrival(tx, mails::DeliveryReminded::NAME, &thing, &email, since)?;
    Ok(match arrival {
        Arrival::UnderWay => Reach::Shut,
        Arrival::Taken(at) if !was_stopped => Reach::Came(at),
        // Whoever stopped it has let it go again.
        Arrival::Returned(at) if !was_stopped && tx.now() < at + ANEW_AFTER => Reach::Shut,
        Arrival::Taken(_) | Arrival::Returned(_) | Arrival::Never => Reach::Open,
    })
}

/// Every so many minutes, in every town; what was missed is made up for once.
fn all_day<T: Task + Default>(registry: &mut Registry, minutes: u16) {
    let schedule = Schedule {
        name: T::KIND,
        recurrence: Recurrence::EveryMinutes(minutes),
        zone: Zone::Asia__Tokyo,
        missed: Missed::Coalesce,
    };
    registry.periodic(schedule, every_town, |_tick| T::default());
}

/// Some minutes past three in Japan, in every town. A night without power is made up for once.
fn nightly<T: Task + Default>(registry: &mut Registry, minute: u32) {
    daily::<T>(registry, 3, minute);
}

/// At this time in Japan, in every town.
fn daily<T: Task + Default>(registry: &mut Registry, hour: u32, minute: u32) {
    let time = NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or(NaiveTime::MIN);
    let schedule = Schedule {
        name: T::KIND,
        recurrence: Recurrence::Daily(time),
        zone: Zone::Asia__Tokyo,
        missed: Missed::Coalesce,
    };
    registry.periodic(schedule, every_town, |_tick| T::default());
}

fn every_town(lobby: &mut Lobby<'_>) -> Result<Vec<OrganizationId>, DbError> {
    Ok(organizations::directory(lobby)?.into_iter().map(|town| town.id).collect())
}

fn noted(kind: &str, removed: usize) {
    if removed > 0 {
        log::info!("{kind} removed {removed}");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use accounts::LinkKey;
    use chrono::{DateTime, Utc};
    use clients::{companies, contacts};
    use db::testing::TestDb;
    use diesel::connection::SimpleConnection as _;
    use diesel::prelude::*;
    use diesel::sql_types::{BigInt, Text};
    use kernel::{DeliveryId, EmailAddress, Language, MessageId, PersonId};
    use notifier::{KeepsHours, MailSettings, MessageError, NewMessage, Outbox, Party, Recipient};
    use queue::testing::TestTasks;

    use super::*;

    #[derive(QueryableByName)]
    struct Left {
        #[diesel(sql_type = Text)]
        place: String,
        #[diesel(sql_type = BigInt)]
        count: i64,
    }

    struct Night {
        db: TestDb,
        towns: [OrganizationId; 2],
        store: Store,
        _directory: tempfile::TempDir,
    }

    impl Night {
        fn new() -> Self {
            let db = TestDb::new();
            let towns = [db.town("tateshina"), db.town("shiojiri")];
            let directory = tempfile::tempdir().unwrap();
            let store = Store::open(&directory.path().join("files")).unwrap();
            Self { db, towns, store, _directory: directory }
        }

        fn tasks(&self) -> TestTasks<'_> {
            let mut registry = Registry::new();
            register(&mut registry, self.store.clone());
            fulfillment::rounds::register(&mut registry);
            fulfillment::units::counts::register(&mut registry);
            fulfillment::claims::register(&mut registry);
            fulfillment::questions::register(&mut registry);
            TestTasks::new(&self.db, registry)
        }

        /// In each town: one of everything, written `age` before now.
        fn leave_behind(&self, age: &str) {
            for town in self.towns {
                let person = self.db.person(town, &format!("One {age}"), &["sales"]);
                self.db
                    .owner()
                    .batch_execute(&format!(
                        "INSERT INTO idempotency_keys (organization_id, key, digest, status, body, created_at) \
                             VALUES ({town}, '{age}', '', 201, '{{}}', now() - interval '{age}'); \
                         INSERT INTO sandbox_mails (organization_id, received_at, sender, recipient, raw) \
                             VALUES ({town}, now() - interval '{age}', 'a', 'b', ''); \
                         INSERT INTO sessions (organization_id, person_id, secret_hash, expires_at) \
                             VALUES ({town}, {person}, sha256('session {age}'), now() - interval '{age}'); \
                         INSERT INTO one_time_tokens (organization_id, person_id, purpose, secret_hash, expires_at) \
                             VALUES ({town}, {person}, 'invitation', sha256('token {age}'), now() - interval '{age}')"
                    ))
                    .unwrap();
            }
        }

        /// Files in the store, whoever claims them.
        fn stored(&self) -> usize {
            fn below(folder: &std::path::Path) -> usize {
                let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
                entries.map(|path| if path.is_dir() { below(&path) } else { 1 }).sum()
            }
            below(self.store.directory())
        }

        fn left(&self) -> Vec<(String, i64)> {
            let rows: Vec<Left> = diesel::sql_query(
                "SELECT 'mails' AS place, count(*) AS count FROM sandbox_mails \
                 UNION ALL SELECT 'requests', count(*) FROM idempotency_keys \
                 UNION ALL SELECT 'sessions', count(*) FROM sessions \
                 UNION ALL SELECT 'tokens', count(*) FROM one_time_tokens ORDER BY 1",
            )
            .load(&mut self.db.owner())
            .unwrap();
            rows.into_iter().map(|row| (row.place, row.count)).collect()
        }
    }

    /// A client of the first town, of whom a delivery waits.
    struct Client {
        night: Night,
        seller: PersonId,
        contact: clients::Contact,
        outbox: Outbox,
        morning: DateTime<Utc>,
        clock: Arc<Mutex<DateTime<Utc>>>,
    }

    const ADDRESS: &str = "yamada@example.co.jp";
    const DELIVERY: DeliveryId = DeliveryId(7);

    impl Client {
        fn new() -> Self {
            let night = Night::new();
            let morning = "2026-05-11T00:20:00Z".parse().unwrap();
            let clock = Arc::new(Mutex::new(morning));
            let hands = clock.clone();
            night.db.app.with_clock(move || *hands.lock().unwrap());
            let town = night.towns[0];
            let seller = night.db.person(town, "Seller", &["sales"]);
            let contact = night.db.acting(town, seller, |tx| {
                let company = companies::CompanyInput { name: "米子建設".into(), ..Default::default() };
                let company = companies::enter(tx, company).map_err(|_refused| DbError::NotFound)?.id;
                let person = contacts::ContactInput {
                    family_name: "山田".into(),
                    email: ADDRESS.into(),
                    ..Default::default()
                };
                contacts::add(tx, company, person).map_err(|_refused| DbError::NotFound)
            });
            let settings = MailSettings::new("yui@demo.example", "http://127.0.0.1:8080").unwrap();
            let outbox = Outbox::new(settings, LinkKey::generate(), KeepsHours::Never).unwrap();
            Self { night, seller, contact: contact.unwrap(), outbox, morning, clock }
        }

        /// So many days after that morning.
        fn turn_to(&self, days: i64) {
            *self.clock.lock().unwrap() = self.morning + TimeDelta::days(days);
        }

        fn reach(&self, reminded_at: Option<DateTime<Utc>>) -> Reach {
            let silent = Silent { delivery: DELIVERY, contact: self.contact.id, reminded_at };
            self.night.db.arrange(self.night.towns[0], |tx| reach(tx, &silent))
        }

        /// A reminder's mail to an address; it waits.
        fn reminder(&self, address: &str) -> MessageId {
            let recipient = Recipient {
                party: Party::Contact(self.contact.id),
                name: "山田".to_owned(),
                address: EmailAddress::parse(address).unwrap(),
                language: Language::Ja,
            };
            let mail = NewMessage::new(mails::DeliveryReminded::sample(Language::Ja), recipient)
                .concerning(format!("delivery:{DELIVERY}"));
            let queued: Result<_, MessageError> =
                self.night
                    .db
                    .acting(self.night.towns[0], self.seller, |tx| notifier::queue(tx, &self.outbox, mail));
            queued.unwrap().id().unwrap()
        }

        /// What became of a mail, so many days after that morning.
        fn becomes(&self, mail: MessageId, state: &str, days: i64) {
            let at = self.morning + TimeDelta::days(days);
            let ended =
                if ["deferred", "held"].contains(&state) { "NULL".to_owned() } else { format!("'{at}'") };
            let sql = format!("UPDATE messages SET state = '{state}', ended_at = {ended} WHERE id = {mail}");
            self.night.db.owner().batch_execute(&sql).unwrap();
        }
    }

    /// A client's mailbox is full for a week, as somebody said.
    #[test]
    fn a_reminder_to_a_full_mailbox_reached_nobody_even_when_it_is_empty_again() {
        let client = Client::new();
        let morning = client.morning;
        assert_eq!(client.reach(None), Reach::Open);
        client.becomes(client.reminder(ADDRESS), "accepted", 0);
        assert_eq!(client.reach(Some(morning)), Reach::Came(morning));
        let full = suppressions::SuppressionInput {
            address: ADDRESS.into(),
            days: "7".into(),
            note: "一杯".into(),
            ..Default::default()
        };
        let town = client.night.towns[0];
        client.night.db.acting(town, client.seller, |tx| suppressions::add(tx, &full)).unwrap();
        assert_eq!(client.reach(Some(morning)), Reach::Shut, "nothing goes there, though the address works");
        assert_eq!(client.reach(None), Reach::Shut);
        client.turn_to(8);
        assert_eq!(client.reach(Some(morning)), Reach::Open, "what was sent then may not have come");
        client.becomes(client.reminder(ADDRESS), "accepted", 8);
        let today = morning + TimeDelta::days(8);
        assert_eq!(client.reach(Some(today)), Reach::Came(today), "what is sent today comes");
    }

    /// The relay itself refuses it, or never gets it: no list says so.
    #[test]
    fn a_reminder_that_no_server_took_has_come_to_nobody() {
        let client = Client::new();
        let reminded = Some(client.morning);
        assert_eq!(client.reach(reminded), Reach::Open, "its mail was never made");
        let mail = client.reminder(ADDRESS);
        client.turn_to(3);
        for (state, is) in [
            ("deferred", Reach::Shut),
            ("held", Reach::Shut),
            ("expired", Reach::Open),
            ("dead", Reach::Open),
            ("cancelled", Reach::Open),
            ("rejected", Reach::Shut),
            ("bounced", Reach::Shut),
        ] {
            client.becomes(mail, state, 2);
            assert_eq!(client.reach(reminded), is, "{state}");
        }
        client.turn_to(8);
        assert_eq!(client.reach(reminded), Reach::Shut, "not every morning in vain");
        client.turn_to(9);
        assert_eq!(client.reach(reminded), Reach::Open, "and not forgotten");
        client.becomes(mail, "accepted", 2);
        assert_eq!(client.reach(reminded), Reach::Came(client.morning + TimeDelta::days(2)));
    }

    #[test]
    fn a_reminder_to_an_address_that_was_corrected_since_has_come_to_nobody() {
        let client = Client::new();
        let reminded = Some(client.morning);
        let typo = client.reminder("yamda@example.co.jp");
        for state in ["deferred", "bounced", "accepted"] {
            client.becomes(typo, state, 0);
            assert_eq!(client.reach(reminded), Reach::Open, "{state}");
        }
        client.turn_to(1);
        client.becomes(client.reminder("Yamada@Example.co.jp"), "accepted", 1);
        assert_eq!(
            client.reach(reminded),
            Reach::Came(client.morning + TimeDelta::days(1)),
            "the same mailbox"
        );
    }

    #[test]
    fn every_night_each_town_is_rid_of_what_is_old_and_keeps_the_rest() {
        let night = Night::new();
        night.leave_behind("1 hour");
        night.leave_behind("120 days");
        night.store.receive_blocking(night.towns[0], "lost.txt", "lost", 100).unwrap();
        let tasks = night.tasks();
        let evening = kernel::clock::machine_time();
        assert_eq!(tasks.tick(evening), 0);
        assert_eq!(
            tasks.tick(evening + TimeDelta::hours(24)),
            44,
            "eight sweeps, a look at quotes, deliveries, skills, trainings, forecasts, targets, milestones, advice, promises, payments, offers, claims, questions and counts, in two towns"
        );
        assert_eq!(tasks.tick(evening + TimeDelta::hours(24)), 0);
        assert_eq!(tasks.run_all(), 44);
        let each = |count| {
            ["mails", "requests", "sessions", "tokens"].map(|place| (place.to_owned(), count)).to_vec()
        };
        assert_eq!(night.left(), each(2), "an hour is not old");
        assert_eq!(night.stored(), 1, "an upload of today may still be kept");
        night.db.freeze(evening + TimeDelta::days(200));
        assert_eq!(tasks.tick(evening + TimeDelta::days(200)), 44, "missed nights are one");
        assert_eq!(tasks.run_all(), 44);
        assert_eq!((night.left(), night.stored()), (each(0), 0));
    }
}
