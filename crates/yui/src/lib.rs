//! The one binary: configuration, commands, and the few places where owners that do not know each other meet
//! (`subscriptions` and `notices`).

pub mod cli;
mod clock;
mod commands;
pub mod config;
mod data_dir;
mod housekeeping;
mod migrations;
mod notices;
mod runtime;
mod servers;
mod subscriptions;
mod webhooks;

pub use commands::run;

/// Writes to standard error what `YUI_LOG` asks for, and without it everything from "info" on. Called once, first of all.
///
/// # Panics
///
/// If this process has a log already.
pub fn start_log() {
    let filter = config::environment("YUI_LOG").unwrap_or_else(|| "info".to_owned());
    env_logger::Builder::new().parse_filters(&filter).init();
}

/// Why a command ended without success: one readable line, and the exit code that says whose turn it is.
#[derive(Debug)]
pub struct Stop {
    /// What happened and what to do.
    pub message: String,
    /// 1: it failed; 2: the input or the arguments are not acceptable; 3: something is not installed or not set.
    pub code: u8,
}

impl Stop {
    /// It failed.
    pub fn failed(cause: impl std::fmt::Display) -> Self {
        Self { message: cause.to_string(), code: 1 }
    }

    /// The input is not acceptable.
    pub fn bad_input(cause: impl std::fmt::Display) -> Self {
        Self { message: cause.to_string(), code: 2 }
    }

    /// Something has to be installed or set first.
    pub fn not_ready(cause: impl std::fmt::Display) -> Self {
        Self { message: cause.to_string(), code: 3 }
    }
}
