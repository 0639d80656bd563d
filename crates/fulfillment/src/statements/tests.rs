//! Closings and statements of pay against a real database.

use kernel::{JobId, OrderId, Paging, PersonId, WorkerId, Yen};
use proptest::prelude::*;
use workforce::invoice_registrations::{self, InvoiceRegistrationInput};

use super::*;
use crate::jobs;
use crate::testing::Town;
use crate::withholdings::{self, WithholdingInput};

fn kind(town: &Town, job: JobId, kind: &str) {
    let input = WithholdingInput { kind: kind.into(), ..WithholdingInput::default() };
    town.act(town.director, |tx| withholdings::decide(tx, job, &input));
}

/// A job of `count` units at `pay` yen.
fn job(town: &Town, order: OrderId, count: usize, pay: i64) -> JobId {
    offered(town, order, jobs::JobInput { unit_pay: pay.to_string().into(), ..town.job_input(count) })
}

fn offered(town: &Town, order: OrderId, input: jobs::JobInput) -> JobId {
    town.act(town.director, |tx| {
        let job = jobs::split(tx, order, input)?;
        jobs::offer(tx, job.id).map(|offered| offered.job.id)
    })
}

fn closes(town: &Town, day: &str) -> Result<Closing, StatementError> {
    town.attempt(town.director, |tx| close(tx, &CloseInput { closed_on: day.into() }))
}

fn all(town: &Town) -> Vec<Statement> {
    town.act(town.director, |tx| list(tx, StatementFilter::All, None, &Paging::first(100))).items
}

/// Everything of a day was transferred today, as it stands now.
fn of_day(town: &Town, pay_on: chrono::NaiveDate) -> PaidDayInput {
    let day = town.act(town.director, unpaid_days).into_iter().find(|day| day.pay_on == pay_on).unwrap();
    PaidDayInput {
        pay_on: pay_on.to_string().into(),
        statements: day.statements.to_string().into(),
        payable: day.payable.0.to_string().into(),
        ..PaidDayInput::default()
    }
}

/// The first version was transferred today.
fn first_version() -> PaidInput {
    PaidInput { version: "1".into(), ..PaidInput::default() }
}

fn said(town: &Town, id: StatementId) -> StatementPaper {
    town.act(town.director, |tx| paper(tx, id, None))
}

/// A worker with `count` units of one kind done in May, closed at the end of the month, on the first of June.
fn closed_may(town: &Town, work: &str, count: i64, pay: i64) -> (PersonId, WorkerId, Statement) {
    let (aoki, worker) = town.worker("Aoki");
    let job = job(town, town.order(1000).id, usize::try_from(count).unwrap(), pay);
    kind(town, job, work);
    town.finishes(aoki, job, count);
    town.wait(chrono::Duration::days(31));
    closes(town, "").unwrap();
    (aoki, worker, all(town).remove(0))
}

#[test]
fn a_closing_makes_one_statement_for_each_payment_with_its_taxes() {
    let town = Town::new();
    let (aoki, worker) = town.worker("Aoki");
    let (baba, _) = town.worker("Baba");
    let order = town.order(1000).id;
    let (entry, design) = (job(&town, order, 4, 333), job(&town, order, 2, 55_555));
    kind(&town, entry, "data_entry");
    kind(&town, design, "design");
    town.finishes(aoki, entry, 3);
    town.finishes(aoki, design, 1);
    town.finishes(baba, entry, 1);
    town.wait(chrono::Duration::days(31));
    let closing = closes(&town, "").unwrap();
    assert_eq!((closing.closed_on, closing.statements), ("2026-05-31".parse().unwrap(), 2));
    assert_eq!(closing.amount, Yen(4 * 333 + 55_555));
    let statement = all(&town).into_iter().find(|one| one.person_id == aoki).unwrap();
    assert_eq!((statement.worker_id, statement.version), (worker, 1));
    // Received on 1 May: paid on 25 June, and by 29 June at the latest (domain.md 3.1).
    assert_eq!(
        (statement.pay_on, statement.pay_by),
        ("2026-06-25".parse().unwrap(), "2026-06-29".parse().unwrap())
    );
    let paper = said(&town, statement.id);
    assert_eq!((paper.amount, paper.tax), (Yen(56_554), Yen(5_655)));
    assert_eq!((paper.withholding_base, paper.withheld), (Yen(55_555), Yen(5_672)));
    assert_eq!((paper.payable, statement.payable), (Yen(56_537), Yen(56_537)));
    assert_eq!(paper.lines.iter().map(|line| line.units).collect::<Vec<_>>(), [3, 1]);
    assert_eq!(paper.orderer_name, "立科町");
    assert_eq!(paper.sha256.len(), 64);
    let told: Vec<events::StatementIssued> = town.facts();
    assert_eq!(told.len(), 2);
}

