//! What workers ask the town for beside work, and what they say of it.

use super::{CENTRE, PUBLIC, RUNNING, WORKER, routes};
use crate::{care, voices};

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
    GET "/t/{town}/voices" => voices::public::show, PUBLIC;
    GET "/voices" => voices::pages::index, CENTRE;
    POST "/voices" => voices::pages::give, WORKER;
    POST "/voices/{id}/show" => voices::pages::show, RUNNING;
    POST "/voices/{id}/hide" => voices::pages::hide, RUNNING;
    POST "/voices/{id}/withdraw" => voices::pages::withdraw, CENTRE;
    /// Voices, the latest first: the caller’s own, or all of them for coordination.
    GET "/api/v1/voices" -> voices::api::index, CENTRE;
    /// Gives the caller’s words with their consent that everybody may read them.
    POST "/api/v1/voices" -> voices::api::give, WORKER;
    /// Shows a voice to everybody.
    POST "/api/v1/voices/{id}/show" -> voices::api::show, RUNNING;
    /// Shows a voice no longer.
    POST "/api/v1/voices/{id}/hide" -> voices::api::hide, RUNNING;
    /// Takes the consent back: the voice is gone at once and for good.
    POST "/api/v1/voices/{id}/withdraw" -> voices::api::withdraw, CENTRE;
}
