//! How selling goes, reckoned from histories: the funnel, shares won, clients by their part. No database here.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kernel::{BoardStageId, CompanyId, Yen};
use schemars::JsonSchema;
use serde::Serialize;

use crate::chances::Count;
use crate::deals::stays::stays_of;
use crate::deals::{DealEventKind, DealStatus, LostReason};

/// Of how many deals a share or an average has to be before it is said. With fewer, one deal moves it by more than a tenth.
pub const LEAST: i64 = 10;

/// A part of a whole in hundredths of a percent, rounded; `None` of fewer than [`LEAST`].
pub(super) fn share(part: i64, whole: i64) -> Option<i64> {
    (whole >= LEAST).then(|| (part * 10_000 + whole / 2) / whole)
}

/// One open stage of a funnel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "FunnelStep")]
pub struct Step {
    /// The stage.
    pub stage_id: BoardStageId,
    /// Its name.
    pub stage: String,
    /// Deals that came as far as this stage: `went_on`, `standing` and `lost` together.
    pub reached: i64,
    /// Deals that came further: to a later stage, or were won.
    pub went_on: i64,
    /// Deals that came no further yet and are open or dormant.
    pub standing: i64,
    /// Deals that came no further and were lost.
    pub lost: i64,
    /// Of those that went on or were lost, the part that went on, in hundredths of a percent; null of fewer than ten.
    pub went_on_hundredths: Option<i64>,
    /// Times a deal stood in it that are over.
    pub stays: i64,
    /// The whole days of those together.
    pub days: i64,
    /// The days of one on average, in tenths; null of fewer than ten.
    pub average_days_tenths: Option<i64>,
}

/// A deal of a funnel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Walked {
    pub(super) state: DealStatus,
    /// What happened to it, the oldest first: what, the stage it was in after that, and when.
    pub(super) told: Vec<(DealEventKind, BoardStageId, DateTime<Utc>)>,
}

/// The funnel of a pipeline whose open stages are `stages` from the left. A deal that was won came through every stage;
/// one that was moved back came as far as it ever stood.
pub(super) fn funnel(
    stages: &[(BoardStageId, String)],
    deals: impl Iterator<Item = Walked>,
    now: DateTime<Utc>,
) -> Vec<Step> {
    let empty = |(stage_id, stage): &(BoardStageId, String)| Step {
        stage_id: *stage_id,
        stage: stage.clone(),
        reached: 0,
        went_on: 0,
        standing: 0,
        lost: 0,
        went_on_hundredths: None,
        stays: 0,
        days: 0,
        average_days_tenths: None,
    };
    let mut steps: Vec<Step> = stages.iter().map(empty).collect();
    for deal in deals {
        walk(&mut steps, &deal, now);
    }
    for step in &mut steps {
        step.went_on_hundredths = share(step.went_on, step.went_on + step.lost);
        step.average_days_tenths = (step.stays >= LEAST).then(|| step.days * 10 / step.stays);
    }
    steps
}

fn walk(steps: &mut [Step], deal: &Walked, now: DateTime<Utc>) {
    let place = |id: BoardStageId| steps.iter().position(|step| step.stage_id == id);
    let stood = deal.told.iter().filter_map(|(_, stage, _)| place(*stage)).max();
    let furthest = if deal.state == DealStatus::Won { Some(steps.len()) } else { stood };
    let over: Vec<(usize, i64)> = stays_of(deal.told.iter().copied(), now)
        .iter()
        .filter(|stay| stay.until.is_some())
        .filter_map(|stay| Some((place(stay.stage_id)?, stay.days)))
        .collect();
    let Some(furthest) = furthest else { return };
    for (nth, step) in steps.iter_mut().enumerate().take_while(|(nth, _)| *nth <= furthest) {
        step.reached += 1;
        match (nth < furthest, deal.state) {
            (true, _) => step.went_on += 1,
            (false, DealStatus::Lost) => step.lost += 1,
            (false, DealStatus::Open | DealStatus::Dormant | DealStatus::Won) => step.standing += 1,
        }
    }
    for (nth, days) in over {
        if let Some(step) = steps.get_mut(nth) {
            step.stays += 1;
            step.days += days;
        }
    }
}

/// How decided deals ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "SellingOutcome")]
pub struct Outcome {
    /// How many were won and lost.
    pub count: Count,
    /// What those that were won are worth, before tax.
    pub amount: Yen,
    /// The part that was won, in hundredths of a percent; null of fewer than ten.
    pub won_hundredths: Option<i64>,
}

impl Outcome {
    fn add(&mut self, deal: &Decided) {
        self.count.add(deal.is_won);
        if deal.is_won {
            self.amount = Yen(self.amount.0 + deal.amount.0);
        }
        self.won_hundredths = share(self.count.won.into(), self.decided());
    }

