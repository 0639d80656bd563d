//! The parts of a running Yui: doors, task workers, mail senders, the sandbox mailbox, the web server.

use std::net::SocketAddr;
use std::sync::Arc;

use db::{Db, Path, PoolSettings};
use notifier::bounces::{Desk, Intake, Mailbox, ReturnPath};
use notifier::sending::DomainRate;
use notifier::sink::{Sink, SinkConfig, SinkHandle};
use notifier::smtp::{Credentials, Relay, Security, Trust};
use notifier::webhooks::Reach;
use notifier::{Depot, KeepsHours, MAILS, MailSettings, Outbox, SenderSettings, Senders};
use queue::{
    Registry, Runner, SignalGuard, TASKS, TENDING, URGENT, Wakes, WorkerSettings, Workers, connect_signals,
    signals_of_this_process,
};
use sales::bulk_edits::{self, RunBulkEdit};
use sales::deals::BOARD;
use sales::imports::{self, RunImport};
use web::Readiness;

use crate::Stop;
use crate::config::{self, Config, DatabaseUrls};
use crate::data_dir::DataDir;
use crate::notices::{self, Notices};
use crate::{housekeeping, subscriptions, webhooks};

/// All names that transactions may raise.
const SIGNALS: &[&str] = &[TASKS, URGENT, TENDING, MAILS, BOARD];

/// One turn each for claiming, urgent claiming, writing ends, leases and tending, and for the mail senders beside them.
const QUEUE_CONNECTIONS: u32 = 10;

/// The doors of one process and who listens at them.
pub(crate) struct Doors {
    /// As the role that serves people.
    pub(crate) app: Db,
    /// As the role that claims tasks and mails.
    pub(crate) queue: Db,
    wakes: Wakes,
    _signals: SignalGuard,
}

impl Doors {
    /// Opens both doors; connections are made when they are needed.
    pub(crate) fn open(urls: &DatabaseUrls, config: &Config) -> Self {
        let settings = |size| PoolSettings { size, path: config.path, ..PoolSettings::default() };
        let app = Db::connect(&urls.app, &settings(config.pool));
        let queue = Db::connect(&urls.queue, &settings(QUEUE_CONNECTIONS));
        let (wakes, signals) = match config.path {
            Path::Direct => connect_signals(&app, &urls.app, SIGNALS),
            Path::Pooler => signals_of_this_process(&app),
        };
        Self { app, queue, wakes, _signals: signals }
    }

    /// Where this process hears what transactions raised, here or in another process.
    pub(crate) fn wakes(&self) -> &Wakes {
        &self.wakes
    }
}

/// What mails are rendered with. In the sandbox mailbox nobody sleeps, so nothing waits for the morning there.
pub(crate) fn outbox(config: &Config, data: &DataDir) -> Result<Arc<Outbox>, Stop> {
    let settings = MailSettings::new(config.mail_from.as_str(), &config.base_url).map_err(Stop::not_ready)?;
    let hours = if config.smtp.is_some() { KeepsHours::Always } else { KeepsHours::Never };
    let key = data.link_key().map_err(Stop::failed)?;
    Ok(Arc::new(Outbox::new(settings, key, hours).map_err(Stop::failed)?))
}

fn notices(config: &Config, data: &DataDir) -> Result<Arc<Notices>, Stop> {
    let key = data.link_key().map_err(Stop::failed)?;
    Ok(Arc::new(Notices { outbox: outbox(config, data)?, key }))
}

/// Every task and every subscriber there is.
pub(crate) fn registry(config: &Config, data: &DataDir) -> Result<Registry, Stop> {
    let store = files::Store::open(&data.files()).map_err(Stop::failed)?;
    let trust = Trust::public().map_err(Stop::failed)?;
    Ok(everything(notices(config, data)?, store, config.webhook_reach, trust))
}

fn everything(notices: Arc<Notices>, store: files::Store, reach: Reach, trust: Trust) -> Registry {
    let mut registry = Registry::new();
    webhooks::register(&mut registry, notices.key.clone(), reach, trust);
    subscriptions::register(&mut registry, notices);
    import_from(&mut registry, store.clone());
    registry.detached::<RunBulkEdit>(bulk_edits::run);
    housekeeping::register(&mut registry, store);
    registry
}

