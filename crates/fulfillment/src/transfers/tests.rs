//! Files of transfers against a real database: whom they pay, what stays of them, and what is refused.

use chrono::Duration;
use diesel::prelude::*;
use diesel::sql_types::Text;
use kernel::{Paging, PersonId, Yen};
use proptest::prelude::*;
use workforce::bank_accounts::BankAccountInput;

use super::*;
use crate::deductions::{self, DecideDeductionInput, DeductionInput};
use crate::statements::{
    CloseInput, CorrectInput, PaidDayInput, PaidInput, StatementFilter, UndoPaymentInput,
};
use crate::testing::{Town, returned};
use crate::withholdings::{self, WithholdingInput};
use crate::{jobs, reviews};

fn keys() -> SealingKeys {
    let line = SealingKeys::new_line().unwrap();
    SealingKeys::from_source(move || Ok(line.clone()))
}

/// The day on which May's work is paid: a Thursday.
fn pay_on() -> NaiveDate {
    "2026-06-25".parse().unwrap()
}

/// One unit of each of these workers, done in May and closed on the first of June.
fn closed(town: &Town, names: &[&str]) -> Vec<PersonId> {
    let people: Vec<PersonId> = names.iter().map(|name| town.worker(name).0).collect();
    let job = town.job(town.order(1000).id, names.len()).id;
    let kind = WithholdingInput { kind: "data_entry".into(), ..WithholdingInput::default() };
    town.act(town.director, |tx| withholdings::decide(tx, job, &kind));
    for person in &people {
        town.finishes(*person, job, 1);
    }
    town.wait(Duration::days(31));
    town.act(town.director, |tx| statements::close(tx, &CloseInput::default()));
    people
}

fn has_account(town: &Town, keys: &SealingKeys, person: PersonId, number: &str, holder: &str) {
    let account = BankAccountInput {
        bank: "0143".into(),
        branch: "205".into(),
        kind: "ordinary".into(),
        number: number.into(),
        holder: holder.into(),
    };
    town.act(person, |tx| bank_accounts::put(tx, keys, &Banks::default(), &account));
}

fn payer_input() -> PayerInput {
    PayerInput {
        originator_code: "0000012345".into(),
        name: "ミホンチョウ".into(),
        bank: "0143".into(),
        branch: "205".into(),
        kind: "ordinary".into(),
        number: "123".into(),
    }
}

fn pays_from(town: &Town) {
    town.act(town.director, |tx| change_payer(tx, &Banks::default(), 0, &payer_input()));
}

/// What the page shows this person, sent as it is.
fn shown(town: &Town, who: PersonId) -> TransferInput {
    let (payments, total) = town.act(who, |tx| due(tx, pay_on())).transferable();
    let newest = records(town).into_iter().find(TransferFile::stands);
    TransferInput {
        pay_on: pay_on().to_string().into(),
        payer_version: town.act(who, payer).map_or(0, |payer| payer.version).to_string().into(),
        payments: payments.to_string().into(),
        total: total.0.to_string().into(),
        newest_file: newest.map(|file| file.id.to_string()).unwrap_or_default().into(),
        ..TransferInput::default()
    }
}

/// The list of banks of `has_account`, and a shorter one after two of them merged.
fn merged() -> Banks {
    Banks::read("0144\t合併後\n0144\t205\t佐久\n").unwrap()
}

fn makes(
    town: &Town,
    who: PersonId,
    keys: &SealingKeys,
    input: &TransferInput,
) -> Result<MadeFile, TransferError> {
    town.attempt(who, |tx| make(tx, keys, &Banks::default(), input))
}

fn records(town: &Town) -> Vec<TransferFile> {
    town.act(town.director, |tx| files_of_day(tx, pay_on()))
}

/// Numbers of the accounts that a file pays, with the amounts.
fn paid(file: &MadeFile) -> Vec<(String, i64)> {
    let text = |part: &[u8]| String::from_utf8(part.to_vec()).unwrap();
    let lines = file.bytes.chunks(122).filter(|line| line[0] == b'2');
    lines.map(|line| (text(&line[43..50]), text(&line[80..90]).parse().unwrap())).collect()
}

#[test]
fn a_file_pays_what_its_page_said_and_nobody_makes_their_own_payment() {
    let (town, keys) = (Town::new(), keys());
    let people = closed(&town, &["Aoki", "Baba"]);
    has_account(&town, &keys, people[0], "1111111", "アオキ");
    has_account(&town, &keys, people[1], "2222222", "ババ");
    pays_from(&town);
    let due_day = town.act(town.director, |tx| due(tx, pay_on()));
    assert_eq!((due_day.transferable(), due_day.count_without_account()), ((2, Yen(880)), 0));
    let made = makes(&town, town.director, &keys, &shown(&town, town.director)).unwrap();
    assert_eq!(made.name, "furikomi-20260625.txt");
    assert_eq!(paid(&made), [("1111111".to_owned(), 440), ("2222222".to_owned(), 440)]);
    assert_eq!((made.record.payments, made.record.total, made.record.made_by), (2, Yen(880), town.director));
    assert_eq!(made.record.sha256, TermsDigest::of_bytes(&made.bytes).to_string());
    assert_eq!(records(&town), [made.record]);
    assert_eq!(town.act(town.director, statements::count_unpaid).0, 2, "sending it is somebody's next step");
}

