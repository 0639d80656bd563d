//! A salesperson's day: what is due, todos, the calendar outside; the team's meetings and the team itself.

use super::{MEETING, RAISE, SELLING, routes};
use crate::access::Access;
use crate::{calendar, meetings, my_day, team, todos};

routes! {
    GET "/my-day" => my_day::pages::show, SELLING;
    POST "/my-day/deals/{id}" => my_day::actions::deal, SELLING;
    POST "/my-day/leads/{id}" => my_day::actions::lead, SELLING;
    POST "/my-day/todos/{id}" => my_day::actions::todo, SELLING;
    /// What the caller has to do by today: next actions of their deals and leads and their todos, the longest overdue first.
    GET "/api/v1/my-day" -> my_day::api::index, SELLING;
    /// How much of that there is, all counted, and how many leads wait for anybody’s first answer.
    GET "/api/v1/my-day/counts" -> my_day::api::counts, SELLING;
    GET "/todos" => todos::pages::index, SELLING;
    GET "/todos/new" => todos::forms::new, SELLING;
    POST "/todos" => todos::forms::create, SELLING;
    GET "/todos/{id}" => todos::pages::show, SELLING;
    GET "/todos/{id}/edit" => todos::forms::edit, SELLING;
    POST "/todos/{id}" => todos::forms::update, SELLING;
    POST "/todos/{id}/finish" => todos::pages::finish, SELLING;
    POST "/todos/{id}/reopen" => todos::pages::reopen, SELLING;
    /// The caller’s todos by their day, or those they asked of anybody.
    GET "/api/v1/todos" -> todos::api::index, SELLING;
    /// Writes a todo down; a colleague named in `person_id` is mailed.
    POST "/api/v1/todos" -> todos::api::create, SELLING;
    /// One todo.
    GET "/api/v1/todos/{id}" -> todos::api::show, SELLING;
    /// Corrects a todo; every field is written.
    PUT "/api/v1/todos/{id}" -> todos::api::update, SELLING;
    /// It is done.
    POST "/api/v1/todos/{id}/finish" -> todos::api::finish, SELLING;
    /// It is done on a later day.
    POST "/api/v1/todos/{id}/postpone" -> todos::api::postpone, SELLING;
    /// It was not done after all.
    POST "/api/v1/todos/{id}/reopen" -> todos::api::reopen, SELLING;
    GET "/me/calendar" => calendar::pages::show, SELLING;
    POST "/me/calendar" => calendar::pages::renew, SELLING;
    POST "/me/calendar/end" => calendar::pages::end, SELLING;
    GET "/calendar/{secret}/yui.ics" => calendar::feed::show, Access::Link;
    /// Whether the caller’s calendar has an address, and when it was last read.
    GET "/api/v1/me/calendar" -> calendar::api::show, SELLING;
    /// Ends the address of the caller’s calendar.
    POST "/api/v1/me/calendar/end" -> calendar::api::end, SELLING;
    GET "/meetings" => meetings::pages::index, MEETING;
    GET "/meetings/new" => meetings::forms::new, SELLING;
    POST "/meetings" => meetings::forms::create, SELLING;
    GET "/meetings/{id}" => meetings::pages::show, MEETING;
    POST "/meetings/{id}" => meetings::pages::update, SELLING;
    POST "/meetings/{id}/decisions" => meetings::pages::decide, SELLING;
    GET "/findings" => meetings::findings::index, MEETING;
    POST "/findings" => meetings::findings::raise, RAISE;
    GET "/findings/{id}" => meetings::finding::show, MEETING;
    POST "/findings/{id}" => meetings::finding::update, RAISE;
    POST "/findings/{id}/decide" => meetings::finding::decide, RAISE;
    POST "/findings/{id}/reopen" => meetings::finding::reopen, RAISE;
    POST "/findings/{id}/settle" => meetings::findings::settle, RAISE;
    /// Sales meetings, the latest day first; a closed one with what it looked at.
    GET "/api/v1/meetings" -> meetings::api::index, MEETING;
    /// Calls a meeting.
    POST "/api/v1/meetings" -> meetings::api::create, SELLING;
    /// One meeting.
    GET "/api/v1/meetings/{id}" -> meetings::api::show, MEETING;
    /// Corrects an open meeting’s day and people, and writes its minutes; every field is written.
    PUT "/api/v1/meetings/{id}" -> meetings::api::update, SELLING;
    /// What a meeting looks at: as things stand now, or as they stood when it was closed.
    GET "/api/v1/meetings/{id}/agenda" -> meetings::api::agenda, MEETING;
    /// What a meeting decided, each todo and finding as it stands now; they come whole.
    GET "/api/v1/meetings/{id}/decisions" -> meetings::api::decisions, MEETING;
    /// Writes a decision down: a todo with its person and day, or a finding.
    POST "/api/v1/meetings/{id}/decisions" -> meetings::api::decide, SELLING;
    /// Closes a meeting: what it looked at is kept as it stands now, and nothing of it changes any more.
    POST "/api/v1/meetings/{id}/close" -> meetings::api::close, SELLING;
    /// What the team found wanting, the newest first.
    GET "/api/v1/findings" -> meetings::api::findings, MEETING;
    /// Writes a finding down.
    POST "/api/v1/findings" -> meetings::api::raise, RAISE;
    /// One finding.
    GET "/api/v1/findings/{id}" -> meetings::api::finding, MEETING;
    /// Corrects a finding that is not settled; every field is written.
    PUT "/api/v1/findings/{id}" -> meetings::api::correct, RAISE;
    /// It is decided what is done about it; a later decision takes its place.
    POST "/api/v1/findings/{id}/decide" -> meetings::api::decide_on, RAISE;
    /// It is a finding again: what was decided did not help, or it was not settled after all.
    POST "/api/v1/findings/{id}/reopen" -> meetings::api::reopen, RAISE;
    /// It is wanting no more.
    POST "/api/v1/findings/{id}/settle" -> meetings::api::settle, RAISE;
    GET "/team" => team::pages::show, MEETING;
    POST "/team/policy" => team::pages::declare, SELLING;
    GET "/team/people/{id}" => team::pages::edit, SELLING;
    POST "/team/people/{id}" => team::pages::place, SELLING;
    /// The sales team: its policy, who covers what, and the hours it has.
    GET "/api/v1/team" -> team::api::show, MEETING;
    /// Every version of the sales policy, the newest first; they come whole.
    GET "/api/v1/team/policies" -> team::api::policies, MEETING;
    /// Writes the policy’s next version. `If-Match` names the one it is written over, `"0"` where there is none.
    POST "/api/v1/team/policies" -> team::api::declare, SELLING;
    /// Says what somebody covers and the hours they have. `If-Match` names the version that was read, `"0"` where nothing
    /// was said before.
    PUT "/api/v1/team/people/{id}" -> team::api::place, SELLING;
}
