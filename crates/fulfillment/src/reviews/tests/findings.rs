//! Leases, checklists, remarks and changed specifications, against a real database.

use chrono::Duration;
use kernel::{FileId, JobId, Yen};

use super::*;
use crate::checks::ChecksInput;
use crate::defects::{DefectKindInput, Severity};
use crate::submissions::SubmitInput;
use crate::testing::changed_specification;

fn looked_at(town: &Town, job: JobId, items: &str) {
    let based_on = town.act(town.director, |tx| checks::newest(tx, job)).map_or(0, |checks| checks.number);
    let input =
        ChecksInput { based_on: based_on.to_string().into(), items: items.into(), ..ChecksInput::default() };
    town.act(town.director, |tx| checks::change(tx, job, &input));
}

fn answers(words: &[&str]) -> Vec<AnswerInput> {
    let one = |(position, word): (usize, &&str)| AnswerInput {
        position: position.to_string().into(),
        answer: (*word).into(),
    };
    (1..).zip(words).map(one).collect()
}

fn waiting_for(town: &Town, person: PersonId) -> Vec<SubmissionId> {
    let page = town.act(person, |tx| waiting(tx, &Paging::first(10)));
    page.items.into_iter().map(|row| row.submission).collect()
}

#[test]
fn what_somebody_has_taken_is_free_for_nobody_else_until_it_is_let_go_or_runs_out() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let job = town.job(town.order(1000).id, 2);
    let units = town.claims(aoki, job.id, 2).units;
    let [first, second] = [units[0], units[1]].map(|unit| town.hands_in(aoki, unit).id);
    let lease = town.act(town.checker, |tx| begin(tx, first));
    assert_eq!(lease.until, "2026-05-01T00:30:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap());
    assert_eq!(
        (waiting_for(&town, town.director), waiting_for(&town, town.checker)),
        (vec![second], vec![first, second])
    );
    let counts = |person| town.act(person, |tx| Ok::<_, DbError>((waiting_count(tx)?, taken_count(tx)?)));
    assert_eq!((counts(town.director), counts(town.checker)), ((1, 1), (2, 0)));
    let taken = town.attempt(town.director, |tx| begin(tx, first)).unwrap_err();
    assert_eq!(taken.code(), Code::ReviewTaken);
    let decided = town.attempt(town.director, |tx| decide(tx, first, pass())).unwrap_err();
    assert_eq!(decided.code(), Code::ReviewTaken);
    assert!(!town.act(town.director, |tx| release(tx, first)), "it is not theirs to let go");
    assert!(town.act(town.checker, |tx| release(tx, first)));
    assert_eq!(town.unit(units[0]).state, UnitState::Submitted, "its maker may take it back again");
    town.act(town.checker, |tx| begin(tx, first));
    town.wait(Duration::minutes(30));
    assert_eq!(waiting_for(&town, town.director), [first, second], "it ran out");
    town.act(town.director, |tx| begin(tx, first));
    let late = town.attempt(town.checker, |tx| decide(tx, first, pass())).unwrap_err();
    assert_eq!(late.code(), Code::ReviewTaken);
    town.act(town.director, |tx| decide(tx, first, pass()));
    town.act(town.checker, |tx| begin(tx, second));
    town.wait(Duration::hours(2));
    town.act(town.checker, |tx| decide(tx, second, pass()));
    assert_eq!(town.unit(units[1]).state, UnitState::Passed, "nobody took it, so what was typed counts");
}

#[test]
fn what_a_reviewer_left_lying_waits_again() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let job = town.job(town.order(1000).id, 2);
    let units = town.claims(aoki, job.id, 2).units;
    let [first, second] = [units[0], units[1]].map(|unit| town.hands_in(aoki, unit).id);
    town.act(town.checker, |tx| begin(tx, first));
    town.wait(Duration::minutes(29));
    town.act(town.director, |tx| begin(tx, second));
    town.act(town.director, tend);
    assert_eq!(town.unit(units[0]).state, UnitState::Checking, "it is theirs for a minute more");
    town.wait(Duration::minutes(1));
    town.act(town.director, tend);
    assert_eq!(
        [town.unit(units[0]).state, town.unit(units[1]).state],
        [UnitState::Submitted, UnitState::Checking]
    );
    assert_eq!(waiting_for(&town, town.director), [first, second]);
    town.act(aoki, |tx| submissions::retract(tx, units[0]));
    assert_eq!(town.unit(units[0]).state, UnitState::Working, "its maker may take it back again");
}

#[test]
fn the_next_free_version_is_taken_at_once() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let order = town.order(1000);
    let job = town.job(order.id, 3);
    let units = town.claims(aoki, job.id, 3).units;
    let versions: Vec<_> = units.iter().map(|unit| town.hands_in(aoki, *unit).id).collect();
    town.act(town.director, |tx| begin(tx, versions[1]));
    town.act(town.checker, |tx| decide(tx, versions[0], pass()));
    let following = town.act(town.checker, |tx| next(tx, versions[0]));
    assert_eq!(following, Some(versions[2]), "the one between is somebody else's");
    assert_eq!(town.act(town.director, |tx| holder(tx, versions[2])).unwrap().checker_id, town.checker);
    town.act(town.checker, |tx| decide(tx, versions[2], pass()));
    assert_eq!(town.act(town.checker, |tx| next(tx, versions[2])), None);
}

#[test]
fn of_two_who_take_one_version_at_once_one_has_it() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let job = town.job(town.order(1000).id, 20);
    for unit in town.claims(aoki, job.id, 20).units {
        let version = town.hands_in(aoki, unit).id;
        let both = std::thread::scope(|scope| {
            let town = &town;
            [town.checker, town.director]
                .map(|person| scope.spawn(move || town.attempt(person, |tx| begin(tx, version)).is_ok()))
                .map(|thread| thread.join().unwrap())
        });
        assert!(both[0] ^ both[1]);
    }
}

