//! One start of the server: its command line, and waiting until it really answers.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::process::ExitStatus;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use super::Durability;
use super::cluster::Cluster;
use super::connection::{ConnectionInfo, PORT};
use super::error::PostgresError;
use super::guard::{Event, Guard, Task};
use super::identity::Identity;
use super::leftover;
use super::server_log::ServerLog;

/// How long a server may take to answer at all.
const START_LIMIT: Duration = Duration::from_mins(1);
/// How long it may take while it says that it is starting up: recovery after a crash reads the whole journal.
const RECOVERY_LIMIT: Duration = Duration::from_mins(15);
const PAUSE: Duration = Duration::from_millis(20);

/// Everything needed to start the server again and again.
#[derive(Debug)]
pub(super) struct Launcher {
    pub(super) identity: Identity,
    pub(super) cluster: Cluster,
    pub(super) data: PathBuf,
    pub(super) sockets: PathBuf,
    pub(super) log: ServerLog,
    pub(super) durability: Durability,
    pub(super) max_connections: u16,
    pub(super) options: Vec<String>,
    pub(super) connection: ConnectionInfo,
}

impl Launcher {
    /// Starts the server and returns when it answers a query.
    pub(super) fn launch(
        &self,
        sender: &Sender<Event>,
        events: &Receiver<Event>,
    ) -> Result<Guard, PostgresError> {
        let stranger = leftover::clear_the_way(&self.cluster.directory, events)?;
        let mark = self.log.mark();
        let arguments = self.arguments();
        let task = Task {
            identity: &self.identity,
            program: self.cluster.binaries.program("postgres"),
            arguments: arguments.iter().map(OsString::as_os_str).collect(),
            log: self.log.writer()?,
            // PostgreSQL takes this process for an ancestor and not for a rival, and keeps its other safety checks.
            environment: stranger
                .map(|number| ("PG_GRANDPARENT_PID", number.to_string()))
                .into_iter()
                .collect(),
            remove: (self.durability == Durability::Throwaway).then_some([&self.data, &self.sockets]),
        };
        let guard = Guard::start(task, sender.clone())?;
        match self.wait_until_ready(events, mark) {
            Ok(()) => Ok(guard),
            Err(error) => {
                if !matches!(error, PostgresError::Exited { .. }) {
                    guard.stop(events)?;
                }
                Err(error)
            }
        }
    }

    fn arguments(&self) -> Vec<OsString> {
        let mut quoted = OsString::from("\"");
        quoted.push(&self.sockets);
        quoted.push("\"");
        let directory = self.cluster.directory.clone().into_os_string();
        let mut arguments: Vec<OsString> =
            vec!["-D".into(), directory, "-k".into(), quoted, "-p".into(), PORT.to_string().into()];
        let connections = format!("max_connections={}", self.max_connections);
        let mut settings = vec![
            "listen_addresses=",
            "unix_socket_permissions=0700",
            "logging_collector=off",
            "log_destination=stderr",
            "log_line_prefix=%m [%p] ",
            "lc_messages=C",
            "cluster_name=yui",
            connections.as_str(),
        ];
        if self.durability == Durability::Throwaway {
            settings.extend(["fsync=off", "synchronous_commit=off", "full_page_writes=off"]);
        }
        settings.extend(self.options.iter().map(String::as_str));
        for setting in settings {
            arguments.extend([OsStr::new("-c").to_owned(), OsStr::new(setting).to_owned()]);
        }
        arguments
    }

    fn wait_until_ready(&self, events: &Receiver<Event>, mark: u64) -> Result<(), PostgresError> {
        let began = Instant::now();
        loop {
            let Err(reason) = self.connection.probe() else { return Ok(()) };
            // "the database system is starting up", "… is not yet accepting connections", "… is in recovery mode".
            let recovering = reason.contains("the database system is");
            let limit = if recovering { RECOVERY_LIMIT } else { START_LIMIT };
            if began.elapsed() > limit {
                return Err(PostgresError::NotReady {
                    seconds: limit.as_secs(),
                    reason,
                    log: self.log.since(mark),
                });
            }
            match events.recv_timeout(PAUSE) {
                Err(RecvTimeoutError::Timeout) => {}
                Ok(Event::Exited(status)) => return Err(self.exited(status, mark)),
                Ok(Event::StopRequested) | Err(RecvTimeoutError::Disconnected) => {
                    return Err(PostgresError::Stopping);
                }
            }
        }
    }

    fn exited(&self, status: ExitStatus, mark: u64) -> PostgresError {
        PostgresError::Exited { status: status.to_string(), log: self.log.since(mark) }
    }
}