#[test]
fn nothing_is_closed_while_nobody_has_said_what_kind_of_work_it_is() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let entry = job(&town, town.order(1000).id, 1, 400);
    town.finishes(aoki, entry, 1);
    let today = town.day(0).to_string();
    let refused = closes(&town, &today).unwrap_err();
    assert_eq!(refused.code(), Code::WorkKindMissing);
    let undecided = town.act(town.director, |tx| undecided_jobs(tx, town.day(0)));
    assert_eq!(undecided.iter().map(|job| job.id).collect::<Vec<_>>(), [entry]);
    kind(&town, entry, "data_entry");
    assert!(closes(&town, &today).is_ok());
    assert_eq!(closes(&town, &today).unwrap_err().code(), Code::NothingToClose);
    let ahead = closes(&town, &town.day(1).to_string()).unwrap_err();
    assert_eq!(ahead.fields()[0].field, "closed_on");
}

#[test]
fn an_undecided_job_waits_for_a_later_closing_and_keeps_nobody_elses_pay() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let (baba, _) = town.worker("Baba");
    let order = town.order(1000).id;
    let (entry, unclear) = (job(&town, order, 2, 400), job(&town, order, 2, 700));
    kind(&town, entry, "data_entry");
    town.finishes(aoki, entry, 1);
    town.finishes(aoki, unclear, 1);
    town.finishes(baba, entry, 1);
    let today = town.day(0).to_string();
    let closing = closes(&town, &today).unwrap();
    assert_eq!((closing.statements, closing.amount), (2, Yen(800)));
    assert_eq!((closing.left_jobs, closing.left_amount), (1, Yen(700)), "what is left is said");
    assert_eq!(town.act(town.director, closings)[0], closing);
    assert_eq!(closes(&town, &today).unwrap_err().code(), Code::WorkKindMissing);
    kind(&town, unclear, "design");
    let rest = closes(&town, &today).unwrap();
    assert_eq!((rest.statements, rest.amount, rest.left_jobs), (1, Yen(700), 0));
    assert_eq!(all(&town).iter().map(|one| one.version).sum::<i32>(), 3, "Aoki's has a second version");
}

#[test]
fn whoever_is_paid_corrects_and_pays_nothing_of_their_own() {
    let town = Town::new();
    let (aoki, _, statement) = closed_may(&town, "data_entry", 2, 400);
    let why = CorrectInput { reason: "氏名".into() };
    let own = |result: Result<Statement, StatementError>| result.unwrap_err().code();
    assert_eq!(own(town.attempt(aoki, |tx| correct(tx, statement.id, &why))), Code::SecondPerson);
    assert_eq!(own(town.attempt(aoki, |tx| pay(tx, statement.id, &first_version()))), Code::SecondPerson);
    town.act(town.director, |tx| pay(tx, statement.id, &first_version()));
    let mistake = undo("1", "まちがい");
    assert_eq!(own(town.attempt(aoki, |tx| undo_payment(tx, statement.id, &mistake))), Code::SecondPerson);
}

#[test]
fn nothing_was_transferred_before_its_statement_was_there() {
    let town = Town::new();
    let (_, _, statement) = closed_may(&town, "data_entry", 2, 400);
    let early = PaidInput { paid_on: "2026-05-31".into(), ..first_version() };
    let refused = town.attempt(town.director, |tx| pay(tx, statement.id, &early)).unwrap_err();
    assert_eq!((refused.fields()[0].field.as_str(), refused.fields()[0].code), ("paid_on", Code::NotLater));
    let day = PaidDayInput { paid_on: "2026-05-31".into(), ..of_day(&town, statement.pay_on) };
    let refused = town.attempt(town.director, |tx| pay_all(tx, &day)).unwrap_err();
    assert_eq!(refused.fields()[0].field, "paid_on");
    let same = PaidInput { paid_on: "2026-06-01".into(), ..first_version() };
    assert!(town.act(town.director, |tx| pay(tx, statement.id, &same)).paid_on.is_some());
}

#[test]
fn of_two_who_close_or_pay_at_once_one_does() {
    let town = Town::new();
    let people = ["Aoki", "Baba", "Chiba"].map(|name| town.worker(name).0);
    let entry = job(&town, town.order(1000).id, 9, 400);
    kind(&town, entry, "data_entry");
    for person in people {
        town.finishes(person, entry, 3);
    }
    let today = town.day(0).to_string();
    let both = std::thread::scope(|scope| {
        let close = || closes(&town, &today);
        let (first, second) = (scope.spawn(close), scope.spawn(close));
        [first.join().unwrap(), second.join().unwrap()]
    });
    assert_eq!(both.iter().filter(|one| one.is_ok()).count(), 1);
    let late = both.into_iter().find_map(Result::err).unwrap();
    assert_eq!(late.code(), Code::NothingToClose);
    let statements = all(&town);
    assert_eq!(
        statements.iter().map(|one| (one.version, one.payable.0)).collect::<Vec<_>>(),
        [(1, 1_320); 3]
    );
    let whole_day = of_day(&town, statements[0].pay_on);
    let (one, day) = std::thread::scope(|scope| {
        let one =
            scope.spawn(|| town.attempt(town.director, |tx| pay(tx, statements[0].id, &first_version())));
        let day = scope.spawn(|| town.attempt(town.checker, |tx| pay_all(tx, &whole_day)));
        (one.join().unwrap(), day.join().unwrap())
    });
    match (one, day) {
        (Ok(_), Err(error)) => assert_eq!(error.code(), Code::Stale, "the day came to less by then"),
        (Err(error), Ok(paid)) => assert_eq!((error.code(), paid), (Code::AlreadyPaid, 3)),
        other => panic!("one of them was paid twice or never: {other:?}"),
    }
}

