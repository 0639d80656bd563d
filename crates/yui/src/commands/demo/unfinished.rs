//! How far a demo town got that was begun before, and taking away one that was interrupted.
//!
//! The passwords are handed out last, in one transaction of their own, the administrator's first one among them: a town whose
//! people all have one is finished.

use accounts::organizations::{self, TownEntry, TownKind};
use db::Db;
use diesel::connection::SimpleConnection as _;
use diesel::sql_types::Text;
use diesel::{Connection as _, PgConnection, QueryableByName, RunQueryDsl as _, sql_query};
use kernel::OrganizationId;

use super::{SLUG, people};
use crate::Stop;
use crate::servers::Server;

/// The demo town of a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// There is none.
    Nothing,
    /// Its filling was interrupted, or goes on in another process.
    Unfinished,
    /// It is whole.
    Finished(OrganizationId),
}

/// Whether an entry of the directory is the demo town, and no real one that happens to be called so.
pub(super) fn is_demo(town: &TownEntry) -> bool {
    town.slug == SLUG && town.kind == TownKind::Demo
}

/// Whether an entry is the demo town or the one next door.
pub(super) fn is_of_demo(town: &TownEntry) -> bool {
    is_demo(town) || town.is_next_door()
}

/// Looks for the demo town.
pub(super) fn look(app: &Db) -> Result<Found, Stop> {
    let towns = app.lobby_blocking(organizations::directory).map_err(Stop::failed)?;
    let Some(town) = towns.iter().find(|town| is_demo(town)) else { return Ok(Found::Nothing) };
    let finished = people::have_passwords(app, town.id)?;
    Ok(if finished { Found::Finished(town.id) } else { Found::Unfinished })
}

/// Takes an unfinished demo town away: only where it is alone in a private database that nobody else works in. Files
/// it left in the store have no rows any more; the daily sweep removes them.
pub(super) fn discard(app: &Db, server: &Server) -> Result<(), Stop> {
    let towns = app.lobby_blocking(organizations::directory).map_err(Stop::failed)?;
    if !server.is_ours() || !towns.iter().all(is_of_demo) {
        return Err(Stop::failed(
            "the demo town is not finished: either another yui is filling it, or filling it was interrupted; begin \
             again with an empty data directory or database",
        ));
    }
    empty(&server.urls.owner).map_err(Stop::failed)
}

#[derive(QueryableByName)]
struct Table {
    #[diesel(sql_type = Text)]
    name: String,
}

/// Empties every table that belongs to towns; registers that are read in for all towns stay.
fn empty(owner_url: &str) -> Result<(), diesel::result::Error> {
    let connected = PgConnection::establish(owner_url);
    let mut owner = connected.map_err(|error| diesel::result::Error::QueryBuilderError(Box::new(error)))?;
    owner.transaction(|owner| {
        let tables: Vec<Table> = sql_query(
            "SELECT a.attrelid::regclass::text AS name FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid \
             WHERE a.attname = 'organization_id' AND c.relkind IN ('r', 'p') \
               AND c.relnamespace = 'public'::regnamespace",
        )
        .load(owner)?;
        let names: Vec<String> = tables.into_iter().map(|table| table.name).collect();
        owner.batch_execute(&format!(
            "TRUNCATE organizations, {} RESTART IDENTITY CASCADE",
            names.join(", ")
        ))
    })
}

#[cfg(test)]
mod tests {
    use db::private_postgres::Role;
    use db::testing::TestDb;
    use diesel::sql_types::BigInt;

    use super::*;

    #[test]
    fn nothing_of_any_town_stays() {
        #[derive(QueryableByName)]
        struct Count {
            #[diesel(sql_type = BigInt)]
            rows: i64,
        }
        let db = TestDb::new();
        let first = db.town("demo");
        db.person(first, "One", &["admin"]);
        empty(&db.url(Role::Owner)).unwrap();
        let left: Count = sql_query(
            "SELECT (SELECT count(*) FROM organizations) + (SELECT count(*) FROM persons) \
                  + (SELECT count(*) FROM memberships) + (SELECT count(*) FROM audit_entries) AS rows",
        )
        .get_result(&mut db.owner())
        .unwrap();
        assert_eq!(left.rows, 0);
        assert_eq!(db.town("demo"), first, "ids begin again");
    }

    #[test]
    fn a_real_town_called_demo_is_not_taken_for_the_demo() {
        let db = TestDb::new();
        db.town("demo");
        assert_eq!(look(&db.app).unwrap(), Found::Nothing);
    }
}
