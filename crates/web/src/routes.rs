//! The one table of routes: method, path, who may use it, handler.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use actix_web::HttpResponse;

use crate::access::{Access, Roles};
use crate::api::{Handler, Operation};
use crate::call::Call;
use crate::failure::Failure;
use crate::{
    assets, board, companies, contacts, deals, deliveries, health, home, info, jobs, leads, me, members,
    openapi, operations, orders, quotes, registry, review, search, sign_in, town, workers,
};

pub(crate) type Answer = Pin<Box<dyn Future<Output = Result<HttpResponse, Failure>>>>;

/// One entry of the table.
#[derive(Clone, Copy)]
pub struct Route {
    /// `GET`, `POST`, `PUT`, `PATCH` or `DELETE`.
    pub method: &'static str,
    /// The path with its parameters in braces.
    pub path: &'static str,
    /// Who may use it.
    pub access: Access,
    /// The largest body in bytes.
    pub(crate) body_limit: usize,
    pub(crate) handler: fn(Rc<Call>) -> Answer,
    /// What the API's description says of it; nothing for a page.
    pub(crate) documented: Option<Documented>,
}

/// An operation of the JSON API: its words from the table, the rest from its handler's signature.
#[derive(Clone, Copy)]
pub(crate) struct Documented {
    pub(crate) summary: &'static str,
    pub(crate) describe: fn(&mut Operation<'_>),
}

impl std::fmt::Debug for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} ({:?})", self.method, self.path, self.access)
    }
}

impl Route {
    /// Whether it speaks JSON and problem+json.
    pub fn is_api(&self) -> bool {
        self.documented.is_some() || self.path == "/api/openapi.json"
    }
}

