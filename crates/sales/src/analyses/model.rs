//! How selling goes, reckoned from histories: the funnel, shares won, clients by their part. No database here.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

use kernel::{BoardStageId, CompanyId, Yen};
use schemars::JsonSchema;
use serde::Serialize;

use crate::chances::Count;
use crate::deals::{DealStatus, LostReason};
use crate::stages::Stage;

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

/// Deals of a funnel that have the same state and came as far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Walked {
    pub(super) state: DealStatus,
    /// The position of the rightmost open stage of their pipeline that their histories name.
    pub(super) furthest: Option<i16>,
    /// How many.
    pub(super) deals: i64,
}

/// How often and how long deals stood in a stage.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Stood {
    pub(super) stays: i64,
    /// The whole days of those together.
    pub(super) days: i64,
}

/// The funnel of a pipeline whose open stages are `stages` from the left. A deal that was won came through every stage;
/// one that was moved back came as far as it ever stood.
pub(super) fn funnel(stages: &[&Stage], deals: &[Walked], stood: &HashMap<BoardStageId, Stood>) -> Vec<Step> {
    let step = |stage: &&Stage| {
        let count = |is: fn(DealStatus) -> bool, came: fn(Ordering) -> bool| -> i64 {
            let there = deals.iter().filter(|some| is(some.state) && came(some.place(stage.position)));
            there.map(|some| some.deals).sum()
        };
        let went_on = count(|_| true, Ordering::is_gt);
        let lost = count(|state| state == DealStatus::Lost, Ordering::is_eq);
        let Stood { stays, days } = stood.get(&stage.id).copied().unwrap_or_default();
        Step {
            stage_id: stage.id,
            stage: stage.name.clone(),
            reached: count(|_| true, Ordering::is_ge),
            went_on,
            standing: count(|state| state != DealStatus::Lost, Ordering::is_eq),
            lost,
            went_on_hundredths: share(went_on, went_on + lost),
            stays,
            days,
            average_days_tenths: (stays >= LEAST).then(|| days * 10 / stays),
        }
    };
    stages.iter().map(step).collect()
}

impl Walked {
    /// Where they came against the open stage at `position`: less far, just there, or further.
    fn place(&self, position: i16) -> Ordering {
        if self.state == DealStatus::Won { Ordering::Greater } else { self.furthest.cmp(&Some(position)) }
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
    use proptest::prelude::*;

    use super::*;
    use crate::pipelines::PipelineId;
    use crate::stages::StageKind;

    fn stage(id: i64, position: i16) -> Stage {
        Stage {
            id: BoardStageId(id),
            pipeline_id: PipelineId(1),
            name: format!("{id}"),
            position,
            kind: StageKind::Open,
            probability: 0,
            idle_days: 0,
            requires: Vec::new(),
            next: None,
            version: 1,
            removed_at: None,
        }
    }

    #[test]
    fn a_funnel_counts_how_far_deals_came_how_they_ended_there_and_how_long_they_stood() {
        let came = |state, furthest, deals| Walked { state, furthest, deals };
        let deals = [
            came(DealStatus::Won, Some(1), 10),
            came(DealStatus::Lost, Some(4), 2),
            came(DealStatus::Open, Some(4), 1),
            came(DealStatus::Dormant, Some(1), 3),
            came(DealStatus::Open, None, 7),
        ];
        let stood = HashMap::from([
            (BoardStageId(1), Stood { stays: 12, days: 31 }),
            (BoardStageId(2), Stood { stays: 3, days: 11 }),
        ]);
        // A stage was taken away between the first and the second.
        let stages = [stage(1, 1), stage(2, 4), stage(3, 5)];
        let steps = funnel(&stages.each_ref(), &deals, &stood);
        let seen: Vec<_> =
            steps.iter().map(|one| (one.reached, one.went_on, one.standing, one.lost)).collect();
        assert_eq!(seen, [(16, 13, 3, 0), (13, 10, 1, 2), (10, 10, 0, 0)]);
        let said: Vec<_> = steps.iter().map(|one| (one.stays, one.days, one.average_days_tenths)).collect();
        assert_eq!(said, [(12, 31, Some(25)), (3, 11, None), (0, 0, None)], "too few to say");
        let went_on: Vec<_> = steps.iter().map(|one| one.went_on_hundredths).collect();
        assert_eq!(went_on, [Some(10_000), Some(8_333), Some(10_000)]);
        assert_eq!(funnel(&[], &deals, &stood), []);
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
