//! The ground every crate stands on: ids, yen, dates, Japanese text keys, the context of a request and the
//! one table of error codes. No IO and no clock but [`clock`]; of diesel only the backend traits, so that the
//! newtypes can be columns.
//!
//! Invariant: kernel depends on no other crate of ours (test `arrows_are_the_plan` in `tests/`).

// The macros name serde and schemars by the path `kernel::…`; inside kernel itself that path has to exist.
extern crate self as kernel;

mod calendar;
mod check_digit;
mod checks;
pub mod clock;
mod context;
mod email;
mod error;
mod fiscal;
mod id;
mod language;
pub mod likeness;
mod money;
mod paging;
pub mod reach;
pub mod text;
mod text_enum;

pub use calendar::{DayKind, FiscalYear, FiscalYearError, Holidays, JST, date_in_japan, reiwa};
pub use check_digit::{CorporateNumber, MunicipalCode, NumberError};
pub use checks::{Checks, Typed};
pub use context::{Actor, Ctx, RequestId, Scope, person_in};
pub use email::{EmailAddress, EmailError};
pub use error::{Bound, Candidate, Code, Coded, FieldProblem, Invalid};
pub use fiscal::{Period, Span};
pub use id::{
    ActivityId, AssignmentId, BoardStageId, CompanyId, ContactId, DealId, DeliveryId, EventId, FileId, JobId,
    LeadId, MergeId, MessageId, OfferId, OrderId, OrganizationId, PersonId, QuoteId, ReviewId, SessionId,
    SubmissionId, TaskId, UnitId, WorkerId,
};
pub use language::Language;
pub use money::{MoneyError, TaxRate, Yen};
pub use paging::{Page, Paging};

/// What the macros of this crate expand to; not for direct use.
#[doc(hidden)]
pub mod macro_support {
    pub use diesel;
    pub use schemars;
    pub use serde;
}
