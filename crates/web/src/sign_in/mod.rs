//! The front door: which town, signing in and out, choosing a password.

pub(crate) mod pages;
pub(crate) mod passwords;
