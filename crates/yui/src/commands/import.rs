//! `import registry`: the public corporate-number register into the database all towns share.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clients::registry::{self, FileProblem, ImportError, ImportSummary};
use diesel::{Connection as _, PgConnection};
use indicatif::{ProgressBar, ProgressStyle};

use super::say;
use crate::Stop;
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::{migrations, servers};

/// How many rejected rows are told one by one.
const TOLD: usize = 50;

/// Reads the file as the owner: no web role may write the register.
pub(super) fn registry(config: &Config, file: &Path) -> Result<(), Stop> {
    let data = DataDir::open(&config.data).map_err(Stop::failed)?;
    let server = servers::attach_or_start(config, &data)?;
    let outcome = migrations::migrate(&server.urls.owner)
        .map_err(Stop::failed)
        .and_then(|_ran| read(&server.urls.owner, file));
    server.stop()?;
    tell(&outcome?);
    Ok(())
}

fn read(owner_url: &str, file: &Path) -> Result<ImportSummary, Stop> {
    let mut owner = PgConnection::establish(owner_url).map_err(Stop::failed)?;
    let cancel = Arc::new(AtomicBool::new(false));
    let asked = cancel.clone();
    // Ctrl-C rolls back instead of leaving half a file behind.
    std::thread::spawn(move || wait_for_interrupt(&asked));
    let bar = ProgressBar::new(0).with_style(
        ProgressStyle::with_template("{bar:40} {percent:>3}%  {msg}  {eta}")
            .unwrap_or_else(|_fixed| ProgressStyle::default_bar()),
    );
    let outcome = registry::import(&mut owner, file, &cancel, |progress| {
        bar.set_length(progress.bytes_total);
        bar.set_position(progress.bytes_read);
        bar.set_message(format!("{} rows", progress.rows));
    });
    bar.finish_and_clear();
    outcome.map_err(|error| match error {
        // These two name the file themselves.
        ImportError::File(FileProblem::Unreadable { .. } | FileProblem::Directory(_)) => {
            Stop::bad_input(error)
        }
        ImportError::File(_) | ImportError::Cancelled => {
            Stop::bad_input(format!("{}: {error}", file.display()))
        }
        ImportError::Busy | ImportError::Db(_) => Stop::failed(error),
    })
}

fn wait_for_interrupt(cancel: &AtomicBool) {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_io().build() else { return };
    if runtime.block_on(tokio::signal::ctrl_c()).is_ok() {
        cancel.store(true, Ordering::SeqCst);
    }
}

fn tell(summary: &ImportSummary) {
    if summary.is_unchanged() {
        say(&format!("{} rows read: nothing has changed", summary.rows_read));
    } else {
        say(&format!(
            "{} rows read: {} new, {} changed, {} unchanged, {} older, {} history, {} rejected; {} of them closed",
            summary.rows_read,
            summary.new,
            summary.changed,
            summary.same,
            summary.older,
            summary.history,
            summary.rows_rejected,
            summary.closed
        ));
    }
    for (kind, count) in &summary.by_kind {
        say(&format!("  kind {kind} {}: {count}", kind.published_name()));
    }
    for row in summary.rejected.iter().take(TOLD) {
        say(&format!("  rejected: {row}"));
    }
    if summary.rejected.len() > TOLD {
        say(&format!("  … and {} more", summary.rows_rejected.saturating_sub(50)));
    }
    say(&format!("source: {}", registry::SOURCE));
}
