//! The way into work: who waits at which step, and the interviews on it.

pub(crate) mod api;
pub(crate) mod index;
pub(crate) mod interview;
mod next;

pub(crate) use next::Next;
