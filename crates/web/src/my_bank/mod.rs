//! Where a worker's pay goes and whether they issue qualified invoices: their own two pages, and JSON.

pub(crate) mod api;
pub(crate) mod invoice;
pub(crate) mod pages;
