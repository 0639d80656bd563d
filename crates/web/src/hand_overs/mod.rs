//! Hand-overs (途中までの引き渡し): parts of units that wait for their share, the decision about one, and JSON.

pub(crate) mod api;
pub(crate) mod decide;
pub(crate) mod index;