#[test]
fn what_becomes_certain_later_comes_onto_the_same_payment_as_its_next_version() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let entry = job(&town, town.order(1000).id, 2, 400);
    kind(&town, entry, "data_entry");
    let claimed = town.claims(aoki, entry, 2);
    let (first, second) = (town.hands_in(aoki, claimed.units[0]), town.hands_in(aoki, claimed.units[1]));
    town.passes(&first);
    town.wait(chrono::Duration::days(31));
    closes(&town, "").unwrap();
    let before = all(&town).remove(0);
    let confirmed = AnswerInput { version: "1".into(), answer: "confirmed".into(), ..AnswerInput::default() };
    town.act(aoki, |tx| answer(tx, before.id, &confirmed));
    town.passes(&second);
    closes(&town, "2026-05-31").unwrap();
    let after = all(&town);
    assert_eq!(after.len(), 1, "one payment has one statement");
    assert_eq!((after[0].version, after[0].answer, after[0].payable), (2, None, Yen(880)));
    let (old, new) = town.act(town.director, |tx| -> Result<_, DbError> {
        Ok((paper(tx, before.id, Some(1))?, paper(tx, before.id, None)?))
    });
    assert_eq!((old.amount, old.cause), (Yen(400), VersionCause::First));
    assert_eq!((new.amount, new.cause), (Yen(800), VersionCause::Added));
    assert_ne!(old.sha256, new.sha256);
    let stale = town.attempt(aoki, |tx| answer(tx, before.id, &confirmed)).unwrap_err();
    assert_eq!(stale.code(), Code::Stale, "nobody confirms what they have not read");
}

#[test]
fn what_was_issued_after_the_transfer_is_not_noted_as_paid() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let entry = job(&town, town.order(1000).id, 2, 400);
    kind(&town, entry, "data_entry");
    let claimed = town.claims(aoki, entry, 2);
    let (first, second) = (town.hands_in(aoki, claimed.units[0]), town.hands_in(aoki, claimed.units[1]));
    town.passes(&first);
    town.wait(chrono::Duration::days(31));
    closes(&town, "").unwrap();
    let before = all(&town).remove(0);
    let transferred = of_day(&town, before.pay_on);
    town.passes(&second);
    closes(&town, "2026-05-31").unwrap();
    assert_eq!((all(&town).len(), all(&town)[0].payable), (1, Yen(880)), "a second version of one payment");
    let whole_day = town.attempt(town.director, |tx| pay_all(tx, &transferred)).unwrap_err();
    assert_eq!(whole_day.code(), Code::Stale, "440 yen were transferred, not 880");
    let alone = town.attempt(town.director, |tx| pay(tx, before.id, &first_version())).unwrap_err();
    assert_eq!(alone.code(), Code::Stale);
    let second_version = PaidInput { version: "2".into(), ..PaidInput::default() };
    assert!(town.act(town.director, |tx| pay(tx, before.id, &second_version)).paid_on.is_some());
}

#[test]
fn what_was_paid_gets_no_further_version_and_what_comes_later_is_another_payment() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let entry = job(&town, town.order(1000).id, 2, 400);
    kind(&town, entry, "data_entry");
    let claimed = town.claims(aoki, entry, 2);
    let (first, second) = (town.hands_in(aoki, claimed.units[0]), town.hands_in(aoki, claimed.units[1]));
    town.passes(&first);
    town.wait(chrono::Duration::days(31));
    closes(&town, "").unwrap();
    let paid = all(&town).remove(0);
    let tomorrow = PaidInput { paid_on: town.day(1).to_string().into(), ..first_version() };
    let ahead = town.attempt(town.director, |tx| pay(tx, paid.id, &tomorrow)).unwrap_err();
    assert_eq!(ahead.fields()[0].field, "paid_on");
    town.act(town.director, |tx| pay(tx, paid.id, &first_version()));
    let twice = town.attempt(town.director, |tx| pay(tx, paid.id, &first_version())).unwrap_err();
    assert_eq!(twice.code(), Code::AlreadyPaid);
    let wrong = CorrectInput { reason: "名前".into() };
    let late = town.attempt(town.director, |tx| correct(tx, paid.id, &wrong)).unwrap_err();
    assert_eq!(late.code(), Code::AlreadyPaid);
    town.passes(&second);
    closes(&town, "2026-05-31").unwrap();
    let both = all(&town);
    assert_eq!(both.len(), 2);
    assert_eq!(both[0].pay_on, both[1].pay_on);
    assert!(both.iter().all(|one| one.version == 1 && one.payable == Yen(440)));
}

