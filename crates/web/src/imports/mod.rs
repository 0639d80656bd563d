//! Bringing files of rows into the town's lists, and writing lists out as such files: pages and JSON.

mod ahead;
pub(crate) mod api;
mod columns;
pub(crate) mod exports;
mod looks;
pub(crate) mod pages;
mod refusals;
mod returned;
mod rows;
mod words;
mod workbooks;
