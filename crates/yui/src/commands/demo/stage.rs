//! The stage the demo is played on: a door whose clock can be set, and the people who act.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use accounts::LinkKey;
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone as _, Utc};
use db::{Db, DbError, PoolSettings, Tx};
use kernel::{Actor, JST, OrganizationId, PersonId, RequestId, Scope, clock, date_in_japan};

use crate::Stop;

/// The stage.
pub(super) struct Stage {
    pub(super) db: Db,
    pub(super) organization: OrganizationId,
    pub(super) key: LinkKey,
    /// The day the demo is filled on.
    pub(super) today: NaiveDate,
    now: Arc<AtomicI64>,
    cast: BTreeMap<&'static str, PersonId>,
}

impl Stage {
    pub(super) fn set(app_url: &str, organization: OrganizationId, key: LinkKey) -> Self {
        let db = Db::connect(app_url, &PoolSettings { size: 2, ..PoolSettings::default() });
        let machine = clock::machine_time();
        let now = Arc::new(AtomicI64::new(machine.timestamp_micros()));
        let read = now.clone();
        db.with_clock(move || {
            DateTime::from_timestamp_micros(read.load(Ordering::SeqCst)).unwrap_or_default()
        });
        Self { db, organization, key, today: date_in_japan(machine), now, cast: BTreeMap::new() }
    }

    /// Sets the clock to ten in the morning in Japan, so many days ago; never later than the machine's own time,
    /// and a minute later with each call so that things happen one after another.
    pub(super) fn days_ago(&self, days: u64) {
        let day = self.today.checked_sub_days(Days::new(days)).unwrap_or(self.today);
        let morning = JST.from_local_datetime(&day.and_time(NaiveTime::MIN)).earliest();
        let ten = morning
            .map_or_else(clock::machine_time, |morning| morning.with_timezone(&Utc) + TimeDelta::hours(10));
        let earliest = self.now.load(Ordering::SeqCst);
        let latest = clock::machine_time().timestamp_micros();
        let wanted = ten.timestamp_micros();
        let same_day = (earliest - wanted).abs() < TimeDelta::hours(8).num_microseconds().unwrap_or(0);
        let next = if same_day { earliest + 60_000_000 } else { wanted };
        self.now.store(next.min(latest), Ordering::SeqCst);
    }

    /// A day relative to today, as forms take it.
    pub(super) fn day(&self, from_today: i64) -> String {
        (self.today + TimeDelta::days(from_today)).to_string()
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
        let scope =
            Scope { organization: self.organization, actor: Actor::Person(person), request: RequestId(0) };
        self.db
            .run_blocking(scope, work)
            .map_err(|error| Stop::failed(format!("the demo cannot be played: {error}")))
    }

    /// Lets nobody in particular act.
    pub(super) fn system<T, E>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, Stop>
    where
        E: From<DbError> + std::fmt::Display,
    {
        let scope = Scope::system(self.organization);
        self.db
            .run_blocking(scope, work)
            .map_err(|error| Stop::failed(format!("the demo cannot be played: {error}")))
    }
}
