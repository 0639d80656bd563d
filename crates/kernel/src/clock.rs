//! The one place that reads the machine's clock. Verbs never call it: they use the time of their transaction.

use chrono::{DateTime, Utc};

/// The machine's time, for the edges only: log lines, HTTP dates, cookie expiry, progress bars.
#[expect(clippy::disallowed_methods, reason = "this is the edge that the lint points everyone else to")]
pub fn machine_time() -> DateTime<Utc> {
    Utc::now()
}
