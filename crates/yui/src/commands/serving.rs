//! `up`, `serve` and `work`: the long-running commands.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Instant;

use accounts::organizations::{self, TownEntry, TownKind};
use actix_web::dev::ServerHandle;
use actix_web::middleware::Compress;
use actix_web::web::Data;
use actix_web::{App as ActixApp, HttpServer};
use tokio::signal::unix::{Signal, SignalKind, signal};
use web::{App, AppSettings, MetricsToken, Readiness};

use crate::Stop;
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::runtime::{self, Background, Doors};
use crate::{clock, migrations, servers};

use super::{demo, say};

/// Everything in one process.
pub(super) fn up(config: &Config, with_demo: bool) -> Result<(), Stop> {
    let began = Instant::now();
    check_address(config)?;
    let data = DataDir::open(&config.data).map_err(Stop::failed)?;
    let mut server = servers::start(config, &data)?;
    clock::check(&server.urls.owner)?;
    let ran = migrations::migrate(&server.urls.owner).map_err(Stop::failed)?;
    if !ran.is_empty() {
        log::info!("the schema is up to date ({} migrations ran)", ran.len());
    }
    let readiness = Arc::new(Readiness::default());
    server.supervise(readiness.clone());
    let doors = Doors::open(&server.urls, config);
    let signs_in = if with_demo { demo::fill_alone(&doors, config, &server, &data)? } else { Vec::new() };
    let towns = doors.app.lobby_blocking(organizations::directory).map_err(Stop::failed)?;
    let outcome = actix_web::rt::System::new().block_on(async {
        let sandbox = if config.smtp.is_none() { Some(runtime::sandbox(&doors.queue).await?) } else { None };
        let mut relays = runtime::relays(config)?;
        relays.extend(sandbox.iter().map(|(_, relay)| relay.clone()));
        let background = Background::start(&doors, config, &data, relays, readiness.clone())?;
        let web_ended = web_until_stopped(config, &doors, &data, &readiness, || {
            greet(config, &data, &towns, &signs_in, began);
        })
        .await;
        // The mailbox stays until the last mail is out; then it goes too.
        let stopped = tokio::task::spawn_blocking(move || background.stop()).await;
        if let Some((mailbox, _)) = sandbox {
            mailbox.shutdown().await;
        }
        web_ended.and(stopped.map_err(Stop::failed))
    });
    drop(doors);
    outcome.and(server.stop())
}

/// Refuses an address that is in use, before anything is started or changed for it.
fn check_address(config: &Config) -> Result<(), Stop> {
    TcpListener::bind(config.listen).map(drop).map_err(|error| not_listening(config, &error))
}

fn not_listening(config: &Config, error: &std::io::Error) -> Stop {
    Stop::not_ready(format!(
        "cannot listen on {}: {error}; stop what uses it or set YUI_LISTEN",
        config.listen
    ))
}

/// What a person who just started Yui needs to know.
fn greet(config: &Config, data: &DataDir, towns: &[TownEntry], signs_in: &[demo::SignIn], began: Instant) {
    say(&format!("\n  結 Yui is ready after {:.1} s: {}\n", began.elapsed().as_secs_f32(), config.base_url));
    if signs_in.is_empty() {
        greet_towns(config, data, towns);
        return;
    }
    say("  Demo town (invented people and amounts), one sign-in per role:\n");
    for one in signs_in {
        say(&format!("    {:<12} {:<34} {}", one.role, one.email, one.password));
    }
    say(&format!(
        "\n  Sign in at {}/t/{}/sign-in · kept in {} · Ctrl-C stops everything\n",
        config.base_url,
        demo::SLUG,
        data.demo_passwords().display()
    ));
}

/// Where to sign in. The set-up code only while its page is there, that is before the first real town: it opens
/// nothing afterwards, and logs keep what was printed.
fn greet_towns(config: &Config, data: &DataDir, towns: &[TownEntry]) {
    for town in towns.iter().filter(|town| !town.is_next_door()) {
        say(&format!("  {}: sign in at {}/t/{}/sign-in", town.name, config.base_url, town.slug));
    }
    let has_real_town = towns.iter().any(|town| town.kind == TownKind::Real);
    if !has_real_town && let Ok(code) = data.setup_code() {
        say(&format!("  The first town is opened at {}/setup with the code {code}", config.base_url));
    }
    say("  Ctrl-C stops everything\n");
}

