//! One delivery as the town sees it: what the client did with the link, what they answered, withdrawing it and sending
//! it again.

use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use clients::{Contact, contacts};
use db::{DbError, Tx};
use fulfillment::acceptance::{self, Access, AccessKey, AccessKind};
use fulfillment::client_questions::{self, ClientQuestion};
use fulfillment::deliveries::{
    self, DeliveredUnit, Delivery, DeliveryError, DeliveryState, Inspection, SentUnits,
};
use fulfillment::orders::{self, Order, OrderState};
use kernel::{Code, DeliveryId, Language, Page, Paging, Typed, date_in_japan};
use notifier::messages::{self, Category, MessageState, MessageSummary};
use notifier::suppressions;
use serde::{Deserialize, Serialize};

use super::inspection;
use super::row::{self, AskedRow};
use crate::call::Call;
use crate::failure::Failure;
use crate::format::{self, Due};
use crate::forms::{Form, FormView};
use crate::orders::parts::{self, When};
use crate::paths;
use crate::session::Flash;
use crate::shell::Crumb;

struct Facts {
    now: DateTime<Utc>,
    delivery: Delivery,
    order: Order,
    contact: Contact,
    units: Vec<DeliveredUnit>,
    inspection: Inspection,
    asked: Vec<ClientQuestion>,
    accesses: Page<Access, AccessKey>,
    was_opened: bool,
    opens_until: Option<DateTime<Utc>>,
    /// When the link was made that opens it.
    link_made_at: Option<DateTime<Utc>>,
    /// The newest mail about it, whatever became of that.
    mail: Option<MessageSummary>,
    /// Nothing can be mailed to the contact: their address is left alone.
    is_unmailable: bool,
    sender: String,
}

/// How many lines of the log a page has.
const LOG_ROWS: u16 = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Query {
    /// Which lines of the log come after those that were shown.
    after: Typed,
}

fn facts(
    tx: &mut Tx<'_>,
    id: DeliveryId,
    language: Language,
    after: Option<AccessKey>,
) -> Result<Facts, DbError> {
    let delivery = deliveries::find(tx, id)?;
    let mut people = parts::people(tx, language, [delivery.sent_by])?;
    let contact = contacts::find(tx, delivery.contact_id)?;
    let thing = thing(id);
    Ok(Facts {
        now: tx.now(),
        order: orders::find(tx, delivery.order_id)?,
        mail: messages::newest_about(tx, std::slice::from_ref(&thing))?.remove(&thing),
        is_unmailable: is_unmailable(tx, &contact)?,
        contact,
        units: deliveries::units(tx, id)?,
        inspection: deliveries::inspected(tx, id)?,
        asked: client_questions::of_delivery(tx, id, &Paging::first(LOG_ROWS))?.items,
        accesses: acceptance::accesses(tx, id, &Paging { after, ..Paging::first(LOG_ROWS) })?,
        was_opened: acceptance::was_opened(tx, id)?,
        opens_until: acceptance::opens_until(tx, id)?,
        link_made_at: acceptance::open_link_of(tx, id)?.map(|(_link, made_at)| made_at),
        sender: people.remove(&delivery.sent_by).unwrap_or_default(),
        delivery,
    })
}

/// What a mail about a delivery is about, as `yui::notices` names it.
fn thing(id: DeliveryId) -> String {
    format!("delivery:{id}")
}

/// Whether mails about deliveries stay away from a contact's address.
fn is_unmailable(tx: &mut Tx<'_>, contact: &Contact) -> Result<bool, DbError> {
    match &contact.email {
        Some(address) => suppressions::stops(tx, address, Category::Work),
        None => Ok(true),
    }
}

#[derive(Serialize)]
struct DeliveryPage {
    title: String,
    crumbs: Vec<Crumb>,
    state: &'static str,
    form: FormView,
    answer: String,
    contact: String,
    email: String,
    sender: String,
    sent: When,
    until: Due,
    /// Silence beyond that day accepts it, as agreed.
    silence_accepts: bool,
    message: String,
    answered: Option<Answered>,
    units: Vec<UnitRow>,
    /// How they were inspected, in sentences.
    inspection: Vec<String>,
    asked: Vec<AskedRow>,
    /// Whether the questions lead to where they are answered.
    may_reply: bool,
    log: Vec<LogRow>,
    log_next: String,
    log_first: String,
    link: LinkState,
}

