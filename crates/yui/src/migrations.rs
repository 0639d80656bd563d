//! The schema's history, inside the binary.

use diesel::migration::MigrationSource as _;
use diesel::pg::Pg;
use diesel::{Connection as _, PgConnection, RunQueryDsl as _, sql_query};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations");

/// Why the schema could not be brought up to date.
#[derive(Debug, thiserror::Error)]
#[error("cannot migrate the database: {0}")]
pub(crate) struct MigrationError(String);

/// Runs what has not run yet, one process at a time; returns the names of what ran.
pub(crate) fn migrate(owner_url: &str) -> Result<Vec<String>, MigrationError> {
    let fail = |error: &dyn std::fmt::Display| MigrationError(error.to_string());
    let mut connection = PgConnection::establish(owner_url).map_err(|error| fail(&error))?;
    // Two processes that start together take turns; the second finds nothing left to do.
    sql_query("SELECT pg_advisory_lock(hashtext('yui migrations'))")
        .execute(&mut connection)
        .map_err(|error| fail(&error))?;
    let ran = connection.run_pending_migrations(MIGRATIONS).map_err(|error| fail(&error))?;
    Ok(ran.iter().map(ToString::to_string).collect())
}

/// The names of migrations that have not run yet.
pub(crate) fn pending(owner_url: &str) -> Result<Vec<String>, MigrationError> {
    let fail = |error: &dyn std::fmt::Display| MigrationError(error.to_string());
    let mut connection = PgConnection::establish(owner_url).map_err(|error| fail(&error))?;
    let pending = connection.pending_migrations(MIGRATIONS).map_err(|error| fail(&error))?;
    Ok(pending.iter().map(|migration| migration.name().to_string()).collect())
}

/// The versions of every migration this program needs, as the database writes them.
pub(crate) fn versions() -> Result<Vec<String>, MigrationError> {
    let all: Vec<Box<dyn diesel::migration::Migration<Pg>>> =
        MIGRATIONS.migrations().map_err(|error| MigrationError(error.to_string()))?;
    Ok(all.iter().map(|migration| migration.name().version().to_string()).collect())
}
