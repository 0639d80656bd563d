//! [`Db`], [`Tx`] and [`Lobby`].

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::pg::PgConnection;
use diesel::r2d2::{ConnectionManager, CustomizeConnection, Pool, PooledConnection};
use diesel::sql_types::{Text, Timestamptz};
use diesel::{Connection, QueryableByName, RunQueryDsl, sql_query};
use kernel::{Actor, Ctx, OrganizationId, Scope};

use crate::error::DbError;

/// How many connections, and how patient.
#[derive(Debug, Clone)]
pub struct PoolSettings {
    /// Connections at most; keep it at or below the number of blocking threads.
    pub size: u32,
    /// How long a request waits for a connection before it is answered with 503.
    pub checkout: Duration,
    /// The longest a statement may run.
    pub statement: Duration,
    /// The longest a statement may wait for a lock.
    pub lock: Duration,
    /// What a commit waits for.
    pub commit: Commit,
}

/// What a commit waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Commit {
    /// Until it is on disk, as the server is set.
    OnDisk,
    /// For nothing. A crash may lose the last moments, never half a transaction; the next commit of a patient pool
    /// puts all of it on disk. Only for what can be made again, such as the demo town.
    Soon,
}

impl Default for PoolSettings {
    fn default() -> Self {
        Self {
            size: 10,
            checkout: Duration::from_secs(3),
            statement: Duration::from_secs(30),
            lock: Duration::from_secs(5),
            commit: Commit::OnDisk,
        }
    }
}

#[derive(Debug)]
struct Timeouts(PoolSettings);

impl CustomizeConnection<PgConnection, diesel::r2d2::Error> for Timeouts {
    fn on_acquire(&self, conn: &mut PgConnection) -> Result<(), diesel::r2d2::Error> {
        use diesel::connection::SimpleConnection;
        let (statement, lock) = (self.0.statement.as_millis(), self.0.lock.as_millis());
        conn.batch_execute(&format!(
            "SET statement_timeout = {statement}; SET lock_timeout = {lock}; \
             SET idle_in_transaction_session_timeout = {statement}; SET timezone = 'UTC'"
        ))
        .and_then(|()| match self.0.commit {
            Commit::OnDisk => Ok(()),
            Commit::Soon => conn.batch_execute("SET synchronous_commit = off"),
        })
        .map_err(diesel::r2d2::Error::QueryError)
    }
}

type OnSignal = Box<dyn Fn(&BTreeSet<&'static str>) + Send + Sync>;
type Clock = Box<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// A pool of connections and the one way to use them. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    pool: Pool<ConnectionManager<PgConnection>>,
    on_signal: Arc<OnceLock<OnSignal>>,
    clock: Arc<OnceLock<Clock>>,
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Db").field("pool", &self.pool.state()).finish_non_exhaustive()
    }
}

impl Db {
    /// Prepares a pool for `url`; connections are opened on first use, so a server that is away is no error yet.
    pub fn connect(url: &str, settings: &PoolSettings) -> Self {
        let pool = Pool::builder()
            .max_size(settings.size)
            .min_idle(Some(0))
            .connection_timeout(settings.checkout)
            .test_on_check_out(false)
            .error_handler(Box::new(diesel::r2d2::NopErrorHandler))
            .connection_customizer(Box::new(Timeouts(settings.clone())))
            .build_unchecked(ConnectionManager::new(url));
        Self { pool, on_signal: Arc::default(), clock: Arc::default() }
    }

    /// Runs `work` in one transaction in the scope of one town. Dropping the future does not stop the work: it
    /// commits or rolls back on its own, so handlers must be safe to repeat.
    pub async fn run<T, E, F>(&self, scope: Scope, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let db = self.clone();
        tokio::task::spawn_blocking(move || db.run_blocking(scope, work)).await.unwrap_or_else(|stopped| {
            Err(DbError::Unavailable(format!("the work was stopped: {stopped}")).into())
        })
    }