fn sender_settings(config: &Config) -> SenderSettings {
    // What goes to the sandbox mailbox reaches no carrier.
    let limited = config.smtp.is_some() && config.mail_domain_rate > 0;
    let per_second = config.mail_domain_rate;
    let rate = DomainRate { per_second, burst: per_second.saturating_mul(10) };
    SenderSettings {
        connections: config.mail_connections,
        domain_rate: limited.then_some(rate),
        ..SenderSettings::default()
    }
}

fn import_from(registry: &mut Registry, store: files::Store) {
    registry
        .detached::<RunImport>(move |db, town, attempt, task| imports::run(db, &store, town, attempt, task));
}

/// What keeps orders coming from won deals, and files of rows coming in, while nobody is mailed: for telling what happened
/// long ago.
pub(crate) fn silent_registry(store: files::Store) -> Registry {
    let mut registry = Registry::new();
    import_from(&mut registry, store);
    subscriptions::chain(&mut registry);
    subscriptions::silence(&mut registry);
    registry
}

/// Background threads of tasks and mail.
pub(crate) struct Background {
    workers: Workers,
    senders: Senders,
    /// Reads the bounce mailbox, where there is one.
    intake: Option<Intake>,
    /// Where a mail server hands in what comes back, where there is one.
    desk: Option<Desk>,
}

impl Background {
    /// Starts task workers and mail senders.
    pub(crate) fn start(
        doors: &Doors,
        config: &Config,
        data: &DataDir,
        relays: Vec<Relay>,
        readiness: Arc<Readiness>,
    ) -> Result<Self, Stop> {
        let registry = registry(config, data)?;
        let runner = Arc::new(Runner::new(doors.app.clone(), doors.queue.clone(), registry));
        let settings = WorkerSettings { threads: config.task_threads, ..WorkerSettings::default() };
        let ready = readiness.clone();
        let workers = Workers::start(runner, &doors.wakes, settings, move |run| ready.tasks(run));
        // Until a relay refuses, mail flows; a process without senders never says so.
        readiness.mail(true);
        let checks = notices::checks(&notices(config, data)?);
        let return_path = return_path(config, data)?;
        let depot = Depot::new(doors.app.clone(), doors.queue.clone(), checks);
        let depot = match &return_path {
            Some(path) => depot.with_return_path(path.clone()),
            None => depot,
        };
        let told = move |flows: bool| {
            if !flows {
                log::warn!("the mail relay does not take mail; everything waits and nothing is lost");
            }
            readiness.mail(flows);
        };
        let senders = Senders::start(depot, relays, sender_settings(config), &doors.wakes, told)
            .map_err(Stop::failed)?;
        let desk = desk(doors, config, return_path.clone())?;
        let intake = intake(doors, config, return_path)?;
        Ok(Self { workers, senders, intake, desk })
    }

    /// Lets what runs end; nothing new begins.
    pub(crate) fn stop(self) {
        self.workers.stop();
        self.senders.stop();
        if let Some(intake) = self.intake {
            intake.stop();
        }
        if let Some(desk) = self.desk {
            desk.stop();
        }
    }
}

/// What mails are sent from in the envelope, where notices of non-delivery have a mailbox.
fn return_path(config: &Config, data: &DataDir) -> Result<Option<ReturnPath>, Stop> {
    let Some(bounces) = &config.bounces else { return Ok(None) };
    let key = data.link_key().map_err(Stop::failed)?;
    let path = ReturnPath::new(&bounces.address, key);
    path.map(Some).map_err(|error| Stop::not_ready(format!("YUI_BOUNCE_ADDRESS: {error}")))
}

/// What reads the bounce mailbox, where it is delivered into a maildir of ours.
fn intake(doors: &Doors, config: &Config, path: Option<ReturnPath>) -> Result<Option<Intake>, Stop> {
    let maildir = config.bounces.as_ref().and_then(|bounces| bounces.maildir.clone());
    let Some((directory, path)) = maildir.zip(path) else { return Ok(None) };
    let named = format!("YUI_BOUNCE_MAILDIR: cannot use {}", directory.display());
    let mailbox =
        Mailbox::open(directory, path).map_err(|error| Stop::not_ready(format!("{named}: {error}")))?;
    Ok(Some(Intake::start(doors.app.clone(), mailbox)))
}

