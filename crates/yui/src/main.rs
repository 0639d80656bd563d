//! Yui (結). See `yui --help`.

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let command = yui::cli::Cli::parse();
    yui::start_log();
    match yui::run(command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => {
            #[expect(clippy::print_stderr, reason = "the one line a person gets when a command ends early")]
            {
                eprintln!("yui: {}", stop.message);
            }
            ExitCode::from(stop.code)
        }
    }
}
