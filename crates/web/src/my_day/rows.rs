//! Rows of a day: what is to be done, about whom, and the number to call.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use clients::contacts::{self, Contact};
use db::{DbError, Tx};
use kernel::{ContactId, DealId, LeadId, reach};
use sales::day::{Due, DueKind};
use sales::leads::Lead;
use sales::todos::TodoId;
use serde::Serialize;

use crate::call::Call;
use crate::format::{self, Due as DueView};
use crate::{paths, phrases};

/// Something due, as a list shows it.
#[derive(Debug, Serialize)]
pub(crate) struct DayRow {
    pub(crate) id: String,
    href: String,
    icon: &'static str,
    action: String,
    /// The company and the deal it is about.
    about: Vec<String>,
    due: DueView,
    /// `14:00`; empty where any time of the day will do.
    time: String,
    /// The number and what a `tel:` link dials; empty where there is none, or they have refused to be called.
    phone: String,
    dial: String,
    /// Whoever it is about has refused to be called.
    no_calls: bool,
    /// Where its form opens.
    open: String,
}

impl DayRow {
    /// Whether somebody can be called about it.
    pub(crate) fn can_be_called(&self) -> bool {
        !self.dial.is_empty()
    }
}

/// Names a row in addresses and on the page: `deal-12`.
pub(crate) fn name(kind: DueKind, id: i64) -> String {
    format!("{kind}-{id}")
}

/// Reads [`name`].
pub(crate) fn read_name(name: &str) -> Option<(DueKind, i64)> {
    let (kind, id) = name.split_once('-')?;
    Some((kind.parse().ok()?, id.parse().ok()?))
}

/// Whom things due and leads name, for their numbers, and which of the numbers are not to be called.
#[derive(Debug, Default)]
pub(crate) struct Reach {
    people: HashMap<ContactId, Contact>,
    refused: HashSet<String>,
}

impl Reach {
    /// Of these things and leads, in two statements.
    pub(crate) fn of<'t>(
        tx: &mut Tx<'_>,
        things: impl Iterator<Item = &'t Due> + Clone,
        leads: &[Lead],
    ) -> Result<Self, DbError> {
        let named: Vec<ContactId> = things.clone().filter_map(|thing| thing.contact_id).collect();
        let people = contacts::of_ids(tx, &named)?.into_iter().map(|contact| (contact.id, contact));
        let left =
            things.map(|thing| thing.phone.as_str()).chain(leads.iter().map(|lead| lead.phone.as_str()));
        Ok(Self { people: people.collect(), refused: contacts::refused_phones(tx, left)? })
    }

    /// Whether whoever a thing is about has refused to be called.
    fn refuses(&self, thing: &Due) -> bool {
        match thing.contact_id.and_then(|id| self.people.get(&id)) {
            Some(contact) => !contact.may_be_called,
            None => !thing.phone.is_empty() && self.welcome(&thing.phone).is_empty(),
        }
    }

    /// The number to call about a thing; empty where there is none or they have refused to be called.
    fn phone<'p>(&'p self, thing: &'p Due) -> &'p str {
        match thing.contact_id.and_then(|id| self.people.get(&id)) {
            Some(contact) if contact.may_be_called => &contact.phone,
            Some(_refuses) => "",
            None => self.welcome(&thing.phone),
        }
    }

    /// A number that a lead left; empty where somebody there has refused to be called.
    fn welcome<'p>(&self, phone: &'p str) -> &'p str {
        if self.refused.contains(&reach::phone_key(phone)) { "" } else { phone }
    }
}

/// The page of the deal, the lead or the todo.
pub(crate) fn place(thing: &Due) -> String {
    match thing.kind {
        DueKind::Deal => paths::deal(DealId(thing.id)),
        DueKind::Lead => paths::lead(LeadId(thing.id)),
        DueKind::Todo => paths::todo(TodoId(thing.id)),
    }
}

/// One thing as a row, in the reader's language.
pub(crate) fn row(call: &Call, now: DateTime<Utc>, reach: &Reach, thing: &Due) -> DayRow {
    let phone = reach.phone(thing);
    let icon = match thing.kind {
        DueKind::Deal => "deal",
        DueKind::Lead => "inbox",
        DueKind::Todo => "check-circle",
    };
    let about = [&thing.company, &thing.title].into_iter().filter(|part| !part.is_empty());
    let id = name(thing.kind, thing.id);
    DayRow {
        href: place(thing),
        icon,
        action: thing.action.clone(),
        about: about.cloned().collect(),
        due: format::due(call.language, now, thing.due_on),
        time: thing.due_time.map(|time| time.format("%H:%M").to_string()).unwrap_or_default(),
        dial: phrases::dial(phone),
        phone: phone.to_owned(),
        no_calls: reach.refuses(thing),
        open: format!("/my-day?open={id}#{id}"),
        id,
    }
}

/// A lead nobody has answered.
#[derive(Debug, Serialize)]
pub(crate) struct WaitingRow {
    id: String,
    href: String,
    company: String,
    need: String,
    /// By when they were promised an answer.
    answer_by: Option<DueView>,
    /// Empty where there is none, or somebody there has refused to be called.
    phone: String,
    dial: String,
}

impl WaitingRow {
    /// In the reader's language.
    pub(crate) fn of(call: &Call, now: DateTime<Utc>, reach: &Reach, lead: &Lead) -> Self {
        let phone = reach.welcome(&lead.phone);
        Self {
            id: format!("waiting-{}", lead.id),
            href: paths::lead(lead.id),
            company: lead.company_name.clone(),
            need: lead.need.lines().next().unwrap_or_default().to_owned(),
            answer_by: lead.answer_by.map(|day| format::due_on(call.language, now, day)),
            dial: phrases::dial(phone),
            phone: phone.to_owned(),
        }
    }
}
