//! The frame of the JSON API: what a handler takes, what it answers with, and what the OpenAPI description says
//! of both, all from the handler's own signature.
//!
//! ```text
//! async fn update(call: Rc<Call>, At(id): At<CompanyId>, IfMatch(version): IfMatch, Json(input): Json<CompanyInput>)
//!     -> Result<One<Company>, Failure>
//! ```
//!
//! Invariant: an answer of the API fits the schema its operation publishes (test
//! `every_verb_takes_its_example_and_every_answer_fits_its_published_schema` in `tests/`).

mod handler;
mod once;
mod operation;
mod parts;
mod query;
mod replies;
mod schemas;

pub(crate) use handler::Handler;
pub(crate) use once::{Once, once, once_about};
pub(crate) use operation::Operation;
pub(crate) use parts::{At, Chosen, IfMatch, Json, Multipart, Paged, Query};
pub(crate) use replies::{Created, Download, Listed, NoContent, One};
pub(crate) use schemas::Schemas;
