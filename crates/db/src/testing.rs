//! A database of its own for every test, cloned from a migrated template on a throwaway server that this test
//! process starts at its first need and that ends with the process. The server begins as a copy of one that the first test
//! program of a build prepares for all ([`model`]).
#![expect(clippy::expect_used, clippy::missing_panics_doc, reason = "a test's arrangement may not fail")]

mod explaining;
mod model;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread::{Scope as Threads, ScopedJoinHandle};
use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use kernel::{Actor, OrganizationId, PersonId, RequestId, Scope};

pub use explaining::plan;
pub use model::begin_migrated;

use crate::private_postgres::{Binaries, ConnectionInfo, PrivatePostgres, Role, Settings};
use crate::{Db, DbError, PoolSettings, Tx};

const TEMPLATE: &str = "yui_template";

struct Server {
    connection: ConnectionInfo,
    binaries: Binaries,
    /// Kept until the process ends.
    _postgres: Mutex<PrivatePostgres>,
    /// Only one clone at a time: CREATE DATABASE locks its template.
    cloning: Mutex<()>,
}

/// The `migrations/` folder at the top of the workspace.
pub fn migrations_folder() -> PathBuf {
    let mut folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    folder.push("../../migrations");
    folder
}

/// Runs every migration of the workspace on the database at `url`.
pub fn migrate(url: &str) {
    let mut owner = PgConnection::establish(url).expect("the test server answers");
    let migrations = FileBasedMigrations::from_path(migrations_folder())
        .expect("migrations/ is at the top of the workspace");
    owner.run_pending_migrations(migrations).expect("the migrations run");
}

fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| {
        let settings = Settings { copy_of: Some(model::cluster()), ..Settings::throwaway() };
        let postgres = PrivatePostgres::start(settings).expect("a throwaway PostgreSQL starts");
        Server {
            connection: postgres.connection().clone(),
            binaries: postgres.binaries().clone(),
            _postgres: Mutex::new(postgres),
            cloning: Mutex::new(()),
        }
    })
}

/// The throwaway server's socket and programs, for tests of backup and restore.
pub fn test_server() -> (&'static ConnectionInfo, &'static Binaries) {
    (&server().connection, &server().binaries)
}

/// One test's own database, with the two pools the product uses.
#[derive(Debug)]
pub struct TestDb {
    /// As the role that serves people.
    pub app: Db,
    /// As the role that claims tasks and messages of all towns.
    pub queue: Db,
    name: String,
}

/// Hundreds of tests, each with a database of some ten megabytes, would need gigabytes where these lie in memory.
impl Drop for TestDb {
    fn drop(&mut self) {
        let Ok(mut owner) = PgConnection::establish(&server().connection.url(Role::Owner)) else { return };
        // What is left where this fails goes with its server.
        let _dropped = owner.batch_execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
    }
}

