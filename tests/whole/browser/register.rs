//! A corporate-number register of invented companies, in the published form (CP932, 30 columns, no header), imported by
//! the command that an operator uses.

use std::process::Command;

use encoding_rs::SHIFT_JIS;
use kernel::CorporateNumber;

use crate::whole::world::{World, yui};

/// Publishes these companies and imports them into the database of `world`.
pub(in crate::whole) fn publish(world: &World, names: &[&str]) {
    import(world, names.iter().map(|name| row(name, &[]) + "\r\n").collect());
}

/// The same for a company that was wound up; gives back its number.
pub(in crate::whole) fn publish_closed(world: &World, name: &str) -> String {
    import(world, row(name, &[(3, "71"), (19, "2026-06-30"), (20, "01")]) + "\r\n");
    number(name)
}

fn import(world: &World, rows: String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("31_tottori_all_20260731.csv");
    std::fs::write(&file, SHIFT_JIS.encode(&rows).0).unwrap();
    let output = Command::new(yui())
        .args(["import", "registry", file.to_str().unwrap()])
        .env("YUI_DATA", world.data())
        .env_remove("DATABASE_URL")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Columns as the National Tax Agency's resource definition numbers them, from 1.
pub(in crate::whole) fn row(name: &str, more: &[(usize, &str)]) -> String {
    let number = number(name);
    let mut columns = vec![String::new(); 30];
    for (column, value) in [
        (1, "1"),
        (2, number.as_str()),
        (3, "01"),
        (4, "0"),
        (5, "2026-07-01"),
        (6, "2026-07-01"),
        (7, name),
        (9, "301"),
        (10, "鳥取県"),
        (11, "米子市"),
        (12, "加茂町一丁目１番地"),
        (14, "31"),
        (15, "202"),
        (16, "6838686"),
        (23, "2026-07-01"),
        (24, "1"),
        (29, "ユイシケンショウカイ"),
        (30, "0"),
    ]
    .into_iter()
    .chain(more.iter().copied())
    {
        value.clone_into(&mut columns[column - 1]);
    }
    columns.iter().map(|value| format!("\"{value}\"")).collect::<Vec<_>>().join(",")
}

/// A number of its own for each name, with its check digit (the first) right.
fn number(name: &str) -> String {
    let base: u64 = name.bytes().fold(7, |sum, byte| (sum * 131 + u64::from(byte)) % 1_000_000_000_000);
    let whole = (1..=9).map(|digit| format!("{digit}{base:012}"));
    whole.into_iter().find(|number| CorporateNumber::parse(number).is_ok()).unwrap()
}