#[test]
fn whoever_is_paid_makes_the_file_of_the_others_and_somebody_else_theirs() {
    let (town, keys) = (Town::new(), keys());
    let people = closed(&town, &["Aoki", "Baba"]);
    has_account(&town, &keys, people[0], "1111111", "アオキ");
    has_account(&town, &keys, people[1], "2222222", "ババ");
    pays_from(&town);
    let all = shown(&town, town.director);
    assert_eq!(makes(&town, people[0], &keys, &all).unwrap_err().code(), Code::Stale);
    let others = makes(&town, people[0], &keys, &shown(&town, people[0])).unwrap();
    assert_eq!(paid(&others), [("2222222".to_owned(), 440)]);
    // The director's page still shows both, and no file.
    assert_eq!(makes(&town, town.director, &keys, &all).unwrap_err().code(), Code::TransferFileMade);
    let rest = makes(&town, town.director, &keys, &shown(&town, town.director)).unwrap();
    assert_eq!(paid(&rest), [("1111111".to_owned(), 440)], "nobody is paid by two files");
    let days = town.act(town.director, statements::unpaid_days);
    let of: Vec<_> = days.iter().map(|day| (day.transfer_file_id, day.statements)).collect();
    assert_eq!(of, [(Some(others.record.id), 1), (Some(rest.record.id), 1)]);
}

#[test]
fn a_file_is_made_once_whoever_presses_again_or_beside() {
    let (town, keys) = (Town::new(), keys());
    let people = closed(&town, &["Aoki", "Baba"]);
    has_account(&town, &keys, people[0], "1111111", "アオキ");
    has_account(&town, &keys, people[1], "2222222", "ババ");
    pays_from(&town);
    let page = shown(&town, town.director);
    let both = std::thread::scope(|scope| {
        let presses = [town.director, town.checker].map(|who| {
            scope.spawn({
                let (town, keys, page) = (&town, &keys, &page);
                move || makes(town, who, keys, page)
            })
        });
        presses.map(|one| one.join().unwrap())
    });
    assert_eq!(both.iter().filter(|one| one.is_ok()).count(), 1);
    let late = both.into_iter().find_map(Result::err).unwrap();
    assert_eq!(late.code(), Code::TransferFileMade);
    assert_eq!(makes(&town, town.director, &keys, &page).unwrap_err().code(), Code::TransferFileMade);
    let again = shown(&town, town.director);
    assert_eq!(makes(&town, town.director, &keys, &again).unwrap_err().code(), Code::TransferFileMade);
    assert_eq!(records(&town).len(), 1);
}

/// What a row of the list holds, as its button sends it.
fn all_of(day: &UnpaidDay) -> PaidDayInput {
    PaidDayInput {
        pay_on: day.pay_on.to_string().into(),
        transfer_file_id: day.transfer_file_id.map(|file| file.to_string()).unwrap_or_default().into(),
        statements: day.statements.to_string().into(),
        payable: day.payable.0.to_string().into(),
        ..PaidDayInput::default()
    }
}

/// Everything of a file, or of what is in none, as the list shows it to the director.
fn group(town: &Town, file: Option<TransferFileId>) -> PaidDayInput {
    let days = town.act(town.director, statements::unpaid_days);
    all_of(days.iter().find(|day| day.transfer_file_id == file).unwrap())
}

fn open_statements(town: &Town) -> Vec<Statement> {
    let paging = Paging::first(100);
    town.act(town.director, |tx| statements::list(tx, StatementFilter::Unpaid, None, &paging)).items
}

