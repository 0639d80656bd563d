//! The frame: health, assets, home, tasks, help, search, figures, the description of the API.

use super::{ADMIN, FAIRNESS, FIGURES, PAY, PUBLIC, RUNNING, SIGNED, routes};
use crate::access::Access;
use crate::{assets, figures, health, home, info, metrics, openapi, operations, search};

routes! {
    GET "/healthz" => health::process, PUBLIC;
    GET "/readyz" => health::ready, PUBLIC;
    GET "/metrics" => metrics::show, Access::Monitoring;
    GET "/assets/{name}" => assets::serve, PUBLIC;
    GET "/favicon.ico" => assets::favicon, PUBLIC;
    GET "/" => home::show, PUBLIC;
    GET "/tasks" => operations::tasks::index, ADMIN;
    POST "/tasks/redrive" => operations::tasks::redrive, ADMIN;
    POST "/tasks/pause" => operations::tasks::pause, ADMIN;
    POST "/tasks/resume" => operations::tasks::resume, ADMIN;
    POST "/tasks/clear" => operations::tasks::clear, ADMIN;
    POST "/tasks/{id}/retry" => operations::tasks::retry, ADMIN;
    POST "/tasks/{id}/discard" => operations::tasks::discard, ADMIN;
    POST "/tasks/{id}/cancel" => operations::tasks::cancel, ADMIN;
    GET "/help" => info::help, PUBLIC;
    GET "/accessibility" => info::accessibility, PUBLIC;
    GET "/search" => search::search, SIGNED;
    GET "/figures" => figures::index, FIGURES;
    GET "/figures/pay" => figures::pay::index, PAY;
    GET "/figures/pay/{day}" => figures::pay::day, RUNNING;
    GET "/figures/fairness" => figures::fairness::index, FAIRNESS;
    GET "/figures/{figure}" => figures::behind::show, FIGURES;
    GET "/figures/{figure}/csv" => figures::behind::csv, FIGURES;
    /// Background tasks by kind and state; they come whole.
    GET "/api/v1/tasks" -> operations::api::depths, ADMIN;
    /// Tasks that failed too often and wait for somebody, the oldest first.
    GET "/api/v1/tasks/dead" -> operations::api::dead, ADMIN;
    /// Every kind of background task, and whether it is paused; they come whole.
    GET "/api/v1/tasks/kinds" -> operations::api::kinds, ADMIN;
    /// Stops tasks of a kind from being started; what runs may end. Pausing twice is once.
    POST "/api/v1/tasks/pause" -> operations::api::pause, ADMIN;
    /// Lets a paused kind run again.
    POST "/api/v1/tasks/resume" -> operations::api::resume, ADMIN;
    /// Takes back what has not begun of a paused kind, at most 1,000 tasks; ask again for the rest.
    POST "/api/v1/tasks/clear" -> operations::api::clear, ADMIN;
    /// Gives the dead of a kind, or of one cause, all their attempts again.
    POST "/api/v1/tasks/redrive" -> operations::api::redrive, ADMIN;
    /// Gives a dead task all its attempts again, or tries one at once that waits for its next try.
    POST "/api/v1/tasks/{id}/retry" -> operations::api::retry, ADMIN;
    /// Gives up on a dead task for good.
    POST "/api/v1/tasks/{id}/discard" -> operations::api::discard, ADMIN;
    /// Takes a task back that has not ended.
    POST "/api/v1/tasks/{id}/cancel" -> operations::api::cancel_task, ADMIN;
    /// The programme’s figures as of today, this fiscal year’s amounts among them.
    GET "/api/v1/figures" -> figures::api::figures, FIGURES;
    /// How evenly each month’s work was spread over what people wish for, the newest of twelve first; they come whole.
    GET "/api/v1/figures/fairness" -> figures::fairness::list, FAIRNESS;
    GET "/api" => openapi::pages::index, PUBLIC;
    GET "/api/{tag}" => openapi::pages::tag, PUBLIC;
    GET "/api/openapi.json" => openapi::document, PUBLIC;
}
