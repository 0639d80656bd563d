//! The only door to the database: one closure, one transaction, one town.
//!
//! [`Db::run`] checks a connection out inside a blocking thread, opens a transaction whose row-level-security
//! scope is set, and hands the closure a [`Tx`]. Verbs take `&mut Tx`: holding one proves that the scope is set.
//!
//! Invariant: with the scope of town A no row of town B can be read or written, and without a scope no row at
//! all (test `isolation` in `tests/`). No connection lives across an `.await`.

mod clock;
mod door;
mod erased;
mod error;
pub mod filter;
mod held;
mod history;
pub mod idempotency;
mod prepared;
pub mod private_postgres;
mod schema;
pub mod search;
#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use clock::{Moments, SetBack};
pub use door::{Commit, Db, Lobby, Path, PoolSettings, Tx};
pub use error::{DbError, Result};
pub use held::watchful;
pub use history::migrations_run;
pub use prepared::{Bound, NoBinds, Prepared, prepared};
