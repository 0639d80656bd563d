//! Jobs against a real database: splitting by count and by file, and offering.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{Days, Duration, NaiveDate};
use diesel::Connection as _;
use diesel::connection::InstrumentationEvent;
use kernel::{Code, Coded, Paging, WorkerId};

use super::*;
use crate::events::{JobExtended, JobOffered};
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
fn how_many_units_there_are_is_said_in_one_way() {
    let today: NaiveDate = "2026-05-01".parse().unwrap();
    let said = |count: &str, csv: &str, files: &[i64]| {
        let input = JobInput {
            title: "回答の入力".into(),
            rules: "見本のとおり".into(),
            unit_minutes: "20".into(),
            unit_pay: "400".into(),
            work_due_on: "2026-05-20".into(),
            pay_day: "25".into(),
            count: count.into(),
            csv: csv.into(),
            file_ids: files.iter().copied().map(kernel::FileId).collect(),
            ..JobInput::default()
        };
        let refused = input.preview(today, today + Days::new(60)).err();
        refused.map(|invalid| (invalid.0[0].field.clone(), invalid.0[0].code))
    };
    for (count, csv, files) in [("3", "", &[][..]), ("", "A-1,山田", &[]), ("", "", &[7])] {
        assert_eq!(said(count, csv, files), None, "{count} {csv} {files:?}");
    }
    let twice = |field: &str| Some((field.to_owned(), Code::SaidTwice));
    assert_eq!(said("1", "A-1,山田", &[]), twice("count"));
    assert_eq!(said("1", "", &[7]), twice("count"));
    assert_eq!(said("", "A-1,山田", &[7]), twice("file_ids"));
}

#[test]
fn one_bad_row_creates_nothing() {
    let town = Town::new();
    let order = town.order(100_000);
    let input = JobInput { csv: "A-1,山田\n,鈴木\n".into(), count: "".into(), ..town.job_input(1) };
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
fn a_pay_day_beyond_the_sixty_days_is_refused_by_the_database_too() {
    let town = Town::new();
    let order = town.order(100_000);
    let input = JobInput { pay_day: "29".into(), ..town.job_input(1) };
    let refused = town.attempt(town.director, |tx| split(tx, order.id, input)).unwrap_err();
    assert_eq!((refused.fields()[0].code, refused.fields()[0].bound), (Code::OutOfRange, Some(28.into())));
    let job = town.act(town.director, |tx| split(tx, order.id, town.job_input(1)));
    let forced = diesel::RunQueryDsl::execute(
        diesel::sql_query(format!("UPDATE jobs SET pay_day = 29 WHERE id = {}", job.id)),
        &mut town.db.owner(),
    );
    assert!(DbError::from(forced.unwrap_err()).violates("jobs_paid_within_60_days_of_receipt"));
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
    assert_eq!(early.code(), Code::NotOpen);
    town.act(town.director, |tx| orders::cancel(tx, order.id, called_off("client", "0")));
    let late = town.attempt(town.director, |tx| split(tx, order.id, town.job_input(1))).unwrap_err();
    assert_eq!(late.code(), Code::NotOpen);
    let unknown = JobInput { skill_id: "99".into(), ..town.job_input(1) };
    let other = town.order(1000);
    let refused = town.attempt(town.director, |tx| split(tx, other.id, unknown)).unwrap_err();
    assert_eq!(refused.fields()[0].field, "skill_id");
}

fn corrected(job: &Job, pay: &str) -> JobEditInput {
    JobEditInput { unit_pay: pay.into(), ..JobEditInput::of(job) }
}

#[test]
fn a_job_nobody_holds_is_corrected_and_offered_anew() {
    let town = Town::new();
    let (aoki, worker) = town.worker("Aoki");
    let job = town.job(town.order(100_000).id, 2);
    let read = town.informed(aoki, job.id, 1);
    let edit_it = |job: &Job, pay: &str| {
        let (version, input) = (job.version, corrected(job, pay));
        town.attempt(town.director, |tx| edit(tx, job.id, version, input))
    };
    let better = edit_it(&job, "500").unwrap();
    assert_eq!((better.unit_pay.0, better.state, better.offered_at), (500, JobState::Draft, None));
    assert_eq!(town.states(job.id), [UnitState::Draft; 2]);
    assert_eq!(edit_it(&job, "600").unwrap_err().code(), Code::Stale, "somebody corrected it meanwhile");
    let stale = town.attempt(aoki, |tx| crate::claims::claim(tx, job.id, read)).unwrap_err();
    assert_eq!(stale.code(), Code::NotOpen, "nobody takes it under the old terms");
    let again = town.act(town.director, |tx| offer(tx, job.id));
    assert_eq!((again.workers.len(), again.workers[0].worker), (1, worker), "everybody is told anew");
    assert_eq!(town.facts::<JobOffered>().last().unwrap().unit_pay.0, 500);
    town.claims(aoki, job.id, 1);
    assert_eq!(edit_it(&again.job, "700").unwrap_err().code(), Code::WorkHeld);
}

#[test]
fn what_nobody_has_claimed_is_taken_back_and_the_rest_stays() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let job = town.job(town.order(100_000).id, 3);
    town.claims(aoki, job.id, 1);
    let kept = town.act(town.director, |tx| withdraw(tx, job.id));
    assert_eq!(kept.state, JobState::Offered, "one unit of it is somebody's");
    assert_eq!(town.states(job.id), [UnitState::Claimed, UnitState::Draft, UnitState::Draft]);
    let nothing = town.attempt(town.director, |tx| withdraw(tx, job.id)).unwrap_err();
    assert_eq!(nothing.code(), Code::Conflict);
    town.act(town.director, |tx| offer(tx, job.id));
    assert_eq!(town.states(job.id), [UnitState::Claimed, UnitState::Offered, UnitState::Offered]);
    assert_eq!(town.claims(aoki, job.id, 2).units.len(), 2);
    let taken = town.attempt(town.director, |tx| offer(tx, job.id)).unwrap_err();
    assert_eq!(taken.code(), Code::Conflict, "there is nothing left to offer");
}

