//! Endings (解除・不更新の予告): coordination gives notice, the worker reads it and may ask why. And JSON.

pub(crate) mod api;
pub(crate) mod mine;
pub(crate) mod pages;
