//! Deductions from pay against a real database: a recorded fault of the worker's own, and two people.

use kernel::{Code, Yen};

use super::*;
use crate::statements::{CloseInput, LineKind, PaidInput, StatementFilter};
use crate::testing::{Town, returned};
use crate::withholdings::{self, WithholdingInput};
use crate::{appeals, reviews};

#[test]
fn a_word_about_somebodys_pay_is_yes_or_no() {
    let said = |word: &str| DecideDeductionInput { approve: word.into() }.checked();
    assert_eq!(
        (said("yes"), said("on"), said("no"), said("false")),
        (Ok(true), Ok(true), Ok(false), Ok(false))
    );
    let wrong = |word: &str| said(word).unwrap_err().0[0].code;
    assert_eq!((wrong(" "), wrong("later")), (Code::Required, Code::UnknownChoice));
}

/// A worker with one unit that was returned through their own fault and then passed, on a statement of theirs.
fn faulty(town: &Town) -> (PersonId, Statement) {
    let (aoki, _) = town.worker("Aoki");
    let job = town.job(town.order(1000).id, 2).id;
    let kind = WithholdingInput { kind: "design".into(), ..WithholdingInput::default() };
    town.act(town.director, |tx| withholdings::decide(tx, job, &kind));
    let claimed = town.claims(aoki, job, 2);
    let bad = town.hands_in(aoki, claimed.units[0]);
    town.act(town.checker, |tx| reviews::decide(tx, bad.id, returned("typo")));
    let good = town.hands_in(aoki, claimed.units[0]);
    town.passes(&good);
    let other = town.hands_in(aoki, claimed.units[1]);
    town.passes(&other);
    let today = town.day(0).to_string();
    town.act(town.director, |tx| statements::close(tx, &CloseInput { closed_on: today.as_str().into() }));
    let paging = kernel::Paging::first(10);
    let all = town.act(town.director, |tx| statements::list(tx, StatementFilter::All, None, &paging));
    (aoki, all.items.into_iter().next().unwrap())
}

fn less(review: i64, amount: &str) -> DeductionInput {
    DeductionInput {
        review_id: review.to_string().into(),
        amount: amount.into(),
        reason: "見本と違うままの提出".into(),
        ground: "value_lost".into(),
        basis: "お客様の値引き100円".into(),
        agreed_on: "2026-05-01".into(),
    }
}

#[test]
fn pay_is_reduced_for_a_recorded_fault_alone_and_by_two_people() {
    let town = Town::new();
    let (aoki, statement) = faulty(&town);
    let known = town.act(town.director, |tx| faults(tx, statement.id));
    assert_eq!((known.len(), known[0].most), (1, Yen(400)));
    let review = known[0].review_id.0;
    let ask = |person, input: &DeductionInput| town.attempt(person, |tx| ask(tx, statement.id, input));
    let unfounded = ask(town.director, &less(review + 1, "100")).unwrap_err();
    assert_eq!(unfounded.fields()[0].field, "review_id", "that review found no fault");
    assert_eq!(ask(town.director, &less(review, "401")).unwrap_err().fields()[0].field, "amount");
    assert_eq!(ask(aoki, &less(review, "100")).unwrap_err().code(), Code::SecondPerson);
    let asked = ask(town.director, &less(review, "100")).unwrap();
    let find = |town: &Town| town.act(town.director, |tx| statements::find(tx, statement.id));
    assert_eq!(find(&town), statement, "nothing is less before a second person agrees");
    let yes = DecideDeductionInput { approve: "yes".into() };
    let alone = town.attempt(town.director, |tx| decide(tx, asked.id, &yes)).unwrap_err();
    assert_eq!(alone.code(), Code::SecondPerson);
    let own = town.attempt(aoki, |tx| decide(tx, asked.id, &yes)).unwrap_err();
    assert_eq!(own.code(), Code::SecondPerson);
    assert_eq!(town.act(town.checker, open).len(), 1);
    town.act(town.checker, |tx| decide(tx, asked.id, &yes));
    let paper = town.act(town.director, |tx| statements::paper(tx, statement.id, None));
    assert_eq!((paper.number, paper.cause), (2, VersionCause::Deduction));
    assert_eq!((paper.amount, paper.withholding_base), (Yen(700), Yen(700)));
    let line = paper.lines.iter().find(|line| line.kind == LineKind::Deduction).unwrap();
    assert_eq!((line.units, line.amount), (1, Yen(-100)));
    assert_eq!(find(&town).payable, Yen(700 + 70 - 71));
    assert!(town.act(town.director, |tx| faults(tx, statement.id)).is_empty(), "once for one review");
    let twice = ask(town.director, &less(review, "100")).unwrap_err();
    assert_eq!(twice.code(), Code::Invalid);
    assert_eq!(town.act(town.director, |tx| of_statement(tx, statement.id)).len(), 1);
}

