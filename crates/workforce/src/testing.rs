//! For this crate's tests: a clock that the test moves, and a town with a telework centre – a room, a desk, two workers, a
//! coordinator.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use db::testing::TestDb;
use db::{DbError, Tx};
use kernel::{OrganizationId, PersonId};
use queue::{Delivered, Event, Registry, Runner};

use crate::places::{self, PlaceId, PlaceInput};

/// A Sunday afternoon in Japan.
const BEGINNING: &str = "2026-11-22T05:00:00Z";

/// What time it is for everybody who uses a database.
pub(crate) struct Clock(Arc<AtomicI64>);

impl Clock {
    pub(crate) fn of(db: &TestDb, beginning: &str) -> Self {
        let clock = Arc::new(AtomicI64::new(instant(beginning).timestamp()));
        let hand = Arc::clone(&clock);
        db.app.with_clock(move || {
            DateTime::from_timestamp(hand.load(Ordering::SeqCst), 0).expect("an instant of this century")
        });
        Self(clock)
    }

    /// From now on it is `time`.
    pub(crate) fn set(&self, time: &str) {
        self.0.store(instant(time).timestamp(), Ordering::SeqCst);
    }
}

pub(crate) struct Centre {
    pub(crate) db: TestDb,
    pub(crate) town: OrganizationId,
    pub(crate) coordinator: PersonId,
    pub(crate) worker: PersonId,
    pub(crate) other: PersonId,
    pub(crate) room: PlaceId,
    clock: Clock,
}

impl Centre {
    pub(crate) fn new() -> Self {
        let db = TestDb::new();
        let clock = Clock::of(&db, BEGINNING);
        let town = db.town("tateshina");
        let coordinator = db.person(town, "Sato", &["coordinator"]);
        let worker = db.person(town, "Aoki", &["worker"]);
        let other = db.person(town, "Baba", &["worker"]);
        let open = |name: &str, kind: &str| {
            db.acting(town, coordinator, |tx| places::open(tx, &input(name, kind))).unwrap().id
        };
        let room = open("個室A", "room");
        open("席1", "desk");
        Self { db, town, coordinator, worker, other, room, clock }
    }

    /// From now on it is `time`.
    pub(crate) fn at(&self, time: &str) {
        self.clock.set(time);
    }

    /// A second room.
    pub(crate) fn another_room(&self) -> PlaceId {
        self.as_coordinator(|tx| places::open(tx, &input("個室B", "room"))).unwrap().id
    }

    pub(crate) fn as_person<T, E: From<DbError>>(
        &self,
        person: PersonId,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.db.acting(self.town, person, work)
    }

    pub(crate) fn as_coordinator<T, E: From<DbError>>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.as_person(self.coordinator, work)
    }

    pub(crate) fn as_worker<T, E: From<DbError>>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.as_person(self.worker, work)
    }

    pub(crate) fn as_other<T, E: From<DbError>>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.as_person(self.other, work)
    }

    /// Every fact of that kind which was recorded since the last time somebody asked, in its order.
    pub(crate) fn told<E: Event + Clone + Sync>(&self) -> Vec<E> {
        let heard: Arc<Mutex<Vec<E>>> = Arc::default();
        let ear = Arc::clone(&heard);
        let mut registry = Registry::new();
        registry.subscribe("test", move |_tx: &mut Tx<'_>, delivered: Delivered<E>| {
            ear.lock().unwrap().push(delivered.fact);
            Ok(())
        });
        Runner::new(self.db.app.clone(), self.db.queue.clone(), registry).run_all().unwrap();
        heard.lock().unwrap().clone()
    }
}

fn input(name: &str, kind: &str) -> PlaceInput {
    PlaceInput {
        name: name.into(),
        kind: kind.into(),
        opens_at: "9:00".into(),
        closes_at: "17:00".into(),
        weekdays: ["mon", "tue", "wed", "thu", "fri"].map(Into::into).to_vec(),
        ..PlaceInput::default()
    }
}

fn instant(time: &str) -> DateTime<Utc> {
    time.parse().unwrap()
}
