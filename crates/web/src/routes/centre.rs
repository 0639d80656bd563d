//! The telework centre: its places, who is there when, and who comes to see it.

use super::{CENTRE, RUNNING, VISITS, routes};
use crate::{centre, visits};

routes! {
    GET "/centre" => centre::pages::day, CENTRE;
    GET "/centre/bookings" => centre::bookings::index, CENTRE;
    GET "/centre/bookings/new" => centre::book::new, CENTRE;
    POST "/centre/bookings" => centre::book::create, CENTRE;
    POST "/centre/bookings/{id}/cancel" => centre::bookings::cancel, CENTRE;
    GET "/centre/closings/new" => centre::closings::new, RUNNING;
    POST "/centre/closings" => centre::closings::create, RUNNING;
    GET "/centre/places/new" => centre::places::new, RUNNING;
    POST "/centre/places" => centre::places::create, RUNNING;
    GET "/centre/places/{id}" => centre::pages::week, CENTRE;
    GET "/centre/places/{id}/edit" => centre::places::edit, RUNNING;
    POST "/centre/places/{id}" => centre::places::update, RUNNING;
    POST "/centre/places/{id}/retire" => centre::places::retire, RUNNING;
    POST "/centre/places/{id}/reopen" => centre::places::reopen, RUNNING;
    GET "/visits" => visits::pages::index, VISITS;
    GET "/visits/new" => visits::forms::new, VISITS;
    POST "/visits" => visits::forms::create, VISITS;
    GET "/visits/{id}" => visits::pages::show, VISITS;
    GET "/visits/{id}/edit" => visits::forms::edit, VISITS;
    POST "/visits/{id}" => visits::forms::update, VISITS;
    POST "/visits/{id}/answer" => visits::pages::answer, VISITS;
    POST "/visits/{id}/cancel" => visits::pages::cancel, VISITS;
    /// Rooms, desks and equipment that can be booked.
    GET "/api/v1/centre/places" -> centre::api::index, CENTRE;
    /// Enters a place.
    POST "/api/v1/centre/places" -> centre::api::open, RUNNING;
    /// One place.
    GET "/api/v1/centre/places/{id}" -> centre::api::show, CENTRE;
    /// Corrects a place; what is booked stays booked.
    PUT "/api/v1/centre/places/{id}" -> centre::api::update, RUNNING;
    /// Takes no more bookings for a place.
    POST "/api/v1/centre/places/{id}/retire" -> centre::api::retire, RUNNING;
    /// Takes bookings for a place again.
    POST "/api/v1/centre/places/{id}/reopen" -> centre::api::reopen, RUNNING;
    /// When a place is taken and when it is free, day by day.
    GET "/api/v1/centre/places/{id}/days" -> centre::api::days, CENTRE;
    /// What is free near a time that was wanted.
    GET "/api/v1/centre/places/{id}/instead" -> centre::api::instead, CENTRE;
    /// Bookings to come: the caller’s own, or all of them for coordination.
    GET "/api/v1/centre/bookings" -> centre::api::upcoming, CENTRE;
    /// Books a place; only coordination books for others.
    POST "/api/v1/centre/bookings" -> centre::api::book, CENTRE;
    /// Frees a place again.
    POST "/api/v1/centre/bookings/{id}/cancel" -> centre::api::cancel, CENTRE;
    /// Closes a place, or all of them, for days.
    POST "/api/v1/centre/closings" -> centre::api::close, RUNNING;
    /// Visits to come, or all of them.
    GET "/api/v1/visits" -> visits::api::index, VISITS;
    /// Notes that a group asks to come.
    POST "/api/v1/visits" -> visits::api::create, VISITS;
    /// One visit.
    GET "/api/v1/visits/{id}" -> visits::api::show, VISITS;
    /// Corrects a visit that nobody has answered yet.
    PUT "/api/v1/visits/{id}" -> visits::api::update, VISITS;
    /// Says whether they may come, who guides them and where.
    POST "/api/v1/visits/{id}/answer" -> visits::api::answer, VISITS;
    /// Calls a visit off; what was kept for it is free again.
    POST "/api/v1/visits/{id}/cancel" -> visits::api::cancel, VISITS;
}
