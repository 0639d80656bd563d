//! `/statements/transfer`: what a file of transfers of a pay day holds, who is left out, which were made, making one and voiding one.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use chrono::{DateTime, NaiveDate, Utc};
use db::{DbError, Tx};
use fulfillment::statements::{self, UnpaidDay};
use fulfillment::transfers::{
    self, DueDay, DuePayment, MadeFile, Payer, TransferFile, TransferFileId, TransferInput,
};
use kernel::{Checks, Code, DayKind, Holidays, Language, PersonId, Typed, date_in_japan};
use serde::{Deserialize, Serialize};
use workforce::bank_accounts::Banks;
use workforce::sealing::SealingKeys;

use crate::call::Call;
use crate::failure::Failure;
use crate::format;
use crate::forms::{Form, FormView};
use crate::orders::parts::{self, Tab};
use crate::overtaken::is_overtaken;
use crate::paths;
use crate::phrases::{self, address, said, word};
use crate::shell::Crumb;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct DayQuery {
    day: Typed,
}

#[derive(Serialize)]
struct TransferPage {
    title: String,
    crumbs: Vec<Crumb>,
    answer: String,
    /// The pay days that are open, where there are several.
    days: Vec<Tab>,
    /// Whether there is a day to speak of.
    has_day: bool,
    /// From where the town pays, field by field; nothing while it has not said so.
    payer: Option<PayerView>,
    payments: String,
    total: String,
    /// What comes to nothing, and what pays the reader: neither is in the file. Each in words, or empty.
    nothing: String,
    own: String,
    missing: Vec<Missing>,
    /// How many those are.
    missing_text: String,
    /// Whose account is at a bank that the list does not know, once a file was refused because of it.
    no_bank: Vec<Missing>,
    no_bank_text: String,
    /// The words of the box that leaves all of these out.
    leave_out: String,
    files: Vec<FileRow>,
    /// Whether a file can be made: there is an account to pay from, and something to be paid to one.
    may_make: bool,
    /// Which days of transfer may be chosen.
    support: String,
    /// That the pay day has passed, or that a later day may be chosen; empty before.
    late: String,
    /// That nobody knows the holidays of that year yet; empty where they are known.
    unknown_year: String,
    form: FormView,
    form_day: String,
    form_payer: i32,
    form_payments: i64,
    form_total: i64,
    form_left_out: i64,
    /// The newest standing file that the page shows; 0 for none.
    form_newest: i64,
}

#[derive(Serialize)]
struct PayerView {
    originator_code: String,
    name: String,
    account: String,
}

#[derive(Serialize)]
struct Missing {
    name: String,
    href: String,
    amount: String,
}

#[derive(Serialize)]
struct FileRow {
    made: String,
    by: String,
    /// That it was not sent, by whom that was said; empty while it stands.
    voided: String,
    /// That it is paid from another account than the one above; empty otherwise.
    payer: String,
    transfer_on: String,
    payments: String,
    total: String,
    digest: String,
    /// Where it is voided; empty where it cannot be.
    void_action: String,
    /// Who changed their account after it was made.
    moved: Vec<String>,
}

/// What the database says.
struct Facts {
    payer: Option<Payer>,
    days: Vec<UnpaidDay>,
    due: Option<DueDay>,
    files: Vec<Made>,
    people: HashMap<PersonId, String>,
    now: DateTime<Utc>,
}

/// A file with what has become of it.
struct Made {
    file: TransferFile,
    may_void: bool,
    /// Whom it pays at an account that is not theirs any more.
    moved: Vec<PersonId>,
}

/// What tells whether the banks of accounts are known.
type Opening = (SealingKeys, Arc<Banks>);

/// Of the day that is asked for, or else of the next of which something can be transferred. Accounts are opened only where a file was
/// refused because of their banks.
fn facts(
    tx: &mut Tx<'_>,
    asked: Option<NaiveDate>,
    opening: Option<&Opening>,
    language: Language,
) -> Result<Facts, Failure> {
    let days = statements::unpaid_days(tx)?;
    let pay_on = match asked {
        Some(day) => Some(day),
        None => transfers::next_day(tx, &days)?,
    };
    let (due, files) = match pay_on {
        Some(day) => (Some(due(tx, day, opening)?), files(tx, day)?),
        None => (None, Vec::new()),
    };
    let unpaid = due.iter().flat_map(|due| due.without_account().chain(due.at_no_bank()));
    let named = unpaid.map(|one| one.person_id).chain(files.iter().flat_map(Made::people));
    let people = parts::people(tx, language, named)?;
    Ok(Facts { payer: transfers::payer(tx)?, now: tx.now(), days, due, files, people })
}

