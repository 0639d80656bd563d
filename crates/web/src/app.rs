//! What every handler shares: the doors, the keys and the settings of this process.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use accounts::secrets::LinkKey;
use db::Db;
use notifier::Outbox;
use queue::Wakes;
use workforce::bank_accounts::Banks;
use workforce::sealing::SealingKeys;

use crate::assets::Assets;
use crate::board::live::Viewers;
use crate::hashing::Hashing;
use crate::metrics::MetricsToken;
use crate::templates::Templates;
use crate::texts::Texts;

/// What the binary decides.
#[derive(Debug, Clone)]
pub struct AppSettings {
    /// Where people reach this server, without a trailing slash: `https://yui.example.jp`. Links in mails and the
    /// origin check use it; the Host header is never trusted.
    pub base_url: String,
    /// Whether mails go to the sandbox mailbox, whose page is then shown to administrators.
    pub sandbox: bool,
    /// What the first-run page asks for, so that a stranger who finds an empty server cannot take it.
    pub setup_code: String,
    /// How much is uploaded within a day.
    pub uploads: ::files::Quota,
    /// Addresses of reverse proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<std::net::IpAddr>,
    /// The versions of the migrations this program needs.
    pub migrations: Vec<String>,
    /// What bank details are sealed under.
    pub sealing: SealingKeys,
    /// What monitoring programs prove themselves by; without one nobody reads metrics.
    pub metrics: Option<MetricsToken>,
    /// Whom webhooks may reach.
    pub webhook_reach: notifier::webhooks::Reach,
    /// Banks and branches by their codes; empty where nobody has read them in.
    pub banks: Arc<Banks>,
    /// Every kind of background task there is a handler for.
    pub task_kinds: Vec<String>,
}

/// Whether mail leaves, as far as this process knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailState {
    /// Another process sends, or nobody does.
    Unknown,
    /// The relay takes mail.
    Flowing,
    /// The relay takes none; mail waits and nothing is lost.
    Waiting,
}

/// Whether background tasks run, as far as this process knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskState {
    /// Another process runs them, or nobody does.
    Unknown,
    /// They run.
    Running,
    /// Every thread of this process is stuck with a task that does not end.
    Stuck,
}

/// Whether the server can do its work right now; the binary keeps it true.
#[derive(Debug, Default)]
pub struct Readiness {
    database_away: AtomicBool,
    stopping: AtomicBool,
    mail: AtomicU8,
    tasks: AtomicU8,
}

impl Readiness {
    /// The supervisor of the private server says whether it answers.
    pub fn database(&self, answers: bool) {
        self.database_away.store(!answers, Ordering::SeqCst);
    }

    /// The process has been asked to stop: load balancers should look elsewhere.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::SeqCst);
    }

    /// The mail senders say whether their relay takes mail.
    pub fn mail(&self, flows: bool) {
        let state = if flows { MailState::Flowing } else { MailState::Waiting };
        self.mail.store(state as u8, Ordering::SeqCst);
    }

    /// What the senders of this process said last; without senders nobody knows.
    pub fn mail_state(&self) -> MailState {
        let last = self.mail.load(Ordering::SeqCst);
        let known = [MailState::Flowing, MailState::Waiting].into_iter().find(|state| *state as u8 == last);
        known.unwrap_or(MailState::Unknown)
    }

    /// The task workers say whether any of their threads is free to run tasks.
    pub fn tasks(&self, run: bool) {
        let state = if run { TaskState::Running } else { TaskState::Stuck };
        self.tasks.store(state as u8, Ordering::SeqCst);
    }

    /// What the workers of this process said last; without workers nobody knows.
    pub fn task_state(&self) -> TaskState {
        let last = self.tasks.load(Ordering::SeqCst);
        let known = [TaskState::Running, TaskState::Stuck].into_iter().find(|state| *state as u8 == last);
        known.unwrap_or(TaskState::Unknown)
    }

    /// Ready for requests.
    pub fn is_ready(&self) -> bool {
        !self.database_away.load(Ordering::SeqCst) && !self.stopping.load(Ordering::SeqCst)
    }
}

/// Shared by all handlers of a process.
#[derive(Debug)]
pub struct App {
    /// The door for everything done in a town.
    pub db: Db,
    /// The door of the queue role, for the readiness page.
    pub queue: Db,
    /// Uploaded files' bytes.
    pub files: files::Store,
    /// The key links and form tokens are derived from.
    pub key: LinkKey,
    /// What the binary decided.
    pub settings: AppSettings,
    /// Whether the server can do its work right now.
    pub readiness: Arc<Readiness>,
    /// Where mails are rendered.
    pub outbox: Arc<Outbox>,
    pub(crate) templates: Templates,
    pub(crate) texts: Arc<Texts>,
    pub(crate) assets: Assets,
    pub(crate) hashing: Hashing,
    pub(crate) viewers: Arc<Viewers>,
}

impl App {
    /// Loads templates, texts and assets; they are inside the binary, so this cannot fail at run time once the
    /// tests have passed.
    pub fn new(
        db: Db,
        queue: Db,
        files: files::Store,
        key: LinkKey,
        settings: AppSettings,
        readiness: Arc<Readiness>,
        outbox: Arc<Outbox>,
    ) -> Self {
        let texts = Arc::new(Texts::load());
        let templates = Templates::load(texts.clone());
        let (assets, hashing) = (Assets::load(), Hashing::for_this_machine());
        let viewers = Arc::default();
        Self {
            db,
            queue,
            files,
            key,
            settings,
            readiness,
            outbox,
            templates,
            texts,
            assets,
            hashing,
            viewers,
        }
    }

    /// Tells people who look at a board what others do to it, as soon as `wakes` says so. Without this, and wherever
    /// it does not reach, a board is as new as its page.
    pub fn watch_boards(&self, wakes: &Wakes) {
        self.viewers.watch(&self.db, wakes);
    }

    /// Ends what would otherwise stay open until its reader leaves: the process is stopping.
    pub fn close_streams(&self) {
        self.viewers.close();
    }

    /// Whether cookies can be bound to this host alone (`__Host-`), which browsers allow only over TLS.
    pub(crate) fn is_secure(&self) -> bool {
        self.settings.base_url.starts_with("https://")
    }
}
