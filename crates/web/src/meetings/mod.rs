//! Sales meetings: the list with open findings, calling one, the meeting itself with its agenda, minutes and decisions; and
//! findings by themselves.

pub(crate) mod agenda;
pub(crate) mod api;
pub(crate) mod finding;
pub(crate) mod findings;
pub(crate) mod forms;
pub(crate) mod pages;
mod steering;

use kernel::PersonId;
use sales::meetings::MeetingId;

use crate::call::Call;
use crate::shell::Crumb;

/// The way to the list of meetings.
fn crumbs(call: &Call) -> Vec<Crumb> {
    vec![Crumb::new(call, "meetings-title", "/meetings")]
}

/// A meeting's own page.
fn path(id: MeetingId) -> String {
    format!("/meetings/{id}")
}

/// The names of these people in their order, as one line.
fn names(
    call: &Call,
    people: &std::collections::BTreeMap<PersonId, accounts::Person>,
    ids: &[PersonId],
) -> String {
    let named = ids.iter().filter_map(|id| people.get(id)).map(|person| person.name_in(call.language));
    let comma = match call.language {
        kernel::Language::Ja => "、",
        kernel::Language::En => ", ",
    };
    named.collect::<Vec<_>>().join(comma)
}
