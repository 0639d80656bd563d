//! The parts of a running Yui: doors, task workers, mail senders, the sandbox mailbox, the web server.

use std::net::SocketAddr;
use std::sync::Arc;

use db::{Db, Path, PoolSettings};
use notifier::sink::{Sink, SinkConfig, SinkHandle};
use notifier::smtp::{Credentials, Relay, Security, Trust};
use notifier::{MAILS, MailSettings, Outbox, SenderSettings, Senders};
use queue::{
    Registry, Runner, SignalGuard, TASKS, TENDING, URGENT, Wakes, WorkerSettings, Workers, connect_signals,
    signals_of_this_process,
};
use web::Readiness;

use crate::Stop;
use crate::config::{self, Config, DatabaseUrls};
use crate::data_dir::DataDir;
use crate::notices::Notices;
use crate::{housekeeping, subscriptions};

/// All names that transactions may raise.
const SIGNALS: &[&str] = &[TASKS, URGENT, TENDING, MAILS];

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
}

/// Every task and every subscriber there is.
pub(crate) fn registry(config: &Config, data: &DataDir) -> Result<Registry, Stop> {
    let settings = MailSettings::new(config.mail_from.as_str(), &config.base_url).map_err(Stop::not_ready)?;
    let outbox = Outbox::new(settings).map_err(Stop::failed)?;
    let notices = Arc::new(Notices { outbox, key: data.link_key().map_err(Stop::failed)? });
    Ok(everything(notices, files::Store::open(&data.files()).map_err(Stop::failed)?))
}

fn everything(notices: Arc<Notices>, store: files::Store) -> Registry {
    let mut registry = Registry::new();
    subscriptions::register(&mut registry, notices);
    housekeeping::register(&mut registry, store);
    registry
}

/// What keeps orders coming from won deals while nobody is mailed: for telling what happened long ago.
pub(crate) fn silent_registry() -> Registry {
    let mut registry = Registry::new();
    subscriptions::chain(&mut registry);
    registry
}

/// Background threads of tasks and mail.
pub(crate) struct Background {
    workers: Workers,
    senders: Senders,
}

impl Background {
    /// Starts task workers and mail senders.
    pub(crate) fn start(
        doors: &Doors,
        config: &Config,
        data: &DataDir,
        relay: Relay,
        readiness: Arc<Readiness>,
    ) -> Result<Self, Stop> {
        let registry = registry(config, data)?;
        let runner = Arc::new(Runner::new(doors.app.clone(), doors.queue.clone(), registry));
        let settings = WorkerSettings { threads: config.task_threads, ..WorkerSettings::default() };
        let workers = Workers::start(runner, &doors.wakes, settings);
        // Until a relay refuses, mail flows; a process without senders never says so.
        readiness.mail(true);
        let settings = SenderSettings { connections: config.mail_connections, ..SenderSettings::default() };
        let senders =
            Senders::start(doors.queue.clone(), vec![relay], settings, &doors.wakes, move |flows| {
                if !flows {
                    log::warn!("the mail relay does not take mail; everything waits and nothing is lost");
                }
                readiness.mail(flows);
            })
            .map_err(Stop::failed)?;
        Ok(Self { workers, senders })
    }

    /// Lets what runs end; nothing new begins.
    pub(crate) fn stop(self) {
        self.workers.stop();
        self.senders.stop();
    }
}

/// The relay that the configuration names.
pub(crate) fn relay(smtp: &config::Smtp, mail_from: &kernel::EmailAddress) -> Result<Relay, Stop> {
    let security = match smtp.security {
        config::Security::Tls => Security::Tls(Trust::public().map_err(Stop::failed)?),
        config::Security::StartTls => Security::StartTls(Trust::public().map_err(Stop::failed)?),
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
        let notices = Notices { outbox: Outbox::new(settings).unwrap(), key: LinkKey::generate() };
        let directory = tempfile::tempdir().unwrap();
        let registry = everything(Arc::new(notices), files::Store::open(directory.path()).unwrap());
        for kind in registry.kinds() {
            for language in Language::ALL {
                assert_ne!(web::task_name(*language, &kind), kind, "{kind} in {language}");
            }
        }
    }
}
