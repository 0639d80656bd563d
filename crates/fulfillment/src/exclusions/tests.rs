//! Exclusions against a real database.

use chrono::Duration;
use diesel::RunQueryDsl as _;
use kernel::{JobId, Paging, PersonId};

use super::*;
use crate::claims::{self, ClaimError};
use crate::jobs::JobInput;
use crate::offers::Standing;
use crate::rounds::Outcome;
use crate::testing::Town;
use crate::units::UnitState;

fn input(job: JobId, extent: &str) -> ExclusionInput {
    ExclusionInput {
        job_id: job.to_string().into(),
        extent: extent.into(),
        reason: "close_person".into(),
        ..ExclusionInput::default()
    }
}

/// Jobs that a worker is shown.
fn shown(town: &Town, (person, worker): (PersonId, WorkerId)) -> Vec<JobId> {
    let page = town.act(person, |tx| offers::fitting(tx, worker, &Paging::first(10)));
    page.items.into_iter().map(|card| card.job).collect()
}

fn today(town: &Town, worker: WorkerId, job: JobId) -> Option<Outcome> {
    town.act(town.director, |tx| rounds::why(tx, worker, job)).today
}

#[test]
fn what_somebody_is_not_asked_to_do_reaches_them_by_no_way() {
    let town = Town::new();
    let (aoki, baba) = (town.worker("Aoki"), town.worker("Baba"));
    let order = town.order(100_000).id;
    let job = town.job(order, 5).id;
    town.claims(baba.0, job, 1);
    assert_eq!(shown(&town, aoki), [job]);
    let made = town.act(town.director, |tx| exclude(tx, aoki.1, &input(job, "client")));
    assert_eq!((made.job_id, made.company_id.is_some(), made.excluded_by), (None, true, town.director));
    assert_eq!((shown(&town, aoki), shown(&town, baba)), (Vec::new(), vec![job]));
    let stands = |(person, worker)| town.act(person, |tx| offers::standing(tx, worker, job));
    assert_eq!(stands(aoki), Standing::Excluded, "nobody says that it was withdrawn: it runs on");
    let wanted = town.informed(aoki.0, job, 1);
    let refused = town.attempt(aoki.0, |tx| claims::claim(tx, job, wanted)).unwrap_err();
    assert!(matches!(refused, ClaimError::NotEligible), "{refused:?}");
    let forced = town.attempt(town.director, |tx| {
        let sql = format!(
            "INSERT INTO assignments (unit_id, worker_id, person_id, terms_notice_id, claimed_at, due_on) \
             SELECT u.id, {}, {}, a.terms_notice_id, a.claimed_at, a.due_on FROM assignments a \
             JOIN units u ON u.job_id = {job} AND u.state = 'offered' LIMIT 1",
            aoki.1, aoki.0
        );
        diesel::sql_query(sql).execute(tx.conn()).map_err(DbError::from)
    });
    assert!(forced.unwrap_err().violates("assignments_not_excluded"));

    // What the client wants next is kept from them too, and the round says so without a reason.
    let next = town.job(order, 3).id;
    assert_eq!((shown(&town, aoki), today(&town, aoki.1, next)), (Vec::new(), Some(Outcome::NotAsked)));
    let why = town.act(town.director, |tx| rounds::why(tx, aoki.1, next));
    assert_eq!(why.rounds[0].decision.outcome, Outcome::NotAsked);
    assert_eq!(town.act(town.director, |tx| jobs::missed_by(tx, aoki.1)), []);

    town.act(town.director, |tx| lift(tx, made.id));
    assert_eq!(today(&town, aoki.1, next), None);
    for job in [job, next] {
        town.act(town.director, |tx| rounds::go_on(tx, job));
    }
    assert_eq!(shown(&town, aoki).len(), 2, "they are asked like anybody else");
    let again = town.attempt(town.director, |tx| lift(tx, made.id)).unwrap_err();
    assert_eq!(again.code(), Code::Conflict);
}

#[test]
fn what_lay_before_them_goes_on_and_what_they_hold_stays_theirs() {
    let town = Town::new();
    let aoki = town.worker("Aoki");
    let order = town.order(100_000).id;
    let other = town.job(order, 2).id;
    let fair = JobInput { offer_rule: "fair".into(), ..town.job_input(3) };
    let job = town.act(town.director, |tx| {
        let job = jobs::split(tx, order, fair)?;
        jobs::offer(tx, job.id).map(|offered| offered.job)
    });
    let held = town.claims(aoki.0, job.id, 1).units[0];
    town.act(town.director, |tx| exclude(tx, aoki.1, &input(job.id, "job")));
    assert_eq!(town.unit(held).state, UnitState::Claimed);
    assert_eq!(shown(&town, aoki), [other], "the client's other job is not meant");
    let portions = town.act(aoki.0, |tx| rounds::portions_of(tx, aoki.1, &[job.id]));
    assert!(portions.is_empty(), "{portions:?}");
    let baba = town.worker("Baba");
    town.act(town.director, |tx| rounds::go_on(tx, job.id));
    assert!(shown(&town, baba).contains(&job.id), "it went on to the next");
    town.hands_in(aoki.0, held);
}

#[test]
fn an_exclusion_counts_until_its_last_day_and_once() {
    let town = Town::new();
    let aoki = town.worker("Aoki");
    let job = town.job(town.order(100_000).id, 2).id;
    let until = ExclusionInput { until: town.day(1).to_string().into(), ..input(job, "job") };
    town.act(town.director, |tx| exclude(tx, aoki.1, &until));
    let twice = town.attempt(town.director, |tx| exclude(tx, aoki.1, &until)).unwrap_err();
    assert_eq!(twice.code(), Code::Conflict);
    let nowhere = town.attempt(town.director, |tx| exclude(tx, aoki.1, &input(JobId(99_999), "job")));
    assert_eq!(nowhere.unwrap_err().fields()[0].field, "job_id");
    town.wait(Duration::days(1));
    assert_eq!(today(&town, aoki.1, job), Some(Outcome::NotAsked), "the last day");
    town.wait(Duration::days(1));
    assert_eq!(today(&town, aoki.1, job), None);
    town.act(town.director, |tx| exclude(tx, aoki.1, &input(job, "job")));
    let all = town.act(town.director, |tx| of_worker(tx, aoki.1));
    assert_eq!(all.iter().map(|one| one.counts_on(town.day(0))).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn of_who_left_a_year_ago_nothing_is_kept() {
    let town = Town::new();
    let (aoki, baba) = (town.worker("Aoki"), town.worker("Baba"));
    let job = town.job(town.order(100_000).id, 2).id;
    for one in [aoki, baba] {
        town.act(town.director, |tx| exclude(tx, one.1, &input(job, "job")));
    }
    let left = workforce::workers::WithdrawInput { reason: "employment".into(), ..Default::default() };
    town.act(town.director, |tx| workforce::workers::withdraw(tx, aoki.1, left));
    assert_eq!(town.act(town.director, forget), 0);
    town.wait(Duration::days(366));
    assert_eq!((town.act(town.director, forget), town.act(town.director, forget)), (1, 0));
    let kept = |one: WorkerId| town.act(town.director, |tx| of_worker(tx, one)).len();
    assert_eq!((kept(aoki.1), kept(baba.1)), (0, 1));
}