#[test]
fn a_deduction_has_a_lawful_ground_and_an_agreed_day() {
    let town = Town::new();
    let (_, statement) = faulty(&town);
    let fault = town.act(town.director, |tx| faults(tx, statement.id)).remove(0);
    assert!((fault.is_mended, fault.found_on) == (true, town.day(0)), "{fault:?}");
    let good = less(fault.review_id.0, "100");
    let field = |input: DeductionInput| {
        let refused = town.attempt(town.director, |tx| ask(tx, statement.id, &input)).unwrap_err();
        refused.fields().iter().map(|one| one.field.clone()).collect::<Vec<_>>()
    };
    let bare = DeductionInput { ground: "".into(), basis: "".into(), agreed_on: "".into(), ..good.clone() };
    assert_eq!(field(bare), ["ground", "basis", "agreed_on"]);
    let own = DeductionInput { ground: "town_mended".into(), ..good.clone() };
    assert_eq!(field(own), ["ground"], "its maker mended it, so the town did not");
    let before = DeductionInput { agreed_on: "2026-04-30".into(), ..good.clone() };
    assert_eq!(field(before), ["agreed_on"], "nobody agrees before it is found");
    let ahead = DeductionInput { agreed_on: town.day(1).to_string().into(), ..good.clone() };
    assert_eq!(field(ahead), ["agreed_on"]);
    let asked = town.act(town.director, |tx| ask(tx, statement.id, &good));
    assert_eq!((asked.ground, asked.agreed_on), (Some(DeductionGround::ValueLost), Some(town.day(0))));
    assert_eq!(asked.basis, "お客様の値引き100円");
}

#[test]
fn what_is_found_after_the_days_of_inspection_reduces_no_pay() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let input = crate::jobs::JobInput { inspect_days: "2".into(), ..town.job_input(1) };
    let order = town.order(1000).id;
    let job = town.act(town.director, |tx| {
        let job = crate::jobs::split(tx, order, input)?;
        crate::jobs::offer(tx, job.id).map(|offered| offered.job.id)
    });
    let kind = WithholdingInput { kind: "design".into(), ..WithholdingInput::default() };
    town.act(town.director, |tx| withholdings::decide(tx, job, &kind));
    let unit = town.claims(aoki, job, 1).units[0];
    let bad = town.hands_in(aoki, unit);
    town.wait(chrono::Duration::days(10));
    town.act(town.checker, |tx| reviews::decide(tx, bad.id, returned("typo")));
    let good = town.hands_in(aoki, unit);
    town.passes(&good);
    let today = town.day(0).to_string();
    town.act(town.director, |tx| statements::close(tx, &CloseInput { closed_on: today.as_str().into() }));
    let paging = kernel::Paging::first(10);
    let all = town.act(town.director, |tx| statements::list(tx, StatementFilter::All, None, &paging));
    assert_eq!(town.act(town.director, |tx| faults(tx, all.items[0].id)), []);
}

#[test]
fn what_a_second_person_refuses_takes_nothing_and_what_is_paid_is_not_reduced() {
    let town = Town::new();
    let (_, statement) = faulty(&town);
    let review = town.act(town.director, |tx| faults(tx, statement.id))[0].review_id.0;
    let asked = town.act(town.director, |tx| ask(tx, statement.id, &less(review, "100")));
    let no = DecideDeductionInput { approve: "no".into() };
    town.act(town.checker, |tx| decide(tx, asked.id, &no));
    assert_eq!(town.act(town.director, |tx| statements::find(tx, statement.id)), statement);
    let again = town.attempt(town.checker, |tx| decide(tx, asked.id, &no)).unwrap_err();
    assert_eq!(again.code(), Code::Conflict);
    town.act(town.director, |tx| {
        statements::pay(tx, statement.id, &PaidInput { version: "1".into(), ..PaidInput::default() })
    });
    let late = town.attempt(town.director, |tx| ask(tx, statement.id, &less(review, "100"))).unwrap_err();
    assert_eq!(late.code(), Code::AlreadyPaid);
}

