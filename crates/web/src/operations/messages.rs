//! The log of mails (送信記録): by state, newest first, and the timeline of one.

use std::rc::Rc;

use actix_web::HttpResponse;
use chrono::{DateTime, Utc};
use db::{DbError, Tx};
use kernel::{MessageId, Typed};
use notifier::Party;
use notifier::messages::{
    self, AttemptView, EventView, Happening, Message, MessageFilter, MessageState, MessageSummary, Trouble,
};
use serde::{Deserialize, Serialize};

use super::actions::Allowed;
use super::paging;
use crate::app::MailState;
use crate::call::Call;
use crate::failure::Failure;
use crate::format::{self, Moment};
use crate::paths;
use crate::phrases::{address, counted, said, word};
use crate::routes::may_get;
use crate::shell::Crumb;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Query {
    state: Typed,
    /// A part of a name, an address or a subject.
    q: Typed,
}

#[derive(Serialize)]
struct ListPage {
    title: String,
    /// What needs a look, in a sentence.
    answer: String,
    filters: Vec<StateFilter>,
    is_filtered: bool,
    q: String,
    /// Kept when the search is sent.
    chosen: String,
    rows: Vec<Row>,
    next: String,
    first: String,
}

/// The choice of a state under its chip.
#[derive(Serialize)]
struct StateFilter {
    text: String,
    on: bool,
    options: Vec<FilterOption>,
}

#[derive(Serialize)]
struct FilterOption {
    label: String,
    href: String,
    current: bool,
}

#[derive(Serialize)]
struct Row {
    href: String,
    subject: String,
    kind: String,
    to: String,
    address: String,
    state: MessageState,
    at: Moment,
}

impl Row {
    fn of(call: &Call, now: DateTime<Utc>, message: MessageSummary) -> Self {
        Self {
            href: paths::message(message.id),
            kind: kind(call, &message),
            subject: message.subject,
            to: message.to_name,
            address: message.to_address.to_string(),
            state: message.state,
            at: Moment::of(call.language, now, message.created_at),
        }
    }
}

/// What kind of mail it is, in words; a mail that this version no longer makes says its category.
fn kind(call: &Call, message: &MessageSummary) -> String {
    let key = format!("message-kind-{}", message.template.replace('_', "-"));
    call.app
        .texts
        .known(call.language, &key)
        .unwrap_or_else(|| word(call, "message-category", message.category))
}

/// `GET /messages?state=`
pub(crate) async fn index(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let query: Query = call.query();
    let chosen = Chosen::of(query.state.as_str());
    let q = query.q.as_str().trim().to_owned();
    let text = (!q.is_empty()).then(|| q.clone());
    let paging = paging::<MessageId>(&call);
    let is_first = paging.after.is_none();
    let (now, page, amounts) = call
        .db(move |tx| -> Result<_, DbError> {
            let page = messages::recent(tx, &MessageFilter { text, ..chosen.filter() }, &paging)?;
            Ok((tx.now(), page, Amounts::read(tx)?))
        })
        .await?;
    let here = |after: &str| address("/messages", &[("q", &q), ("state", chosen.as_str()), ("after", after)]);
    let next = page.next.as_ref().map(|key| here(&format::page_key(key)));
    let page = ListPage {
        title: call.text("nav-messages"),
        answer: answer(&call, &amounts),
        filters: vec![filter(&call, chosen, &q)],
        is_filtered: chosen != Chosen::Every || !q.is_empty(),
        rows: page.items.into_iter().map(|message| Row::of(&call, now, message)).collect(),
        next: next.unwrap_or_default(),
        first: if is_first { String::new() } else { here("") },
        q,
        chosen: chosen.as_str().to_owned(),
    };
    call.page("operations/messages.html", &page)
}

/// Which mails the list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Chosen {
    Every,
    /// Those that a person should look at.
    NeedLook,
    State(MessageState),
}

/// How an address chooses those that a person should look at.
const NEED_LOOK: &str = "look";

impl Chosen {
    fn of(text: &str) -> Self {
        if text == NEED_LOOK { Self::NeedLook } else { text.parse().map_or(Self::Every, Self::State) }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Every => "",
            Self::NeedLook => NEED_LOOK,
            Self::State(state) => state.as_str(),
        }
    }

    fn filter(self) -> MessageFilter {
        let state = if let Self::State(state) = self { Some(state) } else { None };
        MessageFilter { state, needs_look: self == Self::NeedLook, ..MessageFilter::default() }
    }

    fn label(self, call: &Call) -> String {
        match self {
            Self::Every => call.text("messages-every-state"),
            Self::NeedLook => call.text("messages-needs-look"),
            Self::State(state) => word(call, "state-message", state),
        }
    }
}

/// How many mails there are of what matters.
struct Amounts {
    depths: Vec<messages::Depth>,
    /// That a person should look at.
    troubled: i64,
    /// That are due and wait for the relay alone.
    due: i64,
}

impl Amounts {
    fn read(tx: &mut Tx<'_>) -> Result<Self, DbError> {
        Ok(Self {
            depths: messages::depths(tx)?,
            troubled: messages::troubled_count(tx)?,
            due: messages::due_count(tx)?,
        })
    }
}