#[test]
fn a_mistaken_job_is_called_off_and_its_order_is_split_anew() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let order = town.order(100_000);
    let job = town.job(order.id, 10);
    let gone = town.act(town.director, |tx| call_off(tx, job.id));
    assert_eq!(gone.state, JobState::Closed);
    assert_eq!(town.states(job.id), [UnitState::Cancelled; 10]);
    let left = town.act(town.director, |tx| orders::pieces(tx, order.id)).left();
    assert_eq!(left, 10, "all of it is to be split again");
    assert_eq!(town.act(town.director, |tx| orders::find(tx, order.id)).state, OrderState::Running);
    let second = town.job(order.id, 10);
    town.claims(aoki, second.id, 1);
    let held = town.attempt(town.director, |tx| call_off(tx, second.id)).unwrap_err();
    assert_eq!(held.code(), Code::WorkHeld);
}

#[test]
fn a_late_job_goes_on_once_its_deadline_moves() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let job = town.job(town.order(100_000).id, 2);
    town.wait(Duration::days(15));
    let late = town.attempt(town.director, |tx| offer(tx, job.id)).unwrap_err();
    assert_eq!(late.code(), Code::DayPassed);
    let to =
        |day: NaiveDate| ExtendInput { work_due_on: day.to_string().into(), note: "素材の遅れ".into() };
    let same = town.attempt(town.director, |tx| extend(tx, job.id, to(job.work_due_on))).unwrap_err();
    assert_eq!(same.fields()[0].code, Code::InThePast);
    let moved = town.act(town.director, |tx| extend(tx, job.id, to(town.day(70))));
    assert_eq!(moved.work_due_on, town.day(70), "later than the order's own day, if it has to be");
    town.act(town.director, |tx| offer(tx, job.id));
    assert_eq!(town.claims(aoki, job.id, 1).due_on, town.day(70));
    let told = &town.facts::<JobExtended>()[0];
    assert_eq!((told.from, told.to, &told.people), (job.work_due_on, town.day(70), &vec![]));
    let kept = town.act(town.director, |tx| extensions(tx, job.id));
    assert_eq!((kept[0].note.as_str(), kept[0].extended_by), ("素材の遅れ", town.director));
}

