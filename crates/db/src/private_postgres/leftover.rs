//! A server left over from an earlier run: recognised, waited for or stopped; a stranger's process is never touched.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal};

use super::connection::ConnectionInfo;
use super::error::PostgresError;
use super::guard::Event;

/// Time for a leftover to finish; its guard has usually asked it to stop already.
const LIMIT: Duration = Duration::from_mins(1);
const PAUSE: Duration = Duration::from_millis(50);

/// What `postmaster.pid` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PidFile {
    pub(super) process_id: u32,
    pub(super) socket_directory: Option<PathBuf>,
}

impl PidFile {
    /// Of a cluster; none means that its server was shut down, or never ran.
    pub(super) fn read(cluster: &Path) -> Option<PidFile> {
        let text = std::fs::read_to_string(cluster.join("postmaster.pid")).ok()?;
        let process_id = text.lines().next()?.trim().parse().ok()?;
        let socket_directory = text.lines().nth(4).filter(|line| !line.is_empty()).map(PathBuf::from);
        Some(PidFile { process_id, socket_directory })
    }
}

/// Whose process the number in `postmaster.pid` is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holder {
    /// Nobody's: the server died, Postgres will recover by itself.
    Gone,
    /// Our server, and it answers.
    Answering,
    /// Our server, starting up or shutting down.
    Busy,
    /// Somebody else's: the number was given away again, as happens after a restart of a machine or container.
    Stranger,
}

/// Makes sure that no other server works in the cluster. Returns the number in a stale `postmaster.pid` that now belongs
/// to a stranger: Postgres would refuse to start because of it and must be told to look past it.
pub(super) fn clear_the_way(cluster: &Path, events: &Receiver<Event>) -> Result<Option<u32>, PostgresError> {
    let began = Instant::now();
    let mut asked = false;
    while let Some(file) = PidFile::read(cluster) {
        match holder(cluster, &file) {
            Holder::Gone => return Ok(None),
            Holder::Stranger => return Ok(Some(file.process_id)),
            Holder::Answering if !asked => {
                log::warn!(
                    "stopping a PostgreSQL left over from an earlier run (process {})",
                    file.process_id
                );
                asked = interrupt(file.process_id);
            }
            Holder::Answering | Holder::Busy => {}
        }
        if began.elapsed() > LIMIT {
            return Err(PostgresError::LeftoverStuck { process_id: file.process_id });
        }
        match events.recv_timeout(PAUSE) {
            Err(RecvTimeoutError::Timeout) | Ok(Event::Exited(_)) => {}
            Ok(Event::StopRequested) | Err(RecvTimeoutError::Disconnected) => {
                return Err(PostgresError::Stopping);
            }
        }
    }
    Ok(None)
}

fn holder(cluster: &Path, file: &PidFile) -> Holder {
    if !is_alive(file.process_id) {
        return Holder::Gone;
    }
    // Two witnesses: the server itself names our directory, or the system says that the process works in it.
    let answer = file.socket_directory.clone().map(|sockets| ConnectionInfo::new(sockets).data_directory());
    if answer.is_some_and(|answer| answer.is_ok_and(|directory| same(&directory, cluster))) {
        Holder::Answering
    } else if works_in(file.process_id, cluster) {
        Holder::Busy
    } else if is_alive(file.process_id) {
        Holder::Stranger
    } else {
        Holder::Gone
    }
}

fn process(process_id: u32) -> Option<Pid> {
    i32::try_from(process_id).ok().and_then(Pid::from_raw)
}

/// Alive, whoever owns it.
fn is_alive(process_id: u32) -> bool {
    process(process_id).is_some_and(|process| {
        !matches!(rustix::process::test_kill_process(process), Err(rustix::io::Errno::SRCH))
    })
}

fn interrupt(process_id: u32) -> bool {
    process(process_id).is_some_and(|process| rustix::process::kill_process(process, Signal::INT).is_ok())
}

/// A postmaster's working directory is its cluster; where `/proc` is missing, its command line names it.
fn works_in(process_id: u32, cluster: &Path) -> bool {
    if Path::new("/proc/self").exists() {
        let directory = std::fs::read_link(format!("/proc/{process_id}/cwd"));
        return directory.is_ok_and(|directory| same(&directory, cluster));
    }
    let number = process_id.to_string();
    let output = Command::new("ps").args(["-o", "command=", "-p", &number]).stderr(Stdio::null()).output();
    output.is_ok_and(|output| {
        let line = String::from_utf8_lossy(&output.stdout).into_owned();
        line.contains("postgres") && cluster.to_str().is_some_and(|cluster| line.contains(cluster))
    })
}

fn same(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_given_to_a_stranger_is_recognised_and_left_alone() {
        let directory = std::env::temp_dir().join(format!("yui-leftover-{}", std::process::id()));
        std::fs::create_dir_all(&directory).unwrap();
        let pid_file = directory.join("postmaster.pid");
        let mut stranger = Command::new("sleep").arg("600").current_dir("/").spawn().unwrap();
        std::fs::write(&pid_file, format!("{}\n{}\n0\n5432\n\n", stranger.id(), directory.display()))
            .unwrap();
        let (_sender, events) = std::sync::mpsc::channel();
        assert_eq!(clear_the_way(&directory, &events).unwrap(), Some(stranger.id()));
        assert!(stranger.try_wait().unwrap().is_none(), "the stranger still runs");
        stranger.kill().unwrap();
        stranger.wait().unwrap();
        assert_eq!(clear_the_way(&directory, &events).unwrap(), None, "nobody has the number now");
        std::fs::remove_dir_all(&directory).unwrap();
    }
}
