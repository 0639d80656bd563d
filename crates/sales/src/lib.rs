//! From the first contact to the won order: pipelines with their stages, leads, deals with their lines, activities, quotes
//! and what their clients answer, and repeats; and what salespeople have to do: their day, todos, calendar and meetings,
//! the team itself, its targets, what is expected of its deals, how selling goes, and what advisers say of it.
//!
//! Invariant: no open deal is without a next action, and a deal is won only on a quote that stands. What happens
//! here is told to others through [`events`]; sales knows neither orders nor mail.

pub mod about;
pub mod activities;
pub mod advice;
pub mod analyses;
mod assigning;
pub mod bulk_edits;
pub mod chances;
pub mod colleagues;
pub mod costs;
pub mod day;
pub mod deals;
pub mod direct;
pub mod events;
pub mod feeds;
pub mod findings;
pub mod forecasts;
pub mod hearings;
pub mod imports;
pub mod invented;
pub mod leads;
pub mod lines;
pub mod meetings;
pub mod merging;
pub mod pipelines;
pub mod quotes;
pub mod reminders;
pub mod repeats;
pub mod roadmaps;
mod schema;
pub mod sendings;
pub mod stages;
pub mod targets;
pub mod team;
#[cfg(test)]
mod testing;
pub mod todos;
pub mod views;

pub use about::About;
pub use activities::{Activity, ActivityError};
pub use advice::AdviceError;
pub use bulk_edits::{BulkEdit, BulkEditError};
pub use costs::CostError;
pub use deals::{Deal, DealError};
pub use findings::{Finding, FindingError};
pub use forecasts::ForecastError;
pub use hearings::{Hearing, HearingError};
pub use imports::{Import, ImportError};
pub use leads::{Lead, LeadError};
pub use meetings::{Meeting, MeetingError};
pub use pipelines::{Pipeline, PipelineError};
pub use quotes::{Quote, QuoteError};
pub use roadmaps::RoadmapError;
pub use sendings::{AnswerError, SendError};
pub use stages::{Stage, StageError};
pub use targets::TargetError;
pub use team::TeamError;
pub use todos::{Todo, TodoError};
pub use views::{View, ViewError};