/// The names of a path's parameters.
pub(crate) fn braces(path: &'static str) -> impl Iterator<Item = &'static str> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

/// An ordinary form.
const FORM: usize = 256 * 1024;
/// A form with a file.
const UPLOAD: usize = 26 * 1024 * 1024;

// `=>` leads to a page's handler, `->` to a handler of the JSON API, whose row says in a doc comment what it does.
macro_rules! routes {
    ($($(#[doc = $summary:literal])* $method:ident $path:literal $arrow:tt $handler:path, $access:expr $(, $limit:expr)?;)+) => {
        /// Every route of the product.
        pub static ROUTES: &[Route] = &[$(
            Route {
                method: stringify!($method),
                path: $path,
                access: $access,
                body_limit: routes!(@limit $($limit)?),
                handler: routes!(@handler $arrow $handler),
                documented: routes!(@documented $arrow $handler, concat!($($summary),*)),
            }
        ),+];
    };
    (@limit) => { FORM };
    (@limit $limit:expr) => { $limit };
    (@handler => $handler:path) => { |call| Box::pin($handler(call)) };
    (@handler -> $handler:path) => { |call| Handler::serve($handler, call) };
    (@documented => $handler:path, $summary:expr) => { None };
    (@documented -> $handler:path, $summary:expr) => {
        Some(Documented { summary: $summary, describe: |operation| Handler::describe($handler, operation) })
    };
}

const PUBLIC: Access = Access::Public;
const WORKER: Access = Access::Signed(Roles::WORKER);
const SIGNED: Access = Access::Signed(Roles::ANYONE);
const ADMIN: Access = Access::Signed(Roles::ADMIN);
const MAILS: Access = Access::Signed(Roles::ADMIN.and(Roles::COORDINATOR));
const FIGURES: Access =
    Access::Signed(Roles::ADMIN.and(Roles::SALES).and(Roles::OFFICER).and(Roles::ADVISER));
const SELLING: Access = Access::Signed(Roles::SALES.and(Roles::ADMIN));
const COMPANIES: Access = Access::Signed(Roles::SALES.and(Roles::ADMIN).and(Roles::COORDINATOR));
const RUNNING: Access = Access::Signed(Roles::COORDINATOR.and(Roles::ADMIN));
const ORDERS: Access = Access::Signed(Roles::COORDINATOR.and(Roles::ADMIN).and(Roles::SALES));

routes! {
    GET "/healthz" => health::process, PUBLIC;
    GET "/readyz" => health::ready, PUBLIC;
    GET "/assets/{name}" => assets::serve, PUBLIC;
    GET "/favicon.ico" => assets::favicon, PUBLIC;

    GET "/companies" => companies::pages::index, COMPANIES;
    GET "/companies/new" => companies::pages::new, SELLING;
    POST "/companies" => companies::pages::create, SELLING;
    GET "/companies/{id}" => companies::pages::show, COMPANIES;
    GET "/companies/{id}/edit" => companies::pages::edit, SELLING;
    POST "/companies/{id}" => companies::pages::update, SELLING;
    /// Companies by their reading, or those whose name or reading contains `q`.
    GET "/api/v1/companies" -> companies::api::index, COMPANIES;
    /// Enters a company.
    POST "/api/v1/companies" -> companies::api::create, SELLING;
    /// One company.
    GET "/api/v1/companies/{id}" -> companies::api::show, COMPANIES;
    /// Corrects a company; every field is written.
    PUT "/api/v1/companies/{id}" -> companies::api::update, SELLING;

    // Sales: registry, contacts, leads, board, deals, activities, quotes.
    GET "/registry" => registry::pages::index, SELLING;
    POST "/registry/{number}/adopt" => registry::pages::adopt, SELLING;
    GET "/companies/{id}/contacts/new" => contacts::pages::new, SELLING;
    POST "/companies/{id}/contacts" => contacts::pages::create, SELLING;
    GET "/contacts/{id}/edit" => contacts::pages::edit, SELLING;
    POST "/contacts/{id}" => contacts::pages::update, SELLING;
    GET "/leads" => leads::pages::index, SELLING;
    GET "/leads/new" => leads::pages::new, SELLING;
    POST "/leads" => leads::pages::create, SELLING;
    GET "/leads/{id}" => leads::pages::show, SELLING;
    POST "/leads/{id}/contact" => leads::pages::contact, SELLING;
    POST "/leads/{id}/disqualify" => leads::pages::disqualify, SELLING;
    GET "/leads/{id}/convert" => leads::convert::form, SELLING;
    POST "/leads/{id}/convert" => leads::convert::convert, SELLING;
    GET "/board" => board::pages::index, SELLING;
    GET "/deals" => deals::list::index, COMPANIES;
    GET "/deals/new" => deals::forms::new, SELLING;
    POST "/deals" => deals::forms::create, SELLING;
    GET "/deals/{id}" => deals::show::show, COMPANIES;
    GET "/deals/{id}/edit" => deals::forms::edit, SELLING;
    POST "/deals/{id}" => deals::forms::update, SELLING;
    POST "/deals/{id}/move" => board::pages::move_card, SELLING;
    POST "/deals/{id}/activities" => deals::show::log, SELLING;
    POST "/deals/{id}/sleep" => deals::show::sleep, SELLING;
    GET "/deals/{id}/win" => deals::closing::win_form, SELLING;
    POST "/deals/{id}/win" => deals::closing::win, SELLING;
    GET "/deals/{id}/lose" => deals::closing::lose_form, SELLING;
    POST "/deals/{id}/lose" => deals::closing::lose, SELLING;
    GET "/deals/{id}/reopen" => deals::closing::reopen_form, SELLING;
    POST "/deals/{id}/reopen" => deals::closing::reopen, SELLING;
    GET "/deals/{id}/quotes/new" => quotes::pages::new, SELLING;
    POST "/deals/{id}/quotes/new" => quotes::pages::create, SELLING;
    GET "/quotes/{id}" => quotes::pages::show, COMPANIES;
    /// Searches the public corporate-number register by a part of the name, two characters or more.
    GET "/api/v1/registry" -> registry::api::index, SELLING;
    /// What the register says of one corporation.
    GET "/api/v1/registry/{number}" -> registry::api::show, SELLING;
    /// Makes a registered corporation a company of the town, with its number, name, reading and address.
    POST "/api/v1/registry/{number}/adopt" -> registry::api::adopt, SELLING;
    /// A company’s contacts; they come whole.
    GET "/api/v1/companies/{id}/contacts" -> contacts::api::of_company, COMPANIES;
    /// Adds a contact to a company.
    POST "/api/v1/companies/{id}/contacts" -> contacts::api::create, SELLING;
    /// One contact.
    GET "/api/v1/contacts/{id}" -> contacts::api::show, COMPANIES;
    /// Corrects a contact; every field is written.
    PUT "/api/v1/contacts/{id}" -> contacts::api::update, SELLING;
    /// Leads, the newest first.
    GET "/api/v1/leads" -> leads::api::index, SELLING;
    /// Enters a lead.
    POST "/api/v1/leads" -> leads::api::create, SELLING;
    /// One lead.
    GET "/api/v1/leads/{id}" -> leads::api::show, SELLING;
    /// Notes that somebody has spoken to the lead.
    POST "/api/v1/leads/{id}/contact" -> leads::api::contact, SELLING;
    /// Gives a lead up for a coded reason.
    POST "/api/v1/leads/{id}/disqualify" -> leads::api::disqualify, SELLING;
    /// Makes a lead a deal, with its company and contact; answers with the deal.
    POST "/api/v1/leads/{id}/convert" -> leads::api::convert, SELLING;
    /// The board’s stages from the left; they come whole.
    GET "/api/v1/stages" -> board::api::stages, COMPANIES;
    /// The whole board: each stage with its count, its sum before tax and its newest cards.
    GET "/api/v1/board" -> board::api::board, SELLING;
    /// More cards of one stage, the newest moved first.
    GET "/api/v1/board/{stage}" -> board::api::cards, SELLING;
    /// Deals, the newest first.
    GET "/api/v1/deals" -> deals::api::index, COMPANIES;
    /// Opens a deal.
    POST "/api/v1/deals" -> deals::api::create, SELLING;
    /// One deal.
    GET "/api/v1/deals/{id}" -> deals::api::show, COMPANIES;
    /// Corrects a deal; every field is written.
    PUT "/api/v1/deals/{id}" -> deals::api::update, SELLING;
    /// Moves an open deal to another open stage.
    POST "/api/v1/deals/{id}/advance" -> deals::api::advance, SELLING;
    /// Wins a deal with its standing quote; the order is opened at once.
    POST "/api/v1/deals/{id}/win" -> deals::api::win, SELLING;
    /// Loses a deal for a coded reason.
    POST "/api/v1/deals/{id}/lose" -> deals::api::lose, SELLING;
    /// Lets a deal rest.
    POST "/api/v1/deals/{id}/sleep" -> deals::api::sleep, SELLING;
    /// Wakes a resting deal with a next action.
    POST "/api/v1/deals/{id}/reopen" -> deals::api::reopen, SELLING;
    /// What was done about a deal, the newest first.
    GET "/api/v1/deals/{id}/activities" -> deals::api::activities, COMPANIES;
    /// Logs an activity with the next action. The body names the deal’s `version`, because the next action is written over.
    POST "/api/v1/deals/{id}/activities" -> deals::api::log, SELLING;
    /// A deal’s moves, the oldest first; they come whole.
    GET "/api/v1/deals/{id}/events" -> deals::api::events, COMPANIES;
    /// Every version of a deal’s quote, the newest first; they come whole.
    GET "/api/v1/deals/{id}/quotes" -> quotes::api::of_deal, COMPANIES;
    /// Issues a quote; the one before is superseded.
    POST "/api/v1/deals/{id}/quotes" -> quotes::api::create, SELLING;
    /// One version of a quote with its lines.
    GET "/api/v1/quotes/{id}" -> quotes::api::show, COMPANIES;

    // Orders and quality: orders, jobs, review, deliveries, workers.
    GET "/orders" => orders::index::index, ORDERS;
    GET "/orders/{id}" => orders::show::show, ORDERS;
    POST "/orders/{id}/offer" => orders::show::offer, RUNNING;
    GET "/orders/{id}/cancel" => orders::cancel::form, RUNNING;
    POST "/orders/{id}/cancel" => orders::cancel::cancel, RUNNING;
    GET "/orders/{id}/close" => orders::close::form, RUNNING;
    POST "/orders/{id}/close" => orders::close::close, RUNNING;
    GET "/orders/{id}/jobs/new" => jobs::new::form, RUNNING;
    POST "/orders/{id}/jobs" => jobs::new::create, RUNNING, UPLOAD;
    GET "/orders/{id}/deliver" => deliveries::new::form, RUNNING;
    POST "/orders/{id}/deliver" => deliveries::new::create, RUNNING;
    GET "/jobs/{id}" => jobs::show::show, RUNNING;
    POST "/jobs/{id}/offer" => jobs::show::offer, RUNNING;
    GET "/units/{id}" => jobs::unit::show, RUNNING;
    POST "/units/{id}/take-back" => jobs::unit::take_back, RUNNING;
    POST "/units/{id}/reoffer" => jobs::unit::reoffer, RUNNING;
    GET "/units/{id}/cancel" => jobs::unit::cancel_page, RUNNING;
    POST "/units/{id}/cancel" => jobs::unit::cancel, RUNNING;
    GET "/review" => review::queue::index, RUNNING;
    GET "/review/{submission}" => review::decide::show, RUNNING;
    POST "/review/{submission}" => review::decide::decide, RUNNING;
    GET "/deliveries" => deliveries::index::index, RUNNING;
    GET "/deliveries/{id}" => deliveries::show::show, ORDERS;
    POST "/deliveries/{id}/send-again" => deliveries::show::send_again, RUNNING;
    POST "/deliveries/{id}/withdraw-link" => deliveries::show::withdraw_link, RUNNING;
    GET "/workers" => workers::index::index, RUNNING;
    GET "/workers/new" => workers::new::form, RUNNING;
    POST "/workers" => workers::new::create, RUNNING;
    GET "/workers/{id}" => workers::show::show, RUNNING;
    POST "/workers/{id}/steps" => workers::show::step, RUNNING;
    POST "/workers/{id}/hours" => workers::show::hours, RUNNING;
    POST "/workers/{id}/skills" => workers::skills::grant, RUNNING;
    POST "/workers/{id}/skills/{skill}/revoke" => workers::skills::revoke, RUNNING;
    GET "/skills" => workers::skills::index, RUNNING;
    POST "/skills" => workers::skills::add, RUNNING;
    POST "/skills/{id}" => workers::skills::rename, RUNNING;
    /// Orders by due day.
    GET "/api/v1/orders" -> orders::api::index, ORDERS;
    /// Running orders with the answers to the seven questions, by due day.
    GET "/api/v1/orders/running" -> orders::api::running, ORDERS;
    /// One order.
    GET "/api/v1/orders/{id}" -> orders::api::show, ORDERS;
    /// How many of an order’s units stand where.
    GET "/api/v1/orders/{id}/progress" -> orders::api::progress, ORDERS;
    /// What the client ordered, line by line; they come whole.
    GET "/api/v1/orders/{id}/lines" -> orders::api::lines, ORDERS;
    /// Starts an order, so that its jobs can be offered.
    POST "/api/v1/orders/{id}/start" -> orders::api::start, RUNNING;
    /// Calls an order off with all its open units.
    POST "/api/v1/orders/{id}/cancel" -> orders::api::cancel, RUNNING;
    /// Closes an order with fewer pieces than were ordered.
    POST "/api/v1/orders/{id}/close" -> orders::api::close, RUNNING;
    /// An order’s jobs with where their units stand; they come whole.
    GET "/api/v1/orders/{id}/jobs" -> jobs::api::of_order, RUNNING;
    /// Splits a part of an order into units: by count, or by the rows of a CSV.
    POST "/api/v1/orders/{id}/jobs" -> jobs::api::create, RUNNING, UPLOAD;
    /// One job.
    GET "/api/v1/jobs/{id}" -> jobs::api::show, RUNNING;
    /// Puts a job before every worker it fits; the order has to be running.
    POST "/api/v1/jobs/{id}/offer" -> jobs::api::offer, RUNNING;
    /// A job’s units in their order.
    GET "/api/v1/jobs/{id}/units" -> jobs::api::units, RUNNING;
    /// One unit.
    GET "/api/v1/units/{id}" -> jobs::api::unit, RUNNING;
    /// A unit’s moves, the oldest first; they come whole.
    GET "/api/v1/units/{id}/events" -> jobs::api::events, RUNNING;
    /// Takes a unit back from its holder.
    POST "/api/v1/units/{id}/take-back" -> jobs::api::take_back, RUNNING;
    /// Offers a refused unit again.
    POST "/api/v1/units/{id}/reoffer" -> jobs::api::reoffer, RUNNING;
    /// Calls one unit off.
    POST "/api/v1/units/{id}/cancel" -> jobs::api::cancel, RUNNING;
    /// Every version handed in with its verdict, the oldest first; they come whole.
    GET "/api/v1/units/{id}/versions" -> review::api::versions, RUNNING;
    /// What the caller may check, the longest waiting first; never their own work.
    GET "/api/v1/reviews" -> review::api::queue, RUNNING;
    /// Passes, returns or rejects a submission.
    POST "/api/v1/reviews/{submission}" -> review::api::decide, RUNNING;
    /// Shows the others that somebody looks at a submission.
    POST "/api/v1/reviews/{submission}/begin" -> review::api::begin, RUNNING;
    /// An order’s deliveries, the oldest first; they come whole.
    GET "/api/v1/orders/{id}/deliveries" -> deliveries::api::of_order, ORDERS;
    /// Assembles passed units into a delivery and mails the client its link.
    POST "/api/v1/orders/{id}/deliveries" -> deliveries::api::create, RUNNING;
    /// One delivery with its units and what was done with its links.
    GET "/api/v1/deliveries/{id}" -> deliveries::api::show, ORDERS;
    /// Mails the client a new link; the old one ends.
    POST "/api/v1/deliveries/{id}/send-again" -> deliveries::api::send_again, RUNNING;
    /// Withdraws the client's link: it opens nothing any more until a new one is sent.
    POST "/api/v1/deliveries/{id}/withdraw-link" -> deliveries::api::withdraw_link, RUNNING;
    /// Workers, by id.
    GET "/api/v1/workers" -> workers::api::index, RUNNING;
    /// Registers a worker: somebody the town knows, or a new person.
    POST "/api/v1/workers" -> workers::api::create, RUNNING;
    /// One worker with their steps and skills.
    GET "/api/v1/workers/{id}" -> workers::api::show, RUNNING;
    /// Sets how many minutes a week a worker wants at most.
    PUT "/api/v1/workers/{id}/hours" -> workers::api::hours, RUNNING;
    /// Takes a worker’s next step: training, activated, paused, withdrawn, returned.
    POST "/api/v1/workers/{id}/steps" -> workers::api::step, RUNNING;
    /// Grants a worker a skill, or changes its level or last day; answers with all their skills.
    POST "/api/v1/workers/{id}/skills/{skill}" -> workers::api::grant, RUNNING;
    /// Takes a skill away from a worker.
    DELETE "/api/v1/workers/{id}/skills/{skill}" -> workers::api::revoke, RUNNING;
    /// The town’s skills by name; they come whole.
    GET "/api/v1/skills" -> workers::api::skills_index, RUNNING;
    /// Adds a skill.
    POST "/api/v1/skills" -> workers::api::skills_add, RUNNING;
    /// Renames a skill; who has it keeps it.
    PUT "/api/v1/skills/{id}" -> workers::api::skills_rename, RUNNING;

    // A worker's own: offers, units, files.
    GET "/offers" => crate::offers::pages::index, WORKER;
    GET "/offers/{job}" => crate::offers::claim::show, WORKER;
    POST "/offers/{job}/claim" => crate::offers::claim::claim, WORKER;
    POST "/offers/{job}/decline" => crate::offers::pages::decline, WORKER;
    POST "/offers/reconsider" => crate::offers::pages::reconsider, WORKER;
    GET "/my-units" => crate::my_units::pages::index, WORKER;
    GET "/my-units/{unit}" => crate::my_units::sheet::show, WORKER;
    GET "/my-units/{unit}/terms" => crate::my_units::pages::terms, WORKER;
    GET "/my-units/{unit}/hand-back" => crate::my_units::actions::before_hand_back, WORKER;
    POST "/my-units/{unit}/start" => crate::my_units::actions::start, WORKER;
    POST "/my-units/{unit}/pause" => crate::my_units::actions::pause, WORKER;
    POST "/my-units/{unit}/resume" => crate::my_units::actions::resume, WORKER;
    POST "/my-units/{unit}/hand-back" => crate::my_units::actions::hand_back, WORKER;
    POST "/my-units/{unit}/submit" => crate::my_units::submit::submit, WORKER, UPLOAD;
    GET "/files/{id}" => crate::files::download, SIGNED;
    /// Takes a file in, to be handed in with a unit.
    POST "/api/v1/files" -> crate::files::upload, WORKER, UPLOAD;
    /// What is known of a file. Workers see their own uploads; coordinators and administrators see all.
    GET "/api/v1/files/{id}" -> crate::files::metadata, SIGNED;
    /// A file’s bytes.
    GET "/api/v1/files/{id}/bytes" -> crate::files::bytes, SIGNED;
    /// Offers that fit the caller, the earliest due first.
    GET "/api/v1/offers" -> crate::offers::api::index, WORKER;
    /// One offer with its rules in full and the terms for `count` units.
    GET "/api/v1/offers/{job}" -> crate::offers::api::show, WORKER;
    /// Accepts the terms and claims units.
    POST "/api/v1/offers/{job}/claim" -> crate::offers::api::claim, WORKER;
    /// Hides an offer from the caller; no mark is left.
    POST "/api/v1/offers/{job}/decline" -> crate::offers::api::decline, WORKER;
    /// Shows the caller every offer again that they declined.
    POST "/api/v1/offers/reconsider" -> crate::offers::api::reconsider, WORKER;
    /// The caller’s units.
    GET "/api/v1/my-units" -> crate::my_units::api::index, WORKER;
    /// One of the caller’s units with what was handed in.
    GET "/api/v1/my-units/{unit}" -> crate::my_units::api::show, WORKER;
    /// Begins a claimed unit.
    POST "/api/v1/my-units/{unit}/start" -> crate::my_units::api::start, WORKER;
    /// Lets a begun unit rest.
    POST "/api/v1/my-units/{unit}/pause" -> crate::my_units::api::pause, WORKER;
    /// Goes on with a resting unit.
    POST "/api/v1/my-units/{unit}/resume" -> crate::my_units::api::resume, WORKER;
    /// Hands a unit in: a note, and the id of a file taken in before.
    POST "/api/v1/my-units/{unit}/submit" -> crate::my_units::api::submit, WORKER;
    /// Gives a unit back without a mark.
    POST "/api/v1/my-units/{unit}/hand-back" -> crate::my_units::api::hand_back, WORKER;
    /// The terms the caller accepted with a unit, word for word.
    GET "/api/v1/my-units/{unit}/terms" -> crate::my_units::api::terms, WORKER;

    // Clients with a link.
    GET "/c/{secret}" => crate::client::pages::enter, Access::Link;
    GET "/delivery" => crate::client::pages::show, Access::Link;
    GET "/delivery/files/{unit}" => crate::client::pages::file, Access::Link;
    POST "/delivery/code" => crate::client::answer::code, Access::Link, 4 * FORM;
    POST "/delivery/answer" => crate::client::answer::answer, Access::Link, 4 * FORM;

    // Accounts: sign-in, invitations, own settings, members, town, set-up.
    GET "/t/{town}/sign-in" => sign_in::pages::new, PUBLIC;
    POST "/t/{town}/sign-in" => sign_in::pages::create, PUBLIC;
    GET "/t/{town}/forgot" => sign_in::passwords::forgot, PUBLIC;
    POST "/t/{town}/forgot" => sign_in::passwords::ask, PUBLIC;
    POST "/sign-out" => sign_in::pages::destroy, SIGNED;
    GET "/language/{language}" => sign_in::pages::language, PUBLIC;
    GET "/join/{secret}" => sign_in::passwords::join, Access::Link;
    POST "/join/{secret}" => sign_in::passwords::accept, Access::Link;
    GET "/reset/{secret}" => sign_in::passwords::reset, Access::Link;
    POST "/reset/{secret}" => sign_in::passwords::replace, Access::Link;
    GET "/setup" => sign_in::passwords::setup, PUBLIC;
    POST "/setup" => sign_in::passwords::open, PUBLIC;
    GET "/me" => me::show, SIGNED;
    POST "/me/preferences" => me::prefer, SIGNED;
    POST "/me/sessions/end-others" => me::end_others, SIGNED;
    POST "/me/sessions/{id}/end" => me::end_session, SIGNED;
    POST "/me/password" => me::change_password, SIGNED;
    POST "/me/tokens" => me::create_token, SIGNED;
    POST "/me/tokens/{id}/revoke" => me::revoke_token, SIGNED;
    GET "/members" => members::index, ADMIN;
    GET "/members/new" => members::new, ADMIN;
    POST "/members" => members::create, ADMIN;
    GET "/members/{id}" => members::show, ADMIN;
    POST "/members/{id}" => members::correct, ADMIN;
    POST "/members/{id}/roles" => members::set_roles, ADMIN;
    POST "/members/{id}/invite" => members::invite, ADMIN;
    POST "/members/{id}/disable" => members::disable, ADMIN;
    POST "/members/{id}/enable" => members::enable, ADMIN;
    GET "/town" => town::edit, ADMIN;
    POST "/town" => town::update, ADMIN;
    /// People, in the order of their readings.
    GET "/api/v1/members" -> members::api::index, ADMIN;
    /// Adds a person with roles and mails them the invitation.
    POST "/api/v1/members" -> members::api::create, ADMIN;
    /// One person.
    GET "/api/v1/members/{id}" -> members::api::show, ADMIN;
    /// Sets what a person may do; the list is written whole.
    PUT "/api/v1/members/{id}/roles" -> members::api::set_roles, ADMIN;
    /// Mails the invitation again; the link before ends.
    POST "/api/v1/members/{id}/invite" -> members::api::invite, ADMIN;
    /// Shuts a person out: they are signed out everywhere at once.
    POST "/api/v1/members/{id}/disable" -> members::api::disable, ADMIN;
    /// Lets a person in again.
    POST "/api/v1/members/{id}/enable" -> members::api::enable, ADMIN;
    /// The town’s settings.
    GET "/api/v1/town" -> town::show, ADMIN;
    /// Changes the town’s settings; every field is written.
    PUT "/api/v1/town" -> town::change, ADMIN;

    // Operations: mails, sandbox mailbox, tasks, help, search, figures.
    GET "/" => home::show, PUBLIC;
    GET "/messages" => operations::messages::index, MAILS;
    GET "/messages/{id}" => operations::messages::show, MAILS;
    GET "/sandbox" => operations::sandbox::index, ADMIN;
    GET "/sandbox/{id}" => operations::sandbox::show, ADMIN;
    GET "/sandbox/{id}/html" => operations::sandbox::html, ADMIN;
    GET "/tasks" => operations::tasks::index, ADMIN;
    POST "/tasks/redrive" => operations::tasks::redrive, ADMIN;
    POST "/tasks/pause" => operations::tasks::pause, ADMIN;
    POST "/tasks/resume" => operations::tasks::resume, ADMIN;
    POST "/tasks/{id}/retry" => operations::tasks::retry, ADMIN;
    POST "/tasks/{id}/discard" => operations::tasks::discard, ADMIN;
    GET "/help" => info::help, PUBLIC;
    GET "/accessibility" => info::accessibility, PUBLIC;
    GET "/search" => search::search, SIGNED;
    GET "/figures" => info::figures, FIGURES;
    /// Mails of the town, the newest first.
    GET "/api/v1/messages" -> operations::api::messages, MAILS;
    /// One mail with its attempts.
    GET "/api/v1/messages/{id}" -> operations::api::message, MAILS;
    /// Background tasks by kind and state; they come whole.
    GET "/api/v1/tasks" -> operations::api::depths, ADMIN;
    /// Tasks that failed too often and wait for somebody, the oldest first.
    GET "/api/v1/tasks/dead" -> operations::api::dead, ADMIN;
    /// Gives a dead task all its attempts again.
    POST "/api/v1/tasks/{id}/retry" -> operations::api::retry, ADMIN;
    /// Gives up on a dead task for good.
    POST "/api/v1/tasks/{id}/discard" -> operations::api::discard, ADMIN;
    /// The programme’s figures as of today, this fiscal year’s amounts among them.
    GET "/api/v1/figures" -> info::api::figures, FIGURES;
    GET "/api" => openapi::pages::index, PUBLIC;
    GET "/api/{tag}" => openapi::pages::tag, PUBLIC;
    GET "/api/openapi.json" => openapi::document, PUBLIC;
}

/// Whether whoever asks may open the page at `path`, by this very table.
pub(crate) fn may_get(call: &Call, path: &str) -> bool {
    let route = ROUTES.iter().find(|route| route.method == "GET" && route.path == path);
    match (route.map(|route| route.access), &call.who) {
        (Some(Access::Signed(roles)), Some(who)) => roles.any_of(who.roles.iter().copied()),
        (Some(Access::Public), _) => true,
        _ => false,
    }
}
