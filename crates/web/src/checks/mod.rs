//! Checks (確認項目) of a job: what reviewers look at, every wording with who wrote it, and JSON.

pub(crate) mod api;
pub(crate) mod pages;
