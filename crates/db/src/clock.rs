//! The database's clock against the last thing that was recorded. Payment days, answer-by dates and sessions all count
//! from the clock; one that was set back would date today's work before yesterday's.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::dsl::sql;
use diesel::sql_types::{Bool, Nullable, Timestamptz};
use diesel::{Connection as _, PgConnection, QueryableByName, RunQueryDsl as _, sql_query};
use kernel::JST;

use crate::error::DbError;

/// Two machines' clocks may differ by this much and nobody is harmed.
const TOLERATED: TimeDelta = TimeDelta::minutes(5);

/// The newest entry of each town is found through the primary key, one town after another.
const MOMENTS: &str = "WITH RECURSIVE towns AS ( \
         (SELECT organization_id FROM audit_entries ORDER BY organization_id LIMIT 1) \
         UNION ALL SELECT (SELECT a.organization_id FROM audit_entries a \
             WHERE a.organization_id > t.organization_id ORDER BY a.organization_id LIMIT 1) \
         FROM towns t WHERE t.organization_id IS NOT NULL) \
     SELECT clock_timestamp() AS now, max((SELECT a.at FROM audit_entries a \
         WHERE a.organization_id = t.organization_id ORDER BY a.id DESC LIMIT 1)) AS recorded FROM towns t";

/// The same where nothing was ever recorded.
const NOW: &str = "SELECT clock_timestamp() AS now, NULL::timestamptz AS recorded";

/// What the database's clock says beside the newest audit entry of any town.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
pub struct Moments {
    /// The database's time.
    #[diesel(sql_type = Timestamptz)]
    pub now: DateTime<Utc>,
    /// When something was last recorded; `None` in an empty database.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub recorded: Option<DateTime<Utc>>,
}

/// A clock that stands before what has already been recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the clock says {}, but the newest entry was written at {}: set the clock (for example `timedatectl set-ntp true`) \
     and start again; nothing was changed",
    shown(.now),
    shown(.recorded)
)]
pub struct SetBack {
    now: DateTime<Utc>,
    recorded: DateTime<Utc>,
}

fn shown(moment: &DateTime<Utc>) -> String {
    moment.with_timezone(&JST).format("%Y-%m-%d %H:%M").to_string()
}

impl Moments {
    /// Asks as the owner of the tables, who sees every town's entries. Before the first migration there are none.
    pub fn read(owner_url: &str) -> Result<Self, DbError> {
        let mut connection =
            PgConnection::establish(owner_url).map_err(|error| DbError::Unavailable(error.to_string()))?;
        let is_there = sql::<Bool>("to_regclass('public.audit_entries') IS NOT NULL");
        let moments = if diesel::select(is_there).get_result(&mut connection)? { MOMENTS } else { NOW };
        Ok(sql_query(moments).get_result(&mut connection)?)
    }

    /// Refuses a clock that was set back.
    pub fn check(self) -> Result<Self, SetBack> {
        match self.recorded {
            Some(recorded) if recorded - self.now > TOLERATED => Err(SetBack { now: self.now, recorded }),
            _ => Ok(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use diesel::RunQueryDsl as _;

    use super::*;
    use crate::private_postgres::Role;
    use crate::testing::TestDb;

    fn minutes(after: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000, 0).unwrap() + TimeDelta::minutes(after)
    }

    #[test]
    fn only_a_clock_that_was_set_back_is_refused() {
        let moments = |recorded| Moments { now: minutes(0), recorded };
        assert!(moments(None).check().is_ok());
        assert!(moments(Some(minutes(-60))).check().is_ok());
        assert!(moments(Some(minutes(4))).check().is_ok());
        let refused = moments(Some(minutes(24 * 60))).check().unwrap_err().to_string();
        assert!(refused.contains("2026-09-21 23:13") && refused.contains("2026-09-22 23:13"), "{refused}");
        assert!(refused.contains("set the clock"), "{refused}");
    }

    #[test]
    fn the_newest_entry_of_any_town_counts() {
        let db = TestDb::new();
        let url = db.url(Role::Owner);
        assert_eq!(Moments::read(&url).unwrap().recorded, None);
        let unmigrated = url.replace(db.name(), "postgres");
        assert_eq!(Moments::read(&unmigrated).unwrap().recorded, None);
        let (first, second, third) = (db.town("first"), db.town("second"), db.town("third"));
        for (town, year) in [(first, 2020), (second, 2030), (third, 2025)] {
            let entry = format!(
                "INSERT INTO audit_entries (organization_id, at, actor, request, table_name, operation, changed, kept) \
                 VALUES ({town}, '{year}-01-01T00:00:00Z', 'system', '', 'companies', 'insert', '{{}}', '{{}}')"
            );
            sql_query(entry).execute(&mut db.owner()).unwrap();
        }
        let recorded = Moments::read(&url).unwrap().recorded.unwrap();
        assert_eq!(recorded.to_rfc3339(), "2030-01-01T00:00:00+00:00");
    }
}
