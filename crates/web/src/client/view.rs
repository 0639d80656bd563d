//! A delivery as its page shows it: before, during and after the answer.

use accounts::organizations;
use accounts::secrets::OrgSecret;
use chrono::{DateTime, Utc};
use db::Tx;
use fulfillment::acceptance::{self, AcceptError, ClientAnswer, ClientFile, ClientUnit, ClientView};
use fulfillment::deliveries::DeliveryState;
use fulfillment::fixes::FixStand;
use fulfillment::units::UnitState;
use kernel::{DeliveryId, UnitId};
use serde::Serialize;

use crate::call::Call;
use crate::failure::Failure;
use crate::format::{self, Due};
use crate::forms::{Form, FormView};
use crate::orders::parts;
use crate::words::share_of_order;

/// What a link shows, with what its page needs around it.
pub(super) struct Opened {
    pub(super) view: ClientView,
    town: String,
    now: DateTime<Utc>,
}

/// Opens the link; this is what the access log calls opened.
pub(super) fn open(tx: &mut Tx<'_>, secret: &OrgSecret) -> Result<Opened, AcceptError> {
    let view = acceptance::open_link(tx, secret)?;
    notifier::messages::link_used(tx, view.contact, &format!("delivery:{}", view.delivery))?;
    Ok(Opened { view, town: organizations::find(tx)?.name, now: tx.now() })
}

impl Opened {
    /// Whether the client has answered.
    pub(super) fn is_answered(&self) -> bool {
        self.view.state == DeliveryState::Answered
    }

    /// The units that wait for an answer.
    pub(super) fn waiting(&self) -> impl Iterator<Item = &ClientUnit> {
        self.view.units.iter().filter(|unit| waits(unit))
    }
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
    /// Every unit was checked by somebody other than its maker.
    checked_by_others: bool,
    units: Vec<UnitView>,
    total: usize,
    waiting: usize,
    accepted: usize,
    fixes: usize,
    answered: Option<String>,
    answered_name: String,
    step: Step,
    /// How often a wrong code may still be tried.
    tries_left: Option<i16>,
    /// The radios were set by the shortcut: what the browser kept must not undo it.
    preset: bool,
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
            checked_by_others: view.units.iter().all(|unit| unit.check.by_different_people),
            units: view.units.iter().map(|unit| unit_view(call, unit)).collect(),
            total: view.units.len(),
            waiting: opened.waiting().count(),
            accepted: given(ClientAnswer::Accepted),
            fixes: given(ClientAnswer::Fix),
            answered,
            answered_name: view.answered_name.clone().unwrap_or_default(),
            step,
            tries_left: None,
            preset: false,
            form: form.view(call, failure),
        }
    }

    pub(super) fn with_tries_left(self, tries: i16) -> Self {
        Self { tries_left: Some(tries), ..self }
    }

    pub(super) fn with_preset(self, preset: bool) -> Self {
        Self { preset, ..self }
    }
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
