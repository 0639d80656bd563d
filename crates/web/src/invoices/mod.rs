//! Invoices to clients (請求書), what came in for them, and money in and out by month; pages and JSON.

pub(crate) mod api;
pub(crate) mod cash;
pub(crate) mod pages;
