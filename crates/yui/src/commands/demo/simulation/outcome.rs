//! What came of a month under one rule, and both beside each other.

use std::fmt::Write as _;

use fulfillment::rounds::figures::Evenness;
use serde::Serialize;

use super::scenario::Scenario;

/// On how many days somebody has to have been there to be compared with the others.
pub(super) const LEAST_DAYS: u32 = 7;

/// What came of a month under one rule.
#[derive(Debug, Clone)]
pub(super) struct Outcome {
    /// Units that were ordered.
    pub(super) units: u64,
    /// Units of which a version was handed in.
    pub(super) received: u64,
    /// Units whose first version was handed in on their day or before.
    pub(super) in_time: u64,
    /// What a page refused: others were faster, or it was over.
    pub(super) refused: u64,
    people: Vec<Share>,
}

#[derive(Debug, Clone)]
struct Share {
    name: String,
    days: u32,
    wished: i64,
    granted: i64,
}

impl Outcome {
    /// Of a month that has not begun.
    pub(super) fn of(scenario: &Scenario) -> Self {
        let share = |person: &super::scenario::Person| {
            let days = person.days_there(scenario.days);
            let wished = i64::from(person.weekly_minutes) * i64::from(days) / 7;
            Share { name: person.name.clone(), days, wished, granted: 0 }
        };
        let people = scenario.people.iter().map(share).collect();
        Self { units: scenario.units(), received: 0, in_time: 0, refused: 0, people }
    }

    /// Somebody was given so many minutes of work and did not give them back.
    pub(super) fn grant(&mut self, number: usize, minutes: i64) {
        if let Some(share) = self.people.get_mut(number) {
            share.granted = minutes;
        }
    }

    fn figures(&self) -> Figures {
        let parts: Vec<(i64, i64)> = self
            .people
            .iter()
            .filter(|share| share.days >= LEAST_DAYS)
            .map(|share| (share.granted, share.wished))
            .collect();
        let evenness = Evenness::of_parts(&parts);
        let share = |of: fn(Evenness) -> i64| evenness.map(|one| thousandths(of(one)));
        Figures {
            jain: share(|one| one.jain_per_mille),
            gini: share(|one| one.gini_per_mille),
            lowest_quarter: share(|one| one.lowest_quarter_per_mille),
            on_time: part(self.in_time, self.units),
            units: self.units,
            received: self.received,
            in_time: self.in_time,
            refused: self.refused,
            granted_minutes: self.people.iter().map(|share| share.granted).sum(),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a thousand thousandths")]
fn thousandths(per_mille: i64) -> f64 {
    per_mille as f64 / 1000.0
}

/// A part of a whole, to a tenth of a percent.
#[expect(clippy::cast_precision_loss, reason = "some thousands of units")]
fn part(of: u64, all: u64) -> f64 {
    (of as f64 * 1000.0 / all.max(1) as f64).round() / 1000.0
}

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(super) struct Figures {
    /// Jain's index of granted over wished minutes; none where nobody was given anything.
    pub(super) jain: Option<f64>,
    /// Gini's coefficient of the same.
    pub(super) gini: Option<f64>,
    /// What the quarter with the least has of all.
    pub(super) lowest_quarter: Option<f64>,
    /// Units received on their day or before, of all that were ordered.
    pub(super) on_time: f64,
    pub(super) units: u64,
    pub(super) received: u64,
    pub(super) in_time: u64,
    pub(super) refused: u64,
    pub(super) granted_minutes: i64,
}

/// Somebody under both rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Compared {
    pub(super) name: String,
    /// Days on which they were there.
    pub(super) days: u32,
    pub(super) wished_minutes: i64,
    pub(super) fair_minutes: i64,
    pub(super) first_come_minutes: i64,
}

/// Both rules beside each other.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Comparison {
    pub(super) scenario: String,
    pub(super) seed: u64,
    pub(super) days: u32,
    pub(super) orders: usize,
    pub(super) fair: Figures,
    pub(super) first_come: Figures,
    pub(super) people: Vec<Compared>,
}

impl Comparison {
    pub(super) fn of(scenario: &Scenario, fair: &Outcome, first_come: &Outcome) -> Self {
        let people = fair.people.iter().zip(&first_come.people);
        Self {
            scenario: scenario.name.clone(),
            seed: scenario.seed,
            days: scenario.days,
            orders: scenario.orders.len(),
            fair: fair.figures(),
            first_come: first_come.figures(),
            people: people
                .map(|(fair, first_come)| Compared {
                    name: fair.name.clone(),
                    days: fair.days,
                    wished_minutes: fair.wished,
                    fair_minutes: fair.granted,
                    first_come_minutes: first_come.granted,
                })
                .collect(),
        }
    }

    /// As one reads it in a terminal.
    pub(super) fn text(&self) -> String {
        let (fair, first) = (&self.fair, &self.first_come);
        let index = |share: Option<f64>| share.map_or_else(|| "–".to_owned(), |share| format!("{share:.3}"));
        let percent = |share: f64| format!("{:.1} %", share * 100.0);
        let rows = [
            ("", "fair".to_owned(), "first come".to_owned()),
            ("Jain's index (1: all alike)", index(fair.jain), index(first.jain)),
            ("Gini's coefficient (0: all alike)", index(fair.gini), index(first.gini)),
            (
                "the lowest quarter's share (0.250: all alike)",
                index(fair.lowest_quarter),
                index(first.lowest_quarter),
            ),
            ("units received in time", percent(fair.on_time), percent(first.on_time)),
            ("units received", fair.received.to_string(), first.received.to_string()),
            ("minutes granted", fair.granted_minutes.to_string(), first.granted_minutes.to_string()),
            ("refused at the moment of asking", fair.refused.to_string(), first.refused.to_string()),
        ];
        let mut text = format!(
            "{}: {} people, {} orders of {} units, {} days, seed {}\n\n",
            self.scenario,
            self.people.len(),
            self.orders,
            fair.units,
            self.days,
            self.seed
        );
        for (what, one, other) in rows {
            let _ = writeln!(text, "{what:<46}{one:>12}{other:>12}");
        }
        let _ = write!(
            text,
            "\nOf granted over wished minutes, among those who were there for {LEAST_DAYS} days or more; in time: of all units."
        );
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_of_those_who_were_there_for_a_week() {
        let scenario = Scenario::read(
            r#"{ "name": "x", "days": 28, "people": [
                { "name": "A", "hours": 1 }, { "name": "B", "hours": 2 }, { "name": "C", "hours": 1, "joins": 25 }],
                "orders": [{ "title": "o", "day": 1, "units": 8, "minutes": 30, "due": 20 }] }"#,
        )
        .unwrap();
        let mut fair = Outcome::of(&scenario);
        fair.grant(0, 120);
        fair.grant(1, 240);
        (fair.received, fair.in_time) = (8, 7);
        let mut first = Outcome::of(&scenario);
        first.grant(1, 240);
        let compared = Comparison::of(&scenario, &fair, &first);
        assert_eq!((compared.fair.jain, compared.fair.on_time), (Some(1.0), 0.875));
        assert_eq!((compared.first_come.jain, compared.first_come.lowest_quarter), (Some(0.5), Some(0.0)));
        assert_eq!(compared.people[2].wished_minutes, 34);
        let text = compared.text();
        assert!(text.contains("1.000") && text.contains("87.5 %"), "{text}");
    }
}
