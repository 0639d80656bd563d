//! The demo town: Tateshina's published figures as events, and a plausible year of work around them so that every
//! screen is alive. Names are plainly synthetic and amounts invented; the pages say so.
//!
//! Deterministic for a given day, and idempotent: a demo town that is there is left as it is.

mod orders;
mod people;
mod pipeline;
mod stage;

use accounts::organizations::{self, NewTown, TownKind};

use queue::Runner;

use super::say;
use crate::Stop;
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::runtime::{self, Doors};
use crate::{migrations, servers};
use stage::Stage;

/// The demo town's name in addresses.
pub(super) const SLUG: &str = "demo";

/// How one role signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SignIn {
    pub(super) role: String,
    pub(super) email: String,
    pub(super) password: String,
}

/// `yui demo`
pub(super) fn command(config: &Config, beside_real_towns: bool) -> Result<(), Stop> {
    let data = DataDir::open(&config.data).map_err(Stop::failed)?;
    let server = servers::attach_or_start(config, &data)?;
    let outcome = migrations::migrate(&server.urls.owner).map_err(Stop::failed).and_then(|_ran| {
        let doors = Doors::open(&server.urls, config);
        if !beside_real_towns {
            refuse_beside_others(&doors)?;
        }
        fill(&doors, config, &server.urls.app, &data)
    });
    server.stop()?;
    for one in outcome? {
        say(&format!("{:<12} {:<34} {}", one.role, one.email, one.password));
    }
    Ok(())
}

fn refuse_beside_others(doors: &Doors) -> Result<(), Stop> {
    let towns = doors.app.lobby_blocking(organizations::directory).map_err(Stop::failed)?;
    match towns.iter().find(|town| town.slug != SLUG) {
        Some(other) => Err(Stop::bad_input(format!(
            "this database holds the town `{}`; the demo belongs in one of its own (or say --beside-real-towns)",
            other.slug
        ))),
        None => Ok(()),
    }
}

/// Fills the demo town unless it is there, and gives its sign-ins.
pub(super) fn fill(
    doors: &Doors,
    config: &Config,
    app_url: &str,
    data: &DataDir,
) -> Result<Vec<SignIn>, Stop> {
    let towns = doors.app.lobby_blocking(organizations::directory).map_err(Stop::failed)?;
    if towns.iter().any(|town| town.slug == SLUG) {
        return read_sign_ins(data);
    }
    refuse_beside_others(doors)?;
    let town = NewTown {
        slug: SLUG.into(),
        name: "立科町テレワーク（デモ）".into(),
        municipal_code: "203246".into(),
        language: "ja".into(),
        legal_name: "一般社団法人デモ振興公社（架空）".into(),
    };
    let organization = doors
        .app
        .lobby_blocking(|lobby| organizations::open(lobby, TownKind::Demo, &town))
        .map_err(Stop::failed)?;
    let mut stage = Stage::set(app_url, organization, data.link_key().map_err(Stop::failed)?);
    let sign_ins = people::arrive(&mut stage)?;
    pipeline::play(&mut stage)?;
    // Orders are opened by the subscriber of the won deals, exactly as in life.
    let mut registry = runtime::registry(config, data)?;
    let post = orders::Post::subscribe(&mut registry);
    let runner = Runner::new(doors.app.clone(), doors.queue.clone(), registry);
    runner.run_all().map_err(Stop::failed)?;
    orders::play(&mut stage, &runner, &post)?;
    runner.run_all().map_err(Stop::failed)?;
    write_sign_ins(data, &sign_ins)?;
    Ok(sign_ins)
}

fn write_sign_ins(data: &DataDir, sign_ins: &[SignIn]) -> Result<(), Stop> {
    let lines: Vec<String> =
        sign_ins.iter().map(|one| format!("{}\t{}\t{}", one.role, one.email, one.password)).collect();
    let text = lines.join("\n") + "\n";
    data.write_private("demo-passwords.txt", text.as_bytes()).map_err(Stop::failed)?;
    Ok(())
}

fn read_sign_ins(data: &DataDir) -> Result<Vec<SignIn>, Stop> {
    let path = data.demo_passwords();
    let text = std::fs::read_to_string(&path).map_err(|error| {
        Stop::failed(format!(
            "the demo town is there, but its passwords in {} are not: {error}",
            path.display()
        ))
    })?;
    let read = |line: &str| {
        let mut parts = line.split('\t').map(str::to_owned);
        Some(SignIn { role: parts.next()?, email: parts.next()?, password: parts.next()? })
    };
    Ok(text.lines().filter_map(read).collect())
}
