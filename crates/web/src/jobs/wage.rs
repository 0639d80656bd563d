//! What an hour of a job comes to beside the regional minimum wage: a reference for coordinators, who set the pay.

use db::{DbError, Tx};
use fulfillment::jobs::{Job, MinimumWage};
use fulfillment::submissions::SaidMinutes;
use kernel::Yen;

use crate::call::Call;
use crate::format;
use crate::orders::parts;

/// The wage of the prefecture that the acting town lies in, where its code says so.
pub(super) fn of_town(tx: &mut Tx<'_>) -> Result<Option<MinimumWage>, DbError> {
    let town = accounts::organizations::find(tx)?;
    Ok(town.municipal_code.as_ref().and_then(MinimumWage::of))
}

/// `1時間あたり約1,200円`.
pub(super) fn per_hour(call: &Call, hour: Yen) -> String {
    parts::say(call, "jobs-per-hour", &[("pay", format::yen(call.language, hour))])
}

/// What an hour comes to by the minutes that makers say a unit took, rounded down.
pub(super) fn measured(job: &Job, said: SaidMinutes) -> Yen {
    Yen(job.unit_pay.0.saturating_mul(60) / i64::from(said.median.max(1)))
}

/// The same in words beside the regional wage; for coordination alone, because it is no promise about an hour.
pub(super) fn measured_in_words(call: &Call, hour: Yen, wage: Option<MinimumWage>) -> String {
    let pay = ("pay", format::yen(call.language, hour));
    match wage {
        Some(wage) => {
            let facts = [pay, ("wage", format::yen(call.language, wage.hourly))];
            parts::say(call, "jobs-per-hour-measured", &facts)
        }
        None => parts::say(call, "jobs-per-hour-said", &[pay]),
    }
}

/// A sentence where an hour comes to less than the wage; it stops nobody.
pub(super) fn warning(call: &Call, hour: Yen, wage: Option<MinimumWage>) -> Option<String> {
    let wage = wage.filter(|wage| hour < wage.hourly)?;
    let facts = [
        ("pay", format::yen(call.language, hour)),
        ("wage", format::yen(call.language, wage.hourly)),
        ("since", format::full_date(call.language, wage.since)),
    ];
    Some(parts::say(call, "jobs-below-minimum-wage", &facts))
}