fn undo(payment: &str, reason: &str) -> UndoPaymentInput {
    UndoPaymentInput { payment: payment.into(), reason: reason.into(), ..UndoPaymentInput::default() }
}

#[test]
fn what_is_paid_waits_for_nobodys_word() {
    let town = Town::new();
    let (aoki, _, statement) = closed_may(&town, "data_entry", 2, 400);
    assert_eq!(town.act(aoki, to_confirm), 1);
    town.act(town.director, |tx| pay_all(tx, &of_day(&town, statement.pay_on)));
    assert_eq!(town.act(aoki, to_confirm), 0);
}

#[test]
fn whoever_is_paid_reads_what_each_day_comes_to_and_when_it_was_paid() {
    let town = Town::new();
    let (aoki, _, statement) = closed_may(&town, "data_entry", 2, 400);
    let (other, _) = town.worker("Baba");
    let days = |person: PersonId| town.act(person, my_days).into_iter().collect::<Vec<_>>();
    let open = StatedDay { payable: statement.payable, paid_on: None };
    assert_eq!(days(aoki), [(statement.pay_on, open)]);
    town.act(town.checker, |tx| pay(tx, statement.id, &first_version()));
    assert_eq!(days(aoki), [(statement.pay_on, StatedDay { paid_on: Some(town.day(0)), ..open })]);
    assert!(days(other).is_empty(), "and nobody else's");
}

#[test]
fn a_payment_noted_by_mistake_is_taken_back_with_its_reason_and_paid_again() {
    let town = Town::new();
    let (_, _, statement) = closed_may(&town, "data_entry", 2, 400);
    let undoes =
        |input: &UndoPaymentInput| town.attempt(town.director, |tx| undo_payment(tx, statement.id, input));
    let mistake = undo("1", "別の人の振込でした");
    assert_eq!(undoes(&mistake).unwrap_err().code(), Code::Conflict, "nothing is paid yet");
    town.act(town.checker, |tx| pay(tx, statement.id, &first_version()));
    assert_eq!(undoes(&undo("1", " ")).unwrap_err().fields()[0].field, "reason");
    let open = undoes(&mistake).unwrap();
    assert_eq!((open.paid_on, open.state(), open.undone), (None, StatementState::Issued, 1));
    assert_eq!((open.version, open.payable, open.pay_on), (1, statement.payable, statement.pay_on));
    let kept = town.act(town.director, |tx| undone_payments(tx, statement.id));
    assert_eq!((kept.len(), kept[0].paid_by, kept[0].undone_by), (1, town.checker, town.director));
    assert_eq!((kept[0].paid_on, kept[0].payable), (town.day(0), statement.payable));
    assert_eq!(kept[0].reason, "別の人の振込でした");
    assert_eq!(town.act(town.director, count_unpaid), (1, statement.payable), "it waits to be paid");
    town.act(town.director, |tx| pay(tx, statement.id, &first_version()));
    let again = undoes(&mistake).unwrap();
    assert!(again.paid_on.is_some(), "the same press once more takes back no later payment");
    assert_eq!(undoes(&undo("3", "x")).unwrap_err().code(), Code::Conflict, "there is no third payment");
    assert!(undoes(&undo("2", "二重の記録")).unwrap().paid_on.is_none());
    assert_eq!(town.act(town.director, |tx| undone_payments(tx, statement.id)).len(), 2);
}

#[test]
fn what_came_while_a_payment_was_thought_to_be_made_stays_beside_it_when_that_is_taken_back() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let entry = job(&town, town.order(1000).id, 3, 400);
    kind(&town, entry, "data_entry");
    let claimed = town.claims(aoki, entry, 3);
    let handed: Vec<_> = claimed.units.iter().map(|unit| town.hands_in(aoki, *unit)).collect();
    town.passes(&handed[0]);
    town.wait(chrono::Duration::days(31));
    closes(&town, "").unwrap();
    let first = all(&town).remove(0);
    town.act(town.director, |tx| pay(tx, first.id, &first_version()));
    town.passes(&handed[1]);
    closes(&town, "2026-05-31").unwrap();
    town.act(town.director, |tx| undo_payment(tx, first.id, &undo("1", "まちがい")));
    town.passes(&handed[2]);
    closes(&town, "2026-05-31").unwrap();
    let both = all(&town);
    assert_eq!(both.iter().map(|one| one.payable.0).sum::<i64>(), 3 * 440, "each unit once");
    assert_eq!(both.len(), 2);
    assert_eq!(town.act(town.director, |tx| pay_all(tx, &of_day(&town, first.pay_on))), 2);
}

