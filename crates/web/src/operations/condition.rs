//! How the server is (状態): whether mail leaves, how much room is left for files, which version runs.

use notifier::messages::Depth;
use serde::Serialize;

use super::messages::waiting;
use crate::app::MailState;
use crate::call::Call;
use crate::format;
use crate::phrases::{counted, said};

/// Less room than this is said as a warning; a day's uploads of a busy town fit many times over.
const LITTLE_BYTES: u64 = 5_000_000_000;

/// What `operations/tasks.html` shows first.
#[derive(Serialize)]
pub(super) struct Condition {
    mail: String,
    pub(super) mail_waits: bool,
    /// How many mails wait, in words.
    waiting: String,
    /// That no relay takes mail, and how many wait for that.
    held_up: String,
    room: String,
    room_is_little: bool,
    version: &'static str,
}

impl Condition {
    /// `due` mails wait for the relay and for nothing else.
    pub(super) fn of(call: &Call, depths: &[Depth], due: i64) -> Self {
        let state = call.app.readiness.mail_state();
        let mail = match state {
            MailState::Flowing => "condition-mail-flowing",
            MailState::Waiting => "condition-mail-waiting",
            MailState::Unknown => "condition-mail-unknown",
        };
        let free = free_bytes(call);
        Self {
            mail: call.text(mail),
            mail_waits: state == MailState::Waiting,
            waiting: counted(call, "condition-mails", "count", waiting(depths)),
            held_up: counted(call, "messages-held-up", "count", due),
            room: free.map_or_else(|| call.text("word-unknown"), |bytes| room(call, bytes)),
            room_is_little: free.is_some_and(|bytes| bytes < LITTLE_BYTES),
            version: env!("CARGO_PKG_VERSION"),
        }
    }
}

/// What is free where uploads are kept; `None` where the system does not say.
fn free_bytes(call: &Call) -> Option<u64> {
    let system = rustix::fs::statvfs(call.app.files.directory()).ok()?;
    Some(system.f_bavail.saturating_mul(system.f_frsize))
}

fn room(call: &Call, bytes: u64) -> String {
    let tenths = bytes / 100_000_000;
    let gigabytes =
        format!("{}.{}", format::count(i64::try_from(tenths / 10).unwrap_or(i64::MAX)), tenths % 10);
    said(call, "condition-gigabytes", [("number", &gigabytes)])
}