impl TestDb {
    /// A fresh, migrated, empty database.
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let server = server();
        let _one_at_a_time = server.cloning.lock().unwrap_or_else(PoisonError::into_inner);
        let mut owner =
            PgConnection::establish(&server.connection.url(Role::Owner)).expect("the test server answers");
        owner
            .batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY"))
            .expect("a database can be cloned");
        let settings = PoolSettings { size: 8, checkout: Duration::from_secs(20), ..PoolSettings::default() };
        let connection = &server.connection;
        Self {
            app: Db::connect(&connection.url_of(Role::App, &name), &settings),
            queue: Db::connect(&connection.url_of(Role::Queue, &name), &settings),
            name,
        }
    }

    /// This database's URL as `role`.
    pub fn url(&self, role: Role) -> String {
        server().connection.url_of(role, &self.name)
    }

    /// This database's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A connection as the owner, which sees every town: for asserting what really stands in the tables.
    pub fn owner(&self) -> PgConnection {
        PgConnection::establish(&self.url(Role::Owner)).expect("the test server answers")
    }

    /// Opens a town.
    pub fn town(&self, slug: &str) -> OrganizationId {
        #[derive(QueryableByName)]
        struct Opened {
            #[diesel(sql_type = diesel::sql_types::BigInt)]
            id: i64,
        }
        let opened: Opened =
            diesel::sql_query("SELECT open_organization($1, $1, 'real', NULL, 'ja', $1) AS id")
                .bind::<diesel::sql_types::Text, _>(slug)
                .get_result(&mut self.owner())
                .expect("a town can be opened");
        OrganizationId(opened.id)
    }

    /// Adds a person with the given roles who has chosen a password, though not one that opens anything.
    pub fn person(&self, town: OrganizationId, family_name: &str, roles: &[&str]) -> PersonId {
        self.enter(town, family_name, roles, Some("chosen"))
    }

    /// Adds a person with the given roles who has not chosen a password yet.
    pub fn invited(&self, town: OrganizationId, family_name: &str, roles: &[&str]) -> PersonId {
        self.enter(town, family_name, roles, None)
    }

    fn enter(&self, town: OrganizationId, family_name: &str, roles: &[&str], hash: Option<&str>) -> PersonId {
        #[derive(QueryableByName)]
        struct Added {
            #[diesel(sql_type = diesel::sql_types::BigInt)]
            id: i64,
        }
        let added: Added = diesel::sql_query(
            "WITH p AS (INSERT INTO persons (organization_id, family_name, family_kana, email, email_key, password_hash) \
                 VALUES ($1, $2, $2, $4, $4, $5) RETURNING organization_id, id), \
             m AS (INSERT INTO memberships (organization_id, person_id, role) \
                 SELECT p.organization_id, p.id, r FROM p, unnest($3) r) \
             SELECT id FROM p",
        )
        .bind::<diesel::sql_types::BigInt, _>(town.0)
        .bind::<diesel::sql_types::Text, _>(family_name)
        .bind::<diesel::sql_types::Array<diesel::sql_types::Text>, _>(roles)
        .bind::<diesel::sql_types::Text, _>(format!("{}@example.jp", family_name.to_lowercase()))
        .bind::<diesel::sql_types::Nullable<diesel::sql_types::Text>, _>(hash)
        .get_result(&mut self.owner())
        .expect("a person can be added");
        PersonId(added.id)
    }

    /// Runs `work` in `town` as the system; panics on an error, because a test's arrangement may not fail.
    pub fn arrange<T>(
        &self,
        town: OrganizationId,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, DbError>,
    ) -> T {
        self.app.run_blocking(Scope::system(town), work).expect("the arrangement works")
    }

    /// Runs `work` in `town` as `person` and gives its own result back.
    pub fn acting<T, E: From<DbError>>(
        &self,
        town: OrganizationId,
        person: PersonId,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let scope = Scope { organization: town, actor: Actor::Person(person), request: RequestId(1) };
        self.app.run_blocking(scope, work)
    }

    /// Begins `slower` in a thread of its own and comes back when it has ended or waits for a lock, such as one that the
    /// caller's own open transaction holds: a lost race, without luck.
    pub fn meanwhile<'scope, T: Send + 'scope>(
        &self,
        threads: &'scope Threads<'scope, '_>,
        slower: impl FnOnce() -> T + Send + 'scope,
    ) -> ScopedJoinHandle<'scope, T> {
        let running = threads.spawn(slower);
        while !running.is_finished() && !self.is_somebody_waiting() {
            std::thread::yield_now();
        }
        running
    }

    /// Whether a transaction on this database waits for a lock of another.
    fn is_somebody_waiting(&self) -> bool {
        #[derive(QueryableByName)]
        struct Waiting {
            #[diesel(sql_type = diesel::sql_types::Bool)]
            waiting: bool,
        }
        let waiting: Waiting = diesel::sql_query(
            "SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid \
             WHERE a.datname = current_database() AND NOT l.granted) AS waiting",
        )
        .get_result(&mut self.owner())
        .expect("the test server answers");
        waiting.waiting
    }

    /// Freezes the time that transactions of both pools see.
    pub fn freeze(&self, now: DateTime<Utc>) {
        self.app.with_clock(move || now);
        self.queue.with_clock(move || now);
    }
}

impl Default for TestDb {
    fn default() -> Self {
        Self::new()
    }
}

/// A file of `../shared/data`, where the real data lies beside the project; says loudly when it does not.
pub fn shared_data(file: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(file);
    if path.exists() {
        return Some(path);
    }
    say_aloud(&mut std::io::stderr(), file);
    None
}

/// Straight into the stream: the harness swallows what a passing test says through `eprintln!`.
fn say_aloud(stream: &mut impl Write, file: &str) {
    writeln!(stream, "SKIPPED: {file} is not beside the project in shared/data")
        .expect("standard error takes a line");
}
