//! `doctor`: checks everything that has to be in place and says what is missing, one line each.

use std::net::TcpListener;

use db::private_postgres::{Search, bootstrap_sql, find_binaries};
use diesel::{Connection as _, PgConnection, QueryableByName, RunQueryDsl as _, sql_query};

use super::say;
use crate::Stop;
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::{clock, migrations, servers};

/// The SQL that makes the three roles in a database of the operator's own server, with what to do around it.
pub(super) fn roles() -> String {
    format!(
        "-- Once, as a superuser: createdb yui; yui doctor --roles | psql -v ON_ERROR_STOP=1 -d yui\n\
         -- Then give each role a password (\\password yui_owner in psql, and so on) and set\n\
         -- DATABASE_OWNER_URL=postgres://yui_owner:…@host/yui, DATABASE_URL as yui_app, DATABASE_QUEUE_URL as yui_queue.\n\
         -- It is safe to run again. {}",
        bootstrap_sql().trim_end()
    )
}

/// Runs every check; fails if one did.
pub(super) fn check(config: &Config) -> Result<(), Stop> {
    let mut failed = 0;
    let mut line = |name: &str, outcome: Result<String, String>| match outcome {
        Ok(found) => say(&format!("ok    {name}: {found}")),
        Err(problem) => {
            failed += 1;
            say(&format!("FAIL  {name}: {}", one_line(&problem)));
        }
    };
    line("settings", Ok(format!("{} · data in {}", config.base_url, config.data.display())));
    if config.database.is_none() {
        line("PostgreSQL programs", programs());
    }
    let data = DataDir::open(&config.data);
    line(
        "data directory",
        data.as_ref().map(|dir| dir.root().display().to_string()).map_err(ToString::to_string),
    );
    if let Ok(data) = data {
        line("link key", data.link_key().map(|_key| "there".to_owned()).map_err(|error| error.to_string()));
        line(
            "sealing keys",
            data.sealing_keys()
                .map_err(|error| error.to_string())
                .and_then(|keys| keys.current().map_err(|error| error.to_string()))
                .map(|current| format!("there, {current} seals")),
        );
        match servers::attach_or_start(config, &data) {
            Err(stop) => line("database", Err(stop.message)),
            Ok(server) => {
                let reached = version(&server.urls.owner);
                let is_reached = reached.is_ok();
                line("database", reached);
                // Where its owner is not let in, that is said once.
                if is_reached {
                    line("migrations", pending(&server.urls.owner));
                    line("clock", clock::check(&server.urls.owner).map_err(|stop| stop.message));
                    line("role yui_owner", owns(&server.urls.owner));
                }
                line("role yui_app", role_is_harmless(&server.urls.app));
                line("role yui_queue", role_is_harmless(&server.urls.queue));
                line(
                    "database stops",
                    server.stop().map(|()| "cleanly".to_owned()).map_err(|stop| stop.message),
                );
            }
        }
    }
    line(
        "address",
        TcpListener::bind(config.listen)
            .map(|_free| format!("{} is free", config.listen))
            .or_else(|error| in_use(config, &error)),
    );
    line(
        "mail",
        Ok(config.smtp.as_ref().map_or_else(
            || "sandbox mailbox (only on this machine)".to_owned(),
            |smtp| format!("{}:{}", smtp.host, smtp.port),
        )),
    );
    if failed == 0 { Ok(()) } else { Err(Stop { message: format!("{failed} checks failed"), code: 3 }) }
}

/// What libpq says goes over several lines.
fn one_line(text: &str) -> String {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("; ")
}

/// A running Yui may hold the address itself.
fn in_use(config: &Config, error: &std::io::Error) -> Result<String, String> {
    if error.kind() == std::io::ErrorKind::AddrInUse {
        return Ok(format!("{} is in use (by a running Yui, if this is one)", config.listen));
    }
    Err(error.to_string())
}

fn programs() -> Result<String, String> {
    let found = find_binaries(&Search::system()).map_err(|error| error.to_string())?;
    found
        .first()
        .map(|one| format!("{} in {}", one.major, one.directory.display()))
        .ok_or_else(|| "none".to_owned())
}

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = diesel::sql_types::Text)]
    answer: String,
}

fn ask(url: &str, sql: &str) -> Result<String, String> {
    let mut connection = PgConnection::establish(url).map_err(|error| error.to_string())?;
    let answer: Answer = sql_query(sql).get_result(&mut connection).map_err(|error| error.to_string())?;
    Ok(answer.answer)
}

fn version(url: &str) -> Result<String, String> {
    ask(
        url,
        "SELECT current_setting('server_version') || ', ' || pg_size_pretty(pg_database_size(current_database())) AS answer",
    )
}

fn pending(url: &str) -> Result<String, String> {
    let pending = migrations::pending(url).map_err(|error| error.to_string())?;
    if pending.is_empty() {
        Ok("up to date".to_owned())
    } else {
        Err(format!("{} are pending; run `yui migrate`", pending.len()))
    }
}

/// The owner of the tables reads those of every town, for migrations and backups.
fn owns(url: &str) -> Result<String, String> {
    let answer = ask(
        url,
        "SELECT CASE WHEN rolsuper OR rolbypassrls THEN 'reads every town' \
         ELSE 'does not bypass row-level security, so backups would be empty; run what `yui doctor --roles` prints, \
         or ALTER ROLE ' || rolname || ' BYPASSRLS' END AS answer FROM pg_roles WHERE rolname = current_user",
    )?;
    if answer == "reads every town" { Ok(answer) } else { Err(answer) }
}

/// A role that serves people may not own tables, bypass row-level security or be a superuser.
fn role_is_harmless(url: &str) -> Result<String, String> {
    let answer = ask(
        url,
        "SELECT CASE WHEN rolsuper THEN 'is a superuser' WHEN rolbypassrls THEN 'bypasses row-level security' \
         WHEN EXISTS (SELECT 1 FROM pg_class WHERE relowner = r.oid) THEN 'owns tables' ELSE 'harmless' END AS answer \
         FROM pg_roles r WHERE rolname = current_user",
    )?;
    if answer == "harmless" { Ok(answer) } else { Err(answer) }
}