#[test]
fn who_was_left_out_of_a_file_is_not_noted_as_paid_with_it() {
    let (town, keys) = (Town::new(), keys());
    let people = closed(&town, &["Aoki", "Baba"]);
    has_account(&town, &keys, people[0], "1111111", "アオキ");
    pays_from(&town);
    let said = TransferInput { leave_out: "1".into(), ..shown(&town, town.director) };
    let file = makes(&town, town.director, &keys, &said).unwrap().record.id;
    let whole_day = PaidDayInput { statements: "2".into(), payable: "880".into(), ..group(&town, None) };
    let both = town.attempt(town.director, |tx| statements::pay_all(tx, &whole_day)).unwrap_err();
    assert_eq!(both.code(), Code::Stale, "there is no button for both");
    assert_eq!(town.act(town.checker, |tx| statements::pay_all(tx, &group(&town, Some(file)))), 1);
    let open = open_statements(&town);
    assert_eq!((open.len(), open[0].person_id, open[0].transfer_file_id), (1, people[1], None));
    let nonsense = PaidDayInput { transfer_file_id: "x".into(), ..group(&town, None) };
    let refused = town.attempt(town.director, |tx| statements::pay_all(tx, &nonsense)).unwrap_err();
    assert_eq!(refused.fields()[0].field, "transfer_file_id");
    // Baba enters an account, and a second file pays nobody else.
    has_account(&town, &keys, people[1], "2222222", "ババ");
    let second = makes(&town, town.director, &keys, &shown(&town, town.director)).unwrap();
    assert_eq!(paid(&second), [("2222222".to_owned(), 440)]);
}

#[test]
fn what_is_in_a_file_stays_as_it_is_and_more_of_its_day_stands_beside_it() {
    let (town, keys) = (Town::new(), keys());
    let (aoki, _) = town.worker("Aoki");
    let job = town.job(town.order(1000).id, 2).id;
    let kind = WithholdingInput { kind: "data_entry".into(), ..WithholdingInput::default() };
    town.act(town.director, |tx| withholdings::decide(tx, job, &kind));
    let claimed = town.claims(aoki, job, 2);
    let (first, second) = (town.hands_in(aoki, claimed.units[0]), town.hands_in(aoki, claimed.units[1]));
    town.passes(&first);
    town.wait(Duration::days(31));
    let may = CloseInput { closed_on: "2026-05-31".into() };
    town.act(town.director, |tx| statements::close(tx, &may));
    has_account(&town, &keys, aoki, "1111111", "アオキ");
    pays_from(&town);
    let file = makes(&town, town.director, &keys, &shown(&town, town.director)).unwrap().record.id;
    let filed = open_statements(&town).remove(0);
    let why = CorrectInput { reason: "氏名".into() };
    let frozen = town.attempt(town.director, |tx| statements::correct(tx, filed.id, &why)).unwrap_err();
    assert_eq!(frozen.code(), Code::InTransferFile);
    town.passes(&second);
    town.act(town.director, |tx| statements::close(tx, &may));
    let both = open_statements(&town);
    let versions: Vec<_> =
        both.iter().map(|one| (one.version, one.payable.0, one.transfer_file_id)).collect();
    assert_eq!(versions, [(1, 440, None), (1, 440, Some(file))], "more comes onto a statement of its own");
    assert_eq!(town.act(town.checker, |tx| statements::pay_all(tx, &group(&town, Some(file)))), 1);
    let rest = makes(&town, town.director, &keys, &shown(&town, town.director)).unwrap();
    assert_eq!(paid(&rest), [("1111111".to_owned(), 440)]);
}

#[test]
fn a_voided_file_frees_what_it_held_and_that_still_takes_nothing_more() {
    let (town, keys) = (Town::new(), keys());
    let people = closed(&town, &["Aoki", "Baba"]);
    has_account(&town, &keys, people[0], "1111111", "アオキ");
    has_account(&town, &keys, people[1], "2222222", "ババ");
    pays_from(&town);
    let first = makes(&town, town.director, &keys, &shown(&town, town.director)).unwrap().record;
    assert!(town.act(town.director, |tx| may_void(tx, &first)));
    let voided = town.act(town.checker, |tx| void(tx, first.id));
    assert_eq!(
        (voided.voided_by, voided.stands(), voided.payer_version),
        (Some(town.checker), false, Some(1))
    );
    assert_eq!(town.act(town.director, |tx| void(tx, first.id)), voided, "a second press voids nothing more");
    assert!(open_statements(&town).iter().all(|one| one.transfer_file_id.is_none()));
    let why = CorrectInput { reason: "氏名".into() };
    let statement = open_statements(&town).remove(0).id;
    assert_eq!(town.act(town.director, |tx| statements::correct(tx, statement, &why)).version, 2);
    let second = makes(&town, town.director, &keys, &shown(&town, town.director)).unwrap().record;
    assert_eq!((second.payments, records(&town).len()), (2, 2));
    let one = PaidInput { version: "2".into(), ..PaidInput::default() };
    town.act(town.checker, |tx| statements::pay(tx, statement, &one));
    assert!(!town.act(town.director, |tx| may_void(tx, &second)));
    let late = town.attempt(town.director, |tx| void(tx, second.id)).unwrap_err();
    assert_eq!(late.code(), Code::AlreadyPaid, "what is paid was sent");
    // Noted by mistake, it is in the file still; returned by the bank, another file pays it.
    let undo = |returned: &str, payment: &str| UndoPaymentInput {
        payment: payment.into(),
        reason: "まちがい".into(),
        returned: returned.into(),
    };
    let mistaken = town.act(town.director, |tx| statements::undo_payment(tx, statement, &undo("", "1")));
    assert_eq!(mistaken.transfer_file_id, Some(second.id));
    town.act(town.checker, |tx| statements::pay_all(tx, &group(&town, Some(second.id))));
    let returned = town.act(town.director, |tx| statements::undo_payment(tx, statement, &undo("yes", "2")));
    assert_eq!(returned.transfer_file_id, None);
    let third = makes(&town, town.director, &keys, &shown(&town, town.director)).unwrap();
    assert_eq!((third.record.payments, third.record.total), (1, Yen(440)));
}

