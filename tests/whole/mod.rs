//! The real program as a process: started, asked over HTTP, read by its mails, killed.

mod accounts;
mod api;
mod boards;
mod browser;
mod commands;
mod days;
mod faults;
mod homes;
mod imports;
mod inquiries;
mod mail_contract;
mod mail_pages;
mod matrix;
mod merging;
mod opening;
mod operations;
mod pages;
mod process;
mod programme;
mod quotes;
mod repeats;
mod tokens;
mod tour;
mod towns;
mod views;
mod world;