#[test]
fn the_database_itself_takes_no_payment_back_without_a_word() {
    use diesel::RunQueryDsl as _;
    let town = Town::new();
    let (_, _, statement) = closed_may(&town, "data_entry", 2, 400);
    town.act(town.director, |tx| pay(tx, statement.id, &first_version()));
    let run = |sql: &str| {
        town.attempt(town.director, |tx| -> Result<(), DbError> {
            diesel::sql_query(sql).execute(tx.conn())?;
            Ok(())
        })
    };
    for silent in [
        "UPDATE statements SET paid_on = NULL, paid_by = NULL, paid_noted_at = NULL",
        "UPDATE statements SET paid_on = NULL, paid_by = NULL, paid_noted_at = NULL, undone = undone + 1",
        "UPDATE statements SET undone = undone + 1",
        "UPDATE statements SET paid_noted_at = now()",
    ] {
        assert!(run(silent).unwrap_err().violates("statements_paid_stay"), "{silent}");
    }
    town.act(town.director, |tx| undo_payment(tx, statement.id, &undo("1", "まちがい")));
    for gone in ["DELETE FROM statement_undone_payments", "UPDATE statement_undone_payments SET reason = 'x'"]
    {
        assert!(run(gone).unwrap_err().to_string().contains("permission denied"), "{gone}");
    }
}

#[test]
fn the_database_itself_ties_a_statement_to_what_was_earned() {
    use diesel::RunQueryDsl as _;
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let (baba, _) = town.worker("Baba");
    let entry = job(&town, town.order(1000).id, 4, 400);
    kind(&town, entry, "data_entry");
    town.finishes(aoki, entry, 1);
    town.finishes(baba, entry, 1);
    closes(&town, &town.day(0).to_string()).unwrap();
    town.finishes(baba, entry, 1);
    let of = |person| all(&town).into_iter().find(|one| one.person_id == person).unwrap().id;
    let (first, second) = (of(aoki), of(baba));
    let run = |sql: String| {
        town.attempt(town.director, |tx| -> Result<(), DbError> {
            diesel::sql_query(sql).execute(tx.conn())?;
            Ok(())
        })
    };
    let takes = |statement: StatementId, version: i32| {
        format!(
            "INSERT INTO statement_earnings (earning_id, statement_id, version) \
             SELECT max(id), {statement}, {version} FROM earnings"
        )
    };
    assert!(run(takes(first, 2)).unwrap_err().violates("statement_earnings_own"), "Baba earned it");
    assert!(run(takes(second, 1)).unwrap_err().violates("statement_earnings_own"), "that version is issued");
    let silent = run(takes(second, 2)).unwrap_err();
    assert!(silent.violates("statement_earnings_issued"), "a version has to list it: {silent}");
    let head = run(format!("UPDATE statements SET payable = payable + 1 WHERE id = {first}")).unwrap_err();
    assert!(head.violates("statements_newest"), "{head}");
    // A next version that adds up and lists what nobody earned.
    let doubled = format!(
        "WITH said AS (INSERT INTO statement_versions SELECT organization_id, statement_id, 2, 'added', '', closed_on, \
                 orderer_name, orderer_address, worker_name, registration_number, amount * 2, 0, tax_rate, \
                 tax * 2, 0, payable * 2, deductible_percent, sha256, issued_at, issued_by \
                 FROM statement_versions WHERE statement_id = {first} RETURNING number) \
             INSERT INTO statement_lines SELECT organization_id, statement_id, 2, position, kind, job_id, title, units * 2, \
                 unit_price, amount * 2, is_withheld, first_received_on, last_received_on, deductible_percent \
                 FROM statement_lines WHERE statement_id = {first}"
    );
    let twice = town.attempt(town.director, |tx| -> Result<(), DbError> {
        diesel::sql_query(doubled).execute(tx.conn())?;
        let head = format!("UPDATE statements SET version = 2, payable = payable * 2 WHERE id = {first}");
        diesel::sql_query(head).execute(tx.conn())?;
        Ok(())
    });
    let twice = twice.unwrap_err();
    assert!(twice.violates("statement_lines_founded"), "a unit is paid once: {twice}");
}