fn due(tx: &mut Tx<'_>, day: NaiveDate, opening: Option<&Opening>) -> Result<DueDay, Failure> {
    match opening {
        Some((keys, banks)) => Ok(transfers::due_with_banks(tx, keys, banks, day)?),
        None => Ok(transfers::due(tx, day)?),
    }
}

fn files(tx: &mut Tx<'_>, day: NaiveDate) -> Result<Vec<Made>, DbError> {
    let mut made = Vec::new();
    for file in transfers::files_of_day(tx, day)? {
        let (may_void, moved) = (transfers::may_void(tx, &file)?, transfers::moved_since(tx, &file)?);
        made.push(Made { file, may_void, moved });
    }
    Ok(made)
}

impl Made {
    fn people(&self) -> impl Iterator<Item = PersonId> {
        let by = [Some(self.file.made_by), self.file.voided_by].into_iter().flatten();
        by.chain(self.moved.iter().copied())
    }
}

impl Facts {
    fn name(&self, person: PersonId) -> String {
        self.people.get(&person).cloned().unwrap_or_default()
    }
}

/// Whether a file was refused because of banks that the list does not know.
fn is_about_banks(failure: &Failure) -> bool {
    failure.fields.iter().any(|problem| problem.code == Code::BanksUnknown)
}

/// What of a refused form comes back: whoever was overtaken, or reads of more who are left out, says anew that they are.
fn typed_again(form: &Form, failure: &Failure) -> Form {
    let anew =
        is_overtaken(Some(failure)) || is_about_banks(failure) || failure.code == Code::TransferFileMade;
    if anew { form.without("leave_out") } else { form.clone() }
}

async fn render(
    call: &Call,
    asked: Option<NaiveDate>,
    refused: Option<(&Form, &Failure)>,
) -> Result<HttpResponse, Failure> {
    let language = call.language;
    let settings = &call.app.settings;
    let opening = refused
        .filter(|(_, failure)| is_about_banks(failure))
        .map(|_| (settings.sealing.clone(), settings.banks.clone()));
    let facts = call.db(move |tx| facts(tx, asked, opening.as_ref(), language)).await?;
    let due = facts.due.as_ref();
    let pay_on = due.map(|due| due.pay_on);
    let (payments, total) = due.map(DueDay::transferable).unwrap_or_default();
    let left_out = due.map_or(0, DueDay::count_left_out);
    let days = pay_on.map(|day| TransferDays::of(day, date_in_japan(facts.now)));
    let form = match (refused, &days) {
        (Some((form, failure)), _) => typed_again(form, failure),
        (None, Some(days)) => Form::default().preset("transfer_on", days.usual),
        (None, None) => Form::default(),
    };
    let failure = refused.map(|(_, failure)| failure);
    let page = TransferPage {
        title: call.text("transfer-title"),
        crumbs: vec![Crumb::new(call, "statements-title", "/statements")],
        answer: answer(call, &facts),
        days: day_tabs(call, &facts, pay_on),
        has_day: pay_on.is_some(),
        payer: facts.payer.as_ref().map(|payer| payer_view(call, payer)),
        payments: format::count(payments),
        total: format::yen(language, total),
        nothing: nothing(call, due),
        own: own(call, &facts, pay_on),
        missing: due
            .into_iter()
            .flat_map(DueDay::without_account)
            .map(|one| missing(call, &facts, one))
            .collect(),
        missing_text: counted_of(call, "transfer-missing-text", due.map_or(0, DueDay::count_without_account)),
        no_bank: due.into_iter().flat_map(DueDay::at_no_bank).map(|one| missing(call, &facts, one)).collect(),
        no_bank_text: counted_of(call, "transfer-no-bank-text", due.map_or(0, DueDay::count_at_no_bank)),
        leave_out: counted_of(call, leave_out_key(due), left_out),
        files: facts.files.iter().map(|made| file_row(call, &facts, made)).collect(),
        may_make: facts.payer.is_some() && payments > 0,
        support: days.as_ref().map(|days| days.support(call)).unwrap_or_default(),
        late: days.as_ref().map(|days| days.late(call)).unwrap_or_default(),
        unknown_year: days.as_ref().map(|days| days.unknown_year(call, &form)).unwrap_or_default(),
        form: form.view(call, failure),
        form_day: pay_on.map(|day| day.to_string()).unwrap_or_default(),
        form_payer: facts.payer.as_ref().map_or(0, |payer| payer.version),
        form_payments: payments,
        form_total: total.0,
        form_left_out: left_out,
        form_newest: facts
            .files
            .iter()
            .map(|made| &made.file)
            .find(|file| file.stands())
            .map_or(0, |file| file.id.0),
    };
    call.page_with(failure.map_or(StatusCode::OK, phrases::again), "transfers/index.html", &page)
}

