//! Pipelines and their stages as their town arranges them: pages for administrators, JSON.

pub(crate) mod api;
pub(crate) mod pages;
pub(crate) mod stages;