#[test]
fn the_database_itself_keeps_what_is_in_a_file() {
    let (town, keys) = (Town::new(), keys());
    let people = closed(&town, &["Aoki"]);
    has_account(&town, &keys, people[0], "1111111", "アオキ");
    pays_from(&town);
    let file = makes(&town, town.director, &keys, &shown(&town, town.director)).unwrap().record.id;
    let run = |sql: &str| {
        town.attempt(town.director, |tx| -> Result<(), DbError> {
            diesel::sql_query(sql).execute(tx.conn())?;
            Ok(())
        })
    };
    for silent in [
        "UPDATE statements SET version = version + 1",
        "UPDATE statements SET payable = payable + 1",
        "UPDATE statements SET transfer_file_id = NULL",
        "UPDATE statements SET transfer_file_id = NULL, takes_more = true",
    ] {
        assert!(run(silent).unwrap_err().violates("statements_filed_stay"), "{silent}");
    }
    let day = "2026-06-02";
    let pays =
        format!("UPDATE statements SET paid_on = '{day}', paid_by = {}, paid_noted_at = now()", town.checker);
    run(&pays).unwrap();
    let voids = format!("UPDATE transfer_files SET voided_at = now(), voided_by = {}", town.checker);
    assert!(run(&voids).unwrap_err().violates("transfer_files_paid_stay"));
    assert!(
        run("UPDATE statements SET transfer_file_id = NULL").unwrap_err().violates("statements_filed_stay")
    );
    let other = format!("UPDATE statements SET transfer_file_id = {}", file.0 + 1);
    assert!(run(&other).unwrap_err().violates("statements_filed_stay"));
}

#[test]
fn who_is_at_no_bank_any_more_is_left_out_by_name() {
    let (town, keys) = (Town::new(), keys());
    let people = closed(&town, &["Aoki", "Baba", "Chiba"]);
    has_account(&town, &keys, people[0], "1111111", "アオキ");
    let moved = BankAccountInput {
        bank: "0144".into(),
        branch: "205".into(),
        kind: "ordinary".into(),
        number: "2222222".into(),
        holder: "ババ".into(),
    };
    town.act(people[1], |tx| bank_accounts::put(tx, &keys, &merged(), &moved));
    pays_from(&town);
    let makes = |input: &TransferInput| town.attempt(town.director, |tx| make(tx, &keys, &merged(), input));
    let unseen = TransferInput { leave_out: "1".into(), ..shown(&town, town.director) };
    let refused = makes(&unseen).unwrap_err();
    assert_eq!(refused.fields(), [FieldProblem::bounded("leave_out", Code::BanksUnknown, 1_i64)]);
    let seen = town.act(town.director, |tx| due_with_banks(tx, &keys, &merged(), pay_on()));
    assert_eq!(seen.at_no_bank().map(|one| one.person_id).collect::<Vec<_>>(), [people[0]]);
    assert_eq!((seen.transferable(), seen.count_left_out()), ((1, Yen(440)), 2));
    let said = TransferInput { payments: "1".into(), total: "440".into(), leave_out: "2".into(), ..unseen };
    let made = makes(&said).unwrap();
    assert_eq!((paid(&made), made.record.without_account), (vec![("2222222".to_owned(), 440)], 2));
    assert_eq!(open_statements(&town).iter().filter(|one| one.transfer_file_id.is_none()).count(), 2);
}

#[test]
fn who_changes_their_account_after_the_file_is_named_under_it() {
    let (town, keys) = (Town::new(), keys());
    let people = closed(&town, &["Aoki", "Baba", "Chiba"]);
    for (person, number) in people.iter().zip(["1111111", "2222222", "3333333"]) {
        has_account(&town, &keys, *person, number, "ワーカー");
    }
    pays_from(&town);
    let file = makes(&town, town.director, &keys, &shown(&town, town.director)).unwrap().record;
    let named = |town: &Town| town.act(town.director, |tx| moved_since(tx, &file));
    assert!(named(&town).is_empty());
    town.wait(Duration::hours(1));
    has_account(&town, &keys, people[0], "4444444", "ワーカー");
    town.act(people[2], bank_accounts::remove);
    assert_eq!(named(&town), [people[0], people[2]]);
    town.act(town.checker, |tx| statements::pay_all(tx, &group(&town, Some(file.id))));
    assert!(named(&town).is_empty(), "what is paid is over");
}