    /// How many were decided.
    pub fn decided(&self) -> i64 {
        i64::from(self.count.won) + i64::from(self.count.lost)
    }

    /// What one that was won is worth on average; `None` of fewer than [`LEAST`].
    pub fn average(&self) -> Option<Yen> {
        let won = i64::from(self.count.won);
        (won >= LEAST).then(|| Yen(self.amount.0 / won))
    }
}

kernel::text_enum!(
    /// By what shares won are told apart.
    #[schemars(rename = "RateDimension")]
    Dimension {
        /// How its lead came.
        Source = "source",
        /// The client's industry or class: its tags. A client with several counts for each.
        ClientClass = "client_class",
        /// The kind of its first line of work.
        JobKind = "job_kind",
        /// Whether the company had ordered before.
        Client = "client",
        /// The size of its amount.
        Size = "size",
    }
);

/// A deal that was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decided {
    pub(super) amount: Yen,
    pub(super) is_won: bool,
    /// Its value of each dimension; several classes, and none where nothing is known.
    pub(super) values: Vec<(Dimension, String)>,
}

/// How deals with one value ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "WinRate")]
pub struct Rate {
    /// What is looked at.
    pub dimension: Dimension,
    /// Its value: a source, a tag, a kind of work, `new` or `returning`, a size; null of deals of which it is not known.
    pub value: Option<String>,
    /// How they ended.
    pub outcome: Outcome,
}

/// How all of them ended, and by each value of each dimension, the most frequent first.
pub(super) fn rates(deals: &[Decided]) -> (Outcome, Vec<Rate>) {
    let mut whole = Outcome::default();
    let mut found: BTreeMap<(Dimension, Option<String>), Outcome> = BTreeMap::new();
    for deal in deals {
        whole.add(deal);
        for dimension in Dimension::ALL {
            let its = deal.values.iter().filter(|(of, _)| of == dimension);
            let mut values: Vec<Option<String>> = its.map(|(_, value)| Some(value.clone())).collect();
            if values.is_empty() {
                values.push(None);
            }
            for value in values {
                found.entry((*dimension, value)).or_default().add(deal);
            }
        }
    }
    let mut rates: Vec<Rate> =
        found.into_iter().map(|((dimension, value), outcome)| Rate { dimension, value, outcome }).collect();
    rates.sort_by_key(|rate| (rate.dimension, rate.value.is_none(), -rate.outcome.decided()));
    (whole, rates)
}

/// Deals that were lost for one reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "LostFor")]
pub struct Lost {
    /// Why.
    pub reason: LostReason,
    /// How many.
    pub count: i64,
    /// What they were worth, before tax.
    pub amount: Yen,
}

kernel::text_enum!(
    /// The class of a client by its part of the orders (ABC).
    #[schemars(rename = "AbcClass")]
    AbcClass {
        /// Those that come to 70 percent of all orders together.
        A = "a",
        /// Those that come to 90 percent with them.
        B = "b",
        /// The rest.
        C = "c",
    }
);

/// A client's part of the orders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ClientShare")]
pub struct Share {
    /// The client.
    pub company_id: CompanyId,
    /// Its name.
    pub company: String,
    /// What it ordered, before tax.
    pub amount: Yen,
    /// Its part of all orders, in hundredths of a percent.
    pub hundredths: i64,
    /// Its class.
    pub class: AbcClass,
}

/// Clients by their part of the orders, the largest first. Whoever crosses the line of a class still belongs to it, so the
/// first is always of class A.
pub(super) fn shares(mut orders: Vec<(CompanyId, String, Yen)>) -> Vec<Share> {
    let all: i64 = orders.iter().map(|(_, _, amount)| amount.0).sum();
    orders.sort_by_key(|(company, _, amount)| (-amount.0, *company));
    let mut before = 0_i64;
    let mut found = Vec::new();
    for (company_id, company, amount) in orders.into_iter().filter(|(_, _, amount)| amount.0 > 0) {
        let class = match i128::from(before) * 100 {
            part if part < i128::from(all) * 70 => AbcClass::A,
            part if part < i128::from(all) * 90 => AbcClass::B,
            _ => AbcClass::C,
        };
        before += amount.0;
        let part = (i128::from(amount.0) * 10_000 + i128::from(all) / 2) / i128::from(all.max(1));
        let hundredths = i64::try_from(part).unwrap_or(10_000);
        found.push(Share { company_id, company, amount, hundredths, class });
    }
    found
}

#[cfg(test)]
mod tests {
    use DealEventKind::{Lost as WasLost, Moved, Opened, Won as WasWon};
    use proptest::prelude::*;

    use super::*;

