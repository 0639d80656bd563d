//! The one table of routes: method, path, who may use it, handler. Each area writes its part down in a file of its
//! own; [`ROUTES`] is all of them.

mod accounts;
mod mails;
mod operations;
mod orders;
mod own;
mod sales;

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::LazyLock;

use actix_web::HttpResponse;

use crate::access::{Access, Roles};
use crate::api::Operation;
use crate::call::Call;
use crate::failure::Failure;

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
        pub(super) static TABLE: &[$crate::routes::Route] = &[$(
            $crate::routes::Route {
                method: stringify!($method),
                path: $path,
                access: $access,
                body_limit: routes!(@limit $($limit)?),
                handler: routes!(@handler $arrow $handler),
                documented: routes!(@documented $arrow $handler, concat!($($summary),*)),
            }
        ),+];
    };
    (@limit) => { $crate::routes::FORM };
    (@limit $limit:expr) => { $limit };
    (@handler => $handler:path) => { |call| Box::pin($handler(call)) };
    (@handler -> $handler:path) => { |call| $crate::api::Handler::serve($handler, call) };
    (@documented => $handler:path, $summary:expr) => { None };
    (@documented -> $handler:path, $summary:expr) => {
        Some($crate::routes::Documented {
            summary: $summary,
            describe: |operation| $crate::api::Handler::describe($handler, operation),
        })
    };
}
use routes;

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

/// Every route of the product.
pub static ROUTES: LazyLock<Vec<Route>> = LazyLock::new(|| {
    [operations::TABLE, sales::TABLE, orders::TABLE, own::TABLE, accounts::TABLE, mails::TABLE].concat()
});

/// Whether whoever asks may open the page at `path`, by this very table.
pub(crate) fn may_get(call: &Call, path: &str) -> bool {
    let route = ROUTES.iter().find(|route| route.method == "GET" && route.path == path);
    match (route.map(|route| route.access), &call.who) {
        (Some(Access::Signed(roles)), Some(who)) => roles.any_of(who.roles.iter().copied()),
        (Some(Access::Public), _) => true,
        _ => false,
    }
}
