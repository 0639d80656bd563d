//! How likely a deal is won, by how often deals like it were: naive Bayes over frequencies. No database here.
//!
//! The method is the one published with Odoo's CRM (`crm_lead.py`): for each pipeline, each value of each variable has a
//! count of deals won and of deals lost, each beginning at 0.1. A won deal counts for every stage, a lost one for the stages
//! up to the one it was lost in. The first stage's counts are the priors.
//!
//! Invariant: the four published values come out to the hundredth (`the_published_values_come_out_to_the_hundredth`).

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

kernel::text_enum!(
    /// What a deal is looked at for, beside its stage.
    #[schemars(rename = "ChanceVariable")]
    Variable {
        /// How its lead came.
        Source = "source",
        /// The kind of its first line of work.
        JobKind = "job_kind",
        /// Whether the company has ordered before.
        Client = "client",
        /// The size of its amount.
        Size = "size",
    }
);

/// What is known of a deal.
pub(crate) type Features = Vec<(Variable, String)>;

/// A deal that was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Case {
    /// Its pipeline.
    pub(super) pipeline: i64,
    /// How many open stages its pipeline has.
    pub(super) stages: usize,
    /// The stage it was lost in, counted from 0; says nothing of a won deal.
    pub(super) stage: usize,
    pub(super) features: Features,
    pub(super) is_won: bool,
}

/// How often something was won and lost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "ChanceCount")]
pub struct Count {
    /// Deals won.
    pub won: u32,
    /// Deals lost.
    pub lost: u32,
}

impl Count {
    /// Counts one more.
    pub(crate) fn add(&mut self, is_won: bool) {
        if is_won {
            self.won += 1;
        } else {
            self.lost += 1;
        }
    }

    /// Whether the share won is larger than that of `all`, smaller, or the same: reckoned without dividing.
    pub fn against(self, all: Self) -> std::cmp::Ordering {
        let decided = |count: Self| u64::from(count.won) + u64::from(count.lost);
        (u64::from(self.won) * decided(all)).cmp(&(u64::from(all.won) * decided(self)))
    }
}

/// The counts of one pipeline.
#[derive(Debug, Clone, Default)]
struct Table {
    decided: Count,
    stages: BTreeMap<usize, Count>,
    values: BTreeMap<(Variable, String), Count>,
}

/// The counts of every pipeline.
#[derive(Debug, Clone, Default)]
pub(super) struct Frequencies {
    tables: BTreeMap<i64, Table>,
}

/// Two weights: of being won, of being lost.
#[derive(Debug, Clone, Copy, Default)]
struct Weights {
    won: f64,
    lost: f64,
}

impl Weights {
    /// What a row of counts weighs; each row begins at 0.1 (Odoo).
    fn of(count: Count) -> Self {
        Self { won: f64::from(count.won) + 0.1, lost: f64::from(count.lost) + 0.1 }
    }

    fn plus(self, other: Self) -> Self {
        Self { won: self.won + other.won, lost: self.lost + other.lost }
    }

    fn times(self, part: Self, whole: Self) -> Self {
        Self { won: self.won * part.won / whole.won, lost: self.lost * part.lost / whole.lost }
    }
}

impl Frequencies {
    /// Counts decided deals.
    pub(super) fn of(cases: &[Case]) -> Self {
        let mut found = Self::default();
        for case in cases {
            let table = found.tables.entry(case.pipeline).or_default();
            table.decided.add(case.is_won);
            let last = if case.is_won { case.stages.saturating_sub(1) } else { case.stage };
            for stage in 0..=last {
                table.stages.entry(stage).or_default().add(case.is_won);
            }
            for feature in &case.features {
                table.values.entry(feature.clone()).or_default().add(case.is_won);
            }
        }
        found
    }

    /// The tables that count: a pipeline's own, or all of them where none is named.
    fn tables(&self, pipeline: Option<i64>) -> impl Iterator<Item = &Table> {
        self.tables
            .iter()
            .filter(move |(id, _)| pipeline.is_none_or(|wanted| wanted == **id))
            .map(|(_, one)| one)
    }

