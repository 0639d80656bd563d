//! Orders: the seven questions, one order, and JSON.

pub(crate) mod again;
pub(crate) mod api;
pub(crate) mod cancel;
pub(crate) mod close;
pub(crate) mod direct;
pub(crate) mod due;
pub(crate) mod index;
pub(crate) mod lacking;
pub(crate) mod offering;
pub(crate) mod parts;
pub(crate) mod past;
pub(crate) mod re_entrusted;
pub(crate) mod row;
pub(crate) mod show;
pub(crate) mod step;
pub(crate) mod today;
