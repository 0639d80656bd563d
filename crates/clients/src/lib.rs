//! Whom the town works for: the public corporate-number register, companies and their contacts.
//!
//! Invariant: the register belongs to no town and only the import command writes it; companies and contacts belong
//! to one town each.

pub mod call_wishes;
pub mod companies;
pub mod contacts;
pub mod invented;
pub mod merges;
pub mod registry;
mod schema;
pub mod tags;
pub mod terms;

pub use companies::{Company, CompanyError};
pub use contacts::{Contact, ContactError};
pub use registry::{AdoptError, ImportError, RegistryRecord};