#[test]
fn makers_take_nothing_of_their_own_whatever_asks() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let job = town.job(town.order(1000).id, 1);
    let unit = town.claims(aoki, job.id, 1).units[0];
    let version = town.hands_in(aoki, unit).id;
    assert_eq!(town.attempt(aoki, |tx| begin(tx, version)).unwrap_err().code(), Code::OwnWork);
    let forced = town.attempt(town.director, |tx| {
        let sql = format!(
            "INSERT INTO review_leases (unit_id, submission_id, checker_id, taken_at, until) \
             VALUES ({unit}, {version}, {aoki}, now(), now() + interval '1 hour')"
        );
        diesel::sql_query(sql).execute(tx.conn()).map_err(DbError::from)
    });
    assert!(forced.unwrap_err().violates("reviews_four_eyes"));
}

#[test]
fn a_unit_passes_once_everything_that_is_looked_at_is_in_order() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let job = town.job(town.order(1000).id, 1).id;
    looked_at(&town, job, "見出し\n空らん");
    let unit = town.claims(aoki, job, 1).units[0];
    let version = town.hands_in(aoki, unit).id;
    let decides = |input: ReviewInput| town.attempt(town.checker, |tx| decide(tx, version, input));
    let unseen = decides(pass()).unwrap_err();
    let fields: Vec<_> = unseen.fields().iter().map(|one| one.field.as_str()).collect();
    assert_eq!(fields, ["answers[0].answer", "answers[1].answer"]);
    let with = |checks: &str, words: &[&str]| ReviewInput {
        checks: checks.into(),
        answers: answers(words),
        ..pass()
    };
    assert_eq!(decides(with("1", &["yes", "no"])).unwrap_err().fields()[0].code, Code::CannotPass);
    looked_at(&town, job, "見出し\n空らん\n日付");
    assert_eq!(decides(with("1", &["yes", "yes"])).unwrap_err().code(), Code::Stale, "it asks more by now");
    let passed = decides(with("2", &["yes", "not_applicable", "yes"])).unwrap();
    let found: Vec<_> =
        passed.answers.iter().map(|one| (one.number, one.text.as_str(), one.answer)).collect();
    assert_eq!(
        found,
        [
            (2, "見出し", CheckAnswer::Yes),
            (2, "空らん", CheckAnswer::NotApplicable),
            (2, "日付", CheckAnswer::Yes)
        ]
    );
}

#[test]
fn a_kind_that_is_made_graver_leaves_what_was_found_as_it_was() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let job = town.job(town.order(1000).id, 1).id;
    let unit = town.claims(aoki, job, 1).units[0];
    let (file, other) = (town.file(aoki), town.file(aoki));
    let made = SubmitInput { file_ids: vec![file], ..SubmitInput::default() };
    let version = town.act(aoki, |tx| submissions::submit(tx, unit, made)).id;
    let kind = town.act(town.checker, defects::kinds).remove(0);
    let remark = |file: FileId| RemarkInput {
        kind_id: kind.id.to_string().into(),
        file_id: file.to_string().into(),
        line: "12".into(),
        text: "「東京と」になっています".into(),
    };
    let back = |file| ReviewInput { remarks: vec![remark(file)], ..returned("typo") };
    let foreign = town.attempt(town.checker, |tx| decide(tx, version, back(other))).unwrap_err();
    assert_eq!(foreign.fields()[0].field, "remarks[0].file_id");
    town.act(town.checker, |tx| decide(tx, version, back(file)));
    let graver = DefectKindInput { name: "誤字".into(), severity: "critical".into() };
    town.act(town.director, |tx| defects::change(tx, kind.id, &graver));
    let shown =
        town.act(aoki, |tx| submissions::of_unit(tx, unit)).remove(0).review.unwrap().remarks.remove(0);
    assert_eq!((shown.severity, shown.kind.as_deref()), (Some(Severity::Minor), Some("誤字")));
    assert_eq!((shown.file_id, shown.line), (Some(file), Some(12)));
}

#[test]
fn what_a_changed_specification_asks_for_is_a_line_of_its_own_under_terms_of_its_own() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let job = town.job(town.order(1000).id, 1).id;
    let unit = town.claims(aoki, job, 1).units[0];
    let first = town.hands_in(aoki, unit);
    let received = town.day(0);
    let unpaid = ReviewInput { extra_pay: "".into(), ..changed_specification() };
    let refused = town.attempt(town.checker, |tx| decide(tx, first.id, unpaid)).unwrap_err();
    assert_eq!(refused.fields()[0].field, "extra_pay");
    let later = ReviewInput { due_on: town.day(20).to_string().into(), ..changed_specification() };
    town.act(town.checker, |tx| decide(tx, first.id, later));
    let told = town.facts::<UnitReturned>().remove(0);
    assert_eq!((told.extra_pay, told.due_on, told.fault), (Yen(200), town.day(20), Fault::Specification));
    let terms = town.act(aoki, |tx| crate::terms::find(tx, told.terms_notice.unwrap()));
    assert!(terms.body.contains("200"), "{}", terms.body);
    town.wait(Duration::days(2));
    let again = town.hands_in(aoki, unit);
    town.passes(&again);
    let earned = town.act(town.director, |tx| earnings::of_unit(tx, unit));
    let lines: Vec<_> = earned.iter().map(|one| (one.kind, one.amount, one.received_on)).collect();
    assert_eq!(
        lines,
        [(EarningKind::Unit, Yen(400), received), (EarningKind::Fix, Yen(200), town.day(0))],
        "the unit from its first receipt, what was asked beside from its own"
    );
}