/// How many mails wait for their turn or for the relay.
pub(super) fn waiting(depths: &[messages::Depth]) -> i64 {
    let waits =
        |depth: &&messages::Depth| matches!(depth.state, MessageState::Queued | MessageState::Deferred);
    depths.iter().filter(waits).map(|depth| depth.count).sum()
}

/// Whether mail leaves, how much needs a look, and how much has still to go; nothing where there is no mail at all.
fn answer(call: &Call, Amounts { depths, troubled, due }: &Amounts) -> String {
    if depths.is_empty() {
        return String::new();
    }
    let is_held_up = call.app.readiness.mail_state() == MailState::Waiting;
    // What waits for its reader's hours would wait with any relay.
    let to_go = waiting(depths) - if is_held_up { *due } else { 0 };
    let parts: Vec<String> = [
        ("messages-held-up", is_held_up, *due),
        ("messages-troubled", *troubled > 0, *troubled),
        ("messages-to-go", to_go > 0, to_go),
    ]
    .into_iter()
    .filter(|(_, is_so, _)| *is_so)
    .map(|(key, _, count)| counted(call, key, "count", count))
    .collect();
    if parts.is_empty() { call.text("messages-fine") } else { parts.join(" · ") }
}

fn filter(call: &Call, chosen: Chosen, q: &str) -> StateFilter {
    let option = |one: Chosen| FilterOption {
        label: one.label(call),
        href: address("/messages", &[("q", q), ("state", one.as_str())]),
        current: one == chosen,
    };
    let states = MessageState::ALL.iter().map(|state| Chosen::State(*state));
    StateFilter {
        text: said(call, "messages-filter", [("state", &chosen.label(call))]),
        on: chosen != Chosen::Every,
        options: [Chosen::Every, Chosen::NeedLook].into_iter().chain(states).map(option).collect(),
    }
}

#[derive(Serialize)]
struct MessagePage {
    title: String,
    crumbs: Vec<Crumb>,
    state: MessageState,
    /// What its state means and what comes next.
    answer: String,
    kind: String,
    category: String,
    to: String,
    from: String,
    made: Moment,
    ended: Option<Moment>,
    /// Until when it is worth sending, while it still waits.
    until: String,
    message_id: String,
    repeats: String,
    repeat_reason: String,
    /// What it waits for, if it is not due yet.
    due: String,
    /// Everything that happened, the newest first.
    timeline: Vec<Entry>,
    allowed: Allowed,
    /// The person whose invitation did not arrive, who can be invited again; empty for any other mail.
    invite_again: String,
    text: String,
}

/// One line of the timeline: an attempt, or something else that happened.
#[derive(Serialize)]
struct Entry {
    at: Moment,
    attempt: Option<AttemptRow>,
    event: Option<EventRow>,
}

#[derive(Serialize)]
struct EventRow {
    what: String,
    detail: String,
    /// Where the mail stands that came of it.
    href: String,
}

impl EventRow {
    fn of(call: &Call, event: EventView) -> Self {
        let leads_on = matches!(event.kind, Happening::Resent | Happening::Replaced);
        let href = event.detail.parse().ok().filter(|_| leads_on).map(paths::message).unwrap_or_default();
        Self { what: word(call, "message-event", event.kind), detail: event.detail, href }
    }
}

/// A mail's end by its time, and what kept it from leaving where that is known.
fn expired(call: &Call, trouble: Option<Trouble>) -> EventRow {
    let detail = trouble.map(|trouble| {
        let stage = match trouble.stage.as_str() {
            "" => call.text("stuck-somewhere"),
            stage => word(call, "message-stage", stage),
        };
        [stage, trouble.reply.unwrap_or_default()].join(" ").trim_end().to_owned()
    });
    let what = call.text("message-event-expired");
    EventRow { what, detail: detail.unwrap_or_default(), href: String::new() }
}

/// Attempts, events and its end by its time in one line, the newest first.
fn timeline(call: &Call, now: DateTime<Utc>, message: &Message, trouble: Option<Trouble>) -> Vec<Entry> {
    let mut entries: Vec<(DateTime<Utc>, Option<AttemptRow>, Option<EventRow>)> = Vec::new();
    entries.extend(
        message.attempts.iter().map(|one| (one.started_at, Some(AttemptRow::of(call, one.clone())), None)),
    );
    entries.extend(message.events.iter().map(|one| (one.at, None, Some(EventRow::of(call, one.clone())))));
    if message.summary.state == MessageState::Expired {
        let at = message.summary.ended_at.unwrap_or(message.expires_at);
        entries.push((at, None, Some(expired(call, trouble))));
    }
    entries.sort_by_key(|(at, ..)| std::cmp::Reverse(*at));
    let entry = |(at, attempt, event)| Entry { at: Moment::of(call.language, now, at), attempt, event };
    entries.into_iter().map(entry).collect()
}

#[derive(Serialize)]
struct AttemptRow {
    /// The outcome as stored; `running` while under way.
    outcome: String,
    number: i16,
    stage: String,
    relay: String,
    reply: String,
    transcript: String,
}

