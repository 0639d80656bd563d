//! A town's values against a real database.

use kernel::{Code, Coded};

use super::*;
use crate::testing::Town;

#[test]
fn a_town_that_said_nothing_has_the_usual_values_and_says_others_in_one_place() {
    let town = Town::new();
    assert_eq!(town.act(town.director, find), Quality::default());
    let said = Quality { lease_minutes: 15, rework_cap: 3, appeal_days: 7, second_look_percent: 10 };
    for quality in [said, Quality { rework_cap: 1, ..said }] {
        let changed = town.act(town.director, |tx| change(tx, &QualityInput::of(quality)));
        assert_eq!((changed, town.act(town.checker, find)), (quality, quality));
    }
    let wrong = QualityInput { lease_minutes: "4".into(), rework_cap: "0".into(), ..QualityInput::of(said) };
    let refused = town.attempt(town.director, |tx| change(tx, &wrong)).unwrap_err();
    let fields: Vec<_> = refused.fields().iter().map(|one| (one.field.as_str(), one.code)).collect();
    assert_eq!(fields, [("lease_minutes", Code::OutOfRange), ("rework_cap", Code::OutOfRange)]);
}