/// A statement of one unit that came back through its maker's own fault, and what would be deducted for that: all of it.
fn faulty(town: &Town) -> (PersonId, StatementId, DeductionInput) {
    let (aoki, _) = town.worker("Aoki");
    let job = town.job(town.order(1000).id, 1).id;
    let kind = WithholdingInput { kind: "data_entry".into(), ..WithholdingInput::default() };
    town.act(town.director, |tx| withholdings::decide(tx, job, &kind));
    let unit = town.claims(aoki, job, 1).units[0];
    let bad = town.hands_in(aoki, unit);
    town.act(town.checker, |tx| reviews::decide(tx, bad.id, returned("typo")));
    let good = town.hands_in(aoki, unit);
    town.passes(&good);
    town.wait(Duration::days(31));
    town.act(town.director, |tx| statements::close(tx, &CloseInput::default()));
    let statement = open_statements(town).remove(0).id;
    let fault = town.act(town.director, |tx| deductions::faults(tx, statement)).remove(0);
    let all_of_it = DeductionInput {
        review_id: fault.review_id.to_string().into(),
        amount: "400".into(),
        reason: "見本と違うままの提出".into(),
        ground: "value_lost".into(),
        basis: "お客様の値引き400円".into(),
        agreed_on: "2026-06-01".into(),
    };
    (aoki, statement, all_of_it)
}

#[test]
fn a_day_that_comes_to_nothing_is_noted_as_paid() {
    let (town, keys) = (Town::new(), keys());
    let (aoki, statement, all_of_it) = faulty(&town);
    has_account(&town, &keys, aoki, "1111111", "アオキ");
    pays_from(&town);
    let asked = town.act(town.director, |tx| deductions::ask(tx, statement, &all_of_it));
    let yes = DecideDeductionInput { approve: "yes".into() };
    town.act(town.checker, |tx| deductions::decide(tx, asked.id, &yes));
    let input = shown(&town, town.director);
    assert_eq!(makes(&town, town.director, &keys, &input).unwrap_err().code(), Code::NothingToTransfer);
    let next = |town: &Town| {
        town.act(town.director, |tx| -> Result<_, DbError> {
            let days = statements::unpaid_days(tx)?;
            next_day(tx, &days)
        })
    };
    assert_eq!(next(&town), Some(pay_on()), "there is no other");
    let baba = closed(&town, &["Baba"])[0];
    has_account(&town, &keys, baba, "2222222", "ババ");
    let july = town.act(town.director, statements::unpaid_days)[1].pay_on;
    assert!(july > pay_on() && next(&town) == Some(july), "of this one something is to be transferred");
    assert_eq!(group(&town, None).payable.as_str(), "0");
    assert_eq!(town.act(town.director, |tx| statements::pay_all(tx, &group(&town, None))), 1);
    assert_eq!(town.act(town.director, statements::unpaid_days).len(), 1);
}

#[test]
fn no_deduction_reaches_what_is_in_a_file() {
    let (town, keys) = (Town::new(), keys());
    let (aoki, statement, all_of_it) = faulty(&town);
    has_account(&town, &keys, aoki, "1111111", "アオキ");
    pays_from(&town);
    let asked = town.act(town.director, |tx| deductions::ask(tx, statement, &all_of_it));
    let file = makes(&town, town.director, &keys, &shown(&town, town.director)).unwrap().record.id;
    let yes = DecideDeductionInput { approve: "yes".into() };
    let decides = || town.attempt(town.checker, |tx| deductions::decide(tx, asked.id, &yes));
    assert_eq!(decides().unwrap_err().code(), Code::InTransferFile);
    let asks = town.attempt(town.director, |tx| deductions::ask(tx, statement, &all_of_it)).unwrap_err();
    assert_eq!(asks.code(), Code::InTransferFile);
    town.act(town.director, |tx| void(tx, file));
    decides().unwrap();
    assert_eq!(open_statements(&town)[0].payable, Yen(0));
}

