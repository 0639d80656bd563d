//! How to reach the private server: its socket directory, its three roles, and the URLs libpq understands.

use std::fmt::Write as _;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;
use diesel::deserialize::QueryableByName;
use diesel::prelude::*;

/// The database that Yui lives in.
pub const DATABASE: &str = "yui";
/// The bootstrap superuser of a private cluster; nobody but this module connects as it.
pub(super) const SUPERUSER: &str = "postgres";
/// Part of the socket's file name. No TCP port is ever opened.
pub(super) const PORT: u16 = 5432;

/// The database roles that Yui connects as. `bootstrap_sql` creates them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Owns the tables: migrations, backups, restores. Bypasses row-level security.
    Owner,
    /// Serves people: owns nothing, bypasses nothing, changes no schema.
    App,
    /// Claims tasks and messages of all towns and sees nothing else; what it may touch, migrations grant.
    Queue,
}

impl Role {
    /// All of them.
    pub const ALL: [Role; 3] = [Role::Owner, Role::App, Role::Queue];

    /// The role's name in Postgres.
    pub fn name(self) -> &'static str {
        match self {
            Role::Owner => "yui_owner",
            Role::App => "yui_app",
            Role::Queue => "yui_queue",
        }
    }
}

/// Where a private server listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionInfo {
    socket_directory: PathBuf,
}

impl ConnectionInfo {
    pub(super) fn new(socket_directory: PathBuf) -> ConnectionInfo {
        ConnectionInfo { socket_directory }
    }

    /// The directory of the unix socket; `pg_dump --host` takes it as it is.
    pub fn socket_directory(&self) -> &Path {
        &self.socket_directory
    }

    /// The URL of Yui's database as `role`.
    pub fn url(&self, role: Role) -> String {
        self.url_of(role, DATABASE)
    }

    /// The URL of any database as `role`: tests have one each.
    pub fn url_of(&self, role: Role, database: &str) -> String {
        self.url_as(role.name(), database)
    }

    fn url_as(&self, user: &str, database: &str) -> String {
        let (user, database) = (percent_encoded(user.as_bytes()), percent_encoded(database.as_bytes()));
        let host = percent_encoded(self.socket_directory.as_os_str().as_bytes());
        format!("postgresql://{user}@/{database}?host={host}&port={PORT}")
    }

    /// The URL of any database as the superuser: for extensions that measure.
    pub fn superuser_url_of(&self, database: &str) -> String {
        self.url_as(SUPERUSER, database)
    }

    /// Connects as the superuser.
    pub(super) fn superuser(&self, database: &str) -> Result<PgConnection, String> {
        connect(&self.superuser_url_of(database))
    }

    /// Whether the server really answers, or else what it said.
    pub(super) fn probe(&self) -> Result<(), String> {
        let mut connection = self.superuser("postgres")?;
        connection.batch_execute("SELECT 1").map_err(|error| error.to_string())
    }

    /// Whether the ordinary role gets an answer from Yui's database.
    pub(super) fn probe_app(&self) -> Result<(), String> {
        connect(&self.url(Role::App))?.batch_execute("SELECT 1").map_err(|error| error.to_string())
    }

    /// The data directory that the answering server works in.
    pub(super) fn data_directory(&self) -> Result<PathBuf, String> {
        #[derive(QueryableByName)]
        struct Answer {
            #[diesel(sql_type = diesel::sql_types::Text)]
            directory: String,
        }
        let mut connection = self.superuser("postgres")?;
        diesel::sql_query("SELECT current_setting('data_directory') AS directory")
            .get_result::<Answer>(&mut connection)
            .map(|answer| PathBuf::from(answer.directory))
            .map_err(|error| error.to_string())
    }
}

fn connect(url: &str) -> Result<PgConnection, String> {
    PgConnection::establish(&format!("{url}&connect_timeout=5"))
        .map_err(|error| error.to_string().trim().replace('\n', "; "))
}

fn percent_encoded(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(byte) {
            text.push(char::from(*byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_survive_spaces_and_japanese() {
        let info = ConnectionInfo::new(PathBuf::from("/srv/my town/結/run"));
        assert_eq!(
            info.url(Role::App),
            "postgresql://yui_app@/yui?host=%2Fsrv%2Fmy%20town%2F%E7%B5%90%2Frun&port=5432"
        );
        assert!(info.url_of(Role::Owner, "test 1").starts_with("postgresql://yui_owner@/test%201?"));
    }
}