/// Where a mail server hands in what comes back, where one is told to.
fn desk(doors: &Doors, config: &Config, path: Option<ReturnPath>) -> Result<Option<Desk>, Stop> {
    let counter = config.bounces.as_ref().and_then(|bounces| bounces.lmtp.as_ref());
    let Some((counter, path)) = counter.zip(path) else { return Ok(None) };
    let desk = Desk::open(doors.app.clone(), path, counter);
    desk.map(Some).map_err(|error| Stop::not_ready(format!("YUI_BOUNCE_LMTP: cannot listen there: {error}")))
}

/// The relays that the configuration names, the preferred one first; none: the sandbox mailbox.
pub(crate) fn relays(config: &Config) -> Result<Vec<Relay>, Stop> {
    let named = config.smtp.iter().chain(&config.smtp_fallback);
    let trust = trust(config)?;
    named.map(|smtp| relay(smtp, &config.mail_from, &trust)).collect()
}

/// Whom the relays have to be proven by.
fn trust(config: &Config) -> Result<Trust, Stop> {
    let Some(path) = &config.smtp_ca else { return Trust::public().map_err(Stop::failed) };
    let named = |error: String| Stop::not_ready(format!("YUI_SMTP_CA: {}: {error}", path.display()));
    let pem = std::fs::read(path).map_err(|error| named(error.to_string()))?;
    Trust::public_and(&pem).map_err(|error| named(error.to_string()))
}

fn relay(smtp: &config::Smtp, mail_from: &kernel::EmailAddress, trust: &Trust) -> Result<Relay, Stop> {
    let security = match smtp.security {
        config::Security::Tls => Security::Tls(trust.clone()),
        config::Security::StartTls => Security::StartTls(trust.clone()),
        config::Security::Plain => Security::PlainLoopback,
    };
    let relay = Relay::new(&smtp.host, smtp.port, security, mail_from.domain()).map_err(Stop::not_ready)?;
    Ok(match &smtp.credentials {
        Some((user, password)) => relay.with_credentials(Credentials::new(user.clone(), password.clone())),
        None => relay,
    })
}

/// Starts the sandbox mailbox, an SMTP server of our own on this machine alone, and gives the relay that leads to it.
pub(crate) async fn sandbox(queue: &Db) -> Result<(SinkHandle, Relay), Stop> {
    let mailbox = Arc::new(notifier::sandbox::SandboxMailbox::new(queue.clone()));
    let handle = Sink::start(SinkConfig::new(mailbox)).await.map_err(Stop::failed)?;
    let SocketAddr::V4(address) = handle.addr() else {
        return Err(Stop::failed("the sandbox mailbox listens on an unexpected address"));
    };
    let relay = Relay::new(&address.ip().to_string(), address.port(), Security::PlainLoopback, "localhost")
        .map_err(Stop::failed)?;
    Ok((handle, relay))
}

#[cfg(test)]
mod tests {
    use accounts::LinkKey;
    use kernel::Language;

    use super::*;

    #[test]
    fn every_kind_of_task_has_a_name_in_every_language() {
        let settings = MailSettings::new("yui@demo.example", "http://127.0.0.1:8080").unwrap();
        let key = LinkKey::generate();
        let outbox = Arc::new(Outbox::new(settings, key.clone(), KeepsHours::Always).unwrap());
        let notices = Notices { outbox, key };
        let directory = tempfile::tempdir().unwrap();
        let store = files::Store::open(directory.path()).unwrap();
        let registry = everything(Arc::new(notices), store, Reach::Public, Trust::public().unwrap());
        let mut nameless = Vec::new();
        for kind in registry.kinds() {
            let is_nameless = |language: &&Language| web::task_name(**language, &kind) == kind;
            nameless.extend(
                Language::ALL.iter().filter(is_nameless).map(|language| format!("{kind} in {language}")),
            );
        }
        assert_eq!(nameless, [] as [String; 0]);
    }
}
