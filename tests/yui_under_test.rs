//! `yui` itself, built beside the tests that drive it as a process.

use std::io::Read as _;
use std::process::{Command, ExitCode};

use clap::Parser as _;

/// Set by tests that hold this program's standard input: when it closes, the test has gone, however it went.
const ENDS_WITH_TEST: &str = "YUI_UNDER_TEST_ENDS_WITH_TEST";

fn main() -> ExitCode {
    yui::start_log();
    if std::env::var_os(ENDS_WITH_TEST).is_some() {
        std::thread::spawn(end_with_test);
    }
    match yui::run(yui::cli::Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => {
            #[expect(clippy::print_stderr, reason = "what a person would read")]
            {
                eprintln!("yui: {}", stop.message);
            }
            ExitCode::from(stop.code)
        }
    }
}

/// Asks this very process to stop, as Ctrl-C would, once nobody holds the other end of its input.
fn end_with_test() {
    let _closed = std::io::stdin().read_to_end(&mut Vec::new());
    let _asked = Command::new("kill").arg("-INT").arg(std::process::id().to_string()).status();
}
