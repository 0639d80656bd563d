//! A delivery as its page shows it: before, during and after the answer.

use accounts::organizations;
use accounts::secrets::OrgSecret;
use chrono::{DateTime, Utc};
use db::Tx;
use fulfillment::acceptance::{
    self, AcceptError, Answering, ClientAnswer, ClientFile, ClientUnit, ClientView,
};
use fulfillment::client_questions::{self, ClientQuestion};
use fulfillment::deliveries::{self, DeliveryState};
use fulfillment::fixes::FixStand;
use fulfillment::repeats::{self, RepeatWish};
use fulfillment::units::UnitState;
use kernel::{DeliveryId, Paging, UnitId};
use serde::Serialize;

use crate::call::Call;
use crate::deliveries::inspection;
use crate::failure::Failure;
use crate::format::{self, Due};
use crate::forms::{Form, FormView};
use crate::orders::parts;
use crate::words::share_of_order;

/// What a link shows, with what its page needs around it.
pub(super) struct Opened {
    pub(super) view: ClientView,
    pub(super) answering: Answering,
    /// What they would like once more, as long as nobody of the town has decided.
    wish: Option<RepeatWish>,
    /// What was asked about it, the newest last.
    pub(super) asked: Vec<ClientQuestion>,
    town: String,
    now: DateTime<Utc>,
}

/// Opens the link; this is what the access log calls opened.
pub(super) fn open(tx: &mut Tx<'_>, secret: &OrgSecret) -> Result<Opened, AcceptError> {
    let view = acceptance::open_link(tx, secret)?;
    notifier::messages::link_used(tx, view.contact, &format!("delivery:{}", view.delivery))?;
    let answering = acceptance::answering(tx, secret)?;
    let order = deliveries::find(tx, view.delivery)?.order_id;
    let wish = repeats::open_of_order(tx, order)?;
    let asked = client_questions::of_delivery(tx, view.delivery, &Paging::first(MOST_ASKED))?.items;
    Ok(Opened { view, answering, wish, asked, town: organizations::find(tx)?.name, now: tx.now() })
}

impl Opened {
    /// Whether the client has answered.
    pub(super) fn is_answered(&self) -> bool {
        self.view.state == DeliveryState::Answered
    }

    /// The form as it was typed when a code was asked for.
    pub(super) fn typed(&self) -> Form {
        let Some(typed) = &self.answering.typed else { return Form::default() };
        let form = Form::default().preset("name", typed.name.as_str());
        typed.units.iter().fold(form, |form, unit| {
            form.preset(&answer_field(unit.unit_id), unit.answer.as_str())
                .preset(&note_field(unit.unit_id), unit.note.as_str())
        })
    }

    /// The units that wait for an answer.
    pub(super) fn waiting(&self) -> impl Iterator<Item = &ClientUnit> {
        self.view.units.iter().filter(|unit| waits(unit))
    }
}

fn has_many(view: &ClientView) -> bool {
    let brought = |unit: &ClientUnit| unit.files.len() + usize::from(!unit.text.is_empty());
    view.units.iter().any(|unit| !unit.files.is_empty()) && view.units.iter().map(brought).sum::<usize>() > 1
}

fn waits(unit: &ClientUnit) -> bool {
    unit.state == UnitState::Delivered && unit.answer.is_none()
}

/// The form's name for the answer to a unit; the verb names its problems the same.
pub(super) fn answer_field(unit: UnitId) -> String {
    format!("units.{unit}.answer")
}

/// The form's name for what is to be mended.
pub(super) fn note_field(unit: UnitId) -> String {
    format!("units.{unit}.note")
}

#[derive(Serialize)]
struct FileView {
    href: String,
    name: String,
    size: String,
}

#[derive(Serialize)]
struct FixView {
    text: String,
    tone: &'static str,
    icon: &'static str,
}

#[derive(Serialize)]
struct UnitView {
    id: String,
    label: String,
    text: String,
    files: Vec<FileView>,
    made: String,
    checked: Option<String>,
    waits: bool,
    state: UnitState,
    answer: Option<ClientAnswer>,
    fix_note: String,
    /// How far the fix has come, in words.
    fix: Option<FixView>,
    answer_field: String,
    note_field: String,
}

/// Where the page is on the way to an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Step {
    /// Looking and choosing; the button mails a code.
    Look,
    /// A code is on its way; the button sends the answer.
    Code,
}

#[derive(Serialize)]
struct CodeView {
    /// Until what time of the clock it counts.
    until: String,
    counts: bool,
    /// How often a wrong one may still be tried; `None` where none was.
    tries_left: Option<i16>,
}

/// The delivery's page and, once it is answered, its receipt.
#[derive(Serialize)]
pub(super) struct DeliveryPage {
    title: String,
    town: String,
    delivery: DeliveryId,
    number: i32,
    order_title: String,
    message: String,
    sent: String,
    until: Due,
    /// `3件中1件`, and when the rest comes; empty where this is all of it.
    share: String,
    /// How the units were inspected, in sentences.
    inspection: Vec<String>,
    units: Vec<UnitView>,
    total: usize,
    waiting: usize,
    accepted: usize,
    fixes: usize,
    answered: Option<String>,
    /// Who answered; empty where silence did.
    answered_name: String,
    /// Silence beyond the day of inspection accepts it, as agreed.
    silence_accepts: bool,
    step: Step,
    /// The code that was mailed last, where one was.
    code: Option<CodeView>,
    company: String,
    order_amount: String,
    /// The radios were set by the shortcut: what the browser kept must not undo it.
    preset: bool,
    /// Where all files come in one; empty where there are fewer than two.
    all_files: &'static str,
    /// What they would like once more, in words; empty where nothing is open.
    wished: String,
    asked: Vec<AskedView>,
    form: FormView,
}

