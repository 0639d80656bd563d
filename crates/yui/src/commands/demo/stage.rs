//! The stage the demo is played on: a door whose clock can be set, and the people who act.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use accounts::LinkKey;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, TimeZone as _, Utc};
use db::{Db, DbError, Tx};
use files::Store;
use kernel::{Actor, JST, OrganizationId, PersonId, RequestId, Scope, WorkerId};
use workforce::SkillId;

use crate::Stop;

/// The stage.
pub(super) struct Stage {
    pub(super) db: Db,
    /// Where what workers hand in is kept.
    pub(super) files: Store,
    pub(super) organization: OrganizationId,
    pub(super) key: LinkKey,
    /// The day the demo is filled on, in Japan.
    pub(super) today: NaiveDate,
    /// The town's skills, in the order the scenes number them.
    pub(super) skills: Vec<SkillId>,
    /// Active workers, in the order they registered.
    pub(super) hands: Vec<Hand>,
    now: Arc<AtomicI64>,
    cast: BTreeMap<&'static str, PersonId>,
}

/// A worker who takes units.
#[derive(Debug, Clone)]
pub(super) struct Hand {
    pub(super) person: PersonId,
    pub(super) worker: WorkerId,
    /// The skills they have, as the scenes number them.
    pub(super) skills: Vec<usize>,
}

impl Stage {
    /// Sets the stage: from now on the clock of `db` is the story's.
    pub(super) fn set(
        db: Db,
        files: Store,
        organization: OrganizationId,
        key: LinkKey,
        today: NaiveDate,
    ) -> Self {
        let now = Arc::new(AtomicI64::new(0));
        let read = now.clone();
        db.with_clock(move || {
            DateTime::from_timestamp_micros(read.load(Ordering::SeqCst)).unwrap_or_default()
        });
        let (skills, hands, cast) = (Vec::new(), Vec::new(), BTreeMap::new());
        let stage = Self { db, files, organization, key, today, skills, hands, now, cast };
        stage.turn_to(today, 0);
        stage
    }

    /// The stage of another town of the same database, under the same clock.
    pub(super) fn beside(&self, organization: OrganizationId) -> Self {
        Self {
            db: self.db.clone(),
            files: self.files.clone(),
            organization,
            key: self.key.clone(),
            today: self.today,
            skills: Vec::new(),
            hands: Vec::new(),
            now: self.now.clone(),
            cast: BTreeMap::new(),
        }
    }

    /// Sets the clock to a day, so many minutes after its midnight in Japan.
    pub(super) fn turn_to(&self, day: NaiveDate, minute: i64) {
        let midnight = JST.from_local_datetime(&day.and_time(NaiveTime::MIN)).earliest();
        let midnight = midnight.map_or(DateTime::<Utc>::UNIX_EPOCH, |midnight| midnight.to_utc());
        let then = midnight + TimeDelta::minutes(minute);
        self.now.store(then.timestamp_micros(), Ordering::SeqCst);
    }

    /// Lets so many minutes pass.
    pub(super) fn wait(&self, minutes: i64) {
        self.now.fetch_add(minutes * 60_000_000, Ordering::SeqCst);
    }

    /// Gives a part to a person.
    pub(super) fn cast(&mut self, part: &'static str, person: PersonId) {
        self.cast.insert(part, person);
    }

    /// Who plays a part.
    pub(super) fn who(&self, part: &str) -> Result<PersonId, Stop> {
        self.cast.get(part).copied().ok_or_else(|| Stop::failed(format!("nobody plays {part} in the demo")))
    }

    /// Lets somebody act.
    pub(super) fn act<T, E>(
        &self,
        person: PersonId,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, Stop>
    where
        E: From<DbError> + std::fmt::Display,
    {
        self.run(Actor::Person(person), work)
    }

    /// Lets a client act, who has no account.
    pub(super) fn client<T, E>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, Stop>
    where
        E: From<DbError> + std::fmt::Display,
    {
        self.run(Actor::Outside, work)
    }

    /// Lets nobody in particular act.
    pub(super) fn system<T, E>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, Stop>
    where
        E: From<DbError> + std::fmt::Display,
    {
        self.run(Actor::System, work)
    }

    fn run<T, E>(&self, actor: Actor, work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, Stop>
    where
        E: From<DbError> + std::fmt::Display,
    {
        let scope = Scope { organization: self.organization, actor, request: RequestId(0) };
        self.db
            .run_blocking(scope, work)
            .map_err(|error| Stop::failed(format!("the demo cannot be played: {error}")))
    }
}
