//! The guard: a shell of a few lines between us and the server, so that no death of ours leaves an orphan.
//!
//! It holds the reading end of a pipe. A line is the name of a signal to pass on; end-of-file means that we are gone,
//! by whatever way, and then it asks the server to stop until it has. No death signal of a particular system, no thread
//! that must stay alive, no second program to install: it works the same for `yui` and for a test binary. It has a
//! process group of its own, so Ctrl-C in the terminal reaches us first and the server only when we are done with it.

use std::ffi::OsStr;
use std::fs::File;
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use super::error::PostgresError;
use super::identity::Identity;

/// Time for a fast shutdown: roll back, write a checkpoint.
const FAST_LIMIT: Duration = Duration::from_secs(30);
/// Time for an immediate one, which recovers at the next start.
const IMMEDIATE_LIMIT: Duration = Duration::from_secs(10);
/// How often a request is repeated: the server loses a signal that arrives before it listens for any.
const REPEAT: Duration = Duration::from_millis(500);

/// `$1` and `$2` are removed if we vanish (empty: nothing is); the rest is the server's command line.
///
/// A shell starts background commands with SIGINT ignored; Postgres and initdb install handlers all the same.
const SCRIPT: &str = r#"
trap '' HUP INT TERM
data=$1 sockets=$2
shift 2
exec 3<&0 </dev/null
"$@" 3<&- &
server=$!
(
  while read -r signal <&3; do kill -s "$signal" "$server"; done
  [ -z "$data" ] || : >"$data/.abandoned"
  while kill -s INT "$server"; do sleep 1; done
) 2>/dev/null &
watcher=$!
exec 3<&-
wait "$server"
status=$?
kill -s KILL "$watcher" 2>/dev/null
[ -z "$data" ] || [ ! -e "$data/.abandoned" ] || rm -rf -- "$data" "$sockets"
exit "$status"
"#;

/// What a guard's owner hears.
#[derive(Debug)]
pub(super) enum Event {
    /// The server has ended, and its guard with it.
    Exited(ExitStatus),
    /// Somebody asks to stop.
    StopRequested,
}

/// What a guard starts and cleans up.
#[derive(Debug)]
pub(super) struct Task<'task> {
    pub(super) identity: &'task Identity,
    pub(super) program: PathBuf,
    pub(super) arguments: Vec<&'task OsStr>,
    pub(super) log: File,
    /// Environment of the server only.
    pub(super) environment: Vec<(&'static str, String)>,
    /// Removed with everything in it if this process vanishes.
    pub(super) remove: Option<[&'task Path; 2]>,
}

/// A running guard. Dropping it closes the pipe, which stops the server.
#[derive(Debug)]
pub(super) struct Guard {
    orders: ChildStdin,
    /// Of the guard, and of its process group.
    pub(super) process_id: u32,
}

impl Guard {
    /// Starts the task; its end arrives as [`Event::Exited`].
    pub(super) fn start(task: Task<'_>, events: Sender<Event>) -> Result<Guard, PostgresError> {
        let [data, sockets] = task.remove.unwrap_or([Path::new(""), Path::new("")]);
        let output = task.log.try_clone().map_err(PostgresError::system("start", &task.program))?;
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", SCRIPT, "yui-postgres-guard"]).args([data, sockets]);
        shell.arg(&task.program).args(&task.arguments);
        task.identity.dress(&mut shell);
        shell.envs(task.environment).process_group(0);
        shell.stdin(Stdio::piped()).stdout(output).stderr(task.log);
        let mut child = shell.spawn().map_err(PostgresError::system("start", &task.program))?;
        let process_id = child.id();
        let Some(orders) = child.stdin.take() else { return Err(PostgresError::Stopping) };
        std::thread::spawn(move || report_end(child, &events));
        Ok(Guard { orders, process_id })
    }

    /// Stops the server: SIGINT (fast), then SIGQUIT (immediate), never SIGKILL, which would leave its children behind.
    pub(super) fn stop(mut self, events: &Receiver<Event>) -> Result<(), PostgresError> {
        for (signal, limit) in [("INT", FAST_LIMIT), ("QUIT", IMMEDIATE_LIMIT)] {
            let began = Instant::now();
            while began.elapsed() < limit {
                // A broken pipe only means that the guard has ended, which the channel reports.
                let _ = writeln!(self.orders, "{signal}");
                if ended(events, REPEAT) {
                    return Ok(());
                }
            }
        }
        let seconds = (FAST_LIMIT + IMMEDIATE_LIMIT).as_secs();
        Err(PostgresError::DoesNotStop { process_id: self.process_id, seconds })
    }
}

fn report_end(mut child: Child, events: &Sender<Event>) {
    if let Ok(status) = child.wait() {
        // Nobody listens any more when the owner is gone too.
        let _ = events.send(Event::Exited(status));
    }
}

fn ended(events: &Receiver<Event>, patience: Duration) -> bool {
    match events.recv_timeout(patience) {
        Ok(Event::Exited(_)) | Err(RecvTimeoutError::Disconnected) => true,
        Ok(Event::StopRequested) | Err(RecvTimeoutError::Timeout) => false,
    }
}
