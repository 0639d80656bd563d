//! The home of town officers and advisers: how the programme stands, this year beside the last.

use chrono::{DateTime, Days, Utc};
use db::{DbError, Tx};
use kernel::{FiscalYear, Holidays, date_in_japan};
use sales::advice::{self, Session};
use sales::deals::{self, WonTotal};
use sales::findings;
use sales::roadmaps::{self, Milestone};
use sales::targets::{Paced, orders_of_year};
use serde::Serialize;

use crate::advice as advice_pages;
use crate::call::Call;
use crate::figures::{Figure, Name, Taken, taken_today};
use crate::format::{self, Due};
use crate::phrases::{counted, said};
use crate::targets::pages::beside;
use crate::{roadmap, targets};

/// What the database says.
pub(super) struct Facts {
    taken: Taken,
    last_year: WonTotal,
    target: Option<Paced>,
    advice: Vec<Session>,
    milestones: Vec<Milestone>,
    findings: i64,
    now: DateTime<Utc>,
}

/// How many days ahead a milestone is named.
const LOOKS_AHEAD: Days = Days::new(31);

pub(super) fn facts(tx: &mut Tx<'_>) -> Result<Facts, DbError> {
    let taken = taken_today(tx)?;
    let last_year = deals::won_total(tx, FiscalYear(taken.won.year.0 - 1))?;
    let now = tx.now();
    let today = date_in_japan(now);
    let until = today.checked_add_days(LOOKS_AHEAD).unwrap_or(today);
    let mut advice = advice::waiting(tx)?;
    advice.retain(|session| session.clock(Holidays::published(), today).is_some());
    Ok(Facts {
        target: orders_of_year(tx, taken.won.year)?,
        milestones: roadmaps::planned_until(tx, until)?,
        findings: findings::open_count(tx)?,
        taken,
        last_year,
        advice,
        now,
    })
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
    /// What is due or to be looked at: a target, reports on advice, milestones, findings.
    steering: Vec<Item>,
}

/// Something to look at.
#[derive(Debug, Serialize)]
struct Item {
    title: String,
    href: String,
    icon: &'static str,
    text: Vec<String>,
    due: Option<Due>,
}

impl Facts {
    fn items(&self, call: &Call) -> Vec<Item> {
        let target = self.target.map(|target| Item {
            title: call.text("home-target"),
            href: targets::HERE.to_owned(),
            icon: "target",
            text: vec![beside(call, target)],
            due: None,
        });
        let session = |one: &Session| {
            let (what, due) = advice_pages::due_next(call, self.now, one)?;
            let held = format::full_date(call.language, one.held_on);
            Some(Item {
                title: said(call, "advice-of-day", [("day", held.as_str())]),
                href: advice_pages::path(one.id),
                icon: "comment",
                text: vec![what],
                due: Some(due),
            })
        };
        let milestone = |one: &Milestone| Item {
            title: one.title.clone(),
            href: roadmap::path(one.id),
            icon: "flag",
            text: vec![call.text("milestone")],
            due: Some(format::due_on(call.language, self.now, one.due_on)),
        };
        let findings = (self.findings > 0).then(|| Item {
            title: counted(call, "meetings-answer", "count", self.findings),
            href: "/findings".to_owned(),
            icon: "questions",
            text: Vec::new(),
            due: None,
        });
        let due = self.advice.iter().filter_map(session).chain(self.milestones.iter().map(milestone));
        target.into_iter().chain(due).chain(findings).collect()
    }
}

/// What an officer or adviser is asked about, in this order.
const ASKED: [Name; 4] = [Name::Enrolled, Name::LeftEmployment, Name::Won, Name::Accepted];

impl ProgrammeToday {
    pub(super) fn of(call: &Call, facts: &Facts) -> Self {
        let Facts { taken, last_year, .. } = facts;
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
            steering: facts.items(call),
            figures: ASKED.iter().map(|name| Figure::of(call, taken, *name)).collect(),
            compared: said(
                call,
                "home-last-year",
                last.each_ref().map(|(name, text)| (*name, text.as_str())),
            ),
        }
    }
}