#[test]
fn a_worker_confirms_their_own_or_says_what_is_wrong_and_is_paid_all_the_same() {
    let town = Town::new();
    let (aoki, _, statement) = closed_may(&town, "data_entry", 2, 400);
    let (baba, _) = town.worker("Baba");
    let wrong =
        AnswerInput {
            version: "1".into(), answer: "objected".into(), objection: "1件たりません".into()
        };
    let foreign = town.attempt(baba, |tx| answer(tx, statement.id, &wrong)).unwrap_err();
    assert_eq!(foreign.code(), Code::NotFound);
    let empty = AnswerInput { objection: "".into(), ..wrong.clone() };
    let refused = town.attempt(aoki, |tx| answer(tx, statement.id, &empty)).unwrap_err();
    assert_eq!(refused.fields()[0].field, "objection");
    assert_eq!(town.act(aoki, to_confirm), 1);
    let objected = town.act(aoki, |tx| answer(tx, statement.id, &wrong));
    assert_eq!(objected.state(), StatementState::Objected);
    let told: Vec<StatementObjected> = town.facts();
    assert_eq!((told.len(), told[0].person), (1, aoki));
    let listed = town.act(town.director, |tx| list(tx, StatementFilter::Objected, None, &Paging::first(10)));
    assert_eq!(listed.items.len(), 1);
    let right = AnswerInput { answer: "confirmed".into(), objection: "".into(), ..wrong };
    let confirmed = town.act(aoki, |tx| answer(tx, statement.id, &right));
    assert_eq!((confirmed.state(), confirmed.objection.as_str()), (StatementState::Confirmed, ""));
    let paid = town.act(town.director, |tx| pay_all(tx, &of_day(&town, statement.pay_on)));
    assert_eq!(paid, 1);
    assert_eq!(town.act(aoki, |tx| mine(tx, statement.id)).state(), StatementState::Paid);
    assert_eq!(town.act(aoki, |tx| my_list(tx, &Paging::first(10))).items.len(), 1);
    assert_eq!(town.act(baba, |tx| my_list(tx, &Paging::first(10))).items.len(), 0);
    assert_eq!(town.act(town.director, count_unpaid), (0, Yen::ZERO));
}

#[test]
fn a_correction_says_what_is_known_now_and_the_old_version_stays() {
    let town = Town::new();
    let (_, worker, statement) = closed_may(&town, "data_entry", 2, 400);
    let registered = InvoiceRegistrationInput {
        registered: "yes".into(),
        number: "T7123456789012".into(),
        valid_from: "2023-10-01".into(),
        valid_to: "".into(),
    };
    town.act(town.director, |tx| invoice_registrations::record(tx, worker, &registered));
    let silent = CorrectInput::default();
    let refused = town.attempt(town.director, |tx| correct(tx, statement.id, &silent)).unwrap_err();
    assert_eq!(refused.fields()[0].field, "reason");
    let why = CorrectInput { reason: "登録番号を入れるため".into() };
    let corrected = town.act(town.director, |tx| correct(tx, statement.id, &why));
    assert_eq!(corrected.version, 2);
    let (old, new) = town.act(town.director, |tx| -> Result<_, DbError> {
        Ok((paper(tx, statement.id, Some(1))?, paper(tx, statement.id, Some(2))?))
    });
    assert_eq!((old.registration_number.as_str(), new.registration_number.as_str()), ("", "T7123456789012"));
    assert_eq!((new.cause, new.reason.as_str()), (VersionCause::Correction, "登録番号を入れるため"));
    assert_eq!(old.payable, new.payable, "an unregistered worker is paid no less");
}

#[test]
fn a_registration_counts_from_the_day_of_receipt_on_whenever_it_is_closed() {
    let town = Town::new();
    let (aoki, worker) = town.worker("Aoki");
    let entry = job(&town, town.order(1000).id, 2, 400);
    kind(&town, entry, "data_entry");
    town.finishes(aoki, entry, 1);
    town.wait(chrono::Duration::days(2));
    town.finishes(aoki, entry, 1);
    let registers = |from: &str, to: &str| {
        let input = InvoiceRegistrationInput {
            registered: "yes".into(),
            number: "T7123456789012".into(),
            valid_from: from.into(),
            valid_to: to.into(),
        };
        town.act(town.director, |tx| invoice_registrations::record(tx, worker, &input));
    };
    // Received on 1 and 3 May, closed in June: the registration begins between them.
    registers("2026-05-02", "");
    town.wait(chrono::Duration::days(31));
    closes(&town, "2026-05-31").unwrap();
    let statement = all(&town).remove(0);
    let shares = |town: &Town| -> Vec<_> {
        said(town, statement.id).lines.iter().map(|line| (line.deductible_percent, line.units)).collect()
    };
    assert_eq!(shares(&town), [(80, 1), (100, 1)]);
    assert_eq!(said(&town, statement.id).registration_number, "T7123456789012");
    // It began after both, although before they were closed.
    registers("2026-05-20", "");
    let why = CorrectInput { reason: "登録日を直すため".into() };
    town.act(town.director, |tx| correct(tx, statement.id, &why));
    assert_eq!((shares(&town), said(&town, statement.id).registration_number.as_str()), (vec![(80, 2)], ""));
}

#[test]
fn the_night_tells_of_payments_that_are_near_and_of_pay_that_nobody_has_closed() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let entry = job(&town, town.order(1000).id, 2, 400);
    kind(&town, entry, "data_entry");
    town.finishes(aoki, entry, 1);
    let told = |town: &Town| -> Vec<events::PaymentsNear> {
        town.act(town.director, warn);
        town.facts()
    };
    town.wait(chrono::Duration::days(49));
    assert!(told(&town).is_empty(), "19 June is six days before");
    town.wait(chrono::Duration::days(1));
    let unclosed = told(&town);
    assert_eq!((unclosed[0].statements, unclosed[0].unclosed), (0, Yen(400)));
    closes(&town, "").unwrap();
    let near = told(&town).pop().unwrap();
    assert_eq!((near.statements, near.payable, near.unclosed), (1, Yen(440), Yen::ZERO));
    assert_eq!(near.pay_on, "2026-06-25".parse().unwrap());
    town.act(town.director, |tx| pay_all(tx, &of_day(&town, near.pay_on)));
    assert_eq!(told(&town).len(), 2, "what is paid is over");
}

