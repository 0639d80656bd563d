//! A worker's own: offers, units, files. And clients with a link.

use super::{FORM, SIGNED, TAKEN_IN, UPLOAD, WORKER, routes};
use crate::access::Access;
use crate::{appeals, availability, client, endings, files, learning, my_bank, my_jobs, my_units, offers};

routes! {
    GET "/offers" => offers::pages::index, WORKER;
    GET "/offers/{job}" => offers::claim::show, WORKER;
    GET "/offers/{job}/why" => offers::reasons::show, WORKER;
    POST "/offers/{job}/claim" => offers::claim::claim, WORKER;
    POST "/offers/{job}/decline" => offers::pages::decline, WORKER;
    POST "/offers/reconsider" => offers::pages::reconsider, WORKER;
    GET "/my-endings/{id}" => endings::mine::show, WORKER;
    POST "/my-endings/{id}/ask" => endings::mine::ask, WORKER;
    GET "/my-hours" => my_units::hours::show, WORKER;
    POST "/my-hours" => my_units::hours::update, WORKER;
    POST "/my-hours/week" => availability::own::week, WORKER;
    POST "/my-hours/days" => availability::own::day, WORKER;
    POST "/my-hours/days/clear" => availability::own::clear_day, WORKER;
    POST "/my-hours/conditions" => availability::own::conditions, WORKER;
    POST "/my-hours/off-today" => availability::own::off_today, WORKER;
    POST "/my-hours/back-today" => availability::own::back_today, WORKER;
    GET "/my-learning" => learning::pages::index, WORKER;
    POST "/my-learning/courses/{id}/enrol" => learning::pages::enrol, WORKER;
    POST "/my-learning/courses/{id}/leave" => learning::pages::leave, WORKER;
    GET "/my-pay" => my_units::pay::index, WORKER;
    GET "/my-pay/{date}" => my_units::pay_day::show, WORKER;
    GET "/my-year" => my_units::year::show, WORKER;
    POST "/my-year" => my_units::year::watch, WORKER;
    GET "/my-bank" => my_bank::pages::show, WORKER;
    POST "/my-bank" => my_bank::pages::put, WORKER;
    POST "/my-bank/remove" => my_bank::pages::remove, WORKER;
    GET "/my-invoice" => my_bank::invoice::show, WORKER;
    POST "/my-invoice" => my_bank::invoice::record, WORKER;
    GET "/my-jobs/{job}" => my_jobs::pages::show, WORKER;
    POST "/my-jobs/{job}/rules-read" => my_jobs::pages::read_rules, WORKER;
    POST "/my-jobs/{job}/questions" => my_jobs::pages::ask, WORKER;
    GET "/my-units" => my_units::pages::index, WORKER;
    GET "/my-units/{unit}" => my_units::sheet::show, WORKER;
    GET "/my-units/{unit}/terms" => my_units::pages::terms, WORKER;
    GET "/my-units/{unit}/deadline" => my_units::deadline::show, WORKER;
    POST "/my-units/{unit}/deadline" => my_units::deadline::accept, WORKER;
    GET "/my-units/{unit}/hand-back" => my_units::actions::before_hand_back, WORKER;
    GET "/my-units/{unit}/hand-over" => my_units::hand_over::form, WORKER;
    POST "/my-units/{unit}/hand-over" => my_units::hand_over::hand_over, WORKER, UPLOAD;
    POST "/my-units/{unit}/start" => my_units::actions::start, WORKER;
    POST "/my-units/{unit}/pause" => my_units::draft::pause, WORKER, UPLOAD;
    POST "/my-units/{unit}/resume" => my_units::actions::resume, WORKER;
    POST "/my-units/{unit}/keep" => my_units::actions::keep, WORKER;
    POST "/my-units/{unit}/hand-back" => my_units::actions::hand_back, WORKER;
    POST "/my-units/{unit}/retract" => my_units::actions::retract, WORKER;
    POST "/my-units/{unit}/submit" => my_units::submit::submit, WORKER, UPLOAD;
    POST "/my-units/{unit}/draft" => my_units::draft::save, WORKER, UPLOAD;
    GET "/my-units/{unit}/appeal" => appeals::mine::show, WORKER;
    POST "/my-units/{unit}/appeal" => appeals::mine::appeal, WORKER;
    /// How the caller stands to the last verdict against their work on a unit, and what came of their appeal.
    GET "/api/v1/my-units/{unit}/appeal" -> appeals::api::mine, WORKER;
    /// Asks for another reviewer’s word about the last verdict against the caller’s work on a unit.
    POST "/api/v1/my-units/{unit}/appeal" -> appeals::api::appeal, WORKER;
    GET "/files/{id}" => files::download, SIGNED;
    /// Takes a file in, to be handed in with a unit or shown as a sample.
    POST "/api/v1/files" -> files::upload, TAKEN_IN, UPLOAD;
    /// What is known of a file. Workers see their own uploads; coordinators and administrators see all.
    GET "/api/v1/files/{id}" -> files::metadata, SIGNED;
    /// A file’s bytes.
    GET "/api/v1/files/{id}/bytes" -> files::bytes, SIGNED;
    /// Offers that fit the caller, the earliest due first.
    GET "/api/v1/offers" -> offers::api::index, WORKER;
    /// One offer with its rules in full and the terms for `count` units.
    GET "/api/v1/offers/{job}" -> offers::api::show, WORKER;
    /// Why the caller was offered a job or was not: what its rounds decided about them, and what keeps it from them now.
    GET "/api/v1/offers/{job}/why" -> offers::reasons::api, WORKER;
    /// Accepts the terms and claims units.
    POST "/api/v1/offers/{job}/claim" -> offers::api::claim, WORKER;
    /// Hides an offer from the caller; no mark is left.
    POST "/api/v1/offers/{job}/decline" -> offers::api::decline, WORKER;
    /// Shows the caller every offer again that they declined.
    POST "/api/v1/offers/reconsider" -> offers::api::reconsider, WORKER;
    /// What the caller was told about the end of their work.
    GET "/api/v1/my-endings/{id}" -> endings::api::show, WORKER;
    /// Asks why the caller’s work ends: the answer is the reason, which also comes by mail.
    POST "/api/v1/my-endings/{id}/ask" -> endings::api::ask, WORKER;
    /// How many minutes a week the caller wants at most.
    GET "/api/v1/my-hours" -> my_units::hours::read, WORKER;
    /// Sets how many minutes a week the caller wants at most; the newest word counts.
    PUT "/api/v1/my-hours" -> my_units::hours::write, WORKER;
    /// What the caller offers from today on, and how they work.
    GET "/api/v1/my-availability" -> availability::api::read, WORKER;
    /// Sets the caller’s standing week as a whole; all empty means any time.
    PUT "/api/v1/my-availability/week" -> availability::api::week, WORKER;
    /// Gives one day hours of its own, or takes it off; why is not asked.
    PUT "/api/v1/my-availability/day" -> availability::api::day, WORKER;
    /// Sets how the caller works, as a whole.
    PUT "/api/v1/my-availability/conditions" -> availability::api::conditions, WORKER;
    /// Makes a day like the standing week again.
    POST "/api/v1/my-availability/clear-day" -> availability::api::clear_day, WORKER;
    /// Takes today off: nothing is offered and no offer is mailed today, and coordination is told.
    POST "/api/v1/my-availability/off-today" -> availability::api::off_today, WORKER;
    /// Undoes `off-today`.
    POST "/api/v1/my-availability/back-today" -> availability::api::back_today, WORKER;
    /// What the caller can do, as the town has confirmed it; expired skills too.
    GET "/api/v1/my-skills" -> learning::api::skills, WORKER;
    /// Trainings that have not begun, the soonest first.
    GET "/api/v1/my-courses" -> learning::api::coming, WORKER;
    /// Trainings the caller has a seat in or was in, the newest first.
    GET "/api/v1/my-courses/mine" -> learning::api::mine, WORKER;
    /// Takes a seat for the caller.
    POST "/api/v1/my-courses/{id}/enrol" -> learning::api::enrol, WORKER;
    /// Gives the caller’s seat back; no reason is asked.
    POST "/api/v1/my-courses/{id}/leave" -> learning::api::leave, WORKER;
    /// What the caller’s trial batches showed, the newest first.
    GET "/api/v1/my-trials" -> learning::api::trials, WORKER;
    /// What the caller has earned, the oldest first, or what of it is paid on one day.
    GET "/api/v1/my-pay" -> my_units::pay_day::lines, WORKER;
    /// What is paid to the caller within a calendar year, month by month, with the limit they watch. It is no statement.
    GET "/api/v1/my-year" -> my_units::year::read, WORKER;
    /// Keeps the yearly limit that the caller watches, or that they watch none; nobody else reads it.
    PUT "/api/v1/my-year/limit" -> my_units::year::write, WORKER;
    /// The account the caller’s pay goes to, masked.
    GET "/api/v1/my-bank" -> my_bank::api::show, WORKER;
    /// Enters or changes the account the caller’s pay goes to; a mail tells them.
    PUT "/api/v1/my-bank" -> my_bank::api::put, WORKER;
    /// Takes the caller’s account away.
    DELETE "/api/v1/my-bank" -> my_bank::api::remove, WORKER;
    /// What the caller has said of their invoice registration; the first one counts.
    GET "/api/v1/my-invoice" -> my_bank::api::answers, WORKER;
    /// Writes down whether the caller is registered to issue qualified invoices.
    POST "/api/v1/my-invoice" -> my_bank::api::record, WORKER;
    /// The rules of a job before the caller, with what they agreed to and have read.
    GET "/api/v1/my-jobs/{job}/rules" -> my_jobs::api::reading, WORKER;
    /// Says that the caller has read a version of the rules.
    POST "/api/v1/my-jobs/{job}/rules-read" -> my_jobs::api::read, WORKER;
    /// The samples of a job before the caller; they come whole.
    GET "/api/v1/my-jobs/{job}/samples" -> my_jobs::api::samples, WORKER;
    /// The questions about a job before the caller with their answers, the newest first; nobody is named.
    GET "/api/v1/my-jobs/{job}/questions" -> my_jobs::api::questions, WORKER;
    /// Asks about a job before the caller; everybody on it reads question and answer.
    POST "/api/v1/my-jobs/{job}/questions" -> my_jobs::api::ask, WORKER;
    /// The caller’s units.
    GET "/api/v1/my-units" -> my_units::api::index, WORKER;
    /// One of the caller’s units with what was handed in.
    GET "/api/v1/my-units/{unit}" -> my_units::api::show, WORKER;
    /// Begins a claimed unit.
    POST "/api/v1/my-units/{unit}/start" -> my_units::api::start, WORKER;
    /// Lets a begun unit rest.
    POST "/api/v1/my-units/{unit}/pause" -> my_units::api::pause, WORKER;
    /// Goes on with a resting unit.
    POST "/api/v1/my-units/{unit}/resume" -> my_units::api::resume, WORKER;
    /// Says that the caller goes on with a unit: what they hold of its job is kept from now on anew.
    POST "/api/v1/my-units/{unit}/keep" -> my_units::api::keep, WORKER;
    /// Hands a unit in: files taken in before, a text, and a memo that stays in the town.
    POST "/api/v1/my-units/{unit}/submit" -> my_units::api::submit, WORKER;
    /// What the caller has written for a unit and not handed in.
    GET "/api/v1/my-units/{unit}/draft" -> my_units::draft::read, WORKER;
    /// Saves what the caller has written for a unit so far; refused where another page saved it since.
    PUT "/api/v1/my-units/{unit}/draft" -> my_units::draft::write, WORKER;
    /// Takes the last version back, while nobody has begun to check it.
    POST "/api/v1/my-units/{unit}/retract" -> my_units::api::retract, WORKER;
    /// Gives a unit back without a mark.
    POST "/api/v1/my-units/{unit}/hand-back" -> my_units::api::hand_back, WORKER;
    /// Gives a unit back with what is done of it; the share of its pay is decided by coordination.
    POST "/api/v1/my-units/{unit}/hand-over" -> my_units::hand_over::api, WORKER;
    /// The new terms of a unit whose deadline moved, for all of the caller’s units of that job.
    GET "/api/v1/my-units/{unit}/deadline" -> my_units::api::deadline, WORKER;
    /// Accepts the later deadline for all of the caller’s units of that job.
    POST "/api/v1/my-units/{unit}/deadline" -> my_units::api::accept_deadline, WORKER;
    /// The terms the caller accepted with a unit, word for word.
    GET "/api/v1/my-units/{unit}/terms" -> my_units::api::terms, WORKER;
    GET "/c/{secret}" => client::pages::enter, Access::Link;
    GET "/q/{secret}" => client::quote::enter, Access::Link;
    GET "/b/{secret}" => client::bill::enter, Access::Link;
    GET "/bill" => client::bill::show, Access::Link;
    GET "/quote" => client::quote::show, Access::Link;
    POST "/quote/check" => client::quote::check, Access::Link;
    POST "/quote/order" => client::quote::order, Access::Link;
    POST "/quote/ask" => client::quote::ask, Access::Link;
    POST "/quote/decline" => client::quote::decline, Access::Link;
    GET "/delivery" => client::pages::show, Access::Link;
    GET "/delivery/files/{unit}/{file}" => client::pages::file, Access::Link;
    GET "/delivery/files.zip" => client::bundle::download, Access::Link;
    POST "/delivery/code" => client::answer::code, Access::Link, 4 * FORM;
    POST "/delivery/answer" => client::answer::answer, Access::Link, 4 * FORM;
    POST "/delivery/again" => client::again::wish, Access::Link;
    POST "/delivery/question" => client::question::ask, Access::Link;
}
