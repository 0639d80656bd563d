//! The demo town: Tateshina's published figures as events, and an invented year of work around them so that every
//! screen is alive. Names are plainly synthetic and amounts invented; pages, prints and mails say so.
//!
//! `story/` holds tables of what happened, `score` lays them out over the year before today, and `players/` do it
//! through the verbs that pages call, with the stage's clock. Deterministic for a given day, and idempotent: a demo
//! town that is there is left as it is.

mod calendar;
mod people;
mod players;
mod score;
mod stage;
mod story;
#[cfg(test)]
mod tests;

use accounts::organizations::{self, NewTown, TownKind};
use chrono::NaiveDate;
use db::{Commit, Db, PoolSettings};
use indicatif::{ProgressBar, ProgressStyle};
use kernel::{clock, date_in_japan};

use super::say;
use crate::Stop;
use crate::config::{Config, DatabaseUrls};
use crate::data_dir::DataDir;
use crate::runtime::{self, Doors};
use crate::{migrations, servers};
use people::Account;
use players::Troupe;
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
        fill(&doors, config, &server.urls, &data)
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

/// Fills the demo town unless it is there, and gives its sign-ins. Refuses beside real towns.
pub(super) fn fill_alone(
    doors: &Doors,
    config: &Config,
    urls: &DatabaseUrls,
    data: &DataDir,
) -> Result<Vec<SignIn>, Stop> {
    if !is_there(&doors.app)? {
        refuse_beside_others(doors)?;
    }
    fill(doors, config, urls, data)
}

fn is_there(app: &Db) -> Result<bool, Stop> {
    let towns = app.lobby_blocking(organizations::directory).map_err(Stop::failed)?;
    Ok(towns.iter().any(|town| town.slug == SLUG))
}

fn fill(doors: &Doors, config: &Config, urls: &DatabaseUrls, data: &DataDir) -> Result<Vec<SignIn>, Stop> {
    if is_there(&doors.app)? {
        return read_sign_ins(data);
    }
    // Thousands of commits in a row; the patient ones at the end put all of them on disk.
    let hasty = PoolSettings { size: 2, commit: Commit::Soon, ..PoolSettings::default() };
    let (door, queue) = (Db::connect(&urls.app, &hasty), Db::connect(&urls.queue, &hasty));
    let today = date_in_japan(clock::machine_time());
    let bar = ProgressBar::new(0).with_style(
        ProgressStyle::with_template("{msg} {pos}/{len} {bar:40} {eta}")
            .unwrap_or_else(|_fixed| ProgressStyle::default_bar()),
    );
    bar.set_message("デモの町を作っています");
    let (stage, accounts) = open_town(door, data.link_key().map_err(Stop::failed)?, today)?;
    let (mailing, silent) = (runtime::registry(config, data)?, runtime::silent_registry());
    let played = Troupe::gather(&stage, &queue, mailing, silent).play(|done, all| {
        bar.set_length(u64::try_from(all).unwrap_or_default());
        bar.set_position(u64::try_from(done).unwrap_or_default());
    });
    bar.finish_and_clear();
    played?;
    let sign_ins = people::hand_out_passwords(&doors.app, stage.organization, accounts)?;
    write_sign_ins(data, &sign_ins)?;
    Ok(sign_ins)
}

/// Opens the town and lets its people arrive.
fn open_town(door: Db, key: accounts::LinkKey, today: NaiveDate) -> Result<(Stage, Vec<Account>), Stop> {
    let town = NewTown {
        slug: SLUG.into(),
        name: "立科町テレワーク（デモ）".into(),
        municipal_code: "203246".into(),
        language: "ja".into(),
        legal_name: "一般社団法人デモ振興公社（架空）".into(),
    };
    let organization = door
        .lobby_blocking(|lobby| organizations::open(lobby, TownKind::Demo, &town))
        .map_err(Stop::failed)?;
    let mut stage = Stage::set(door, organization, key, today);
    let accounts = people::arrive(&mut stage)?;
    Ok((stage, accounts))
}

fn write_sign_ins(data: &DataDir, sign_ins: &[SignIn]) -> Result<(), Stop> {
    let lines: Vec<String> =
        sign_ins.iter().map(|one| format!("{}\t{}\t{}", one.role, one.email, one.password)).collect();
    let text = lines.join("\n") + "\n";
    data.write_private("demo-passwords.txt", text.as_bytes()).map_err(Stop::failed)?;
    Ok(())
}

/// The passwords are written last: without them the town was not finished, or somebody removed them.
fn read_sign_ins(data: &DataDir) -> Result<Vec<SignIn>, Stop> {
    let path = data.demo_passwords();
    let text = std::fs::read_to_string(&path).map_err(|error| {
        Stop::failed(format!(
            "the demo town is there, but its passwords in {} are not ({error}): filling it was interrupted, or the \
             file was removed; begin again with an empty data directory or database",
            path.display()
        ))
    })?;
    let read = |line: &str| {
        let mut parts = line.split('\t').map(str::to_owned);
        Some(SignIn { role: parts.next()?, email: parts.next()?, password: parts.next()? })
    };
    Ok(text.lines().filter_map(read).collect())
}