impl AttemptRow {
    fn of(call: &Call, attempt: AttemptView) -> Self {
        let stage = attempt.stage.filter(|_| attempt.outcome.as_deref() != Some("accepted"));
        Self {
            outcome: attempt.outcome.unwrap_or_else(|| "running".to_owned()),
            number: attempt.attempt,
            stage: stage.map(|stage| word(call, "message-stage", stage)).unwrap_or_default(),
            relay: attempt.relay,
            reply: attempt.reply.unwrap_or_default(),
            transcript: attempt.transcript.unwrap_or_default(),
        }
    }
}

/// `GET /messages/{id}`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let id: MessageId = call.id("id")?;
    let found = call.db(move |tx| Found::read(tx, id)).await?;
    call.page("operations/message.html", &page(&call, found))
}

/// A mail with what its page says beside it.
struct Found {
    now: DateTime<Utc>,
    message: Message,
    text: String,
    /// What kept it from leaving until it expired.
    trouble: Option<Trouble>,
}

impl Found {
    fn read(tx: &mut Tx<'_>, id: MessageId) -> Result<Self, DbError> {
        Ok(Self {
            now: tx.now(),
            text: messages::content(tx, id)?.unwrap_or_default(),
            message: messages::find(tx, id)?,
            trouble: messages::trouble_of(tx, id)?,
        })
    }
}

/// What the state of a mail means and what comes next: a time of its own, or a relay that takes nothing, comes first.
fn says(call: &Call, state: MessageState, due: &str) -> String {
    let waits = matches!(state, MessageState::Queued | MessageState::Deferred);
    match call.app.readiness.mail_state() {
        _ if !due.is_empty() => said(call, "message-says-due", [("at", due)]),
        MailState::Waiting if waits => call.text("message-says-held-up"),
        _ => word(call, "message-says", state),
    }
}

/// Where somebody is invited again whose invitation was not taken by any relay: its link has run out, or nobody saw it.
fn invite_again(call: &Call, message: &MessageSummary) -> String {
    let is_lost = matches!(
        message.state,
        MessageState::Rejected | MessageState::Dead | MessageState::Bounced | MessageState::Expired
    );
    match message.party {
        Party::Person(person)
            if is_lost && message.template == "invitation" && may_get(call, "/members/{id}") =>
        {
            format!("/members/{person}")
        }
        _ => String::new(),
    }
}

fn page(call: &Call, Found { now, message, text, trouble }: Found) -> MessagePage {
    let (timeline, allowed) = (timeline(call, now, &message, trouble), Allowed::of(&message));
    let is_early = message.not_before > now
        && matches!(message.summary.state, MessageState::Queued | MessageState::Deferred);
    let due = if is_early { format::moment(call.language, message.not_before) } else { String::new() };
    let summary = message.summary;
    let waits = summary.ended_at.is_none();
    MessagePage {
        invite_again: invite_again(call, &summary),
        crumbs: vec![Crumb::new(call, "nav-messages", "/messages")],
        answer: says(call, summary.state, &due),
        kind: kind(call, &summary),
        category: word(call, "message-category", summary.category),
        to: format!("{} <{}>", summary.to_name, summary.to_address),
        from: message.from_address,
        made: Moment::of(call.language, now, summary.created_at),
        ended: summary.ended_at.map(|at| Moment::of(call.language, now, at)),
        until: if waits { format::moment(call.language, message.expires_at) } else { String::new() },
        message_id: message.message_id,
        repeats: message.resend_of.map(paths::message).unwrap_or_default(),
        repeat_reason: message.resend_reason.unwrap_or_default(),
        due,
        timeline,
        allowed,
        text,
        state: summary.state,
        title: summary.subject,
    }
}

#[cfg(test)]
mod tests {
    use kernel::Language;

    use super::*;
    use crate::texts::Texts;

    #[test]
    fn every_kind_of_mail_every_state_and_every_stage_has_its_words() {
        let texts = Texts::load();
        let mut keys: Vec<String> = notifier::mails::KINDS
            .iter()
            .map(|kind| format!("message-kind-{}", kind.name.replace('_', "-")))
            .collect();
        keys.extend(MessageState::ALL.iter().map(|state| format!("message-says-{state}")));
        keys.extend(
            Happening::ALL.iter().map(|one| format!("message-event-{}", one.as_str().replace('_', "-"))),
        );
        keys.extend(messages::Category::ALL.iter().map(|one| format!("message-category-{one}")));
        let stages = [
            "resolve",
            "connect",
            "tls",
            "banner",
            "hello",
            "auth",
            "check",
            "mail",
            "recipient",
            "data",
            "content",
            "final",
        ];
        keys.extend(stages.iter().map(|stage| format!("message-stage-{stage}")));
        let outcomes = ["running", "accepted", "deferred", "rejected", "held", "unknown", "relay-down"];
        keys.extend(outcomes.iter().map(|outcome| format!("state-attempt-{outcome}")));
        for key in keys {
            for language in Language::ALL {
                assert!(texts.known(*language, &key).is_some(), "{key} in {language}");
            }
        }
    }
}
