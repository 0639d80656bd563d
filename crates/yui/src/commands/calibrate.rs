//! `yui calibrate FILE…`: whether promised days are kept, over pasts that somebody brings. No database.

use std::path::Path;

use fulfillment::forecast::{Calibration, History, calibrate};

use super::say;
use crate::Stop;
use crate::cli::CalibrateArgs;

/// Says for each file what came of the promises.
pub(super) fn command(arguments: &CalibrateArgs) -> Result<(), Stop> {
    for file in &arguments.files {
        let history = read(file)?;
        say(&line(&history.name, &calibrate(&history, arguments.runs, arguments.seed)));
    }
    Ok(())
}

fn read(file: &Path) -> Result<History, Stop> {
    let about = |problem: String| Stop::bad_input(format!("{}: {problem}", file.display()));
    let text = std::fs::read_to_string(file).map_err(|error| about(error.to_string()))?;
    History::read(&text).map_err(|error| about(error.to_string()))
}

/// `illness: of 480 promises, kept 51.0 % of P50, 85.2 % of P85 (26.3 days on average), 95.0 % of P95; Brier 0.120`
fn line(name: &str, found: &Calibration) -> String {
    let share = |kept: u32| f64::from(kept) * 100.0 / f64::from(found.promises.max(1));
    format!(
        "{name}: of {} promises, kept {:.1} % of P50, {:.1} % of P85 ({:.1} days on average), {:.1} % of P95; Brier {:.3}",
        found.promises,
        share(found.kept_50),
        share(found.kept_85),
        found.days_85,
        share(found.kept_95),
        found.brier,
    )
}
