//! The one table of routes: method, path, who may use it, handler. Each area writes its part down in a file of its
//! own; [`ROUTES`] is all of them.

mod accounts;
mod care;
mod centre;
mod day;
mod desk;
mod mails;
mod money;
mod operations;
mod orders;
mod own;
mod sales;
mod steering;

use std::sync::LazyLock;

use crate::access::{Access, Roles};
use crate::call::Call;
use crate::route::Route;

/// An ordinary form.
const FORM: usize = 256 * 1024;
/// A form with a file.
const UPLOAD: usize = 26 * 1024 * 1024;
/// The same from somebody without an account.
const SAMPLE: usize = 6 * 1024 * 1024;

// `=>` leads to a page's handler, `->` to a handler of the JSON API, whose row says in a doc comment what it does.
macro_rules! routes {
    ($($(#[doc = $summary:literal])* $method:ident $path:literal $arrow:tt $handler:path, $access:expr $(, $limit:expr)?;)+) => {
        pub(super) static TABLE: &[$crate::route::Route] = &[$(
            $crate::route::Route {
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
        Some($crate::route::Documented {
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
const FAIRNESS: Access =
    Access::Signed(Roles::ADMIN.and(Roles::COORDINATOR).and(Roles::OFFICER).and(Roles::ADVISER));
const PAY: Access = Access::Signed(Roles::ADMIN.and(Roles::COORDINATOR).and(Roles::OFFICER));
/// Whoever may sit in a sales meeting.
const MEETING: Access = Access::Signed(
    Roles::ADMIN.and(Roles::SALES).and(Roles::COORDINATOR).and(Roles::OFFICER).and(Roles::ADVISER),
);
/// Whoever sets targets and says what they think of a forecast.
const STEER: Access = Access::Signed(Roles::SALES.and(Roles::ADMIN).and(Roles::OFFICER));
/// Whoever may write a finding down: the sales team, and the advisers whose issues they are.
const RAISE: Access = Access::Signed(Roles::SALES.and(Roles::ADMIN).and(Roles::OFFICER).and(Roles::ADVISER));
const SELLING: Access = Access::Signed(Roles::SALES.and(Roles::ADMIN));
const COMPANIES: Access = Access::Signed(Roles::SALES.and(Roles::ADMIN).and(Roles::COORDINATOR));
const RUNNING: Access = Access::Signed(Roles::COORDINATOR.and(Roles::ADMIN));
/// Whoever hands files in or shows samples.
const TAKEN_IN: Access = Access::Signed(Roles::WORKER.and(Roles::COORDINATOR).and(Roles::ADMIN));
const ORDERS: Access = Access::Signed(Roles::COORDINATOR.and(Roles::ADMIN).and(Roles::SALES));

/// Whoever books a place of the centre for themselves.
const CENTRE: Access = Access::Signed(Roles::WORKER.and(Roles::COORDINATOR).and(Roles::ADMIN));
/// Whoever receives groups from elsewhere.
const VISITS: Access = Access::Signed(Roles::COORDINATOR.and(Roles::ADMIN).and(Roles::OFFICER));

/// Every route of the product.
pub static ROUTES: LazyLock<Vec<Route>> = LazyLock::new(|| {
    [
        operations::TABLE,
        sales::TABLE,
        day::TABLE,
        steering::TABLE,
        orders::TABLE,
        money::TABLE,
        own::TABLE,
        centre::TABLE,
        care::TABLE,
        desk::TABLE,
        accounts::TABLE,
        mails::TABLE,
    ]
    .concat()
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
