//! What a calendar's secret address answers: next actions, todos and their days, by title and company and no more.

use std::rc::Rc;

use accounts::organizations;
use accounts::persons;
use accounts::secrets::OrgSecret;
use accounts::throttle::Throttled;
use actix_web::HttpResponse;
use actix_web::http::header;
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use chrono::{Days, NaiveDate, NaiveTime, TimeZone, Utc};
use db::Tx;
use kernel::{Actor, Code, DealId, JST, Language, LeadId, OrganizationId, Scope, date_in_japan};
use sales::day::{self, Due, DueKind, Entry};
use sales::feeds::{self, FeedError};
use sales::meetings::{self, Meeting};
use sales::todos::TodoId;
use sha2::{Digest, Sha256};

use super::ics::{self, Event, When};
use crate::call::Call;
use crate::failure::Failure;
use crate::paths;
use crate::phrases;

/// How far back and how far ahead a calendar looks.
const BACK: Days = Days::new(30);
const AHEAD: Days = Days::new(366);
/// How many things of one kind a calendar holds at most.
const MOST: i64 = 1_000;

struct Facts {
    town: String,
    language: Language,
    entries: Vec<Entry>,
    meetings: Vec<Meeting>,
}

fn facts(tx: &mut Tx<'_>, secret: &OrgSecret) -> Result<Facts, FeedError> {
    let person = feeds::open(tx, secret)?;
    let today = date_in_japan(tx.now());
    let from = today.checked_sub_days(BACK).unwrap_or(today);
    let until = today.checked_add_days(AHEAD).unwrap_or(today);
    Ok(Facts {
        town: organizations::find(tx)?.name,
        language: persons::find(tx, person)?.preferences.language,
        entries: day::between(tx, person, (from, until), MOST)?,
        meetings: meetings::of_person(tx, person, (from, until), MOST)?,
    })
}

/// `GET /calendar/{secret}/yui.ics`
pub(crate) async fn show(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let secret = OrgSecret::parse(call.segment("secret")?).ok_or_else(|| Failure::of(Code::LinkGone))?;
    let town = secret.organization();
    let scope = Scope { organization: town, actor: Actor::Outside, request: call.request_id };
    let facts = call.app.db.run(scope, move |tx| facts(tx, &secret)).await.map_err(refused)?;
    let mut events: Vec<Event> = facts.entries.iter().map(|entry| event(&call, town, entry)).collect();
    let title = call.app.texts.plain(facts.language, "meeting-word");
    events.extend(facts.meetings.iter().map(|one| meeting(&call, town, &title, one)));
    let name = phrases::said_in(&call, facts.language, "calendar-name", [("town", &facts.town)]);
    Ok(answer(&call, ics::write(&name, &events)))
}

/// A reader who asks without pause is told for how long to wait.
fn refused(error: FeedError) -> Failure {
    let wait = match &error {
        FeedError::Throttled(Throttled::TooManyTries { retry_after }) => Some(retry_after.as_secs()),
        _ => None,
    };
    let mut failure = Failure::from(error);
    failure.retry_after = wait;
    failure
}

/// The calendar, or that it is what its reader has already.
fn answer(call: &Call, text: String) -> HttpResponse {
    let tag = format!("\"{}\"", BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(&text)));
    let known = call.request.headers().get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let is_known =
        known.is_some_and(|known| known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag));
    let mut response = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response
        .insert_header((header::ETAG, tag))
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"));
    if is_known {
        return response.finish();
    }
    response
        .content_type("text/calendar; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, "inline; filename=\"yui.ics\""))
        .body(text)
}

fn event(call: &Call, town: OrganizationId, entry: &Entry) -> Event {
    let due = &entry.due;
    let base = call.app.settings.base_url.as_str();
    let path = match due.kind {
        DueKind::Deal => paths::deal(DealId(due.id)),
        DueKind::Lead => paths::lead(LeadId(due.id)),
        DueKind::Todo => paths::todo(TodoId(due.id)),
    };
    Event {
        uid: format!("{}-{}.{town}@{}", due.kind, due.id, host(base)),
        stamp: entry.changed_at,
        sequence: due.version,
        when: when(due.due_on, due.due_time),
        summary: summary(due, entry.is_done),
        url: format!("{base}{path}"),
    }
}

fn meeting(call: &Call, town: OrganizationId, title: &str, meeting: &Meeting) -> Event {
    let base = call.app.settings.base_url.as_str();
    Event {
        uid: format!("meeting-{}.{town}@{}", meeting.id, host(base)),
        stamp: meeting.changed_at,
        sequence: meeting.version,
        when: when(meeting.held_on, meeting.begins_at),
        summary: title.to_owned(),
        url: format!("{base}/meetings/{}", meeting.id),
    }
}

/// The name of this installation, which makes its events' ids differ from all others'.
fn host(base_url: &str) -> &str {
    let rest = base_url.split_once("://").map_or(base_url, |(_, rest)| rest);
    rest.split(['/', ':']).next().unwrap_or(rest)
}

fn when(day: NaiveDate, time: Option<NaiveTime>) -> When {
    let at = time.and_then(|time| JST.from_local_datetime(&day.and_time(time)).single());
    at.map_or(When::Day(day), |at| When::At(at.with_timezone(&Utc)))
}

/// `✓ 電話する（米子建設・名刺）`
fn summary(due: &Due, is_done: bool) -> String {
    let about: Vec<&str> =
        [due.company.as_str(), &due.title].into_iter().filter(|part| !part.is_empty()).collect();
    let mark = if is_done { "✓ " } else { "" };
    if about.is_empty() {
        format!("{mark}{}", due.action)
    } else {
        format!("{mark}{} ({})", due.action, about.join(" / "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_installation_is_named_by_its_host() {
        assert_eq!(host("https://yui.example.jp"), "yui.example.jp");
        assert_eq!(host("http://127.0.0.1:8080/x"), "127.0.0.1");
    }

    #[test]
    fn a_time_in_japan_is_a_moment_and_a_day_stays_a_day() {
        let day: NaiveDate = "2026-12-01".parse().unwrap();
        assert_eq!(when(day, None), When::Day(day));
        let at = NaiveTime::from_hms_opt(8, 30, 0);
        assert_eq!(when(day, at), When::At("2026-11-30T23:30:00Z".parse().unwrap()));
    }
}