fn counted_of(call: &Call, key: &str, people: i64) -> String {
    phrases::counted(call, key, "people", people)
}

/// Who is left out: without an account, at no bank, or some of both.
fn leave_out_key(due: Option<&DueDay>) -> &'static str {
    if due.is_some_and(|due| due.count_at_no_bank() > 0) {
        "transfer-leave-out-banks"
    } else {
        "transfer-leave-out"
    }
}

fn answer(call: &Call, facts: &Facts) -> String {
    let Some(due) = &facts.due else { return call.text("transfer-answer-none") };
    let (payments, total) = due.transferable();
    let day = format::full_date(call.language, due.pay_on);
    if payments == 0 {
        let is_made = facts.files.iter().any(|made| made.file.stands());
        let key = if is_made { "transfer-answer-made" } else { "transfer-answer-nothing" };
        return said(call, key, [("day", &day)]);
    }
    let words =
        [("day", day), ("count", format::count(payments)), ("amount", format::yen(call.language, total))];
    said(call, "transfer-answer", words.each_ref().map(|(name, text)| (*name, text.as_str())))
}

fn day_tabs(call: &Call, facts: &Facts, shown: Option<NaiveDate>) -> Vec<Tab> {
    let days: BTreeSet<NaiveDate> = facts.days.iter().map(|day| day.pay_on).collect();
    if days.len() < 2 {
        return Vec::new();
    }
    let tab = |day: NaiveDate| Tab {
        label: format::short_date(call.language, day),
        href: page_of(day),
        current: Some(day) == shown,
    };
    days.into_iter().map(tab).collect()
}

/// The page of a pay day.
pub(crate) fn page_of(day: NaiveDate) -> String {
    address("/statements/transfer", &[("day", &day.to_string())])
}

fn payer_view(call: &Call, payer: &Payer) -> PayerView {
    let words = [
        ("bank", payer.bank.clone()),
        ("branch", payer.branch.clone()),
        ("kind", word(call, "bank-kind", payer.kind)),
        ("number", payer.number.clone()),
    ];
    PayerView {
        originator_code: payer.originator_code.clone(),
        name: payer.name.clone(),
        account: said(call, "transfer-account", words.each_ref().map(|(name, text)| (*name, text.as_str()))),
    }
}

fn nothing(call: &Call, due: Option<&DueDay>) -> String {
    match due.map_or(0, DueDay::count_of_nothing) {
        0 => String::new(),
        count => phrases::counted(call, "transfer-nothing", "count", count),
    }
}

/// What pays the reader on this day; somebody else makes that file.
fn own(call: &Call, facts: &Facts, pay_on: Option<NaiveDate>) -> String {
    let of_none = |day: &&UnpaidDay| Some(day.pay_on) == pay_on && day.transfer_file_id.is_none();
    let day = facts.days.iter().find(of_none).filter(|day| day.own_statements > 0);
    let Some(day) = day else { return String::new() };
    let amount = format::yen(call.language, day.own_payable);
    said(call, "transfer-own", [("count", &format::count(day.own_statements)), ("amount", &amount)])
}

fn missing(call: &Call, facts: &Facts, one: &DuePayment) -> Missing {
    Missing {
        name: facts.name(one.person_id),
        href: paths::worker(one.worker_id),
        amount: format::yen(call.language, one.payable),
    }
}

