//! The desk for harassment. Everybody may write; who reads what is decided by person, in the database.

use super::{ADMIN, SIGNED, routes};
use crate::harassment;

routes! {
    GET "/harassment" => harassment::desk::show, SIGNED;
    GET "/harassment/new" => harassment::pages::new, SIGNED;
    POST "/harassment" => harassment::pages::report, SIGNED;
    POST "/harassment/contacts" => harassment::desk::appoint, ADMIN;
    POST "/harassment/contacts/{id}/end" => harassment::desk::dismiss, ADMIN;
    GET "/harassment/{id}" => harassment::pages::show, SIGNED;
    POST "/harassment/{id}/messages" => harassment::pages::say, SIGNED;
    /// Whom one turns to about harassment.
    GET "/api/v1/harassment/contacts" -> harassment::api::desk, SIGNED;
    /// Names somebody one turns to.
    POST "/api/v1/harassment/contacts" -> harassment::api::appoint, ADMIN;
    /// Somebody is no longer turned to.
    DELETE "/api/v1/harassment/contacts/{id}" -> harassment::api::dismiss, ADMIN;
    /// Reports that the caller sent or is named for, the latest first.
    GET "/api/v1/harassment/reports" -> harassment::api::index, SIGNED;
    /// Sends a report to the people it names, and to nobody else.
    POST "/api/v1/harassment/reports" -> harassment::api::report, SIGNED;
    /// One report that the caller sent or is named for.
    GET "/api/v1/harassment/reports/{id}" -> harassment::api::show, SIGNED;
    /// What was said about a report, in its order.
    GET "/api/v1/harassment/reports/{id}/messages" -> harassment::api::messages, SIGNED;
    /// Answers a report, or adds to the caller’s own.
    POST "/api/v1/harassment/reports/{id}/messages" -> harassment::api::say, SIGNED;
}
