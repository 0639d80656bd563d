//! The machine's clock against the last thing that was recorded. Payment days, answer-by dates and sessions all count
//! from the clock; one that was set back would date today's work before yesterday's.

use diesel::sql_types::{Nullable, Timestamptz};
use diesel::{Connection as _, PgConnection, QueryableByName, RunQueryDsl as _, sql_query};
use kernel::JST;

use chrono::{DateTime, TimeDelta, Utc};

/// Two machines' clocks may differ by this much and nobody is harmed.
const TOLERATED: TimeDelta = TimeDelta::minutes(5);

#[derive(QueryableByName)]
struct Moments {
    #[diesel(sql_type = Timestamptz)]
    now: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    recorded: Option<DateTime<Utc>>,
}

/// Fails with what to do when the database's clock stands before its own newest audit entry.
pub(crate) fn check(owner_url: &str) -> Result<String, String> {
    let mut connection = PgConnection::establish(owner_url).map_err(|error| error.to_string())?;
    let moments: Moments = sql_query(
        "SELECT clock_timestamp() AS now, max(newest.at) AS recorded FROM organizations o CROSS JOIN LATERAL \
         (SELECT at FROM audit_entries WHERE organization_id = o.id ORDER BY id DESC LIMIT 1) newest",
    )
    .get_result(&mut connection)
    .map_err(|error| error.to_string())?;
    judge(&moments)
}

fn judge(moments: &Moments) -> Result<String, String> {
    let shown = |moment: DateTime<Utc>| moment.with_timezone(&JST).format("%Y-%m-%d %H:%M").to_string();
    match moments.recorded {
        Some(recorded) if recorded - moments.now > TOLERATED => Err(format!(
            "the clock says {}, but the newest entry was written at {}: set the clock (for example `timedatectl \
             set-ntp true`) and start again; nothing was changed",
            shown(moments.now),
            shown(recorded)
        )),
        _ => Ok(shown(moments.now)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(after: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000, 0).unwrap() + TimeDelta::minutes(after)
    }

    #[test]
    fn only_a_clock_that_was_set_back_is_refused() {
        let moments = |recorded| Moments { now: minutes(0), recorded };
        assert!(judge(&moments(None)).is_ok());
        assert!(judge(&moments(Some(minutes(-60)))).is_ok());
        assert!(judge(&moments(Some(minutes(4)))).is_ok());
        let refused = judge(&moments(Some(minutes(24 * 60)))).unwrap_err();
        assert!(refused.contains("2026-09-21 23:13") && refused.contains("2026-09-22 23:13"), "{refused}");
        assert!(refused.contains("set the clock"), "{refused}");
    }
}
