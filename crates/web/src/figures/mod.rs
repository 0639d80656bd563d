//! The town's figures (数字): each with what it counts, as of which day, from which records, and the list behind it.
//!
//! Invariant: a figure and the list it leads to agree (`every_tile_says_what_its_list_comes_to`).

pub(crate) mod api;
pub(crate) mod behind;
pub(crate) mod fairness;
pub(crate) mod pay;

use std::rc::Rc;

use accounts::organizations::{Organization, TownKind};
use actix_web::HttpResponse;
use chrono::NaiveDate;
use db::{DbError, Tx};
use fulfillment::orders;
use kernel::{FiscalYear, Language, Yen, date_in_japan};
use sales::deals::{self, WonTotal};
use serde::Serialize;
use workforce::workers::{self, Counts, WithdrawalReason};

use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::phrases::said;

/// What can be asked for by name, as in `/figures/{figure}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Name {
    Registered,
    Left,
    LeftEmployment,
    Enrolled,
    RegisteredShare,
    EnrolledShare,
    Won,
    Accepted,
}

impl Name {
    const WORKERS: [Self; 4] = [Self::Registered, Self::Left, Self::LeftEmployment, Self::Enrolled];
    const SHARES: [Self; 2] = [Self::RegisteredShare, Self::EnrolledShare];
    const MONEY: [Self; 2] = [Self::Won, Self::Accepted];

    /// Its word in addresses and in the keys of texts.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Left => "left",
            Self::LeftEmployment => "left-employment",
            Self::Enrolled => "enrolled",
            Self::RegisteredShare => "registered-share",
            Self::EnrolledShare => "enrolled-share",
            Self::Won => "won",
            Self::Accepted => "accepted",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        let all = Self::WORKERS.into_iter().chain(Self::SHARES).chain(Self::MONEY);
        all.into_iter().find(|name| name.word() == word)
    }
}

/// What the database says as of a day in Japan.
#[derive(Debug)]
pub(crate) struct Taken {
    pub(crate) as_of: NaiveDate,
    pub(crate) town: Organization,
    pub(crate) counts: Counts,
    pub(crate) won: WonTotal,
    pub(crate) accepted: Yen,
}

/// The figures as of today in Japan, for the pages and for JSON.
pub(crate) fn taken_today(tx: &mut Tx<'_>) -> Result<Taken, DbError> {
    let as_of = date_in_japan(tx.now());
    let town = accounts::organizations::find(tx)?;
    let year = town.fiscal_year_of(as_of);
    Ok(Taken {
        as_of,
        town,
        counts: workers::counts(tx, as_of)?,
        won: deals::won_total(tx, year)?,
        accepted: orders::accepted_total(tx, year)?,
    })
}

impl Taken {
    fn left(&self) -> i64 {
        self.counts.withdrawn.values().sum()
    }

    fn left_for(&self, reason: WithdrawalReason) -> i64 {
        self.counts.withdrawn.get(&reason).copied().unwrap_or_default()
    }

    /// The people a share is taken of, where the town has entered its population.
    fn people_of(&self, name: Name) -> i64 {
        match name {
            Name::EnrolledShare | Name::Enrolled => self.counts.active,
            Name::Left => self.left(),
            Name::LeftEmployment => self.left_for(WithdrawalReason::Employment),
            _ => self.counts.registered_cumulative,
        }
    }

    fn value(&self, name: Name) -> String {
        match name {
            Name::Won => self.won.amount.to_string(),
            Name::Accepted => self.accepted.to_string(),
            Name::RegisteredShare | Name::EnrolledShare => {
                percent(self.people_of(name), i64::from(self.town.population.unwrap_or_default()))
            }
            _ => format::count(self.people_of(name)),
        }
    }

    const fn unit(name: Name) -> &'static str {
        match name {
            Name::Won | Name::Accepted => "unit-yen",
            Name::RegisteredShare | Name::EnrolledShare => "figure-percent",
            _ => "figure-people",
        }
    }
}

/// One number with what gives it meaning.
#[derive(Debug, Serialize)]
pub(crate) struct Figure {
    label: String,
    value: String,
    unit: String,
    /// What it counts, or the two numbers it divides.
    note: String,
    href: String,
}

impl Figure {
    /// The number with its unit as one reads it: `76 people`, `¥9,948,000`.
    fn said(&self, call: &Call, name: Name) -> String {
        match (call.language, name) {
            (Language::En, Name::Won | Name::Accepted) => format!("¥{}", self.value),
            (Language::En, Name::RegisteredShare | Name::EnrolledShare) => {
                format!("{}{}", self.value, self.unit)
            }
            (Language::En, _) => format!("{} {}", self.value, self.unit),
            (Language::Ja, _) => format!("{}{}", self.value, self.unit),
        }
    }