    fn at(day: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + day * 86_400, 0).unwrap()
    }

    fn walked(state: DealStatus, told: &[(DealEventKind, i64, i64)]) -> Walked {
        let told = told.iter().map(|(kind, day, stage)| (*kind, BoardStageId(*stage), at(*day)));
        Walked { state, told: told.collect() }
    }

    fn named(ids: &[i64]) -> Vec<(BoardStageId, String)> {
        ids.iter().map(|id| (BoardStageId(*id), format!("{id}"))).collect()
    }

    #[test]
    fn a_funnel_counts_how_far_deals_came_how_they_ended_there_and_how_long_they_stood() {
        let deals = [
            walked(DealStatus::Won, &[(Opened, 0, 1), (WasWon, 4, 9)]),
            walked(DealStatus::Lost, &[(Opened, 0, 1), (Moved, 2, 2), (WasLost, 5, 8)]),
            walked(DealStatus::Open, &[(Opened, 0, 1), (Moved, 1, 2), (Moved, 9, 1)]),
            walked(DealStatus::Dormant, &[(Opened, 0, 1)]),
        ];
        let steps = funnel(&named(&[1, 2, 3]), deals.into_iter(), at(30));
        let seen: Vec<_> =
            steps.iter().map(|one| (one.reached, one.went_on, one.standing, one.lost)).collect();
        assert_eq!(seen, [(4, 3, 1, 0), (3, 1, 1, 1), (1, 1, 0, 0)]);
        let stood: Vec<_> = steps.iter().map(|one| (one.stays, one.days)).collect();
        assert_eq!(stood, [(3, 7), (2, 11), (0, 0)]);
        assert_eq!(
            (steps[0].went_on_hundredths, steps[0].average_days_tenths),
            (None, None),
            "too few to say"
        );
    }

    #[test]
    fn a_share_is_said_of_ten_and_silent_of_nine() {
        assert_eq!((share(6, 9), share(2, 10), share(4238, 6711)), (None, Some(2000), Some(6315)));
    }

    #[test]
    fn a_client_is_of_the_class_that_it_fills() {
        use AbcClass::{A, B, C};
        let of = |amounts: &[i64]| {
            let orders =
                amounts.iter().zip(1..).map(|(amount, id)| (CompanyId(id), String::new(), Yen(*amount)));
            shares(orders.collect()).iter().map(|one| (one.company_id.0, one.class)).collect::<Vec<_>>()
        };
        assert_eq!(of(&[10, 60, 20, 10]), [(2, A), (3, A), (1, B), (4, C)]);
        assert_eq!(of(&[95, 5]), [(1, A), (2, C)]);
        assert_eq!(of(&[]), []);
    }

    fn decided() -> impl Strategy<Value = Decided> {
        let values = proptest::collection::vec((0_usize..3, "[ab]"), 0..3);
        (0_i64..1_000_000, any::<bool>(), values).prop_map(|(amount, is_won, values)| {
            let mut values: Vec<_> =
                values.into_iter().map(|(at, value)| (Dimension::ALL[at], value)).collect();
            values.sort();
            values.dedup();
            Decided { amount: Yen(amount), is_won, values }
        })
    }

    proptest! {
        #[test]
        fn shares_come_to_all_orders_and_classes_never_rise(amounts in proptest::collection::vec(0_i64..10_000_000, 0..40)) {
            let orders: Vec<_> =
                amounts.iter().zip(1..).map(|(amount, id)| (CompanyId(id), String::new(), Yen(*amount))).collect();
            let found = shares(orders);
            prop_assert_eq!(found.iter().map(|one| one.amount.0).sum::<i64>(), amounts.iter().sum::<i64>());
            prop_assert!(found.windows(2).all(|pair| pair[0].class <= pair[1].class && pair[0].amount >= pair[1].amount));
        }

        #[test]
        fn a_dimension_with_one_value_each_comes_to_the_whole(deals in proptest::collection::vec(decided(), 0..60)) {
            let (whole, rates) = rates(&deals);
            prop_assert_eq!(whole.decided(), i64::try_from(deals.len()).unwrap());
            // Nothing is known of these two here, so each is one line of all deals.
            for dimension in [Dimension::Client, Dimension::Size] {
                let its: Vec<_> = rates.iter().filter(|one| one.dimension == dimension).collect();
                prop_assert!(its.iter().all(|one| one.value.is_none() && one.outcome == whole));
                prop_assert_eq!(its.len(), usize::from(!deals.is_empty()));
            }
            for one in &rates {
                let with_it = |deal: &&Decided| match &one.value {
                    Some(value) => deal.values.contains(&(one.dimension, value.clone())),
                    None => deal.values.iter().all(|(of, _)| *of != one.dimension),
                };
                let (won, all) = deals.iter().filter(with_it).fold((0, 0), |sum, deal| (sum.0 + u32::from(deal.is_won), sum.1 + 1));
                prop_assert_eq!((one.outcome.count.won, one.outcome.decided()), (won, all));
            }
        }
    }
}
