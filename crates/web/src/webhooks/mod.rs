//! Other people's programs that are told what happens here (外部への通知).

pub(crate) mod api;
pub(crate) mod pages;