/// A unit of Aoki's that is paid in June and one of re-entrusted work that is paid in July, received on 1 May and not closed.
fn ordinary_and_re_entrusted(town: &Town) {
    let (aoki, _) = town.worker("Aoki");
    town.finishes(aoki, job(town, town.order(1000).id, 1, 300), 1);
    let order = town.order(1000).id;
    let work = job(town, order, 1, 700);
    let known = crate::orders::ReEntrustInput {
        re_entrusted: "yes".into(),
        original_client: "株式会社みほん".into(),
        original_pay_on: "2026-07-10".into(),
    };
    town.act(town.director, |tx| crate::orders::re_entrust(tx, order, &known));
    town.finishes(aoki, work, 1);
}

#[test]
fn what_one_month_received_is_paid_out_of_the_month_of_each_pay_day() {
    let town = Town::new();
    ordinary_and_re_entrusted(&town);
    let months = town.act(town.director, crate::invoices::cash);
    let unclosed: Vec<_> = months.iter().map(|month| (month.month.to_string(), month.unclosed)).collect();
    // 25 July 2026 is a Saturday.
    assert_eq!(unclosed, [("2026-06-01".to_owned(), Yen(330)), ("2026-07-01".to_owned(), Yen(770))]);
    let waiting = town.act(town.director, waiting);
    assert_eq!((waiting.len(), waiting[0].amount), (1, Yen(1_000)), "and closed together");
    town.wait(chrono::Duration::days(50));
    town.act(town.director, warn);
    let told: Vec<events::PaymentsNear> = town.facts();
    let on = "2026-06-25".parse().unwrap();
    assert_eq!(told.iter().map(|near| (near.pay_on, near.unclosed)).collect::<Vec<_>>(), [(on, Yen(300))]);
}

#[test]
fn what_is_closed_for_a_day_while_it_is_noted_as_paid_stays_open() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let (baba, _) = town.worker("Baba");
    let entry = job(&town, town.order(1000).id, 2, 400);
    kind(&town, entry, "data_entry");
    town.finishes(aoki, entry, 1);
    let today = town.day(0).to_string();
    closes(&town, &today).unwrap();
    let counted = all(&town).remove(0);
    town.finishes(baba, entry, 1);
    let paid = town.act(town.director, |tx| {
        let open = hold_unpaid(tx, counted.pay_on, town.director)?;
        close(tx, &CloseInput { closed_on: today.as_str().into() })?;
        let ids: Vec<StatementId> = open.iter().map(|one| one.id).collect();
        Ok::<_, StatementError>(store::pay_all(tx, &ids, town.day(0), town.director)?)
    });
    assert_eq!(paid, 1);
    let paid: Vec<_> = all(&town).iter().map(|one| (one.person_id, one.paid_on.is_some())).collect();
    assert_eq!(paid, [(baba, false), (aoki, true)], "nobody transferred Baba's");
}

#[test]
fn work_that_nobody_has_looked_at_has_its_clock_from_receipt_on() {
    let town = Town::new();
    let (aoki, _) = town.worker("Aoki");
    let entry = job(&town, town.order(1000).id, 2, 400);
    kind(&town, entry, "data_entry");
    let unit = town.claims(aoki, entry, 1).units[0];
    let version = town.hands_in(aoki, unit);
    let waiting = town.act(town.director, crate::earnings::unchecked_days);
    // Received on 1 May: the 29th of June is the sixtieth day.
    let on = |text: &str| text.parse::<chrono::NaiveDate>().unwrap();
    assert_eq!((waiting[0].pay_on, waiting[0].pay_by), (on("2026-06-25"), on("2026-06-29")));
    assert_eq!((waiting.len(), waiting[0].units, waiting[0].amount), (1, 1, Yen(400)));
    assert_eq!(waiting[0].received_on, town.day(0));
    town.wait(chrono::Duration::days(44));
    town.act(town.director, warn);
    assert!(town.facts::<events::PaymentsNear>().is_empty(), "14 June is eleven days before");
    town.wait(chrono::Duration::days(1));
    town.act(town.director, warn);
    let told = town.facts::<events::PaymentsNear>().pop().unwrap();
    assert_eq!((told.unchecked_units, told.unchecked, told.unclosed), (1, Yen(400), Yen::ZERO));
    assert_eq!(told.pay_on, on("2026-06-25"));
    town.passes(&version);
    assert!(town.act(town.director, crate::earnings::unchecked_days).is_empty(), "it is closed and paid now");
}

