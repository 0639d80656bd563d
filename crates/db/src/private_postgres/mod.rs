//! The embedded default: a Postgres of our own on a private unix socket, started and kept by this process.
//!
//! Used by `yui up` when no `DATABASE_URL` is given, and by tests. Other commands of Yui reach the running server with
//! [`attach`]. The server has no TCP port and no password; it stops when its owner does, even by `kill -9`.
//!
//! Invariants: one owner per data directory (test `second_instance_is_refused`); no orphan (`kill_9_leaves_no_orphan`);
//! an interrupted start repairs itself (`interrupted_initdb_is_begun_anew`); files of another major version, of another
//! user, and foreign processes are never touched (`other_major_is_left_alone`, `leftover::tests`).

mod binaries;
mod bootstrap;
mod cluster;
mod connection;
mod error;
mod guard;
mod identity;
mod leftover;
mod place;
mod server;
mod server_log;
mod supervisor;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{self, Sender};
use std::thread::JoinHandle;

pub use binaries::{Binaries, OLDEST_MAJOR, Search, find_binaries};
pub use bootstrap::bootstrap_sql;
pub use connection::{ConnectionInfo, DATABASE, Role};
pub use error::PostgresError;
pub use supervisor::{ServerState, StateWatch};

#[cfg(any(test, feature = "testing"))]
pub(crate) use cluster::copy;

use cluster::Cluster;
use guard::Event;
use identity::Identity;
use leftover::PidFile;
use place::Place;
use server::Launcher;
use server_log::ServerLog;
use supervisor::Running;

/// Whether what is committed must survive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// For people: a committed row survives a power cut.
    Durable,
    /// For tests: nothing is synchronised to disk, and the directory is removed at the end, whatever the end.
    Throwaway,
}

/// How to run a private server.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Yui's data directory; made if missing.
    pub data: PathBuf,
    /// For people or for tests.
    pub durability: Durability,
    /// The size of all pools together, and some more for commands and backups.
    pub max_connections: u16,
    /// Where to look for the server programs.
    pub search: Search,
    /// Further settings of the server, `name=value`; for measurements.
    pub options: Vec<String>,
    /// The cluster of a stopped server of ours that a new one begins as a copy of; for tests. `None`: it begins empty.
    pub copy_of: Option<PathBuf>,
}

impl Settings {
    /// For people, in their data directory.
    pub fn durable(data: PathBuf, max_connections: u16) -> Settings {
        let (durability, search) = (Durability::Durable, Search::system());
        Settings { data, durability, max_connections, search, options: Vec::new(), copy_of: None }
    }

    /// For a test binary, in a new directory of its own.
    pub fn throwaway() -> Settings {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("yui-test-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let data = std::env::temp_dir().join(name);
        let (durability, search) = (Durability::Throwaway, Search::system());
        Settings { data, durability, max_connections: 200, search, options: Vec::new(), copy_of: None }
    }
}

/// A running private server. Dropping it stops the server, politely and for up to 40 seconds.
#[derive(Debug)]
pub struct PrivatePostgres {
    connection: ConnectionInfo,
    binaries: Binaries,
    state: StateWatch,
    stop_requests: Sender<Event>,
    keeper: Keeper,
    /// What a throwaway server leaves to be removed.
    remove: Vec<PathBuf>,
    /// Last, because fields are dropped in order: the lock goes when everything else is done.
    _place: Place,
}

#[derive(Debug)]
enum Keeper {
    Alone(Box<Running>),
    Supervised(JoinHandle<Result<(), PostgresError>>),
    Gone,
}

impl PrivatePostgres {
    /// Finds the programs, prepares the data directory once, starts the server, and returns when it answers and Yui's
    /// database and roles exist. Measured on two cores: 2.4 s fresh, 0.2 s warm.
    pub fn start(settings: Settings) -> Result<PrivatePostgres, PostgresError> {
        let candidates = find_binaries(&settings.search)?;
        let identity = Identity::current()?;
        let place = Place::take(&settings.data, settings.durability, &identity)?;
        let (sender, events) = mpsc::channel();
        let launcher = prepare(&settings, identity, &place, &candidates)?;
        let guard = launcher.launch(&sender, &events)?;
        let running = Running { launcher, guard, sender: sender.clone(), events };
        bootstrap::bootstrap(&running.launcher.connection)?;
        let throwaway = settings.durability == Durability::Throwaway;
        let launcher = &running.launcher;
        Ok(PrivatePostgres {
            connection: launcher.connection.clone(),
            binaries: launcher.cluster.binaries.clone(),
            state: StateWatch::new(),
            stop_requests: sender,
            remove: if throwaway {
                vec![launcher.data.clone(), launcher.sockets.clone()]
            } else {
                Vec::new()
            },
            keeper: Keeper::Alone(Box::new(running)),
            _place: place,
        })
    }

