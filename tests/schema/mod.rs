//! The schema as it really is: migrations, isolation of towns, and rules every table keeps.

mod audited;
mod catalogue;
mod isolation;
mod migrations;
mod plans;
mod search;