#[test]
fn who_has_no_account_is_left_out_on_purpose_or_nothing_is_made() {
    let (town, keys) = (Town::new(), keys());
    let people = closed(&town, &["Aoki", "Baba"]);
    has_account(&town, &keys, people[0], "1111111", "アオキ");
    pays_from(&town);
    let known: Vec<(PersonId, bool)> = town
        .act(town.director, |tx| due(tx, pay_on()))
        .payments
        .iter()
        .map(|one| (one.person_id, one.destination == Destination::Entered))
        .collect();
    assert_eq!(known, [(people[0], true), (people[1], false)]);
    let silent = shown(&town, town.director);
    let refused = makes(&town, town.director, &keys, &silent).unwrap_err();
    let missing = FieldProblem::bounded("leave_out", Code::AccountsMissing, 1_i64);
    assert_eq!(refused.fields(), [missing]);
    assert!(records(&town).is_empty(), "nothing is made, and nothing is on record");
    let said = TransferInput { leave_out: "1".into(), ..silent };
    let made = makes(&town, town.director, &keys, &said).unwrap();
    assert_eq!(paid(&made), [("1111111".to_owned(), 440)]);
    assert_eq!((made.record.payments, made.record.without_account), (1, 1));
    town.act(town.director, |tx| void(tx, made.record.id));
    let two = TransferInput { leave_out: "2".into(), ..said.clone() };
    assert_eq!(makes(&town, town.director, &keys, &two).unwrap_err().code(), Code::Stale);
    has_account(&town, &keys, people[1], "2222222", "ババ");
    assert_eq!(makes(&town, town.director, &keys, &said).unwrap_err().code(), Code::Stale, "one more by now");
}

#[test]
fn what_is_paid_meanwhile_is_not_transferred_again() {
    let (town, keys) = (Town::new(), keys());
    let people = closed(&town, &["Aoki", "Baba"]);
    has_account(&town, &keys, people[0], "1111111", "アオキ");
    has_account(&town, &keys, people[1], "2222222", "ババ");
    pays_from(&town);
    let before = shown(&town, town.director);
    let other_total = TransferInput { total: "881".into(), ..before.clone() };
    assert_eq!(makes(&town, town.director, &keys, &other_total).unwrap_err().code(), Code::Stale);
    let first = town.act(town.director, |tx| due(tx, pay_on())).payments[0].statement_id;
    let one = PaidInput { version: "1".into(), ..PaidInput::default() };
    town.act(town.checker, |tx| statements::pay(tx, first, &one));
    assert_eq!(makes(&town, town.director, &keys, &before).unwrap_err().code(), Code::Stale);
    let made = makes(&town, town.director, &keys, &shown(&town, town.director)).unwrap();
    assert_eq!(paid(&made), [("2222222".to_owned(), 440)]);
    town.act(town.checker, |tx| statements::pay_all(tx, &group(&town, Some(made.record.id))));
    assert_eq!(makes(&town, town.director, &keys, &before).unwrap_err().code(), Code::TransferFileMade);
    assert_eq!(records(&town).len(), 1);
}

#[test]
fn money_goes_on_a_day_on_which_banks_work() {
    let (town, keys) = (Town::new(), keys());
    let people = closed(&town, &["Aoki"]);
    has_account(&town, &keys, people[0], "1111111", "アオキ");
    pays_from(&town);
    let on = |day: &str| TransferInput { transfer_on: day.into(), ..shown(&town, town.director) };
    let refused = |day: &str| makes(&town, town.director, &keys, &on(day)).unwrap_err().fields()[0].clone();
    let friday = "2026-06-19".parse::<NaiveDate>().unwrap();
    assert_eq!(refused("2026-06-21"), FieldProblem::bounded("transfer_on", Code::NotABankDay, friday));
    assert_eq!(refused("2026-05-29").code, Code::InThePast);
    assert_eq!(refused("2026-06-26"), FieldProblem::bounded("transfer_on", Code::TooLate, pay_on()));
    assert!(records(&town).is_empty());
    let made = makes(&town, town.director, &keys, &on("2026-06-19")).unwrap();
    assert_eq!((made.name.as_str(), made.record.transfer_on), ("furikomi-20260619.txt", friday));
    assert_eq!(made.bytes[54..58], *b"0619");
}

