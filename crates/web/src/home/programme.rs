//! The home of town officers and advisers: how the programme stands, this year beside the last.

use db::{DbError, Tx};
use kernel::FiscalYear;
use sales::deals::{self, WonTotal};
use serde::Serialize;

use crate::call::Call;
use crate::figures::{Figure, Name, Taken, taken_today};
use crate::format;
use crate::phrases::said;

/// What the database says.
pub(super) struct Facts {
    taken: Taken,
    last_year: WonTotal,
}

pub(super) fn facts(tx: &mut Tx<'_>) -> Result<Facts, DbError> {
    let taken = taken_today(tx)?;
    let last_year = deals::won_total(tx, FiscalYear(taken.won.year.0 - 1))?;
    Ok(Facts { taken, last_year })
}

/// `page.programme` of `home/programme.html`.
#[derive(Debug, Serialize)]
pub(super) struct ProgrammeToday {
    /// `在籍54人 · 就職12人 · 2026年度の受注 9,876,543円（62件）`
    sentence: String,
    as_of: String,
    figures: Vec<Figure>,
    /// The whole of last year beside this year so far.
    compared: String,
}

/// What an officer or adviser is asked about, in this order.
const ASKED: [Name; 4] = [Name::Enrolled, Name::LeftEmployment, Name::Won, Name::Accepted];

impl ProgrammeToday {
    pub(super) fn of(call: &Call, Facts { taken, last_year }: &Facts) -> Self {
        let won = &taken.won;
        let words = [
            ("year", won.year.0.to_string()),
            ("count", format::count(won.count)),
            ("amount", format::yen(call.language, won.amount)),
            ("people", format::count(taken.counts.active)),
        ];
        let last = [
            ("year", last_year.year.0.to_string()),
            ("count", format::count(last_year.count)),
            ("amount", format::yen(call.language, last_year.amount)),
        ];
        Self {
            sentence: said(
                call,
                "home-programme",
                words.each_ref().map(|(name, text)| (*name, text.as_str())),
            ),
            as_of: format::full_date(call.language, taken.as_of),
            figures: ASKED.iter().map(|name| Figure::of(call, taken, *name)).collect(),
            compared: said(
                call,
                "home-last-year",
                last.each_ref().map(|(name, text)| (*name, text.as_str())),
            ),
        }
    }
}
