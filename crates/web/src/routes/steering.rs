//! What a team steers by: targets, the forecast, how likely deals are.

use super::{COMPANIES, MEETING, RAISE, STEER, routes};
use crate::{advice, analyses, forecast, roadmap, targets};

routes! {
    GET "/targets" => targets::pages::index, MEETING;
    POST "/targets/plans" => targets::pages::open, STEER;
    GET "/targets/plans/{id}" => targets::version::show, MEETING;
    POST "/targets/plans/{id}" => targets::version::set, STEER;
    POST "/targets/plans/{id}/close" => targets::version::close, STEER;
    POST "/targets/{id}/remove" => targets::version::remove, STEER;
    /// How far a fiscal year’s targets are that hold: what is reached, missing and needed, the pace on business days, and
    /// what the parts of each come to.
    GET "/api/v1/targets" -> targets::api::standing, MEETING;
    /// Takes a target out of an open version.
    DELETE "/api/v1/targets/{id}" -> targets::api::remove, STEER;
    /// Every version of every year’s targets, the newest first; they come whole.
    GET "/api/v1/target-plans" -> targets::api::plans, MEETING;
    /// Opens a year’s next version: a copy of the one before, to be changed.
    POST "/api/v1/target-plans" -> targets::api::open, STEER;
    /// One version with its targets, and what differs from the version before.
    GET "/api/v1/target-plans/{id}" -> targets::api::plan, MEETING;
    /// Sets a target of an open version, or sets it anew. A person’s above the team’s has to be meant so
    /// (`above-team`, `below-person`).
    POST "/api/v1/target-plans/{id}/targets" -> targets::api::set, STEER;
    /// Closes a version: it holds from now on, and none of its targets changes any more.
    POST "/api/v1/target-plans/{id}/close" -> targets::api::close, STEER;
    GET "/roadmap" => roadmap::pages::index, MEETING;
    GET "/roadmap/milestones/new" => roadmap::forms::new, STEER;
    POST "/roadmap/milestones" => roadmap::forms::create, STEER;
    GET "/roadmap/milestones/{id}" => roadmap::show::show, MEETING;
    GET "/roadmap/milestones/{id}/edit" => roadmap::forms::edit, MEETING;
    POST "/roadmap/milestones/{id}" => roadmap::forms::update, MEETING;
    POST "/roadmap/milestones/{id}/finish" => roadmap::show::finish, MEETING;
    POST "/roadmap/milestones/{id}/abandon" => roadmap::show::abandon, STEER;
    POST "/roadmap/milestones/{id}/reopen" => roadmap::show::reopen, STEER;
    /// A fiscal year’s milestones by their day, each with how often it was moved and, where it is bound to a metric, what it
    /// comes to; they come whole.
    GET "/api/v1/milestones" -> roadmap::api::index, MEETING;
    /// Enters a milestone.
    POST "/api/v1/milestones" -> roadmap::api::create, STEER;
    /// One milestone.
    GET "/api/v1/milestones/{id}" -> roadmap::api::show, MEETING;
    /// One milestone as it stands: every time it was moved with the reason, what it comes to, whether it is late.
    GET "/api/v1/milestones/{id}/standing" -> roadmap::api::standing, MEETING;
    /// Its owner, or whoever steers, corrects a milestone that is to be reached; every field is written. Another day needs a
    /// `reason`.
    PUT "/api/v1/milestones/{id}" -> roadmap::api::update, MEETING;
    /// Its owner, or whoever steers, says that it is reached: today, or on the day of its year that `done_on` names.
    POST "/api/v1/milestones/{id}/finish" -> roadmap::api::finish, MEETING;
    /// Nobody wants it any more.
    POST "/api/v1/milestones/{id}/abandon" -> roadmap::api::abandon, STEER;
    /// It is planned again.
    POST "/api/v1/milestones/{id}/reopen" -> roadmap::api::reopen, STEER;
    GET "/forecast" => forecast::pages::index, MEETING;
    POST "/forecast/adjustments" => forecast::pages::adjust, STEER;
    GET "/advice" => advice::pages::index, MEETING;
    GET "/advice/new" => advice::pages::new, RAISE;
    POST "/advice" => advice::pages::create, RAISE;
    GET "/advice/{id}" => advice::show::show, MEETING;
    GET "/advice/{id}/edit" => advice::pages::edit, RAISE;
    POST "/advice/{id}" => advice::pages::update, RAISE;
    GET "/advice/{id}/hold" => advice::show::back, RAISE;
    POST "/advice/{id}/hold" => advice::show::hold, RAISE;
    GET "/advice/{id}/report" => advice::show::back, RAISE;
    POST "/advice/{id}/report" => advice::show::report, RAISE;
    POST "/advice/{id}/answer" => advice::show::answer, RAISE;
    POST "/advice/{id}/cancel" => advice::show::cancel, RAISE;
    GET "/advice/{id}/findings" => advice::show::back, RAISE;
    POST "/advice/{id}/findings" => advice::show::raise, RAISE;
    /// Sessions of advisers, the latest day first.
    GET "/api/v1/advice-sessions" -> advice::api::index, MEETING;
    /// Plans a session.
    POST "/api/v1/advice-sessions" -> advice::api::plan, RAISE;
    /// One session.
    GET "/api/v1/advice-sessions/{id}" -> advice::api::show, MEETING;
    /// Corrects a session that is to be held; every field is written.
    PUT "/api/v1/advice-sessions/{id}" -> advice::api::change, RAISE;
    /// It was held: its report is due within a week, and the next fiscal year’s questionnaire asks about it.
    POST "/api/v1/advice-sessions/{id}/hold" -> advice::api::hold, RAISE;
    /// Its report was sent today.
    POST "/api/v1/advice-sessions/{id}/report" -> advice::api::report, RAISE;
    /// The next fiscal year’s questionnaire was answered today.
    POST "/api/v1/advice-sessions/{id}/answer" -> advice::api::answer, RAISE;
    /// It is not held.
    POST "/api/v1/advice-sessions/{id}/cancel" -> advice::api::cancel, RAISE;
    GET "/analyses" => analyses::pages::show, MEETING;
    /// How selling went in a part of a fiscal year: the funnel, shares won, reasons of losing, top clients, own and partners’
    /// share. Shares and averages of fewer than ten are null.
    GET "/api/v1/analyses" -> analyses::api::show, MEETING;
    GET "/deals/{id}/chance" => forecast::chance::show, MEETING;
    /// What is expected of a part of a fiscal year: won, weighted, committed, in the best case, and what people think.
    GET "/api/v1/forecast" -> forecast::api::show, MEETING;
    /// What has changed in the weighted forecast since a week’s snapshot, deal by deal; it adds up to the yen.
    GET "/api/v1/forecast/changes" -> forecast::api::changes, MEETING;
    /// The weeks in which the deals were frozen, the newest first: the last year’s.
    GET "/api/v1/forecast/snapshots" -> forecast::api::snapshots, MEETING;
    /// The deals of a snapshot as they stood when it was taken, by their ids.
    GET "/api/v1/forecast/snapshots/{id}/deals" -> forecast::api::snapshot_deals, MEETING;
    /// What owners and managers said of a forecast, the newest first; nothing of it is ever written over.
    GET "/api/v1/forecast/adjustments" -> forecast::api::adjustments, MEETING;
    /// Says that a forecast will be more or less than reckoned: one’s own, or as an officer or administrator another’s.
    POST "/api/v1/forecast/adjustments" -> forecast::api::adjust, STEER;
    /// How likely a deal is won by how often deals like it were, with the counts; null where too few were decided.
    GET "/api/v1/deals/{id}/chance" -> forecast::api::chance, COMPANIES;
}