    /// How many deals were decided.
    pub(super) fn decided(&self, pipeline: Option<i64>) -> Count {
        self.tables(pipeline).fold(Count::default(), |sum, table| Count {
            won: sum.won + table.decided.won,
            lost: sum.lost + table.decided.lost,
        })
    }

    /// How often deals with this value were won and lost; nothing where none had it.
    pub(super) fn count(&self, pipeline: Option<i64>, feature: &(Variable, String)) -> Option<Count> {
        let counts = self.tables(pipeline).filter_map(|table| table.values.get(feature));
        counts.fold(None, |sum: Option<Count>, one| {
            let sum = sum.unwrap_or_default();
            Some(Count { won: sum.won + one.won, lost: sum.lost + one.lost })
        })
    }

    /// How those that came as far as a stage were decided; nothing where none did.
    pub(super) fn at_stage(&self, pipeline: Option<i64>, stage: usize) -> Option<Count> {
        let counts = self.tables(pipeline).filter_map(|table| table.stages.get(&stage));
        counts.copied().reduce(|sum, one| Count { won: sum.won + one.won, lost: sum.lost + one.lost })
    }

    fn stage(&self, pipeline: Option<i64>, stage: usize) -> Option<Weights> {
        let rows = self.tables(pipeline).filter_map(|table| table.stages.get(&stage));
        rows.map(|count| Weights::of(*count)).reduce(Weights::plus)
    }

    /// What one value weighs of all values of its variable; nothing where no decided deal had it.
    fn value(&self, pipeline: Option<i64>, feature: &(Variable, String)) -> Option<(Weights, Weights)> {
        let own = self.tables(pipeline).filter_map(|table| table.values.get(feature));
        let part = own.map(|count| Weights::of(*count)).reduce(Weights::plus)?;
        let wanted = feature.0;
        let of_variable = self
            .tables(pipeline)
            .flat_map(move |table| table.values.iter().filter(move |((variable, _), _)| *variable == wanted));
        let whole = of_variable.map(|(_, count)| Weights::of(*count)).reduce(Weights::plus)?;
        Some((part, whole))
    }

    /// How likely a deal in `stage` with these features is won, in hundredths of a percent. `None` where no deal was won
    /// yet, or none was lost: then nothing is known.
    pub(super) fn probability(
        &self,
        pipeline: Option<i64>,
        stage: usize,
        features: &[(Variable, String)],
    ) -> Option<u16> {
        let decided = self.decided(pipeline);
        if decided.won == 0 || decided.lost == 0 {
            return None;
        }
        let first = self.stage(pipeline, 0)?;
        let all = first.won + first.lost;
        let mut weights = Weights { won: first.won / all, lost: first.lost / all };
        for feature in features {
            if let Some((part, whole)) = self.value(pipeline, feature) {
                weights = weights.times(part, whole);
            }
        }
        if let Some(here) = self.stage(pipeline, stage) {
            weights = weights.times(here, first);
        }
        hundredths(weights.won / (weights.won + weights.lost))
    }
}

