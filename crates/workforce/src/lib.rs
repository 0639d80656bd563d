//! Resident workers (住民ワーカー): their way through the programme, what they can do, and the hours they offer; the telework
//! centre and its visitors; where their pay goes; what they ask for and say, and whom they turn to.
//!
//! Invariants: every step of a worker is a row of `worker_events`, and every count is made from those rows (test
//! `the_seeds_figures_come_out_of_events`); why somebody cannot commute is stored nowhere.

pub mod availability;
pub mod bank_accounts;
pub mod bookings;
pub mod care_requests;
pub mod courses;
pub mod events;
mod forgetting;
pub mod harassment;
pub mod interviews;
pub mod invoice_registrations;
pub mod places;
mod schema;
pub mod sealing;
pub mod skills;
pub mod slots;
#[cfg(test)]
mod testing;
pub mod trials;
pub mod visits;
pub mod voices;
pub mod waiting;
pub mod workers;

pub use forgetting::forget;
pub use skills::{Needs, SkillError, SkillId, WorkerBrief};
pub use workers::{Worker, WorkerError, WorkerState};
