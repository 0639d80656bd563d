//! The real program as a process: started, asked over HTTP, read by its mails, killed.

mod accounts;
mod api;
mod boards;
mod browser;
mod capacity;
mod chaos;
mod checking;
mod commands;
mod days;
mod faults;
mod homes;
mod imports;
mod inquiries;
mod inviting;
mod leaving;
mod mail_audit;
mod mail_contract;
#[cfg(target_os = "linux")]
mod mail_faults;
mod mail_pages;
mod matrix;
mod merging;
mod notices;
mod opening;
mod operations;
mod overtaken;
mod pages;
mod partners;
mod paying;
#[cfg(target_os = "linux")]
mod postfix;
mod process;
mod programme;
mod quotes;
mod repeats;
mod rules;
mod sampling;
mod simulation;
mod steering;
mod tokens;
mod tour;
mod towns;
mod views;
mod webhooks;
mod world;
