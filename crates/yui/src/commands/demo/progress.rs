//! How far the filling is: a bar for a person at a terminal, a line per tenth for a log.

use indicatif::{ProgressBar, ProgressStyle};

/// Filling under way.
pub(super) struct Progress {
    bar: ProgressBar,
    /// What a log calls it.
    what: &'static str,
    /// The tenth that was said last.
    tenth: usize,
}

impl Progress {
    /// Nothing has been done yet of what a terminal calls `message` and a log `what`.
    pub(super) fn begin(message: &'static str, what: &'static str) -> Self {
        let bar = ProgressBar::new(0).with_style(
            ProgressStyle::with_template("{msg} {pos}/{len} {bar:40} {eta}")
                .unwrap_or_else(|_fixed| ProgressStyle::default_bar()),
        );
        bar.set_message(message);
        Self { bar, what, tenth: 0 }
    }

    /// `done` of `all` steps have been taken.
    pub(super) fn at(&mut self, done: usize, all: usize) {
        self.bar.set_length(u64::try_from(all).unwrap_or_default());
        self.bar.set_position(u64::try_from(done).unwrap_or_default());
        let tenth = done * 10 / all.max(1);
        if self.bar.is_hidden() && tenth > self.tenth {
            self.tenth = tenth;
            note(&format!("{}: {tenth}0 %", self.what));
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
