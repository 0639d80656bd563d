//! What has changed since a snapshot, deal by deal. No database here.
//!
//! Invariant: what was before and every change come to what is now, to the yen
//! (`a_thousand_random_weeks_add_up_to_the_yen`).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use kernel::{DealId, PersonId, Span, Yen};
use schemars::JsonSchema;
use serde::Serialize;

use super::model::Position;
use crate::deals::DealStatus;

kernel::text_enum!(
    /// What became of a deal in a forecast; of several things that happened to it, the first of these.
    ChangeKind {
        /// It was entered since.
        New = "new",
        /// It was won.
        Won = "won",
        /// It was lost.
        Lost = "lost",
        /// It was put to sleep.
        Slept = "slept",
        /// Somebody took it back: it is there no more.
        Gone = "gone",
        /// It is worked on again.
        Reopened = "reopened",
        /// Another person handed it over.
        HandedIn = "handed_in",
        /// It was handed to another person.
        HandedOut = "handed_out",
        /// It is expected in these days now.
        MovedIn = "moved_in",
        /// It is expected on other days now.
        MovedOut = "moved_out",
        /// It is worth more or less.
        Revalued = "revalued",
        /// It stands in another stage, or its stage is more or less likely now.
        Restaged = "restaged",
    }
);

/// One deal's change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ForecastChange")]
pub struct Change {
    /// The deal.
    pub deal: DealId,
    /// What became of it.
    pub kind: ChangeKind,
    /// What it counted with, weighted.
    pub before: Yen,
    /// What it counts with now.
    pub now: Yen,
}

impl Change {
    /// What it makes the forecast more; negative for less.
    pub fn difference(&self) -> Yen {
        Yen(self.now.0 - self.before.0)
    }
}

/// Everything that has changed in the weighted forecast of some days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ForecastChanges")]
pub struct Changes {
    /// The weighted forecast then.
    pub before: Yen,
    /// The weighted forecast now: what was before and every change.
    pub now: Yen,
    /// Deal by deal, in the order of what became of them and then of how much.
    pub changes: Vec<Change>,
}

impl Changes {
    /// What each kind comes to, in its order: how many deals, and how much more.
    pub fn by_kind(&self) -> BTreeMap<ChangeKind, (i64, Yen)> {
        let mut found: BTreeMap<ChangeKind, (i64, Yen)> = BTreeMap::new();
        for change in &self.changes {
            let part = found.entry(change.kind).or_default();
            *part = (part.0 + 1, Yen(part.1.0 + change.difference().0));
        }
        found
    }
}

/// What `span` and `whose` deals a forecast is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About {
    /// The days.
    pub span: Span,
    /// One person's deals, or everybody's.
    pub whose: Option<PersonId>,
}

impl About {
    /// What a deal counts with here.
    pub fn weighted(self, position: Option<&Position>) -> Yen {
        let own = position.filter(|position| self.whose.is_none_or(|person| person == position.owner));
        own.map_or(Yen::ZERO, |position| position.weighted(self.span))
    }
}

/// What has changed between what was frozen at `taken_at` and `now`. Both name every deal that is open or was won in the
/// year, and `now` those too that were frozen and have been lost or put to sleep since. A deal whose weight is as it was is
/// no change.
pub fn changes(before: &[Position], now: &[Position], taken_at: DateTime<Utc>, about: About) -> Changes {
    let index = |positions: &[Position]| -> BTreeMap<DealId, Position> {
        positions.iter().map(|position| (position.deal, *position)).collect()
    };
    let (then, today) = (index(before), index(now));
    let deals: BTreeSet<DealId> = then.keys().chain(today.keys()).copied().collect();
    let mut changes: Vec<Change> = Vec::new();
    for deal in deals {
        let (was, is) = (then.get(&deal), today.get(&deal));
        let (weighed, weighs) = (about.weighted(was), about.weighted(is));
        if weighed != weighs {
            changes.push(Change { deal, kind: kind(was, is, taken_at, about), before: weighed, now: weighs });
        }
    }
    changes.sort_by_key(|change| (change.kind, -change.difference().0.abs(), change.deal));
    Changes {
        before: before.iter().map(|position| about.weighted(Some(position))).sum(),
        now: now.iter().map(|position| about.weighted(Some(position))).sum(),
        changes,
    }
}

