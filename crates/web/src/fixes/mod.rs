//! Fixes (修正依頼): what clients want mended, the decision about one, and JSON.

pub(crate) mod api;
pub(crate) mod decide;
pub(crate) mod index;
