//! The server that is measured: a private PostgreSQL of this run alone, in a temporary directory, with fsync on as people
//! run it; and a fresh database with one town for every measurement.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use db::private_postgres::{PrivatePostgres, Role, Settings};
use db::{Db, PoolSettings};
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel_migrations::{FileBasedMigrations, MigrationHarness as _};
use kernel::OrganizationId;

use crate::harness::Trouble;

const TEMPLATE: &str = "bench_template";

/// A running server.
pub(crate) struct Server {
    postgres: PrivatePostgres,
    next: AtomicU32,
    cloning: Mutex<()>,
    /// Removed when the server has stopped.
    _directory: tempfile::TempDir,
}

impl Server {
    /// Starts it and prepares the template.
    pub(crate) fn start() -> Result<Self, Trouble> {
        Self::start_with(&[])
    }

    /// The same with further settings of the server.
    pub(crate) fn start_with(options: &[&str]) -> Result<Self, Trouble> {
        let directory = tempfile::Builder::new().prefix("yui-bench-").tempdir()?;
        let mut settings = Settings::durable(directory.path().join("data"), 100);
        settings.options = options.iter().map(|&option| option.to_owned()).collect();
        open_to_server(directory.path())?;
        let postgres = PrivatePostgres::start(settings)?;
        PgConnection::establish(&postgres.owner_url())?
            .batch_execute(&format!("CREATE DATABASE {TEMPLATE}"))?;
        let mut owner = PgConnection::establish(&postgres.connection().url_of(Role::Owner, TEMPLATE))?;
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations");
        owner.run_pending_migrations(FileBasedMigrations::from_path(folder)?)?;
        drop(owner);
        Ok(Self { postgres, next: AtomicU32::new(0), cloning: Mutex::new(()), _directory: directory })
    }

    /// A connection as the owner of Yui's own database.
    pub(crate) fn owner(&self) -> Result<PgConnection, Trouble> {
        Ok(PgConnection::establish(&self.postgres.owner_url())?)
    }

    /// A connection as the superuser, to no database of ours.
    fn superuser(&self) -> Result<PgConnection, Trouble> {
        Ok(PgConnection::establish(&self.postgres.connection().superuser_url_of("postgres"))?)
    }

    /// A fresh database with one town.
    pub(crate) fn place(&self) -> Result<Place<'_>, Trouble> {
        let name = format!("bench_{}", self.next.fetch_add(1, Ordering::Relaxed));
        let _one_at_a_time = self.cloning.lock();
        self.owner()?.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {TEMPLATE}"))?;
        let urls = |role| self.postgres.connection().url_of(role, &name);
        let settings = PoolSettings { size: 12, ..PoolSettings::default() };
        let (app, queue) =
            (Db::connect(&urls(Role::App), &settings), Db::connect(&urls(Role::Queue), &settings));
        let mut owner = PgConnection::establish(&urls(Role::Owner))?;
        let town: Opened = diesel::sql_query(
            "SELECT open_organization('bench', 'Bench', 'real', NULL, 'ja', 'bench') AS id",
        )
        .get_result(&mut owner)?;
        // Without them nobody can be offered anything: its terms would not say who orders.
        diesel::sql_query(
            "UPDATE organizations SET postal_address = '長野県北佐久郡立科町大字芦田2532', \
                 contact_email = 'telework@example.jp' WHERE id = $1",
        )
        .bind::<BigInt, _>(town.id)
        .execute(&mut owner)?;
        Ok(Place { server: self, name, app, queue, town: OrganizationId(town.id) })
    }
}

/// The server's user has to pass through the directory when the bench runs as root.
pub(crate) fn open_to_server(directory: &Path) -> Result<(), Trouble> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(std::fs::set_permissions(directory, std::fs::Permissions::from_mode(0o711))?)
}

#[derive(QueryableByName)]
struct Opened {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// A database to measure in; dropped with this value.
pub(crate) struct Place<'server> {
    server: &'server Server,
    name: String,
    pub(crate) app: Db,
    pub(crate) queue: Db,
    pub(crate) town: OrganizationId,
}

impl Place<'_> {
    /// Its URL as `role`.
    pub(crate) fn url(&self, role: Role) -> String {
        self.server.postgres.connection().url_of(role, &self.name)
    }

    /// One of the programs that belong to the server.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.server.postgres.binaries().program(name)
    }

    /// Its name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// A connection as the superuser.
    pub(crate) fn superuser(&self) -> Result<PgConnection, Trouble> {
        Ok(PgConnection::establish(&self.server.postgres.connection().superuser_url_of(&self.name))?)
    }

    /// A connection to another database of the same server.
    pub(crate) fn neighbour(&self) -> Result<PgConnection, Trouble> {
        self.server.owner()
    }

    /// A connection as the owner, who sees all rows.
    pub(crate) fn owner(&self) -> Result<PgConnection, Trouble> {
        Ok(PgConnection::establish(&self.url(Role::Owner))?)
    }

    /// Lets the server finish with what has been written before, so that it is not measured with what comes.
    pub(crate) fn settle(&self) -> Result<(), Trouble> {
        Ok(self.owner()?.batch_execute("VACUUM ANALYZE tasks")?)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        // Only the superuser may send autovacuum away, and a million rows that stay fill the disk.
        let dropped = self.server.superuser().and_then(|mut superuser| {
            Ok(superuser.batch_execute(&format!("DROP DATABASE {} WITH (FORCE)", self.name))?)
        });
        if let Err(trouble) = dropped {
            log::warn!("{} stays until the server goes: {trouble}", self.name);
        }
    }
}
