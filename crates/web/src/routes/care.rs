//! What workers ask the town for beside work.

use super::{CENTRE, RUNNING, WORKER, routes};
use crate::care;

routes! {
    GET "/care-requests" => care::pages::index, CENTRE;
    GET "/care-requests/new" => care::pages::new, WORKER;
    POST "/care-requests" => care::pages::create, WORKER;
    GET "/care-requests/{id}" => care::pages::show, CENTRE;
    POST "/care-requests/{id}/answer" => care::pages::answer, RUNNING;
    POST "/care-requests/{id}/withdraw" => care::pages::withdraw, WORKER;
    /// Requests for consideration, the latest first: the caller’s own, or all of them for coordination.
    GET "/api/v1/care-requests" -> care::api::index, CENTRE;
    /// Asks for consideration; nobody has to say why.
    POST "/api/v1/care-requests" -> care::api::create, WORKER;
    /// One request.
    GET "/api/v1/care-requests/{id}" -> care::api::show, CENTRE;
    /// Answers a request, with the reason where it is not all that was asked.
    POST "/api/v1/care-requests/{id}/answer" -> care::api::answer, RUNNING;
    /// Takes a request of the caller’s back.
    POST "/api/v1/care-requests/{id}/withdraw" -> care::api::withdraw, WORKER;
}