#[test]
fn a_verdict_that_an_appeal_overturned_or_may_overturn_reduces_no_pay() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let job = town.job(town.order(1000).id, 2).id;
    let kind = WithholdingInput { kind: "data_entry".into(), ..WithholdingInput::default() };
    town.act(town.director, |tx| withholdings::decide(tx, job, &kind));
    let claimed = town.claims(aoki, job, 2);
    let appealed = claimed.units.iter().map(|unit| {
        let version = town.hands_in(aoki, *unit);
        let reject = reviews::ReviewInput { verdict: "reject".into(), ..returned("unreadable") };
        let review = town.act(town.checker, |tx| reviews::decide(tx, version.id, reject)).id;
        let input = appeals::AppealInput { text: "開けました".into() };
        (town.act(aoki, |tx| appeals::appeal(tx, *unit, &input)).id, review)
    });
    let appealed: Vec<_> = appealed.collect();
    let paid = |appeal| {
        let word = appeals::DecideAppealInput {
            outcome: "paid".into(),
            comment: "開けた".into(),
            ..appeals::DecideAppealInput::default()
        };
        town.act(town.director, |tx| appeals::decide(tx, appeal, &word));
    };
    paid(appealed[0].0);
    let today = town.day(0).to_string();
    town.act(town.director, |tx| statements::close(tx, &CloseInput { closed_on: today.as_str().into() }));
    let paging = kernel::Paging::first(10);
    let all = town.act(town.director, |tx| statements::list(tx, StatementFilter::All, None, &paging));
    assert_eq!((all.items.len(), all.items[0].payable), (1, Yen(440)), "the pay that the appeal restored");
    assert_eq!(town.act(town.director, |tx| faults(tx, all.items[0].id)), []);
    for (_appeal, review) in &appealed {
        let forced = town.attempt(town.director, |tx| -> Result<(), DeductionError> {
            let sql = format!(
                "INSERT INTO pay_deductions (statement_id, unit_id, review_id, amount, reason, asked_by, asked_at, \
                     ground, basis, agreed_on) \
                 SELECT {}, unit_id, id, 100, 'x', {}, now(), 'value_lost', 'x', '2026-05-01' FROM reviews \
                 WHERE id = {review}",
                all.items[0].id, town.director
            );
            diesel::RunQueryDsl::execute(diesel::sql_query(sql), tx.conn()).map_err(DbError::from)?;
            Ok(())
        });
        assert_eq!(forced.unwrap_err().code(), Code::Appealed, "by the database itself");
    }
}

#[test]
fn the_database_itself_refuses_a_deduction_without_a_fault_or_by_one_person() {
    use diesel::RunQueryDsl as _;
    let town = Town::new();
    let (aoki, statement) = faulty(&town);
    let grounds = std::cell::Cell::new("'value_lost', 'x', '2026-05-01'");
    let insert = |review: &str, by: PersonId, decided: &str| {
        let sql = format!(
            "INSERT INTO pay_deductions (statement_id, unit_id, review_id, amount, reason, asked_by, asked_at, \
                 is_approved, decided_by, decided_at, ground, basis, agreed_on) \
             SELECT {}, r.unit_id, r.id, 100, 'x', {by}, now(), true, {decided}, now(), {} FROM reviews r WHERE {review}",
            statement.id,
            grounds.get()
        );
        town.attempt(town.director, |tx| -> Result<(), DbError> {
            diesel::sql_query(sql).execute(tx.conn())?;
            Ok(())
        })
    };
    let checker = town.checker.to_string();
    let blameless = insert("r.fault IS NULL", town.director, &checker).unwrap_err();
    assert!(blameless.violates("pay_deductions_fault"));
    let alone = insert("r.fault = 'worker'", town.checker, &checker).unwrap_err();
    assert!(alone.violates("pay_deductions_two_people"));
    let own = insert("r.fault = 'worker'", aoki, &checker).unwrap_err();
    assert!(own.violates("pay_deductions_other_eyes"));
    grounds.set("NULL, '', NULL");
    let groundless = insert("r.fault = 'worker'", town.director, &checker).unwrap_err();
    assert!(groundless.violates("pay_deductions_grounds"));
    grounds.set("'value_lost', 'x', '2026-05-01'");
    let unlisted = insert("r.fault = 'worker'", town.director, &checker).unwrap_err();
    assert!(
        unlisted.violates("statement_lines_founded"),
        "its worker reads it on the statement's next version"
    );
}
