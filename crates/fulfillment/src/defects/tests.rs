//! Kinds of defect against a real database.

use kernel::{Code, Coded};

use super::*;
use crate::testing::Town;

fn input(name: &str, severity: &str) -> DefectKindInput {
    DefectKindInput { name: name.into(), severity: severity.into() }
}

#[test]
fn a_town_begins_with_the_usual_kinds_and_makes_them_its_own() {
    let town = Town::new();
    assert_eq!(town.act(town.director, list), [], "reading makes none");
    let (aoki, _) = town.worker("Aoki");
    let job = town.job(town.order(1000).id, 1);
    let unit = town.claims(aoki, job.id, 1).units[0];
    town.hands_in(aoki, unit);
    let usual = town.act(town.director, list);
    assert_eq!((usual.len(), usual[0].name.as_str()), (8, "誤字・脱字"));
    assert_eq!(town.act(town.checker, list), usual, "they are made once");
    let own = town.act(town.director, |tx| add(tx, &input("郵便番号の誤り", "major")));
    let again = town.attempt(town.director, |tx| add(tx, &input("郵便番号の誤り", "minor"))).unwrap_err();
    assert_eq!(again.code(), Code::Taken);
    let graver = town.act(town.director, |tx| change(tx, own.id, &input("郵便番号", "critical")));
    assert_eq!((graver.name.as_str(), graver.severity), ("郵便番号", Severity::Critical));
    town.act(town.director, |tx| retire(tx, own.id));
    assert_eq!(town.act(town.director, kinds).len(), 8);
    assert_eq!(
        town.act(town.director, list).last().map(|kind| kind.id),
        Some(own.id),
        "the retired come last"
    );
    town.act(town.director, |tx| restore(tx, own.id));
    assert_eq!(town.act(town.director, kinds).len(), 9);
}
