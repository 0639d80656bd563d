//! The commands: each reads the configuration, does one thing, and ends with one readable line if it cannot.

mod backup;
mod banks;
mod calibrate;
mod demo;
mod doctor;
mod import;
mod people;
mod pg_program;
mod serving;

use std::path::PathBuf;

use crate::Stop;
use crate::cli::{Cli, Command, ImportCommand, OrganizationCommand};
use crate::config::{Config, Source, environment};
use crate::data_dir::DataDir;
use crate::{migrations, servers};
use demo::Ground;

/// Runs the command that was given.
pub fn run(cli: Cli) -> Result<(), Stop> {
    // These need no settings.
    match &cli.command {
        Command::Openapi => {
            say(&web::openapi());
            return Ok(());
        }
        Command::Doctor(arguments) if arguments.roles => {
            say(&doctor::roles());
            return Ok(());
        }
        Command::Calibrate(arguments) => return calibrate::command(arguments),
        _ => {}
    }
    let is_root = rustix::process::geteuid().is_root();
    let settings = |name: &str| cli.setting(name).or_else(|| environment(name));
    let config = Config::read(&Source(&settings), is_root).map_err(Stop::not_ready)?;
    let named = ["YUI_DATA", "DATABASE_URL", "DATABASE_URL_FILE"].map(settings);
    let ground = if named.iter().any(Option::is_some) { Ground::Named } else { Ground::Throwaway };
    match cli.command {
        Command::Up(arguments) => serving::up(&config, arguments.demo),
        Command::Serve => serving::serve(&config),
        Command::Work => serving::work(&config),
        Command::Migrate => migrate(&config),
        Command::Organization(OrganizationCommand::Create(arguments)) => {
            people::create_town(&config, &arguments)
        }
        Command::Organization(OrganizationCommand::List) => people::list_towns(&config),
        Command::Demo(arguments) => demo::command(&config, &arguments, ground),
        Command::Doctor(_) => doctor::check(&config),
        Command::Openapi | Command::Calibrate(_) => Ok(()),
        Command::Token(arguments) => people::token(&config, &arguments),
        Command::Import(ImportCommand::Registry { file }) => import::registry(&config, &file),
        Command::Import(ImportCommand::Banks { directory }) => banks::import(&config, &directory),
        Command::RotateSealingKey => banks::rotate_sealing_key(&config),
        Command::Backup(arguments) => backup::backup(&config, &absolute(arguments.directory)),
        Command::Restore(arguments) => backup::restore(&config, &absolute(arguments.directory)),
    }
}

fn absolute(path: PathBuf) -> PathBuf {
    std::path::absolute(&path).unwrap_or(path)
}

fn migrate(config: &Config) -> Result<(), Stop> {
    let data = DataDir::open(&config.data).map_err(Stop::failed)?;
    let server = servers::attach_or_start(config, &data)?;
    let ran = migrations::migrate(&server.urls.owner).map_err(Stop::failed);
    server.stop()?;
    let ran = ran?;
    say(&if ran.is_empty() {
        "nothing to migrate".to_owned()
    } else {
        format!("migrated: {}", ran.join(", "))
    });
    Ok(())
}

/// Says one thing to whoever started the command.
#[expect(clippy::print_stdout, reason = "what a command prints is its result")]
fn say(line: &str) {
    println!("{line}");
}
