//! Statements of pay (支払通知書): closing, the lists of those who pay and of those who are paid, deductions, what kind of work a
//! job is, and JSON.

pub(crate) mod api;
pub(crate) mod closing;
pub(crate) mod days;
pub(crate) mod deductions;
pub(crate) mod mine;
pub(crate) mod pages;
mod sheet;
pub(crate) mod withholding;
