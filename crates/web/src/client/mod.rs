//! A client's side of a delivery, without an account: the mail's link becomes a cookie, the page behind it stands at
//! `/delivery`, and the answer takes a typed name and a mailed code.
//!
//! Invariant: no GET and no HEAD changes anything but the access log, and `/c/{secret}` not even that, so mail
//! scanners may open every link there is.

pub(crate) mod answer;
mod link;
pub(crate) mod pages;
mod view;
