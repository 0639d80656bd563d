//! People in front of a real browser (Debian's Chromium, steered through chromedriver), and what they do there.

mod axe;
mod board;
mod chain;
mod driver;
mod hand;
mod keys;
mod phone;
mod reference;
pub(super) mod register;
mod salesday;
