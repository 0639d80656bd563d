//! Promises held against pasts that this model did not draw.

use super::*;

/// The shipped histories; `tests/histories/README.md` tells how they came about.
const HISTORIES: [&str; 3] = [
    include_str!("../../../../tests/histories/heavy_tails.json"),
    include_str!("../../../../tests/histories/absences.json"),
    include_str!("../../../../tests/histories/illness.json"),
];

#[test]
fn of_promised_days_eighty_to_ninety_of_a_hundred_are_kept() {
    for text in HISTORIES {
        let history = History::read(text).unwrap();
        for seed in [1, 2] {
            let found = calibrate(&history, 400, seed);
            let kept = found.kept_85_permille();
            assert!(found.promises > 300, "{}: {found:?}", history.name);
            assert!((800..=900).contains(&kept), "{} with seed {seed}: {found:?}", history.name);
            assert!(found.kept_50 < found.kept_85 && found.kept_85 < found.kept_95, "{found:?}");
        }
    }
}

#[test]
fn a_past_and_a_seed_give_one_answer() {
    let history = History::read(HISTORIES[1]).unwrap();
    assert_eq!(calibrate(&history, 20, 5), calibrate(&history, 20, 5));
}