#[test]
fn the_database_itself_keeps_totals_and_what_was_issued() {
    use diesel::RunQueryDsl as _;
    let town = Town::new();
    let (_, _, statement) = closed_may(&town, "data_entry", 2, 400);
    let run = |sql: &str| {
        town.attempt(town.director, |tx| -> Result<(), DbError> {
            diesel::sql_query(sql).execute(tx.conn())?;
            Ok(())
        })
    };
    let more = format!(
        "INSERT INTO statement_lines SELECT organization_id, statement_id, number, 2, kind, job_id, title, units, \
         unit_price, amount, is_withheld, first_received_on, last_received_on, deductible_percent \
         FROM statement_lines WHERE statement_id = {}",
        statement.id
    );
    assert!(run(&more).unwrap_err().violates("statement_lines_issued"), "a version that was issued stays");
    for forbidden in [
        "UPDATE statement_versions SET amount = 1",
        "DELETE FROM statement_lines",
        "DELETE FROM statement_earnings",
        "UPDATE statements SET pay_on = '2027-01-01'",
    ] {
        assert!(run(forbidden).unwrap_err().to_string().contains("permission denied"), "{forbidden}");
    }
    town.act(town.director, |tx| pay(tx, statement.id, &first_version()));
    assert!(run("UPDATE statements SET version = 7").unwrap_err().violates("statements_paid_stay"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]
    #[test]
    fn whatever_is_closed_in_whatever_order_everything_is_paid_once(
        steps in proptest::collection::vec((0u8..4, 0usize..3), 4..16),
    ) {
        let town = Town::new();
        let people = ["Aoki", "Baba", "Chiba"].map(|name| town.worker(name).0);
        let order = town.order(100_000).id;
        // Open for as long as the most steps can wait.
        let until = town.day(50).to_string();
        let jobs = [333, 1_201].map(|pay| {
            let input = town.job_input(60);
            offered(
                &town,
                order,
                jobs::JobInput {
                    unit_pay: pay.to_string().into(),
                    work_due_on: until.as_str().into(),
                    ..input
                },
            )
        });
        kind(&town, jobs[0], "data_entry");
        kind(&town, jobs[1], "design");
        let mut earned = 0;
        for (step, who) in steps {
            match step {
                0 | 1 => {
                    town.finishes(people[who], jobs[usize::from(step)], 1);
                    earned += [333, 1_201][usize::from(step)];
                }
                2 => {
                    let _nothing_left = closes(&town, &town.day(0).to_string());
                }
                _ => {
                    town.wait(chrono::Duration::days(3));
                    for day in town.act(town.director, unpaid_days) {
                        if who == 0 {
                            town.act(town.director, |tx| pay_all(tx, &of_day(&town, day.pay_on)));
                        }
                    }
                }
            }
        }
        let _nothing_left = closes(&town, &town.day(0).to_string());
        let (mut before_tax, mut transferred, mut owed) = (0, 0, 0);
        for statement in all(&town) {
            let paper = said(&town, statement.id);
            before_tax += paper.amount.0;
            transferred += statement.payable.0;
            prop_assert_eq!(paper.payable, statement.payable);
            prop_assert_eq!(paper.lines.iter().map(|line| line.amount.0).sum::<i64>(), paper.amount.0);
            prop_assert!(statement.pay_on <= statement.pay_by);
            // Worked out anew from what each unit pays: a tenth on top, and 10.21 % less for design, none near a million.
            let of = |price: i64| {
                let lines = paper.lines.iter().filter(|line| line.unit_price.0 == price);
                price * lines.map(|line| i64::from(line.units)).sum::<i64>()
            };
            let (entry, design) = (of(333), of(1_201));
            owed += entry + design + (entry + design) / 10 - design * 1021 / 10_000;
        }
        prop_assert_eq!(before_tax, earned);
        prop_assert_eq!(transferred, owed);
        prop_assert!(town.act(town.director, waiting).is_empty());
    }
}

#[test]
fn nobody_confirms_the_payment_of_their_own_statement_with_a_whole_day() {
    let town = Town::new();
    let (aoki, _, statement) = closed_may(&town, "data_entry", 1, 400);
    let of = |who: PersonId| town.act(who, unpaid_days).remove(0);
    assert_eq!((of(town.director).statements, of(town.director).own_statements), (1, 0));
    let seen = of(aoki);
    assert_eq!(
        (seen.statements, seen.payable, seen.own_statements, seen.own_payable),
        (0, Yen(0), 1, Yen(440))
    );
    let day = |statements: &str, payable: &str| PaidDayInput {
        pay_on: statement.pay_on.to_string().into(),
        statements: statements.into(),
        payable: payable.into(),
        ..PaidDayInput::default()
    };
    let own = town.attempt(aoki, |tx| pay_all(tx, &day("1", "440"))).unwrap_err();
    assert!(matches!(own, StatementError::Newer), "her own is no part of what she may confirm");
    assert_eq!(town.act(town.director, |tx| pay_all(tx, &day("1", "440"))), 1);
}
