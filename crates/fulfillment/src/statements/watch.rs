//! Every night: payments whose day is near, and pay of which nobody has made a statement, or whose work nobody has looked at,
//! although its day is near.

use chrono::{Days, NaiveDate};
use db::{DbError, Tx};
use kernel::Yen;
use queue::{Priority, Task};
use serde::{Deserialize, Serialize};

use super::events::PaymentsNear;
use super::lists;
use super::model::{NEAR_DAYS, UNCHECKED_NEAR_DAYS};
use crate::earnings;

/// Looks at the clocks of payments.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub struct WatchPayments {}

impl Task for WatchPayments {
    const KIND: &'static str = "payments.watch";
    const PRIORITY: Priority = Priority::Idle;
}

/// States that payments are near, once for each night on which some are. Says nothing where all is paid in time.
pub fn warn(tx: &mut Tx<'_>) -> Result<(), DbError> {
    let until = crate::today(tx) + Days::new(NEAR_DAYS);
    let near: Vec<_> = lists::unpaid_days(tx)?.into_iter().filter(|day| day.pay_on <= until).collect();
    let mut unclosed = lists::waiting_by_pay_day(tx)?;
    unclosed.retain(|pay_on, _| *pay_on <= until);
    let look_by = crate::today(tx) + Days::new(UNCHECKED_NEAR_DAYS);
    let unchecked: Vec<_> =
        earnings::unchecked_days(tx)?.into_iter().filter(|day| day.pay_on <= look_by).collect();
    let days = near.iter().map(|day| day.pay_on).chain(unclosed.keys().copied());
    let first: Option<NaiveDate> = days.chain(unchecked.iter().map(|day| day.pay_on)).min();
    let Some(pay_on) = first else { return Ok(()) };
    queue::record(
        tx,
        &PaymentsNear {
            pay_on,
            statements: near.iter().map(|day| day.statements).sum(),
            payable: near.iter().map(|day| day.payable).sum::<Yen>(),
            unclosed: unclosed.values().copied().sum::<Yen>(),
            unchecked_units: unchecked.iter().map(|day| day.units).sum(),
            unchecked: unchecked.iter().map(|day| day.amount).sum::<Yen>(),
        },
    )?;
    Ok(())
}
