//! The real program as a process: started, asked over HTTP, read by its mails, killed.

mod browser;
mod commands;
mod mail_contract;
mod mail_pages;
mod matrix;
mod pages;
mod process;
mod tour;
mod world;
