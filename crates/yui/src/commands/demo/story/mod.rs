//! What happened in the demo town in a year, as tables: who asked, ordered, worked and answered. Names are plainly
//! synthetic and amounts invented; nothing here acts.

mod clients;
mod courses;
mod house;
mod neighbours;
mod prospects;
mod quality;
mod repeats;
mod seasons;
mod today;

pub(super) use clients::{CLIENTS, Client};

use super::score::Scene;

/// Every scene there is.
pub(super) fn scenes() -> impl Iterator<Item = &'static Scene> {
    [
        repeats::SCENES,
        seasons::SCENES,
        prospects::CLOSED,
        prospects::ON_THE_BOARD,
        prospects::LEADS,
        today::SCENES,
        house::SCENES,
        neighbours::SCENES,
        quality::SCENES,
    ]
    .into_iter()
    .flatten()
}