/// What can be done with the client's link.
#[derive(Serialize)]
struct LinkState {
    /// The last day it opens; `None` once it is gone.
    opens_until: Option<String>,
    /// Where to withdraw it.
    withdraw: Option<String>,
    /// Where to mail the same one once more.
    remind: Option<String>,
    /// Whether the newest mail was written before the link that opens it: its own mail waits, or was never made.
    is_unmailed: bool,
    /// The newest mail about the delivery; nothing where none was written.
    mail: Option<MailRow>,
    /// Nothing can be mailed to the contact.
    is_unmailable: bool,
    /// Where to send a new one.
    again: Option<String>,
}

/// The newest mail to the client.
#[derive(Serialize)]
struct MailRow {
    state: MessageState,
    when: String,
    /// Its page, for those who may open it.
    href: String,
}

#[derive(Serialize)]
struct Answered {
    name: String,
    when: When,
}

#[derive(Serialize)]
struct UnitRow {
    label: String,
    href: String,
    state: String,
    answer: String,
    note: String,
    needs_fix: bool,
}

#[derive(Serialize)]
struct LogRow {
    what: String,
    icon: &'static str,
    when: When,
}

/// `GET /deliveries/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: DeliveryId = call.id("id")?;
    render(&call, id, None).await
}

async fn render(call: &Call, id: DeliveryId, refused: Option<&Failure>) -> Result<HttpResponse, Failure> {
    let language = call.language;
    let after = format::read_page_key::<AccessKey>(call.query::<Query>().after.as_str());
    let facts = call.db(move |tx| facts(tx, id, language, after)).await?;
    let mut page = page(call, &facts, refused);
    if after.is_some() {
        page.log_first = format!("{}#log", paths::delivery(id));
    }
    call.page_with(refused.map_or(StatusCode::OK, Failure::status), "deliveries/show.html", &page)
}

fn page(call: &Call, facts: &Facts, refused: Option<&Failure>) -> DeliveryPage {
    let (delivery, order) = (&facts.delivery, &facts.order);
    let counted = SentUnits::of(&facts.units);
    let may_write = parts::may_write(call);
    DeliveryPage {
        title: parts::say(call, "deliveries-number", &[("number", delivery.number.to_string())]),
        crumbs: crumbs(call, order, may_write),
        state: match row::chip(delivery.state, &counted) {
            "sent" if facts.was_opened => "opened",
            chip => chip,
        },
        form: Form::default().view(call, refused),
        answer: match (delivery.state, facts.opens_until) {
            (DeliveryState::Sent, None) => call.text("deliveries-waits-without-link"),
            _ => row::said(call, delivery.state, &counted),
        },
        contact: facts.contact.salutation(call.language),
        email: facts.contact.email.as_ref().map(ToString::to_string).unwrap_or_default(),
        sender: facts.sender.clone(),
        sent: When::of(call.language, delivery.sent_at),
        until: format::due(call.language, facts.now, delivery.inspect_until),
        silence_accepts: delivery.silence_accepts,
        message: delivery.message.clone(),
        answered: answered(call, delivery),
        units: facts.units.iter().map(|unit| unit_row(call, unit, may_write)).collect(),
        inspection: inspection::sentences(call, &facts.inspection),
        asked: facts.asked.iter().map(|one| AskedRow::of(call, one)).collect(),
        may_reply: may_write,
        log: facts.accesses.items.iter().map(|access| log_row(call, access)).collect(),
        log_next: facts.accesses.next.as_ref().map_or_else(String::new, |key| {
            format!("{}?after={}#log", paths::delivery(delivery.id), format::page_key(key))
        }),
        log_first: String::new(),
        link: link(call, facts, may_write),
    }
}

fn link(call: &Call, facts: &Facts, may_write: bool) -> LinkState {
    let (delivery, order) = (&facts.delivery, &facts.order);
    let can_again = may_write && delivery.state == DeliveryState::Sent && order.state == OrderState::Running;
    let here = paths::delivery(delivery.id);
    LinkState {
        // It ends with a day, so the last moment before that names the day.
        opens_until: facts
            .opens_until
            .map(|end| parts::day(call.language, date_in_japan(end - TimeDelta::seconds(1)))),
        remind: (can_again && facts.opens_until.is_some()).then(|| format!("{here}/remind")),
        is_unmailed: facts
            .mail
            .as_ref()
            .zip(facts.link_made_at)
            .is_some_and(|(mail, made_at)| mail.created_at < made_at),
        mail: facts.mail.as_ref().map(|mail| MailRow {
            state: mail.state,
            when: format::moment(call.language, mail.ended_at.unwrap_or(mail.created_at)),
            href: if may_write { paths::message(mail.id) } else { String::new() },
        }),
        is_unmailable: facts.is_unmailable && delivery.state == DeliveryState::Sent,
        withdraw: (may_write && facts.opens_until.is_some()).then(|| format!("{here}/withdraw-link")),
        again: can_again.then(|| format!("{here}/send-again")),
    }
}

