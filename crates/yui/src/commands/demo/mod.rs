//! The demo town: Tateshina's published figures as events, and an invented year of work around them so that every
//! screen is alive. Names are plainly synthetic and amounts invented; pages, prints and mails say so.
//!
//! `story/` holds tables of what happened, `score` lays them out over the year before today, and `players/` do it
//! through the verbs that pages call, with the stage's clock. Deterministic for a given day, and idempotent: a demo
//! town that is whole is left as it is, and one whose filling was interrupted is discarded and filled again.

mod beginnings;
mod calendar;
mod centre;
mod neighbour;
mod ordering;
mod paying;
mod people;
mod players;
mod programme;
mod progress;
mod scale;
mod score;
mod simulation;
mod stage;
mod steering;
mod story;
#[cfg(test)]
mod tests;
mod unfinished;
mod views;

use accounts::organizations::{self, NewTown, TownKind};
use chrono::NaiveDate;
use db::{Commit, Db, PoolSettings};
use files::Store;
use fulfillment::quality::{self, Quality, QualityInput};
use kernel::{OrganizationId, clock, date_in_japan};

use super::say;
use crate::Stop;
use crate::cli::DemoArgs;
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::runtime::{self, Doors};
use crate::servers::Server;
use crate::{migrations, servers};
use people::Account;
use players::Troupe;
use progress::Progress;
use stage::Stage;
use unfinished::Found;

/// The demo town's name in addresses.
pub(super) const SLUG: &str = "demo";

/// How one role signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SignIn {
    pub(super) role: String,
    pub(super) email: String,
    pub(super) password: String,
}

pub(super) use simulation::Ground;

/// `yui demo`; a simulation is played on `ground`.
pub(super) fn command(config: &Config, arguments: &DemoArgs, ground: Ground) -> Result<(), Stop> {
    if let Some(file) = &arguments.simulate {
        return simulation::command(config, arguments, ground, file);
    }
    let data = DataDir::open(&config.data).map_err(Stop::failed)?;
    let server = servers::attach_or_start(config, &data)?;
    let outcome = migrations::migrate(&server.urls.owner).map_err(Stop::failed).and_then(|_ran| {
        let doors = Doors::open(&server.urls, config);
        if !arguments.beside_real_towns {
            refuse_beside_others(&doors)?;
        }
        let sign_ins = fill(&doors, config, &server, &data)?;
        if let Some(deals) = arguments.scale {
            scale::bring_to(&server.urls, deals)?;
        }
        if let Some(units) = arguments.scale_units {
            scale::bring_units_to(&server.urls, units)?;
        }
        Ok(sign_ins)
    });
    server.stop()?;
    for one in outcome? {
        say(&format!("{:<12} {:<34} {}", one.role, one.email, one.password));
    }
    Ok(())
}

fn refuse_beside_others(doors: &Doors) -> Result<(), Stop> {
    let towns = doors.app.lobby_blocking(organizations::directory).map_err(Stop::failed)?;
    match towns.iter().find(|town| !unfinished::is_of_demo(town)) {
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
    server: &Server,
    data: &DataDir,
) -> Result<Vec<SignIn>, Stop> {
    if unfinished::look(&doors.app)? == Found::Nothing {
        refuse_beside_others(doors)?;
    }
    fill(doors, config, server, data)
}

fn fill(doors: &Doors, config: &Config, server: &Server, data: &DataDir) -> Result<Vec<SignIn>, Stop> {
    match unfinished::look(&doors.app)? {
        Found::Finished(town) => return sign_ins_of(doors, town, data),
        Found::Unfinished => {
            unfinished::discard(&doors.app, server)?;
            progress::note("the demo town was not finished last time; it is discarded and filled again");
        }
        Found::Nothing => {}
    }
    // Thousands of commits in a row; the patient ones at the end put all of them on disk.
    let hasty = PoolSettings { size: 2, commit: Commit::Soon, ..PoolSettings::default() };
    let (door, queue) = (Db::connect(&server.urls.app, &hasty), Db::connect(&server.urls.queue, &hasty));
    let today = date_in_japan(clock::machine_time());
    let store = Store::open(&data.files()).map_err(Stop::failed)?;
    let mut progress = Progress::begin("デモの町を作っています", "filling the demo town");
    let (stage, accounts) = open_town(door, store, data.link_key().map_err(Stop::failed)?, today)?;
    let next_door = neighbour::open(&stage)?;
    let mut troupe = Troupe::gather((&stage, &next_door), &queue, runtime::registry(config, data)?);
    let played = troupe.play(|done, all| progress.at(done, all));
    progress.end();
    played?;
    let keys = data.sealing_keys().map_err(Stop::failed)?;
    programme::accounts(&stage, &keys)?;
    paying::past(&stage, &keys)?;
    paying::last_month(&stage, &keys)?;
    troupe.let_pass()?;
    views::keep(&stage)?;
    steering::set(&stage)?;
    beginnings::play(&stage)?;
    centre::furnish(&stage)?;
    programme::tell(&stage, &keys)?;
    reckon_days(&stage)?;
    let sign_ins = people::hand_out_passwords(&doors.app, stage.organization, accounts)?;
    write_sign_ins(data, &sign_ins)?;
    Ok(sign_ins)
}

/// Reckons by when each order will be done, as every night does: nobody who opens the demo waits for the next one.
fn reckon_days(stage: &Stage) -> Result<(), Stop> {
    stage.turn_to(stage.today, 0);
    stage.system(web::capacity::reckon)
}

/// Opens the town and lets its people arrive.
fn open_town(
    door: Db,
    files: Store,
    key: accounts::LinkKey,
    today: NaiveDate,
) -> Result<(Stage, Vec<Account>), Stop> {
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
    let mut stage = Stage::set(door, files, organization, key, today);
    let accounts = people::arrive(&mut stage)?;
    // So few are checked here that two of a hundred would be none to be seen.
    let quality = QualityInput { second_look_percent: "20".into(), ..QualityInput::of(Quality::default()) };
    stage.act(stage.who("coordinator")?, |tx| quality::change(tx, &quality))?;
    Ok((stage, accounts))
}

fn write_sign_ins(data: &DataDir, sign_ins: &[SignIn]) -> Result<(), Stop> {
    let lines: Vec<String> =
        sign_ins.iter().map(|one| format!("{}\t{}\t{}", one.role, one.email, one.password)).collect();
    let text = lines.join("\n") + "\n";
    data.write_private("demo-passwords.txt", text.as_bytes()).map_err(Stop::failed)?;
    Ok(())
}

/// The sign-ins of a finished town. Where their file has gone, everybody gets a new password.
fn sign_ins_of(doors: &Doors, town: OrganizationId, data: &DataDir) -> Result<Vec<SignIn>, Stop> {
    let path = data.demo_passwords();
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            progress::note("the demo town's passwords are not in the data directory; new ones are dealt");
            let accounts = people::accounts(&doors.app, town)?;
            let sign_ins = people::hand_out_passwords(&doors.app, town, accounts)?;
            write_sign_ins(data, &sign_ins)?;
            return Ok(sign_ins);
        }
        Err(error) => return Err(Stop::failed(format!("cannot read {}: {error}", path.display()))),
    };
    let read = |line: &str| {
        let mut parts = line.split('\t').map(str::to_owned);
        Some(SignIn { role: parts.next()?, email: parts.next()?, password: parts.next()? })
    };
    Ok(text.lines().filter_map(read).collect())
}
