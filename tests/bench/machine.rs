//! What the figures were measured on.

use diesel::prelude::*;
use diesel::sql_types::Text;
use serde_json::{Value, json};

use crate::harness::Trouble;
use crate::server::Server;

#[derive(QueryableByName)]
struct Setting {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    value: String,
}

/// Cores, memory, load and the server's settings that matter.
pub(crate) fn describe(server: &Server) -> Result<Value, Trouble> {
    let settings: Vec<Setting> = diesel::sql_query(
        "SELECT name, current_setting(name) AS value FROM unnest(ARRAY['server_version', 'fsync', 'full_page_writes', \
             'synchronous_commit', 'shared_buffers', 'max_wal_size']) AS name",
    )
    .load(&mut server.owner()?)?;
    let postgres: serde_json::Map<String, Value> =
        settings.into_iter().map(|setting| (setting.name, Value::String(setting.value))).collect();
    let first_line = |path: &str, begins: &str| {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        text.lines().find(|line| line.starts_with(begins)).unwrap_or_default().trim().to_owned()
    };
    Ok(json!({
        "system": std::env::consts::OS,
        "architecture": std::env::consts::ARCH,
        "cores": std::thread::available_parallelism().map_or(0, usize::from),
        "processor": first_line("/proc/cpuinfo", "model name"),
        "memory": first_line("/proc/meminfo", "MemTotal"),
        "load_average_at_the_end": first_line("/proc/loadavg", ""),
        "postgres": postgres,
    }))
}
