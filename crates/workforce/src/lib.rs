//! Resident workers (住民ワーカー): their way through the programme, what they can do, and the hours they offer.
//!
//! Invariants: every step of a worker is a row of `worker_events`, and every count is made from those rows (test
//! `the_seeds_figures_come_out_of_events`); why somebody cannot commute is stored nowhere.

pub mod availability;
pub mod courses;
mod forgetting;
pub mod interviews;
mod schema;
pub mod skills;
pub mod trials;
pub mod waiting;
pub mod workers;

pub use forgetting::forget;
pub use skills::{Needs, SkillError, SkillId, WorkerBrief};
pub use workers::{Worker, WorkerError, WorkerState};