fn file_row(call: &Call, facts: &Facts, made: &Made) -> FileRow {
    let file = &made.file;
    let left_out = i64::from(file.without_account);
    let payments = format::count(file.payments.into());
    let same_payer =
        file.payer_version.is_none() || file.payer_version == facts.payer.as_ref().map(|one| one.version);
    FileRow {
        made: made_at(call, file),
        by: facts.name(file.made_by),
        voided: voided(call, facts, file),
        payer: if same_payer { String::new() } else { call.text("transfer-file-other-payer") },
        transfer_on: format::full_date(call.language, file.transfer_on),
        payments: if left_out > 0 {
            let words = [("count", payments), ("left", format::count(left_out))];
            let words = words.each_ref().map(|(name, text)| (*name, text.as_str()));
            said(call, "transfer-file-payments-left", words)
        } else {
            payments
        },
        total: format::yen(call.language, file.total),
        digest: file.sha256.clone(),
        void_action: if made.may_void {
            format!("/statements/transfer/{}/void", file.id)
        } else {
            String::new()
        },
        moved: made.moved.iter().map(|person| facts.name(*person)).collect(),
    }
}

/// When a file was made: what it is called on pages.
pub(crate) fn made_at(call: &Call, file: &TransferFile) -> String {
    format::full_moment(call.language, file.made_at)
}

fn voided(call: &Call, facts: &Facts, file: &TransferFile) -> String {
    let (Some(at), Some(by)) = (file.voided_at, file.voided_by) else { return String::new() };
    let words = [("when", format::full_moment(call.language, at)), ("name", facts.name(by))];
    said(call, "transfer-file-voided", words.each_ref().map(|(name, text)| (*name, text.as_str())))
}

/// The days on which the money of a pay day may go.
struct TransferDays {
    pay_on: NaiveDate,
    usual: NaiveDate,
    last: NaiveDate,
}

impl TransferDays {
    fn of(pay_on: NaiveDate, today: NaiveDate) -> Self {
        let holidays = Holidays::published();
        let (usual, last) =
            (transfers::usual_day(pay_on, today, holidays), transfers::last_day(pay_on, today, holidays));
        Self { pay_on, usual, last }
    }

    fn said(&self, call: &Call, key: &str) -> String {
        let words = [
            ("day", format::full_date(call.language, self.pay_on)),
            ("last", format::full_date(call.language, self.last)),
        ];
        said(call, key, words.each_ref().map(|(name, text)| (*name, text.as_str())))
    }

    /// Which days may be chosen.
    fn support(&self, call: &Call) -> String {
        if self.last > self.pay_on {
            self.said(call, "transfer-on-support-late")
        } else {
            call.text("transfer-on-support")
        }
    }

    /// Where a day after the pay day may be chosen, or has to be.
    fn late(&self, call: &Call) -> String {
        if self.usual > self.pay_on {
            self.said(call, "transfer-late")
        } else if self.last > self.pay_on {
            self.said(call, "transfer-late-from")
        } else {
            String::new()
        }
    }

    /// Where nobody knows yet which days of the year are holidays.
    fn unknown_year(&self, call: &Call, form: &Form) -> String {
        let typed = Typed::from(form.get("transfer_on"));
        let day = Checks::new().optional_date("transfer_on", &typed).unwrap_or(self.usual);
        if Holidays::published().kind(day) != DayKind::Unknown {
            return String::new();
        }
        said(call, "transfer-unknown-year", [("day", &format::full_date(call.language, day))])
    }
}

/// A day as it is asked for; what is none, or none that a pay day can be, asks for no day.
fn asked_day(typed: &Typed) -> Option<NaiveDate> {
    Checks::new().optional_date("day", typed)
}

/// `GET /statements/transfer`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let query: DayQuery = call.query();
    render(&call, asked_day(&query.day), None).await
}

/// `POST /statements/transfer`: the file, once.
pub(crate) async fn make(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let form = call.form();
    let input: TransferInput = form.input()?;
    let asked = asked_day(&input.pay_on);
    let (keys, banks) = (call.app.settings.sealing.clone(), call.app.settings.banks.clone());
    match call.db(move |tx| transfers::make(tx, &keys, &banks, &input)).await {
        Ok(made) => Ok(handed_out(made)),
        Err(failure) if parts::stays(&failure) => render(&call, asked, Some((&form, &failure))).await,
        Err(failure) => Err(failure),
    }
}

/// `POST /statements/transfer/{id}/void`: it was not sent to the bank.
pub(crate) async fn void(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: TransferFileId = call.id("id")?;
    let file = call.db(move |tx| transfers::void(tx, id)).await?;
    Ok(call.done(page_of(file.pay_on), "done-transfer-voided"))
}

/// JIS X 0201 is what `Shift_JIS` has of single bytes, and the name that browsers know.
fn handed_out(made: MadeFile) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; charset=Shift_JIS")
        .insert_header((header::CONTENT_DISPOSITION, ::files::content_disposition(&made.name)))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(made.bytes)
}
