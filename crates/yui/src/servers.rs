//! Which database server a command talks to: the operator's own (`DATABASE_URL`), the running private one, or a
//! private one started here.

use std::sync::Arc;

use db::private_postgres::{self, Binaries, PrivatePostgres, Role, ServerState, Settings};

use crate::Stop;
use crate::config::{Config, DatabaseUrls};
use crate::data_dir::DataDir;

/// A server that answers.
pub(crate) struct Server {
    /// How to reach it in the three roles.
    pub(crate) urls: DatabaseUrls,
    /// The one started here, to be stopped at the end.
    pub(crate) started: Option<PrivatePostgres>,
}

/// Starts the private server, or uses the operator's.
pub(crate) fn start(config: &Config, data: &DataDir) -> Result<Server, Stop> {
    if let Some(urls) = &config.database {
        log::info!("using the PostgreSQL server of DATABASE_URL");
        return Ok(Server { urls: urls.clone(), started: None });
    }
    let connections = u16::try_from(config.pool).unwrap_or(u16::MAX).saturating_add(30);
    let started = PrivatePostgres::start(Settings::durable(data.root().to_owned(), connections))
        .map_err(Stop::not_ready)?;
    let urls =
        DatabaseUrls { app: started.app_url(), owner: started.owner_url(), queue: started.queue_url() };
    Ok(Server { urls, started: Some(started) })
}

/// Starts a private server in a directory of its own that is removed at the end, whatever the end.
pub(crate) fn start_throwaway() -> Result<(Server, DataDir), Stop> {
    let root = std::env::temp_dir().join(format!("yui-simulation-{}", std::process::id()));
    let started = PrivatePostgres::start(Settings { data: root.clone(), ..Settings::throwaway() })
        .map_err(Stop::not_ready)?;
    let data = DataDir::open(&root).map_err(Stop::failed)?;
    let urls =
        DatabaseUrls { app: started.app_url(), owner: started.owner_url(), queue: started.queue_url() };
    Ok((Server { urls, started: Some(started) }, data))
}

/// Uses the operator's server or the running private one; starts a private one for the length of the command where
/// none runs.
pub(crate) fn attach_or_start(config: &Config, data: &DataDir) -> Result<Server, Stop> {
    if config.database.is_none()
        && let Ok(running) = private_postgres::attach(data.root())
    {
        let url = |role| running.url(role);
        let urls = DatabaseUrls { app: url(Role::App), owner: url(Role::Owner), queue: url(Role::Queue) };
        return Ok(Server { urls, started: None });
    }
    start(config, data)
}

impl Server {
    /// Whether this very command started the server and so holds its data directory: nobody else works in it.
    pub(crate) fn is_ours(&self) -> bool {
        self.started.is_some()
    }

    /// Restarts the private server when it dies and keeps `readiness` true.
    pub(crate) fn supervise(&mut self, readiness: Arc<web::Readiness>) {
        if let Some(started) = &mut self.started {
            started.supervise(move |state| {
                readiness.database(matches!(state, ServerState::Serving));
                match state {
                    ServerState::Serving => log::info!("the database server answers again"),
                    ServerState::Restarting => log::warn!("the database server died and is being restarted"),
                    ServerState::Failed => log::error!(
                        "the database server does not come back; see postgres.log in the data directory"
                    ),
                    ServerState::Stopped => {}
                }
            });
        }
    }

    /// The programs that belong to the server, for `backup` and `restore`.
    pub(crate) fn binaries(&self) -> Result<Binaries, Stop> {
        if let Some(started) = &self.started {
            return Ok(started.binaries().clone());
        }
        let found =
            private_postgres::find_binaries(&private_postgres::Search::system()).map_err(Stop::not_ready)?;
        found.into_iter().next().ok_or_else(|| Stop::not_ready("no PostgreSQL programs are installed"))
    }

    /// Stops the server if it was started here.
    pub(crate) fn stop(self) -> Result<(), Stop> {
        match self.started {
            Some(started) => started.stop().map_err(Stop::failed),
            None => Ok(()),
        }
    }
}
