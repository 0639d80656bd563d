//! Trials against a real database.

use db::testing::TestDb;
use kernel::Paging;

use super::*;
use crate::skills::SkillInput;
use crate::workers::RegisterInput;

#[test]
fn whoever_passes_a_trial_has_the_skill_at_once_and_whoever_has_not_yet_reads_why() {
    let db = TestDb::new();
    let town = db.town("tateshina");
    let lead = db.person(town, "Coordinator", &["coordinator"]);
    let person = db.person(town, "Aoki", &["worker"]);
    let worker =
        db.acting(town, lead, |tx| workers::register(tx, person, RegisterInput::default())).unwrap().id;
    let skill = db.acting(town, lead, |tx| skills::add(tx, SkillInput { name: "校正".into() })).unwrap().id;
    let tried = |good: &str, outcome: &str, findings: &str| {
        let input = TrialInput {
            skill_id: skill.to_string().into(),
            units: "10".into(),
            good: good.into(),
            outcome: outcome.into(),
            findings: findings.into(),
            ..TrialInput::default()
        };
        db.acting(town, lead, |tx| assess(tx, worker, &input)).unwrap()
    };
    let has = || db.acting(town, lead, |tx| skills::of_worker(tx, worker)).unwrap();
    tried("4", "not_yet", "日付をそろえる");
    assert!(has().is_empty());
    tried("9", "passed", "");
    let [learned] = &has()[..] else { panic!("{:?}", has()) };
    assert_eq!((learned.evidence, learned.evidence_note.as_str()), (Evidence::Trial, "9/10"));
    assert_eq!((learned.level, learned.confirmed_by), (1, Some(lead)));
    let all = db.acting(town, lead, |tx| of_worker(tx, worker, &Paging::first(10))).unwrap().items;
    let told: Vec<_> = all.iter().map(|trial| (trial.good, trial.findings.as_str())).collect();
    assert_eq!(told, [(9, ""), (4, "日付をそろえる")]);
    let unknown = TrialInput {
        skill_id: "99".into(),
        units: "1".into(),
        good: "1".into(),
        outcome: "passed".into(),
        ..TrialInput::default()
    };
    let refused = db.acting(town, lead, |tx| assess(tx, worker, &unknown)).unwrap_err();
    assert_eq!(refused.fields()[0].field, "skill_id");
    let known = TrialInput { skill_id: skill.to_string().into(), ..unknown };
    let own = db.acting(town, person, |tx| assess(tx, worker, &known)).unwrap_err();
    assert_eq!(own.code(), Code::OwnWork);
}
