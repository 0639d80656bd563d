//! The roadmap (ロードマップ): the year as a picture and as a table, one milestone, the form that enters or moves one.

pub(crate) mod api;
pub(crate) mod forms;
pub(crate) mod pages;
mod picture;
pub(crate) mod reading;
pub(crate) mod show;

use sales::roadmaps::{Milestone, MilestoneId};

use crate::call::Call;
use crate::targets::may_steer;

/// The page of the year's roadmap.
pub(crate) const HERE: &str = "/roadmap";

/// The address of a milestone.
pub(crate) fn path(id: MilestoneId) -> String {
    format!("{HERE}/milestones/{id}")
}

/// Whether the reader may correct a milestone and say that it is reached: its owner, and whoever steers.
fn may_change(call: &Call, milestone: &Milestone) -> bool {
    may_steer(call) || call.person().is_ok_and(|person| person == milestone.owner_id)
}
