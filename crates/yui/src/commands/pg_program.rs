//! PostgreSQL's own programs, run on a URL whose password nobody sees: everybody on a machine may look at the arguments
//! of its processes, and only their user at the environment.

use std::process::Command;

use percent_encoding::percent_decode_str;

use crate::Stop;

/// Runs `command` on the database at `url` and says what it complains of.
pub(super) fn run(command: Command, url: &str) -> Result<(), Stop> {
    let mut command = on(command, url)?;
    let program = command.get_program().to_string_lossy().into_owned();
    let output =
        command.output().map_err(|error| Stop::not_ready(format!("cannot run {program}: {error}")))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Stop::failed(format!("{program}: {}", said.lines().next().unwrap_or("failed without a word"))))
}

/// `command` with the database to connect to.
fn on(mut command: Command, url: &str) -> Result<Command, Stop> {
    let (shown, password) = parted(url)?;
    command.arg("--dbname").arg(shown);
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
    Ok(command)
}

/// A connection URL without its password, and the password. libpq also takes `name=value` pairs: those pass as long as
/// no password is among them.
fn parted(url: &str) -> Result<(String, Option<String>), Stop> {
    let Some((scheme, rest)) = url.split_once("://") else {
        if url.contains("password") {
            return Err(Stop::not_ready(
                "write DATABASE_OWNER_URL as postgresql://…: its password would be shown in the list of processes",
            ));
        }
        return Ok((url.to_owned(), None));
    };
    let (place, parameters) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, path) = place.split_at(place.find('/').unwrap_or(place.len()));
    let (shown, mut password) = match authority.split_once('@') {
        Some((who, host)) => match who.split_once(':') {
            Some((user, password)) => (format!("{user}@{host}"), Some(decoded(password))),
            None => (authority.to_owned(), None),
        },
        None => (authority.to_owned(), None),
    };
    let mut kept = Vec::new();
    for parameter in parameters.split('&').filter(|parameter| !parameter.is_empty()) {
        match parameter.strip_prefix("password=") {
            Some(value) => password = Some(decoded(value)),
            None => kept.push(parameter),
        }
    }
    let parameters = if kept.is_empty() { String::new() } else { format!("?{}", kept.join("&")) };
    Ok((format!("{scheme}://{shown}{path}{parameters}"), password))
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_in_the_environment_and_in_no_argument() {
        let urls = [
            "postgresql://yui:ge%2Fheim+@db.example.jp:5432/yui?sslmode=require",
            "postgresql://yui@db.example.jp:5432/yui?password=ge%2Fheim+&sslmode=require",
        ];
        for url in urls {
            let command = on(Command::new("pg_dump"), url).unwrap();
            let arguments: Vec<_> = command.get_args().map(|one| one.to_str().unwrap()).collect();
            assert_eq!(arguments, ["--dbname", "postgresql://yui@db.example.jp:5432/yui?sslmode=require"]);
            let environment: Vec<_> = command.get_envs().collect();
            assert_eq!(environment, [("PGPASSWORD".as_ref(), Some("ge/heim+".as_ref()))]);
        }
    }

    #[test]
    fn a_url_without_a_password_stays_as_it_is() {
        for url in [
            "postgresql://yui_owner@%2Ftmp%2Fyui:5432/yui",
            "postgresql:///yui?host=/run/postgresql",
            "postgresql://a:5432,b:5433/yui",
            "host=/run/postgresql dbname=yui",
        ] {
            assert_eq!(parted(url).unwrap(), (url.to_owned(), None));
        }
        let pairs = parted("host=db password=geheim").unwrap_err();
        assert!(pairs.message.contains("DATABASE_OWNER_URL") && !pairs.message.contains("geheim"));
    }
}
