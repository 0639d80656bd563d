//! How far the filling is: a bar for a person at a terminal, a line per tenth for a log.

use indicatif::{ProgressBar, ProgressStyle};

/// Filling under way.
pub(super) struct Progress {
    bar: ProgressBar,
    /// The tenth that was said last.
    tenth: usize,
}

impl Progress {
    /// Nothing has been done yet.
    pub(super) fn begin() -> Self {
        let bar = ProgressBar::new(0).with_style(
            ProgressStyle::with_template("{msg} {pos}/{len} {bar:40} {eta}")
                .unwrap_or_else(|_fixed| ProgressStyle::default_bar()),
        );
        bar.set_message("デモの町を作っています");
        Self { bar, tenth: 0 }
    }

    /// `done` of `all` scenes have been played.
    pub(super) fn at(&mut self, done: usize, all: usize) {
        self.bar.set_length(u64::try_from(all).unwrap_or_default());
        self.bar.set_position(u64::try_from(done).unwrap_or_default());
        let tenth = done * 10 / all.max(1);
        if self.bar.is_hidden() && tenth > self.tenth {
            self.tenth = tenth;
            note(&format!("filling the demo town: {tenth}0 %"));
        }
    }

    /// There is nothing more to come.
    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
    }
}

/// Says one line beside what the command prints as its result.
#[expect(clippy::print_stderr, reason = "for whoever waits for a long command")]
pub(super) fn note(line: &str) {
    eprintln!("{line}");
}
