//! Trainings as whoever leads them sees them: the list, the form, one course with its seats, trials, and JSON.

pub(crate) mod api;
pub(crate) mod forms;
pub(crate) mod index;
pub(crate) mod seats;
pub(crate) mod show;
pub(crate) mod trials;

use chrono::{DateTime, Utc};
use kernel::JST;
use workforce::courses::{Course, CourseDay, CourseWay};

use crate::call::Call;
use crate::format;
use crate::orders::parts;

/// `会場（芦田宿2階）`
pub(crate) fn place(call: &Call, way: CourseWay, place: &str) -> String {
    let way = call.text(&parts::text_key("course-way", way.as_str()));
    if place.is_empty() {
        return way;
    }
    parts::say(call, "course-place-value", &[("way", way), ("place", place.to_owned())])
}

/// `2026年12月10日(木) 10:00〜12:00`; a day of a training ends on the day it begins.
pub(crate) fn day(call: &Call, day: &CourseDay) -> String {
    let (from, until) = (day.starts_at.with_timezone(&JST), day.ends_at.with_timezone(&JST));
    let hours = format::hours(call.language, from.time(), until.time());
    format!("{} {hours}", format::full_date(call.language, from.date_naive()))
}

/// Of a course that is over how many took part, of any other how many seats are left.
pub(crate) fn seats_or_people(call: &Call, course: &Course, now: DateTime<Utc>, took_part: i64) -> String {
    match index::stands(course, now) {
        "over" if took_part == 0 => call.text("course-took-part-unknown"),
        "over" => parts::say_count(call, "course-took-part", took_part),
        _ => seats_left(call, course),
    }
}

/// `残り3席（8席のうち）`
pub(crate) fn seats_left(call: &Call, course: &Course) -> String {
    let counts =
        [("free", format::count(course.free().into())), ("seats", format::count(course.seats.into()))];
    parts::say(call, if course.free() > 0 { "course-seats-left" } else { "course-full" }, &counts)
}
