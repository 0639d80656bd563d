//! What happened to a deal: its history, its activities and what became of its quotes as one list, newest first.

use std::collections::BTreeMap;

use accounts::Person;
use chrono::{DateTime, Utc};
use kernel::{BoardStageId, PersonId, date_in_japan};
use sales::activities::Activity;
use sales::deals::{self, DealEvent, DealEventKind};
use sales::sendings::{QuoteEvent, QuoteEventKind};
use sales::stages::Stage;
use serde::Serialize;

use crate::activities::pages::icon;
use crate::call::Call;
use crate::format;
use crate::phrases::{said, word};

/// An entry of the timeline.
#[derive(Debug, Serialize)]
pub(crate) struct Entry {
    what: String,
    when: String,
    iso: String,
    full: String,
    who: String,
    icon: &'static str,
    tone: &'static str,
    text: String,
    #[serde(skip)]
    at: DateTime<Utc>,
}

/// What entries are written with.
pub(super) struct Around<'a> {
    pub(super) people: &'a BTreeMap<PersonId, Person>,
    pub(super) stages: &'a [Stage],
}

impl Around<'_> {
    fn name(&self, call: &Call, id: Option<PersonId>) -> String {
        let person = id.and_then(|id| self.people.get(&id));
        person.map(|person| person.name_in(call.language)).unwrap_or_default()
    }

    fn stage(&self, id: BoardStageId) -> &str {
        self.stages.iter().find(|stage| stage.id == id).map_or("", |stage| &stage.name)
    }
}

/// All three lists merged.
pub(super) fn merged(
    call: &Call,
    around: &Around<'_>,
    events: &[DealEvent],
    activities: &[Activity],
    quotes: &[QuoteEvent],
) -> Vec<Entry> {
    let is_past = deals::is_past(events);
    let mut entries: Vec<Entry> = events.iter().map(|event| of_event(call, around, event, is_past)).collect();
    entries.extend(activities.iter().map(|activity| of_activity(call, around, activity)));
    entries.extend(of_quotes(call, around.people, quotes));
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.at));
    entries
}

fn entry(call: &Call, at: DateTime<Utc>) -> Entry {
    Entry {
        what: String::new(),
        when: format::moment(call.language, at),
        iso: at.to_rfc3339(),
        full: format::full_date(call.language, date_in_japan(at)),
        who: String::new(),
        icon: "dot",
        tone: "",
        text: String::new(),
        at,
    }
}

fn of_event(call: &Call, around: &Around<'_>, event: &DealEvent, is_past: bool) -> Entry {
    let (icon, tone) = match event.kind {
        DealEventKind::Opened => ("plus", ""),
        DealEventKind::Moved => ("move", ""),
        DealEventKind::Revalued => ("yen", ""),
        DealEventKind::Won => ("check-circle", "good"),
        DealEventKind::Lost => ("x-circle", ""),
        DealEventKind::Slept => ("pause", ""),
        DealEventKind::Reopened => ("play", ""),
    };
    // Nobody has named an amount yet: nothing to say, least of all zero.
    let amount = if event.amount.0 == 0 { String::new() } else { format::yen(call.language, event.amount) };
    let text = match (event.kind, event.from_stage_id) {
        (DealEventKind::Won | DealEventKind::Lost, _) if is_past => {
            [call.text("deal-event-past"), amount].join("\n").trim().to_owned()
        }
        (DealEventKind::Moved, Some(from)) => {
            let (from, to) = (around.stage(from), around.stage(event.to_stage_id));
            said(call, "deal-event-from-to", [("from", from), ("to", to)])
        }
        (DealEventKind::Opened | DealEventKind::Revalued | DealEventKind::Won, _) => amount,
        _ => event.note.clone(),
    };
    let who = around.name(call, event.person());
    let what = word(call, "deal-event", event.kind);
    Entry { what, who, icon, tone, text, ..entry(call, event.happened_at) }
}

fn of_activity(call: &Call, around: &Around<'_>, activity: &Activity) -> Entry {
    let (kind, outcome) =
        (word(call, "activity-kind", activity.kind), word(call, "activity-outcome", activity.outcome));
    Entry {
        what: said(call, "activity-what", [("kind", &kind), ("outcome", &outcome)]),
        who: around.name(call, Some(activity.person_id)),
        icon: icon(activity.kind),
        text: activity.note.clone(),
        ..entry(call, activity.happened_at)
    }
}

/// What happened to quotes between the town and its client, in the order given.
pub(crate) fn of_quotes(
    call: &Call,
    people: &BTreeMap<PersonId, Person>,
    events: &[QuoteEvent],
) -> Vec<Entry> {
    events.iter().map(|event| of_quote(call, people, event)).collect()
}

fn of_quote(call: &Call, people: &BTreeMap<PersonId, Person>, event: &QuoteEvent) -> Entry {
    let (icon, tone) = match event.kind {
        QuoteEventKind::Sent => ("send", "info"),
        QuoteEventKind::Opened => ("eye", ""),
        QuoteEventKind::Asked => ("questions", "warn"),
        QuoteEventKind::Declined => ("x-circle", "warn"),
        QuoteEventKind::Accepted => ("check-circle", "good"),
        QuoteEventKind::Withdrawn => ("return", ""),
        QuoteEventKind::Reminded => ("clock", ""),
    };
    let person = event.person_id.and_then(|id| people.get(&id)).map(|person| person.name_in(call.language));
    let text = match event.kind {
        QuoteEventKind::Opened => call.text("quote-event-opened-note"),
        QuoteEventKind::Accepted if !event.order_number.is_empty() => {
            let number = said(call, "quote-event-order-number", [("number", &event.order_number)]);
            format!("{number}\n{}", event.note).trim_end().to_owned()
        }
        _ => event.note.clone(),
    };
    let what = match event.kind {
        QuoteEventKind::Opened | QuoteEventKind::Withdrawn | QuoteEventKind::Reminded => {
            word(call, "quote-event", event.kind)
        }
        _ => said(call, &format!("quote-event-{}-by", event.kind), [("name", &event.name)]),
    };
    Entry { what, who: person.unwrap_or_default(), icon, tone, text, ..entry(call, event.happened_at) }
}
