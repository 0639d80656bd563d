//! `yui demo --simulate FILE`: a month out of a scenario file, played under the fair rule and under first come, and what
//! came of both beside each other.
//!
//! Both months go through the verbs that pages call, each in a town of its own, in a database that holds nothing else, with
//! the clock of the month. Chance has names ([`chance`]), so both rules meet the same people.

mod appeals;
mod chance;
mod document;
mod money;
mod month;
mod office;
mod outcome;
mod partners;
mod post;
mod residents;
mod scenario;
mod town;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use accounts::organizations;
use db::{Commit, Db, PoolSettings};
use files::Store;
use fulfillment::jobs::OfferRule;

use super::progress::Progress;
use crate::Stop;
use crate::cli::DemoArgs;
use crate::commands::say;
use crate::config::{Config, DatabaseUrls};
use crate::data_dir::DataDir;
use crate::{migrations, runtime, servers};
use month::{Backstage, Month};
use outcome::{Comparison, Outcome};
use scenario::Scenario;

/// Where a simulation is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::commands) enum Ground {
    /// In a database that is made for it and taken away again.
    Throwaway,
    /// In the one that was named, where it stays to be looked at.
    Named,
}

/// Plays the scenario of a file and says what came of it.
pub(super) fn command(
    config: &Config,
    arguments: &DemoArgs,
    ground: Ground,
    file: &Path,
) -> Result<(), Stop> {
    let scenario = read(file)?;
    let (server, data) = match ground {
        Ground::Throwaway => servers::start_throwaway()?,
        Ground::Named => {
            let data = DataDir::open(&config.data).map_err(Stop::failed)?;
            (servers::attach_or_start(config, &data)?, data)
        }
    };
    let compared = migrations::migrate(&server.urls.owner)
        .map_err(Stop::failed)
        .and_then(|_ran| play_both(config, &server.urls, &data, &scenario));
    server.stop()?;
    let compared = compared?;
    say(&if arguments.json {
        serde_json::to_string_pretty(&compared).map_err(Stop::failed)?
    } else {
        compared.text()
    });
    Ok(())
}

fn read(file: &Path) -> Result<Scenario, Stop> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| Stop::bad_input(format!("{}: cannot be read: {error}", file.display())))?;
    Scenario::read(&text).map_err(|problems| {
        let lines: Vec<String> =
            problems.iter().map(|problem| format!("{}: {problem}", file.display())).collect();
        Stop::bad_input(lines.join("\n"))
    })
}

fn play_both(
    config: &Config,
    urls: &DatabaseUrls,
    data: &DataDir,
    scenario: &Scenario,
) -> Result<Comparison, Stop> {
    let cancelled = Arc::new(AtomicBool::new(false));
    let asked = cancelled.clone();
    std::thread::spawn(move || wait_for_interrupt(&asked));
    let mut progress = Progress::begin("ひと月を演じています", "playing the month");
    let days = usize::try_from(scenario.days).unwrap_or_default();
    let mut play = |rule, before: usize| {
        play(config, urls, data, scenario, rule, &cancelled, |day| {
            progress.at(before + usize::try_from(day).unwrap_or_default(), 2 * days);
        })
    };
    let fair = play(OfferRule::Fair, 0);
    let first_come = fair.and_then(|fair| Ok((fair, play(OfferRule::FirstCome, days)?)));
    progress.end();
    let (fair, first_come) = first_come?;
    Ok(Comparison::of(scenario, &fair, &first_come))
}

fn play(
    config: &Config,
    urls: &DatabaseUrls,
    data: &DataDir,
    scenario: &Scenario,
    rule: OfferRule,
    cancelled: &AtomicBool,
    progress: impl FnMut(u32),
) -> Result<Outcome, Stop> {
    // Each town has a door of its own, because each has a clock of its own.
    let hasty = PoolSettings { size: 2, commit: Commit::Soon, ..PoolSettings::default() };
    let (door, queue) = (Db::connect(&urls.app, &hasty), Db::connect(&urls.queue, &hasty));
    if rule == OfferRule::Fair {
        refuse_beside_others(&door)?;
    }
    let store = Store::open(&data.files()).map_err(Stop::failed)?;
    let key = data.link_key().map_err(Stop::failed)?;
    let town = town::open(door, store.clone(), key, scenario, rule)?;
    let silent = || runtime::silent_registry(store.clone());
    let backstage =
        Backstage { queue: &queue, silent: &silent, known: &runtime::registry(config, data)?, cancelled };
    Month::play(scenario, town, rule, backstage, progress)
}

fn refuse_beside_others(door: &Db) -> Result<(), Stop> {
    let towns = door.lobby_blocking(organizations::directory).map_err(Stop::failed)?;
    match towns.first() {
        Some(town) => Err(Stop::bad_input(format!(
            "this database holds the town `{}`; a simulation belongs in an empty one, or name none and it has its own",
            town.slug
        ))),
        None => Ok(()),
    }
}

fn wait_for_interrupt(cancelled: &AtomicBool) {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_io().build() else { return };
    if runtime.block_on(tokio::signal::ctrl_c()).is_ok() {
        cancelled.store(true, Ordering::SeqCst);
    }
}