    /// The figure `name` in the reader's language.
    pub(crate) fn of(call: &Call, taken: &Taken, name: Name) -> Self {
        Self {
            label: call.text(&format!("figure-{}", name.word())),
            value: taken.value(name),
            unit: call.text(Taken::unit(name)),
            note: note(call, taken, name),
            href: format!("/figures/{}", name.word()),
        }
    }
}

fn note(call: &Call, taken: &Taken, name: Name) -> String {
    match name {
        Name::RegisteredShare | Name::EnrolledShare => division(call, taken, name),
        Name::Won => said(call, "figure-won-n", [("count", &format::count(taken.won.count))]),
        Name::Left => {
            let count = |reason| format::count(taken.left_for(reason));
            let words = [
                ("employment", count(WithdrawalReason::Employment)),
                ("moved", count(WithdrawalReason::Moved)),
                ("other", count(WithdrawalReason::Other)),
            ];
            said(call, "figure-left-n", words.each_ref().map(|(name, text)| (*name, text.as_str())))
        }
        _ => call.text(&format!("figure-{}-means", name.word())),
    }
}

/// `75人 ÷ 人口6,960人（2022年1月1日現在）`
fn division(call: &Call, taken: &Taken, name: Name) -> String {
    let day = taken.town.population_as_of.map(|day| format::plain_date(call.language, day));
    let words = [
        ("part", format::count(taken.people_of(name))),
        ("whole", format::count(i64::from(taken.town.population.unwrap_or_default()))),
        ("day", day.unwrap_or_else(|| call.text("figure-day-unknown"))),
    ];
    said(call, "figure-division", words.each_ref().map(|(name, text)| (*name, text.as_str())))
}

#[derive(Serialize)]
struct FiguresPage {
    title: String,
    as_of: String,
    year: String,
    is_demo: bool,
    /// Shares need the town's population; without it the page says where to enter it.
    has_population: bool,
    may_enter_population: bool,
    may_see_pay: bool,
    may_see_fairness: bool,
    workers: Vec<Figure>,
    money: Vec<Figure>,
}

/// `GET /figures`: every number with its definition, its day and the way to its list.
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let taken = call.db(taken_today).await?;
    let has_population = taken.town.population.is_some();
    let figure = |name: Name| Figure::of(&call, &taken, name);
    let shares = Name::SHARES.into_iter().filter(|_| has_population);
    let page = FiguresPage {
        title: call.text("nav-figures"),
        as_of: format::full_date(call.language, taken.as_of),
        year: year_label(&call, taken.won.year),
        is_demo: taken.town.kind == TownKind::Demo,
        has_population,
        may_enter_population: crate::routes::may_get(&call, "/town"),
        may_see_pay: crate::routes::may_get(&call, "/figures/pay"),
        may_see_fairness: crate::routes::may_get(&call, "/figures/fairness"),
        workers: Name::WORKERS.into_iter().chain(shares).map(figure).collect(),
        money: Name::MONEY.into_iter().map(figure).collect(),
    };
    call.page("figures/index.html", &page)
}

fn year_label(call: &Call, year: FiscalYear) -> String {
    match call.language {
        Language::Ja => format!("令和{}年度（{year}年度）", year.0 - 2018),
        Language::En => format!("Fiscal {year}"),
    }
}

/// A share in percent with two decimals, rounded half up, by whole numbers.
fn percent(part: i64, whole: i64) -> String {
    if whole <= 0 {
        return String::from("–");
    }
    let hundredths = (part * 10_000 + whole / 2) / whole;
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// The same to four decimals and cut off, so that a reader can follow the rounding.
fn percent_unrounded(part: i64, whole: i64) -> String {
    if whole <= 0 {
        return String::from("–");
    }
    let parts = part * 1_000_000 / whole;
    format!("{}.{:04}…", parts / 10_000, parts % 10_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seeds_shares_come_out() {
        assert_eq!(percent(75, 6960), "1.08");
        assert_eq!(percent(54, 6960), "0.78");
        assert_eq!(percent(1, 0), "–");
        assert_eq!(percent_unrounded(54, 6960), "0.7758…");
    }

    #[test]
    fn every_figure_is_found_by_its_word() {
        for name in Name::WORKERS.into_iter().chain(Name::SHARES).chain(Name::MONEY) {
            assert_eq!(Name::parse(name.word()), Some(name));
        }
        assert_eq!(Name::parse("profit"), None);
    }
}
