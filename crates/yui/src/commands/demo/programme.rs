//! What the demo town's workers have with the programme beside work: an account for their pay, their answer about invoices,
//! a request for consideration, a voice, and somebody to turn to. All of it is invented.

use db::{DbError, Tx};
use fulfillment::earnings::{self, WatchInput};
use fulfillment::transfers::{self, PayerInput};
use workforce::bank_accounts::{self, BankAccountInput, Banks};
use workforce::care_requests::{self, CareAnswerInput, CareError, CareInput};
use workforce::harassment::{self, DeskContactInput, ReportInput};
use workforce::invoice_registrations::{self, InvoiceRegistrationError, InvoiceRegistrationInput};
use workforce::sealing::SealingKeys;
use workforce::voices::{self, VoiceError, VoiceInput};
use workforce::{Worker, workers};

use super::stage::Stage;
use crate::Stop;

/// The worker who has all of it.
const WORKER: &str = "worker3";

/// One worker in so many has not said yet where their pay goes.
const SILENT: u32 = 7;

/// From where the town pays, and where the pay of most workers goes. It is the past: nobody is mailed about it.
pub(super) fn accounts(stage: &Stage, keys: &SealingKeys) -> Result<(), Stop> {
    let payer = PayerInput {
        originator_code: "0000000000".into(),
        name: "デモシンコウコウシャ（カクウ）".into(),
        bank: "0000".into(),
        branch: "000".into(),
        kind: "ordinary".into(),
        number: "0000000".into(),
    };
    stage.act(stage.who("coordinator")?, |tx| transfers::change_payer(tx, &Banks::default(), 0, &payer))?;
    for (number, hand) in (1u32..).zip(&stage.hands).filter(|(number, _)| !number.is_multiple_of(SILENT)) {
        let account = invented(number);
        stage.act(hand.person, |tx| bank_accounts::put(tx, keys, &Banks::default(), &account))?;
    }
    Ok(())
}

/// An account at no bank there is.
fn invented(number: u32) -> BankAccountInput {
    BankAccountInput {
        bank: "0000".into(),
        branch: "000".into(),
        kind: "ordinary".into(),
        number: format!("{number:07}").into(),
        holder: format!("ワーカー {number:02}").into(),
    }
}

/// Tells it.
pub(super) fn tell(stage: &Stage, keys: &SealingKeys) -> Result<(), Stop> {
    pay(stage, keys)?;
    watch(stage)?;
    ask(stage)?;
    speak(stage)?;
    turn_to(stage)
}

fn own(tx: &mut Tx<'_>) -> Result<Worker, DbError> {
    let person = tx.actor().person().ok_or(DbError::NotFound)?;
    workers::of_person(tx, person)?.ok_or(DbError::NotFound)
}

fn pay(stage: &Stage, keys: &SealingKeys) -> Result<(), Stop> {
    let account = BankAccountInput { number: "0000123".into(), ..invented(3) };
    let person = stage.who(WORKER)?;
    stage.act(person, |tx| bank_accounts::put(tx, keys, &Banks::default(), &account))?;
    let answer = InvoiceRegistrationInput { registered: "no".into(), ..InvoiceRegistrationInput::default() };
    stage.act(person, |tx| -> Result<_, InvoiceRegistrationError> {
        let worker = own(tx)?;
        invoice_registrations::record(tx, worker.id, &answer)
    })?;
    Ok(())
}

/// They count their year against a number of their own.
fn watch(stage: &Stage) -> Result<(), Stop> {
    let limit = WatchInput { yearly_limit: "900000".into() };
    stage.act(stage.who(WORKER)?, |tx| earnings::watch(tx, &limit)).map(drop)
}

fn ask(stage: &Stage) -> Result<(), Stop> {
    let (person, coordinator) = (stage.who(WORKER)?, stage.who("coordinator")?);
    let wishes = [
        ("way", "", "電話ではなく、メールで連絡してほしい"),
        ("day", "名刺の入力", "しめきりを3日のばしてほしい"),
    ];
    let mut first = None;
    for (kind, work, wish) in wishes {
        let input = CareInput { kind: kind.into(), work: work.into(), wish: wish.into() };
        let asked = stage.act(person, |tx| -> Result<_, CareError> {
            let worker = own(tx)?;
            care_requests::ask(tx, worker.id, &input)
        })?;
        first.get_or_insert(asked);
    }
    let Some(first) = first else { return Ok(()) };
    let agreed = CareAnswerInput {
        decision: "agreed".into(),
        answer: "これからはメールで連絡します。".into(),
    };
    stage.act(coordinator, |tx| care_requests::answer(tx, first.id, first.version, &agreed))?;
    Ok(())
}

fn speak(stage: &Stage) -> Result<(), Stop> {
    let input = VoiceInput {
        body: "子どもが寝たあとの1時間が、仕事の時間になりました。（架空）".into(),
        shown_as: "30代・2児の母".into(),
        consent: "yes".into(),
    };
    let given = stage.act(stage.who(WORKER)?, |tx| -> Result<_, VoiceError> {
        let worker = own(tx)?;
        voices::give(tx, worker.id, &input)
    })?;
    stage.act(stage.who("coordinator")?, |tx| voices::show(tx, given.id, given.version))?;
    Ok(())
}

fn turn_to(stage: &Stage) -> Result<(), Stop> {
    let (admin, officer) = (stage.who("admin")?, stage.who("officer")?);
    let inside = DeskContactInput { person_id: officer.to_string().into(), ..DeskContactInput::default() };
    let outside = DeskContactInput {
        name: "みほん労働相談（架空）".into(),
        reach: "0000-00-0000".into(),
        ..DeskContactInput::default()
    };
    for contact in [inside, outside] {
        stage.act(admin, |tx| harassment::appoint(tx, &contact))?;
    }
    let report = ReportInput {
        body: "打ち合わせで、人前で強く言われました。（架空）".into(),
        readers: vec![officer.to_string().into()],
        ..ReportInput::default()
    };
    stage.act(stage.who(WORKER)?, |tx| harassment::report(tx, &report))?;
    Ok(())
}
