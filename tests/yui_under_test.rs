//! `yui` itself, built beside the tests that drive it as a process.

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    env_logger::init();
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
