//! [`Db`], [`Tx`] and [`Lobby`].

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::connection::{CacheSize, SimpleConnection as _};
use diesel::pg::PgConnection;
use diesel::sql_types::{Bool, Text, Timestamptz};
use diesel::{Connection as _, IntoSql as _, RunQueryDsl as _, dsl};
use kernel::{Actor, Ctx, OrganizationId, Scope};
use r2d2::{Pool, PooledConnection};

use crate::erased::{self, Aside};
use crate::error::DbError;
use crate::held::Connector;

/// What stands between Yui and the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Path {
    /// Nothing, or something that keeps a session together.
    #[default]
    Direct,
    /// A pooler that may send each transaction to another session: nothing is prepared, no setting outlives a
    /// transaction (the roles' own time limits hold), nobody listens.
    Pooler,
}

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
    /// What stands between.
    pub path: Path,
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
            path: Path::Direct,
            commit: Commit::OnDisk,
        }
    }
}

impl PoolSettings {
    /// Makes a new connection ready.
    pub(crate) fn prepare(&self, conn: &mut PgConnection) -> Result<(), diesel::result::Error> {
        if self.path == Path::Pooler {
            conn.set_prepared_statement_cache_size(CacheSize::Disabled);
            return Ok(());
        }
        let (statement, lock) = (self.statement.as_millis(), self.lock.as_millis());
        conn.batch_execute(&format!(
            "SET statement_timeout = {statement}; SET lock_timeout = {lock}; \
             SET idle_in_transaction_session_timeout = {statement}; SET timezone = 'UTC'; {PLANNER}"
        ))?;
        match self.commit {
            Commit::OnDisk => Ok(()),
            Commit::Soon => conn.batch_execute("SET synchronous_commit = off"),
        }
    }
}

/// What the planner is told. Pages look for few rows of tables that fit into memory or lie on a disk without arms: an index costs
/// little more than reading on, and compiling a statement costs more than running it. A merge join walks both its sides in order
/// and looks cheap where one side ends early: of units most have no review, appeal or fix, the newest have, and a million units
/// were read for one (274 ms for a verdict's pay). Where much is joined, a hash join does as well.
const PLANNER: &str = "SET enable_mergejoin = off; SET random_page_cost = 1.1; SET jit = off";

/// What is said where every connection that the pool lends is dead.
const ALL_DEAD: &str = "every connection is dead";