    /// [`Db::run`] for code that already has a thread to block: commands, background workers, tests.
    pub fn run_blocking<T, E, F>(&self, scope: Scope, work: F) -> Result<T, E>
    where
        E: From<DbError>,
        F: FnOnce(&mut Tx<'_>) -> Result<T, E>,
    {
        let mut conn = self.checkout()?;
        let mut signals = BTreeSet::new();
        let outcome = conn.transaction::<T, Failed<E>, _>(|conn| {
            let now = open_scope(conn, scope).map_err(|error| Failed::Verb(error.into()))?;
            let now = self.clock.get().map_or(now, |clock| clock());
            let mut tx = Tx { conn, ctx: ctx_of(scope, now), signals: &mut signals };
            work(&mut tx).map_err(Failed::Verb)
        });
        if outcome.is_ok() {
            self.tell(&signals);
        }
        outcome.map_err(Failed::into_verb)
    }

    fn tell(&self, signals: &BTreeSet<&'static str>) {
        if !signals.is_empty()
            && let Some(tell) = self.on_signal.get()
        {
            tell(signals);
        }
    }

    /// Runs `work` in a transaction without any town: for look-ups before the town is known and for the few
    /// tables that have no town. Row-level security shows no row of any town here.
    pub async fn lobby<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: FnOnce(&mut Lobby<'_>) -> Result<T, E> + Send + 'static,
    {
        let db = self.clone();
        tokio::task::spawn_blocking(move || db.lobby_blocking(work)).await.unwrap_or_else(|stopped| {
            Err(DbError::Unavailable(format!("the work was stopped: {stopped}")).into())
        })
    }

    /// [`Db::lobby`] for code that already has a thread to block.
    pub fn lobby_blocking<T, E, F>(&self, work: F) -> Result<T, E>
    where
        E: From<DbError>,
        F: FnOnce(&mut Lobby<'_>) -> Result<T, E>,
    {
        let mut conn = self.checkout()?;
        let mut signals = BTreeSet::new();
        let outcome = conn.transaction::<T, Failed<E>, _>(|conn| {
            let now = database_time(conn).map_err(|error| Failed::Verb(error.into()))?;
            let now = self.clock.get().map_or(now, |clock| clock());
            work(&mut Lobby { conn, now, signals: &mut signals }).map_err(Failed::Verb)
        });
        if outcome.is_ok() {
            self.tell(&signals);
        }
        outcome.map_err(Failed::into_verb)
    }

    /// Calls `tell` after each commit whose transaction [raised](Tx::raise) signals. Set once, at start-up.
    pub fn on_signal(&self, tell: impl Fn(&BTreeSet<&'static str>) + Send + Sync + 'static) {
        // A second caller would silently take the wake-ups away from the first; the first one keeps them.
        let _already_set = self.on_signal.set(Box::new(tell));
    }

    /// Replaces the database's time by `clock`'s in every transaction from now on. For tests and simulations.
    pub fn with_clock(&self, clock: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) {
        let _already_set = self.clock.set(Box::new(clock));
    }

    /// How many connections are open and how many of them are idle.
    pub fn connections(&self) -> (u32, u32) {
        let state = self.pool.state();
        (state.connections, state.idle_connections)
    }

    fn checkout(&self) -> Result<PooledConnection<ConnectionManager<PgConnection>>, DbError> {
        self.pool.get().map_err(|error| DbError::Unavailable(error.to_string()))
    }
}

/// `Connection::transaction` wants its error to swallow diesel's own (a failed COMMIT); a verb's error does that
/// through [`DbError`].
enum Failed<E> {
    Verb(E),
    Transaction(diesel::result::Error),
}

impl<E: From<DbError>> Failed<E> {
    fn into_verb(self) -> E {
        match self {
            Self::Verb(error) => error,
            Self::Transaction(error) => DbError::from(error).into(),
        }
    }
}

impl<E> From<diesel::result::Error> for Failed<E> {
    fn from(error: diesel::result::Error) -> Self {
        Self::Transaction(error)
    }
}

#[derive(QueryableByName)]
struct Now {
    #[diesel(sql_type = Timestamptz)]
    now: DateTime<Utc>,
}

/// Sets the transaction's scope and reads its time in one round trip.
fn open_scope(conn: &mut PgConnection, scope: Scope) -> Result<DateTime<Utc>, DbError> {
    let row: Now = sql_query(
        "SELECT now() AS now, set_config('yui.org', $1, true), set_config('yui.actor', $2, true), \
         set_config('yui.request', $3, true)",
    )
    .bind::<Text, _>(scope.organization.to_string())
    .bind::<Text, _>(scope.actor.to_string())
    .bind::<Text, _>(scope.request.to_string())
    .get_result(conn)?;
    Ok(row.now)
}

/// Ends the scope inside a transaction that goes on without a town.
fn close_scope(conn: &mut PgConnection) -> Result<(), DbError> {
    sql_query(
        "SELECT set_config('yui.org', '', true), set_config('yui.actor', '', true), \
         set_config('yui.request', '', true)",
    )
    .execute(conn)?;
    Ok(())
}

fn ctx_of(scope: Scope, now: DateTime<Utc>) -> Ctx {
    let Scope { organization, actor, request } = scope;
    Ctx { organization, actor, request, now }
}

fn database_time(conn: &mut PgConnection) -> Result<DateTime<Utc>, DbError> {
    let row: Now = sql_query("SELECT now() AS now").get_result(conn)?;
    Ok(row.now)
}

/// An open transaction in the scope of one town: what every verb takes, and the proof that the scope is set.
pub struct Tx<'a> {
    conn: &'a mut PgConnection,
    ctx: Ctx,
    signals: &'a mut BTreeSet<&'static str>,
}

impl Tx<'_> {
    /// Who, where, when.
    pub fn ctx(&self) -> Ctx {
        self.ctx
    }

    /// The transaction's time: the database's clock, or the one a test injected.
    pub fn now(&self) -> DateTime<Utc> {
        self.ctx.now
    }

    /// The town.
    pub fn organization(&self) -> OrganizationId {
        self.ctx.organization
    }

    /// Who acts.
    pub fn actor(&self) -> Actor {
        self.ctx.actor
    }

    /// The connection; for `store.rs` and `lists.rs` only.
    pub fn conn(&mut self) -> &mut PgConnection {
        self.conn
    }

    /// Asks that whoever listens to `signal` be told once this transaction has committed (and not if it rolls
    /// back).
    pub fn raise(&mut self, signal: &'static str) {
        self.signals.insert(signal);
    }

    /// Runs `work` so that its error undoes only its own writes.
    pub fn savepoint<T, E, F>(&mut self, work: F) -> Result<T, E>
    where
        E: From<DbError>,
        F: FnOnce(&mut Tx<'_>) -> Result<T, E>,
    {
        let ctx = self.ctx;
        let signals = &mut *self.signals;
        self.conn
            .transaction::<T, Failed<E>, _>(|conn| work(&mut Tx { conn, ctx, signals }).map_err(Failed::Verb))
            .map_err(Failed::into_verb)
    }
}

/// An open transaction without a town.
pub struct Lobby<'a> {
    conn: &'a mut PgConnection,
    now: DateTime<Utc>,
    signals: &'a mut BTreeSet<&'static str>,
}

impl Lobby<'_> {
    /// The connection; for `store.rs` and `lists.rs` only.
    pub fn conn(&mut self) -> &mut PgConnection {
        self.conn
    }

    /// The transaction's time.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// Runs `work` in the scope of a town, as a part of this transaction: for a town that this transaction opens,
    /// so that it is there with its first rows or not at all. Its error undoes its own writes; afterwards the
    /// transaction is in the lobby again.
    pub fn enter<T, E, F>(&mut self, scope: Scope, work: F) -> Result<T, E>
    where
        E: From<DbError>,
        F: FnOnce(&mut Tx<'_>) -> Result<T, E>,
    {
        let ctx = ctx_of(scope, self.now);
        let signals = &mut *self.signals;
        // A rolled back savepoint takes the settings of its scope along; a released one has to close it.
        self.conn
            .transaction::<T, Failed<E>, _>(|conn| {
                open_scope(conn, scope).map_err(|error| Failed::Verb(error.into()))?;
                let done = work(&mut Tx { conn, ctx, signals }).map_err(Failed::Verb)?;
                close_scope(conn).map_err(|error| Failed::Verb(error.into()))?;
                Ok(done)
            })
            .map_err(Failed::into_verb)
    }
}
