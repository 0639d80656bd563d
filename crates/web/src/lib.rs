//! What people and programs see: pages, the JSON API, sessions and errors. The outermost crate but the binary; it
//! alone knows HTTP. No SQL and no diesel: handlers call verbs through [`db::Db`].
//!
//! Every route stands in [`routes::ROUTES`] with who may use it; nothing else registers a handler. Invariant: a
//! route without a row in the authorization matrix fails the test `every_route_has_its_row` in `tests/`.

mod access;
mod api;
mod app;
mod assets;
mod board;
mod browser;
mod call;
mod calls;
mod client;
mod companies;
mod contact_mail;
mod contacts;
mod csrf;
mod csv;
mod deals;
mod deliveries;
mod failure;
mod figures;
mod files;
mod fixes;
pub mod format;
mod forms;
mod hashing;
mod headers;
mod health;
mod home;
mod host;
mod info;
mod jobs;
mod leads;
mod mail_settings;
mod mail_texts;
mod me;
mod members;
mod my_units;
mod network;
mod offers;
mod openapi;
mod operations;
mod orders;
mod paths;
mod phrases;
mod pipelines;
mod quotes;
mod refusals;
mod registry;
mod review;
mod route;
mod routes;
mod search;
mod server;
mod session;
mod shell;
mod sign_in;
mod tags;
mod templates;
mod terms_text;
mod texts;
mod town;
mod unsubscribe;
mod uploads;
mod visitor;
mod words;
mod workers;

pub use access::{Access, Roles};
pub use app::{App, AppSettings, MailState, Readiness, TaskState};
pub use browser::browser_name;
pub use openapi::openapi;
pub use route::Route;
pub use routes::ROUTES;
pub use server::configure;
pub use words::{review_reason, role_names, share_of_order, task_name};
