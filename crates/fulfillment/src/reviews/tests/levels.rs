//! Two looks, one after the other, where a job asks for them.

use chrono::Duration;
use diesel::sql_types::BigInt;

use super::*;
use crate::deliveries::{self, DeliverInput};
use crate::quality::{self, QualityInput};
use crate::units::store::{Mark, Which};
use crate::units::{CancelInput, Move};
use crate::{earnings, sampling, second_looks};

/// A town with a job of two looks and one unit of it in a worker's hands.
struct Two {
    town: Town,
    aoki: PersonId,
    job: JobId,
    unit: UnitId,
}

fn two() -> Two {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let input = jobs::JobInput { review_levels: "2".into(), ..town.job_input(3) };
    let order = town.order_of(3000, 30).id;
    let job = town.act(town.director, |tx| jobs::split(tx, order, input));
    assert_eq!(job.review_levels, 2);
    town.act(town.director, |tx| jobs::offer(tx, job.id));
    let unit = town.claims(aoki, job.id, 1).units[0];
    Two { town, aoki, job: job.id, unit }
}

impl Two {
    fn waiting(&self, person: PersonId) -> Vec<(i64, i16)> {
        let page = self.town.act(person, |tx| waiting(tx, &Paging::first(10)));
        let count = self.town.act(person, waiting_count);
        assert_eq!(count, i64::try_from(page.items.len()).unwrap());
        page.items.into_iter().map(|row| (row.submission.0, row.level)).collect()
    }

    fn mine(&self) -> claims::MyUnit {
        self.town.act(self.aoki, |tx| claims::find_mine(tx, self.unit))
    }

    fn earned(&self) -> usize {
        self.town.act(self.town.director, |tx| earnings::of_unit(tx, self.unit)).len()
    }
}

#[test]
fn a_second_look_is_another_persons_and_alone_decides() {
    let two = two();
    let (town, unit) = (&two.town, two.unit);
    let version = town.hands_in(two.aoki, unit);
    assert_eq!(two.waiting(town.checker), [(version.id.0, 1)]);
    let first = town.act(town.checker, |tx| decide(tx, version.id, pass()));
    assert_eq!((first.level, first.is_last), (1, false));
    let now = town.unit(unit);
    assert_eq!((now.state, now.passed_basis), (UnitState::Checking, None));
    assert_eq!((two.earned(), town.facts::<UnitPassed>().len()), (0, 0), "it has not passed yet");
    assert!(two.mine().in_second_check);
    assert_eq!((two.waiting(town.checker), two.waiting(town.director)), (vec![], vec![(version.id.0, 2)]));
    assert_eq!(town.act(town.checker, second_count), 1);
    let again = town.attempt(town.checker, |tx| decide(tx, version.id, pass())).unwrap_err();
    assert_eq!(again.code(), Code::SameReviewer);
    assert_eq!(
        town.attempt(town.checker, |tx| begin(tx, version.id)).unwrap_err().code(),
        Code::SameReviewer
    );
    let back = town.attempt(two.aoki, |tx| submissions::retract(tx, unit)).unwrap_err();
    assert_eq!(back.code(), Code::Conflict, "somebody has looked at it");
    let second = town.act(town.director, |tx| decide(tx, version.id, pass()));
    assert_eq!((second.level, second.is_last), (2, true));
    assert_eq!((town.unit(unit).state, two.earned()), (UnitState::Passed, 1));
    assert_eq!(town.facts::<UnitPassed>().len(), 1);
    assert!(!two.mine().in_second_check);
    let kept = town.act(town.director, |tx| submissions::of_unit(tx, unit)).remove(0);
    assert_eq!((kept.first_review, kept.review), (Some(first), Some(second)));
    crate::interleavings::check_promises(town);
}

#[test]
fn what_the_second_look_sends_back_begins_again_with_the_first() {
    let two = two();
    let (town, unit) = (&two.town, two.unit);
    let version = town.hands_in(two.aoki, unit);
    town.act(town.checker, |tx| decide(tx, version.id, pass()));
    town.act(town.director, |tx| decide(tx, version.id, returned("typo")));
    let back = town.unit(unit);
    assert_eq!((back.state, back.holder_id), (UnitState::Returned, Some(two.aoki)));
    assert_eq!(town.act(town.director, |tx| returns_of(tx, unit, two.aoki)), 1);
    assert!(two.mine().feedback.is_some());
    let next = town.hands_in(two.aoki, unit);
    assert_eq!(two.waiting(town.checker), [(next.id.0, 1)], "a new version, so both may look at it");
    assert_eq!(two.waiting(town.director), [(next.id.0, 1)]);
    town.act(town.director, |tx| decide(tx, next.id, pass()));
    let reject = ReviewInput { verdict: "reject".into(), ..returned("unreadable") };
    let refused = town.act(town.checker, |tx| decide(tx, next.id, reject));
    assert_eq!((refused.level, town.unit(unit).state), (2, UnitState::Rejected));
    crate::interleavings::check_promises(town);
}

