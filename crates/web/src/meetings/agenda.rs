//! An agenda as the page shows it: each part with its count and sum, and the deals it names.

use chrono::{DateTime, Utc};
use sales::meetings::{Agenda, AgendaDeal, AgendaDeals};
use serde::Serialize;

use super::steering::SteeringView;
use crate::call::Call;
use crate::format::{self, Due, Moment};
use crate::phrases::{self, said};
use crate::{paths, routes};

#[derive(Debug, Serialize)]
pub(super) struct AgendaView {
    taken: Moment,
    since: Moment,
    parts: Vec<Part>,
    leads: Vec<LeadLine>,
    waiting: String,
    waiting_more: i64,
    /// None in agendas that were kept before there were targets.
    steering: Option<SteeringView>,
}

/// One part: what is due, idle, won or lost.
#[derive(Debug, Serialize)]
struct Part {
    id: &'static str,
    title: String,
    /// `12件・1,234円`
    totals: String,
    deals: Vec<DealLine>,
    /// How many more there are than are named.
    more: i64,
}

#[derive(Debug, Serialize)]
struct DealLine {
    title: String,
    /// Empty for readers who may not open deals.
    href: String,
    /// Company, stage, owner, amount.
    text: Vec<String>,
    next_action: String,
    due: Option<Due>,
}

#[derive(Debug, Serialize)]
struct LeadLine {
    company: String,
    href: String,
    answer_by: Option<Due>,
}

impl AgendaView {
    /// In the reader's language, as it was when it was taken; days count from `now`.
    pub(super) fn of(call: &Call, now: DateTime<Utc>, agenda: &Agenda) -> Self {
        let opens = |path: &str| routes::may_get(call, path);
        let (deals, leads) = (opens("/deals/{id}"), opens("/leads/{id}"));
        let lead = |lead: &sales::meetings::AgendaLead| LeadLine {
            company: lead.company.clone(),
            href: if leads { paths::lead(lead.lead_id) } else { String::new() },
            answer_by: lead.answer_by.map(|day| format::due_on(call.language, agenda.taken_at, day)),
        };
        let named = i64::try_from(agenda.leads.len()).unwrap_or(i64::MAX);
        let part = |id, deals_of: &AgendaDeals, is_idle| {
            Part::of(call, id, deals_of, agenda.taken_at, (deals, is_idle))
        };
        Self {
            taken: Moment::of(call.language, now, agenda.taken_at),
            since: Moment::of(call.language, now, agenda.since),
            parts: vec![
                part("due", &agenda.due, false),
                part("idle", &agenda.idle, true),
                part("won", &agenda.won, false),
                part("lost", &agenda.lost, false),
            ],
            leads: agenda.leads.iter().map(lead).collect(),
            waiting: format::count(agenda.waiting),
            waiting_more: agenda.waiting - named,
            steering: agenda.steering.as_ref().map(|steering| SteeringView::of(call, steering)),
        }
    }
}

impl Part {
    fn of(
        call: &Call,
        id: &'static str,
        deals: &AgendaDeals,
        taken_at: DateTime<Utc>,
        (opens, is_idle): (bool, bool),
    ) -> Self {
        let worth = phrases::worth(call, deals.count, deals.amount, deals.undecided);
        let words = [("count", format::count(deals.count)), ("amount", worth)];
        let named = i64::try_from(deals.deals.len()).unwrap_or(i64::MAX);
        Self {
            id,
            title: call.text(&format!("meeting-part-{id}")),
            totals: said(
                call,
                "meeting-part-totals",
                words.each_ref().map(|(name, text)| (*name, text.as_str())),
            ),
            deals: deals.deals.iter().map(|deal| line(call, deal, taken_at, opens, is_idle)).collect(),
            more: deals.count - named,
        }
    }
}

fn line(call: &Call, deal: &AgendaDeal, taken_at: DateTime<Utc>, opens: bool, is_idle: bool) -> DealLine {
    let mut text = vec![
        deal.company.clone(),
        deal.stage.clone(),
        deal.owner.clone(),
        phrases::amount(call, deal.amount),
    ];
    if is_idle {
        text.push(phrases::counted(call, "meeting-idle-days", "count", deal.idle_days));
    }
    DealLine {
        title: deal.title.clone(),
        href: if opens { paths::deal(deal.deal_id) } else { String::new() },
        text,
        next_action: deal.next_action.clone().unwrap_or_default(),
        due: deal.next_action_on.map(|day| format::due(call.language, taken_at, day)),
    }
}