#[test]
fn whoever_gains_a_skill_later_can_be_offered_what_they_missed_once() {
    let town = Town::new();
    let (_, late) = town.worker("Baba");
    let order = town.order(1000).id;
    let skill = town.act(town.director, |tx| workforce::skills::add(tx, SkillInput { name: "校正".into() }));
    let input = JobInput { skill_id: skill.id.to_string().into(), ..town.job_input(3) };
    let job = town.act(town.director, |tx| {
        let job = split(tx, order, input)?;
        offer(tx, job.id).map(|offered| offered.job.id)
    });
    let missed = || town.act(town.director, |tx| missed_by(tx, late));
    assert_eq!(missed(), [], "nothing that asks for a skill they do not have");
    town.act(town.director, |tx| workforce::skills::grant(tx, late, skill.id, GrantInput::default()));
    assert_eq!(missed(), [job]);
    assert_eq!(town.act(town.director, |tx| offer_missed(tx, late)), 1);
    let told = town.facts::<crate::events::JobOffered>();
    assert_eq!(told.last().unwrap().workers.len(), 1, "they alone hear of it");
    assert_eq!(missed(), []);
}

/// How many statements splitting off so many units takes.
fn statements(town: &Town, count: usize) -> usize {
    let order = town.order(100_000).id;
    let queries = Arc::new(AtomicUsize::new(0));
    let counting = queries.clone();
    let job = town.act(town.director, |tx| {
        tx.conn().set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if matches!(event, InstrumentationEvent::StartQuery { .. }) {
                counting.fetch_add(1, Ordering::SeqCst);
            }
        });
        let job = split(tx, order, town.job_input(count));
        tx.conn().set_instrumentation(|_: InstrumentationEvent<'_>| {});
        job
    });
    let units = town.act(town.director, |tx| orders::progress(tx, order));
    assert_eq!(units.total, i64::try_from(count).unwrap());
    let last = Paging { after: Some(units::UnitKey(i32::try_from(count).unwrap() - 1)), ..Paging::first(2) };
    let page = town.act(town.director, |tx| units::of_job(tx, job.id, UnitFilter::default(), &last));
    assert_eq!(page.items.len(), 1, "positions go on from one statement to the next");
    queries.load(Ordering::SeqCst)
}

#[test]
fn a_hundred_thousand_units_are_ten_statements_of_one_transaction() {
    let town = Town::new();
    let one = statements(&town, 1);
    assert_eq!(statements(&town, 10_000), one);
    assert_eq!(statements(&town, 100_000), one + 9);
}

#[test]
fn each_file_is_a_unit_that_its_holder_alone_reads() {
    let town = Town::new();
    let ((aoki, _), (baba, _)) = (town.worker("Aoki"), town.worker("Baba"));
    let order = town.order(100_000).id;
    let files = [town.file(town.director), town.file(town.director)];
    let input = JobInput { file_ids: files.to_vec(), count: "".into(), ..town.job_input(0) };
    let job = town.act(town.director, |tx| {
        let job = split(tx, order, input.clone())?;
        offer(tx, job.id).map(|offered| offered.job)
    });
    let paging = Paging::first(10);
    let units = town.act(town.director, |tx| units::of_job(tx, job.id, UnitFilter::default(), &paging)).items;
    assert_eq!(units.iter().map(|unit| unit.label.as_str()).collect::<Vec<_>>(), ["回答.csv"; 2]);
    let second = town.act(town.director, |tx| units::materials::files_of(tx, units[1].id));
    assert_eq!(second, [files[1]], "in the order they were handed over");
    let held = town.claims(aoki, job.id, 1).units[0];
    assert_eq!(held, units[0].id);
    let reads = |person, file| town.act(person, |tx| units::materials::is_material(tx, file));
    assert!(reads(aoki, files[0]) && !reads(aoki, files[1]) && !reads(baba, files[0]));
    town.hands_in(aoki, held);
    assert!(reads(aoki, files[0]), "it may come back");
    let theirs = town.file(aoki);
    let foreign = JobInput { file_ids: vec![files[0], theirs], ..input.clone() };
    let refused = town.attempt(town.director, |tx| split(tx, order, foreign)).unwrap_err();
    assert_eq!((refused.fields()[0].field.as_str(), refused.fields()[0].code), ("file_ids", Code::NotFound));
    let many = JobInput { file_ids: vec![files[0]; MOST_UNIT_FILES + 1], ..input };
    let refused = town.attempt(town.director, |tx| split(tx, order, many)).unwrap_err();
    assert_eq!(refused.fields()[0].code, Code::OutOfRange);
}
