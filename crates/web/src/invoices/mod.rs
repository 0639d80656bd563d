//! Invoices to clients (請求書) and returns of them, on their way to clients; what came in for them, and money in and out by month; pages and JSON.

pub(crate) mod api;
pub(crate) mod cash;
pub(crate) mod credits;
pub(crate) mod pages;
pub(crate) mod paper;
pub(crate) mod sending;
