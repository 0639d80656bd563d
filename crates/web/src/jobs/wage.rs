//! What an hour of a job comes to beside the regional minimum wage: a reference for coordinators, who set the pay.

use db::{DbError, Tx};
use fulfillment::jobs::MinimumWage;
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