/// Only those who may open the list are led to it.
fn crumbs(call: &Call, order: &Order, may_write: bool) -> Vec<Crumb> {
    let list = if may_write { ("nav-deliveries", "/deliveries") } else { ("nav-orders", "/orders") };
    vec![Crumb::new(call, list.0, list.1), Crumb::named(&order.title, paths::order(order.id))]
}

fn answered(call: &Call, delivery: &Delivery) -> Option<Answered> {
    let at = delivery.answered_at?;
    Some(Answered {
        name: delivery.answered_name.clone().unwrap_or_else(|| call.text("deliveries-silence")),
        when: When::of(call.language, at),
    })
}

fn unit_row(call: &Call, unit: &DeliveredUnit, may_write: bool) -> UnitRow {
    let answer = unit.answer.map(|answer| call.text(&format!("deliveries-answer-{answer}")));
    UnitRow {
        label: parts::unit_name(call, &unit.job_title, &unit.label),
        href: if may_write { format!("/units/{}", unit.unit) } else { String::new() },
        state: unit.state.to_string(),
        answer: answer.unwrap_or_else(|| call.text("deliveries-answer-none")),
        note: unit.fix_note.clone(),
        needs_fix: unit.answer == Some(acceptance::ClientAnswer::Fix),
    }
}

fn log_row(call: &Call, access: &Access) -> LogRow {
    LogRow {
        what: call.text(&parts::text_key("deliveries-log", access.kind.as_str())),
        icon: match access.kind {
            AccessKind::Opened => "eye",
            AccessKind::Downloaded => "download",
            AccessKind::CodeSent => "mail",
            AccessKind::Answered => "check-circle",
            AccessKind::Withdrawn => "stop",
            AccessKind::Reminded => "send",
            AccessKind::Silence => "clock",
        },
        when: When::of(call.language, access.happened_at),
    }
}

/// Asks for a mail to the client, unless none can reach them: then nothing is done, and a link they have goes on working.
fn mailable<T>(
    tx: &mut Tx<'_>,
    id: DeliveryId,
    ask: impl FnOnce(&mut Tx<'_>) -> Result<T, DeliveryError>,
) -> Result<Option<T>, DeliveryError> {
    let contact = deliveries::find(tx, id)?.contact_id;
    let contact = contacts::find(tx, contact)?;
    if is_unmailable(tx, &contact)? { Ok(None) } else { ask(tx).map(Some) }
}

/// Back to the delivery, with a text that says why nothing was mailed.
fn warned(call: &Call, id: DeliveryId, key: &str) -> HttpResponse {
    let mut response = call.see_other(paths::delivery(id));
    let flash = Flash { kind: "warning", key: key.to_owned() };
    call.add_cookie(&mut response, &flash.cookie(call.app.is_secure()));
    response
}

/// `POST /deliveries/{id}/send-again`: a new link and one more mail; the old link ends.
pub(crate) async fn send_again(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: DeliveryId = call.id("id")?;
    let key = call.app.key.clone();
    match call.db(move |tx| mailable(tx, id, |tx| deliveries::send_again(tx, &key, id))).await {
        Ok(None) => Ok(warned(&call, id, "done-deliveries-unmailable")),
        Ok(Some(())) => Ok(call.done(paths::delivery(id), "done-deliveries-sent-again")),
        Err(failure) if parts::stays(&failure) => render(&call, id, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}

/// `POST /deliveries/{id}/remind`: one more mail with the link that the client has.
pub(crate) async fn remind(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: DeliveryId = call.id("id")?;
    match call.db(move |tx| mailable(tx, id, |tx| deliveries::remind(tx, id))).await {
        Ok(None) => Ok(warned(&call, id, "done-deliveries-unmailable")),
        Ok(Some(_reminded)) => Ok(call.done(paths::delivery(id), "done-deliveries-reminded")),
        Err(failure) if failure.code == Code::TooManyTries => {
            Ok(warned(&call, id, "done-deliveries-mailed-lately"))
        }
        Err(failure) if parts::stays(&failure) => render(&call, id, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}

/// `POST /deliveries/{id}/withdraw-link`: from now on the client's link opens nothing.
pub(crate) async fn withdraw_link(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: DeliveryId = call.id("id")?;
    match call.db(move |tx| deliveries::withdraw_link(tx, id)).await {
        Ok(_) => Ok(call.done(paths::delivery(id), "done-deliveries-link-withdrawn")),
        Err(failure) if parts::stays(&failure) => render(&call, id, Some(&failure)).await,
        Err(failure) => Err(failure),
    }
}