#[test]
fn nothing_is_made_before_the_town_has_said_from_where_it_pays() {
    let (town, keys) = (Town::new(), keys());
    let people = closed(&town, &["Aoki"]);
    has_account(&town, &keys, people[0], "1111111", "アオキ");
    let input = shown(&town, town.director);
    assert_eq!(makes(&town, town.director, &keys, &input).unwrap_err().code(), Code::PayerMissing);
    let says = |version: i32, input: &PayerInput| {
        town.attempt(town.director, |tx| change_payer(tx, &Banks::default(), version, input))
    };
    let early = says(3, &payer_input()).unwrap_err();
    assert_eq!(early.code(), Code::Stale, "there is none that could have a version");
    let first = says(0, &payer_input()).unwrap();
    assert_eq!((first.version, first.number.as_str(), first.name.as_str()), (1, "0000123", "ﾐﾎﾝﾁﾖｳ"));
    assert_eq!(says(0, &payer_input()).unwrap_err().code(), Code::Stale, "a town has one");
    let other = PayerInput { number: "9876543".into(), ..payer_input() };
    assert_eq!(says(1, &other).unwrap().version, 2);
    assert_eq!(says(1, &payer_input()).unwrap_err().code(), Code::Stale);
    let now = town.act(town.director, payer).unwrap();
    assert_eq!((now.version, now.number.as_str()), (2, "9876543"));
    let unseen = makes(&town, town.director, &keys, &input).unwrap_err();
    assert_eq!(unseen.code(), Code::Stale, "nothing is paid from an account that nobody saw");
    assert!(makes(&town, town.director, &keys, &shown(&town, town.director)).is_ok());
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

#[test]
fn that_a_file_was_made_stays_and_no_account_of_it() {
    let (town, keys) = (Town::new(), keys());
    let people = closed(&town, &["Aoki"]);
    has_account(&town, &keys, people[0], "1111111", "アオキ");
    pays_from(&town);
    let made = makes(&town, town.director, &keys, &shown(&town, town.director)).unwrap();
    assert_eq!(format!("{made:?}"), "MadeFile(furikomi-20260625.txt, …)");
    let everything = "SELECT f::text AS line FROM transfer_files f UNION ALL SELECT e::text FROM audit_entries e \
         UNION ALL SELECT v::text FROM events v";
    let lines: Vec<Line> = diesel::sql_query(everything).load(&mut town.db.owner()).unwrap();
    assert!(
        lines.iter().any(|one| one.line.contains("transfer_files")),
        "whoever opened accounts is audited"
    );
    assert!(lines.iter().all(|one| !one.line.contains("1111111") && !one.line.contains("ｱｵｷ")));
    for forbidden in ["DELETE FROM transfer_files", "UPDATE transfer_files SET total = 1"] {
        let refused = town.attempt(town.director, |tx| -> Result<(), DbError> {
            diesel::sql_query(forbidden).execute(tx.conn())?;
            Ok(())
        });
        assert!(refused.unwrap_err().to_string().contains("permission denied"), "{forbidden}");
    }
}

#[test]
fn the_trail_says_from_which_account_and_under_which_name_a_file_was_to_be_paid() {
    let (town, keys) = (Town::new(), keys());
    let people = closed(&town, &["Aoki"]);
    has_account(&town, &keys, people[0], "1111111", "アオキ");
    pays_from(&town);
    let renamed = PayerInput { name: "ミホンチョウ テレワーク".into(), ..payer_input() };
    town.act(town.director, |tx| change_payer(tx, &Banks::default(), 1, &renamed));
    let made = makes(&town, town.director, &keys, &shown(&town, town.director)).unwrap();
    assert_eq!(made.record.payer_version, Some(2));
    let statement = open_statements(&town).remove(0).id;
    let trail =
        "SELECT table_name || ' ' || kept::text AS line FROM audit_entries WHERE operation = 'update'";
    let lines: Vec<Line> = diesel::sql_query(trail).load(&mut town.db.owner()).unwrap();
    let says = |parts: &[&str]| lines.iter().any(|one| parts.iter().all(|part| one.line.contains(part)));
    assert!(says(&["payers", "\"ﾐﾎﾝﾁﾖｳ\"", "\"ﾐﾎﾝﾁﾖｳ ﾃﾚﾜ-ｸ\""]));
    let into = format!("\"transfer_file_id\": [null, {}]", made.record.id);
    assert!(says(&["statements", &into]), "which file pays statement {statement}");
}

#[test]
fn another_town_pays_from_its_own_account_and_sees_no_file_of_this_one() {
    let (town, keys) = (Town::new(), keys());
    let people = closed(&town, &["Aoki"]);
    has_account(&town, &keys, people[0], "1111111", "アオキ");
    pays_from(&town);
    let input = shown(&town, town.director);
    makes(&town, town.director, &keys, &input).unwrap();
    let other = town.beside("shiojiri", "塩尻市");
    assert_eq!(other.act(other.director, payer), None);
    assert!(records(&other).is_empty());
    assert!(other.act(other.director, |tx| list(tx, &Paging::first(10))).items.is_empty());
    assert!(other.act(other.director, |tx| due(tx, pay_on())).payments.is_empty());
    pays_from(&other);
    let refused = makes(&other, other.director, &keys, &input).unwrap_err();
    assert_eq!(refused.code(), Code::NothingToTransfer);
    assert_eq!(town.act(town.director, |tx| list(tx, &Paging::first(10))).items.len(), 1);
}

/// What is tried in the weeks of one pay day; whatever is refused changes nothing.
fn happens(town: &Town, keys: &SealingKeys, step: u8, who: PersonId, pick: usize) -> Option<()> {
    let one_of = |all: Vec<Statement>| all.get(pick % all.len().max(1)).cloned();
    let standing = || records(town).into_iter().find(TransferFile::stands);
    match step {
        0 => {
            let today = CloseInput { closed_on: town.day(0).to_string().into() };
            town.attempt(town.director, |tx| statements::close(tx, &today)).ok().map(drop)
        }
        1 => makes(town, who, keys, &shown(town, who)).ok().map(drop),
        2 => {
            let file = standing()?;
            town.attempt(who, |tx| void(tx, file.id)).ok().map(drop)
        }
        3 => {
            let file = standing()?.id;
            let days = town.act(who, statements::unpaid_days);
            let day = days.into_iter().find(|day| day.transfer_file_id == Some(file))?;
            town.attempt(who, |tx| statements::pay_all(tx, &all_of(&day))).ok().map(|_paid| ())
        }
        4 => {
            let one = one_of(open_statements(town))?;
            let input = PaidInput { version: one.version.to_string().into(), ..PaidInput::default() };
            town.attempt(who, |tx| statements::pay(tx, one.id, &input)).ok().map(drop)
        }
        5 => {
            let one = one_of(open_statements(town))?;
            let why = CorrectInput { reason: "氏名".into() };
            town.attempt(who, |tx| statements::correct(tx, one.id, &why)).ok().map(drop)
        }
        _ => {
            let paging = Paging::first(100);
            let paid = town.act(who, |tx| statements::list(tx, StatementFilter::Paid, None, &paging)).items;
            let one = one_of(paid)?;
            let undo = UndoPaymentInput {
                payment: (one.undone + 1).to_string().into(),
                reason: "まちがい".into(),
                returned: if pick.is_multiple_of(2) { "yes" } else { "" }.into(),
            };
            town.attempt(who, |tx| statements::undo_payment(tx, one.id, &undo)).ok().map(drop)
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 5, ..ProptestConfig::default() })]
    #[test]
    fn whatever_comes_in_whatever_order_nobody_is_paid_twice_by_files(
        steps in proptest::collection::vec((0u8..9, any::<bool>(), 0usize..6), 6..24),
    ) {
        let (town, keys) = (Town::new(), keys());
        let people = ["Aoki", "Baba", "Chiba"].map(|name| town.worker(name).0);
        let input = town.job_input(30);
        let due = town.day(55).to_string();
        let order = town.order(1000).id;
        let job = town.act(town.director, |tx| {
            let job = jobs::split(tx, order, jobs::JobInput { work_due_on: due.as_str().into(), ..input })?;
            jobs::offer(tx, job.id).map(|offered| offered.job.id)
        });
        let kind = WithholdingInput { kind: "data_entry".into(), ..WithholdingInput::default() };
        town.act(town.director, |tx| withholdings::decide(tx, job, &kind));
        for (person, number) in people.iter().zip(["1111111", "2222222", "3333333"]) {
            has_account(&town, &keys, *person, number, "ワーカー");
            town.finishes(*person, job, 1);
        }
        pays_from(&town);
        // What each file that was handed out holds: which statements at which yen.
        let mut sent: BTreeMap<TransferFileId, BTreeMap<StatementId, Yen>> = BTreeMap::new();
        for (step, is_director, pick) in steps {
            let who = if is_director { town.director } else { people[pick % 2] };
            if step == 8 {
                town.finishes(people[pick % 3], job, 1);
                continue;
            }
            let _refused = happens(&town, &keys, step, who, pick);
            let paging = Paging::first(100);
            let all = town.act(town.director, |tx| statements::list(tx, StatementFilter::All, None, &paging)).items;
            for record in records(&town) {
                let held: BTreeMap<StatementId, Yen> = all
                    .iter()
                    .filter(|one| one.transfer_file_id == Some(record.id))
                    .map(|one| (one.id, one.payable))
                    .collect();
                let first = sent.entry(record.id).or_insert_with(|| held.clone());
                let total: Yen = first.values().copied().sum();
                prop_assert_eq!((total, first.len()), (record.total, usize::try_from(record.payments).unwrap()));
                prop_assert!(held.iter().all(|(id, yen)| first.get(id) == Some(yen)), "it holds what was handed out");
                prop_assert!(record.stands() || held.is_empty());
            }
            // Nothing is in a second file while a first one may be at the bank, unless that one returned it.
            for one in &all {
                let in_standing = records(&town)
                    .into_iter()
                    .filter(|file| file.stands() && sent[&file.id].contains_key(&one.id))
                    .count();
                prop_assert!(in_standing <= 1 + usize::try_from(one.undone).unwrap(), "{:?}", one);
            }
        }
    }
}
