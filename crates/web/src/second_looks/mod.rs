//! Second looks (二重検品): what waits for another reviewer who does not know the first verdict, their own, how far reviewers
//! agree, and JSON.

pub(crate) mod api;
pub(crate) mod pages;
