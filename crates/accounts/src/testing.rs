//! What this crate's tests share: a town with a clock that only the test moves, and an ear for events.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use db::testing::TestDb;
use db::{DbError, Tx};
use kernel::{Actor, OrganizationId, PersonId, RequestId, Scope};
use queue::{Delivered, Event, Registry, Runner};

use crate::passwords::{NewPassword, PasswordHash};
use crate::persons;

pub(crate) fn hash(password: &str) -> PasswordHash {
    NewPassword::parse(&password.into(), &password.into(), &[]).unwrap().hash()
}

pub(crate) struct Town {
    pub(crate) db: TestDb,
    pub(crate) id: OrganizationId,
    clock: &'static Mutex<DateTime<Utc>>,
}

impl Town {
    pub(crate) fn new() -> Self {
        let db = TestDb::new();
        let id = db.town("tateshina");
        let start = "2026-11-22T00:00:00Z".parse().unwrap();
        let clock: &'static Mutex<DateTime<Utc>> = Box::leak(Box::new(Mutex::new(start)));
        db.app.with_clock(|| *clock.lock().unwrap());
        db.queue.with_clock(|| *clock.lock().unwrap());
        Self { db, id, clock }
    }

    /// Runs `work` as somebody outside, the way a sign-in or a link does.
    pub(crate) fn run<T, E: From<DbError>>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let scope = Scope { organization: self.id, actor: Actor::Outside, request: RequestId(1) };
        self.db.app.run_blocking(scope, work)
    }

    /// An active person with the mail address `NAME@example.jp`.
    pub(crate) fn person(&self, name: &str, roles: &[&str]) -> PersonId {
        self.db.invited(self.id, name, roles)
    }

    /// The same with a password.
    pub(crate) fn member(&self, name: &str, password: &str) -> PersonId {
        let person = self.person(name, &["sales"]);
        self.run(|tx| persons::set_password(tx, person, &hash(password))).unwrap();
        person
    }

    pub(crate) fn pass(&self, span: TimeDelta) {
        *self.clock.lock().unwrap() += span;
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        *self.clock.lock().unwrap()
    }

    /// Every `E` recorded since the last call, as a subscriber gets it.
    pub(crate) fn heard<E: Event + Clone + Sync>(&self) -> Vec<E> {
        let heard: Arc<Mutex<Vec<E>>> = Arc::default();
        let mut registry = Registry::new();
        let ear = heard.clone();
        registry.subscribe("ear", move |_tx: &mut Tx<'_>, delivered: Delivered<E>| {
            ear.lock().unwrap().push(delivered.fact);
            Ok(())
        });
        Runner::new(self.db.app.clone(), self.db.queue.clone(), registry).run_all().unwrap();
        heard.lock().unwrap().clone()
    }
}