/// The web server alone, on a database that somebody else runs.
pub(super) fn serve(config: &Config) -> Result<(), Stop> {
    check_address(config)?;
    let data = DataDir::open(&config.data).map_err(Stop::failed)?;
    let server = servers::attach_or_start(config, &data)?;
    clock::check(&server.urls.owner)?;
    let pending = migrations::pending(&server.urls.owner).map_err(Stop::failed)?;
    if !pending.is_empty() {
        return Err(Stop::not_ready(format!(
            "{} migrations are pending; run `yui migrate` first",
            pending.len()
        )));
    }
    let doors = Doors::open(&server.urls, config);
    let readiness = Arc::new(Readiness::default());
    let web_ended =
        actix_web::rt::System::new().block_on(web_until_stopped(config, &doors, &data, &readiness, || {
            say(&format!("serving {}", config.base_url));
        }));
    web_ended.and(server.stop())
}

/// Background tasks and mail alone.
pub(super) fn work(config: &Config) -> Result<(), Stop> {
    let relays = runtime::relays(config)?;
    if relays.is_empty() {
        return Err(Stop::not_ready(
            "`yui work` needs a mail relay: set YUI_SMTP_HOST (the sandbox mailbox lives in `yui up`)",
        ));
    }
    let data = DataDir::open(&config.data).map_err(Stop::failed)?;
    let server = servers::attach_or_start(config, &data)?;
    clock::check(&server.urls.owner)?;
    let doors = Doors::open(&server.urls, config);
    let background = Background::start(&doors, config, &data, relays, Arc::default())?;
    let waited = actix_web::rt::System::new().block_on(async {
        let asked = StopSignals::listen()?;
        say("working");
        asked.wait().await;
        Ok(())
    });
    background.stop();
    waited.and(server.stop())
}

/// Serves until SIGINT or SIGTERM, then lets requests under way end.
async fn web_until_stopped(
    config: &Config,
    doors: &Doors,
    data: &DataDir,
    readiness: &Arc<Readiness>,
    ready: impl FnOnce(),
) -> Result<(), Stop> {
    let settings = AppSettings {
        base_url: config.base_url.clone(),
        sandbox: config.smtp.is_none(),
        setup_code: data.setup_code().map_err(Stop::failed)?,
        uploads: config.uploads,
        trusted_proxies: config.trusted_proxies.clone(),
        migrations: migrations::versions().map_err(Stop::failed)?,
        sealing: data.sealing_keys().map_err(Stop::failed)?,
        metrics: config.metrics_token.as_deref().map(MetricsToken::new),
        webhook_reach: config.webhook_reach,
        banks: Arc::new(data.banks().map_err(Stop::failed)?),
        task_kinds: runtime::registry(config, data)?.kinds(),
    };
    let store = files::Store::open(&data.files()).map_err(Stop::failed)?;
    let key = data.link_key().map_err(Stop::failed)?;
    let outbox = runtime::outbox(config, data)?;
    let app = Data::new(App::new(
        doors.app.clone(),
        doors.queue.clone(),
        store,
        key,
        settings,
        readiness.clone(),
        outbox,
    ));
    app.watch_boards(doors.wakes());
    let closing = app.clone();
    let http = HttpServer::new(move || {
        ActixApp::new().app_data(app.clone()).wrap(Compress::default()).configure(web::configure)
    })
    .workers(2)
    .disable_signals()
    .shutdown_timeout(config.grace.as_secs())
    .bind(config.listen)
    .map_err(|error| not_listening(config, &error))?
    .run();
    let handle: ServerHandle = http.handle();
    let serving = actix_web::rt::spawn(http);
    // Listening before anybody is told that we are ready: a signal in between would kill instead of stop.
    let asked = StopSignals::listen()?;
    ready();
    asked.wait().await;
    readiness.stop();
    closing.close_streams();
    log::info!("stopping: requests under way may end");
    handle.stop(true).await;
    serving.await.map_err(Stop::failed)?.map_err(Stop::failed)
}

/// SIGINT and SIGTERM, from the moment they are listened for.
struct StopSignals {
    terminate: Signal,
    interrupt: Signal,
}

impl StopSignals {
    fn listen() -> Result<Self, Stop> {
        let listen = |kind| signal(kind).map_err(Stop::failed);
        Ok(Self { terminate: listen(SignalKind::terminate())?, interrupt: listen(SignalKind::interrupt())? })
    }

    /// Waits for the first of them.
    async fn wait(mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
