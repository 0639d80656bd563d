//! The real program as a process: started, asked over HTTP, read by its mails, killed.

mod browser;
mod commands;
mod faults;
mod matrix;
mod pages;
mod process;
mod tour;
mod world;
