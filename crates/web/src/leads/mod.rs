//! Leads: pages, the steps a lead takes, JSON.

pub(crate) mod api;
pub(crate) mod convert;
pub(crate) mod correct;
pub(crate) mod enter;
pub(crate) mod origin;
pub(crate) mod pages;

use kernel::LeadId;
use sales::leads::LeadStatus;
use serde::Serialize;

use crate::call::Call;
use crate::paths;
use crate::phrases;
use crate::shell::Crumb;

/// A lead's state as a chip: word, tone and icon.
#[derive(Debug, Serialize)]
struct StateChip {
    word: String,
    tone: &'static str,
    icon: &'static str,
}

impl StateChip {
    fn of(call: &Call, state: LeadStatus) -> Self {
        let (tone, icon) = match state {
            LeadStatus::New => ("warn", "inbox"),
            LeadStatus::Contacted => ("busy", "comment"),
            LeadStatus::Converted => ("good", "check-circle"),
            LeadStatus::Disqualified => ("", "x-circle"),
        };
        Self { word: phrases::word(call, "lead-state", state), tone, icon }
    }
}

fn crumbs(call: &Call) -> Vec<Crumb> {
    vec![Crumb::new(call, "nav-leads", "/leads")]
}

fn step(id: LeadId, verb: &str) -> String {
    format!("{}/{verb}", paths::lead(id))
}
