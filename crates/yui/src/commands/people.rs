//! `organization` and `token`: what needs a shell because nobody is signed in yet.

use accounts::api_tokens;
use accounts::organizations::{self, FirstKey, NewTown, OpeningError};
use accounts::persons::{self, PersonInput};
use kernel::{Actor, OrganizationId, RequestId, Scope};

use super::say;
use crate::Stop;
use crate::cli::{CreateArgs, TokenArgs};
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::runtime::Doors;
use crate::servers;

/// Runs `work` with the doors of whatever server there is.
pub(super) fn with_doors<T>(
    config: &Config,
    work: impl FnOnce(&Doors, &DataDir) -> Result<T, Stop>,
) -> Result<T, Stop> {
    let data = DataDir::open(&config.data).map_err(Stop::failed)?;
    let server = servers::attach_or_start(config, &data)?;
    let outcome = crate::migrations::migrate(&server.urls.owner)
        .map_err(Stop::failed)
        .and_then(|_ran| work(&Doors::open(&server.urls, config), &data));
    server.stop()?;
    outcome
}

/// Opens a town and invites its first administrator.
pub(super) fn create_town(config: &Config, arguments: &CreateArgs) -> Result<(), Stop> {
    with_doors(config, |doors, data| {
        let input = NewTown {
            slug: arguments.slug.as_str().into(),
            name: arguments.name.as_str().into(),
            municipal_code: arguments.municipal_code.clone().unwrap_or_default().into(),
            language: arguments.language.as_str().into(),
            legal_name: arguments.legal_name.clone().unwrap_or_else(|| arguments.name.clone()).into(),
        };
        let key = data.link_key().map_err(Stop::failed)?;
        let admin = PersonInput {
            family_name: arguments.admin_name.as_str().into(),
            email: arguments.admin_email.as_str().into(),
            language: arguments.language.as_str().into(),
            ..PersonInput::default()
        };
        let (town, link) = doors
            .app
            .lobby_blocking(|lobby| -> Result<_, OpeningError> {
                let by_mail = FirstKey::Invitation(&key);
                let opened = organizations::open_with_admin(lobby, RequestId(0), &input, &admin, by_mail)?;
                let scope = Scope::system(opened.organization);
                lobby.enter(scope, sales::pipelines::install_usual)?;
                Ok((opened.organization, opened.invitation.map(|secret| secret.text()).unwrap_or_default()))
            })
            .map_err(Stop::bad_input)?;
        say(&format!(
            "town {town} is open; its administrator chooses a password at {}/join/{}",
            config.base_url, link
        ));
        Ok(())
    })
}

/// Lists the towns.
pub(super) fn list_towns(config: &Config) -> Result<(), Stop> {
    with_doors(config, |doors, _data| {
        let towns = doors.app.lobby_blocking(organizations::directory).map_err(Stop::failed)?;
        for town in &towns {
            say(&format!("{:<20} {:<6} {}", town.slug, town.kind, town.name));
        }
        if towns.is_empty() {
            say("no town yet; `yui organization create --help` tells how to open one");
        }
        Ok(())
    })
}

/// Finds a town by its short name.
pub(super) fn town_by_slug(doors: &Doors, slug: &str) -> Result<OrganizationId, Stop> {
    let towns = doors.app.lobby_blocking(organizations::directory).map_err(Stop::failed)?;
    let found = towns.iter().find(|town| town.slug == slug);
    found.map(|town| town.id).ok_or_else(|| {
        Stop::bad_input(format!("there is no town `{slug}`; `yui organization list` lists them"))
    })
}

/// Makes an API token and prints it once.
pub(super) fn token(config: &Config, arguments: &TokenArgs) -> Result<(), Stop> {
    with_doors(config, |doors, _data| {
        let town = town_by_slug(doors, &arguments.slug)?;
        let address = kernel::EmailAddress::parse(&arguments.email).map_err(Stop::bad_input)?;
        let person = doors
            .app
            .run_blocking(Scope::system(town), |tx| persons::find_by_email(tx, &address))
            .map_err(Stop::failed)?
            .ok_or_else(|| {
                Stop::bad_input(format!("nobody in {} has the address {}", arguments.slug, address))
            })?;
        let scope = Scope { organization: town, actor: Actor::Person(person.id), request: RequestId(0) };
        let access = if arguments.write { "write" } else { "read" };
        let input = api_tokens::TokenInput {
            name: arguments.name.as_str().into(),
            access: access.into(),
            days: arguments.days.to_string().into(),
        };
        let (_, secret) = doors
            .app
            .run_blocking(scope, |tx| api_tokens::create(tx, person.id, &input))
            .map_err(Stop::bad_input)?;
        say(&secret.text());
        Ok(())
    })
}