fn kind(was: Option<&Position>, is: Option<&Position>, taken_at: DateTime<Utc>, about: About) -> ChangeKind {
    let Some(is) = is else { return ChangeKind::Gone };
    let Some(was) = was else { return came(is, taken_at) };
    match (was.state, is.state) {
        (DealStatus::Open, DealStatus::Won) => return ChangeKind::Won,
        (_, DealStatus::Lost) => return ChangeKind::Lost,
        (_, DealStatus::Dormant) => return ChangeKind::Slept,
        (DealStatus::Won, DealStatus::Open) => return ChangeKind::Reopened,
        _ => {}
    }
    if about.whose.is_some() && was.owner != is.owner {
        return if about.whose == Some(is.owner) { ChangeKind::HandedIn } else { ChangeKind::HandedOut };
    }
    match (was.falls_in(about.span), is.falls_in(about.span)) {
        (false, true) => ChangeKind::MovedIn,
        (true, false) => ChangeKind::MovedOut,
        _ if was.amount != is.amount => ChangeKind::Revalued,
        _ => ChangeKind::Restaged,
    }
}

/// How a deal came that was not frozen.
fn came(is: &Position, taken_at: DateTime<Utc>) -> ChangeKind {
    if is.created_at.is_some_and(|at| at < taken_at) { ChangeKind::Reopened } else { ChangeKind::New }
}

#[cfg(test)]
mod tests {
    use chrono::{Days, NaiveDate};
    use kernel::BoardStageId;
    use proptest::prelude::*;
    use proptest::test_runner::Config;

    use super::*;

    fn monday() -> NaiveDate {
        "2026-11-23".parse().unwrap()
    }

    fn instant(day: u64) -> DateTime<Utc> {
        (monday() + Days::new(day)).and_hms_opt(3, 0, 0).unwrap().and_utc()
    }

    fn span() -> Span {
        Span { first: "2026-10-01".parse().unwrap(), last: "2026-12-31".parse().unwrap() }
    }

    fn about(whose: Option<i64>) -> About {
        About { span: span(), whose: whose.map(PersonId) }
    }

    fn open(deal: i64, amount: i64, probability: i16, on: Option<&str>) -> Position {
        Position {
            deal: DealId(deal),
            owner: PersonId(1),
            stage: BoardStageId(1),
            state: DealStatus::Open,
            amount: Yen(amount),
            probability,
            expected_close_on: on.map(|on| on.parse().unwrap()),
            won_on: None,
            created_at: Some(instant(0) - chrono::TimeDelta::days(30)),
        }
    }

    fn seen(before: &[Position], now: &[Position], whose: Option<i64>) -> Vec<(i64, ChangeKind, i64)> {
        let found = changes(before, now, instant(0), about(whose));
        found.changes.iter().map(|one| (one.deal.0, one.kind, one.difference().0)).collect()
    }

    #[test]
    fn each_deal_is_said_once_as_what_became_of_it() {
        let inside = Some("2026-12-10");
        let was = open(1, 1000, 50, inside);
        let won = Position { state: DealStatus::Won, amount: Yen(1200), won_on: Some(monday()), ..was };
        let lost = Position { state: DealStatus::Lost, ..was };
        let slept = Position { state: DealStatus::Dormant, ..was };
        let out = open(1, 1000, 50, Some("2027-01-10"));
        let other = Position { owner: PersonId(2), ..was };
        for (now, kind, difference) in [
            (won, ChangeKind::Won, 700),
            (lost, ChangeKind::Lost, -500),
            (slept, ChangeKind::Slept, -500),
            (out, ChangeKind::MovedOut, -500),
            (Position { amount: Yen(900), ..was }, ChangeKind::Revalued, -50),
            (Position { probability: 80, ..was }, ChangeKind::Restaged, 300),
        ] {
            assert_eq!(seen(&[was], &[now], None), [(1, kind, difference)]);
        }
        assert_eq!(seen(&[out], &[was], None), [(1, ChangeKind::MovedIn, 500)]);
        assert_eq!(seen(&[won], &[was], None), [(1, ChangeKind::Reopened, -700)]);
        assert_eq!(seen(&[], &[was], None), [(1, ChangeKind::Reopened, 500)], "it was entered before");
        let fresh = Position { created_at: Some(instant(1)), ..was };
        assert_eq!(seen(&[], &[fresh], None), [(1, ChangeKind::New, 500)]);
        assert_eq!(seen(&[was], &[], None), [(1, ChangeKind::Gone, -500)]);
        assert_eq!(seen(&[was], &[other], None), [], "whoever has it, the town expects the same");
        assert_eq!(seen(&[was], &[other], Some(1)), [(1, ChangeKind::HandedOut, -500)]);
        assert_eq!(seen(&[was], &[other], Some(2)), [(1, ChangeKind::HandedIn, 500)]);
    }

    /// What somebody does to a deal within a week.
    #[derive(Debug, Clone, Copy)]
    enum Deed {
        Enter(i64, i16, u64),
        Win(i64),
        Lose,
        Sleep,
        Revalue(i64),
        Restage(i16),
        Expect(u64),
        Undate,
        HandOver(i64),
        TakeBack,
    }

