//! Who runs what: Postgres refuses to run as root, so as root the server runs as the user `postgres`.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::binaries::install_hint;
use super::error::PostgresError;

/// The user that Postgres's packages create, and that the server runs as when Yui is root.
const SERVER_USER: &str = "postgres";

/// The two operating-system users involved, the same one unless Yui runs as root.
#[derive(Debug, Clone)]
pub(super) struct Identity {
    /// The user this process runs as.
    pub(super) client: String,
    /// This process's effective user id.
    pub(super) client_uid: u32,
    /// The user the server runs as.
    pub(super) server: String,
    /// The server's user id.
    pub(super) server_uid: u32,
    /// The server's group id.
    pub(super) server_gid: u32,
}

impl Identity {
    /// Of the running process.
    pub(super) fn current() -> Result<Identity, PostgresError> {
        let client_uid = rustix::process::geteuid().as_raw();
        let client = ask_id(&["-un"]).ok_or(PostgresError::NoUserName { user_id: client_uid })?;
        if client_uid != 0 {
            let server_gid = rustix::process::getegid().as_raw();
            return Ok(Identity {
                server: client.clone(),
                client,
                client_uid,
                server_uid: client_uid,
                server_gid,
            });
        }
        let number = |option| ask_id(&[option, SERVER_USER]).and_then(|text| text.parse::<u32>().ok());
        match (number("-u"), number("-g")) {
            (Some(user), Some(group)) => {
                let server = SERVER_USER.to_owned();
                Ok(Identity { client, client_uid, server, server_uid: user, server_gid: group })
            }
            _ => Err(PostgresError::NoServerUser { name: SERVER_USER, hint: install_hint(None) }),
        }
    }

    /// Whether the server runs as another user than this process.
    pub(super) fn switches(&self) -> bool {
        self.client_uid != self.server_uid
    }

    /// Makes `command` run as the server's user, with none of root's groups and none of our `PG*` settings.
    pub(super) fn dress(&self, command: &mut Command) {
        if self.switches() {
            // The standard library also clears the supplementary groups when root gives itself up.
            command.gid(self.server_gid).uid(self.server_uid);
        }
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.as_encoded_bytes().starts_with(b"PG")) {
            command.env_remove(name);
        }
        // C: messages that this module can read, and on macOS a postmaster that stays single-threaded.
        command.env("LC_ALL", "C").current_dir("/");
    }

    /// Hands a file or directory to the server's user.
    pub(super) fn hand_over(&self, path: &Path) -> Result<(), PostgresError> {
        if !self.switches() {
            return Ok(());
        }
        std::os::unix::fs::lchown(path, Some(self.server_uid), Some(self.server_gid))
            .map_err(PostgresError::system("hand over", path))
    }

    /// The first directory on the way to `path`, itself included, that the server's user may not enter.
    pub(super) fn first_closed(&self, path: &Path) -> Option<PathBuf> {
        if !self.switches() || self.may_enter(path) {
            return None;
        }
        let mut way: Vec<&Path> = path.ancestors().collect();
        way.reverse();
        way.into_iter().find(|step| !self.may_enter(step)).map(Path::to_path_buf)
    }

    /// Asks the system itself, as that user: modes, groups, access lists and mounts all have a say.
    fn may_enter(&self, directory: &Path) -> bool {
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", "test -x \"$1\"", "sh"])
            .arg(directory)
            .stdin(Stdio::null())
            .stderr(Stdio::null());
        self.dress(&mut command);
        command.status().is_ok_and(|status| status.success())
    }
}

/// A user's name for messages, or the number where it has none.
pub(super) fn name_of(user_id: u32) -> String {
    let number = user_id.to_string();
    ask_id(&["-un", "--", &number]).unwrap_or(number)
}

/// The system's own `id`: the one portable way to the user list, wherever it is kept.
fn ask_id(arguments: &[&str]) -> Option<String> {
    let output = Command::new("id").args(arguments).stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (output.status.success() && !text.is_empty()).then_some(text)
}