#[test]
fn whoever_takes_the_second_look_may_let_it_go_and_it_goes_on_waiting_for_it() {
    let two = two();
    let (town, unit) = (&two.town, two.unit);
    let version = town.hands_in(two.aoki, unit);
    town.act(town.checker, |tx| begin(tx, version.id));
    town.act(town.checker, |tx| decide(tx, version.id, pass()));
    for lapses in [false, true] {
        town.act(town.director, |tx| begin(tx, version.id));
        assert_eq!(town.act(town.director, |tx| holder(tx, version.id)).unwrap().checker_id, town.director);
        if lapses {
            town.wait(Duration::hours(2));
            town.act(town.director, tend);
        } else {
            assert!(town.act(town.director, |tx| release(tx, version.id)));
        }
        assert_eq!(town.unit(unit).state, UnitState::Checking);
        assert_eq!(two.waiting(town.director), [(version.id.0, 2)]);
    }
    let off = CancelInput { fault: "client".into(), compensation_percent: "0".into(), note: "中止".into() };
    town.act(town.director, |tx| units::cancel(tx, unit, off));
    assert_eq!((two.waiting(town.director), town.act(town.director, second_count)), (vec![], 0));
}

#[test]
fn the_database_itself_wants_two_people_for_two_looks() {
    let two = two();
    let (town, unit) = (&two.town, two.unit);
    let version = town.hands_in(two.aoki, unit).id;
    let forced = |person: PersonId, level: i16, is_last: bool| {
        town.attempt(person, |tx| {
            diesel::sql_query(format!(
                "INSERT INTO reviews (unit_id, submission_id, checker_id, verdict, reviewed_at, level, is_last) \
                 VALUES ({unit}, {version}, {person}, 'pass', now(), {level}, {is_last})"
            ))
            .execute(tx.conn())
            .map_err(DbError::from)
        })
    };
    let rule = |error: DbError, rule: &str| assert!(error.violates(rule), "{rule}: {error:?}");
    rule(forced(town.checker, 1, true).unwrap_err(), "reviews_all_levels");
    rule(forced(town.checker, 2, true).unwrap_err(), "reviews_other_eyes");
    rule(forced(town.checker, 2, false).unwrap_err(), "reviews_other_eyes");
    forced(town.checker, 1, false).unwrap();
    rule(forced(town.checker, 2, true).unwrap_err(), "reviews_other_eyes");
    rule(forced(two.aoki, 2, true).unwrap_err(), "reviews_four_eyes");
    let out = town.attempt(town.director, |tx| {
        let which = Which::These(&[unit]);
        units::store::advance(tx, which, UnitState::Submitted, Move::Pass, Mark::default())?;
        let order = units::find(tx, unit)?.order_id;
        deliveries::assemble(tx, &town.key, order, DeliverInput::default())
    });
    assert!(out.is_err(), "nothing goes out that waits for its second look");
    forced(town.director, 2, true).unwrap();
}

#[test]
fn statistics_know_the_last_verdict_alone_and_a_second_look_is_no_blind_one() {
    let two = two();
    let (town, unit) = (&two.town, two.unit);
    let all =
        QualityInput { second_look_percent: "100".into(), ..QualityInput::of(quality::Quality::default()) };
    town.act(town.director, |tx| quality::change(tx, &all));
    let plan = sampling::SamplingInput {
        based_on: "0".into(),
        rule: "flow".into(),
        clean: "3".into(),
        one_in: "2".into(),
    };
    town.act(town.director, |tx| sampling::change(tx, two.job, &plan));
    let version = town.hands_in(two.aoki, unit);
    town.act(town.checker, |tx| decide(tx, version.id, pass()));
    let known = || town.act(town.director, |tx| sampling::of_person(tx, two.aoki));
    assert!(known().iter().all(|one| one.reliability.looked_at == 0), "nothing is certain yet");
    town.act(town.director, |tx| decide(tx, version.id, pass()));
    let standing = known().remove(0);
    assert_eq!(
        (standing.reliability.looked_at, standing.reliability.defects, standing.stream.run),
        (1, 0, 1)
    );
    let drawn = diesel::sql_query("SELECT count(*) AS count FROM second_looks")
        .get_result::<Count>(&mut town.db.owner())
        .unwrap();
    assert_eq!(drawn.count, 1, "of the first look alone, which knew of no other");
    let open = |person| town.act(person, second_looks::count_open);
    assert_eq!((open(town.checker), open(town.director)), (0, 0), "neither looks blindly any more");
    let another = town.db.person(town.id, "Another", &["coordinator"]);
    assert_eq!(open(another), 1);
}

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}
