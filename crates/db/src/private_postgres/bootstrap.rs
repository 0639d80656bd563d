//! The roles and what each may do: one text for the private server and for a server of the operator's own.
//!
//! Invariant: `yui_app` and `yui_queue` own nothing, bypass no row-level security and change no schema
//! (test `tests::roles_are_what_they_claim`).

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use super::connection::{ConnectionInfo, DATABASE};
use super::error::PostgresError;

/// Creates or repairs the three roles and their rights in the database it runs in; to be run by a superuser.
///
/// Running it again changes nothing. It is one simple-query batch and therefore one transaction, and it takes a lock so
/// that two servers starting at once do not collide. Neither role gets a table by default: each
/// migration grants exactly what is needed, so that a forgotten grant shows at once and an append-only table stays so. Role attributes are only spelled out where they grant something, because
/// managed services refuse even `NOSUPERUSER` to their administrators; `doctor` checks the rest.
pub fn bootstrap_sql() -> &'static str {
    "
SELECT pg_advisory_xact_lock(hashtext('yui bootstrap'));
DO $bootstrap$
DECLARE
  here text := current_database();
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'yui_owner') THEN
    CREATE ROLE yui_owner LOGIN CREATEDB BYPASSRLS;
  ELSIF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'yui_owner' AND (rolbypassrls OR rolsuper)) THEN
    ALTER ROLE yui_owner BYPASSRLS;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'yui_app') THEN
    CREATE ROLE yui_app LOGIN;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'yui_queue') THEN
    CREATE ROLE yui_queue LOGIN;
  END IF;
  EXECUTE format('ALTER DATABASE %I OWNER TO yui_owner', here);
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', here);
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO yui_app, yui_queue', here);
END
$bootstrap$;

ALTER ROLE yui_owner SET timezone = 'UTC';
ALTER ROLE yui_app SET timezone = 'UTC';
ALTER ROLE yui_app SET lock_timeout = '5s';
ALTER ROLE yui_app SET statement_timeout = '30s';
ALTER ROLE yui_app SET idle_in_transaction_session_timeout = '30s';
ALTER ROLE yui_queue SET timezone = 'UTC';
ALTER ROLE yui_queue SET lock_timeout = '5s';
ALTER ROLE yui_queue SET statement_timeout = '30s';
ALTER ROLE yui_queue SET idle_in_transaction_session_timeout = '30s';

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO yui_app, yui_queue;
"
}

/// Creates Yui's database where it is missing and runs [`bootstrap_sql`] in it.
pub(super) fn bootstrap(connection: &ConnectionInfo) -> Result<(), PostgresError> {
    prepare(connection).map_err(|reason| PostgresError::Bootstrap { reason })
}

fn prepare(connection: &ConnectionInfo) -> Result<(), String> {
    let mut postgres = connection.superuser("postgres")?;
    let exists = diesel::select(diesel::dsl::sql::<diesel::sql_types::Bool>(&format!(
        "EXISTS (SELECT FROM pg_database WHERE datname = '{DATABASE}')"
    )))
    .get_result::<bool>(&mut postgres)
    .map_err(|error| error.to_string())?;
    if !exists {
        let create = format!("CREATE DATABASE {DATABASE}");
        postgres.batch_execute(&create).map_err(|error| error.to_string())?;
    }
    connection.superuser(DATABASE)?.batch_execute(bootstrap_sql()).map_err(|error| error.to_string())
}
