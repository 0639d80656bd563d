//! The hours there are and the days they promise. Deals know nothing of hours and hours nothing of deals: here they meet.

pub(crate) mod api;
mod chart;
pub(crate) mod history;
pub(crate) mod index;
pub(crate) mod said;

use db::{DbError, Tx};
use fulfillment::promises::{self, Days, Gap, MayCome};
use kernel::{DealId, QuoteId};
use sales::costs::{self, PromiseGap, QuotePromise};
use sales::deals::{self, OpenWork};
use sales::quotes::{self, QuoteLine};

/// The work that open deals would bring, for those who plan hours; that of `except` is left out.
fn may_come(tx: &mut Tx<'_>, except: Option<DealId>) -> Result<Vec<MayCome>, DbError> {
    let open = deals::open_work(tx)?;
    let others = open.into_iter().filter(|work| Some(work.deal) != except);
    let of = |work: OpenWork| MayCome {
        minutes: work.minutes,
        wanted_on: work.wanted_on,
        likely_permille: i64::from(work.likely_percent) * 10,
    };
    Ok(others.map(of).collect())
}

/// Reckons every promise of a town anew.
pub fn reckon(tx: &mut Tx<'_>) -> Result<(), DbError> {
    let may_come = may_come(tx, None)?;
    promises::reckon(tx, &may_come)
}

/// Does what changes the work or the hours there are; the days that are promised from them are reckoned anew minutes later.
pub(crate) fn moving_days<T, E: From<DbError>>(
    tx: &mut Tx<'_>,
    verb: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let done = verb(tx)?;
    promises::reckon_after_change(tx)?;
    Ok(done)
}

/// By when what a deal's lines offer could be done, beside everything else.
pub(crate) fn day_of(
    tx: &mut Tx<'_>,
    deal: DealId,
    lines: &[QuoteLine],
    wanted_on: chrono::NaiveDate,
) -> Result<Days, DbError> {
    let minutes = lines.iter().map(|line| i64::from(line.quantity) * i64::from(line.unit_minutes)).sum();
    let asked = MayCome { minutes, wanted_on: Some(wanted_on), likely_permille: 1000 };
    let others = may_come(tx, Some(deal))?;
    promises::ask(tx, asked, &others)
}

/// Reckons by when what a quote offers could be done and keeps it beside that version, once.
pub fn promise_quote(tx: &mut Tx<'_>, id: QuoteId) -> Result<(), DbError> {
    if costs::promise_of(tx, id)?.is_some() {
        return Ok(());
    }
    let quote = quotes::find(tx, id)?;
    let days = day_of(tx, quote.deal_id, &quote.lines, quote.deliver_on)?;
    let gap = days.gap.map(|gap| match gap {
        Gap::NoHours => PromiseGap::NoHours,
        Gap::NobodyFits => PromiseGap::NobodyFits,
        Gap::TooFar => PromiseGap::TooFar,
    });
    let promise = QuotePromise {
        half_on: days.half_on,
        promised_on: days.promised_on,
        nearly_on: days.nearly_on,
        gap,
        late_permille: days.late_permille,
        reckoned_at: tx.now(),
    };
    costs::keep_promise(tx, id, &promise)
}