impl DeliveryPage {
    pub(super) fn new(
        call: &Call,
        opened: &Opened,
        step: Step,
        form: &Form,
        failure: Option<&Failure>,
    ) -> Self {
        let (view, language) = (&opened.view, call.language);
        let given = |wanted| view.units.iter().filter(|unit| unit.answer == Some(wanted)).count();
        let answered = view.answered_at.map(|at| {
            let (day, time) = (kernel::date_in_japan(at), at.with_timezone(&kernel::JST).format("%H:%M"));
            format!("{} {time}", format::full_date(language, day))
        });
        Self {
            title: call.text(if answered.is_some() { "client-receipt-title" } else { "client-title" }),
            town: opened.town.clone(),
            delivery: view.delivery,
            number: view.number,
            order_title: view.order_title.clone(),
            message: view.message.clone(),
            sent: format::moment(language, view.sent_at),
            until: format::due(language, opened.now, view.inspect_until),
            share: share_of_order(
                language,
                i64::try_from(view.units.len()).unwrap_or(i64::MAX),
                view.share,
                kernel::date_in_japan(opened.now),
            ),
            inspection: inspection::sentences(call, &view.inspection),
            units: view.units.iter().map(|unit| unit_view(call, unit)).collect(),
            total: view.units.len(),
            waiting: opened.waiting().count(),
            accepted: given(ClientAnswer::Accepted),
            fixes: given(ClientAnswer::Fix),
            answered,
            answered_name: view.answered_name.clone().unwrap_or_default(),
            silence_accepts: view.silence_accepts,
            step,
            code: opened.answering.code.map(|code| CodeView {
                until: code.expires_at.with_timezone(&kernel::JST).format("%H:%M").to_string(),
                counts: code.counts,
                tries_left: None,
            }),
            company: view.company.clone(),
            order_amount: format::yen(language, view.order_amount),
            preset: false,
            all_files: if has_many(view) { "/delivery/files.zip" } else { "" },
            wished: opened.wish.as_ref().map(|wish| wished(call, wish)).unwrap_or_default(),
            asked: opened.asked.iter().map(|one| asked_view(call, one)).collect(),
            form: form.view(call, failure),
        }
    }

    /// After a wrong code: how often another may be tried.
    pub(super) fn with_tries_left(mut self, tries: i16) -> Self {
        if let Some(code) = &mut self.code {
            (code.counts, code.tries_left) = (tries > 0, Some(tries));
        }
        self
    }

    pub(super) fn with_preset(self, preset: bool) -> Self {
        Self { preset, ..self }
    }
}

/// How many questions the page of a delivery shows.
const MOST_ASKED: u16 = 50;

/// A question with its answer, as whoever asked reads it.
#[derive(Serialize)]
struct AskedView {
    question: String,
    asked: String,
    /// Empty while it waits.
    answer: String,
    answered: String,
}

fn asked_view(call: &Call, one: &ClientQuestion) -> AskedView {
    AskedView {
        question: one.question.clone(),
        asked: parts::say(
            call,
            "client-asked-by",
            &[("name", one.name.clone()), ("at", format::moment(call.language, one.asked_at))],
        ),
        answer: one.answer.clone().unwrap_or_default(),
        answered: one.answered_at.map(|at| format::moment(call.language, at)).unwrap_or_default(),
    }
}

/// `11月26日に、12月18日までの再注文のご希望を受け付けました`.
fn wished(call: &Call, wish: &RepeatWish) -> String {
    let (day, at) =
        (format::full_date(call.language, wish.wished_on), format::moment(call.language, wish.wished_at));
    parts::say(call, "client-again-wished", &[("day", day), ("at", at)])
}

fn unit_view(call: &Call, unit: &ClientUnit) -> UnitView {
    UnitView {
        id: format!("unit-{}", unit.unit),
        label: parts::unit_name(call, &unit.job_title, &unit.label),
        text: unit.text.clone(),
        files: unit.files.iter().map(|file| file_view(unit.unit, file)).collect(),
        made: format::moment(call.language, unit.check.made_at),
        checked: unit.check.checked_at.map(|at| format::moment(call.language, at)),
        waits: waits(unit),
        state: unit.state,
        answer: unit.answer,
        fix_note: unit.fix_note.clone(),
        fix: unit.fix.map(|stand| fix_words(call, stand)),
        answer_field: answer_field(unit.unit),
        note_field: note_field(unit.unit),
    }
}

fn file_view(unit: UnitId, file: &ClientFile) -> FileView {
    let kilobytes = i64::try_from(file.bytes.div_ceil(1024)).unwrap_or(i64::MAX);
    FileView {
        href: format!("/delivery/files/{unit}/{}", file.file),
        name: file.name.clone(),
        size: format!("{} kB", format::count(kilobytes)),
    }
}

fn fix_words(call: &Call, stand: FixStand) -> FixView {
    let (text, tone, icon) = match stand {
        FixStand::Received => (call.text("client-fix-received"), "info", "check"),
        FixStand::Mending { due_on } => {
            let day = format::full_date(call.language, due_on);
            (parts::say(call, "client-fix-mending", &[("date", day)]), "busy", "play")
        }
        FixStand::Delivered => (call.text("client-fix-delivered"), "good", "delivery"),
        FixStand::CalledOff => (call.text("client-fix-called-off"), "", "stop"),
    };
    FixView { text, tone, icon }
}
