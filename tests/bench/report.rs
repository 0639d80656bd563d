//! The table for people and `report.json` for machines.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::harness::{Measured, Target, Trouble};

/// One line per figure.
pub(crate) fn table(results: &[Measured]) -> String {
    let mut text = String::new();
    let head = ["", "value", "ceiling", "ratio", "target"];
    let _ =
        writeln!(text, "\n{:<58} {:>12} {:>12} {:>7}  {:<24}", head[0], head[1], head[2], head[3], head[4]);
    for result in results {
        let ceiling = result.ceiling().map(number).unwrap_or_default();
        let ratio = result.ratio().map(|ratio| format!("{:.0} %", ratio * 100.0)).unwrap_or_default();
        let verdict = if result.passes() { "reached" } else { "MISSED" };
        let value = format!("{} {}", number(result.value()), result.figure.unit);
        let target = result.figure.target.to_string();
        let _ = writeln!(
            text,
            "{:<58} {value:>12} {ceiling:>12} {ratio:>7}  {target:<24} {verdict}",
            result.figure.name
        );
    }
    text
}

/// Whole numbers where the fraction says nothing.
fn number(value: f64) -> String {
    if value.abs() >= 100.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}

/// Writes `target/bench/report.json`; returns where.
pub(crate) fn write(machine: &Value, results: &[Measured]) -> Result<PathBuf, Trouble> {
    let rows: Vec<Value> = results.iter().map(row).collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/bench");
    std::fs::create_dir_all(&folder)?;
    let path = folder.join("report.json");
    std::fs::write(&path, serde_json::to_string_pretty(&json!({ "machine": machine, "results": rows }))?)?;
    Ok(path.canonicalize()?)
}

fn row(result: &Measured) -> Value {
    let target = match result.figure.target {
        Target::Ratio(share) => json!({ "ratio_at_least": share }),
        Target::AtLeast(bound) => json!({ "at_least": bound }),
        Target::AtMost(bound) => json!({ "at_most": bound }),
        Target::Told => Value::Null,
    };
    let runs: Vec<Value> = result
        .runs
        .iter()
        .map(|run| match run.ceiling {
            Some(ceiling) => json!({ "value": run.value, "ceiling": ceiling }),
            None => json!({ "value": run.value }),
        })
        .collect();
    json!({
        "name": result.figure.name,
        "value": result.value(),
        "unit": result.figure.unit,
        "ceiling": result.ceiling(),
        "ratio": result.ratio(),
        "target": target,
        "pass": result.passes(),
        "runs": runs,
    })
}
