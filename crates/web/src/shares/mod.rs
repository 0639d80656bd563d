//! Shares (共有): parts of orders that partner towns do for this one, and this one for them, what is paid for them, and JSON.

pub(crate) mod api;
pub(crate) mod bundle;
pub(crate) mod money;
pub(crate) mod offer;
pub(crate) mod pages;
mod taking;