/// A share as hundredths of a percent, rounded half up.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share lies between 0 and 1, so its ten-thousandths fit"
)]
fn hundredths(share: f64) -> Option<u16> {
    share.is_finite().then(|| (share.clamp(0.0, 1.0) * 10_000.0).round() as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `shared/data/lead_scoring_oracle.csv`: fourteen leads of Odoo's own test (`test_crm_pls.py`), nine of them decided,
    /// with the values that Odoo publishes for four. Its country, state and source stand for three variables.
    const ORACLE: &str = "\
        0,T1,c0,s0,u0,0,lost\n1,T1,c1,s1,u1,1,lost\n2,T1,c2,s2,u2,2,won\n3,T1,c0,s1,u2,1,open\n\
        4,T1,c1,s1,u1,0,open\n5,T2,c0,s1,u1,2,lost\n6,T2,c0,s1,u2,1,lost\n7,T2,c0,s2,u2,0,won\n\
        8,T2,c0,s1,u2,1,open\n9,T2,c1,s0,u1,1,open\n10,T3,c1,s1,u1,2,won\n11,T3,c0,s1,u0,0,lost\n\
        12,T3,c1,s2,u2,0,lost\n13,T3,c0,s1,u2,1,open";

    fn oracle() -> Vec<(i64, Case, String)> {
        let row = |line: &str| {
            let cells: Vec<&str> = line.split(',').map(str::trim).collect();
            let case = Case {
                pipeline: cells[1][1..].parse().unwrap(),
                stages: 3,
                stage: cells[5].parse().unwrap(),
                features: vec![
                    (Variable::Client, cells[2].to_owned()),
                    (Variable::JobKind, cells[3].to_owned()),
                    (Variable::Source, cells[4].to_owned()),
                ],
                is_won: cells[6] == "won",
            };
            (cells[0].parse().unwrap(), case, cells[6].to_owned())
        };
        ORACLE.lines().map(row).collect()
    }

    fn frequencies() -> Frequencies {
        let decided = oracle().into_iter().filter(|(_, _, outcome)| outcome != "open");
        Frequencies::of(&decided.map(|(_, case, _)| case).collect::<Vec<_>>())
    }

    fn of_lead(lead: i64, pipeline: Option<i64>) -> Option<u16> {
        let (_, case, _) = oracle().into_iter().find(|(id, ..)| *id == lead).unwrap();
        frequencies().probability(pipeline, case.stage, &case.features)
    }

    #[test]
    fn the_published_values_come_out_to_the_hundredth() {
        assert_eq!(of_lead(3, Some(1)), Some(3349));
        assert_eq!(of_lead(8, Some(2)), Some(774));
        assert_eq!(of_lead(13, Some(3)), Some(3509));
        assert_eq!(of_lead(13, None), Some(3519), "without a pipeline all of them are summed");
    }

    #[test]
    fn the_published_file_says_the_same() {
        let Some(file) = db::testing::shared_data("lead_scoring_oracle.csv") else { return };
        let text = std::fs::read_to_string(file).unwrap();
        let rows: Vec<(&str, &str)> =
            text.lines().skip(1).map(|line| line.rsplit_once(',').unwrap()).collect();
        let leads: Vec<&str> = rows.iter().map(|(lead, _)| *lead).collect();
        assert_eq!(leads, ORACLE.lines().map(str::trim).collect::<Vec<_>>());
        let published: Vec<_> =
            rows.iter().zip(oracle()).filter(|((_, value), _)| !value.is_empty()).collect();
        assert_eq!(published.len(), 3);
        for ((_, value), (lead, case, _)) in published {
            let hundredths: u16 = value.replace('.', "").parse().unwrap();
            assert_eq!(of_lead(lead, Some(case.pipeline)), Some(hundredths), "lead {lead}");
        }
    }

    #[test]
    fn nothing_is_said_before_something_was_won_and_something_lost() {
        let (_, case, _) = oracle().remove(0);
        let lost_alone = Frequencies::of(std::slice::from_ref(&case));
        assert_eq!(lost_alone.probability(Some(1), 0, &case.features), None);
        assert_eq!(frequencies().probability(Some(9), 0, &[]), None, "no deal of that pipeline was decided");
        assert_eq!(frequencies().decided(None), Count { won: 3, lost: 6 });
    }

    #[test]
    fn a_lost_deal_counts_as_far_as_it_came_and_a_won_one_for_every_stage() {
        let known = frequencies();
        let at = |stage| known.at_stage(Some(1), stage);
        assert_eq!(at(0), Some(Count { won: 1, lost: 2 }));
        assert_eq!(at(1), Some(Count { won: 1, lost: 1 }), "one of the two was lost in the first stage");
        assert_eq!((at(2), at(3)), (Some(Count { won: 1, lost: 0 }), None));
        let (all, won) = (Count { won: 1, lost: 2 }, Count { won: 1, lost: 0 });
        assert!(won.against(all).is_gt() && all.against(all).is_eq() && all.against(won).is_lt());
    }

    #[test]
    fn what_no_decided_deal_had_says_nothing() {
        let known = frequencies().probability(Some(1), 1, &[]);
        let strange = [(Variable::Source, "u9".to_owned())];
        assert_eq!(frequencies().probability(Some(1), 1, &strange), known);
        assert_eq!(frequencies().count(Some(1), &strange[0]), None);
    }
}
