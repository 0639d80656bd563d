//! Files of transfers (振込データ): the page of a pay day's file, the account the town pays from, and JSON.

pub(crate) mod api;
pub(crate) mod pages;
pub(crate) mod payer;
