//! The one table of routes: method, path, who may use it, handler.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use actix_web::HttpResponse;

use crate::access::{Access, Roles};
use crate::call::Call;
use crate::failure::Failure;
use crate::{
    assets, board, companies, contacts, deals, deliveries, health, home, info, jobs, leads, me, members,
    openapi, operations, orders, quotes, registry, review, search, sign_in, town, workers,
};

type Answer = Pin<Box<dyn Future<Output = Result<HttpResponse, Failure>>>>;

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
}

impl std::fmt::Debug for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} ({:?})", self.method, self.path, self.access)
    }
}

impl Route {
    /// Whether it speaks JSON and problem+json.
    pub fn is_api(&self) -> bool {
        self.path.starts_with("/api/")
    }
}

/// An ordinary form.
const FORM: usize = 256 * 1024;
/// A form with a file.
const UPLOAD: usize = 26 * 1024 * 1024;

macro_rules! routes {
    ($($method:ident $path:literal => $handler:path, $access:expr $(, $limit:expr)?;)+) => {
        /// Every route of the product.
        pub static ROUTES: &[Route] = &[$(
            Route {
                method: stringify!($method),
                path: $path,
                access: $access,
                body_limit: routes!(@limit $($limit)?),
                handler: |call| Box::pin($handler(call)),
            }
        ),+];
    };
    (@limit) => { FORM };
    (@limit $limit:expr) => { $limit };
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
    GET "/api/v1/companies" => companies::api::index, COMPANIES;
    POST "/api/v1/companies" => companies::api::create, SELLING;
    GET "/api/v1/companies/{id}" => companies::api::show, COMPANIES;
    PUT "/api/v1/companies/{id}" => companies::api::update, SELLING;

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
    GET "/api/v1/registry" => registry::api::index, SELLING;
    GET "/api/v1/registry/{number}" => registry::api::show, SELLING;
    POST "/api/v1/registry/{number}/adopt" => registry::api::adopt, SELLING;
    GET "/api/v1/companies/{id}/contacts" => contacts::api::of_company, COMPANIES;
    POST "/api/v1/companies/{id}/contacts" => contacts::api::create, SELLING;
    GET "/api/v1/contacts/{id}" => contacts::api::show, COMPANIES;
    PUT "/api/v1/contacts/{id}" => contacts::api::update, SELLING;
    GET "/api/v1/leads" => leads::api::index, SELLING;
    POST "/api/v1/leads" => leads::api::create, SELLING;
    GET "/api/v1/leads/{id}" => leads::api::show, SELLING;
    POST "/api/v1/leads/{id}/contact" => leads::api::contact, SELLING;
    POST "/api/v1/leads/{id}/disqualify" => leads::api::disqualify, SELLING;
    POST "/api/v1/leads/{id}/convert" => leads::api::convert, SELLING;
    GET "/api/v1/stages" => board::api::stages, COMPANIES;
    GET "/api/v1/deals" => deals::api::index, COMPANIES;
    POST "/api/v1/deals" => deals::api::create, SELLING;
    GET "/api/v1/deals/{id}" => deals::api::show, COMPANIES;
    PUT "/api/v1/deals/{id}" => deals::api::update, SELLING;
    POST "/api/v1/deals/{id}/advance" => deals::api::advance, SELLING;
    POST "/api/v1/deals/{id}/win" => deals::api::win, SELLING;
    POST "/api/v1/deals/{id}/lose" => deals::api::lose, SELLING;
    POST "/api/v1/deals/{id}/sleep" => deals::api::sleep, SELLING;
    POST "/api/v1/deals/{id}/reopen" => deals::api::reopen, SELLING;
    GET "/api/v1/deals/{id}/activities" => deals::api::activities, COMPANIES;
    POST "/api/v1/deals/{id}/activities" => deals::api::log, SELLING;
    GET "/api/v1/deals/{id}/quotes" => quotes::api::of_deal, COMPANIES;
    POST "/api/v1/deals/{id}/quotes" => quotes::api::create, SELLING;
    GET "/api/v1/quotes/{id}" => quotes::api::show, COMPANIES;

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
    GET "/api/v1/orders" => orders::api::index, ORDERS;
    GET "/api/v1/orders/running" => orders::api::running, ORDERS;
    GET "/api/v1/orders/{id}" => orders::api::show, ORDERS;
    GET "/api/v1/orders/{id}/progress" => orders::api::progress, ORDERS;
    GET "/api/v1/orders/{id}/lines" => orders::api::lines, ORDERS;
    POST "/api/v1/orders/{id}/start" => orders::api::start, RUNNING;
    POST "/api/v1/orders/{id}/cancel" => orders::api::cancel, RUNNING;
    POST "/api/v1/orders/{id}/close" => orders::api::close, RUNNING;
    GET "/api/v1/orders/{id}/jobs" => jobs::api::of_order, RUNNING;
    POST "/api/v1/orders/{id}/jobs" => jobs::api::create, RUNNING, UPLOAD;
    GET "/api/v1/jobs/{id}" => jobs::api::show, RUNNING;
    POST "/api/v1/jobs/{id}/offer" => jobs::api::offer, RUNNING;
    GET "/api/v1/jobs/{id}/units" => jobs::api::units, RUNNING;
    POST "/api/v1/units/{id}/take-back" => jobs::api::take_back, RUNNING;
    POST "/api/v1/units/{id}/reoffer" => jobs::api::reoffer, RUNNING;
    POST "/api/v1/units/{id}/cancel" => jobs::api::cancel, RUNNING;
    GET "/api/v1/units/{id}/versions" => review::api::versions, RUNNING;
    GET "/api/v1/reviews" => review::api::queue, RUNNING;
    POST "/api/v1/reviews/{submission}" => review::api::decide, RUNNING;
    POST "/api/v1/reviews/{submission}/begin" => review::api::begin, RUNNING;
    GET "/api/v1/orders/{id}/deliveries" => deliveries::api::of_order, ORDERS;
    POST "/api/v1/orders/{id}/deliveries" => deliveries::api::create, RUNNING;
    GET "/api/v1/deliveries/{id}" => deliveries::api::show, ORDERS;
    POST "/api/v1/deliveries/{id}/send-again" => deliveries::api::send_again, RUNNING;
    POST "/api/v1/deliveries/{id}/withdraw-link" => deliveries::api::withdraw_link, RUNNING;
    GET "/api/v1/workers" => workers::api::index, RUNNING;
    POST "/api/v1/workers" => workers::api::create, RUNNING;
    GET "/api/v1/workers/{id}" => workers::api::show, RUNNING;
    PUT "/api/v1/workers/{id}/hours" => workers::api::hours, RUNNING;
    POST "/api/v1/workers/{id}/steps" => workers::api::step, RUNNING;
    POST "/api/v1/workers/{id}/skills/{skill}" => workers::api::grant, RUNNING;
    DELETE "/api/v1/workers/{id}/skills/{skill}" => workers::api::revoke, RUNNING;
    GET "/api/v1/skills" => workers::api::skills_index, RUNNING;
    POST "/api/v1/skills" => workers::api::skills_add, RUNNING;

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
    POST "/api/v1/files" => crate::files::upload, WORKER, UPLOAD;
    GET "/api/v1/offers" => crate::offers::api::index, WORKER;
    GET "/api/v1/offers/{job}" => crate::offers::api::show, WORKER;
    POST "/api/v1/offers/{job}/claim" => crate::offers::api::claim, WORKER;
    POST "/api/v1/offers/{job}/decline" => crate::offers::api::decline, WORKER;
    GET "/api/v1/my-units" => crate::my_units::api::index, WORKER;
    GET "/api/v1/my-units/{unit}" => crate::my_units::api::show, WORKER;
    POST "/api/v1/my-units/{unit}/start" => crate::my_units::api::start, WORKER;
    POST "/api/v1/my-units/{unit}/pause" => crate::my_units::api::pause, WORKER;
    POST "/api/v1/my-units/{unit}/resume" => crate::my_units::api::resume, WORKER;
    POST "/api/v1/my-units/{unit}/submit" => crate::my_units::api::submit, WORKER;
    POST "/api/v1/my-units/{unit}/hand-back" => crate::my_units::api::hand_back, WORKER;

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
    POST "/members/{id}/roles" => members::set_roles, ADMIN;
    POST "/members/{id}/invite" => members::invite, ADMIN;
    POST "/members/{id}/disable" => members::disable, ADMIN;
    POST "/members/{id}/enable" => members::enable, ADMIN;
    GET "/town" => town::edit, ADMIN;
    POST "/town" => town::update, ADMIN;

    // Operations: mails, sandbox mailbox, tasks, help, search, figures.
    GET "/" => home::show, PUBLIC;
    GET "/messages" => operations::messages::index, MAILS;
    GET "/messages/{id}" => operations::messages::show, MAILS;
    GET "/sandbox" => operations::sandbox::index, ADMIN;
    GET "/sandbox/{id}" => operations::sandbox::show, ADMIN;
    GET "/sandbox/{id}/html" => operations::sandbox::html, ADMIN;
    GET "/tasks" => operations::tasks::index, ADMIN;
    POST "/tasks/{id}/retry" => operations::tasks::retry, ADMIN;
    POST "/tasks/{id}/discard" => operations::tasks::discard, ADMIN;
    GET "/help" => info::help, PUBLIC;
    GET "/accessibility" => info::accessibility, PUBLIC;
    GET "/search" => search::search, SIGNED;
    GET "/figures" => info::figures, FIGURES;
    GET "/api" => openapi::page, PUBLIC;
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