    fn deed() -> impl Strategy<Value = Deed> {
        prop_oneof![
            (0_i64..9_999_999, 0_i16..=100, 0_u64..120).prop_map(|(a, p, d)| Deed::Enter(a, p, d)),
            (0_i64..9_999_999).prop_map(Deed::Win),
            Just(Deed::Lose),
            Just(Deed::Sleep),
            (0_i64..9_999_999).prop_map(Deed::Revalue),
            (0_i16..=100).prop_map(Deed::Restage),
            (0_u64..120).prop_map(Deed::Expect),
            Just(Deed::Undate),
            (1_i64..4).prop_map(Deed::HandOver),
            Just(Deed::TakeBack),
        ]
    }

    /// Plays deeds one after the other, each on one of the deals that are there.
    fn play(deals: &mut Vec<Position>, deeds: &[(usize, Deed)], day: u64) {
        for ((which, deed), next) in deeds.iter().zip(1000 * i64::try_from(day).unwrap() + 1..) {
            if let Deed::Enter(amount, probability, on) = deed {
                let on = (monday() + Days::new(*on)).to_string();
                let fresh = open(next, *amount, *probability, Some(&on));
                deals.push(Position { created_at: Some(instant(day)), ..fresh });
                continue;
            }
            if deals.is_empty() {
                continue;
            }
            let at = which % deals.len();
            if matches!(deed, Deed::TakeBack) {
                deals.remove(at);
                continue;
            }
            let deal = &mut deals[at];
            match *deed {
                Deed::Win(amount) => {
                    deal.state = DealStatus::Won;
                    deal.amount = Yen(amount);
                    deal.won_on = Some(monday() + Days::new(day));
                }
                Deed::Lose => deal.state = DealStatus::Lost,
                Deed::Sleep => deal.state = DealStatus::Dormant,
                Deed::Revalue(amount) => deal.amount = Yen(amount),
                Deed::Restage(probability) => {
                    deal.state = DealStatus::Open;
                    deal.probability = probability;
                }
                Deed::Expect(on) => deal.expected_close_on = Some(monday() + Days::new(on)),
                Deed::Undate => deal.expected_close_on = None,
                Deed::HandOver(to) => deal.owner = PersonId(to),
                Deed::Enter(..) | Deed::TakeBack => {}
            }
        }
    }

    /// The same sum by another way: no weighing of ours, one pass, plain integers.
    fn recount(deals: &[Position], whose: Option<i64>) -> i64 {
        let (first, last) = (span().first, span().last);
        let mut sum = 0;
        for deal in deals {
            if whose.is_some_and(|person| deal.owner.0 != person) {
                continue;
            }
            let within = |day: Option<NaiveDate>| day.is_some_and(|day| first <= day && day <= last);
            if deal.state == DealStatus::Won && within(deal.won_on) {
                sum += deal.amount.0;
            } else if deal.state == DealStatus::Open && within(deal.expected_close_on) {
                sum += deal.amount.0 * i64::from(deal.probability) / 100;
            }
        }
        sum
    }

    proptest! {
        #![proptest_config(Config { cases: 1000, failure_persistence: None, ..Config::default() })]
        #[test]
        fn a_thousand_random_weeks_add_up_to_the_yen(
            history in proptest::collection::vec((0_usize..50, deed()), 0..60),
            week in proptest::collection::vec((0_usize..50, deed()), 0..40),
            whose in proptest::option::of(1_i64..4),
        ) {
            let mut deals = Vec::new();
            play(&mut deals, &history, 0);
            let frozen: Vec<Position> = deals
                .iter()
                .filter(|deal| matches!(deal.state, DealStatus::Open | DealStatus::Won))
                .map(|deal| Position { created_at: None, ..*deal })
                .collect();
            play(&mut deals, &week, 3);
            let found = changes(&frozen, &deals, instant(1), about(whose));
            let sum: i64 = found.changes.iter().map(|one| one.difference().0).sum();
            prop_assert_eq!(found.before.0, recount(&frozen, whose));
            prop_assert_eq!(found.now.0, recount(&deals, whose));
            prop_assert_eq!(found.before.0 + sum, found.now.0);
            let by_kind: i64 = found.by_kind().values().map(|(_, more)| more.0).sum();
            prop_assert_eq!(by_kind, sum);
            let named: BTreeSet<DealId> = found.changes.iter().map(|one| one.deal).collect();
            prop_assert_eq!(named.len(), found.changes.len(), "each deal is said once");
        }
    }
}
