//! The schema's history as the database tells it.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::{DbError, Lobby};

#[derive(QueryableByName)]
struct Ran {
    #[diesel(sql_type = Text)]
    version: String,
}

/// The versions of the migrations that have run here, such as `20261122000100`; through the queue role's door.
pub fn migrations_run(lobby: &mut Lobby<'_>) -> Result<BTreeSet<String>, DbError> {
    let rows: Vec<Ran> = diesel::sql_query("SELECT version::text AS version FROM __diesel_schema_migrations")
        .load(lobby.conn())?;
    Ok(rows.into_iter().map(|row| row.version).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestDb, migrations_folder};

    #[test]
    fn every_folder_of_a_migrated_database_has_run() {
        let ran = TestDb::new().queue.lobby_blocking(migrations_run).unwrap();
        let folders: BTreeSet<String> = std::fs::read_dir(migrations_folder())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .map(|name| name.split('_').next().unwrap().replace('-', ""))
            .collect();
        assert_eq!(ran, folders);
    }
}