/// How a transaction begins: it sets its scope and reads its time.
type Opening<'o> = dyn Fn(&mut PgConnection) -> Result<DateTime<Utc>, diesel::result::Error> + 'o;
/// What a transaction is for; it says whether to keep what it wrote.
type Work<'w> = dyn FnMut(&mut PgConnection, DateTime<Utc>, &mut BTreeSet<&'static str>) -> bool + 'w;
type OnSignal = Box<dyn Fn(&BTreeSet<&'static str>) + Send + Sync>;
type Clock = Box<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// A pool of connections and the one way to use them. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    pool: Pool<Connector>,
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
            .error_handler(Box::new(r2d2::NopErrorHandler))
            .build_unchecked(Connector { url: url.to_owned(), settings: settings.clone() });
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
        erased::blocking(move || db.run_blocking(scope, work)).await
    }

    /// [`Db::run`] for code that already has a thread to block: commands, background workers, tests.
    pub fn run_blocking<T, E, F>(&self, scope: Scope, work: F) -> Result<T, E>
    where
        E: From<DbError>,
        F: FnOnce(&mut Tx<'_>) -> Result<T, E>,
    {
        let mut aside = Aside::new(work);
        let ended = self.in_town(scope, &mut |tx| aside.run(|work| work(tx)));
        aside.outcome(ended)
    }

    fn in_town(&self, scope: Scope, work: &mut dyn FnMut(&mut Tx<'_>) -> bool) -> Result<(), DbError> {
        self.transact(&|conn| open_scope(conn, scope), &mut |conn, now, signals| {
            work(&mut Tx { conn, ctx: ctx_of(scope, now), signals })
        })
    }

    /// Runs `work` in one transaction, which is kept where `work` says so, and tells what it raised. A connection that died
    /// while it lay idle costs nobody a request: nothing had begun, so the next one is taken.
    fn transact(&self, opening: &Opening<'_>, work: &mut Work<'_>) -> Result<(), DbError> {
        // Behind all that the pool holds comes one that is opened now.
        for _ in 0..=self.pool.max_size() {
            if self.attempt(opening, work)? {
                return Ok(());
            }
        }
        Err(DbError::Unavailable(ALL_DEAD.to_owned()))
    }

    /// [`transact`](Self::transact) with one connection; whether it lived long enough for the work to begin.
    fn attempt(&self, opening: &Opening<'_>, work: &mut Work<'_>) -> Result<bool, DbError> {
        let mut held = self.checkout()?;
        let (mut signals, mut has_begun) = (BTreeSet::new(), false);
        let kept = erased::transaction(&mut held.conn, &mut |conn| {
            let now = opening(conn)?;
            has_begun = true;
            let now = self.clock.get().map_or(now, |clock| clock());
            Ok(work(conn, now, &mut signals))
        });
        match kept {
            Ok(true) => self.tell(&signals),
            Ok(false) => {}
            // The transaction's own beginning or end failed; that may mean that the connection is dead.
            Err(error) => {
                if held.doubt() && !has_begun {
                    return Ok(false);
                }
                return Err(error.into());
            }
        }
        Ok(true)
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
        erased::blocking(move || db.lobby_blocking(work)).await
    }

    /// [`Db::lobby`] for code that already has a thread to block.
    pub fn lobby_blocking<T, E, F>(&self, work: F) -> Result<T, E>
    where
        E: From<DbError>,
        F: FnOnce(&mut Lobby<'_>) -> Result<T, E>,
    {
        let mut aside = Aside::new(work);
        let ended = self.in_lobby(&mut |lobby| aside.run(|work| work(lobby)));
        aside.outcome(ended)
    }

    fn in_lobby(&self, work: &mut dyn FnMut(&mut Lobby<'_>) -> bool) -> Result<(), DbError> {
        self.transact(&database_time, &mut |conn, now, signals| work(&mut Lobby { conn, now, signals }))
    }

    /// Runs one statement without a town as a transaction of its own: for the bookkeeping of the queue, where BEGIN,
    /// the time and COMMIT would be three round trips beside one. A second statement would be a second transaction.
    pub fn single_blocking<T>(
        &self,
        statement: impl FnOnce(&mut PgConnection) -> Result<T, diesel::result::Error>,
    ) -> Result<T, DbError> {
        let mut held = self.checkout()?;
        statement(&mut held.conn).map_err(|error| {
            held.doubt();
            error.into()
        })
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

    fn checkout(&self) -> Result<PooledConnection<Connector>, DbError> {
        self.pool.get().map_err(|error| DbError::Unavailable(error.to_string()))
    }
}

diesel::define_sql_function! {
    /// Sets a setting, until the transaction ends where `is_local`.
    fn set_config(name: Text, value: Text, is_local: Bool) -> Text;
}

/// Sets the transaction's scope and reads its time in one round trip, by a statement that is prepared once.
fn open_scope(conn: &mut PgConnection, scope: Scope) -> Result<DateTime<Utc>, diesel::result::Error> {
    let setting = |name: &'static str, value: String| set_config(name, value, true);
    let (now, _, _, _): (DateTime<Utc>, String, String, String) = diesel::select((
        dsl::now.into_sql::<Timestamptz>(),
        setting("yui.org", scope.organization.to_string()),
        setting("yui.actor", scope.actor.to_string()),
        setting("yui.request", scope.request.to_string()),
    ))
    .get_result(conn)?;
    Ok(now)
}

/// Ends the scope inside a transaction that goes on without a town.
fn close_scope(conn: &mut PgConnection) -> Result<(), diesel::result::Error> {
    let setting = |name: &'static str| set_config(name, "", true);
    diesel::select((setting("yui.org"), setting("yui.actor"), setting("yui.request"))).execute(conn)?;
    Ok(())
}

fn ctx_of(scope: Scope, now: DateTime<Utc>) -> Ctx {
    let Scope { organization, actor, request } = scope;
    Ctx { organization, actor, request, now }
}

fn database_time(conn: &mut PgConnection) -> Result<DateTime<Utc>, diesel::result::Error> {
    diesel::select(dsl::now.into_sql::<Timestamptz>()).get_result(conn)
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

    /// From now on in this transaction the server plans a prepared statement once for all values instead of for each. For
    /// statements that go by a key, where planning takes longer than the work and no value would change the plan.
    ///
    /// Left to itself it plans anew wherever it reckons the values to help, and a `LIMIT` that is bound always seems to:
    /// unknown, it counts as a tenth of everything.
    pub fn plan_once(&mut self) -> Result<(), DbError> {
        Ok(self.conn.batch_execute("SET LOCAL plan_cache_mode = force_generic_plan")?)
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
        let mut aside = Aside::new(work);
        let ended = self.set_apart(&mut |tx| aside.run(|work| work(tx)));
        aside.outcome(ended)
    }

    fn set_apart(&mut self, work: &mut dyn FnMut(&mut Tx<'_>) -> bool) -> Result<(), DbError> {
        let (ctx, signals) = (self.ctx, &mut *self.signals);
        erased::savepoint(self.conn, &mut |conn| Ok(work(&mut Tx { conn, ctx, signals: &mut *signals })))
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
        let mut aside = Aside::new(work);
        let ended = self.visit(scope, &mut |tx| aside.run(|work| work(tx)));
        aside.outcome(ended)
    }

    fn visit(&mut self, scope: Scope, work: &mut dyn FnMut(&mut Tx<'_>) -> bool) -> Result<(), DbError> {
        let (ctx, signals) = (ctx_of(scope, self.now), &mut *self.signals);
        // A rolled back savepoint takes the settings of its scope along; a released one has to close it.
        erased::savepoint(self.conn, &mut |conn| {
            open_scope(conn, scope)?;
            let keeps = work(&mut Tx { conn: &mut *conn, ctx, signals: &mut *signals });
            if keeps {
                close_scope(conn)?;
            }
            Ok(keeps)
        })
    }
}