    /// Restarts the server whenever it dies, up to five times in a row. `on_change` is called from the supervisor's
    /// thread at every change of state; requests look at [`PrivatePostgres::state`]. Calling it twice changes nothing.
    pub fn supervise(&mut self, on_change: impl Fn(ServerState) + Send + 'static) {
        match std::mem::replace(&mut self.keeper, Keeper::Gone) {
            Keeper::Alone(running) => {
                let state = self.state.clone();
                let announce = move |now| {
                    state.set(now);
                    on_change(now);
                };
                self.keeper =
                    Keeper::Supervised(std::thread::spawn(move || supervisor::supervise(*running, announce)));
            }
            other => self.keeper = other,
        }
    }

    /// A view of the state for others to keep.
    pub fn state(&self) -> StateWatch {
        self.state.clone()
    }

    /// Where the server listens, for URLs of other databases and for `pg_dump`.
    pub fn connection(&self) -> &ConnectionInfo {
        &self.connection
    }

    /// The programs of the running server's own version.
    pub fn binaries(&self) -> &Binaries {
        &self.binaries
    }

    /// Yui's database as the owner of its tables.
    pub fn owner_url(&self) -> String {
        self.connection.url(Role::Owner)
    }

    /// Yui's database as the role that serves people.
    pub fn app_url(&self) -> String {
        self.connection.url(Role::App)
    }

    /// Yui's database as the role that claims tasks and messages.
    pub fn queue_url(&self) -> String {
        self.connection.url(Role::Queue)
    }

    /// Stops the server: SIGINT, after 30 s SIGQUIT, never SIGKILL. Close the pools first.
    pub fn stop(mut self) -> Result<(), PostgresError> {
        self.shut_down()
    }

    fn shut_down(&mut self) -> Result<(), PostgresError> {
        let outcome = match std::mem::replace(&mut self.keeper, Keeper::Gone) {
            Keeper::Alone(running) => running.stop(),
            Keeper::Supervised(supervisor) => {
                // A supervisor that has given up no longer listens; joining it says why.
                let _ = self.stop_requests.send(Event::StopRequested);
                supervisor.join().unwrap_or(Err(PostgresError::Stopping))
            }
            Keeper::Gone => Ok(()),
        };
        self.state.set(ServerState::Stopped);
        for directory in self.remove.drain(..) {
            // It may be gone already: the socket directory usually lies inside the data directory.
            let _ = std::fs::remove_dir_all(directory);
        }
        outcome
    }
}

impl Drop for PrivatePostgres {
    fn drop(&mut self) {
        if let Err(error) = self.shut_down() {
            log::error!("{error}");
        }
    }
}

/// The server that another `yui` runs on `data`, after it has answered: for `doctor`, `backup` and the like.
pub fn attach(data: &Path) -> Result<ConnectionInfo, PostgresError> {
    let not_running =
        |reason: &str| PostgresError::NotRunning { data: data.to_path_buf(), reason: reason.to_owned() };
    let clusters = match std::fs::read_dir(data.join("pg")) {
        Ok(entries) => entries.filter_map(Result::ok).map(|entry| entry.path()),
        Err(error) => return Err(not_running(&format!("cannot look into it: {error}"))),
    };
    let mut reason = "no server has left its address".to_owned();
    for sockets in clusters.filter_map(|cluster| PidFile::read(&cluster)?.socket_directory) {
        let connection = ConnectionInfo::new(sockets);
        match connection.probe_app() {
            Ok(()) => return Ok(connection),
            Err(refusal) => reason = refusal,
        }
    }
    Err(not_running(&reason))
}

/// Everything up to the first start of the server.
fn prepare(
    settings: &Settings,
    identity: Identity,
    place: &Place,
    candidates: &[Binaries],
) -> Result<Launcher, PostgresError> {
    let log = ServerLog::in_directory(&place.data)?;
    let cluster = Cluster::choose(&place.clusters(&identity)?, candidates)?;
    cluster.initialise(&identity, settings, &log)?;
    cluster.authenticate(&identity)?;
    let sockets = place.sockets(&identity)?;
    Ok(Launcher {
        connection: ConnectionInfo::new(sockets.clone()),
        data: place.data.clone(),
        durability: settings.durability,
        max_connections: settings.max_connections,
        options: settings.options.clone(),
        identity,
        cluster,
        sockets,
        log,
    })
}
