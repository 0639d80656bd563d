//! Jobs against a real database: splitting by count and by file, and offering.

use kernel::{Code, Coded, Paging, WorkerId};

use super::*;
use crate::events::JobOffered;
use crate::testing::{Town, called_off};
use crate::units::UnitFilter;
use workforce::skills::{GrantInput, SkillInput};

#[test]
fn units_come_from_a_count_or_from_a_file() {
    let town = Town::new();
    let order = town.order(100_000);
    let job = town.act(town.director, |tx| split(tx, order.id, town.job_input(12)));
    let page =
        town.act(town.director, |tx| units::of_job(tx, job.id, UnitFilter::default(), &Paging::first(100)));
    let labels: Vec<_> = page.items.iter().map(|unit| unit.label.as_str()).collect();
    assert_eq!((labels.len(), labels[0], labels[11]), (12, "回答の入力 01", "回答の入力 12"));
    let input = JobInput {
        csv: "番号,氏名\nA-1,山田\nA-2,鈴木\n".into(),
        csv_header: "true".into(),
        count: String::new().into(),
        ..town.job_input(0)
    };
    let job = town.act(town.director, |tx| split(tx, order.id, input));
    let page =
        town.act(town.director, |tx| units::of_job(tx, job.id, UnitFilter::default(), &Paging::first(100)));
    let contents: Vec<_> = page.items.iter().map(|unit| unit.content.as_str()).collect();
    assert_eq!(contents, ["氏名: 山田", "氏名: 鈴木"]);
}

#[test]
fn one_bad_row_creates_nothing() {
    let town = Town::new();
    let order = town.order(100_000);
    let input = JobInput { csv: "A-1,山田\n,鈴木\n".into(), ..town.job_input(1) };
    let refused = town.attempt(town.director, |tx| split(tx, order.id, input)).unwrap_err();
    assert_eq!((refused.code(), refused.fields()[0].field.as_str()), (Code::Invalid, "csv.2"));
    assert!(town.act(town.director, |tx| of_order(tx, order.id)).is_empty());
}

#[test]
fn a_hundred_thousand_units_are_one_statement() {
    let town = Town::new();
    let order = town.order(100_000);
    let job = town.act(town.director, |tx| split(tx, order.id, town.job_input(100_000)));
    let jobs = town.act(town.director, |tx| of_order(tx, order.id));
    assert_eq!((jobs[0].job.id, jobs[0].progress.draft), (job.id, 100_000));
    let offered = town.act(town.director, |tx| offer(tx, job.id));
    assert_eq!(offered.units, 100_000);
}

#[test]
fn pay_beyond_the_sixtieth_day_is_refused_by_the_database_too() {
    let town = Town::new();
    let order = town.order(100_000);
    let input = JobInput { pay_on: town.day(14 + 60).to_string().into(), ..town.job_input(1) };
    let refused = town.attempt(town.director, |tx| split(tx, order.id, input)).unwrap_err();
    let bound = town.day(14 + 59).into();
    assert_eq!((refused.fields()[0].code, refused.fields()[0].bound), (Code::TooLate, Some(bound)));
    let job = town.act(town.director, |tx| split(tx, order.id, town.job_input(1)));
    let forced = diesel::RunQueryDsl::execute(
        diesel::sql_query(format!("UPDATE jobs SET pay_on = work_due_on + 60 WHERE id = {}", job.id)),
        &mut town.db.owner(),
    );
    assert!(DbError::from(forced.unwrap_err()).violates("jobs_paid_within_60_days"));
}

#[test]
fn a_job_is_offered_to_whom_it_fits_and_offering_again_reaches_the_newcomers() {
    let town = Town::new();
    let (aoki, skilled) = town.worker("Aoki");
    let (_, unskilled) = town.worker("Baba");
    let order = town.order(100_000);
    let skill = town.act(town.director, |tx| workforce::skills::add(tx, SkillInput { name: "校正".into() }));
    let input = JobInput { skill_id: skill.id.to_string().into(), ..town.job_input(3) };
    let job = town.act(town.director, |tx| split(tx, order.id, input));
    let nobody = town.act(town.director, |tx| offer(tx, job.id));
    assert_eq!((nobody.job.state, nobody.eligible, nobody.units), (JobState::Offered, 0, 3));
    assert!(town.facts::<JobOffered>().is_empty());
    let grant = |worker: WorkerId| {
        let input = GrantInput::default();
        town.act(town.director, |tx| workforce::skills::grant(tx, worker, skill.id, input));
    };
    grant(skilled);
    let one = town.act(town.director, |tx| offer(tx, job.id));
    assert_eq!((one.eligible, one.workers[0].worker, one.workers[0].person), (1, skilled, aoki));
    grant(unskilled);
    let two = town.act(town.director, |tx| offer(tx, job.id));
    assert_eq!((two.eligible, two.workers.len(), two.job.offered_at), (2, 1, nobody.job.offered_at));
    let told: Vec<_> = town.facts::<JobOffered>().into_iter().map(|fact| fact.workers.len()).collect();
    assert_eq!(told, [1, 1]);
}

#[test]
fn only_an_open_order_is_split_and_only_a_running_one_offered() {
    let town = Town::new();
    let won = town.won(1000);
    let order = town.act(town.director, |tx| orders::open_from_deal(tx, won));
    let job = town.act(town.director, |tx| split(tx, order.id, town.job_input(1)));
    let early = town.attempt(town.director, |tx| offer(tx, job.id)).unwrap_err();
    assert_eq!(early.code(), Code::Conflict);
    town.act(town.director, |tx| orders::cancel(tx, order.id, called_off("client", "0")));
    let late = town.attempt(town.director, |tx| split(tx, order.id, town.job_input(1))).unwrap_err();
    assert_eq!(late.code(), Code::Conflict);
    let unknown = JobInput { skill_id: "99".into(), ..town.job_input(1) };
    let other = town.order(1000);
    let refused = town.attempt(town.director, |tx| split(tx, other.id, unknown)).unwrap_err();
    assert_eq!(refused.fields()[0].field, "skill_id");
}
