//! What one entry of the table in [`crate::routes`] is.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use actix_web::HttpResponse;

use crate::access::Access;
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
    /// The largest body in bytes; 0 where nothing is ([`Self::is_nothing`]).
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
    /// Whether there is nothing to read or write: no body is read, no form token asked for, and the answer is 404.
    pub(crate) fn is_nothing(&self) -> bool {
        self.body_limit == 0
    }

    /// Whether it speaks JSON and problem+json.
    pub fn is_api(&self) -> bool {
        self.documented.is_some() || self.path == "/api/openapi.json" || self.path == "/api/v1/{anything}"
    }
}

/// The names of a path's parameters.
pub(crate) fn braces(path: &'static str) -> impl Iterator<Item = &'static str> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}
