//! The verbs against a real database.

use kernel::{Code, Coded};

use super::*;
use crate::testing::Bench;

#[test]
fn a_policy_has_a_next_version_and_keeps_the_others() {
    let bench = Bench::new();
    let says = |body: &str| PolicyInput { body: body.into() };
    bench.act(|tx| declare(tx, 0, &says("町内から"))).unwrap();
    let late = bench.act(|tx| declare(tx, 0, &says("町外から"))).unwrap_err();
    assert_eq!(late.code(), Code::Stale, "somebody wrote one meanwhile");
    bench.act(|tx| declare(tx, 1, &says("町内から、次に隣町"))).unwrap();
    let all = bench.act(policies).unwrap();
    let kept: Vec<_> = all.iter().map(|one| (one.version, one.body.as_str())).collect();
    assert_eq!(kept, [(2, "町内から、次に隣町"), (1, "町内から")]);
    assert_eq!(bench.act(standing).unwrap().policy.unwrap().version, 2);
}

#[test]
fn the_teams_hours_are_the_sum_of_its_peoples() {
    let bench = Bench::new();
    let has = |hours: &str| PlaceInput { area: "町内の製造業".into(), weekly_hours: hours.into() };
    let first = bench.act(|tx| place(tx, bench.sales, 0, &has("7.5"))).unwrap();
    bench.act(|tx| place(tx, bench.colleague, 0, &has("4"))).unwrap();
    assert_eq!(bench.act(|tx| place(tx, bench.sales, 0, &has("1"))).unwrap_err().code(), Code::Stale);
    bench.act(|tx| place(tx, bench.sales, first.version, &has("6"))).unwrap();
    let team = bench.act(standing).unwrap();
    assert_eq!((team.places.len(), team.weekly_minutes), (2, 600));
    let worker = bench.db.person(bench.town, "Yamada", &["worker"]);
    assert_eq!(bench.act(|tx| place(tx, worker, 0, &has("1"))).unwrap_err().code(), Code::NotFound);
}
