//! Files of transfers against a real database: whom they pay, what stays of them, and what is refused.

use chrono::Duration;
use diesel::prelude::*;
use diesel::sql_types::Text;
use kernel::{Paging, PersonId, Yen};
use workforce::bank_accounts::BankAccountInput;

use super::*;
use crate::statements::{CloseInput, PaidDayInput, PaidInput};
use crate::testing::Town;
use crate::withholdings::{self, WithholdingInput};

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
    TransferInput {
        pay_on: pay_on().to_string().into(),
        payer_version: town.act(who, payer).map_or(0, |payer| payer.version).to_string().into(),
        payments: payments.to_string().into(),
        total: total.0.to_string().into(),
        ..TransferInput::default()
    }
}

fn makes(
    town: &Town,
    who: PersonId,
    keys: &SealingKeys,
    input: &TransferInput,
) -> Result<MadeFile, TransferError> {
    town.attempt(who, |tx| make(tx, keys, input))
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
    // Whoever is paid makes the file of the others.
    let own = makes(&town, people[0], &keys, &shown(&town, people[0])).unwrap();
    assert_eq!(paid(&own), [("2222222".to_owned(), 440)]);
    let all = shown(&town, town.director);
    assert_eq!(makes(&town, people[0], &keys, &all).unwrap_err().code(), Code::Stale);
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
        .map(|one| (one.person_id, one.has_account))
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
    let rest = PaidDayInput {
        pay_on: pay_on().to_string().into(),
        statements: "1".into(),
        payable: "440".into(),
        ..PaidDayInput::default()
    };
    town.act(town.checker, |tx| statements::pay_all(tx, &rest));
    let nothing = makes(&town, town.director, &keys, &before).unwrap_err();
    assert_eq!(nothing.code(), Code::NothingToTransfer);
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
