//! `import banks` and `rotate-sealing-key`: what bank details are checked against and sealed under.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use accounts::organizations;
use kernel::Scope;
use serde::Deserialize;
use workforce::bank_accounts::{self, BankAccountError, Banks};

use super::people::with_doors;
use super::say;
use crate::Stop;
use crate::config::Config;
use crate::data_dir::{BANKS, DataDir};

/// A bank or a branch, as the published files have it.
#[derive(Debug, Deserialize)]
struct Published {
    code: String,
    name: String,
}

/// Reads the published lists into the data directory: nothing is kept of files that are no such lists.
pub(super) fn import(config: &Config, directory: &Path) -> Result<(), Stop> {
    let text = listed(directory)?;
    let banks = Banks::read(&text).map_err(|line| {
        Stop::bad_input(format!("no code of a bank: {}", text.lines().nth(line - 1).unwrap_or("")))
    })?;
    let data = DataDir::open(&config.data).map_err(Stop::failed)?;
    data.write_private(BANKS, text.as_bytes()).map_err(Stop::failed)?;
    say(&format!(
        "read {} banks and {} branches; a running yui knows them after its next start",
        banks.len(),
        text.lines().count() - banks.len()
    ));
    Ok(())
}

/// The lists as lines of codes and names.
fn listed(directory: &Path) -> Result<String, Stop> {
    let banks = published(&directory.join("banks.json"))?;
    let mut text = String::new();
    for bank in banks.values() {
        line(&mut text, &[&bank.code, &bank.name])?;
        let branches = directory.join("branches").join(format!("{}.json", bank.code));
        if !branches.exists() {
            continue;
        }
        for branch in published(&branches)?.values() {
            line(&mut text, &[&bank.code, &branch.code, &branch.name])?;
        }
    }
    Ok(text)
}

fn line(text: &mut String, parts: &[&str]) -> Result<(), Stop> {
    if parts.iter().any(|part| part.contains(['\t', '\n', '\r'])) {
        return Err(Stop::bad_input(format!("a name over several lines: {}", parts.join(" "))));
    }
    writeln!(text, "{}", parts.join("\t")).map_err(Stop::failed)
}

fn published(path: &Path) -> Result<BTreeMap<String, Published>, Stop> {
    let text = fs::read_to_string(path)
        .map_err(|error| Stop::bad_input(format!("cannot read {}: {error}", path.display())))?;
    serde_json::from_str(&text).map_err(|error| Stop::bad_input(format!("{}: {error}", path.display())))
}

/// Adds a key and seals every town's accounts anew under it.
pub(super) fn rotate_sealing_key(config: &Config) -> Result<(), Stop> {
    with_doors(config, |doors, data| {
        data.add_sealing_key().map_err(Stop::failed)?;
        let keys = data.sealing_keys().map_err(Stop::failed)?;
        let towns = doors.app.lobby_blocking(organizations::directory).map_err(Stop::failed)?;
        let mut sealed = 0;
        for town in towns {
            let keys = keys.clone();
            sealed += doors
                .app
                .run_blocking::<_, BankAccountError, _>(Scope::system(town.id), move |tx| {
                    bank_accounts::reseal(tx, &keys)
                })
                .map_err(Stop::failed)?;
        }
        say(&format!("{sealed} bank accounts are sealed under a new key"));
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(directory: &Path, name: &str, text: &str) {
        let path = directory.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    #[test]
    fn published_lists_become_lines_and_a_strange_file_becomes_nothing() {
        let scratch = tempfile::tempdir().unwrap();
        let bank = r#"{"0143": {"code": "0143", "name": "八十二長野", "kana": "ハチジユウニナガノ"}}"#;
        write(scratch.path(), "banks.json", bank);
        write(scratch.path(), "branches/0143.json", r#"{"205": {"code": "205", "name": "佐久"}}"#);
        let text = listed(scratch.path()).unwrap();
        assert_eq!(text, "0143\t八十二長野\n0143\t205\t佐久\n");
        let banks = Banks::read(&text).unwrap();
        assert_eq!(banks.branch("0143", "205").name(), Some("佐久"));
        write(scratch.path(), "branches/0143.json", "[1]");
        assert!(listed(scratch.path()).unwrap_err().message.contains("branches/0143.json"));
    }

    #[test]
    fn the_published_lists_can_be_read() {
        let Some(path) = db::testing::shared_data("banks.json") else { return };
        let text = listed(path.parent().unwrap()).unwrap();
        let banks = Banks::read(&text).unwrap();
        assert_eq!(banks.bank("0143").name(), Some("八十二長野"));
        assert!(banks.len() > 1000 && text.lines().count() > banks.len());
    }
}
